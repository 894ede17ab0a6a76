# SPDX-License-Identifier: Apache-2.0
"""Ensures that a server may have children, and limits, of every usual kind."""

import pytest

from support import build
from support.client import canary

pytestmark = pytest.mark.fronts("plain", "shim")


@pytest.mark.parametrize("limit", ["-f 0", "-S -f 0"])
def test_a_server_that_may_write_no_file_is_served(front, limit):
    """RLIMIT_FSIZE = 0, as LimitFSIZE= of systemd sets it; with workers, which share a page."""
    command = f"ulimit {limit}; exec {build.victim('prefork')[0]} --mode recvfrom --port @PORT@"
    front.start(["sh", "-c", command])
    client = front.client()
    for tag in range(5):
        client.echo(canary(40, tag))
