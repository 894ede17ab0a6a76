# SPDX-License-Identifier: Apache-2.0
"""Ensures that a port that is served or spoken to in clear, because it is not listed, is told."""

import re
import signal
import socket
import subprocess

import pytest

from support import build
from support.legacy import Caller, client_options

STATUS = 78         # of `dtlsshim run` when nothing was protected

# What `run` adds to what it preloads
RUNTIME = {"LD_PRELOAD": build.sanitizer_runtime()} if "thread" in build.SANITIZE else {}

ECHO = build.ROOT / "tests" / "servers" / "echo.py"
PYTHON = "/usr/bin/python3"


def told(process):
    """Ports of the lines, in order."""
    return [int(m[1]) for _, line in process.lines
            if (m := re.search(r"event=unprotected port=(\d+)", line))]


# Servers under the shim

@pytest.mark.fronts("shim")
def test_a_port_that_is_not_listed_is_told_once(front):
    """And only the UDP port that the program chose and got."""
    front.start("blocking")
    port, busy, other = (build.free_port() for _ in range(3))
    call = Caller(front, f"5683={front.net.address[1]},{other}", role="both", psk_csv=front.csv)
    call("a = udp(); a.bind(('127.0.0.1', 0))")
    call(f"t = socket.socket(); t.bind(('127.0.0.1', {busy}))")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", busy))
        with pytest.raises(OSError, match="EADDRINUSE"):
            call(f"udp().bind(('127.0.0.1', {busy}))")
    call(f"b = udp(); b.bind(('127.0.0.1', {other}))")
    assert not told(call.process)
    call(f"c = udp(); c.bind(('127.0.0.1', {port}))")
    line = call.process.wait_for(f"event=unprotected port={port}: .*").string
    assert "warn" in line and "DTLSSHIM_PORTS" in line and "in clear" in line
    call(f"c.close(); d = udp6(); d.bind(('::1', {port}))")
    assert told(call.process) == [port]


@pytest.mark.fronts("shim")
def test_a_level_that_wants_errors_only_is_heard(front):
    front.start("blocking")
    call = Caller(front, front.net.address[1], log="error")
    call("udp().sendto(b'x', ('127.0.0.1', 9))")
    assert not call.process.has("unprotected")


# Clients

@pytest.mark.fronts("shim")
def test_a_port_that_a_client_sends_to_in_clear_is_told_once(front):
    front.start("blocking")
    call = Caller(front, f"5683={front.net.address[1]}")
    sent, connected, tcp = (build.free_port() for _ in range(3))
    call("s = udp()")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", tcp))
        listener.listen()
        call(f"t = socket.socket(); t.connect(('127.0.0.1', {tcp}))")
    call(f"s.sendto(b'x', ('127.0.0.1', {sent}))")
    call.process.wait_for(f"event=unprotected role=client port={sent}: .*in clear")
    call(f"s.sendto(b'x', ('127.0.0.1', {sent})); udp().sendto(b'x', ('127.0.0.1', {sent}))")
    call("udp().sendto(b'x', ('127.0.0.1', 5683))")
    call.process.wait_for("event=protected role=client")
    assert call.process.count(f"event=unprotected.*port={sent}") == 1
    assert not call.process.has(f"event=unprotected.*port=({tcp}|5683)\\b")


# dtlsshim run

def run(procs, *args, timeout=1, options=()):
    return procs.spawn([build.product(build.TOOL), "run", "--psk-csv", procs.csv,
                        "--strict-timeout", timeout, *options, "--", *args], RUNTIME)


WRAPPED = {
    "itself": [],
    "below a shell": ["bash", "-c", '"$@"; echo "ENDED $?"', "bash"],
    "in place of a shell": ["bash", "-c", 'exec "$@"', "bash"],
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_server_on_another_port_is_ended(procs, how):
    listed, port = build.free_port(), build.free_port()
    process = run(procs, *WRAPPED[how], PYTHON, ECHO, port, options=["--ports", listed])
    assert process.wait_exit() == STATUS
    process.wait_for(f"strict: nothing was bound to port {listed} in 1 s, but in clear to {port}: "
                     "the program is ended; name its ports with --ports")
    for reader in process.readers:
        reader.join(5)                      # all who have its output have ended
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))      # nobody of them serves any more


def test_a_server_that_binds_nothing_is_ended(procs):
    listed = build.free_port()
    process = run(procs, PYTHON, "-c", "import time; time.sleep(80)", options=["--ports", listed])
    assert process.wait_exit() == STATUS
    process.wait_for(f"nothing was bound to port {listed} in 1 s, and to no other port: .*"
                     "--strict-timeout")


CLEANS_UP = """
import signal, sys, time
def end(*_):
    print("CLEAN", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
time.sleep(80)
"""


def test_the_handler_of_the_program_is_called_first(procs):
    process = run(procs, PYTHON, "-c", CLEANS_UP, options=["--ports", build.free_port()])
    assert process.wait_exit() == STATUS
    assert process.has("CLEAN"), process


def test_a_program_that_does_not_listen_is_killed(procs):
    process = run(procs, PYTHON, "-c", "import signal, time; "
                  "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(80)",
                  options=["--ports", build.free_port()])
    assert process.wait_exit() == -signal.SIGKILL


def test_a_server_that_is_in_time_is_left_alone(procs):
    """One listed port of two is enough; what else it binds is told."""
    port, other = build.free_port(), build.free_port()
    process = run(procs, PYTHON, "-c", f"""
import socket
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
a.bind(("127.0.0.1", {other}))
b.bind(("127.0.0.1", {port}))
b.settimeout(2.5)
try:
    b.recv(1)
except TimeoutError:
    print("WELL", flush=True)
""", options=["--ports", f"{port},{build.free_port()}"])
    assert process.wait_exit() == 0
    assert process.has("WELL") and told(process) == [other], process


def test_a_program_may_take_any_time_with_0(procs):
    process = run(procs, PYTHON, "-c", "import time; time.sleep(1.5)", timeout=0,
                  options=["--ports", build.free_port()])
    assert process.wait_exit() == 0
    assert not process.has("strict"), process


CLIENT = """
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(sys.argv[1])))
sys.exit(int(sys.argv[2]))
"""


def run_client(front, listed, *args):
    flags = [x for k, v in client_options(front, listed).items() for x in (f"--{k}", v)]
    return front.spawn([build.product(build.TOOL), "run", *flags, "--", *args], RUNTIME)


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", WRAPPED)
def test_a_client_that_spoke_in_clear_only(front, how):
    front.start("blocking")
    clear, listed = build.free_port(), front.net.address[1]
    process = run_client(front, listed, *WRAPPED[how], PYTHON, "-c", CLIENT, clear, 0)
    assert process.wait_exit() == STATUS
    process.wait_for(f"nothing was sent to port {listed}, but in clear to {clear}: not one socket "
                     "was protected")


@pytest.mark.fronts("shim")
def test_a_client_that_failed_keeps_its_status(front):
    front.start("blocking")
    process = run_client(front, front.net.address[1], PYTHON, "-c", CLIENT, build.free_port(), 3)
    assert process.wait_exit() == 3
    process.wait_for("not one socket was protected")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", WRAPPED)
def test_a_client_that_was_protected(front, how):
    front.start("blocking")
    port = front.net.address[1]
    process = run_client(front, port, *WRAPPED[how], PYTHON, "-c", CLIENT, port, 0)
    assert process.wait_exit() == 0
    assert not process.has("strict"), process


@pytest.mark.skipif(subprocess.run(["unshare", "-rm", "true"], check=False).returncode != 0,
                    reason="needs a mount namespace of its own")
def test_without_proc(procs):
    process = procs.spawn(["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"',
                           "sh", build.product(build.TOOL), "run", "--psk-csv", procs.csv, "--",
                           "true"], RUNTIME)
    assert process.wait_exit() == 1
    assert process.has("/proc/self/exe: No such file or directory: .*mount /proc, or name the "
                       "library by DTLSSHIM_LIB=FILE"), process
