# SPDX-License-Identifier: Apache-2.0
"""Ensures that a gateway carries what UDP would have carried, and nothing in clear.

Where the server is ours the recording forwarder stands between, which looks at every byte.
"""

import os
import re
import signal
import socket
import subprocess

import pytest

import stock_servers
from dtls12 import suites
from forwarder import C2S
from support import build
from support.client import canary
from support.gateway import MANY, Gateway, key_options, never_heard

ours = pytest.mark.fronts("shim", "proxy")
proxy = pytest.mark.fronts("proxy")


def start(front, program="blocking", options=None, **more):
    return front.start(program, options={**MANY, **(options or {})}, **more)


def gateway(front, **options):
    return Gateway(front, front.net.address, **options)


# Messages

@ours
def test_each_device_gets_its_own_answers(front):
    start(front)
    gate = gateway(front)
    devices = [gate.device() for _ in range(8)]
    for tag in range(3):
        for number, device in enumerate(devices):
            device.send(canary(50 + tag, number))
        for number, device in enumerate(devices):
            assert device.recv() == canary(50 + tag, number)
    assert front.handshakes() == len(devices)
    assert len({d.client for d in front.net.datagrams(C2S)}) == len(devices)


@ours
def test_large_and_empty_messages(front):
    start(front)
    gate = gateway(front)
    device = gate.device()
    for size in (16000, 9000, 1):       # the first waits for the session
        device.echo(canary(size, 1))
    device.echo(b"")
    device.send(b"x" * 16400)
    device.echo(canary(40, 2))
    assert gate.stats()["gw_drop_toobig"] == 1


@proxy
def test_answers_leave_from_the_address_that_was_asked(front):
    """A device drops what comes from another address; --bind says all of them."""
    start(front)
    gate = Gateway(front, front.net.address, bind="0.0.0.0", allow_networks="127.0.0.0/8")
    for host in ("127.0.0.1", "127.0.0.9"):
        gate.address = (host, gate.port)
        gate.device().echo(canary(40))


@proxy
def test_devices_of_ipv6(front):
    start(front)
    gate = gateway(front, bind="::1")
    gate.device().echo(canary(40))


@ours
def test_server_that_speaks_first_reaches_the_device(front):
    """Any time after the device was heard, and more than once."""
    start(front)
    gate = gateway(front)
    one, two = gate.device(), gate.device()
    one.echo(canary(40, 1))
    two.echo(canary(40, 2))
    one.send(canary(60, 3))
    one.send(canary(60, 4))
    assert [one.recv(), one.recv()] == [canary(60, 3), canary(60, 4)]
    never_heard(two)


@proxy
def test_one_association_goes_one_way(front):
    """What cannot be said to be a device's is shown to none."""
    start(front)
    gate = gateway(front, association="shared")
    devices = [gate.device() for _ in range(5)]
    for number, device in enumerate(devices):
        device.send(canary(50 + number, number))
    front.received(5)
    for device in devices:
        never_heard(device, 0.1)
    gate.wait_for("event=gateway_answer_dropped")
    assert front.handshakes() == 1
    assert gate.stats()["gw_drop_shared"] == 5


@ours
def test_a_nat_that_forgets_costs_no_handshake(front):
    """The server knows the sessions by their Connection IDs, asks where they are, and is answered."""
    start(front)
    gate = gateway(front)
    devices = [gate.device() for _ in range(3)]
    for number, device in enumerate(devices):
        device.echo(canary(40, number))
    front.net.rebind()
    for number, device in enumerate(devices):
        device.echo(canary(60, number))
        device.echo(canary(80, number))
    front.log.wait_for("event=rebind", n=3)
    assert front.handshakes() == 3
    assert gate.stats()["rrc_answers"] >= 3


# Real servers

def stock(server, suite, cert=None, client_ca=None):
    if not server.available():
        pytest.skip(f"{server.name} is not installed")
    made = server(suite, cert, client_ca)
    made.port = build.free_port()       # not one that another test's socket may get
    return made


def talk(server, device, number):
    device.send(b"line %d\n" % number)
    if server.echoes:
        assert device.recv(10) == b"line %d\n" % number
    else:
        assert server.wait_output(b"line %d" % number, 10)
        server.reply(None, b"answer %d\n" % number)
        assert device.recv(10) == b"answer %d\n" % number


STACKS = (stock_servers.GnuTls, stock_servers.OpenSsl, stock_servers.Mbed)


@pytest.mark.parametrize("stack", STACKS, ids=lambda s: s.name)
@pytest.mark.parametrize("suite", [suites.PSK_CCM_8, suites.PSK_GCM], ids=lambda s: s.name)
def test_stock_servers_with_a_pre_shared_key(procs, stack, suite):
    with stock(stack, suite) as server:
        gate = Gateway(procs, server.address)
        device = gate.device()
        for number in range(3):
            talk(server, device, number)


@pytest.mark.parametrize("stack", STACKS, ids=lambda s: s.name)
def test_stock_servers_with_certificates_on_both_sides(procs, authority, stack):
    pair, own = authority.certify("localhost"), authority.certify("gateway")
    with stock(stack, suites.ECDSA_GCM, (str(pair.cert), str(pair.key)), str(authority.ca)) as server:
        gate = Gateway(procs, f"localhost:{server.port}", ca=authority.ca, cert=own.cert, key=own.key)
        device = gate.device()
        for number in range(3):
            talk(server, device, number)


@pytest.mark.parametrize("stack", STACKS[1:], ids=lambda s: s.name)
def test_stock_servers_that_restart_lose_no_message(procs, stack):
    """Killed, so that they say nothing; what is sent to the new one arrives, sent once.  Not gnutls-serv,
    which answers nobody any more when the first thing it hears is a record of a session."""
    with stock(stack, suites.PSK_CCM_8) as server:
        gate = Gateway(procs, server.address, answer_timeout=1)
        device = gate.device()
        talk(server, device, 1)
        server.process.kill()
    again = stack(suites.PSK_CCM_8)
    again.port = server.port
    with again:
        talk(again, device, 2)
        talk(again, device, 3)


def serve_certified(front, authority, **more):
    pair = authority.certify("localhost")
    return start(front, options={"psk-csv": None, "cert": pair.cert, "key": pair.key, **more})


@ours
@pytest.mark.parametrize("name, accepted", [(None, True), ("elsewhere.example", False),
                                            ("any", True)])
def test_the_name_of_the_server_is_checked(front, authority, name, accepted):
    """Without --server-name it is what --connect says."""
    own = authority.certify("gateway")
    serve_certified(front, authority, ca=authority.ca)
    gate = Gateway(front, f"localhost:{front.net.address[1]}", ca=authority.ca, cert=own.cert,
                   key=own.key, server_name=name)
    device = gate.device()
    device.send(canary(40))
    if accepted:
        assert device.recv() == canary(40)
        front.log.wait_for('event=established .*cert="CN=gateway"')
    else:
        gate.wait_for(r"event=failed .*reason=certificate_name")
        assert not front.received()


@proxy
def test_certificate_of_another_server_is_refused(front, authority):
    """Nobody said a name: it is the one in --connect that counts."""
    pair = authority.certify("another", names=("another.example",))
    start(front, options={"psk-csv": None, "cert": pair.cert, "key": pair.key})
    gate = Gateway(front, f"localhost:{front.net.address[1]}", ca=authority.ca)
    gate.device().send(canary(40))
    gate.wait_for(r"event=failed .*reason=certificate_name")
    assert not front.received()


# Servers that come and go

@ours
@pytest.mark.one_process
def test_restarted_server_loses_no_message(front):
    """It says nothing and knows nothing: what it dropped meanwhile is sent once more."""
    start(front)
    gate = gateway(front, answer_timeout=1)
    devices = [gate.device() for _ in range(4)]
    for number, device in enumerate(devices):
        device.echo(canary(40, number))
    front.restart()
    for number, device in enumerate(devices):
        device.send(canary(60, number))         # once
    for number, device in enumerate(devices):
        assert device.recv(15) == canary(60, number)
    assert gate.stats()["gw_again"] >= len(devices)


@proxy
@pytest.mark.one_process
def test_server_that_says_goodbye_loses_no_message(front):
    start(front)
    gate = gateway(front, answer_timeout=0)
    device = gate.device()
    device.echo(canary(40))
    front.restart(number=signal.SIGTERM, between=lambda: gate.wait_for("event=closed .*peer_closed"))
    device.send(canary(60, 1))
    assert device.recv(10) == canary(60, 1)


@proxy
@pytest.mark.one_process
def test_messages_wait_for_a_server_that_is_not_there_yet(front):
    """Some of them, for some time; a handshake is tried again and again."""
    start(front)
    front.log.stop()
    gate = gateway(front)
    device = gate.device()
    for tag in range(20):
        device.send(canary(40, tag))
    gate.wait_for("event=gateway_dropped .*too many wait")
    front.log = front.launch_proxy(MANY)
    for tag in range(16):
        assert device.recv(20) == canary(40, tag)
    assert gate.stats()["gw_drop_held"] == 4


@pytest.mark.parametrize("how", ["refused", "silent"])
def test_messages_that_wait_too_long_are_dropped_and_told(procs, how):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1] if how == "silent" else build.free_port()
        gate = Gateway(procs, ("127.0.0.1", port))
        gate.device().send(canary(40))
        gate.wait_for("event=gateway_dropped .*count=1: waited too long", timeout=20)
        if how == "refused":
            gate.wait_for("event=gateway_server_refused")
            gate.wait_for("event=failed .*reason=unreachable", n=3, timeout=20)
        else:
            silent.setblocking(False)
            assert silent.recv(2000)[:1] == b"\x16"         # nothing but hellos
    stats = gate.stats()
    assert stats["gw_drop_late"] == 1 and stats.get("held_bytes", 0) == 0


@proxy
def test_many_devices_before_a_dead_server_try_one_at_a_time(front):
    """The server gets one hello each back-off, and all devices when it is back."""
    start(front)
    front.log.stop()
    gate = gateway(front)
    devices = [gate.device() for _ in range(40 if build.SANITIZE else 200)]
    for device in devices:
        device.send(b"lost")
    gate.wait_for("event=failed .*unreachable", n=3, timeout=20)
    assert gate.stats()["handshakes_started"] < 10
    for number, device in enumerate(devices):
        device.send(canary(40, number))
    front.log = front.launch_proxy(MANY)
    for number, device in enumerate(devices):
        while (data := device.recv(20)) == b"lost":
            pass
        assert data == canary(40, number)


@proxy
def test_wrong_key_sends_nothing_and_a_new_one_is_taken_by_signal(front):
    start(front)
    gate = gateway(front, **key_options(front, key=b"not the right key"))
    device = gate.device()
    device.send(canary(40, 1))
    gate.wait_for("event=failed", timeout=30)
    assert not front.received()
    key_options(front)
    gate.process.send_signal(signal.SIGHUP)
    gate.wait_for("event=reloaded")
    device.send(canary(40, 2))
    while device.recv(20) != canary(40, 2):
        pass                            # the first may have waited long enough


@proxy
def test_a_server_that_allows_one_session_is_told_of(front):
    front.start("blocking")
    gate = gateway(front)
    devices = [gate.device() for _ in range(6)]
    for number, device in enumerate(devices):
        device.echo(canary(40, number))
    gate.wait_for("event=gateway_one_session")


# Ends

@proxy
def test_terminated_it_sends_what_waits_and_says_goodbye(front):
    start(front)
    front.log.send_signal(signal.SIGSTOP)
    gate = gateway(front)
    devices = [gate.device() for _ in range(3)]
    for number, device in enumerate(devices):
        device.send(canary(40, number))
    assert gate.stats()["held_bytes"] == 120
    gate.process.send_signal(signal.SIGTERM)
    front.log.send_signal(signal.SIGCONT)
    assert gate.process.wait_exit() == 0
    assert len(front.received(3)) == 3
    front.log.wait_for("event=closed .*peer_closed", n=3)


@proxy
def test_silent_devices_are_forgotten(front):
    start(front)
    gate = gateway(front, device_idle=1)
    before = len(os.listdir(f"/proc/{gate.process.pid}/fd"))
    for number in range(10):
        gate.device().echo(canary(40, number))
    front.log.wait_for("event=closed .*peer_closed", n=10)
    stats = gate.stats()
    assert (stats["devices"], stats["gw_idle"]) == (0, 10)
    assert len(os.listdir(f"/proc/{gate.process.pid}/fd")) == before


# Strangers

@proxy
def test_only_allowed_networks_are_taken_and_others_told_once(front):
    start(front)
    gate = gateway(front, allow_networks="127.0.0.1,10.0.0.0/8")
    device = gate.device()
    for host in ("127.0.0.2", "127.0.0.3"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((host, 0))
            for _ in range(5):
                stranger.sendto(canary(40), gate.address)
    device.echo(canary(50))
    assert [size for size, _ in front.received(1)] == [50]
    assert gate.stats()["gw_drop_network"] == 10
    gate.wait_for("event=gateway_refused device=127.0.0.2:")
    assert gate.process.count("event=gateway_refused") == 1


@proxy
def test_a_flood_of_new_devices_drives_no_other_out(front):
    start(front)
    gate = gateway(front, max_sessions=8)
    devices = [gate.device() for _ in range(8)]
    for number, device in enumerate(devices):
        device.echo(canary(40, number))
    files = len(os.listdir(f"/proc/{gate.process.pid}/fd"))
    for number in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
            flood.sendto(b"flood %d" % number, gate.address)
    for number, device in enumerate(devices):
        device.echo(canary(60, number))
    stats = gate.stats()
    assert (stats["devices"], stats["gw_drop_full"]) == (8, 100)
    assert len(os.listdir(f"/proc/{gate.process.pid}/fd")) == files
    assert front.handshakes() == 8
    gate.wait_for("event=gateway_full")


@proxy
def test_few_descriptors_mean_fewer_devices(front):
    start(front)
    gate = gateway(front, prefix=["prlimit", "--nofile=72:72"])
    assert gate.wait_for(r"max_devices=(\d+)")[1] == "8"
    devices = [gate.device() for _ in range(10)]
    for number, device in enumerate(devices):
        device.send(canary(40, number))
    for number, device in enumerate(devices[:8]):
        assert device.recv() == canary(40, number)
    for device in devices[8:]:
        never_heard(device, 0.1)


@proxy
def test_what_is_no_dtls_from_the_server_reaches_no_device(front):
    start(front)
    gate = gateway(front)
    device = gate.device()
    device.echo(canary(40))
    front.hostile = True
    client = front.net.datagrams(C2S)[0].client
    for data in (b"in clear", b"", b"\x17\xfe\xfd" + bytes(60)):
        front.net._front.sendto(data, client)
    never_heard(device)
    device.echo(canary(60))


# Many

def echo_server(procs, port):
    server = procs.spawn([build.product(build.TOOL), "nc", "-l", "--echo", "--psk-csv", procs.csv,
                          *(f"--{k}={v}" for k, v in MANY.items()), "127.0.0.1", port])
    server.wait_for("event=listening")
    return server


@pytest.mark.timeout(300)
def test_many_devices_outlive_a_restart_of_the_server(procs, nightly):
    """All of them are refused at once, and each gets through with what it sends afterwards.  Few
    enough that a busy machine has all handshakes done before the first message has waited too long."""
    count, port = nightly(150, 1000) if not build.SANITIZE else 50, build.free_port()
    server = echo_server(procs, port)
    gate = Gateway(procs, ("127.0.0.1", port), log="info", answer_timeout=1)
    devices = [gate.device() for _ in range(count)]
    for device in devices:
        device.echo(canary(40), timeout=10)
    server.stop(signal.SIGKILL)
    for device in devices:
        device.send(b"lost")
    gate.wait_for("event=failed .*unreachable")
    echo_server(procs, port)
    for number, device in enumerate(devices):
        device.send(canary(40, number))
    for number, device in enumerate(devices):
        while (data := device.recv(30)) == b"lost":
            pass
        assert data == canary(40, number)


@pytest.mark.timeout(600)
def test_many_devices(procs, nightly):
    """Memory a device is small and stays, and so do descriptors."""
    count = nightly(300, 10000) if not build.SANITIZE else 100
    port = build.free_port()
    echo_server(procs, port)
    gate = Gateway(procs, ("127.0.0.1", port), log="info", handshake_timeout=60)

    def pages():
        return int(open(f"/proc/{gate.process.pid}/statm", encoding="ascii").read().split()[1])

    def ask(devices):
        for at in range(0, len(devices), 50):
            for number, device in enumerate(devices[at:at + 50]):
                device.send(canary(40, number))
            for number, device in enumerate(devices[at:at + 50]):
                assert device.recv(30) == canary(40, number), (at, number)

    devices = [gate.device() for _ in range(count)]
    first, others = devices[:count // 3], devices[count // 3:]
    ask(first)
    before = pages()
    ask(others)
    after = pages()
    for _ in range(2):
        ask(devices)
    stats = gate.stats()
    assert stats["devices"] == count and stats["handshakes_done"] == count
    assert len(os.listdir(f"/proc/{gate.process.pid}/fd")) < count + 40
    if not build.SANITIZE:
        each = (after - before) * os.sysconf("SC_PAGESIZE") / len(others)
        print(f"{each:.0f} bytes a device")
        assert each < 4096 and pages() - after < 256


# Mistakes

@pytest.mark.parametrize("options, says", [
    ({"bind": ":25683"}, 'can be reached by others.*--allow-networks'),
    ({"bind": "192.0.2.1:25683"}, 'can be reached by others.*--allow-networks'),
    ({"allow-networks": "10.0.0.1/8"}, '"10.0.0.1/8": the address has bits behind the prefix'),
    ({"allow-networks": "10.0.0.0/33"}, "from 0 to 32"),
    ({"allow-networks": "::/129"}, "from 0 to 128"),
    ({"allow-networks": "here"}, '"here": an address, or a network'),
    ({"role": "both"}, "start two"),
    ({"role": "server"}, "--allow-networks and --association are for --role=client"),
    ({"state": "x.state"}, "--state keeps a server's sessions"),
    ({"cid-length": "8"}, "--cid-length=8: a gateway"),
    ({"psk-key-file": None}, "PSK_IDENTITY and DTLSSHIM_PSK_KEY_FILE"),
    ({"connect": "127.0.0.1:25683"}, "would talk to itself"),
    ({"connect": "127.0.0.1:25684,127.0.0.1:25685"}, "a gateway has one port.* start one for each"),
    ({"connect": "unix:/run/x.sock"}, "a DTLS server's host:port is expected"),
    ({"map": "127.0.0.1:25686=127.0.0.1:25687"}, "--map with --role=client: a gateway has one port"),
    ({"plaintext": "allow"}, "--plaintext with --role=client: .*--allow-networks says from whom"),
    ({"balance": "identity"}, "--balance with --role=client: is for plaintext servers"),
    ({"probe-hex": "00"}, "--probe-hex with --role=client: is for plaintext servers"),
    ({"backend-header": "spp"}, "--backend-header with --role=client: is for plaintext servers"),
], ids=lambda v: v if isinstance(v, str) else str(v))
def test_mistakes_end_the_start(procs, options, says):
    merged = {"role": "client", "bind": "127.0.0.1:25683", "connect": "127.0.0.1:25684",
              **key_options(procs), **options}
    if options.get("role") == "server":
        merged["association"] = "shared"
    done = subprocess.run([build.product(build.PROXY), *(
        f"--{k}={v}" for k, v in merged.items() if v is not None)], text=True, timeout=20,
        capture_output=True, check=False, env=build.clean_environment())
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert re.search(says, done.stderr), done.stderr
