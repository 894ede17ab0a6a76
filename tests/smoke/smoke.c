/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smoke.c - every hooked name, called on a protected socket
 *
 * The table of calls is made by scripts/gen-smoke (SMOKE_CALLS is its file).  Told a name by a
 * client, the program calls it as tests/smoke/calls.txt says and answers "NAME ok" or what came out
 * instead.  Where a message is needed it says "go"; the text is always "text for NAME".
 *
 * Built plain, with _FORTIFY_SOURCE and with _FILE_OFFSET_BITS=64: the same source then calls
 * __recv_chk(), fcntl64() and so on.  --spare N: a port for more sockets.
 */
#include <aio.h>
#include <dlfcn.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "tests/servers/victim.h"

#define PATIENCE 3000 /* ms a call that waits in vain is given */
#define DEEPLY	 (RTLD_NOW | RTLD_DEEPBIND)

ssize_t __recv_chk(int fd, void *buf, size_t n, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t n, size_t room, int flags, struct sockaddr *sa,
		       socklen_t *len);
ssize_t __read_chk(int fd, void *buf, size_t n, size_t room);
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
		size_t room);
sighandler_t bsd_signal(int sig, sighandler_t handler);

static int talk; /* the socket the client speaks to */
static struct sockaddr_in client;
static const char *current; /* name of the call */

/* What the calls in calls.txt use; the compiler must not know the lengths, or it does not check */
static int fd, n, probe = -1, file, pair[2], pipes[2], listener, epfd;
static char buf[2048], text[64];
static volatile size_t room = sizeof(buf);
static volatile int length;
static volatile nfds_t one = 1;
static struct iovec iov;
static struct msghdr msg;
static struct mmsghdr mmsg;
static struct pollfd pfd;
static struct epoll_event event;
static struct timespec patience;
static struct timeval tv;
static struct sockaddr_storage names;
static socklen_t name_len, n_len;
static pid_t spawned;
static struct aiocb aio, *aios[1] = {&aio};
static struct sigaction restart;

static struct sockaddr *name(void)
{
	return (struct sockaddr *)&names;
}

static struct sockaddr *to_client(void)
{
	return (struct sockaddr *)&client;
}

static struct sockaddr *to_port(void)
{
	static struct sockaddr_in sa;

	sa.sin_family = AF_INET;
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons((in_port_t)atoi(option("spare", "0")));
	return (struct sockaddr *)&sa;
}

static void *found(const char *symbol)
{
	void *p = dlsym(RTLD_DEFAULT, symbol);

	if (p == NULL)
		die(symbol);
	return p;
}

static fd_set *set_of(int which)
{
	static fd_set set;

	FD_ZERO(&set);
	FD_SET(which, &set);
	return &set;
}

/* What holds afterwards */

static bool failed(long r, int error)
{
	return r == -1 && errno == error;
}

static bool got(long r)
{
	return r == length && memcmp(buf, text, (size_t)length) == 0;
}

static int port_of(long which)
{
	name_len = sizeof(names);
	if (getsockname((int)which, name(), &name_len) < 0 || names.ss_family != AF_INET)
		return -1;
	return address_port(&names);
}

static bool is_inet(long which)
{
	return port_of(which) >= 0;
}

/* The port of fd, as a plugin sees it; -2 if it was not found where this program has its own. */
static int through(void *plugin)
{
	int (*ask)(int fd) = plugin ? (int (*)(int))dlsym(plugin, "plugin_port") : NULL;

	return ask ? ask(fd) : -2;
}

/* The same number again, and not taken for the socket it was. */
static bool is_fresh(long r)
{
	return r == fd && port_of(r) != atoi(option("spare", "0"));
}

/* The copy lives on without the original. */
static bool is_copy(long r)
{
	close(fd);
	fd = (int)r;
	return r >= 0 && port_of(r) == atoi(option("spare", "0"));
}

/* Before fd's number is given to something else, for then the shim finds out. */
static bool port_is_free(void)
{
	fd = -1;
	return bind(probe, to_port(), sizeof(struct sockaddr_in)) == 0;
}

/* Its wire has a filter that cannot be taken away. */
static bool is_protected(int which)
{
	n_len = sizeof(n);
	return getsockopt(which, SOL_SOCKET, SO_LOCK_FILTER, &n, &n_len) == 0 && n == 1;
}

/* exec(): the child becomes this program again, which says by its exit status what it was given */

static int forked(void)
{
	pid_t pid = fork();

	if (pid == 0)
		alarm(20); /* should the call return */
	return pid;
}

static int waited(void)
{
	int status = -1;

	wait(&status);
	return status;
}

static const char *self(void)
{
	return "/proc/self/exe";
}

static char *number(void)
{
	static char digits[12];

	snprintf(digits, sizeof(digits), "%d", fd);
	return digits;
}

static char **inherit(void)
{
	static char *args[] = {(char *)"smoke", (char *)"--inherited", NULL, NULL};

	args[2] = number();
	return args;
}

/* Setups */

static int new_socket(void)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0)
		die("socket");
	set_timeout(s, PATIENCE);
	return s;
}

static void setup_nothing(void)
{
	fd = talk;
	memset(buf, 0, sizeof(buf));
	iov = (struct iovec){buf, room};
	msg = (struct msghdr){.msg_iov = &iov, .msg_iovlen = 1};
	mmsg = (struct mmsghdr){.msg_hdr = msg};
	event = (struct epoll_event){.events = EPOLLIN};
	patience = (struct timespec){PATIENCE / 1000, 0};
	tv = (struct timeval){PATIENCE / 1000, 0};
	name_len = sizeof(names);
	n_len = sizeof(n);
}

static void go(int from)
{
	if (sendto(from, "go", 2, 0, to_client(), sizeof(client)) < 0)
		say("NOTE go: %s", strerrorname_np(errno));
}

static void setup_message(void)
{
	struct pollfd p = {.fd = talk, .events = POLLIN};

	setup_nothing();
	go(talk);
	poll(&p, 1, PATIENCE);
	aio = (struct aiocb){.aio_fildes = fd, .aio_buf = buf, .aio_nbytes = 1};
	aio.aio_lio_opcode = LIO_READ;
}

/* A second socket with the client's session; connected, so that it gets the client's messages. */
static void another_with_session(void)
{
	socklen_t len;
	struct sockaddr_storage own = own_address(&len);

	setup_nothing();
	fd = new_socket();
	if (bind(fd, (struct sockaddr *)&own, len) < 0 ||
	    connect(fd, to_client(), sizeof(client)) < 0)
		die("second socket");
	pfd = (struct pollfd){.fd = fd, .events = POLLIN};
	epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

static void setup_unseen(void)
{
	another_with_session();
	go(fd);
}

static void setup_connected(void)
{
	another_with_session();
	memcpy(buf, text, (size_t)length);
	iov.iov_len = (size_t)length;
}

static void setup_unbound(void)
{
	setup_nothing();
	probe = socket(AF_INET, SOCK_DGRAM, 0);
	fd = new_socket();
}

static void setup_other(void)
{
	setup_unbound();
	if (bind(fd, to_port(), sizeof(struct sockaddr_in)) < 0)
		die("spare port");
}

static void setup_freed(void)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	static int caller;

	/* for accept() to have something to do */
	close(caller);
	caller = socket(AF_INET, SOCK_STREAM, 0);
	getsockname(listener, (struct sockaddr *)&sa, &len);
	connect(caller, (struct sockaddr *)&sa, len);
	setup_other();
	((int (*)(int))found("__close_nocancel"))(fd);
}

static void setup_hidden(void)
{
	struct stat st;
	char path[64];

	setup_nothing();
	for (fd = 500; fd < 2000; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode) && fcntl(fd, F_GETFD) < 0)
			return;
	}
}

static void on_alarm(int sig)
{
	(void)sig;
	go(fd);
}

static void handle(int sig, int flags)
{
	struct sigaction sa = {.sa_handler = on_alarm, .sa_flags = flags};

	sigaction(sig, &sa, NULL);
}

/* One wait, so that the shim has looked at the handlers. */
static void wait_in_vain(void)
{
	set_timeout(fd, 10);
	recv(fd, buf, room, 0);
	set_timeout(fd, 0);
	restart = (struct sigaction){.sa_handler = on_alarm, .sa_flags = SA_RESTART};
}

static void setup_interrupting(void)
{
	another_with_session();
	handle(SIGALRM, 0);
	handle(SIGUSR2, 0);
	wait_in_vain();
}

static void setup_restarting(void)
{
	another_with_session();
	handle(SIGALRM, SA_RESTART);
	wait_in_vain();
}

/* A receive that SIGALRM meets gets what the handler asks for.  In case no signal meets it, there
 * is a second one. */
static bool goes_on(void)
{
	struct itimerval in = {.it_value = {0, 50000}}, never = {0};
	long r;

	setitimer(ITIMER_REAL, &in, NULL);
	r = recv(fd, buf, room, 0);
	setitimer(ITIMER_REAL, &never, NULL);
	return got(r);
}

static void tidy_up(void)
{
	signal(SIGALRM, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
	if (fd >= 0 && fd != talk)
		close(fd);
	close(probe);
	probe = -1;
	while (recv(talk, buf, room, MSG_DONTWAIT) >= 0)
		;
}

/* The calls */

#define SMOKE(name, setup, call, after)                                                            \
	static bool try_##name(long *result)                                                       \
	{                                                                                          \
		long r;                                                                            \
                                                                                                   \
		setup_##setup();                                                                   \
		errno = 0;                                                                         \
		*result = r = (long)(call);                                                        \
		return after;                                                                      \
	}
#include SMOKE_CALLS
#undef SMOKE

#define SMOKE(name, ...) {#name, try_##name},
static const struct {
	const char *name;
	bool (*run)(long *result);
} calls[] = {
#include SMOKE_CALLS
};
#undef SMOKE

static void try_call(const char *wanted)
{
	char answer[200];
	long r = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, wanted) != 0)
			continue;
		current = calls[i].name;
		length = snprintf(text, sizeof(text), "text for %s", current);
		bool ok = calls[i].run(&r);
		int error = errno;

		tidy_up();
		snprintf(answer, sizeof(answer), ok ? "%s ok" : "%s returned %ld, errno %s",
			 current, r, strerrorname_np(error));
		sendto(talk, answer, strlen(answer), 0, to_client(), sizeof(client));
		return;
	}
}

VICTIM_MAIN

static int serve(void)
{
	char wanted[64];

	if (option("inherited", NULL) != NULL)
		return !is_protected(atoi(option("inherited", "")));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	file = open("/proc/self/exe", O_RDONLY);
	epfd = epoll_create1(0);
	if (listen(listener, 16) < 0 || file < 0 || epfd < 0 || pipe(pipes) < 0)
		die("start");
	if (write(pipes[1], "x", 1) != 1)
		die("pipe");
	talk = new_socket();
	set_timeout(talk, 0);
	bind_own(talk);
	ready(talk);
	for (;;) {
		socklen_t len = sizeof(client);
		ssize_t got_bytes =
			recvfrom(talk, wanted, sizeof(wanted) - 1, 0, to_client(), &len);

		if (got_bytes < 0)
			die("recvfrom");
		wanted[got_bytes] = '\0';
		try_call(wanted);
	}
}
