# SPDX-License-Identifier: Apache-2.0
"""SIGKILL under load, with a successor at once: no nonce twice, no handshake, no failed start.

A hundred kills in CI, ten thousand with --nightly.  The clients of this process show every record of
the servers to the nonce oracle of tests/peers/dtls12.  What lies between client and server here is
nothing but loopback: no forwarder that would have to remember it all.
"""

import collections
import random
import re
import signal
import time

import pytest

from support import build
from support.device import Device

pytestmark = pytest.mark.fronts("shim", "proxy")

SERVES = {"shim": r"READY port=", "proxy": r"event=listening"}
STALL = 60              # seconds: a killed process ends when the disk lets it
START = 0.02            # seconds: a kill within them is often one of a start


class Line:
    """Servers of one port and one state file, each killed and followed by the next one."""

    def __init__(self, front, rng):
        self.front, self.rng = front, rng
        self.delivered = collections.Counter()
        self.starts = 1

    @property
    def now(self):
        return self.front.log

    def successor(self):
        """Started, and no more."""
        self.starts += 1
        old, new = self.now, self.front.successor()
        return old, new

    def bury(self, process):
        """It may have ended by our SIGKILL only; what it said is looked at and forgotten."""
        process.stop(signal.SIGKILL, timeout=STALL)
        assert process.popen.returncode == -signal.SIGKILL, f"a start failed\n{process}"
        process.check()
        assert not process.has("event=established"), f"a handshake\n{process}"
        opened = process.has(r"event=state_open .*")
        assert not opened or re.search(
            rf"sessions={len(self.front.clients)} from=\"memory\" dropped=0 stale=0 damaged=0 "
            r"expired=0 unfit=0", opened[0]), f"sessions were lost\n{process}"
        self.count(process)
        self.front.processes.remove(process)

    def count(self, process):
        """No message of a device is ever delivered twice."""
        for _, text in process.lines:
            if text.startswith("RX "):
                self.delivered[text] += 1

    def pause(self):
        time.sleep(self.rng.random() * START)

    def kill(self):
        """One of four ways; the number of kills there were."""
        way = self.rng.randrange(4)
        if way == 0:                    # the next one waits already
            old, new = self.successor()
            self.pause()
            old.send_signal(signal.SIGKILL)
        else:                           # the next one is started before the kernel is done with the last
            self.now.send_signal(signal.SIGKILL)
            old, new = self.successor()
        self.bury(old)
        if way != 1:
            return 1
        self.pause()                    # and is killed in its start, or just behind it
        new.send_signal(signal.SIGKILL)
        self.bury(self.successor()[0])
        return 2


@pytest.mark.timeout(7200)
def test_killed_under_load_with_a_successor_at_once(front, tmp_path, nightly):
    kills = nightly(15 if build.SANITIZE else 100, 10_000)
    front.start("blocking", options={
        "state": tmp_path / "x.state", "state-wait": STALL, "log": "info"})
    first, direct = front.log, ("127.0.0.1", front.port)
    devices = [Device(front.client(address=direct, cid=b"" if i % 2 else b"client-%d" % i), f"d{i}")
               for i in range(4)]
    first.wait_for("event=established", n=4)
    first.lines.clear()
    for device in devices:
        device.start()
    line = Line(front, random.Random(kills))
    killed = 0
    while killed < kills:
        line.pause()
        killed += line.kill()
        line.now.wait_for(SERVES[front.kind], timeout=STALL)
        for device in devices:
            device.replay()
        for device, after in [(d, d.sent) for d in devices]:
            device.wait_echo(after, timeout=STALL)
    for device in devices:
        device.end()
        assert not device.client.dtls.stats["plain"], "a handshake or an alert in clear"
    if front.kind == "proxy":
        line.count(front.process)
    line.bury(line.now)
    twice = [text for text, n in line.delivered.items() if n > 1]
    assert not twice, f"delivered more than once: {twice[:9]}"
    print(f"{killed} kills, {line.starts} starts, {len(devices[0].client.dtls.oracle)} records, "
          f"{sum(d.losses for d in devices)} messages lost")
