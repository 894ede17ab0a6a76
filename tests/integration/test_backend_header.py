# SPDX-License-Identifier: Apache-2.0
"""Ensures that a backend which reads headers learns who its devices are, and that one socket serves
all of them: no answer ever reaches another device than the one it is for."""

import contextlib
import os
import re
import signal
import socket
import struct

import pytest

from support import build
from support.client import Timeout, canary
from support.front import KALLE

pytestmark = pytest.mark.fronts("proxy")

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
TOKEN, SSL, VERSION, CIPHER, IDENTITY, SUBJECT, CID = 5, 0x20, 0x21, 0x23, 0xE0, 0xE1, 0xE2


def value(kind, data):
    return struct.pack("!BH", kind, len(data)) + data


def v2(source, destination, values, command=0x21):
    family = socket.AF_INET6 if ":" in source[0] else socket.AF_INET
    body = b"".join(socket.inet_pton(family, a[0]) for a in (source, destination)) + \
        struct.pack("!HH", source[1], destination[1]) + values
    head = bytes([command, 0x22 if family == socket.AF_INET6 else 0x12])
    return SIGNATURE + head + struct.pack("!H", len(body)) + body


def spp(source, destination):
    def ip(address):
        return socket.inet_pton(socket.AF_INET6,
                                address if ":" in address else "::ffff:" + address)
    return b"\x56\xec" + ip(source[0]) + ip(destination[0]) + \
        struct.pack("!HH", source[1], destination[1])


class Message:
    """A datagram of the proxy, taken apart by what the specification says."""

    def __init__(self, datagram):
        assert datagram.startswith(SIGNATURE), datagram
        assert datagram[12] == 0x21
        length, = struct.unpack_from("!H", datagram, 14)
        self.header, self.payload = datagram[:16 + length], datagram[16 + length:]
        size = {0x12: 4, 0x22: 16}[datagram[13]]
        family = socket.AF_INET if size == 4 else socket.AF_INET6
        ports = struct.unpack_from("!HH", datagram, 16 + 2 * size)
        self.source = socket.inet_ntop(family, datagram[16:16 + size]), ports[0]
        self.destination = socket.inet_ntop(family, datagram[16 + size:16 + 2 * size]), ports[1]
        self.values = dict(self.walk(self.header[16 + 2 * size + 4:]))

    @staticmethod
    def walk(data):
        while data:
            kind, length = struct.unpack_from("!BH", data)
            assert len(data) >= 3 + length
            yield kind, data[3:3 + length]
            data = data[3 + length:]

    @property
    def ssl(self):
        return dict(self.walk(self.values[SSL][5:]))


class Backend:
    """A server played by the test, on UDP or on an AF_UNIX socket."""

    def __init__(self, path=None, address=("127.0.0.1", 0)):
        self.sock = socket.socket(socket.AF_UNIX if path else
                                  socket.AF_INET6 if ":" in address[0] else socket.AF_INET,
                                  socket.SOCK_DGRAM)
        self.sock.bind(str(path) if path else address)
        self.sock.settimeout(5)
        self.peer = None
        name = self.sock.getsockname()
        self.connect = f"unix:{path}" if path else \
            f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def take_raw(self):
        data, self.peer = self.sock.recvfrom(65536)
        return data

    def take(self):
        return Message(self.take_raw())

    def give(self, header, data, peer=None):
        self.sock.sendto(header + data, peer or self.peer)


def start(front, backend, options=None, bind="127.0.0.1"):
    port = getattr(front, "port", None) or build.free_port(bind or "127.0.0.1")
    front.port = port
    host = f"[{bind}]" if ":" in bind else bind
    front.log = front.process = front.spawn(front.proxy_command(
        {"bind": f"{host}:{port}", "connect": backend.connect,
         **front.options({"backend-header": "proxy-v2", **(options or {})})}))
    front.log.wait_for("event=listening")
    front.address = (bind or "127.0.0.1", port)
    return front


def heard(client, backend, data):
    """Sends until the backend has it: with addresses only, newcomers are not heard at once after a
    start, for answers to others may be under way."""
    backend.sock.settimeout(0.5)
    for _ in range(30):
        client.send(data)
        with contextlib.suppress(TimeoutError):
            return backend.take_raw()
    raise AssertionError("it was never heard")


def counter(front, name, at_least=1):
    """Waits until a counter of the proxy has that value, and returns it."""
    for _ in range(100):
        after = front.log.mark()
        front.log.send_signal(signal.SIGUSR1)
        front.log.wait_for("event=stats sessions=", after=after)
        with contextlib.suppress(AssertionError):
            match = front.log.wait_for(rf" {name}=(\d+)", after=after, timeout=0.1)
            if int(match[1]) >= at_least:
                return int(match[1])
    raise AssertionError(f"{name} did not reach {at_least}\n{front.log}")


def upstreams(front):
    after = front.log.mark()
    front.log.send_signal(signal.SIGUSR1)
    return int(front.log.wait_for(r"event=stats .*upstreams=(\d+)", after=after)[1])


# What a header says

def test_a_header_has_exactly_these_bytes(front):
    with Backend() as backend:
        start(front, backend)
        client = front.client(psk=KALLE)
        client.send(canary(40))
        data = backend.take_raw()
        token = Message(data).values[TOKEN]
        assert len(token) == 16
        name = client.dtls.suite.name.encode()
        assert data == v2(client.dtls.local, front.address,
                          value(TOKEN, token) +
                          value(SSL, b"\x01\0\0\0\1" + value(VERSION, b"DTLSv1.2") +
                                value(CIPHER, name)) +
                          value(IDENTITY, b"Kalle") +
                          value(CID, client.dtls.server_cid)) + canary(40)


def test_a_simple_header_has_exactly_these_bytes(front):
    with Backend() as backend:
        start(front, backend, {"backend-header": "spp"})
        client = front.client()
        client.send(canary(40))
        data = backend.take_raw()
        assert data == spp(client.dtls.local, front.address) + canary(40)
        assert len(data) == 38 + 40
        backend.give(data[:38], b"hello")
        assert client.recv() == b"hello"


@pytest.mark.parametrize("header", ["proxy-v2", "spp"])
def test_addresses_of_ipv6_devices(front, header):
    with Backend(address=("::1", 0)) as backend:
        start(front, backend, {"backend-header": header}, bind="::1")
        client = front.client()
        client.send(canary(40))
        data = backend.take_raw()
        ends = client.dtls.local[:2], front.address
        if header == "spp":
            assert data == spp(*ends) + canary(40)
            backend.give(data[:38], b"hello")
        else:
            message = Message(data)
            assert (message.source, message.destination) == ends
            backend.give(message.header, b"hello")
        assert client.recv() == b"hello"


def test_an_ipv4_device_at_a_wildcard_address(front):
    """The destination is the address that the device used, in the family it used."""
    with Backend() as backend:
        start(front, backend, bind="")
        front.address = "127.0.0.1", front.port
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        assert message.source == client.dtls.local
        assert message.destination == front.address
        backend.give(message.header, b"hello")
        assert client.recv() == b"hello"


def test_a_certificate_is_named_by_its_subject(front, authority):
    server, device = authority.certify("localhost"), authority.certify("device-7")
    with Backend() as backend:
        start(front, backend, {"cert": server.cert, "key": server.key, "ca": authority.ca})
        client = front.client(ca=str(authority.ca), cert=str(device.cert), key=str(device.key))
        client.send(canary(40))
        message = backend.take()
        assert b"CN=device-7" in message.values[SUBJECT]
        assert IDENTITY not in message.values
        assert message.values[SSL][:5] == b"\x07\0\0\0\0"
        assert message.ssl[CIPHER] == client.dtls.suite.name.encode()


def test_the_source_is_where_the_device_is_now(front):
    """A move changes the source and nothing else; answers to the old header reach it, too."""
    with Backend() as backend:
        start(front, backend)
        client = front.client()
        client.send(canary(40, 1))
        before = backend.take()
        client.rebind()
        client.send(canary(40, 2))
        after = backend.take()
        assert after.source == client.dtls.local != before.source
        assert after.values == before.values
        for message in before, after:
            backend.give(message.header, canary(40, 3))
            assert client.recv() == canary(40, 3)


# One socket for all

@pytest.fixture(params=["udp", "unix"])
def backend(request, tmp_path):
    with Backend(tmp_path / "backend.sock" if request.param == "unix" else None) as made:
        yield made


def test_one_socket_serves_all_sessions(front, backend):
    start(front, backend)
    before = len(os.listdir(f"/proc/{front.log.pid}/fd"))
    clients = [front.client() for _ in range(20)]
    messages = []
    for tag, client in enumerate(clients):
        client.send(canary(40, tag))
        messages.append((backend.take(), backend.peer))
    assert len({peer for _, peer in messages}) == 1
    assert len(os.listdir(f"/proc/{front.log.pid}/fd")) == before
    assert upstreams(front) == 0
    for tag in reversed(range(20)):
        backend.give(messages[tag][0].header, canary(40, tag))
    for tag, client in enumerate(clients):
        assert client.recv() == canary(40, tag)


def test_an_answer_with_the_addresses_exchanged(front):
    """As servers send it whose library writes headers of its own; the token decides."""
    with Backend() as backend:
        start(front, backend)
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        backend.give(v2(message.destination, message.source, value(TOKEN, message.values[TOKEN])),
                     b"hello")
        assert client.recv() == b"hello"


def test_messages_of_every_size(front, backend):
    start(front, backend)
    client = front.client()
    for size in 1, 1200, 8000, 16384 - 1:
        client.send(canary(size))
        message = backend.take()
        assert message.payload == canary(size)
        backend.give(message.header, message.payload)
        assert client.recv() == canary(size)


# Answers that must not arrive

def broken(message):
    """Datagrams that are no answer: name, bytes."""
    header = message.header
    yield "nothing", b""
    yield "no header", b"hello, this is plaintext"
    for size in 11, 12, 15, 16, len(header) - 1:
        yield f"the first {size} bytes", header[:size]
    yield "longer than it is", header[:14] + b"\xff\xff" + header[16:]
    yield "shorter than its addresses", header[:14] + b"\x00\x0b" + header[16:]
    yield "shorter than its values", header[:14] + struct.pack("!H", 14) + header[16:]
    yield "version 1", b"PROXY UDP4 127.0.0.1 127.0.0.1 1 2\r\nhello"
    yield "version 3", header[:12] + b"\x31" + header[13:]
    yield "unknown command", header[:12] + b"\x22" + header[13:]
    yield "a stream", header[:13] + b"\x11" + header[14:]
    yield "a value that lies", v2(message.source, message.destination, b"\x05\x00\x20" + bytes(16))
    yield "a health check", header[:12] + b"\x20" + header[13:]
    yield "simple", spp(message.source, message.destination) + b"hello"


def test_answers_that_do_not_parse_are_counted(front):
    with Backend() as backend:
        start(front, backend)
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        names = []
        for name, datagram in broken(message):
            backend.give(datagram, b"")
            names.append(name)
        assert counter(front, "answer_header", len(names)) == len(names)
        front.log.wait_for("event=answer_dropped .*reason=no_header")
        backend.give(message.header, b"good")
        assert client.recv() == b"good"


def test_answers_to_nobody_are_counted(front):
    """Tokens of nobody, of a session that is gone, of another process; addresses decide nothing."""
    with Backend() as backend:
        start(front, backend)
        gone, client = front.client(), front.client()
        gone.send(canary(40))
        old = backend.take()
        gone.close()
        front.log.wait_for("event=closed .*peer_closed")
        client.send(canary(40))
        message = backend.take()
        token = message.values[TOKEN]

        def say(values, data=b"not for you"):
            backend.give(v2(message.source, message.destination, values), data)

        others = value(IDENTITY, message.values[IDENTITY])
        backend.give(old.header, b"too late")
        say(b"")
        say(others)
        say(value(TOKEN, token[:15]) + others)
        say(value(TOKEN, token + b"\0") + others)
        say(value(TOKEN, token[:-1] + bytes([token[-1] ^ 0x40])) + others)
        say(value(TOKEN, token[:8] + bytes(8)) + others)
        say(value(TOKEN, token[:8] + b"\xff" * 8) + others)
        say(value(TOKEN, bytes(8) + token[8:]) + value(CID, message.values[CID]))
        say(value(TOKEN, bytes(8) + token[8:]) + value(CID, message.values[CID]) +
            value(IDENTITY, b"another"))
        say(value(TOKEN, bytes(8) + token[8:]) + value(CID, message.values[CID]) +
            value(SUBJECT, message.values[IDENTITY]))
        assert counter(front, "answer_session", 11) == 11
        backend.give(message.header, b"good")
        assert client.recv() == b"good"


def test_an_address_given_to_another_device_gets_no_answer_of_the_first(front):
    with Backend() as backend:
        start(front, backend)
        first = front.client(psk=front.identity())
        first.send(canary(40, 1))
        old = backend.take()
        place = first.dtls.local
        first.dtls.abandon()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(place)
            sock.connect(front.address)
            second = front.client(sock=sock)
            second.send(canary(40, 2))
            new = backend.take()
            assert new.source == old.source
            backend.give(old.header, b"for the first")
            backend.give(new.header, b"for the second")
            assert second.recv() == b"for the second"


def test_only_the_backend_is_heard(front):
    """Another process on this machine knows a good header, and gets nowhere."""
    with Backend() as backend, Backend() as other:
        start(front, backend)
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        other.give(message.header, b"not for you", backend.peer)
        backend.give(message.header, b"for you")
        assert client.recv() == b"for you"


def test_what_arrived_before_the_socket_was_connected_is_not_believed(front, tmp_path):
    """A socket with an address of its own takes from everybody until it is connected; bind() and
    connect() are held apart to show it."""
    port = build.free_port()
    late = tmp_path / "late.so"
    source = tmp_path / "late.c"
    source.write_text(r"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <netinet/in.h>
        #include <sys/socket.h>
        #include <unistd.h>
        int connect(int fd, const struct sockaddr *to, socklen_t len)
        {
                int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
                char c;
                if (to->sa_family == AF_INET) { write(2, "CONNECT\n", 8); read(0, &c, 1); }
                return real(fd, to, len);
        }""")
    build.subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", late, source], check=True)
    if build.SANITIZE:
        pytest.skip("a library before the sanitizer's")
    with Backend() as backend, Backend() as other:
        front.port = build.free_port()
        front.log = front.process = front.spawn(front.proxy_command(
            {"bind": f"127.0.0.1:{front.port}", "connect": backend.connect,
             "backend-header": "proxy-v2", "backend-source": f"127.0.0.1:{port}",
             **front.options({})}), {"LD_PRELOAD": str(late)}, stdin=True)
        front.log.wait_for("CONNECT")
        other.give(b"", canary(40), ("127.0.0.1", port))
        front.log.write("x")
        front.log.wait_for("event=listening")
        assert counter(front, "answer_source") == 1


# What the proxy and the backend live through

def test_a_sleeper_is_told_something(front, backend):
    """The session is as reachable after other sessions came and went as it was at first."""
    start(front, backend)
    sleeper = front.client()
    sleeper.send(canary(40))
    message = backend.take()
    for _ in range(30):
        other = front.client(psk=KALLE)
        other.send(canary(40))
        backend.take()
    backend.give(message.header, b"wake up")
    assert sleeper.recv() == b"wake up"


@pytest.mark.parametrize("header", ["proxy-v2", "spp"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("cid", [b"", None])
def test_a_sleeper_is_told_something_by_the_next_proxy(front, tmp_path, header, number, cid):
    """The header of the process before finds the session that came back from the state file, and a
    source of our own finds the proxy."""
    options = {"state": tmp_path / "x.state", "backend-header": header,
               "backend-source": f"127.0.0.1:{build.free_port()}"}
    with Backend() as backend:
        start(front, backend, options)
        others = [front.client(cid=cid) for _ in range(3)]
        sleeper = front.client(cid=cid)
        others.append(front.client(cid=cid))
        data = heard(sleeper, backend, canary(40))
        others.pop(1).close()               # so that numbers of sessions can mean another one
        front.log.wait_for("event=closed .*peer_closed")
        front.log.stop(number)
        start(front, backend, options)
        backend.give(data[:-40], b"wake up")
        assert sleeper.recv() == b"wake up"
        sleeper.send(canary(40, 1))
        assert backend.take_raw().endswith(canary(40, 1))
        backend.give(data[:-40], b"once more")
        assert sleeper.recv() == b"once more"
        for other in others:
            with pytest.raises(Timeout):
                other.recv(timeout=0.05)


def test_a_backend_that_refuses_and_comes_back(front, tmp_path):
    port = build.free_port()
    with Backend(address=("127.0.0.1", port)) as backend:
        start(front, backend)
        client = front.client()
        client.send(canary(40, 1))
        message = backend.take()
    client.send(canary(40, 2))
    front.log.wait_for("event=backend_refused")
    with Backend(address=("127.0.0.1", port)) as backend:
        client.send(canary(40, 3))
        assert backend.take().payload == canary(40, 3)
        backend.give(message.header, b"here I am")
        assert client.recv() == b"here I am"


# AF_UNIX

def test_a_unix_backend_is_started_later_and_again(front, tmp_path):
    """Answers without a message arrive, too, once the new backend was found."""
    path, own = tmp_path / "backend.sock", tmp_path / "proxy.sock"
    options = {"backend-source": f"unix:{own}"}
    with Backend(path) as backend:
        pass
    path.unlink()
    start(front, backend, options)
    front.log.wait_for("event=backend_absent")
    client = front.client()
    client.send(canary(40, 1))
    front.log.wait_for("event=backend_refused")
    with Backend(path) as backend:
        client.send(canary(40, 2))
        message = backend.take()
        assert message.payload == canary(40, 2)
        assert backend.peer == str(own)
        backend.give(message.header, b"hello")
        assert client.recv() == b"hello"
    path.unlink()
    with Backend(path) as backend:
        for _ in range(500):            # until it was looked for again
            try:
                backend.give(message.header, b"here again", str(own))
                break
            except PermissionError:
                front.log.popen.poll()
                with front.log.news:
                    front.log.news.wait(0.02)
        assert client.recv() == b"here again"
        client.send(canary(40, 3))
        assert backend.take().payload == canary(40, 3)
    front.log.stop()
    assert not own.exists()


def test_nobody_else_can_send_to_the_unix_socket(front, tmp_path):
    with Backend(tmp_path / "backend.sock") as backend, Backend(tmp_path / "other.sock") as other:
        start(front, backend)
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        with pytest.raises(PermissionError):
            other.give(message.header, b"not for you", backend.peer)
        backend.give(message.header, b"for you")
        assert client.recv() == b"for you"


def test_a_killed_proxy_leaves_its_unix_socket_to_the_next(front, tmp_path):
    own = tmp_path / "proxy.sock"
    options = {"backend-source": f"unix:{own}", "state": tmp_path / "x.state"}
    with Backend(tmp_path / "backend.sock") as backend:
        start(front, backend, options)
        client = front.client()
        client.send(canary(40))
        message = backend.take()
        front.log.stop(signal.SIGKILL)
        assert own.exists()
        start(front, backend, options)
        backend.give(message.header, b"wake up")
        assert client.recv() == b"wake up"


# Answers without a header

def test_a_server_that_answers_plainly_has_a_socket_for_each_session(front):
    with Backend() as backend:
        start(front, backend, {"backend-answers": "plain"})
        first, second = front.client(), front.client()
        first.send(canary(40, 1))
        message, first_peer = backend.take(), backend.peer
        assert message.source == first.dtls.local
        second.send(canary(40, 2))
        assert backend.take().source == second.dtls.local
        assert backend.peer != first_peer
        backend.give(b"", b"to the first", first_peer)
        backend.give(b"", b"to the second")
        assert first.recv() == b"to the first"
        assert second.recv() == b"to the second"


# The example server

@pytest.mark.parametrize("where", ["udp", "unix"])
@pytest.mark.parametrize("header", ["proxy-v2", "spp"])
def test_the_example_server(front, tmp_path, where, header):
    place = f"unix:{tmp_path}/backend.sock" if where == "unix" else str(build.free_port())
    server = front.spawn([build.product(build.BUILD / "examples" / "proxy_v2_server"), place,
                          *(["spp"] if header == "spp" else [])])
    server.wait_for("READY")
    front.connect = place if where == "unix" else f"127.0.0.1:{place}"
    start(front, front, {"backend-header": header})
    kalle, other = front.client(psk=KALLE), front.client()
    host, port = kalle.dtls.local
    known = header == "proxy-v2"
    assert kalle.ask(b"hello") == \
        f"{'Kalle' if known else '-'} at {host} port {port} by " \
        f"{kalle.dtls.suite.name if known else '-'}: hello"
    if known:
        other.send(b"tell Kalle dinner is ready")
        assert kalle.recv() == b"dinner is ready"


# Mistakes at the start

@pytest.mark.parametrize("options,why", [
    ({"connect": "unix:/tmp/x"}, r"add --backend-header proxy-v2"),
    ({"connect": "unix:/tmp/x", "backend-header": "spp", "backend-answers": "plain"},
     "without --backend-answers plain"),
    ({"connect": "unix:x", "backend-header": "spp"}, "an absolute path"),
    ({"connect": "unix:/" + 120 * "x", "backend-header": "spp"}, "at most 107 characters"),
    ({"backend-header": "v1"}, "none, proxy-v2 or spp|none|proxy-v2"),
    ({"backend-header": "spp", "backend-source": "unix:/tmp/x"}, "--backend-source .*unix"),
    ({"connect": "unix:/tmp/x", "backend-header": "spp", "backend-source": "127.0.0.1:1"},
     "--backend-source .*unix:"),
    ({"backend-source": "127.0.0.1:5555"}, "--backend-source"),
])
def test_mistakes_end_the_start(front, options, why):
    front.may_fail = True
    process = front.spawn(front.proxy_command(
        {"bind": f"127.0.0.1:{build.free_port()}", "connect": "127.0.0.1:9999",
         **front.options(options)}))
    assert process.wait_exit() in (1, 2)
    assert re.search(why, process.text("err")), process
