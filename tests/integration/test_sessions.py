# SPDX-License-Identifier: Apache-2.0
"""Ensures that sessions begin, move, are replaced and end as promised."""

import signal

import pytest

from forwarder import C2S, S2C
from support.client import Timeout, canary
from support.front import KALLE, dtls12

pytestmark = pytest.mark.fronts("shim", "proxy")


# What EUB's own end-to-end tests ask of their proxy

@pytest.mark.one_process
def test_handshake(front):
    """With EUB's key file and a client that insists on the extended master secret."""
    front.start("blocking")
    client = front.client(psk=KALLE, ems="require")
    assert client.dtls.state == "established"
    front.log.wait_for('event=established .*id="?Kalle')


def test_echo(front):
    front.start("blocking")
    front.client(psk=KALLE).echo(b"hello from Kalle")


@pytest.mark.one_process
def test_session_replacement(front):
    """A second client with the same identity: the first is told, and nobody hears it any more."""
    front.start("blocking")
    first = front.client(psk=KALLE)
    first.echo(canary(30, 1))
    second = front.client(psk=KALLE)
    with pytest.raises(dtls12.Closed):
        first.recv()
    second.echo(canary(30, 2))
    seen = len(front.received(2))
    first.dtls.send(canary(30, 3))
    second.echo(canary(30, 4))
    with pytest.raises(dtls12.DtlsError):
        first.recv(timeout=0.2)
    assert len(front.received(seen + 1)) == seen + 1
    front.log.wait_for("event=closed .*reason=replaced")


@pytest.mark.one_process
def test_bad_key_does_not_block_a_good_client(front):
    front.start("blocking")
    good = front.client()
    with front.refused():
        front.client(psk=(KALLE[0], b"not the key"), timeout=2)
    with front.refused():
        front.client(psk=(b"nobody", b"whatever"), timeout=2)
    good.echo(canary(30, 1))
    front.client(psk=KALLE).echo(canary(30, 2))
    front.log.wait_for("event=failed .*reason=psk_unknown")
    front.log.wait_for("event=failed .*reason=psk_wrong")


def test_one_half_of_a_handshake_does_not_block_others(front):
    """Clients that stop after each step, with the good one in between."""
    front.start("blocking")
    for stage in range(3):
        stuck = front.client(handshake=False).dtls
        stuck.hello1()
        if stage > 0:
            stuck.hello2()
        if stage > 1:                           # key exchange only, no Finished
            stuck.send_raw(stuck.encode(stuck.make_flight3()[:1])[0])
        front.client(timeout=5).echo(canary(30, stage))


def test_a_failed_replacement_leaves_the_session_alone(front):
    """Who knows only the identity must not end anybody's session."""
    front.start("blocking")
    client = front.client(psk=KALLE)
    with front.refused():
        front.client(psk=(KALLE[0], b"guess"), timeout=2)
    client.echo(canary(30))
    assert not front.log.has("event=closed")


def test_replacement_can_be_switched_off(front):
    front.start("blocking", options={"one-session-per-identity": "false"})
    first, second = front.client(psk=KALLE), front.client(psk=KALLE)
    first.echo(canary(30, 1))
    second.echo(canary(30, 2))


# Moving

def test_nat_rebinding_in_mid_session(front):
    """The wire's source port changes three times: one handshake, every message comes back."""
    front.start("blocking")
    client = front.client()
    for move in range(4):
        client.echo(canary(30, move))
        mark = front.log.mark()
        front.net.rebind()
        client.echo(canary(30, move + 10))
        front.log.wait_for("event=rebind peer=.* old=", after=mark)
    assert front.handshakes() == 1


def test_a_client_that_always_moves_does_not_fill_the_log(front):
    front.start("blocking", options={"log": "info"})
    client = front.client()
    for move in range(60):
        front.net.rebind()
        client.echo(canary(30, move))
    front.net.rebind()
    client.close()
    front.log.wait_for("event=closed .*peer_closed")
    assert 1 <= front.log.count("event=rebind") <= 12


def test_many_clients_move_at_once(front):
    front.start("epoll_loop", "--mode", "edge")
    clients = [front.client() for _ in range(10)]
    for turn in range(3):
        front.net.rebind()
        for tag, client in enumerate(clients):
            client.send(canary(30, tag))
        for tag, client in enumerate(clients):
            assert client.recv() == canary(30, tag)
    assert front.handshakes() == len(clients)


def test_a_moved_client_without_connection_id_needs_a_handshake(front):
    front.start("blocking")
    client = front.client(cid=None)
    client.echo(canary(30))
    client.rebind()
    client.dtls.send(canary(30, 2))
    with pytest.raises(Timeout):
        client.recv(timeout=0.3)
    assert len(front.received(1)) == 1


def test_an_old_record_from_a_new_address_moves_nothing(front):
    """RFC 9146, 6: only a record newer than any before it may."""
    front.start("blocking")
    client = front.client()
    client.echo(canary(30, 1))
    late = client.dtls.seal(23, canary(30, 2))          # its number is taken, it is sent later
    client.echo(canary(30, 3))
    old = client.dtls.sock
    client.dtls.rebind(keep=True)
    client.dtls.send_raw(late)
    with pytest.raises(Timeout):                        # the answer goes to where we were
        client.recv(timeout=0.3)
    assert len(front.received(3)) == 3
    client.dtls.sock = old
    assert client.recv() == canary(30, 2)
    assert not front.log.has("event=rebind")


def test_a_forged_record_from_a_new_address_moves_nothing(front):
    front.start("blocking")
    client = front.client()
    client.echo(canary(30, 1))
    forged = bytearray(client.dtls.seal(23, canary(30, 2), seq=99))
    forged[-1] ^= 1
    old = client.dtls.sock
    client.dtls.rebind(keep=True)
    client.dtls.send_raw(bytes(forged))
    client.dtls.sock = old
    client.echo(canary(30, 3))
    assert not front.log.has("event=rebind")


def test_rebinding_can_be_switched_off(front):
    front.start("blocking", options={"rebind": "never"})
    client = front.client()
    client.echo(canary(30, 1))
    old = client.dtls.sock
    client.dtls.rebind(keep=True)
    client.send(canary(30, 2))
    client.dtls.sock = old
    assert client.recv() == canary(30, 2)               # heard, answered where it was before
    assert front.handshakes() == 1


def test_few_bytes_go_to_an_address_that_has_proved_nothing(front):
    """RFC 9146, 6: at most three times what came from there."""
    front.start("probe_sock")
    client = front.client()
    client.echo(canary(30, 1))
    front.net.rebind()
    mark = front.net.mark()
    client.send(b"!size 9000")
    with pytest.raises(Timeout):
        for _ in range(2):
            client.recv(timeout=0.3)
    assert front.net.bytes(S2C, since=mark) <= 3 * front.net.bytes("c2s", since=mark)


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("choice", ["current", "stable"])
def test_the_address_the_application_sees(front, choice):
    """current: it follows the client; stable: that of the handshake for the whole session."""
    front.start("blocking", options={"peer-address": choice})
    client = front.client()
    first = client.ask("?peer")
    front.net.rebind()
    assert (client.ask("?peer") == first) == (choice == "stable")
    client.echo(canary(30))


# Ending

@pytest.mark.one_process
def test_a_closed_session_is_closed(front):
    """RFC 5246, 7.2.1: what comes after close_notify is ignored."""
    front.start("blocking")
    client = front.client()
    client.echo(canary(30, 1))
    client.dtls.alert(1, 0)
    client.dtls.send(canary(30, 2))
    front.log.wait_for("event=closed .*reason=peer_closed")
    front.client().echo(canary(30, 3))
    assert len(front.received(2)) == 2


@pytest.mark.parametrize("option, reason", [("idle-timeout", "idle"), ("max-age", "age")])
def test_a_session_ends_in_time_with_a_word(front, option, reason):
    front.start("blocking", options={option: 1})
    client = front.client()
    client.echo(canary(30))
    with pytest.raises(dtls12.Closed):
        client.recv(timeout=10)
    front.log.wait_for(f"event=closed .*reason={reason}")
    front.client().echo(canary(30))


@pytest.mark.one_process
def test_the_least_recently_used_session_makes_room(front):
    front.start("blocking", options={"max-sessions": 4})
    clients = [front.client() for _ in range(4)]
    for tag, client in enumerate(clients):
        client.echo(canary(30, tag))
    clients[0].echo(canary(30, 10))             # now the second is the oldest
    fifth = front.client()
    fifth.echo(canary(30, 11))
    with pytest.raises(dtls12.Closed):
        clients[1].recv()
    for client in (clients[0], clients[2], clients[3]):
        client.echo(canary(30, 12))
    front.log.wait_for("event=closed .*reason=evicted")
    assert front.log.count("event=closed .*reason=evicted") == 1


def test_a_client_that_starts_again_from_its_port(front):
    """RFC 6347, 4.2.8: a rebooted device, same address, new session, same identity."""
    front.start("blocking")
    client = front.client(psk=KALLE)
    client.echo(canary(30, 1))
    again = front.client(psk=KALLE, sock=client.dtls.sock.dup())
    again.echo(canary(30, 2))
    assert front.handshakes() == 2


def test_a_reused_port_belongs_to_the_newer_device(front):
    """Device B appears where device A was: answers for A must not go to B."""
    front.start("blocking")
    a = front.client()
    a.echo(canary(30, 1))
    b = front.client(sock=a.dtls.sock.dup())
    b.echo_in_the_end(canary(30, 2))
    a.rebind()
    a.send(canary(30, 3))
    try:                                        # A may go on by its CID, or has to start again
        assert a.recv(timeout=0.3) == canary(30, 3)
    except dtls12.DtlsError:
        pass
    b.echo(canary(30, 4))


@pytest.mark.parametrize("server", ["blocking", "poll_loop", "mmsg"])
def test_an_answer_goes_to_nobody_else(front, server):
    """B sends A's record from its own address, then one of its own, while the server is busy.

    The server answers the two in turn, to the same address as it sees it: A's answer must not
    come to B under B's keys.
    """
    front.start(server)
    a, b = front.client(), front.client()
    a.echo(canary(40, 1))
    b.echo(canary(40, 2))
    stolen = a.dtls.seal(23, canary(40, 3))
    seen = len(front.net.datagrams(C2S))
    front.log.send_signal(signal.SIGSTOP)
    b.dtls.send_raw(stolen)
    b.send(canary(40, 4))
    assert front.net.wait(lambda _: len(front.net.datagrams(C2S)) == seen + 2)
    front.log.send_signal(signal.SIGCONT)
    front.received(4)
    answers = b.dtls.drain(0.3)
    assert canary(40, 3) not in answers
    b.echo(canary(40, 5))
