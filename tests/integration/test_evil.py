# SPDX-License-Identifier: Apache-2.0
"""Ensures that a program that means to cannot talk plaintext on its protected port.

tests/servers/evil.c does the trying, under `dtlsshim run`, in a network namespace of its own; a
capture there shows what was on the port.  The namespace is entered by running this file again
under unshare(1): the tests marked `inside` run there.
"""

import contextlib
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import time

import pytest

from support import build
from support.client import CANARY, SecureClient, canary
from support.front import Front

INSIDE = "DS_TEST_NAMESPACE" in os.environ
inside = pytest.mark.skipif(not INSIDE, reason="runs in the namespace that the first test makes")
RUNTIME = {"LD_PRELOAD": build.sanitizer_runtime()} if "thread" in build.SANITIZE else {}
STRANGER = b"STRANGER in clear"

# What is tried, and what the program must hear of it.
WAYS = {
    "raw": "sendto=E.* sendmsg=E.* write=E",
    "syscall": "sendto=12$",
    "io_uring": "recv=E.* sendmsg=E.* send=E.* write=E|setup=(EPERM|ENOSYS)",
    "stdio": "fprintf=E.* dprintf=E",
    "splice": "splice=E.* sendfile=E",
    "plugin": "sendto=",
    "child": "sendto=E.* write=E.* status=0",
    "static child": "sendto=E.* write=E.* status=0",
    "message": "sendto=E.* write=E.* status=0",
    "filter": "detach=EPERM attach=EPERM ebpf=E",
    "second": "bound=0",
    "proc": "opened=0",
    "hidden": "sent=0",
}


@pytest.mark.skipif(INSIDE, reason="this is the outside")
@pytest.mark.timeout(300)
def test_in_a_namespace_of_its_own():
    """Runs the tests below."""
    tried = subprocess.run(["unshare", "-rn", "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no network namespaces here: {tried.stderr.strip()}")
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable,
         "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs", __file__],
        env={**os.environ, "DS_TEST_NAMESPACE": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= len(WAYS), done.stdout


class Capture:
    """Every UDP datagram on the loopback interface."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind(("lo", 0))

    def datagrams(self):
        """(source port, destination port, payload) so far; an incoming packet is an outgoing one
        too, and counts once."""
        while select.select([self.sock], [], [], 0)[0]:
            data, (_, proto, kind, *_) = self.sock.recvfrom(65536)
            header = (data[0] & 15) * 4 if proto == 0x0800 else 40
            udp = data[9] if proto == 0x0800 else data[6] if proto == 0x86DD else 0
            if kind == socket.PACKET_OUTGOING or udp != socket.IPPROTO_UDP:
                continue
            yield *struct.unpack_from("!HH", data, header), data[header + 8:]


def is_dtls(data):
    """`data` is records and nothing else; only those that carry a CID have type 25."""
    while len(data) >= 13 and data[0] in (20, 21, 22, 23) and data[1] == 0xFE:
        size = 13 + int.from_bytes(data[11:13], "big")
        if size >= len(data):
            return size == len(data)
        data = data[size:]
    return len(data) > 13 and data[0] == 25 and data[1:3] == b"\xfe\xfd"


@pytest.fixture
def evil(tmp_path):
    """The program, served; .client, .stranger and .port beside it."""
    made = Front("tool", tmp_path)
    made.options({})
    made.capture = Capture()
    made.port = build.free_port()
    made.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.stranger.connect(("127.0.0.1", made.port))

    def start(*args, options=()):
        made.process = made.spawn([build.product(build.TOOL), "run", "--psk-csv", made.csv,
                                   "--ports", made.port, *options, "--", *build.victim("evil"),
                                   "--port", made.port, *args], RUNTIME)
        made.process.wait_for("READY")
        made.client = SecureClient(("127.0.0.1", made.port), psk=made.identity())
        made.clients.append(made.client)
        made.client.echo(canary(40))
        return made

    made.start = start
    yield made
    made.stranger.close()
    made.close()


def attempt(evil, name):
    """Lets the program try, while a stranger sends plaintext; what it says of it."""
    for _ in range(3):
        evil.stranger.send(STRANGER)
    evil.client.send(b"!" + name.encode())
    with contextlib.suppress(OSError):
        evil.stranger.send(STRANGER)
    return evil.process.wait_for(f"NOTE {name}(.*)", timeout=20)[1]


def leaks(evil):
    """What was on the port and is no DTLS, but for what the stranger sent; and the canary anywhere."""
    own = evil.stranger.getsockname()[1]
    found, good = [], 0
    for source, target, data in evil.capture.datagrams():
        if (evil.port in (source, target) and source != own and not is_dtls(data)
                or CANARY in data):
            found.append((source, target, data))
        elif evil.port in (source, target):
            good += 1
    assert good > 4, "the capture sees nothing"
    return [f for f in found if not is_probe(*f, evil.port)]


def is_probe(source, target, data, port):
    """Plaintext that the launcher's own proof sends."""
    return target == port and source != port and CANARY not in data and STRANGER not in data


@pytest.fixture(scope="module")
def static_evil(tmp_path_factory):
    path = tmp_path_factory.mktemp("static") / "evil"
    source = build.ROOT / "tests" / "servers" / "evil.c"
    if subprocess.run(["gcc", "-O2", "-static", "-w", "-D_GNU_SOURCE", "-o", path, source],
                      capture_output=True).returncode:
        pytest.skip("no static C library here")
    return path


@inside
@pytest.mark.parametrize("way", WAYS)
def test_plaintext_neither_leaves_nor_enters(evil, way, request):
    args = ["--program", request.getfixturevalue("static_evil")] if way == "static child" else []
    evil.start(*args)
    said = attempt(evil, way.split()[-1])
    assert re.search(WAYS[way], said) and "SAW" not in said, said
    while not evil.client.recv().startswith(way.split()[-1].encode()):
        pass
    evil.client.echo(canary(40, 2))                 # it still serves
    assert not leaks(evil)
    assert not evil.process.has("RX .*STRANGER")


@inside
def test_everything_closed_and_begun_anew(evil):
    """All of the shim is closed and overwritten: the port is not served in clear afterwards."""
    evil.start()
    evil.process.wait_for("strict: port")           # the port is the program's alone from now on
    attempt(evil, "closing")
    evil.process.wait_for("READY|victim:", n=2)
    with contextlib.suppress(OSError):
        evil.stranger.send(STRANGER)
        evil.stranger.send(b"!raw")
    time.sleep(0.3)                                 # nothing is to happen
    assert not leaks(evil)
    assert not evil.process.has("RX .*STRANGER") and not evil.process.has("NOTE raw"), evil.process


@inside
def test_what_cannot_be_prevented_is_seen(evil):
    """The shim's own socket in the hands of the program: docs/security.md says so.  And the capture
    finds what there is to find."""
    evil.start()
    said = attempt(evil, "theft")
    assert not re.search("sent=0", said), "prevented by now? then docs/security.md is to be changed"
    assert any(CANARY in data for _, _, data in leaks(evil))


@inside
def test_the_firewall_of_the_documentation_stops_that_too(evil, tmp_path):
    nft = shutil.which("nft", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not nft:
        pytest.skip("nftables is not installed")
    text = (build.ROOT / "docs" / "security.md").read_text()
    rules = re.search(r"^ +table inet dtls \{\n(?: +.*\n)+", text, re.M)[0]
    (tmp_path / "rules").write_text(rules.replace("5684", str(evil.port)))
    subprocess.run([nft, "-f", tmp_path / "rules"], check=True)
    try:
        evil.start()
        attempt(evil, "theft")
        assert evil.client.recv().startswith(b"theft")
        evil.client.echo(canary(40, 2))
        assert not leaks(evil)
    finally:
        subprocess.run([nft, "delete", "table", "inet", "dtls"], check=True)


@inside
def test_a_second_socket_is_possible_without_strict_mode(evil):
    """What strict mode adds."""
    evil.start(options=["--strict=false"])
    assert not re.search("bound=0", attempt(evil, "second"))


@inside
def test_another_process_of_the_user_does_not_get_the_port(evil):
    evil.start()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        for host in ("127.0.0.1", "0.0.0.0"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.setsockopt(socket.SOL_SOCKET, option, 1)
                with pytest.raises(OSError, match="in use"):
                    sock.bind((host, evil.port))
    evil.client.echo(canary(40, 3))


@inside
def test_without_the_shim_it_gets_through(evil):
    """The program's ways are real."""
    evil.process = evil.spawn([*build.victim("evil"), "--port", evil.port])
    evil.process.wait_for("READY")
    evil.stranger.send(b"!raw")
    evil.process.wait_for("NOTE raw .*sendto=[0-9]")
    assert CANARY in evil.stranger.recv(1000)
