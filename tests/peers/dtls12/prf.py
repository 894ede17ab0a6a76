# SPDX-License-Identifier: Apache-2.0
"""The TLS 1.2 pseudo-random function and what is derived with it; SHA-256, as every suite here."""

import hashlib
import hmac
import struct


def prf(secret, label, seed, length):
    """RFC 5246, 5: P_SHA256(secret, label + seed), first `length` bytes."""
    seed = label + seed
    out, a = b"", seed
    while len(out) < length:
        a = hmac.digest(secret, a, "sha256")
        out += hmac.digest(secret, a + seed, "sha256")
    return out[:length]


def psk_premaster(psk, other=None):
    """RFC 4279, 2; with the ECDH result as `other`: RFC 5489, 2."""
    other = bytes(len(psk)) if other is None else other
    return struct.pack(">H", len(other)) + other + struct.pack(">H", len(psk)) + psk


def master_secret(premaster, client_random, server_random):
    """RFC 5246, 8.1: the classic derivation, without the transcript."""
    return prf(premaster, b"master secret", client_random + server_random, 48)


def extended_master_secret(premaster, transcript):
    """RFC 7627, 4: bound to every handshake message up to ClientKeyExchange."""
    return prf(premaster, b"extended master secret", hashlib.sha256(transcript).digest(), 48)


def key_block(master, client_random, server_random, length):
    """RFC 5246, 6.3: note that the server's random comes first here."""
    return prf(master, b"key expansion", server_random + client_random, length)


def verify_data(master, side, transcript):
    """RFC 5246, 7.4.9.  `side` is "client" or "server"."""
    label = side.encode() + b" finished"
    return prf(master, label, hashlib.sha256(transcript).digest(), 12)
