# SPDX-License-Identifier: Apache-2.0
"""ClientHello (every field open to a test), ServerHello, HelloVerifyRequest, extensions."""

import os
import struct
from dataclasses import dataclass, field

from . import suites as s
from .errors import ProtocolError
from .messages import Reader, vector
from .record import DTLS_1_2

SERVER_NAME, MAX_FRAGMENT_LENGTH, SUPPORTED_GROUPS, EC_POINT_FORMATS = 0, 1, 10, 11
SIGNATURE_ALGORITHMS, HEARTBEAT, ENCRYPT_THEN_MAC, EXTENDED_MASTER_SECRET = 13, 15, 22, 23
RECORD_SIZE_LIMIT, SESSION_TICKET, CONNECTION_ID, RRC = 28, 35, 54, 61
RENEGOTIATION_INFO = 0xFF01

SECP256R1, X25519 = 23, 29
ECDSA_SHA256, ECDSA_SHA384 = 0x0403, 0x0503
RSA_SHA256, RSA_SHA384, RSA_PSS_SHA256 = 0x0401, 0x0501, 0x0804
SIGNATURES = (ECDSA_SHA256, ECDSA_SHA384, RSA_SHA256, RSA_SHA384, RSA_PSS_SHA256)


def encode_extensions(extensions):
    """The extension block from (type, body) pairs, in order, duplicates allowed."""
    return vector(2, b"".join(struct.pack(">H", t) + vector(2, b) for t, b in extensions))


@dataclass
class ClientHello:
    """The fields of a ClientHello.  Change any before Client.hello1(); hello2() adds the cookie.

    `tail` replaces the encoded extension block (length included) when it is not None;
    `cookie_field` replaces the cookie vector (length byte included), `suites_field` and
    `session_field` likewise: that is how a hello lies about lengths.
    """
    version: int = DTLS_1_2
    random: bytes = field(default_factory=lambda: os.urandom(32))
    session_id: bytes = b""
    cookie: bytes = b""
    suites: list = field(default_factory=list)
    compressions: bytes = b"\0"
    extensions: list = field(default_factory=list)
    tail: bytes = None
    session_field: bytes = None
    cookie_field: bytes = None
    suites_field: bytes = None

    def encode(self, cookie=None):
        """The body of the message (no handshake header)."""
        cookie = self.cookie if cookie is None else cookie
        ids = b"".join(struct.pack(">H", getattr(x, "id", x)) for x in self.suites)

        def pick(field_, default):
            return default if field_ is None else field_
        return (struct.pack(">H", self.version) + self.random
                + pick(self.session_field, vector(1, self.session_id))
                + pick(self.cookie_field, vector(1, cookie))
                + pick(self.suites_field, vector(2, ids))
                + vector(1, self.compressions)
                + pick(self.tail, encode_extensions(self.extensions)))

    def set(self, type_, body):
        """Replace (or append) one extension; body None removes it."""
        kept = [(t, b) for t, b in self.extensions if t != type_]
        self.extensions = kept + ([] if body is None else [(type_, body)])


def default_extensions(suites, cid, ems, server_name=None, groups=(SECP256R1, X25519)):
    """What a well-behaved client of these suites sends; cid None leaves extension 54 out."""
    extensions = [(RENEGOTIATION_INFO, b"\0")]
    if server_name is not None:
        name = b"\0" + vector(2, server_name.encode())
        extensions.append((SERVER_NAME, vector(2, name)))
    if any(suite.kx.startswith("ECDHE") for suite in suites):
        listed = b"".join(struct.pack(">H", g) for g in groups)
        extensions += [(SUPPORTED_GROUPS, vector(2, listed)), (EC_POINT_FORMATS, b"\1\0")]
    if any(suite in s.CERT_SUITES for suite in suites):
        listed = b"".join(struct.pack(">H", x) for x in SIGNATURES)
        extensions.append((SIGNATURE_ALGORITHMS, vector(2, listed)))
    if ems:
        extensions.append((EXTENDED_MASTER_SECRET, b""))
    if cid is not None:
        extensions.append((CONNECTION_ID, vector(1, cid)))
    return extensions


@dataclass
class ServerHello:
    version: int
    random: bytes
    session_id: bytes
    suite: int
    compression: int
    extensions: dict


def parse_extensions(block):
    """{type: body}; ProtocolError on a duplicate or a bad length."""
    reader, found = Reader(block), {}
    while reader.at < len(reader.data):
        type_ = reader.number(2)
        if type_ in found:
            raise ProtocolError(f"extension {type_} twice")
        found[type_] = reader.vector(2)
    return found


def parse_server_hello(body):
    reader = Reader(body)
    version, random, session_id = reader.number(2), reader.take(32), reader.vector(1)
    suite, compression = reader.number(2), reader.number(1)
    block = reader.vector(2) if reader.at < len(reader.data) else b""
    reader.done()
    return ServerHello(version, random, session_id, suite, compression, parse_extensions(block))


def parse_client_hello(body):
    """(cookie, {extension: body}): what an observer such as the forwarder needs."""
    reader = Reader(body)
    reader.take(34)
    reader.vector(1)
    cookie = reader.vector(1)
    reader.vector(2)
    reader.vector(1)
    block = reader.vector(2) if reader.at < len(reader.data) else b""
    return cookie, parse_extensions(block)


def parse_hello_verify_request(body):
    """(version, cookie)."""
    reader = Reader(body)
    version, cookie = reader.number(2), reader.vector(1)
    reader.done()
    return version, cookie


def parse_cid(body):
    """The CID in an extension body (RFC 9146, 3)."""
    reader = Reader(body)
    cid = reader.vector(1)
    reader.done()
    return cid
