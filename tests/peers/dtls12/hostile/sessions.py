# SPDX-License-Identifier: Apache-2.0
"""B-63 .. B-78: records and alerts aimed at established sessions, many of them authentic."""

import os
import struct

from .. import messages as m
from .. import record as rec
from .case import (CID, CLOSES, EVERY, HELD, PLAIN, SESSION, SPOILS, add, case, plain, stranger,
                   valid)


def tampered(record):
    return record[:-1] + bytes([record[-1] ^ 1])


def junk(client, length, cid=None, epoch=1):
    """A type 25 record with the CID and random bytes for ciphertext."""
    cid = client.server_cid if cid is None else cid
    return rec.head(rec.CID, epoch, client.take_seq(1), cid, length) + os.urandom(length)


@case("B-63", "CID cut out, type 23", states=(CID,))
def _stripped(client):
    record, size = valid(client), len(client.server_cid)
    return [b"\x17" + record[1:11] + record[11 + size:]]


@case("B-63", "sealed without the CID", states=(CID,))
def _sealed_without(client):
    return [valid(client, cid=b"")]


add("B-64", "type 25, 8 bytes of CID", lambda c: [valid(c, cid=b"12345678")], states=(PLAIN,))
add("B-64", "type 25, empty CID", lambda c: [valid(c, outer=rec.CID)], states=(PLAIN,))

for _length in (0, 5, 15, 16, 17, 40):
    add("B-65", f"ciphertext of {_length} bytes", lambda c, n=_length: [junk(c, n)], states=(CID,))
    add("B-65", f"ciphertext of {_length} bytes, type 23", states=(PLAIN,),
        make=lambda c, n=_length: [plain(c, rec.APPLICATION, os.urandom(n), epoch=1)])

add("B-66", "one bit off", states=(CID,),
    make=lambda c: [valid(c, cid=bytes([c.server_cid[0] ^ 1]) + c.server_cid[1:])])
add("B-66", "prefix", lambda c: [valid(c, cid=c.server_cid[:-1])], states=(CID,))
add("B-66", "longer", lambda c: [valid(c, cid=c.server_cid + b"\0")], states=(CID,))
add("B-66", "1000 guesses", states=(CID,),
    make=lambda c: [junk(c, 40, os.urandom(len(c.server_cid))) for _ in range(1000)])
add("B-67", "epoch 0, junk", lambda c: [junk(c, 40, epoch=0)], states=(CID,))
add("B-67", "epoch 0, sealed", states=(CID,), make=lambda c: [c.write_keys.seal(
    rec.APPLICATION, HELD, 0, c.take_seq(1), c.server_cid)])


@case("B-68", "explicit nonce is not the number", states=SESSION, delivers=(HELD,))
def _other_nonce(client):
    """RFC 5288, 3 allows it; the replay check must go by the header."""
    explicit = rec.number(1, (1 << 47) + client.take_seq(1))
    return [valid(client, explicit=explicit)] * 2


@case("B-69", "duplicate", states=SESSION, delivers=(HELD,))
def _duplicate(client):
    return [valid(client)] * 3


def _late(client, distance):
    """An unseen record `distance` numbers behind the newest, sent twice."""
    late = valid(client)
    client.next_seq[1] += distance - 1
    return [valid(client), late, late]


for _distance in (1, 63, 64, 65, 1000, 10**6):
    add("B-69", f"late by {_distance}", lambda c, d=_distance: _late(c, d), states=SESSION,
        delivers=(HELD, HELD) if _distance < 65 else (HELD,))


@case("B-70", "last number, not authentic", states=SESSION)
def _jump_bad(client):
    return [tampered(valid(client, seq=rec.MAX_SEQ))]


@case("B-70", "last number, authentic", states=SESSION, harm=CLOSES, delivers=(HELD,))
def _jump_good(client):
    return [valid(client, seq=rec.MAX_SEQ), valid(client)]


add("B-71", "only zeros inside", lambda c: [c.seal(0, b"", inner=bytes(20))], states=(CID,),
    harm=CLOSES)
add("B-71", "nothing inside", lambda c: [c.seal(0, b"", inner=b"")], states=(CID,), harm=CLOSES)
for _type in (0, 20, 22, 24, 25, 27, 255):
    add("B-71", f"inner type {_type}", lambda c, t=_type: [c.seal(t, b"inner", outer=rec.CID)],
        states=(CID,), harm=CLOSES)
    if _type != 25:
        add("B-71", f"type {_type}, authentic", lambda c, t=_type: [c.seal(t, b"inner")],
            states=(PLAIN,), harm=CLOSES)
add("B-71", "16 kB of padding", lambda c: [c.seal(23, HELD, padding=16384 - len(HELD))],
    states=(CID,), delivers=(HELD,))
add("B-71", "padding beyond 2^14", lambda c: [c.seal(23, HELD, padding=20000)], states=(CID,),
    harm=CLOSES, delivers=(HELD,))
add("B-71", "content of 2^14 + 1", lambda c: [c.seal(23, b"x" * 16385)], states=SESSION,
    harm=CLOSES)
add("B-71", "five empty application records", lambda c: [c.seal(23, b"") for _ in range(5)],
    states=SESSION, delivers=(b"",) * 5)


@case("B-72", "CID of a closed session", states=(CID,), needs_other=True)
def _closed(client, other):
    """The other one closes and connects anew; what it sealed before comes from this address."""
    record = valid(other)
    other.alert(1, 0)
    other.restart().handshake()
    return [record]


@case("B-73", "another session's record from this address", states=(CID,), needs_other=True)
def _others_record(client, other):
    return [valid(other, b"from your address")]


@case("B-73", "another session's record, this session's CID", states=(CID,), needs_other=True)
def _mixed(client, other):
    return [other.seal(23, HELD, cid=client.server_cid)]


@case("B-74", "older record from a new address", states=(CID,), delivers=(HELD, HELD))
def _older(client):
    late = valid(client)
    return [valid(client), (late, stranger(client))]


@case("B-74", "newest record again, from a new address", states=(CID,), delivers=(HELD,))
def _newest(client):
    record = valid(client)
    return [record, (record, stranger(client))]


@case("B-74", "not authentic, from a new address", states=(CID,))
def _forged(client):
    return [(tampered(valid(client)), stranger(client))]


@case("B-74", "session without CID, from a new address", states=(PLAIN,))
def _moved(client):
    return [(valid(client), stranger(client))]


add("B-75", "plaintext fatal alert", harm=SPOILS,
    make=lambda c: [plain(c, rec.ALERT, bytes([2, d])) for d in (20, 40, 80)])
add("B-75", "plaintext close_notify", lambda c: [plain(c, rec.ALERT, b"\1\0")], harm=SPOILS)
add("B-75", "plaintext fatal alert in epoch 1", states=EVERY,
    make=lambda c: [plain(c, rec.ALERT, b"\2\x28", epoch=1, seq=c.take_seq(1))])

for _body in (b"", b"\2", b"\2\x28\0"):
    add("B-76", f"alert of {len(_body)} bytes", lambda c, b=_body: [c.seal(rec.ALERT, b)],
        states=SESSION, harm=CLOSES)
add("B-76", "warning 100", lambda c: [c.seal(rec.ALERT, b"\1\x64")], states=SESSION)
add("B-76", "unknown levels", lambda c: [c.seal(rec.ALERT, bytes([x, 100])) for x in (0, 3, 255)],
    states=SESSION, harm=CLOSES)
add("B-76", "1000 warnings", lambda c: [c.seal(rec.ALERT, b"\1\x64") for _ in range(1000)],
    states=SESSION, harm=CLOSES)
add("B-76", "fatal alert", lambda c: [c.seal(rec.ALERT, b"\2\x50")], states=SESSION, harm=CLOSES)

add("B-77", "close_notify, then data", lambda c: [c.seal(rec.ALERT, b"\1\0"), valid(c)],
    states=SESSION, harm=CLOSES)
add("B-77", "close_notify and data in one datagram",
    lambda c: [c.seal(rec.ALERT, b"\1\0") + valid(c)], states=SESSION, harm=CLOSES)
add("B-77", "close_notify from a new address",
    lambda c: [(c.seal(rec.ALERT, b"\1\0"), stranger(c))], states=(CID,), harm=CLOSES)


def _inside(client, type_, body, seq):
    return [client.seal(rec.HANDSHAKE, m.Message(type_, seq, body).encode())]


add("B-78", "HelloRequest", lambda c: _inside(c, m.HELLO_REQUEST, b"", 0), states=SESSION,
    harm=CLOSES)
for _seq in (0, 5):
    add("B-78", f"ClientHello {_seq}", states=SESSION, harm=CLOSES,
        make=lambda c, s=_seq: _inside(c, m.CLIENT_HELLO, c.hello.encode(b""), s))
add("B-78", "ClientHello with a cookie", states=SESSION, harm=CLOSES,
    make=lambda c: _inside(c, m.CLIENT_HELLO, c.hello.encode(c.cookie or b""), c.next_msg))
add("B-78", "Finished", lambda c: _inside(c, m.FINISHED, bytes(12), c.next_msg), states=SESSION,
    harm=CLOSES)
add("B-78", "Finished again", lambda c: _inside(c, m.FINISHED, bytes(12), c.next_msg - 1),
    states=SESSION, harm=CLOSES)
add("B-78", "NewSessionTicket", states=SESSION, harm=CLOSES,
    make=lambda c: _inside(c, m.NEW_SESSION_TICKET, struct.pack(">I", 60) + m.vector(2, b"t"), 9))
add("B-78", "handshake record of nothing", lambda c: [c.seal(rec.HANDSHAKE, b"")], states=SESSION,
    harm=CLOSES)
add("B-78", "fragment of 16 MB", states=SESSION, harm=CLOSES, make=lambda c: [
    c.seal(rec.HANDSHAKE, m.header(m.CLIENT_HELLO, 0xFFFFFF, c.next_msg, 0, 4) + b"xxxx")])
