# SPDX-License-Identifier: Apache-2.0
"""Ensures that files with certificates which change are read again, without a signal."""

import pytest
from cryptography import x509

from support import certs
from support.client import canary
from support.front import dtls12

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

RELOADED = "event=reloaded what=files"
KEPT = "event=reload_failed what=files: .*; old ones kept"


def put(path, content):
    """Replaces a file in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.chmod(0o600)
    fresh.replace(path)


def server_certificate(front, authority):
    return front.client(ca=str(authority.ca)).dtls.server_chain[0]


@pytest.fixture
def ours(tmp_path):
    return certs.Authority(tmp_path)


def test_a_renewed_certificate_serves_new_handshakes(front, ours):
    pair = ours.certify("localhost")
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    session = front.client(ca=str(ours.ca))
    before = session.dtls.server_chain[0]
    ours.certify("localhost")       # over the same files
    front.log.wait_for(RELOADED)
    assert server_certificate(front, ours) != before
    session.echo(canary(40))


def test_another_authority_is_trusted_when_its_file_says_so(front, ours, tmp_path):
    pair = ours.certify("localhost")
    other = certs.Authority(tmp_path, "Other CA")
    device = other.certify("device-1")
    front.start("blocking", options={"cert": pair.cert, "key": pair.key, "ca": ours.ca,
                                     "client-auth": "required"})
    known = {"ca": ours.ca.read_bytes()}
    trusted = tmp_path / "servers.pem"
    trusted.write_bytes(known["ca"])
    shown = {"ca": str(trusted), "cert": str(device.cert), "key": str(device.key)}
    with front.refused():
        front.client(timeout=5, **shown)
    put(ours.ca, known["ca"] + other.ca.read_bytes())
    front.log.wait_for(RELOADED)
    front.client(**shown).echo(canary(40))


def test_a_file_with_a_mistake_changes_nothing_and_is_told_once(front, ours):
    pair = ours.certify("localhost")
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    good, before = pair.cert.read_bytes(), server_certificate(front, ours)
    put(pair.cert, b"broken\n")
    front.log.wait_for(KEPT)
    assert server_certificate(front, ours) == before
    put(pair.cert, good)
    front.log.wait_for(RELOADED)
    assert front.log.count(KEPT) == 1
    assert server_certificate(front, ours) == before


def test_a_file_that_goes_away_changes_nothing(front, ours):
    pair = ours.certify("localhost")
    front.start("blocking", options={"cert": pair.cert, "key": pair.key})
    before = server_certificate(front, ours)
    pair.key.unlink()
    front.log.wait_for(KEPT)
    assert server_certificate(front, ours) == before


# The deny list

def put_list(path, *entries):
    put(path, "".join(f"{e}\n" for e in entries).encode())
    return path


def test_a_denied_identity_loses_its_session_and_gets_no_other(front, tmp_path):
    denied = put_list(tmp_path / "denied", "# stolen")
    front.start("blocking", options={"deny": denied})
    bad, good = front.identity(), front.identity()
    sessions = [front.client(psk=bad), front.client(psk=good)]
    sessions[0].echo(canary(40))
    put_list(denied, "# stolen", f"id:{bad[0].decode()}")
    front.log.wait_for(f"event=closed .*{bad[0].decode()}.* reason=denied")
    with pytest.raises(dtls12.Closed):
        sessions[0].recv()
    sessions[1].echo(canary(40))
    with front.refused():
        front.client(psk=bad, timeout=3)
    front.log.wait_for(f"event=failed .*{bad[0].decode()}.* reason=denied")
    put_list(denied, "# found again")
    front.log.wait_for(RELOADED, n=2)
    front.client(psk=bad).echo(canary(40))


@pytest.mark.parametrize("by", ["subject", "serial"])
def test_a_denied_certificate_loses_its_session_and_gets_no_other(front, ours, tmp_path, by):
    pair, device, other = (ours.certify(n) for n in ("localhost", "device-1", "device-2"))
    certificate = x509.load_pem_x509_certificate(device.cert.read_bytes())
    entry = {"subject": "subject:CN=device-1", "serial": f"serial:{certificate.serial_number:X}"}[by]
    denied = put_list(tmp_path / "denied")
    front.start("blocking", options={"deny": denied, "psk-csv": None, "cert": pair.cert,
                                     "key": pair.key, "ca": ours.ca})
    shown = [{"ca": str(ours.ca), "cert": str(p.cert), "key": str(p.key)} for p in (device, other)]
    sessions = [front.client(**s) for s in shown]
    put_list(denied, entry)
    front.log.wait_for("event=closed .*device-1.* reason=denied")
    sessions[1].echo(canary(40))
    with front.refused():
        front.client(timeout=3, **shown[0])
    front.log.wait_for(r"event=failed .*reason=denied \(")


def test_a_list_with_a_mistake_changes_nothing(front, tmp_path):
    bad = front.identity()
    denied = put_list(tmp_path / "denied", f"id:{bad[0].decode()}")
    front.start("blocking", options={"deny": denied})
    put_list(denied, "# free them", "everybody")
    front.log.wait_for(f"event=reload_failed what=files: {denied}:2: id:IDENTITY, .*; old ones kept")
    with front.refused():
        front.client(psk=bad, timeout=3)


def test_denied_sessions_do_not_come_back(front, tmp_path):
    bad, good = front.identity(), front.identity()
    denied = put_list(tmp_path / "denied")
    front.start("blocking", options={"deny": denied, "state": tmp_path / "state"})
    sessions = [front.client(psk=bad), front.client(psk=good)]
    for session in sessions:
        session.echo(canary(40))
    front.restart(between=lambda: put_list(denied, f"id:{bad[0].decode()}"))
    sessions[1].echo(canary(40))
    with pytest.raises(dtls12.DtlsError):
        sessions[0].echo(canary(40), timeout=2)
