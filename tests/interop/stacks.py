# SPDX-License-Identifier: Apache-2.0
"""The stacks: how each one's program is installed and started, and what it can do.

Everything is built under build/interop by the ordinary client of the stack's registry.  `features`
are the words that cases need; `without` says why a feature is not there.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from cases import ECDSA_SUITES, PSK_SUITES, RSA_SUITES, SUITES

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
OUT = Path(os.environ.get("DS_INTEROP") or ROOT / "build" / "interop")
MBEDTLS = next(iter(sorted((ROOT / "build" / "vendor").glob("mbedtls-*[0-9]"))), Path("/nonexistent"))

SIZES = (1, 1200, 4000, 8000, 16000)
ANY_CLIENT = "bind close"
NO_EMS = {"require-ems": "false"}
NO_CID = {"cid": "no Connection ID"}


@dataclass
class Stack:
    key: str
    name: str
    version: str                        # or a command that prints it
    origin: str
    install: object                     # called when the program is not there
    command: list
    features: set
    suites: list
    largest: int = 16384
    kind: str = None                    # the credential of cases that are not about credentials
    without: dict = field(default_factory=dict)
    coap: bool = False
    quick: bool = False                 # installs in seconds: CI has it
    patience: int = 45                  # seconds for a handshake of which a datagram was lost
    always: dict = field(default_factory=dict)  # arguments of its program
    server: dict = field(default_factory=dict)  # options without which it gets nowhere
    environment: dict = field(default_factory=dict)
    files: list = field(default_factory=list)   # that must be there beside the program

    def __post_init__(self):
        self.features = set(self.features.split())
        self.features |= {f"size-{n}" for n in SIZES if n <= self.largest}
        self.without = {**{f"size-{n}": f"messages of {self.largest} bytes at most" for n in SIZES},
                        "1.3": "DTLS 1.2 only", "no-ems": "always offers it", **self.without}
        self.kind = self.kind or ("psk" if "psk" in self.features else "ecdsa")

    def installed(self):
        return all(Path(p).exists() for p in [*self.files, *self.command]
                   if str(p).startswith(str(OUT)))

    def wanting(self):
        """What is not on this machine, without which it cannot be installed; or None."""
        if self.origin == "npm":
            return None if shutil.which("npm") else "npm"
        package = self.origin.split()[1].rstrip(",")    # "Debian NAME ..."
        done = subprocess.run(["dpkg", "-s", package], capture_output=True)
        return package if done.returncode else None


STACKS = []


@contextlib.contextmanager
def locked(path):
    """Several workers of pytest build one program once."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield



def run(*argv, cwd=None, env=None):
    """A step of an installation; what it says is added to install.log."""
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / "install.log", "a") as log:
        print(f"\n$ {' '.join(str(a) for a in argv)}", file=log, flush=True)
        subprocess.run(["nice", "-n", "15", *(str(a) for a in argv)], check=True, cwd=cwd,
                       stdout=log, stderr=log, env={**os.environ, **(env or {})})


def without(*names):
    return [s for s in SUITES if not any(n in s for n in names)]


def debian(*packages):
    """Installs Debian packages that are missing."""
    if not packages:
        return
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\n", *packages],
                          capture_output=True, text=True)
    if done.returncode or set(done.stdout.split()) != {"installed"}:
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-q", "-y", "--no-install-recommends", *packages,
            env={"DEBIAN_FRONTEND": "noninteractive"})


def c_program(name, *flags, source=None, packages=()):
    """(install, command) of a program in peers/*.c."""
    target = OUT / "bin" / name

    def install():
        debian(*packages)
        target.parent.mkdir(parents=True, exist_ok=True)
        run("gcc", "-O1", "-g", "-Wall", "-Wextra", "-o", target,
            PEERS / f"{source or name}.c", *flags)
    return install, [target]


def stack(key, name, version, origin, program, features, suites, **more):
    install, command = program
    STACKS.append(Stack(key, name, version, origin, install, command, features, suites, **more))


stack("openssl", "OpenSSL", "dpkg-query -W -f ${Version} libssl-dev", "Debian libssl-dev",
      c_program("openssl", "-lssl", "-lcrypto", packages=("libssl-dev",)),
      "psk choose ecdsa rsa mutual server mtu renegotiate resume wait no-ems ems-switch "
      + ANY_CLIENT, without(), without={**NO_CID}, quick=True)

stack("gnutls", "GnuTLS", "dpkg-query -W -f ${Version} libgnutls28-dev", "Debian libgnutls28-dev",
      c_program("gnutls", "-lgnutls", packages=("libgnutls28-dev",)),
      "psk choose ecdsa rsa mutual server mtu renegotiate resume wait " + ANY_CLIENT,
      without("PSK_WITH_AES_256_CCM_8", "PSK_WITH_AES_256_CCM"),
      without={**NO_CID, "no-ems": "always offers it"}, quick=True)


def pion(version):
    def install():
        run("go", "build", "-o", OUT / "bin" / f"pion{version}", f"./v{version}", cwd=PEERS / "pion")
    return install, [OUT / "bin" / f"pion{version}"]


PION_SUITES = without("AES_256_CCM", "PSK_WITH_AES_256_GCM") + ["PSK_WITH_AES_256_CCM_8"]
NO_RENEGOTIATION = {"renegotiate": "no renegotiation"}

stack("pion3", "pion/dtls v3", "3.1.15", "Go module", pion(3),
      "psk choose ecdsa rsa mutual cid server server-moves mtu resume wait no-ems ems-switch "
      + ANY_CLIENT, PION_SUITES, largest=8000,
      without={**NO_RENEGOTIATION, "rrc": "no return routability check"})

stack("pion4", "pion/dtls v4", "4.0.1", "Go module", pion(4),
      "psk choose ecdsa rsa mutual cid rrc server server-moves mtu resume wait no-ems ems-switch "
      "1.3 " + ANY_CLIENT, PION_SUITES, without=NO_RENEGOTIATION)


def mbedtls(name, *defines):
    """Mbed TLS from our own vendor source, with its default configuration but for `defines`."""
    library = OUT / name

    def install():
        library.mkdir(parents=True, exist_ok=True)
        user, text = library / "user.h", "".join(d + "\n" for d in defines)
        if not user.exists() or user.read_text() != text:
            user.write_text(text)
        config = f'-DMBEDTLS_USER_CONFIG_FILE="{user}"'
        run("cmake", "-S", MBEDTLS, "-B", library, "-DENABLE_TESTING=OFF", "-DENABLE_PROGRAMS=OFF",
            "-DGEN_FILES=OFF", "-DCMAKE_C_FLAGS=" + config.replace('"', '\\"'))
        run("make", "-C", library, "mbedtls")
        c_program(name, f"-I{MBEDTLS}/include", config, f"-L{library}/library", "-lmbedtls",
                  "-lmbedx509", "-lmbedcrypto", source="mbedtls")[0]()
    return install, [OUT / "bin" / name]


stack("mbedtls", "Mbed TLS", MBEDTLS.name.partition("-")[2], "the source we build with",
      mbedtls("mbedtls"), "psk choose ecdsa rsa mutual cid server server-moves mtu renegotiate "
      "resume wait no-ems ems-switch " + ANY_CLIENT, without(), without={
          "rrc": "no return routability check"})

# Zephyr and OpenThread leave the extended master secret out unless it is asked for.
stack("mbedtls-small", "Mbed TLS as small devices build it", MBEDTLS.name.partition("-")[2],
      "the source we build with: no extended master secret, no renegotiation, no tickets",
      mbedtls("mbedtls-small", "#undef MBEDTLS_SSL_EXTENDED_MASTER_SECRET",
              "#undef MBEDTLS_SSL_RENEGOTIATION", "#undef MBEDTLS_SSL_SESSION_TICKETS",
              "#undef MBEDTLS_SSL_ENCRYPT_THEN_MAC"),
      "psk choose ecdsa rsa mutual cid server server-moves mtu resume wait no-ems " + ANY_CLIENT,
      without(), server=NO_EMS, without={**NO_RENEGOTIATION, "rrc": "no return routability check"})

stack("wolfssl", "wolfSSL", "dpkg-query -W -f ${Version} libwolfssl-dev",
      "Debian libwolfssl-dev, as a peer of tests only",
      c_program("wolfssl", "-lwolfssl", packages=("libwolfssl-dev",)),
      "psk ecdsa rsa mutual server resume wait no-ems ems-switch " + ANY_CLIENT,
      [s for s in without("AES_128_CCM", "AES_256_CCM") if not s.startswith("PSK")] +
      ["ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE_ECDSA_WITH_AES_256_CCM_8"], largest=1200, kind="ecdsa",
      without={"cid": "Debian's package has no Connection ID", "choose": "no plain key", **NO_RENEGOTIATION,
               "mtu": "no call for it"})

# What Zephyr's Kconfig makes of Mbed TLS for a device with a key: PSK and CCM alone, in records of
# 1500 bytes (MBEDTLS_SSL_MAX_CONTENT_LEN).
stack("mbedtls-zephyr", "Mbed TLS as Zephyr builds it for PSK", MBEDTLS.name.partition("-")[2],
      "the source we build with: PSK and CCM only, no extended master secret, records of 1500 bytes",
      mbedtls("mbedtls-zephyr", "#define MBEDTLS_SSL_IN_CONTENT_LEN 1500",
              "#define MBEDTLS_SSL_OUT_CONTENT_LEN 1500", *(f"#undef MBEDTLS_{name}" for name in (
                  "SSL_EXTENDED_MASTER_SECRET SSL_RENEGOTIATION SSL_SESSION_TICKETS SSL_TICKET_C "
                  "SSL_ENCRYPT_THEN_MAC SSL_PROTO_TLS1_3 SSL_TLS1_3_COMPATIBILITY_MODE "
                  "SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ENABLED SSL_MAX_FRAGMENT_LENGTH "
                  "SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED "
                  "SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED GCM_C CHACHAPOLY_C "
                  "CHACHA20_C POLY1305_C CIPHER_MODE_CBC KEY_EXCHANGE_ECDHE_PSK_ENABLED "
                  "KEY_EXCHANGE_DHE_PSK_ENABLED KEY_EXCHANGE_RSA_PSK_ENABLED "
                  "KEY_EXCHANGE_RSA_ENABLED KEY_EXCHANGE_DHE_RSA_ENABLED "
                  "KEY_EXCHANGE_ECDHE_RSA_ENABLED KEY_EXCHANGE_ECDHE_ECDSA_ENABLED "
                  "KEY_EXCHANGE_ECDH_RSA_ENABLED KEY_EXCHANGE_ECDH_ECDSA_ENABLED X509_USE_C "
                  "X509_CRT_PARSE_C X509_CRL_PARSE_C X509_CSR_PARSE_C X509_CREATE_C "
                  "X509_CRT_WRITE_C X509_CSR_WRITE_C X509_RSASSA_PSS_SUPPORT PKCS7_C "
                  "SSL_SERVER_NAME_INDICATION").split())),
      "psk cid server server-moves resume wait no-ems " + ANY_CLIENT,
      [s for s in PSK_SUITES if "CCM" in s], largest=1400, server=NO_EMS, without={
          **NO_RENEGOTIATION, "rrc": "no return routability check", "ecdsa": "keys only",
          "mtu": "keys only", "choose": "keys only", "mutual": "keys only"})


def wolfssl():
    """The source that a crate brings along, which cargo fetches and nothing builds."""
    source = OUT / "wolfssl-source"

    def install():
        run("cargo", "fetch", "--manifest-path", PEERS / "rust" / "Cargo.toml")
        home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
        fetched = next(home.glob("registry/src/*/wolfssl-sys-5.3.0/wolfssl-src"))
        run("cp", "-r", "-T", fetched, source)
        run("./autogen.sh", cwd=source)
        run("./configure", "--disable-shared", "--enable-static", "--enable-dtls",
            "--enable-dtls13", "--enable-dtlscid", "--enable-dtls-mtu", "--enable-psk",
            "--enable-aesccm", "--enable-session-ticket", "--disable-examples",
            "--disable-crypttests", "CPPFLAGS=-DWOLFSSL_STATIC_PSK", cwd=source)
        run("make", "-j2", cwd=source)
        c_program("wolfssl-new", f"-I{source}", f"{source}/src/.libs/libwolfssl.a", "-lm",
                  source="wolfssl")[0]()
    return install, [OUT / "bin" / "wolfssl-new"]


stack("wolfssl-new", "wolfSSL with CID", "5.9.4",
      "the source in the crate wolfssl-sys, as a peer of tests only", wolfssl(),
      "psk choose ecdsa rsa mutual cid server mtu resume wait 1.3 no-ems ems-switch " + ANY_CLIENT,
      without("AES_256_CCM") + ["PSK_WITH_AES_256_CCM", "ECDHE_ECDSA_WITH_AES_256_CCM_8"], largest=1200,
      without={**NO_RENEGOTIATION, "rrc": "no return routability check"})


def libcoap(library):
    return c_program(f"libcoap-{library}", "-I/usr/include/coap3", f"-lcoap-3-{library}",
                     source="libcoap", packages=("libcoap3-dev",))


COAP_ONLY = {**NO_CID, "choose": "no choice of suites", "bind": "no choice of the port",
             "mutual": "not asked", "no-ems": "no switch", "mtu": "no call for it",
             "renegotiate": "no call for it", "resume": "no call for it",
             "server": "not asked", "wait": "not told to the program",
             "rrc": "no Connection ID"}

for _library in ("openssl", "gnutls"):
    stack(f"libcoap-{_library}", f"libcoap with {_library}",
          "dpkg-query -W -f ${Version} libcoap3-dev", "Debian libcoap3-dev", libcoap(_library),
          "psk ecdsa mutual close wait", [], largest=1000, coap=True, quick=True,
          without=COAP_ONLY)


def node(package, version):
    def install():
        run("npm", "install", "--no-audit", "--no-fund", "--prefix", OUT / f"{package}-{version}",
            f"{package}@{version}")
    return install, ["node", PEERS / "node" / f"{'node_coap' if 'coap' in package else 'node_dtls'}.mjs"]


def node_stack(package, version, features, suites, **more):
    place = OUT / f"{package}-{version}"
    major = version.partition(".")[0]
    stack(f"{package}-{major}", f"{package} {major}", version, "npm", node(package, version),
          features, suites, files=[place / "node_modules" / package], server=NO_EMS,
          environment={"INTEROP_NODE": str(place)}, without={
              **COAP_ONLY, "ecdsa": "RSA and keys only", "choose": "no certificates with a key"},
          **more)


NODE_SUITES = ["PSK_WITH_AES_128_CCM_8", "PSK_WITH_AES_128_CCM", "PSK_WITH_AES_256_CCM_8",
               "PSK_WITH_AES_128_GCM_SHA256", "PSK_WITH_AES_256_GCM_SHA384"]
# It repeats nothing: if what we repeat after a second does not help, nothing will.
for _version in ("1.1.1", "2.0.3"):
    node_stack("node-dtls-client", _version, "psk close wait no-ems", NODE_SUITES, largest=16000,
               patience=5, quick=_version < "2")
node_stack("node-coap-client", "2.1.0", "psk close no-ems", [], largest=1000, coap=True)


def python(module, package, program, *packages):
    place = OUT / "python"

    def install():
        debian(*packages)
        run("/usr/bin/python3", "-m", "pip", "install", "--upgrade", "--target", place, package)
    return install, ["/usr/bin/python3", PEERS / "python" / program], [place / module], \
        {"PYTHONPATH": str(place)}


def python_stack(key, name, version, package, module, program, features, suites, packages=(),
                 **more):
    install, command, files, environment = python(module, f"{package}=={version}", program,
                                                  *packages)
    stack(key, name, version, f"PyPI {package}", (install, command), features, suites,
          files=files, environment=environment, **more)


AUTOTOOLS = ("autoconf", "automake", "libtool", "python3-dev")
python_stack("tinydtls", "tinydtls", "0.2.3", "DTLSSocket", "DTLSSocket", "tinydtls_peer.py",
             "psk bind close wait", [], AUTOTOOLS, largest=1200,
             without={**COAP_ONLY, "ecdsa": "raw public keys only"})
python_stack("aiocoap", "aiocoap on tinydtls", "0.4.17", "aiocoap", "aiocoap", "aiocoap_peer.py",
             "psk close", [], AUTOTOOLS, largest=1000, coap=True,
             without={**COAP_ONLY, "ecdsa": "raw public keys only"})
python_stack("python-mbedtls", "python-mbedtls (Mbed TLS 2.28)", "2.10.1", "python-mbedtls",
             "mbedtls", "mbedtls_peer.py", "psk choose ecdsa rsa mutual bind close", without(),
             without=COAP_ONLY)


def scandium(version):
    place, names = OUT / f"scandium-{version}", PEERS / "scandium" / f"v{version[0]}" / "Names.java"
    classes = f"{place}/classes:{place}/lib/*"

    def install():
        run("mvn", "-q", "-B", "-f", PEERS / "scandium" / "pom.xml", "dependency:copy-dependencies",
            f"-Dscandium.version={version}", f"-DoutputDirectory={place}/lib")
        run("javac", "-nowarn", "-cp", classes, "-d", place / "classes",
            PEERS / "scandium" / "Peer.java", names)
    stack(f"scandium{version[0]}", f"Eclipse Scandium {version[0]}", version, "Maven scandium",
          (install, ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classes, "Peer"]),
          "psk choose ecdsa rsa mutual cid server server-moves mtu resume wait no-ems ems-switch "
          + ANY_CLIENT, [s for s in without("CHACHA20") if "PSK_WITH_AES_256_GCM" not in s
                         or version[0] == "4"],
          files=[place / "classes" / "Peer.class"], without=NO_RENEGOTIATION | {
              "rrc": "no return routability check"})


scandium("3.14.0")
scandium("4.0.0-M6")


def rust(program):
    def install():
        run("cargo", "build", "--release", "-j1", cwd=PEERS / "rust",
            env={"CARGO_TARGET_DIR": str(OUT / "rust" / "target")})
    return install, [OUT / "rust" / "target" / "release" / program]


stack("webrtc-dtls", "webrtc-dtls (Rust)", "0.12.0", "crate webrtc-dtls", rust("webrtc"),
      "psk ecdsa rsa wait no-ems ems-switch " + ANY_CLIENT, without("CHACHA20", "AES_256"),
      largest=8000,
      without={**COAP_ONLY, "mutual": "not asked", "choose": "a key excludes certificates"})

stack("dimpl", "dimpl (Rust)", "0.9.0", "crate dimpl", rust("dimpl"),
      "psk ecdsa server wait 1.3 " + ANY_CLIENT, [], without={
          **COAP_ONLY, "cid": "no Connection ID", "rsa": "ECDSA only", "mutual": "not asked",
          "no-ems": "always offers it", "choose": "either a key or a certificate"})
