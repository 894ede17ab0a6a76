# SPDX-License-Identifier: Apache-2.0
"""A program that knows no DTLS: sends each line of its input, prints each message that comes."""

import selectors
import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect(("127.0.0.1", int(sys.argv[1])))
wait = selectors.DefaultSelector()
wait.register(sock, selectors.EVENT_READ)
wait.register(sys.stdin, selectors.EVENT_READ)
while True:
    for key, _ in wait.select():
        if key.fileobj is sock:
            print(sock.recv(65536).decode(), flush=True)
            continue
        line = sys.stdin.readline()
        if not line:
            sys.exit()
        sock.send(line.rstrip("\n").encode())
