# SPDX-License-Identifier: Apache-2.0
"""A hostile input: what is sent, from which state, and what it may do at worst."""

import os
import time
from dataclasses import dataclass
from typing import Callable

from .. import record as rec
from ..endpoint import udp_socket
from ..errors import BadRecord, ProtocolError, Timeout
from ..hello import parse_hello_verify_request
from ..messages import CLIENT_HELLO, HELLO_VERIFY_REQUEST, header

# Where the client stands when the input is sent.
FRESH = "fresh"         # nothing was ever sent from this address
COOKIE = "cookie"       # a HelloVerifyRequest came
FLIGHT = "flight"       # the server's flight came; it waits for ClientKeyExchange
KEYED = "keyed"         # ClientKeyExchange and CCS are sent, Finished is held back
CID = "cid"             # a session with Connection ID
PLAIN = "plain"         # a session without
HANDSHAKE = (FRESH, COOKIE, FLIGHT, KEYED)
SESSION = (CID, PLAIN)
EVERY = HANDSHAKE + SESSION

# The worst it may do.
IGNORED = "ignored"     # nothing: this very client goes on
SPOILS = "spoils"       # may end the unfinished handshake it is aimed at, nothing else
CLOSES = "closes"       # came under the session's keys: may end this session, nothing else

HELD = b"hostile, but authentic"        # payload of authentic records sent by cases


@dataclass(frozen=True)
class Case:
    """One variant of a numbered input (B-01 .. B-78).

    make(client) or, with needs_other, make(client, other) returns what to send: bytes go out from
    the client's address, (bytes, socket) from that socket.  `delivers` are the payloads the
    application may see because of it, each at most as often as it is listed; nothing else.
    """
    name: str
    variant: str
    make: Callable
    states: tuple = EVERY
    harm: str = IGNORED
    delivers: tuple = ()
    needs_other: bool = False

    @property
    def id(self):
        return f"{self.name} {self.variant}".strip()

    def effect(self, state):
        """IGNORED, SPOILS or CLOSES when sent in `state`."""
        if self.harm == SPOILS:
            return SPOILS if state in (COOKIE, FLIGHT, KEYED) else IGNORED
        return self.harm

    def fire(self, client, other=None):
        """Send it.  Returns the foreign sockets it was sent from, still open (may be empty)."""
        shots = self.make(client, other) if self.needs_other else self.make(client)
        strangers = []
        for shot in shots:
            data, sock = shot if isinstance(shot, tuple) else (shot, None)
            client.send_raw(data, sock=sock)
            if sock is not None and sock not in strangers:
                strangers.append(sock)
        return strangers


CASES = []


def add(name, variant, make, states=EVERY, harm=IGNORED, delivers=(), needs_other=False):
    """Register a case; `make` may be a constant datagram."""
    maker = (lambda _client, data=make: [data]) if isinstance(make, bytes) else make
    CASES.append(Case(name, variant, maker, states, harm, delivers, needs_other))


def case(name, variant="", **kwargs):
    """Decorator form of add()."""
    def register(make):
        add(name, variant, make, **kwargs)
        return make
    return register


# states

def reach(client, state):
    """Bring a new client to a state; returns it.  For PLAIN give one made with cid=None."""
    client.deaf = True
    if state == FRESH:
        return client
    if state in SESSION:
        client.handshake()
        if (state == CID) != bool(client.server_cid):
            raise ProtocolError(f"state {state}: the server's CID is {client.server_cid!r}")
        return client
    client.hello1()
    if state == COOKIE:
        return client
    client.hello2()
    if state == KEYED:
        keyed(client, client.encode(client.make_flight3_kept())[:-1])
    return client


def keyed(client, records):
    """Send records of flight 3 by hand; finish() repeats the flight client.kept_flight."""
    client.state = "keyed"
    client.send_raw(*client.pack(records))


def finish(client, timeout=5.0):
    """Go on to a session and prove it lives; the payloads that came before the proof.

    Raises what the client raises when the session or the handshake is gone.
    """
    if client.state == "start":
        client.handshake(timeout)
    if client.state == "hvr":
        client.hello2(timeout)
    if client.state == "hello_done":
        client.flight3(timeout)
    if client.state == "keyed":
        client.exchange("flight3", client.kept_flight, lambda: client.state == "established",
                        timeout)
    return _alive(client, time.monotonic() + timeout)


def _alive(client, deadline):
    """Echo a probe, again after a while: a flood may have filled the server's queue."""
    probe, seen, again = b"alive " + os.urandom(6).hex().encode(), [], 0.0
    while probe not in seen:
        if time.monotonic() >= again:
            client.send(probe)
            again = time.monotonic() + 0.3
        try:
            seen.append(client.recv(max(min(again, deadline) - time.monotonic(), 0.001)))
        except Timeout:
            if time.monotonic() >= deadline:
                raise
    return seen[:-1]


# building blocks

def stranger(client):
    """A socket with another source port."""
    return udp_socket(client.server)[0]


def plain(client, type_, body, epoch=0, seq=None, version=rec.DTLS_1_2):
    """An unprotected record with the client's next number of epoch 0."""
    return rec.plain(type_, body, client.take_seq(0) if seq is None else seq, epoch, version)


def valid(client, payload=HELD, **lies):
    """An authentic application record."""
    return client.seal(rec.APPLICATION, payload, **lies)


def protected(client):
    """Whether the client has keys that the server has accepted."""
    return client.state == "established"


def hello_record(client, body, message_seq=0, seq=None, version=rec.DTLS_1_2):
    return plain(client, rec.HANDSHAKE, header(CLIENT_HELLO, len(body), message_seq) + body,
                 seq=seq, version=version)


def fetch_cookie(client, body, sock=None, timeout=0.2):
    """Send a hello and take the cookie of the HelloVerifyRequest; None when none comes."""
    record = hello_record(client, body)
    number = rec.parse(record).seq
    client.send_raw(record, sock=sock)
    deadline = time.monotonic() + timeout
    try:
        while True:
            data = client.receive(deadline, sock)
            if data[0] != rec.HANDSHAKE or data[13:14] != bytes([HELLO_VERIFY_REQUEST]):
                continue
            answer = rec.parse(data)
            if answer.seq == number:
                return parse_hello_verify_request(answer.fragment[12:])[1]
    except (Timeout, BadRecord):
        return None
