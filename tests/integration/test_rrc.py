# SPDX-License-Identifier: Apache-2.0
"""Ensures that peers with RFC 9853 are asked where they are, and are believed.

The client is the independent one; the forwarder moves it, or it moves itself and keeps its old socket.
"""

import signal
import time

import pytest

from forwarder import C2S, S2C
from support.client import Timeout, canary
from support.front import dtls12
from support.legacy import Caller

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

BIG = 9000      # bytes, far beyond three times what asks for them


def ask_much(client):
    client.send(b"!size %d" % BIG)
    return len(client.recv())


def test_a_moved_client_is_trusted_after_one_round_trip(front):
    front.start("probe_sock")
    client = front.client(rrc=True)
    client.echo(canary(30))
    front.net.rebind()
    client.echo(canary(30, 1))                  # and answers the challenge that came before
    assert [kind for kind, _ in client.dtls.path_messages] == [dtls12.PATH_CHALLENGE]
    assert ask_much(client) == BIG
    assert len(front.received(2)) == 2          # the program saw its messages, and nothing else


def test_each_move_is_asked_with_another_cookie(front):
    front.start("probe_sock")
    client = front.client(rrc=True)
    for move in range(3):
        front.net.rebind()
        client.echo(canary(30, move))
    assert len({cookie for _, cookie in client.dtls.path_messages}) == 3
    assert ask_much(client) == BIG


def test_a_silent_client_is_sought_where_it_was(front):
    """Its new address gets no more than three times what came from there."""
    front.start("probe_sock")
    client = front.client(rrc=True)
    client.echo(canary(30))
    client.dtls.path_answer = None
    old = client.dtls.sock
    client.dtls.rebind(keep=True)
    mark = front.net.mark()
    client.send(b"!size %d" % BIG)
    with pytest.raises(Timeout):                # a word of the program that it could not, perhaps
        for _ in range(2):
            client.recv(timeout=0.3)
    front.log.wait_for("event=rebind .*reason=path_silent")
    sent = front.net.bytes(S2C, since=mark)
    assert sent <= 3 * front.net.bytes(C2S, since=mark)
    client.dtls.sock = old
    assert ask_much(client) == BIG


@pytest.mark.parametrize("offered", [True, False])
def test_the_extension_is_there_if_both_want_it(front, offered):
    front.start("blocking", options={"rrc": "off" if offered else "basic"})
    client = front.client(rrc=offered)
    assert not client.dtls.rrc
    front.net.rebind()
    client.echo(canary(30))
    assert not client.dtls.path_messages


def test_a_challenge_of_the_client_is_answered(front):
    """Without a CID in its records they have the content type 27 in clear."""
    front.start("blocking", options={"cid-length": 0})
    client = front.client(rrc=True, cid=b"ours")
    assert client.dtls.rrc
    client.dtls.path(dtls12.PATH_CHALLENGE, b"a cookie")
    client.echo(canary(30))
    assert client.dtls.path_messages == [(dtls12.PATH_RESPONSE, b"a cookie")]
    assert any(r.type == 27 for _, r in front.net.records(C2S))


# Enhanced checks

def moved(front):
    """A client that asked from a new address, and its old socket."""
    front.start("probe_sock", options={"rrc": "enhanced"})
    client = front.client(rrc=True)
    client.echo(canary(30))
    old = client.dtls.sock
    new = client.dtls.rebind(keep=True)
    client.send(canary(30, 1))
    return client, old, new


def test_who_copies_records_moves_nobody(front):
    client, old, new = moved(front)
    client.dtls.sock = old                      # the client is where it was
    assert client.recv() == canary(30, 1)       # so is the answer to what somebody else passed on
    front.log.wait_for("event=rebind_refused .*reason=path_kept")
    client.echo(canary(30, 2))
    assert not front.log.has("event=rebind peer")
    client.dtls.sock = new
    assert not client.dtls.discard()


def test_a_client_says_that_it_left(front):
    client, old, new = moved(front)
    client.dtls.path_answer, client.dtls.sock = dtls12.PATH_DROP, old
    deadline = time.monotonic() + 5
    while not client.dtls.path_messages:
        client.dtls.take(deadline)
    front.log.wait_for("event=rebind peer")
    client.dtls.path_answer, client.dtls.sock = dtls12.PATH_RESPONSE, new
    client.send(canary(30, 2))
    while client.recv() != canary(30, 2):       # the answer to the one before may come here, or there
        pass
    assert ask_much(client) == BIG


def test_a_client_whose_old_address_is_dead_is_found_at_the_new_one(front):
    front.start("probe_sock", options={"rrc": "enhanced"})
    client = front.client(rrc=True)
    client.echo(canary(30))
    front.net.rebind()
    client.send(canary(30, 1))
    front.log.wait_for("event=rebind peer")
    client.echo(canary(30, 2))
    assert ask_much(client) == BIG


# Our clients

def test_a_client_under_the_shim_answers(front):
    front.start("probe_sock")
    call = Caller(front, f"5683={front.net.address[1]}")
    call("s = udp()")
    call("s.connect(('127.0.0.1', 5683))")
    for tag in range(3):
        call(f"s.send({canary(30, tag)!r})")
        assert call("s.recv(100)") == canary(30, tag)
        front.net.rebind()
    call(f"s.send({canary(30, 9)!r})")
    assert call("s.recv(100)") == canary(30, 9)
    call(f"s.send(b'!size {BIG}')")
    assert len(call("s.recv(10000)")) == BIG


@pytest.mark.fronts("proxy")
def test_the_counters_say_how_it_went(front):
    front.start("probe_sock")
    client = front.client(rrc=True)
    client.echo(canary(30))
    front.net.rebind()
    client.echo(canary(30, 1))
    client.dtls.path(dtls12.PATH_RESPONSE, b"12345678")
    client.echo(canary(30, 2))
    front.log.send_signal(signal.SIGUSR1)
    line = " ".join(front.log.wait_for(f"event=stats.* ({name}=1)( |$)")[1] for name in
                    ("rrc_challenges", "rrc_proven", "drop_rrc_cookie"))
    assert line == "rrc_challenges=1 rrc_proven=1 drop_rrc_cookie=1"
