# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the integration tests.

Most scenarios run three times by the fixture `front`: plain (the server alone), shim and proxy;
what the application sees must be the same.  Between client and server stands a forwarder that
records every byte; at the end of each test it is checked that all of it was DTLS.
"""

import resource
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import build, certs  # noqa: E402
from support.front import KINDS, Front  # noqa: E402

TIMEOUT = 90        # seconds a test may take at most
SLOW = 3 if build.SANITIZE else 1


def pytest_addoption(parser):
    parser.addoption("--nightly", action="store_true", help="larger counts, longer runs")
    parser.addoption("--restart", action="store_true",
                     help="kill and restart shim or proxy after every handshake, with a state file")
    parser.addoption("--fronts", default=",".join(KINDS), help="which of plain,shim,proxy to run")


def pytest_configure(config):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))   # a socket a flow
    config.addinivalue_line("markers", "fronts(*kinds): the fronts a test runs over")
    config.addinivalue_line("markers", "one_process: looks at the output of one process, which "
                            "--restart would not leave it")
    config.addinivalue_line("markers", "timeout(seconds): limit of pytest-timeout")
    if not config.pluginmanager.hasplugin("timeout"):
        raise pytest.UsageError("pytest-timeout is missing: install python3-pytest-timeout")


def pytest_generate_tests(metafunc):
    if "front" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("fronts")
        wanted = metafunc.config.getoption("fronts").split(",")
        kinds = [k for k in (marker.args if marker else KINDS) if k in wanted]
        metafunc.parametrize("front", kinds, indirect=True, scope="function")


def pytest_collection_modifyitems(config, items):
    limit = TIMEOUT * SLOW * (10 if config.getoption("nightly") else 1)
    for item in items:
        if config.getoption("restart") and item.get_closest_marker("one_process"):
            item.add_marker(pytest.mark.skip("not with --restart"))
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(limit))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """The output of every process stands with the failure."""
    report = (yield).get_result()
    front = getattr(item, "funcargs", {}).get("front")
    if report.failed and isinstance(front, Front):
        report.sections.append(("processes", str(front)))


@pytest.fixture
def front(request, tmp_path):
    kind = request.param
    made = Front(kind, tmp_path)
    made.restarting = made.secure and request.config.getoption("restart")
    yield made
    made.close()


@pytest.fixture
def procs(tmp_path):
    """Processes that are looked at and ended after the test; the kind does not matter."""
    made = Front("tool", tmp_path)
    made.options({})
    yield made
    made.close()


@pytest.fixture
def nightly(request):
    """count = nightly(small, large): which one this run wants."""
    return lambda small, large: large if request.config.getoption("nightly") else small


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return certs.Authority(tmp_path_factory.mktemp("certs"))


@pytest.fixture
def no_tsan_interpreter():
    if "thread" in build.SANITIZE:
        pytest.skip("interpreters do not run with a preloaded TSan run-time")
