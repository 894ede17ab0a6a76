# SPDX-License-Identifier: Apache-2.0
"""Ensures that a gateway outlives what happens to networks: addresses that change, cables that are
pulled, names that move.

It stands in a network namespace of its own; the server is in another one, at the other end of a cable
(veth).  Both are entered by running this file again under unshare(1): the tests marked `inside` run there.
"""

import contextlib
import os
import re
import subprocess
import sys
import time

import pytest

import stock_servers
from dtls12 import suites
from support import build
from support.client import canary
from support.gateway import MANY, Gateway, never_heard

INSIDE = "DS_TEST_GATEWAY" in os.environ
inside = pytest.mark.skipif(not INSIDE, reason="runs in the namespace that the first test makes")
SERVER, OTHER, PORT = "10.9.0.1", "10.9.0.2", 5684
FIRST, SECOND = "10.9.0.11", "10.9.0.12"
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


@pytest.mark.skipif(INSIDE, reason="this is the outside")
@pytest.mark.timeout(300)
def test_in_namespaces_of_their_own():
    """Runs the tests below."""
    unshare = ["unshare", "-rnm", "sh", "-c"]
    cable = "ip link add name va type veth peer name vb"
    tried = subprocess.run([*unshare, cable], capture_output=True, text=True,
                           env={**os.environ, "PATH": PATH})
    if tried.returncode:
        pytest.skip(f"no namespaces with cables here: {tried.stderr.strip()}")
    done = subprocess.run(
        [*unshare, 'ip link set lo up && exec "$@"', "sh", sys.executable, "-m", "pytest",
         "-p", "no:cacheprovider", "-q", "-rs", "--tb=short", __file__],
        env={**os.environ, "PATH": PATH, "DS_TEST_GATEWAY": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) == 7, done.stdout


def ip(*words, there=None):
    enter = ["nsenter", f"--net=/proc/{there}/ns/net"] if there else []
    subprocess.run([*enter, "ip", *words], check=True, timeout=20)


class World:
    """The cable; .there is a process in the server's namespace."""

    def __init__(self, front):
        self.front = front
        self.holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo in; exec sleep 1000"],
                                       stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"in\n"
        self.there = self.holder.pid
        ip("link", "add", "name", "va", "type", "veth", "peer", "name", "vb")
        ip("link", "set", "vb", "netns", str(self.there))
        for words in (["link", "set", "lo", "up"], ["link", "set", "vb", "up"],
                      ["addr", "add", f"{SERVER}/24", "dev", "vb"],
                      ["addr", "add", f"{OTHER}/24", "dev", "vb"]):
            ip(*words, there=self.there)
        ip("addr", "add", f"{FIRST}/24", "dev", "va")
        ip("link", "set", "va", "up")

    def serve(self, address=SERVER, **options):
        options = {"psk-csv": self.front.csv, **MANY, **options}
        server = self.front.spawn([
            "nsenter", f"--net=/proc/{self.there}/ns/net", build.product(build.TOOL), "nc", "-l", "--echo",
            "-v", *(f"--{k.replace('_', '-')}={v}" for k, v in options.items()), address, PORT])
        server.wait_for("event=listening")
        return server

    def close(self):
        ip("link", "del", "va")
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


@pytest.fixture
def world(procs):
    made = World(procs)
    yield made
    made.close()


def establish(gate, n):
    devices = [gate.device() for _ in range(n)]
    for number, device in enumerate(devices):
        device.echo(canary(40, number), timeout=10)
    return devices


@inside
def test_another_address_needs_no_handshake(world, procs):
    """The old one is gone: the sessions go on by their Connection IDs."""
    server = world.serve()
    gate = Gateway(procs, (SERVER, PORT))
    devices = establish(gate, 3)
    ip("addr", "add", f"{SECOND}/24", "dev", "va")
    ip("addr", "del", f"{FIRST}/24", "dev", "va")
    with contextlib.suppress(subprocess.CalledProcessError):    # it is a secondary one, gone with the first
        ip("addr", "add", f"{SECOND}/24", "dev", "va")
    gate.wait_for(f"event=gateway_moved addr={SECOND}")
    for number, device in enumerate(devices):
        device.echo(canary(60, number))
    server.wait_for(f"event=rebind peer={SECOND}", n=3)
    assert server.count("event=established") == 3
    assert gate.stats()["gw_reopened"] == 3


@inside
def test_a_better_route_moves_the_sessions(world, procs):
    """The address before is still there, but packets leave with another."""
    server = world.serve()
    gate = Gateway(procs, (SERVER, PORT))
    devices = establish(gate, 3)
    ip("addr", "add", f"{SECOND}/32", "dev", "va")
    ip("route", "add", f"{SERVER}/32", "dev", "va", "src", SECOND)
    gate.wait_for(f"event=gateway_moved addr={SECOND}")
    for number, device in enumerate(devices):
        device.echo(canary(60, number))
    assert server.count("event=established") == 3


@inside
def test_another_address_before_a_server_without_connection_ids(world, procs):
    """It can only know the gateway by a new session, which is made at once; no message is lost."""
    server = world.serve(cid_length=0)
    gate = Gateway(procs, (SERVER, PORT), answer_timeout=0)
    devices = establish(gate, 2)
    ip("addr", "add", f"{SECOND}/32", "dev", "va")
    ip("route", "add", f"{SERVER}/32", "dev", "va", "src", SECOND)
    gate.wait_for(f"event=gateway_moved addr={SECOND}")
    for number, device in enumerate(devices):
        device.send(canary(60, number))
        assert device.recv(10) == canary(60, number)
    server.wait_for("event=established", n=4)


@inside
def test_a_cable_that_was_pulled_changes_nothing(world, procs):
    """What is sent meanwhile is lost, as it is for UDP; the sessions stay."""
    server = world.serve()
    gate = Gateway(procs, (SERVER, PORT), answer_timeout=0)
    devices = establish(gate, 3)
    ip("link", "set", "vb", "down", there=world.there)
    for device in devices:
        device.send(b"in the dark")
    never_heard(devices[0])
    ip("link", "set", "vb", "up", there=world.there)
    ip("link", "set", "va", "down")
    for device in devices:
        device.send(b"in the dark")
    ip("link", "set", "va", "up")
    for number, device in enumerate(devices):
        device.send(canary(60, number))
        while (data := device.recv(10)) == b"in the dark":
            pass                        # the kernel may keep some until the neighbour is found again
        assert data == canary(60, number)
    assert server.count("event=established") == 3


@inside
def test_a_server_that_restarts_while_the_cable_is_pulled(world, procs):
    """Everything at once: what is sent when both are back arrives, once sent."""
    server = world.serve()
    gate = Gateway(procs, (SERVER, PORT), answer_timeout=1)
    devices = establish(gate, 3)
    ip("link", "set", "vb", "down", there=world.there)
    server.stop(9)
    for device in devices:
        device.send(b"in the dark")
    world.serve()
    ip("link", "set", "vb", "up", there=world.there)
    for number, device in enumerate(devices):
        device.send(canary(60, number))
    for number, device in enumerate(devices):
        while (data := device.recv(20)) == b"in the dark":
            pass
        assert data == canary(60, number)


@inside
def test_a_name_that_moves_is_followed(world, procs, tmp_path):
    """It is resolved again when handshakes are made, and nobody waits for that."""
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{SERVER} server.example\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    try:
        server = world.serve()
        gate = Gateway(procs, f"server.example:{PORT}", answer_timeout=1)
        devices = establish(gate, 3)
        server.stop(9)
        with hosts.open("r+", encoding="ascii") as file:
            file.write(f"{OTHER} server.example\n")
        server = world.serve(OTHER)
        deadline = time.monotonic() + 30
        for number, device in enumerate(devices):
            device.send(canary(60, number))
        for number, device in enumerate(devices):
            assert device.recv(max(deadline - time.monotonic(), 0)) == canary(60, number)
        gate.wait_for(f"event=gateway_server_moved .*addr={OTHER}:{PORT} was={SERVER}:{PORT}")
    finally:
        subprocess.run(["umount", "/etc/hosts"], check=True)


@inside
def test_stock_mbedtls_knows_a_gateway_that_moved(world, procs):
    """Its socket is not connected, its session has a Connection ID."""
    if not stock_servers.Mbed.available():
        pytest.skip("make peers")
    server = procs.spawn(["nsenter", f"--net=/proc/{world.there}/ns/net", stock_servers.Mbed.program,
                          "--address", SERVER, "--port", PORT, "--cid-len", 8, "--suite",
                          suites.PSK_CCM_8.name.replace("_", "-"), "--psk-id",
                          stock_servers.PSK[0].decode(), "--psk-hex", stock_servers.PSK[1].hex()])
    server.wait_for("event=listening")
    gate = Gateway(procs, (SERVER, PORT))
    device, = establish(gate, 1)
    ip("addr", "add", f"{SECOND}/32", "dev", "va")
    ip("route", "add", f"{SERVER}/32", "dev", "va", "src", SECOND)
    gate.wait_for(f"event=gateway_moved addr={SECOND}")
    device.echo(canary(60), timeout=10)
    assert gate.process.count("event=established") == 1
