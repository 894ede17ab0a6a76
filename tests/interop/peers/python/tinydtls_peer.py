# SPDX-License-Identifier: Apache-2.0
"""The program of tinydtls, by its binding DTLSSocket."""

import select
import socket
import sys
import time

from DTLSSocket import dtls


class Session:
    def __init__(self, args):
        identity, key = args["psk"].split(":")
        # The binding keeps pointers into both, but no references.
        self.identity, self.key = identity.encode(), bytes.fromhex(key)
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.sock.bind(("::", int(args.get("bind", 0))))
        self.connected, self.got, self.closed = False, None, False
        self.dtls = dtls.DTLS(read=self.on_read, write=self.on_write, event=self.on_event,
                              pskId=self.identity, pskStore={self.identity: self.key})
        self.peer = self.dtls.connect("::ffff:127.0.0.1", int(args["port"]), 0, 0)

    def on_read(self, _peer, data):
        self.got = bytes(data)
        return len(data)

    def on_write(self, peer, data):
        return self.sock.sendto(data, peer)

    def on_event(self, level, code):
        self.connected |= code == 0x1DE
        self.closed |= level == 2 or (level == 1 and code == 0)

    def run(self, seconds, until):
        """Feeds tinydtls until the condition holds; whether it did."""
        deadline = time.monotonic() + seconds
        while not until():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if select.select([self.sock], [], [], min(left, 0.1))[0]:
                self.dtls.handleMessage(self.peer, self.sock.recv(2000))
            self.dtls.checkRetransmit()
        return True

    def echo(self, size):
        sent = bytes(97 + (i + 12) % 26 for i in range(size))
        self.got = None
        self.dtls.write(self.peer, sent)
        if not self.run(5, lambda: self.got is not None):
            return "silence"
        return f"echo {size}" if self.got == sent else f"other {len(self.got)}"


def main():
    s = Session(dict(a.split("=", 1) for a in sys.argv[2:]))
    s.run(40, lambda: s.connected or s.closed)
    print("connected ?" if s.connected else "failed tinydtls: no session", flush=True)
    if not s.connected:
        sys.exit(1)
    for line in sys.stdin:
        word, _, size = line.strip().partition(" ")
        if word == "echo":
            print(s.echo(int(size)), flush=True)
        elif word == "wait":
            print("eof" if s.run(40, lambda: s.closed) else "failed: not closed", flush=True)
        elif word == "close":
            s.dtls.close(s.peer)
            print("closed", flush=True)
            return


main()
