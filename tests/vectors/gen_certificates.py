#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Write tests/sim/certificates.h: authorities, servers and devices, good and bad.

Keys are new each time, so the header is a new one too; no test depends on more than what the
names say.  Needs python3-cryptography.
"""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HEADER = Path(__file__).resolve().parent.parent / "sim" / "certificates.h"
FROM, TO = datetime.datetime(2020, 1, 1), datetime.datetime(2120, 1, 1)
PAST = datetime.datetime(2021, 1, 1)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH

TOP = """\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificates.h - authorities, servers and devices, good and bad
 *
 * Written by tests/vectors/gen_certificates.py; do not edit.  The keys are of no use but here.
 */
/* clang-format off */
#ifndef TESTS_SIM_CERTIFICATES_H
#define TESTS_SIM_CERTIFICATES_H

"""


class Entity:
    """A key and its certificate, followed by those of its issuers but the root's."""

    def __init__(self, name, issuer=None, key=None, usage=None, dns=None, until=TO):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(name if isinstance(name, list) else
                            [x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = issuer or self
        builder = (x509.CertificateBuilder()
                   .subject_name(subject)
                   .issuer_name(issuer.cert.subject if issuer else subject)
                   .public_key(self.key.public_key())
                   .serial_number(x509.random_serial_number())
                   .not_valid_before(FROM).not_valid_after(until)
                   .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), True))
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False)
        if dns:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(dns)]), False)
        self.cert = builder.sign(signer.key, hashes.SHA256())
        self.chain = [self.cert] + (issuer.chain if issuer and issuer.issuer else [])
        self.issuer = issuer


def pem_certs(certs):
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certs)


def pem_key(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption()).decode()


def literal(name, text):
    lines = "\n".join(f'\t"{line}\\n"' for line in text.splitlines())
    return f"static const char {name}[] =\n{lines};\n"


def main():
    root, other = Entity("Test Root"), Entity("Other Root")
    rsa_root = Entity("RSA Root", key=rsa.generate_private_key(65537, 2048))
    between = Entity("Test Intermediate", root)
    stale = Entity("Expired Intermediate", root, until=PAST)
    rogue = Entity("Rogue Intermediate", other)
    long_name = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "o" * 60),
                 x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "u" * 60),
                 x509.NameAttribute(NameOID.COMMON_NAME, "device-long")]
    leaves = {
        "server_ec": Entity("server", root, usage=SERVER, dns="server.test"),
        "server_rsa": Entity("server", root, rsa.generate_private_key(65537, 2048),
                             usage=SERVER, dns="server.test"),
        "server_chain": Entity("server", between, usage=SERVER, dns="server.test"),
        "server_other": Entity("server", other, usage=SERVER, dns="server.test"),
        "device": Entity("device-1", root, usage=CLIENT),
        "device_two": Entity("device-2", root, usage=CLIENT),
        "device_rsa": Entity("device-rsa", root, rsa.generate_private_key(65537, 2048),
                             usage=CLIENT),
        "device_chain": Entity("device-chain", between, usage=CLIENT),
        "device_long": Entity(long_name, root, usage=CLIENT),
        "device_self": Entity("device-1", usage=CLIENT),
        "device_other": Entity("device-1", other, usage=CLIENT),
        "device_rogue": Entity("device-1", rogue, usage=CLIENT),
        "device_stale": Entity("device-1", stale, usage=CLIENT),
        "device_expired": Entity("device-1", root, usage=CLIENT, until=PAST),
        "device_usage": Entity("device-1", root, usage=SERVER),
        "device_of_rsa": Entity("device-of-rsa", rsa_root, usage=CLIENT),
    }
    out = [TOP]
    for name, authority in (("root", root), ("other", other), ("rsa", rsa_root)):
        out.append(literal(f"ca_{name}", pem_certs([authority.cert])))
    for name, leaf in leaves.items():
        out.append(literal(f"cert_{name}", pem_certs(leaf.chain)))
        out.append(literal(f"key_{name}", pem_key(leaf.key)))
    out.append("#endif\n")
    HEADER.write_text("\n".join(out))


main()
