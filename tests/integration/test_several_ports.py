# SPDX-License-Identifier: Apache-2.0
"""Ensures that a proxy with several ports keeps them apart, and serves them as one."""

import os
import signal
import socket

import pytest

from support import build
from support.backends import Backend, Backends
from support.client import canary
from support.front import KALLE, dtls12, write_csv

pytestmark = pytest.mark.fronts("proxy")


class Ports:
    """A proxy with a backend of the test's behind each of its ports."""

    def __init__(self, front, n=2):
        self.front = front
        self.backends = Backends(*(Backend() for _ in range(n)))
        self.ports = [build.free_port() for _ in range(n)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.backends.__exit__()

    def rule(self, n):
        return f"127.0.0.1:{self.ports[n]}={self.backends[n]}"

    def start(self, maps=None, prefix=(), env=None, **options):
        front = self.front
        options = {k.replace("_", "-"): v for k, v in options.items()}
        if maps is None:
            maps = [f"--map={self.rule(n)}" for n in range(len(self.ports))]
        front.log = front.process = front.spawn(
            [*prefix, *front.proxy_command(front.options(options)), *maps], env)
        front.log.wait_for("event=listening", n=len(self.ports))

    def client(self, n, **kwargs):
        return self.front.client(address=("127.0.0.1", self.ports[n]), **kwargs)


@pytest.fixture
def two(front):
    with Ports(front) as made:
        yield made


@pytest.mark.parametrize("how", ["maps", "pair and map", "list", "variable"])
def test_each_port_has_its_backend(front, two, how):
    bind, connect = two.rule(0).split("=")
    both = f"{two.rule(0)},{two.rule(1)}"
    two.start(**{"maps": {},
                 "pair and map": {"maps": [f"--map={two.rule(1)}"], "bind": bind, "connect": connect},
                 "list": {"maps": [f"--map={both}"]},
                 "variable": {"maps": [], "env": {"DTLSSHIM_MAP": both}}}[how])
    assert front.log.count("event=listening") == 2
    assert [two.backends.where(two.client(n)) for n in (0, 1, 0, 1)] == [0, 1, 0, 1]


def is_taken(port):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as there:
        try:
            there.bind(("::", port))
        except OSError:
            return True
    return False


@pytest.mark.parametrize("given", ["bind", "connect"])
def test_half_a_pair_is_a_port_more(front, two, given):
    """With the other half's default: what was given is not passed over."""
    if given == "connect" and is_taken(4444):
        pytest.skip("somebody has the default port")
    two.start([f"--map={two.rule(0)}"], **{given: f"127.0.0.1:{two.ports[1]}"})
    front.log.wait_for(f"event=listening addr=127.0.0.1:{two.ports[1]} upstream=127.0.0.1:9999 "
                       if given == "bind" else
                       rf"event=listening addr=\[::\]:4444 upstream=127.0.0.1:{two.ports[1]} ")


def test_a_port_may_have_several_backends(front):
    with Ports(front, 3) as three:
        three.start([f"--map={three.rule(0)},{three.backends[1]}", f"--map={three.rule(2)}",
                     f"--map=127.0.0.1:{three.ports[1]}={three.backends[2]}"])
        assert {three.backends.where(three.client(0)) for _ in range(4)} == {0, 1}
        assert three.backends.where(three.client(2)) == 2


def test_a_device_may_have_a_session_at_each_port(two):
    """One an identity is meant for each service: two of them do not take turns in closing each other."""
    two.start()
    first, second = two.client(0, psk=KALLE), two.client(1, psk=KALLE)
    assert [two.backends.where(c) for c in (first, second, first)] == [0, 1, 0]
    again = two.client(0, psk=KALLE)
    with pytest.raises(dtls12.Closed):
        first.recv()
    assert [two.backends.where(c) for c in (again, second)] == [0, 1]


@pytest.mark.parametrize("cid", [None, b"c"])
def test_a_session_of_one_port_cannot_be_reached_at_another(front, two, cid):
    """By its CID, which is all that is looked at when a device moves; nor by its address."""
    two.start()
    client = two.client(0, cid=cid)
    assert two.backends.where(client) == 0
    record = client.dtls.seal(23, canary(40, 99))
    client.dtls.sock.connect(("127.0.0.1", two.ports[1]))
    client.dtls.sock.send(record)
    client.dtls.sock.connect(("127.0.0.1", two.ports[0]))
    # What comes at its own port afterwards has a newer number, and is what comes first
    client.send(canary(40, 100))
    assert two.backends.take()[:2] == (0, canary(40, 100))
    front.log.send_signal(signal.SIGUSR1)
    front.log.wait_for(r"drop_unknown_cid=1" if cid else r"drop_no_session=1")


def test_the_end_is_told_at_all_ports(front, two):
    two.start()
    clients = [two.client(0), two.client(1)]
    front.log.send_signal(signal.SIGTERM)
    assert front.log.wait_exit() == 0
    for client in clients:
        with pytest.raises(dtls12.Closed):
            client.recv()


def test_figures_are_those_of_the_whole_proxy(front, two):
    two.start()
    for n in (0, 1, 1):
        assert two.backends.where(two.client(n)) == n
    front.log.send_signal(signal.SIGUSR1)
    front.log.wait_for("event=stats sessions=3 handshakes=[0-9]+ upstreams=3 ")
    front.log.wait_for("up_messages=3 ")


def test_keys_are_those_of_the_whole_proxy(front, two):
    """One that is withdrawn ends its sessions at every port, one that is new is known at every port."""
    two.start()
    old = [two.client(n, psk=KALLE) for n in (0, 1)]
    write_csv(front.csv, {b"fresh": b"fresh key"})
    front.log.send_signal(signal.SIGHUP)
    for client in old:
        with pytest.raises(dtls12.Closed):
            client.recv()
    for n in (0, 1):
        assert two.backends.where(two.client(n, psk=(b"fresh", b"fresh key"))) == n


def test_certificates_are_read_again_for_every_port(front, two, authority):
    pair = authority.certify("localhost")
    two.start(cert=pair.cert, key=pair.key)
    before = two.client(0, ca=str(authority.ca)).dtls.server_chain[0]
    authority.certify("localhost")              # over the same files
    front.log.send_signal(signal.SIGHUP)
    front.log.wait_for("event=reloaded")
    after = [two.client(n, ca=str(authority.ca)).dtls.server_chain[0] for n in (0, 1)]
    assert after[0] == after[1] != before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_sessions_of_all_ports_outlive_a_restart(front, two, tmp_path, number):
    """Each has its file, wherever the port stands in the list."""
    state = {"state": tmp_path / "x.state"}
    two.start(**state)
    clients = [two.client(n, cid=b"c") for n in (0, 1)]
    assert [two.backends.where(c) for c in clients] == [0, 1]
    front.log.stop(number)
    assert {"x.state", "x.state.1"} <= set(os.listdir(tmp_path))
    two.start([f"--map={two.rule(1)}", f"--map={two.rule(0)}"], **state)
    for client in clients:
        client.rebind()
    assert [two.backends.where(c) for c in clients] == [0, 1]


def test_sessions_of_the_one_port_are_its_when_another_is_added(front, two, tmp_path):
    bind, connect = two.rule(0).split("=")
    state = {"state": tmp_path / "x.state", "bind": bind, "connect": connect}
    front.log = front.process = front.spawn(front.proxy_command(front.options(state)))
    front.log.wait_for("event=listening")
    client = two.client(0, cid=b"c")
    assert two.backends.where(client) == 0
    front.log.stop(signal.SIGTERM)
    two.start([f"--map={two.rule(1)}"], **state)
    assert two.backends.where(client) == 0


def test_descriptors_are_shared(front, two):
    """The socket that was idle longest makes room, whatever port it is of."""
    two.start(prefix=["prlimit", "--nofile=71:71"])
    room = int(front.log.has(r"event=listening .*max_upstreams=(\d+)")[1])
    clients = [two.client(0) for _ in range(room)]
    first = [two.backends.ask(c) for c in clients]
    assert two.backends.where(two.client(1)) == 1
    front.log.wait_for("event=upstream_full")
    assert [two.backends.ask(c) for c in clients[1:]][-1] == first[-1]
    again = two.backends.ask(clients[0])
    assert again[0] == 0 and again != first[0]


@pytest.mark.parametrize("maps, told", [
    (["127.0.0.1:{0}"], r'--map "127.0.0.1:{0}": \[host\]:port=host:port,... is expected'),
    (["127.0.0.1:{0}="], r'--map "127.0.0.1:{0}=": \[host\]:port=host:port,... is expected'),
    (["127.0.0.1:{0}=127.0.0.1:9,"],
     '--map "127.0.0.1:{0}=127.0.0.1:9,": --connect "": expected host:port'),
    (["127.0.0.1:{0}=127.0.0.1:9", "127.0.0.1:99999=127.0.0.1:9"],
     '--map "127.0.0.1:99999=127.0.0.1:9": --bind "127.0.0.1:99999": port 99999 is out of range'),
    (["127.0.0.1:{0}=127.0.0.1:9", "127.0.0.1:{0}=127.0.0.1:10"],
     '--map "127.0.0.1:{0}=127.0.0.1:10": another port is bound there already'),
    (["127.0.0.1:{0}=127.0.0.1:9", "127.0.0.1:{1}=127.0.0.1:9,127.0.0.1:{0}"],
     '--map "127.0.0.1:{1}=.*": --connect "127.0.0.1:{0}" is what --bind "127.0.0.1:{0}" listens to'),
])
def test_the_start_ends_with_the_rule_that_is_wrong(front, maps, told):
    front.may_fail = True
    ports = build.free_port(), build.free_port()
    proxy = front.spawn([*front.proxy_command(front.options(None)),
                         *(f"--map={m.format(*ports)}" for m in maps)])
    assert proxy.wait_exit() == 1
    assert proxy.has("^dtlsproxy: " + told.format(*ports))
    assert not proxy.has("event=listening")


def test_a_flood_at_one_port_does_not_take_the_room_of_another(front, two):
    """Each has its even share of the sessions there may be."""
    two.start(max_sessions=8)
    quiet = [two.client(1) for _ in range(4)]
    loud = [two.client(0) for _ in range(6)]
    for client in quiet:
        assert two.backends.where(client) == 1
    for client in loud[:2]:
        with pytest.raises(dtls12.Closed):
            client.recv()
    for client in loud[2:]:
        assert two.backends.where(client) == 0
