/* SPDX-License-Identifier: Apache-2.0 */
/* check_code.c - see check_impl.h */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/check_impl.h"

/* Libraries whose business with the kernel is known: libc itself, and sanitizers. */
static bool is_known(const char *path)
{
	static const char *const names[] = {"ld-linux", "libc.so",    "libpthread", "libdl.so",
					    "librt.so", "libm.so",    "libasan",    "libtsan",
					    "libubsan", "libdtlsshim"};
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(base, names[i], strlen(names[i])))
			return true;
	return false;
}

static void judge(struct check *c, const char *path, const struct elf_info *e)
{
	if (e->raw_socket)
		check_say(c, NOTE,
			  "%s: makes system calls for sockets itself, past libc and the shim: what "
			  "it sends or receives so gets no answer; if it serves UDP, " PROXY_HINT,
			  path);
	if (e->io_uring || e->raw_io_uring)
		check_say(c, NOTE,
			  "%s: uses io_uring: for files and readiness (libuv) that is fine; "
			  "datagrams received or sent through it do not pass the shim and get no "
			  "answer: turn it off in the program (UV_USE_IO_URING=0 and the like), "
			  "or " PROXY_HINT,
			  path);
	if (e->dlmopen)
		check_say(c, NOTE,
			  "%s: imports dlmopen: code it loads into another namespace is out of the "
			  "shim's sight; if that code serves UDP, " PROXY_HINT,
			  path);
	if (e->variant[0])
		check_say(
			c, NOTE,
			"%s: imports %s, which this version of the shim does not know: calls of "
			"it on a protected socket get no answer; look for a newer version, or " PROXY_HINT,
			path, e->variant);
}

/* "	libuv.so.1 => /lib/x86_64-linux-gnu/libuv.so.1 (0x00007f...)" */
static void judge_line(struct check *c, char *line)
{
	char *path = strstr(line, "=> ");
	struct elf_info e;

	if (strstr(line, "not found")) {
		check_say(c, FAIL, "%s: the dynamic loader does not find it",
			  line + strspn(line, " \t"));
		return;
	}
	if (!path || path[3] != '/')
		return;
	path += 3;
	path[strcspn(path, " \n")] = '\0';
	if (!is_known(path) && !elf_read_code(&e, path))
		judge(c, path, &e);
}

/* Our own loader, asked by its --list option, tells which libraries it would load. */
static FILE *list_libraries(const char *loader, const char *path, pid_t *child)
{
	char *argv[] = {(char *)loader, (char *)"--list", (char *)path, NULL};
	posix_spawn_file_actions_t actions;
	int out[2], r;

	if (pipe(out))
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
	posix_spawn_file_actions_addclose(&actions, out[0]);
	r = posix_spawn(child, loader, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	if (!r)
		return fdopen(out[0], "r");
	close(out[0]);
	return NULL;
}

void check_code(struct check *c, const char *path, const struct elf_info *e)
{
	struct elf_info self, code;
	char line[2 * PATH_MAX];
	pid_t child;
	FILE *list;

	judge(c, path, elf_read_code(&code, path) ? e : &code);
	if (elf_read(&self, "/proc/self/exe") || strcmp(self.interp, e->interp))
		return;
	list = list_libraries(e->interp, path, &child);
	if (!list)
		return;
	while (fgets(line, sizeof(line), list))
		judge_line(c, line);
	fclose(list);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}
