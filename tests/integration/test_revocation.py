# SPDX-License-Identifier: Apache-2.0
"""Ensures that revocation lists of authorities are followed."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from support import certs
from support.client import canary

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process]


class World:
    """An authority with a server and two devices; .start(list) begins to serve."""

    def __init__(self, front, directory):
        self.front, self.authority = front, certs.Authority(directory)
        self.server, self.one, self.two = (self.authority.certify(n)
                                           for n in ("localhost", "device-1", "device-2"))
        self.crl = directory / "list.crl"
        self.ca = directory / "trusted.pem"
        self.ca.write_bytes(self.authority.ca.read_bytes())

    def start(self, content, **more):
        self.crl.write_bytes(content)
        return self.front.start("blocking", options={
            "psk-csv": None, "cert": self.server.cert, "key": self.server.key, "ca": self.ca,
            "crl": self.crl, **more})

    def change(self, content):
        fresh = self.crl.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(self.crl)
        self.front.log.wait_for("event=reloaded what=files")

    def client(self, pair):
        return self.front.client(ca=str(self.authority.ca), cert=str(pair.cert), key=str(pair.key),
                                 timeout=5)

    def is_refused(self, pair, reason):
        with self.front.refused():
            self.client(pair)
        self.front.log.wait_for(rf"event=failed .*reason={reason} \(")


@pytest.fixture
def world(front, tmp_path):
    return World(front, tmp_path)


@pytest.mark.parametrize("auth", ["required", "optional"])
@pytest.mark.parametrize("form", [Encoding.PEM, Encoding.DER])
def test_a_revoked_certificate_is_refused(world, form, auth):
    world.start(world.authority.revoke(world.one, form=form), **{"client-auth": auth})
    world.is_refused(world.one, "certificate_revoked")
    world.client(world.two).echo(canary(40))
    assert not world.front.log.has("event=crl_date")


def test_a_list_is_read_again_when_it_changes(world):
    world.start(world.authority.revoke())
    world.client(world.one).echo(canary(40))
    world.change(world.authority.revoke(world.one))
    world.is_refused(world.one, "certificate_revoked")


def test_lists_of_several_authorities_in_one_file(world, tmp_path):
    other = certs.Authority(tmp_path, "Other CA")
    bad, good = other.certify("device-3"), other.certify("device-4")
    world.ca.write_bytes(world.authority.ca.read_bytes() + other.ca.read_bytes())
    world.start(world.authority.revoke(world.one) + other.revoke(bad))
    world.is_refused(world.one, "certificate_revoked")
    world.is_refused(bad, "certificate_revoked")
    world.client(world.two).echo(canary(40))
    world.client(good).echo(canary(40))


def test_a_list_that_is_out_of_date_lets_nobody_in_and_is_told(world):
    world.start(world.authority.revoke(world.one, days=-1))
    world.front.log.wait_for(f"event=crl_date file={world.crl} the next list was due on")
    world.is_refused(world.two, "certificate_crl")
    world.change(world.authority.revoke(world.one))
    world.client(world.two).echo(canary(40))


def test_a_list_that_the_authority_did_not_sign_lets_nobody_in(world, tmp_path):
    """One with its name, but of another key."""
    (tmp_path / "forged").mkdir()
    forged = certs.Authority(tmp_path / "forged")
    world.start(forged.revoke())
    world.is_refused(world.two, "certificate_crl")
