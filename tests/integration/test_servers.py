# SPDX-License-Identifier: Apache-2.0
"""Ensures that servers of every usual make serve through shim and proxy as they do in clear."""

import os
import shutil

import pytest

from support.client import canary

# One line a server: program and its arguments.
STYLES = {
    "blocking": ["blocking"],
    "rcvtimeo": ["blocking", "--timeout", "50"],
    "select": ["select_loop"],
    "poll": ["poll_loop"],
    "epoll-drain": ["epoll_loop", "--mode", "drain"],
    "epoll-one": ["epoll_loop", "--mode", "one"],
    "epoll-edge": ["epoll_loop", "--mode", "edge"],
    "epoll-oneshot": ["epoll_loop", "--mode", "oneshot"],
    "epoll-early": ["epoll_loop", "--mode", "edge", "--early", "yes"],
    "pktinfo": ["pktinfo"],
    "mmsg": ["mmsg"],
    "mmsg-syscall": ["mmsg", "--via", "syscall"],
    "connected": ["connected", "--io", "send"],
    "connected-rw": ["connected", "--io", "rw"],
    "threads-shared": ["threads", "--mode", "shared"],
    "threads-reuseport": ["threads", "--mode", "reuseport"],
    "threads-dup": ["threads", "--mode", "dup"],
    "fortified-recvfrom": ["fortified", "--io", "recvfrom"],
    "fortified-recv": ["fortified", "--io", "recv"],
    "fortified-read": ["fortified", "--io", "read"],
    "close-before-loop": ["closer", "--when", "before", "--how", "loop"],
    "close-before-closefrom": ["closer", "--when", "before", "--how", "closefrom"],
    "close-before-range": ["closer", "--when", "before", "--how", "range"],
    "close-after-loop": ["closer", "--when", "after", "--how", "loop"],
    "close-after-range": ["closer", "--when", "after", "--how", "range"],
    "daemon-before-bind": ["daemonize", "--when", "before"],
    "daemon-after-bind": ["daemonize", "--when", "after"],
    "alarm": ["alarm"],
    "alarm-restart": ["alarm", "--restart", "yes"],
    "asyncio": ["asyncio_echo.py"],
    "socketserver": ["socketserver_echo.py"],
    "socketserver-threading": ["socketserver_echo.py", "--mode", "threading"],
    "node": ["dgram_echo.js"],
}
# Nothing that these say is an error of theirs.
QUIET = {k: v for k, v in STYLES.items() if k not in ("alarm", "alarm-restart", "rcvtimeo")}


@pytest.fixture(params=STYLES)
def style(request):
    if STYLES[request.param][0].endswith((".py", ".js")):
        request.getfixturevalue("no_tsan_interpreter")
    if STYLES[request.param][0].endswith(".js") and shutil.which("node") is None:
        pytest.skip("node is not installed")
    return request.param


def test_every_message_comes_back_to_its_sender(front, style):
    front.start(*STYLES[style])
    clients = [front.client() for _ in range(3)]
    for tag, client in enumerate(clients):
        # A server that connects a new socket loses, in clear too, what comes from others between
        # its bind() and its connect(): first messages one by one.
        client.echo(canary(30, tag))
    for size in (1, 16, 1000, 16000):
        for tag, client in enumerate(clients):
            client.send(canary(size, tag))
        for tag, client in enumerate(clients):
            assert client.recv() == canary(size, tag)
    # a burst from one client: a server that reads one message a wake-up is woken for each
    for tag in range(5):
        clients[0].send(canary(50, tag))
    assert {clients[0].recv() for _ in range(5)} == {canary(50, tag) for tag in range(5)}
    assert front.process.alive() or front.process.detached
    if style in QUIET and not style.startswith("connected"):
        assert not front.process.has("^NOTE"), front.process


def test_the_call_tells_what_it_tells_without_protection(front, style):
    """Length, flags, name length, family, address, control messages of one message."""
    if STYLES[style][0].endswith((".py", ".js")):
        pytest.skip("this program shows nothing of the call")
    front.start(*STYLES[style])
    extra = {"pktinfo": " local=127.0.0.1 controllen=32"}.get(style, "")
    assert front.client().ask("?flags") == \
        "len=6 flags=0 namelen=16 family=2 from=127.0.0.1" + extra


def test_a_client_can_move_to_another_port(front, style):
    """In clear it is another client; protected it is the same session, without a handshake."""
    front.start(*STYLES[style])
    client = front.client()
    client.echo(canary(100, 1))
    if front.secure:
        front.net.rebind()
    client.rebind()
    client.echo(canary(100, 2))
    client.echo(canary(100, 3))
    if front.secure:
        assert front.handshakes() == 1


@pytest.mark.parametrize("mode", ["shared", "reuseport", "dup"])
def test_threads_share_the_work(front, mode, nightly):
    """Many messages in flight from many clients; each comes back to its sender, once."""
    front.start("threads", "--mode", mode)
    clients = [front.client() for _ in range(8)]
    for turn in range(nightly(3, 50)):
        sent = [[canary(60, 1000 * turn + 100 * c + n) for n in range(15)] for c in range(8)]
        for messages in zip(*sent):
            for client, message in zip(clients, messages):
                client.send(message)
        for client, messages in zip(clients, sent):
            assert sorted(client.recv() for _ in messages) == sorted(messages)


def cpu_seconds(process):
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("style", ["blocking", "select", "poll", "epoll-drain", "epoll-edge",
                                   "mmsg", "threads-shared", "threads-dup"])
def test_an_idle_server_uses_no_time(front, style):
    """With a session, and with one half done: nobody spins while nothing happens."""
    front.start(*STYLES[style])
    client = front.client()
    client.echo(canary(30))
    if front.secure:
        front.client(handshake=False).dtls.hello1()
    before = cpu_seconds(front.process) + cpu_seconds(front.log)
    for _ in range(4):
        client_silence(client)
    assert cpu_seconds(front.process) + cpu_seconds(front.log) - before < 0.15
    client.echo(canary(30, 2))


def test_connected_sockets_know_their_peer(front):
    front.start("connected")
    for tag in range(3):
        client = front.client()
        client.echo(canary(100, tag))
        front.process.wait_for("NOTE connected peer=same", n=tag + 1)
        client.echo(canary(100, tag + 10))


def test_signals_interrupt_a_waiting_server(front):
    front.start("alarm")
    front.process.wait_for("NOTE interrupted 3")
    front.client().echo(canary(30))


def test_restarted_calls_keep_waiting(front):
    """The alarm goes off several times inside one receive, which then still gets the message."""
    front.start("alarm", "--restart", "yes")
    client = front.client()
    for tag in range(200):
        client.echo(canary(30, tag))
        if front.process.has("NOTE restarted"):
            return
        client_silence(client)
    raise AssertionError(f"never restarted\n{front.process}")


def client_silence(client):
    """Passes time by waiting for a message that does not come."""
    with pytest.raises(TimeoutError):
        client.recv(timeout=0.1)


def test_receive_time_limit_goes_off_when_nothing_comes(front):
    front.start("blocking", "--timeout", "50")
    front.process.wait_for("NOTE tick 2")
    client = front.client()
    client.echo(canary(30))
    front.process.wait_for("NOTE tick", after=front.process.mark())
    client.echo(canary(30, 2))
