/* SPDX-License-Identifier: Apache-2.0 */
/* probe_recv.c - probes of every way to receive and to wait; see probe.h */
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

#include "probe.h"

static void short_buffer(int fd, int room)
{
	go(fd);
	put_recv("recv", fd, (size_t)room, 0);
	put_recv("rest", fd, 100, MSG_DONTWAIT);
}

static void trunc_flag(int fd, int room)
{
	go(fd);
	put_recv("recv", fd, (size_t)room, MSG_TRUNC);
	put_recv("rest", fd, 100, MSG_DONTWAIT);
}

static void peek(int fd, int room)
{
	go(fd);
	put_recv("peek", fd, (size_t)room, MSG_PEEK);
	put_recv("again", fd, (size_t)room, MSG_PEEK | MSG_TRUNC);
	put_recv("recv", fd, MESSAGE_MAX, 0);
	put_recv("rest", fd, 100, MSG_DONTWAIT | MSG_PEEK);
}

static void put_recvmsg(const char *name, int fd, size_t room, int flags)
{
	char buf[256];
	struct iovec iov[2] = {{buf, room / 2}, {buf + 128, room - room / 2}};
	struct msghdr h = {.msg_iov = iov, .msg_iovlen = 2, .msg_flags = 0x7777};
	ssize_t n = recvmsg(fd, &h, flags);

	put_result(name, n);
	if (n >= 0)
		put(",flags=%#x,namelen=%d,controllen=%zu", (unsigned)h.msg_flags,
		    (int)h.msg_namelen, h.msg_controllen);
}

static void recvmsg_trunc(int fd, int room)
{
	go(fd);
	put_recvmsg("plain", fd, (size_t)room, 0);
	put_recvmsg("trunc", fd, (size_t)room, MSG_TRUNC);
	put_recvmsg("fits", fd, 200, 0);
	put_recvmsg("none", fd, 200, MSG_DONTWAIT);
}

/* recv() of nothing takes the message, read() of nothing does not. */
static void zero_length(int fd, int arg)
{
	char c = 0;

	(void)arg;
	go(fd);
	wait_readable(fd);
	put_result("read", read(fd, &c, 0));
	put_result("recv", recv(fd, &c, 0, 0));
	put_recv("rest", fd, 100, MSG_DONTWAIT);
}

static void put_fionread(const char *name, int fd)
{
	int n = -1;

	put_result(name, ioctl(fd, FIONREAD, &n) < 0 ? -1 : n);
}

static void fionread(int fd, int arg)
{
	(void)arg;
	put_fionread("empty", fd);
	go(fd);
	wait_readable(fd);
	put_fionread("first", fd);
	put_recv("recv", fd, 100, 0);
	wait_readable(fd);
	put_fionread("second", fd);
	put_recv("recv", fd, 100, 0);
	put_fionread("empty", fd);
}

static void nonblock(int fd, int arg)
{
	int fl = fcntl(fd, F_GETFL), on = 1, off = 0;

	(void)arg;
	put(" flags=%#x", (unsigned)fl);
	fcntl(fd, F_SETFL, fl | O_NONBLOCK);
	put_recv("fcntl", fd, 100, 0);
	put(" flags=%#x", (unsigned)fcntl(fd, F_GETFL));
	fcntl(fd, F_SETFL, fl);
	put_recv("dontwait", fd, 100, MSG_DONTWAIT);
	ioctl(fd, FIONBIO, &on);
	put_recv("ioctl", fd, 100, 0);
	put_result("read", read(fd, result + result_len, 1));
	ioctl(fd, FIONBIO, &off);
	put(" flags=%#x", (unsigned)fcntl(fd, F_GETFL));
	/* blocking again */
	go(fd);
	put_recv("recv", fd, 100, 0);
}

static long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

static void receive_timeout(int fd, int ms)
{
	struct timeval tv = {0};
	socklen_t len = sizeof(tv);
	struct timespec start;

	set_timeout(fd, ms);
	getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, &len);
	put(" set=%ld", tv.tv_sec * 1000 + tv.tv_usec / 1000);
	clock_gettime(CLOCK_MONOTONIC, &start);
	put_recv("recv", fd, 100, 0);
	long took = elapsed_ms(&start);

	put(" took=%s", took >= ms - 5 && took < ms + 3000 ? "right" : "wrong");
	put_result("read", read(fd, result + result_len, 1));
	go(fd);
	set_timeout(fd, 5000);
	put_recv("recv", fd, 100, 0);
	set_timeout(fd, 0);
}

static volatile sig_atomic_t alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
	say("NOTE alarm");
}

static void alarm_in(int ms, int flags)
{
	struct sigaction sa = {.sa_handler = on_alarm, .sa_flags = flags};
	struct itimerval once = {.it_value = {0, ms * 1000}};

	alarms = 0;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &once, NULL);
}

/* A handler without SA_RESTART: every kind of wait comes back. */
static void interrupted(int fd, int arg)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct message *m = &client;
	struct sockaddr_storage from = client.from;
	struct mmsghdr v = {.msg_hdr = {.msg_iov = &(struct iovec){result, 0}, .msg_iovlen = 1}};

	(void)arg;
	alarm_in(30, 0);
	put_recv("recv", fd, 100, 0);
	alarm_in(30, 0);
	put_recv("peek", fd, 100, MSG_PEEK);
	alarm_in(30, 0);
	put_result("recvmmsg", recvmmsg(fd, &v, 1, MSG_WAITFORONE, NULL));
	alarm_in(30, 0);
	put_result("poll", poll(&p, 1, -1));
	/* a handler with SA_RESTART does not hide the alarm from a receive with a time limit */
	set_timeout(fd, 5000);
	alarm_in(30, SA_RESTART);
	put_recv("limited", fd, 100, 0);
	set_timeout(fd, 0);
	m->from = from;
}

/* A handler with SA_RESTART: the client answers once it has seen the alarm go off. */
static void restarted(int fd, int other)
{
	struct sigaction sa = {.sa_handler = on_alarm};

	if (other) /* a program may have handlers of both kinds */
		sigaction(SIGUSR2, &sa, NULL);
	alarm_in(30, SA_RESTART);
	put_recv("recv", fd, 100, 0);
	put(" alarms=%d", (int)alarms);
}

static void polls(int fd, int arg)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT};
	struct timeval now = {0};
	fd_set set;

	(void)arg;
	put_result("poll", poll(&p, 1, 0));
	put(",%#x", (unsigned)p.revents);
	p.events = POLLIN;
	put_result("poll", poll(&p, 1, 0));
	go(fd);
	put_result("poll", poll(&p, 1, 5000));
	put(",%#x", (unsigned)p.revents);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	put_result("select", select(fd + 1, &set, NULL, NULL, &now));
	put_result("pselect", pselect(fd + 1, &set, NULL, NULL, &(struct timespec){0}, NULL));
	put_result("ppoll", ppoll(&p, 1, &(struct timespec){0}, NULL));
	put_recv("recv", fd, 100, 0);
	put_result("poll", poll(&p, 1, 0));
}

static int epoll_of(int fd, uint32_t events)
{
	int ep = epoll_create1(0);
	struct epoll_event ev = {.events = events, .data.u64 = 0x0123456789abcdef};

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll_ctl");
	return ep;
}

static void put_epoll(const char *name, int ep)
{
	struct epoll_event ev = {0};
	int n = epoll_wait(ep, &ev, 1, 0);

	put_result(name, n);
	if (n == 1)
		put(",%#x%s", ev.events, ev.data.u64 == 0x0123456789abcdef ? "" : ",other data");
}

static void epolls(int fd, int arg)
{
	int level = epoll_of(fd, EPOLLIN), edge = epoll_of(fd, EPOLLIN | EPOLLET);
	int once = epoll_of(fd, EPOLLIN | EPOLLONESHOT), nested = epoll_of(level, EPOLLIN);

	(void)arg;
	put_epoll("level", level);
	put_epoll("edge", edge);
	go(fd);
	wait_readable(fd);
	for (int i = 0; i < 2; i++) {
		put_epoll("level", level);
		put_epoll("nested", nested);
		put_epoll("edge", edge);
		put_epoll("once", once);
	}
	put_recv("recv", fd, 100, 0);
	put_epoll("level", level);
	put_epoll("nested", nested);
	close(nested);
	close(once);
	close(edge);
	close(level);
}

static void name_length(int fd, int room)
{
	struct sockaddr_storage from;
	char buf[100];
	socklen_t len = (socklen_t)room;

	memset(&from, 0x55, sizeof(from));
	go(fd);
	put_result("recvfrom", recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len));
	put(" namelen=%d untouched=%d", (int)len, ((unsigned char *)&from)[room] == 0x55);
	wait_readable(fd);
	put_result("none", recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL));
}

static void scatter(int fd, int arg)
{
	char a[4] = "", b[5] = "", c[100] = "";
	struct iovec iov[3] = {{a, 3}, {b, 4}, {c, 99}};

	(void)arg;
	go(fd);
	put_result("readv", readv(fd, iov, 3));
	put(":%s|%s|%s", a, b, c);
	memset(c, 0, sizeof(c));
	put_result("read", read(fd, c, sizeof(c)));
	put(":%s", c);
}

/* Three messages, by recvmmsg() in as many calls as it takes. */
static void several(int fd, int arg)
{
	char buf[4][50];
	int got = 0;

	(void)arg;
	go(fd);
	while (got < 3 && wait_readable(fd) == 1) {
		struct iovec iov[4];
		struct mmsghdr v[4];

		memset(v, 0, sizeof(v));
		for (int i = 0; i < 4; i++) {
			iov[i] = (struct iovec){buf[i], sizeof(buf[i])};
			v[i].msg_hdr.msg_iov = &iov[i];
			v[i].msg_hdr.msg_iovlen = 1;
		}
		int n = recvmmsg(fd, v, 4, MSG_WAITFORONE, NULL);

		for (int i = 0; i < n; i++)
			put(" %.*s:%#x", (int)v[i].msg_len, buf[i],
			    (unsigned)v[i].msg_hdr.msg_flags);
		got += n > 0 ? n : 0;
	}
	put_result("none", recvmmsg(fd, &(struct mmsghdr){0}, 1, MSG_DONTWAIT, NULL));
	put_result("zero", recvmmsg(fd, NULL, 0, 0, NULL));
}

static void control_messages(int fd, int arg)
{
	char buf[50], ctl[256];
	struct iovec iov = {buf, sizeof(buf)};
	const size_t rooms[] = {sizeof(ctl), 4, 0};

	(void)arg;
	set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
	set_int(fd, SOL_SOCKET, SO_TIMESTAMP, 1);
	go(fd);
	for (size_t i = 0; i < 3; i++) {
		struct msghdr h = {.msg_iov = &iov,
				   .msg_iovlen = 1,
				   .msg_control = ctl,
				   .msg_controllen = rooms[i]};

		put_result("recvmsg", recvmsg(fd, &h, 0));
		put(",flags=%#x,controllen=%zu", (unsigned)h.msg_flags, h.msg_controllen);
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c)) {
			struct timeval tv;

			put(",cmsg %d/%d", c->cmsg_level, c->cmsg_type);
			if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMP)
				continue;
			memcpy(&tv, CMSG_DATA(c), sizeof(tv));
			put(" %s", labs(tv.tv_sec - time(NULL)) < 60 ? "now" : "some time");
		}
	}
	set_int(fd, SOL_SOCKET, SO_TIMESTAMP, 0);
	set_int(fd, IPPROTO_IP, IP_PKTINFO, 0);
}

static void error_queue(int fd, int arg)
{
	(void)arg;
	put_recv("empty", fd, 100, MSG_ERRQUEUE);
	put_recv("nowait", fd, 100, MSG_ERRQUEUE | MSG_DONTWAIT);
}

/* SIGIO when a message comes. */
static void signal_driven(int fd, int arg)
{
	int fl = fcntl(fd, F_GETFL);
	struct timespec limit = {5, 0};
	sigset_t set;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	put_result("setown", fcntl(fd, F_SETOWN, getpid()));
	put_result("setfl", fcntl(fd, F_SETFL, fl | O_ASYNC));
	go(fd);
	put(" signal=%s", sigtimedwait(&set, NULL, &limit) == SIGIO ? "SIGIO" : "none");
	put_recv("recv", fd, 100, MSG_DONTWAIT);
	fcntl(fd, F_SETFL, fl);
	while (sigtimedwait(&set, NULL, &(struct timespec){0}) == SIGIO)
		; /* none may be left over */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static const struct probe probes[] = {
	{"short", short_buffer},
	{"trunc", trunc_flag},
	{"peek", peek},
	{"recvmsg", recvmsg_trunc},
	{"zero", zero_length},
	{"fionread", fionread},
	{"nonblock", nonblock},
	{"timeout", receive_timeout},
	{"interrupted", interrupted},
	{"restarted", restarted},
	{"poll", polls},
	{"epoll", epolls},
	{"namelen", name_length},
	{"scatter", scatter},
	{"several", several},
	{"control", control_messages},
	{"errqueue", error_queue},
	{"sigio", signal_driven},
	{NULL, NULL},
};

VICTIM_MAIN

static int serve(void)
{
	return probe_loop(probes);
}
