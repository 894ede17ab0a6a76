# SPDX-License-Identifier: Apache-2.0
"""Ensures that messages of every size and number arrive once, whole, and cost what they should."""


import pytest

from forwarder import C2S, S2C, SeededRule
from support import build
from support.client import CANARY, Timeout, canary
from support.front import dtls12

SIZES = [0, 1, 16, 1000, 1400, 9000, 16000, 16384]


@pytest.mark.parametrize("size", SIZES)
def test_echo_of_every_size(front, size):
    front.start("poll_loop")
    client = front.client()
    for tag in range(3):
        client.echo(canary(size, tag))
    assert [n for n, _ in front.received(3)] == [size] * 3


def test_fifty_clients_interleaved(front, nightly):
    front.start("epoll_loop", "--mode", "edge")
    clients = [front.client() for _ in range(nightly(50, 100))]
    for turn in range(nightly(4, 40)):
        for tag, client in enumerate(clients):
            client.send(canary(20 + turn * 100, tag))
        for tag, client in enumerate(clients):
            assert client.recv() == canary(20 + turn * 100, tag)


def test_echo_server_of_python_unmodified(front, no_tsan_interpreter):
    """The server of the demonstration."""
    front.start([*build.victim("echo.py"), "@PORT@"], ready=None)
    for tag in range(3):
        client = front.client()
        client.echo(canary(100, tag))
        client.echo(canary(1000, tag))


@pytest.mark.fronts("shim", "proxy")
def test_a_message_costs_38_bytes_to_the_server_and_29_back(front):
    """AES-128-CCM-8, 8-byte CID, client with a zero-length one; measured on the wire."""
    front.start("blocking")
    client = front.client(suites=[dtls12.suites.PSK_CCM_8], cid=b"")
    for size in (16, 17, 100, 1000):
        mark = front.net.mark()
        client.echo(canary(size))
        assert front.net.overheads(size, C2S, mark) == {38}
        assert front.net.overheads(size, S2C, mark) == {29}


@pytest.mark.fronts("shim", "proxy")
@pytest.mark.parametrize("server_len", [0, 1, 4, 16, 32])
@pytest.mark.parametrize("client_cid", [None, b"", b"c", bytes(range(32))], ids=repr)
def test_connection_ids_of_every_length(front, server_len, client_cid):
    """None: the client does not offer the extension.  Sizes are checked by the client."""
    front.start("blocking", options={"cid-length": server_len})
    client = front.client(cid=client_cid)
    client.echo(canary(100))
    assert len(client.dtls.server_cid) == (0 if client_cid is None else server_len)
    if client.dtls.server_cid:
        client.rebind()
        client.echo(canary(100, 2))
        assert front.handshakes() == 1


@pytest.mark.fronts("shim", "proxy")
def test_two_clients_behind_one_address_without_connection_ids(front):
    """Without CIDs a session is its address: the newer client there ends the older's session."""
    front.start("blocking")
    first = front.client(cid=None)
    first.echo(canary(30))
    sock = first.dtls.sock.dup()
    second = front.client(cid=None, sock=sock)
    second.echo_in_the_end(canary(30, 2))


@pytest.mark.fronts("shim", "proxy")
@pytest.mark.parametrize("seed", range(3))
def test_handshake_and_messages_over_a_bad_network(front, seed, nightly):
    """A fifth lost, some twice, some late: handshakes complete, each message at most once."""
    for round in range(nightly(1, 50)):
        rule = SeededRule(f"{seed} {round}", drop=0.2, dup=0.1, reorder=0.1)
        front.start("poll_loop", rule=rule)
        client = front.client(rto=0.2, timeout=40)
        sent = 0
        for tag in range(20):
            client.send(canary(40, sent))
            sent += 1
        got = []
        try:
            while True:
                got.append(client.recv(timeout=0.5))
        except Timeout:
            pass
        assert len(got) == len(set(got)) and set(got) <= {canary(40, t) for t in range(sent)}
        assert got, "nothing came through"
        assert len(front.received()) == len(set(front.received()))


@pytest.mark.fronts("shim", "proxy")
@pytest.mark.parametrize("direction", [C2S, S2C])
def test_handshake_survives_the_loss_of_any_datagram(front, direction):
    """Each of the first six datagrams of a direction lost once; one session each time."""
    for lost in range(6):
        if lost == 0:
            lose = {"direction": None, "number": None}
            front.start("blocking", rule=lambda d, n, data: [] if lose.get("hit", lambda *a: 0)(
                d, n) else [(0, data)])
        mark = sum(1 for d in front.net.datagrams(direction))
        lose["hit"] = lambda d, n, at=mark + lost: d == direction and n == at
        client = front.client(rto=0.2, timeout=20)
        lose.pop("hit")
        client.echo(canary(40, lost))


@pytest.mark.fronts("shim", "proxy")
def test_a_repeated_datagram_is_delivered_once(front):
    front.start("blocking")
    client = front.client()
    for tag in range(5):
        client.echo(canary(40, tag))
    # the same bytes again, from the same address and from another one
    for datagram in front.net.datagrams(C2S):
        client.dtls.send_raw(datagram.data)
    client.rebind()
    for datagram in front.net.datagrams(C2S):
        client.dtls.send_raw(datagram.data)
    client.echo(canary(40, 5))
    client.dtls.drain(0.1)
    assert len(front.received(6)) == 6
    assert CANARY.decode() in front.received()[0][1]
