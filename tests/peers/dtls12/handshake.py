# SPDX-License-Identifier: Apache-2.0
"""The client's side of a full handshake, in steps a test can stop between."""

import hmac
import struct
import time
from typing import NamedTuple, Union

from . import hello as h
from . import keyexchange as kx
from . import messages as m
from . import prf
from . import record as rec
from . import suites as s
from .endpoint import Endpoint
from .errors import AlertReceived, Closed, CookieRejected, ProtocolError, Timeout


class Out(NamedTuple):
    """One item of a flight: a handshake Message, or raw bytes of another content type."""
    type: int
    epoch: int
    body: Union[bytes, m.Message]


CCS = Out(rec.CCS, 0, b"\1")

# The server's flight in the only order allowed (RFC 5246, 7.3).
_ORDER = (m.SERVER_HELLO, m.CERTIFICATE, m.SERVER_KEY_EXCHANGE, m.CERTIFICATE_REQUEST,
          m.SERVER_HELLO_DONE)


# RFC 9853, 4
PATH_CHALLENGE, PATH_RESPONSE, PATH_DROP = 0, 1, 2


class Handshake(Endpoint):
    """Steps hello1(), hello2(), flight3(); Client documents them."""

    def _begin(self, suites, psk, cid, ems, ca, cert, key, server_name, groups, extensions):
        self.psk, self.ca = psk, kx.load_chain(ca) if ca is not None else []
        self.cert = kx.load_chain(cert) if cert is not None else []
        self.cert_key = kx.load_key(key) if key is not None else None
        self.server_name = server_name
        self.own_cid = cid
        self.require_ems = ems == "require"
        known = [s.BY_ID.get(getattr(x, "id", x)) for x in suites]
        self.hello = h.ClientHello(suites=list(suites))
        self.hello.extensions = h.default_extensions(
            [x for x in known if x], cid, ems != "never", server_name, groups) + list(extensions)
        self.state = "start"
        self.cookie = None
        self.hvr_count = 0
        self.retransmits = 0
        self.server_hello = None
        self.server_chain = []
        self.ems = False
        self.rrc = False
        self.path_answer = PATH_RESPONSE
        self.path_messages = []         # (kind, cookie) of the server's, RFC 9853
        self.master_secret = None
        self.server_finished = False
        self.sent_seqs = {}             # stage -> record numbers our transmissions used
        self.next_msg = 0
        self._transcript = b""
        self._inbox = m.Reassembler()
        self._order = -1
        self._exchange_keys = None
        self._cert_requested = None
        self._queue = []                # application records held until recv()
        self.kept_flight = None
        self.deaf = False               # see Client
        self._fault = None              # sticky: raised when nothing is left to deliver

    # building flights

    def message(self, type_, body):
        """An Out in epoch 0 with the next message_seq, entered into the transcript."""
        message = m.Message(type_, self.next_msg, body)
        self.next_msg += 1
        self._transcript += message.encode()
        return Out(rec.HANDSHAKE, 0, message)

    def make_hello1(self):
        return [self.message(m.CLIENT_HELLO, self.hello.encode(b""))]

    def make_hello2(self, cookie=None):
        """The hello again with the cookie; hello1 and the answer leave the transcript."""
        self._transcript = b""
        cookie = self.cookie if cookie is None else cookie
        return [self.message(m.CLIENT_HELLO, self.hello.encode(cookie))]

    def make_flight3(self):
        """[Certificate], ClientKeyExchange, [CertificateVerify], CCS, Finished.  Makes the keys."""
        flight = []
        if self._cert_requested is not None:
            flight.append(self.message(m.CERTIFICATE, kx.encode_certificate(self.cert)))
        body, premaster = self._exchange_keys.client_key_exchange()
        flight.append(self.message(m.CLIENT_KEY_EXCHANGE, body))
        self._derive(premaster)
        if self._cert_requested is not None and self.cert:
            if h.ECDSA_SHA256 not in self._cert_requested[1]:
                raise ProtocolError("the server does not take ECDSA with SHA-256")
            body = kx.certificate_verify(self.cert_key, self._transcript)
            flight.append(self.message(m.CERTIFICATE_VERIFY, body))
        data = prf.verify_data(self.master_secret, "client", self._transcript,
                               self.suite.hash)
        finished = self.message(m.FINISHED, data)._replace(epoch=1)
        return flight + [CCS, finished]

    def make_flight3_kept(self):
        """make_flight3(), kept in kept_flight for a test that sends it by hand and repeats it."""
        self.kept_flight = self.make_flight3()
        return self.kept_flight

    def _derive(self, premaster):
        server_random = self.server_hello.random
        if self.ems:
            self.master_secret = prf.extended_master_secret(premaster, self._transcript,
                                                            self.suite.hash)
        else:
            self.master_secret = prf.master_secret(premaster, self.hello.random, server_random,
                                                   self.suite.hash)
        block = prf.key_block(self.master_secret, self.hello.random, server_random,
                              rec.block_length(self.suite), self.suite.hash)
        self.write_keys, self.read_keys = rec.derive(self.suite, block)

    # sending flights

    def encode(self, flight, fragment=None):
        """The wire records of a flight, with new record numbers at each call.

        `fragment` is the largest piece of a handshake message, bytes; default what self.mtu,
        the largest datagram, leaves room for.
        """
        records = []
        for item in flight:
            pieces = [item.body]
            if isinstance(item.body, m.Message):
                room = self.mtu - rec.HEADER_LEN - m.HEADER_LEN
                if item.epoch:
                    room -= self.suite.overhead + len(self.server_cid) + 1
                pieces = item.body.fragments(fragment or self.fragment or room)
            records += [self.seal(item.type, piece, epoch=item.epoch) for piece in pieces]
        return records

    def pack(self, records):
        """Datagrams of at most self.mtu bytes, records in order."""
        datagrams = []
        for one in records:
            if datagrams and len(datagrams[-1]) + len(one) <= self.mtu:
                datagrams[-1] += one
            else:
                datagrams.append(one)
        return datagrams

    def transmit(self, stage, flight):
        """Send a flight once: encode(), then the on_flight hook or pack()."""
        before = self.next_seq[0]
        records = self.encode(flight)
        used = self.sent_seqs.setdefault(stage, set())
        used.update(range(before, self.next_seq[0]))
        datagrams = self.on_flight(stage, records) if self.on_flight else None
        self.send_raw(*(self.pack(records) if datagrams is None else datagrams))

    def exchange(self, stage, flight, done, timeout):
        """Send a flight, again after each back-off, until done(); Timeout, or what came instead."""
        deadline = time.monotonic() + timeout
        rto = self.rto or timeout
        self.transmit(stage, flight)
        resend = time.monotonic() + rto
        while not done():
            try:
                self.take(min(deadline, resend))
            except Timeout:
                if time.monotonic() >= deadline:
                    raise Timeout(f"{stage}: no complete answer in {timeout} s") from None
                rto = min(2 * rto, 60)
                resend = time.monotonic() + rto
                self.retransmits += 1
                self.transmit(stage, flight)
            if self._fault is not None:
                raise self._fault

    # receiving

    def take(self, deadline):
        """Process the next datagram; Timeout.  A fatal alert is kept in self._fault."""
        for datagram in self._datagrams(deadline):
            for record in self._split(datagram):
                self._dispatch(record)

    def _dispatch(self, record):
        if record.epoch == 0:
            if self.state in ("established", "closed"):
                self.stats["plain"] += 1
            else:
                self._plain(record)
            return
        if record.epoch != 1 or self.read_keys is None:
            self.stats["early" if record.epoch == 1 else "epoch"] += 1
            return
        opened = self._authenticate(record)
        if opened is not None:
            self._opened(opened)

    def _plain(self, record):
        if record.type == rec.ALERT and len(record.fragment) == 2:
            level, description = record.fragment
            if level == 2 and not self.deaf:
                self._fault = AlertReceived(level, description)
            else:
                self.stats["warning"] += 1
        elif record.type == rec.CCS:
            self.stats["ccs"] += 1
        elif record.type == rec.HANDSHAKE:
            for fragment in m.parse_fragments(record.fragment):
                if fragment.type == m.HELLO_VERIFY_REQUEST:
                    self._hello_verify(record, fragment)
                else:
                    self._fragment(fragment, 0)
        else:
            self.stats["plain"] += 1

    def _hello_verify(self, record, fragment):
        """RFC 6347, 4.2.1: the record number tells which of our hellos this answers."""
        self.hvr_count += 1
        _, cookie = h.parse_hello_verify_request(fragment.data)
        ours = record.seq in self.sent_seqs.get("hello1", ())
        if self.state == "start" and (ours or not self.deaf):
            if not ours:
                self.violations.append(f"HelloVerifyRequest in record {record.seq}, "
                                       "not the number of our ClientHello")
            self.cookie, self.state = cookie, "hvr"
            self._inbox.next_seq = fragment.seq + 1
        elif self.state == "hvr" and record.seq in self.sent_seqs.get("hello2", ()):
            self.cookie = cookie
            self._fault = CookieRejected("the server asks for a cookie again")
        else:
            self.stats["late_hvr"] += 1

    def _fragment(self, fragment, epoch):
        first = self._order < 0 and fragment.type == m.SERVER_HELLO
        if first and fragment.seq in (1, self.next_msg - 1):
            self._inbox.next_seq = max(self._inbox.next_seq, fragment.seq)
        if not self._inbox.add(fragment):
            self.stats["late_handshake"] += 1
            return
        while (message := self._inbox.pop()) is not None:
            self._message(message, epoch)

    def _message(self, message, epoch):
        if message.type == m.HELLO_REQUEST:
            self.stats["hello_request"] += 1
            return
        if message.type == m.FINISHED:
            return self._finished(message, epoch)
        early = self._order < 0 and message.type != m.SERVER_HELLO
        if message.type not in _ORDER or epoch or early or \
                _ORDER.index(message.type) <= self._order:
            raise ProtocolError(f"handshake message {message.type} out of order")
        self._order = _ORDER.index(message.type)
        self._transcript += message.encode()
        (self._server_hello, self._certificate, self._server_key_exchange,
         self._certificate_request, self._hello_done)[self._order](message.body)

    def _server_hello(self, body):
        hello = self.server_hello = h.parse_server_hello(body)
        offered = {getattr(x, "id", x) for x in self.hello.suites}
        extensions = {t for t, _ in self.hello.extensions}
        if hello.version != rec.DTLS_1_2 or hello.compression:
            raise ProtocolError(f"ServerHello version {hello.version:#06x}, "
                                f"compression {hello.compression}")
        if hello.suite not in offered or hello.suite not in s.BY_ID:
            raise ProtocolError(f"the server chose suite {hello.suite:#06x}")
        if not set(hello.extensions) <= extensions:
            raise ProtocolError(f"extensions not offered: {set(hello.extensions) - extensions}")
        self.suite = s.BY_ID[hello.suite]
        self.ems = h.EXTENDED_MASTER_SECRET in hello.extensions
        if self.require_ems and not self.ems:
            raise ProtocolError("no extended master secret (RFC 7627) in ServerHello")
        self.rrc = h.RRC in hello.extensions
        if self.rrc and (hello.extensions[h.RRC] or h.CONNECTION_ID not in hello.extensions):
            raise ProtocolError("rrc extension with content, or without connection_id (RFC 9853, 3)")
        if h.CONNECTION_ID in hello.extensions:
            self.server_cid = h.parse_cid(hello.extensions[h.CONNECTION_ID])
        else:
            self.own_cid = None
        self._exchange_keys = kx.KeyExchange(self.suite.kx, self.psk)

    def _certificate(self, body):
        self.server_chain = kx.parse_certificate(body)

    def _server_key_exchange(self, body):
        self._exchange_keys.server_key_exchange(body)

    def _certificate_request(self, body):
        self._cert_requested = kx.parse_certificate_request(body)

    def _hello_done(self, body):
        if body:
            raise ProtocolError("ServerHelloDone with a body")
        signed = self._exchange_keys.signed
        if not self.suite.kx.endswith("PSK"):
            kx.check_chain(self.server_chain, self.ca, self.server_name)
            if signed is None:
                raise ProtocolError("no ServerKeyExchange in the server's flight")
            scheme, signature, params = signed
            data = self.hello.random + self.server_hello.random + params
            kx.verify_signature(self.server_chain[0].public_key(), scheme, signature, data)
        self.state = "hello_done"

    def _finished(self, message, epoch):
        if epoch != 1 or self.state != "keyed":
            raise ProtocolError(f"Finished in epoch {epoch}, state {self.state}")
        data = prf.verify_data(self.master_secret, "server", self._transcript,
                               self.suite.hash)
        if not hmac.compare_digest(data, message.body):
            raise ProtocolError("the server's Finished does not verify")
        self.state = "established"

    def _opened(self, opened):
        if opened.type == rec.HANDSHAKE:
            for fragment in m.parse_fragments(opened.plaintext):
                self._fragment(fragment, 1)
        elif opened.type == rec.APPLICATION:
            self._queue.append(opened)
        elif opened.type == rec.ALERT and len(opened.plaintext) == 2:
            self._alert(*struct.unpack("BB", opened.plaintext))
        elif opened.type == rec.RRC and self.rrc and len(opened.plaintext) == 9:
            self._path(opened.plaintext[0], opened.plaintext[1:])
        else:
            self.violations.append(f"inner type {opened.type}, {len(opened.plaintext)} bytes")

    def _path(self, kind, cookie):
        """RFC 9853, 5.4: a challenge is answered at once, from where it came to."""
        self.path_messages.append((kind, cookie))
        if kind == PATH_CHALLENGE and self.path_answer is not None:
            self.path(self.path_answer, cookie)

    def path(self, kind, cookie):
        """Send a message of RFC 9853."""
        self.send_raw(self.seal(rec.RRC, bytes([kind]) + cookie))

    def _alert(self, level, description):
        if description == 0:
            if self.state == "established":
                self.send_raw(self.seal(rec.ALERT, b"\1\0"))
            self._fault = self._fault or Closed("close_notify")
            self.state = "closed"
        elif level == 2:
            self._fault = AlertReceived(level, description, True)
            self.state = "closed"
        else:
            self.stats["warning"] += 1
