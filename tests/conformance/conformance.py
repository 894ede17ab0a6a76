# SPDX-License-Identifier: Apache-2.0
"""Runs the socket tests of the installed CPython with and without the shim and compares outcomes.

Two ways: every descriptor passes through (nothing is protected); and protected on loopback, where
one process is DTLS server and client at once.  Writes docs/conformance.md.  Nothing is fetched:
the tests are Debian's package libpython3.*-testsuite.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
PORTS = 16      # DTLSSHIM_PORTS holds no more

UDP = ["test.test_socket." + name for name in (
    "BasicUDPTest", "SendmsgUDPTest", "RecvmsgUDPTest", "RecvmsgIntoUDPTest", "SendmsgUDP6Test",
    "RecvmsgUDP6Test", "RecvmsgIntoUDP6Test", "RecvmsgRFC3542AncillaryUDP6Test",
    "RecvmsgIntoRFC3542AncillaryUDP6Test", "InterruptedRecvTimeoutTest", "UDPTimeoutTest")]
ASYNCIO = [f"test.test_asyncio.test_events.{loop}EventLoopTests.test_create_datagram_endpoint{what}"
           for loop in ("EPoll", "Poll", "Select") for what in ("", "_ipv6", "_sock")] + \
    ["test.test_asyncio.test_sock_lowlevel.EPollEventLoopTests"]

PROTECTED = [*UDP, *ASYNCIO, "test.test_socketserver"]
QUICK = [*UDP, *ASYNCIO, "test.test_select", "test.test_epoll"]
WHOLE = ["test.test_socket", "test.test_socketserver", "test.test_select", "test.test_poll",
         "test.test_epoll", "test.test_selectors", "test.test_asyncio.test_base_events",
         "test.test_asyncio.test_events", "test.test_asyncio.test_selector_events",
         "test.test_asyncio.test_sock_lowlevel", "test.test_asyncio.test_transports"]

LEFT_OUT = "VSOCK"      # waits for ever, with and without the shim, where no other machine answers

# What is not the same when protected, and why: (pattern, reason).
EXPECTED = [
    (r"sock_lowlevel.*test_(recvfrom|recvfrom_into|sendto_blocking)$",
     "the test's server is ended by a datagram that it sends to itself; a protected server sends "
     "to peers that made a session only, and a socket makes none with itself (`EPERM`)"),
    (r"Ancillary.*(testSetHopLimit|testSetTrafficClassAndHopLimit|testOddCmsgSize)$",
     "the client's first message waits for the handshake, and the hop limit it was given by a "
     "control message does not wait with it; later messages carry theirs"),
]


class Trouble(Exception):
    pass


def run(names, env, ports=(), limit=1500):
    """{test: (outcome, why)}"""
    command = [PYTHON, "-u", Path(__file__).with_name("run_unittest.py"), "--without", LEFT_OUT,
               *(["--ports", ",".join(map(str, ports))] if ports else []), *names]
    with tempfile.TemporaryFile("w+") as out:
        try:
            status = subprocess.run(command, env=env, stdout=out, stderr=subprocess.DEVNULL,
                                    stdin=subprocess.DEVNULL, timeout=limit,
                                    start_new_session=True).returncode
        except subprocess.TimeoutExpired:
            status = f"time-out of {limit} s"
        out.seek(0)
        found = {}
        for line in out:
            if line.startswith('["'):
                name, outcome, why = json.loads(line)
                found[name] = (outcome, why)
    if status or not found:
        raise Trouble(f"the tests did not end by themselves ({status}); the last outcome was of "
                      f"{next(reversed(found), 'none')}")
    return found


def clean_environment():
    return {k: v for k, v in os.environ.items()
            if k != "LD_PRELOAD" and not k.startswith("DTLSSHIM_")}


class Shim:
    def __init__(self, build, work):
        self.preload = os.environ.get("DS_PRELOAD") or str(build / "libdtlsshim.so")
        self.csv, self.key = work / "keys.csv", work / "key"
        secret = os.urandom(16).hex()
        for path, text in (self.csv, f"tester,{secret}\n"), (self.key, f"{secret}\n"):
            path.write_text(text)
            path.chmod(0o600)
        # Outside of the range the kernel hands out by itself
        start = random.randrange(20000, 31000)
        self.ports = range(start, start + PORTS)

    def environment(self, **options):
        env = clean_environment()
        env.update({"LD_PRELOAD": self.preload, "DTLSSHIM_PSK_CSV": str(self.csv),
                    "DTLSSHIM_LOG": "error"}, **options)
        return env

    def passing(self):
        return self.environment(DTLSSHIM_PORTS=str(self.ports[0]))

    def protected(self):
        return self.environment(
            DTLSSHIM_PORTS=",".join(map(str, self.ports)), DTLSSHIM_ROLE="both",
            DTLSSHIM_PSK_IDENTITY="tester", DTLSSHIM_PSK_KEY_FILE=str(self.key))


def compare(plain, other, again):
    """[(test, plain outcome, other outcome, why)] of what differs, also when it is run alone."""
    different = []
    for name in sorted(set(plain) | set(other)):
        was, now = plain.get(name, ("absent", "")), other.get(name, ("absent", ""))
        if was[0] == now[0]:
            continue
        if now[0] != "absent":
            try:
                now = again(name).get(name, now)
            except Trouble as error:
                now = ("failed", str(error))
        if was[0] != now[0]:
            different.append((name, was[0], now[0], now[1]))
    return different


def reason(name):
    return next((why for pattern, why in EXPECTED if re.search(pattern, name)), None)


def check(build, quick=False, limit=1500):
    """Runs everything.  (plain outcomes by way, differences by way)"""
    with tempfile.TemporaryDirectory() as work:
        shim = Shim(build, Path(work))
        plain = run(QUICK if quick else sorted({*WHOLE, *ASYNCIO}), clean_environment(),
                    limit=limit)
        passing = run(QUICK if quick else sorted({*WHOLE, *ASYNCIO}), shim.passing(), limit=limit)
        wanted = QUICK[:len(UDP) + len(ASYNCIO)] if quick else PROTECTED
        protected = run(wanted, shim.protected(), shim.ports, limit)
        same = {name: plain[name] for name in protected if name in plain}
        return {
            "passing": (plain, compare(plain, passing,
                                       lambda n: run([n], shim.passing(), limit=60))),
            "protected": (same, compare(same, protected, lambda n: run(
                [n], shim.protected(), shim.ports, 60))),
        }


def unexplained(results):
    return [(way, *d) for way, (_, different) in results.items() for d in different
            if way == "passing" or not reason(d[0])]


def counts(plain):
    kinds = [o for o, _ in plain.values()]
    return (f"{len(kinds)} tests, of which {kinds.count('skipped')} skip themselves"
            + (f" and {kinds.count('failed')} fail" if "failed" in kinds else ""))


def markdown(results):
    version = subprocess.run([PYTHON, "-c", "import platform; print(platform.python_version())"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    lines = ["# Foreign test suites", "",
             "Made by `scripts/conformance`. The tests are those of the installed CPython "
             f"{version}, unmodified; each is run without the shim and with it, and outcomes are",
             "compared test by test.", "",
             "## Nothing protected", "",
             "The shim is there, no socket is to be protected: all calls pass through. "
             f"{counts(results['passing'][0])}; "
             f"{len(results['passing'][1])} have another outcome with the shim.", "",
             "Modules: " + ", ".join(f"`{name}`" for name in WHOLE) + ".", ""]
    lines += [f"* `{name}`: {was} without, {now} with the shim. {why}"
              for name, was, now, why in results["passing"][1]]
    lines += ["Left out: classes with VSOCK in their names, which wait for ever in a virtual machine",
              "whose host does not answer, with and without the shim.", "",
              "## Protected", "",
              "The same process is server and client: a test's first UDP socket without a port of its",
              "own gets one of `DTLSSHIM_PORTS` and is a DTLS server; those that send to it are DTLS",
              "clients. The tests do not know. " + counts(results["protected"][0]) + "; "
              f"{len(results['protected'][1])} have another outcome:", "",
              "| test | why |", "|---|---|"]
    lines += [f"| `{name.removeprefix('test.')}` | {reason(name) or f'**not explained**: {why}'} |"
              for name, _, _, why in results["protected"][1]]
    return "\n".join(lines) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--quick", action="store_true", help="the UDP tests only; writes no document")
    p.add_argument("--build", metavar="DIR", default="build", help="where the products are (build)")
    args = p.parse_args()
    try:
        results = check((ROOT / args.build).resolve(), args.quick)
    except Trouble as error:
        sys.exit(f"conformance: {error}")
    for way, (plain, different) in results.items():
        print(f"{way}: {counts(plain)}; {len(different)} differ")
    if not args.quick:
        (ROOT / "docs" / "conformance.md").write_text(markdown(results))
    bad = unexplained(results)
    for way, name, was, now, why in bad:
        print(f"conformance: {way}: {name}: {was}, with the shim {now}: {why}", file=sys.stderr)
    sys.exit(bool(bad))
