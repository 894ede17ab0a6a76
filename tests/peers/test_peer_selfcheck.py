# SPDX-License-Identifier: Apache-2.0
"""Ensures that the Python peer is right, by making it talk to three other DTLS stacks.

A mistake it shared with the product would hide in every other test; so nothing of the product takes
part here: GnuTLS, OpenSSL, and (for Connection ID) a plain Mbed TLS server.
"""

import collections
import datetime
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

import dtls12
import stock_servers
from dtls12 import hostile, record, suites
from forwarder import C2S, S2C, Forwarder, SeededRule

PSK = stock_servers.PSK


def need(kind):
    """Skip without the program; but fail where `make integration` promised everything."""
    if not kind.available():
        (pytest.fail if "DS_BUILD" in os.environ else pytest.skip)(f"there is no {kind.program}")


@pytest.fixture
def mbed():
    need(stock_servers.Mbed)
    with stock_servers.Mbed(suites.PSK_CCM_8) as server:
        yield server


def talk(server, client, n=3):
    """Payloads both ways; where the server does not echo, it says something of its own."""
    client.rto = client.rto or 2.0      # a busy machine loses datagrams, too
    client.handshake(20)
    for i in range(n):
        line = f"message {i}\n".encode()
        if server.echoes:
            assert client.echo(line) == line
        else:
            client.send(line)
            assert server.wait_output(line, 5)
            server.reply(client, line)
            assert client.recv() == line
    assert client.state == "established" and client.ems
    assert not client.stats["bad_mac"] and not client.stats["replay"]


# certificates

def make_cert(directory, name, key, issuer=None):
    """(certificate file, key file); `issuer` is (x509 certificate, key), default self-signed."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    cert = (x509.CertificateBuilder().subject_name(subject)
            .issuer_name(issuer[0].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=9))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .add_extension(x509.BasicConstraints(issuer is None, None), True)
            .sign(issuer[1] if issuer else key, hashes.SHA256()))
    pem = directory / f"{name}.crt", directory / f"{name}.key"
    pem[0].write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    pem[1].write_bytes(key.private_bytes(serialization.Encoding.PEM,
                                         serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))
    return cert, pem


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    """Files by name: ca, ec and rsa (servers), device (client), other (an unrelated CA)."""
    directory = tmp_path_factory.mktemp("pki")
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca, files = make_cert(directory, "ca", ca_key)
    found = {"ca": files}
    for name, key in (("ec", ec.generate_private_key(ec.SECP256R1())),
                      ("rsa", rsa.generate_private_key(65537, 2048)),
                      ("device", ec.generate_private_key(ec.SECP256R1()))):
        found[name] = make_cert(directory, name, key, (ca, ca_key))[1]
    found["other"] = make_cert(directory, "other", ec.generate_private_key(ec.SECP256R1()))[1]
    return found


# against GnuTLS and OpenSSL

STACKS = (stock_servers.GnuTls, stock_servers.OpenSsl)


@pytest.mark.parametrize("suite", suites.PSK_SUITES, ids=lambda s: s.name)
@pytest.mark.parametrize("kind", STACKS, ids=lambda k: k.name)
def test_psk_with_other_stacks(kind, suite):
    need(kind)
    with kind(suite) as server, dtls12.Client(server.address, PSK, [suite]) as client:
        talk(server, client)
        assert client.suite is suite and client.server_cid == b"" and client.own_cid is None
        assert client.hvr_count == 1


@pytest.mark.parametrize("suite", suites.CERT_SUITES, ids=lambda s: s.name)
@pytest.mark.parametrize("kind", STACKS, ids=lambda k: k.name)
@pytest.mark.parametrize("mutual", (False, True), ids=("server only", "mutual"))
def test_certificates_with_other_stacks(kind, suite, mutual, pki):
    need(kind)
    cert = pki["rsa" if suite.kx == "ECDHE_RSA" else "ec"]
    own = {"cert": pki["device"][0], "key": pki["device"][1]} if mutual else {}
    with kind(suite, cert, pki["ca"][0] if mutual else None) as server, \
            dtls12.Client(server.address, suites=[suite], ca=pki["ca"][0], mtu=300,
                          server_name="localhost", **own) as client:
        talk(server, client)


def test_the_wrong_ca_is_refused(pki):
    need(stock_servers.OpenSsl)
    with stock_servers.OpenSsl(suites.ECDSA_GCM, pki["ec"]) as server, \
            dtls12.Client(server.address, ca=pki["other"][0]) as client:
        with pytest.raises(dtls12.ProtocolError, match="anchor"):
            client.handshake()


def test_a_wrong_psk_never_gets_a_session():
    need(stock_servers.GnuTls)
    with stock_servers.GnuTls(suites.PSK_CCM_8) as server, \
            dtls12.Client(server.address, (PSK[0], b"wrong"), [suites.PSK_CCM_8]) as client:
        with pytest.raises((dtls12.AlertReceived, dtls12.Timeout)):
            client.handshake(1.5)


def test_an_alert_is_a_typed_exception():
    need(stock_servers.OpenSsl)
    with stock_servers.OpenSsl(suites.PSK_CCM_8) as server, \
            dtls12.Client(server.address, PSK, [suites.PSK_GCM]) as client:
        with pytest.raises(dtls12.AlertReceived) as alert:
            client.handshake()
        assert (alert.value.level, alert.value.name) == (2, "handshake_failure")
        assert not alert.value.authenticated


def test_legacy_master_secret():
    need(stock_servers.OpenSsl)
    with stock_servers.OpenSsl(suites.PSK_GCM) as server, \
            dtls12.Client(server.address, PSK, [suites.PSK_GCM], ems="never") as client:
        client.handshake()
        assert not client.ems
        server.reply(client, b"legacy")
        assert client.recv() == b"legacy"


# against Mbed TLS: Connection ID

@pytest.mark.parametrize("suite", suites.PSK_SUITES, ids=lambda s: s.name)
@pytest.mark.parametrize("ours,theirs", ((None, -1), (None, 8), (b"", 8), (b"x", 1), (b"y" * 8, 0),
                                         (b"z" * 32, 32)), ids=str)
def test_connection_id(suite, ours, theirs):
    need(stock_servers.Mbed)
    with stock_servers.Mbed(suite, cid_len=theirs) as server, \
            dtls12.Client(server.address, PSK, [suite], ours) as client:
        talk(server, client)
        agreed = ours is not None and theirs >= 0
        assert len(client.server_cid) == (theirs if agreed else 0)
        for payload in (b"x", b"y" * 1000):
            assert len(client.send(payload)) - len(payload) == client.overhead()
            opened = client.recv_opened()
            assert (opened.plaintext, opened.padding) == (payload, 0)
            assert len(client.last_record_raw) - len(payload) == client.overhead("client")
        if client.server_cid:
            client.send(b"padded", padding=30)
            assert client.recv() == b"padded"
            old = client.local
            client.rebind()
            assert client.local != old and client.echo(b"moved")
        assert not client.violations


@pytest.mark.parametrize("suite", (suites.ECDSA_CCM_8, suites.RSA_GCM), ids=lambda s: s.name)
def test_connection_id_with_certificates(suite, pki):
    cert = pki["rsa" if suite.kx == "ECDHE_RSA" else "ec"]
    need(stock_servers.Mbed)
    with stock_servers.Mbed(suite, cert, pki["ca"][0]) as server, \
            dtls12.Client(server.address, suites=[suite], ca=pki["ca"][0], cid=b"mine",
                          cert=pki["device"][0], key=pki["device"][1], fragment=90) as client:
        # One record a datagram: while it puts fragments together, Mbed TLS drops a record with a CID
        # that is behind them in the same datagram, and the flight has to be sent again.
        client.on_flight = lambda _, records: records
        talk(server, client)
        client.rebind()
        assert client.echo(b"moved") and not client.violations


@pytest.mark.parametrize("cid", ("", "0a0b0c"))
def test_the_mbed_client_moves_and_goes_on(mbed, cid):
    code, output = stock_servers.MbedClient.run(
        mbed.port, "--psk-id", "Kalle", "--psk-hex", PSK[1].hex(), "--cid", cid,
        "--count", 4, "--size", 700, "--rebind-after", 2)
    assert code == 0, output
    events = [line.split()[0] for line in output.splitlines()]
    assert events == ["event=handshake"] + ["event=echo"] * 2 + ["event=rebind"] + \
        ["event=echo"] * 2 + ["event=close"]


def test_the_mbed_client_fails_when_nothing_is_echoed(mbed):
    """Without a CID a new port is a stranger."""
    code, output = stock_servers.MbedClient.run(
        mbed.port, "--psk-id", "Kalle", "--psk-hex", PSK[1].hex(), "--rebind-after", 1,
        "--timeout", 500)
    assert code != 0 and "echo 2" in output


# faults and steps

@pytest.mark.parametrize("seed", range(6))
def test_handshake_over_a_bad_network(mbed, seed):
    rule = SeededRule(seed, drop=0.2, dup=0.2, reorder=0.2, delay=0.01)
    with Forwarder(mbed.address, rule) as net:
        client = dtls12.Client(net.address, PSK, [suites.PSK_CCM_8], b"cid", rto=0.1, fragment=40)
        client.handshake(30)
        assert client.state == "established" and not client.violations
        client.abandon()
    net.check_dtls()


def test_step_by_step_reordered_and_repeated(mbed):
    with dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], b"") as client:
        assert client.hello1() and client.state == "hvr"
        client.hello2()
        assert client.state == "hello_done" and client.server_cid
        records = client.encode(client.make_flight3())
        client.state = "keyed"
        client.send_raw(*records, records[0])
        client.resume_wait("established")
        assert client.echo(b"x")


def test_a_device_that_lost_its_power_connects_anew(mbed):
    with dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], b"") as client:
        client.handshake()
        before, port = client.server_cid, client.local
        client.rebind()
        client.restart(cid=b"new").handshake()
        assert client.echo(b"x") and client.server_cid != before and client.local != port


def test_a_refused_cookie_is_told(mbed):
    with dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8]) as client:
        client.hello1()
        with pytest.raises(dtls12.CookieRejected):
            client.hello2(cookie=b"wrong" * 6)
        client.hello2()
        client.flight3()
        assert client.echo(b"x")


def test_close_notify_is_closed_and_delivers_what_came_before(mbed):
    with Forwarder(mbed.address) as net, \
            dtls12.Client(net.address, PSK, [suites.PSK_CCM_8]) as client:
        client.handshake()
        client.send(b"last words")
        client.alert(1, 0)
        assert client.recv() == b"last words"
        with pytest.raises(dtls12.Closed):
            client.recv()


# the oracle

def test_nonce_reuse_is_found(mbed):
    """A server that repeats a nonce for other bytes, played with the server's own keys."""
    with dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], b"") as client:
        client.handshake()
        client.send(b"once")
        opened = client.recv_opened()
        forged = client.read_keys.seal(record.APPLICATION, b"twice", 1, opened.seq)
        client.on_datagram = lambda _data: forged
        client.send(b"again")
        with pytest.raises(dtls12.NonceReuse):
            client.recv()


def test_a_replay_is_counted_and_not_delivered(mbed):
    oracle = dtls12.NonceOracle()
    with dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], oracle=oracle) as client:
        client.handshake()
        client.echo(b"x")
        raw = client.last_record_raw
        client.on_datagram = lambda data: [raw, data, data]
        assert client.echo(b"y")
        with pytest.raises(dtls12.Timeout):
            client.recv(0.05)
        assert client.stats["replay"] == oracle.replays == 2


# the forwarder

def test_forwarder_counts_overhead_and_moves(mbed):
    with Forwarder(mbed.address) as net, \
            dtls12.Client(net.address, PSK, [suites.PSK_CCM_8], b"") as client:
        client.handshake()
        mark, ports = net.mark(), {d.port for d in net.log}
        client.echo(b"canary")
        new = net.rebind()
        client.echo(b"canary")
        assert net.overheads(6, C2S, mark) == {38} and net.overheads(6, S2C, mark) == {29}
        assert {d.port for d in net.datagrams(since=mark)} == ports | set(new)
        net.check_absent(b"canary")
        net.check_dtls()


@pytest.mark.parametrize("payload", (b"plain text", record.plain(23, b"canary", 5),
                                     record.plain(22, b"", 0)[:12], b"\x16"))
def test_forwarder_finds_what_is_not_dtls(payload):
    need(stock_servers.GnuTls)
    with stock_servers.GnuTls(suites.PSK_CCM_8) as server, Forwarder(server.address) as net, \
            dtls12.Client(net.address, PSK, [suites.PSK_CCM_8]) as client:
        client.hello1()
        net.check_dtls()
        client.send_raw(payload)
        assert net.wait(lambda log: log[-1].data == payload)
        with pytest.raises(AssertionError):
            net.check_dtls()
        net.check_dtls(S2C)
        if b"canary" in payload:
            with pytest.raises(AssertionError):
                net.check_absent(b"canary")


def test_the_same_seed_gives_the_same_faults():
    def fates(seed):
        rule = SeededRule(seed, drop=0.3, dup=0.3, reorder=0.3)
        return [rule(C2S, i, b"x") for i in range(100)]
    assert fates(1) == fates(1) != fates(2)


# hostile inputs and vectors

def test_every_wire_input_of_the_list_has_a_case():
    numbers = [n for n in range(1, 79) if not 38 <= n <= 40]
    assert {c.name for c in hostile.CASES} == {f"B-{n:02}" for n in numbers}
    ids = collections.Counter((c.id, state) for c in hostile.CASES for state in c.states)
    assert not [i for i, n in ids.items() if n > 1]


@pytest.mark.parametrize("state", hostile.EVERY)
def test_hostile_inputs_can_be_made_and_a_session_survives_harmless_ones(mbed, state):
    for name in ("B-01", "B-05", "B-08", "B-12", "B-63", "B-65", "B-74"):
        for case in hostile.cases(state, name):
            cid = None if state == hostile.PLAIN else b""
            client = hostile.reach(dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], cid), state)
            for sock in case.fire(client):
                sock.close()
            hostile.check_delivered(case, hostile.finish(client))
            client.abandon()


def test_a_dead_session_is_not_reported_alive(mbed):
    client = hostile.reach(dtls12.Client(mbed.address, PSK, [suites.PSK_CCM_8], b""), hostile.CID)
    client.alert(1, 0)
    with pytest.raises(dtls12.DtlsError):
        hostile.finish(client, 0.5)
    client.abandon()


def test_vectors_on_disk_are_what_the_generator_makes():
    script = Path(__file__).resolve().parents[1] / "vectors" / "gen_records.py"
    start = time.monotonic()
    subprocess.run([sys.executable, str(script), "--check"], check=True)
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("field", ("type", "version", "epoch", "seq", "cid", "length", "body"))
def test_every_field_of_a_record_is_authenticated(field):
    keys = record.WriteKeys(suites.PSK_CCM_8, bytes(16), bytes(4))
    raw = bytearray(keys.seal(23, b"payload", 1, 5, b"cid"))
    at = {"type": 0, "version": 2, "epoch": 4, "seq": 10, "cid": 12, "length": 15, "body": 30}
    assert keys.open(record.parse(bytes(raw), 0, 3)).plaintext == b"payload"
    if field == "length":
        raw[at[field]] -= 1
    else:
        raw[at[field]] ^= 1
    with pytest.raises(dtls12.BadRecord):
        keys.open(record.parse(bytes(raw), 0, 3))
