# SPDX-License-Identifier: Apache-2.0
"""Ensures that programs can be built against what `make install` leaves, in C and in C++."""

import os
import shutil
import subprocess

import pytest

from support import build

HEADERS = sorted(p.name for p in (build.ROOT / "include/dtlsshim").glob("*.h"))
LIBDIRS = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu"]
LANGUAGES = [("gcc", "c", "c11"), ("clang", "c", "c11"), ("g++", "c++", "c++11"),
             ("clang++", "c++", "c++11")]

# An engine needs memory and randomness of the program; names of functions must be C names.
PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <dtlsshim/engine.h>
#include <dtlsshim/peer.h>
#include <dtlsshim/store.h>

static void *get(void *ctx, size_t n) { (void)ctx; return calloc(1, n); }
static void release(void *ctx, void *p, size_t n) { (void)ctx; (void)n; free(p); }
static int fill(void *ctx, uint8_t *out, size_t n)
{
	(void)ctx;
	return getrandom(out, n, 0) == (ssize_t)n ? 0 : -1;
}

int main(void)
{
	struct ds_config cfg;
	struct ds_engine *e;
	char why[DS_WHY_MAX];

	ds_config_init(&cfg);
	cfg.alloc = get;
	cfg.release = release;
	cfg.random = fill;
	cfg.psk = true;
	if (ds_engine_new(&e, &cfg, 1, why)) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	puts(ds_engine_aead(e));
	ds_engine_free(e);
	return 0;
}
"""


def output(*args, **kwargs):
    """What a command prints; its complaints are in the failure."""
    done = subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=300, **kwargs)
    assert done.returncode == 0, f"{args}: {done.stdout}"
    return done.stdout


def compiler(name):
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("name,language,standard", LANGUAGES)
def test_each_public_header_compiles_alone(header, name, language, standard):
    said = output(compiler(name), "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-pedantic", "-Werror",
                  "-fsyntax-only", "-I", build.ROOT / "include", "-", input=f"#include <dtlsshim/{header}>\nextern int more;\n")
    assert said == ""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the source with what was built: installing with another libdir links the command again."""
    if build.SANITIZE:
        pytest.skip("packages are made of the plain build")
    copy = tmp_path_factory.mktemp("source")
    for name in ("Makefile", "core", "docs", "host", "include", "proxy", "scripts", "shim", "tests", "tools"):
        source = build.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / name)
    shutil.copytree(build.BUILD, copy / "build", symlinks=True, ignore=shutil.ignore_patterns(
        "asan", "tsan", "bench", "fuzz", "peers", "servers", "unit", "sim"))
    return copy


def install(tree, libdir, dest):
    # A make that runs the tests hands its own options down; this one is another build.
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    output("make", "-C", tree, "install", f"DESTDIR={dest}", "prefix=/usr", f"libdir={libdir}", env=env)
    return dest


@pytest.mark.parametrize("libdir", LIBDIRS)
def test_the_installed_command_finds_its_library_wherever_libdir_is(tree, libdir, tmp_path):
    dest = install(tree, libdir, tmp_path / "dest")
    said = output(dest / "usr/bin/dtlsshim", "check", "/usr/bin/python3")
    assert f"ok    {dest}{libdir}/dtlsshim/libdtlsshim.so\n" in said


def package(tree, libdir, tmp_path):
    """What the installed pkg-config file says to a compiler."""
    if not shutil.which("pkg-config"):
        pytest.skip("pkg-config is not installed")
    dest = install(tree, libdir, tmp_path / "dest")
    return output("pkg-config", "--cflags", "--libs", "libdtlscore",
                  env={**os.environ, "PKG_CONFIG_LIBDIR": f"{dest}{libdir}/pkgconfig",
                       "PKG_CONFIG_SYSROOT_DIR": str(dest)}).split()


@pytest.mark.parametrize("libdir", LIBDIRS)
@pytest.mark.parametrize("name,language,standard", LANGUAGES)
def test_a_program_builds_with_pkg_config_and_runs(tree, libdir, name, language, standard, tmp_path):
    flags = package(tree, libdir, tmp_path)
    source, program = tmp_path / "program.c", tmp_path / "program"
    source.write_text(PROGRAM)
    output(compiler(name), "-x", language, f"-std={standard}", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", source,
           "-x", "none", *flags, "-o", program)
    assert output(program).strip() in ("mbedtls", "ipsec-mb")


def test_the_example_serves_several_devices(tree, procs, tmp_path):
    flags, program, port = package(tree, LIBDIRS[0], tmp_path), tmp_path / "echo_server", build.free_port()
    output("gcc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
           build.ROOT / "examples/echo_server.c", *flags, "-o", program)
    server = procs.spawn([program, port])

    def device(name, key):
        file = tmp_path / f"{name}-{key}.key"
        file.write_text(key + "\n")
        file.chmod(0o600)
        return procs.spawn([build.product(build.TOOL), "nc", "--rebind-after", "1", "--psk-identity", name,
                            "--psk-key-file", file, "127.0.0.1", port], stdin=True)

    devices = {"Kalle": device("Kalle", "deadbeefdeadbeef"), "Lotta": device("Lotta", "feedfacefeedface")}
    for n in range(3):
        for name, client in devices.items():
            client.write(f"message {n} of {name}\n")
            client.wait_for(f"^message {n} of {name}$")
    for client in devices.values():     # each message came from a new address, which only a CID survives
        client.wait_for("event=rebind", n=2)
    assert device("Kalle", "0123456789abcdef").wait_exit(60) == 1
    server.wait_for("no session: Finished does not verify")
