# SPDX-License-Identifier: Apache-2.0
"""Clients with one face: PlainClient in clear, SecureClient through the independent DTLS client."""

import contextlib
import socket
import sys

from . import build

sys.path.insert(0, str(build.ROOT / "tests" / "peers"))

import dtls12  # noqa: E402

CANARY = b"CANARY-plaintext"
Timeout = dtls12.Timeout


def canary(size, tag=0):
    """`size` bytes that hold the canary if they can, and differ by `tag`."""
    head = CANARY + b":%d:" % tag
    return (head + bytes(97 + i % 26 for i in range(max(0, size - len(head)))))[:size]


class PlainClient:
    secure = False

    def __init__(self, address):
        self.address = address
        self.sock = self._socket()

    def _socket(self):
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.connect(self.address)
        return sock

    def send(self, data):
        self.sock.send(data)

    def recv(self, timeout=5.0):
        self.sock.settimeout(timeout)
        try:
            return self.sock.recv(65536)
        except socket.timeout:
            raise Timeout("no message before the deadline") from None

    def rebind(self):
        self.sock.close()
        self.sock = self._socket()

    def close(self):
        self.sock.close()

    def echo(self, data, timeout=5.0):
        """Sends and wants it back; returns it."""
        self.send(data)
        back = self.recv(timeout)
        assert back == data, f"sent {data[:60]!r} ({len(data)}), got {back[:60]!r} ({len(back)})"
        return back

    def ask(self, data, timeout=5.0):
        """Sends and returns the answer as text."""
        self.send(data if isinstance(data, bytes) else data.encode())
        return self.recv(timeout).decode("ascii", "backslashreplace")


class SecureClient(PlainClient):
    """Every message's size on the wire is checked against what the suite and the CIDs cost."""
    secure = True

    def __init__(self, address, handshake=True, timeout=10.0, **kwargs):
        self.address = address
        self.dtls = dtls12.Client(address, **kwargs)
        if handshake:
            try:
                self.dtls.handshake(timeout)
            except BaseException:
                self.dtls.abandon()
                raise

    def send(self, data):
        raw = self.dtls.send(data)
        assert len(raw) == len(data) + self.dtls.overhead("server")

    def recv(self, timeout=5.0):
        data = self.dtls.recv(timeout)
        assert not self.dtls.violations, self.dtls.violations
        return data

    def echo_in_the_end(self, data):
        """echo() of a device that repeats itself: a newcomer on an address is not heard while answers
        to the one before may come, and a process that dies takes along what it has just read."""
        for _ in range(20):
            self.send(data)
            with contextlib.suppress(Timeout):
                assert self.recv(timeout=0.5) == data
                return
        raise AssertionError("it was never heard")

    def rebind(self):
        self.dtls.rebind()

    def close(self):
        self.dtls.close()
