/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prefork.c - one socket, several processes
 *
 * --mode recvfrom | recvmmsg | select | epoll: --workers N (3) children wait on the socket this way,
 * the last with EPOLLEXCLUSIVE.  A child that dies is replaced (--replace no: is not).  peek: the parent looks at each
 * message, and a child receives and answers it.  leave: the parent serves until "!fork"; then a
 * child does, and the parent closes the socket when it gets SIGUSR1.  close: "!fork" makes a child that
 * receives one message; then the parent closes the socket and binds another.  held: same, while a
 * thread waits on the one it closes.  flood: after "!fork" a child sends until there is no room, then
 * once more.
 *
 * "?pid" is answered with the worker's process.  "!busy" too; that worker then does nothing until
 * it gets SIGUSR1; "!close" the same without the socket.  "!bind": whether it can bind a socket of its own to the port.
 */
#include <pthread.h>
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

static bool says(const char *text)
{
	return (size_t)m.len == strlen(text) && memcmp(m.data, text, (size_t)m.len) == 0;
}

static void wait_signal(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &sig);
}

static const char *bind_another(void)
{
	socklen_t len;
	struct sockaddr_storage ss = own_address(&len);
	int fd = udp_socket(0), on = 1, r;

	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	r = bind(fd, (struct sockaddr *)&ss, len) < 0 ? errno : 0;
	close(fd);
	return r != 0 ? strerrorname_np(r) : "bound";
}

static void respond(int fd)
{
	bool busy = says("!busy"), closes = says("!close");

	if (busy || says("?pid"))
		m.len = sprintf(m.data, "%d", (int)getpid());
	else if (says("!bind"))
		m.len = sprintf(m.data, "%s", bind_another());
	reply(fd, &m);
	if (busy)
		wait_signal();
	if (closes) {
		close(fd);
		say("NOTE worker closed");
		wait_signal();
	}
}

static ssize_t take(int fd)
{
	struct iovec iov = {m.data, sizeof(m.data)};
	struct mmsghdr vec = {.msg_hdr = {.msg_name = &m.from,
					  .msg_namelen = sizeof(m.from),
					  .msg_iov = &iov,
					  .msg_iovlen = 1}};

	if (!option_is("mode", "recvmmsg"))
		return receive(fd, &m, option_is("mode", "recvfrom") ? 0 : MSG_DONTWAIT);
	if (recvmmsg(fd, &vec, 1, MSG_WAITFORONE, NULL) < 0)
		return -1;
	m.flags = vec.msg_hdr.msg_flags;
	m.from_len = vec.msg_hdr.msg_namelen;
	return m.len = vec.msg_len;
}

__attribute__((noreturn)) static void work(int fd)
{
	int epfd = option_is("mode", "epoll") ? make_epoll(fd) : -1;

	say("NOTE worker %d", (int)getpid());
	for (;;) {
		wait_turn(fd, epfd);
		if (take(fd) >= 0)
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

/* The parent goes, the socket stays with its child. */
__attribute__((noreturn)) static void serve_and_leave(int fd)
{
	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		bool leave = says("!fork");

		respond(fd);
		if (leave)
			break;
	}
	start_worker(fd);
	wait_signal();
	close(fd);
	say("NOTE closed");
	for (;;)
		pause();
}

static void serve_until_fork(int fd)
{
	do {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		respond(fd);
	} while (!says("!fork"));
}

static void *hold(void *fd)
{
	char c;

	recv(*(int *)fd, &c, 1, 0);
	return NULL;
}

/* Alone with a socket that was shared. */
__attribute__((noreturn)) static void serve_and_close(int fd)
{
	pthread_t thread;
	pid_t pid;

	serve_until_fork(fd);
	pid = fork();
	if (pid == 0) {
		say("NOTE worker %d", (int)getpid());
		receive(fd, &m, 0);
		respond(fd);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("fork");
	if (option_is("mode", "held") && pthread_create(&thread, NULL, hold, &fd) != 0)
		die("pthread_create");
	if (option_is("mode", "held"))
		wait_signal();
	close(fd);
	say("NOTE another %s", option_is("mode", "held") ? "not tried" : bind_another());
	for (;;)
		pause();
}

/* A child that only sends. */
__attribute__((noreturn)) static void serve_and_flood(int fd)
{
	serve_until_fork(fd);
	if (fork() == 0) {
		say("NOTE worker %d", (int)getpid());
		wait_signal();
		while (sendto(fd, m.data, 1000, MSG_DONTWAIT, (void *)&m.from, m.from_len) > 0)
			;
		say("NOTE full %s", strerrorname_np(errno));
		sendto(fd, m.data, 1000, 0, (void *)&m.from, m.from_len);
		say("NOTE sent");
	}
	for (;;)
		pause();
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
	if (option_is("mode", "leave"))
		serve_and_leave(fd);
	if (option_is("mode", "close") || option_is("mode", "held"))
		serve_and_close(fd);
	if (option_is("mode", "flood"))
		serve_and_flood(fd);
	for (int i = atoi(option("workers", "3")); i > 0; i--)
		start_worker(fd);
	for (;;) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0)
			die("wait");
		say("NOTE dead %d", (int)pid);
		if (!option_is("replace", "no"))
			start_worker(fd);
	}
}
