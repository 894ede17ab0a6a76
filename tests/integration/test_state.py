# SPDX-License-Identifier: Apache-2.0
"""Sessions outlive the server: killed, restarted, handed over, rebooted.

The nonce oracle of tests/peers/dtls12 sees every record of every client in this process, so a server
that comes back and uses a number again fails whichever test runs.
"""

import collections
import contextlib
import fcntl
import os
import pathlib
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import time

import pytest

from forwarder import C2S
from support import build
from support.client import Timeout
from support.device import Device

pytestmark = pytest.mark.fronts("shim", "proxy")


@pytest.fixture
def kept(front, tmp_path):
    """A front whose server keeps its sessions; start it with options=front.state."""
    front.state = {"state": tmp_path / "x.state"}
    return front


def opened(front):
    """What the last start said about the state file, as a dict."""
    line = front.log.wait_for(r"event=state_open .*").group(0)
    return dict(word.split("=", 1) for word in line.split() if "=" in word)


def replay(front, n):
    """The last datagrams of the clients again, from where they came and from elsewhere."""
    old = [d for d in front.net.datagrams(C2S)[-n:] if d.data[0] == 25]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for datagram in old:
            sock.sendto(datagram.data, ("127.0.0.1", front.port))
    for flow in list(front.net._flows.values()):
        for datagram in old:
            flow.sock.sendto(datagram.data, ("127.0.0.1", front.port))


def check_once(front):
    """No message was delivered twice."""
    counts = collections.Counter(head for _, head in front.received())
    assert not [head for head, n in counts.items() if n > 1]


@pytest.mark.timeout(1500)
def test_killed_while_old_records_come_again_and_clients_move(kept, nightly):
    kills = nightly(30 if not build.SANITIZE else 8, 500)
    rng = random.Random(4)
    kept.start("blocking", options={**kept.state, "log": "info"})
    devices = [Device(kept.client(cid=b"" if i % 2 else b"client-%d" % i), f"d{i}")
               for i in range(4)]
    for device in devices:
        device.start()
    for kill in range(kills):
        time.sleep(rng.random() * 0.03)
        kept.restart()
        assert int(opened(kept)["sessions"]) == 4
        replay(kept, 30)
        if kill % 20 == 4:                          # who moves waits for late answers to be past
            kept.net.rebind()
        for device in devices:
            device.wait_echo()
    replay(kept, 1000)
    for device in devices:
        device.end()
    assert kept.handshakes() == 4
    check_once(kept)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_sessions_outlive_the_end_of_the_server(kept, number):
    kept.start("blocking", options=kept.state)
    clients = [kept.client() for _ in range(3)]
    for client in clients:
        client.echo(b"before")
    for _ in range(3):
        kept.restart(number)
        for client in clients:
            client.echo(b"after")
    assert kept.handshakes() == 3


def write_many_keys(front, *last):
    """Some megabytes of keys, which take a while to read, and those of the test."""
    with open(front.csv, "w") as f:
        f.writelines(f"device-{i:06},{i:032x}\n" for i in range(300_000))
        f.writelines(f"{identity.decode()},{key.hex()}\n" for identity, key in front.keys.items())
        f.writelines(f"{line}\n" for line in last)


def test_sessions_go_on_while_many_keys_are_read_and_handshakes_wait_for_them(kept):
    kept.start("blocking", options=kept.state)
    client = kept.client()
    client.echo(b"before")
    kept.restart(between=lambda: write_many_keys(kept))
    client.echo(b"after")
    kept.client().echo(b"new")
    log = [text for _, text in kept.log.lines]
    loaded = next(i for i, text in enumerate(log) if "event=keys_loaded" in text)
    assert next(i for i, text in enumerate(log) if "event=state_open" in text) < loaded


def test_a_mistake_at_the_end_of_many_keys_ends_the_server(kept):
    kept.may_fail = True
    kept.launch("blocking", options=kept.state, before=lambda: write_many_keys(kept, "Pelle,0"))
    assert kept.log.wait_exit() == 1
    kept.log.wait_for(rf"{kept.csv}:{300_001 + len(kept.keys)}: odd number of hex digits in the key")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("how", [b"exit", b"abort"])
def test_sessions_outlive_the_end_of_the_program_itself(kept, how):
    kept.start("leaver", options=kept.state)
    clients = [kept.client() for _ in range(2)]
    clients[1].echo(b"before")
    clients[0].echo(how)
    kept.process.wait_exit()
    if how == b"exit":
        assert kept.process.has("event=state_close")
        assert kept.process.has("event=stats .*rx_messages=2"), kept.process
    kept.restart()
    for client in clients:
        client.echo(b"after")
    assert kept.handshakes() == 2


@pytest.mark.fronts("shim")
def test_sessions_outlive_the_socket(kept):
    kept.start("leaver", options=kept.state)
    client = kept.client()
    client.echo(b"close")
    kept.process.wait_for("READY", n=2)
    client.echo(b"after")
    assert kept.handshakes() == 1


@pytest.mark.fronts("shim")
def test_sessions_come_along_when_another_process_takes_the_socket_over(kept):
    kept.start("leaver", options=kept.state)
    client = kept.client()
    client.echo(b"fork")
    kept.process.wait_exit()
    client.echo(b"after")
    client.echo(b"fork")
    client.echo_in_the_end(b"after that")
    assert kept.handshakes() == 1


@pytest.mark.fronts("shim")
def test_an_heir_outlives_that_another_program_has_the_file(kept, tmp_path):
    """It waits for it without dying, and serves when the other lets go."""
    kept.start("leaver", options={**kept.state, "state-wait": 0})
    kept.client().echo(b"before")
    state = tmp_path / "x.state"
    state.rename(tmp_path / "old.state")
    with open(os.open(state, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as other:
        fcntl.lockf(other, fcntl.LOCK_EX)
        kept.client().echo(b"fork")
        kept.process.wait_for(rf"event=not_inherited port=.*in use by process {os.getpid()}")
    kept.process.wait_for("event=state_open", n=2)
    kept.client().echo(b"after")


@pytest.mark.fronts("shim")
def test_a_forked_child_has_no_descriptor_of_the_state(kept):
    kept.start("leaver", options=kept.state)
    kept.client().echo(b"child")
    child = kept.process.wait_for(r"CHILD (\d+)")[1]

    def states(pid):
        links = [os.readlink(entry) for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
        return [x for x in links if re.search(r"/x\.state$|/dtlsshim-[0-9a-f]{16}[^/]*$", x)]
    assert len(states(kept.process.pid)) == 2
    assert states(child) == []


@pytest.mark.fronts("proxy")
def test_the_next_version_takes_over_while_the_old_one_stops(kept):
    """Blue and green: the new one is started, waits, and serves the moment the old one lets go."""
    kept.start("blocking", options=kept.state)
    clients = [kept.client() for _ in range(3)]
    for client in clients:
        client.echo(b"before")
    old, new = kept.log, kept.launch_proxy(kept.state)
    new.wait_for(f"event=state_wait .*holder={old.pid}")
    clients[0].echo(b"still the old one")
    began = time.monotonic()
    old.send_signal(signal.SIGTERM)
    new.wait_for("event=listening")
    took = time.monotonic() - began
    kept.log = new
    for client in clients:
        client.echo(b"the new one")
    assert kept.handshakes() == 3
    assert took < (1 if not build.SANITIZE else 5)


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_old_and_new_server_on_one_port_by_reuseport(kept, number):
    """The new one is ready at once.  What the kernel gives it waits in its socket for the sessions."""
    kept.start("blocking", "--reuseport", "1", options=kept.state)
    clients = [kept.client() for _ in range(16)]
    old, new = kept.log, kept.successor()
    new.wait_for(SERVES["shim"])
    new.wait_for(f"event=state_wait .*holder={old.pid}")
    for client in clients:
        client.send(b"meanwhile")
    waiting = []
    for client in clients:
        try:
            assert client.recv(0.2) == b"meanwhile"
        except Timeout:
            waiting.append(client)
    assert waiting, "the kernel gave all of them to the old one"
    old.stop(number)
    for client in waiting:
        assert client.recv() == b"meanwhile"
    for client in clients:
        client.echo(b"the new one")
    assert opened(kept)["sessions"] == "16"
    assert kept.handshakes() == 16
    kept.client().echo(b"another")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("before, after", [("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "0.0.0.0"),
                                           ("::", "0.0.0.0"), ("0.0.0.0", "::")])
def test_sessions_follow_another_bind_address(kept, before, after):
    kept.start("blocking", "--host", before, options=kept.state)
    clients = [kept.client() for _ in range(3)]
    command = kept._again[0]
    command[command.index(before)] = after
    kept.restart()
    for client in clients:
        client.echo(b"still there")
    kept.log.wait_for("event=state_moved")
    assert kept.handshakes() == 3


@pytest.mark.fronts("shim")
def test_sessions_of_another_port_wait_for_it(kept):
    kept.start("blocking", options=kept.state)
    client, port = kept.client(), kept.port
    other = build.free_port()
    command = kept._again[0]
    command[command.index(str(port))] = str(other)
    environment = kept._again[4]
    environment["DTLSSHIM_PORTS"] = f"{port},{other}"
    kept.restart()
    kept.log.wait_for("event=state_begun file=.*x.state.1 ")
    command[command.index(str(other))] = str(port)
    kept.restart()
    client.echo(b"still there")
    assert kept.handshakes() == 1


SERVES = {"shim": r"READY port=", "proxy": r"event=listening"}


def test_the_next_server_takes_over_from_one_that_is_killed(kept):
    """It is started before the old one is dead, which loses lock and port one after the other."""
    kept.start("blocking", options=kept.state)
    client = kept.client()
    client.echo(b"before")
    for _ in range(3 if build.SANITIZE else 12):
        old = kept.log
        old.send_signal(signal.SIGSTOP)
        new = kept.successor()
        new.wait_for("event=(bind|state)_wait")
        old.stop(signal.SIGKILL)
        new.wait_for(SERVES[kept.kind])
        client.echo(b"after")
    assert kept.handshakes() == 1


@contextlib.contextmanager
def in_use(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        yield


def test_a_port_that_is_free_later_than_the_lock_is_waited_for(kept):
    kept.start("blocking", options=kept.state)
    client = kept.client()
    client.echo(b"before")
    kept.log.stop(signal.SIGKILL)
    with in_use(kept.port):
        new = kept.successor()
        new.wait_for(f"event=bind_wait port={kept.port}")
    new.wait_for(SERVES[kept.kind])
    client.echo(b"after")
    assert kept.handshakes() == 1


@pytest.mark.parametrize("wait", [None, 0, 1])
def test_the_wait_for_a_port_has_an_end_and_needs_a_state_file(kept, wait):
    kept.start("blocking", options={} if wait is None else {**kept.state, "state-wait": wait})
    kept.log.stop(signal.SIGKILL)
    with in_use(kept.port):
        new = kept.successor()
        assert new.wait_exit() == 1
    assert new.has("Address already in use")
    assert bool(new.has("event=bind_wait")) == (wait == 1)


@pytest.mark.fronts("shim")
def test_hand_over_of_a_socket_somebody_else_holds(kept):
    """Socket activation: nothing that was sent meanwhile is lost, for the socket stays."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        env = build.shim_environment({"ports": port, **kept.options(kept.state)})
        preload = env.pop("LD_PRELOAD")

        def activate():
            script = f"import os; os.dup2({held.fileno()}, 3); os.environ.update(" \
                     f"LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', LD_PRELOAD={preload!r}); " \
                     f"os.execv({build.victim('inherited')[0]!r}, ['x', '--io', 'recvfrom'])"
            return kept.spawn([sys.executable, "-c", script], env, pass_fds=(held.fileno(),))
        kept.process = kept.log = old = activate()
        kept.address = ("127.0.0.1", port)
        client = kept.client()
        client.echo(b"before")
        new = activate()
        new.wait_for("event=state_wait")
        old.stop(signal.SIGKILL)
        client.echo(b"after")
        assert new.wait_for(r"event=state_open .*sessions=(\d+)")[1] == "1"


@pytest.mark.fronts("proxy")
def test_a_second_server_is_told_who_has_the_sessions(kept):
    kept.start("blocking", options=kept.state)
    client = kept.client()
    second = kept.launch_proxy({**kept.state, "state-wait": "0"})
    assert second.wait_exit() == 1
    assert second.has(rf"x.state is in use by process {kept.log.pid}")
    client.echo(b"undisturbed")


def in_small_tmpfs(directory, size, command, kind="tmpfs"):
    """`command` in a mount namespace where `directory` has room for `size` bytes only."""
    directory.mkdir(exist_ok=True)
    unshare = ["unshare", "-rm", "sh", "-c"]
    if subprocess.run([*unshare, "mount -t tmpfs none /mnt"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no mount namespaces here")
    return [*unshare, f'mount -t {kind} -o size={size},mode=700 none "{directory}" && exec "$@"',
            "sh", *command]


@pytest.mark.fronts("proxy")
def test_on_a_full_disk_serving_goes_on(kept, tmp_path, monkeypatch):
    disk, plain = tmp_path / "disk", kept.proxy_command
    monkeypatch.setattr(kept, "proxy_command",
                        lambda options: in_small_tmpfs(disk, 8192, plain(options)))
    kept.start("blocking", options={"state": disk / "x.state", "state-key": tmp_path / "key"})
    clients = [kept.client() for _ in range(16)]
    kept.log.wait_for("event=state_write_failed .*No space left")
    for client in clients:
        client.echo(b"served")


def test_what_could_not_be_written_is_written_when_there_is_room_again(kept):
    kept.start("blocking", options=kept.state)
    clients = [kept.client()]
    pid = kept.log.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096 + 384, before[1]))
    clients += [kept.client() for _ in range(4)]
    kept.log.wait_for("event=state_write_failed .*File too large")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    kept.log.wait_for("event=state_written", timeout=20)
    kept.restart()
    for client in clients:
        client.echo(b"still there")
    assert opened(kept)["sessions"] == "5"


@pytest.mark.fronts("proxy")
def test_without_memory_for_lines_serving_goes_on(kept, tmp_path, monkeypatch):
    memory, plain = tmp_path / "memory", kept.proxy_command
    monkeypatch.setattr(kept, "proxy_command",
                        lambda options: in_small_tmpfs(memory, 4096, plain(options)))
    kept.start("blocking", options={**kept.state, "state-memory": memory})
    kept.log.wait_for("event=state_unusable .*No space left")
    kept.client().echo(b"served")


@pytest.mark.fronts("proxy")
def test_memory_that_cannot_be_allocated_is_refused(kept, tmp_path, monkeypatch):
    memory, plain = tmp_path / "memory", kept.proxy_command
    kept.start("blocking")
    monkeypatch.setattr(kept, "proxy_command", lambda options: in_small_tmpfs(
        memory, 4096, plain(options), "ramfs"))
    refused = kept.launch_proxy({**kept.state, "state-memory": memory})
    assert refused.wait_exit() == 1
    assert refused.has("memory is not on tmpfs")
