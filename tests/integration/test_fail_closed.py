# SPDX-License-Identifier: Apache-2.0
"""Ensures that nothing gets in or out in clear, whatever program or stranger tries."""

import ctypes
import errno
import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys

import pytest

from support import build
from support.client import CANARY, Timeout, canary
from support.front import wait_bound

pytestmark = pytest.mark.fronts("shim", "proxy")

STRANGERS = {
    "text": b"hello?",
    "CoAP": bytes.fromhex("4001123411") + b"time",
    "DNS": bytes.fromhex("123401000001000000000000076578616d706c6503636f6d0000010001"),
    "STUN": bytes.fromhex("000100002112a442") + bytes(12),
    "empty": b"",
    "looks like a record": bytes.fromhex("17fefd0001000000000001000548656c6c6f"),
    "long": b"x" * 20000,
}


def test_plaintext_to_a_protected_port_gets_nowhere(front):
    """No answer, and the server never hears of it; the good client's echo marks the time."""
    front.hostile = True
    front.start("poll_loop")
    client = front.client()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        for tag, text in enumerate(STRANGERS.values()):
            sock.sendto(text, ("127.0.0.1", front.port))
            client.echo(canary(40, tag))
            with pytest.raises(BlockingIOError):
                sock.recv(65536)
    assert all(text.startswith(CANARY.decode()) for _, text in front.received(len(STRANGERS)))
    assert not front.process.has("NOTE"), "the server was woken for nothing"


def test_plaintext_from_the_address_of_a_session_gets_nowhere(front):
    front.hostile = True
    front.start("poll_loop")
    client = front.client()
    for tag, text in enumerate(STRANGERS.values()):
        client.dtls.send_raw(text)
        client.echo(canary(40, tag))
    assert len(front.received(len(STRANGERS))) == len(STRANGERS)


def test_plaintext_that_waits_before_the_server_starts(front):
    """Datagrams that arrive from the first moment on are never delivered."""
    front.hostile = True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        front.launch("blocking")
        for _ in range(2000):
            sock.sendto(b"early plaintext", ("127.0.0.1", front.port))
            if front.log.has("READY|event=listening"):
                break
    front.wait_server(r"READY port=(\d+)")
    front.address = ("127.0.0.1", front.port)
    front.client().echo(canary(40))
    assert [text for _, text in front.received(1)] == [canary(40).decode()]


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", ["raw", "stdio", "splice", "exec"])
def test_calls_past_the_library_reach_nobody(front, how):
    """System calls without libc, stdio, splice, a child without the shim: nothing on the wire.

    The forwarder's record shows it: what a program sends by these ways holds the canary.
    """
    front.start("bypass", "--how", how)
    client = front.client()
    client.send(canary(60))
    front.process.wait_for("NOTE bypass")
    with pytest.raises(Timeout):
        while client.recv(timeout=0.5) != canary(60):
            pass
    front.client().dtls.send(canary(60, 2))


@pytest.mark.fronts("plain")
@pytest.mark.parametrize("how", ["raw", "stdio", "splice", "exec"])
def test_the_program_above_really_gets_past_the_library(front, how):
    """Without the shim the bytes arrive: the test above can fail."""
    front.start("bypass", "--how", how)
    client = front.client()
    client.send(canary(60))
    assert client.recv() == canary(60)


@pytest.mark.fronts("shim")
def test_a_send_to_a_stranger_is_refused(front):
    """No session, no bytes: EPERM, as from a packet filter; and it reaches nobody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.setblocking(False)
        front.start("probe_sock")
        client = front.client()
        answer = client.ask(b"!stranger %d" % stranger.getsockname()[1])
        assert answer == "stranger sendto=EPERM sendmsg=EPERM sendmmsg=EPERM connected=EPERM"
        with pytest.raises(BlockingIOError):
            stranger.recv(100)


@pytest.mark.fronts("shim")
def test_session_keys_are_in_one_process_only(front):
    """They are found in the server's memory, and not in that of its forked child."""
    if build.SANITIZE:
        pytest.skip("the memory of a sanitized process is too large to look through")
    front.start("keyscan")
    psk = front.identity()
    client = front.client(psk=psk)
    client.echo(canary(40))
    keys = [client.dtls.keys["client_key"], client.dtls.keys["server_key"],
            client.dtls.master_secret, psk[1]]
    found = [client.ask(b"!scan " + bytes(b ^ 0xA5 for b in key).hex().encode())
             for key in keys]
    assert all(re.search(r"child=0$", text) for text in found), found
    assert not any(found[i].startswith("parent=0") for i in (0, 3)), "nothing is found anywhere"


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("option", ["SO_ATTACH_FILTER", "SO_DETACH_FILTER", "UDP_GRO"])
def test_options_that_would_undo_the_protection_are_refused(front, option):
    front.start("probe_sock")
    client = front.client()
    assert re.match(r"refused \w+=E\w+$", client.ask(f"!refused {option}"))
    client.echo(canary(40))


IN_AN_EPOLL = """
import errno, select, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
e = select.epoll()
e.register(s, select.EPOLLIN)
address = ("127.0.0.1", int(sys.argv[1]))
try:
    s.bind(address)
    print("NOTE bound", flush=True)
except OSError as error:
    print("NOTE bind", errno.errorcode[error.errno], flush=True)
    e.unregister(s)
    s.bind(address)
    e.register(s, select.EPOLLIN)
print("READY port=" + sys.argv[1], flush=True)
while True:
    e.poll()
    data, peer = s.recvfrom(65536)
    s.sendto(data, peer)
"""


@pytest.mark.fronts("plain", "shim")
@pytest.mark.skipif(bool(build.SANITIZE), reason="their run-times need /proc")
def test_without_proc_a_socket_in_an_epoll_is_not_bound(front):
    """Nothing says what the epoll waits for, so it would go on with a socket that hears nothing."""
    world = ["unshare", "-rm", "sh", "-c"]
    hide = "mount -t tmpfs none /proc"
    if subprocess.run([*world, hide], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no mount namespaces here")
    front.start([*world, hide + ' && exec "$@"', "sh", "/usr/bin/python3", "-c", IN_AN_EPOLL,
                 "@PORT@"])
    if front.secure:
        assert front.process.wait_for("NOTE bind (.*)")[1] == "ENOTSUP"
        assert front.process.has("is in an epoll, and cannot be protected without /proc")
    front.client().echo(canary(40))


@pytest.mark.fronts("shim")
def test_sockets_that_do_not_match_are_left_alone(front):
    """Another port of the same program, and its sockets without a port, stay as they are."""
    front.start("blocking", options={"ports": build.free_port()})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(b"in clear", ("127.0.0.1", front.port))
        assert sock.recv(100) == b"in clear"


@pytest.mark.fronts("shim")
def test_without_a_list_of_ports_every_bound_socket_is_protected(front):
    front.start("blocking", options={"ports": None})
    front.client().echo(canary(40))


@pytest.mark.fronts("plain", "shim")
def test_a_server_asks_others_in_clear(front):
    """A socket that is not bound is the program's own affair: a resolver, a clock."""
    front.start("probe_sock", options={"ports": None})
    client = front.client()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(5)
        client.send(b"!outbound %d" % other.getsockname()[1])
        question, asker = other.recvfrom(100)
        assert question == b"question"
        other.sendto(b"answer", asker)
        assert client.recv() == b"outbound sendto=8 recv=6:answer close=0"


@pytest.mark.fronts("shim")
def test_the_kernel_itself_keeps_plaintext_out(front):
    """A locked filter stands before the hidden socket: what is not DTLS does not even wake us."""
    front.start("blocking")
    sock = take_socket(front.process.pid, front.port)
    with sock:
        with pytest.raises(PermissionError):
            sock.setsockopt(socket.SOL_SOCKET, 27, b"\0" * 4)           # SO_DETACH_FILTER
        # readable for DTLS only; the server is stopped, so that nobody else reads
        front.process.send_signal(signal.SIGSTOP)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.connect(("127.0.0.1", front.port))
            for text in STRANGERS.values():
                if text[:1] != b"\x17":
                    stranger.send(text)
            assert not select.select([sock], [], [], 0.1)[0]
            stranger.send(STRANGERS["looks like a record"])
            assert select.select([sock], [], [], 5)[0]
        front.process.send_signal(signal.SIGCONT)
    front.client().echo(canary(40))


def take_socket(pid, port):
    """A duplicate of the socket that process `pid` has bound to UDP `port`."""
    pidfd = os.pidfd_open(pid)
    try:
        for number in map(int, os.listdir(f"/proc/{pid}/fd")):
            fd = ctypes.CDLL(None, use_errno=True).syscall(438, pidfd, number, 0)  # pidfd_getfd
            if fd < 0:
                continue
            sock = socket.socket(fileno=fd) if stat.S_ISSOCK(os.fstat(fd).st_mode) else None
            if sock and sock.family == socket.AF_INET and sock.getsockname()[1] == port:
                return sock
            if sock:
                sock.close()
            else:
                os.close(fd)
    finally:
        os.close(pidfd)
    pytest.skip("the process has no such socket, or its descriptors may not be looked at")


FILTERED = """
import ctypes, socket, struct, sys
code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0xffffffff), 8)      # ret -1
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", 1, ctypes.addressof(code)))    # attach
try:
    s.bind(("127.0.0.1", int(sys.argv[1])))
except OSError as error:
    print("NOTE bind", error.errno, flush=True)
"""


@pytest.mark.fronts("shim")
def test_a_socket_with_a_packet_filter_of_the_program_is_refused(front, no_tsan_interpreter):
    front.launch([sys.executable, "-c", FILTERED, "@PORT@"])
    front.process.wait_for(f"NOTE bind {errno.EOPNOTSUPP}$")
    front.process.wait_for("refused: the program has a packet filter on it")


BY_NUMBER = """
import ctypes, os, socket, struct, sys
number = {"x86_64": 49, "aarch64": 200}[os.uname().machine]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
at = struct.pack("=H", socket.AF_INET) + struct.pack("!HI8x", int(sys.argv[1]), 0x7f000001)
print("NOTE bind", ctypes.CDLL(None).syscall(number, s.fileno(), at, len(at)), flush=True)
sys.stdin.read()
"""


@pytest.mark.fronts("shim")
def test_a_bind_by_its_number_is_seen(front, no_tsan_interpreter):
    """Not only when the socket is used, by which time others may have a copy of it."""
    front.launch([sys.executable, "-c", BY_NUMBER, "@PORT@"], stdin=True)
    front.process.wait_for("NOTE bind 0")
    front.process.wait_for("event=protected port=")


SEGMENTS = """
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
text, peer = s.recvfrom(2000)
try:
    s.sendmsg([text], [(socket.IPPROTO_UDP, 103, struct.pack("H", 20))], 0, peer)    # UDP_SEGMENT
    print("NOTE sent", flush=True)
except OSError as error:
    print("NOTE sendmsg", error.errno, flush=True)
"""


@pytest.mark.fronts("shim")
def test_a_message_in_segments_is_refused(front, no_tsan_interpreter):
    """The kernel would cut the record, not the message."""
    front.start([sys.executable, "-c", SEGMENTS, "@PORT@"], ready=None)
    front.client().send(canary(100))
    assert front.process.wait_for("NOTE (.*)")[1] == f"sendmsg {errno.EINVAL}"


SENT_COPY = """
import select, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 37, 2 | 16)      # SO_TIMESTAMPING: software, when it is sent
s.bind(("127.0.0.1", int(sys.argv[1])))
s.sendto(*s.recvfrom(2000))
errors = select.poll()
errors.register(s, 0)
errors.poll(20000)
payload = bytearray(2000)
n = s.recvmsg_into([payload], 1000, socket.MSG_ERRQUEUE)[0]
print("NOTE payload", n, any(payload), flush=True)
"""


@pytest.mark.fronts("shim")
def test_the_error_queue_shows_no_ciphertext(front, no_tsan_interpreter):
    front.start([sys.executable, "-c", SENT_COPY, "@PORT@"], ready=None)
    front.client().send(canary(100))
    assert front.process.wait_for("NOTE payload (.*)", timeout=30)[1] == "0 False"


@pytest.mark.fronts("shim")
def test_the_wire_may_see_another_port_than_the_program(front):
    """DTLSSHIM_PORTS=5683=5684: plaintext port inside, DTLS port outside."""
    wire = build.free_port()
    front.port = build.free_port()
    port = front.launch([*build.victim("blocking"), "--port", "@PORT@"],
                        options={"ports": f"@PORT@={wire}"})
    front.process.wait_for(f"READY port={port} ")
    wait_bound(wire, front.process)
    front.client(address=("127.0.0.1", wire)).echo(canary(40))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", port))
        sock.send(b"anybody here?")
        with pytest.raises(ConnectionRefusedError):
            sock.settimeout(5)
            sock.recv(100)


@pytest.mark.fronts("shim")
def test_preloading_into_a_program_without_sockets_changes_nothing(front):
    env = {**build.clean_environment(), **build.shim_environment(front.options({}))}
    done = subprocess.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], env=env,
                          capture_output=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
