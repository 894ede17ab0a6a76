# SPDX-License-Identifier: Apache-2.0
"""DTLS 1.2 records: header, nonce, additional data, sealing, opening.  RFC 6347, 4.1; RFC 9146."""

import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from .errors import BadRecord

CCS, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT, CID, RRC = 20, 21, 22, 23, 24, 25, 27
DTLS_1_0, DTLS_1_2 = 0xFEFF, 0xFEFD
HEADER_LEN = 13
MAX_SEQ = (1 << 48) - 1


class Record(NamedTuple):
    """One record as it stands on the wire; `fragment` is still protected in epoch >= 1."""
    type: int
    version: int
    epoch: int
    seq: int
    cid: bytes
    fragment: bytes
    raw: bytes


class Opened(NamedTuple):
    """A record that authenticated.  `type` is the inner type, `padding` the zeros behind it."""
    type: int
    plaintext: bytes
    epoch: int
    seq: int
    padding: int
    nonce: bytes


def number(epoch, seq):
    """The 8 bytes epoch || sequence number."""
    return struct.pack(">HHI", epoch, seq >> 32, seq & 0xFFFFFFFF)


def head(type_, epoch, seq, cid, length, version=DTLS_1_2):
    """RFC 6347, 4.1; with a CID: RFC 9146, 4."""
    return (struct.pack(">BH", type_, version) + number(epoch, seq) + cid
            + struct.pack(">H", length))


def plain(type_, body, seq, epoch=0, version=DTLS_1_2):
    """An unprotected record (epoch 0 of a handshake, or a lie in any other epoch)."""
    return head(type_, epoch, seq, b"", len(body), version) + body


def parse(data, offset=0, cid_len=0):
    """The record at `offset`.  Type 25 is read with a CID of `cid_len` bytes.

    BadRecord: short (no room for a header), length (announces more than is there).
    """
    cid_len = cid_len if data[offset:offset + 1] == bytes([CID]) else 0
    body = offset + HEADER_LEN + cid_len
    if len(data) < body:
        raise BadRecord("short", f"{len(data) - offset} bytes left")
    type_, version, epoch, high, low = struct.unpack_from(">BHHIH", data, offset)
    length = struct.unpack_from(">H", data, body - 2)[0]
    if len(data) < body + length:
        raise BadRecord("length", f"{length} announced, {len(data) - body} present")
    return Record(type_, version, epoch, high << 16 | low, bytes(data[offset + 11:body - 2]),
                  bytes(data[body:body + length]), bytes(data[offset:body + length]))


def split(datagram, cid_len=0):
    """Every record of a datagram; BadRecord as parse() when the lengths do not add up."""
    records, offset = [], 0
    while offset < len(datagram):
        records.append(parse(datagram, offset, cid_len))
        offset += len(records[-1].raw)
    return records


def aad(type_, version, epoch, seq, cid, length):
    """Additional data: RFC 5246, 6.2.3.3, or RFC 9146, 5.3 for type 25."""
    where = number(epoch, seq)
    if type_ != CID:
        return where + struct.pack(">BHH", type_, version, length)
    return (b"\xff" * 8 + struct.pack(">BBBH", CID, len(cid), CID, version) + where + cid
            + struct.pack(">H", length))


class WriteKeys:
    """Key and IV of one direction.  Knows nothing of sequence numbers: the caller chooses them."""

    def __init__(self, suite, key, iv):
        self.suite, self.key, self.iv = suite, key, iv
        self._aead = suite.aead(key)

    def nonce(self, explicit):
        """RFC 5288, 3 and RFC 6655, 3: IV then explicit part.  RFC 7905, 2: IV xor number."""
        if self.suite.cipher != "CHACHA":
            return self.iv + explicit
        return bytes(a ^ b for a, b in zip(self.iv, bytes(4) + explicit))

    def seal(self, type_, plaintext, epoch, seq, cid=b"", padding=0, *,
             outer=None, explicit=None, version=DTLS_1_2, aad_override=None, inner=None):
        """One wire record.

        A CID makes it type 25 with an inner plaintext (content, type, `padding` zeros).
        For hostile records: `outer` another outer type, `explicit` another nonce than the
        header's number, `aad_override` and `inner` (the whole inner plaintext) replace theirs.
        """
        outer = outer if outer is not None else (CID if cid else type_)
        if inner is None:
            inner = plaintext
            if outer == CID:
                inner = plaintext + bytes([type_]) + bytes(padding)
        explicit = number(epoch, seq) if explicit is None else explicit
        data = aad(outer, version, epoch, seq, cid, len(inner))
        body = self._aead.encrypt(self.nonce(explicit), inner,
                                  data if aad_override is None else aad_override)
        if self.suite.explicit_len:
            body = explicit + body
        return head(outer, epoch, seq, cid, len(body), version) + body

    def open(self, record):
        """Opened; BadRecord: short, bad_mac, no_type (inner plaintext all zeros).

        Opened.nonce is built from the explicit part as sent: RFC 5288, 3 lets a sender choose it.
        """
        sent = number(record.epoch, record.seq)
        body = record.fragment
        length = len(body) - self.suite.overhead
        if length < 0:
            raise BadRecord("short", f"{len(body)} bytes of ciphertext")
        if self.suite.explicit_len:
            sent, body = body[:8], body[8:]
        data = aad(record.type, record.version, record.epoch, record.seq, record.cid, length)
        nonce = self.nonce(sent)
        try:
            inner = self._aead.decrypt(nonce, body, data)
        except InvalidTag:
            raise BadRecord("bad_mac") from None
        if record.type != CID:
            return Opened(record.type, inner, record.epoch, record.seq, 0, nonce)
        content = inner.rstrip(b"\0")
        if not content:
            raise BadRecord("no_type")
        return Opened(content[-1], content[:-1], record.epoch, record.seq,
                      len(inner) - len(content), nonce)


def derive(suite, block):
    """RFC 5246, 6.3 for AEAD suites: (client write keys, server write keys) from a key block."""
    k, i = suite.key_len, suite.iv_len
    parts = (block[:k], block[k:2 * k], block[2 * k:2 * k + i], block[2 * k + i:2 * (k + i)])
    return WriteKeys(suite, parts[0], parts[2]), WriteKeys(suite, parts[1], parts[3])


def block_length(suite):
    return 2 * (suite.key_len + suite.iv_len)
