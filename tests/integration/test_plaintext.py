# SPDX-License-Identifier: Apache-2.0
"""Ensures that plaintext gets through where it is allowed, and never from or to what has migrated.

Plaintext peers speak to the port itself, past the recording forwarder, from an address of their own;
devices with DTLS have 127.0.0.1.
"""

import os
import signal
import socket
import subprocess

import pytest

from support import build
from support.client import PlainClient, Timeout, canary

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

ALLOW = {"plaintext": "allow"}
# What `run` adds to what it preloads
RUNTIME = {"LD_PRELOAD": build.sanitizer_runtime()} if "thread" in build.SANITIZE else {}
QUIET = 0.3         # seconds in which an answer on loopback would have come


class Plain(PlainClient):
    """A device without DTLS at a loopback address."""

    def __init__(self, front, ip="127.0.0.2", server="127.0.0.1"):
        self.ip = ip
        super().__init__((server, front.port))
        front.clients.append(self)

    def _socket(self):
        family = socket.AF_INET6 if ":" in self.ip else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.bind((self.ip, 0))
        sock.connect(self.address)
        return sock

    def unheard(self, front, data=b"CANARY-unheard"):
        """The server does not get it, and nobody answers."""
        self.send(data)
        with pytest.raises(Timeout):
            self.recv(QUIET)
        assert not front.process.has("^RX .*CANARY-unheard"), front


@pytest.mark.parametrize("server", [("poll_loop",), ("blocking",), ("select_loop",),
                                    ("epoll_loop", "--mode", "edge"), ("asyncio_echo.py",)])
def test_plaintext_and_dtls_are_served_side_by_side(front, server):
    if server[0].endswith(".py") and "thread" in build.SANITIZE:
        pytest.skip("interpreters do not run with a preloaded TSan run-time")
    front.start(*server, options=ALLOW)
    clear, other = Plain(front), Plain(front, "127.0.0.3")
    clear.echo(canary(60, 1))
    secure = front.client()
    for i in range(3):
        secure.echo(canary(60, i))
        clear.echo(canary(70, i))
        other.echo(canary(80, i))
    assert clear.echo(canary(5000))
    front.log.wait_for(r"warn: event=plaintext_allowed port=\d+: ")
    front.log.wait_for(r"info: event=plaintext peer=127\.0\.0\.2:\d+ network=127\.0\.0\.0/24 "
                       r"datagrams=1 reason=plaintext_allowed ")


def test_an_answer_in_clear_comes_from_the_address_that_was_asked(front):
    """The server is bound to all addresses; both families meet at one socket of the proxy."""
    if front.kind == "proxy":
        front.start("poll_loop", options=ALLOW)
        port = build.free_port()
        front.log = front.spawn(front.proxy_command(
            {"bind": f":{port}", "connect": f"127.0.0.1:{front.backend_port}",
             **front.options(ALLOW)}))
        front.log.wait_for("event=listening")
        front.port = port
    else:
        front.start("poll_loop", "--host", "0.0.0.0", options=ALLOW)
    for server in ("127.0.0.5", "127.0.0.6"):
        Plain(front, server=server).echo(canary(60))
    if front.kind == "proxy":
        Plain(front, "::1", "::1").echo(canary(60))
        front.log.wait_for(r"event=plaintext peer=\[::1\]:\d+ network=::/48 ")


def test_plaintext_over_ipv6(front):
    front.start("poll_loop", "--host", "::1", listen="::1", options=ALLOW)
    clear = Plain(front, "::1", "::1")
    clear.echo(canary(60))
    front.client().echo(canary(60, 1))
    clear.unheard(front)


@pytest.mark.fronts("shim")
def test_workers_that_share_a_socket_share_its_plaintext(front):
    front.start("prefork", options=ALLOW)
    clear = [Plain(front, f"127.0.0.{i}") for i in range(2, 8)]
    for i in range(3):
        for c in clear:
            c.echo(canary(60, i))
    front.client().echo(canary(60))
    Plain(front, "127.0.0.1").unheard(front)
    clear[0].echo(canary(70))


FIRST_BYTES = {
    "CoAP": b"\x40\x01\x00\x01\xb4test",
    "SNMP": b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x04",
    "syslog": b"<13>Nov 30 23:00:00 host program: text",
    "MQTT-SN of 22 bytes": b"\x16\x0c\x62\x00\x01\x00\x01" + b"temperature=21\n",
    "MQTT-SN through a forwarder": b"\x17\xfe\x03\x00\x00\x00\x13\x04\x04\x01\x00\x3c0123456789a",
    "NTP": b"\x1b" + bytes(47),
    "one byte": b"\x16",
}


def test_protocols_are_told_from_dtls_by_type_and_version(front):
    front.start("poll_loop", options=ALLOW)
    clear = Plain(front)
    for data in FIRST_BYTES.values():
        clear.echo(data)
    for broken in (b"\x16\xfe\xfd", b"\x17\xfe\xfd" + bytes(8) + b"\xff\xff" + bytes(40),
                   b"\x1a\xfe\xff" + bytes(20), b"\x19\xfe\xfd" + bytes(8), b""):
        clear.unheard(front, broken)


def test_an_address_that_had_a_session_falls_back_no_more(front):
    front.start("poll_loop", options=ALLOW)
    before, beside = Plain(front, "127.0.0.1"), Plain(front, "127.0.0.2")
    before.echo(canary(60))
    beside.echo(canary(60))
    secure = front.client()
    secure.echo(canary(60, 1))
    before.unheard(front)
    Plain(front, "127.0.0.1").unheard(front)
    front.log.wait_for(r"warn: event=plaintext peer=127\.0\.0\.1:\d+ .* reason=plaintext_migrated ")
    secure.echo(canary(60, 2))
    beside.echo(canary(60))
    secure.close()
    front.log.wait_for("event=closed")
    before.unheard(front)


def test_an_answer_in_clear_to_a_peer_that_migrated_meanwhile_stays_here(
        front, no_tsan_interpreter):
    """The server holds the answer back until a message of somebody else releases it."""
    front.start("/usr/bin/python3 -c".split() + [HOLDS, "@PORT@"], options=ALLOW)
    clear, other = Plain(front, "127.0.0.1"), Plain(front, "127.0.0.2")
    clear.send(b"CANARY-held")
    front.process.wait_for("held")
    front.client()
    other.echo(b"go")
    with pytest.raises(Timeout):
        clear.recv(QUIET)


HOLDS = """
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1])))
print(f"READY port={sys.argv[1]}", flush=True)
held, to = sock.recvfrom(2000)
print("held", flush=True)
data, other = sock.recvfrom(2000)
try:
    sock.sendto(held, to)
except PermissionError:
    print("refused", flush=True)
sock.sendto(data, other)
sock.recvfrom(2000)
"""


def test_what_has_migrated_outlives_a_kill_with_a_state_file(front, tmp_path):
    options = {**ALLOW, "state": tmp_path / "state", "state-memory": front.memory()}
    front.start("poll_loop", options=options)
    front.client().close()          # its session ends, and comes back from nowhere
    front.log.wait_for("event=closed")
    front.restart()
    Plain(front, "127.0.0.1").unheard(front)
    Plain(front, "127.0.0.2").echo(canary(60))
    listed = tmp_path / "state.migrated"
    assert listed.stat().st_mode & 0o777 == 0o600


TITLE = b"dtlsshim: addresses that migrated to DTLS, 1\n"


DAMAGED = {"another file": b"something else" * 100000, "cut": TITLE + b"and not enough"}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_list_of_addresses_that_is_damaged_ends_the_start(front, tmp_path, damage):
    listed = tmp_path / "state.migrated"
    listed.write_bytes(DAMAGED[damage])
    listed.chmod(0o600)
    front.may_fail = True
    front.launch("poll_loop", options={**ALLOW, "state": tmp_path / "state"})
    assert front.log.wait_exit() == 1
    front.log.wait_for(f"DTLSSHIM_PLAINTEXT.*{listed} is damaged, or not a list")
    assert listed.read_bytes() == DAMAGED[damage]
    listed.write_bytes(b"")
    listed.chmod(0o666)
    front.launch("poll_loop", options={**ALLOW, "state": tmp_path / "state"})
    assert front.log.wait_exit() == 1
    front.log.wait_for(f"{listed}: mode 0666, others may use it")


def test_a_list_of_addresses_cannot_be_a_link(front, tmp_path):
    (tmp_path / "state.migrated").symlink_to(tmp_path / "elsewhere")
    front.may_fail = True
    front.launch("poll_loop", options={**ALLOW, "state": tmp_path / "state"})
    assert front.log.wait_exit() == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("rule", ["deny", "log", None])
def test_plaintext_is_denied_and_told(front, rule):
    front.start("poll_loop", options={"plaintext": rule, "log": "info"})
    clear = Plain(front)
    for _ in range(5):
        clear.send(b"CANARY-denied")
    clear.unheard(front)
    front.client().echo(canary(60))         # the service thread is awake
    if front.kind == "shim" and rule != "log":      # the kernel dropped it
        line = front.log.wait_for(r"warn: event=plaintext port=\d+ dropped=(\d+): ")
        assert 1 <= int(line[1]) <= 6
        assert not front.log.has("event=plaintext peer=")
    else:
        front.log.wait_for(r"warn: event=plaintext peer=127\.0\.0\.2:\d+ network=127\.0\.0\.0/24 "
                           r"datagrams=1 reason=plaintext_denied ")
        assert front.log.count("event=plaintext ") == 1     # a minute


@pytest.mark.fronts("shim")
def test_one_port_of_several_takes_plaintext(front):
    """The rule of a port that is not named is the one for all."""
    port = build.free_port()
    rule = {"plaintext": f"log,{port}=allow"}
    front.start("poll_loop", options={**rule, "ports": f"@PORT@,{port}"})
    Plain(front).unheard(front)
    front.start("poll_loop", options={**rule, "ports": f"{front.port},@PORT@"},
                before=lambda: take(front, port))
    Plain(front).echo(canary(60))


def take(front, port):
    front.port = front.backend_port = port


def test_a_port_that_is_not_protected_has_no_rule(front):
    front.may_fail = True
    front.launch("poll_loop", options={"plaintext": "5999=allow"})
    assert front.log.wait_exit() == 1
    front.log.wait_for("port 5999 is none that is protected here")


def test_a_flood_from_many_networks_is_bounded(front):
    front.hostile = True
    front.start("poll_loop", options={**ALLOW, "log": "info"})
    count = 1500
    secure = front.client()
    secure.echo(canary(60))
    for i in range(count):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((f"127.{1 + i // 250}.{i % 250}.9", 0))
            sock.connect(("127.0.0.1", front.port))
            sock.settimeout(5)
            for _ in range(3):
                sock.send(b"CANARY-flood %d" % i)
                assert sock.recv(100)
    secure.echo(canary(60, 1))
    if front.kind == "proxy":
        front.log.send_signal(signal.SIGUSR1)
        front.log.wait_for("rx_plaintext=4500")
        open_now = front.log.wait_for(r"event=stats .*clear=(\d+)")
        assert 100 < int(open_now[1]) <= 1024
        assert len(os.listdir(f"/proc/{front.log.pid}/fd")) < 1100
    front.client().echo(canary(60, 2))
    front.log.stop()
    lines = front.log.count("event=plaintext peer=")
    assert 200 <= lines <= 400, lines        # 200 at once, and five a second


@pytest.mark.fronts("shim")
def test_what_migrated_in_one_process_has_in_all_that_were_forked(front, no_tsan_interpreter):
    """A worker's session keeps plaintext from its address out of the others."""
    other = build.free_port()
    front.start("/usr/bin/python3 -c".split() + [FORKS, "@PORT@", str(other)],
                options={**ALLOW, "ports": f"@PORT@,{other}"})
    front.process.wait_for("OTHER")
    front.client().echo(b"one")
    front.port = other
    Plain(front, "127.0.0.2").echo(b"two")
    Plain(front, "127.0.0.1").unheard(front)


FORKS = """
import os, socket, sys
port, name = (sys.argv[1], "READY") if os.fork() else (sys.argv[2], "OTHER")
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(port)))
os.write(1, f"{name} port={port}\\n".encode())     # whole: both write to one pipe
while True:
    data, peer = sock.recvfrom(2000)
    sock.sendto(data, peer)
"""


def refused_run(*options):
    """What `dtlsshim run` says instead of starting."""
    done = subprocess.run([build.product(build.TOOL), "run", *options, "--", "/bin/true"],
                          env=build.clean_environment(), capture_output=True, text=True,
                          timeout=20, check=False)
    assert done.returncode not in (0, -6, -11), done
    assert len(done.stderr.splitlines()) == 1, done
    return done.stderr


@pytest.mark.fronts("shim")
def test_strict_mode_refuses_to_allow_plaintext(front):
    front.options({})
    keys = ["--psk-csv", front.csv, "--ports", "5684,5685"]
    for rule in ("allow", "5685=allow"):
        assert "strict mode proves that plaintext gets no answer, and --plaintext" in \
            refused_run(*keys, "--plaintext", rule)
    port = build.free_port("127.0.0.1")
    front.port = port
    front.process = front.log = front.spawn(
        [build.product(build.TOOL), "run", "--psk-csv", front.csv, "--ports", port, "--plaintext",
         "allow", "--strict=false", "--", *build.victim("poll_loop"), "--port", port], RUNTIME)
    front.process.wait_for("^READY")
    Plain(front).echo(canary(60))


@pytest.mark.fronts("shim")
def test_strict_mode_can_log_plaintext(front):
    front.options({})
    port = build.free_port("127.0.0.1")
    run = front.spawn(
        [build.product(build.TOOL), "run", "--psk-csv", front.csv, "--ports", port, "--plaintext",
         "log", "--", *build.victim("poll_loop"), "--port", port], RUNTIME)
    run.wait_for(r"strict: port \d+: plaintext gets no answer")
    run.wait_for(r"event=plaintext peer=.* reason=plaintext_denied")


@pytest.mark.fronts("shim")
def test_a_client_has_no_rule_for_plaintext(front):
    front.options({})
    told = refused_run("--role", "client", "--ports", "5684", "--psk-identity", "dev1",
                       "--psk-csv", front.csv, "--plaintext", "allow", "--strict=false")
    assert "DTLSSHIM_PLAINTEXT (--plaintext) is a server's" in told
