/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_late.c - a thread waits on a socket that another thread binds meanwhile
 *
 * --how poll | ppoll | select | pselect | epoll | recvfrom | recvmsg | recvmmsg | read: how it waits.
 * The kernel delivers to such a thread what comes in after the bind(), and so must everybody else.
 */
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "victim.h"

VICTIM_MAIN

static int fd;
static pid_t waiter;
static struct message m;

static void in_sets(bool masked)
{
	fd_set set;
	int r;

	do {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		r = masked ? pselect(fd + 1, &set, NULL, NULL, NULL, NULL)
			   : select(fd + 1, &set, NULL, NULL, NULL);
	} while (r < 0 && errno == EINTR);
}

static void in_epoll(void)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int ep = epoll_create1(0);

	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	__atomic_store_n(&waiter, gettid(), __ATOMIC_RELEASE);
	epoll_wait(ep, &ev, 1, -1);
	say("NOTE events=%#x", ev.events);
}

static void take(const char *how)
{
	struct iovec iov = {m.data, sizeof(m.data)};
	struct mmsghdr v = {.msg_hdr = {.msg_name = &m.from,
					.msg_namelen = sizeof(m.from),
					.msg_iov = &iov,
					.msg_iovlen = 1}};

	m.from_len = sizeof(m.from);
	if (strcmp(how, "recvmsg") == 0) {
		m.len = recvmsg(fd, &v.msg_hdr, 0);
	} else if (strcmp(how, "recvmmsg") == 0) {
		m.len = recvmmsg(fd, &v, 1, 0, NULL) == 1 ? (ssize_t)v.msg_len : -1;
	} else if (strcmp(how, "read") == 0) {
		m.len = read(fd, m.data, sizeof(m.data));
		return;
	} else {
		m.len = recvfrom(fd, m.data, sizeof(m.data), 0, (struct sockaddr *)&m.from,
				 &m.from_len);
		return;
	}
	m.from_len = v.msg_hdr.msg_namelen;
}

static void *wait_and_serve(void *arg)
{
	const char *how = option("how", "poll");
	struct pollfd p = {.fd = fd, .events = POLLIN};

	(void)arg;
	if (strcmp(how, "epoll") != 0)
		__atomic_store_n(&waiter, gettid(), __ATOMIC_RELEASE);
	if (strcmp(how, "poll") == 0)
		poll(&p, 1, -1);
	else if (strcmp(how, "ppoll") == 0)
		ppoll(&p, 1, NULL, NULL);
	else if (strcmp(how, "select") == 0 || strcmp(how, "pselect") == 0)
		in_sets(how[0] == 'p');
	else if (strcmp(how, "epoll") == 0)
		in_epoll();
	take(how);
	if (m.len <= 0) {
		say("NOTE received %zd", m.len);
		return NULL;
	}
	log_message(&m);
	if (strcmp(how, "read") != 0)
		sendto(fd, m.data, (size_t)m.len, 0, (struct sockaddr *)&m.from, m.from_len);
	return NULL;
}

/* Until the thread sleeps in the kernel. */
static void until_it_waits(void)
{
	char name[64], state = 0;
	pid_t tid;
	FILE *f;

	while (state != 'S') {
		tid = __atomic_load_n(&waiter, __ATOMIC_ACQUIRE);
		snprintf(name, sizeof(name), "/proc/self/task/%d/stat", tid);
		f = tid ? fopen(name, "r") : NULL;
		if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 0;
		if (f)
			fclose(f);
		sched_yield();
	}
}

static int serve(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)atoi(option("port", "0")))};
	pthread_t thread;

	inet_pton(AF_INET, option("host", "127.0.0.1"), &to.sin_addr);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	pthread_create(&thread, NULL, wait_and_serve, NULL);
	until_it_waits();
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("bind");
	ready(fd);
	pthread_join(thread, NULL);
	pause();
	return 0;
}
