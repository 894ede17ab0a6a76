# SPDX-License-Identifier: Apache-2.0
"""The program of python-mbedtls (Mbed TLS 2.28)."""

import socket
import sys
import time

from mbedtls import pk, tls, x509

SIZE = 16384


def echo(conn, size):
    sent = bytes(97 + (i + 12) % 26 for i in range(size))
    conn.send(sent)
    conn.settimeout(5)
    try:
        back = conn.recv(SIZE)
    except OSError:
        return "silence"
    return f"echo {size}" if back == sent else f"other {len(back)}"


def handshake(conn):
    """In steps: it repeats what was lost when it is called again."""
    deadline = time.monotonic() + 40
    conn.settimeout(0.25)
    while True:
        try:
            conn.do_handshake()
            return
        except (TimeoutError, tls.WantReadError, tls.WantWriteError):
            if time.monotonic() > deadline:
                raise


def configuration(args):
    more = {}
    if "psk" in args:
        identity, key = args["psk"].split(":")
        more["pre_shared_key"] = (identity, bytes.fromhex(key))
    if "suites" in args:
        more["ciphers"] = [s.replace("_", "-") for s in args["suites"].split(",")]
    if "ca" in args:
        store = tls.TrustStore()
        with open(args["ca"], encoding="ascii") as file:
            store.add(x509.CRT.from_PEM(file.read()))
        more["trust_store"] = store
    if "cert" in args:
        with open(args["cert"], encoding="ascii") as cert, open(args["key"], encoding="ascii") as key:
            secret = key.read()
            more["certificate_chain"] = ((x509.CRT.from_PEM(cert.read()),), pk.ECC.from_PEM(secret))
    return tls.DTLSConfiguration(validate_certificates="ca" in args, **more)


def main():
    args = dict(a.split("=", 1) for a in sys.argv[2:])
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if "bind" in args:
        sock.bind(("127.0.0.1", int(args["bind"])))
    context = tls.ClientContext(configuration(args))
    conn = context.wrap_socket(sock, server_hostname="localhost" if "ca" in args else None)
    try:
        conn.connect(("127.0.0.1", int(args["port"])))
        handshake(conn)
    except Exception as error:          # it lets C's errors through as they are
        print("failed", repr(error), flush=True)
        sys.exit(1)
    print("connected", conn.cipher()[0] if conn.cipher() else "?", flush=True)
    for line in sys.stdin:
        word, _, size = line.strip().partition(" ")
        if word == "echo":
            print(echo(conn, int(size)), flush=True)
        elif word == "close":
            conn.close()
            print("closed", flush=True)
            return


main()
