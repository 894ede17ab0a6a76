/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serving_children.c - serves one client by children, in the ways of programs that fork per client
 *
 * --how close: receives, forks, closes; the child answers.  exit: the parent ends instead of that.
 * keep: neither.  accept: only peeks, connects the socket
 * to the client, forks and binds anew; the child serves the connected socket.
 *
 * --how stdin: the first message is a child's, which has the socket as its standard input, --by
 * spawn, vfork, fork or clear (without an environment), or is the program's own by a raw read; after
 * that the parent serves.  A child ends at "!end".
 */
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

extern char **environ;
static struct message m;

static int bound(void)
{
	int fd = udp_socket(0);

	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_own(fd);
	ready(fd);
	return fd;
}

static void answer_as_child(int fd)
{
	alarm(20);
	if (!option_is("how", "accept"))
		reply(fd, &m);
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		if (m.len == 4 && memcmp(m.data, "!end", 4) == 0)
			_exit(0);
		if (option_is("how", "accept") && send(fd, m.data, (size_t)m.len, 0) < 0)
			die("send");
		else if (!option_is("how", "accept"))
			reply(fd, &m);
	}
}

static int by_children(int fd)
{
	if (receive(fd, &m, option_is("how", "accept") ? MSG_PEEK : 0) < 0)
		die("recvfrom");
	if (option_is("how", "accept") && connect(fd, (struct sockaddr *)&m.from, m.from_len) < 0)
		die("connect");
	pid_t pid = fork();

	if (pid == 0)
		answer_as_child(fd);
	if (option_is("how", "exit"))
		return 0;
	if (!option_is("how", "keep"))
		close(fd);
	if (option_is("how", "accept"))
		bound();
	waitpid(pid, NULL, 0);
	return 0;
}

/* A child of its own, with the socket as its standard input; it reads once. */
static void hand_to_child(int fd)
{
	char *args[] = {main_argv[0], (char *)"--how", (char *)"child", NULL}, *none[] = {NULL};
	bool clear = option_is("by", "clear");
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (option_is("by", "raw")) {
		char c[10];

		syscall(SYS_read, fd, c, sizeof(c));
		return;
	}
	if (option_is("by", "spawn")) {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, fd, 0);
		if (posix_spawn(&pid, main_argv[0], &actions, NULL, args, environ) != 0)
			die("posix_spawn");
	} else if ((pid = option_is("by", "vfork") ? vfork() : fork()) == 0) {
		dup2(fd, 0);
		execve(main_argv[0], args, clear ? none : environ);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static int serve(void)
{
	if (option_is("how", "child")) {
		alarm(1);
		return read(0, m.data, sizeof(m.data)) < 0;
	}
	int fd = bound();

	if (!option_is("how", "stdin"))
		return by_children(fd);
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (poll(&p, 1, -1) < 0)
		die("poll");
	hand_to_child(fd);
	say("NOTE handed");
	for (;;) {
		if (poll(&p, 1, -1) < 0)
			die("poll");
		if (receive(fd, &m, MSG_DONTWAIT) >= 0)
			reply(fd, &m);
	}
}
