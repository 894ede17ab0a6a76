# SPDX-License-Identifier: Apache-2.0
"""Ensures that a backend can tell devices by their addresses: one that belongs to the identity, or the
device's own.

What needs routes or privileges runs in network namespaces of its own (DS_TEST_NAMESPACE): devices
are in a second one, behind a pair of interfaces.
"""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from support import build
from support.client import canary
from test_backend_header import Backend, spp, start

pytestmark = pytest.mark.fronts("proxy")

NAMESPACE = os.environ.get("DS_TEST_NAMESPACE", "")     # the process in the devices' namespace
inside = pytest.mark.skipif(not NAMESPACE, reason="needs a namespace of its own")
PREFIX = "2001:db8:7::/64"
DEVICE, WIRE = "192.0.2.7", "192.0.2.1"


@pytest.fixture
def own(front):
    """A key whose address no other run of these tests on this machine has."""
    identity = os.urandom(8).hex().encode()
    front.keys[identity] = os.urandom(16)
    return identity, front.keys[identity]


def plain(front, backend, source, options=None, **kwargs):
    return start(front, backend, {"backend-header": None, "backend-source": source,
                                  **(options or {})}, **kwargs)


def seen(client, backend, data=canary(40)):
    """Where the backend sees a message of the client come from."""
    client.send(data)
    assert backend.take_raw() == data
    return backend.peer


def test_a_device_has_the_same_address_always(front, own):
    """Over sessions, moves and restarts; and answers reach it."""
    with Backend() as backend:
        plain(front, backend, "loopback")
        first = front.client(psk=own)
        place = seen(first, backend)
        assert re.match(r"127\.[1-9][0-9]*\.", place[0]) and place[1] >= 1024
        assert seen(front.client(), backend)[0] != place[0]
        first.rebind()
        assert seen(first, backend) == place
        again = front.client(psk=own)
        assert seen(again, backend) == place
        backend.give(b"", b"hello")
        assert again.recv() == b"hello"
        front.log.stop(signal.SIGKILL)
        plain(front, backend, "loopback")
        assert seen(front.client(psk=own), backend) == place


def test_two_sessions_of_a_device_have_different_ports(front, own):
    with Backend() as backend:
        plain(front, backend, "loopback", {"one-session-per-identity": "false"})
        first, second = front.client(psk=own), front.client(psk=own)
        one, two = seen(first, backend), seen(second, backend)
        assert one[0] == two[0] and one[1] != two[1]
        backend.give(b"", b"to the first", one)
        backend.give(b"", b"to the second", two)
        assert first.recv() == b"to the first"
        assert second.recv() == b"to the second"


def bound(host, port):
    """A socket there, as soon as the proxy, which has told that the session is closed, has closed its own."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    deadline = time.monotonic() + 5
    while True:
        try:
            sock.bind((host, port))
            return sock
        except OSError:
            assert time.monotonic() < deadline, f"{host}:{port} is never free"
            threading.Event().wait(0.01)


def test_a_port_in_use_is_left_to_its_user(front, own):
    """Nine neighbours are taken: any port will do."""
    with Backend() as backend:
        plain(front, backend, "loopback")
        client = front.client(psk=own)
        place = seen(client, backend)
        client.close()
        front.log.wait_for("event=closed .*peer_closed")
        taken = [bound(place[0], port) for port in range(place[1], min(place[1] + 9, 65536))]
        other = seen(front.client(psk=own), backend)
        assert other[0] == place[0]
        assert other[1] not in range(place[1], place[1] + 9)
        for sock in taken:
            sock.close()


def test_who_shows_nothing_has_the_address_of_a_place(front, authority):
    """Two anonymous clients are two; one of them again, from the same port, is the same."""
    server = authority.certify("localhost")
    with Backend() as backend:
        plain(front, backend, "loopback", {"psk-csv": None, "cert": server.cert, "key": server.key})
        first, second = (front.client(ca=str(authority.ca)) for _ in range(2))
        one, two = seen(first, backend), seen(second, backend)
        assert one[0] != two[0]


def test_a_header_and_an_address(front, own):
    """Where answers are plain, the source can be the device's although there is a header."""
    with Backend() as backend:
        plain(front, backend, "loopback", {"backend-header": "spp", "backend-answers": "plain"})
        client = front.client(psk=own)
        client.send(canary(40))
        assert backend.take_raw() == spp(client.dtls.local, front.address) + canary(40)
        assert backend.peer[0] != "127.0.0.1"


@pytest.mark.parametrize("source,connect,why", [
    ("loopback", "[::1]:9999", "needs an IPv4 address"),
    ("fd00::/64", "127.0.0.1:9999", "expected PREFIX/BITS with 8 to 24 bits"),
    ("fd00::/48", "127.0.0.1:9999", "expected PREFIX/BITS with 8 to 24 bits"),
    ("fd00::/24", "127.0.0.1:9999", "not an address of the family"),
    ("10.0.0.0/8", "[::1]:9999", "not an address of the family"),
    ("10.0.0.0/7", "127.0.0.1:9999", "expected PREFIX/BITS"),
    ("10.0.0.0/", "127.0.0.1:9999", "expected PREFIX/BITS"),
    ("10.0.0.0/8x", "127.0.0.1:9999", "expected PREFIX/BITS"),
    ("198.51.100.0/24", "127.0.0.1:9999", "do: ip route add local 198.51.100.0/24 dev lo"),
    (PREFIX, "[::1]:9999", f"do: ip -6 route add local {PREFIX} dev lo"),
    ("somewhere", "127.0.0.1:9999", "each session has a socket of its own"),
])
def test_mistakes_end_the_start(front, source, connect, why):
    process = front.spawn(front.proxy_command(
        {"bind": f"127.0.0.1:{build.free_port()}", "connect": connect, "backend-source": source,
         **front.options({})}))
    assert process.wait_exit() == 1
    assert "--backend-source" in process.text("err") and why in process.text("err"), process


# With routes and privileges

SETUP = f"""
    set -e
    ip link set lo up
    unshare -n sleep 600 & device=$!
    trap 'kill $device' EXIT
    ip -6 route add local {PREFIX} dev lo
    while [ "$(readlink /proc/$device/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done
    ip link add wire type veth peer name device netns $device
    ip address add {WIRE}/24 dev wire
    ip link set wire up
    nsenter -n -t $device sh -ec 'ip link set lo up; ip address add {DEVICE}/24 dev device
                                  ip link set device up'
    ip rule add from 127.0.0.0/8 iif lo lookup 123
    ip route add local default dev lo table 123
"""


@pytest.mark.skipif(bool(NAMESPACE), reason="this is the outside")
@pytest.mark.timeout(300)
def test_in_namespaces_of_its_own():
    """Runs the tests below."""
    env = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    tried = subprocess.run(["unshare", "-rn", "sh", "-c", SETUP], capture_output=True, text=True,
                           env=env)
    if tried.returncode:
        pytest.skip(f"no network namespaces here: {tried.stderr.strip()}")
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", SETUP + 'DS_TEST_NAMESPACE=$device "$@"', "sh",
         sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs", "--tb=short",
         __file__, "-k", "inside"],
        capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b4 passed", done.stdout), done.stdout


@contextmanager
def namespace_of(pid):
    """What is inside opens its sockets where process `pid` is."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as here, open(f"/proc/{pid}/ns/net") as there:
        assert libc.setns(there.fileno(), 0) == 0
        try:
            yield
        finally:
            assert libc.setns(here.fileno(), 0) == 0


def far_socket():
    with namespace_of(NAMESPACE):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.connect((WIRE, 9))     # the forwarders' way of learning its own end
        sock.close()
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((DEVICE, 0))
    return sock


def far_client(front, **kwargs):
    sock = far_socket()
    sock.connect(front.address)
    return front.client(sock=sock, **kwargs)


@inside
def test_inside_an_address_in_a_prefix(front, own):
    with Backend(address=("::1", 0)) as backend:
        plain(front, backend, PREFIX)
        client = front.client(psk=own)
        place = seen(client, backend)[:2]
        assert place[0].startswith("2001:db8:7::") or place[0].startswith("2001:db8:7:0:")
        backend.give(b"", b"hello")
        assert client.recv() == b"hello"
        assert seen(front.client(), backend)[0] != place[0]
        assert seen(front.client(psk=own), backend)[:2] == place


@inside
def test_inside_the_devices_own_address(front):
    """The backend sees what it would see without a proxy, after a move, too."""
    with Backend() as backend:
        plain(front, backend, "transparent", bind=WIRE)
        client = far_client(front)
        assert client.dtls.local[0] == DEVICE
        assert seen(client, backend) == client.dtls.local
        backend.give(b"", b"hello")
        assert client.recv() == b"hello"
        before = client.dtls.local
        moved = far_socket()
        moved.connect(front.address)
        client.dtls.rebind(moved)
        assert seen(client, backend) == client.dtls.local != before
        backend.give(b"", b"hello again")
        assert client.recv() == b"hello again"


@inside
def test_inside_a_newcomer_at_an_address_has_another_port(front):
    """The session that was there before keeps its socket, and gets none of the newcomer's answers."""
    with Backend() as backend:
        plain(front, backend, "transparent", bind=WIRE)
        first = far_client(front)
        place = seen(first, backend)
        first.dtls.abandon()
        with namespace_of(NAMESPACE):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind(place)
        sock.connect(front.address)
        second = front.client(sock=sock)
        other = seen(second, backend)
        assert other[0] == place[0]
        backend.give(b"", b"for the second", other)
        assert second.recv() == b"for the second"


@inside
def test_inside_without_the_privilege_the_start_ends(front):
    """And says what to do."""
    process = front.spawn(["setpriv", "--bounding-set=-net_raw,-net_admin", *front.proxy_command(
        {"bind": f"127.0.0.1:{build.free_port()}", "connect": "127.0.0.1:9999",
         "backend-source": "transparent", **front.options({})})])
    assert process.wait_exit() == 1
    assert re.search("--backend-source transparent: .*not permitted.*CAP_NET_RAW",
                     process.text("err")), process
