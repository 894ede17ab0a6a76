# SPDX-License-Identifier: Apache-2.0
"""Ensures that the socket behind the facade is the program's own in everything but its keys."""

import os
import re
import socket
import struct

import pytest

from support import build
from support.client import Timeout, canary

pytestmark = pytest.mark.fronts("plain", "shim")

NOBODY = 65534
SKIPPED = "its run-time is not loaded where the program changes its user"


@pytest.mark.parametrize("how", ["poll", "ppoll", "select", "pselect", "epoll", "recvfrom",
                                 "recvmsg", "recvmmsg", "read"])
def test_a_thread_that_waits_when_another_binds_gets_what_comes(front, how):
    front.start("bind_late", "--how", how)
    client = front.client()
    client.send(canary(40))
    assert [text for _, text in front.received(1)] == [canary(40).decode()]
    if how != "read":
        assert client.recv() == canary(40)
    assert not front.process.has("NOTE received|NOTE events=0x1.")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", ["plain", "fork"])
@pytest.mark.parametrize("call", ["sendto", "connect", "sendmmsg"])
def test_an_answer_from_another_socket_is_refused(front, how, call):
    """What TFTP does would leave in clear; the forwarder's record shows that nothing does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(20)
        front.start("second_socket", "--how", how, "--call", call, "--other",
                    other.getsockname()[1])
        client = front.client()
        client.send(canary(40))
        front.process.wait_for("NOTE answer=EPERM")
        front.process.wait_for("event=clear_answer_refused")
        assert other.recv(100) == b"other", "who has no session is nobody's business"


def ask(name, peer, user):
    """Asks the server, as @user, whether @peer has a session; where its answer comes to."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    question = struct.pack("=4s12xIHBB", socket.inet_aton(peer[0]), 0, peer[1], 4, 0)
    child = os.fork()
    if child == 0:
        try:
            os.setuid(user)
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
                sock.connect(name)
                socket.send_fds(sock, [question], [theirs.fileno()])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    theirs.close()
    return ours


@pytest.mark.fronts("shim")
@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be two users")
def test_other_users_are_not_told_who_has_a_session(front):
    front.start("blocking")
    client = front.client()
    client.echo(canary(40))
    links = {os.readlink(f.path) for f in os.scandir(f"/proc/{front.process.pid}/fd")}
    name = next(fields[7] for fields in map(str.split, open("/proc/net/unix"))
                if fields[7:] and re.fullmatch("@dtlsshim-[0-9a-f]{16}", fields[7])
                and f"socket:[{fields[6]}]" in links)
    host, _, port = client.ask("?peer").split()
    peer = host, int(port)
    with ask("\0" + name[1:], peer, NOBODY) as nobody, ask("\0" + name[1:], peer, 0) as root:
        root.settimeout(10)
        assert root.recv(1) == b"\1"      # questions are answered in their order
        nobody.setblocking(False)
        with pytest.raises(BlockingIOError):
            nobody.recv(1)


@pytest.mark.parametrize("how", ["plain", "fork"])
def test_a_server_may_ask_somebody_before_it_serves(front, how):
    front.start("second_socket", "--first", how)
    assert front.process.wait_for(r"NOTE other=(\w+)")[1] == "sent"


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("call", ["sendto", "connect"])
def test_an_answer_from_another_socket_can_be_allowed(front, call):
    front.start("second_socket", "--call", call, "--text", "hello",
                options={"clear-answers": "true"})
    front.client(address=("127.0.0.1", front.port)).send(canary(40))   # past the recorder
    front.process.wait_for("NOTE answer=sent")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(bool(build.SANITIZE), reason=SKIPPED)
@pytest.mark.parametrize("kind", ["psk", "certificate"])
def test_a_server_that_dropped_its_rights_binds_again(front, kind, authority):
    pair = authority.certify("localhost")
    how = {"ca": str(authority.ca), "server_name": "localhost"} if kind == "certificate" else {}
    front.start("drops_rights", options={"psk-csv": None, "cert": pair.cert, "key": pair.key}
                if how else None)
    front.client(**(how if front.secure else {})).echo(canary(40))


def test_a_socket_that_has_a_port_takes_no_other(front):
    front.start("bind_after_send")
    front.process.wait_for("NOTE second name: EINVAL")
    front.client().echo(canary(40))
