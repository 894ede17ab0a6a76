# SPDX-License-Identifier: Apache-2.0
"""Premaster secrets, the server's signature, certificates: what differs between suites."""

import datetime
import os
import struct

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519

from . import hello
from .errors import ProtocolError
from .messages import Reader, vector
from .prf import psk_premaster

_HASHES = {4: hashes.SHA256, 5: hashes.SHA384, 6: hashes.SHA512}


def read_pem(source):
    """PEM bytes as they are, or the content of the file a path names."""
    if isinstance(source, bytes):
        return source
    with open(os.fspath(source), "rb") as file:
        return file.read()


def load_chain(source):
    """Every certificate of a PEM file, in order."""
    end = b"-----END CERTIFICATE-----"
    parts = read_pem(source).split(end)[:-1]
    return [x509.load_pem_x509_certificate(part[part.index(b"-----BEGIN"):] + end + b"\n")
            for part in parts]


def load_key(source):
    return serialization.load_pem_private_key(read_pem(source), None)


def _utc(cert, name):
    aware = getattr(cert, name + "_utc", None)          # cryptography >= 42
    return aware or getattr(cert, name).replace(tzinfo=datetime.timezone.utc)


def _check_issued(cert, issuer):
    key, data = issuer.public_key(), cert.tbs_certificate_bytes
    if cert.issuer != issuer.subject:
        raise ProtocolError("certificate chain: issuer and subject differ")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(cert.signature, data, padding.PKCS1v15(), cert.signature_hash_algorithm)
    else:
        key.verify(cert.signature, data, ec.ECDSA(cert.signature_hash_algorithm))


def check_chain(chain, anchors, server_name=None):
    """ProtocolError unless the chain leads to an anchor (or its leaf is one) and is valid now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    if not chain:
        raise ProtocolError("the server sent no certificate")
    for cert in chain:
        if not _utc(cert, "not_valid_before") <= now <= _utc(cert, "not_valid_after"):
            raise ProtocolError(f"certificate {cert.subject.rfc4514_string()} not valid now")
    if server_name is not None:
        names = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if server_name not in names.get_values_for_type(x509.DNSName):
            raise ProtocolError(f"certificate is not for {server_name}")
    try:
        for cert, issuer in zip(chain, chain[1:]):
            _check_issued(cert, issuer)
        if chain[-1] in anchors or chain[0] in anchors:
            return
        for anchor in anchors:
            if anchor.subject == chain[-1].issuer:
                return _check_issued(chain[-1], anchor)
    except InvalidSignature:
        raise ProtocolError("certificate chain: bad signature") from None
    raise ProtocolError("certificate chain: no trust anchor")


def parse_certificate(body):
    """The chain in a Certificate message."""
    outer = Reader(body)
    reader, chain = Reader(outer.vector(3)), []
    outer.done()
    while reader.at < len(reader.data):
        chain.append(x509.load_der_x509_certificate(reader.vector(3)))
    return chain


def encode_certificate(chain):
    der = [cert.public_bytes(serialization.Encoding.DER) for cert in chain]
    return vector(3, b"".join(vector(3, one) for one in der))


def verify_signature(public, scheme, signature, data, allowed=hello.SIGNATURES):
    """RFC 5246, 7.4.3 and 4.7; `scheme` must be one the client offered."""
    if scheme not in allowed:
        raise ProtocolError(f"signature scheme {scheme:#06x} was not offered")
    try:
        if scheme == hello.RSA_PSS_SHA256:
            public.verify(signature, data, padding.PSS(padding.MGF1(hashes.SHA256()), 32),
                          hashes.SHA256())
        elif scheme & 0xFF == 1:
            public.verify(signature, data, padding.PKCS1v15(), _HASHES[scheme >> 8]())
        else:
            public.verify(signature, data, ec.ECDSA(_HASHES[scheme >> 8]()))
    except InvalidSignature:
        raise ProtocolError("the server's signature does not verify") from None


def certificate_verify(key, transcript):
    """The body of a CertificateVerify made with an ECDSA key and SHA-256."""
    signature = key.sign(transcript, ec.ECDSA(hashes.SHA256()))
    return struct.pack(">H", hello.ECDSA_SHA256) + vector(2, signature)


def parse_certificate_request(body):
    """(certificate types, signature schemes)."""
    reader = Reader(body)
    types, listed = reader.vector(1), reader.vector(2)
    reader.vector(2)
    reader.done()
    return types, struct.unpack(f">{len(listed) // 2}H", listed)


def parse_ecdh_params(reader):
    """(group, the server's point) and the bytes that are signed (RFC 8422, 5.4)."""
    start = reader.at
    if reader.number(1) != 3:
        raise ProtocolError("ServerKeyExchange: not a named curve")
    group, point = reader.number(2), reader.vector(1)
    return group, point, reader.data[start:reader.at]


def ecdh(group, point):
    """(our point, shared secret) for the server's point."""
    if group == hello.X25519:
        mine = x25519.X25519PrivateKey.generate()
        shared = mine.exchange(x25519.X25519PublicKey.from_public_bytes(point))
        form = serialization.PublicFormat.Raw
        return mine.public_key().public_bytes(serialization.Encoding.Raw, form), shared
    if group != hello.SECP256R1:
        raise ProtocolError(f"group {group} was not offered")
    curve = ec.SECP256R1()
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    mine = ec.generate_private_key(curve)
    form = serialization.PublicFormat.UncompressedPoint
    return (mine.public_key().public_bytes(serialization.Encoding.X962, form),
            mine.exchange(ec.ECDH(), theirs))


class KeyExchange:
    """What the server's flight says about the keys; answers with a ClientKeyExchange."""

    def __init__(self, kx, psk):
        self.kx, self.psk = kx, psk
        self.hint = None                # identity hint of a PSK server
        self._params = None             # (group, point)
        self.signed = None              # (scheme, signature, signed bytes) to be verified

    def server_key_exchange(self, body):
        reader = Reader(body)
        if self.kx.endswith("PSK"):
            self.hint = reader.vector(2)
        if self.kx.startswith("ECDHE"):
            group, point, raw = parse_ecdh_params(reader)
            self._params = group, point
            if self.kx != "ECDHE_PSK":
                self.signed = reader.number(2), reader.vector(2), raw
        reader.done()

    def client_key_exchange(self):
        """(body of ClientKeyExchange, premaster secret)."""
        if self.kx.startswith("ECDHE") and self._params is None:
            raise ProtocolError("no ServerKeyExchange in the server's flight")
        body, shared = b"", None
        if self.kx.endswith("PSK"):
            body = vector(2, self.psk[0])
        if self._params is not None:
            point, shared = ecdh(*self._params)
            body += vector(1, point)
        if self.kx.endswith("PSK"):
            return body, psk_premaster(self.psk[1], shared)
        return body, shared
