# SPDX-License-Identifier: Apache-2.0
"""Ensures that who replaces EUB's dtls_proxy by ours changes nothing else: flags, names, behaviour."""

import time

import pytest

from support import build
from support.client import canary
from support.front import KALLE, LOOKUP_PSK, dtls12

pytestmark = [pytest.mark.fronts("proxy"), pytest.mark.one_process]


@pytest.fixture(autouse=True)
def alias(monkeypatch):
    monkeypatch.setattr(build, "PROXY", build.BUILD / "dtls_proxy")


@pytest.fixture
def served(front):
    return front.start("blocking")


def script(directory):
    path = directory / "lookup_psk.sh"
    path.write_text(LOOKUP_PSK)
    path.chmod(0o700)
    return path


def start_as(front, monkeypatch, command, env=None):
    """An echo server, and before it what `command` makes of the options, with the variables of `env`."""
    monkeypatch.setattr(front, "proxy_command", lambda options: [
        "env", *(f"{n}={v}" for n, v in (env(options) if env else {}).items()),
        build.product(build.PROXY), *map(str, command(options))])
    return front.start("blocking")


@pytest.mark.parametrize("form", ["-{} {}", "--{} {}", "--{}={}", "-{}={}"])
def test_flags_in_every_form_of_go(front, monkeypatch, tmp_path, form):
    key = script(tmp_path)

    def command(options):
        given = {"bind": options["bind"], "connect": options["connect"], "shell-kms-cmd": key}
        return [w for n, v in given.items() for w in form.format(n, v).split(" ")]
    start_as(front, monkeypatch, command).client(psk=KALLE).echo(canary(30))


@pytest.mark.parametrize("flags", [["--no-such-flag"], ["-bnid", ":1"], ["--psk-csv"], ["stray"]])
def test_a_wrong_command_line_is_exit_2(procs, flags):
    process = procs.spawn([build.product(build.PROXY), *flags])
    assert process.wait_exit() == 2
    assert "dtls_proxy: " in process.text("err")


def test_no_key_source_at_all_is_exit_1(procs):
    process = procs.spawn([build.product(build.PROXY), "--bind", "127.0.0.1:0"])
    assert process.wait_exit() == 1
    assert "no keys" in process.text("err")


def test_the_variables_of_its_container(front, monkeypatch, tmp_path):
    """They count where there is no argument; an empty one is not there."""
    key = script(tmp_path)
    start_as(front, monkeypatch, lambda options: [], lambda options: {
        "CONNECT_ARG": options["connect"], "BIND_ARG": options["bind"], "PSK_SHELL_ARG": key,
        "PSK_REST_ARG": ""}).client(psk=KALLE).echo(canary(30))


@pytest.mark.parametrize("required", [False, True])
def test_no_client_needs_the_extended_master_secret_unless_told(front, authority, required):
    """Under the name dtlsproxy sessions with certificates do."""
    server = authority.certify("localhost")
    front.start("blocking", options={"cert": server.cert, "key": server.key,
                                     **({"require-ems": "true"} if required else {})})
    for how in ({"psk": KALLE}, {"ca": str(authority.ca)}):
        if required:
            with front.refused():
                front.client(ems="never", timeout=2, **how)
        else:
            front.client(ems="never", **how).echo(canary(30))


def test_a_key_server_and_a_command_do_not_end_the_start(front, tmp_path):
    front.start("blocking", options={"psk-rest": "http://127.0.0.1:9/key",
                                     "shell-kms-cmd": script(tmp_path)})
    front.client(psk=KALLE).echo(canary(30))


def test_a_new_session_replaces_the_one_before(served):
    """TestSessionReplacement: the first client is told, and cannot write any more."""
    first = served.client(psk=KALLE)
    first.echo(canary(30, 1))
    second = served.client(psk=KALLE)
    second.echo(canary(30, 2))
    with pytest.raises(dtls12.Closed):
        first.recv()
    second.echo(canary(30, 3))


def test_a_bad_key_does_not_block_a_good_client(served):
    """TestBadPSKDoesNotBlockGoodClient, with the bad one still in its handshake."""
    bad = served.client(psk=(KALLE[0], b"wrong"), handshake=False).dtls
    bad.hello1()
    bad.hello2()
    start = time.monotonic()
    served.client(psk=KALLE, timeout=5).echo(canary(30))
    assert time.monotonic() - start < 4
