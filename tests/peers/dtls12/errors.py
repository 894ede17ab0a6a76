# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as types a test can expect."""

ALERTS = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
    40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate",
    44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
    47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security",
    80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
    100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension",
    112: "unrecognized_name", 115: "unknown_psk_identity", 116: "certificate_required",
}


class DtlsError(Exception):
    """Base of everything this package raises about the peer."""


class Timeout(DtlsError, TimeoutError):
    """Nothing (more) came before the deadline."""


class Closed(DtlsError):
    """The peer closed the session with an authenticated close_notify."""


class ProtocolError(DtlsError):
    """The server broke a rule of the protocol: the test has found something."""


class CookieRejected(DtlsError):
    """The server answered a ClientHello that carried a cookie with a HelloVerifyRequest."""


class BadRecord(DtlsError):
    """Bytes that are no record, or a record that does not authenticate.  `reason` is one word."""

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


class AlertReceived(DtlsError):
    """A fatal alert.  `authenticated` tells whether it came under the session's keys."""

    def __init__(self, level, description, authenticated=False):
        self.level = level
        self.description = description
        self.name = ALERTS.get(description, f"alert_{description}")
        self.authenticated = authenticated
        how = "encrypted" if authenticated else "plaintext"
        super().__init__(f"{how} alert {self.name} ({description}), level {level}")


class NonceReuse(AssertionError):
    """Two different records came under one (key, nonce): the end of AEAD security."""
