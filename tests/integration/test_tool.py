# SPDX-License-Identifier: Apache-2.0
"""Ensures that the dtlsshim command runs, checks and talks: run, check, nc."""

import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

import stock_servers
from support import build
from support.client import SecureClient, canary, dtls12
from support.front import KALLE, Front

KEY = ("--psk-identity", KALLE[0].decode(), "--psk-key-file")


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "client.key"
    path.write_text(KALLE[1].hex() + "\n")
    path.chmod(0o600)
    return path


def tool(procs, *args, env=None, **kwargs):
    return procs.spawn([build.product(build.TOOL), *args], env, **kwargs)


def run(procs, *args, options=(), env=None):
    return tool(procs, "run", "--psk-csv", procs.csv, *options, "--", *args, env=env)


SANITIZED = {"LD_PRELOAD": build.sanitizer_runtime()} if build.SANITIZE else {}
needs_preload = pytest.mark.skipif("thread" in build.SANITIZE, reason="TSan's run-time would have "
                                   "to be in what run preloads")


@needs_preload
def test_run_protects_a_server(procs):
    port = build.free_port()
    server = run(procs, *build.victim("poll_loop"), "--port", port,
                 options=("--ports", port, "--cid-length=4", "--require-ems"))
    server.wait_for("READY")
    client = SecureClient(("127.0.0.1", port), psk=KALLE)
    procs.clients.append(client)
    client.echo(canary(100))
    assert len(client.dtls.server_cid) == 4


@needs_preload
def test_run_is_replaced_by_its_program(procs):
    """Same process, same exit status, same environment but for ours."""
    server = run(procs, "/bin/sh", "-c", "echo PID $$; exit 7")
    assert server.wait_exit() == 7
    assert server.has(f"^PID {server.pid}$")


@pytest.mark.parametrize("flags, told", [
    (["--psk-csv", "/nowhere/keys.csv"], "/nowhere/keys.csv"), (["--no-such"], "no-such"),
    (["--cid-length", "99"], "99"), (["--cert", "/etc/hostname"], "key")])
def test_run_starts_nothing_with_a_mistake(procs, flags, told):
    server = run(procs, *build.victim("poll_loop"), "--port", build.free_port(), options=flags)
    assert server.wait_exit() in (1, 2)
    assert server.has(f"^dtlsshim: .*{told}") and not server.has("READY"), server


@pytest.mark.parametrize("command, flag", [("run", "strict"), ("nc", "one-session-per-identity")])
def test_true_and_false_are_no_arguments(procs, command, flag):
    """They are programs, too, and were run."""
    process = tool(procs, command, f"--{flag}", "false", "--", "/bin/echo", "hi")
    assert process.wait_exit() == 2
    assert process.text().startswith(f"dtlsshim: {command}: --{flag} false: what is true or false "
                                     f"takes its value with =: --{flag}=false (")


@pytest.fixture(scope="module")
def static_program(tmp_path_factory):
    path = tmp_path_factory.mktemp("static") / "static"
    source = build.ROOT / "tests" / "servers" / "blocking.c"
    if subprocess.run(["gcc", "-static", "-o", path, source], capture_output=True).returncode:
        pytest.skip("no static C library here")
    return path


def test_run_refuses_what_it_cannot_protect(procs, static_program):
    """The dynamic linker would start it without us."""
    server = run(procs, static_program, "--port", build.free_port())
    assert server.wait_exit() == 1
    assert server.has("static") and not server.has("READY"), server


def test_run_of_a_program_that_cannot_be_started(procs, tmp_path):
    """Status and line as of a shell, and nothing was tried."""
    script, closed = tmp_path / "script", tmp_path / "closed"
    for path, line in (script, "#!/nowhere/python"), (closed, "#!/bin/sh"):
        path.write_text(f"{line}\necho ran\n")
    script.chmod(0o755)
    for program, status, told in (("/nowhere/program", 127, "/nowhere/program: no such file"),
                                  ("no-such-program", 127, "no-such-program: not found in PATH"),
                                  (f"{closed}/below", 127, f"{closed}/below: no such file"),
                                  (tmp_path, 126, f"{tmp_path}: not a program"),
                                  (closed, 126, f"{closed}: Permission denied"),
                                  (script, 126, "/nowhere/python: no such file")):
        process = run(procs, program, options=("--strict=false",))
        assert (process.wait_exit(), program) == (status, program)
        assert told in process.lines[-1][1] and not process.has("ran"), process


@pytest.mark.parametrize("command, told", [("run", "run: a PROGRAM is expected (dtlsshim help run "),
                                           ("check", "check: one PROGRAM is expected (dtlsshim ")])
def test_no_program_at_all(procs, command, told):
    process = tool(procs, command)
    assert process.wait_exit() == 2
    assert len(process.lines) == 1 and process.text().startswith(f"dtlsshim: {told}"), process


def check(procs, *args):
    process = tool(procs, "check", *args)
    return process.wait_exit(), process.text()


@pytest.fixture
def doctored(tmp_path):
    """doctored(offset, bytes): a copy of a good program with other bytes there."""
    def make(offset, data, mode=0o755):
        path = tmp_path / f"program{offset}"
        text = bytearray(open(build.victim("blocking")[0], "rb").read())
        text[offset:offset + len(data)] = data
        path.write_bytes(text)
        path.chmod(mode)
        return path
    return make


def test_check_of_a_good_program(procs):
    status, text = check(procs, *build.victim("blocking"))
    assert status == 0 and "fail" not in text and "note" not in text, text


def test_check_says_what_cannot_be_preloaded(procs, static_program, doctored):
    """One line each, with what to do."""
    for program, told in ((static_program, "statically linked with glibc.*dtlsproxy"),
                          (doctored(4, b"\x01"), "32-bit program for x32.*dtlsproxy"),
                          (doctored(18, b"\xf3\0"), "64-bit program for RISC-V.*dtlsproxy"),
                          ("/nowhere/program", "/nowhere/program"),
                          ("no-such-program", "not found in PATH")):
        status, text = check(procs, program)
        failed = [line for line in text.splitlines() if line.startswith("fail")]
        assert status == 1 and len(failed) == 1 and re.search(told, failed[0]), text


def test_check_says_when_privileges_keep_the_shim_out(procs, doctored):
    """ld.so ignores LD_PRELOAD there."""
    path = doctored(0, b"", 0o4755)
    if os.getuid():
        pytest.skip("needs root to make a program another user's")
    assert check(procs, path)[0] == 0, "setuid to ourselves changes nothing"
    os.chown(path, 65534, 65534)
    path.chmod(0o4755)
    status, text = check(procs, path)
    assert status == 1 and re.search("^fail.*setuid.*dtlsproxy", text, re.M), text
    os.chown(path, 0, 0)
    path.chmod(0o755)
    if subprocess.run(["setcap", "cap_net_bind_service=ep", path]).returncode:
        pytest.skip("no file capabilities here")
    assert re.search("^note.*file capabilities.*root", check(procs, path)[1], re.M)


def test_check_follows_scripts(procs, tmp_path, static_program):
    script = tmp_path / "script"
    for line, status in (("#!/bin/sh", 0), (f"#!{static_program}", 1),
                         ("#!/usr/bin/env python3", 0), ("#!/nowhere/python", 1)):
        script.write_text(f"{line}\nexit 0\n")
        script.chmod(0o755)
        assert (check(procs, script)[0], line) == (status, line)


def test_check_sees_what_goes_past_libc(procs, tmp_path):
    """Calls with the program's own instructions, io_uring, other namespaces."""
    status, text = check(procs, *build.victim("bypass"))
    assert status == 0 and re.search("^note.*system calls for sockets itself", text, re.M), text
    source, program = tmp_path / "p.c", tmp_path / "p"
    for code, told in (("syscall(425, 8, argv)", "uses io_uring"),
                       ("dlmopen(LM_ID_NEWLM, *argv, RTLD_NOW) == 0", "imports dlmopen")):
        source.write_text("#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <unistd.h>\n"
                          "int main(int argc, char **argv) { return argc > 9 && %s; }" % code)
        subprocess.run(["gcc", "-O2", "-o", program, source], check=True)
        status, text = check(procs, program)
        assert status == 0 and re.search(f"^note.*{told}", text, re.M), text


@pytest.mark.parametrize("cgo", ["0", "1"])
def test_check_knows_go(procs, tmp_path, cgo, nightly):
    if not nightly(cgo == "0", True):
        pytest.skip("nightly only: Go compiles much for it")
    source, program = tmp_path / "p.go", tmp_path / "p"
    source.write_text("package main\n" + 'import "C"\n' * int(cgo) + "func main() {}\n")
    go = shutil.which("go", path=os.environ.get("PATH", "") + ":/usr/local/go/bin")
    env = {**os.environ, "CGO_ENABLED": cgo, "GOCACHE": str(tmp_path / "cache"), "GOFLAGS": "",
           "GO111MODULE": "off"}
    if not go or subprocess.run([go, "build", "-o", program, source], env=env,
                                capture_output=True).returncode:
        pytest.skip("no Go compiler here")
    status, text = check(procs, program)
    assert status == 1 and re.search("^fail.*Go program.*dtlsproxy", text, re.M), text
    assert ("cgo" in text) == (cgo == "1"), text


def nc(procs, *args, **kwargs):
    return tool(procs, "nc", *args, stdin=True, **kwargs)


@pytest.fixture
def server(tmp_path):
    """A shimmed echo server with a forwarder before it."""
    made = Front("shim", tmp_path)
    made.start("poll_loop")
    yield made
    made.close()


def lines(process, first=0, count=3):
    for number in range(first, first + count):
        process.write(f"line {number}\n")
        process.wait_for(f"^line {number}$")


def test_nc_talks_to_a_shimmed_server(procs, server, key_file):
    client = nc(procs, *KEY, key_file, *server.address)
    lines(client)
    client.popen.stdin.close()
    assert client.wait_exit() == 0
    assert server.received(3) == [(6, f"line {n}") for n in range(3)]
    server.log.wait_for("event=closed .*peer_closed")


def test_nc_changes_its_port(procs, server, key_file):
    """After every two messages, and by signal: one session throughout."""
    client = nc(procs, "--rebind-after", "2", *KEY, key_file, *server.address)
    lines(client, count=5)
    client.wait_for("event=rebind", n=2)
    client.send_signal(signal.SIGUSR1)
    client.wait_for("event=rebind", n=3)
    lines(client, first=5)
    assert server.handshakes() == 1
    assert len({d.client for d in server.net.datagrams("c2s")}) >= 4


def test_nc_with_certificates(procs, tmp_path, authority):
    pair = authority.certify("localhost")
    made = Front("shim", tmp_path)
    try:
        made.start("poll_loop", options={"psk-csv": None, "cert": pair.cert, "key": pair.key})
        for name in (), ("--server-name", "localhost"):     # else it is the address
            lines(nc(procs, "--ca", authority.ca, *name, *made.address))
        stranger = nc(procs, "--ca", authority.ca, "--server-name", "other", *made.address)
        assert stranger.wait_exit() == 1
    finally:
        made.close()


@pytest.mark.parametrize("host", ["127.0.0.2", "::ffff:127.0.0.1"])
def test_nc_wants_a_certificate_of_the_host_it_was_told(procs, authority, host):
    """Not of any server its CA knows; an address is compared with addresses."""
    pair, port = authority.certify("other", names=["localhost", "127.0.0.1", "::1"]), build.free_port()
    server = nc(procs, "-l", "--echo", "--cert", pair.cert, "--key", pair.key, port)
    server.wait_for("event=listening")
    flags = ["--ca", authority.ca, "--wait", "5"]
    lines(nc(procs, *flags, "::1", port))
    stranger = nc(procs, *flags, host, port)
    assert stranger.wait_exit() == 1
    assert stranger.has("^dtlsshim: nc: no session with .*: certificate not accepted: made out to another "
                        "name$"), stranger
    lines(nc(procs, *flags, host, port, "--server-name", "localhost"))


def test_nc_of_a_closed_port_ends_at_once(procs, key_file):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.connect(("127.0.0.1", 9))     # the port is taken, but for others it is closed
        address = other.getsockname()
        client = nc(procs, *KEY, key_file, *address)
        assert client.wait_exit(3) == 1
        assert client.lines[-1][1] == "dtlsshim: nc: no session with 127.0.0.1:%d: nobody listens " \
                                      "there (connection refused)" % address[1]


def test_nc_sends_a_line_whole_or_not_at_all(procs, server, key_file):
    client = nc(procs, *KEY, key_file, *server.address)
    longest = "x" * 16384
    client.write("a" * 16385 + "\n" + "b" * 40000 + "\nshort\n" + longest + "\n")
    client.wait_for("^short$")
    client.wait_for("^x+$")
    client.popen.stdin.close()
    assert client.wait_exit() == 1
    assert client.text("out") == f"short\n{longest}"
    assert client.text("err").splitlines() == 2 * [
        "dtlsshim: nc: a line of more than 16384 bytes, the most a message holds, is not sent"]


def test_nc_takes_options_before_and_after_its_arguments(procs):
    port = build.free_port()
    process = nc(procs, "-l", port, "--echo", "--psk-csv", procs.csv)
    process.wait_for("event=listening")
    lines(nc(procs, "127.0.0.1", "--psk-csv", procs.csv, port, "--psk-identity", "Kalle"))


def test_nc_s_own_options_are_in_its_manual_page(procs):
    process = tool(procs, "help", "nc")
    assert process.wait_exit() == 0
    own = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", process.text().split("options:\n")[0], re.M))
    page = (build.ROOT / "docs" / "dtlsshim.1").read_text(encoding="utf-8").replace("\\-", "-")
    page = page.split("made by scripts/gen-docs")[0]
    assert len(own) == 7 and not {o for o in own if not re.search(rf"^\.B.*{o}\b", page, re.M)}


def test_examples_name_the_library_by_its_path():
    """ld.so starts the server without one that it does not find."""
    found = [name for path in (build.ROOT / "README.md", *sorted((build.ROOT / "docs").glob("*.*")))
             for name in re.findall(r"LD_PRELOAD=(\S+)", path.read_text(encoding="utf-8"))]
    assert set(found) == {"$PWD/build/libdtlsshim.so", "/usr/local/lib/dtlsshim/libdtlsshim.so"}


WRONG = {
    "": "nc: two arguments are expected, HOST and PORT",
    "localhost": 'nc: two arguments are expected, HOST and PORT, not "localhost"',
    "127.0.0.1:5684": 'nc: two arguments are expected, HOST and PORT, not "127.0.0.1:5684"',
    "-l": "nc: a PORT is expected",
    "localhost 5684 -v more": 'nc: "more" is one argument too many',
    "--echo=false localhost 5684": "nc: --echo takes no value",
    "localhost 70000": 'nc: PORT "70000": a whole number from 0 to 65535 is expected',
}


@pytest.mark.parametrize("line", WRONG)
def test_nc_says_what_is_wrong_with_its_command_line(procs, line):
    process = nc(procs, *line.split())
    assert process.wait_exit() == 2
    assert process.text().removesuffix(" (dtlsshim help nc says more)") == f"dtlsshim: {WRONG[line]}"


def test_nc_serves(procs):
    port = build.free_port()
    process = nc(procs, "-l", "--echo", "--psk-csv", procs.csv, "127.0.0.1", port)
    process.wait_for("event=listening")
    client = SecureClient(("127.0.0.1", port), psk=KALLE)
    procs.clients.append(client)
    for tag, size in enumerate((1, 100, 9000)):
        client.echo(canary(size, tag))
    client.rebind()
    client.echo(canary(100))


def test_nc_with_a_wrong_key_ends_with_an_error(procs, server, key_file):
    key_file.write_text("00" * 8 + "\n")
    client = nc(procs, "--wait", "15", *KEY, key_file, *server.address)
    assert client.wait_exit(20) == 1
    assert client.has(r"^dtlsshim: nc: no session with 127\.0\.0\.1:\d+: ended by the peer's alert "
                      r"\(alert 51, decrypt_error\); does the server have this identity, with "
                      r"this key\?$"), client


ADVICE = {      # flags of a server, of a client: what the client says of its failure
    "no keys": (["--cert", "--key"], ["--psk-identity"],
                r"\(alert 40, handshake_failure\); does the server have pre-shared keys, "),
    "no certificate": (["--psk-csv"], ["--ca"],
                       r"\(alert 40, handshake_failure\); does the server want a certificate of "),
    "wants a certificate": (["--cert", "--key", "--ca", "--client-auth"], ["--ca"],
                            r"; does the server want a certificate of ours: DTLSSHIM_CERT "),
}


@pytest.mark.parametrize("case", ADVICE)
def test_nc_says_what_to_do_about_a_failure(procs, authority, key_file, case):
    servers, clients, says = ADVICE[case]
    pair, port = authority.certify("localhost"), build.free_port()
    values = {"--cert": pair.cert, "--key": pair.key, "--ca": authority.ca, "--psk-csv": procs.csv,
              "--client-auth": "required"}
    server = nc(procs, "-l", "--echo", *(x for f in servers for x in (f, values[f])), port)
    server.wait_for("event=listening")
    mine = [*KEY, key_file] if clients == ["--psk-identity"] else ["--ca", authority.ca]
    client = nc(procs, "--wait", "10", *mine, "localhost", port)
    assert client.wait_exit(15) == 1
    assert re.search(f"no session with .*{says}", client.text()), client
    server.wait_for("event=failed .*reason=(no_suite|certificate_missing)")


def test_nc_of_a_plaintext_server_asks_whether_it_speaks_dtls(procs, key_file):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.bind(("127.0.0.1", 0))
        plain.settimeout(10)
        client = nc(procs, *KEY, key_file, *plain.getsockname())
        plain.sendto(*plain.recvfrom(4096))
        assert client.wait_exit(10) == 1
        assert client.has(r"^dtlsshim: nc: no session with .*; does a DTLS 1\.2 server listen there\?$"), client


STOCK = {"GnuTLS": (stock_servers.GnuTls, dtls12.suites.PSK_CCM_8),
         "GnuTLS GCM": (stock_servers.GnuTls, dtls12.suites.PSK_GCM),
         "OpenSSL": (stock_servers.OpenSsl, dtls12.suites.PSK_GCM),
         "Mbed TLS": (stock_servers.Mbed, dtls12.suites.PSK_CCM_8)}


@pytest.mark.parametrize("name", STOCK)
def test_nc_talks_to_servers_of_others(procs, key_file, name):
    """The client role against other people's stacks."""
    kind, suite = STOCK[name]
    if not kind.available():
        pytest.skip(f"{kind.program} is not installed")
    stock = kind(suite)
    stock.port = build.free_port()      # one that the kernel gives to nobody meanwhile
    with stock as other:
        client = nc(procs, "--verbose", *KEY, key_file, *other.address)
        client.wait_for("event=(session|established)")
        if kind.echoes:
            lines(client)
        else:
            client.write("line 0\n")
            assert other.wait_output(b"line 0", 10)
