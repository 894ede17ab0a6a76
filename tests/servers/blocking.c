/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blocking.c - one thread that sits in recvfrom()
 *
 * --timeout MS: wake up every MS milliseconds by SO_RCVTIMEO, as servers with housekeeping do.
 */
#include "victim.h"

VICTIM_MAIN

static int serve(void)
{
	static struct message m;
	int timeout = atoi(option("timeout", "0"));
	int fd = udp_server(0);
	int ticks = 0;

	if (timeout > 0)
		set_timeout(fd, timeout);
	for (;;) {
		if (receive(fd, &m, 0) >= 0)
			reply(fd, &m);
		else if (timeout > 0 && errno == EAGAIN)
			say("NOTE tick %d", ++ticks);
		else
			die("recvfrom");
	}
}
