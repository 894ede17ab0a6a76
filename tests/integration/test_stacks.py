# SPDX-License-Identifier: Apache-2.0
"""Ensures that what scripts/interop found keeps working, with the stacks that install in seconds.

The cases, the programs and the faults that are known are those of tests/interop.
"""

import subprocess
import sys

import pytest

from support import build

sys.path.insert(0, str(build.ROOT / "tests" / "interop"))

import faults  # noqa: E402
import interop  # noqa: E402
import stacks  # noqa: E402

pytestmark = pytest.mark.skipif(bool(build.SANITIZE), reason="the stacks are not ours to sanitize")

QUICK = [s for s in stacks.STACKS if s.quick]


def kinds(stack, table, number):
    """Both ways; a stack of a registry, whose programs start slowly, goes one way a case in turn."""
    both = interop.KINDS[table]
    return both if stack.origin.startswith("Debian") else both[number % 2:][:1]


TRIALS = [pytest.param(s, table, case, kind, id=f"{s.key}-{kind}-{case.title}")
          for s in QUICK for table, (cases, _) in interop.TABLES.items()
          for number, case in enumerate(c for c in cases if not interop.lacking(s, table, c))
          for kind in kinds(s, table, number)]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return interop.authority(tmp_path_factory.mktemp("interop"))


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """program(stack): sees that it is there, built once; a skip where what it is made of is not."""
    def of(stack):
        lock = stacks.OUT / f"{stack.key}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with stacks.locked(lock):
            if stack.installed():
                return
            wanting = stack.wanting()
            if wanting:
                pytest.skip(f"{wanting} is not installed")
            try:
                stack.install()
            except subprocess.CalledProcessError as error:
                if stack.origin == "npm":
                    pytest.skip(f"the registry gave nothing: {error}")
                raise
    return of


@pytest.mark.parametrize("stack, table, case, kind", TRIALS)
def test_stack(stack, table, case, kind, made, program, tmp_path):
    program(stack)
    why, said = interop.attempt(stack, table, case, kind, tmp_path / "trial", made)
    known = why and faults.explain(stack, case.title, why)
    if known:
        pytest.xfail(f"{known[0]}: {known[1]}")
    assert not why, f"{why}\n{said}"
