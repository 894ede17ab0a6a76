#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A plain UDP echo server on 127.0.0.1 that knows nothing of DTLS.  Usage: echo.py [--port] PORT"""
import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[-1])))
while True:
    data, addr = sock.recvfrom(65535)
    sock.sendto(data, addr)
