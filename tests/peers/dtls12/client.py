# SPDX-License-Identifier: Apache-2.0
"""Client: what tests use.  Blocking, one socket, a deadline on every wait."""

import time

from . import record as rec
from . import suites as s
from .endpoint import Endpoint
from .errors import AlertReceived, ProtocolError, Timeout
from .handshake import CCS, PATH_CHALLENGE, PATH_DROP, PATH_RESPONSE, Handshake, Out
from .hello import RRC

__all__ = ["CCS", "Client", "Out", "PATH_CHALLENGE", "PATH_DROP", "PATH_RESPONSE"]


class Client(Handshake):
    """A DTLS 1.2 client.

    Arguments: `server` (host, port); `psk` (identity, key), bytes; `suites` in order of
    preference, Suite or plain numbers (unknown ones may be offered, not spoken); `cid` our own
    Connection ID, 0..32 bytes (b"": we take records without, the server's are still used), None:
    no extension 54.  `ca` (PEM, path or bytes) trust anchors or the pinned server certificate;
    `cert`, `key` (PEM, ECDSA P-256) client certificate; `server_name` SNI and name check.
    `ems` "require" (default), "offer" or "never"; `extensions` more (type, body) pairs; `rrc` offers
    RFC 9853, then .rrc says whether the server took it.
    `rto` first retransmission time-out in seconds, doubled each time; None: never retransmit.
    `mtu` largest datagram of a flight; `fragment` largest piece of a handshake message.
    `sock` use this UDP socket; `oracle` another NonceOracle than the process-wide one.

    Handshake in one go: handshake().  In steps: hello1(), hello2(), flight3().  Between them
    state is "start" (nothing, or hello1 unanswered), "hvr" (cookie in .cookie), "hello_done"
    (the server's flight is complete), "keyed" (our Finished may have been sent), "established",
    "closed".  A step is make_X() + exchange(); make_hello1(), make_hello2(), make_flight3()
    give a list of Out that encode() turns into wire records (new numbers at each call) to be
    reordered, dropped, changed, pack()ed and sent with send_raw().  resume_wait() then waits for
    what the server makes of it.

    Hooks: on_flight(stage, records) -> list of datagrams, or None for the usual packing; stage is
    "hello1", "hello2" or "flight3"; called for each (re)transmission.  on_datagram(bytes) ->
    bytes, list of bytes, or None, for each datagram that came in.

    Path challenges of the server (RFC 9853) are answered while messages are waited for, by path_answer:
    PATH_RESPONSE, PATH_DROP, or None for silence.  path() sends one of ours.

    deaf = True ignores plaintext alerts and HelloVerifyRequests that answer no hello of a step: for
    tests that sent rubbish from this address and want their own handshake to go on regardless.

    To look at: .suite .server_cid .own_cid .master_secret .keys .hello .server_hello .server_chain
    .ems .state .cookie .hvr_count .retransmits .stats (Counter of what was dropped and why)
    .path_messages .violations (soft breaches of protocol by the server; a good test asserts it is empty)
    .last_sent_raw .last_record_raw .last_datagram_raw .local .sock .old_socks.

    Raises: Timeout, AlertReceived, Closed, CookieRejected, ProtocolError (the server broke a rule),
    NonceReuse (it repeated a nonce).  Not thread-safe.
    """

    def __init__(self, server, psk=None, suites=None, cid=b"", sock=None, *, ca=None, cert=None,
                 key=None, server_name=None, ems="require", extensions=(), groups=(23, 29),
                 rto=1.0, mtu=1200, fragment=None, oracle=None, rrc=False):
        Endpoint.__init__(self, server, sock, oracle)
        if suites is None:
            suites = ((s.PSK_CCM_8, s.PSK_GCM) if psk else ()) + (s.CERT_SUITES if ca else ())
        self.rto, self.mtu, self.fragment = rto, mtu, fragment
        self.on_flight = None
        self._arguments = dict(suites=suites, psk=psk, cid=cid, ems=ems, ca=ca, cert=cert, key=key,
                               server_name=server_name, groups=groups,
                               extensions=[*extensions, *([(RRC, b"")] if rrc else [])])
        self._begin(**self._arguments)

    def restart(self, **changes):
        """Forget the session, keep the port, as a device that lost its power; state "start".

        `changes` to the arguments that concern the handshake (psk, suites, cid, ems, ...).
        Datagrams that wait in the socket are lost.
        """
        self.discard(0.001)
        kept = {name: getattr(self, name) for name in
                ("stats", "violations", "old_socks", "on_datagram", "deaf")}
        Endpoint.__init__(self, self.server, self.sock, self.oracle)
        self._begin(**{**self._arguments, **changes})
        vars(self).update(kept)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # handshake

    def handshake(self, timeout=5.0):
        """The whole handshake within `timeout` seconds.  Returns self."""
        end = time.monotonic() + timeout
        self.hello1(timeout)
        if self.state == "hvr":
            self.hello2(end - time.monotonic())
        self.flight3(end - time.monotonic())
        return self

    def hello1(self, timeout=5.0):
        """ClientHello without a cookie, until the HelloVerifyRequest; returns the cookie.

        A server that asks for none has sent its whole flight then (state "hello_done", None).
        """
        self.exchange("hello1", self.make_hello1(),
                      lambda: self.state in ("hvr", "hello_done"), timeout)
        return self.cookie

    def hello2(self, timeout=5.0, cookie=None):
        """ClientHello with the cookie (or another), until ServerHelloDone.

        CookieRejected: asked again; self.cookie is the new one, hello2() may be repeated.
        """
        self._fault = None
        flight = self.make_hello2(cookie)
        self.exchange("hello2", flight, lambda: self.state == "hello_done", timeout)

    def flight3(self, timeout=5.0):
        """Key exchange to Finished, until the server's Finished has verified."""
        flight = self.make_flight3()
        self.state = "keyed"
        self.exchange("flight3", flight, lambda: self.state == "established", timeout)

    def resume_wait(self, state, timeout=5.0):
        """Wait, sending nothing, until `state`, for tests that sent a flight by hand.

        Before waiting for "established" set by hand what flight3() would: state = "keyed".
        """
        deadline = time.monotonic() + timeout
        while self.state != state:
            self.take(deadline)
            if self._fault is not None:
                raise self._fault

    # data

    def send(self, data, padding=0):
        """One application record.  Returns its wire bytes.  Does not ask whether we are closed."""
        self.last_sent_raw = self.seal(rec.APPLICATION, data, padding=padding)
        self.send_raw(self.last_sent_raw)
        return self.last_sent_raw

    def recv(self, timeout=2.0):
        """The next application payload (b"" is one too); Timeout, Closed, AlertReceived.

        Payloads that came before a close are delivered before Closed is raised.
        """
        return self.recv_opened(timeout).plaintext

    def recv_opened(self, timeout=2.0):
        """As recv(), with sequence number, epoch and padding: record.Opened."""
        deadline = time.monotonic() + timeout
        while not self._queue:
            if self._fault is not None:
                raise self._fault
            self.take(deadline)
        return self._queue.pop(0)

    def drain(self, timeout=0.0):
        """Every payload there is now (or within `timeout` seconds of silence), as a list."""
        payloads = []
        try:
            while True:
                payloads.append(self.recv(max(timeout, 0.001)))
        except Timeout:
            return payloads

    def echo(self, data, timeout=2.0):
        """send() and recv(); ProtocolError if anything else than `data` comes back."""
        self.send(data)
        answer = self.recv(timeout)
        if answer != data:
            raise ProtocolError(f"sent {data[:40]!r}, echo is {answer[:40]!r}")
        return answer

    def alert(self, level, description):
        """Send an alert, protected once there are keys."""
        epoch = 1 if self.state in ("established", "closed") else 0
        self.send_raw(self.seal(rec.ALERT, bytes([level, description]), epoch=epoch))

    def close(self):
        """close_notify if there is a session to close, then the sockets.  May be repeated."""
        if self.state == "established" and self.sock.fileno() >= 0:
            self.alert(1, 0)
            self.state = "closed"
        self.abandon()

    # to look at

    @property
    def keys(self):
        """Key material by name, bytes: {client,server}_{key,iv}; None before flight 3."""
        if self.write_keys is None:
            return None
        w, r = self.write_keys, self.read_keys
        return {"client_key": w.key, "client_iv": w.iv, "server_key": r.key, "server_iv": r.iv}

    def overhead(self, towards="server"):
        """Bytes a record adds to a payload without padding, towards "server" or "client"."""
        cid = self.server_cid if towards == "server" else self.own_cid or b""
        return rec.HEADER_LEN + self.suite.overhead + (len(cid) + 1 if cid else 0)

    def keylog_line(self):
        """NSS key log format, for a capture taken during a failing test."""
        return f"CLIENT_RANDOM {self.hello.random.hex()} {self.master_secret.hex()}"

    @property
    def alert_received(self):
        """The fatal alert that ended things, or None."""
        return self._fault if isinstance(self._fault, AlertReceived) else None
