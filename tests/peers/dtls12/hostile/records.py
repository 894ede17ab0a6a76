# SPDX-License-Identifier: Apache-2.0
"""B-01 .. B-20: record headers and datagrams."""

import struct

from .. import record as rec
from .case import (CID, EVERY, FRESH, HELD, SESSION, SPOILS, add, case, hello_record, plain,
                   protected, valid)


def target(client):
    """A record that would be welcome in the client's state, as bytes."""
    if protected(client):
        return valid(client)
    return hello_record(client, client.hello.encode(client.cookie or b""))


add("B-01", "empty", b"")
add("B-02", "one byte", b"\x16")
add("B-03", "12 bytes", b"\x16\xfe\xfd" + bytes(9))

for _type in range(20, 26):
    add("B-04", f"type {_type} length 0", lambda c, t=_type: [plain(c, t, b"")], harm=SPOILS)

add("B-05", "length 65535, 40 present",
    lambda c: [plain(c, 22, bytes(27))[:11] + b"\xff\xff" + bytes(27)])


def _resize(client, delta):
    """A welcome record that announces delta bytes more than it has."""
    record = target(client)
    cid_len = len(client.server_cid) if protected(client) else 0
    at = 11 + cid_len
    length = struct.unpack_from(">H", record, at)[0] + delta
    return [record[:at] + struct.pack(">H", length) + record[at + 2:]]


add("B-06", "one byte missing", lambda c: _resize(c, 1))
add("B-07", "one byte behind", lambda c: _resize(c, -1), harm=SPOILS)

for _type in (0, 1, 19, 24, 26, 27, 63, 64, 128, 255):
    add("B-08", f"type {_type}", lambda c, t=_type: [plain(c, t, b"hello")])

add("B-09", "CoAP GET", bytes.fromhex("40011234bb2e77656c6c2d6b6e6f776e04636f7265"))
add("B-10", "STUN", bytes.fromhex("000100002112a442") + bytes(12))
add("B-10", "DNS", bytes.fromhex("123401000001000000000000036e7462026f720000010001"))
add("B-10", "QUIC", b"\xc3\0\0\0\1\x08" + bytes(1194))
add("B-10", "HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


def _version(client, version):
    if protected(client):
        return [valid(client, version=version)]
    body = client.hello.encode(client.cookie or b"")
    return [hello_record(client, body, version=version)]


for _number in (0x0303, 0x0000, 0xFEFF, 0xFEFC, 0xFFFF):
    add("B-11", f"version {_number:#06x}", lambda c, v=_number: _version(c, v), harm=SPOILS)


def _epoch(client, epoch):
    if protected(client):
        return [plain(client, 23, b"x" * 40, epoch), valid(client, epoch=epoch + 1, seq=5)]
    return [plain(client, 22, b"x" * 40, epoch), plain(client, 23, b"x" * 40, epoch)]


add("B-12", "epoch 1", lambda c: _epoch(c, 1))
add("B-12", "epoch 2", lambda c: _epoch(c, 2))
add("B-12", "epoch 65535", lambda c: [plain(c, t, b"x" * 40, 0xFFFF) for t in (22, 23, 25)])
add("B-13", "last number", lambda c: [plain(c, 22, b"x" * 40, seq=rec.MAX_SEQ)], harm=SPOILS)
add("B-14", "2000 bytes 0x16", b"\x16" * 2000)
add("B-15", "largest datagram", b"\x17\xfe\xfd" + b"\0\1" + bytes(6) + b"\xff\xff" + bytes(65494))
add("B-15", "largest datagram of nothing", b"\x19" * 65507)
add("B-16", "100 tiny plain records",
    lambda c: [b"".join(plain(c, 23, b"x") for _ in range(100))], harm=SPOILS)
add("B-16", "100 authentic records", lambda c: [b"".join(valid(c) for _ in range(100))],
    states=SESSION, delivers=(HELD,) * 100)

_GARBAGE = bytes(range(1, 60))
add("B-17", "valid, then garbage", lambda c: [target(c) + _GARBAGE], harm=SPOILS,
    delivers=(HELD,))
add("B-17", "valid, then half a record", lambda c: [target(c) + target(c)[:-3]], harm=SPOILS,
    delivers=(HELD,))
add("B-18", "garbage, then valid", lambda c: [_GARBAGE + target(c)], harm=SPOILS,
    delivers=(HELD,))


@case("B-19", "two CIDs in one datagram", states=(CID,), delivers=(HELD,), needs_other=True)
def _two_cids(client, other):
    return [valid(client) + valid(other)]


@case("B-19", "other CID first", states=(CID,), delivers=(HELD,), needs_other=True)
def _other_first(client, other):
    return [valid(other) + valid(client)]


for _first in (0x20, 0x2C, 0x2F, 0x3F):
    add("B-20", f"unified header {_first:#04x}", bytes([_first]) + bytes(range(50)),
        states=EVERY)
add("B-20", "unified header with the CID",
    lambda c: [b"\x3f" + c.server_cid + b"\0\1" + b"\0\x20" + bytes(32)], states=(CID, FRESH))
