#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A plain UDP client that knows nothing of DTLS: makes the socket calls it reads from its standard
input, one Python expression or assignment a line, and prints "= value" or "! ERRNO" for each.

`udp()` and `udp6()` make sockets; receives give up after 10 seconds.
"""
import asyncio  # noqa: F401 - for the lines
import errno
import os  # noqa: F401
import select  # noqa: F401
import socket
import sys
import time  # noqa: F401


def udp(family=socket.AF_INET):
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.settimeout(10)
    return sock


def udp6():
    return udp(socket.AF_INET6)


print("READY", flush=True)
for line in sys.stdin:
    try:
        try:
            value = eval(line)
        except SyntaxError:
            value = exec(line)
        print("=", repr(value), flush=True)
    except socket.timeout:
        print("! TIMEOUT", flush=True)
    except OSError as error:
        print("!", errno.errorcode.get(error.errno, error), flush=True)
