/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyscan.c - looks for a key in its own memory, and in that of a forked child
 *
 * "!scan HEX" is the key with every byte XORed with 0xa5, so that the pattern is not itself what
 * is found.  The answer, "parent=N child=N", counts the places.
 */
#include <inttypes.h>
#include <sys/wait.h>

#include "victim.h"

#define KEY_MAX 64

VICTIM_MAIN

static volatile unsigned char masked[KEY_MAX];
static size_t key_len;

/* Without address checks of sanitizers: it goes over everything there is. */
__attribute__((no_sanitize("address", "thread"))) static int
count(const volatile unsigned char *p, const volatile unsigned char *end)
{
	int n = 0;

	for (; p + key_len <= end; p++) {
		size_t i = 0;

		while (i < key_len && (p[i] ^ 0xa5) == masked[i])
			i++;
		n += i == key_len;
	}
	return n;
}

static int scan(void)
{
	static char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	int n = 0;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t from, to;
		char perms[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, perms) != 3 ||
		    perms[0] != 'r' || perms[1] != 'w' || strstr(line, "[v") != NULL ||
		    to - from > (64UL << 20)) /* shadow memory of a sanitizer */
			continue;
		n += count((const volatile unsigned char *)from,
			   (const volatile unsigned char *)to);
	}
	if (maps != NULL)
		fclose(maps);
	return n;
}

static int scan_in_child(void)
{
	int pipe_fd[2], n = -1;

	if (pipe(pipe_fd) < 0)
		die("pipe");
	pid_t pid = fork();

	if (pid == 0) {
		n = scan();
		_exit(write(pipe_fd[1], &n, sizeof(n)) != sizeof(n));
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &n, sizeof(n)) != sizeof(n))
		n = -1;
	close(pipe_fd[0]);
	waitpid(pid, NULL, 0);
	return n;
}

static int serve(void)
{
	static struct message m;
	int fd = udp_server(0);

	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		if (strncmp(m.data, "!scan ", 6) == 0) {
			key_len = ((size_t)m.len - 6) / 2;
			for (size_t i = 0; i < key_len && i < KEY_MAX; i++) {
				unsigned byte = 0;

				sscanf(m.data + 6 + 2 * i, "%2x", &byte);
				masked[i] = (unsigned char)byte;
			}
			m.len = sprintf(m.data, "parent=%d child=%d", scan(), scan_in_child());
		}
		reply(fd, &m);
	}
}
