# SPDX-License-Identifier: Apache-2.0
"""run_unittest.py [--ports P,...] [--without REGEX] NAME... : runs unittest tests by name; one JSON
line an outcome.

With --ports, a test's first UDP socket that binds to "any port" gets one of these: the tests choose
no ports, but a server that is to be protected has one.  Sockets bound later, those of clients, are
left alone.  The tests themselves are run as they are.
"""

import argparse
import json
import os
import re
import socket
import sys
import unittest

NONE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}


class FirstSocketIsServer:
    def __init__(self, ports):
        self.ports, self.next, self.done = ports, 0, False
        self.bind = socket.socket.bind
        socket.socket.bind = lambda sock, address: self.choose(sock, address)

    def new_test(self):
        self.done = False

    def choose(self, sock, address):
        wanted = (sock.family in NONE and sock.type == socket.SOCK_DGRAM
                  and sock.proto in (0, socket.IPPROTO_UDP) and address[1] == 0)
        if not wanted or self.done:
            return self.bind(sock, address)
        self.done = True
        for _ in self.ports:
            port = self.ports[self.next % len(self.ports)]
            self.next += 1
            try:
                return self.bind(sock, (address[0], port, *address[2:]))
            except OSError:
                pass
        raise OSError("no port left")


class Outcomes(unittest.TestResult):
    def __init__(self, out, ports):
        super().__init__()
        self.out, self.ports, self.found = out, ports, None

    def startTest(self, test):
        super().startTest(test)
        if self.ports:
            self.ports.new_test()
        self.found = ("ok", "")

    def stopTest(self, test):
        super().stopTest(test)
        self.tell(test, *self.found)

    def tell(self, test, outcome, why):
        print(json.dumps([test.id(), outcome, why]), file=self.out, flush=True)

    def worse(self, test, outcome, why):
        if self.found is None:      # in a class's or module's set-up
            self.tell(test, outcome, why)
        elif self.found[0] != "failed":
            self.found = (outcome, why)

    def trouble(self, test, error):
        self.worse(test, "failed", f"{error[0].__name__}: {error[1]}".splitlines()[0][:200])

    addError = addFailure = trouble

    def addSubTest(self, test, subtest, error):
        if error:
            self.trouble(test, error)

    def addSkip(self, test, reason):
        self.worse(test, "skipped", reason[:200])

    def addExpectedFailure(self, test, error):
        self.worse(test, "expected failure", "")

    def addUnexpectedSuccess(self, test):
        self.worse(test, "unexpected success", "")


def without(suite, pattern):
    """The suite but for tests whose names match."""
    kept = unittest.TestSuite()
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.addTest(without(test, pattern))
        elif not pattern.search(test.id()):
            kept.addTest(test)
    return kept


def main(argv):
    p = argparse.ArgumentParser()
    p.add_argument("--ports", type=lambda s: [int(n) for n in s.split(",")])
    p.add_argument("--without", type=re.compile, default=re.compile("$^"))
    p.add_argument("names", nargs="+")
    args = p.parse_args(argv)
    ports = FirstSocketIsServer(args.ports) if args.ports else None
    # The tests have standard output and error for themselves
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from test import support
    support.use_resources = ["network"]
    suite = unittest.defaultTestLoader.loadTestsFromNames(args.names)
    without(suite, args.without).run(Outcomes(out, ports))
    out.flush()
    os._exit(0)     # some leave threads behind


main(sys.argv[1:])
