# SPDX-License-Identifier: Apache-2.0
"""A small authority with server and client certificates, made anew for each run."""

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID


def _name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _new_key(kind):
    if kind in ("rsa", "rsa4096"):
        return rsa.generate_private_key(public_exponent=65537,
                                        key_size=2048 if kind == "rsa" else 4096)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _san(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Pair:
    """Files with a certificate and its private key: .cert, .key (PEM)."""

    def __init__(self, directory, name, certificate, key):
        self.cert = Path(directory) / f"{name}.pem"
        self.key = Path(directory) / f"{name}.key"
        self.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        self.key.chmod(0o600)


class Authority:
    """.ca is the root's certificate file; certify() makes pairs it signed."""

    def __init__(self, directory, name="Test CA"):
        self.directory = directory
        self.subject = _name(name)
        self.private = _new_key("ecdsa")
        certificate = self._build(self.subject, self.private.public_key(), ca=True)
        self.ca = Path(directory) / f"{name.replace(' ', '-')}.pem"
        self.ca.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _build(self, subject, public, ca=False, names=(), days=30, since=-60):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(self.subject)
                   .public_key(public).serial_number(x509.random_serial_number())
                   .not_valid_before(now + datetime.timedelta(days=since))
                   .not_valid_after(now + datetime.timedelta(days=days))
                   .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.private, hashes.SHA256())

    def revoke(self, *pairs, days=7, form=serialization.Encoding.PEM):
        """A revocation list with the certificates of `pairs`; the next one is due in `days`."""
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (x509.CertificateRevocationListBuilder().issuer_name(self.subject)
                   .last_update(now - datetime.timedelta(days=30))
                   .next_update(now + datetime.timedelta(days=days)))
        for pair in pairs:
            serial = x509.load_pem_x509_certificate(pair.cert.read_bytes()).serial_number
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build())
        return builder.sign(self.private, hashes.SHA256()).public_bytes(form)

    def certify(self, name, kind="ecdsa", days=30, since=-60, names=("localhost", "127.0.0.1")):
        """A pair for `name`; kind is "ecdsa" (P-256), "rsa" (2048) or "ed25519"; valid from day
        `since` to day `days`, from now."""
        key = _new_key(kind)
        certificate = self._build(_name(name), key.public_key(), names=[_san(n) for n in names],
                                  days=days, since=since)
        return Pair(self.directory, f"{name}-{kind}", certificate, key)
