# SPDX-License-Identifier: Apache-2.0
"""B-41 .. B-62: ClientHello, cookie, the Connection ID extension."""

import copy
import os
import struct

from .. import hello as h
from .. import record as rec
from ..messages import CLIENT_HELLO, header, vector
from .case import (COOKIE, FRESH, SESSION, SPOILS, add, case, fetch_cookie, hello_record, plain,
                   stranger)

_SUITES = vector(2, b"\xc0\xa8\x00\xa8\xcc\xab")


def variant(client, **fields):
    """The client's hello with a new random and other fields."""
    other = copy.deepcopy(client.hello)
    other.random = os.urandom(32)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def both(client, other):
    """A changed hello without a cookie; where that may matter, also with the cookie it earns."""
    shots = [hello_record(client, other.encode(b""))]
    if client.state != "start" and other.cookie_field is None:
        cookie = fetch_cookie(client, other.encode(b""))
        if cookie is not None:
            shots.append(hello_record(client, other.encode(cookie), 1))
    return shots


def hello_case(name, text, **fields):
    add(name, text, lambda c: both(c, variant(c, **fields)), harm=SPOILS)


def extension_case(name, text, extensions):
    """Extensions added to the usual ones (replacing those of the same type)."""
    def make(client):
        other = variant(client)
        replaced = {t for t, _ in extensions}
        other.extensions = [e for e in other.extensions if e[0] not in replaced] + extensions
        return both(client, other)
    add(name, text, make, harm=SPOILS)


@case("B-41", "33 bytes", harm=SPOILS)
def _looks_like(client):
    return [plain(client, rec.HANDSHAKE, header(CLIENT_HELLO, 8, 0) + bytes(8))]


@case("B-44", "fragment offset 1", harm=SPOILS)
def _offset(client):
    body = client.hello.encode(client.cookie or b"")
    head = header(CLIENT_HELLO, len(body) + 1, 0, 1, len(body))
    return [plain(client, rec.HANDSHAKE, head + body)]


hello_case("B-42", "session id length 255", session_field=b"\xff")
hello_case("B-43", "cookie length 255", cookie_field=b"\xff")
hello_case("B-43", "cookie length 254 with 32 present", cookie_field=b"\xfe" + bytes(32))
hello_case("B-45", "session id of 33 bytes", session_field=b"\x21" + bytes(33))
hello_case("B-45", "session id of 32 bytes", session_id=b"s" * 32)
hello_case("B-46", "no suites", suites_field=b"\0\0")
hello_case("B-46", "odd suites", suites_field=b"\0\3\xc0\xa8\0")
hello_case("B-46", "suites length 0xffff", suites_field=b"\xff\xff" + _SUITES[2:])
hello_case("B-46", "only NULL and CBC suites", suites_field=vector(2, b"\0\x2c\0\xb0\0\x8c\0\xae"))
hello_case("B-47", "no compression methods", compressions=b"")
hello_case("B-47", "17 compression methods", compressions=bytes(17))
hello_case("B-47", "only deflate", compressions=b"\1")


def _tail(client, delta):
    """Extensions whose total length is off by delta."""
    block = h.encode_extensions(client.hello.extensions)
    length = struct.pack(">H", len(block) - 2 + delta)
    return both(client, variant(client, tail=length + block[2:]))


add("B-48", "extensions one byte short", lambda c: _tail(c, -1), harm=SPOILS)
add("B-48", "extensions one byte long", lambda c: _tail(c, 1), harm=SPOILS)
add("B-48", "half a length", lambda c: both(c, variant(c, tail=b"\0")), harm=SPOILS)
hello_case("B-49", "extension beyond the block", tail=b"\0\x08\0\x17\0\xff\0\0\0\0")
hello_case("B-49", "extension header cut", tail=b"\0\3\0\x17\0")
hello_case("B-50", "duplicate extensions", extensions=[(23, b""), (23, b""), (54, b"\0")])
hello_case("B-50", "500 unknown extensions",
           extensions=[(23, b"")] + [(0x4000 + i, b"xx") for i in range(500)])
hello_case("B-51", "no extensions", extensions=[], tail=b"")
hello_case("B-51", "empty extensions", extensions=[])
hello_case("B-52", "random of zeros, only SCSV", random=bytes(32), suites_field=b"\0\2\0\xff")
extension_case("B-53", "SNI length 65535", [(0, b"\xff\xff\0\xff\xffx")])
extension_case("B-53", "SNI empty", [(0, b""), ])
extension_case("B-53", "SNI list empty", [(0, b"\0\0")])
extension_case("B-53", "SNI name empty", [(0, vector(2, b"\0\0\0"))])
extension_case("B-53", "SNI with NUL", [(0, vector(2, b"\0" + vector(2, b"local\0host")))])
extension_case("B-53", "SNI of 5000 bytes", [(0, vector(2, b"\0" + vector(2, b"x" * 5000)))])
extension_case("B-54", "heartbeat", [(h.HEARTBEAT, b"\1")])
extension_case("B-54", "use_srtp", [(14, b"\0\2\0\1\0")])
extension_case("B-54", "max_fragment_length 0", [(h.MAX_FRAGMENT_LENGTH, b"\0")])
extension_case("B-54", "max_fragment_length 1", [(h.MAX_FRAGMENT_LENGTH, b"\1")])
extension_case("B-54", "max_fragment_length 5", [(h.MAX_FRAGMENT_LENGTH, b"\5")])
extension_case("B-54", "record_size_limit 1", [(h.RECORD_SIZE_LIMIT, b"\0\1")])
extension_case("B-54", "ticket of 12 kB", [(h.SESSION_TICKET, os.urandom(12000))])
extension_case("B-54", "ticket of 60 kB", [(h.SESSION_TICKET, os.urandom(60000))])
for _version in (0xFEFF, 0xFEFC, 0x0304, 0x0000):
    hello_case("B-55", f"hello version {_version:#06x}", version=_version)
extension_case("B-55", "supported_versions 1.3 only", [(43, b"\2\xfe\xfc")])


@case("B-56", "last record number", harm=SPOILS)
def _last_number(client):
    other = variant(client)
    cookie = fetch_cookie(client, other.encode(b"")) if client.state != "start" else None
    return [hello_record(client, other.encode(cookie or b""), 1 if cookie else 0,
                         seq=rec.MAX_SEQ)]


for _seq in (255, 191, 65535):
    add("B-57", f"message_seq {_seq}",
        lambda c, s=_seq: [hello_record(c, c.hello.encode(c.cookie or b""), s)], harm=SPOILS)


# cookies

for _cookie in (b"", b"c", b"c" * 31, b"c" * 32, b"c" * 33, b"c" * 255):
    add("B-58", f"cookie of {len(_cookie)} bytes",
        lambda c, k=_cookie: [hello_record(c, variant(c).encode(k), 1)],
        states=(FRESH, COOKIE) + SESSION)


@case("B-59", "cookie of another address", states=(FRESH, COOKIE) + SESSION)
def _foreign_cookie(client):
    other, sock = variant(client), stranger(client)
    cookie = fetch_cookie(client, other.encode(b""), sock)
    sock.close()
    return [hello_record(client, other.encode(cookie or b"c" * 32), 1)]


def _own_cookie(client, change):
    """A cookie earned by one hello, used with another."""
    other = variant(client)
    cookie = fetch_cookie(client, other.encode(b"")) or b"c" * 32
    return [hello_record(client, change(other, cookie), 1)]


@case("B-59", "cookie with other suites", states=(FRESH, COOKIE) + SESSION)
def _other_suites(client):
    def change(other, cookie):
        other.suites_field = _SUITES
        return other.encode(cookie)
    return _own_cookie(client, change)


@case("B-59", "cookie with another random", states=(FRESH, COOKIE) + SESSION)
def _other_random(client):
    def change(other, cookie):
        other.random = os.urandom(32)
        return other.encode(cookie)
    return _own_cookie(client, change)


@case("B-59", "cookie with one bit off", states=(FRESH, COOKIE) + SESSION)
def _bit_off(client):
    return _own_cookie(client, lambda other, k: other.encode(k[:-1] + bytes([k[-1] ^ 1])))


@case("B-60", "valid cookie on a hello in pieces", states=(COOKIE,) + SESSION, harm=SPOILS)
def _pieces(client):
    other = variant(client)
    body = other.encode(fetch_cookie(client, other.encode(b"")) or b"c" * 32)
    return [plain(client, rec.HANDSHAKE,
                  header(CLIENT_HELLO, len(body), 1, at, len(body[at:at + 20]))
                  + body[at:at + 20]) for at in range(0, len(body), 20)]


@case("B-60", "only the first piece, with a valid cookie", states=(COOKIE,) + SESSION, harm=SPOILS)
def _first_piece(client):
    return _pieces(client)[:1]


@case("B-61", "1000 hellos without a cookie", states=(FRESH,) + SESSION)
def _many(client):
    body = variant(client).encode(b"")
    return [hello_record(client, body) for _ in range(1000)]


# the extension

for _text, _extensions in (
        ("empty body", [(54, b"")]), ("length beyond the body", [(54, b"\x09xx")]),
        ("body beyond the length", [(54, b"\1xx")]), ("CID of 0 bytes", [(54, b"\0")]),
        ("CID of 1 byte", [(54, b"\1x")]), ("CID of 32 bytes", [(54, vector(1, b"x" * 32))]),
        ("CID of 33 bytes", [(54, vector(1, b"x" * 33))]),
        ("CID of 255 bytes", [(54, vector(1, b"x" * 255))]),
        ("twice", [(54, b"\1x"), (54, b"\1y")]), ("rrc with CID", [(54, b"\1x"), (61, b"")])):
    extension_case("B-62", _text, _extensions)


def _without_54(extensions):
    def make(client):
        other = variant(client)
        other.set(54, None)
        other.extensions += extensions
        return both(client, other)
    return make


add("B-62", "number 53 of the drafts", _without_54([(53, b"\1x")]), harm=SPOILS)
add("B-62", "number 254 of the drafts", _without_54([(254, b"\1x")]), harm=SPOILS)
add("B-62", "rrc without CID", _without_54([(61, b"")]), harm=SPOILS)
