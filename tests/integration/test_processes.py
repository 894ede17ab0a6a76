# SPDX-License-Identifier: Apache-2.0
"""Ensures that a protected socket can belong to more than the process that bound it."""

import socket

import pytest

from support import build
from support.client import canary

pytestmark = pytest.mark.fronts("plain", "shim")


def activate(front, server, *args, **kwargs):
    """Starts a server whose socket somebody without the shim has bound."""
    front.start("activate", "--run", build.victim(server)[0], *args, **kwargs)


# sockets that arrive bound


@pytest.mark.parametrize("io", ["recvfrom", "poll"])
def test_a_socket_that_was_bound_by_another_program_is_protected(front, io):
    activate(front, "inherited", "--io", io)
    clients = [front.client() for _ in range(2)]
    for tag, client in enumerate(clients):
        client.echo(canary(40, tag))
        client.echo(canary(9000, tag))


@pytest.mark.fronts("shim")
def test_what_waited_in_clear_in_a_passed_socket_is_not_delivered(front):
    front.hostile = True
    activate(front, "inherited", "--io", "poll", "--text", "early plaintext")
    front.client().echo(canary(40))
    assert [text for _, text in front.received(1)] == [canary(40).decode()]


@pytest.mark.fronts("shim")
def test_a_passed_socket_that_is_connected_is_protected_before_its_first_write(front):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        activate(front, "inherited", "--io", "rw", "--peer", sock.getsockname()[1])
        front.process.wait_for("NOTE write: EPERM")
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv(100)
        client = front.client(address=("127.0.0.1", front.port), sock=sock)
        client.echo(canary(40))
        client.echo(canary(41))


def test_a_passed_socket_on_another_port_stays_as_it_is(front):
    """Not every socket a program inherits is one to be protected."""
    activate(front, "inherited", options={"ports": build.free_port()})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(b"in clear", ("127.0.0.1", front.port))
        assert sock.recv(100) == b"in clear"
