/* SPDX-License-Identifier: Apache-2.0 */
/* select_loop.c - select(), then one blocking recvfrom(); a false alarm would hang the server */
#include <sys/select.h>

#include "victim.h"

VICTIM_MAIN

static int serve(void)
{
	static struct message m;
	int fd = udp_server(0);

	for (;;) {
		fd_set set;

		FD_ZERO(&set);
		FD_SET(fd, &set);
		if (select(fd + 1, &set, NULL, NULL, NULL) < 0)
			die("select");
		if (!FD_ISSET(fd, &set))
			continue;
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
	}
}
