/* SPDX-License-Identifier: Apache-2.0 */
/*
 * family.c - one way to share a socket, one moment to do so, one call on the copy
 *
 * family WAY MOMENT ROLE ACTION PORT MILLISECONDS
 *
 * The owner makes a socket, binds or connects it and talks; the holder has a copy of it, got by WAY
 * at MOMENT, and makes one call on it: ACTION.  The program only tells what happened, a line each
 * on standard output; the test that runs it judges, and plays the peer of a server:
 *
 *     BOUND             the peer may speak
 *     ASK text          the peer shall send this text (role server)
 *     ACT result text   the holder's call: a number or the name of an error; what it received
 *     OWN text          the owner has talked once more after that, or the name of an error
 *     FAIL call error   the owner's own preparation failed, nothing follows
 *
 * Every message begins with CLEAR-, so that a recorder finds it on the wire.  MILLISECONDS is the
 * time a call of the holder may wait.  All else ends with alarm().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rights.h"

#define COPIES_MAX  1000
#define OWNER_WAITS 5000 /* milliseconds */
#define SELF	    "/proc/self/exe"

extern char **environ;

static struct {
	const char *way, *moment, *role, *action;
	int port, wait;
} arg;
static char **args;
static int copies[COPIES_MAX], n_copies;
static int epoll = -1; /* of the holder, made when it gets its copy */
static int channel[2]; /* [0] the owner's end, [1] the holder's */
static bool outside;   /* the holder is another process */
static struct sockaddr_in peer;

struct result {
	int ret, err;
	char text[64];
};
static struct result done;

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool begins(const char *a, const char *b)
{
	return strncmp(a, b, strlen(b)) == 0;
}

static void fail(const char *call)
{
	dprintf(1, "FAIL %s %s\n", call, strerrorname_np(errno));
	exit(0);
}

static struct sockaddr_in local(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

/* The calls of the holder. */

static int send_by(const char *how, int fd, const struct sockaddr_in *to)
{
	static char text[] = "CLEAR-holder";
	struct iovec iov = {text, strlen(text)};
	struct mmsghdr m = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};

	if (is(how, "send"))
		return (int)send(fd, text, iov.iov_len, 0);
	if (is(how, "write"))
		return (int)write(fd, text, iov.iov_len);
	if (is(how, "writev"))
		return (int)writev(fd, &iov, 1);
	if (is(arg.role, "server")) {
		m.msg_hdr.msg_name = (void *)to;
		m.msg_hdr.msg_namelen = sizeof(*to);
	}
	if (is(how, "sendmsg"))
		return (int)sendmsg(fd, &m.msg_hdr, 0);
	if (is(how, "sendmmsg"))
		return sendmmsg(fd, &m, 1, 0) == 1 ? (int)m.msg_len : -1;
	return (int)sendto(fd, text, iov.iov_len, 0, (const struct sockaddr *)to, sizeof(*to));
}

static int receive_by(const char *how, int fd, char *text, size_t size, struct sockaddr_in *from)
{
	struct iovec iov = {text, size};
	struct mmsghdr m = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};
	socklen_t len = sizeof(*from);

	if (is(how, "recv"))
		return (int)recv(fd, text, size, 0);
	if (is(how, "read"))
		return (int)read(fd, text, size);
	if (is(how, "recvfrom"))
		return (int)recvfrom(fd, text, size, 0, (struct sockaddr *)from, &len);
	m.msg_hdr.msg_name = from;
	m.msg_hdr.msg_namelen = len;
	if (is(how, "recvmsg"))
		return (int)recvmsg(fd, &m.msg_hdr, 0);
	return recvmmsg(fd, &m, 1, 0, NULL) == 1 ? (int)m.msg_len : -1;
}

/* 1 if there is something to read, 8 if the other end is gone, 0 if nothing came. */
static int wait_by(const char *how, int fd)
{
	struct timeval tv = {arg.wait / 1000, arg.wait % 1000 * 1000L};
	struct epoll_event e = {0};
	struct pollfd p = {.fd = fd, .events = POLLIN};
	fd_set set;
	int n;

	if (is(how, "select")) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		return select(fd + 1, &set, NULL, NULL, &tv);
	}
	if (is(how, "epoll")) {
		n = epoll_wait(epoll, &e, 1, arg.wait);
		return n <= 0 ? n : e.events & (EPOLLHUP | EPOLLERR) ? 8 : 1;
	}
	n = poll(&p, 1, arg.wait);
	return n <= 0 ? n : p.revents & (POLLHUP | POLLERR | POLLNVAL) ? 8 : 1;
}

static bool sends(void)
{
	return begins(arg.action, "send") || begins(arg.action, "write") || is(arg.action, "sink");
}

static bool receives(void)
{
	return begins(arg.action, "rec") || is(arg.action, "read");
}

static bool wants_connection(void)
{
	return is(arg.action, "send") || begins(arg.action, "write");
}

static void act(void)
{
	struct sockaddr_in sink = local(7777), from = peer;
	int ret = 0, rounds = is(arg.moment, "during") && is(arg.action, "sink") ? 50 : 1;
	int last = copies[n_copies - 1];

	memset(&done, 0, sizeof(done));
	for (int i = 0; sends() && i < n_copies * rounds; i += 1 + n_copies / 100) {
		/* From the last copy on, not all of a thousand: the answers must fit into a queue. */
		int r = send_by(arg.action, copies[n_copies - 1 - i % n_copies],
				is(arg.action, "sink") ? &sink : &peer);

		if (i == 0 || r < 0) {
			ret = r;
			done.err = errno;
		}
	}
	if (receives())
		ret = receive_by(arg.action, last, done.text, sizeof(done.text) - 1, &from);
	else if (is(arg.action, "close"))
		for (int i = 0; i < n_copies; i++)
			ret |= close(copies[i]);
	else if (!sends())
		ret = wait_by(arg.action, last);
	if (!sends())
		done.err = errno;
	if (receives() && ret >= 0 && ret < (int)sizeof(done.text))
		done.text[ret] = '\0'; /* a message that the shim took back was longer */
	done.ret = ret;
}

static void watch(void)
{
	struct epoll_event e = {.events = EPOLLIN};

	if (!is(arg.action, "epoll"))
		return;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, copies[n_copies - 1], &e) < 0)
		epoll = -1; /* epoll_wait() will say so */
}

/* The holder as a process: says that it is ready, acts when told the peer, tells what came of it. */
static void hold(int fd, int end)
{
	alarm(20);
	copies[0] = fd;
	n_copies = 1;
	watch();
	if (write(end, "r", 1) != 1 || read(end, &peer, sizeof(peer)) != sizeof(peer))
		_exit(1);
	act();
	if (write(end, &done, sizeof(done)) != sizeof(done))
		_exit(1);
	(void)!read(end, &peer, 1); /* the copy stays open until the owner ends */
	_exit(0);
}

/* The ways. */

static char **holding(int fd, int end)
{
	static char one[12], two[12];
	static char *all[] = {
		(char *)"family", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL};

	snprintf(one, sizeof(one), "%d", fd);
	snprintf(two, sizeof(two), "%d", end);
	for (int i = 1; i <= 6; i++)
		all[i] = args[i];
	all[7] = one;
	all[8] = two;
	return all;
}

static int take(int end)
{
	int fd = take_fd(end);

	if (fd < 0)
		_exit(1);
	return fd;
}

/* The holder of these ways exists before the socket: an own process that is given a copy. */
static void receiver(int end)
{
	int fd;

	if (begins(arg.way, "rights"))
		hold(take(end), end);
	if (read(end, &fd, sizeof(fd)) != sizeof(fd))
		_exit(1);
	fd = (int)syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getppid(), 0), fd, 0);
	if (fd < 0)
		_exit(1);
	hold(fd, end);
}

static bool is_receiver(void)
{
	return begins(arg.way, "rights") || begins(arg.way, "pidfd");
}

static void prepare(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel) < 0)
		fail("socketpair");
	if (!is_receiver() || fork() > 0)
		return;
	close(channel[0]);
	if (strstr(arg.way, "clear") != NULL) {
		unsetenv("LD_PRELOAD");
		execv(SELF, holding(-1, channel[1]));
	}
	receiver(channel[1]);
}

static int files_child(void *fd)
{
	hold((int)(long)fd, channel[1]);
	return 0;
}

static void spawn_holder(int fd)
{
	pid_t pid;

	if (posix_spawn(&pid, SELF, NULL, NULL, holding(fd, channel[1]), environ) != 0)
		fail("posix_spawn");
}

static void fork_holder(int fd)
{
	char **all = holding(fd, channel[1]);
	pid_t pid = is(arg.way, "vfork") ? vfork() : fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0 && is(arg.way, "vfork")) {
		execv(SELF, all);
		_exit(1);
	}
	/* The parent of "child-binds" is the holder, the child goes on as the owner. */
	if ((pid == 0) == is(arg.way, "child-binds")) {
		alarm(20);
		return;
	}
	close(channel[0]);
	if (is(arg.way, "exec-clear"))
		unsetenv("LD_PRELOAD");
	if (begins(arg.way, "exec"))
		execv(SELF, all);
	hold(fd, channel[1]);
}

static void share(int fd)
{
	static char stack[256 * 1024] __attribute__((aligned(16)));
	char c;

	outside = !begins(arg.way, "dup") && !is(arg.way, "thread");
	if (begins(arg.way, "dup")) {
		for (n_copies = 0; n_copies < atoi(arg.way + 3); n_copies++)
			if ((copies[n_copies] = dup(fd)) < 0)
				fail("dup");
	} else if (is(arg.way, "thread")) {
		copies[n_copies++] = fd;
	} else if (begins(arg.way, "rights")) {
		if (!send_fd(channel[0], fd))
			fail("sendmsg");
	} else if (begins(arg.way, "pidfd")) {
		if (write(channel[0], &fd, sizeof(fd)) != sizeof(fd))
			fail("write");
	} else if (is(arg.way, "files")) {
		if (clone(files_child, stack + sizeof(stack), CLONE_FILES | SIGCHLD,
			  (void *)(long)fd) < 0)
			fail("clone");
	} else if (is(arg.way, "spawn")) {
		spawn_holder(fd);
	} else {
		fork_holder(fd);
	}
	if (!outside)
		watch();
	else if (read(channel[0], &c, 1) != 1)
		fail("holder");
}

/* The holder acts: begin() and end() stand apart where it acts while the owner binds. */

static pthread_t thread;

static void *act_in_thread(void *unused)
{
	act();
	return unused;
}

static void begin(void)
{
	if (outside && write(channel[0], &peer, sizeof(peer)) != sizeof(peer))
		fail("holder");
	if (!outside && pthread_create(&thread, NULL, act_in_thread, NULL) != 0)
		fail("pthread_create");
}

static void end(void)
{
	if (outside && read(channel[0], &done, sizeof(done)) != sizeof(done))
		fail("holder");
	if (!outside)
		pthread_join(thread, NULL);
	if (done.ret < 0)
		dprintf(1, "ACT %s\n", strerrorname_np(done.err));
	else
		dprintf(1, "ACT %d %s\n", done.ret, receives() ? done.text : "");
}

/* The owner. */

static void ask(int fd, const char *text)
{
	if (is(arg.role, "server"))
		dprintf(1, "ASK %s\n", text);
	else if (send(fd, text, strlen(text), 0) < 0)
		fail("send");
}

/* Receives, and answers as a server, until `text` has come; tells nothing of the rest. */
static bool talk(int fd, const char *text)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char got[64], back[80];
	struct sockaddr_in from;

	for (;;) {
		socklen_t len = sizeof(from);

		if (poll(&p, 1, OWNER_WAITS) <= 0) {
			errno = ETIMEDOUT;
			return false;
		}
		ssize_t n = recvfrom(fd, got, sizeof(got) - 1, 0, (struct sockaddr *)&from, &len);

		if (n < 0)
			return false;
		got[n] = '\0';
		if (is(arg.role, "client")) {
			if (strstr(got, text) != NULL)
				return true;
			continue;
		}
		peer = from;
		snprintf(back, sizeof(back), "%s-echo", got);
		if (sendto(fd, back, strlen(back), 0, (struct sockaddr *)&from, len) < 0)
			return false;
		if (is(got, text))
			return true;
	}
}

/* authbind's way: a program without the shim, as a privileged one is, binds the socket. */
static void bind_by_helper(int fd)
{
	char number[12];
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(number, sizeof(number), "%d", fd);
		unsetenv("LD_PRELOAD");
		execl(SELF, "family", "bind", number, args[5], (char *)NULL);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail("helper");
}

static void name_it(int fd)
{
	struct sockaddr_in a = local(arg.port);

	if (is(arg.role, "client")) {
		peer = a;
		if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
			fail("connect");
	} else if (strstr(arg.way, "helper") != NULL) {
		bind_by_helper(fd);
	} else if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		fail("bind");
	}
	dprintf(1, "BOUND\n");
}

static void set_options(int fd)
{
	struct timeval tv = {arg.wait / 1000, arg.wait % 1000 * 1000L};
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0)
		fail("setsockopt");
}

/* Until something has been said there is nobody a server could send to. */
static void meet(int fd)
{
	ask(fd, "CLEAR-first");
	if (is(arg.moment, "load")) {
		for (int i = 0; i < 5; i++)
			ask(fd, "CLEAR-load");
		share(fd);
		ask(fd, "CLEAR-last");
		if (!talk(fd, "CLEAR-last"))
			fail("load");
	} else if (!talk(fd, "CLEAR-first")) {
		fail("first");
	}
	if (is(arg.role, "server") && wants_connection() &&
	    connect(fd, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		fail("connect");
}

static int own(int fd)
{
	bool early = is(arg.moment, "during");

	if (is(arg.moment, "fresh") || early)
		share(fd);
	set_options(fd);
	if (is(arg.moment, "options"))
		share(fd);
	if (early)
		begin();
	name_it(fd);
	if (is(arg.moment, "bound"))
		share(fd);
	if (!early && (is(arg.moment, "load") || (sends() && !is(arg.action, "sink"))))
		meet(fd);
	if (!sends() && !is(arg.action, "close"))
		ask(fd, "CLEAR-second");
	if (!early)
		begin();
	end();
	ask(fd, "CLEAR-third");
	dprintf(1, "OWN %s\n", talk(fd, "CLEAR-third") ? "ok" : strerrorname_np(errno));
	return 0;
}

/*
 * systemd's way: who made and bound the socket is without the shim.  "activate": it keeps a copy and
 * is the holder; "activated": it becomes the program, whose child is the holder.
 */
static void activate(void)
{
	struct sockaddr_in a = local(arg.port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	const char *shim = getenv("FAMILY_PRELOAD");

	set_options(fd);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		fail("bind");
	prepare();
	if (is(arg.way, "activated") || fork() == 0) {
		if (shim != NULL && *shim != '\0')
			setenv("LD_PRELOAD", shim, 1);
		execv(SELF, holding(fd, channel[0]));
		_exit(1);
	}
	close(channel[0]);
	hold(fd, channel[1]);
}

static int activated(int fd, int end_of_mine)
{
	char c;

	if (is(arg.way, "activated")) {
		prepare();
		if (!is(arg.moment, "load"))
			share(fd);
	} else {
		channel[0] = end_of_mine;
		outside = true;
		if (read(channel[0], &c, 1) != 1)
			fail("holder");
	}
	dprintf(1, "BOUND\n");
	if (is(arg.moment, "load") || (sends() && !is(arg.action, "sink")))
		meet(fd);
	else if (getsockname(fd, (struct sockaddr *)&peer, &(socklen_t){sizeof(peer)}) < 0)
		fail("getsockname");
	if (!sends() && !is(arg.action, "close"))
		ask(fd, "CLEAR-second");
	begin();
	end();
	ask(fd, "CLEAR-third");
	dprintf(1, "OWN %s\n", talk(fd, "CLEAR-third") ? "ok" : strerrorname_np(errno));
	return 0;
}

int main(int argc, char **argv)
{
	alarm(20);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 4) { /* bind FD PORT */
		struct sockaddr_in a = local(atoi(argv[3]));

		return bind(atoi(argv[2]), (struct sockaddr *)&a, sizeof(a)) < 0;
	}
	if (argc < 7)
		return 2;
	args = argv;
	arg.way = argv[1];
	arg.moment = argv[2];
	arg.role = argv[3];
	arg.action = argv[4];
	arg.port = atoi(argv[5]);
	arg.wait = atoi(argv[6]);
	if (argc == 9 && begins(arg.way, "activate"))
		return activated(atoi(argv[7]), atoi(argv[8]));
	if (argc == 9 && is_receiver())
		receiver(atoi(argv[8]));
	if (argc == 9)
		hold(atoi(argv[7]), atoi(argv[8]));
	if (begins(arg.way, "activate"))
		activate();
	prepare();
	return own(socket(AF_INET, SOCK_DGRAM, 0));
}
