/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vforker.c - a vfork() child that closes what is not its own, and becomes a program that serves
 *
 * --how range | loop | closefrom: how the child closes all descriptors but the socket; missing: as
 * range, and the first program it tries is not there; clean: as range, and the program preloads
 * nothing.  --move N: the socket is put at that number first.  The new program gets --fd N.
 */
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

extern char **environ;
static struct message m;

static void close_others(int keep)
{
	if (option_is("how", "closefrom")) {
		closefrom(keep < 3 ? 3 : keep + 1);
	} else if (option_is("how", "loop")) {
		for (int fd = 3; fd < 1100; fd++)
			if (fd != keep)
				close(fd);
	} else {
		if (keep > 3)
			close_range(3, (unsigned)keep - 1, 0);
		close_range(keep < 3 ? 3 : (unsigned)keep + 1, ~0U, 0);
	}
}

/* This program with one more argument pair.  Made before vfork(): its child writes nothing. */
static char **again(int number)
{
	static char digits[12];
	static char *args[32];
	int n = 0;

	snprintf(digits, sizeof(digits), "%d", number);
	args[n++] = main_argv[0];
	args[n++] = (char *)"--fd";
	args[n++] = digits;
	for (int i = 1; i < main_argc && n < 31; i++)
		args[n++] = main_argv[i];
	args[n] = NULL;
	return args;
}

static int run_child(int fd)
{
	int number = atoi(option("move", "-1")), status;
	char *none[] = {NULL}, **args;
	bool clean = option_is("how", "clean");

	if (number < 0)
		number = fd;
	args = again(number);
	pid_t pid = vfork();

	if (pid == 0) {
		if (number != fd && dup2(fd, number) != number)
			_exit(8);
		close_others(number);
		if (option_is("how", "missing"))
			execve("/nowhere", args, environ);
		execve(main_argv[0], args, clean ? none : environ);
		_exit(9);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("vfork");
	return status;
}

static int serve(void)
{
	int fd = atoi(option("fd", "-1"));

	if (fd < 0) {
		fd = udp_server(0);
		return run_child(fd);
	}
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	getsockname(fd, (struct sockaddr *)&ss, &len);
	say("NOTE child inet=%d", ss.ss_family == AF_INET);
	if (option_is("how", "clean"))
		return 0;
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
	}
}
