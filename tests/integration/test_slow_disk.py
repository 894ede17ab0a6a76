# SPDX-License-Identifier: Apache-2.0
"""A log that nobody reads and a disk that hangs stop no session; nothing of either is lost."""

import os
import re
import select
import signal
import threading
import time

import pytest

from support import build

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

END = 2             # seconds that the end of a process waits for its log


class Disk:
    """Runs what writes log and state where calls of `call` to files hang while told so."""

    def __init__(self, front, monkeypatch, flag, call):
        self.flag, plain = flag, front.proxy_command
        self.wrap = [build.victim("slow_disk")[0], call, str(flag)]
        self.command = "leaver"
        if front.kind == "proxy":
            monkeypatch.setattr(front, "proxy_command", lambda options: self.wrap + plain(options))
        else:
            self.command = self.running("leaver")

    def running(self, program, *args):
        return [*self.wrap, *build.victim(program), *args, "--port", "@PORT@"]

    def hang(self):
        self.flag.touch()

    def go_on(self):
        self.flag.unlink()


@pytest.fixture
def disk(front, monkeypatch, tmp_path):
    return lambda call: Disk(front, monkeypatch, tmp_path / "hang", call)


def named(front):
    """A client, and its identity as the log has it."""
    psk = front.identity()
    return front.client(psk=psk), psk[0].decode()


def established(text):
    return re.findall(r'^\S+ dtls\w+: info: event=established .*id="(\w+)"', text, re.M)


def end(front):
    """Begins an orderly end of what writes the log."""
    if front.kind == "proxy":
        front.log.ended_by_us = True
        front.log.send_signal(signal.SIGTERM)
    else:
        front.clients[0].echo(b"exit")


def test_a_disk_that_does_not_take_the_log_stops_nobody(front, disk, tmp_path):
    hung, log = disk("write"), tmp_path / "log"
    front.start(hung.command, options={"log-file": log}, started=None)
    old, name = named(front)
    names = [name]
    old.echo(b"before")
    hung.hang()
    for i in range(20):
        new, name = named(front)
        names.append(name)
        new.echo(b"new %d" % i)
        old.echo(b"old %d" % i)
    assert len(established(log.read_text())) <= 2    # of before, and one that was on its way
    end(front)
    hung.go_on()
    front.log.wait_exit()
    assert established(log.read_text()) == names
    last = "event=stats " if front.kind == "shim" else "event=closed "
    assert log.read_text().count(last) >= 2


def test_a_disk_that_never_takes_the_log_delays_the_end_a_little(front, disk, tmp_path):
    hung = disk("write")
    front.start(hung.command, options={"log-file": tmp_path / "log"}, started=None)
    front.client().echo(b"before")
    hung.hang()
    front.client().echo(b"a line")
    began = time.monotonic()
    end(front)
    front.log.wait_exit(timeout=10 * END)
    assert time.monotonic() - began > END * 0.9


@pytest.mark.fronts("shim")
def test_a_program_that_becomes_another_writes_its_lines_first(front, disk, tmp_path):
    hung, log = disk("write"), tmp_path / "log"
    front.start(hung.running("handover", "--how", "exec"), options={"log-file": log})
    front.client().echo(b"before")
    hung.hang()
    clients = [named(front) for _ in range(20)]
    clients[0][0].send(b"!hand")
    hung.go_on()
    front.process.wait_for("NOTE got")              # says the next program
    assert established(log.read_text())[1:] == [name for _, name in clients]


def read_until(pipe, pattern, n=1):
    text = b""
    while text.count(pattern) < n:
        assert select.select([pipe], [], [], 20)[0], text
        text += os.read(pipe, 65536)
    return text.decode()


def fill(pipe):
    while select.select([], [pipe], [], 0)[1]:
        os.write(pipe, b"." * 4095 + b"\n")


def test_a_pipe_that_nobody_reads_for_a_while_loses_no_line(front, tmp_path):
    os.mkfifo(tmp_path / "log", 0o600)
    pipe = os.open(tmp_path / "log", os.O_RDWR | os.O_NONBLOCK)
    try:
        front.start("leaver", options={"log-file": tmp_path / "log"}, started=None)
        old, first = named(front)
        read_until(pipe, b" suite=")
        fill(pipe)
        names = []
        for i in range(30):
            new, name = named(front)
            names.append(name)
            new.echo(b"new %d" % i)
            old.echo(b"old %d" % i)
        text = read_until(pipe, b" suite=", n=30)
        assert established(text) == names
    finally:
        os.close(pipe)


def test_a_disk_that_does_not_take_the_state_stops_no_session(front, disk, tmp_path):
    hung = disk("pwrite64")
    front.start(hung.command, options={"state": tmp_path / "x.state"})
    old = [front.client() for _ in range(3)]
    old[0].echo(b"before")
    hung.hang()
    new = front.client(handshake=False)
    thread = threading.Thread(target=new.dtls.handshake, args=(20,))
    thread.start()
    for i in range(100):
        old[i % 3].echo(b"%d" % i)
    old[0].rebind()
    old[0].echo(b"elsewhere")
    assert new.dtls.state != "established"          # it would be told of a session that may be lost
    hung.go_on()
    thread.join(20)
    new.echo(b"new")
    front.restart()                                 # by SIGKILL
    for client in [*old, new]:
        client.echo_in_the_end(b"after")
    assert front.handshakes() == 4
