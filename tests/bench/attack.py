# SPDX-License-Identifier: Apache-2.0
"""`scripts/bench attack`: what established and new clients notice of floods, plaintext beside them.

One client has a message echoed every two milliseconds while a flood is under way; another one, new,
connects with a pre-shared key in the middle of it.  The plaintext server gets the same rate of
datagrams, which it answers.  Flood and clients share one processor, the server has the other.
"""

import json
import subprocess
import sys

import report

PSK = "TLS_PSK_WITH_AES_128_GCM_SHA256"
MODES = ("plain", "shim", "proxy")
# name, kind of flood, datagrams a second, further arguments
FLOODS = (
    ("none", None, 0, ()),
    ("hello without cookie", "hello", 20_000, ()),
    ("hello without cookie", "hello", 100_000, ()),
    ("half-open, curves, from everywhere", "half", 1500, ()),
    ("half-open, curves, from one network", "half", 1500, ("--nets", "1")),
    ("half-open, pre-shared key", "half", 1000, ("--psk",)),
    ("records, CIDs at random", "junk", 100_000, ()),
    ("records, CID of the client", "cid", 10_000, ()),
    ("records, CID of the client", "cid", 100_000, ()),
    ("records, CID and address of the client", "own", 10_000, ()),
)
BEFORE = 0.5  # seconds a flood runs before anything is measured


def flood(bench, kind, rate, extra, port, mode, target, seconds):
    """The command; the plaintext server gets as many datagrams without a meaning."""
    if mode == "plain":
        kind, extra = "plain", ()
    command = [bench.tool("flood"), kind, "--port", str(port), "--rate", str(rate),
               "--seconds", str(seconds), *extra]
    if kind in ("cid", "own"):
        command += ["--cid", target[1]]
    if kind == "own":
        command += ["--from", f"127.0.0.1:{target[0]}"]
    return command


def ping(bench, port, mode, seconds, wait=True):
    """The first client waits for a line and has the first key, a new one the second."""
    keys = ["-k", str(bench.keys), "-i", "0" if wait else "1", "-s", PSK]
    keys = keys if mode != "plain" else []
    return subprocess.Popen([bench.tool("ping"), "-p", str(port), "-t", str(seconds), *keys,
                             *(["-w"] if wait else [])], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=bench.env, preexec_fn=bench.beside_the_server)


def answer(process):
    """The JSON object it prints at its end, or {"failed": why}."""
    out, err = process.communicate("\n" if process.stdin else None, timeout=60)
    return json.loads(out) if process.returncode == 0 else {"failed": err.strip()}


def measure(bench, mode, where, name, kind, rate, extra):
    port, pids = where
    seconds = bench.args.seconds * 2
    first = ping(bench, port, mode, seconds)
    target = first.stdout.readline().split(" ")
    attacker = kind and subprocess.Popen(
        flood(bench, kind, rate, extra, port, mode, [t.strip() for t in target],
              seconds + 2 * BEFORE + 1),
        stdout=subprocess.PIPE, text=True, env=bench.env, preexec_fn=bench.beside_the_server)
    second = ping(bench, port, mode, 0.01, wait=False) if kind and mode != "plain" else None
    before = sum(map(bench.cpu_time, pids))
    result = answer(first)
    cpu = sum(map(bench.cpu_time, pids)) - before
    new = answer(second) if second else {}
    sent = json.loads(attacker.communicate(timeout=60)[0])["sent"] if attacker else 0
    return {"flood": name, "rate": rate, "mode": mode, "cpu": cpu, "new": new, "flooded": sent,
            **result}


def cells(result):
    if "failed" in result:
        return [result["failed"], "", "", ""]
    new = result["new"]
    connected = (new.get("failed") or f"{new['connected_us'] / 1000:.0f} ms") if new else "-"
    return [f"{result['lost'] / max(result['sent'], 1):.1%}",
            f"{result['p50_us']} / {result['p99_us']} us", f"{result['cpu']:.2f} s", connected]


def run(bench, machine):
    results = []
    for name, kind, rate, extra in FLOODS:
        for mode in MODES:
            with bench.server(mode, {"DTLSSHIM_LOG": "error"}) as where:
                results.append(measure(bench, mode, where, name, kind, rate, extra))
                print(json.dumps(results[-1]), file=sys.stderr)
    head = ["flood", "a second", "server", "lost", "p50 / p99", "server CPU", "new client"]
    rows = [[r["flood"], str(r["rate"] or ""), r["mode"], *cells(r)] for r in results]
    return (f"# Floods\n\n{machine()}. Written by `scripts/bench attack`: an established client has a\n"
            f"message echoed every 2 ms for {2 * bench.args.seconds:g} s, a new one connects with a "
            "pre-shared key, while the\nflood is under way. The plaintext server gets as many "
            "datagrams, and answers them.\n\n" + report.table(head, rows))
