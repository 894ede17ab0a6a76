# SPDX-License-Identifier: Apache-2.0
"""Ensures that whoever got a copy of the socket before bind() serves it protected, or not at all."""

import socket

import pytest

from support import build
from support.client import canary

WAYS = ["dup", "dup40", "dup1000", "fork", "rights", "pidfd", "exec", "spawn", "exec-clear",
        "child-binds", "child-binds-exits", "helper-binds"]
IO = ["recvfrom", "poll", "select", "epoll"]

pytestmark = pytest.mark.fronts("plain", "shim")


@pytest.fixture
def sink():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        yield sock


@pytest.mark.parametrize("io", IO)
@pytest.mark.parametrize("way", WAYS)
def test_a_socket_shared_before_bind(front, sink, way, io):
    front.start("sharer", "--way", way, "--io", io, "--sink", sink.getsockname()[1])
    front.client().echo(canary(60))
    if way == "exec-clear":
        front.process.wait_for("NOTE holder sent")
    front.client().echo(canary(70, 1))
    sent = [sink.recv(100)] if not front.secure else []
    with pytest.raises(BlockingIOError):
        while front.secure:
            sent.append(sink.recv(100))
        raise BlockingIOError
    assert len(sent) == (0 if front.secure else 1), "the sink sees what is sent in clear"


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("early", ["yes", "no"])
def test_a_thread_that_sends_while_another_binds(front, sink, early):
    """From the moment bind() has returned nothing goes out in clear, nor ever from the port."""
    front.start("bind_race", "--sink", sink.getsockname()[1], "--early", early,
                "--rounds", 30 if build.SANITIZE else 100)
    front.client().echo(canary(60))
    with pytest.raises(BlockingIOError):
        while True:
            text, source = sink.recvfrom(100)
            assert text == b"before" and source[1] != front.port
