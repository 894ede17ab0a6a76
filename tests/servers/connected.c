/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connected.c - a connected socket for each client
 *
 * The listener takes the first message of a client, then a second socket on the same port is
 * connected to it and serves it from then on: --io send (recv and send) or rw (read and write).
 */
#include <sys/epoll.h>

#include "victim.h"

VICTIM_MAIN

static int listener(void)
{
	int fd = udp_socket(SOCK_NONBLOCK);

	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	bind_own(fd);
	return fd;
}

static void watch(int ep, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll_ctl");
}

static ssize_t put(int fd, const struct message *m, bool rw)
{
	ssize_t n = rw ? write(fd, m->data, (size_t)m->len) : send(fd, m->data, (size_t)m->len, 0);

	if (n < 0)
		say("NOTE send: %s", strerrorname_np(errno));
	return n;
}

/* A socket for the sender of @m. */
static int adopt(struct message *m)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int fd = listener();

	if (connect(fd, (struct sockaddr *)&m->from, m->from_len) < 0)
		die("connect");
	if (getpeername(fd, (struct sockaddr *)&peer, &len) < 0)
		die("getpeername");
	bool same = len == m->from_len && memcmp(&peer, &m->from, len) == 0;

	say("NOTE connected peer=%s", same ? "same" : "other");
	return fd;
}

static int serve(void)
{
	static struct message m;
	bool rw = option_is("io", "rw");
	int ep = epoll_create1(0);
	int main_fd = listener();

	watch(ep, main_fd);
	ready(main_fd);
	for (;;) {
		struct epoll_event ev;

		if (epoll_wait(ep, &ev, 1, -1) < 0)
			die("epoll_wait");
		int fd = ev.data.fd;

		if (fd == main_fd) {
			if (receive(fd, &m, 0) < 0)
				continue;
			answer(&m);
			int own = adopt(&m);

			watch(ep, own);
			put(own, &m, rw);
			continue;
		}
		m.len = rw ? read(fd, m.data, sizeof(m.data)) : recv(fd, m.data, sizeof(m.data), 0);
		m.flags = 0;
		m.note[0] = '\0';
		m.from_len = sizeof(m.from);
		if (m.len < 0 || getpeername(fd, (struct sockaddr *)&m.from, &m.from_len) < 0) {
			if (errno != EAGAIN)
				say("NOTE recv: %s", strerrorname_np(errno));
			continue;
		}
		answer(&m);
		put(fd, &m, rw);
	}
}
