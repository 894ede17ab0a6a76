/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - see check.h; and `dtlsshim check`
 *
 * A static program does not load what LD_PRELOAD names, a program that gains privileges ignores it, and
 * one for another machine goes on without it.  Each would serve in clear.  So these conditions are
 * looked at in the file, without running the program, and each finding says what to do instead.
 *
 * A script is followed to its interpreter, as the kernel does, for the interpreter is the program that
 * loads the shim.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/log.h"
#include "shim_place.h"
#include "tools/check_impl.h"
#include "tools/tool.h"

#define SCRIPT_DEPTH 5 /* scripts interpreted by scripts; the kernel's limit, too */

const char tool_check_usage[] =
	"usage: dtlsshim check PROGRAM\n"
	"\n"
	"Says whether libdtlsshim.so can protect PROGRAM, one line a finding:\n"
	"  ok     as it should be\n"
	"  note   it can be protected, but for what the line says\n"
	"  fail   it cannot, and what to do instead\n"
	"\n"
	"Exit status: 0 nothing failed, 1 something did, 2 the command line is wrong.\n";

void check_say(struct check *c, enum grade g, const char *fmt, ...)
{
	static const char *const words[] = {"ok  ", "note", "fail"};
	va_list ap;

	if (g == FAIL && !c->status)
		c->status = 1;
	if (g == OK && c->quiet)
		return;
	fprintf(c->out, "%s  ", words[g]);
	va_start(ap, fmt);
	vfprintf(c->out, fmt, ap);
	va_end(ap);
	fputc('\n', c->out);
}

static bool is_program(const char *path)
{
	struct stat st;

	return !access(path, X_OK) && !stat(path, &st) && S_ISREG(st.st_mode);
}

/* Puts the path in @path at which execvp() finds @name, "" if it does not. */
static void search(const char *name, char path[static PATH_MAX])
{
	const char *dir = getenv("PATH"), *end;

	path[0] = '\0';
	if (strchr(name, '/')) {
		snprintf(path, PATH_MAX, "%s", name);
		return;
	}
	for (dir = dir ? dir : "/bin:/usr/bin"; *name; dir = end + 1) {
		end = dir + strcspn(dir, ":");
		snprintf(path, PATH_MAX, "%.*s/%s", end == dir ? 1 : (int)(end - dir),
			 end == dir ? "." : dir, name);
		if (is_program(path))
			return;
		if (!*end)
			break;
	}
	path[0] = '\0';
}

/* Reads the "#!" line of @path.  False if it has none. */
static bool script_line(const char *path, char line[static 256])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, 255);

	if (fd >= 0)
		close(fd);
	if (n < 2 || line[0] != '#' || line[1] != '!')
		return false;
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	memmove(line, line + 2, strlen(line + 2) + 1);
	return true;
}

/* The interpreter that "#!" @line starts; for env(1) the program it is to find. */
static const char *interpreter(char *line)
{
	char *save, *word = strtok_r(line, " \t", &save), *base;

	if (!word)
		return "";
	base = strrchr(word, '/');
	if (strcmp(base ? base + 1 : word, "env"))
		return word;
	do {
		word = strtok_r(NULL, " \t", &save);
	} while (word && (word[0] == '-' || strchr(word, '=')));
	return word ? word : "";
}

/* Follows scripts to the program the kernel will load. */
static void follow(struct check *c, const char *name, char path[static PATH_MAX])
{
	char line[256];
	int depth;

	search(name, path);
	for (depth = 0; *path && script_line(path, line); depth++) {
		if (depth == SCRIPT_DEPTH) {
			c->status = 126;
			check_say(c, FAIL, "%s: scripts nested too deeply", name);
			path[0] = '\0';
			return;
		}
		name = interpreter(line);
		check_say(c, NOTE,
			  "%s is a script: looking at its interpreter %s; programs that it "
			  "starts are protected, too, if they can be",
			  path, name);
		search(name, path);
	}
	if (!*path || !is_program(path)) {
		bool missing = !*path || (access(path, F_OK) && errno != EACCES);

		/* A script whose interpreter is missing is there itself */
		c->status = missing && !depth ? 127 : 126;
		check_say(c, FAIL, "%s: %s", *path ? path : name,
			  !*path    ? "not found in PATH"
			  : missing ? "no such file"
				    : "not a program that can be run (not executable?)");
		path[0] = '\0';
	}
}

/* ld.so ignores LD_PRELOAD in a program that gains privileges when it starts. */
static void check_privileges(struct check *c, const char *path)
{
	struct stat st;
	bool gains;

	if (stat(path, &st))
		return;
	gains = (st.st_mode & S_ISUID && st.st_uid != getuid()) ||
		(st.st_mode & S_ISGID && st.st_mode & S_IXGRP && st.st_gid != getgid());
	if (gains)
		check_say(c, FAIL,
			  "%s: setuid or setgid: preloading is ignored; start it as the user "
			  "it changes to, or " PROXY_HINT,
			  path);
	else if (st.st_mode & (S_ISUID | S_ISGID))
		check_say(c, NOTE,
			  "%s: setuid or setgid: works for you, but preloading is ignored "
			  "when another user starts it",
			  path);
	if (getxattr(path, "security.capability", NULL, 0) <= 0)
		return;
	if (getuid())
		check_say(c, FAIL,
			  "%s: has file capabilities: preloading is ignored; let the service "
			  "manager give them (AmbientCapabilities=), or " PROXY_HINT,
			  path);
	else
		check_say(c, NOTE,
			  "%s: has file capabilities: works for root, but preloading is "
			  "ignored when another user starts it",
			  path);
}

static const char *machine_name(const struct elf_info *e)
{
	switch (e->machine) {
	case EM_X86_64: return e->bits == 64 ? "x86-64" : "x32";
	case EM_386: return "i386";
	case EM_AARCH64: return "arm64";
	case EM_ARM: return "32-bit ARM";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "POWER";
	case EM_S390: return "S/390";
	default: return "another processor";
	}
}

/* Checks what the file itself shows. */
static void check_elf(struct check *c, const char *path, const struct elf_info *e,
		      const struct elf_info *lib)
{
	if (e->bits != lib->bits || e->machine != lib->machine)
		check_say(
			c, FAIL,
			"%s: a %d-bit program for %s, libdtlsshim.so is for %s: the dynamic "
			"loader would go on without it; build the library for that, or " PROXY_HINT,
			path, e->bits, machine_name(e), machine_name(lib));
	else if (e->go)
		check_say(
			c, FAIL,
			"%s: a Go program%s: it calls the kernel without the C library; " PROXY_HINT,
			path, e->interp[0] ? ", and so are its sockets though it uses cgo" : "");
	else if (!e->interp[0])
		check_say(c, FAIL, "%s: statically linked%s: nothing can be preloaded; " PROXY_HINT,
			  path, e->glibc ? " with glibc" : ", not with glibc (musl?)");
	else if (strstr(e->interp, "musl"))
		check_say(c, FAIL, "%s: linked with musl (%s), not glibc; " PROXY_HINT, path,
			  e->interp);
	else
		check_say(c, OK, "%s: %d bit, dynamically linked (%s)", path, e->bits, e->interp);
}

static void say_not_found(const char *given, const char *self, int self_error, FILE *out)
{
	if (given)
		fprintf(out, "fail  libdtlsshim.so not found at %s (DTLSSHIM_LIB)\n", given);
	else if (self_error)
		fprintf(out,
			"fail  /proc/self/exe: %s: so it is not known where this program is, and "
			"libdtlsshim.so beside it; mount /proc, or name the library by "
			"DTLSSHIM_LIB=FILE\n",
			strerror(self_error));
	else
		fprintf(out,
			"fail  libdtlsshim.so not found beside this program or in " SHIM_PLACE
			" of %s; DTLSSHIM_LIB= can name it\n",
			self);
}

bool check_library(char path[static PATH_MAX], FILE *out)
{
	static const char *const places[] = {"libdtlsshim.so", SHIM_PLACE "/libdtlsshim.so"};
	const char *given = getenv("DTLSSHIM_LIB");
	char self[PATH_MAX], file[PATH_MAX];
	struct elf_info e;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int self_error = n < 0 ? errno : 0;
	bool found = given && realpath(given, path);

	self[n > 0 ? n : 0] = '\0';
	if (strrchr(self, '/'))
		*strrchr(self, '/') = '\0';
	for (size_t i = 0; !given && !self_error && !found && i < sizeof(places) / sizeof(*places);
	     i++)
		found = snprintf(file, sizeof(file), "%s/%s", self, places[i]) < PATH_MAX &&
			realpath(file, path);
	if (!found)
		say_not_found(given, self, self_error, out);
	else if (elf_read(&e, path))
		fprintf(out, "fail  %s: not a library\n", path);
	else if (strpbrk(path, ": \t\n"))
		fprintf(out,
			"fail  %s: LD_PRELOAD cannot name a path with a space or colon; "
			"move it, or name a link to it with DTLSSHIM_LIB=\n",
			path);
	else
		return true;
	return false;
}

int check_program(const char *name, bool quiet, FILE *out)
{
	struct check c = {.out = out, .quiet = quiet};
	char path[PATH_MAX], lib_path[PATH_MAX];
	struct elf_info e, lib;
	int err;

	if (!check_library(lib_path, out) || elf_read(&lib, lib_path))
		return 1;
	check_say(&c, OK, "%s", lib_path);
	follow(&c, name, path);
	if (!*path)
		return c.status;
	err = elf_read(&e, path);
	if (err == -ENOEXEC) {
		/* The shell and execvp() give a file that is no program and has no "#!" to sh */
		check_say(&c, NOTE, "%s: no program file; /bin/sh will be asked to run it", path);
		snprintf(path, sizeof(path), "/bin/sh");
		err = elf_read(&e, path);
	}
	if (err == -EACCES)
		check_say(&c, NOTE, "%s: cannot be read, so it could not be checked", path);
	else if (err)
		check_say(&c, FAIL, "%s: %s", path, strerror(-err));
	else
		check_elf(&c, path, &e, &lib);
	check_privileges(&c, path);
	if (!quiet && !err && e.interp[0] && !c.status)
		check_code(&c, path, &e);
	if (!quiet)
		check_confinement(&c, path);
	return c.status;
}

int tool_check(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--"))
		argv++, argc--;
	if (argc != 2 || argv[1][0] == '-')
		host_die(2, "check: one PROGRAM is expected (dtlsshim help check says more)");
	return check_program(argv[1], false, stdout) ? 1 : 0;
}
