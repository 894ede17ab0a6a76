# SPDX-License-Identifier: Apache-2.0
"""Ensures that the proxy starts, reloads, stops and bears its backend's moods."""

import os
import resource
import signal
import socket

import pytest

from support import build
from support.client import Timeout, canary
from support.front import KALLE, dtls12, write_csv

pytestmark = pytest.mark.fronts("proxy")


class Backend:
    """A server played by the test: bound when and where it wants, answers when it likes."""

    def __init__(self, port=0):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", port))
        self.sock.settimeout(5)
        self.port = self.sock.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def take(self):
        return self.sock.recvfrom(65536)

    def give(self, data, peer):
        self.sock.sendto(data, peer)


def start(front, backend_port, options=None, prefix=()):
    """The proxy alone, in front of a backend of the test's."""
    front.port, front.backend_port = build.free_port(), backend_port
    options = {"bind": f"127.0.0.1:{front.port}", "connect": f"127.0.0.1:{backend_port}",
               **front.options(options)}
    front.log = front.process = front.spawn([*prefix, *front.proxy_command(options)])
    front.log.wait_for("event=listening")
    front.address = ("127.0.0.1", front.port)
    return front


def test_terminated_it_says_goodbye(front):
    front.start("blocking")
    clients = [front.client() for _ in range(3)]
    front.log.send_signal(signal.SIGTERM)
    assert front.log.wait_exit() == 0
    for client in clients:
        with pytest.raises(dtls12.Closed):
            client.recv()


def test_a_backend_that_refuses_and_comes_back(front):
    """The session outlives a restart of the server behind it."""
    port = build.free_port()
    start(front, port)
    client = front.client()
    client.send(canary(40, 1))
    front.log.wait_for("event=backend_refused")
    with Backend(port) as backend:
        client.send(canary(40, 2))
        data, peer = backend.take()
        assert data == canary(40, 2)
        backend.give(b"here I am", peer)
        assert client.recv() == b"here I am"
    client.send(canary(40, 3))
    front.client()                              # and new ones are still let in
    with Backend(port) as backend:
        client.send(canary(40, 4))
        assert backend.take()[0] == canary(40, 4)


def test_a_backend_that_is_silent_delays_nobody(front):
    with Backend() as backend:
        start(front, backend.port)
        first, second = front.client(), front.client()
        first.send(canary(40, 1))
        _, first_peer = backend.take()
        second.send(canary(40, 2))
        _, second_peer = backend.take()
        assert first_peer != second_peer
        backend.give(b"for the second", second_peer)
        assert second.recv() == b"for the second"
        with pytest.raises(Timeout):
            first.recv(timeout=0.1)
        backend.give(b"late", first_peer)
        assert first.recv() == b"late"


def test_a_session_keeps_its_upstream_port_when_the_client_moves(front):
    """The backend takes a moved device for the one it knew."""
    with Backend() as backend:
        start(front, backend.port)
        client = front.client()
        client.send(canary(40, 1))
        _, before = backend.take()
        client.rebind()
        client.send(canary(40, 2))
        data, after = backend.take()
        assert (data, after) == (canary(40, 2), before)
        backend.give(b"to the new place", after)
        assert client.recv() == b"to the new place"


def test_a_message_out_of_the_blue_from_the_backend(front):
    """A notification long after the request, to where the device is now."""
    with Backend() as backend:
        start(front, backend.port)
        client = front.client()
        client.send(canary(40, 1))
        _, peer = backend.take()
        for tag in range(3):
            backend.give(canary(40, tag), peer)
            assert client.recv() == canary(40, tag)


def test_only_the_backend_is_heard_on_an_upstream_socket(front):
    with Backend() as backend, Backend() as other:
        start(front, backend.port)
        client = front.client()
        client.send(canary(40, 1))
        _, peer = backend.take()
        other.give(b"not for you", peer)
        backend.give(b"for you", peer)
        assert client.recv() == b"for you"


def test_reload_by_signal(front):
    """SIGHUP reads the keys again at once; a broken file changes nothing and is told."""
    front.start("blocking")
    kalle = front.client(psk=KALLE)
    write_csv(front.csv, {b"fresh": b"fresh key", KALLE[0]: KALLE[1]})
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for("event=reloaded")
    front.client(psk=(b"fresh", b"fresh key")).echo(canary(40, 1))
    kalle.echo(canary(40, 2))
    front.csv.write_text("broken\n")
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for(r"event=reload_failed .*keys\.csv:1: ")
    front.client(psk=(b"fresh", b"fresh key")).echo(canary(40, 3))


def test_log_that_cannot_be_opened_again_stays(front, tmp_path):
    log, rotated = tmp_path / "log", tmp_path / "log.1"
    front.start("blocking", options={"log-file": log, "log": "info"}, started=None)
    log.rename(rotated)
    log.symlink_to(tmp_path / "elsewhere")
    front.log.send_signal(signal.SIGHUP)
    front.log.stop()            # signals are taken in the order of their numbers
    assert f"event=reload_failed what=log: {log}: a symbolic link, which is not followed" in \
        rotated.read_text(encoding="utf-8")
    assert not (tmp_path / "elsewhere").exists()


def test_certificates_are_read_again_by_signal(front, authority):
    """A renewed certificate serves new handshakes; sessions go on."""
    pair = authority.certify("localhost")
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    old = front.client(ca=str(authority.ca))
    before = old.dtls.server_chain[0]
    renewed = authority.certify("localhost")      # over the same files
    assert renewed.cert == pair.cert
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for("event=reloaded")
    assert front.client(ca=str(authority.ca)).dtls.server_chain[0] != before
    old.echo(canary(40))


def test_few_descriptors_mean_fewer_upstreams_not_a_crash(front):
    """The limit is told at start, and the least recently used session makes room."""
    with Backend() as backend:
        start(front, backend.port, prefix=["prlimit", "--nofile=72:72"])
        room = int(front.log.has(r"event=listening .*max_upstreams=(\d+)")[1])
        assert 0 < room < 72
        clients = [front.client() for _ in range(room + 2)]
        for tag, client in enumerate(clients):
            client.send(canary(40, tag))
            data, peer = backend.take()
            backend.give(data, peer)
            assert client.recv() == canary(40, tag)
        assert front.log.alive()
        assert len(os.listdir(f"/proc/{front.log.pid}/fd")) <= 72
        front.log.wait_for("event=upstream_full")


def test_upstream_sockets_are_closed_with_their_sessions(front):
    with Backend() as backend:
        start(front, backend.port)
        before = len(os.listdir(f"/proc/{front.log.pid}/fd"))
        for tag in range(20):
            client = front.client(psk=KALLE)
            client.send(canary(40, tag))
            backend.take()
        client.close()
        front.log.wait_for("event=closed .*peer_closed")
        front.client().send(canary(40))
        backend.take()
        assert len(os.listdir(f"/proc/{front.log.pid}/fd")) <= before + 2


def test_memory_does_not_grow_with_handshakes(front, nightly):
    """Sessions replaced again and again leave nothing behind."""
    if build.SANITIZE:
        pytest.skip("sanitizers keep freed memory")
    front.start("blocking")

    def pages():
        return int(open(f"/proc/{front.log.pid}/statm").read().split()[1])

    def connect(times):
        for _ in range(times):
            front.client(psk=KALLE).dtls.abandon()

    connect(50)
    before = pages()
    connect(nightly(150, 3000))
    assert (pages() - before) * resource.getpagesize() < 256 * 1024


def test_an_ipv6_front_before_an_ipv4_backend(front):
    with Backend() as backend:
        front.port, front.backend_port = build.free_port("::1"), backend.port
        front.log = front.process = front.spawn(front.proxy_command(
            {"bind": f"[::1]:{front.port}", "connect": f"127.0.0.1:{backend.port}",
             **front.options({})}))
        front.log.wait_for("event=listening")
        front.address = ("::1", front.port)
        client = front.client()
        client.send(canary(40))
        data, peer = backend.take()
        backend.give(data, peer)
        assert client.recv() == canary(40)


@pytest.mark.parametrize("bind", [":{port}", "0.0.0.0:{port}", "localhost:{port}"])
def test_forms_of_the_bind_address(front, bind):
    with Backend() as backend:
        port = build.free_port()
        front.log = front.process = front.spawn(front.proxy_command(
            {"bind": bind.format(port=port), "connect": f"localhost:{backend.port}",
             **front.options({})}))
        front.log.wait_for("event=listening")
        front.address = ("127.0.0.1", port)
        client = front.client()
        client.send(canary(40))
        data, peer = backend.take()
        backend.give(data, peer)
        assert client.recv() == canary(40)
