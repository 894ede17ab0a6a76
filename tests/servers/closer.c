/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closer.c - closes every descriptor that is not its own, as daemons do at start
 *
 * --when before | after the socket is bound, --how loop | range | closefrom (the last only before).
 */
#include "victim.h"

VICTIM_MAIN

static void close_others(int keep)
{
	if (option_is("how", "loop")) {
		for (int fd = 3; fd < 1100; fd++) /* far enough for descriptors hidden at the top */
			if (fd != keep)
				close(fd);
	} else if (option_is("how", "range") && keep < 0) {
		close_range(3, ~0U, 0);
	} else if (option_is("how", "range")) {
		close_range(3, (unsigned)keep - 1, 0);
		close_range((unsigned)keep + 1, ~0U, 0);
	} else {
		closefrom(3);
	}
}

static int serve(void)
{
	static struct message m;
	bool after = option_is("when", "after");

	/* a descriptor below the socket, so that closing has something to do on both sides */
	if (open("/dev/null", O_RDONLY) < 0)
		die("/dev/null");
	if (!after)
		close_others(-1);
	int fd = udp_socket(0);

	bind_own(fd);
	if (after)
		close_others(fd);
	ready(fd);
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
	}
}
