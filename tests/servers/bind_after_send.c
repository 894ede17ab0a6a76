/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_after_send.c - binds a socket for which the kernel has chosen a port already, then a new one
 */
#include "victim.h"

VICTIM_MAIN

static int serve(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(9),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	static struct message m;
	socklen_t len;
	struct sockaddr_storage own = own_address(&len);
	int fd = udp_socket(0);

	sendto(fd, "early", 5, 0, (struct sockaddr *)&to, sizeof(to));
	say("NOTE second name: %s",
	    bind(fd, (struct sockaddr *)&own, len) ? strerrorname_np(errno) : "taken");
	fd = udp_server(0);
	while (receive(fd, &m, 0) >= 0)
		reply(fd, &m);
	die("recvfrom");
}
