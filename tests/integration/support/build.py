# SPDX-License-Identifier: Apache-2.0
"""Where the products are and what a program needs in its environment to run with them.

DS_BUILD names the build directory of the variant (build, build/asan, build/tsan), DS_SANITIZE how
it was built; `make integration` sets both.
"""

import functools
import os
import random
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("DS_BUILD") or ROOT / "build").resolve()
SANITIZE = os.environ.get("DS_SANITIZE") or \
    {"asan": "address", "tsan": "thread"}.get(BUILD.name, "")

SHIM = BUILD / "libdtlsshim.so"
PROXY = BUILD / "dtlsproxy"
TOOL = BUILD / "dtlsshim"

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=0:verify_asan_link_order=0",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:abort_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:second_deadlock_stack=1:die_after_fork=0",
}


def product(path):
    """`path` as text; an error that says what to do if it was not built."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built: run make (and make servers peers)")
    return str(path)


def victim(name):
    """Command of a program in tests/servers: built from C, or run by its interpreter."""
    source = ROOT / "tests" / "servers" / name
    if name.endswith(".py"):
        return ["/usr/bin/python3", str(source)]
    if name.endswith(".js"):
        return ["node", str(source)]
    return [product(BUILD / "servers" / name)]


def peer(name):
    return product(BUILD / "peers" / name)


@functools.lru_cache(None)
def sanitizer_runtime():
    """The library a program needs for a sanitized libdtlsshim.so, "" if there is none."""
    if not SANITIZE:
        return ""
    name = "libtsan.so" if "thread" in SANITIZE else "libasan.so"
    return subprocess.run(["gcc", f"-print-file-name={name}"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def clean_environment():
    """Ours, without anything that configures the product or preloads a library."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith("DTLSSHIM_") and k != "LD_PRELOAD"}
    env.update(SANITIZER_OPTIONS, PYTHONUNBUFFERED="1", PYTHONDONTWRITEBYTECODE="1")
    return env


def shim_environment(options):
    """Variables that put a program under the shim; `options` by flag name ("psk-csv")."""
    preload = [sanitizer_runtime(), product(SHIM)]
    if "thread" in SANITIZE:
        preload.reverse()   # TSan overlooks locks that are taken inside its own poll() and the like
    env = {"LD_PRELOAD": ":".join(p for p in preload if p)}
    for name, value in options.items():
        env["DTLSSHIM_" + name.upper().replace("-", "_")] = str(value)
    return env


RESERVED = 64       # ports a test holds at most
_reserved = []


def free_port(host="127.0.0.1"):
    """A free UDP port outside the range the kernel hands out by itself.

    An abstract socket named after it keeps other runs on this machine from taking it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        port = random.randrange(20000, 32000)
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            try:
                mark.bind(f"\0dtlsshim-test-port-{port}")
                s.bind((host, port))
            except OSError:
                mark.close()
                continue
        _reserved.append(mark)
        if len(_reserved) > RESERVED:
            _reserved.pop(0).close()
        return port
