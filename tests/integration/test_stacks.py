# SPDX-License-Identifier: Apache-2.0
"""Ensures that what scripts/interop found keeps working, with the stacks that install in seconds.

The cases, the programs and the faults that are known are those of tests/interop.
"""

import sys

import pytest

from support import build

sys.path.insert(0, str(build.ROOT / "tests" / "interop"))

import faults  # noqa: E402
import interop  # noqa: E402
import stacks  # noqa: E402

pytestmark = pytest.mark.skipif(bool(build.SANITIZE), reason="the stacks are not ours to sanitize")

QUICK = [s for s in stacks.STACKS if s.quick]
TRIALS = [pytest.param(s, table, case, kind, id=f"{s.key}-{kind}-{case.title}")
          for s in QUICK for table, (cases, _) in interop.TABLES.items() for case in cases
          for kind in interop.KINDS[table] if not interop.lacking(s, table, case)]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return interop.authority(tmp_path_factory.mktemp("interop"))


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """program(stack): its command, built once; none where its library is not installed."""
    def of(stack):
        lock = stacks.OUT / f"{stack.key}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with stacks.locked(lock):
            if not stack.installed() and not stack.buildable():
                pytest.skip(f"{stack.origin} is not installed")
            if not stack.installed():
                stack.install()
    return of


@pytest.mark.parametrize("stack, table, case, kind", TRIALS)
def test_stack(stack, table, case, kind, made, program, tmp_path):
    program(stack)
    why, said = interop.attempt(stack, table, case, kind, tmp_path / "trial", made)
    known = why and faults.explain(stack, case.title, why)
    if known:
        pytest.xfail(f"{known[0]}: {known[1]}")
    assert not why, f"{why}\n{said}"
