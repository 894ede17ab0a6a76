# SPDX-License-Identifier: Apache-2.0
"""A day of a server in short: what it holds stays what it was.

Clients come, talk, move, sleep, are replaced, evicted and denied, lose power, leave half a handshake
behind; others send junk; keys, certificates and deny list change; all timers are short.  After each
round everybody leaves, and when the server's descriptors are back where they were, descriptors,
threads and private memory are noted.  Twenty seconds in CI, fifteen minutes with --nightly.
"""

import os
import random
import re
import signal
import statistics
import time
from pathlib import Path

import pytest

from dtls12 import hostile
from support import build, certs
from support.client import dtls12
from support.front import KALLE, KEYS, write_csv

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

OPTIONS = {"max-sessions": 48, "idle-timeout": 2, "max-age": 5, "handshake-timeout": 2,
           "client-auth": "optional", "log": "info"}
PATIENCE = 0.1          # seconds, for answers that may never come
FLEET = 64              # clients at a time, more than there is room for
ROOM = 192              # kilobytes: medians of a long run differ by less
ROOM_SHORT = 1024       # of a short one, in which every new peak counts
# What must have happened, or the test looked at nothing; in a short run, and in a long one
HAPPENED = ("rx_messages", "handshakes_done", "sessions_replaced", "sessions_closed", "drop_replay")
HAPPENED_LONG = HAPPENED + (
    "handshakes_failed", "handshakes_timeout", "sessions_evicted", "sessions_expired",
    "sessions_aged", "sessions_denied", "rebinds", "psk_unknown", "drop_bad_mac")


class World:
    """Everybody who talks to one server."""

    def __init__(self, front, ours, denied, rng):
        self.front, self.ours, self.denied, self.rng = front, ours, denied, rng
        self.address = "127.0.0.1", front.port
        self.device = ours.certify("device-1")
        self.fleet, self.done = [], 0

    def client(self, **kwargs):
        return dtls12.Client(self.address, cid=self.rng.choice([None, b"", b"client"]), rto=0.3,
                             **kwargs)

    def one(self):
        while not self.fleet:
            self.come()
        return self.rng.choice(self.fleet)

    def forget(self, client):
        """It loses its power: not a word."""
        client.abandon()
        if client in self.fleet:
            self.fleet.remove(client)

    def begin(self, client):
        try:
            client.handshake(0.5)
        except dtls12.DtlsError:
            client.abandon()
            raise
        self.fleet.append(client)
        self.talk(client)
        return client

    def come(self, **kwargs):
        if not kwargs:
            kwargs["psk"] = self.rng.choice(list(KEYS.items()))
        client = self.begin(self.client(**kwargs))
        if len(self.fleet) > FLEET:
            self.forget(self.rng.choice(self.fleet[:-1]))
        return client

    def come_by_certificate(self):
        shown = {"cert": str(self.device.cert), "key": str(self.device.key)}
        self.come(ca=str(self.ours.ca), **(shown if self.rng.random() < 0.5 else {}))

    def talk(self, client=None):
        client = client or self.one()
        try:
            for size in (1, 100, 1000):
                client.echo(bytes(size), PATIENCE)
        except dtls12.DtlsError:        # its session is gone
            self.forget(client)

    def move(self):
        client = self.one()
        client.rebind()
        self.talk(client)               # without a CID it is lost

    def leave(self):
        client = self.one()
        client.close()
        self.forget(client)

    def power_loss(self):
        client = self.one()
        self.fleet.remove(client)
        self.begin(client.restart())

    def replay(self):
        client = self.one()
        client.send_raw(client.last_sent_raw)

    def half_a_handshake(self):
        client = self.client(psk=self.rng.choice(list(KEYS.items())))
        client.hello1(2)
        client.hello2(2)
        client.abandon()

    def unknown_identity(self):
        with self.front.refused():
            self.client(psk=(b"nobody-%d" % self.rng.randrange(1000), bytes(16))).handshake(PATIENCE)

    def attack(self):
        case = self.rng.choice([c for c in hostile.CASES if not c.needs_other])
        state = self.rng.choice(case.states)
        client = dtls12.Client(self.address, psk=self.rng.choice(list(KEYS.items())), rto=0.3,
                               cid=None if state == hostile.PLAIN else b"client")
        try:
            case.fire(hostile.reach(client, state), None)
        finally:
            client.abandon()

    def new_keys(self):
        gone = self.rng.choice(list(KEYS))
        write_csv(self.front.csv, {i: k for i, k in self.front.keys.items() if i != gone})

    def new_certificate(self):
        self.ours.certify("localhost")

    def new_deny_list(self):
        some = self.rng.sample(list(KEYS), 8) if self.rng.random() < 0.7 else []
        self.denied.write_text("".join(f"id:{i.decode()}\n" for i in some))

    ACTIONS = ((come, 8), (come_by_certificate, 1), (talk, 8), (move, 2), (leave, 1),
               (power_loss, 1), (replay, 2), (half_a_handshake, 1), (unknown_identity, 0.3),
               (attack, 8), (new_keys, 0.2), (new_certificate, 0.05), (new_deny_list, 0.2))

    def round(self, seconds):
        until = time.monotonic() + seconds
        actions, weights = zip(*self.ACTIONS)
        while time.monotonic() < until:
            try:
                self.rng.choices(actions, weights)[0](self)
                self.done += 1
            except dtls12.DtlsError:    # refused, denied, or its server had no room
                pass
        for client in self.fleet[:]:
            client.close()
            self.forget(client)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def least_descriptors(pid):
    """Within half a second: what was closed may be at work for a moment longer."""
    until, least = time.monotonic() + 0.5, descriptors(pid)
    while time.monotonic() < until:
        time.sleep(0.02)
        least = min(least, descriptors(pid))
    return least


def held(pid, most):
    """(descriptors, threads, private kB) when the last session has gone, or too long after that."""
    deadline = time.monotonic() + 10
    while descriptors(pid) > most and time.monotonic() < deadline:
        time.sleep(0.02)
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return (descriptors(pid), len(os.listdir(f"/proc/{pid}/task")),
            int(re.search(r"^Anonymous: +(\d+)", rollup, re.M)[1]))


def check_flat(samples, room):
    """The first third is warming up."""
    third = len(samples) // 3
    fds, threads, memory = zip(*samples[third:])
    assert len(set(threads)) == 1, f"threads come or go: {samples}"
    assert len(set(fds)) == 1, f"descriptors come or go: {samples}"
    half = len(memory) // 2
    grown = statistics.median(memory[half:]) - statistics.median(memory[:half])
    # Sanitizers keep freed memory
    assert build.SANITIZE or grown <= room, f"{grown} kB more than before: {samples}"


def end(front, world):
    """The counters are logged: at a clean end, by the proxy whenever it is asked."""
    if front.kind == "proxy":
        front.log.send_signal(signal.SIGUSR1)
        front.log.wait_for("event=stats up_messages")
        return
    world.come(psk=KALLE)
    world.fleet[-1].send(b"exit")
    front.log.wait_exit()


@pytest.mark.skipif("thread" in build.SANITIZE, reason="slow")
@pytest.mark.timeout(3600)
def test_what_a_server_holds_stays_flat(front, tmp_path, nightly):
    seconds, rounds = nightly((2, 3), (9, 75))
    ours, denied = certs.Authority(tmp_path), tmp_path / "denied"
    pair = ours.certify("localhost")
    denied.write_text("")
    front.start("leaver", options={
        **OPTIONS, "cert": pair.cert, "key": pair.key, "ca": ours.ca, "deny": denied,
        "state": tmp_path / "x.state"})
    world = World(front, ours, denied, random.Random(1))
    world.come()                                    # what is opened once is open
    world.leave()
    front.log.wait_for("event=closed")
    pid, samples = front.log.pid, []
    most = least_descriptors(pid)
    for _ in range(rounds):
        world.round(seconds)
        samples.append(held(pid, most))
        print(*samples[-1], flush=True)
    check_flat(samples, nightly(ROOM_SHORT, ROOM))
    end(front, world)
    seen = set(re.findall(r" ([a-z_]+)=[1-9]", "\n".join(
        t for _, t in front.log.lines if "event=stats" in t)))
    missing = set(nightly(HAPPENED, HAPPENED_LONG)) - seen
    assert not missing, f"{missing} did not happen"
    print(world.done, "things done")
