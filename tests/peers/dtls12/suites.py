# SPDX-License-Identifier: Apache-2.0
"""The cipher suites this peer speaks: one table, and the AEAD behind each row."""

from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import aead


class Suite(NamedTuple):
    id: int
    name: str
    kx: str             # PSK, ECDHE_PSK, ECDHE_ECDSA, ECDHE_RSA
    cipher: str         # CCM, GCM, CHACHA
    key_len: int
    tag_len: int

    @property
    def explicit_len(self):
        """Bytes of the nonce that travel in each record (RFC 5288, 3; none in RFC 7905)."""
        return 0 if self.cipher == "CHACHA" else 8

    @property
    def iv_len(self):
        return 12 - self.explicit_len

    @property
    def hash(self):
        """Of the pseudo-random function (RFC 5246, 5; RFC 5288, 3)."""
        return "sha384" if self.name.endswith("SHA384") else "sha256"

    @property
    def overhead(self):
        """What the AEAD adds to a record's body."""
        return self.explicit_len + self.tag_len

    def aead(self, key):
        if self.cipher == "CCM":
            return aead.AESCCM(key, tag_length=self.tag_len)
        return aead.AESGCM(key) if self.cipher == "GCM" else aead.ChaCha20Poly1305(key)


PSK_CCM_8 = Suite(0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", "PSK", "CCM", 16, 8)
PSK_CCM = Suite(0xC0A4, "TLS_PSK_WITH_AES_128_CCM", "PSK", "CCM", 16, 16)
PSK_GCM = Suite(0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", "PSK", "GCM", 16, 16)
PSK_CCM_8_256 = Suite(0xC0A9, "TLS_PSK_WITH_AES_256_CCM_8", "PSK", "CCM", 32, 8)
PSK_CCM_256 = Suite(0xC0A5, "TLS_PSK_WITH_AES_256_CCM", "PSK", "CCM", 32, 16)
PSK_GCM_256 = Suite(0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384", "PSK", "GCM", 32, 16)
PSK_CHACHA = Suite(0xCCAB, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", "PSK", "CHACHA", 32, 16)
ECDHE_PSK_CHACHA = Suite(0xCCAC, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
                         "ECDHE_PSK", "CHACHA", 32, 16)
ECDSA_CCM_8 = Suite(0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE_ECDSA", "CCM", 16, 8)
ECDSA_GCM = Suite(0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                  "ECDHE_ECDSA", "GCM", 16, 16)
ECDSA_CHACHA = Suite(0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                     "ECDHE_ECDSA", "CHACHA", 32, 16)
ECDSA_GCM_256 = Suite(0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                      "ECDHE_ECDSA", "GCM", 32, 16)
ECDSA_CCM_256 = Suite(0xC0AD, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", "ECDHE_ECDSA", "CCM", 32, 16)
ECDSA_CCM_8_256 = Suite(0xC0AF, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", "ECDHE_ECDSA", "CCM", 32, 8)
RSA_GCM = Suite(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE_RSA", "GCM", 16, 16)
RSA_GCM_256 = Suite(0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA", "GCM", 32, 16)

ALL = (PSK_CCM_8, PSK_CCM, PSK_GCM, PSK_CCM_8_256, PSK_CHACHA, ECDHE_PSK_CHACHA,
       ECDSA_CCM_8, ECDSA_GCM, ECDSA_CHACHA, RSA_GCM, PSK_CCM_256, PSK_GCM_256, ECDSA_GCM_256,
       ECDSA_CCM_256, ECDSA_CCM_8_256, RSA_GCM_256)
BY_ID = {suite.id: suite for suite in ALL}
PSK_SUITES = tuple(s for s in ALL if s.kx.endswith("PSK"))
CERT_SUITES = tuple(s for s in ALL if not s.kx.endswith("PSK"))
EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF
