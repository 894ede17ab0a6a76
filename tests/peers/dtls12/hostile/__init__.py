# SPDX-License-Identifier: Apache-2.0
"""Hostile inputs B-01 .. B-78, each a Case, for any server.

    from dtls12 import hostile
    for case in hostile.cases(hostile.CID):
        client = hostile.reach(make_client(), hostile.CID)
        case.fire(client, other)                # other: a second session, if case.needs_other
        if case.effect(hostile.CID) == hostile.IGNORED:
            seen = hostile.finish(client)       # goes on, echoes: raises if it cannot
            hostile.check_delivered(case, seen)

The server behind must echo.  Cookies that are expired, of the future or from before a rotation
(part of B-59), and the sessions of other nodes and restarts (part of B-72, B-77) need a clock or a
second server and are not here.
"""

import collections

from . import fragments, hellos, records, sessions
from .case import (CASES, CID, CLOSES, COOKIE, EVERY, FLIGHT, FRESH, HANDSHAKE, HELD, IGNORED,
                   KEYED, PLAIN, SESSION, SPOILS, Case, fetch_cookie, finish, hello_record, keyed,
                   plain, reach, stranger, valid)

__all__ = ["CASES", "CID", "CLOSES", "COOKIE", "Case", "EVERY", "FLIGHT", "FRESH", "HANDSHAKE",
           "HELD", "IGNORED", "KEYED", "PLAIN", "SESSION", "SPOILS", "cases", "check_delivered",
           "fetch_cookie", "finish", "fragments", "hello_record", "hellos", "keyed", "plain",
           "reach", "records", "sessions", "stranger", "valid"]


def cases(state=None, name=None):
    """The cases that apply in a state (default: all), by number; `name` picks one number."""
    found = [c for c in CASES if state in (None, *c.states) and name in (None, c.name)]
    return sorted(found, key=lambda c: c.name)


def check_delivered(case, payloads):
    """AssertionError if the application saw more than the case's authentic payloads."""
    extra = collections.Counter(payloads) - collections.Counter(case.delivers)
    assert not extra, f"{case.id}: the application saw {dict(extra)}"
