# SPDX-License-Identifier: Apache-2.0
"""Ensures that a protected socket can belong to more than the process that bound it."""

import os
import re
import shutil
import signal
import socket
import time

import pytest

from support import build
from support.client import Timeout, canary, dtls12

pytestmark = pytest.mark.fronts("plain", "shim")


def activate(front, server, *args, **kwargs):
    """Starts a server whose socket somebody without the shim has bound."""
    front.start("activate", "--run", build.victim(server)[0], *args, **kwargs)


# sockets that arrive bound


@pytest.mark.parametrize("io", ["recvfrom", "poll"])
def test_a_socket_that_was_bound_by_another_program_is_protected(front, io):
    activate(front, "inherited", "--io", io)
    clients = [front.client() for _ in range(2)]
    for tag, client in enumerate(clients):
        client.echo(canary(40, tag))
        client.echo(canary(9000, tag))


@pytest.mark.fronts("shim")
def test_what_waited_in_clear_in_a_passed_socket_is_not_delivered(front):
    front.hostile = True
    activate(front, "inherited", "--io", "poll", "--text", "early plaintext")
    front.client().echo(canary(40))
    assert [text for _, text in front.received(1)] == [canary(40).decode()]


@pytest.mark.fronts("shim")
def test_a_passed_socket_that_is_connected_is_protected_before_its_first_write(front):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        activate(front, "inherited", "--io", "rw", "--peer", sock.getsockname()[1])
        front.process.wait_for("NOTE write: EPERM")
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv(100)
        client = front.client(address=("127.0.0.1", front.port), sock=sock)
        client.echo(canary(40))
        client.echo(canary(41))


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("option", [
    "17:1:1",           # UDP_CORK
    "17:103:50",        # UDP_SEGMENT
    "17:104:1",         # UDP_GRO
    "17:100:2",         # UDP_ENCAP: ESP in UDP
    "1:42:3",           # SO_PEEK_OFF
    "1:60:1"])          # SO_ZEROCOPY
def test_a_passed_socket_loses_options_that_change_what_a_datagram_is(front, option):
    activate(front, "inherited", "--io", "poll", "--set", option)
    client = front.client()
    client.echo(canary(40))
    client.echo(canary(900))


def test_a_passed_socket_on_another_port_stays_as_it_is(front):
    """Not every socket a program inherits is one to be protected."""
    activate(front, "inherited", options={"ports": build.free_port()})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(b"in clear", ("127.0.0.1", front.port))
        assert sock.recv(100) == b"in clear"


# several processes, one socket

WAYS = ["recvfrom", "recvmmsg", "select", "epoll"]


def prefork(front, mode, *args, workers=3):
    front.start("prefork", "--mode", mode, "--workers", workers, *args)
    front.process.wait_for("NOTE worker", n=workers)
    return front.client()


def owner(front):
    """The process that holds the lease."""
    for line in open("/proc/locks"):
        fields = line.split()
        if fields[1] == "POSIX" and int(fields[4]) in workers(front):
            return int(fields[4])
    raise AssertionError("nobody serves")


def workers(front):
    said = [re.match(r"NOTE (worker|dead) (\d+)", t) for _, t in list(front.process.lines)]
    born, dead = ({int(m[2]) for m in said if m and m[1] == word} for word in ("worker", "dead"))
    return born - dead


def kill(front, pid):
    """Ends a worker at once, and waits for the one that takes its place."""
    mark = front.process.mark()
    os.kill(pid, signal.SIGKILL)
    front.process.wait_for(f"NOTE dead {pid}", after=mark)
    front.process.wait_for("NOTE worker", after=mark)


def again(client):
    """A session that its server forgot: a device tries in vain, then makes another."""
    with pytest.raises(Timeout):
        client.echo(canary(20), timeout=0.3)
    client.dtls.restart().handshake(10)


@pytest.mark.parametrize("mode", WAYS)
def test_any_process_that_has_the_socket_receives_and_answers(front, mode):
    client = prefork(front, mode)
    busy = [int(client.ask("!busy")) for _ in range(2)]
    last = int(client.ask("?pid"))
    assert {*busy, last} == workers(front)
    assert int(client.ask("?pid")) == last, "the others have something else to do"
    for pid in busy:
        os.kill(pid, signal.SIGUSR1)
    others = [front.client() for _ in range(3)]
    for size in (1, 1000, 16000):
        for tag, other in enumerate(others):
            other.send(canary(size, tag))
        for tag, other in enumerate(others):
            assert other.recv() == canary(size, tag)
    assert not front.process.has("NOTE sendto"), front.process


@pytest.mark.parametrize("mode", WAYS)
def test_what_the_call_tells_is_the_same_in_every_process(front, mode):
    client = prefork(front, mode)
    told = set()
    for _ in range(3):
        told.add(client.ask("?flags"))
        client.ask("!busy")
    assert told == {"len=6 flags=0 namelen=16 family=2 from=127.0.0.1"}


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("mode", WAYS)
def test_a_worker_dies_and_the_sessions_live(front, mode):
    client = prefork(front, mode)
    client.echo(canary(40))
    for turn in range(3):
        guest = (workers(front) - {owner(front)}).pop()
        kill(front, guest)
        for tag in range(5):
            client.echo(canary(40 + tag, turn))
    assert front.handshakes() == 1


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("mode", WAYS)
def test_the_process_that_serves_dies_and_another_takes_over(front, mode, nightly):
    """Its sessions die with it, for their keys were nowhere else; the port lives."""
    client = prefork(front, mode)
    for turn in range(nightly(3, 30)):
        client.echo(canary(40, turn))
        mark, before = front.process.mark(), owner(front)
        kill(front, before)
        front.process.wait_for("event=inherited", after=mark)
        assert owner(front) != before
        again(client)


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("mode", WAYS)
def test_one_that_waits_takes_over_where_it_waits(front, mode):
    """No call of the program is needed: those who are left are blocked in theirs."""
    client = prefork(front, mode, "--replace", "no")
    for left in (2, 1):
        client.echo(canary(40, left))
        mark, before = front.process.mark(), owner(front)
        os.kill(before, signal.SIGKILL)
        front.process.wait_for("event=inherited", after=mark)
        front.process.wait_for(f"NOTE dead {before}", after=mark)
        assert len(workers(front)) == left
        again(client)
    client.echo(canary(41))


@pytest.mark.fronts("shim")
def test_workers_are_killed_under_load(front, nightly):
    """Whoever dies, every client is served again; a nonce is never used twice."""
    prefork(front, "epoll", workers=4)
    clients = [front.client() for _ in range(4)]
    for turn in range(nightly(6, 100)):
        for tag in range(10):
            for client in clients:
                client.send(canary(60, tag))
        kill(front, sorted(workers(front))[turn % 4])
        for client in clients:
            client.dtls.drain(0.05)
            try:
                client.echo(canary(40, turn), timeout=1)
            except (Timeout, AssertionError):
                client.dtls.restart().handshake(10)
            client.dtls.drain(0.05)
    for client in clients:
        client.echo(canary(50))


def test_a_child_that_was_forked_for_it_answers(front, no_tsan_interpreter):
    """The parent receives, a child answers: a parent alone at the socket loses no speed."""
    front.start("socketserver_echo.py", "--mode", "forking")
    clients = [front.client() for _ in range(3)]
    for turn in range(3):
        for tag, client in enumerate(clients):
            client.echo(canary(100 * turn + 20, tag))
    assert not front.log.has("event=shared")


def test_a_child_takes_what_its_parent_looked_at(front):
    front.start("prefork", "--mode", "peek")
    clients = [front.client() for _ in range(2)]
    for turn in range(4):
        for client in clients:
            client.send(canary(300 * turn + 20, turn))
        for client in clients:
            assert client.recv() == canary(300 * turn + 20, turn)


@pytest.mark.fronts("shim")
def test_a_process_that_closes_the_socket_serves_those_that_have_it_still(front):
    front.start("prefork", "--mode", "leave")
    client = front.client()
    client.echo(canary(40))
    client.ask("!fork")
    worker = int(client.ask("?pid"))
    assert worker != front.process.pid
    os.kill(front.process.pid, signal.SIGUSR1)
    front.process.wait_for("NOTE closed")
    front.process.wait_for("event=left")
    for tag in range(3):
        client.echo(canary(100, tag))
    assert front.handshakes() == 1
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(dtls12.Closed):          # by the last one who could have answered
        client.recv()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        bind_soon(sock, ("127.0.0.1", front.port))


@pytest.mark.fronts("shim")
def test_a_port_is_free_when_the_last_process_closes_it_and_lives(front):
    """The one that serves closed it before, and one that waited for its place lives on."""
    client, _ = forked(front, "leave")
    client.echo(canary(40))
    os.kill(front.process.pid, signal.SIGUSR1)
    front.process.wait_for("NOTE closed")
    front.log.wait_for("event=left")
    client.send(b"!close")
    assert client.recv() == b"!close"
    front.process.wait_for("NOTE worker closed")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        bind_soon(sock, ("127.0.0.1", front.port))


def forked(front, mode):
    front.start("prefork", "--mode", mode)
    client = front.client()
    client.echo(b"!fork")
    return client, int(front.process.wait_for(r"NOTE worker (\d+)")[1])


@pytest.mark.fronts("shim")
def test_a_port_is_free_when_the_last_process_has_closed_it(front):
    """Though other processes used the socket before."""
    client, _ = forked(front, "close")
    client.send(b"one")
    assert front.process.wait_for("NOTE another (.*)")[1] == "bound"
    assert not front.log.has("event=left"), "it went on for nobody"


def asleep(pid, name):
    """Threads called so that do not run: seen so many times in a row."""
    deadline, seen = time.monotonic() + 5, 0
    while seen < 20:
        assert time.monotonic() < deadline, f"{name} in {pid} runs all the time"
        states = []
        for task in os.listdir(f"/proc/{pid}/task"):
            stat = open(f"/proc/{pid}/task/{task}/stat").read()
            if f"({name})" in stat:
                states.append(stat.rpartition(")")[2].split()[0])
        seen = seen + 1 if states and set(states) == {"S"} else 0
        time.sleep(0.005)


@pytest.mark.fronts("shim")
def test_nothing_is_busy_after_a_close_while_a_thread_waits(front):
    client, _ = forked(front, "held")
    client.send(b"one")
    assert client.recv() == b"one"
    asleep(front.process.pid, "prefork")
    os.kill(front.process.pid, signal.SIGUSR1)
    front.process.wait_for("NOTE another")
    asleep(front.process.pid, "dtlsshim")


@pytest.mark.fronts("shim")
def test_one_that_only_sends_goes_on_when_the_process_that_serves_dies(front):
    """It waits for room that only the other could make."""
    _, guest = forked(front, "flood")
    os.kill(front.process.pid, signal.SIGSTOP)
    os.kill(guest, signal.SIGUSR1)
    assert front.process.wait_for("NOTE full (.*)")[1] == "EAGAIN"
    asleep(guest, "prefork")
    os.kill(front.process.pid, signal.SIGKILL)
    front.process.ended_by_us = True
    front.process.wait_for("NOTE sent")


def bind_soon(sock, address):
    deadline = time.monotonic() + 5
    while True:
        try:
            return sock.bind(address)
        except OSError:
            if time.monotonic() > deadline:
                raise


@pytest.mark.fronts("shim")
def test_a_process_cannot_bind_a_socket_of_its_own_where_another_serves(front):
    client = prefork(front, "recvfrom")
    client.echo(canary(40))
    answers = {client.ask(q) for q in ("!bind", "!busy", "!bind", "!busy", "!bind")}
    assert "EADDRINUSE" in answers
    front.log.wait_for(f"bind.. to port {front.port} refused: another process serves it")


# a socket that goes to another program


def hand(front, how, **kwargs):
    front.start("handover", "--how", how, **kwargs)
    client = front.client()
    client.echo(canary(40))
    client.echo(b"!hand")
    return client


@pytest.mark.parametrize("how", ["exec", "shell"])
def test_a_program_that_replaces_itself_keeps_its_socket(front, how):
    client = hand(front, how)
    front.process.wait_for("NOTE got")
    if front.secure:
        again(client)
    for tag in range(3):
        client.echo(canary(100, tag))
    front.client().echo(canary(40))


@pytest.mark.fronts("shim")
def test_sessions_go_along_where_they_are_kept(front):
    """With a state file a program that replaces itself loses none of its clients."""
    client = hand(front, "exec", options={"state": front.directory / "x.state"})
    front.process.wait_for("NOTE got")
    for tag in range(3):
        client.echo(canary(100, tag))
    assert front.handshakes() == 1


@pytest.mark.fronts("shim")
def test_a_program_that_cannot_be_run_costs_nothing(front):
    client = hand(front, "missing")
    front.process.wait_for("NOTE execv=-1")
    client.echo(canary(40))
    assert front.handshakes() == 1


def test_a_socket_that_is_passed_to_another_process_is_served_by_both(front):
    client = hand(front, "rights")
    receiver = int(front.process.wait_for(r"NOTE got \d+ pid=(\d+)")[1])
    for tag in range(3):
        client.echo(canary(100, tag))
    assert receiver != front.process.pid
    if front.kind == "shim":
        assert front.handshakes() == 1, "who has the keys has them still"
        os.kill(front.process.pid, signal.SIGKILL)
        front.process.ended_by_us = True
        front.log.wait_for("event=inherited")
        again(client)
        client.echo(canary(50))


@pytest.mark.parametrize("how", ["child", "flight", "raw"])
def test_a_socket_that_was_closed_comes_back(front, how):
    """By SCM_RIGHTS, to the process that has the keys; afterwards it can be closed like any other."""
    front.start("comes_back", "--how", how)
    client = front.client()
    for n in range(2):
        client.echo(b"!away")
        if how == "child":
            client.echo(canary(40, n))
            client.echo(b"!back")
        front.process.wait_for(f"READY port={front.port} pid={front.process.pid}$", n=n + 2)
        client.echo(canary(50, n))
    if front.secure:
        assert front.handshakes() == 1
    client.send(b"!close")
    front.process.wait_for("READY", n=4)
    front.client().echo(canary(60))


def test_a_socket_that_came_back_and_does_not_a_second_time_frees_its_port(front):
    front.start("comes_back", "--how", "child")
    client = front.client()
    for command in (b"!away", b"!back"):
        client.echo(command)
    front.process.wait_for("READY", n=2)
    client.echo(b"!away")
    client.send(b"!end")
    front.process.wait_for("READY", n=3)
    front.client().echo(canary(60))


@pytest.mark.fronts("shim")
def test_a_process_without_the_library_gets_a_dead_socket(front):
    """By SCM_RIGHTS; and such a child of posix_spawn() has nothing that leads to the network."""
    hand(front, "clear")
    front.process.wait_for("NOTE clear sendto=-1 send=-1 write=-1")


@pytest.mark.fronts("shim")
def test_a_spawned_program_inherits_no_hidden_descriptor(front):
    """The program runs without the shim, which would ask for them."""
    client = hand(front, "spawn")
    front.process.wait_for("NOTE listed")
    sockets = {m[1] for _, t in list(front.process.lines) if (m := re.search(r"socket:.(\d+)", t))}
    assert len(sockets) == 1, "the facade"
    assert not any(inode in line.split() for line in open("/proc/net/udp") for inode in sockets)
    assert not front.process.has("memfd|eventpoll|eventfd")
    client.echo(canary(40))


def test_socat_forks_for_every_datagram(front, no_tsan_interpreter):
    """The parent looks at it, a child takes it, asks a program and answers."""
    if shutil.which("socat") is None:
        pytest.skip("socat is not installed")
    front.start(["socat", "UDP4-RECVFROM:@PORT@,bind=127.0.0.1,fork", "EXEC:cat"], ready=None)
    clients = [front.client() for _ in range(2)]
    for turn in range(3):
        for client in clients:
            client.echo(canary(200 * turn + 30, turn))


@pytest.mark.skipif(bool(build.SANITIZE), reason="their run-times need fork handlers")
@pytest.mark.parametrize("how", ["_Fork", "clone", "syscall"])
def test_children_that_no_handler_saw_close_the_socket(front, how):
    front.start("strays", "--how", how)
    client = front.client()
    for tag in range(5):
        client.echo(canary(30, tag))
    assert not front.process.has("NOTE"), front.process


@pytest.mark.skipif(bool(build.SANITIZE), reason="their run-times do not stand it")
def test_a_cancelled_thread_does_not_hold_the_port(front):
    front.start("cancelled")
    for n in range(2, 5):
        front.client().echo(canary(30, n))
        front.process.wait_for("READY", n=n)
