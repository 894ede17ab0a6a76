/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prefork.c - one socket, several processes
 *
 * --mode recvfrom | select | epoll: --workers N (3) children wait on the socket this way, the last
 * with EPOLLEXCLUSIVE.  A child that dies is replaced.  peek: the parent looks at each message, and
 * a child receives and answers it.
 *
 * "?pid" is answered with the worker's process.  "!busy" too; that worker then does nothing until
 * it gets SIGUSR1.
 */
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

static struct message m;

static void wait_turn(int fd, int epfd)
{
	struct epoll_event ev;
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	if (option_is("mode", "select") && select(fd + 1, &set, NULL, NULL, NULL) < 0)
		die("select");
	if (option_is("mode", "epoll") && epoll_wait(epfd, &ev, 1, -1) < 0)
		die("epoll_wait");
}

static int make_epoll(int fd)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int epfd = epoll_create1(0);

	if (epfd < 0 || epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll");
	return epfd;
}

static void respond(int fd)
{
	bool busy = m.len == 5 && memcmp(m.data, "!busy", 5) == 0;
	sigset_t set;
	int sig;

	if (busy || (m.len == 4 && memcmp(m.data, "?pid", 4) == 0))
		m.len = sprintf(m.data, "%d", (int)getpid());
	reply(fd, &m);
	if (!busy)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &sig);
}

__attribute__((noreturn)) static void work(int fd)
{
	int epfd = option_is("mode", "epoll") ? make_epoll(fd) : -1;
	int flags = option_is("mode", "recvfrom") ? 0 : MSG_DONTWAIT;

	say("NOTE worker %d", (int)getpid());
	for (;;) {
		wait_turn(fd, epfd);
		if (receive(fd, &m, flags) >= 0)
			respond(fd);
		else if (errno != EAGAIN)
			die("recvfrom");
	}
}

static void start_worker(int fd)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		work(fd);
}

/* A child for each message, which is not taken before the child does. */
static void serve_peeked(int fd)
{
	char c;

	for (;;) {
		if (recv(fd, &c, 1, MSG_PEEK) < 0)
			die("recv");
		pid_t pid = fork();

		if (pid == 0) {
			if (receive(fd, &m, 0) < 0)
				die("recvfrom");
			respond(fd);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			die("fork");
	}
}

static int serve(void)
{
	sigset_t set;
	int fd = udp_server(0);

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (option_is("mode", "peek"))
		serve_peeked(fd);
	for (int i = atoi(option("workers", "3")); i > 0; i--)
		start_worker(fd);
	for (;;) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0)
			die("wait");
		say("NOTE dead %d", (int)pid);
		start_worker(fd);
	}
}
