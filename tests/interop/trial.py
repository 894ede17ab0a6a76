# SPDX-License-Identifier: Apache-2.0
"""What a case gets to work with: the product on one side, a stack's program on the other, and the
forwarder between them."""

import contextlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from support import build  # noqa: E402
from support.front import C2S, S2C, Forwarder, Front, wait_bound  # noqa: E402
from support.process import Failed, Process  # noqa: E402

PATIENCE = 15           # seconds a handshake may take
STEP = 10               # seconds for the answer to a command
ANSWERS = r"^(echo|silence|eof|other|closed|refused|renegotiated|connected|failed)\b(.*)"


class Peer:
    """A running program of a stack (peers/README.md)."""

    def __init__(self, stack, role, arguments, patience=PATIENCE):
        words = [f"{k}={v}" for k, v in arguments.items() if v is not None]
        self.process = Process([*stack.command, role, *words], env=stack.environment, stdin=True,
                               name=stack.key)
        self.patience, self.seen = patience, 0

    def answer(self, timeout=STEP):
        try:
            match = self.process.wait_for(ANSWERS, timeout=timeout, after=self.seen)
        except Failed:
            gone = "" if self.process.alive() else ", the program has ended"
            raise Failed(f"no answer within {timeout} s{gone}") from None
        lines = [text for _, text in list(self.process.lines)]
        self.seen = next(i for i in range(self.seen, len(lines)) if lines[i] == match.string) + 1
        return match.string

    def connected(self):
        said = self.answer(self.patience)
        if not said.startswith("connected"):
            raise Failed(said)
        return said

    def tell(self, line, timeout=STEP):
        with contextlib.suppress(BrokenPipeError):
            self.process.write(line + "\n")
        return self.answer(timeout)

    def echo(self, *sizes):
        for size in sizes:
            said = self.tell(f"echo {size}")
            if said != f"echo {size}":
                raise Failed(f"echo of {size} bytes: {said}")

    def stop(self):
        self.process.popen.kill()
        self.process.popen.wait()


class Trial:
    """One case of one stack; `kind` is shim or proxy."""

    def __init__(self, stack, kind, directory, authority):
        self.stack, self.kind, self.authority = stack, kind, authority
        directory.mkdir(parents=True, exist_ok=True)
        self.front = Front(kind, directory)
        self.peers, self.nets = [], []
        self.credential = None

    # the protected server

    def serve(self, credential="psk", **options):
        """Starts it with credentials: "psk", "ecdsa", "rsa", "mutual" or "both" (psk, ecdsa)."""
        self.credential = credential
        merged = {"one-session-per-identity": "false", **self.stack.server}
        if credential != "psk":
            pair = self.authority.server["rsa" if credential == "rsa" else "ecdsa"]
            merged.update({"cert": pair.cert, "key": pair.key})
            if credential != "both":
                merged["psk-csv"] = None
        if credential == "mutual":
            merged.update({"ca": self.authority.ca, "client-auth": "required"})
        merged.update({k.replace("_", "-"): v for k, v in options.items()})
        app = ["/usr/bin/python3", HERE / "coap_echo.py", "@PORT@"] if self.stack.coap \
            else "poll_loop"
        self.front.start(app, options=merged)
        self.nets.append(self.front.net)
        return self

    @property
    def log(self):
        return self.front.log

    # its clients

    def secret(self):
        """Another identity each time; (name, hex)."""
        identity, key = self.front.identity()
        return identity.decode(), key.hex()

    def credentials(self, credential=None):
        kind = credential or self.credential
        if kind in ("psk", "both"):
            identity, key = self.secret()
            return {"psk": f"{identity}:{key}",
                    **({"ca": self.authority.ca} if kind == "both" else {})}
        own = self.authority.client
        return {"ca": self.authority.ca, **({"cert": own.cert, "key": own.key}
                                            if kind == "mutual" else {})}

    def start_client(self, net=None, patience=PATIENCE, **arguments):
        """A client that may or may not get in."""
        address = (net or self.front.net).address
        given = {"port": address[1], **self.credentials(), **self.stack.always, **arguments}
        self.peers.append(Peer(self.stack, "client", given, patience))
        return self.peers[-1]

    def client(self, **arguments):
        peer = self.start_client(**arguments)
        peer.connected()
        return peer

    def refused(self, reason, within=PATIENCE, **arguments):
        """A client that must fail, and both sides must know it."""
        said = self.start_client(**arguments).answer(within)
        if not said.startswith("failed"):
            raise Failed(f"was let in: {said}")
        self.logged(rf"event=failed .*reason={reason}")

    def logged(self, pattern, timeout=STEP):
        return self.log.wait_for(pattern, timeout=timeout)

    # the network

    def each_loss(self, talk, server):
        """Runs talk(net) with each datagram of its handshake lost in turn; `server()`: where to."""
        with self.forwarder(server()) as net:
            talk(net)
            seen = [(d, n) for d in (C2S, S2C)
                    for n in range(sum(x.direction == d for x in net.handshake))]
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda which: self._loss(talk, server, which), seen))
        bad = [text for text in results if text]
        if bad:
            raise Failed(f"{len(bad)} of {len(seen)} fail: " + "; ".join(bad))

    def forwarder(self, address, rule=None):
        """Not started: it is a context, too."""
        return Forwarder(address, **({"rule": rule} if rule else {}))

    def _loss(self, talk, server, which):
        def rule(direction, number, data):
            return [] if (direction, number) == which else [(0, data)]
        try:
            with self.forwarder(server(), rule) as net:
                talk(net)
        except AssertionError as error:
            return f"{which[0]} {which[1]}: {summary(str(error))}"
        return None

    def close(self):
        for peer in self.peers:
            peer.stop()
        for net in self.nets:
            net.stop()
        self.front.nets = []            # stacks send alerts in clear, which are theirs
        self.front.close()

    def evidence(self):
        return "\n".join([str(self.front), *(str(p.process) for p in self.peers)])

    def reason(self):
        """The log's last word on a failure, which may come a moment later."""
        with contextlib.suppress(Failed, AttributeError):
            self.log.wait_for("event=failed", timeout=1)
        found = [m[1] for p in self.front.processes for _, t in list(p.lines)
                 if (m := re.search(r"event=failed .*?(reason=.*)", t))]
        return found[-1] if found else None


class Outgoing:
    """The product as a client of a stack's server: `kind` is nc, or shim for a program of its own
    under the shim."""

    def __init__(self, trial, net, options):
        self.trial, self.kind = trial, trial.kind
        options = {"log": "debug", **options}
        if self.kind == "nc":
            flags = [f"--{k}={v}" for k, v in options.items()]
            argv, env = [build.product(build.TOOL), "nc", *flags, "127.0.0.1", net.address[1]], None
        else:
            options.update({"role": "client", "ports": net.address[1]})
            options.setdefault("server-name", "localhost")
            argv = ["/usr/bin/python3", HERE / "plain_client.py", net.address[1]]
            env = build.shim_environment(options)
        self.process = trial.front.spawn(argv, env, stdin=True, name=self.kind)
        trial.front.log = self.process

    def echo(self, *sizes, timeout=STEP):
        for size in sizes:
            text = "".join(chr(97 + i % 26) for i in range(size))
            mark = self.process.mark()
            self.process.write(text + "\n")
            self.process.wait_for(f"^{text}$", timeout=timeout, after=mark)

    def close(self):
        self.process.popen.stdin.close()
        self.process.wait_exit()


class ServerTrial(Trial):
    """The other way round: the stack is the server."""

    def __init__(self, *args):
        super().__init__(*args)
        self.key = self.secret()

    def stack_serves(self, credential="psk", **arguments):
        """Starts the stack's server; where it listens."""
        self.credential = credential
        port = build.free_port()
        given = {"port": port, **self.stack.always, **arguments}
        if credential == "psk":
            given["psk"] = ":".join(self.key)
        else:
            pair = self.authority.server["rsa" if credential == "rsa" else "ecdsa"]
            given.update({"cert": pair.cert, "key": pair.key})
        if credential == "mutual":
            given["ca"] = self.authority.ca
        self.peers.append(Peer(self.stack, "server", given))
        self.peers[-1].process.wait_for("^listening", timeout=PATIENCE)
        wait_bound(port, self.peers[-1].process)
        return ("127.0.0.1", port)

    def started(self, address):
        self.nets.append(self.forwarder(address).start())
        return self.nets[-1]

    def outgoing(self, net, key=None, **options):
        own = self.authority.client
        merged = {**self.stack.server, **{k.replace("_", "-"): v for k, v in options.items()}}
        if self.credential == "psk":
            identity, secret = self.key
            file = self.front.directory / f"client-{net.address[1]}.key"
            file.write_text((key or secret) + "\n")
            file.chmod(0o600)
            merged.update({"psk-identity": identity, "psk-key-file": file})
        else:
            merged["ca"] = self.authority.ca
            if self.credential == "mutual":
                merged.update({"cert": own.cert, "key": own.key})
        return Outgoing(self, net, merged)

    def pair(self, credential="psk", options=None, **arguments):
        """(our client, the stack's server, the forwarder), connected and tried."""
        net = self.started(self.stack_serves(credential, **arguments))
        ours = self.outgoing(net, **(options or {}))
        ours.echo(10, timeout=PATIENCE)
        self.peers[-1].connected()
        return ours, self.peers[-1], net


def summary(text):
    """A failure in one line: what the program said last, without addresses and numbers."""
    lines = [line for line in text.splitlines() if line.strip()]
    said = [m[1] for line in lines if (m := re.match(r"(?:out: )?(failed .*)", line))]
    return re.sub(r"\s+", " ", (said or lines or ["?"])[0])[:200]
