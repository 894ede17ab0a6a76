# SPDX-License-Identifier: Apache-2.0
"""Handshake messages, their fragments and their reassembly.  RFC 6347, 4.2.2 and 4.2.3."""

import struct
from typing import NamedTuple

from .errors import ProtocolError

HELLO_REQUEST, CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY_REQUEST = 0, 1, 2, 3
NEW_SESSION_TICKET, CERTIFICATE, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST = 4, 11, 12, 13
SERVER_HELLO_DONE, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, FINISHED = 14, 15, 16, 20
HEADER_LEN = 12


def u24(value):
    return value.to_bytes(3, "big")


def header(type_, length, seq, offset=0, fragment_length=None):
    """The 12 bytes before each fragment; all five fields are the caller's to lie with."""
    fragment_length = length if fragment_length is None else fragment_length
    return (bytes([type_]) + u24(length) + struct.pack(">H", seq) + u24(offset)
            + u24(fragment_length))


class Message(NamedTuple):
    """A whole handshake message."""
    type: int
    seq: int
    body: bytes

    def encode(self):
        """Unfragmented: also the form that goes into the transcript (RFC 6347, 4.2.6)."""
        return header(self.type, len(self.body), self.seq) + self.body

    def fragments(self, limit):
        """The message cut into pieces of at most `limit` body bytes, each with its header."""
        cuts = range(0, max(len(self.body), 1), limit)
        return [header(self.type, len(self.body), self.seq, at, len(self.body[at:at + limit]))
                + self.body[at:at + limit] for at in cuts]


class Fragment(NamedTuple):
    type: int
    length: int
    seq: int
    offset: int
    data: bytes


def parse_fragments(body):
    """The fragments in one handshake record; ProtocolError when the lengths do not fit."""
    fragments, at = [], 0
    while at < len(body):
        if len(body) - at < HEADER_LEN:
            raise ProtocolError(f"handshake header of {len(body) - at} bytes")
        type_, length, seq = body[at], int.from_bytes(body[at + 1:at + 4], "big"), \
            int.from_bytes(body[at + 4:at + 6], "big")
        offset, size = int.from_bytes(body[at + 6:at + 9], "big"), \
            int.from_bytes(body[at + 9:at + 12], "big")
        data = body[at + HEADER_LEN:at + HEADER_LEN + size]
        if len(data) != size or offset + size > length:
            raise ProtocolError(f"fragment {offset}+{size} of {length}, {len(data)} present")
        fragments.append(Fragment(type_, length, seq, offset, data))
        at += HEADER_LEN + size
    return fragments


class Reassembler:
    """Takes fragments in any order, gives whole messages in message_seq order, each once."""

    def __init__(self):
        self.next_seq = 0
        self._parts = {}        # seq -> (type, length, bytearray, bytearray of flags)

    def add(self, fragment):
        """Store one fragment; False when it belongs to a message delivered before."""
        if fragment.seq < self.next_seq:
            return False
        new = (fragment.type, fragment.length, bytearray(fragment.length),
               bytearray(fragment.length))
        type_, length, data, have = self._parts.setdefault(fragment.seq, new)
        if (type_, length) != (fragment.type, fragment.length):
            raise ProtocolError(f"fragments of message {fragment.seq} disagree on type or length")
        end = fragment.offset + len(fragment.data)
        data[fragment.offset:end] = fragment.data
        have[fragment.offset:end] = b"\1" * len(fragment.data)
        return True

    def pop(self):
        """The next message in order, or None while a piece of it is missing."""
        part = self._parts.get(self.next_seq)
        if part is None or not all(part[3]):
            return None
        del self._parts[self.next_seq]
        self.next_seq += 1
        return Message(part[0], self.next_seq - 1, bytes(part[2]))


class Reader:
    """Walks through a message body; ProtocolError instead of running over its end."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise ProtocolError(f"message ends at {len(self.data)}, {self.at + size} needed")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        """A vector whose length field has `size` bytes."""
        return self.take(self.number(size))

    def rest(self):
        return self.take(len(self.data) - self.at)

    def done(self):
        if self.at != len(self.data):
            raise ProtocolError(f"{len(self.data) - self.at} bytes behind the message")


def vector(size, data):
    """`data` behind its length in `size` bytes."""
    return len(data).to_bytes(size, "big") + data
