# SPDX-License-Identifier: Apache-2.0
"""dtlsproxy --role=client, plaintext devices before it, and a server that answers behind it."""

from . import build
from .client import PlainClient, Timeout
from .front import KALLE

MANY = {"one-session-per-identity": "false", "sessions-per-identity": 0}


def key_options(front, identity=KALLE[0], key=None):
    """The gateway's pre-shared key, in a file."""
    file = front.directory / "gateway.key"
    file.write_text((key or front.keys[identity]).hex() + "\n")
    file.chmod(0o600)
    return {"psk-identity": identity.decode(), "psk-key-file": file}


class Gateway:
    """Starts it towards `server`, an address or "name:port"; options by flag name, None drops one.
    `front` looks after the process."""

    def __init__(self, front, server, bind="127.0.0.1", prefix=(), env=None, **options):
        self.front, self.port = front, build.free_port(bind)
        host = f"[{bind}]" if ":" in bind else bind
        options = {k.replace("_", "-"): v for k, v in options.items()}
        if "psk-identity" not in options and "ca" not in options:
            options = {**key_options(front), **options}
        connect = server if isinstance(server, str) else \
            f"[{server[0]}]:{server[1]}" if ":" in server[0] else f"{server[0]}:{server[1]}"
        flags = {"role": "client", "bind": f"{host}:{self.port}", "connect": connect,
                 "log": "debug", **options}
        self.process = front.spawn([*prefix, build.product(build.PROXY), *(
            f"--{name}={value}" for name, value in flags.items() if value is not None)], env)
        self.wait_for = self.process.wait_for
        self.wait_for("event=listening")
        self.address = (bind, self.port)

    def device(self):
        made = PlainClient(self.address)
        self.front.clients.append(made)
        return made

    def stats(self):
        """The counters by name, as they are now; those that are 0 are missing."""
        mark = self.process.mark()
        self.process.send_signal(10)        # SIGUSR1
        self.wait_for("event=stats devices=", after=mark)
        self.process.send_signal(10)        # of two signals' lines the first are all there
        self.wait_for("event=stats sessions=", after=mark, n=2)
        words = [w.split("=") for _, line in list(self.process.lines)[mark:] if "event=stats" in line
                 for w in line.split("event=stats ")[1].split()]
        return {name: int(value) for name, value in words}


def never_heard(device, seconds=0.3):
    try:
        data = device.recv(timeout=seconds)
    except Timeout:
        return
    raise AssertionError(f"got {data!r}")
