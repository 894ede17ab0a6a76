# SPDX-License-Identifier: Apache-2.0
"""Ensures that a protected socket from another process is taken only if it is what it says it is.

The forger has a true bundle, which a program under the shim sent it, and changes one thing.
"""

import array
import fcntl
import os
import socket
import struct
import sys

import pytest

from support import build

PASS = """
import socket, sys
served = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
served.bind(("127.0.0.1", int(sys.argv[1])))
socket.send_fds(socket.socket(fileno=int(sys.argv[2])), [b"x"], [served.fileno()])
sys.stdin.read()
"""
LEASE = 3       # behind the facade's two ends and the wire
NOBODY = 65534

pytestmark = pytest.mark.usefixtures("no_tsan_interpreter")


class Forger:
    """A true bundle, as its text and its descriptors."""

    def __init__(self, procs):
        self.procs = procs
        self.options = procs.options({"ports": build.free_port()})
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        ours.settimeout(20)
        procs.spawn([sys.executable, "-c", PASS, str(self.options["ports"]), str(theirs.fileno())],
                    build.shim_environment(self.options), stdin=True, pass_fds=[theirs.fileno()])
        bundle = socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0])
        self.text, self.fds, _, _ = socket.recv_fds(bundle, 1024, 16, socket.MSG_PEEK)
        self.fds = list(array.array("i", self.fds))
        for end in (ours, theirs, bundle):
            end.close()

    def use_page(self, seals, named=True):
        """Another page in the place of the true one; named: the text says so."""
        true, page = os.fstat(self.fds[LEASE]), os.memfd_create("page", os.MFD_ALLOW_SEALING)
        os.truncate(page, true.st_size)
        fcntl.fcntl(page, fcntl.F_ADD_SEALS, seals)
        os.close(self.fds[LEASE])
        self.fds[LEASE] = page
        if named:
            other = os.fstat(page)
            was, now = (struct.pack("QQ", s.st_dev, s.st_ino) for s in (true, other))
            assert self.text.count(was) == 1
            self.text = self.text.replace(was, now)

    def give(self, user=None):
        """A program that finds the bundle where it expects a socket; @user made it."""
        if user is not None:
            os.seteuid(user)
        try:
            given, mine = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        finally:
            os.seteuid(os.getuid())
        socket.send_fds(mine, [self.text], self.fds)
        program = self.procs.spawn([*build.victim("handover"), "--fd", given.fileno()],
                                   build.shim_environment(self.options), pass_fds=[given.fileno()])
        for end in (given, mine):
            end.close()
        return program


@pytest.fixture
def forger(procs):
    made = Forger(procs)
    yield made
    for fd in made.fds:
        os.close(fd)


def test_a_true_bundle_is_taken(forger):
    forger.give().wait_for("event=received")


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become another user")
def test_a_bundle_from_another_user_is_not_believed(forger):
    """The program has what it was given, a socket of AF_UNIX with a message in it."""
    program = forger.give(NOBODY)
    program.wait_for(f"^RX {len(forger.text)} dtlsshim")
    assert not program.has("event=received")


def test_a_page_that_nobody_can_shrink_is_taken(forger):
    """What the other tests of pages change is all that is wrong with theirs."""
    forger.use_page(fcntl.F_SEAL_SHRINK)
    forger.give().wait_for("event=received")


def test_a_page_whose_memory_can_be_taken_away_is_refused(forger):
    forger.use_page(fcntl.F_SEAL_GROW)
    program = forger.give()
    program.wait_for("came from another process and cannot be used")
    assert not program.has("event=received")


def test_a_page_that_the_bundle_does_not_name_is_refused(forger):
    forger.use_page(fcntl.F_SEAL_SHRINK, named=False)
    program = forger.give()
    program.wait_for("came from another process and cannot be used")
    assert not program.has("event=received")
