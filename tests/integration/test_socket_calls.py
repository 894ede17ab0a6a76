# SPDX-License-Identifier: Apache-2.0
"""Ensures that socket calls answer as they do without protection.

tests/servers/probe_*.c try a call on request and send back all they saw of it.  The same request
goes to a bare server; the two answers must be the same to the last character.
"""

import pytest

from support import build
from support.client import canary
from support.front import Front

HELLO = b"0123456789"

# name: (server, request, messages after "go")
PROBES = {
    "short buffer": ("probe_recv", "!short 4", [HELLO]),
    "MSG_TRUNC": ("probe_recv", "!trunc 4", [HELLO]),
    "MSG_PEEK": ("probe_recv", "!peek 4", [HELLO]),
    "recvmsg flags": ("probe_recv", "!recvmsg 6", [HELLO, HELLO, HELLO]),
    "zero-length buffer": ("probe_recv", "!zero", [HELLO]),
    "FIONREAD": ("probe_recv", "!fionread", [HELLO, b"abc"]),
    "non-blocking": ("probe_recv", "!nonblock", [HELLO]),
    "SO_RCVTIMEO": ("probe_recv", "!timeout 60", [HELLO]),
    "EINTR": ("probe_recv", "!interrupted", []),
    "poll": ("probe_recv", "!poll", [HELLO]),
    "epoll": ("probe_recv", "!epoll", [HELLO]),
    "name length 4": ("probe_recv", "!namelen 4", [HELLO, b"abc"]),
    "name length 16": ("probe_recv", "!namelen 16", [HELLO, b"abc"]),
    "name length 0": ("probe_recv", "!namelen 0", [HELLO, b"abc"]),
    "readv": ("probe_recv", "!scatter", [HELLO, b"abc"]),
    "recvmmsg": ("probe_recv", "!several", [b"one", b"two", b"three"]),
    "control messages": ("probe_recv", "!control", [HELLO, HELLO, HELLO]),
    "MSG_ERRQUEUE": ("probe_recv", "!errqueue", []),
    "SIGIO": ("probe_recv", "!sigio", [HELLO]),
    "names": ("probe_sock", "!names", []),
    "options": ("probe_sock", "!options", []),
    "duplicates": ("probe_sock", "!duplicates", [b"a", b"b", b"c", b"d", b"e"]),
    "number reused": ("probe_sock", "!move", [HELLO]),
    "command": ("probe_sock", "!command", []),
    "child": ("probe_sock", "!child", [HELLO]),
}


def conversation(client, request, messages):
    """Sends a request and what it asks for; every message that came back."""
    client.send(request.encode())
    answers = []
    if messages:
        answers.append(client.recv())
        assert answers == [b"go"], answers
        for message in messages:
            client.send(message)
    while not answers or not answers[-1].startswith(request[1:].split()[0].encode()):
        answers.append(client.recv(15))
    return answers


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """reference(server, request, messages): the answers of a bare server."""
    fronts, seen = {}, {}

    def ask(server, request, messages):
        if server not in fronts:
            fronts[server] = Front("plain", tmp_path_factory.mktemp(server)).start(server)
        if request not in seen:
            seen[request] = conversation(fronts[server].client(), request, messages)
        return seen[request]

    yield ask
    for front in fronts.values():
        front.close()


@pytest.mark.parametrize("probe", PROBES)
def test_call_answers_as_without_protection(front, reference, probe):
    server, request, messages = PROBES[probe]
    front.start(server)
    client = front.client()
    assert conversation(client, request, messages) == reference(server, request, messages)
    client.echo(canary(100))                    # and the socket still works


def test_probes_see_what_the_manual_says(reference):
    """The comparison above would not notice a probe that finds nothing anywhere."""
    assert reference(*PROBES["short buffer"])[-1] == b"short recv=4:0123 rest=EAGAIN"
    assert reference(*PROBES["MSG_TRUNC"])[-1] == b"trunc recv=10:0123 rest=EAGAIN"
    assert b"again=10:0123 recv=10:0123456789 rest=EAGAIN" in reference(*PROBES["MSG_PEEK"])[-1]
    assert b"first=10 " in reference(*PROBES["FIONREAD"])[-1]
    assert reference(*PROBES["EINTR"])[-1].count(b"EINTR") == 5
    assert b"recv=EAGAIN took=right" in reference(*PROBES["SO_RCVTIMEO"])[-1]
    assert b"signal=SIGIO" in reference(*PROBES["SIGIO"])[-1]


@pytest.mark.parametrize("other", [0, 1], ids=["alone", "beside a handler that interrupts"])
def test_a_restarted_receive_waits_on(front, other):
    """SA_RESTART: the handler runs, the call goes on and gets the message sent afterwards."""
    if other and "thread" in build.SANITIZE:
        pytest.skip("TSan puts handlers off")
    front.start("probe_recv")
    client = front.client()
    client.send(b"!restarted %d" % other)
    front.process.wait_for("NOTE alarm")
    client.send(HELLO)
    assert client.recv() == b"restarted recv=10:0123456789 alarms=1"


def test_every_call_that_sends(front, reference):
    """What the calls return, and that each message arrives once and whole."""
    front.start("probe_sock")
    client = front.client()
    answers = conversation(client, "!calls", [])
    assert answers == reference("probe_sock", "!calls", [])
    assert answers[:-1] == [b"sendmsg"] * 3 + [b"nowait"]


def test_a_connected_socket_and_back(front):
    front.start("probe_sock")
    client = front.client()
    client.send(b"!connected")
    for expected in (b"send", b"write", b"writev", b"sendto"):
        assert client.recv() == expected
    client.send(b"first")
    client.send(b"second")
    assert client.ask(b"hi") == ("connected connect=0 getpeername=0,same send=4 write=5 writev=6 "
                                 "sendto=6 read=5:first recv=6:second disconnect=0 "
                                 "getpeername=ENOTCONN")
    assert client.recv() == b"hi"
    front.client().echo(canary(100))


def test_shutdown(front):
    front.start("probe_sock")
    client = front.client()
    client.send(b"!shutdown")
    assert client.recv() == b"last"
    front.process.wait_for(r"NOTE shutdown shutdown=ENOTCONN poll=1,0x2001 recv=0 send=4 "
                           r"shutdown=ENOTCONN send=EPIPE$")
    assert front.process.wait_exit() == 0


def test_a_server_that_opens_its_socket_again(front):
    """Sessions end with the socket they belong to; a new handshake serves."""
    front.start("probe_sock")
    client = front.client()
    client.send(b"!reopen")
    front.process.wait_for("NOTE reopened")
    front.client().echo(canary(100))


@pytest.mark.parametrize("size", [0, 1, 1000, 1400, 9000, 16384])
def test_messages_to_the_client_of_every_size(front, size):
    front.start("probe_sock")
    client = front.client()
    client.send(b"!size %d" % size)
    assert client.recv() == b"s" * size
    assert client.recv() == b"size sendto=%d" % size


@pytest.mark.fronts("shim")
def test_too_large_a_message_is_refused_like_one_too_large_for_udp(front):
    """A record holds 16384 bytes (RFC 5246, 6.2.1): EMSGSIZE, and nothing on the wire."""
    front.start("probe_sock")
    client = front.client()
    for size in (16385, 65507):
        assert client.ask(b"!size %d" % size) == "size sendto=EMSGSIZE"
    client.echo(canary(100))


def test_dual_stack_server_sees_mapped_addresses(front):
    front.start("pktinfo", "--host", "::")
    assert front.client().ask("?flags") == "len=6 flags=0 namelen=28 family=10 " \
        "from=::ffff:127.0.0.1 local=::ffff:127.0.0.1 controllen=40"


def test_ipv6_server(front):
    front.start("pktinfo", "--host", "::1", listen="::1")
    assert front.client().ask("?flags") == \
        "len=6 flags=0 namelen=28 family=10 from=::1 local=::1 controllen=40"
    front.client().echo(canary(16000))


@pytest.mark.fronts("plain", "shim")
def test_answers_leave_from_the_address_the_message_came_to(front):
    """A server bound to all addresses answers from 127.0.0.3 to who asked 127.0.0.3."""
    front.start("pktinfo", "--host", "0.0.0.0", listen="127.0.0.3")
    client = front.client()
    assert client.ask("?flags").endswith("from=127.0.0.1 local=127.0.0.3 controllen=32") or \
        client.ask("?flags").endswith("from=127.0.0.3 local=127.0.0.3 controllen=32")
    client.echo(canary(100))


@pytest.mark.fronts("shim")
def test_the_server_sees_the_true_address_and_its_change(front):
    front.start("pktinfo")
    client = front.client()
    ports = []
    for _ in range(2):
        client.echo(canary(20))
        ports.append(front.net.datagrams()[-1].port)
        front.net.rebind()
    assert ports[0] != ports[1]
    assert front.handshakes() == 1
