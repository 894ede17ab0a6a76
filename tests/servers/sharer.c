/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sharer.c - a socket that several hold before one of them binds it
 *
 * --way: who gets a copy, and how.  The one that binds is the parent, but for those named "binds".
 *
 *	dup, dup40, dup1000	copies in the process itself; the last one serves
 *	fork, rights, pidfd	a child that serves; the parent only waits
 *	exec, spawn		a program that serves, executed from a child, or by posix_spawn()
 *	exec-clear		the same without what is preloaded: it only sends; the parent serves
 *	child-binds		a child binds and stays; the parent serves
 *	child-binds-exits	the same, but the child is gone
 *	helper-binds		the same, and the child preloads nothing (authbind's way)
 *
 * --io recvfrom | poll | select | epoll: how the one that serves waits.  Before it serves it sends a
 * canary in clear to port --sink by every call there is; so does the parent after everything was shared.
 */
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "rights.h"
#include "victim.h"

VICTIM_MAIN

extern char **environ;

static int fd;	       /* the socket, as the one that serves holds it */
static int start[2];   /* a byte: it is bound */
static int channel[2]; /* for SCM_RIGHTS */

static void send_clear(const char *who, int s)
{
	static const char text[] = "CANARY-plaintext:shared";
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)atoi(option("sink", "9"))),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct iovec iov = {(void *)text, sizeof(text)};
	struct mmsghdr v = {.msg_hdr = {.msg_name = &to,
					.msg_namelen = sizeof(to),
					.msg_iov = &iov,
					.msg_iovlen = 1}};
	bool sent = sendto(s, text, sizeof(text), MSG_NOSIGNAL, (struct sockaddr *)&to,
			   sizeof(to)) >= 0;

	sent |= sendmsg(s, &v.msg_hdr, MSG_NOSIGNAL) >= 0;
	sent |= sendmmsg(s, &v, 1, MSG_NOSIGNAL) >= 0;
	sent |= send(s, text, sizeof(text), MSG_NOSIGNAL) >= 0;
	sent |= write(s, text, sizeof(text)) >= 0;
	sent |= syscall(SYS_sendto, s, text, sizeof(text), MSG_NOSIGNAL, &to, sizeof(to)) >= 0;
	say("NOTE %s %s", who, sent ? "sent" : "sent nothing");
}

static void wait_readable(int s, int ep)
{
	struct pollfd p = {.fd = s, .events = POLLIN};
	struct epoll_event ev;
	fd_set set;

	if (option_is("io", "poll") && poll(&p, 1, -1) < 0)
		die("poll");
	if (option_is("io", "epoll") && epoll_wait(ep, &ev, 1, -1) < 0)
		die("epoll_wait");
	if (!option_is("io", "select"))
		return;
	FD_ZERO(&set);
	FD_SET(s, &set);
	if (select(s + 1, &set, NULL, NULL, NULL) < 0)
		die("select");
}

static void serve_on(int s, int ep)
{
	static struct message m;

	send_clear("server", s);
	ready(s);
	for (;;) {
		wait_readable(s, ep);
		if (receive(s, &m, 0) < 0) {
			say("NOTE recvfrom: %s", strerrorname_np(errno));
			exit(1);
		}
		if (!m.from_len) {
			say("NOTE recvfrom: end of file");
			exit(1);
		}
		reply(s, &m);
	}
}

/* An epoll that knows the socket before it is bound. */
static int watch(int s)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int ep = option_is("io", "epoll") ? epoll_create1(0) : -1;

	if (ep >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev))
		die("epoll_ctl");
	return ep;
}

static void await_start(void)
{
	char c;

	if (read(start[0], &c, 1) != 1)
		exit(1); /* the parent is gone */
}

/* Becomes this program again, as --way @way, with the socket. */
static void run_again(const char *way, bool clear, bool spawn)
{
	char number[16], pipe_number[16];
	char *args[] = {main_argv[0],
			(char *)"--way",
			(char *)way,
			(char *)"--fd",
			number,
			(char *)"--start",
			pipe_number,
			(char *)"--io",
			(char *)option("io", "recvfrom"),
			(char *)"--sink",
			(char *)option("sink", "9"),
			(char *)"--port",
			(char *)option("port", "0"),
			NULL};
	char *none[] = {NULL};
	pid_t pid;

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(pipe_number, sizeof(pipe_number), "%d", start[0]);
	if (spawn && posix_spawn(&pid, "/proc/self/exe", NULL, NULL, args, environ) != 0)
		die("posix_spawn");
	if (!spawn)
		execve("/proc/self/exe", args, clear ? none : environ);
	if (!spawn)
		die("execve");
}

/* What the other process does. */
static void other(const char *way, pid_t parent)
{
	int ep = -1;

	if (strcmp(way, "exec") == 0)
		run_again("holder", false, false);
	if (strcmp(way, "exec-clear") == 0)
		run_again("clear", true, false);
	if (strcmp(way, "helper-binds") == 0)
		run_again("binder", true, false);
	if (strcmp(way, "rights") == 0)
		fd = take_fd(channel[0]);
	if (strcmp(way, "pidfd") == 0)
		fd = (int)syscall(SYS_pidfd_getfd, pidfd_open(parent, 0), fd, 0);
	if (strncmp(way, "child-binds", 11) == 0) {
		bind_own(fd);
		if (strcmp(way, "child-binds") == 0)
			pause();
		_exit(0);
	}
	if (fd < 0)
		die("a descriptor");
	ep = watch(fd);
	if (write(channel[0], "", 1) != 1) /* it holds the socket */
		die("write");
	await_start();
	serve_on(fd, ep);
}

static int again(const char *way)
{
	int ep;

	start[0] = atoi(option("start", "-1"));
	fd = atoi(option("fd", "-1"));
	if (strcmp(way, "binder") == 0) {
		bind_own(fd);
		return 0;
	}
	ep = watch(fd);
	await_start();
	if (strcmp(way, "clear") != 0)
		serve_on(fd, ep);
	send_clear("holder", fd);
	return 0;
}

static bool is_bound(void)
{
	struct sockaddr_in sa = {0};
	socklen_t len = sizeof(sa);

	return getsockname(fd, (struct sockaddr *)&sa, &len) == 0 && sa.sin_port;
}

static void share_and_serve(const char *way, int copies)
{
	pid_t parent = getpid(), pid;
	bool they_serve = strcmp(way, "exec-clear") != 0 && !strstr(way, "binds");
	int ep = they_serve ? -1 : watch(fd), s = fd;
	char c;

	if (pipe(start) || socketpair(AF_UNIX, SOCK_DGRAM, 0, channel))
		die("pipe");
	while (copies-- > 0)
		s = dup(fd);
	if (s != fd) {
		ep = watch(s);
		bind_own(fd);
		serve_on(s, ep);
	}
	if (strcmp(way, "spawn") == 0) {
		run_again("holder", false, true);
		pid = 1;
	} else {
		pid = fork();
	}
	if (!pid)
		other(way, parent);
	if (strcmp(way, "rights") == 0)
		if (!send_fd(channel[1], fd))
			die("sendmsg");
	if (they_serve && strcmp(way, "exec") != 0 && strcmp(way, "spawn") != 0 &&
	    recv(channel[1], &c, 1, 0) != 1)
		die("recv");
	if (!strstr(way, "binds"))
		bind_own(fd);
	else if (strcmp(way, "child-binds") != 0)
		waitpid(pid, NULL, 0);
	while (!is_bound())
		sched_yield();
	if (write(start[1], "x", 1) != 1)
		die("write");
	if (!they_serve)
		serve_on(fd, ep);
	send_clear("parent", fd);
	waitpid(-1, NULL, 0);
}

static int serve(void)
{
	const char *way = option("way", "dup");

	signal(SIGPIPE, SIG_IGN);
	if (option("fd", NULL))
		return again(way);
	fd = udp_socket(0);
	share_and_serve(way, strncmp(way, "dup", 3) ? 0 : way[3] ? atoi(way + 3) : 1);
	return 0;
}
