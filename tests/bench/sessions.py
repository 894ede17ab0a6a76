# SPDX-License-Identifier: Apache-2.0
"""`scripts/bench sessions`: what a million sleeping sessions cost, and what waking one does."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager

import report

COUNTS = (1000, 10_000, 100_000, 1_000_000)  # sessions, in the core alone
ROUNDS = 3
MESSAGES = 20_000  # a measurement
QUIET = {"DTLSSHIM_LOG": "warn"}  # a line a rebinding would be measured too
STEPS = ("find", "create", "expire", "hot", "cold")  # as session_cost names them
NAMES = {"find": "find by CID", "create": "create", "expire": "expire, with its close_notify",
         "hot": "message in and answer, hot", "cold": "the same, asleep before"}
COLOURS = {"find": "#8b949e", "create": "#3fb950", "expire": "#a371f7", "hot": "#2f81f7",
           "cold": "#db7b35"}


def add_arguments(p):
    p.add_argument("what", nargs="?", choices=["echo", "sessions", "attack"], default="echo",
                   help="sessions: large numbers of sleeping sessions instead;\n"
                        "attack: what clients notice of floods and overload")
    p.add_argument("--fleet", type=lambda s: [fleet_size(part) for part in s.split(",")],
                   metavar="[SERVER:]N,...", default=[fleet_size("100000")],
                   help="sessions: sizes of the fleets, for shim and proxy or one of them\n"
                        "(default 100000)")
    p.add_argument("--restart", type=lambda s: [fleet_size(part) for part in s.split(",")],
                   metavar="[SERVER:]N,...", default=[fleet_size("100000")],
                   help="sessions: sizes of the fleets whose server is killed (default 100000)")


def fleet_size(text):
    mode, _, n = text.rpartition(":")
    return ([mode] if mode else ["shim", "proxy"]), int(n)


class Fleet:
    """The program that is all devices at once; one command, one answer."""

    def __init__(self, bench, port, pids, devices):
        command = [bench.tool("fleet"), "--port", str(port), "--keys", str(bench.keys),
                   "--clients", str(devices)]
        command += [x for pid in pids for x in ("--pid", str(pid))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=bench.env)

    def __call__(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"bench: fleet: {' '.join(map(str, command))}: no answer")
        return json.loads(answer)


@contextmanager
def fleet_of(bench, port, pids, devices):
    fleet = Fleet(bench, port, pids, devices)
    try:
        yield fleet
    finally:
        fleet.process.stdin.close()
        fleet.process.terminate()
        fleet.process.wait()


def cpu(answer):
    return answer["cpu_ns"] / answer["count"] / 1000


def run_fleet(bench, mode, devices, rss):
    """A fleet connects to a server, sleeps, wakes."""
    few = min(4000, devices // 4)
    with ExitStack() as stack:
        port, pids = stack.enter_context(bench.server(mode, QUIET))
        ask = stack.enter_context(fleet_of(bench, port, pids, devices))
        ask("connect", 0, few)
        before = rss(pids[0])
        many = ask("connect", few, devices)
        memory = rss(pids[0])
        times = {}
        for kind in ("hot", "cold", "move"):
            n = min(MESSAGES, devices // 2 if kind != "hot" else MESSAGES)
            ask(kind, min(2000, n))
            times[kind] = cpu(ask(kind, n))
    return {"mode": mode, "devices": devices, "bytes": (memory - before) / (devices - few),
            "all": memory, "handshake": cpu(many), "rate": many["count"] / many["seconds"],
            "lost": many["lost"], **times}


def run_restart(bench, mode, devices):
    """A server with a state file is killed; how soon does the next one know its devices?"""
    ports = bench.free_port(), bench.free_port()
    with ExitStack() as stack:
        memory = stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm"))
        options = {**QUIET, "DTLSSHIM_STATE": str(bench.work / f"{mode}{devices}.state"),
                   "DTLSSHIM_STATE_MEMORY": memory}
        with bench.server(mode, options, ports) as (port, pids):
            ask = stack.enter_context(fleet_of(bench, port, [], devices))
            ask("connect", 0, devices)
            os.kill(pids[0], signal.SIGKILL)
        begin = time.monotonic()
        with bench.server(mode, options, ports):
            seconds = ask("first")["at_ns"] / 1e9 - begin
            slept = ask("last")["at_ns"] / 1e9 - begin
            lost = ask("cold", min(MESSAGES, devices // 2))["lost"]
    return {"mode": mode, "devices": devices, "seconds": seconds, "slept": slept,
            "lost": lost}


def in_core(bench):
    """The core alone: {sessions: {what: figure}}, the best of some rounds."""
    found = {}
    for n in COUNTS:
        rounds = [json.loads(subprocess.run([bench.tool("session_cost"), str(n)], check=True,
                                            capture_output=True, text=True).stdout)
                  for _ in range(ROUNDS)]
        found[n] = {k: min(r[k] for r in rounds) for k in rounds[0]}
    return found


def run(bench, machine, rss):
    """The report and the picture."""
    core = in_core(bench)
    aead = {figures.pop("aead") for figures in core.values()}.pop()
    print(json.dumps(core), file=sys.stderr)
    fleets = []
    for modes, devices in bench.args.fleet:
        for mode in modes:
            fleets.append(run_fleet(bench, mode, devices, rss))
            print(json.dumps(fleets[-1]), file=sys.stderr)
    restarts = [run_restart(bench, mode, n) for modes, n in bench.args.restart for mode in modes]
    print(json.dumps(restarts), file=sys.stderr)
    return markdown(core, fleets, restarts, machine(aead)), svg(core)


# The report


def count(n):
    return f"{n:,}".replace(",", " ")


def aims(core, fleets, restarts):
    most, least = core[max(core)], core[min(core)]
    yield "core: resident memory a session", "256 B", f"{most['resident']:.0f} B", \
        most["resident"] <= 256
    extra = (most["cold_ns"] - most["hot_ns"]) / 1000
    yield "core: what waking costs more", "1 us", f"{extra:.2f} us", extra <= 1
    longest = max(most["longest_create_ns"], most["longest_tick_ns"]) / 1e6
    yield "core: longest call", "1 ms", f"{longest:.2f} ms", longest <= 1
    for f in fleets:
        if f["mode"] == "shim":
            yield (f"shim, {count(f['devices'])} sessions: resident memory each", "256 B",
                   f"{f['bytes']:.0f} B", f["bytes"] <= 256)
        if f["devices"] >= 1_000_000:
            yield (f"{f['mode']}, {count(f['devices'])} sessions: the whole process", "300 MB",
                   f"{f['all'] / 1e6:.0f} MB", f["all"] <= 300e6)
    for r in restarts:
        if r["devices"] >= 1_000_000:
            yield (f"{r['mode']}, {count(r['devices'])} sessions: first answer after a kill",
                   "2 s", f"{r['seconds']:.2f} s", r["seconds"] <= 2)


def markdown(core, fleets, restarts, machine):
    rows = [[NAMES[s]] + [f"{core[n][s + '_ns']:.0f} ns" for n in core] for s in STEPS]
    rows += [["longest call that creates one"]
             + [f"{core[n]['longest_create_ns'] / 1000:.0f} us" for n in core],
             ["longest call that lets time pass"]
             + [f"{core[n]['longest_tick_ns'] / 1000:.0f} us" for n in core],
             ["resident bytes each"] + [f"{core[n]['resident']:.0f} B" for n in core]]
    net = [[f"{count(f['devices'])}, {f['mode']}", f"{f['bytes']:.0f} B",
            f"{f['all'] / 1e6:.0f} MB", f"{f['handshake']:.0f} us", f"{f['hot']:.1f} us",
            f"{f['cold']:.1f} us", f"{f['move']:.1f} us"] for f in fleets]
    checked = [[what, limit, found, "yes" if met else "**no**"]
               for what, limit, found, met in aims(core, fleets, restarts)]
    after = [[f"{count(r['devices'])}, {r['mode']}", f"{r['seconds']:.2f} s",
              f"{r['slept']:.2f} s"] for r in restarts]
    return f"""# What sleeping sessions cost

{machine}.

Written by `scripts/bench sessions`. Pre-shared keys, a Connection ID of 8 bytes,
TLS_PSK_WITH_AES_128_GCM_SHA256, messages of 64 bytes.

## The core alone

Sessions without network and handshakes, on the product's own memory; processor time, best of
{ROUNDS} rounds. A message is hot if its session just spoke, and asleep if it was silent for a
while: then its record, its keys and its place in the order of use are in no cache.

{report.table(["sessions"] + [count(n) for n in core], rows)}
![curves](sessions.svg)

## A fleet

Each device has an address of its own, connects through the server's real socket, has one message
echoed and falls silent. Then some talk all the time (hot), others wake one after the other in no
order (asleep), or wake at a port nobody has seen (moved). Processor time of the server for a
message and its echo; the kernel's part is in it, which also costs more for an address it has not
just seen. The whole process has the keys of all devices, too. The proxy's memory is its own, its
time includes the server behind it.

{report.table(["sessions, server", "memory each", "whole process", "handshake", "hot", "asleep", "moved"],
              net)}
## After kill -9

The server has a state file (`DTLSSHIM_STATE`) and is killed; the next one reads the keys of all
devices and takes their sessions back, those that spoke last first. From its start to the first answer
to the device that spoke last, and to the one that was silent longest, which asks all the time:

{report.table(["sessions, server", "spoke last", "silent longest"], after)}
## Aims

{report.table(["", "at most", "measured", "met"], checked)}"""


# The picture: time over the number of sessions, the latter in powers of ten


def svg(core):
    lines = [(NAMES[s], COLOURS[s], [core[n][s + "_ns"] for n in core]) for s in STEPS]
    return report.curves("Processor time over the number of sessions",
                         [count(n) for n in core], lines, lambda ns: f"{ns / 1000:.1f} \u00b5s")
