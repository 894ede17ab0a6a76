# SPDX-License-Identifier: Apache-2.0
"""Ensures that a library before ours in LD_PRELOAD leads to us, or that the process ends with a line.

After ours, a library takes nothing from us and the program is served.
"""

import contextlib
import glob
import os
import re
import subprocess

import pytest

from support import build
from support.client import canary

pytestmark = pytest.mark.fronts("shim")

NOBODY = 65534

# Files by name, and whether the program may have the library before ours
LIBRARIES = {
    "jemalloc": ("/usr/lib/*/libjemalloc.so.2", True),
    "faketime": ("/usr/lib/*/faketime/libfaketime.so.1", True),
    "proxychains4": ("/usr/lib/*/libproxychains.so.4", True),
    "torsocks": ("/usr/lib/*/torsocks/libtorsocks.so", False),
    "authbind": ("/usr/lib/authbind/libauthbind.so.1", True),    # root needs no helper
    "eatmydata": ("/usr/lib/*/libeatmydata.so", True),
    "socket_wrapper": ("/usr/lib/*/libsocket_wrapper.so", False),
    "own, to the next": (["-UPAST"], True),
    "own, to libc": (["-DPAST"], False),
}
# In a torsocks world UDP is refused: that program serves nobody, with the shim or without.
NO_UDP = ["torsocks"]


def library(name, directory):
    where, _ = LIBRARIES[name]
    if name == "faketime" and build.SANITIZE:
        pytest.skip("no program starts with both libfaketime and a sanitizer's run-time")
    if isinstance(where, list):
        made = directory / "past_bind.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-D_GNU_SOURCE", *where, "-o", made,
                        build.ROOT / "tests" / "plugin" / "past_bind.c", "-ldl"], check=True)
        return str(made)
    found = glob.glob(where)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found[0]


def preloading(*libraries):
    """A server's command that has `libraries` in this order, behind the sanitizer's run-time."""
    preload = [build.sanitizer_runtime(), *libraries]
    return ["env", "LD_PRELOAD=" + ":".join(p for p in preload if p),
            *build.victim("blocking"), "--port", "@PORT@"]


def is_served(front, command, **kwargs):
    front.start(command, **kwargs)
    front.log.wait_for("event=protected")
    front.client().echo(canary(40))


def is_refused(front, command, path, call=r"\w+"):
    front.may_fail = True
    front.launch(command)
    assert front.process.wait_exit() == 1
    assert front.log.has(rf"dtlsshim: {re.escape(path)} stands before the shim and its {call}\(\) "
                         rf"goes past it.*LD_PRELOAD=\"{build.SHIM} {re.escape(path)}\".*"
                         r"DTLSSHIM_PRELOAD_ORDER=ignore$"), front
    assert not front.process.has("READY")


@pytest.mark.parametrize("name", LIBRARIES)
def test_library_before_ours(front, name, tmp_path, no_tsan_interpreter):
    path = library(name, tmp_path)
    command = preloading(path, str(build.SHIM))
    if LIBRARIES[name][1]:
        is_served(front, command)
    else:
        is_refused(front, command, path)


@pytest.mark.parametrize("name", [n for n in LIBRARIES if n not in NO_UDP])
def test_library_after_ours(front, name, tmp_path, no_tsan_interpreter):
    is_served(front, preloading(str(build.SHIM), library(name, tmp_path)))


def test_order_that_is_to_be_ignored(front, tmp_path, no_tsan_interpreter):
    """The start goes on; that somebody bound the port past the shim is seen when the program waits."""
    front.launch(preloading(library("own, to libc", tmp_path), str(build.SHIM)),
                 options={"preload-order": "ignore"})
    front.wait_server(r"READY port=(\d+)")
    front.log.wait_for("event=protected")


def as_nobody(port, *libraries):
    """Like preloading(), by a user for whom authbind needs its helper, on a port it is asked for."""
    return ["env", "AUTHBIND_LEVELS=y", "setpriv", "--reuid", str(NOBODY), "--clear-groups",
            *preloading(*libraries)[:-1], str(port)]


@contextlib.contextmanager
def allowed_to_nobody(front, port):
    """authbind lets nobody bind `port`; nobody can read the key file."""
    path = f"/etc/authbind/byport/{port}"
    if os.geteuid() or os.path.exists(path):
        pytest.skip(f"needs root, who may say who binds port {port}")
    front.options({})
    os.chown(front.csv, NOBODY, -1)
    for directory in list(front.csv.parents)[:-2]:
        os.chmod(directory, os.stat(directory).st_mode | 0o011)
    with open(path, "w"):
        pass
    os.chown(path, NOBODY, -1)
    os.chmod(path, 0o500)
    try:
        yield
    finally:
        os.unlink(path)


def test_authbind_before_ours_for_a_privileged_port(front, no_tsan_interpreter):
    path = library("authbind", None)
    with allowed_to_nobody(front, 377):
        is_refused(front, as_nobody(377, path, str(build.SHIM)), path, "bind")


def test_authbind_after_ours_for_a_privileged_port(front, no_tsan_interpreter):
    """authbind itself makes this order; its helper binds the socket, which is protected then."""
    path = library("authbind", None)
    with allowed_to_nobody(front, 378):
        front.launch(as_nobody(378, str(build.SHIM), path), options={"ports": 378})
        front.process.wait_for("READY port=378", timeout=20)
        front.log.wait_for("event=protected port=378")
        front.address = ("127.0.0.1", 378)
        front.client().echo(canary(40))
