# SPDX-License-Identifier: Apache-2.0
"""Ensures that handshakes are completed over networks that lose, reorder, duplicate, delay and cut.

Clients are other people's and our own client role, each with its own recording forwarder that spoils
the network, the same way in every run.  Certificates come with a chain that needs several datagrams.

No client can be sure to get through while a third of all datagrams is lost: it sends a flight six or
seven times and may lose every copy.  So what must always succeed has an end of bad luck that comes
before the client's last copies: each datagram of a handshake is lost once, in turn, or three of ten
are lost for a while.  With --nightly they are lost all the time, and what the forwarder has recorded
tells whose fault a failure is.  A server that has received something of an unfinished handshake has to
send something afterwards, an answer or its own flight again, until the client has given up.  If it has,
the network took it.  If it was silent, or if the client says that an answer was wrong, it is ours.
Where the kernel has netem, that run has a network namespace in which it spoils the loopback interface,
and the forwarders only record.  `tests/sim/test_networks.c` asks the same of thousands of networks.
"""

import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from forwarder import C2S, S2C, Forwarder, Hold, SeededRule, pass_all
from support import build
from support.front import KALLE
from support.legacy import client_options

NETEM = "DS_TEST_NETEM" in os.environ
MTU = 512
PAYLOAD = MTU - 28              # what IPv4 and UDP leave of it
ALERT = 21                      # a client's last word, that nobody answers
NETWORK = "the network's"
PATIENCE = 130                  # seconds; Mbed TLS and OpenSSL have given up by then
IDENTITY, KEY = KALLE[0].decode(), KALLE[1].hex()

pytestmark = [pytest.mark.fronts("shim", "proxy"), pytest.mark.one_process,
              pytest.mark.usefixtures("no_tsan_interpreter"), pytest.mark.timeout(600)]


class BadRule(SeededRule):
    """Faults by their probabilities, `delay` seconds one way, and nothing larger than the MTU.

    until: seconds after the first datagram when no more is lost; victim: (direction, number) of one
    that is lost.
    """

    def __init__(self, seed, delay=0.0, until=None, victim=None, **faults):
        super().__init__(seed, **faults)
        self.latency, self.until, self.victim, self.began = delay, until, victim, None

    def __call__(self, direction, number, data):
        now = time.monotonic()
        self.began = self.began or now
        if self.until is not None and now > self.began + self.until:
            self.drop = 0
        if len(data) > PAYLOAD or (direction, number) == self.victim:
            return []
        return [(self.later(when), what)
                for when, what in super().__call__(direction, number, data)]

    def later(self, when):
        """Where all take their time, one that is held takes more of it."""
        if not self.latency:
            return when
        return self.latency + (0.3 if isinstance(when, Hold) else when)


SPOILT = {"reorder": 0.3, "dup": 0.2, "delay": 0.6}
NETWORKS = {"order": {"reorder": 0.5, "dup": 0.5}, "far": SPOILT,
            "loss": {"drop": 0.3}, "all": {"drop": 0.3, **SPOILT}}
# When bad luck ends: gnutls-cli has 40 seconds in all, and may need two more copies of a flight
UNTIL = {"ours": 20, "openssl": 20, "gnutls": 8, "mbedtls": 20}
# Datagrams of a handshake by direction, with a key and with chains of certificates
LENGTHS = {False: {C2S: 5, S2C: 4}, True: {C2S: 8, S2C: 7}}

OUR_CLIENT = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(1)
s.connect(("127.0.0.1", 5683))
while True:
    try:
        s.send(b"hello")
        if s.recv(100) == b"hello":
            print("event=echo", flush=True)
            break
    except socket.timeout:
        pass
    except OSError:
        time.sleep(0.2)
input()
"""


def ours(front, port, pair, authority):
    files = {"psk-identity": None, "psk-key-file": None, "psk-csv": None, "cert": pair.cert,
             "key": pair.key, "ca": authority.ca, "server-name": "localhost"} if pair else {}
    options = {**client_options(front, f"5683={port}", identity=KALLE[0]), "mtu": PAYLOAD,
               "handshake-timeout": 120, **files}     # one handshake, not the next after 30 seconds
    env = build.shim_environment({k: v for k, v in options.items() if v is not None})
    return front.spawn(["/usr/bin/python3", "-c", OUR_CLIENT], env, stdin=True), "event=echo"


def openssl(front, port, pair, authority):
    how = ["-CAfile", authority.ca, "-cert", pair.cert, "-key", pair.key, "-verify_return_error",
           "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"] if pair else \
        ["-psk", KEY, "-psk_identity", IDENTITY, "-cipher", "PSK-AES128-CCM8:@SECLEVEL=0"]
    return front.spawn(["openssl", "s_client", "-dtls1_2", "-timeout", "-mtu", PAYLOAD, "-connect",
                        f"127.0.0.1:{port}", *how], stdin=True), "Cipher *(is|:) *(PSK|ECDHE)"


def gnutls(front, port, pair, authority):
    common = "+AEAD:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509"
    how = ["--priority", f"NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-GCM:{common}", "--x509cafile",
           authority.ca, "--x509certfile", pair.cert, "--x509keyfile", pair.key] if pair else \
        ["--priority", f"NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:{common}",
         "--pskusername", IDENTITY, "--pskkey", KEY]
    return front.spawn(["gnutls-cli", "--udp", f"--mtu={PAYLOAD}", "-p", port, "localhost", *how],
                       stdin=True), "Handshake was completed"


def mbedtls(front, port, pair, authority):
    how = ["--ca", authority.ca, "--cert", pair.cert, "--key", pair.key] if pair else \
        ["--psk-id", IDENTITY, "--psk-hex", KEY, "--suite", "TLS-PSK-WITH-AES-128-CCM-8"]
    return front.spawn([build.peer("mbed_client"), "--port", port, "--count", 0, "--mtu", PAYLOAD,
                        "--cid", "", "--timeout", PATIENCE * 1000, *how]), "event=handshake"


CLIENTS = {"ours": ours, "openssl": openssl, "gnutls": gnutls, "mbedtls": mbedtls}
PROGRAMS = {"openssl": "openssl", "gnutls": "gnutls-cli"}


class Attempt:
    """One client over one network, which is what BadRule takes."""

    def __init__(self, front, client, pair, authority, name, **network):
        self.name = f"{client} {'certificate' if pair else 'psk'} {name}"
        rule = pass_all if NETEM else BadRule(self.name, **network)
        self.net = Forwarder(("127.0.0.1", front.port), rule).start()
        front.nets.append(self.net)
        self.side = (S2C, C2S) if client == "ours" else (S2C,)
        self.process, self.done = CLIENTS[client](front, self.net.address[1], pair, authority)

    def wait(self, deadline):
        """None when the first handshake is complete, else whose fault it is that it is not."""
        try:
            self.process.wait_for(self.done, timeout=max(deadline - time.monotonic(), 0.1))
        except AssertionError:
            return self.fault()
        again = self.process.has("event=failed")        # ours has begun another one
        return self.fault() if again else None

    def too_large(self):
        """Whether we have sent a datagram that no retransmission gets through."""
        return any(len(d.data) > PAYLOAD for side in self.side for d in self.net.datagrams(side))

    def fault(self):
        last = max((d.time for d in self.net.datagrams(S2C)), default=0)
        unanswered = [d for d in self.net.datagrams(C2S)
                      if d.fate != "drop" and d.time > last and d.data[0] != ALERT]
        refused = self.process.has("alert|decode|unexpected|illegal|bad record")
        if refused or len(unanswered) > (5 if NETEM else 0):    # netem may still lose what we saw
            return f"ours: {refused or 'the server was silent'}\n{self.story()}\n{self.process}"
        return NETWORK

    def story(self):
        """What went over the network, for the report."""
        all_ = sorted((d.time, side, len(d.data), d.data[0], str(d.fate))
                      for side in (C2S, S2C) for d in self.net.datagrams(side))
        return " ".join(f"{when - all_[0][0]:.2f}:{side}/{size}/{kind}/{fate}"
                        for when, side, size, kind, fate in all_)


def installed():
    return [c for c in CLIENTS if shutil.which(PROGRAMS.get(c, "sh"))]


def chain(authority, name):
    """Larger than two datagrams."""
    names = ("localhost", "127.0.0.1", *(f"{name}-{i}.device.example" for i in range(20)))
    pair = authority.certify(name, names=names)
    with pair.cert.open("ab") as file:
        file.write(authority.ca.read_bytes())
    return pair


def serve(front, authority):
    server = chain(authority, "server")
    front.start("poll_loop", options={"cert": server.cert, "key": server.key, "ca": authority.ca,
                                      "mtu": PAYLOAD, "one-session-per-identity": "false",
                                      "sessions-per-identity": 0})


def finish(running):
    """What became of those that did not complete their handshake, by name."""
    deadline = time.monotonic() + PATIENCE
    lost = {a.name: fault for a in running if (fault := a.wait(deadline))}
    assert not [a.name for a in running if a.too_large()]
    for attempt in running:
        attempt.process.stop()
    return lost


@pytest.mark.skipif(NETEM, reason="nothing is fair there")
@pytest.mark.parametrize("client", CLIENTS)
def test_a_datagram_that_is_lost_does_not_end_a_handshake(front, authority, client):
    if client not in installed():
        pytest.skip("the client is not installed")
    serve(front, authority)
    device = chain(authority, "device")
    running = [Attempt(front, client, device if certificates else None, authority,
                       f"without {side} {number}", victim=(side, number))
               for certificates, sides in LENGTHS.items()
               for side, length in sides.items() for number in range(length)]
    assert not finish(running)


@pytest.mark.skipif(NETEM, reason="nothing is fair there")
def test_every_handshake_is_completed_when_bad_luck_ends(front, authority, nightly):
    serve(front, authority)
    device = chain(authority, "device")
    assert not finish([
        Attempt(front, client, own, authority, f"{name} {seed}", until=UNTIL[client], **network)
        for seed in range(nightly(1, 5)) for name, network in NETWORKS.items()
        for client in installed() for own in (None, device)])


def test_bad_luck_is_the_networks(front, authority, request):
    if not request.config.getoption("nightly"):
        pytest.skip("two minutes: --nightly")
    serve(front, authority)
    device = chain(authority, "device")
    running = [Attempt(front, client, own, authority, f"{name} {seed}", **NETWORKS[name])
               for seed in range(10) for name in ("loss", "all")
               for client in installed() for own in (None, device)]
    lost = finish(running)
    assert not [name for name, fault in lost.items() if fault != NETWORK], lost
    assert len(lost) <= len(running) // 20, lost


@pytest.mark.skipif(NETEM, reason="this is the outside")
def test_the_same_with_netem(request):
    """Both hops, from client to forwarder and from there to the server, are over the interface."""
    if not request.config.getoption("nightly"):
        pytest.skip("two minutes: --nightly")
    spoil = f"ip link set lo up mtu {MTU} && tc qdisc add dev lo root netem limit 10000 " \
            "loss 16% delay 300ms 30ms reorder 15% duplicate 10%"
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    tried = subprocess.run(["unshare", "-rn", "sh", "-c", spoil], capture_output=True, text=True,
                           env={**os.environ, "PATH": path})
    if tried.returncode:
        pytest.skip(f"no netem here, the forwarders stand in: {tried.stderr.strip()}")
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", spoil + ' && exec "$@"', "sh", sys.executable, "-m",
         "pytest", "-p", "no:cacheprovider", "-q", "-rs", "--nightly", __file__],
        env={**os.environ, "PATH": path, "DS_TEST_NETEM": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search("2 passed", done.stdout), done.stdout
