# SPDX-License-Identifier: Apache-2.0
"""Ensures that unmodified plaintext clients speak DTLS, or nothing at all, to protected ports.

The server side is a plaintext server under the shim or behind the proxy; the recording forwarder
stands between.
"""

import contextlib
import shutil
import socket
import subprocess

import pytest

from forwarder import C2S
from support import build, certs
from support.client import canary
from support.legacy import Caller, Refused, client_options

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.usefixtures("no_tsan_interpreter")]

PROGRAM = 5683      # what the client's program says


def caller(front, wire=None, program=PROGRAM, **options):
    return Caller(front, f"{program}={wire or front.net.address[1]}", **options)


def text(size, tag=0):
    return repr(canary(size, tag))


def memory_has(pid, secret):
    """Whether a process has the bytes in memory that it can write to."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, mode, *_ = line.split()
            if not mode.startswith("rw"):
                continue
            start, end = (int(x, 16) for x in span.split("-"))
            with contextlib.suppress(OSError):
                memory.seek(start)
                if secret in memory.read(end - start):
                    return True
    return False


@pytest.mark.skipif(bool(build.SANITIZE), reason="sanitizers keep copies, and map terabytes")
def test_a_forked_child_has_no_key(front):
    """The engine is made before main(), when Mbed TLS must have its memory already."""
    identity = b"dev3"
    front.start("blocking")
    call = caller(front, identity=identity)
    call("s = udp()")
    call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
    assert call("s.recv(100)") == canary(40)
    child = int(call("os.fork() or [time.sleep(60), os._exit(0)]"))
    assert memory_has(call.process.pid, front.keys[identity]), "the test cannot fail"
    assert not memory_has(child, front.keys[identity])


def refused(call, line):
    with pytest.raises(Refused) as caught:
        call(line)
    return caught.value.name


@pytest.mark.parametrize("way", ["connect", "sendto", "sendmsg", "bound"])
def test_echo(front, way):
    """Connected or not, bound or not: the first message waits for the session."""
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    server = f"('127.0.0.1', {PROGRAM})"
    port = build.free_port()
    if way == "bound":
        call(f"s.bind(('127.0.0.1', {port}))")
    for tag in range(3):
        if way == "connect":
            if tag == 0:
                call(f"s.connect({server})")
            assert call(f"s.send({text(50, tag)})") == 50
        elif way == "sendmsg":
            assert call(f"s.sendmsg([{text(50, tag)}], [], 0, {server})") == 50
        else:
            assert call(f"s.sendto({text(50, tag)}, {server})") == 50
        assert call("s.recvfrom(100)") == (canary(50, tag), ("127.0.0.1", PROGRAM))
    if way == "connect":
        assert call("s.getpeername()") == ("127.0.0.1", PROGRAM)
    if way == "bound":
        assert call("s.getsockname()") == ("127.0.0.1", port)
        assert {d.client[1] for d in front.net.datagrams(C2S)} == {port}
    assert front.handshakes() == 1


@pytest.mark.parametrize("program", ["same", "other"])
def test_a_socket_that_comes_connected_is_protected_before_its_first_write(front, program):
    """Made by a parent without the shim, which speaks of the program's port or the wire's."""
    front.start("blocking")
    wire = front.net.address[1]
    said = wire if program == "same" else PROGRAM
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect(("127.0.0.1", said))
        call = caller(front, program=said, pass_fds=[made.fileno()])
        assert call(f"os.write({made.fileno()}, {text(50)})") == 50
        assert call(f"os.read({made.fileno()}, 100)") == canary(50)
    assert front.handshakes() == 1


def test_many_messages_wait_and_come_in_order(front):
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call("[s.send(b'message %d' % i) for i in range(12)]")
    assert call("[s.recv(100) for i in range(12)]") == [b"message %d" % i for i in range(12)]
    assert front.handshakes() == 1


def test_more_than_may_wait_is_dropped_and_told(front):
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    server = f"('127.0.0.1', {PROGRAM})"
    assert set(call(f"[s.sendto(b'%d' % i, {server}) for i in range(40)]")) == {1, 2}
    assert call("s.recv(100)") == b"0"
    call.process.wait_for("event=dropped .*too many wait")


def test_large_and_empty_messages(front):
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    for size in (9000, 16000, 1):       # the first waits for the session
        call(f"s.send({text(size, 1)})")
        assert call("s.recv(20000)") == canary(size, 1)
    assert refused(call, "s.send(b'x' * 16400)") == "EMSGSIZE"


@pytest.mark.parametrize("loop", ["poll", "select", "epoll", "edge", "asyncio"])
def test_event_loops(front, loop):
    front.start("blocking")
    call = caller(front)
    call("s = udp(); s.setblocking(False)")
    server = f"('127.0.0.1', {PROGRAM})"
    if loop in ("epoll", "edge"):       # registered before the socket is protected
        flags = "|select.EPOLLET" if loop == "edge" else ""
        call(f"e = select.epoll(); e.register(s, select.EPOLLIN{flags})")
    if loop == "asyncio":
        call("l = asyncio.new_event_loop()")
        for tag in range(3):
            call(f"l.run_until_complete(l.sock_sendto(s, {text(50, tag)}, {server}))")
            assert call("l.run_until_complete(l.sock_recv(s, 100))") == canary(50, tag)
        return
    for tag in range(3):
        assert call(f"s.sendto({text(50, tag)}, {server})") == 50
        if loop == "poll":
            call("p = select.poll(); p.register(s, select.POLLIN)")
            assert call("len(p.poll(10000))") == 1
        elif loop == "select":
            assert call("len(select.select([s], [], [], 10)[0])") == 1
        else:
            assert call("len(e.poll(10))") == 1
        assert call("s.recv(100)") == canary(50, tag)
        assert refused(call, "s.recv(100)") == "EAGAIN"
    assert call("len(select.select([], [s], [], 0)[1])") == 1


def test_one_socket_and_several_servers(front, tmp_path):
    """An unconnected socket has a session with each; addresses tell them apart."""
    front.start("blocking", options={"one-session-per-identity": "false"})
    ports = f"{PROGRAM}={front.net.address[1]},{PROGRAM + 2}={front.port}"
    call = Caller(front, ports)
    call("s = udp()")
    for tag in range(3):
        for port in (PROGRAM, PROGRAM + 2):
            call(f"s.sendto({text(40, tag + port)}, ('127.0.0.1', {port}))")
        answers = dict(call("[s.recvfrom(100)[::-1] for i in range(2)]"))
        assert answers == {("127.0.0.1", p): canary(40, tag + p) for p in (PROGRAM, PROGRAM + 2)}


def test_other_ports_are_left_alone_until_the_socket_is_protected(front):
    front.start("blocking")
    call = caller(front)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.bind(("127.0.0.1", 0))
        plain.settimeout(5)
        call("s = udp(); t = udp()")
        call(f"s.sendto(b'plain', {plain.getsockname()})")
        assert plain.recv(100) == b"plain"
        call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
        assert call("s.recv(100)") == canary(40)
        assert refused(call, f"s.sendto(b'plain', {plain.getsockname()})") == "EPERM"
        call.process.wait_for("event=send_refused .*not in DTLSSHIM_PORTS")
        call(f"t.sendto(b'another socket', {plain.getsockname()})")
        assert plain.recv(100) == b"another socket"


def test_the_port_on_the_wire_is_not_the_programs(front):
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    assert refused(call, f"s.sendto(b'x', ('127.0.0.1', {front.net.address[1]}))") == "EPERM"
    assert refused(call, f"s.connect(('127.0.0.1', {front.net.address[1]}))") == "EPERM"
    assert not front.net.datagrams()


def test_plaintext_answers_are_not_delivered(front):
    """Somebody who sends from the server's address must have its key."""
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
    assert call("s.recv(100)") == canary(40)
    front.hostile = True
    client = front.net.datagrams(C2S)[0].client
    front.net._front.sendto(b"in clear", client)
    call("s.settimeout(0.3)")
    assert refused(call, "s.recv(100)") == "TIMEOUT"


@pytest.mark.parametrize("way", ["connect", "sendto"])
def test_wrong_key_is_told_as_a_network_would(front, way):
    """A connected socket hears ECONNREFUSED, once; the log has the reason.  The server waits for a
    Finished that verifies, the client for another answer than an alert in clear: both take time."""
    front.start("blocking")
    call = caller(front, key=b"not the right key")
    call("s = udp(); s.settimeout(20)")
    if way == "connect":
        call(f"s.connect(('127.0.0.1', {PROGRAM}))")
        call(f"s.send({text(40)})")
        assert refused(call, "s.recv(100)") == "ECONNREFUSED"
        call("s.settimeout(0.2)")
        assert refused(call, "s.recv(100)") == "TIMEOUT"
    else:
        call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
        call("s.settimeout(0.2)")
        call.process.wait_for("event=failed", timeout=20)
        assert refused(call, "s.recv(100)") == "TIMEOUT"
    call.process.wait_for("event=failed .*reason=")
    call.process.wait_for("event=dropped .*count=1: no session")
    assert not front.received()


def test_nobody_there_is_told_once_a_message(front):
    """One ECONNREFUSED for each message, as without DTLS."""
    front.start("blocking")
    nobody = build.free_port()
    call = Caller(front, f"{PROGRAM}={nobody}")
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    for _ in range(2):
        call(f"s.send({text(40)})")
        assert refused(call, "s.recv(100)") == "ECONNREFUSED"
        call("s.settimeout(1.5)")           # a hello would be repeated after a second
        assert refused(call, "s.recv(100)") == "TIMEOUT"


@pytest.mark.parametrize("way", ["connect", "sendto"])
def test_restarted_server_is_found_again(front, way):
    """It has forgotten the session and says nothing: the client notices and begins anew."""
    front.start("blocking")
    call = caller(front, answer_timeout=1)
    call("s = udp()")
    call("s.settimeout(0.3)")
    if way == "connect":
        call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    send = f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))" if way == "sendto" else \
        f"s.send({text(40)})"
    call(send)
    assert call("s.recv(100)") == canary(40)
    front.restart()
    for _ in range(20):
        call(send)
        try:
            assert call("s.recv(100)") == canary(40)
            break
        except Refused as error:
            assert error.name == "TIMEOUT"
    else:
        pytest.fail("no answer from the new server")
    call.process.wait_for("event=established", n=2)
    assert call.process.count("event=established") == 2


@pytest.mark.parametrize("end", ["s.close()", "sys.exit()"])
def test_who_sends_once_and_ends_is_heard(front, end):
    """As a plaintext program would be: snmptrap, logger, a line of shell."""
    front.start("blocking")
    call = caller(front)
    call("s = udp(); s.settimeout(None)")
    call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
    call.start(end)
    front.received(1)


def test_closing_waits_for_nobody_who_does_not_answer(front):
    """Two seconds after the message at the latest; not at all for sockets that never wait."""
    front.start("blocking", rule=lambda *_: [])
    call = caller(front)
    for timeout, least, most in (("None", 1.5, 4), ("10", 0, 1)):
        call(f"s = udp(); s.settimeout({timeout})")
        call(f"s.sendto({text(40)}, ('127.0.0.1', {PROGRAM}))")
        call("t = time.monotonic(); s.close()")
        assert least <= call("time.monotonic() - t") < most


def certificate_options(authority, **more):
    return {"psk_identity": None, "psk_key_file": None, "ca": authority.ca, **more}


def start_certified(front, authority, name="localhost"):
    pair = authority.certify(name)
    return front.start("blocking", options={"psk-csv": None, "cert": pair.cert, "key": pair.key})


def test_certificate(front, authority):
    start_certified(front, authority)
    call = caller(front, **certificate_options(authority, server_name="localhost"))
    call("s = udp()")
    for tag in range(3):
        call(f"s.sendto({text(500, tag)}, ('127.0.0.1', {PROGRAM}))")
        assert call("s.recv(1000)") == canary(500, tag)


def test_certificate_of_another_name_is_refused(front, authority):
    start_certified(front, authority)
    call = caller(front, **certificate_options(authority, server_name="elsewhere.example"))
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call(f"s.send({text(500)})")
    assert refused(call, "s.recv(1000)") == "ECONNREFUSED"
    call.process.wait_for("event=failed .*reason=certificate")
    assert not front.received()


@pytest.mark.parametrize("name, accepted", [("127.0.0.1", True), ("127.0.0.2", False), ("any", True)])
def test_certificate_of_an_address(front, authority, name, accepted):
    """The address is compared with the addresses in the certificate; any: nothing is."""
    start_certified(front, authority)
    call = caller(front, **certificate_options(authority, server_name=name))
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call(f"s.send({text(500)})")
    if accepted:
        assert call("s.recv(1000)") == canary(500)
    else:
        assert refused(call, "s.recv(1000)") == "ECONNREFUSED"
        call.process.wait_for(r"event=failed .*reason=certificate_name \(")


def test_another_authority_is_trusted_when_its_file_says_so(front, authority, tmp_path):
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(certs.Authority(tmp_path, "Other CA").ca.read_bytes())
    start_certified(front, authority)
    call = caller(front, **{**certificate_options(authority, server_name="localhost"), "ca": trusted})
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call(f"s.send({text(500)})")
    assert refused(call, "s.recv(1000)") == "ECONNREFUSED"
    trusted.write_bytes(authority.ca.read_bytes())
    call.process.wait_for("event=reloaded what=files")
    call(f"s.send({text(500)})")        # more than a second after the one that was refused
    assert call("s.recv(1000)") == canary(500)


def test_socket_of_ipv6_talks_to_ipv4(front):
    front.start("blocking")
    call = caller(front)
    call("s = udp6()")
    server = f"('::ffff:127.0.0.1', {PROGRAM})"
    call(f"s.sendto({text(40)}, {server})")
    assert call("s.recvfrom(100)[1][:2]") == ("::ffff:127.0.0.1", PROGRAM)
    call(f"s.connect({server})")
    call(f"s.send({text(40, 2)})")
    assert call("s.recv(100)") == canary(40, 2)


@pytest.mark.fronts("shim")
def test_both_roles_in_one_process(front):
    """A bound socket is a server's, another one a client's."""
    front.start("blocking")
    own = build.free_port()
    call = Caller(front, f"{PROGRAM}={front.net.address[1]},{own}", role="both", psk_csv=front.csv)
    call(f"a = udp(); a.bind(('127.0.0.1', {own}))")
    call.start("a.recv(100)")
    client = front.client(address=("127.0.0.1", own))
    client.send(canary(30, 1))
    assert call.finish() == canary(30, 1)
    call("b = udp()")
    call(f"b.sendto({text(30, 2)}, ('127.0.0.1', {PROGRAM}))")
    assert call("b.recv(100)") == canary(30, 2)
    call(f"b.sendto({text(30, 3)}, ('127.0.0.1', {own}))")      # to itself, over DTLS
    assert call("a.recv(100)") == canary(30, 3)
    assert refused(call, f"a.sendto(b'x', ('127.0.0.1', {PROGRAM}))") == "EPERM"


def ends_at_once(options):
    """What a client says that does not start."""
    done = subprocess.run(build.victim("caller.py"), capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL,
                          env={**build.clean_environment(), **build.shim_environment(options)})
    assert done.returncode == 1
    return done.stderr


def test_a_client_that_checks_certificates_must_name_the_server(front, authority):
    options = {**client_options(front, 5683), "ca": authority.ca}
    assert ("DTLSSHIM_CA (--ca) is set but DTLSSHIM_SERVER_NAME (--server-name) is not: give the name "
            "or the address that the server's certificate carries, or any to accept every "
            "certificate of that CA") in ends_at_once(options)


def test_role_needs_ports(front):
    assert "DTLSSHIM_ROLE=client needs DTLSSHIM_PORTS" in ends_at_once(client_options(front, None))


# Programs from the distribution, at both ends

def program(name):
    path = shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    if build.SANITIZE:
        pytest.skip("programs that set their own allocator up do not run with a sanitizer")
    return path


def ask(front, port, *argv, **options):
    env = {**build.clean_environment(),
           **build.shim_environment({**client_options(front, port), "log": "warn", **options})}
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=30,
                          env=env)
    return done.stdout + done.stderr


def test_dig(front):
    dig = program("dig")
    front.start([program("dnsmasq"), "--no-daemon", "--conf-file=/dev/null", "--port=@PORT@",
                 "--no-resolv", "--no-hosts", "--listen-address=127.0.0.1", "--bind-interfaces",
                 "--user=root", "--pid-file=", "--address=/device.example/192.0.2.55"], ready=None)
    for _ in range(3):
        assert ask(front, f"53={front.net.address[1]}", dig, "@127.0.0.1", "+short", "+tries=1",
                   "device.example") == "192.0.2.55\n"


def test_coap_client(front):
    client = program("coap-client-notls")
    front.start([program("coap-server-notls"), "-A", "127.0.0.1", "-p", "@PORT@"], ready=None)
    port = f"5683={front.net.address[1]}"
    assert "This is a test server made with libcoap" in \
        ask(front, port, client, "-B", 10, "coap://127.0.0.1/")
    ask(front, port, client, "-B", 10, "-m", "put", "-e", "y" * 700,
        "coap://127.0.0.1/example_data")
    assert "y" * 700 in ask(front, port, client, "-B", 10, "coap://127.0.0.1/example_data")


def test_snmpget(front, tmp_path):
    snmpget, conf = program("snmpget"), tmp_path / "snmpd.conf"
    conf.write_text("rocommunity public 127.0.0.1\nsysLocation 'the cellar'\n")
    front.start([program("snmpd"), "-f", "-Lo", "-C", "-c", conf, "-I", "-smux",
                 "udp:127.0.0.1:@PORT@"], ready=None,
                env={"SNMP_PERSISTENT_DIR": str(tmp_path), "MIBS": ""})
    assert "the cellar" in ask(front, f"161={front.net.address[1]}", snmpget, "-m", "", "-v2c",
                               "-c", "public", "-t", 10, "127.0.0.1", "1.3.6.1.2.1.1.6.0")


def test_shut_down_behind_the_last_message(front):
    """socat shuts down for sending at the end of its input: what it sent still gets there."""
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call(f"s.send({text(50)}), s.shutdown(socket.SHUT_WR)")
    assert call("s.recv(100)") == canary(50)
    assert refused(call, "s.send(b'more')") == "EPIPE"


def test_shut_down_both_ways_behind_the_last_message(front):
    """What was sent before the first handshake still gets there."""
    front.start("blocking")
    call = caller(front)
    call("s = udp()")
    call(f"s.connect(('127.0.0.1', {PROGRAM}))")
    call(f"s.send({text(50)}), s.shutdown(socket.SHUT_RDWR)")
    front.process.wait_for("RX 50")
