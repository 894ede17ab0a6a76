# SPDX-License-Identifier: Apache-2.0
"""Runs tests/servers/family.c in a network of its own, plays its peer and records the wire.

A Stage is one process: its namespace has nothing but lo, so that ports are its own and every
datagram is of the combination that runs.
"""

import contextlib
import ctypes
import fcntl
import os
import selectors
import signal
import socket
import struct
import subprocess
import time

from . import build
from .client import dtls12

MARK = b"CLEAR-"
PORT, BARE_PORT = 5684, 5685    # protected, and the same without the shim
IDENTITY, KEY = b"dev1", bytes(range(16))
NEWNET, NEWUSER = 0x40000000, 0x10000000
ETH_P_ALL = 3
DEADLINE = 15 * (3 if build.SANITIZE else 1)


def enter_own_network():
    """A network namespace, in a user namespace too if that is the only way; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(NEWNET) != 0:
        if libc.unshare(NEWNET | NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "no network namespace")
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                           ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sH22x", b"lo", 0x1 | 0x40))    # SIOCSIFFLAGS


class Recorder:
    """What is on lo; clear(protected) are the UDP datagrams that hold the mark."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)     # SO_RCVBUFFORCE
        self.sock.setblocking(False)

    def clear(self):
        found = []
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = self.sock.recv(65536)
                if packet[:1] == b"\x45" and packet[9] == socket.IPPROTO_UDP and MARK in packet:
                    source, to = struct.unpack("!HH", packet[20:24])
                    found.append((source, to, packet[28:60].decode("ascii", "replace")))
        return list(dict.fromkeys(found))


class PlainPeer:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.connect(("127.0.0.1", port))

    def send(self, data):
        self.sock.send(data)

    def receive(self):
        return self.sock.recv(65536)

    def close(self):
        self.sock.close()


class SecurePeer:
    """Shakes hands when it has something to say."""

    def __init__(self, port):
        self.dtls = dtls12.Client(("127.0.0.1", port), psk=(IDENTITY, KEY))
        self.sock = self.dtls.sock
        self.ready = False

    def send(self, data):
        if not self.ready:
            self.dtls.handshake(5)
            self.ready = True
        self.dtls.send(data)

    def receive(self):
        return self.dtls.recv(0.5)

    def close(self):
        self.dtls.abandon()


class Stage:
    """In its namespace: run() plays a combination and returns what came of it."""

    def __init__(self, directory, tool=False):
        enter_own_network()
        self.directory, self.tool = directory, tool
        self.recorder = Recorder()
        self.keys = directory / f"keys-{os.getpid()}.csv"
        self.keys.write_text(f"{IDENTITY.decode()},{KEY.hex()}\n")
        self.key = directory / f"key-{os.getpid()}"
        self.key.write_text(KEY.hex() + "\n")
        for file in (self.keys, self.key):
            file.chmod(0o600)
        self.servers = [self._echo(PORT, self._shim("server")), self._echo(BARE_PORT, {})]

    def _shim(self, role):
        options = {"ports": PORT, "log": "warn"}
        if role == "server":
            options["psk-csv"] = self.keys
        else:
            options.update({"role": "client", "psk-identity": IDENTITY.decode(),
                            "psk-key-file": self.key})
        return build.shim_environment(options)

    def _echo(self, port, env):
        """What a client talks to: one server under the shim, one without, all the time."""
        port += 10      # PORT itself is what the servers of the combinations bind
        env = {k: v if k != "DTLSSHIM_PORTS" else str(port) for k, v in env.items()}
        process = subprocess.Popen(
            [*build.victim("blocking"), "--port", str(port)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**build.clean_environment(), **env})
        process.stdout.readline()
        return process

    def close(self):
        for server in self.servers:
            server.kill()
            server.wait()

    def command(self, combination, secure, patience):
        way, moment, role, action = combination
        port = (PORT if secure else BARE_PORT) + (10 if role == "client" else 0)
        env = build.clean_environment()
        command = [*build.victim("family"), way, moment, role, action, str(port),
                   str(patience if secure else 3000)]
        if not secure:
            return command, env, port
        shim = self._shim(role)
        shim["DTLSSHIM_PORTS"] = str(port)
        if self.tool:
            command = [build.product(build.TOOL), "run", "--ports", str(port), "--psk-csv",
                       str(self.keys), "--log", "warn", "--", *command]
            # the tool does not know of the run-time that a program needs for a TSan library
            shim = {"LD_PRELOAD": build.sanitizer_runtime()} if "thread" in build.SANITIZE else {}
        if way.startswith("activate"):
            shim["FAMILY_PRELOAD"] = shim.pop("LD_PRELOAD")
        return command, {**env, **shim}, port

    def run(self, combination, secure, patience=3000):
        """Result of one combination: {"ACT": ..., "OWN": ..., "FAIL": ..., "log": [...],
        "heard": messages the peer got, "clear": datagrams the recorder saw with the mark}."""
        self.recorder.clear()
        command, env, port = self.command(combination, secure, patience)
        result = {"log": [], "heard": []}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=env, start_new_session=True)
        peer = None
        if combination[2] == "server":
            peer = (SecurePeer if secure else PlainPeer)(port)
        try:
            self._play(process, peer, result)
        except dtls12.DtlsError as error:
            result["log"].append(f"peer: {error!r}")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
            if peer:
                peer.close()
        result["clear"] = self.recorder.clear()
        return result

    @staticmethod
    def _play(process, peer, result):
        out = process.stdout.fileno()
        deadline, rest = time.monotonic() + DEADLINE, b""
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            if peer:
                selector.register(peer.sock, selectors.EVENT_READ)
            while "OWN" not in result and "FAIL" not in result:
                events = selector.select(max(0, deadline - time.monotonic()))
                if not events:
                    result["log"].append("it did not end")
                    return
                for key, _ in events:
                    if key.fd != out:
                        with contextlib.suppress(dtls12.Timeout, ConnectionRefusedError):
                            result["heard"].append(peer.receive())
                        continue
                    chunk = os.read(out, 65536)
                    if not chunk:
                        return
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        word, _, value = line.decode("ascii", "replace").partition(" ")
                        if word == "ASK":
                            peer.send(value.encode())
                        elif word in ("ACT", "OWN", "FAIL"):
                            result[word] = value.strip()
                        elif word != "BOUND":
                            result["log"].append(line.decode("ascii", "replace"))
