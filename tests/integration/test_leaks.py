# SPDX-License-Identifier: Apache-2.0
"""Ensures that descriptors and memory stay flat while sockets and sessions come and go.

The client is a program without DTLS, under the shim in its client role; where there is a server in
the same process, that process has both roles.
"""

import os
import re
import time
from pathlib import Path

import pytest

from support import build
from support.legacy import client_options

WARM = 500          # until caches, slabs and the allocator have their size
ROOM = 256          # kilobytes: less than 3 bytes a cycle in a long run

pytestmark = pytest.mark.skipif("thread" in build.SANITIZE, reason="one thread, and slow")


ROUNDS = 4          # one of them must be flat: a leak never is, a new peak is once


def run(front, port, server, count):
    """Starts cycles.c with `count` cycles a round."""
    options = {**front.options(None), **client_options(front, port, role="both", log="warn")}
    return front.spawn([*build.victim("cycles"), "--server", server, "--warm", min(WARM, count),
                        "--cycles", count, "--port", port],
                       build.shim_environment(options), stdin=True)


def held(process, n, count):
    """(descriptors, kilobytes) of the process itself after that many lots of cycles."""
    match = process.wait_for(r"^HELD fds=(\d+) memory=(\d+)", n=n, timeout=30 + count / 50)
    return int(match[1]), int(match[2])


def check_flat(process, count, measure):
    """`measure` says what is held; it is compared over rounds of cycles."""
    held(process, 1, count)
    seen = [measure(1)]
    for n in range(2, 2 + ROUNDS):
        process.write("\n")
        held(process, n, count)
        seen.append(measure(n))
        (fds, memory), (now_fds, now_memory) = seen[-2:]
        # Sanitizers keep freed memory
        if now_fds == fds and (build.SANITIZE or now_memory - memory <= ROOM):
            return
    raise AssertionError(f"(descriptors, kB) grew in every round: {seen}")


@pytest.fixture
def count(nightly):
    return nightly(200 if build.SANITIZE else 1000, 100_000)


@pytest.mark.timeout(3600)
@pytest.mark.fronts("shim")
@pytest.mark.parametrize("server", ["fresh", "stays"])
def test_sockets_of_one_process(front, server, count):
    """Client sockets come and go, the server's too or not."""
    process = run(front, build.free_port(), server, count)
    check_flat(process, count, lambda n: held(process, n, count))
    process.popen.stdin.close()
    assert process.wait_exit() == 0


def memory(pid):
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Anonymous: +(\d+)", rollup, re.M)[1])


def descriptors(pid, most):
    """How many there are; waits until the last goodbye has come."""
    deadline = time.monotonic() + 10
    while (n := len(os.listdir(f"/proc/{pid}/fd"))) > most and time.monotonic() < deadline:
        os.sched_yield()
    return n


@pytest.mark.timeout(3600)
@pytest.mark.fronts("proxy")
def test_proxy(front, count):
    front.launch("blocking", options={"log": "info"})
    front.log.wait_for("event=listening")
    pid = front.log.pid
    fds = len(os.listdir(f"/proc/{pid}/fd"))
    process = run(front, front.port, "elsewhere", count)
    check_flat(process, count, lambda n: (descriptors(pid, fds), memory(pid)))
