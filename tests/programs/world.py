# SPDX-License-Identifier: Apache-2.0
"""Runs one of programs.py: in plaintext, with its calls recorded, or server and client protected."""

import getpass
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from support import build  # noqa: E402
from support.front import Front  # noqa: E402
from support.legacy import client_options  # noqa: E402
from support.process import Failed  # noqa: E402

PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
MODULES = Path(os.environ.get("DS_MODULES", "/nonexistent"))     # of scripts/programs --modules
PATIENCE = 15
EPOLL = ("epoll_wait", "epoll_pwait", "epoll_pwait2")
STRACE = ["strace", "-I1", "-f", "-qq", "-yy", "-s", "32", "-e",
          "trace=%network,%desc", "-o"]


def find(name):
    return shutil.which(str(name), path=PATH)


def missing(program):
    """What is not installed of what a program needs."""
    absent = []
    for need in program.needs:
        kind, _, name = need.rpartition(":")
        if kind == "python":
            there = (MODULES / "python" / name).exists() or not subprocess.run(
                ["/usr/bin/python3", "-c", f"import {name}"], stderr=subprocess.DEVNULL).returncode
        elif kind == "npm":
            there = (MODULES / "node_modules" / name).exists()
        else:
            there = find(name)
        if not there:
            absent.append(name)
    return absent


class World:
    """`kind` is plain or shim; `record`: a file strace writes the plain server's calls to."""

    def __init__(self, kind, directory, record=None, refused=None):
        self.front = Front(kind, directory)
        self.dir, self.record, self.refused = directory, record, refused
        self.user = getpass.getuser()
        self.port = None
        self.files = []

    # for programs.py

    def write(self, name, text):
        """A file in the program's directory; @PORT@ is filled in when the server starts."""
        path = self.dir / name
        path.write_text(text)
        self.files.append(path)
        return path

    def npm(self, name):
        return MODULES / "node_modules" / name

    def variables(self):
        """What puts a server under the shim, as NAME=VALUE."""
        if not self.front.secure:
            return []
        options = {"ports": "@PORT@", **self.front.options(None)}
        return [f"{k}={v}" for k, v in build.shim_environment(options).items()]

    def serve(self, *argv, env=None, cwd=None, ready=None):
        def fill():
            for path in self.files:
                path.write_text(path.read_text().replace("@PORT@", str(self.front.port)))
        command = self.command(argv)
        if self.record:
            command = [*STRACE, str(self.record), *command]
        if cwd:
            command = ["env", "-C", str(cwd), *command]
        env = {"PYTHONPATH": str(MODULES / "python"), "PATH": PATH, **(env or {})}
        self.front.start(command, ready=ready, env=env, before=fill)
        self.port = self.front.port

    def ask(self, *argv, env=None, stdin=None):
        """What a client prints."""
        done = subprocess.run(self.client_command(argv), env=self.client_env(env),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=PATIENCE + 10,
                              **({"input": stdin} if stdin else {"stdin": subprocess.DEVNULL}))
        return done.stdout

    def expect(self, text, *argv, **kwargs):
        """Asks until the answer holds `text`: a server that has bound its port may not be ready."""
        deadline = time.monotonic() + PATIENCE
        while True:
            said = self.ask(*argv, **kwargs)
            if text in said:
                return
            if time.monotonic() > deadline or not self.front.process.alive():
                raise Failed(f"{argv[0]}: expected {text[:60]!r}, got:\n{said[-1500:]}")

    def refuses(self, text, *argv):
        """In plaintext the answer holds `text`.  Protected there is none, and the log says why; the
        forwarder sees to it that nothing comes in clear, from whatever port."""
        if not self.front.secure:
            self.expect(text, *argv)
            return
        self.start_client(*argv)
        self.says(self.refused)

    def start_client(self, *argv):
        self.front.spawn(self.client_command(argv), self.client_env(None))

    def appears(self, path, text):
        self.wait(lambda: path.exists() and (text is None or text in path.read_text()),
                  f"{path.name} with {text!r}")

    def says(self, pattern):
        self.front.process.wait_for(pattern, timeout=PATIENCE)

    def run_plain(self, *argv):
        subprocess.run([str(a) for a in argv], check=True, capture_output=True)

    # ours

    def wait(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline or not self.front.process.alive():
                raise Failed(f"{what} did not appear")
            with self.front.process.news:
                self.front.process.news.wait(0.1)

    @staticmethod
    def command(argv):
        first = find(argv[0]) or str(argv[0])
        return [first, *(str(a) for a in argv[1:])]

    def client_command(self, argv):
        return [a.replace("@PORT@", str(self.port)) for a in self.command(argv)]

    def client_env(self, more):
        env = {**build.clean_environment(), "PYTHONPATH": str(MODULES / "python"), "PATH": PATH,
               **(more or {})}
        if self.front.secure:
            ports = f"{self.port}={self.front.net.address[1]}"
            env.update(build.shim_environment(client_options(self.front, ports, log="error")))
        return env


def calls(record, port):
    """Names of the system calls made on UDP sockets bound to `port`, and how it was waited for."""
    lines = record.read_text(errors="replace").splitlines()
    bound = re.compile(rf"bind\(\d+<UDP(?:v6)?:\[(\d+)\]>, .*htons\({port}\)")
    inodes = {m[1] for line in lines if (m := bound.search(line))}
    ours = "|".join([rf"[^>]*:{port}\b", *(rf"{n}\]" for n in inodes)])
    on_it = re.compile(rf"<UDP(?:v6)?:\[(?:{ours})")
    found = set()
    for line in lines:
        name = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if name and (on_it.search(line)
                     or name[1] in EPOLL and "epoll_ctl" in found):
            found.add(name[1])
    return sorted(found)


def run(program, kind, directory, record=None):
    """None, or why it does not work."""
    directory.mkdir(parents=True, exist_ok=True)
    w = World(kind, directory, record, program.refused)
    error = None
    try:
        program(w)
    except (Failed, AssertionError, subprocess.SubprocessError, OSError) as e:
        error = f"{e}\n{w.front}"
    try:
        w.front.close()
    except AssertionError as e:
        error = error or str(e)
    return error, w.front.port if hasattr(w.front, "port") else None
