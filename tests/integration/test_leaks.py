# SPDX-License-Identifier: Apache-2.0
"""Ensures that descriptors and memory stay flat while sockets and sessions come and go.

The client is a program without DTLS, under the shim in its client role; where there is a server in
the same process, that process has both roles.
"""

import os
import time
from pathlib import Path

import pytest

from support import build
from support.legacy import client_options

WARM = 500          # until caches, slabs and the allocator have their size
ROOM = 256          # kilobytes: less than 3 bytes a cycle in a long run

pytestmark = pytest.mark.skipif("thread" in build.SANITIZE, reason="one thread, and slow")


def run(front, port, server, count):
    """Starts cycles.c with `count` cycles."""
    options = {**front.options(None), **client_options(front, port, role="both", log="warn")}
    return front.spawn([*build.victim("cycles"), "--server", server, "--warm", min(WARM, count),
                        "--cycles", count, "--port", port],
                       build.shim_environment(options))


def held(process, n, count):
    match = process.wait_for(r"^HELD fds=(\d+) virtual=(\d+) resident=(\d+)", n=n,
                             timeout=30 + count / 50)
    return [int(x) for x in match.groups()]


def check_flat(before, after):
    assert after[0] == before[0], f"descriptors: {before[0]}, later {after[0]}"
    if build.SANITIZE:
        return      # keeps freed memory
    for what, was, now in zip(("virtual", "resident"), before[1:], after[1:]):
        assert now - was <= ROOM, f"{what} memory: {was} kB, later {now} kB"


@pytest.fixture
def count(nightly):
    return nightly(200 if build.SANITIZE else 1000, 100_000)


@pytest.mark.timeout(3600)
@pytest.mark.fronts("shim")
@pytest.mark.parametrize("server", ["fresh", "stays"])
def test_sockets_of_one_process(front, server, count):
    """Client sockets come and go, the server's too or not."""
    process = run(front, build.free_port(), server, count)
    before = held(process, 1, count)
    after = held(process, 2, count)
    assert process.wait_exit() == 0
    check_flat(before, after)


def proc(pid):
    pages = (int(n) for n in Path(f"/proc/{pid}/statm").read_text().split()[:2])
    return [len(os.listdir(f"/proc/{pid}/fd")), *(n * os.sysconf("SC_PAGESIZE") // 1024
                                                  for n in pages)]


@pytest.mark.timeout(3600)
@pytest.mark.fronts("proxy")
def test_proxy(front, count):
    front.launch("blocking", options={"log": "info"})
    front.log.wait_for("event=listening")
    fds = proc(front.log.pid)[0]
    process = run(front, front.port, "elsewhere", count)
    held(process, 1, count)
    before = [fds, *proc(front.log.pid)[1:]]
    held(process, 2, count)
    assert process.wait_exit() == 0
    deadline = time.monotonic() + 10    # the last goodbye may be on its way
    while proc(front.log.pid)[0] > fds and time.monotonic() < deadline:
        os.sched_yield()
    check_flat(before, proc(front.log.pid))
