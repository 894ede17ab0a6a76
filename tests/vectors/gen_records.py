#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Write tests/unit/record_vectors.h: records and key blocks made by the Python peer.

Deterministic: the same header each time.  --check fails when the header on disk is not that one.
captured.json (see capture_records.py) adds records that other DTLS stacks sent.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))

from dtls12 import prf, record, suites  # noqa: E402

HEADER = HERE.parent / "unit" / "record_vectors.h"
SUITES = (suites.PSK_CCM_8, suites.PSK_CCM, suites.PSK_GCM, suites.PSK_CCM_8_256,
          suites.PSK_CHACHA, suites.PSK_CCM_256, suites.PSK_GCM_256)
CIDS = (0, 1, 8, 32)
NUMBERS = ((1, 0), (1, 1), (1, 1 << 16), (1, 0x0123456789AB), (1, (1 << 48) - 1), (2, 77))
WIRE_MAX = 1100         # longer records are given by their hash only

TOP = """\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_vectors.h - records and key blocks made by other implementations
 *
 * Written by tests/vectors/gen_records.py; do not edit.  Byte strings are hex.  The payload of a
 * vector without @data is the bytes (i * 7 + 3) & 0xff, i = 0 .. @len - 1.  A vector without @wire
 * is to be compared by the SHA-256 of the record.
 */
/* clang-format off */
#ifndef RECORD_VECTORS_H
#define RECORD_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/*
 * One record.  @number: epoch << 48 | sequence.  @type: inner content type.  @padding: zeros behind
 * it, with a CID.  @open_only: the sender chose another explicit nonce than @number (RFC 5288, 3).
 */
struct record_vector {
	const char *name, *key, *iv, *cid;
	uint16_t suite;
	uint8_t type;
	uint8_t open_only;
	uint64_t number;
	size_t padding, len, wire_len;
	const char *data, *wire, *sha256;
};

/* RFC 5246, 6.3: the key block, cut into client key, server key, client IV, server IV. */
struct kdf_vector {
	uint16_t suite;
	const char *master, *client_random, *server_random;
	const char *client_key, *server_key, *client_iv, *server_iv;
};

/* RFC 4279, 2 or 5489, 2, then RFC 5246, 8.1 (@session_hash NULL) or RFC 7627, 4. */
struct master_vector {
	const char *psk, *ecdh, *client_random, *server_random, *session_hash, *master;
};
"""


def secret(label, length):
    """Bytes that look random and are the same each time."""
    return hashlib.shake_128(label.encode()).digest(length)


def pattern(length):
    return bytes((i * 7 + 3) & 0xFF for i in range(length))


def shapes(cid_len):
    """(length, padding, inner type) of the vectors for one suite and CID length."""
    for length in (0, 1, 16, 64, 16384) + ((1000,) if cid_len in (0, 8) else ()):
        yield length, 0, record.APPLICATION
    yield 2, 0, record.ALERT
    if cid_len:
        yield from ((16, 1, record.APPLICATION), (0, 15, record.APPLICATION),
                    (5, 200, record.APPLICATION), (2, 3, record.ALERT))


def made():
    """The vectors of the Python peer, as dictionaries."""
    count = 0
    for suite in SUITES:
        for cid_len in CIDS:
            for length, padding, type_ in shapes(cid_len):
                name = f"{suite.name} cid {cid_len} len {length} pad {padding} type {type_}"
                keys = record.WriteKeys(suite, secret(name + " key", suite.key_len),
                                        secret(name + " iv", suite.iv_len))
                cid = secret(name + " cid", cid_len)
                epoch, seq = NUMBERS[count % len(NUMBERS)]
                count += 1
                wire = keys.seal(type_, pattern(length), epoch, seq, cid, padding)
                yield {"name": name, "suite": suite.id, "key": keys.key.hex(),
                       "iv": keys.iv.hex(), "cid": cid.hex(), "type": type_, "open_only": 0,
                       "number": epoch << 48 | seq, "padding": padding, "len": length,
                       "data": None, "wire": wire.hex()}


def captured():
    path = HERE / "captured.json"
    return json.loads(path.read_text()) if path.exists() else []


def string(text, indent):
    """A C string literal over as many lines as it needs; NULL for None."""
    if text is None:
        return "NULL"
    parts = [text[i:i + 84] for i in range(0, len(text), 84)] or [""]
    return ("\n" + indent).join(f'"{part}"' for part in parts)


def record_text(v):
    wire = bytes.fromhex(v["wire"])
    shown = v["wire"] if len(wire) <= WIRE_MAX else None
    lines = [f'.name = {string(v["name"], "")},',
             f'.suite = {v["suite"]:#06x}, .type = {v["type"]}, .open_only = {v["open_only"]},',
             f'.number = {v["number"]:#x}ULL,',
             f'.padding = {v["padding"]}, .len = {v["len"]}, .wire_len = {len(wire)},']
    for field in ("key", "iv", "cid", "data"):
        lines.append(f'.{field} = {string(v[field], "		       ")},')
    lines.append(f'.wire = {string(shown, "		       ")},')
    lines.append(f'.sha256 = "{hashlib.sha256(wire).hexdigest()}",')
    return "\t{\n" + "".join(f"\t\t{line}\n" for line in lines) + "\t},\n"


def table(kind, name, rows):
    return f"\nstatic const struct {kind} {name}[] = {{\n{''.join(rows)}}};\n"


def kdf_rows():
    for suite in SUITES + (suites.ECDHE_PSK_CHACHA, suites.ECDSA_CCM_8, suites.ECDSA_GCM,
                           suites.RSA_GCM):
        master, client, server = (secret(f"{suite.name} {x}", n) for x, n in
                                  (("master", 48), ("client", 32), ("server", 32)))
        block = prf.key_block(master, client, server, record.block_length(suite), suite.hash)
        ours, theirs = record.derive(suite, block)
        values = [master, client, server, ours.key, theirs.key, ours.iv, theirs.iv]
        body = "".join(f'\t\t{string(x.hex(), "		")},\n' for x in values)
        yield f"\t{{\n\t\t{suite.id:#06x},\n{body}\t}},\n"


def master_rows():
    for psk_len in (1, 8, 16, 64):
        for ecdh in (None, secret("ecdh", 32)):
            for ems in (False, True):
                name = f"master {psk_len} {ecdh is None} {ems}"
                psk, client, server, transcript = (secret(name + x, n) for x, n in (
                    ("psk", psk_len), ("client", 32), ("server", 32), ("transcript", 300)))
                premaster = prf.psk_premaster(psk, ecdh)
                digest = hashlib.sha256(transcript).digest() if ems else None
                master = prf.extended_master_secret(premaster, transcript) if ems else \
                    prf.master_secret(premaster, client, server)
                values = [psk, ecdh, client, server, digest, master]
                body = "".join(f'\t\t{string(x.hex() if x else None, "		")},\n' for x in values)
                yield f"\t{{\n{body}\t}},\n"


def text():
    rows = [record_text(v) for v in list(made()) + captured()]
    return (TOP + table("record_vector", "record_vectors", rows)
            + table("kdf_vector", "kdf_vectors", kdf_rows())
            + table("master_vector", "master_vectors", master_rows())
            + "\n#endif\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    new = text()
    if not parser.parse_args().check:
        HEADER.write_text(new)
    elif HEADER.read_text() != new:
        sys.exit(f"{HEADER} is not what {Path(__file__).name} makes: run it")


if __name__ == "__main__":
    main()
