# SPDX-License-Identifier: Apache-2.0
"""Ensures that files with certificates which change are read again, without a signal."""

import pytest

from support import certs
from support.client import canary

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]

RELOADED = "event=reloaded what=certificates"
KEPT = "event=reload_failed what=certificates: .*; old ones kept"


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
