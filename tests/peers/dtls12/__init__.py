# SPDX-License-Identifier: Apache-2.0
"""An independent DTLS 1.2 client for tests, scriptable down to the byte.

    import dtls12
    c = dtls12.Client(("127.0.0.1", port), psk=(b"Kalle", bytes.fromhex("deadbeefdeadbeef")))
    c.handshake()
    c.send(b"hello"); assert c.recv(2) == b"hello"
    c.rebind()                                  # another source port, same session
    c.send(b"again"); assert c.recv(2) == b"again"
    c.close()

PSK and certificates, AEAD suites (dtls12.suites), extended master secret, Connection ID.
Shares no code with the product.  Client (client.py) is the reference of the API;
hostile (hostile/) holds the malformed inputs, oracle.py what is watched in every test.
"""

from . import errors, hello, messages, prf, record, suites
from .client import CCS, PATH_CHALLENGE, PATH_DROP, PATH_RESPONSE, Client, Out
from .errors import (AlertReceived, BadRecord, Closed, CookieRejected, DtlsError, NonceReuse,
                     ProtocolError, Timeout)
from .oracle import ORACLE, NonceOracle

__all__ = ["AlertReceived", "BadRecord", "CCS", "Client", "Closed", "CookieRejected", "DtlsError",
           "NonceOracle", "NonceReuse", "ORACLE", "Out", "PATH_CHALLENGE", "PATH_DROP",
           "PATH_RESPONSE", "ProtocolError", "Timeout", "errors",
           "hello", "messages", "prf", "record", "suites"]
