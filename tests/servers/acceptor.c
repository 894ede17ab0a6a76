/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acceptor.c - a child for every peer, as ncat -u -l -k -e makes them
 *
 * For each message the parent forks, closes its socket and binds another (SO_REUSEADDR); the child
 * echoes up to three messages and ends.  --how, words separated by commas: peek: the parent leaves
 * the message to the child; connect: it connects the socket first; poll: the child waits for each
 * message; keep: the parent does not close.  once: it makes one child only, and says when that one has
 * ended.
 */
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

static struct message m;

static bool how(const char *word)
{
	return strstr(option("how", ""), word) != NULL;
}

static int make(void)
{
	int fd = udp_socket(0);

	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_own(fd);
	return fd;
}

static void wait_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (poll(&p, 1, 10000) != 1)
		die("poll");
}

__attribute__((noreturn)) static void child(int fd)
{
	for (int i = 0; i < 3; i++) {
		if (i != 0 || how("peek")) {
			if (how("poll"))
				wait_readable(fd);
			if (receive(fd, &m, 0) < 0)
				die("child: recvfrom");
		}
		reply(fd, &m);
	}
	_exit(0);
}

/* The child begins when the parent has closed its socket. */
static pid_t accept_one(int fd)
{
	int closed[2];
	char c;

	if (pipe(closed) < 0)
		die("pipe");
	wait_readable(fd);
	if (receive(fd, &m, how("peek") ? MSG_PEEK : 0) < 0)
		die("recvfrom");
	if (how("connect") && connect(fd, (struct sockaddr *)&m.from, m.from_len) < 0)
		die("connect");
	pid_t pid = fork();

	if (pid == 0) {
		close(closed[1]);
		if (read(closed[0], &c, 1) != 0)
			die("read");
		child(fd);
	}
	close(closed[0]);
	if (!how("keep"))
		close(fd);
	close(closed[1]);
	return pid;
}

static int serve(void)
{
	int fd = make();

	ready(fd);
	for (;;) {
		pid_t pid = accept_one(fd);

		if (how("once") && waitpid(pid, NULL, 0) == pid) {
			say("NOTE ended");
			pause();
			return 0;
		}
		if (!how("keep"))
			fd = make();
		say("NOTE bound");
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}
