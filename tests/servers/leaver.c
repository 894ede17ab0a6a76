/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaver.c - echoes, and ends in the way a message asks for
 *
 * "exit": returns from main() with the socket open; "close": closes it and binds another; "abort":
 * ends without a word; "fork": the parent ends so, a child goes on serving; "child": one is made
 * that does nothing.
 */
#include "victim.h"

#include <sys/prctl.h>

VICTIM_MAIN

static void idle_child(void)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		printf("CHILD %d\n", (int)getpid());
		fflush(stdout);
		for (;;)
			pause();
	}
}

static int serve(void)
{
	static struct message m;
	int fd = udp_server(0);

	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		reply(fd, &m);
		if (m.len == 4 && !memcmp(m.data, "exit", 4))
			return 0;
		if (m.len == 5 && !memcmp(m.data, "abort", 5))
			_exit(7); /* as sudden as abort(), which the tests take for our crash */
		if (m.len == 4 && !memcmp(m.data, "fork", 4) && fork())
			_exit(0);
		if (m.len == 5 && !memcmp(m.data, "child", 5))
			idle_child();
		if (m.len == 5 && !memcmp(m.data, "close", 5)) {
			close(fd);
			fd = udp_server(0);
		}
	}
}
