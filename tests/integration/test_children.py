# SPDX-License-Identifier: Apache-2.0
"""Ensures that a server may have children, and limits, of every usual kind."""

import socket
import time

import pytest

from support import build
from support.client import canary

pytestmark = pytest.mark.fronts("plain", "shim")


@pytest.mark.skipif("thread" in build.SANITIZE, reason="its run-time sizes files of its own")
@pytest.mark.parametrize("limit", ["-f 0", "-S -f 0"])
def test_a_server_that_may_write_no_file_is_served(front, limit):
    """RLIMIT_FSIZE = 0, as LimitFSIZE= of systemd sets it; with workers, which share a page."""
    command = f"ulimit {limit}; exec {build.victim('prefork')[0]} --mode recvfrom --port @PORT@"
    front.start(["sh", "-c", command])
    client = front.client()
    for tag in range(5):
        client.echo(canary(40, tag))


# a child for every peer


HOWS = ["peek,connect", "peek,connect,poll", "connect", "connect,poll"]


@pytest.mark.parametrize("how", HOWS)
def test_the_parent_closes_the_socket_and_its_child_answers(front, how):
    """ncat -u -l -k -e: peek, connect, fork; the parent closes and binds the port anew."""
    front.start("acceptor", "--how", how)
    clients = []
    for n in range(4):
        clients.append(front.client())
        clients[-1].echo(canary(40, n))
        front.process.wait_for("NOTE bound", n=n + 1)
    for tag in range(2):                        # all four children serve at the same time
        for client in clients:
            client.echo(canary(60, tag))
    assert front.kind == "plain" or front.handshakes() == 4
    front.client().echo(canary(40))
    assert not front.process.has("victim:|event=unserved|event=closed .*reason=local"), front


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", ["once", "once,peek", "once,connect,poll"])
def test_a_port_is_free_when_the_child_has_ended(front, how):
    front.start("acceptor", "--how", how)
    client = front.client()
    for tag in range(3):
        client.echo(canary(40, tag))
    front.process.wait_for("NOTE ended")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        bind_soon(sock, ("127.0.0.1", front.port))


@pytest.mark.fronts("shim")
def test_what_a_child_served_goes_when_it_ends_though_the_port_lives(front):
    """One wire socket for each child that lives, and the parent's own."""
    front.start("acceptor", "--how", "peek,connect")
    for n in range(3):
        client = front.client()
        for tag in range(3):
            client.echo(canary(40, tag))
    wait_wires(front.port, 1)
    client = front.client()
    client.echo(canary(40))


@pytest.mark.fronts("shim")
def test_a_child_keeps_nothing_of_what_its_parent_had_left(front):
    """Else the first client's messages would go to a wire nobody reads, as long as the other lives."""
    front.start("acceptor", "--how", "peek,connect")
    first, other = front.client(), front.client()
    first.echo(canary(40))
    front.process.wait_for("NOTE bound")
    other.echo(canary(40))
    front.process.wait_for("NOTE bound", n=2)
    for tag in range(2):                        # the first child ends
        first.echo(canary(50, tag))
    wait_wires(front.port, 2)
    first.echo_in_the_end(canary(60))
    other.echo(canary(60))


def wait_wires(port, most):
    deadline = time.monotonic() + 10
    while len(wires(port)) > most:
        assert time.monotonic() < deadline, wires(port)
        time.sleep(0.02)


def wires(port):
    """Inodes of the sockets bound to a port."""
    lines = [line.split() for line in open("/proc/net/udp")][1:]
    return [f[9] for f in lines if f[1].endswith(f":{port:04X}")]


def bind_soon(sock, address):
    deadline = time.monotonic() + 5
    while True:
        try:
            return sock.bind(address)
        except OSError:
            if time.monotonic() > deadline:
                raise


# a child that becomes another program


@pytest.mark.parametrize("move", ["3", "0", "77"])
@pytest.mark.parametrize("how", ["range", "loop", "closefrom", "missing", "spawn"])
def test_a_vfork_child_closes_what_is_not_its_own_and_hands_the_socket_on(front, how, move):
    """What CPython, Java and others do between vfork() and exec()."""
    front.start("vforker", "--how", how, "--move", move)
    client = front.client()
    for tag in range(3):
        client.echo(canary(40, tag))
    front.process.wait_for("NOTE child inet=1")


@pytest.mark.fronts("shim")
def test_a_socket_handed_to_a_program_without_the_shim_is_a_line(front):
    front.start("vforker", "--how", "clean")
    front.process.wait_for(rf"event=handed_out port={front.port} fd=\d+: .* dead there")
    front.process.wait_for("NOTE child inet=0")


THREE_NUMBERS = """
import socket, subprocess, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
subprocess.run(["/bin/true"], stdin=s, stdout=s, stderr=s, env={})
print("READY port=" + sys.argv[1], file=sys.stderr)     # behind the lines of the shim
s.recv(1)
"""


@pytest.mark.fronts("shim")
def test_it_is_one_line_at_however_many_numbers(front, no_tsan_interpreter):
    """inetd puts the socket at 0, 1 and 2."""
    front.start(["/usr/bin/python3", "-c", THREE_NUMBERS, "@PORT@"])
    assert front.process.count("event=handed_out") == 1, front


@pytest.mark.parametrize("how", ["stdin", "pass", "fork", "spawn"])
def test_python_hands_its_socket_to_a_child(front, no_tsan_interpreter, how):
    front.start("spawner.py", "--how", how)
    client = front.client()
    for tag in range(3):
        client.echo(canary(40, tag))
    front.process.wait_for("NOTE child family=AF_INET$")
