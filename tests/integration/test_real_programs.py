# SPDX-License-Identifier: Apache-2.0
"""Ensures that unmodified servers of a distribution serve their unmodified clients through DTLS.

Clients that know no DTLS speak to `dtlsshim nc --listen-udp`.
"""

import getpass
import os
import shutil
import subprocess

import pytest

from support import build
from support.front import KALLE

pytestmark = pytest.mark.skipif("thread" in build.SANITIZE,
                                reason="distribution binaries do not run with a TSan run-time")


def program(name):
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def local_port(front):
    """The port that plain clients speak to."""
    if not front.secure:
        return front.address[1]
    key = front.directory / "client.key"
    key.write_text(KALLE[1].hex() + "\n")
    key.chmod(0o600)
    nc = front.spawn([build.product(build.TOOL), "nc", "--listen-udp", "0", "--psk-identity",
                      KALLE[0].decode(), "--psk-key-file", key, front.address[0],
                      front.address[1]], name="nc")
    return int(nc.wait_for(r"event=listening addr=127\.0\.0\.1:(\d+)")[1])


def ask(*argv):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=30,
                          env=build.clean_environment())
    return done.stdout + done.stderr


def test_dnsmasq(front):
    if build.SANITIZE and front.kind == "shim":
        pytest.skip("hangs in gettext with a preloaded libasan, with and without the shim")
    dnsmasq, dig = program("dnsmasq"), program("dig")
    front.start([dnsmasq, "--no-daemon", "--conf-file=/dev/null", "--port=@PORT@", "--no-resolv",
                 "--no-hosts", "--listen-address=127.0.0.1", "--bind-interfaces",
                 f"--user={getpass.getuser()}", "--pid-file=",
                 "--address=/device.example/192.0.2.55",
                 "--txt-record=note.example," + "x" * 200], ready=None)
    port = local_port(front)
    for _ in range(3):
        assert ask(dig, "@127.0.0.1", "-p", port, "+short", "+tries=1", "device.example") == \
            "192.0.2.55\n"
    assert "x" * 200 in ask(dig, "@127.0.0.1", "-p", port, "+short", "TXT", "note.example")


def test_unbound(front, tmp_path):
    unbound, dig = program("unbound"), program("dig")
    conf = tmp_path / "unbound.conf"
    front.start([unbound, "-d", "-c", conf], ready=None, before=lambda: conf.write_text(f"""
server:
  interface: 127.0.0.1
  port: {front.backend_port}
  do-tcp: no
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  directory: "{tmp_path}"
  pidfile: ""
  num-threads: 2
  so-reuseport: yes
  module-config: "iterator"
  local-zone: "example." static
  local-data: "device.example. A 192.0.2.77"
"""))
    port = local_port(front)
    for _ in range(3):
        assert ask(dig, "@127.0.0.1", "-p", port, "+short", "+tries=1", "device.example") == \
            "192.0.2.77\n"


def test_coap_server(front):
    server, client = program("coap-server-notls"), program("coap-client-notls")
    front.start([server, "-A", "127.0.0.1", "-p", "@PORT@"], ready=None)
    port = local_port(front)
    url = f"coap://127.0.0.1:{port}"
    assert "This is a test server made with libcoap" in ask(client, "-B", 10, url + "/")
    assert "</time>" in ask(client, "-B", 10, url + "/.well-known/core")
    ask(client, "-B", 10, "-m", "put", "-e", "y" * 700, url + "/example_data")
    assert "y" * 700 in ask(client, "-B", 10, url + "/example_data")


def test_snmpd(front, tmp_path):
    snmpd, snmpget = program("snmpd"), program("snmpget")
    conf = tmp_path / "snmpd.conf"
    conf.write_text("rocommunity public 127.0.0.1\nsysLocation 'the cellar'\n")
    state = {"SNMP_PERSISTENT_DIR": str(tmp_path), "MIBS": ""}
    front.start([snmpd, "-f", "-Lo", "-C", "-c", conf, "-I", "-smux",
                 "udp:127.0.0.1:@PORT@"], ready=None, env=state)
    port = local_port(front)
    for _ in range(3):
        assert "the cellar" in ask(snmpget, "-m", "", "-v2c", "-c", "public", "-t", 10,
                                   f"127.0.0.1:{port}", "1.3.6.1.2.1.1.6.0")
