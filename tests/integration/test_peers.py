# SPDX-License-Identifier: Apache-2.0
"""Ensures that a program knows its peers: by one address where it wants that, and by name."""

import re
import threading

import pytest

from support import build
from support.client import Timeout, canary

pytestmark = pytest.mark.fronts("shim")


def port_of(front):
    """The port the server's peer has now, as the wire shows it."""
    return front.net._flows[next(iter(front.net._flows))].sock.getsockname()[1]


@pytest.mark.parametrize("server", ["blocking", "epoll_loop", "asyncio_echo.py"])
def test_one_address_for_the_whole_session(front, server):
    if server.endswith(".py") and "thread" in build.SANITIZE:
        pytest.skip("interpreters do not run with a preloaded TSan run-time")
    front.start(server, options={"peer-address": "stable"})
    client = front.client()
    first = client.ask("?peer") if not server.endswith(".py") else None
    for move in range(6):
        front.net.rebind()
        client.echo(canary(40, move))
        if first:
            assert client.ask("?peer") == first
    assert front.handshakes() == 1


def test_current_address_follows_and_the_one_before_still_works(front):
    """What the program sends to the address it knew reaches the device, until it moves again."""
    front.start("blocking")
    client = front.client()
    seen = {client.ask("?peer")}
    for _ in range(3):
        front.net.rebind()
        seen.add(client.ask("?peer"))
    assert len(seen) == 4
    assert front.handshakes() == 1


@pytest.mark.parametrize("choice", ["current", "stable"])
def test_echo_goes_on_while_the_address_moves(front, choice):
    """Messages under way while the port changes: all but those a NAT swallows come back."""
    front.start("poll_loop", options={"peer-address": choice, "rebind": "immediate"})
    client = front.client()
    stop = threading.Event()

    def wander():
        while not stop.wait(0.05):
            front.net.rebind()

    mover = threading.Thread(target=wander)
    mover.start()
    lost = 0
    try:
        for tag in range(60):
            client.send(canary(30, tag))
            try:
                back = client.recv(timeout=1)
                assert back in {canary(30, t) for t in range(tag + 1)}
            except Timeout:
                lost += 1
    finally:
        stop.set()
        mover.join()
    assert lost < 30
    assert front.handshakes() == 1


@pytest.mark.parametrize("server", ["peer_api", "peer_api.py"])
@pytest.mark.parametrize("choice", ["current", "stable"])
def test_program_asks_who_its_peer_is(front, server, choice):
    if server.endswith(".py") and "thread" in build.SANITIZE:
        pytest.skip("interpreters do not run with a preloaded TSan run-time")
    front.start(server, options={"peer-address": choice})
    client = front.client()
    for _ in range(2):
        found = re.fullmatch(r"id=dev0 len=4 cert=0 suite=([0-9a-f]{4}) cid=8 port=(\d+)",
                             client.ask("?who"))
        assert found
        assert int(found[1], 16) == client.dtls.suite.id
        assert int(found[2]) == port_of(front)          # the true one, though it moved
        front.net.rebind()


@pytest.mark.fronts("plain")
@pytest.mark.parametrize("server", ["peer_api", "peer_api.py"])
def test_program_that_asks_runs_without_the_shim(front, server):
    front.start(server)
    assert front.client().ask("?who") == "no shim"


def test_identity_may_come_from_a_certificate(front, authority):
    pair, mine = authority.certify("localhost"), authority.certify("device-7")
    front.start("peer_api", options={"psk-csv": None, "cert": pair.cert, "key": pair.key,
                                     "ca": authority.ca})
    client = front.client(ca=str(authority.ca), cert=str(mine.cert), key=str(mine.key))
    assert re.match(r"id=CN=device-7 len=11 cert=1 ", client.ask("?who"))
