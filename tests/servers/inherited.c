/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inherited.c - serves a socket somebody else bound, by sd_listen_fds(3)'s rules
 *
 * --io recvfrom | poll | rw: how the socket is first touched.  The last is for a connected one.
 */
#include "victim.h"

VICTIM_MAIN

#define FIRST 3

static int listen_fd(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");

	if (pid == NULL || n == NULL || atoi(pid) != (int)getpid() || atoi(n) < 1) {
		fprintf(stderr, "victim: no socket was passed\n");
		exit(1);
	}
	return FIRST;
}

static int serve(void)
{
	static struct message m;
	struct pollfd p = {.fd = listen_fd(), .events = POLLIN};

	if (!option_is("io", "rw")) /* else the first call on it is a write() */
		ready(p.fd);
	else if (write(p.fd, "CANARY-plaintext:first", 22) < 0)
		say("NOTE write: %s", strerrorname_np(errno));
	if (option_is("io", "rw"))
		ready(p.fd);
	for (;;) {
		if (option_is("io", "poll") && poll(&p, 1, -1) < 0)
			die("poll");
		if (option_is("io", "rw")) {
			m.len = read(p.fd, m.data, sizeof(m.data));
			if (m.len < 0)
				die("read");
			log_message(&m);
			if (write(p.fd, m.data, (size_t)m.len) < 0)
				say("NOTE write: %s", strerrorname_np(errno));
			continue;
		}
		if (receive(p.fd, &m, 0) < 0)
			die("recvfrom");
		reply(p.fd, &m);
	}
}
