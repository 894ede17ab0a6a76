# SPDX-License-Identifier: Apache-2.0
"""Ensures that `dtlsshim run` keeps a port from whoever escapes the shim, and proves it."""

import errno
import itertools
import os
import signal
import socket

import pytest

from support import build
from support.client import SecureClient, canary
from support.front import Front

# What `run` adds to what it preloads
RUNTIME = {"LD_PRELOAD": build.sanitizer_runtime()} if "thread" in build.SANITIZE else {}

PROVED = r"strict: port (\d+): plaintext gets no answer, a ClientHello does"


def run(procs, port, *args, options=(), **kwargs):
    """`dtlsshim run` with the keys of the tests; @PORT@ in a command is the port."""
    args = [str(a).replace("@PORT@", str(port)) for a in args]
    ports = [] if port is None else ["--ports", port]
    return procs.spawn([build.product(build.TOOL), "run", "--psk-csv", procs.csv, *ports,
                        "--strict-timeout", 60, *options, "--", *args], RUNTIME, **kwargs)


def server(name="poll_loop", *args):
    return [*build.victim(name), "--port", "@PORT@", *args]


def echo(procs, port, host="127.0.0.1", tag=0):
    client = SecureClient((host, port), psk=procs.identity())
    procs.clients.append(client)
    client.echo(canary(60, tag))
    return client


def joins(port, addresses=("127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::")):
    """Ways in which another process of this user can bind `port`, too."""
    found = []
    for address, addr, reuse in itertools.product(addresses, (0, 1), (0, 1)):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, addr)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, reuse)
            try:
                sock.bind((address, port))
                found.append((address, addr, reuse))
            except OSError as error:
                assert error.errno == errno.EADDRINUSE, error
    return found


LAYOUTS = {
    "one socket": (server(), "127.0.0.1"),
    "IPv6": (server("poll_loop", "--host", "::1"), "::1"),
    "all addresses": (server("poll_loop", "--host", "0.0.0.0"), "127.0.0.1"),
    "both families": (server("poll_loop", "--host", "::"), "::1"),
    "a socket a client": (server("connected"), "127.0.0.1"),
    "a daemon that binds first": (server("daemonize", "--when", "after"), "127.0.0.1"),
    "a daemon that forks first": (server("daemonize", "--when", "before"), "127.0.0.1"),
    "a socket a thread": (server("threads", "--mode", "reuseport"), "127.0.0.1"),
    "a socket a thread, all addresses": (
        server("threads", "--mode", "reuseport", "--host", "::"), "::1"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_server_has_its_port_for_itself(procs, layout):
    """It serves as ever, the proof is made, and nobody of the same user gets in beside it."""
    command, host = LAYOUTS[layout]
    port = build.free_port()
    process = run(procs, port, *command)
    assert int(process.wait_for(PROVED, timeout=20)[1]) == port
    clients = [echo(procs, port, host, tag) for tag in range(6)]
    assert not joins(port)
    for tag, client in enumerate(clients):
        client.echo(canary(60, tag))


def test_without_strict_mode_others_get_in(procs):
    """What the test above can find."""
    port = build.free_port()
    run(procs, port, *server("threads", "--mode", "reuseport"),
        options=["--strict=false"]).wait_for("READY")
    assert joins(port)


ESCAPES = """
import socket, sys
for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0"),
                        (socket.AF_INET6, "::")):
    for option in (None, socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        s = socket.socket(family, socket.SOCK_DGRAM)
        if option:
            s.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            s.bind((address, int(sys.argv[1])))
            print("BOUND", address, option)
        except OSError as error:
            print("REFUSED", error.errno)
print("END")
"""


@pytest.mark.parametrize("how", [["env", "-i"], ["env", "-u", "LD_PRELOAD"]])
def test_a_program_that_lost_the_shim_does_not_get_the_port(procs, how):
    port = build.free_port()
    process = run(procs, port, *how, "/usr/bin/python3", "-c", ESCAPES, "@PORT@")
    process.wait_for("END")
    assert process.count(f"REFUSED {errno.EADDRINUSE}") == 9 and not process.has("BOUND"), process
    process = run(procs, build.free_port(), *how, "/usr/bin/python3", "-c", ESCAPES,
                  build.free_port())
    process.wait_for("END")
    assert process.has("BOUND"), "the test cannot fail"


def test_the_plaintext_side_of_a_mapped_port_is_held(procs):
    port, wire = build.free_port(), build.free_port()
    process = run(procs, f"{port}={wire}", "env", "-i", "/usr/bin/python3", "-c", ESCAPES, port)
    process.wait_for("END")
    assert not process.has("BOUND"), process
    process = run(procs, f"{port}={wire}", *build.victim("poll_loop"), "--port", port)
    process.wait_for(PROVED)
    echo(procs, wire)
    assert not joins(port) and not joins(wire)


def test_a_program_that_goes_on_without_the_shim_is_ended(procs):
    """What sudo does: environment and descriptors are gone."""
    code = "import os, time; os.closerange(3, 65536); print('ON', flush=True); time.sleep(60)"
    process = run(procs, build.free_port(), "env", "-i", "/usr/bin/python3", "-c", code)
    process.wait_for("the program goes on without the shim")
    assert process.wait_exit() == -signal.SIGKILL


def test_a_program_that_answers_plaintext_is_ended(procs):
    """One that means to, and knows how guards are opened; nobody in its process can stop it."""
    process = run(procs, build.free_port(), *server("evil", "--host", "0.0.0.0", "--before", "yes"))
    process.wait_for(r"strict: port \d+ answers plaintext in clear")
    assert process.wait_exit() == -signal.SIGKILL


def test_a_program_that_ends_by_itself_is_left_in_peace(procs):
    process = run(procs, build.free_port(), "sh", "-c", "echo one; exit 3")
    assert process.wait_exit() == 3
    assert process.text() == "out: one" or not process.has("strict"), process


def test_a_script_hands_the_port_on(procs):
    """The server is the child of a shell, and is started again when it ends."""
    port = build.free_port()
    process = run(procs, port, "sh", "-c",
                  "for i in 1 2; do \"$@\"; done; echo OVER", "sh", *server())
    first = int(process.wait_for(r"READY port=\d+ pid=(\d+)")[1])
    process.wait_for(PROVED)
    echo(procs, port)
    os.kill(first, signal.SIGTERM)
    process.wait_for("READY", n=2)
    echo(procs, port)
    assert not joins(port)


def test_a_port_in_use_is_said_before_the_start(procs):
    port = build.free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", port))
        process = run(procs, port, *server())
        assert process.wait_exit() == 1
        assert process.has(f"port {port} .*in use") and not process.has("READY"), process


def test_without_ports_nothing_is_held_but_what_is_bound_is_proved(procs):
    port = build.free_port()
    process = run(procs, None, *[a.replace("@PORT@", str(port)) for a in server()])
    process.wait_for("no port is named.*add its port, like --ports 5684")
    assert int(process.wait_for(PROVED)[1]) == port


def test_options_set_before_bind_hold(procs):
    """And SO_REUSEADDR is what the program made it, not what binding beside a guard needs."""
    code = """
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for level, name, value in ((1, socket.SO_REUSEPORT, 1), (41, socket.IPV6_V6ONLY, 1),
                           (41, socket.IPV6_UNICAST_HOPS, 7)):
    s.setsockopt(level, name, value)
s.bind(("::", int(sys.argv[1])))
print("OPTIONS", s.getsockopt(1, socket.SO_REUSEADDR), s.getsockopt(1, socket.SO_REUSEPORT),
      s.getsockopt(41, socket.IPV6_V6ONLY), s.getsockopt(41, socket.IPV6_UNICAST_HOPS))
try:
    t = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    t.setsockopt(1, socket.SO_REUSEADDR, 1)
    t.bind(("::", int(sys.argv[1])))
except OSError as error:
    print("SECOND", error.errno, flush=True)
s.recv(1)
"""
    process = run(procs, build.free_port(), "/usr/bin/python3", "-c", code, "@PORT@")
    process.wait_for("^OPTIONS 0 1 1 7$")
    process.wait_for(f"^SECOND {errno.EADDRINUSE}$")


def test_programs_started_by_the_server_inherit_nothing(procs):
    code = """
import os, socket, subprocess, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
subprocess.run(["ls", "-l", "/proc/self/fd"], close_fds=False)
print("DONE", flush=True)
s.recv(1)
"""
    process = run(procs, build.free_port(), "/usr/bin/python3", "-c", code, "@PORT@")
    process.wait_for("DONE")
    assert process.has(r" 1 -> ") and not process.has(r"socket:\["), process


def test_a_service_managers_socket_is_no_conflict(procs):
    """systemd has bound the port: it is ours already."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        fd, port = sock.fileno(), sock.getsockname()[1]
        for env, status in (({}, 1), ({"LISTEN_FDS": str(fd - 2)}, 0)):
            process = procs.spawn([build.product(build.TOOL), "run", "--psk-csv", procs.csv,
                                   "--ports", port, "--", "sh", "-c", "echo STARTED"],
                                  {**RUNTIME, **env},
                                  pass_fds=[fd])
            assert process.wait_exit() == status, process
            assert bool(process.has("STARTED")) == (status == 0), process


def test_with_a_state_file_a_port_that_is_in_use_is_waited_for(procs, tmp_path):
    options = procs.options({"state": tmp_path / "x.state"})
    flags = [f"--{name}={options[name]}" for name in ("state", "state-memory")]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        process = run(procs, port, *server(), options=flags)
        process.wait_for(f"strict: port {port} is in use, tried again for up to 5 s")
    process.wait_for("READY", timeout=30)
