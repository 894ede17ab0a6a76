#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Write captured.json: records sent by Mbed TLS, GnuTLS and OpenSSL servers, with their keys.

Needs gnutls-serv, openssl and build/peers/mbed_server (`make peers`).  Run it only to renew the
vectors: keys are fresh each time.  Then run gen_records.py.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))

import stock_servers as servers  # noqa: E402
from dtls12 import Client, Timeout, record, suites  # noqa: E402

PAYLOADS = (b"", b"x", b"sixteen bytes 16", b"line\n" * 40)


def vector(client, opened, source):
    seq_nonce = client.read_keys.nonce(record.number(opened.epoch, opened.seq))
    return {"name": f"{source} {client.suite.name} cid {len(client.own_cid or b'')} "
                    f"len {len(opened.plaintext)}",
            "suite": client.suite.id, "key": client.read_keys.key.hex(),
            "iv": client.read_keys.iv.hex(), "cid": (client.own_cid or b"").hex(),
            "type": opened.type, "open_only": int(opened.nonce != seq_nonce),
            "number": opened.epoch << 48 | opened.seq, "padding": opened.padding,
            "len": len(opened.plaintext), "data": opened.plaintext.hex(),
            "wire": client.last_record_raw.hex()}


def capture(server, suite, cid):
    """The records one server sends back for PAYLOADS."""
    found = []
    with server, Client(server.address, servers.PSK, [suite], cid) as client:
        client.handshake()
        for payload in PAYLOADS:
            server.reply(client, payload)
            try:
                found.append(vector(client, client.recv_opened(0.5), server.name))
            except Timeout:
                pass                    # an empty record is not echoed by everybody
    return found


def main():
    found = []
    for suite in suites.PSK_SUITES:
        for kind in (servers.GnuTls, servers.OpenSsl):
            found += capture(kind(suite), suite, None)
        for cid in (b"\x01", b"\x02" * 8, b"\x03" * 32):
            found += capture(servers.Mbed(suite), suite, cid)
    (HERE / "captured.json").write_text(json.dumps(found, indent=1) + "\n")
    print(f"{len(found)} records")


if __name__ == "__main__":
    main()
