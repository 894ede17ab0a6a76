# SPDX-License-Identifier: Apache-2.0
"""Ensures that keys come from where they should, change without a restart, and stay secret."""

import http.server
import os
import select
import shlex
import shutil
import threading
import time
import urllib.parse

import pytest

from support.client import SecureClient, canary
from support.front import KALLE, LOOKUP_PSK, dtls12, text_with, write_csv
from support.process import Failed

pytestmark = pytest.mark.fronts("shim", "proxy")


def command(directory, text, name="lookup_psk.sh"):
    path = directory / name
    path.write_text(text)
    path.chmod(0o700)
    return path


def until_accepted(front, identity_and_key, timeout=15):
    """A client, as soon as the server takes its key."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return front.client(psk=identity_and_key, timeout=2)
        except dtls12.DtlsError as error:
            if time.monotonic() > deadline:
                raise Failed(f"key never accepted: {error}\n{front}") from None
            with front.log.news:
                front.log.news.wait(0.1)


def test_a_key_added_to_the_file_works_without_a_restart(front):
    front.start("blocking")
    old = front.client()
    front.keys[b"new"] = b"brand new key"
    write_csv(front.csv, front.keys)
    until_accepted(front, (b"new", b"brand new key")).echo(canary(30, 1))
    old.echo(canary(30, 2))


def test_a_key_removed_from_the_file_ends_its_session(front):
    front.start("blocking")
    kalle, other = front.client(psk=KALLE), front.client()
    del front.keys[b"Kalle"]
    write_csv(front.csv, front.keys)
    with pytest.raises(dtls12.Closed):
        kalle.recv(timeout=15)
    front.log.wait_for('event=closed .*id="?Kalle"? .*reason=key_removed')
    with front.refused():
        front.client(psk=KALLE, timeout=2)
    other.echo(canary(30))


def test_a_changed_key_ends_its_session(front):
    front.start("blocking")
    kalle = front.client(psk=KALLE)
    front.keys[b"Kalle"] = b"another key"
    write_csv(front.csv, front.keys)
    with pytest.raises(dtls12.Closed):
        kalle.recv(timeout=15)
    front.client(psk=(b"Kalle", b"another key")).echo(canary(30))


@pytest.mark.parametrize("broken", ["Kalle,deadbeef\nbroken\n", "Kalle,deadbee\n", "Kalle,xyz\n",
                                    None])
def test_a_broken_file_leaves_the_old_keys_in_force(front, broken):
    front.start("blocking")
    kalle = front.client(psk=KALLE)
    if broken is None:
        front.csv.unlink()
        told = r"event=keys_kept .*keys\.csv"
    else:
        front.csv.write_text(broken)
        told = r"event=keys_kept .*keys\.csv:%d: " % broken.count("\n")
    front.log.wait_for(told, timeout=15)
    kalle.echo(canary(30, 1))
    front.client().echo(canary(30, 2))


def test_quotes_and_odd_identities(front):
    """Go's encoding/csv: quotes, commas, CRLF, empty lines; identities are bytes."""
    front.csv.write_bytes(b'"with, comma",6b6579\r\n\r\n"with ""quotes""",6B6579\r\n'
                          b' spaces ,6b6579\r\n#not a comment,6b6579\r\nlast,6b6579')
    front.csv.chmod(0o600)
    front.start("blocking")
    for identity in (b"with, comma", b'with "quotes"', b" spaces ", b"#not a comment", b"last"):
        front.client(psk=(identity, b"key")).echo(canary(30))
    for identity in (b"spaces", b"last\0", b"Last", b""):
        with front.refused():
            front.client(psk=(identity, b"key"), timeout=2)


def test_the_command_of_eub_unchanged(front, tmp_path):
    script = command(tmp_path, LOOKUP_PSK)
    flag = "shell-kms-cmd" if front.kind == "proxy" else "psk-cmd"
    front.start("blocking", options={"psk-csv": None, flag: script})
    front.client(psk=KALLE).echo(canary(30))
    with front.refused():
        front.client(psk=(b"Pelle", KALLE[1]), timeout=3)
    front.log.wait_for("event=failed .*reason=psk_unknown")


def test_the_file_comes_before_the_command(front, tmp_path):
    script = command(tmp_path, LOOKUP_PSK.replace("Kalle", "Pelle"))
    front.start("blocking", options={"psk-cmd": script})
    front.client(psk=KALLE).echo(canary(30, 1))
    front.client(psk=(b"Pelle", KALLE[1])).echo(canary(30, 2))


def gone(pid, timeout=10):
    """Waits for the end of a process that is not our child."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], timeout)[0])
    finally:
        os.close(fd)


def test_a_hung_command_delays_only_its_own_device(front, tmp_path):
    """And its whole process group is ended when its time is up."""
    fifo = tmp_path / "started"
    os.mkfifo(fifo)
    script = command(tmp_path, LOOKUP_PSK.replace("else", f"""elif [ "$1" == "slow" ]; then
    sleep 1000 &
    echo $! $$ > {shlex.quote(str(fifo))}
    wait
else"""))
    front.start("blocking", options={"psk-csv": None, "psk-cmd": script, "psk-cmd-timeout": 4})
    slow = front.client(psk=(b"slow", b"key"), handshake=False).dtls
    slow.hello1()
    slow.hello2()
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    slow.state = "keyed"
    slow.send_raw(*slow.pack(slow.encode(slow.make_flight3())))
    assert select.select([reader], [], [], 10)[0], front
    pids = [int(p) for p in os.read(reader, 100).split()]
    os.close(reader)
    start = time.monotonic()
    front.client(psk=KALLE, timeout=3).echo(canary(30))
    assert time.monotonic() - start < 3, "the hung command delayed another device"
    with pytest.raises(dtls12.AlertReceived):
        slow.resume_wait("established", timeout=15)
    assert all(gone(pid) for pid in pids)
    front.client(psk=KALLE).echo(canary(30, 2))


def test_a_key_withdrawn_from_the_command_ends_its_session(front, tmp_path):
    """Not while the command fails, but when it says that it does not know the device."""
    mood = tmp_path / "mood"
    mood.write_text("0\n")
    script = command(tmp_path, f"#!/bin/sh\nread status <{shlex.quote(str(mood))}\n"
                     "[ $status = 0 ] && echo deadbeefdeadbeef\nexit $status\n")
    front.start("blocking", options={"psk-csv": None, "psk-cmd": script, "key-recheck": 1})
    kalle = front.client(psk=KALLE)
    mood.write_text("2\n")
    front.log.wait_for("event=psk_cmd .*result=failed", n=2)
    kalle.echo(canary(30))
    assert not front.log.has("event=closed")
    mood.write_text("1\n")
    with pytest.raises(dtls12.Closed):
        kalle.recv(timeout=15)
    front.log.wait_for('event=closed .*id="?Kalle"? .*reason=key_removed')


COMMANDS = {
    "no output": "exit 0",
    "key but failure": "echo deadbeefdeadbeef; exit 1",
    "killed": "kill -9 $$",
    "endless output": "yes deadbeef",
    "not hex": "echo not a key",
    "too long": "head -c 65 /dev/zero | od -An -v -tx1 | tr -d ' \\n'",
    "standard error only": "echo deadbeefdeadbeef >&2",
}


@pytest.mark.parametrize("how", COMMANDS)
def test_a_command_that_misbehaves_means_an_unknown_device(front, tmp_path, how):
    good = "if [ \"$1\" = good ]; then echo deadbeefdeadbeef; exit; fi\n"
    script = command(tmp_path, "#!/bin/sh\n" + good + COMMANDS[how] + "\n")
    front.start("blocking", options={"psk-csv": None, "psk-cmd": script, "psk-cmd-timeout": 3})
    with front.refused():
        front.client(psk=KALLE, timeout=8)
    front.client(psk=(b"good", KALLE[1])).echo(canary(30))


def test_the_identity_is_data_for_the_command(front, tmp_path):
    """No shell looks at it; what could be an option or a second line never reaches it."""
    seen = tmp_path / "seen"
    script = command(tmp_path, "#!/bin/sh\nprintf '%s|%s\\n' \"$#\" \"$1\" >>"
                     f" {shlex.quote(str(seen))}\necho deadbeefdeadbeef\n")
    front.start("blocking", options={"psk-csv": None, "psk-cmd": script})
    for identity in (b"$(touch pwned)", b"; reboot", b"*", b"a b  c", b"`id`", b"\xc3\xa9"):
        front.client(psk=(identity, KALLE[1])).echo(canary(30))
        assert seen.read_bytes().splitlines()[-1] == b"1|" + identity
    for identity in (b"new\nline", b"nul\0byte", b"\x1b[31m", b"-rf"):
        with front.refused():
            front.client(psk=(identity, KALLE[1]), timeout=3)
    assert len(seen.read_bytes().splitlines()) == 6
    assert "\x1b" not in front.log.text()


def test_the_command_knows_nothing_of_the_shim(front, tmp_path):
    """Neither the library nor the variables: a command that uses UDP must work."""
    seen = tmp_path / "env"
    script = command(tmp_path, f"#!/bin/sh\nenv > {shlex.quote(str(seen))}\n"
                     "echo deadbeefdeadbeef\n")
    front.start("blocking", options={"psk-csv": None, "psk-cmd": script})
    front.client(psk=KALLE).echo(canary(30))
    names = [line.split("=")[0] for line in seen.read_text().splitlines()]
    assert "LD_PRELOAD" not in names
    assert [n for n in names if n.startswith("DTLSSHIM_")] in ([], ["DTLSSHIM_IDENTITY"])


class KeyServer(http.server.BaseHTTPRequestHandler):
    """What EUB's proxy asks with --psk-rest: the key in hex as the body."""
    asked = None

    def do_GET(self):
        self.asked.append((urllib.parse.unquote(self.path), self.headers.get("X-Token")))
        known = self.path.endswith("=node-Kalle")
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(b"deadbeefdeadbeef" if known else b"")

    def log_message(self, *_):
        pass


def test_a_key_server_of_eub(front):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    asked = []
    handler = type("Handler", (KeyServer,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        front.start("blocking", options={
            "psk-csv": None, "psk-rest": f"http://127.0.0.1:{server.server_port}/key",
            "rest-headers": "X-Token:secret", "id-query-key": "device",
            "id-query-val-prefix": "node-"})
        front.client(psk=KALLE).echo(canary(30))
        with front.refused():
            front.client(psk=(b"P&e=l%le", KALLE[1]), timeout=4)
        server.shutdown()
    assert asked == [("/key?device=node-Kalle", "secret"),
                     ("/key?device=node-P&e=l%le", "secret")]


def test_key_log_on_request(front, tmp_path):
    """For looking into a capture; only by option, with a warning, for the owner alone."""
    path = tmp_path / "keys.log"
    front.start("blocking", options={"keylog": path})
    client = front.client()
    client.echo(canary(30))
    assert text_with(path, "\n").splitlines() == [client.dtls.keylog_line()]
    assert path.stat().st_mode & 0o777 == 0o600
    front.log.wait_for("warn: event=keylog UNSAFE")


def test_log_in_a_file(front, tmp_path):
    path = tmp_path / "our.log"
    front.start("blocking", options={"log-file": path, "log": "info"}, started=None)
    front.client().echo(canary(30))
    assert "event=established" in text_with(path, "event=established")
    assert not [t for s, t in front.log.lines if s == "err"]


def test_keys_never_appear_in_a_log(front, tmp_path):
    script = command(tmp_path, LOOKUP_PSK.replace("deadbeefdeadbeef", "c0ffee00c0ffee11"))
    front.start("blocking", options={"psk-cmd": script})
    front.client()
    with front.refused():
        front.client(psk=(b"dev0", b"wrong"), timeout=2)
    with front.refused():
        front.client(psk=(b"Pelle", b"wrong"), timeout=3)
    front.csv.write_text("dev0,0123456789abcdeg\n")
    front.log.wait_for(r"event=keys_kept .*keys\.csv:1: ", timeout=15)
    text = front.log.text().lower()
    for key in [*front.keys.values(), b"wrong"]:
        assert key.hex() not in text
    assert "c0ffee00" not in text and "0123456789abcdeg" not in text


def test_a_client_of_an_old_key_is_not_helped_by_a_session_of_the_new(front):
    """Refused clients leave nothing behind that the next one could use."""
    front.start("blocking")
    for attempt in range(3):
        with front.refused():
            SecureClient(front.address, psk=(KALLE[0], b"guess %d" % attempt), timeout=1)
        front.client(psk=KALLE).echo(canary(30, attempt))
