# SPDX-License-Identifier: Apache-2.0
"""The cases, written once for all stacks.

A case of CLIENTS gets a Trial whose product is the server, one of SERVERS a ServerTrial whose
product is the client.  `needs` are features of stacks.py; a stack that lacks one has "-" there.
"""

import functools
import signal
import time

from trial import C2S, S2C, Failed

CLIENTS, SERVERS = [], []

PSK_SUITES = ["PSK_WITH_AES_128_CCM_8", "PSK_WITH_AES_128_CCM", "PSK_WITH_AES_256_CCM_8",
              "PSK_WITH_AES_256_CCM", "PSK_WITH_AES_128_GCM_SHA256", "PSK_WITH_AES_256_GCM_SHA384",
              "PSK_WITH_CHACHA20_POLY1305_SHA256", "ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"]
ECDSA_SUITES = ["ECDHE_ECDSA_WITH_" + c for c in (
    "AES_128_CCM_8", "AES_128_CCM", "AES_256_CCM_8", "AES_256_CCM", "AES_128_GCM_SHA256",
    "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")]
RSA_SUITES = ["ECDHE_RSA_WITH_" + c for c in (
    "AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")]
SUITES = PSK_SUITES + ECDSA_SUITES + RSA_SUITES


class Case:
    def __init__(self, title, needs, run, suites=()):
        self.title, self.needs, self.run = title, needs.split(), run
        self.suites = suites            # that the stack must have

    def lacking(self, stack):
        """Why this stack cannot be asked, None if it can."""
        for suite in self.suites:
            if suite not in stack.suites:
                return "no such suite"
        for feature in self.needs:
            if feature not in stack.features:
                return stack.without.get(feature, f"no {feature}")
        return None


def case(title, needs="", suites=(), table=CLIENTS):
    def register(run):
        table.append(Case(title, needs, run, suites))
        return run
    return register


def with_suite(kind, suite, t):
    t.serve(kind)
    t.client(suites="TLS_" + suite).echo(10, 1200 if t.stack.largest >= 1200 else 100)
    t.logged(rf"event=established .*suite=TLS_{suite}\b")


for _kind, _suites in (("psk", PSK_SUITES), ("ecdsa", ECDSA_SUITES), ("rsa", RSA_SUITES)):
    for _suite in _suites:
        CLIENTS.append(Case(_suite.replace("_WITH_", " "), _kind,
                            functools.partial(with_suite, _kind, _suite), (_suite,)))


@case("the stack's own list of suites, key", "psk")
def own_list_key(t):
    t.serve().client().echo(10)


@case("the stack's own list of suites, certificate", "ecdsa")
def own_list_certificate(t):
    t.serve("ecdsa").client().echo(10)


@case("server has key and certificate; client has a key and lists it first", "psk choose")
def key_first(t):
    psk = next(s for s in ("PSK_WITH_AES_128_CCM_8", "PSK_WITH_AES_128_GCM_SHA256")
               if s in t.stack.suites)
    cert = next(s for s in ("ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",) if s in t.stack.suites)
    t.serve("both").client(suites=f"TLS_{psk},TLS_{cert}").echo(10)
    t.logged(rf'event=established .*id="dev\d+" .*suite=TLS_{psk}')


@case("certificates on both sides", "mutual")
def mutual(t):
    t.serve("mutual").client().echo(10)
    t.logged("event=established .*interop-client")


@case("the server wants a certificate, the client has none", "ecdsa mutual")
def no_certificate(t):
    t.serve("mutual").refused("certificate_missing", cert=None, key=None)


@case("without the extended master secret", "psk no-ems")
def without_ems(t):
    t.serve(require_ems=None).client(**({"ems": 0} if "ems-switch" in t.stack.features else {})).echo(10)


@case("wrong key", "psk")
def wrong_key(t):
    identity, _ = t.secret()
    t.serve().refused("psk_wrong", psk=f"{identity}:{'00' * 16}")


@case("unknown identity", "psk")
def unknown_identity(t):
    t.serve().refused("psk_unknown", psk="nobody:" + "00" * 16)


# Connection IDs

def cid_lengths(ours, theirs):
    def run(t):
        t.serve(t.stack.kind, cid_length=ours)
        t.client(cid=theirs).echo(10, 100)
        seen = [len(t.front.net.records(d)[-1][1].cid or b"") for d in (C2S, S2C)]
        if seen != [ours, theirs]:
            raise Failed(f"records carry {seen[0]} and {seen[1]} bytes")
    return run


for _ours, _theirs in ((8, 0), (8, 4), (8, 8), (1, 0), (20, 0), (32, 4), (0, 4)):
    CLIENTS.append(Case(f"CID of {_theirs} bytes for the client, of {_ours} for the server", "cid",
                        cid_lengths(_ours, _theirs)))


@case("two moves to another address", "cid")
def moves(t):
    peer = t.serve(t.stack.kind).client(cid=0)
    peer.echo(10)
    for number in (1, 2):
        t.front.net.rebind()
        peer.echo(10, 100)
        t.log.wait_for("event=rebind", n=number, timeout=5)


@case("return routability check after a move", "cid rrc")
def routability(t):
    peer = t.serve(t.stack.kind).client(cid=4, rrc=1)
    hellos = [d.data for d in t.front.net.datagrams(S2C) if b"\x00\x3d\x00\x00" in d.data[13:400]]
    if not hellos:
        raise Failed("the server's hello has no extension 61")
    peer.echo(10)
    t.front.net.rebind()
    before = t.front.net.mark()
    peer.echo(10)
    if not t.front.net.wait(lambda log: sum(d.direction == C2S for d in log[before:]) >= 2):
        raise Failed("no path response came from the new address")


# What networks do

def loss(credential):
    def run(t):
        t.serve(credential)

        def talk(net):
            peer = t.start_client(net, patience=t.stack.patience)
            peer.connected()
            net.handshake = net.datagrams()
            peer.echo(10)
            peer.stop()
        t.each_loss(talk, lambda: ("127.0.0.1", t.front.port))
    return run


CLIENTS.append(Case("each datagram of the handshake lost in turn, key", "psk", loss("psk")))
CLIENTS.append(Case("each datagram of the handshake lost in turn, certificate", "ecdsa",
                    loss("ecdsa")))


@case("each datagram of the handshake lost in turn, CID", "cid psk")
def loss_cid(t):
    t.serve()

    def talk(net):
        peer = t.start_client(net, patience=t.stack.patience, cid=0)
        peer.connected()
        net.handshake = net.datagrams()
        peer.echo(10)
        peer.stop()
    t.each_loss(talk, lambda: ("127.0.0.1", t.front.port))


@case("reboot: the same addresses and ports again", "bind")
def reboot(t):
    from support import build
    port = build.free_port()
    credentials = t.serve(t.stack.kind).credentials()
    for _ in range(2):
        peer = t.client(bind=port, **credentials)
        peer.echo(10)
        peer.stop()


@case("the server's flights in pieces of 256 bytes", "ecdsa")
def pieces_from_server(t):
    t.serve("ecdsa", mtu=256).client().echo(10)


@case("the client's flights in pieces of 300 bytes", "mutual mtu")
def pieces_from_client(t):
    t.serve("mutual").client(mtu=300).echo(10)
    largest = max(len(d.data) for d in t.front.net.datagrams(C2S))
    if largest > 360:               # some stacks count the message, some the datagram
        raise Failed(f"a datagram of {largest} bytes")


# Within a session

def size_case(size):
    def run(t):
        t.serve(t.stack.kind).client().echo(size)
    return Case(f"message of {size} bytes", f"size-{size}", run)


CLIENTS.extend(size_case(size) for size in (1, 1200, 4000, 8000, 16000))


@case("close_notify from the client", "close")
def close_from_client(t):
    peer = t.serve(t.stack.kind).client()
    peer.echo(10)
    peer.tell("close")
    t.logged("event=closed .*reason=close_notify|event=closed .*peer")


@case("close_notify from the server (another took the identity)", "wait psk")
def close_from_server(t):
    identity, key = t.secret()
    peer = t.serve(one_session_per_identity="true").client(psk=f"{identity}:{key}")
    peer.echo(10)
    other = t.front.client(psk=(identity.encode(), bytes.fromhex(key)))
    other.echo(b"m" * 10) if not t.stack.coap else None
    said = peer.tell("wait", timeout=20)
    if said != "eof":
        raise Failed(said)


@case("renegotiation asked for in mid-session", "renegotiate")
def renegotiation(t):
    peer = t.serve(t.stack.kind).client()
    peer.echo(10)
    said = peer.tell("renegotiate", timeout=20)
    if said != "refused":
        raise Failed(said)
    peer.echo(10)


@case("resumption offered: a full handshake follows", "resume")
def resumption(t):
    peer = t.serve(t.stack.kind).client()
    peer.echo(10)
    said = peer.tell("resume", timeout=20)
    if not said.startswith("connected") or "resumed" in said:
        raise Failed(said)
    peer.echo(10)


@case("DTLS 1.3 only: told so by an alert at once", "1.3")
def only_13(t):
    t.serve(t.stack.kind)
    began = time.monotonic()
    said = t.start_client(versions="1.3").answer(30)
    if not said.startswith("failed"):
        raise Failed(said)
    if not any(d.data[:1] == b"\x15" and d.data[13:15] == b"\x02\x46"
               for d in t.front.net.datagrams(S2C)):
        raise Failed(f"no protocol_version; after {time.monotonic() - began:.0f} s: {said}")


# The stack is the server

server_case = functools.partial(case, table=SERVERS)


def simple(credential):
    def run(t):
        t.pair(credential)[0].echo(10, 1200 if t.stack.largest >= 1200 else 100)
    return run


for _kind, _title in (("psk", "key"), ("ecdsa", "ECDSA certificate"), ("rsa", "RSA certificate"),
                      ("mutual", "certificates on both sides")):
    SERVERS.append(Case(_title, _kind, simple(_kind)))

for _size in (4000, 16000):
    SERVERS.append(Case(f"message of {_size} bytes", f"size-{_size}", functools.partial(
        lambda size, t: t.pair(t.stack.kind)[0].echo(size), _size)))


@server_case("CID of 6 bytes for the server, of 8 for us", "cid")
def server_cid(t):
    t.pair(t.stack.kind, {"cid_length": 8}, cid=6)[0].echo(10, 100)


@server_case("two moves to another address", "cid server-moves")
def server_moves(t):
    ours, _, net = t.pair(t.stack.kind, cid=6)
    for _ in range(2):
        net.rebind()
        ours.echo(10)


@server_case("wrong key", "psk")
def server_wrong_key(t):
    net = t.started(t.stack_serves())
    ours = t.outgoing(net, key="00" * 16)
    ours.process.write("hello\n")
    ours.process.wait_for("event=failed .*reason=", timeout=40)


@server_case("each datagram of the handshake lost in turn", "")
def server_loss(t):
    def talk(net):
        ours = t.outgoing(net)
        ours.echo(10, timeout=t.stack.patience)
        if not hasattr(net, "handshake"):
            net.handshake = net.datagrams()[:-2]
        ours.process.stop(signal.SIGKILL)
    t.each_loss(talk, lambda: t.stack_serves(t.stack.kind))


@server_case("close_notify from us", "")
def server_close_from_us(t):
    ours, peer, _ = t.pair(t.stack.kind)
    ours.close()
    said = peer.answer(20)
    if said != "eof":
        raise Failed(said)


@server_case("close_notify from the server", "close")
def server_close(t):
    ours, peer, _ = t.pair(t.stack.kind)
    peer.tell("close")
    ours.process.wait_for("event=closed", timeout=10)
