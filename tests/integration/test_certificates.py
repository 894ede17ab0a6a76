# SPDX-License-Identifier: Apache-2.0
"""Ensures that certificates authenticate servers, and clients where they are asked for."""

import datetime

import pytest

from support import certs
from support.client import canary
from support.front import dtls12

pytestmark = pytest.mark.fronts("shim", "proxy")


@pytest.fixture(scope="module")
def pairs(authority):
    return {"ecdsa": authority.certify("localhost", "ecdsa"),
            "rsa": authority.certify("localhost", "rsa"),
            "client": authority.certify("device-1"),
            "client-rsa": authority.certify("device-rsa", "rsa"),
            "expired": authority.certify("late", days=-1)}


def start(front, pairs, kind="ecdsa", **options):
    pair = pairs[kind]
    options = {"psk-csv": None, "cert": pair.cert, "key": pair.key,
               **{k.replace("_", "-"): v for k, v in options.items()}}
    return front.start("blocking", options=options)


def of_kind(kind):
    return [s for s in dtls12.suites.CERT_SUITES if s.kx == "ECDHE_" + kind.upper()]


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_server_certificate(front, authority, pairs, kind):
    start(front, pairs, kind)
    for suite in of_kind(kind):
        client = front.client(ca=str(authority.ca), server_name="localhost", suites=[suite])
        client.echo(canary(100))
        client.rebind()
        client.echo(canary(1000))
    assert front.handshakes() == len(of_kind(kind))


TOLD = "info: event=clients_anonymous: .*neither pre-shared keys nor .*: clients are not authenticated"


def test_a_server_that_authenticates_no_client_says_so_once(front, authority, pairs):
    start(front, pairs)
    front.client(ca=str(authority.ca)).echo(canary(100))
    front.log.wait_for("event=established")     # behind it, in the same stream
    assert front.log.count(TOLD) == 1, front


def test_a_server_with_keys_or_an_authority_does_not(front, authority, pairs):
    start(front, pairs, ca=authority.ca)
    client_of(front, authority, pairs["client"]).echo(canary(100))
    front.log.wait_for("event=established")
    assert not front.log.count(TOLD), front


def test_client_finds_a_server_of_another_authority_out(front, pairs, tmp_path):
    """Of the test's own client: if it accepted anything, the tests here would show nothing."""
    start(front, pairs)
    other = certs.Authority(tmp_path, "Other CA")
    with pytest.raises(dtls12.ProtocolError):
        front.client(ca=str(other.ca))


def test_certificate_and_pre_shared_keys_together(front, authority, pairs):
    start(front, pairs, psk_csv=front.csv)
    front.client().echo(canary(100, 1))
    front.client(ca=str(authority.ca)).echo(canary(100, 2))
    front.log.wait_for("event=established .* id=")
    front.log.wait_for("event=established .*auth=none .*suite=TLS_ECDHE_ECDSA")
    assert front.log.count("event=established .* id=") == 1, front


def test_a_client_of_both_kinds_gets_what_it_names_first(front, authority, pairs):
    start(front, pairs, psk_csv=front.csv)
    psk, ecdsa = dtls12.suites.PSK_CCM_8, dtls12.suites.BY_ID[0xC02B]
    for suites in [psk, ecdsa], [ecdsa, psk]:
        client = front.client(psk=front.identity(), ca=str(authority.ca), suites=suites)
        client.echo(canary(100))
        assert client.dtls.suite.id == suites[0].id


def client_of(front, authority, pair=None, **kwargs):
    if pair:
        kwargs.update(cert=str(pair.cert), key=str(pair.key))
    return front.client(ca=str(authority.ca), timeout=5, **kwargs)


def test_required_client_certificate(front, authority, pairs, tmp_path):
    start(front, pairs, ca=authority.ca, client_auth="required")
    client_of(front, authority, pairs["client"]).echo(canary(100))
    front.log.wait_for("event=established .*device-1")
    with front.refused():
        client_of(front, authority)
    front.log.wait_for(r"event=failed .*reason=certificate_missing \(")
    with front.refused():
        client_of(front, authority, pairs["expired"])
    front.log.wait_for(r"event=failed .*reason=certificate_date \(")
    with front.refused():
        client_of(front, authority, certs.Authority(tmp_path, "Other CA").certify("device-1"))
    front.log.wait_for(r"event=failed .*reason=certificate_issuer \(")
    client_of(front, authority, pairs["client"]).echo(canary(100))


def test_optional_client_certificate(front, authority, pairs, tmp_path):
    start(front, pairs, ca=authority.ca, client_auth="optional")
    client_of(front, authority, pairs["client"]).echo(canary(100, 1))
    client_of(front, authority).echo(canary(100, 2))
    with front.refused():       # one that does not verify is worse than none
        client_of(front, authority, certs.Authority(tmp_path, "Other CA").certify("device-1"))


def test_client_certificate_not_asked_for(front, authority, pairs):
    start(front, pairs)
    client_of(front, authority, pairs["client"]).echo(canary(100))


def test_a_private_key_that_everybody_can_read_is_told(front, tmp_path):
    pair = certs.Authority(tmp_path).certify("server")
    pair.key.chmod(0o644)
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    front.log.wait_for(f"event=permissions .*{pair.key}")


@pytest.mark.parametrize("kind, told, days", [("expired", "expired on", {"days": -1}),
                                              ("early", "not valid before", {"since": 1, "days": 9})])
def test_an_own_certificate_out_of_its_dates_is_told(front, tmp_path, kind, told, days):
    pair = certs.Authority(tmp_path).certify(kind, **days)
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(
        days=days.get("since", days["days"]))
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    said = front.log.wait_for("event=certificate_date file=(.*), by this machine's clock: ")
    assert said[1] == f"{pair.cert} {told} {day:%Y-%m-%d}"
    assert front.log.count("event=certificate_date") == 1


def test_a_good_certificate_is_not_spoken_of(front, pairs):
    start(front, pairs)
    assert not front.log.has("event=certificate_date")


def test_a_certificate_s_newest_session_replaces_the_older(front, authority, pairs):
    start(front, pairs, ca=authority.ca, client_auth="required")
    first = client_of(front, authority, pairs["client"])
    second = client_of(front, authority, pairs["client"])
    with pytest.raises(dtls12.Closed):
        first.recv()
    second.echo(canary(100))


@pytest.mark.parametrize("mtu", [300, 600])
def test_flights_are_cut_to_the_mtu(front, authority, pairs, mtu):
    start(front, pairs, "rsa", mtu=mtu, ca=authority.ca, client_auth="optional")
    mark = front.net.mark()
    client = client_of(front, authority, mtu=mtu)
    assert max(len(d.data) for d in front.net.datagrams("s2c", since=mark)) <= mtu
    client.echo(canary(9000))


@pytest.mark.parametrize("suite", dtls12.suites.PSK_SUITES, ids=lambda s: s.name)
def test_every_pre_shared_key_suite(front, suite):
    front.start("blocking")
    client = front.client(suites=[suite])
    client.echo(canary(100))
    assert client.dtls.suite.id == suite.id


@pytest.mark.parametrize("suites", [[0x008C], [0x008D, 0x00AE], [0x00FF], [0xC0A8 ^ 0xFFFF]],
                         ids=["cbc", "more cbc", "scsv", "unknown"])
def test_no_suite_in_common(front, suites):
    """CBC and the like are not spoken at all."""
    front.start("blocking")
    with front.refused():
        front.client(suites=suites, timeout=2)
    front.log.wait_for("event=failed .*reason=no_suite")
    front.client().echo(canary(30))


def test_suites_can_be_chosen(front):
    front.start("blocking", options={"ciphersuites": "TLS_PSK_WITH_AES_128_GCM_SHA256"})
    front.client(suites=[dtls12.suites.PSK_CCM_8, dtls12.suites.PSK_GCM]).echo(canary(30))
    with front.refused():
        front.client(suites=[dtls12.suites.PSK_CCM_8], timeout=2)


@pytest.mark.parametrize("required, refused", [("true", "psk cert"), ("false", ""), (None, "cert")])
def test_extended_master_secret(front, authority, pairs, required, refused):
    """RFC 7627; --require-ems is EUB's flag."""
    start(front, pairs, psk_csv=front.csv, **({"require_ems": required} if required else {}))
    for kind, how in ("psk", {}), ("cert", {"ca": str(authority.ca)}):
        front.client(ems="require", **how).echo(canary(30))
        if kind in refused:
            with front.refused():
                front.client(ems="never", timeout=2, **how)
            front.log.wait_for("event=failed .*reason=no_ems")
        else:
            front.client(ems="never", **how).echo(canary(30, 2))
