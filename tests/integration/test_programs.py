# SPDX-License-Identifier: Apache-2.0
"""Ensures that unmodified programs work with server and client protected; those of docs/programs.md
that start quickly and are small to install (all of them: scripts/programs)."""

import sys

import pytest

from support import build

sys.path.insert(0, str(build.ROOT / "tests" / "programs"))
import programs  # noqa: E402
import world  # noqa: E402

pytestmark = pytest.mark.skipif(bool(build.SANITIZE), reason="distribution binaries")

QUICK = [p for p in programs.PROGRAMS if p.quick]


@pytest.mark.parametrize("program", QUICK, ids=[p.__name__ for p in QUICK])
def test_program(program, tmp_path):
    absent = world.missing(program)
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")
    error, _ = world.run(program, "shim", tmp_path)
    assert not error, error
