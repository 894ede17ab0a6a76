# SPDX-License-Identifier: Apache-2.0
"""Measures what DTLS costs: the same C echo server in plaintext, under the shim, behind the proxy.

Builds what it needs, prints a table in Markdown, writes docs/bench/bench.md and bench.svg.
Everything is measured in one run, in rounds that visit every case in turn; figures are medians
over the rounds.  The servers have one processor, the load generator another.

`scripts/bench overhead` measures something else: what hooks cost descriptors that are not protected;
`scripts/bench sessions` what large numbers of sleeping sessions do, and writes sessions.md and
sessions.svg; `scripts/bench attack` what clients notice of floods and overload, and writes attack.md and attack.svg.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import attack
import overhead
import report
import sessions

ROOT = Path(__file__).resolve().parents[2]

SUITES = {"GCM": "TLS_PSK_WITH_AES_128_GCM_SHA256", "CCM-8": "TLS_PSK_WITH_AES_128_CCM_8"}
ECDSA = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
CASES = [("plain", None)] + [(mode, s) for s in SUITES for mode in ("shim", "proxy")]
PARALLEL = 32  # handshakes at the same time
MEMORY_FROM = 4000  # sessions; the cache of expanded keys, 2048 sessions, is full by then


def arguments():
    p = argparse.ArgumentParser(prog="scripts/bench", description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    sessions.add_arguments(p)
    p.add_argument("--quick", action="store_true", help="about a minute; the figures are rougher")
    p.add_argument("--rounds", type=int, metavar="N")
    p.add_argument("--seconds", type=float, metavar="S", help="of each measurement")
    p.add_argument("--clients", type=lambda s: [int(n) for n in s.split(",")], metavar="N,...",
                   default=[1, 100, 1000])
    p.add_argument("--sizes", type=lambda s: [int(n) for n in s.split(",")], metavar="BYTES,...",
                   default=[64, 1000])
    p.add_argument("--sessions", type=int, metavar="N", default=20000,
                   help="idle sessions in the memory measurement (default 20000)")
    p.add_argument("--json", metavar="FILE", help="write every single measurement there")
    p.add_argument("--build", metavar="DIR", default="build", help="where to build (build)")
    p.add_argument("--no-docs", action="store_true", help="leave docs/bench as it is")
    args = p.parse_args()
    few, many = (1, 5) if args.what == "attack" else (2, 5)
    args.rounds = args.rounds or (few if args.quick else many)
    args.seconds = args.seconds or (0.4 if args.quick else 1.0)
    if args.sessions < 2 * MEMORY_FROM:
        p.error(f"--sessions: at least {2 * MEMORY_FROM}")
    return args


def processors():
    """The servers' processor and the generator's."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        print("bench: one processor only: server and generator share it", file=sys.stderr)
    return cpus[0], cpus[-1]


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_bound(port):
    wanted = f":{port:04X}"
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return any(line.split()[1].endswith(wanted) for line in lines)


class Bench:
    free_port = staticmethod(free_port)

    def __init__(self, args, work):
        self.args = args
        self.work = Path(work)
        self.build = (ROOT / args.build).resolve()
        self.server_cpu, self.load_cpu = processors()
        self.keys = self.work / "keys.csv"
        self.cert = self.work / "cert.pem"
        self.log = self.work / "server.log"
        self.env = {k: v for k, v in os.environ.items()
                    if k != "LD_PRELOAD" and not k.startswith("DTLSSHIM_")}
        self.n_keys = max(args.sessions, *args.clients, *(n for _, n in args.fleet))
        self.aead = "none"
        self.results = []

    def tool(self, name):
        return str(self.build / "bench" / name)

    def prepare(self):
        if subprocess.run([ROOT / "scripts" / "install-deps", "--build"],
                          stdout=sys.stderr).returncode:
            sys.exit("bench: what the build needs is missing")
        if subprocess.run(["make", "-s", f"-j{os.cpu_count()}", f"BUILD={self.args.build}", "all",
                           "bench-tools"], cwd=ROOT, stdout=sys.stderr).returncode:
            sys.exit("bench: the build failed")
        with open(os.open(self.keys, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            for i in range(self.n_keys):
                f.write(f"bench{i:06},{os.urandom(16).hex()}\n")
        try:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                            "/CN=localhost", "-keyout", self.work / "key.pem", "-out", self.cert],
                           check=True, capture_output=True)
        except FileNotFoundError:
            print("bench: no openssl: handshakes with certificates are left out", file=sys.stderr)

    # Servers

    @contextlib.contextmanager
    def process(self, command, port, env=None):
        """A server that has bound `port`; yields its process id."""
        with open(self.log, "ab") as log:
            p = subprocess.Popen(command, env={**self.env, **(env or {})}, stderr=log, stdout=log,
                                 preexec_fn=lambda: os.sched_setaffinity(0, {self.server_cpu}))
        try:
            deadline = time.monotonic() + 20
            while not is_bound(port):
                if p.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"bench: {command[0]} does not serve:\n"
                             + self.log.read_text(errors="replace")[-2000:])
                time.sleep(0.01)
            yield p.pid
        finally:
            p.terminate()
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()

    @contextlib.contextmanager
    def server(self, mode, options=None, ports=None):
        """The echo server in one of its modes; yields the port and the processes to account."""
        options = options or {}
        port, wire = ports or (free_port(), free_port())
        echo = [self.tool("echo_server"), str(port)]
        cert = [self.cert, self.work / "key.pem"] if self.cert.exists() else []
        if mode == "shim":
            env = {"LD_PRELOAD": str(self.build / "libdtlsshim.so"),
                   "DTLSSHIM_PSK_CSV": str(self.keys),
                   **dict(zip(("DTLSSHIM_CERT", "DTLSSHIM_KEY"), map(str, cert))), **options}
            with self.process(echo, port, env) as pid:
                yield port, [pid]
            return
        with self.process(echo, port) as pid:
            if mode == "plain":
                yield port, [pid]
                return
            flags = [x for pair in zip(("--cert", "--key"), map(str, cert)) for x in pair]
            with self.process([str(self.build / "dtlsproxy"), "--bind", f"127.0.0.1:{wire}",
                               "--connect", f"127.0.0.1:{port}", "--psk-csv", str(self.keys),
                               *flags], wire, options) as proxy:
                yield wire, [proxy, pid]

    # Measuring

    def beside_the_server(self):
        os.sched_setaffinity(0, {self.load_cpu})

    @staticmethod
    def cpu_time(pid):
        """Seconds of processor time that a process has used."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def load(self, what, port, pids, **options):
        command = [self.tool("load"), what, "--port", str(port)]
        command += [x for pid in pids for x in ("--pid", str(pid))]
        for name, value in options.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        p = subprocess.run(command, capture_output=True, text=True, env=self.env, timeout=300,
                           preexec_fn=self.beside_the_server)
        if p.returncode:
            sys.exit(f"bench: {' '.join(command[1:])}: {p.stderr.strip()}\n"
                     + self.log.read_text(errors="replace")[-2000:])
        found = json.loads(p.stdout)
        if found["aead"] != "none":
            self.aead = found["aead"]
        return found

    def echoes(self, mode, suite, size, clients, where):
        how = {"keys": self.keys, "suite": SUITES[suite]} if suite else {"plain": True}
        m = self.load("echo", *where, size=size, clients=clients, time=self.args.seconds, **how)
        return {"kind": "echo", "mode": mode, "suite": suite, "size": size, "clients": clients,
                "us": sum(m["cpu_ns"]) / 1000 / max(m["echoes"], 1),
                "rate": m["echoes"] / m["seconds"], "echoes": m["echoes"], "lost": m["lost"],
                "raw": m}

    def handshakes(self, mode, name, where):
        how = {"suite": SUITES["GCM"], "keys": self.keys}
        if name != "PSK":
            how = {"suite": ECDSA, "ca": self.cert}
        m = self.load("handshakes", *where, clients=PARALLEL, time=self.args.seconds, **how)
        # Of the proxy alone: its backend hears nothing of a handshake.
        return {"kind": "handshake", "mode": mode, "name": name,
                "us": m["cpu_ns"][0] / 1000 / max(m["handshakes"], 1),
                "rate": m["handshakes"] / m["seconds"], "raw": m}

    def round(self):
        names = ["PSK"] + (["ECDHE-ECDSA"] if self.cert.exists() else [])
        with contextlib.ExitStack() as stack:
            where = {m: stack.enter_context(self.server(m)) for m in ("plain", "shim", "proxy")}
            for size in self.args.sizes:
                for clients in self.args.clients:
                    for mode, suite in CASES:
                        yield self.echoes(mode, suite, size, clients, where[mode])
            for name in names:
                for mode in ("shim", "proxy"):
                    yield self.handshakes(mode, name, where[mode])

    def memory(self):
        """Bytes a session: of the process, and by the core's own count."""
        first, last = MEMORY_FROM, self.args.sessions
        how = {"keys": self.keys, "suite": SUITES["GCM"], "window": PARALLEL}
        with self.server("shim") as (port, pids):
            self.load("idle", port, pids, clients=first, **how)
            before = rss(pids[0])
            self.load("idle", port, pids, first=first, clients=last - first, **how)
            grown = (rss(pids[0]) - before) / (last - first)
        core = subprocess.run([self.tool("session_size"), SUITES["GCM"], self.keys, str(first),
                               str(last)], check=True, capture_output=True, text=True).stdout
        return {"kind": "memory", "from": first, "to": last, "rss": grown,
                "core": json.loads(core)["bytes"]}

    def run(self):
        total = self.args.rounds * (len(self.args.sizes) * len(self.args.clients) * len(CASES)
                                    + (4 if self.cert.exists() else 2))
        for n in range(self.args.rounds):
            for result in self.round():
                self.results.append({"round": n, **result})
                progress(len(self.results), total)
        self.results.append(self.memory())


def rss(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss:\s+(\d+) kB", text, re.M).group(1)) * 1024


def progress(done, total):
    if sys.stderr.isatty():
        print(f"\r{done}/{total} measurements", end="" if done < total else "\n", file=sys.stderr)


def machine(aead=None):
    def field(file, pattern):
        found = re.search(pattern, Path(file).read_text(), re.M)
        return found.group(1).strip() if found else "?"

    cpu = field("/proc/cpuinfo", r"^model name\s*:(.*)$")
    system = field("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')
    kernel = ".".join(platform.release().split("-")[0].split(".")[:2])
    names = {"ipsec-mb": "Intel IPsec-MB", "mbedtls": "Mbed TLS"}
    return (f"{cpu}, {os.cpu_count()} cores; Linux {kernel}, {system}"
            + (f"; records by {names.get(aead, aead)}" if aead else ""))


def disturbance(results):
    """A sentence if others used the processors too; the generator never gives its own up."""
    raw = [r["raw"] for r in results if "raw" in r]
    share = sum(m["own_cpu_ns"] for m in raw) / sum(m["seconds"] for m in raw) / 1e9
    if share > 0.97:
        return ""
    return (f"\n\n**Others used the machine meanwhile**: the generator had {share:.0%} of its\n"
            "processor, so rates are too low and times too high.")


def medians(results):
    """One result a case, its figures the medians over the rounds."""
    groups = {}
    for r in results:
        key = tuple(r.get(k) for k in ("kind", "mode", "suite", "size", "clients", "name"))
        groups.setdefault(key, []).append(r)
    for rows in groups.values():
        middle = {k: statistics.median(r[k] for r in rows) for k in ("us", "rate") if k in rows[0]}
        sums = {k: sum(r[k] for r in rows) for k in ("lost", "echoes") if k in rows[0]}
        yield {**rows[0], **middle, **sums}


def publish(args, name, text, picture=None):
    if args.no_docs:
        return
    docs = ROOT / "docs" / "bench"
    docs.mkdir(parents=True, exist_ok=True)
    (docs / f"{name}.md").write_text(text)
    if picture:
        (docs / f"{name}.svg").write_text(picture)


def main():
    if sys.argv[1:2] == ["overhead"]:
        sys.exit(overhead.main(sys.argv[2:], machine()))
    args = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through the servers' clean-up
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(args, work)
        bench.prepare()
        if args.what == "sessions":
            text, picture = sessions.run(bench, machine, rss)
            print(text)
            publish(args, "sessions", text, picture)
            return
        if args.what == "attack":
            text, picture = attack.run(bench, machine)
            print(text)
            publish(args, "attack", text, picture)
            return
        bench.run()
    if args.json:
        Path(args.json).write_text(json.dumps({"machine": machine(bench.aead),
                                               "results": bench.results}, indent=1))
    rows = list(medians(bench.results))
    how = (f"Medians of {args.rounds} rounds of {args.seconds:g} s, measured in turn."
           + disturbance(bench.results))
    text = report.markdown(rows, machine(bench.aead), how)
    print(text)
    publish(args, "bench", text, report.svg(rows))


if __name__ == "__main__":
    main()
