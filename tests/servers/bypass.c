/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bypass.c - tries to get plaintext past the C library: --how raw | stdio | splice | exec
 *
 * Sends the bytes of the message through calls that nobody hooks.  What counts is what the tests
 * see on the wire; "NOTE bypass RET" says what the program saw.
 */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "raw.h"
#include "victim.h"

VICTIM_MAIN

static long by_raw(int fd, struct message *m)
{
	long n = raw6(SYS_sendto, fd, (long)m->data, (long)m->len, 0, (long)&m->from,
		      sizeof(struct sockaddr_in));

	raw6(SYS_write, fd, (long)m->data, (long)m->len, 0, 0, 0);
	return n;
}

static long by_stdio(int fd, struct message *m)
{
	FILE *f = fdopen(dup(fd), "r+");
	long n = (long)fwrite(m->data, 1, (size_t)m->len, f);

	n = fflush(f) == 0 ? n : -errno;
	fclose(f);
	return dprintf(fd, "%s", m->data) < 0 ? -errno : n;
}

static long by_splice(int fd, struct message *m)
{
	int p[2];

	if (pipe(p) < 0 || write(p[1], m->data, (size_t)m->len) != m->len)
		die("pipe");
	long n = splice(p[0], NULL, fd, NULL, (size_t)m->len, SPLICE_F_NONBLOCK);

	n = n < 0 ? -errno : n;
	close(p[0]);
	close(p[1]);
	return n;
}

/* A program without the shim inherits the descriptor and writes to it. */
static long by_exec(int fd, struct message *m)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		char redirect[64];

		unsetenv("LD_PRELOAD");
		m->data[m->len] = '\0';
		setenv("TEXT", m->data, 1);
		snprintf(redirect, sizeof(redirect), "printf %%s \"$TEXT\" >&%d", fd);
		execl("/bin/sh", "sh", "-c", redirect, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status) == 0 ? m->len : -1;
}

static int serve(void)
{
	static struct message m;
	int fd = udp_server(0);

	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		log_message(&m);
		m.data[m.len < MESSAGE_MAX ? m.len : MESSAGE_MAX - 1] = '\0';
		/* connected, so that calls without an address could work */
		connect(fd, (struct sockaddr *)&m.from, m.from_len);
		say("NOTE bypass %ld", option_is("how", "raw")	    ? by_raw(fd, &m)
				       : option_is("how", "stdio")  ? by_stdio(fd, &m)
				       : option_is("how", "splice") ? by_splice(fd, &m)
								    : by_exec(fd, &m));
		connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
		if (sendto(fd, "done", 4, 0, (struct sockaddr *)&m.from, m.from_len) < 0)
			say("NOTE sendto: %s", strerrorname_np(errno));
	}
}
