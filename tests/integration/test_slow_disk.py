# SPDX-License-Identifier: Apache-2.0
"""A log that nobody reads and a disk that hangs stop no session."""

import os
import re
import signal

import pytest

pytestmark = pytest.mark.fronts("shim", "proxy")

LINE = re.compile(r"dtlsshim: (error|warn|info|debug): .*")


class Fifo:
    """A log of one page, which is read when the test likes."""

    def __init__(self, path):
        os.mkfifo(path, 0o600)
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.text = b""

    def fill(self):
        os.set_blocking(self.fd, False)
        try:
            while True:
                os.write(self.fd, b"." * 4095 + b"\n")
        except BlockingIOError:
            pass

    def read(self):
        """All lines so far, dots left out."""
        try:
            while True:
                self.text += os.read(self.fd, 65536)
        except BlockingIOError:
            pass
        return [t for t in self.text.decode().splitlines() if t.strip(".")]

    def close(self):
        os.close(self.fd)


@pytest.fixture
def fifo(tmp_path):
    made = Fifo(tmp_path / "log")
    yield made
    made.close()


def test_a_log_that_nobody_reads_stops_nobody(front, fifo):
    front.start("poll_loop", options={"log-file": fifo.path}, started=None)
    old = front.client()
    old.echo(b"before")
    fifo.fill()
    for i in range(100):                            # each new one is a line
        new = front.client()
        new.echo(b"new %d" % i)
        old.echo(b"old %d" % i)
        new.close()
    front.process.wait_for("^RX", n=201)
    assert sum("event=established" in t for t in fifo.read()) < 101
