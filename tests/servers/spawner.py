# SPDX-License-Identifier: Apache-2.0
"""Hands its UDP socket to a Python child, which serves it: spawner.py --how HOW --port N.

stdin: subprocess.run(stdin=sock); pass: pass_fds; fork: pass_fds with a preexec_fn, so that CPython
forks; spawn: multiprocessing.Process with the start method "spawn".
"""
import argparse
import multiprocessing
import os
import socket
import subprocess
import sys


def echo(sock):
    print(f"NOTE child family={sock.family.name}", flush=True)
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--how")
    parser.add_argument("--port", type=int)
    parser.add_argument("--fd", type=int)
    args = parser.parse_args()
    if args.fd is not None:
        return echo(socket.socket(fileno=args.fd))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", args.port))
    print(f"READY port={args.port} pid={os.getpid()}", flush=True)
    command = [sys.executable, __file__, "--fd"]
    if args.how == "stdin":
        subprocess.run([*command, "0"], stdin=sock, check=True)
    elif args.how == "spawn":
        child = multiprocessing.get_context("spawn").Process(target=echo, args=(sock,))
        child.start()
        child.join()
    else:
        more = {"preexec_fn": os.getpid} if args.how == "fork" else {}
        subprocess.run([*command, str(sock.fileno())], pass_fds=[sock.fileno()], check=True, **more)


if __name__ == "__main__":
    main()
