# SPDX-License-Identifier: Apache-2.0
"""Failures that are understood: whose fault each is, and by which section of which RFC.

A fault is (stacks, cases, pattern in the failure, whose, text): the first two are regular
expressions of the whole key and title.  What fails and stands nowhere here is unexplained, and
scripts/interop ends with an error.
"""

import re

OURS, THEIRS = "ours", "theirs"

FAULTS = [
    ("openssl", "renegotiation.*", "no renegotiation", THEIRS,
     "OpenSSL closes when its wish is refused, which RFC 5246, 7.2.2 leaves to the one who asked"),
    ("mbedtls", "renegotiation.*", "ServerHello in renegotiation", THEIRS,
     "Mbed TLS's client takes the no_renegotiation of RFC 5246, 7.2.2 for a message out of place and "
     "waits for a ServerHello for ever (ssl_tls12_client.c, ssl_parse_server_hello)"),
    ("node-dtls-client-.", ".*lost in turn.*", "no answer|timed out", THEIRS,
     "node-dtls-client never repeats a flight (dtls.ts, \"TODO: implement retransmission\"); RFC "
     "6347, 4.2.4"),
    ("wolfssl", ".*", "Bad ECC Peer Key|psk_(wrong|unknown)", THEIRS,
     "wolfSSL 5.5.4 refuses the key share of ECDHE_PSK, Mbed TLS's own server's as well; RFC 5489, "
     "2. Version 5.9 takes it"),
    ("wolfssl-new", "CID of . bytes for the client, of (20|32) for the server", "ConnectionID", THEIRS,
     "wolfSSL 5.9.4 takes CIDs of 10 bytes at most unless it is built with a larger "
     "DTLS_CID_MAX_SIZE; RFC 9146, 3 has 255. Ours have 8 by default"),
    ("wolfssl", "each datagram of the handshake lost in turn$", "s2c 2", THEIRS,
     "a wolfSSL 5.5.4 server does not repeat its last flight; RFC 6347, 4.2.4"),
    ("libcoap-gnutls", ".*lost in turn, key", r"c2s [234]: failed libcoap: no session", THEIRS,
     "libcoap 4.3.1 with GnuTLS ends a handshake with ECDHE_PSK (alert 40) when the server repeats "
     "its flight, of Mbed TLS's own server as well; RFC 6347, 4.2.4"),
    ("python-mbedtls", ".*lost in turn.*", "timed out", THEIRS,
     "python-mbedtls 2.10 never repeats a flight: its socket's time-out comes before the library's "
     "timer is looked at; RFC 6347, 4.2.4"),
    ("python-mbedtls", "close_notify from the client", "", THEIRS,
     "python-mbedtls 2.10 closes without close_notify; RFC 5246, 7.2.1"),
]


def explain(stack, title, failure):
    """(whose, text) or None."""
    for stacks, cases, pattern, whose, text in FAULTS:
        if re.fullmatch(stacks, stack.key) and re.fullmatch(cases, title) \
                and re.search(pattern, failure):
            return whose, text
    return None
