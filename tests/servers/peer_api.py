#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""peer_api.c in Python, through ctypes.  Usage: peer_api.py --port PORT"""
import ctypes
import os
import socket
import sys


class Peer(ctypes.Structure):
    """struct dtlsshim_peer"""
    _fields_ = [("size", ctypes.c_uint32), ("identity_len", ctypes.c_uint32),
                ("identity", ctypes.c_char * 129), ("by_cert", ctypes.c_uint8),
                ("suite", ctypes.c_uint16), ("cid_len", ctypes.c_uint8),
                ("cid", ctypes.c_uint8 * 32), ("address_len", ctypes.c_uint32),
                ("address", ctypes.c_uint64 * 16)]     # aligned


def sockaddr_in(address):
    return socket.AF_INET.to_bytes(2, sys.byteorder) + address[1].to_bytes(2, "big") + \
        socket.inet_aton(address[0]) + bytes(8)


def who(fd, address):
    try:
        ask = ctypes.CDLL(None, use_errno=True).dtlsshim_peer
    except AttributeError:
        return "no shim"
    peer, name = Peer(size=ctypes.sizeof(Peer)), sockaddr_in(address)
    if ask(fd, name, len(name), ctypes.byref(peer)):
        return f"errno {ctypes.get_errno()}"
    port = int.from_bytes(bytes(peer.address)[2:4], "big")
    return f"id={peer.identity.decode()} len={peer.identity_len} cert={peer.by_cert} " \
        f"suite={peer.suite:04x} cid={peer.cid_len} port={port}"


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[-1])))
print(f"READY port={sock.getsockname()[1]} pid={os.getpid()}", flush=True)
while True:
    data, addr = sock.recvfrom(65535)
    sock.sendto(who(sock.fileno(), addr).encode() if data == b"?who" else data, addr)
