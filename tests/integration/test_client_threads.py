# SPDX-License-Identifier: Apache-2.0
"""Ensures that threads of a client do not get in each other's way; in every variant."""

import pytest

from support import build
from support.legacy import client_options

pytestmark = pytest.mark.fronts("shim", "proxy")

PROGRAM = 5683


def run_callers(front, threads, messages):
    options = client_options(front, f"{PROGRAM}={front.net.address[1]}")
    process = front.spawn([*build.victim("callers"), PROGRAM, threads, messages],
                          build.shim_environment(options))
    assert int(process.wait_for(r"^DONE (\d+)", timeout=60)[1]) == threads * messages
    assert process.wait_exit() == 0


def test_threads_each_with_a_socket(front):
    front.start("blocking", options={"one-session-per-identity": "false"})
    run_callers(front, 8, 20)
    assert front.handshakes() == 8
