# SPDX-License-Identifier: Apache-2.0
"""Several plaintext servers played by a test, which sees what goes to which of them."""

import select
import socket
import time

from . import build
from .client import canary


class Backend:
    """One of them; it can be away and come back."""

    def __init__(self, host="127.0.0.1", port=0):
        self.host, self.port = host, port or build.free_port(host)
        self.sock = None
        self.come()

    def come(self):
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.bind((self.host, self.port))

    def go(self):
        self.sock.close()
        self.sock = None

    def __str__(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Backends:
    """Backends by number; ask() tells where a client's message goes."""

    def __init__(self, *backends):
        self.all = list(backends)
        self.sent = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for backend in self.all:
            if backend.sock:
                backend.go()

    def __getitem__(self, n):
        return self.all[n]

    def connect(self, *numbers):
        """The value of --connect for these, or for all."""
        return ",".join(str(self.all[n]) for n in numbers or range(len(self.all)))

    def take(self, timeout=5):
        """(number, message, from where)."""
        there = {b.sock: n for n, b in enumerate(self.all) if b.sock}
        ready = select.select(list(there), [], [], timeout)[0]
        assert ready, "nothing came to any backend"
        data, peer = ready[0].recvfrom(65536)
        return there[ready[0]], data, peer

    def ask(self, client):
        """Sends a message, answers it where it arrives; (number of the backend, from where)."""
        self.sent += 1
        client.send(canary(40, self.sent))
        while True:
            n, data, peer = self.take()
            if data == canary(40, self.sent):
                break
        self.all[n].sock.sendto(b"from %d" % n, peer)
        assert client.recv() == b"from %d" % n
        return n, peer

    def where(self, client):
        return self.ask(client)[0]

    def until(self, wanted, act, timeout=15):
        """Calls `act`, which returns a backend's number, until it is `wanted`."""
        end = time.monotonic() + timeout
        while (n := act()) != wanted:
            assert time.monotonic() < end, f"always {n}, never {wanted}"


def start(front, connect, prefix=(), bind=None, ready=r"event=listening", **options):
    """The proxy alone, in front of backends of the test's; again on the same port when called again."""
    if bind is None:
        front.port = front.port if front.log else build.free_port()
        bind = f"127.0.0.1:{front.port}"
        front.address = ("127.0.0.1", front.port)
    options = {k.replace("_", "-"): v for k, v in options.items()}
    command = front.proxy_command({"bind": bind, "connect": connect, **front.options(options)})
    front.log = front.process = front.spawn([*prefix, *command])
    front.log.wait_for(ready)
    return front
