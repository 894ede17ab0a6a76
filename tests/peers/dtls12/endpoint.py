# SPDX-License-Identifier: Apache-2.0
"""Socket and record layer of the client: everything below handshake messages."""

import collections
import errno
import itertools
import random
import socket
import time

from . import record as rec
from .errors import BadRecord, NonceReuse, Timeout
from .oracle import ORACLE


_ports = itertools.count(random.randrange(27000))


def udp_socket(server):
    """An unconnected socket on a free port; on loopback when the server is there.

    Its port was nobody's for a long while: the kernel may give one away at once, a NAT does not,
    and a server hears nobody there before late answers to the one before are past.
    """
    family, address = resolve(server)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        host = "::1" if address[0] == "::1" else "::"
    else:
        host = "127.0.0.1" if address[0].startswith("127.") else "0.0.0.0"
    while True:
        try:
            sock.bind((host, 33000 + next(_ports) % 27000))
            return sock, address
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise


def resolve(server):
    info = socket.getaddrinfo(server[0], server[1], type=socket.SOCK_DGRAM)[0]
    return info[0], info[4]


class Endpoint:
    """A UDP socket, sequence numbers, keys once there are any, and the nonce oracle.

    stats counts what came in: datagrams, records, foreign (from another address than the
    server's), bad_mac, short, length, no_type, not_cid (a record without the CID that was
    agreed on), wrong_cid, version, early, replay, plain (unprotected record in a session), ...
    """

    def __init__(self, server, sock=None, oracle=None):
        if sock is None:
            sock, self.server = udp_socket(server)
        else:
            self.server = resolve(server)[1]
        self.sock = sock
        self.old_socks = []             # sockets left behind by rebind(keep=True)
        self.oracle = ORACLE if oracle is None else oracle
        self.stats = collections.Counter()
        self.violations = []
        self.suite = None
        self.own_cid = None             # what the server puts on records for us; None = no CID
        self.server_cid = b""           # what we put on ours; b"" when none was agreed on
        self.write_keys = None          # record.WriteKeys, ours
        self.read_keys = None           # the server's
        self.next_seq = {0: 0, 1: 0}    # per epoch, the number seal() takes next
        self.last_sent_raw = b""
        self.last_record_raw = b""      # last authenticated record that came in
        self.last_datagram_raw = b""
        self.on_datagram = None         # hook: bytes -> bytes, list of bytes, or None to drop

    # out

    @property
    def local(self):
        return self.sock.getsockname()

    def send_raw(self, *datagrams, sock=None):
        """Send bytes as they are, each argument one datagram, from `sock` (default: ours)."""
        for datagram in datagrams:
            (sock or self.sock).sendto(datagram, self.server)

    def take_seq(self, epoch):
        """The next sequence number of an epoch, used up by this call."""
        number = self.next_seq.get(epoch, 0)
        self.next_seq[epoch] = number + 1
        return number

    def seal(self, inner_type, plaintext, seq=None, epoch=1, cid=None, padding=0, **lies):
        """One wire record of ours.  Epoch 0 is in clear.

        seq None takes the next number; a chosen one does not move the counter.  cid None is
        the CID agreed on.  `lies` go to WriteKeys.seal(): outer, explicit, version,
        aad_override, inner.  Sending two different records with one (key, seq) is the test's
        own decision: the server must treat the second as a replay.
        """
        seq = self.take_seq(epoch) if seq is None else seq
        if epoch == 0:
            return rec.plain(inner_type, plaintext, seq)
        cid = self.server_cid if cid is None else cid
        return self.write_keys.seal(inner_type, plaintext, epoch, seq, cid, padding, **lies)

    # in

    def open(self, raw):
        """Opened for one wire record of the server's; BadRecord when it is not authentic."""
        return self.read_keys.open(rec.parse(raw, 0, len(self.own_cid or b"")))

    def receive(self, deadline, sock=None):
        """The next datagram from the server before `deadline` (time.monotonic()); Timeout."""
        sock = sock or self.sock
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Timeout("no datagram before the deadline")
            sock.settimeout(left)
            try:
                data, source = sock.recvfrom(65535)
            except (TimeoutError, BlockingIOError):
                continue
            if source[:2] != self.server[:2]:
                self.stats["foreign"] += 1
                continue
            self.stats["datagrams"] += 1
            self.last_datagram_raw = data
            return data

    def discard(self, quiet=0.02):
        """Datagrams that come until `quiet` seconds pass without one, raw and unprocessed."""
        found = []
        try:
            while True:
                found.append(self.receive(time.monotonic() + quiet))
        except Timeout:
            return found

    def _datagrams(self, deadline):
        """One datagram, through the on_datagram hook: a list of 0..n datagrams."""
        data = self.receive(deadline)
        if self.on_datagram is None:
            return [data]
        out = self.on_datagram(data)
        return [] if out is None else [out] if isinstance(out, bytes) else out

    def _split(self, data):
        """The records of a datagram; a malformed rest is counted and left."""
        records, at = [], 0
        while at < len(data):
            try:
                records.append(rec.parse(data, at, len(self.own_cid or b"")))
            except BadRecord as bad:
                self.stats[bad.reason] += 1
                break
            at += len(records[-1].raw)
        self.stats["records"] += len(records)
        return records

    def _authenticate(self, record):
        """Opened, or None for a record that is dropped (counted in stats)."""
        expected = rec.CID if self.own_cid else None
        reason = None
        if record.version != rec.DTLS_1_2:
            reason = "version"
        elif (record.type == rec.CID) != (expected == rec.CID):
            reason = "not_cid" if expected else "unexpected_cid"
        elif record.type == rec.CID and record.cid != self.own_cid:
            reason = "wrong_cid"
        if reason is not None:
            self.stats[reason] += 1
            return None
        try:
            opened = self.read_keys.open(record)
        except BadRecord as bad:
            self.stats[bad.reason] += 1
            return None
        try:
            new = self.oracle.see(self.read_keys, opened.nonce, record.raw)
        except NonceReuse:
            self.stats["nonce_reuse"] += 1
            raise
        if not new:
            self.stats["replay"] += 1
            return None
        if opened.nonce != self.read_keys.nonce(rec.number(opened.epoch, opened.seq)):
            self.violations.append("explicit nonce is not epoch and sequence number")
        self.last_record_raw = record.raw
        return opened

    # addresses

    def rebind(self, sock=None, keep=False):
        """Go on from another source port (or from `sock`); the session stays.  The new socket.

        keep leaves the old socket open in old_socks, so that a test can see what the server
        still sends there: receive(deadline, sock=client.old_socks[-1]).
        """
        old = self.sock
        self.sock = sock or udp_socket(self.server)[0]
        if keep:
            self.old_socks.append(old)
        else:
            old.close()
        return self.sock

    def abandon(self):
        """Close the sockets without a word to the server (a device that lost its power)."""
        for sock in [self.sock, *self.old_socks]:
            sock.close()
