# SPDX-License-Identifier: Apache-2.0
"""Ensures that sessions are spread over several backends, stay with theirs, and leave one that is gone."""

import collections
import contextlib
import signal
import time

import pytest

from support import build
from support.backends import Backend, Backends, start
from support.client import PlainClient, canary
from support.front import KALLE

pytestmark = pytest.mark.fronts("proxy")


def many(n):
    return Backends(*(Backend() for _ in range(n)))


def test_in_turns(front):
    with many(3) as backends:
        start(front, backends.connect())
        got = [backends.where(front.client()) for _ in range(6)]
        assert got == [0, 1, 2, 0, 1, 2]


def test_the_flag_given_again_adds_a_backend(front):
    with many(2) as backends:
        front.port = build.free_port()
        front.address = ("127.0.0.1", front.port)
        command = front.proxy_command({"bind": f"127.0.0.1:{front.port}", **front.options(None)})
        front.log = front.process = front.spawn(
            [*command, "--connect", backends.connect(0), "--connect", backends.connect(1)],
            {"DTLSSHIM_CONNECT": "127.0.0.1:1"})     # which a flag replaces
        front.log.wait_for(f"event=listening .*upstream={backends.connect()} ")
        assert {backends.where(front.client()) for _ in range(2)} == {0, 1}


def test_a_session_stays_with_its_backend(front):
    """While others come, when it moves, and when it is silent while its socket is needed elsewhere."""
    with many(3) as backends:
        start(front, backends.connect())
        client, other = front.client(), front.client()
        first = backends.ask(client)
        assert backends.where(other) != first[0]
        client.rebind()
        assert backends.ask(client) == first
        assert backends.ask(client) == first


def test_a_session_whose_socket_was_closed_keeps_its_backend(front):
    with many(2) as backends:
        start(front, backends.connect(), prefix=["prlimit", "--nofile=67:67"])
        room = int(front.log.has(r"event=listening .*max_upstreams=(\d+)")[1])
        clients = [front.client() for _ in range(room + 1)]
        before = [backends.ask(c) for c in clients]
        front.log.wait_for("event=upstream_full")
        after = [backends.ask(c) for c in clients]
        assert [n for n, _ in before] == [n for n, _ in after]
        assert before != after              # the port is another one


def placed(front, backends, numbers):
    """Where each identity goes when the backends are `numbers`."""
    start(front, backends.connect(*numbers), balance="identity")
    got = {}
    for i in range(60):
        got[i] = backends.where(front.client(psk=(b"dev%d" % i, front.keys[b"dev%d" % i])))
    front.log.stop()
    return got


def test_by_identity_only_the_share_of_one_that_came_or_went_moves(front):
    with many(4) as backends:
        three = placed(front, backends, [0, 1, 2])
        assert placed(front, backends, [2, 0, 1]) == three      # the order does not matter
        two = placed(front, backends, [0, 1])
        four = placed(front, backends, [0, 1, 2, 3])
        share = collections.Counter(three.values())
        assert set(share) == {0, 1, 2}
        assert all(two[i] == n for i, n in three.items() if n != 2)
        assert {two[i] for i, n in three.items() if n == 2} == {0, 1}
        moved = [i for i in three if four[i] != three[i]]
        assert 0 < len(moved) < 30
        assert all(four[i] == 3 for i in moved)


def test_by_identity_a_session_finds_its_backend_again_after_a_restart(front, authority, tmp_path):
    """Devices with a key, and clients without identity, which have only their CID."""
    pair = authority.certify("localhost")
    options = {"balance": "identity", "state": tmp_path / "state", "cert": pair.cert, "key": pair.key}
    with many(3) as backends:
        start(front, backends.connect(), **options)
        clients = [front.client() for _ in range(12)]
        clients += [front.client(ca=str(authority.ca), cid=b"c") for _ in range(12)]
        before = [backends.where(c) for c in clients]
        assert len(set(before[:12])) > 1 and len(set(before[12:])) > 1
        front.log.stop(signal.SIGKILL)
        start(front, backends.connect(), **options)
        for client in clients:
            client.rebind()
        assert [backends.where(c) for c in clients] == before


def test_a_backend_that_refuses_is_left_and_taken_back(front):
    with many(2) as backends:
        start(front, backends.connect())
        stays, leaves = front.client(), front.client()
        assert backends.where(stays) == 0
        assert backends.where(leaves) == 1
        backends[1].go()
        leaves.send(canary(40, 1))          # is lost, as on any network
        front.log.wait_for(f"event=backend_left addr={backends[1]} sessions=1 for=1s: nothing listens")
        assert backends.where(leaves) == 0
        assert backends.where(front.client()) == 0
        backends[1].come()
        backends.until(1, lambda: backends.where(front.client(psk=KALLE)))
        front.log.wait_for(f"event=backend_back addr={backends[1]}")
        assert backends.where(leaves) == 0  # it has a new home
        assert backends.where(stays) == 0


def test_who_speaks_in_clear_leaves_a_backend_that_refuses_too(front):
    with many(2) as backends:
        start(front, backends.connect(), plaintext="allow")
        stays, leaves = front.clients = [PlainClient(front.address) for _ in range(2)]
        assert (backends.where(stays), backends.where(leaves)) == (0, 1)
        backends[1].go()
        leaves.send(canary(40, 1))
        front.log.wait_for(f"event=backend_left addr={backends[1]} sessions=1 for=1s: nothing listens")
        assert backends.where(leaves) == 0
        assert backends.where(stays) == 0


def test_the_message_that_meets_the_refusal_of_an_earlier_one_goes_elsewhere(front):
    """The proxy has not yet heard of the refusal when the second message is there."""
    with many(2) as backends:
        start(front, backends.connect())
        client = front.client()
        assert backends.where(client) == 0
        backends[0].go()
        front.log.send_signal(signal.SIGSTOP)
        for tag in range(3):
            client.send(canary(40, 100 + tag))
        front.log.send_signal(signal.SIGCONT)
        assert backends.take()[:2] == (1, canary(40, 101))
        assert backends.take()[:2] == (1, canary(40, 102))


def test_when_all_refuse_sessions_stay_and_wait(front):
    with many(2) as backends:
        start(front, backends.connect())
        clients = [front.client() for _ in range(2)]
        assert [backends.where(c) for c in clients] == [0, 1]
        backends[0].go()
        backends[1].go()
        for n, client in enumerate(clients):
            client.send(canary(40, n))
            front.log.wait_for(f"event=backend_left addr={backends[n]}")
        backends[0].come()
        backends[1].come()
        # The first had another one to go to until that refused, too
        assert backends.where(clients[1]) == 1


def test_one_backend_that_refuses_is_not_left(front):
    with many(1) as backends:
        start(front, backends.connect())
        client = front.client()
        assert backends.where(client) == 0
        backends[0].go()
        client.send(canary(40, 1))
        front.log.wait_for(f"event=backend_refused addr={backends[0]}: nothing listens there; sessions "
                           "stay")
        backends[0].come()
        assert backends.where(client) == 0
        assert not front.log.has("event=backend_left")


def test_the_rest_of_one_that_goes_on_refusing_grows(front):
    """Each time it is tried a device loses a message, so it is tried more and more seldom."""
    with many(2) as backends:
        start(front, backends.connect())
        backends[0].go()

        def refused():
            client = front.client(psk=KALLE)
            client.send(canary(40, 1))
            client.send(canary(40, 2))
            backends.take()
            return front.log.count(f"event=backend_left addr={backends[0]} .* for=4s: ")

        backends.until(1, refused)
        for seconds in (1, 2, 4):
            assert front.log.has(f"event=backend_left addr={backends[0]} .* for={seconds}s: ")


PROBE = bytes.fromhex("40010001")           # CoAP: an empty confirmable message


def probed(front, backends, **options):
    start(front, backends.connect(), probe_hex=PROBE.hex(), probe_interval=1, **options)


def answer_probes(backends, silent=(), until=None, timeout=15):
    """Answers them all but those of the backends in `silent`, until `until` is true."""
    end = time.monotonic() + timeout
    while not until():
        assert time.monotonic() < end
        with contextlib.suppress(AssertionError):
            n, data, peer = backends.take(0.05)
            if data == PROBE and n not in silent:
                backends[n].sock.sendto(b"pong", peer)


def test_a_backend_that_does_not_answer_probes_is_left_before_a_device_finds_out(front):
    with many(2) as backends:
        probed(front, backends)
        left = f"event=backend_left addr={backends[1]} sessions=0 for=until_probed: it does not answer probes"
        answer_probes(backends, silent=[1], until=lambda: front.log.has(left))
        assert {backends.where(front.client()) for _ in range(3)} == {0}
        answer_probes(backends, until=lambda: front.log.has(f"event=backend_back addr={backends[1]}"))
        assert {backends.where(front.client()) for _ in range(2)} == {0, 1}
        assert not front.log.has(f"backend_left addr={backends[0]}")


def test_a_backend_that_refuses_probes_is_left_and_back_when_it_does_not(front):
    """Of backends that never answer them."""
    with many(2) as backends:
        backends[1].go()
        probed(front, backends, probe="refusal")
        front.log.wait_for(f"event=backend_left addr={backends[1]} .*nothing listens there")
        assert {backends.where(front.client()) for _ in range(3)} == {0}
        backends[1].come()
        front.log.wait_for(f"event=backend_back addr={backends[1]}")
        assert {backends.where(front.client()) for _ in range(2)} == {0, 1}
        assert not front.log.has(f"backend_left addr={backends[0]}")


@pytest.mark.parametrize("value", ["4g", "abc", "00" * 513])
def test_a_probe_that_is_no_hex_ends_the_start(front, value):
    front.may_fail = True
    proxy = front.spawn(front.proxy_command({
        "bind": f"127.0.0.1:{build.free_port()}", "probe-hex": value, **front.options(None)}))
    assert proxy.wait_exit() == 1
    assert proxy.has(f'^dtlsproxy: --probe-hex "{value[:80]}": 1 to 512 bytes in hex are expected')


@pytest.mark.parametrize("connect, told", [
    ("127.0.0.1:9,127.0.0.1", r'--connect "127.0.0.1": expected host:port, \[ipv6\]:port or :port'),
    ("127.0.0.1:9,", '--connect "": expected host:port'),
    ("127.0.0.1:9,127.0.0.1:0", '--connect "127.0.0.1:0": port 0 is out of range'),
    ("127.0.0.1:9,nowhere.invalid:9", '--connect "nowhere.invalid:9": '),
    ("127.0.0.1:9,127.0.0.1:{port}", '--connect "127.0.0.1:{port}" is what --bind "127.0.0.1:{port}" '
     "listens to: the proxy would talk to itself"),
])
def test_the_start_ends_with_the_entry_that_is_wrong(front, connect, told):
    front.may_fail = True
    port = build.free_port()
    proxy = front.spawn(front.proxy_command({
        "bind": f"127.0.0.1:{port}", "connect": connect.format(port=port), **front.options(None)}))
    assert proxy.wait_exit() == 1
    assert proxy.has("^dtlsproxy: " + told.format(port=port))


def test_more_addresses_than_there_is_room_for_end_the_start(front):
    front.may_fail = True
    connect = ",".join(f"127.0.0.1:{port}" for port in range(1, 66))
    proxy = front.spawn(front.proxy_command({
        "bind": f"127.0.0.1:{build.free_port()}", "connect": connect, **front.options(None)}))
    assert proxy.wait_exit() == 1
    assert proxy.has("--connect .*: more than 64 addresses")
