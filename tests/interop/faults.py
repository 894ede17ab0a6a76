# SPDX-License-Identifier: Apache-2.0
"""Failures that are understood: whose fault each is, and by which section of which RFC.

A fault is (stacks, cases, pattern in the failure, whose, text): the first two are regular
expressions of the whole key and title.  What fails and stands nowhere here is unexplained, and
scripts/interop ends with an error.
"""

import re

OURS, THEIRS = "ours", "theirs"

FAULTS = [
    (".*", r"(?!PSK AES_256_CCM_8).*AES_256_(GCM|CCM).*", "no_suite|alert", OURS,
     "the AES-256 suites of RFC 5487, 5289, 6655 and 7251 are not in our list, but for PSK CCM_8"),
    (".*", "server has key and certificate.*", "event=established|no answer|failed", OURS,
     "the server's order of suites has certificates before keys; RFC 5246, 7.4.1.2 has the client's "
     "list in the client's order of preference"),
    (".*", "without the extended master secret", "no_ems", OURS,
     "the extended master secret is required by default; RFC 7627, 5.3 says that a server SHOULD "
     "abort without it, or go on and let no session be resumed, which none of ours can be"),
    (".*", "return routability check.*", "no extension 61", OURS,
     "the return routability check of RFC 9853 is not there"),
    (".*", "DTLS 1.3 only.*", "no answer|no protocol_version", OURS,
     "a hello with no version of ours gets no protocol_version (RFC 8446, 4.2.1 and RFC 5246, "
     "E.1), but a HelloVerifyRequest"),
    (".*", "renegotiation.*", "no answer", OURS,
     "a hello within the session is not answered; RFC 5246, 7.2.2: SHOULD be answered by "
     "no_renegotiation"),
    ("node-.*", ".*", "silence", OURS,
     "our first record after the handshake has number 65536; their replay window takes nothing "
     "more than 64 ahead. RFC 6347, 4.1.2.6 knows no such limit, but we need not jump"),
    ("wolfssl", ".*", "Bad ECC Peer Key|psk_(wrong|unknown)", THEIRS,
     "wolfSSL 5.5.4 refuses the key share of ECDHE_PSK, Mbed TLS's own server's as well; RFC 5489, "
     "2. Version 5.9 takes it"),
    ("wolfssl", "each datagram of the handshake lost in turn$", "s2c 2", THEIRS,
     "a wolfSSL 5.5.4 server does not repeat its last flight; RFC 6347, 4.2.4"),
    ("libcoap-gnutls", ".*lost in turn, key", "c2s 2", THEIRS,
     "libcoap 4.3.1 with GnuTLS ends a handshake with ECDHE_PSK (alert 40) when the server repeats "
     "its flight, of Mbed TLS's own server as well; RFC 6347, 4.2.4"),
    ("python-mbedtls", ".*lost in turn.*", "timed out", THEIRS,
     "python-mbedtls 2.10 never repeats a flight: its socket's time-out comes before the library's "
     "timer is looked at; RFC 6347, 4.2.4"),
    ("python-mbedtls", "close_notify from the client", "", THEIRS,
     "python-mbedtls 2.10 closes without close_notify; RFC 5246, 7.2.1"),
    ("pion3", ".*lost in turn, CID", "s2c 2", THEIRS,
     "repeats its Finished with the same record number, which the replay window drops; RFC 6347, "
     "4.1 wants another number for each record"),
]


def explain(stack, title, failure):
    """(whose, text) or None."""
    for stacks, cases, pattern, whose, text in FAULTS:
        if re.fullmatch(stacks, stack.key) and re.fullmatch(cases, title) \
                and re.search(pattern, failure):
            return whose, text
    return None
