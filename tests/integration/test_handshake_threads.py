# SPDX-License-Identifier: Apache-2.0
"""Ensures that handshakes are computed by as many threads as the option says, in each process that
serves and in no other."""

import os

import pytest

from support import build
from support.client import canary

pytestmark = pytest.mark.fronts("shim", "proxy")


def pool(pid):
    """How many threads of a process compute handshakes."""
    names = [open(f"/proc/{pid}/task/{task}/comm").read() for task in os.listdir(f"/proc/{pid}/task")]
    return names.count("dtls-handshake\n")


@pytest.mark.parametrize("count", [1, 3, 64])
def test_the_pool_has_as_many_threads_as_the_option_says(front, count):
    front.start("poll_loop", options={"handshake-threads": count})
    front.client().echo(canary(40))
    assert pool(front.log.pid) == count


def test_without_the_option_one_processor_is_left_to_the_records(front):
    front.start("poll_loop")
    front.client().echo(canary(40))
    assert pool(front.log.pid) == max(len(os.sched_getaffinity(0)) - 1, 1)


@pytest.mark.fronts("shim")
def test_a_forked_child_that_serves_has_a_pool_of_its_own(front):
    """Its parent has served before, so the child has the memory of a pool without its threads."""
    program = ("import os, socket, sys\n"
               "def serve():\n"
               "    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
               "    s.bind(('127.0.0.1', int(sys.argv[1])))\n"
               "    print('READY port=' + sys.argv[1], 'pid', os.getpid(), flush=True)\n"
               "    while True:\n"
               "        data, address = s.recvfrom(65536)\n"
               "        s.sendto(data, address)\n"
               "        if data == b'fork':\n"
               "            return s.close()\n"
               "serve()\n"
               "if os.fork():\n"
               "    os.wait()\n"
               "serve()\n")
    if "thread" in build.SANITIZE:
        pytest.skip("the thread sanitizer lets no child of a process with threads have threads")
    front.start(["/usr/bin/python3", "-c", program], "@PORT@",
                options={"handshake-threads": 2})
    front.client().send(b"fork")
    child = int(front.process.wait_for(r"READY port=\d+ pid (?!%d)(\d+)" %
                                       front.process.pid)[1])
    front.client().echo(canary(40))
    assert pool(child) == 2


def test_a_number_that_is_too_large_is_refused(procs):
    proxy = procs.spawn([build.product(build.PROXY), "--handshake-threads", "65"])
    assert proxy.wait_exit() == 2
    assert proxy.has("handshake-threads.*65.*64")
