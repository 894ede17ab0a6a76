# SPDX-License-Identifier: Apache-2.0
"""A CoAP server in plain UDP: each request's payload comes back in a piggybacked 2.04."""

import os
import socket
import sys

CONFIRMABLE, ACKNOWLEDGEMENT, CHANGED = 0, 2, 0x44


def payload(message):
    """What is behind the options; b"" if there is nothing."""
    at = 4 + (message[0] & 15)
    while at < len(message) and message[at] != 0xFF:
        size = 0
        for nibble in (message[at] >> 4, message[at] & 15):
            size += {13: 1, 14: 2}.get(nibble, 0)
        length = message[at] & 15
        extra = {13: 1, 14: 2}.get(length, 0)
        if extra:
            before = at + 1 + size - extra
            length = int.from_bytes(message[before:before + extra], "big") + (13, 269)[extra - 1]
        at += 1 + size + length
    return message[at + 1:]


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1])))
print(f"READY port={sys.argv[1]} pid={os.getpid()}", flush=True)
while True:
    request, peer = sock.recvfrom(65536)
    if request[1] == 0:             # a ping
        sock.sendto(bytes([0x70, 0]) + request[2:4], peer)
        continue
    token = request[4:4 + (request[0] & 15)]
    kind = ACKNOWLEDGEMENT if request[0] >> 4 & 3 == CONFIRMABLE else 1
    body = payload(request)
    sock.sendto(bytes([0x40 | kind << 4 | len(token), CHANGED]) + request[2:4] + token
                + (b"\xff" + body if body else b""), peer)
