# SPDX-License-Identifier: Apache-2.0
"""`scripts/bench attack`: what clients notice of floods, plaintext beside them, and of overload.

Floods: one client has a message echoed every two milliseconds while a flood is under way; two others,
new, connect in the middle of it, with a pre-shared key and by the server's certificate.  The plaintext
server gets the same rate of datagrams, which it answers.

Goodput: clients arrive at a multiple of the rate that the server can serve, and either get their
handshake or give up (crowd.c).

Clients and floods share one processor, the server has the other.  Rounds visit every case in turn.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import report

PSK = "TLS_PSK_WITH_AES_128_GCM_SHA256"
ECDSA = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
MODES = ("plain", "shim", "proxy")
# name, kind of flood, datagrams a second, further arguments
FLOODS = (
    ("none", None, 0, ()),
    ("hello without cookie", "hello", 20_000, ()),
    ("hello without cookie", "hello", 100_000, ()),
    ("half-open, curves, from everywhere", "half", 1500, ()),
    ("half-open, curves, from everywhere", "half", 6000, ()),
    ("half-open, curves, from one network", "half", 1500, ("--nets", "1")),
    ("half-open, pre-shared key", "half", 1000, ("--psk",)),
    ("records, CIDs at random", "junk", 100_000, ()),
    ("records, CID of the client", "cid", 10_000, ()),
    ("records, CID of the client", "cid", 100_000, ()),
    ("records, CID and address of the client", "own", 10_000, ()),
)
BEFORE = 0.5  # seconds a flood runs before anything is measured
LOADS = (0.5, 1, 1.5, 3, 10)  # of the capacity
WINDOW = 100  # clients at a time, which is more than any server needs to be busy
QUIET = {"DTLSSHIM_LOG": "error"}


# Floods


def flood(bench, kind, rate, extra, port, mode, target, seconds):
    """The process; the plaintext server gets as many datagrams without a meaning."""
    if mode == "plain":
        kind, extra = "plain", ()
    command = [bench.tool("flood"), kind, "--port", str(port), "--rate", str(rate),
               "--seconds", str(seconds), *extra]
    if kind in ("cid", "own"):
        command += ["--cid", target[1]]
    if kind == "own":
        command += ["--from", f"127.0.0.1:{target[0]}"]
    return start(bench, command)


def start(bench, command, **pipes):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=bench.env, preexec_fn=bench.beside_the_server, **pipes)


def established(bench, port, mode, seconds):
    """A client that is connected, and waits for a line to begin."""
    keys = ["-k", str(bench.keys), "-s", PSK] if mode != "plain" else []
    return start(bench, [bench.tool("ping"), "-p", str(port), "-t", str(seconds), "-w", *keys],
                 stdin=subprocess.PIPE)


def newcomers(bench, port):
    """{how it is authenticated: a client that connects now}"""
    ways = {"key": ["-k", str(bench.keys), "-i", "1", "-s", PSK]}
    if bench.cert.exists():
        ways["certificate"] = ["-a", str(bench.cert), "-s", ECDSA]
    return {name: start(bench, [bench.tool("ping"), "-p", str(port), "-t", "0.01", *how])
            for name, how in ways.items()}


def answer(process, line=None):
    """The JSON object it prints at its end, or {"failed": why}."""
    out, err = process.communicate(line, timeout=60)
    return json.loads(out) if process.returncode == 0 else {"failed": err.strip()}


def connected(found):
    """Milliseconds, None if it did not connect."""
    return found["connected_us"] / 1000 if "connected_us" in found else None


def measure_flood(bench, mode, where, case):
    name, kind, rate, extra = case
    port, pids = where
    seconds = bench.args.seconds * 2
    first = established(bench, port, mode, seconds)
    target = first.stdout.readline().split()
    attacker = kind and flood(bench, kind, rate, extra, port, mode, target,
                              seconds + 2 * BEFORE)
    time.sleep(BEFORE)
    new = newcomers(bench, port) if kind and mode != "plain" else {}
    cpu, begin = sum(map(bench.cpu_time, pids)), time.monotonic()
    found = answer(first, "\n")
    cpu, took = sum(map(bench.cpu_time, pids)) - cpu, time.monotonic() - begin
    attacked = answer(attacker) if attacker else {}
    if "failed" in found:
        sys.exit(f"bench: {mode}, {name}: {found['failed']}")
    return {"flood": name, "rate": rate, "mode": mode, "cpu": cpu / took, "attacker": attacked,
            "new": {how: connected(answer(p)) for how, p in new.items()},
            "lost": found["lost"] / found["sent"], "us": found["us"]}


def floods(bench):
    for _ in range(bench.args.rounds):
        for case in FLOODS:
            for mode in MODES:
                with bench.server(mode, QUIET) as where:
                    yield measure_flood(bench, mode, where, case)


def slowest(rows, how):
    """Of all rounds; None if one did not connect."""
    times = [r["new"][how] for r in rows if how in r["new"]]
    return None if None in times else max(times, default=0)


def percentiles(times):
    times.sort()
    return {f"p{p}": times[len(times) * p // 100] if times else 0 for p in (50, 99)}


def flood_rows(results):
    """One row a case: medians over the rounds, percentiles of all their messages, and p99 as a multiple
    of the plaintext server's."""
    groups = {}
    for r in results:
        groups.setdefault((r["flood"], r["rate"], r["mode"]), []).append(r)
    rows = {key: {**found[0], **{k: statistics.median(r[k] for r in found)
                                 for k in ("lost", "cpu")},
                  **percentiles([t for r in found for t in r["us"]]),
                  "new": {how: slowest(found, how) for how in found[0]["new"]}}
            for key, found in groups.items()}
    for (name, rate, _), row in rows.items():
        plain = rows[name, rate, "plain"]
        row["times"] = row["p99"] / max(plain["p99"], 1)
        row["lost_more"] = row["lost"] - plain["lost"]
    return list(rows.values())


def flood_cells(row):
    def new(how):
        if how not in row["new"]:
            return "-"
        return "no" if row["new"][how] is None else f"{row['new'][how]:.0f} ms"

    return [row["flood"], str(row["rate"] or ""), row["mode"], f"{row['lost']:.1%}",
            f"{row['p50']:.0f} us", f"{row['p99']:.0f} us", f"{row['times']:.1f}x",
            f"{row['cpu']:.0%}", new("key"), new("certificate")]


# Goodput


def crowd(bench, where, *how, warm):
    return answer(start(bench, [bench.tool("crowd"), "--port", str(where[0]), "--seconds",
                                str(2 * bench.args.seconds), "--warm", str(warm), *how]))


def measure_goodput(bench, mode):
    """The server's capacity, and what it completes of multiples of it: [(load, rate, found)]."""
    warm = 3 if bench.args.quick else 8  # from 7 s on, clients repeat their hellos most often
    with bench.server(mode, QUIET) as where:
        capacity = crowd(bench, where, "--window", str(WINDOW), warm=1)
    yield {"mode": mode, "load": 0, "of": 1, **capacity}
    for load in LOADS:
        with bench.server(mode, QUIET) as where:
            rate = load * capacity["rate"]
            found = crowd(bench, where, "--rate", f"{rate:.1f}", warm=warm)
        yield {"mode": mode, "load": load, "of": found["rate"] / capacity["rate"], **found}


def goodput(bench):
    if not bench.cert.exists():
        return
    for _ in range(max(1, bench.args.rounds // 2)):
        for mode in MODES[1:]:
            yield from measure_goodput(bench, mode)


def goodput_rows(results):
    groups = {}
    for r in results:
        groups.setdefault((r["mode"], r["load"]), []).append(r)
    return [{**found[0], **{k: statistics.median(r[k] for r in found)
                            for k in ("rate", "of", "p50_ms", "own_cpu")}}
            for found in groups.values()]


def goodput_cells(row):
    load = f"{row['load']:g}x" if row["load"] else "capacity"
    return [f"{row['mode']}, {load}", f"{row['rate']:.0f}", f"{row['of']:.0%}",
            f"{row['p50_ms']:.0f} ms"]


def svg(rows):
    lines = [("possible", "#8b949e", [min(load, 1) for load in LOADS]),
             ("at least", "#3fb950", [min(load, 1) * 0.8 for load in LOADS])]
    lines += [(mode, report.COLOURS[mode],
               [next(r["of"] for r in rows if r["mode"] == mode and r["load"] == load)
                for load in LOADS]) for mode in MODES[1:]]
    return report.curves("Completed handshakes over offered ones, of the capacity",
                         [f"{load:g}x" for load in LOADS], lines, lambda v: f"{v:.0%}", 1.1)


# The report


def aims(attacked, served):
    for mode in MODES[1:]:
        rows = [r for r in attacked if r["mode"] == mode]
        lost = max(r["lost_more"] for r in rows)
        yield (f"{mode}: messages lost in any flood, beyond the plaintext server's", "0.1%",
               f"{max(lost, 0):.1%}", lost <= 0.001)
        times = max(r["times"] for r in rows)
        yield f"{mode}: p99 in any flood, of the plaintext server's", "2x", f"{times:.1f}x", times <= 2
        late = [r["new"]["key"] for r in rows if "curves" in r["flood"]]
        late = None if None in late else max(late)
        yield (f"{mode}: until a new client with a key is connected in a flood of curves", "1000 ms",
               "never" if late is None else f"{late:.0f} ms", late is not None and late <= 1000)
        for row in served:
            if row["mode"] == mode and row["load"] > 1:
                yield (f"{mode}: goodput at {row['load']:g}x, of the capacity", "at least 80%",
                       f"{row['of']:.0%}", row["of"] >= 0.8)


def disturbance(rows):
    share = min((r["own_cpu"] for r in rows), default=1)
    if share > 0.9:
        return ""
    return (f"\n\n**Others used the machine meanwhile**: the clients had {share:.0%} of a "
            "processor that should be\ntheirs, so times are too long and much was lost before it "
            "was sent.")


def markdown(bench, machine, attacked, served):
    checked = [[what, limit, found, "yes" if met else "**no**"]
               for what, limit, found, met in aims(attacked, served)]
    head = ["flood", "a second", "server", "lost", "p50", "p99", "p99 of plain's", "server CPU",
            "new, by key", "new, by certificate"]
    return f"""# Floods and overload

{machine}. Written by `scripts/bench attack`.

The same C echo server serves in plaintext, under `libdtlsshim.so`, and behind `dtlsproxy`. Servers
have one processor, clients and floods the other.{disturbance(served)}

## Floods

An established client has a message echoed every 2 ms for {2 * bench.args.seconds:g} s while a flood is
under way; two new ones connect meanwhile, from a network that has no part in it. The plaintext server
gets as many datagrams, and answers them. Rounds visit every case in turn
({bench.args.rounds}); times are percentiles of all their messages, the rest medians; of the new clients the slowest one. Server CPU is that of one processor, the proxy's with the
server behind it.

* hello without cookie: from 65000 networks, none of which listens;
* half-open: hellos whose cookie is brought back, and then silence; with curves the server computes a
  key and a signature for each that it admits;
* records: application data of 64 bytes that does not verify; with the client's Connection ID, from
  anywhere or as if from its own address.

{report.table(head, map(flood_cells, attacked))}
## Overload

Clients arrive at equal distances, each from another network, and do a full ECDHE-ECDSA handshake
(P-256, extended master secret, one certificate). Counted is the handshake of which both sides have
verified the Finished. What is not answered is repeated after 1, 2 and 4 s; after another 8 s a client
gives up. The clients do no arithmetic on curves (`tests/bench/cheap.h`), so that they never are what is
slow; the server does all of it. The capacity is what it completes for {WINDOW} clients at a time. The
repetitions of those that were not served come on top of the multiples of it.

{report.table(["server, offered", "completed a second", "of the capacity", "median time"],
              map(goodput_cells, served))}
![goodput](attack.svg)

## Aims

{report.table(["", "at most", "measured", "met"], checked)}"""


def logged(results):
    for r in results:
        print(json.dumps({k: v for k, v in r.items() if k != "us"}), file=sys.stderr)
        yield r


def run(bench, machine):
    """The report and the picture."""
    attacks, crowds = list(logged(floods(bench))), list(logged(goodput(bench)))
    if bench.args.json:
        Path(bench.args.json).write_text(json.dumps({"machine": machine(), "floods": attacks,
                                                     "goodput": crowds}, indent=1))
    served = goodput_rows(crowds)
    text = markdown(bench, machine(), flood_rows(attacks), served)
    return text, svg(served) if served else None
