# SPDX-License-Identifier: Apache-2.0
"""Ensures that a protected socket is readable exactly when a receive would succeed.

tests/servers/oracle.c waits in every way there is and complains when it is woken for nothing; here
it gets messages among everything that is none, and is asked whether all have arrived.
"""

import random

import pytest

from support.client import PlainClient, SecureClient, Timeout, canary

pytestmark = pytest.mark.fronts("plain", "shim")

HOWS = ("poll", "ppoll", "select", "pselect", "level", "edge", "oneshot", "exclusive", "nested",
        "uring", "sigio")
RUNS = [(how, threads, style) for how in HOWS for threads in (1, 4) for style in ("drain", "one")
        if not (how == "sigio" and (threads > 1 or style == "one"))]
BURST = 24              # datagrams at a time: as many as fit every queue
SKIP = 77


class Injector:
    """Sends numbered messages, and what is none, in bursts; each burst is answered."""

    def __init__(self, front, seed):
        self.front, self.random = front, random.Random(seed)
        address = ("127.0.0.1", front.port)
        self.client = SecureClient(address, psk=front.identity()) if front.kind == "shim" \
            else PlainClient(address)
        front.clients.append(self.client)
        self.sent = self.events = 0
        self.old = []           # datagrams that were sent before

    def number(self, kind):
        self.sent += 1
        return b"%d %s" % (self.sent, kind)

    def message(self, kind=b"b"):
        if self.front.kind == "plain":
            self.client.send(self.number(kind))
            return
        raw = self.client.dtls.seal(23, self.number(kind))
        self.old = [*self.old[-20:], raw]
        self.client.dtls.send_raw(raw)

    def three(self):
        if self.front.kind == "plain":
            for _ in range(3):
                self.message()
            return
        self.client.dtls.send_raw(b"".join(self.client.dtls.seal(23, self.number(b"b"))
                                           for _ in range(3)))

    def empty(self):
        self.sent += 1
        self.client.send(b"")

    def nothing(self):
        """Something that is no message to anybody."""
        if self.front.kind == "plain":
            return
        dtls, kind = self.client.dtls, self.random.randrange(5)
        if kind == 0:
            dtls.send_raw(self.random.randbytes(self.random.randrange(1, 200)))
        elif kind == 1 and self.old:
            dtls.send_raw(self.random.choice(self.old))
        elif kind == 2:
            raw = bytearray(dtls.seal(23, b"forged"))
            raw[-1] ^= 1
            dtls.send_raw(bytes(raw))
        elif kind == 3:
            dtls.send_raw(b"")
        else:
            dtls.send_raw(b"\x16\xfe\xfd" + bytes(8) + b"\x00\x20" + self.random.randbytes(32))

    def burst(self):
        kinds = [self.message] * 4 + [self.three, self.empty] + [self.nothing] * 3
        for _ in range(self.random.randrange(BURST)):
            self.random.choice(kinds)()
            self.events += 1
        self.message(b"q")
        self.events += 1
        self.client.recv(10)

    def run(self, events):
        """Bursts until there were that many datagrams; then all of them must have been seen."""
        while self.events < events:
            self.burst()
            if self.random.randrange(40) == 0 and self.front.kind == "shim":
                SecureClient(("127.0.0.1", self.front.port), psk=self.front.identity()).close()
        for _ in range(200):            # threads may still be at it
            self.message(b"q")
            if int(self.client.recv(10).decode().split()[2]) == self.sent:
                return
        raise AssertionError(f"{self.sent} messages sent, fewer came\n{self.front}")


def check(front, events, *args):
    front.launch("oracle", *args)
    try:
        front.wait_server(r"READY port=(\d+)")
    except AssertionError:
        if front.process.popen.poll() == SKIP:
            pytest.skip(str(front.process.has("NOTE .*")[0]))
        raise
    Injector(front, random.randrange(1 << 30)).run(events)
    assert not front.process.has("^BAD"), front.process


@pytest.mark.parametrize("how,threads,style", RUNS, ids=lambda v: str(v))
def test_readable_exactly_when_there_is_a_message(front, nightly, how, threads, style):
    """20,000 datagrams in all under the shim, a million at night."""
    if front.kind == "plain" and how == "edge" and style == "one":
        pytest.skip("a bare socket has one edge for messages that came together")
    events = nightly(500, 25000) if front.kind == "shim" else 50
    check(front, events, "--how", how, "--threads", threads, "--style", style)


@pytest.mark.parametrize("register", ["early", "raw", "uring", "dup"])
@pytest.mark.parametrize("how", ["level", "edge", "oneshot", "nested"])
def test_a_socket_in_an_epoll_before_bind_or_past_libc(front, how, register):
    """Three epolls each: their registrations follow the socket to its facade."""
    check(front, 100, "--how", how, "--threads", 3, "--style", "drain", "--register", register)


@pytest.mark.parametrize("how", ["level", "exclusive"])
def test_eight_threads(front, nightly, how):
    check(front, nightly(500, 25000), "--how", how, "--threads", 8, "--style", "one")


@pytest.mark.parametrize("reader", ["raw", "spawn", "clean"])
@pytest.mark.parametrize("wait", ["poll", "select", "level", "edge", "oneshot"])
def test_who_reads_past_us_makes_nobody_deaf(front, wait, reader):
    """A message is taken past the hooks; those after it, and of other clients, are served."""
    front.start("readers", "--wait", wait, "--reader", reader)
    client, other = front.client(), front.client()
    client.send(b"the first")
    front.process.wait_for("NOTE read 1")
    for tag in range(3):
        client.send(b"%d" % tag)
        while client.recv() != b"%d" % tag:         # the first one is not lost under the shim
            pass
        other.echo(canary(40, tag))
