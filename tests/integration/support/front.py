# SPDX-License-Identifier: Apache-2.0
"""One face for the three ways to run a server: plain, under the shim, behind the proxy."""

import contextlib
import re
import signal
import tempfile
import threading
import time

from . import build
from .client import CANARY, PlainClient, SecureClient, dtls12
from .process import Failed, Process

from forwarder import C2S, S2C, Forwarder  # noqa: E402 (tests/peers, put on the path by .client)

from dtls12 import messages  # noqa: E402

KINDS = ("plain", "shim", "proxy")
KEYS = {b"dev%d" % i: bytes([i]) * 8 + b"key-8-16" for i in range(128)}
KALLE = (b"Kalle", bytes.fromhex("deadbeefdeadbeef"))     # as in EUB's keys.csv
# The script of EUB's repository, word for word.
LOOKUP_PSK = """#!/bin/bash

if [ "$1" == "Kalle" ]; then
    echo -n deadbeefdeadbeef
    exit 0
else
    exit 1
fi
"""


def write_csv(path, keys):
    """Replaces a key file in one step, as an editor or a deployment tool does."""
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{i.decode()},{k.hex()}\n" for i, k in keys.items()))
    fresh.chmod(0o600)
    fresh.replace(path)
    return path


def wait_bound(port, process, timeout=20):
    """Waits until some process has bound UDP `port`, for programs that do not say so."""
    pattern = re.compile(rf"^ *\d+: [0-9A-F]+:{port:04X} ", re.M)
    deadline = time.monotonic() + timeout
    while not any(pattern.search(open(f"/proc/net/{name}").read()) for name in ("udp", "udp6")):
        if not process.alive() or time.monotonic() > deadline:
            raise Failed(f"port {port} was not bound\n{process}")
        with process.news:
            process.news.wait(0.02)


def text_with(path, part, timeout=20):
    """What is in a file when `part` is there, or at the deadline: a thread of its own writes a log."""
    deadline = time.monotonic() + timeout
    while part not in (text := path.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return text


class Front:
    """Starts one server and whatever stands in front of it; `kind` is one of KINDS.

    After start(): .process the server, .log the process that writes the product's log lines (the
    server itself under the shim), .address where clients go, .net the recording forwarder (None
    for plain).  close() ends all and checks what must hold in every scenario.
    """

    def __init__(self, kind, directory):
        self.kind, self.directory = kind, directory
        self.secure = kind != "plain"
        self.csv = directory / "keys.csv"
        self.keys = dict([KALLE, *KEYS.items()])
        self.processes, self.clients, self.nets = [], [], []
        self.process = self.log = self.net = self.address = None
        self.hostile = False            # a test sent things that are no DTLS
        self.may_fail = False           # the product is expected to end by itself
        self._memory = None
        self.restarting = False         # it is killed after every handshake, and started again
        self._identities = iter(KEYS.items())

    # start

    def options(self, extra):
        """Options by flag name: keys and log level unless the test has its own ideas; None drops
        one."""
        if not self.csv.exists():
            write_csv(self.csv, self.keys)
        # on a small machine, too, handshakes are computed at the same time
        merged = {"psk-csv": self.csv, "log": "debug", "handshake-threads": 3, **(extra or {})}
        if self.restarting:
            merged = {"state": self.directory / "front.state", **merged}
        if merged.get("state"):
            merged.setdefault("state-memory", self.memory())
        return {k: v for k, v in merged.items() if v is not None}

    def memory(self):
        """A directory in memory for the lines of state files, gone with this front."""
        if self._memory is None:
            self._memory = tempfile.TemporaryDirectory(prefix="dtlsshim-test-", dir="/dev/shm")
        return self._memory.name

    def spawn(self, argv, env=None, **kwargs):
        process = Process(argv, env, **kwargs)
        self.processes.append(process)
        return process

    def launch(self, program, *args, options=None, env=None, listen="127.0.0.1",
               ready=r"READY port=(\d+)", before=None, stdin=False):
        """Starts `program` (a name in tests/servers, or a command as a list) without waiting for
        anything but the server's own readiness behind a proxy.  @PORT@ in the command becomes the
        server's port; `before` is called when it is known.  The port clients will use."""
        command = build.victim(program) if isinstance(program, str) else list(program)
        self.port = build.free_port(listen)
        self.backend_port = build.free_port(listen) if self.kind == "proxy" else self.port
        if before:
            before()
        command += [*args, "--port", self.backend_port] if isinstance(program, str) else args
        command = [str(c).replace("@PORT@", str(self.backend_port)) for c in command]
        env = dict(env or {})
        if self.kind == "shim":
            env.update({k: v.replace("@PORT@", str(self.port)) for k, v in build.shim_environment(
                {"ports": self.port, **self.options(options)}).items()})
        self.process = self.spawn(command, env, stdin=stdin)
        self.log = self.process
        if self.kind == "proxy":
            self.wait_server(ready)
            self.log = self.launch_proxy(options, listen, env)
        self._again = (command, ready, options, listen, env)
        return self.port

    def restart(self, number=signal.SIGKILL, options=None, between=None):
        """Ends what protects the server, by default in the middle of everything, and starts it again
        on the same port; `options` change the first ones, `between` is called while it is gone."""
        command, ready, first, listen, env = self._again
        self.log.stop(number)
        if between:
            between()
        if self.kind == "proxy":
            self.log = self.launch_proxy({**(first or {}), **(options or {})}, listen, env)
            self.log.wait_for(r"event=listening")
            return
        changed = {f"DTLSSHIM_{k.upper().replace('-', '_')}": str(v)
                   for k, v in (options or {}).items()} if self.kind == "shim" else {}
        self.process = self.log = self.spawn(command, {**env, **changed})
        self.wait_server(ready)

    def successor(self):
        """The next server on the same port, only started: the last one may still be there."""
        command, _, options, listen, env = self._again
        if self.kind == "proxy":
            self.log = self.launch_proxy(options, listen, env)
        else:
            self.process = self.log = self.spawn(command, env)
        return self.log

    def wait_server(self, ready):
        """`ready`: what the server says when it is bound, None if it says nothing."""
        if ready:
            self.process.wait_for(ready, timeout=20)
        else:
            wait_bound(self.backend_port, self.process)

    def launch_proxy(self, options=None, listen="127.0.0.1", env=None):
        host = f"[{listen}]" if ":" in listen else listen
        return self.spawn(self.proxy_command({
            "bind": f"{host}:{self.port}", "connect": f"{host}:{self.backend_port}",
            **self.options(options)}), env)

    @staticmethod
    def proxy_command(options):
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [build.product(build.PROXY), *flags]

    def start(self, program, *args, options=None, env=None, listen="127.0.0.1", rule=None,
              ready=r"READY port=(\d+)", before=None, started=r"event=listening"):
        """launch(), wait until it serves, and put the recording forwarder before it."""
        self.launch(program, *args, options=options, env=env, listen=listen, ready=ready,
                    before=before)
        self.wait_server(ready)
        if self.kind == "proxy" and started:
            self.log.wait_for(started)
        elif self.kind == "proxy":
            wait_bound(self.port, self.log)
        server = (listen, self.port)
        self.address = server
        if self.secure:
            more = {"rule": rule} if rule else {}
            self.net = Forwarder(server, bind=(listen, 0), **more).start()
            self.nets.append(self.net)
            self.address = self.net.address
        return self

    # clients

    def identity(self):
        return next(self._identities)

    def client(self, **kwargs):
        """A connected client of its own identity; arguments go to dtls12.Client."""
        if not self.secure:
            client = PlainClient(self.address)
        else:
            if "psk" not in kwargs and "ca" not in kwargs:
                kwargs["psk"] = self.identity()
            client = SecureClient(kwargs.pop("address", self.address), **kwargs)
            if self.restarting and client.dtls.state == "established":
                self.restart()
        self.clients.append(client)
        return client

    @contextlib.contextmanager
    def refused(self):
        """What is inside must fail to make a session, by an alert or by silence."""
        try:
            yield
        except dtls12.DtlsError:
            return
        raise AssertionError("the handshake was accepted")

    # what was seen

    def received(self, n=0):
        """(length, first bytes) of the messages as the server printed them; waits for `n`."""
        if n:
            self.process.wait_for("^RX", n=n)
        return [(int(m[1]), m[2]) for p in self.processes for _, t in list(p.lines)
                if (m := re.match(r"RX (\d+) ?(.*)", t))]

    def handshakes(self, since=0):
        """Handshakes that got as far as a ServerHello; a repeated flight counts once."""
        randoms = set()
        for _, record in self.net.records(S2C, since):
            if record.epoch == 0 and record.type == 22:
                for fragment in messages.parse_fragments(record.fragment):
                    if fragment.type == messages.SERVER_HELLO:
                        randoms.add(fragment.data[2:34])
        return len(randoms)

    # end

    def close(self):
        for client in self.clients:
            with contextlib.suppress(OSError):
                client.close()
        errors = []
        for process in reversed(self.processes):
            for step in (process.stop, process.check):
                try:
                    step()
                except AssertionError as error:
                    errors.append(error)
        for net in self.nets:
            net.stop()
        if self._memory is not None:
            self._memory.cleanup()
        for error in errors:
            raise error
        for net in self.nets:
            net.check_absent(CANARY)
            if self.hostile:
                self.check_answers(net)
            else:
                net.check_dtls()

    @staticmethod
    def check_answers(net):
        """What goes out is DTLS even if what came in was not; an alert may repeat the version of
        the hello it answers."""
        for datagram in net.datagrams(S2C):
            head = datagram.data[:2]
            assert len(head) == 2 and 20 <= head[0] <= 25 and head[1] == 0xFE, datagram

    def __str__(self):
        return "\n".join(str(p) for p in self.processes)
