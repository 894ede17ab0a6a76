# SPDX-License-Identifier: Apache-2.0
"""Ensures that no order of handshake messages makes a session but one that has all proofs.

Many short walks are sent to one server, each from an address of its own; what the server's program
then received, and which peers the log calls established, says which walks made a session.
"""

import itertools
import re
import socket
import struct
import time

import pytest

from support import build
from support.client import dtls12
from support.walk import SYMBOLS, Walker

from dtls12 import keyexchange as kx  # noqa: E402
from dtls12 import messages as m  # noqa: E402
from dtls12 import record as rec  # noqa: E402
from dtls12 import suites  # noqa: E402

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process,
              pytest.mark.timeout(1500 if build.SANITIZE else 300)]

# What a client proves by each message, in the only order that may lead to a session
PROOFS = {"psk": ["hello", "cookie", "psk", "ccs", "fin"],
          "ecpsk": ["hello", "cookie", "ecpsk", "ccs", "fin"],
          "server": ["hello", "cookie", "ec", "ccs", "fin"],
          "mutual": ["hello", "cookie", "cert", "ec", "verify", "ccs", "fin"]}
WAITS = {"hello": "hvr", "cookie": "hello_done"}    # what the client knows before it goes on
BATCH = 32
SUITE = {"psk": suites.PSK_CCM_8, "ecpsk": suites.ECDHE_PSK_CHACHA,
         "server": suites.ECDSA_GCM, "mutual": suites.ECDSA_GCM}


def is_proven(path, mode):
    """All proofs are in the path, in their order.  A ChangeCipherSpec has no message_seq, and the
    network may let it overtake others or be overtaken: where it stands in the flight proves nothing."""
    def has(proofs):
        rest = iter(path)
        return all(proof in rest for proof in proofs)
    return has(["cookie", "ccs"]) and has([p for p in PROOFS[mode] if p != "ccs"])


def tree(mode, short, deep):
    """Every path that leaves the right one somewhere and goes on in any order for `short` messages,
    or `deep` ones where the server has sent its flight."""
    right = PROOFS[mode]
    for at in range(len(right)):
        for rest in itertools.product(SYMBOLS, repeat=deep if at == 2 else short):
            yield *right[:at], *rest


class Field:
    """A server and the clients that walk to it, each with a tag that its application data carries."""

    def __init__(self, front, mode, authority):
        self.front, self.mode = front, mode
        mine, server = authority.certify("device"), authority.certify("localhost")
        client_auth = {"ca": authority.ca} if mode == "mutual" else {"client-auth": "none"}
        front.start("poll_loop", options={
            "log": "debug", "handshake-timeout": 4, "max-handshakes": 4096,
            "one-session-per-identity": "false", "sessions-per-identity": 0,
            "cert": server.cert, "key": server.key, **client_auth})
        self.kwargs = {"psk": front.identity(), "suites": [SUITE[mode]], "ca": str(authority.ca),
                       "cert": str(mine.cert), "key": str(mine.key)}
        self.paths, self.tags = {}, {}          # by tag, by the client's address
        self.bystander = self.session()

    def walker(self):
        tag = f"walk {len(self.paths)}."
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)     # one network may not ask for much
        sock.bind((f"127.{1 + len(self.paths) % 250}.{len(self.paths) // 250 % 250}.1", 0))
        walker = Walker(("127.0.0.1", self.front.port), tag.encode(), sock=sock, **self.kwargs)
        self.front.clients.append(walker)
        self.paths[tag], self.tags["%s:%d" % walker.local] = [], tag
        return walker

    def go(self, walkers, paths):
        """Each of `walkers` goes its path, all at the same time; none waits for more than the
        server's answers to its first hellos."""
        for at, symbol in enumerate(WAITS):
            there = [w for w, p in zip(walkers, paths)
                     if tuple(p[:at + 1]) == tuple(WAITS)[:at + 1]]
            for walker in there:
                walker.send_symbol(symbol)
            for walker in there:
                walker.wait_state(WAITS[symbol], time.monotonic() + 20)
        for walker, path in zip(walkers, paths):
            asked = list(itertools.takewhile(lambda both: both[0] == both[1], zip(path, WAITS)))
            for symbol in path[len(asked):]:
                walker.send_symbol(symbol)
            self.paths[walker.tag.decode()] += path

    def walk(self, *path):
        """Goes on from where the server has sent its flight; the walker."""
        walker = self.walker()
        self.go([walker], [("hello", "cookie", *path)])
        return walker

    def has_session(self, walker):
        return walker.tag.decode() in self.made()

    def session(self):
        """A client that went the right way.  What others sent before has been judged then, and the
        lines of it have been read."""
        walker = self.walker()
        self.go([walker], [PROOFS[self.mode]])
        walker.state = "keyed"
        walker.resume_wait("established")
        walker.echo(walker.tag)
        self.front.process.wait_for(f"^RX .*{re.escape(walker.tag.decode())}")
        self.front.log.wait_for("event=established peer=%s:%d " % walker.local)
        return walker

    def made(self):
        """Tags of those that got a session, by what the program received and by the log."""
        self.session()
        self.bystander.echo(b"bystander")
        lines = [t for p in (self.front.process, self.front.log) for _, t in list(p.lines)]
        heard = {m[1] for t in lines if (m := re.match(r"RX \d+ (walk \d+\.)", t))}
        return heard | {self.tags[m[1]] for t in lines
                        if (m := re.search(r"event=established peer=(\S+)", t))}


@pytest.mark.parametrize("mode", PROOFS)
def test_no_order_of_messages_replaces_a_proof(front, authority, nightly, mode):
    if build.SANITIZE and mode != "psk":
        pytest.skip("so many computations on curves take minutes with a sanitizer")
    field = Field(front, mode, authority)
    deep = 1 if build.SANITIZE else 3 if front.kind == "proxy" else 2   # both have the same engine
    paths = sorted(set(tree(mode, 2, nightly(deep, deep + 1))))
    for at in range(0, len(paths), BATCH):
        batch = [(*path, "data") for path in paths[at:at + BATCH]]
        walkers = [field.walker() for _ in batch]
        field.go(walkers, batch)
        for walker in walkers:
            walker.abandon()
    # Among many at a time the right way may have lost a datagram, which a walker does not repeat
    right = field.walk(*PROOFS[mode][len(WAITS):], "data")
    assert field.has_session(right)
    made = [field.paths[tag] for tag in field.made()]
    assert [path for path in made if not is_proven(path, mode)] == []


# Patterns that were found in servers by those who learnt their state machines.  Each says what such a
# server takes for a handshake; here none of it is a session.
NO_SESSION = {
    # Early Finished: it is taken although no key exchange came before, under keys of an empty secret.
    "early-finished": ("psk", "fin"),
    # The same as a whole last flight without ClientKeyExchange.
    "skipped-key-exchange": ("server", "ccs", "fin"),
    # The server goes over to protected records by itself when the key exchange is complete.
    "missing-change-cipher-spec": ("psk", "psk", "fin"),
    # Finished is taken although it came in clear: whoever sent it need not have the keys' other half.
    "finished-in-clear": ("psk", "psk", "ccs", "clearfin"),
    # The same before the ChangeCipherSpec, which then has nothing left to protect.
    "finished-before-change-cipher-spec": ("psk", "psk", "clearfin", "ccs"),
    # A wrong Finished is taken for a repetition, and the handshake goes on or is complete.
    "wrong-finished-ignored": ("psk", "psk", "ccs", "badfin", "fin"),
    # The certificate is believed without proof of its private key.
    "skipped-certificate-verify": ("mutual", "cert", "ec", "ccs", "fin"),
    # The proof comes when the handshake is complete already.
    "late-certificate-verify": ("mutual", "cert", "ec", "ccs", "fin", "verify"),
    # The proof is taken before the key exchange, which it then does not cover.
    "early-certificate-verify": ("mutual", "cert", "verify", "ec", "ccs", "fin"),
    # The proof comes under the keys: a ChangeCipherSpec has been taken while it was still owed.
    "change-cipher-spec-before-certificate-verify":
        ("mutual", "cert", "ec", "ccs", "verify", "fin"),
    # The certificate that was asked for is left out, and so is its proof.
    "skipped-certificate": ("mutual", "ec", "ccs", "fin"),
    # The list of certificates is empty: nobody is named, nothing is to be proven.
    "empty-certificate": ("mutual", "nocert", "ec", "ccs", "fin"),
    # The proof is taken without a certificate whose key could have made it.
    "verify-without-certificate": ("mutual", "nocert", "ec", "verify", "ccs", "fin"),
    # A second certificate replaces the first, or an empty one the one that was checked.
    "second-certificate": ("mutual", "cert", "cert", "ec", "verify", "ccs", "fin"),
    "certificate-taken-back": ("mutual", "cert", "nocert", "ec", "verify", "ccs", "fin"),
    # A certificate nobody asked for is taken.
    "unrequested-certificate": ("server", "cert", "ec", "verify", "ccs", "fin"),
    # A second key exchange replaces the keys of the first.
    "second-key-exchange": ("psk", "psk", "psk", "ccs", "fin"),
    # The key exchange of another suite than the one that was chosen is taken.
    "switched-key-exchange": ("ecpsk", "psk", "ccs", "fin"),
    "switched-key-exchange-of-a-certificate": ("server", "ecpsk", "ccs", "fin"),
    # A message that cannot come here is put aside, and used when its turn comes.
    "kept-certificate-verify": ("mutual", "verify", "cert", "ec", "ccs", "fin"),
    "kept-finished": ("psk", "fin", "psk", "ccs"),
    # The handshake goes on under the keys it is about to agree on, from a hello or in a key exchange.
    "hello-within-the-handshake": ("psk", "psk", "ccs", "again", "fin"),
    "key-exchange-under-its-own-keys": ("psk", "psk", "ccs", "psk", "fin"),
    # A fatal alert under the keys, and the handshake goes on.
    "goes-on-after-alert": ("psk", "psk", "ccs", "alert", "fin"),
    # The peer has closed what it was about to open, and the handshake goes on.
    "goes-on-after-close-notify": ("psk", "psk", "ccs", "close", "fin"),
}


@pytest.mark.parametrize("pattern", NO_SESSION)
def test_pattern_makes_no_session(front, authority, pattern):
    mode, *path = NO_SESSION[pattern]
    field = Field(front, mode, authority)
    assert not field.has_session(field.walk(*path, "data"))


def sent_right(field):
    return field.walk(*PROOFS[field.mode][2:], "data")


@pytest.mark.parametrize("name", ["skipped", "repeated"])
@pytest.mark.parametrize("mode", PROOFS)
def test_wrong_message_seq_is_not_accepted(front, authority, mode, name):
    """The server takes messages in the order they come in, whatever number they have."""
    field = Field(front, mode, authority)
    walker = field.walk()
    walker.next_msg += 1 if name == "skipped" else -1
    for symbol in (*PROOFS[mode][2:], "data"):
        walker.send_symbol(symbol)
    assert not field.has_session(walker)
    assert field.has_session(sent_right(field))


def test_another_key_does_not_prove_a_certificate(front, authority):
    """CertificateVerify has to be there, but what is in it does not matter."""
    field = Field(front, "mutual", authority)
    walker = field.walk("cert", "ec")
    walker.cert_key = kx.load_key(str(authority.certify("other").key))
    for symbol in ("verify", "ccs", "fin", "data"):
        walker.send_symbol(symbol)
    assert not field.has_session(walker)


def test_a_second_change_cipher_spec_changes_nothing(front, authority):
    """The server changes its keys, or begins to count anew, with each."""
    field = Field(front, "psk", authority)
    walker = field.walk("psk", "ccs", "ccs", "fin")
    walker.state = "keyed"
    walker.resume_wait("established")
    walker.send_symbol("ccs")
    walker.echo(b"after another")
    walker.send_raw(walker.last_sent_raw, walker.seal(rec.APPLICATION, b"epoch 2", epoch=2))
    walker.echo(b"the end")
    front.process.wait_for("the end")
    assert front.process.count("after another") == 1 and not front.process.has("epoch 2")


def test_early_change_cipher_spec_is_no_use(front, authority):
    """The server changes to keys that it does not have yet: those of an empty secret."""
    field = Field(front, "psk", authority)
    walker = field.walk("ccs")
    walker.have_keys()
    for symbol in ("psk", "fin", "data"):
        walker.send_symbol(symbol)
    assert not field.has_session(walker)


def test_data_before_finished_waits_for_it(front, authority):
    """Application data is handed on when there are keys, before their owner is known."""
    field = Field(front, "psk", authority)
    early = field.walk("psk", "ccs", "data", "cleardata")
    assert not field.has_session(early)
    early.send_symbol("fin")
    front.process.wait_for(f"^RX .*{early.tag.decode()}")
    assert field.has_session(early)
    assert front.process.count(f"^RX .*{early.tag.decode()}") == 1


def test_data_in_clear_is_no_data_of_a_session(front, authority):
    """A record of epoch 0 is handed on, because a session is there."""
    field = Field(front, "psk", authority)
    walker = field.session()
    walker.tag = b"in clear"
    walker.send_symbol("cleardata")
    walker.echo(b"the end")
    front.process.wait_for("the end")
    assert not front.process.has("in clear")


COOKIES = {"none": lambda cookie: b"", "zeros": lambda cookie: bytes(len(cookie)),
           "cut": lambda cookie: cookie[:-1], "longer": lambda cookie: cookie + b"\0",
           "first byte": lambda cookie: cookie[:1], "changed": lambda cookie:
           cookie[:-1] + bytes([cookie[-1] ^ 1]), "long": lambda cookie: bytes(255)}


@pytest.mark.parametrize("name", [*COOKIES, "of another address"])
def test_cookie_that_was_not_given_to_this_peer(front, authority, name):
    """The server goes on with a cookie it did not make, or not for this address."""
    field = Field(front, "psk", authority)
    walker, other = field.walker(), field.walker()
    field.go([walker, other], [("hello",)] * 2)
    if name in COOKIES:
        walker.cookie = COOKIES[name](walker.cookie)
    else:
        other.hello, walker.hello = walker.hello, other.hello
        walker.cookie = other.cookie
    assert no_flight(walker)


def no_flight(walker):
    """The server asks for a cookie again, and has not begun a handshake."""
    before = walker.hvr_count
    walker.send_symbol("cookie")
    with pytest.raises(dtls12.CookieRejected):
        walker.resume_wait("hello_done", 5)
    return walker.hvr_count == before + 1 and walker.server_hello is None


CHANGES = {
    "random": lambda hello: setattr(hello, "random", bytes(32)),
    "session": lambda hello: setattr(hello, "session_id", b"another"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_hello_that_changed_after_its_cookie(front, authority, name):
    """The cookie is checked, but not that the hello is the one it was given for."""
    field = Field(front, "psk", authority)
    walker = field.walker()
    field.go([walker], [("hello",)])
    CHANGES[name](walker.hello)
    assert no_flight(walker)


def test_hello_that_asks_for_dtls_1_0_after_its_cookie(front, authority):
    """A downgrade between the two hellos."""
    field = Field(front, "psk", authority)
    walker = field.walker()
    field.go([walker], [("hello",)])
    walker.hello.version = rec.DTLS_1_0
    walker.send_symbol("cookie")
    front.log.wait_for(r"event=failed .*reason=version .*alert=70 .*offered=DTLS1\.0")
    assert walker.server_hello is None


@pytest.mark.parametrize("mode", PROOFS)
def test_renegotiation_is_not_begun(front, authority, mode):
    """A handshake under the keys of a session gives it to another peer, or ends it."""
    field = Field(front, mode, authority)
    walker = field.session()
    walker.send_symbol("again")
    walker.changed = True
    for symbol in PROOFS[mode][2:]:
        walker.send_symbol(symbol)
    walker.echo(b"as before")
    field.session()
    assert front.log.count("event=established peer=%s:%d " % walker.local) == 1


@pytest.mark.parametrize("symbol, reason", [("alert", "peer_alert"), ("close", "peer_closed")])
def test_an_alert_ends_the_session(front, authority, symbol, reason):
    """The server goes on with the session that its peer gave up, or closed."""
    field = Field(front, "psk", authority)
    walker = field.session()
    walker.tag = b"after the end"
    for each in (symbol, "data"):
        walker.send_symbol(each)
    front.log.wait_for(f"event=closed .*reason={reason}")
    field.session()
    assert not front.process.has("after the end")


def test_a_wrong_finished_is_no_repetition(front, authority):
    """Any Finished makes the server repeat its last flight to the peer of a session, or end it."""
    field = Field(front, "psk", authority)
    walker = field.walk("psk", "ccs", "fin")
    walker.state = "keyed"
    walker.resume_wait("established")
    heard = walker.stats["datagrams"]
    walker.send_symbol("badfin")
    walker.echo(b"as before")
    assert walker.stats["datagrams"] == heard + 1


def test_hello_verify_request_is_not_repeated(front, authority):
    """The server keeps a timer for a peer that has proven nothing, and repeats its answer."""
    field = Field(front, "psk", authority)
    walker = field.walker()
    walker.send_symbol("hello")
    with pytest.raises(dtls12.Timeout):
        walker.resume_wait("nothing", 2.5)      # twice the first time of RFC 6347, 4.2.4.1
    assert walker.hvr_count == 1


def test_certificate_of_a_type_that_was_not_asked_for(front, authority):
    """CertificateRequest lists RSA and ECDSA; a key of another kind is believed, or not checked."""
    field = Field(front, "mutual", authority)
    pair = authority.certify("device", kind="ed25519")
    key = kx.load_key(str(pair.key))
    walker = field.walk()
    walker.cert = kx.load_chain(str(pair.cert))
    for symbol in ("cert", "ec"):
        walker.send_symbol(symbol)
    walker.handshake_message(m.CERTIFICATE_VERIFY, struct.pack(">H", 0x0807) + m.vector(
        2, key.sign(walker._transcript)))
    for symbol in ("ccs", "fin", "data"):
        walker.send_symbol(symbol)
    assert not field.has_session(walker)
    assert field.has_session(sent_right(field))


@pytest.mark.parametrize("symbol", [s for s in SYMBOLS if s not in WAITS])
def test_a_handshake_begins_with_a_hello(front, authority, symbol):
    """Another message is the first, and a handshake begins with the state that memory happens to have."""
    field = Field(front, "psk", authority)
    walker = field.walker()
    field.go([walker], [(symbol, *PROOFS["psk"][2:], "data")])
    assert not field.has_session(walker)
