/* SPDX-License-Identifier: Apache-2.0 */
/* poll_loop.c - poll(), then recvfrom() until EAGAIN on a non-blocking socket */
#include "victim.h"

VICTIM_MAIN

static int serve(void)
{
	static struct message m;
	int fd = udp_server(SOCK_NONBLOCK | SOCK_CLOEXEC);

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (poll(&p, 1, -1) < 0)
			die("poll");
		if ((p.revents & POLLIN) == 0) {
			say("NOTE revents %#x", (unsigned)p.revents);
			continue;
		}
		/* readable means that the first read gets something */
		if (drain(fd, &m) == 0)
			say("NOTE false alarm");
	}
}
