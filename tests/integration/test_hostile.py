# SPDX-License-Identifier: Apache-2.0
"""Ensures that hostile inputs B-01 .. B-78 hurt nobody, whatever state they arrive in.

The process lives, the server sees nothing but authentic payloads, the client they were aimed at
goes on where it can, and a bystander's session is untouched.
"""

import contextlib
import re
import signal
import time

import pytest

from dtls12 import hostile
from support import build
from support.client import dtls12

pytestmark = [pytest.mark.fronts("shim", "proxy"),
              pytest.mark.timeout(600 if build.SANITIZE else 300)]

REASONS = ("drop_", "hello_verify", "handshakes_failed", "wire_")   # what counters of them begin with


class Range:
    """A server under fire, and what every case needs."""

    def __init__(self, front, state):
        self.front, self.state = front, state
        front.hostile = True
        front.start("poll_loop")
        self.keys = list(front.keys.items())[2:]
        self.made = 0
        self.bystander = front.client()

    def client(self):
        """A client of an identity that was not used for a long time."""
        self.made += 1
        cid = None if self.state == hostile.PLAIN else b""
        return dtls12.Client(self.front.address, psk=self.keys[self.made % len(self.keys)],
                             cid=cid, rto=0.3)

    def shoot(self, case, counted=False):
        """One case from start to end; raises if anybody but the target suffers.  If @counted: the
        counters that its datagrams moved."""
        moved = set()
        with contextlib.ExitStack() as stack:
            client = self.client()
            stack.callback(client.abandon)
            hostile.reach(client, self.state)
            other = None
            if case.needs_other:
                other = self.client()
                stack.callback(other.abandon)
                hostile.reach(other, self.state)
            before = self.counters() if counted else {}
            for sock in case.fire(client, other):
                stack.callback(sock.close)
            if counted and self.state == hostile.FRESH:
                self.check_bystander()          # what was fired has been read
                moved = self.dropped(before)
            if case.effect(self.state) == hostile.IGNORED:
                hostile.check_delivered(case, hostile.finish(client))
            if other is not None:
                hostile.finish(other)
            if counted and self.state != hostile.FRESH:     # what was held is judged by then
                moved = self.dropped(before)
        self.check_bystander()
        return moved

    def dropped(self, before):
        """The counters that moved, a reason among them or not.  It is waited for: a datagram that
        was sent on one processor can be overtaken by one from another, on loopback too."""
        deadline = time.monotonic() + 3
        while True:
            moved = {k for k, v in self.counters().items() if v != before.get(k, 0)}
            if any(k.startswith(REASONS) for k in moved) or time.monotonic() > deadline:
                return moved

    def check_bystander(self):
        """Its echo comes; asked for again after a while, as a flood overruns the socket's queue."""
        extra = hostile.finish(self.bystander.dtls)
        assert not [p for p in extra if not p.startswith(b"alive ")], extra

    def counters(self):
        """The proxy's counters by name."""
        mark = self.front.log.mark()
        self.front.log.send_signal(signal.SIGUSR1)
        self.front.log.wait_for("event=stats.* rx_datagrams=", after=mark)
        self.check_bystander()                  # the lines after it are out as well
        lines = [t for _, t in list(self.front.log.lines)[mark:] if "event=stats" in t]
        return {k: int(v) for line in lines for k, v in re.findall(r"(\w+)=(\d+)", line)}


def escaped(data):
    """As the servers print the first bytes of a message."""
    return "".join(chr(c) if 32 <= c < 127 and c != 92 else f"\\x{c:02x}" for c in data[:64])


@pytest.mark.parametrize("state", hostile.EVERY)
def test_hostile_inputs_are_survived(front, state):
    field = Range(front, state)
    failures = []
    for case in hostile.cases(state):
        try:
            field.shoot(case)
        except (dtls12.DtlsError, AssertionError) as error:
            failures.append(f"{case.id}: {type(error).__name__}: {error}")
        if not front.log.alive() or not front.process.alive():
            failures.append(f"{case.id}: the process ended")
            break
    assert not failures, "\n".join(failures)
    allowed = {escaped(p) for c in hostile.cases(state) for p in c.delivers}
    allowed |= {"from your address"}            # B-73: the other session's, and authentic
    for _, text in front.received():
        assert text in allowed or text.startswith("alive "), text


@pytest.mark.one_process
@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("state", hostile.EVERY)
def test_whatever_is_dropped_is_counted(front, state, nightly):
    """One case of each number: some counter says why nothing came of it."""
    field = Range(front, state)
    # Pieces of a true flight, another session's authentic record
    true = ("B-31", "B-34 Finished before", "B-73")
    cases = [c for c in hostile.cases(state)
             if c.effect(state) == hostile.IGNORED and not c.delivers and not c.id.startswith(true)]
    if not nightly(False, True):
        cases = {c.name: c for c in reversed(cases)}.values()
    silent = []
    for case in cases:
        moved = field.shoot(case, counted=True)
        if not any(k.startswith(REASONS) for k in moved):
            silent.append(f"{case.id}: only {sorted(moved)}")
    assert not silent, "\n".join(silent)
