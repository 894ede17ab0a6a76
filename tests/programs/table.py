# SPDX-License-Identifier: Apache-2.0
"""Runs unmodified programs, servers and clients, under the shim and writes docs/programs.md.

Each is first run in plaintext under strace, which records the calls its server makes on its socket;
then the server under the shim and its client under the shim in its client role, with a recording
forwarder between them that sees to it that all is DTLS.  scripts/install-deps --programs installs
the programs.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def install_modules(directory):
    """The two programs that are no Debian packages, by the ordinary clients of their registries."""
    directory.mkdir(parents=True, exist_ok=True)
    for command in ([sys.executable, "-m", "pip", "install", "-q", "--target",
                     directory / "python", "aiocoap"],
                    ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                     directory, "statsd"]):
        try:
            subprocess.run(command, check=True, stdout=sys.stderr)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"programs: not installed: {error}", file=sys.stderr)


def version(program):
    """Of the Debian package of the first command it needs, or of the module."""
    import world
    kind, _, name = program.needs[-1].rpartition(":")
    if kind:
        return f"{name} ({kind})"
    name = program.needs[0]
    places = [Path(d, name) for d in ("/usr/bin", "/usr/sbin", "/bin", "/sbin")]
    path = next((p for p in places if p.exists()), world.find(name))
    names = (os.path.realpath(path), str(path), str(path).removeprefix("/usr"))
    owner = subprocess.run(["dpkg", "-S", *names], capture_output=True, text=True).stdout
    package = owner.split(":")[0].split(",")[0]
    if not package:
        return ""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\n", package],
                           capture_output=True, text=True).stdout
    return f"{package} {found.split()[0]}"


def one_line(error):
    return re.sub(r"\s+", " ", error.splitlines()[0])[:160] if error else ""


def try_program(program, work, recorded=True):
    """{title, calls, plain, shim}: errors or None."""
    import world
    name = program.__name__
    row = {"program": program, "calls": []}
    record = work / f"{name}.strace" if recorded and world.find("strace") else None
    row["plain"], port = world.run(program, "plain", work / f"{name}-plain", record)
    if record and record.exists():
        row["calls"] = world.calls(record, port)
    row["shim"], _ = world.run(program, "shim", work / f"{name}-shim")
    return row


def result(row):
    if row["plain"]:
        return "does not run here in plaintext: " + one_line(row["plain"])
    if not row["shim"]:
        return f"refused: `{row['program'].refused}`" if row["program"].refused else "works"
    refusal = re.search(r"dtlsshim: error: (.*)", row["shim"])
    return f"refused: {refusal[1]}" if refusal else "**fails**: " + one_line(row["shim"])


def markdown(rows, absent):
    works = sum(result(r) == "works" for r in rows)
    refused = sum(result(r).startswith("refused") for r in rows)
    lines = ["# Programs", "",
             "Made by `scripts/programs`: unmodified programs, the server under the shim, the client",
             "under the shim in its client role, and between them a forwarder that records every",
             f"datagram and sees to it that it is DTLS. {works} of {len(rows)} work; {refused} cannot",
             "be protected: no answer of theirs leaves, and the log has the line that the table names.", "",
             "| server | package | client | result | calls on the server's socket (in plaintext) |",
             "|---|---|---|---|---|"]
    for r in rows:
        p = r["program"]
        lines.append(f"| {p.title} | {version(p)} | {p.client} | {result(r)} | "
                     + ", ".join(r["calls"]) + " |")
    if absent:
        lines += ["", "Not tried, because not installed: "
                  + ", ".join(f"{p.title} ({', '.join(m)})" for p, m in absent) + "."]
    return "\n".join(lines) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("names", nargs="*", help="only these (names of functions in programs.py)")
    p.add_argument("--build", metavar="DIR", default="build", help="where the products are (build)")
    p.add_argument("--modules", metavar="DIR",
                   help="where aiocoap and statsd are, or are to be installed")
    args = p.parse_args()
    os.environ.setdefault("DS_BUILD", str((ROOT / args.build).resolve()))
    if args.modules:
        os.environ["DS_MODULES"] = str(Path(args.modules).resolve())
        if not Path(args.modules).exists():
            install_modules(Path(args.modules).resolve())
    import programs
    import world
    chosen = [q for q in programs.PROGRAMS if not args.names or q.__name__ in args.names]
    rows, absent = [], []
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        for q in chosen:
            lacking = world.missing(q)
            if lacking:
                absent.append((q, lacking))
                continue
            rows.append(try_program(q, Path(work)))
            print(f"{q.__name__}: {result(rows[-1])}", flush=True)
            if args.names:
                print(rows[-1]["shim"] or rows[-1]["plain"] or ", ".join(rows[-1]["calls"]))
    if not args.names:
        (ROOT / "docs" / "programs.md").write_text(markdown(rows, absent))
    sys.exit(any(r["shim"] and not result(r).startswith("refused") for r in rows))
