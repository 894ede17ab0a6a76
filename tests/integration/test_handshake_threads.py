# SPDX-License-Identifier: Apache-2.0
"""Ensures that handshakes are computed by as many threads as the option says, in each process that
serves and in no other."""

import os
import selectors
import signal
import socket
import struct

import pytest

from support import build, certs
from support.client import canary, dtls12

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
    front.start("poll_loop", options={"handshake-threads": None})
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


# turns

TWO_PORTS = ("import select, socket, sys\n"
             "socks = []\n"
             "for port in sys.argv[1:]:\n"
             "    socks.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))\n"
             "    socks[-1].bind(('127.0.0.1', int(port)))\n"
             "print('READY', flush=True)\n"
             "while True:\n"
             "    for s in select.select(socks, [], [])[0]:\n"
             "        s.recvfrom(65536)\n")
SO_TIMESTAMPNS = 35
CROWD = 40


class Hello:
    """A client up to its hello with a cookie."""

    def __init__(self, port):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.dtls = dtls12.Client(("127.0.0.1", port), suites=[0xC02F], sock=sock, rto=None)
        self.dtls.hello1()

    def send(self):
        self.dtls.transmit("hello2", self.dtls.make_hello2())

    def answered_at(self):
        """When the kernel had the first datagram of the server's flight."""
        first_answer([self])
        data = self.dtls.sock.recvmsg(65536, 256)
        assert data[0][13] == 2, "no ServerHello"
        seconds, nanoseconds = struct.unpack("@ll", data[1][0][2])
        return seconds * 10**9 + nanoseconds


def first_answer(hellos, timeout=60):
    with selectors.DefaultSelector() as ready:
        for hello in hellos:
            ready.register(hello.dtls.sock, selectors.EVENT_READ)
        assert ready.select(timeout), "no answer"


def test_a_port_with_one_client_does_not_wait_for_the_crowd_at_another(procs, tmp_path):
    """The pool is full and a crowd waits for it when the hello of the one comes.  What becomes free is
    then the other port's; its client would be the last if all of the crowd's came first."""
    pair = certs.Authority(tmp_path).certify("localhost", kind="rsa4096")
    ports = [build.free_port(), build.free_port()]
    server = procs.spawn(
        ["/usr/bin/python3", "-c", TWO_PORTS, *ports],
        build.shim_environment({"ports": ",".join(map(str, ports)), "cert": pair.cert,
                                "key": pair.key, "handshake-threads": 1, "log": "debug"}))
    server.wait_for("READY")
    crowd, one = [Hello(ports[0]) for _ in range(CROWD)], Hello(ports[1])
    try:
        os.kill(server.pid, signal.SIGSTOP)
        for hello in crowd:
            hello.send()
        os.kill(server.pid, signal.SIGCONT)
        first_answer(crowd)
        one.send()
        at = one.answered_at()
        before = sum(hello.answered_at() < at for hello in crowd)
    finally:
        for hello in [*crowd, one]:
            hello.dtls.abandon()
    assert before < CROWD / 4
