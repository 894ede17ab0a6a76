/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.c - four threads: --mode shared | reuseport | dup
 *
 * shared: all in recvfrom() on one socket.  reuseport: a socket each on the same port.  dup: a
 * duplicate of one socket in the own epoll of each of three threads, as memcached does.
 */
#include <pthread.h>
#include <sys/epoll.h>

#include "victim.h"

#define THREADS 4

VICTIM_MAIN

static void *blocking_thread(void *arg)
{
	struct message *m = malloc(sizeof(*m));
	int fd = *(int *)arg;

	for (;;) {
		if (receive(fd, m, 0) < 0)
			die("recvfrom");
		reply(fd, m);
	}
	return NULL;
}

static void *epoll_thread(void *arg)
{
	struct message *m = malloc(sizeof(*m));
	int fd = *(int *)arg, ep = epoll_create1(0);
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll_ctl");
	for (;;) {
		if (epoll_wait(ep, &ev, 1, -1) < 0)
			die("epoll_wait");
		drain(fd, m); /* all threads wake up, the slower ones find nothing */
	}
	return NULL;
}

static int reuseport_socket(void)
{
	int fd = udp_socket(0);

	set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	bind_own(fd);
	return fd;
}

static int serve(void)
{
	static int fds[THREADS];
	bool reuse = option_is("mode", "reuseport"), dups = option_is("mode", "dup");
	pthread_t t;

	fds[0] = reuse ? reuseport_socket() : udp_socket(dups ? SOCK_NONBLOCK : 0);
	if (!reuse)
		bind_own(fds[0]);
	for (int i = 1; i < THREADS; i++) {
		fds[i] = reuse ? reuseport_socket() : dups ? dup(fds[0]) : fds[0];
		if (fds[i] < 0)
			die("dup");
	}
	for (int i = dups; i < THREADS; i++) /* memcached's own descriptor stays idle */
		if (pthread_create(&t, NULL, dups ? epoll_thread : blocking_thread, &fds[i]) != 0)
			die("pthread_create");
	ready(fds[0]);
	pthread_exit(NULL);
}
