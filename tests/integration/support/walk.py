# SPDX-License-Identifier: Apache-2.0
"""A DTLS client that sends the messages of a handshake in whatever order it is told.

Every message is as right as it can be there: it continues message_seq and the transcript, and keys
are made from what has been exchanged, or from an empty secret.  So a server that overlooks a missing
proof has nothing else to stumble over.
"""

import os
import time

from .client import dtls12

from dtls12 import hello as h  # noqa: E402
from dtls12 import keyexchange as kx  # noqa: E402
from dtls12 import messages as m  # noqa: E402
from dtls12 import prf  # noqa: E402
from dtls12 import record as rec  # noqa: E402
from dtls12 import suites as s  # noqa: E402


class Walker(dtls12.Client):
    """send_symbol() sends one of SYMBOLS or MORE; wait_state() waits for what the server makes of hellos."""

    def __init__(self, server, tag, **kwargs):
        super().__init__(server, rto=None, **kwargs)
        self.deaf = True
        self.tag = tag              # the payload of all application data
        self.hellos = {}
        self.changed = False        # a ChangeCipherSpec was sent: what follows is protected

    # what is there, or what stands for it

    def _share(self):
        exchange = self._exchange_keys
        if exchange is None or exchange._params is None:
            return kx.ecdh(h.X25519, os.urandom(32))
        return kx.ecdh(*exchange._params)

    def make_keys(self, premaster):
        """Keys of both directions; the other's random is zeros as long as it is unknown."""
        if self.server_hello is None:
            self.suite = self.suite or s.BY_ID[self.hello.suites[0].id]
            self.server_hello = h.ServerHello(rec.DTLS_1_2, bytes(32), b"", self.suite.id, 0, {})
            self.ems = True
        self._derive(premaster)

    def have_keys(self):
        if self.write_keys is None:
            self.make_keys(b"")

    def epoch(self):
        return 1 if self.changed and self.write_keys else 0

    def handshake_message(self, type_, body):
        self.emit(self.message(type_, body)._replace(epoch=self.epoch()))

    def emit(self, *flight):
        self.send_raw(*self.encode(flight))

    # the alphabet

    def client_hello(self):
        self.repeat_hello("hello1", self.make_hello1)

    def cookie_hello(self):
        self.repeat_hello("hello2", lambda: self.make_hello2(self.cookie or b""))

    def repeat_hello(self, stage, make):
        if stage not in self.hellos:
            if self.server_hello is not None:       # begun anew: as after a restart
                self.next_msg = stage == "hello2"
                self._transcript = b""
            self.hellos[stage] = make()
        self.transmit(stage, self.hellos[stage])

    def certificate(self):
        self.handshake_message(m.CERTIFICATE, kx.encode_certificate(self.cert))

    def empty_certificate(self):
        self.handshake_message(m.CERTIFICATE, kx.encode_certificate([]))

    def key_exchange(self, identity, ecdhe):
        point, shared = self._share() if ecdhe else (b"", None)
        body = (m.vector(2, self.psk[0]) if identity else b"") + \
            (m.vector(1, point) if ecdhe else b"")
        self.handshake_message(m.CLIENT_KEY_EXCHANGE, body)
        if self.epoch() == 0:
            self.make_keys(prf.psk_premaster(self.psk[1], shared) if identity else shared)

    def certificate_verify(self):
        body = kx.certificate_verify(self.cert_key, self._transcript)
        self.handshake_message(m.CERTIFICATE_VERIFY, body)

    def change_cipher_spec(self):
        self.emit(dtls12.CCS)
        self.changed = True

    def finished(self, epoch=1, wrong=False):
        self.have_keys()
        data = prf.verify_data(self.master_secret, "client", self._transcript,
                               self.suite.hash)
        self.emit(self.message(m.FINISHED, bytes(12) if wrong else data)._replace(epoch=epoch))

    def data(self, epoch):
        if epoch:
            self.have_keys()
        self.send_raw(self.seal(rec.APPLICATION, self.tag, epoch=epoch))

    def fatal_alert(self):
        self.send_raw(self.seal(rec.ALERT, bytes([2, 40]), epoch=self.epoch()))

    def close_notify(self):
        self.send_raw(self.seal(rec.ALERT, bytes([1, 0]), epoch=self.epoch()))

    def renegotiation(self):
        """Another hello under the keys of this session or handshake."""
        self.have_keys()
        self.emit(self.message(m.CLIENT_HELLO, self.hello.encode(b""))._replace(epoch=1))

    # steps

    def send_symbol(self, name):
        {**SYMBOLS, **MORE}[name](self)

    def wait_state(self, state, deadline):
        """Until the server's answer to the last hello is complete; the hello is repeated."""
        stage = "hello1" if state == "hvr" else "hello2"
        while self.state != state:
            try:
                self.take(min(deadline, time.monotonic() + 0.2))
            except dtls12.Timeout:
                if time.monotonic() >= deadline:
                    raise
                self.transmit(stage, self.hellos[stage])


SYMBOLS = {
    "hello": Walker.client_hello,
    "cookie": Walker.cookie_hello,
    "cert": Walker.certificate,
    "nocert": Walker.empty_certificate,
    "psk": lambda w: w.key_exchange(True, False),
    "ecpsk": lambda w: w.key_exchange(True, True),
    "ec": lambda w: w.key_exchange(False, True),
    "verify": Walker.certificate_verify,
    "ccs": Walker.change_cipher_spec,
    "fin": Walker.finished,
    "badfin": lambda w: w.finished(wrong=True),
    "clearfin": lambda w: w.finished(epoch=0),
    "data": lambda w: w.data(1),
    "cleardata": lambda w: w.data(0),
    "alert": Walker.fatal_alert,
    "again": Walker.renegotiation,
}
# For single walks only: every one of the above multiplies the orders there are
MORE = {"close": Walker.close_notify}
