# SPDX-License-Identifier: Apache-2.0
"""What an observer without keys can tell: is this datagram DTLS, and does it hide what it must?"""

from dtls12 import hello, messages, record
from dtls12.errors import BadRecord, ProtocolError

C2S, S2C = "c2s", "s2c"
_HELLOS = {(C2S, messages.CLIENT_HELLO), (S2C, messages.SERVER_HELLO)}


class WireError(Exception):
    """A datagram that is no DTLS, or that shows in clear what should be protected."""


class Wire:
    """Follows handshakes to learn the CIDs, which say how long a type 25 header is.

    The CID in a ClientHello stands on records to the client, that of a ServerHello on records to
    the server.  They are kept for all clients together: a session may go on from another address.
    """

    def __init__(self):
        self.cids = {C2S: set(), S2C: set()}
        self._parts = {}

    def read(self, direction, client, data, strict=True):
        """The records of a datagram.  Not strict: what cannot be read is left out silently."""
        records, at = [], 0
        try:
            if not data:
                raise WireError("empty datagram")
            while at < len(data):
                one = self._record(direction, data, at)
                self._learn(direction, client, one)
                records.append(one)
                at += len(one.raw)
        except (WireError, BadRecord, ProtocolError) as error:
            if strict:
                raise WireError(f"{direction}: {error} in {data[:48].hex()}... "
                                f"({len(data)} bytes, offset {at})") from None
        return records

    def _record(self, direction, data, at):
        cid_len = 0
        if data[at] == record.CID:
            known = [c for c in self.cids[direction] if data[at + 11:].startswith(c)]
            if not known:
                raise WireError("type 25 with a CID nobody agreed on")
            cid_len = len(max(known, key=len))
        one = record.parse(data, at, cid_len)
        if not 20 <= one.type <= 25 and one.type != record.RRC:
            raise WireError(f"content type {one.type}")
        if one.version not in (record.DTLS_1_0, record.DTLS_1_2):
            raise WireError(f"version {one.version:#06x}")
        if one.epoch == 0 and one.type not in (record.CCS, record.ALERT, record.HANDSHAKE):
            raise WireError(f"unprotected record of type {one.type}")
        return one

    def _learn(self, direction, client, one):
        if one.epoch or one.type != record.HANDSHAKE:
            return
        for fragment in messages.parse_fragments(one.fragment):
            if (direction, fragment.type) in _HELLOS:
                self._hello(direction, client, fragment)

    def _hello(self, direction, client, fragment):
        key = (direction, client, fragment.seq, fragment.length)
        part = self._parts.setdefault(key, messages.Reassembler())
        part.next_seq = fragment.seq
        part.add(fragment)
        message = part.pop()
        if message is None:
            return
        del self._parts[key]
        if direction == C2S:
            extensions = hello.parse_client_hello(message.body)[1]
        else:
            extensions = hello.parse_server_hello(message.body).extensions
        if hello.CONNECTION_ID in extensions:
            cid = hello.parse_cid(extensions[hello.CONNECTION_ID])
            if cid:
                self.cids[S2C if direction == C2S else C2S].add(cid)
