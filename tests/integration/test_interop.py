# SPDX-License-Identifier: Apache-2.0
"""Ensures that other people's DTLS clients are understood: GnuTLS, OpenSSL, Mbed TLS."""

import shutil

import pytest

from support import build
from support.front import KALLE

pytestmark = pytest.mark.fronts("shim", "proxy")

IDENTITY, KEY = KALLE[0].decode(), KALLE[1].hex()


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def talk(front, argv, ready):
    """Runs a client, sends lines, wants each back; ends it by the end of its input."""
    client = front.spawn(argv, stdin=True)
    client.wait_for(ready, timeout=20)
    for number in range(3):
        client.write(f"line {number} CANARY-plaintext\n")
        client.wait_for(f"^line {number} CANARY-plaintext")
    client.popen.stdin.close()
    client.wait_exit()
    return client


GNUTLS = {"CCM-8": "+PSK:+AES-128-CCM-8", "CCM": "+PSK:+AES-128-CCM",
          "GCM": "+PSK:+AES-128-GCM", "ChaCha20": "+PSK:+CHACHA20-POLY1305"}
# Not ECDHE-PSK: gnutls-cli 3.7.9 crashes with it, also when it talks to gnutls-serv.


@pytest.mark.parametrize("suite", GNUTLS)
def test_gnutls_with_a_pre_shared_key(front, suite):
    need("gnutls-cli")
    front.start("poll_loop")
    talk(front, ["gnutls-cli", "--udp", "-p", front.address[1], front.address[0], "--priority",
                 f"NONE:+VERS-DTLS1.2:{GNUTLS[suite]}:+AEAD:+SIGN-ALL:+GROUP-ALL:+COMP-NULL",
                 "--pskusername", IDENTITY, "--pskkey", KEY], "Handshake was completed")


GNUTLS_CERT = {"CCM-8": "+AES-128-CCM-8", "GCM": "+AES-128-GCM", "ChaCha20": "+CHACHA20-POLY1305"}


@pytest.mark.parametrize("suite", GNUTLS_CERT)
def test_gnutls_with_certificates_on_both_sides(front, authority, suite):
    need("gnutls-cli")
    server, client = authority.certify("localhost"), authority.certify("gnutls-device")
    front.start("poll_loop", options={"psk-csv": None, "cert": server.cert, "key": server.key,
                                      "ca": authority.ca, "client-auth": "required"})
    talk(front, ["gnutls-cli", "--udp", "-p", front.address[1], "localhost", "--priority",
                 f"NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:{GNUTLS_CERT[suite]}:+AEAD:+SIGN-ALL:"
                 "+GROUP-ALL:+COMP-NULL:+CTYPE-X509", "--x509cafile", authority.ca,
                 "--x509certfile", client.cert, "--x509keyfile", client.key],
         "Handshake was completed")
    front.log.wait_for("event=established .*gnutls-device")


OPENSSL = ["PSK-AES128-CCM8", "PSK-AES128-CCM", "PSK-AES256-CCM8", "PSK-AES128-GCM-SHA256",
           "PSK-CHACHA20-POLY1305", "ECDHE-PSK-CHACHA20-POLY1305"]


def s_client(front, *args, mtu=()):
    return ["openssl", "s_client", "-dtls1_2", *mtu, "-connect",
            f"127.0.0.1:{front.address[1]}", *args]


@pytest.mark.parametrize("suite", OPENSSL)
def test_openssl_with_a_pre_shared_key(front, suite):
    need("openssl")
    front.start("poll_loop")
    talk(front, s_client(front, "-psk", KEY, "-psk_identity", IDENTITY, "-cipher",
                         suite + ":@SECLEVEL=0"), "Cipher *(is|:) *" + suite)


@pytest.mark.parametrize("kind, suite", [
    ("ecdsa", "ECDHE-ECDSA-AES128-GCM-SHA256"), ("ecdsa", "ECDHE-ECDSA-AES128-CCM8"),
    ("ecdsa", "ECDHE-ECDSA-CHACHA20-POLY1305"), ("rsa", "ECDHE-RSA-AES128-GCM-SHA256"),
    ("rsa", "ECDHE-RSA-CHACHA20-POLY1305")])
def test_openssl_with_certificates(front, authority, kind, suite):
    need("openssl")
    pair = authority.certify("localhost", kind)
    front.start("poll_loop", options={"psk-csv": None, "cert": pair.cert, "key": pair.key})
    client = talk(front, s_client(front, "-CAfile", authority.ca, "-verify_return_error",
                                  "-cipher", suite + ":@SECLEVEL=0"), "Cipher *(is|:) *" + suite)
    assert client.has("Verify return code: 0")


def test_openssl_with_a_hello_in_pieces(front):
    """A small MTU and all suites: OpenSSL cuts its ClientHello, the cookie is in the first."""
    need("openssl")
    front.start("poll_loop")
    talk(front, s_client(front, "-psk", KEY, "-psk_identity", IDENTITY, "-cipher",
                         "ALL:@SECLEVEL=0", mtu=("-mtu", "256")), "Cipher *(is|:) *.*PSK")


def test_openssl_with_a_wrong_key_is_refused(front):
    need("openssl")
    front.start("poll_loop")
    client = front.spawn(s_client(front, "-psk", "00" * 8, "-psk_identity", IDENTITY,
                                  "-cipher", "PSK-AES128-CCM8:@SECLEVEL=0"))
    front.log.wait_for("event=failed .*reason=psk_wrong")
    assert client.wait_exit(20) != 0
    assert not front.received()


def test_openssl_with_cbc_only_is_refused_and_the_log_says_what_to_enable(front):
    need("openssl")
    front.start("poll_loop")
    client = front.spawn(s_client(front, "-psk", KEY, "-psk_identity", IDENTITY, "-cipher",
                                  "PSK-AES128-CBC-SHA256:@SECLEVEL=0"))
    front.log.wait_for(r'event=failed .*reason=no_suite .*alert=40 \(handshake_failure\) .*'
                       r'advice="the client offers CBC suites only, .* enable an AEAD suite .*" '
                       r'offered=DTLS1.2 .*suites=TLS_PSK_WITH_AES_128_CBC_SHA256')
    assert client.wait_exit(20) != 0


MBED = ["TLS-PSK-WITH-AES-128-CCM-8", "TLS-PSK-WITH-AES-128-GCM-SHA256",
        "TLS-ECDHE-PSK-WITH-CHACHA20-POLY1305-SHA256"]


def mbed(front, *args):
    client = front.spawn([build.peer("mbed_client"), "--port", front.address[1], *args])
    assert client.wait_exit(30) == 0, client
    return client


@pytest.mark.parametrize("cid", [None, "", "0102", "00" * 32], ids=repr)
@pytest.mark.parametrize("suite", MBED)
def test_mbedtls_with_connection_ids(front, suite, cid):
    front.start("poll_loop")
    mbed(front, "--psk-id", IDENTITY, "--psk-hex", KEY, "--suite", suite, "--count", 5,
         *(() if cid is None else ("--cid", cid)))


def test_mbedtls_moves_in_mid_session(front):
    front.start("poll_loop")
    client = mbed(front, "--psk-id", IDENTITY, "--psk-hex", KEY, "--cid", "", "--count", 6,
                  "--rebind-after", 3)
    assert client.has("event=rebind")
    assert front.handshakes() == 1
    front.log.wait_for("event=rebind")


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_mbedtls_with_certificates(front, authority, kind):
    server, client = authority.certify("localhost", kind), authority.certify("mbed-device")
    front.start("poll_loop", options={"psk-csv": None, "cert": server.cert, "key": server.key,
                                      "ca": authority.ca})
    mbed(front, "--ca", authority.ca, "--cert", client.cert, "--key", client.key, "--cid", "")
    front.log.wait_for("event=established .*mbed-device")
