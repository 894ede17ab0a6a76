/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cancelled.c - after each message a thread ends that has its cancellation pending when it calls
 * recv(); then the socket is closed, and its port must be free for the next
 */
#include <pthread.h>

#include "victim.h"

VICTIM_MAIN

static void *ended(void *fd)
{
	char buf[8];

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_cancel(pthread_self());
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	(void)!recv(*(int *)fd, buf, sizeof(buf), 0);
	return NULL;
}

static int serve(void)
{
	static struct message m;
	pthread_t thread;

	for (;;) {
		int fd = udp_server(0);

		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
		if (pthread_create(&thread, NULL, ended, &fd) || pthread_join(thread, NULL))
			die("pthread");
		close(fd);
	}
}
