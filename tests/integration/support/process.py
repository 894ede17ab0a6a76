# SPDX-License-Identifier: Apache-2.0
"""A program under test: its output as lines to wait for, its end looked at closely."""

import ctypes
import os
import re
import signal
import subprocess
import threading
import time

from . import build

SANITIZER_REPORT = re.compile(
    r"(ERROR|WARNING): (Address|Thread|Leak|Memory|UndefinedBehavior)Sanitizer|runtime error: "
    r"|Sanitizer:DEADLYSIGNAL|FATAL: ThreadSanitizer|double free or corruption"
    r"|stack smashing detected|buffer overflow detected")
ADDR_NO_RANDOMIZE = 0x0040000      # the older TSan run-times do not stand much randomness


def _no_randomness():
    ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)


class Failed(AssertionError):
    """A process did not do what a test needs; the message holds its output."""


class Process:
    """Starts `argv` in a process group of its own; its output and errors are kept as lines.

    `.lines` holds (stream, text) in order of arrival; stream is "out" or "err".
    """

    def __init__(self, argv, env=None, cwd=None, name=None, stdin=False, pass_fds=()):
        self.name = name or os.path.basename(argv[0])
        self.argv = [str(a) for a in argv]
        self.env = dict(env or {})
        self.lines = []
        self.news = threading.Condition()
        self.detached = set()           # processes that left the group (daemons)
        self.ended_by_us = False
        tsan = "thread" in build.SANITIZE
        self.popen = subprocess.Popen(
            self.argv, env={**build.clean_environment(), **(env or {})}, cwd=cwd,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            pass_fds=pass_fds, start_new_session=True, preexec_fn=_no_randomness if tsan else None)
        self.readers = [threading.Thread(target=self._read, args=a, daemon=True)
                        for a in (("out", self.popen.stdout), ("err", self.popen.stderr))]
        for reader in self.readers:
            reader.start()

    @property
    def pid(self):
        return self.popen.pid

    def _read(self, stream, pipe):
        for raw in iter(pipe.readline, b""):
            text = raw.decode("utf-8", "backslashreplace").rstrip("\n")
            ready = re.match(r"READY .*pid=(\d+)", text)
            with self.news:
                if ready and int(ready[1]) != self.pid:
                    self.detached.add(int(ready[1]))
                self.lines.append((stream, text))
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def text(self, stream=None):
        return "\n".join(t for s, t in list(self.lines) if stream in (None, s))

    def __str__(self):
        status = self.popen.poll()
        head = f"--- {self.name} ({'running' if status is None else f'exit {status}'})"
        return "\n".join([head, *(f"{s}: {t}" for s, t in list(self.lines))])

    def mark(self):
        """Where the output ends now, for `after` of wait_for() and has()."""
        return len(self.lines)

    def has(self, pattern, after=0):
        """The first line that matches, as a re.Match, or None."""
        return next((m for _, t in list(self.lines)[after:] if (m := re.search(pattern, t))), None)

    def count(self, pattern, after=0):
        return sum(1 for _, t in list(self.lines)[after:] if re.search(pattern, t))

    def wait_for(self, pattern, timeout=10, after=0, n=1):
        """Waits until `n` lines match; the last re.Match.  Fails when the output ends first."""
        deadline = time.monotonic() + timeout
        seen, matches = after, []
        while True:
            with self.news:
                while seen < len(self.lines):
                    match = re.search(pattern, self.lines[seen][1])
                    seen += 1
                    if match:
                        matches.append(match)
                        if len(matches) == n:
                            return match
                left = deadline - time.monotonic()
                if left <= 0 or not any(r.is_alive() for r in self.readers):
                    why = "no line" if left <= 0 else "output ended without a line"
                    raise Failed(f"{why} matching {pattern!r}\n{self}")
                self.news.wait(left)

    def wait_exit(self, timeout=10):
        """Exit status; all of the output is there then."""
        try:
            status = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"did not end in {timeout} s\n{self}") from None
        for reader in self.readers:
            reader.join(1)
        return status

    def write(self, text):
        """To standard input, which start must have asked for."""
        self.popen.stdin.write(text if isinstance(text, bytes) else text.encode())
        self.popen.stdin.flush()

    def alive(self):
        return self.popen.poll() is None

    def send_signal(self, number):
        self.popen.send_signal(number)

    def stop(self, number=signal.SIGTERM, timeout=5):
        """Ends the process, its group and its daemons; no error if they are gone already."""
        if self.popen.poll() is None:
            self.ended_by_us = True
            self.popen.send_signal(number)
            try:
                self.popen.wait(timeout)
            except subprocess.TimeoutExpired:
                self.ended_by_us = False
                self._kill()
                raise Failed(f"still there {timeout} s after signal {number}\n{self}") from None
        self._kill()
        for reader in self.readers:
            reader.join(2)

    def _kill(self):
        for kill, target in [(os.killpg, self.pid), *((os.kill, p) for p in self.detached)]:
            try:
                kill(target, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.popen.wait(5)

    def check(self):
        """Fails on a sanitizer's report, or if the process crashed."""
        if SANITIZER_REPORT.search(self.text()):
            raise Failed(f"sanitizer or libc report\n{self}")
        status = self.popen.poll()
        crashes = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
        if status is not None and -status in crashes:
            raise Failed(f"crashed by signal {-status}\n{self}")
