# SPDX-License-Identifier: Apache-2.0
"""Unmodified plaintext clients under the shim in its client role."""

import ast

from . import build
from .front import KALLE


def client_options(front, port, role="client", identity=KALLE[0], key=None, **more):
    """Options of a client with a pre-shared key; `port` as DTLSSHIM_PORTS takes it."""
    file = front.directory / "client.key"
    if not file.exists():
        file.write_text((key or front.keys[identity]).hex() + "\n")
        file.chmod(0o600)
    options = {"role": role, "ports": port, "log": "debug", "psk-identity": identity.decode(),
               "psk-key-file": file, **{k.replace("_", "-"): v for k, v in more.items()}}
    return {k: v for k, v in options.items() if v is not None}


class Refused(OSError):
    """A call of the client failed; .name is the errno's."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Caller:
    """caller.py as a process: calls are made there, results come back.

        client = Caller(front, port)
        client("s = udp()"); client("s.connect(('127.0.0.1', 5683))")
        assert client("s.recv(100)") == b"..."
    """

    def __init__(self, front, port, pass_fds=(), **options):
        self.process = front.spawn(build.victim("caller.py"), build.shim_environment(
            client_options(front, port, **options)), stdin=True, pass_fds=pass_fds)
        self.process.wait_for("^READY")
        self.seen = self.process.mark()

    def start(self, line):
        """Makes a call without waiting for its end; finish() takes the result."""
        self.seen = self.process.mark()
        self.process.write(line + "\n")

    def finish(self, timeout=20):
        match = self.process.wait_for(r"^([=!]) (.*)", after=self.seen, timeout=timeout)
        if match[1] == "!":
            raise Refused(match[2])
        return ast.literal_eval(match[2])

    def __call__(self, line):
        self.start(line)
        return self.finish()
