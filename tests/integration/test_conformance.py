# SPDX-License-Identifier: Apache-2.0
"""Ensures that the UDP tests of CPython end the same with and without the shim, protected or not.

The whole comparison is scripts/conformance.
"""

import sys
from pathlib import Path

import pytest

from support import build

sys.path.insert(0, str(build.ROOT / "tests" / "conformance"))
import conformance  # noqa: E402

pytestmark = pytest.mark.skipif(bool(build.SANITIZE), reason="compared in the plain build")


def test_cpython():
    installed = Path("/usr/lib").glob("python3.*/test/test_socket.py")
    if not list(installed):
        pytest.skip("libpython3.*-testsuite is not installed")
    results = conformance.check(build.BUILD, quick=True, limit=80)
    assert len(results["passing"][0]) > 100 and len(results["protected"][0]) > 100
    assert not conformance.unexplained(results)
