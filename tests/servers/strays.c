/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strays.c - each message makes a child that closes the socket, in ways no fork handler sees
 *
 * --how _Fork | clone | syscall.  A child that ends otherwise than well is a NOTE.
 */
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

static int child(void *fd)
{
	close(*(int *)fd);
	_exit(0);
}

static pid_t stray(int *fd)
{
	static _Alignas(16) char stack[65536];
	pid_t pid;

	if (option_is("how", "clone"))
		return clone(child, stack + sizeof(stack), SIGCHLD, fd);
	pid = option_is("how", "_Fork") ? _Fork() : (pid_t)syscall(SYS_fork);
	if (!pid)
		child(fd);
	return pid;
}

static int serve(void)
{
	static struct message m;
	int fd = udp_server(0), status;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (poll(&p, 1, -1) < 0)
			die("poll");
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
		if (waitpid(stray(&fd), &status, 0) < 0 || status)
			say("NOTE child status %#x", (unsigned)status);
	}
}
