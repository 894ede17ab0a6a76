# SPDX-License-Identifier: Apache-2.0
"""Ensures that children serve what their parent received, and that one who only reads hurts no more
than itself."""

import contextlib

import pytest

from support import build
from support.client import PlainClient, Timeout, canary

pytestmark = pytest.mark.fronts("plain", "shim")


@pytest.mark.parametrize("how", ["keep", "close", "accept"])
def test_a_child_answers_and_goes_on_with_the_client(front, how):
    front.start("serving_children", "--how", how)
    client = front.client()
    try:
        for tag in range(3):
            client.echo(canary(40, tag))
    finally:
        client.send(b"!end")


@pytest.mark.fronts("shim")
def test_a_child_whose_parent_ended_with_the_sessions_serves_the_next_one(front):
    """Its answer to a client that it has no session of is refused, with a line."""
    front.start("serving_children", "--how", "exit")
    client = front.client()
    loaded = front.process.mark()
    client.send(canary(40))
    front.process.wait_for("RX 40")
    # the child reads the keys anew; a handshake that the parent began would end with the parent
    front.process.wait_for("event=keys_loaded", after=loaded)
    with contextlib.suppress(Timeout):
        client.recv(timeout=0.1)
    client.dtls.restart().handshake(10)
    client.echo(canary(41))
    client.send(b"!end")


@pytest.mark.parametrize("by", ["spawn", "vfork", "fork", "clear", "raw"])
def test_who_reads_past_the_server_leaves_it_able_to_hear(front, by):
    front.start("serving_children", "--how", "stdin", "--by", by)
    client, other = front.client(), front.client()
    client.send(canary(40))
    front.process.wait_for("NOTE handed")
    with contextlib.suppress(Timeout):      # the first message may be its child's, or still come
        client.recv(timeout=0.3)
    for tag in range(1, 4):
        client.echo(canary(40, tag))
        other.echo(canary(41, tag))


@pytest.mark.fronts("shim")
def test_a_socket_that_a_helper_without_the_shim_bound_is_not_served_in_clear(front):
    """authbind's way; tests/integration/test_family.py has it with every call."""
    helper = ("import os, socket, subprocess, sys\n"
              "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
              "bind = 'import socket; s = socket.socket(fileno=%d);' % s.fileno()\n"
              "bind += 's.bind((\"127.0.0.1\", %s))' % sys.argv[1]\n"
              "env = {k: v for k, v in os.environ.items() if k != 'LD_PRELOAD'}\n"
              "subprocess.run(['/usr/bin/python3', '-c', bind], pass_fds=[s.fileno()], env=env, "
              "check=True)\n"
              "print('READY port=' + sys.argv[1], flush=True)\n"
              "while True:\n"
              "    data, address = s.recvfrom(65536)\n"
              "    s.sendto(data, address)\n")
    if "thread" in build.SANITIZE:
        pytest.skip("interpreters do not run with a preloaded TSan run-time")
    front.hostile = True
    front.start(["/usr/bin/python3", "-c", helper], "@PORT@")
    plain = PlainClient(("127.0.0.1", front.port))
    plain.send(b"hello?")
    with pytest.raises(Timeout):
        plain.recv(timeout=0.3)
    plain.close()
    client = front.client()
    client.echo(canary(40))
    client.echo(canary(9000))


@pytest.mark.fronts("shim")
def test_a_python_program_hands_its_socket_to_a_child_as_standard_input(front, no_tsan_interpreter):
    server = ("import selectors, socket, subprocess, sys\n"
              "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
              "s.bind(('127.0.0.1', int(sys.argv[1])))\n"
              "s.setblocking(False)\n"
              "print('READY port=' + sys.argv[1], flush=True)\n"
              "waiter = selectors.DefaultSelector()\n"
              "waiter.register(s, 1)\n"
              "waiter.select()\n"
              "subprocess.run(['head', '-c', '1'], stdin=s, stdout=subprocess.DEVNULL, timeout=3)\n"
              "print('NOTE handed', flush=True)\n"
              "while True:\n"
              "    waiter.select()\n"
              "    try:\n"
              "        data, address = s.recvfrom(65536)\n"
              "    except BlockingIOError:\n"
              "        continue\n"
              "    s.sendto(data, address)\n")
    front.start(["/usr/bin/python3", "-c", server], "@PORT@")
    client, other = front.client(), front.client()
    client.send(canary(40))
    front.process.wait_for("NOTE handed")
    with contextlib.suppress(Timeout):
        client.recv(timeout=0.3)
    for tag in range(1, 4):
        client.echo(canary(40, tag))
        other.echo(canary(41, tag))
