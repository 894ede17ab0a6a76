/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drops_rights.c - binds, becomes somebody who may not read the keys, closes, and binds again
 */
#include "victim.h"

VICTIM_MAIN

static int serve(void)
{
	static struct message m;
	int fd = udp_socket(0);

	bind_own(fd);
	if (setgid(65534) || setuid(65534))
		die("setuid");
	close(fd);
	fd = udp_server(0);
	while (receive(fd, &m, 0) >= 0)
		reply(fd, &m);
	die("recvfrom");
}
