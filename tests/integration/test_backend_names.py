# SPDX-License-Identifier: Apache-2.0
"""Ensures that names of backends are followed when they change, and that the resolver delays nobody.

The names are those of a mount and network namespace with its own hosts file and name server, which is
entered by running this file again under unshare(1): the tests marked `inside` run there.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from support.backends import Backend, Backends, start
from support.client import canary

INSIDE = os.environ.get("DS_TEST_NAMES")
inside = pytest.mark.skipif(not INSIDE, reason="runs in the namespace that the first test makes")
PORT = 20053
NAMESPACE = ["unshare", "-rmn", "sh", "-c", 'ip link set lo up && for f in hosts resolv.conf nsswitch.conf; '
             'do mount --bind "$0/$f" /etc/$f || exit 99; done && exec "$@"']
DNSMASQ = next((p for p in ("/usr/sbin/dnsmasq", "/usr/bin/dnsmasq") if os.path.exists(p)), None)


@pytest.mark.skipif(bool(INSIDE), reason="this is the outside")
@pytest.mark.timeout(300)
def test_in_a_namespace_of_its_own(tmp_path):
    """Runs the tests below."""
    (tmp_path / "hosts").write_text("")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:5 attempts:2\n")
    (tmp_path / "nsswitch.conf").write_text("hosts: files dns\n")
    tried = subprocess.run([*NAMESPACE, tmp_path, "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no namespaces here: {tried.stderr.strip()}")
    done = subprocess.run(
        [*NAMESPACE, tmp_path, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs",
         __file__], env={**os.environ, "DS_TEST_NAMES": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 7, done.stdout


def hosts(*lines):
    """In place, because a file is mounted there."""
    (Path(INSIDE or ".") / "hosts").write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture
def backends():
    """The same port at three addresses."""
    with Backends(*(Backend(f"127.0.0.{n}", PORT) for n in (1, 2, 3))) as made:
        yield made


@inside
@pytest.mark.fronts("proxy")
def test_a_name_with_several_addresses_is_several_backends(front, backends):
    hosts("127.0.0.1 b.test", "127.0.0.2 b.test", "::1 b.test")
    start(front, f"b.test:{PORT},127.0.0.3:{PORT}", resolve_interval=0)
    front.log.wait_for(f"upstream={backends.connect()} ")
    assert sorted(backends.where(front.client()) for _ in range(6)) == [0, 0, 1, 1, 2, 2]


@inside
@pytest.mark.fronts("proxy")
def test_new_sessions_follow_a_name_and_old_ones_stay_until_they_are_refused(front, backends):
    hosts("127.0.0.1 b.test")
    start(front, f"b.test:{PORT}", resolve_interval=1)
    old = front.client()
    assert backends.where(old) == 0
    hosts("127.0.0.2 b.test")
    front.log.wait_for(f"event=backend_unlisted addr={backends[0]} sessions=1")
    front.log.wait_for(f"event=backend_listed addr={backends[1]}")
    assert backends.where(front.client()) == 1
    assert backends.where(old) == 0
    backends[0].go()
    old.send(canary(40, 1))
    front.log.wait_for(f"event=backend_left addr={backends[0]}")
    assert backends.where(old) == 1


@inside
@pytest.mark.fronts("proxy")
def test_addresses_come_and_go(front, backends):
    """And no session that has ended is left behind with one."""
    hosts("127.0.0.1 b.test")
    start(front, f"b.test:{PORT}", resolve_interval=0)
    for turn in range(1, 8):
        client = front.client()
        assert backends.where(client) == (turn - 1) % 3
        client.close()
        front.log.wait_for("event=closed", n=turn)
        hosts(f"127.0.0.{turn % 3 + 1} b.test")
        front.log.send_signal(signal.SIGHUP)
        front.log.wait_for("event=backend_listed .*sessions=0", n=turn)
        front.log.wait_for("event=backend_unlisted .*sessions=0", n=turn)


@inside
@pytest.mark.fronts("proxy")
def test_a_name_that_cannot_be_resolved_any_more_keeps_its_addresses(front, backends):
    hosts("127.0.0.1 b.test")
    start(front, f"b.test:{PORT}", resolve_interval=0)
    hosts()
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for(f'event=resolve_failed --connect "b.test:{PORT}": .*; its addresses stay')
    assert backends.where(front.client()) == 0


@inside
@pytest.mark.fronts("proxy")
def test_a_name_that_comes_to_stand_for_the_proxy_itself_is_not_followed(front, backends):
    hosts("127.0.0.1 b.test")
    start(front, f"b.test:{PORT}", bind=f"127.0.0.9:{PORT}", resolve_interval=0)
    front.address = ("127.0.0.9", PORT)
    hosts("127.0.0.9 b.test", "127.0.0.2 b.test")
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for(f"event=backend_is_self addr=127.0.0.9:{PORT}")
    front.log.wait_for("event=backend_unlisted")
    assert {backends.where(front.client()) for _ in range(3)} == {1}


@inside
@pytest.mark.fronts("proxy")
def test_a_name_server_that_is_silent_delays_nobody(front, backends):
    hosts("127.0.0.1 b.test")
    start(front, f"b.test:{PORT}", resolve_interval=0)
    client = front.client()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 53))
        silent.settimeout(10)
        hosts()
        front.log.send_signal(signal.SIGHUP)
        assert b"\x01b\x04test" in silent.recv(512)     # it waits for an answer now
        for _ in range(20):
            assert backends.where(client) == 0
        assert backends.where(front.client()) == 0
        assert not front.log.has("event=resolve_failed")
        front.log.send_signal(signal.SIGTERM)
        assert front.log.wait_exit() == 0


@contextlib.contextmanager
def name_server(front, records):
    """dnsmasq with a file of records, which it reads again at SIGHUP."""
    server = front.spawn([DNSMASQ, "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                          f"--addn-hosts={records}", "--listen-address=127.0.0.1", "--bind-interfaces",
                          "--user=root", "--group=root", "--pid-file="])
    server.wait_for("read .*records")
    yield server
    server.stop()


@inside
@pytest.mark.fronts("proxy")
@pytest.mark.skipif(DNSMASQ is None, reason="dnsmasq is not installed")
def test_a_record_that_changes_in_the_dns(front, backends, tmp_path):
    hosts()
    records = tmp_path / "records"
    records.write_text("127.0.0.1 b.test\n")
    with name_server(front, records) as server:
        start(front, f"b.test:{PORT}", resolve_interval=1)
        assert backends.where(front.client()) == 0
        records.write_text("127.0.0.2 b.test\n127.0.0.3 b.test\n")
        server.send_signal(signal.SIGHUP)
        front.log.wait_for(f"event=backend_unlisted addr={backends[0]}")
        front.log.wait_for("event=backend_listed", n=2)
        assert {backends.where(front.client()) for _ in range(2)} == {1, 2}


@inside
@pytest.mark.fronts("proxy")
def test_a_name_that_is_not_known_ends_the_start(front):
    hosts()
    front.may_fail = True
    proxy = front.spawn(front.proxy_command({"bind": "127.0.0.1:20054", "connect": "b.test:9",
                                             **front.options(None)}))
    assert proxy.wait_exit() == 1
    assert proxy.has('^dtlsproxy: --connect "b.test:9": ')
