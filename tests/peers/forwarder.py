#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A recording, fault-injecting UDP forwarder between DTLS clients and a server.

    with Forwarder(("127.0.0.1", port), SeededRule(7, drop=0.2)) as net:
        client = dtls12.Client(net.address, ...)
        ...
        net.rebind()                        # the server sees another source port from now on
    net.check_dtls(); net.check_absent(b"canary")

A rule is a callable (direction, number, data) -> list of (when, data): nothing is a drop, two
entries are a duplicate.  `when` is seconds, 0 = now, or Hold(n) = behind the n-th next datagram of
this direction.  direction is C2S or S2C, number counts the datagrams of a direction from 0.
"""

import argparse
import collections
import heapq
import random
import selectors
import signal
import socket
import threading
import time
from typing import NamedTuple

from wire import Wire, WireError

C2S, S2C = "c2s", "s2c"
HOLD_MAX = 0.3          # seconds a held datagram waits for others at most


class Hold(NamedTuple):
    count: int


class Datagram(NamedTuple):
    """One datagram as it reached the forwarder.

    fate: pass, drop, dup, delay, change (the rule sent other bytes), or dead (it came to a port
    that rebind() had left: a NAT would have swallowed it).
    """
    time: float
    direction: str
    client: tuple       # the client's address
    port: int           # the forwarder's source port towards the server
    data: bytes
    fate: str


def pass_all(_direction, _number, data):
    return [(0, data)]


class SeededRule:
    """Independent faults with the given probabilities; the same seed gives the same faults.

    delay: largest random delay in seconds, given to every datagram that is not held.
    """

    def __init__(self, seed, drop=0.0, dup=0.0, reorder=0.0, delay=0.0, directions=(C2S, S2C)):
        self.random = {d: random.Random(f"{seed} {d}") for d in (C2S, S2C)}
        self.drop, self.dup, self.reorder, self.delay = drop, dup, reorder, delay
        self.directions = directions

    def __call__(self, direction, _number, data):
        if direction not in self.directions:
            return [(0, data)]
        rng = self.random[direction]
        drop, dup, reorder, late = (rng.random() for _ in range(4))
        if drop < self.drop:
            return []
        when = Hold(1) if reorder < self.reorder else late * self.delay
        return [(when, data)] + ([(0, data)] if dup < self.dup else [])


class _Flow:
    """One client: its address, the socket towards the server, the sockets it had before."""

    def __init__(self, client, sock):
        self.client, self.sock, self.dead = client, sock, []


class Forwarder:
    """See the module's text.  Runs in a thread of its own; every method may be called meanwhile."""

    def __init__(self, server, rule=pass_all, bind=("127.0.0.1", 0)):
        self.server, self.rule = tuple(server), rule
        self.log = []
        self._front = self._socket(bind)
        self.address = self._front.getsockname()[:2]
        self._flows = {}
        self._counts = collections.Counter()
        self._timed, self._held, self._order = [], [], 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._front, selectors.EVENT_READ, None)
        self._wake_read, self._wake_write = socket.socketpair()
        self._selector.register(self._wake_read, selectors.EVENT_READ, "wake")
        self._changed = threading.Condition(threading.RLock())
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _socket(self, address):
        family = socket.AF_INET6 if ":" in self.server[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind(address)
        return sock

    # control

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        """End the thread and close the sockets; the log stays."""
        if self._stopping:
            return
        self._stopping = True
        self._wake_write.send(b"x")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._wake_write.close()
        self._selector.close()

    def rebind(self, client=None):
        """Another source port towards the server, for one client or all.  The new ports."""
        with self._changed:
            flows = [f for f in self._flows.values() if client in (None, f.client)]
            for flow in flows:
                flow.dead.append(flow.sock)
                self._open(flow)
            return [flow.sock.getsockname()[1] for flow in flows]

    def wait(self, predicate, timeout=5.0):
        """Wait until predicate(log) is true; False when it was not within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self.log), timeout)

    # forwarding

    def _open(self, flow):
        flow.sock = self._socket((self.address[0], 0))
        self._selector.register(flow.sock, selectors.EVENT_READ, flow)

    def _run(self):
        while not self._stopping:
            with self._changed:
                timeout = self._due()
            for key, _ in self._selector.select(timeout):
                if key.data == "wake":
                    return
                with self._changed:
                    self._readable(key.fileobj, key.data)
                    self._changed.notify_all()

    def _due(self):
        """Send what is due; seconds until the next, or None."""
        now = time.monotonic()
        while self._timed and self._timed[0][0] <= now:
            self._emit(*heapq.heappop(self._timed)[2:])
        expired = [h for h in self._held if h["latest"] <= now]
        for held in expired:
            self._held.remove(held)
            self._emit(*held["what"])
        times = [t[0] for t in self._timed[:1]] + [h["latest"] for h in self._held]
        return max(0, min(times) - now) if times else None

    def _readable(self, sock, flow):
        try:
            data, source = sock.recvfrom(65535)
        except OSError:                 # the ICMP answer to something sent before
            return
        if flow is None:
            flow = self._flows.get(source)
            if flow is None:
                flow = self._flows[source] = _Flow(source, None)
                self._open(flow)
            self._forward(C2S, flow, data)
        elif sock is flow.sock:
            self._forward(S2C, flow, data)
        else:
            self._record(S2C, flow, data, "dead", sock)

    def _forward(self, direction, flow, data):
        number = self._counts[direction]
        self._counts[direction] += 1
        out = self.rule(direction, number, data)
        fate = "drop" if not out else "dup" if len(out) > 1 else \
            "change" if out[0][1] != data else "pass" if out[0][0] == 0 else "delay"
        self._record(direction, flow, data, fate, flow.sock)
        self._release(direction)
        for when, payload in out:
            self._schedule(when, direction, flow, payload)

    def _schedule(self, when, direction, flow, data):
        what = (direction, flow, data)
        if isinstance(when, Hold):
            self._held.append({"left": when.count, "direction": direction, "what": what,
                               "latest": time.monotonic() + HOLD_MAX})
        elif when <= 0:
            self._emit(*what)
        else:
            self._order += 1
            heapq.heappush(self._timed, (time.monotonic() + when, self._order, *what))

    def _release(self, direction):
        """A datagram of this direction came: those held behind it follow at once, by the timer."""
        for held in [h for h in self._held if h["direction"] == direction]:
            held["left"] -= 1
            if held["left"] <= 0:
                self._held.remove(held)
                self._schedule(1e-6, *held["what"])

    def _emit(self, direction, flow, data):
        try:
            if direction == C2S:
                flow.sock.sendto(data, self.server)
            else:
                self._front.sendto(data, flow.client)
        except OSError:
            pass                        # as lossy as a network

    def _record(self, direction, flow, data, fate, sock):
        self.log.append(Datagram(time.monotonic(), direction, flow.client, sock.getsockname()[1],
                                 data, fate))

    # what was seen

    def mark(self):
        """A place in the log, for `since` below."""
        return len(self.log)

    def datagrams(self, direction=None, fate=None, client=None, since=0):
        return [d for d in list(self.log)[since:]
                if direction in (None, d.direction) and fate in (None, d.fate)
                and client in (None, d.client)]

    def bytes(self, direction, **where):
        """Payload bytes seen in a direction."""
        return sum(len(d.data) for d in self.datagrams(direction, **where))

    def records(self, direction=None, since=0):
        """[(Datagram, Record)]; WireError for the first datagram that is not DTLS."""
        wire, found = Wire(), []
        for number, datagram in enumerate(list(self.log)):
            wanted = number >= since and direction in (None, datagram.direction)
            records = wire.read(datagram.direction, datagram.client, datagram.data,
                                strict=wanted)
            if wanted:
                found += [(datagram, record) for record in records]
        return found

    def check_dtls(self, direction=None, since=0):
        """AssertionError unless every byte is DTLS with nothing but handshakes in clear."""
        try:
            return len(self.records(direction, since))
        except WireError as error:
            raise AssertionError(str(error)) from None

    def check_absent(self, canary):
        """AssertionError if the bytes occur in any datagram, whatever became of it."""
        for datagram in list(self.log):
            assert canary not in datagram.data, \
                f"{canary!r} in clear, {datagram.direction}, port {datagram.port}"

    def overheads(self, payload_len, direction, since=0):
        """Set of (size - payload_len) over the protected records since a mark() taken after the
        handshake, when nothing but messages of that length was sent."""
        return {len(record.raw) - payload_len
                for _, record in self.records(direction, since) if record.epoch > 0}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listen", default="127.0.0.1:0", metavar="ADDR:PORT")
    parser.add_argument("--server", required=True, metavar="ADDR:PORT")
    for name in ("drop", "dup", "reorder", "delay"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--check", action="store_true", help="fail at the end if not all was DTLS")
    args = parser.parse_args()

    def address(text):
        host, port = text.rsplit(":", 1)
        return host, int(port)
    rule = SeededRule(args.seed, args.drop, args.dup, args.reorder, args.delay)
    net = Forwarder(address(args.server), rule, address(args.listen)).start()
    print(f"event=listening port={net.address[1]}", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1))
    while signal.sigwait((signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)) == signal.SIGUSR1:
        print(f"event=rebind ports={net.rebind()}", flush=True)
    net.stop()
    fates = collections.Counter((d.direction, d.fate) for d in net.log)
    print(" ".join(f"{d}.{f}={n}" for (d, f), n in sorted(fates.items())), flush=True)
    if args.check:
        net.check_dtls()


if __name__ == "__main__":
    main()
