# SPDX-License-Identifier: Apache-2.0
"""The TLS 1.2 pseudo-random function and what is derived with it, by the hash of the suite."""

import hashlib
import hmac
import struct


def prf(secret, label, seed, length, name="sha256"):
    """RFC 5246, 5: P_hash(secret, label + seed), first `length` bytes."""
    seed = label + seed
    out, a = b"", seed
    while len(out) < length:
        a = hmac.digest(secret, a, name)
        out += hmac.digest(secret, a + seed, name)
    return out[:length]


def psk_premaster(psk, other=None):
    """RFC 4279, 2; with the ECDH result as `other`: RFC 5489, 2."""
    other = bytes(len(psk)) if other is None else other
    return struct.pack(">H", len(other)) + other + struct.pack(">H", len(psk)) + psk


def master_secret(premaster, client_random, server_random, name="sha256"):
    """RFC 5246, 8.1: the classic derivation, without the transcript."""
    return prf(premaster, b"master secret", client_random + server_random, 48, name)


def extended_master_secret(premaster, transcript, name="sha256"):
    """RFC 7627, 4: bound to every handshake message up to ClientKeyExchange."""
    return prf(premaster, b"extended master secret", hashlib.new(name, transcript).digest(), 48,
               name)


def key_block(master, client_random, server_random, length, name="sha256"):
    """RFC 5246, 6.3: note that the server's random comes first here."""
    return prf(master, b"key expansion", server_random + client_random, length, name)


def verify_data(master, side, transcript, name="sha256"):
    """RFC 5246, 7.4.9.  `side` is "client" or "server"."""
    label = side.encode() + b" finished"
    return prf(master, label, hashlib.new(name, transcript).digest(), 12, name)
