# SPDX-License-Identifier: Apache-2.0
"""Ensures that hooks cost descriptors that are not protected next to nothing."""

import sys

import pytest

from support import build

sys.path.insert(0, str(build.ROOT / "tests" / "bench"))
import overhead  # noqa: E402

pytestmark = pytest.mark.skipif(bool(build.SANITIZE), reason="sanitizers make everything slow")

SUSPICIOUS = 70     # nanoseconds; less than any system call, more than a busy machine adds


def test_no_hook_costs_as_much_as_a_system_call():
    rows = overhead.measure(build.BUILD, rounds=60)
    assert not overhead.unknown(rows), "add a line for each of them to tests/bench/overhead.c"
    slow = {(r["call"], r["on"], r["state"]): r["more"] for r in rows
            if r["more"] > SUSPICIOUS and r["call"] not in overhead.ABOVE}
    if slow:    # once more: others may have had the processor
        again = overhead.by_call(overhead.measure(build.BUILD, rounds=300))
        slow = {k: v for k, v in slow.items() if again[k[:2]][k[2]]["more"] > SUSPICIOUS}
    assert not slow
