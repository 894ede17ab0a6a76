# SPDX-License-Identifier: Apache-2.0
"""Ensures that a mistake in the configuration ends the start with one line that says what it is.

Nothing may be served then: a server that runs without its protection is the worst outcome.
"""

import os
import socket
import subprocess

import pytest

from support import build
from support.front import text_with

pytestmark = pytest.mark.fronts("shim", "proxy")


def name_of(front):
    return "dtlsproxy" if front.kind == "proxy" else "dtlsshim"


def refused_start(front, pattern, program="blocking", **kwargs):
    """Starts with a mistake: one line that matches `pattern`, a status that is no success."""
    front.may_fail = True
    front.launch(program, **kwargs)
    assert front.log.wait_exit() not in (0, -6, -11)
    lines = [t for s, t in front.log.lines if s == "err"]
    assert len(lines) == 1, front
    assert lines[0].startswith(f"{name_of(front)}: "), front
    assert front.log.has(pattern), front
    if front.kind == "shim":
        assert not front.process.has("^READY")
    return lines[0]


def refused_saying(front, text, **kwargs):
    """The line is `text`, to the letter."""
    assert refused_start(front, "", **kwargs) == f"{name_of(front)}: {text}"


def refused_option(front, name, value, told):
    """The line names the option as it was given, and the value."""
    variable = f"DTLSSHIM_{name.upper().replace('-', '_')}"
    refused_saying(front, f'{variable}="{value}": {told}' if front.kind == "shim" else
                   f'--{name}="{value}": {told} (dtlsproxy --help lists the flags)',
                   options={name: value})


def test_missing_key_file(front, tmp_path):
    path = tmp_path / "nowhere" / "keys.csv"
    refused_start(front, f"{path}.*[Nn]o such file", options={"psk-csv": path})


LINES = {
    "no comma": ("Kalle,deadbeef\njust a name\n", 2),
    "odd hex": ("Kalle,deadbee\n", 1),
    "not hex": ("Kalle,deadbeef\nPelle,nothexatall!\n", 2),
    "empty key": ("Kalle,\n", 1),
    "empty identity": (",deadbeef\n", 1),
    "long key": ("a,00\nb,01\nKalle," + "ab" * 65 + "\n", 3),
    "long identity": ("k" * 129 + ",00\n", 1),
    "open quote": ('Kalle,deadbeef\n"Pelle,00\n', 2),
    "field count": ("Kalle,deadbeef\nPelle,00,comment\n", 2),
}


@pytest.mark.parametrize("mistake", LINES)
def test_malformed_line_in_the_key_file(front, tmp_path, mistake):
    path = tmp_path / "keys.csv"
    text, line = LINES[mistake]
    path.write_text(text)
    path.chmod(0o600)
    said = refused_start(front, rf"{path}:{line}: ", options={"psk-csv": path})
    assert "deadbee" not in said and "nothexatall" not in said      # it may be a key


def test_key_file_that_is_no_file(front, tmp_path):
    refused_start(front, str(tmp_path), options={"psk-csv": tmp_path})


@pytest.mark.parametrize("name", ["DTLSSHIM_PSK_CVS", "DTLSSHIM_CONTROL"])
def test_unknown_variable(front, name):
    """A typing error must not turn protection off."""
    refused_start(front, f"{name}: there is no such variable", env={name: "keys.csv"})


@pytest.mark.parametrize("name", ["DTLSHIM_CA", "DTLS_SHIM_CA", "dtlsshim_ca", "DTLSSHIMCA"])
def test_variable_that_nearly_begins_with_the_prefix(front, name):
    """Without it clients would not be authenticated."""
    refused_start(front, f'^{name_of(front)}: the variable "{name}" nearly begins with DTLSSHIM_; did you '
                  r'mean DTLSSHIM_CA\?', env={name: "ca.pem"})


ECHO = build.ROOT / "tests" / "servers" / "echo.py"


def python(before, *args):
    """echo.py as a command, after the statements `before`."""
    code = f"import os, runpy, socket, sys; {before}; sys.argv = sys.argv[1:]; " \
           "runpy.run_path(sys.argv[0], run_name='__main__')"
    return ["/usr/bin/python3", "-c", code, str(ECHO), *args, "@PORT@"]


@pytest.mark.fronts("shim")
def test_relative_names_are_those_of_the_start(front):
    """Daemons go elsewhere before they bind."""
    front.options(None)                         # writes the keys
    front.start(python("os.chdir('/')"), ready=None,
                options={"psk-csv": os.path.relpath(front.csv)})
    front.client().echo(b"from elsewhere")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("flags", ["os.O_RDWR | os.O_CREAT", "os.O_RDWR | os.O_CREAT | os.O_APPEND"])
def test_a_file_that_has_the_number_of_standard_error_is_not_written_to(front, tmp_path, flags):
    path = tmp_path / "data"
    front.start(python(f"os.close(2); a = os.open({str(path)!r}, {flags}); assert a == 2"), ready=None)
    front.client().echo(b"after that")
    assert path.read_bytes() == b""


@pytest.mark.fronts("shim")
def test_a_connection_that_has_the_number_of_standard_error_is_not_written_to(front, tmp_path):
    path = str(tmp_path / "peer")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        front.start(python(f"os.close(2); a = socket.socket(socket.AF_UNIX); a.connect({path!r}); "
                           "assert a.fileno() == 2"), ready=None)
        front.client().echo(b"after that")
        with listener.accept()[0] as peer, pytest.raises(BlockingIOError):
            peer.recv(1000, socket.MSG_DONTWAIT)


@pytest.mark.fronts("shim")
def test_output_that_is_redirected_later_gets_the_log(front, tmp_path):
    path = tmp_path / "log"
    front.start(python(f"a = os.open({str(path)!r}, os.O_WRONLY | os.O_CREAT); "
                       "os.dup2(a, 1); os.dup2(a, 2)"), ready=None)
    front.client().echo(b"after that")
    assert "event=established" in text_with(path, "event=established")


@pytest.mark.fronts("shim")
def test_a_program_that_binds_nothing_needs_no_keys(front, tmp_path):
    """What a server starts after it has dropped its privileges may not be able to read them."""
    options = front.options({"psk-csv": None, "cert": tmp_path / "none", "key": tmp_path / "none"})
    process = front.spawn(["/bin/echo", "well"], build.shim_environment(options))
    assert process.wait_exit() == 0
    assert process.text() == "out: well" or process.text("out") == "well", process


NUMBERS = {"cid-length": (0, 32), "max-sessions": (1, 1 << 30), "mtu": (256, 2048),
           "idle-timeout": (0, 1 << 30), "handshake-timeout": (1, 3600)}


@pytest.mark.parametrize("name, value", [
    ("cid-length", "33"), ("cid-length", "-1"), ("cid-length", "eight"), ("cid-length", "8x"),
    ("max-sessions", "0"), ("max-sessions", "99999999999"), ("mtu", "1e3"), ("mtu", "10"),
    ("idle-timeout", "soon"), ("handshake-timeout", "0")])
def test_wrong_number(front, name, value):
    refused_option(front, name, value,
                   "a whole number from %u to %u is expected" % NUMBERS[name])


def test_no_number(front):
    refused_saying(front, "DTLSSHIM_CID_LENGTH is empty; unset it, or set it to BYTES"
                   if front.kind == "shim" else
                   "--cid-length is empty; BYTES is expected (dtlsproxy --help lists the flags)",
                   options={"cid-length": ""})


WORDS = {("rebind", "sometimes"): "one of limit|immediate|never is expected",
         ("rrc", "on"): "one of basic|enhanced|off is expected",
         ("log", "loud"): "one of error|warn|info|debug is expected",
         ("client-auth", "maybe"): "one of none|optional|required is expected",
         ("require-ems", "maybe"): "true, false or certificates is expected",
         ("ciphersuites", "TLS_RSA_WITH_NULL_MD5"): "not an AEAD cipher suite this version has; "
         "names are IANA's, like TLS_PSK_WITH_AES_128_CCM_8"}


@pytest.mark.parametrize("name, value", WORDS)
def test_wrong_word(front, name, value):
    refused_option(front, name, value, WORDS[name, value])


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("name, value", [("peer-address", "true"), ("role", "master")])
def test_wrong_word_that_only_the_shim_has(front, name, value):
    words = {"peer-address": "current|stable", "role": "server|client|both"}
    refused_option(front, name, value, f"one of {words[name]} is expected")


@pytest.mark.fronts("shim")
@pytest.mark.parametrize("ports", ["", "0", "65536", "-1", "5684x", "5683=", "=5684", "a=b",
                                   "5683,,5684", "5683=5684=5685"])
def test_wrong_ports(front, ports):
    refused_start(front, "DTLSSHIM_PORTS", options={"ports": ports})


def test_no_keys_at_all(front):
    refused_saying(front, "no keys: set DTLSSHIM_PSK_CSV, DTLSSHIM_PSK_CMD or DTLSSHIM_PSK_REST "
                   "(--psk-csv, --psk-cmd, --psk-rest) for pre-shared keys, or DTLSSHIM_CERT and "
                   "DTLSSHIM_KEY (--cert, --key)", options={"psk-csv": None})


def test_certificate_without_its_key(front, authority):
    pair = authority.certify("server")
    refused_saying(front, "DTLSSHIM_CERT (--cert) is set but DTLSSHIM_KEY (--key) is not: give the "
                   "file with the private key of the certificate too",
                   options={"psk-csv": None, "cert": pair.cert})


def test_key_without_its_certificate(front, authority):
    pair = authority.certify("server")
    refused_saying(front, "DTLSSHIM_KEY (--key) is set but DTLSSHIM_CERT (--cert) is not: give the "
                   "certificate of that key too", options={"psk-csv": None, "key": pair.key})


def test_certificate_with_the_key_of_another(front, authority):
    one, other = authority.certify("one"), authority.certify("other")
    refused_start(front, rf"^{name_of(front)}: the private key does not belong to the certificate \({other.key}\): ",
                  options={"psk-csv": None, "cert": one.cert, "key": other.key})


@pytest.mark.parametrize("which", ["cert", "key"])
def test_kind_of_key_that_is_not_supported(front, authority, which):
    good, bad = authority.certify("good"), authority.certify("bad", "ed25519")
    files = {"cert": good.cert, "key": good.key, which: getattr(bad, which)}
    what = "certificate" if which == "cert" else "private key"
    refused_saying(front, f"{what} ({files[which]}): this kind of key is not supported; ECDSA with "
                   "P-256, P-384 or P-521, and RSA are", options=files)


@pytest.mark.parametrize("name", ["rest-headers", "rest-headers-file", "id-query-key", "id-query-val-prefix"])
def test_option_of_a_key_server_without_it(front, name):
    refused_saying(front, f"DTLSSHIM_{name.upper().replace('-', '_')} (--{name}) is for the key server "
                   "that DTLSSHIM_PSK_REST (--psk-rest) names: set that too, or leave it out",
                   options={name: "a:b"})


@pytest.mark.parametrize("which", ["cert", "key", "ca"])
@pytest.mark.parametrize("how", ["missing", "garbage"])
def test_unusable_certificate_file(front, authority, tmp_path, which, how):
    pair = authority.certify("server")
    bad = tmp_path / "bad.pem"
    if how == "garbage":
        bad.write_text("this is no PEM\n")
        bad.chmod(0o600)
    files = {"cert": pair.cert, "key": pair.key, "ca": authority.ca, which: bad}
    refused_start(front, str(bad), options={"psk-csv": None, **files})


def test_client_certificates_without_an_authority(front, authority):
    pair = authority.certify("server")
    refused_saying(front, "DTLSSHIM_CLIENT_AUTH (--client-auth) needs DTLSSHIM_CA (--ca): the "
                   "certificates that clients' certificates are checked against",
                   options={"psk-csv": None, "cert": pair.cert, "key": pair.key,
                            "client-auth": "required"})


def test_key_command_that_cannot_run(front, tmp_path):
    refused_start(front, "no-such-command",
                  options={"psk-csv": None, "psk-cmd": tmp_path / "no-such-command"})


def test_log_file_that_cannot_be_written(front, tmp_path):
    refused_start(front, "nowhere", options={"log-file": tmp_path / "nowhere" / "log"})


def test_log_that_is_a_link(front, tmp_path):
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    refused_start(front, "a symbolic link, which is not followed; name the file itself",
                  options={"log-file": tmp_path / "log"})
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("which", ["psk-csv", "key", "rest-headers-file"])
def test_secret_that_others_may_write(front, authority, tmp_path, which):
    pair = authority.certify("server")
    file = pair.key if which == "key" else tmp_path / which
    if which != "key":
        file.write_text("X-Token: secret\n" if which == "rest-headers-file" else "a,0011\n")
    file.chmod(0o660)
    refused_start(front, f"{file}: mode 0660: group or others may change this file, and with it who is "
                  "let in; chmod go-w",
                  options={"cert": pair.cert, "key": pair.key, which: file,
                           **({"psk-rest": "http://127.0.0.1:1/"} if "rest" in which else {})})


# What only the proxy has: its command line

FLAGS = [
    (["--bind", "127.0.0.1:0", "--connect", "127.0.0.1:1", "--no-such-flag", "1"], "no-such-flag"),
    (["--bind", "127.0.0.1:0", "--connect", "127.0.0.1:1", "surplus"], "surplus"),
    (["--bind", "127.0.0.1:0", "--connect"], "--connect"),
    (["--require-ems", "false"], r"--require-ems false: .* takes its value with =: "
     r"--require-ems=false \("),
]


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("flags, told", FLAGS)
def test_wrong_command_line(front, flags, told):
    """Exit status 2, as Go's flag package does it and scripts expect."""
    process = front.spawn([build.product(build.PROXY), *flags])
    assert process.wait_exit() == 2
    assert process.has(f"^dtlsproxy: .*{told}"), process


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("name, value", [("bind", "127.0.0.1:99999"), ("bind", "127.0.0.1"),
                                         ("bind", "no.such.host.invalid:5684"),
                                         ("connect", "127.0.0.1:"), ("connect", "nowhere")])
def test_wrong_address(front, name, value):
    options = {"bind": "127.0.0.1:0", "connect": "127.0.0.1:9", **front.options({}), name: value}
    process = front.spawn(front.proxy_command(options))
    assert process.wait_exit(30) in (1, 2)
    assert process.has(f"^dtlsproxy: .*{value}"), process


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("name, value, port", [("bind", ":70000", 70000), ("bind", "[::1]:65536", 65536),
                                               ("connect", "127.0.0.1:0", 0)])
def test_port_out_of_range(front, name, value, port):
    options = {"bind": "127.0.0.1:0", "connect": "127.0.0.1:9", **front.options({}), name: value}
    process = front.spawn(front.proxy_command(options))
    assert process.wait_exit() == 1
    assert process.lines[-1][1] == f'dtlsproxy: --{name} "{value}": port {port} is out of range: 1..65535'


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("bind, connect", [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"),
                                           ("", "127.0.0.1"), ("", "127.0.0.2"), ("", "[::1]"), ("", ""),
                                           ("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "0.0.0.0"),
                                           ("[::1]", "[::1]"), ("[::1]", "[::]")])
def test_the_proxy_itself_is_no_server(front, bind, connect):
    port = build.free_port()
    bind, connect = f"{bind}:{port}", f"{connect}:{port}"
    process = front.spawn(front.proxy_command({"bind": bind, "connect": connect, **front.options({})}))
    assert process.wait_exit() == 1
    assert process.lines[-1][1] == f'dtlsproxy: --connect "{connect}" is what --bind "{bind}" listens ' \
        "to: the proxy would talk to itself; give the address of the plaintext server"


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("bind, connect", [("127.0.0.1", "127.0.0.2"), ("127.0.0.2", "0.0.0.0"),
                                           ("0.0.0.0", "[::1]"), ("", "192.0.2.1")])
def test_the_same_port_of_another_address_may_be_the_server(front, bind, connect):
    port = build.free_port()
    front.spawn(front.proxy_command({"bind": f"{bind}:{port}", "connect": f"{connect}:{port}",
                                     **front.options({})})).wait_for("event=listening")


@pytest.mark.fronts("proxy")
def test_address_in_use(front):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        process = front.spawn(front.proxy_command(
            {"bind": f"127.0.0.1:{port}", "connect": "127.0.0.1:9", **front.options({})}))
        assert process.wait_exit() == 1
        assert process.has(f"^dtlsproxy: .*{port}.*in use"), process


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("form", ["-bind={b}|-connect={c}|-psk-csv={k}",
                                  "--bind|{b}|--connect|{c}|--psk-csv|{k}|--require-ems",
                                  "-bind|{b}|--connect={c}|-psk-csv|{k}|--require-ems=false"])
def test_flags_in_the_forms_of_go(front, form):
    front.options({})
    flags = form.format(b="127.0.0.1:0", c="127.0.0.1:9", k=front.csv).split("|")
    front.spawn([build.product(build.PROXY), *flags]).wait_for("event=listening")


@pytest.mark.fronts("proxy")
@pytest.mark.parametrize("flag", ["--help", "-help", "-h"])
def test_help(front, flag):
    done = subprocess.run([build.product(build.PROXY), flag], capture_output=True, text=True,
                          timeout=20, env=build.clean_environment())
    assert done.returncode in (0, 2)
    for name in ("bind", "connect", "psk-csv", "psk-rest", "psk-cmd", "require-ems"):
        assert name in done.stdout + done.stderr
