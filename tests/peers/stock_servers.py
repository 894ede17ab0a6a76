# SPDX-License-Identifier: Apache-2.0
"""DTLS servers of other projects, as context managers: GnuTLS, OpenSSL, Mbed TLS.

Only to check the peers and to record what those stacks send.  Each has .address, .name and
reply(client, payload): make the server send `payload` in one record.
"""

import os
import select
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("DS_BUILD", ROOT / "build"))
PSK = (b"Kalle", bytes.fromhex("deadbeefdeadbeef"))
START_TIMEOUT = 10.0        # seconds


def free_port():
    """A UDP port that is free on every address now; another may take it before its user does."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(("::", 0))
        return sock.getsockname()[1]


class Process:
    """A program that says on its output when it is ready."""

    def __init__(self):
        self.output = b""
        self.process = None

    def start(self, command, ready):
        """Run and wait for `ready` (bytes) in the output; RuntimeError with what came instead."""
        self.process = subprocess.Popen([str(x) for x in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if not self.wait_output(ready, START_TIMEOUT):
            self.stop()
            raise RuntimeError(f"{command[0]} did not start: {self.output.decode()}")

    def wait_output(self, text, timeout):
        """True once `text` is in the output."""
        deadline = time.monotonic() + timeout
        ready = select.poll()       # select() takes no numbers above 1023
        ready.register(self.process.stdout, select.POLLIN)
        while text not in self.output:
            left = deadline - time.monotonic()
            if left <= 0 or not ready.poll(left * 1000):
                return False
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return False
            self.output += piece
        return True

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(0.5)      # gnutls-serv does not hear it in the middle of a handshake
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process = None


class Server(Process):
    """`suite` decides between PSK and a certificate (PEM files in `cert` = (cert, key))."""
    name = program = None
    echoes = True

    def __init__(self, suite, cert=None, client_ca=None):
        super().__init__()
        self.suite, self.cert, self.client_ca = suite, cert, client_ca
        self.port = free_port()
        self.psk = suite.kx.endswith("PSK")

    @property
    def address(self):
        return "127.0.0.1", self.port

    @classmethod
    def available(cls):
        return shutil.which(str(cls.program)) is not None

    def reply(self, client, payload):
        client.send(payload)

    def __exit__(self, *_):
        self.stop()


class GnuTls(Server):
    name, program = "gnutls", "gnutls-serv"
    ciphers = {0xC0A8: "AES-128-CCM-8", 0xC0A4: "AES-128-CCM", 0xC0A9: "AES-256-CCM-8",
               0xC0AE: "AES-128-CCM-8", 0xCCAB: "CHACHA20-POLY1305", 0xCCAC: "CHACHA20-POLY1305",
               0xCCA9: "CHACHA20-POLY1305", 0xC0A5: "AES-256-CCM", 0x00A9: "AES-256-GCM",
               0xC02C: "AES-256-GCM", 0xC030: "AES-256-GCM", 0xC0AD: "AES-256-CCM",
               0xC0AF: "AES-256-CCM-8"}

    def __init__(self, *args):
        super().__init__(*args)
        self.directory = tempfile.TemporaryDirectory()

    def __exit__(self, *_):
        super().__exit__()
        self.directory.cleanup()

    def __enter__(self):
        cipher = self.ciphers.get(self.suite.id, "AES-128-GCM")
        kx = {"PSK": "PSK", "ECDHE_PSK": "ECDHE-PSK", "ECDHE_ECDSA": "ECDHE-ECDSA",
              "ECDHE_RSA": "ECDHE-RSA"}[self.suite.kx]
        command = [self.program, "--udp", "--echo", "-p", self.port, "--priority",
                   f"NONE:+VERS-DTLS1.2:+{kx}:+AEAD:+{cipher}:+SIGN-ALL:+GROUP-ALL:+COMP-NULL"]
        if self.psk:
            passwd = Path(self.directory.name) / "passwd"
            passwd.write_bytes(PSK[0] + b":" + PSK[1].hex().encode() + b"\n")
            command += ["--pskpasswd", passwd]
        else:
            command += ["--x509certfile", self.cert[0], "--x509keyfile", self.cert[1]]
        if self.client_ca:
            command += ["--x509cafile", self.client_ca, "--require-client-cert"]
        self.start(command, b"...done")      # which it prints behind its bind()
        return self


class OpenSsl(Server):
    name, program = "openssl", "openssl"
    echoes = False
    ciphers = {0xC0A8: "PSK-AES128-CCM8", 0xC0A4: "PSK-AES128-CCM", 0xC0A9: "PSK-AES256-CCM8",
               0x00A8: "PSK-AES128-GCM-SHA256", 0xCCAB: "PSK-CHACHA20-POLY1305",
               0xCCAC: "ECDHE-PSK-CHACHA20-POLY1305", 0xC0AE: "ECDHE-ECDSA-AES128-CCM8",
               0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256", 0xCCA9: "ECDHE-ECDSA-CHACHA20-POLY1305",
               0xC02F: "ECDHE-RSA-AES128-GCM-SHA256", 0xC0A5: "PSK-AES256-CCM",
               0x00A9: "PSK-AES256-GCM-SHA384", 0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
               0xC030: "ECDHE-RSA-AES256-GCM-SHA384", 0xC0AD: "ECDHE-ECDSA-AES256-CCM",
               0xC0AF: "ECDHE-ECDSA-AES256-CCM8"}

    def __enter__(self):
        command = [self.program, "s_server", "-dtls1_2", "-listen", "-accept", self.port,
                   "-mtu", "400", "-cipher", self.ciphers[self.suite.id] + ":@SECLEVEL=0"]
        if self.psk:
            command += ["-nocert", "-psk", PSK[1].hex(), "-psk_identity", PSK[0].decode()]
        else:
            command += ["-cert", self.cert[0], "-key", self.cert[1]]
        if self.client_ca:
            command += ["-Verify", "1", "-verify_return_error", "-CAfile", self.client_ca]
        self.start(command, b"ACCEPT\n")
        return self

    def reply(self, client, payload):
        """s_server sends what it reads on its standard input."""
        self.process.stdin.write(payload)
        self.process.stdin.flush()


class Mbed(Server):
    name, program = "mbedtls", BUILD / "peers" / "mbed_server"

    def __init__(self, suite, cert=None, client_ca=None, cid_len=8, cookie=True):
        super().__init__(suite, cert, client_ca)
        self.cid_len, self.cookie = cid_len, cookie

    def __enter__(self):
        name = self.suite.name.replace("_", "-")
        command = [self.program, "--port", self.port, "--cid-len", self.cid_len, "--suite", name]
        if self.psk:
            command += ["--psk-id", PSK[0].decode(), "--psk-hex", PSK[1].hex()]
        else:
            command += ["--cert", self.cert[0], "--key", self.cert[1]]
        if self.client_ca:
            command += ["--ca", self.client_ca]
        self.start(command + ([] if self.cookie else ["--no-cookie"]), b"event=listening")
        return self


class MbedClient:
    """build/peers/mbed_client; run() returns (exit code, output)."""
    program = BUILD / "peers" / "mbed_client"

    @classmethod
    def available(cls):
        return cls.program.exists()

    @classmethod
    def run(cls, port, *args, timeout=30):
        done = subprocess.run([str(cls.program), "--port", str(port), *map(str, args)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
                              check=False)
        return done.returncode, done.stdout.decode()
