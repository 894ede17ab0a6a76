# SPDX-License-Identifier: Apache-2.0
"""Ensures that every name of libc the shim stands in for does its work.

tests/smoke/smoke.c calls them all, on protected sockets, in a way that fails if the call does not
reach the shim; it is built plain, with _FORTIFY_SOURCE and with _FILE_OFFSET_BITS=64, where the
compiler turns calls into others.
"""

import re
import struct
import subprocess

import pytest

from support import build
from support.client import Timeout
from support.front import Front
from support.process import Failed

FLAVOURS = ("plain", "fortified", "large_files")
HOOKS = {line.split()[0]: line.split()[1]
         for line in (build.ROOT / "shim" / "hooks.txt").read_text().splitlines()
         if line.strip() and line[0] != "#"}
SENDS = [name for name, group in HOOKS.items() if group == "send"]

pytestmark = pytest.mark.fronts("shim")


def serve(front, flavour):
    """Starts the program; its client."""
    spare = build.free_port()
    program = build.product(build.BUILD / "smoke" / flavour)
    front.start([program, "--spare", spare, "--port", "@PORT@"],
                options={"ports": f"@PORT@,{spare}"})
    return front.client()


def tried(client, name):
    """What the program says of a call, and the texts it sent meanwhile."""
    texts = []
    client.send(name.encode())
    while True:
        message = client.recv(20).decode()
        if message == "go":
            client.send(f"text for {name}".encode())
        elif message.startswith(f"text for {name}"):
            texts.append(message)
        else:
            return message, texts


@pytest.fixture(scope="module")
def programs(request, tmp_path_factory):
    """programs(flavour): a client of the running program, started when first asked for."""
    if "shim" not in request.config.getoption("fronts").split(","):
        pytest.skip("not among the fronts")
    running, fronts = {}, []

    def client_of(flavour):
        if flavour not in running:
            fronts.append(Front("shim", tmp_path_factory.mktemp(flavour)))
            running[flavour] = serve(fronts[-1], flavour)
        return running[flavour]

    yield client_of
    for front in fronts:
        front.close()


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_hooked_call(programs, flavour, name):
    if "thread" in build.SANITIZE and HOOKS[name] == "signal":
        pytest.skip("TSan puts handlers off")
    if build.SANITIZE and name == "dlopen":
        pytest.skip("the sanitizers' own dlopen() refuses RTLD_DEEPBIND")
    answer, texts = tried(programs(flavour), name)
    assert answer == f"{name} ok"
    assert texts == ([f"text for {name}"] if name in SENDS else [])


def test_the_compiler_calls_others_behind_a_programs_back():
    """Otherwise the flavours would try the same calls three times."""
    def imports(flavour):
        listed = subprocess.run(["nm", "-D", "-u", build.product(build.BUILD / "smoke" / flavour)],
                                check=True, capture_output=True, text=True).stdout
        return {re.sub("@.*", "", line.split()[-1]) for line in listed.splitlines()}
    plain = imports("plain")
    assert {"recv", "recvfrom", "read", "poll", "ppoll", "fcntl", "sendfile", "aio_read"} <= plain
    checked = {"__recv_chk", "__recvfrom_chk", "__read_chk", "__poll_chk", "__ppoll_chk"}
    assert checked <= imports("fortified")
    assert {"fcntl64", "sendfile64", "aio_read64", "preadv64v2", "pwritev64v2"} <= \
        imports("large_files")


def without_hook(name, directory):
    """A copy of the library in which `name` is not exported."""
    data = bytearray(build.SHIM.read_bytes())
    sections = {}
    offset, = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    for i in range(count):
        _, kind, _, _, at, length, link = struct.unpack_from("<IIQQQQI", data, offset + i * size)
        sections[i] = kind, at, length, link
    _, at, length, link = next(s for s in sections.values() if s[0] == 11)     # SHT_DYNSYM
    strings = sections[link][1]
    for symbol in range(at, at + length, 24):
        start = strings + struct.unpack_from("<I", data, symbol)[0]
        if data[start:data.index(0, start)] == name.encode() and data[symbol + 6:symbol + 8] != b"\0\0":
            data[symbol + 6:symbol + 16] = bytes(10)        # undefined
            copy = directory / "libdtlsshim.so"
            copy.write_bytes(data)
            return copy
    raise AssertionError(f"{name} is not exported")


SAMPLE = ("recvmsg", "__read_chk", "sendmmsg", "ppoll", "epoll_wait", "close", "fcntl", "socket",
          "getsockname", "splice", "sigset", "syscall")


def pytest_generate_tests(metafunc):
    if "removed" in metafunc.fixturenames:
        nightly = metafunc.config.getoption("nightly")
        metafunc.parametrize("removed", HOOKS if nightly else SAMPLE)


@pytest.mark.skipif(bool(build.SANITIZE), reason="the plain build tells")
def test_a_call_without_its_hook_is_noticed(tmp_path, monkeypatch, removed):
    """The tests above can fail: each does when its hook alone is taken away."""
    monkeypatch.setattr(build, "SHIM", without_hook(removed, tmp_path))
    front = Front("shim", tmp_path)
    try:
        assert tried(serve(front, "plain"), removed) != \
            (f"{removed} ok", [f"text for {removed}"] if removed in SENDS else [])
    except (Timeout, Failed, OSError):
        pass                # it ended, or hangs
    finally:
        front.close()


def test_what_is_no_udp_socket_costs_no_system_call_at_its_end(front):
    front.start("end_of_file")
    front.process.wait_for("NOTE read")
    front.client().echo(b"served")
