/* SPDX-License-Identifier: Apache-2.0 */
/*
 * errors.c - what a socket says of a peer that is gone; see trace.h
 *
 * --queue 0 | 1: a connected socket, or an unconnected one with IP_RECVERR.  The peer is asked to go
 * by "GONE"; what is sent to it then comes back as "port unreachable".
 */
#include <time.h>

#include <linux/errqueue.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "trace.h"

static bool queue;

/* The flags of poll() that say more than "there is something to receive". */
static void look(int fd, int timeout)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int r = poll(&p, 1, timeout);

	trace("poll");
	trace_result(r);
	trace(" POLLERR=%d", (p.revents & POLLERR) != 0);
	trace_end();
}

static void take_from_queue(int fd)
{
	char control[256], buf[64];
	struct iovec iov = {buf, sizeof(buf)};
	struct sockaddr_storage to;
	struct msghdr h = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_name = &to,
			   .msg_namelen = sizeof(to),
			   .msg_control = control,
			   .msg_controllen = sizeof(control)};
	ssize_t r = recvmsg(fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT);

	trace("error queue = %s", r < 0 ? strerrorname_np(errno) : "taken");
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); r >= 0 && c; c = CMSG_NXTHDR(&h, c)) {
		const struct sock_extended_err *e = (void *)CMSG_DATA(c);

		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
			trace(" %s origin %d type %d code %d", strerrorname_np((int)e->ee_errno),
			      e->ee_origin, e->ee_type, e->ee_code);
		trace_name(&to, 8);
	}
	trace_end();
}

static void once(int fd, int epfd)
{
	struct epoll_event ev;
	fd_set set;
	char c;

	TRACE(sendto(fd, "lost", 4, 0, queue ? (struct sockaddr *)&peer : NULL,
		     queue ? peer_len : 0),
	      "send");
	look(fd, 2000);
	trace("epoll");
	trace_result(epoll_wait(epfd, &ev, 1, 2000));
	trace(" EPOLLERR=%d", (ev.events & EPOLLERR) != 0);
	trace_end();
	FD_ZERO(&set);
	FD_SET(fd, &set);
	TRACE(select(fd + 1, &set, NULL, NULL, &(struct timeval){2, 0}), "select");
	if (queue)
		take_from_queue(fd);
	else
		TRACE(recv(fd, &c, 1, MSG_DONTWAIT), "recv");
	TRACE(recv(fd, &c, 1, MSG_DONTWAIT), "recv again");
	look(fd, 0);
}

VICTIM_MAIN

static int serve(void)
{
	int fd = traced_socket(), epfd = epoll_create1(0), error = 0;
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET};
	socklen_t len = sizeof(error);
	char line[16], c;

	queue = option_is("queue", "1");
	if (queue)
		set_int(fd, IPPROTO_IP, IP_RECVERR, 1);
	else
		TRACE(connect(fd, (struct sockaddr *)&peer, peer_len), "connect");
	epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev);
	look(fd, 0);
	say("GONE");
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		return 1;
	for (int i = 0; i < 3; i++)
		once(fd, epfd);
	if (!queue) {
		TRACE(send(fd, "lost", 4, 0), "send");
		look(fd, 2000);
		trace("SO_ERROR");
		trace_result(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len));
		trace(" %s", strerrorname_np(error));
		trace_end();
		look(fd, 0);
		TRACE(send(fd, "lost", 4, 0), "send");
		TRACE(recv(fd, &c, 1, 0), "blocking recv");
	}
	fflush(stdout);
	say("END");
	return 0;
}
