/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemonize.c - goes into the background --when before | after it binds
 *
 * Standard output is kept (daemon(3) with noclose) so that a test can follow.
 */
#include "victim.h"

VICTIM_MAIN

static void detach(void)
{
	if (daemon(1, 1) < 0)
		die("daemon");
}

static int serve(void)
{
	static struct message m;
	bool after = option_is("when", "after");

	if (!after)
		detach();
	int fd = udp_socket(0);

	bind_own(fd);
	if (after)
		detach();
	ready(fd);
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (poll(&p, 1, -1) < 0)
			die("poll");
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
	}
}
