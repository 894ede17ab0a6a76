# SPDX-License-Identifier: Apache-2.0
"""Runs other people's DTLS stacks against the product and writes docs/interop.md.

Each stack is installed from its registry or as a Debian package under build/interop.  As clients
the stacks talk to a server under the shim and behind the proxy, as servers to `dtlsshim nc` and to
a program under the shim in its client role.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "integration"))

import cases  # noqa: E402
import faults  # noqa: E402
import stacks  # noqa: E402
import trial  # noqa: E402
from support import certs  # noqa: E402

KINDS = {"clients": ("shim", "proxy"), "servers": ("nc", "shim")}
TABLES = {"clients": (cases.CLIENTS, trial.Trial), "servers": (cases.SERVERS, trial.ServerTrial)}


def authority(directory):
    """Certificates for all trials: .server by kind of key, .client."""
    made = certs.Authority(directory)
    made.server = {kind: made.certify("localhost", kind) for kind in ("ecdsa", "rsa")}
    made.client = made.certify("interop-client")
    return made


def attempt(stack, table, case, kind, directory, made):
    """(None, "") if it works, else (why in a line, all that was said)."""
    t = TABLES[table][1](stack, kind, directory, made)
    why, said = None, ""
    try:
        case.run(t)
    except Exception as error:          # whatever it is, the other cases go on
        why = trial.summary(str(error))
        reason = t.reason()
        if reason and reason not in why:
            why += f" (log: {reason})"
        said = f"{error}\n{t.evidence()}"
    try:
        t.close()
    except AssertionError as error:
        why, said = why or trial.summary(str(error)), said or str(error)
    shutil.rmtree(directory, ignore_errors=True)
    return why, said


def lacking(stack, table, case):
    if table == "servers" and "server" not in stack.features:
        return stack.without.get("server", "no server")
    return case.lacking(stack)


def install(chosen):
    """Those that are there in the end; what could not be had, with the reason."""
    there, absent = [], {}
    for stack in chosen:
        try:
            if not stack.installed():
                stack.install()
            there.append(stack)
        except (OSError, subprocess.CalledProcessError) as error:
            absent[stack.key] = str(error)[:200]
            print(f"interop: {stack.key} is not installed: {error}", file=sys.stderr)
    return there, absent


# The page

class Notes:
    """Numbered explanations; the same text has one number."""

    def __init__(self):
        self.texts = []

    def number(self, text):
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


def cell(results, stack, table, case, notes):
    """"ok", "-", or which of the two ways fails, with the number of its note."""
    reason = lacking(stack, table, case)
    if reason:
        return "-"
    words = []
    for kind in KINDS[table]:
        failure = results[stack.key, table, case.title, kind]
        if failure:
            found = faults.explain(stack, case.title, failure)
            text = f"({found[0]}) {found[1]}" if found else f"(unexplained) {failure}"
            words.append((kind, f"fails [{notes.number(text)}]"))
        else:
            words.append((kind, "ok"))
    if words[0][1] == words[1][1]:
        return words[0][1]
    return "; ".join(f"{kind}: {word}" for kind, word in words)


def version(stack):
    if " " not in stack.version:
        return stack.version
    return subprocess.run(stack.version.split(), capture_output=True, text=True).stdout.strip()


def page(results, there, absent):
    notes = Notes()
    lines = ["# Interoperability", "",
             "Made by `scripts/interop`, which installs each stack and runs every case that it can be",
             "asked: as a client of a server under the shim and behind `dtlsproxy`, as a server of",
             "`dtlsshim nc` and of a program under the shim in its client role. `ok` holds for both,",
             "`-` is what the stack cannot do (see the end), a number is a note below.", "",
             "| stack | version | from |", "|---|---|---|"]
    lines += [f"| {s.name} | {version(s)} | {s.origin} |" for s in there]
    for table, title in (("clients", "As clients"), ("servers", "As servers")):
        of = [s for s in there if table == "clients" or "server" in s.features]
        lines += ["", f"## {title}", "", "| case | " + " | ".join(s.name for s in of) + " |",
                  "|---" * (len(of) + 1) + "|"]
        for case in TABLES[table][0]:
            cells = [cell(results, s, table, case, notes) for s in of]
            lines.append(f"| {case.title} | " + " | ".join(cells) + " |")
    lines += ["", "## What fails, and whose fault it is", ""]
    lines += [f"{n}. {text}" for n, text in enumerate(notes.texts, 1)] or ["Nothing."]
    lines += ["", "## What was not asked", ""]
    for s in there:
        reasons = {}
        for table, (all_cases, _) in TABLES.items():
            for case in all_cases:
                reason = lacking(s, table, case)
                if reason:
                    reasons.setdefault(reason, None)
        lines.append(f"* {s.name}: " + (", ".join(reasons) or "nothing") + ".")
    lines += [f"* {key}: could not be installed here: {why}." for key, why in absent.items()]
    return "\n".join(lines) + "\n"


def stale(results, there):
    """Faults of the list that no failure needed."""
    used = {faults.explain(s, title, failure)
            for s in there for (key, _, title, _), failure in results.items()
            if failure and key == s.key}
    return [text for *_, whose, text in faults.FAULTS if (whose, text) not in used]


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("stacks", nargs="*", help="only these: " + " ".join(s.key for s in stacks.STACKS))
    p.add_argument("--case", metavar="PATTERN", default="", help="only cases whose title has it")
    p.add_argument("--install", action="store_true", help="install and end")
    p.add_argument("--build", metavar="DIR", default="build", help="where the products are (build)")
    p.add_argument("-j", type=int, default=4, help="cases at the same time (4)")
    args = p.parse_args()
    os.environ.setdefault("DS_BUILD", str((ROOT / args.build).resolve()))
    there, absent = install([s for s in stacks.STACKS if not args.stacks or s.key in args.stacks])
    if args.install:
        sys.exit(bool(absent))
    results, unexplained = {}, 0
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(args.j) as pool:
        made = authority(Path(work))
        jobs = {}
        for s in there:
            for table, (all_cases, _) in TABLES.items():
                for case in all_cases:
                    if not re.search(args.case, case.title) or lacking(s, table, case):
                        continue
                    for kind in KINDS[table]:
                        key = (s.key, table, case.title, kind)
                        jobs[key] = pool.submit(attempt, s, table, case, kind,
                                                Path(work) / str(len(jobs)), made)
        for key, job in jobs.items():
            results[key], said = job.result()
            found = results[key] and faults.explain(next(s for s in there if s.key == key[0]),
                                                    key[2], results[key])
            unexplained += bool(results[key] and not found)
            word = "ok" if not results[key] else f"{found[0] if found else 'FAILS'}: {results[key]}"
            print(f"{' | '.join(key)}: {word}", flush=True)
            if said and args.case and args.stacks:
                print(said)
    if not args.stacks and not args.case:
        (ROOT / "docs" / "interop.md").write_text(page(results, there, absent))
        for text in stale(results, there):
            print(f"not needed any more in faults.py: {text}")
    print(f"{sum(not r for r in results.values())} work, {sum(bool(r) for r in results.values())} "
          f"fail, {unexplained} of them unexplained")
    sys.exit(bool(unexplained))


if __name__ == "__main__":
    main()
