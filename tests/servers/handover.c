/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover.c - serves a socket until "!hand", then hands it to another program, itself again
 *
 * --how exec: becomes that program, the descriptor stays open; shell: by way of one; missing: tries
 * a program that is not there, and goes on.  rights: passes it over a socket; clear: the same to a
 * process that preloads nothing, and sends in clear; spawn: only lists what a child of
 * posix_spawn() that preloads nothing has open.
 *
 * The new program gets --fd N, or --channel N to receive the descriptor on.
 */
#include <spawn.h>
#include <sys/wait.h>

#include "rights.h"
#include "victim.h"

VICTIM_MAIN

static struct message m;

static bool says(const char *text)
{
	return (size_t)m.len == strlen(text) && memcmp(m.data, text, (size_t)m.len) == 0;
}

/* This program with one more argument pair. */
static char **again(const char *name, int number)
{
	static char digits[12];
	static char *args[32];
	int n = 0;

	snprintf(digits, sizeof(digits), "%d", number);
	args[n++] = main_argv[0];
	args[n++] = (char *)name;
	args[n++] = digits;
	for (int i = 1; i < main_argc && n < 31; i++)
		args[n++] = main_argv[i];
	args[n] = NULL;
	return args;
}

static void run_shell(int fd)
{
	char line[512];

	snprintf(line, sizeof(line), "exec '%s' --fd %d", main_argv[0], fd);
	execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	die("execl");
}

static int receive_fd(int channel)
{
	int fd = take_fd(channel);

	if (fd < 0)
		die("recvmsg");
	return fd;
}

static void hand_over(int fd)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		die("socketpair");
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(fd);
		if (option_is("how", "clear"))
			unsetenv("LD_PRELOAD");
		execv(main_argv[0], again("--channel", pair[1]));
		die("execv");
	}
	close(pair[1]);
	if (!send_fd(pair[0], fd))
		die("sendmsg");
	for (;;)
		pause();
}

static void list_descriptors(void)
{
	char *args[] = {(char *)"ls", (char *)"-l", (char *)"/proc/self/fd", NULL};
	char *none[] = {NULL};
	pid_t pid;

	if (posix_spawn(&pid, "/bin/ls", NULL, NULL, args, none) != 0)
		die("posix_spawn");
	waitpid(pid, NULL, 0);
	say("NOTE listed");
}

/* Everything a program without the shim may try, to whoever said "!hand". */
static void send_clear(int fd)
{
	static const char text[] = "CANARY-plaintext:clear";
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(9),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	signal(SIGPIPE, SIG_IGN);
	say("NOTE clear sendto=%zd send=%zd write=%zd",
	    sendto(fd, text, sizeof(text), 0, (struct sockaddr *)&to, sizeof(to)),
	    send(fd, text, sizeof(text), 0), write(fd, text, sizeof(text)));
}

static void hand(int fd)
{
	if (option_is("how", "exec"))
		execv(main_argv[0], again("--fd", fd));
	else if (option_is("how", "shell"))
		run_shell(fd);
	else if (option_is("how", "missing"))
		say("NOTE execv=%d", execl("/nowhere", "x", (char *)NULL));
	else if (option_is("how", "spawn"))
		list_descriptors();
	else
		hand_over(fd);
}

static int serve(void)
{
	int fd = atoi(option("fd", "-1"));

	if (option("channel", NULL) != NULL)
		fd = receive_fd(atoi(option("channel", "")));
	if (fd >= 0)
		say("NOTE got %d pid=%d", fd, (int)getpid());
	else
		fd = udp_server(0);
	if (option_is("how", "clear") && option("channel", NULL) != NULL)
		send_clear(fd);
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		bool over = says("!hand");

		reply(fd, &m);
		if (over)
			hand(fd);
	}
}
