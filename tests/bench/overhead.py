# SPDX-License-Identifier: Apache-2.0
"""scripts/bench overhead [--rounds N] [--build DIR] [--no-docs]: what a hook costs a descriptor that
is not protected, in nanoseconds a call.  Writes docs/bench/overhead.md."""

import argparse
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 20      # nanoseconds a call
STATES = {"none": "no protected socket", "bound": "one, nobody waits on it",
          "watched": "one, waited on"}
NOT_MEASURED = {
    "__recv": "for glibc itself only; the same code as recv",
    "__sendmmsg": "for glibc itself only; the same code as sendmmsg",
    **dict.fromkeys(("execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve",
                     "execveat"), "no call that returns"),
    **dict.fromkeys(("posix_spawn", "posix_spawnp"), "each call makes a process"),
    "dlopen": "not about descriptors",
}
ABOVE = {
    "closefrom": "our own descriptors lie in the range: two more system calls go around them",
}


def free_port():
    """Not one of those the kernel hands out: it may be taken before it is used."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, \
                contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def measure(build, rounds):
    """The program's lines as dictionaries."""
    port = free_port()
    with tempfile.TemporaryDirectory() as work:
        keys = Path(work) / "keys.csv"
        with open(os.open(keys, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(f"bench,{os.urandom(16).hex()}\n")
        env = {k: v for k, v in os.environ.items() if not k.startswith("DTLSSHIM_")}
        env.update(LD_PRELOAD=str(build / "libdtlsshim.so"), DTLSSHIM_PSK_CSV=str(keys),
                   DTLSSHIM_PORTS=str(port), DTLSSHIM_LOG="error")
        out = subprocess.run([build / "bench" / "overhead", str(rounds), str(port)], env=env,
                             check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def by_call(rows):
    """{(call, descriptor): {state: row}}"""
    table = {}
    for r in rows:
        table.setdefault((r["call"], r["on"]), {})[r["state"]] = r
    return table


def hooked():
    lines = (ROOT / "shim" / "hooks.txt").read_text().splitlines()
    return [line.split()[0] for line in lines if line and not line.startswith("#")]


def unknown(rows):
    """Hooked names that are neither measured nor excused."""
    return sorted(set(hooked()) - {r["call"] for r in rows} - set(NOT_MEASURED))


def markdown(rows, machine, rounds):
    table = by_call(rows)
    worst = max(r["more"] for r in rows if r["call"] not in ABOVE)
    lines = [
        "# What a hook costs a descriptor that is not protected", "",
        "Made by `scripts/bench overhead`. " + machine + ".", "",
        f"Nanoseconds a call, beyond the call of libc's own function: the median of {rounds}",
        "differences between rounds of 64 calls with and without the hook, which take turns in one",
        "process on the same descriptors. Arguments are such that the kernel answers at once.", "",
        f"The aim is {LIMIT} ns; the most is **{worst:.0f} ns**"
        + (f", but for {', '.join(sorted(ABOVE))} (below)." if ABOVE else "."), "",
        "| call | on | libc | " + " | ".join(f"+ {s}" for s in STATES.values()) + " |",
        "|---|---|---:|" + "---:|" * len(STATES)]
    for (call, on), states in table.items():
        cells = [f"{max(states[s]['more'], 0):.0f}" for s in STATES]
        lines.append(f"| `{call}` | {'' if on == 'none' else on} | {states['none']['libc']:.0f} | "
                     + " | ".join(cells) + " |")
    lines += ["", "`socket`, `socketpair`, `dup`, `dup2`, `dup3` and `fcntl64` (F_DUPFD) were each",
              "measured together with the `close()` of what they made.", ""]
    lines += [f"* `{call}`: {why}." for call, why in sorted(ABOVE.items())]
    lines += [f"* `{name}` was not measured: {why}." for name, why in sorted(NOT_MEASURED.items())]
    return "\n".join(lines) + "\n"


def main(argv, machine):
    p = argparse.ArgumentParser(prog="scripts/bench overhead", description=__doc__)
    p.add_argument("--rounds", type=int, metavar="N", default=1000)
    p.add_argument("--build", metavar="DIR", default="build", help="where to build (build)")
    p.add_argument("--no-docs", action="store_true", help="leave docs/bench as it is")
    args = p.parse_args(argv)
    subprocess.run(["make", "-s", f"-j{os.cpu_count()}", f"BUILD={args.build}", "all",
                    "bench-tools"], cwd=ROOT, check=True, stdout=sys.stderr)
    rows = measure((ROOT / args.build).resolve(), args.rounds)
    if unknown(rows):
        sys.exit(f"bench: hooked, but not measured: {', '.join(unknown(rows))}")
    text = markdown(rows, machine, args.rounds)
    print(text)
    if not args.no_docs:
        (ROOT / "docs" / "bench" / "overhead.md").write_text(text)
    slow = [r for r in rows if r["more"] > LIMIT and r["call"] not in ABOVE]
    for r in slow:
        print(f"bench: {r['call']}() on a {r['on']}, {STATES[r['state']]}: {r['more']:.0f} ns",
              file=sys.stderr)
    return 1 if slow else 0
