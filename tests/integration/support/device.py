# SPDX-License-Identifier: Apache-2.0
"""Clients under load, each in a thread of its own, while a test does something to their server."""

import threading

from .client import dtls12

PATIENCE = 0.03, 1.0    # seconds for an echo: at first, and at most while nothing comes back


class Device(threading.Thread):
    """Sends numbered messages and wants an echo of each that was not lost in a restart.

    What came in is shown to the nonce oracle by the client itself; an error of the thread, a nonce
    used twice among them, is raised by the next wait or check().
    """

    def __init__(self, client, name):
        super().__init__(daemon=True)
        self.client, self.name = client, name
        self.sent = self.losses = 0
        self.echoed = -1                # number of the last message that came back
        self.error = None
        self._raw = []                  # the last records, for replay()
        self._patience = PATIENCE[0]
        self._end = threading.Event()
        self._progress = threading.Condition()

    def run(self):
        try:
            while not self._end.is_set():
                self.step()
        except BaseException as error:              # shown by check()
            self._fail(error)

    def _fail(self, error):
        with self._progress:
            self.error = error
            self._progress.notify_all()

    def message(self, number):
        return b"%s-%d" % (self.name.encode(), number)

    def step(self):
        number = self.sent
        raw = self.client.dtls.send(self.message(number))
        self._raw = [*self._raw[-7:], raw]
        self.sent += 1
        try:
            while self.client.dtls.recv(self._patience) != self.message(number):
                pass                                # the echo of one given up
        except dtls12.Timeout:
            self.losses += 1
            self._patience = min(2 * self._patience, PATIENCE[1])
            return
        self._patience = PATIENCE[0]
        with self._progress:
            self.echoed = number
            self._progress.notify_all()

    def wait_echo(self, after=None, timeout=20):
        """Waits for the echo of a message that was not sent yet when `after` = .sent was read."""
        after = self.sent if after is None else after
        with self._progress:
            assert self._progress.wait_for(lambda: self.echoed >= after or self.error, timeout), \
                f"{self.name}: no answer any more, {self.echoed} was the last of {self.sent}"
        self.check()

    def replay(self):
        """The last records once more, as somebody who recorded them would send them."""
        self.client.dtls.send_raw(*self._raw)

    def check(self):
        if self.error is not None:
            raise self.error
        assert not self.client.dtls.violations, self.client.dtls.violations

    def end(self):
        """Stops, and looks at what else came in."""
        self._end.set()
        self.join()
        self.client.dtls.drain()
        self.check()
