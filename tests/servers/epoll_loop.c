/* SPDX-License-Identifier: Apache-2.0 */
/*
 * epoll_loop.c - epoll in the four usual ways: --mode drain | one | edge | oneshot
 *
 * "drain" and "one" are level-triggered and read all there is, or one message, a wake-up;
 * "oneshot" reads one message and arms again.  --early registers the socket before it is bound.
 */
#include <sys/epoll.h>

#include "victim.h"

VICTIM_MAIN

static void control(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.fd = fd};

	if (epoll_ctl(ep, op, fd, &ev) < 0)
		die("epoll_ctl");
}

static int serve(void)
{
	static struct message m;
	bool one = option_is("mode", "one"), oneshot = option_is("mode", "oneshot");
	uint32_t events = EPOLLIN | (oneshot ? (uint32_t)EPOLLONESHOT : 0) |
			  (option_is("mode", "edge") ? (uint32_t)EPOLLET : 0);
	bool early = option_is("early", "yes");
	int fd = udp_socket(SOCK_NONBLOCK);
	int ep = epoll_create1(EPOLL_CLOEXEC);

	if (early)
		control(ep, EPOLL_CTL_ADD, fd, events);
	bind_own(fd);
	if (!early)
		control(ep, EPOLL_CTL_ADD, fd, events);
	ready(fd);
	for (;;) {
		struct epoll_event ev;

		if (epoll_wait(ep, &ev, 1, -1) < 0)
			die("epoll_wait");
		if (ev.data.fd != fd || (ev.events & EPOLLIN) == 0) {
			say("NOTE event %#x of descriptor %d", ev.events, ev.data.fd);
			continue;
		}
		if (one || oneshot) {
			if (receive(fd, &m, 0) >= 0)
				reply(fd, &m);
			else
				say("NOTE false alarm");
		} else {
			drain(fd, &m);
		}
		if (oneshot)
			control(ep, EPOLL_CTL_MOD, fd, events);
	}
}
