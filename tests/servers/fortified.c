/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fortified.c - built with _FORTIFY_SOURCE, so that poll, recvfrom, recv and read are called by
 * their checked names; --io recvfrom | recv | read
 */
#undef _FORTIFY_SOURCE
#define _FORTIFY_SOURCE 2
#include "victim.h"

VICTIM_MAIN

/* The compiler must know the buffer but not the length, else it calls the plain names. */
static volatile size_t room = MESSAGE_MAX;

static int serve(void)
{
	static char buf[MESSAGE_MAX];
	static struct message m;
	static volatile nfds_t n_fds = 1;
	bool by_recv = option_is("io", "recv"), by_read = option_is("io", "read");
	int fd = udp_server(0);

	for (;;) {
		struct pollfd p[1] = {{.fd = fd, .events = POLLIN}};

		if (poll(p, n_fds, -1) < 0)
			die("poll");
		m.from_len = sizeof(m.from);
		if (by_recv || by_read) { /* who is it: these two do not say */
			if (recvfrom(fd, buf, 1 + room / MESSAGE_MAX, MSG_PEEK,
				     (struct sockaddr *)&m.from, &m.from_len) < 0)
				die("recvfrom");
			m.len = by_recv ? recv(fd, buf, room, 0) : read(fd, buf, room);
		} else {
			m.len = recvfrom(fd, buf, room, 0, (struct sockaddr *)&m.from, &m.from_len);
		}
		if (m.len < 0)
			die("receive");
		memcpy(m.data, buf, (size_t)m.len);
		reply(fd, &m);
	}
}
