# SPDX-License-Identifier: Apache-2.0
"""Ensures that a protected socket answers as the kernel does, call by call.

A program (tests/servers/differ.c, options.c) does the same calls on a bare UDP socket and on a
protected one, with a peer that does the same too; each call is a line with all that came out of
it.  The lines must be equal, but for what docs/differences.md lists.
"""

import contextlib
import fnmatch
import os
import random
import re

import pytest

from support import build
from support.client import PlainClient, SecureClient, Timeout, canary
from support.front import Front
from support.process import Failed

pytestmark = pytest.mark.fronts("shim")


def known():
    """Rows of docs/differences.md: patterns for the call, its bare and its protected result."""
    rows = re.findall(r"^\| `(.*?)` \| `(.*?)` \| `(.*?)` \|",
                      (build.ROOT / "docs" / "differences.md").read_text(), re.M)
    assert rows
    return rows


def is_known(plain, protected):
    (call, _, a), (other, _, b) = (line.partition(" = ") for line in (plain, protected))
    return call == other and any(
        fnmatch.fnmatchcase(call, pattern) and fnmatch.fnmatchcase(a, left) and
        fnmatch.fnmatchcase(b, right) for pattern, left, right in known())


class Run:
    """One run of the program: .lines, and .messages its peer got."""

    def __init__(self, kind, directory, program, *args):
        self.kind, self.front = kind, Front(kind, directory / kind)
        self.front.directory.mkdir()
        self.lines, self.messages = [], []
        try:
            self.front.launch(program, *args, stdin=True)
            self.front.wait_server(r"READY port=(\d+)")
            self.talk()
        finally:
            self.front.close()

    def talk(self):
        process, address = self.front.process, ("127.0.0.1", self.front.port)
        if self.kind == "plain":
            client = PlainClient(address)
        else:
            client = SecureClient(address, psk=self.front.identity())
        self.front.clients.append(client)
        after, tag = process.mark(), 0
        client.send(b"hello")
        while True:
            line = process.wait_for("^(WANT|GONE|END)", timeout=10, after=after).string
            after = process.mark()
            if line == "END":
                break
            if line == "GONE":          # without a word
                (client.dtls.sock if client.secure else client.sock).close()
            for size in line.split()[1:]:
                client.send(canary(int(size), tag))
                tag += 1
            process.write("\n")
        self.lines = [text[2:] for _, text in process.lines if text.startswith("T ")]
        with contextlib.suppress(Timeout, OSError):     # or it is gone
            while True:
                self.messages.append(client.recv(0.3))


def check_same(tmp_path, program, *args):
    plain, protected = (Run(kind, tmp_path, program, *args) for kind in ("plain", "shim"))
    assert len(plain.lines) > 10
    for i, (a, b) in enumerate(zip(plain.lines, protected.lines)):
        if a != b and not is_known(a, b):
            before = "\n    ".join(plain.lines[max(0, i - 12):i])
            raise Failed(f"{' '.join(map(str, args))}: call {i} differs after\n    {before}\n"
                         f"  bare:      {a}\n  protected: {b}")
    assert len(plain.lines) == len(protected.lines)
    assert plain.messages == protected.messages


# Each was a difference once.
ONCE = [310385481]


def pytest_generate_tests(metafunc):
    if "seed" not in metafunc.fixturenames:
        return
    seeds = [1, 2, 3, 4, 5, *ONCE]
    if metafunc.config.getoption("nightly"):
        # The same in all processes of one run (pytest-xdist), different in each run
        first = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID")).randrange(1 << 30)
        seeds = [*ONCE, *range(first, first + 500)]
    metafunc.parametrize("seed", seeds)


def test_random_calls_answer_the_same(tmp_path, seed):
    check_same(tmp_path, "differ", "--steps", 300, "--seed", seed)


def test_every_option_answers_the_same(tmp_path):
    check_same(tmp_path, "options")


@pytest.mark.parametrize("queue", [0, 1], ids=["connected", "IP_RECVERR"])
def test_a_peer_that_is_gone_shows_the_same(tmp_path, queue):
    """ECONNREFUSED, POLLERR and the error queue, as event loops rely on them."""
    check_same(tmp_path, "errors", "--queue", queue)
