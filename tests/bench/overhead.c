/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overhead.c - what a hook costs a descriptor that is not protected
 *
 * overhead ROUNDS PORT, with the shim preloaded: calls every hooked function and, by its address in
 * libc, the function behind it, on the same descriptors, in short rounds that take turns.  Arguments
 * are such that the kernel answers at once, with an error where that is quickest: the less it does,
 * the better the difference is seen.  Prints a line of JSON a call, descriptor and state: the
 * medians over the rounds, and instructions in user mode where they can be counted.
 *
 * States: no protected socket in the process; one, bound to PORT, on which nobody waits, so that
 * hooks must look at what is waited for; the same after poll() on it.
 */
#include <aio.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CALLS	   64 /* a round */
#define ROUNDS_MAX 4096
#define NO_FD	   1000000

enum { SOCKET = 1, PIPE = 2, FILE_ = 4, NONE = 8, ANY = SOCKET | PIPE | FILE_ };

static const char *const kinds[] = {"socket", "pipe", "file", "none"};

struct functions {
	void *f;
	int (*close)(int fd);
};

typedef void run(const struct functions *l, int fd, int n);

struct call {
	const char *name;
	int kinds, per; /* calls of hooked functions a turn */
	run *run;
};

/* What arguments point at */
static char buf[64];
static struct iovec iov = {buf, 0};
static struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
static struct mmsghdr vec = {{.msg_iov = &iov, .msg_iovlen = 1}, 0};
static struct sockaddr_in nowhere = {.sin_family = AF_INET};
static struct sockaddr_storage peer;
static struct epoll_event event;
static struct timespec zero;
static struct timeval zero_tv;
static struct aiocb bad_aio = {.aio_reqprio = -1};
static struct aiocb64 bad_aio64 = {.aio_reqprio = -1};
static struct aiocb *aio_none[1];
static struct aiocb64 *aio_none64[1];
static struct sigaction act;
static int epfd, listener, value, pair[2];
static socklen_t len;
static off_t off;

static long (*raw)(long nr, ...); /* libc's syscall(), which no hook sees */

static struct pollfd *waiting(int fd)
{
	static struct pollfd p;

	p.fd = fd;
	return &p;
}

static fd_set *setof(int fd)
{
	static fd_set s;

	FD_ZERO(&s);
	FD_SET(fd, &s);
	return &s;
}

static socklen_t *room(socklen_t n)
{
	len = n;
	return &len;
}

/* name, descriptors, hooked calls a turn, type of the result and parameters, what a turn does */
#define CALLS_MAP(X)                                                                               \
	X(socket, NONE, 2, int, (int, int, int), l->close(f(AF_UNIX, SOCK_DGRAM, 0)))              \
	X(socketpair, NONE, 3, int, (int, int, int, int *),                                        \
	  (f(AF_UNIX, SOCK_STREAM, 0, pair), l->close(pair[0]), l->close(pair[1])))                \
	X(accept, NONE, 1, int, (int, void *, void *), f(listener, NULL, NULL))                    \
	X(accept4, NONE, 1, int, (int, void *, void *, int), f(listener, NULL, NULL, 0))           \
	X(bind, SOCKET, 1, int, (int, void *, socklen_t), f(fd, &nowhere, sizeof(nowhere)))        \
	X(connect, SOCKET, 1, int, (int, void *, socklen_t), f(fd, &nowhere, 1))                   \
	X(__connect, SOCKET, 1, int, (int, void *, socklen_t), f(fd, &nowhere, 1))                 \
	X(listen, SOCKET, 1, int, (int, int), f(fd, 1))                                            \
	X(shutdown, SOCKET, 1, int, (int, int), f(fd, 3))                                          \
	X(getsockname, SOCKET, 1, int, (int, void *, socklen_t *), f(fd, &peer, room(28)))         \
	X(getpeername, SOCKET, 1, int, (int, void *, socklen_t *), f(fd, &peer, room(28)))         \
	X(getsockopt, SOCKET, 1, int, (int, int, int, void *, socklen_t *),                        \
	  f(fd, SOL_SOCKET, SO_TYPE, &value, room(4)))                                             \
	X(setsockopt, SOCKET, 1, int, (int, int, int, void *, socklen_t),                          \
	  f(fd, SOL_SOCKET, SO_REUSEADDR, &value, 4))                                              \
	X(sockatmark, SOCKET, 1, int, (int), f(fd))                                                \
	X(recv, SOCKET, 1, ssize_t, (int, void *, size_t, int), f(fd, buf, 8, MSG_DONTWAIT))       \
	X(__recv_chk, SOCKET, 1, ssize_t, (int, void *, size_t, size_t, int),                      \
	  f(fd, buf, 8, 64, MSG_DONTWAIT))                                                         \
	X(recvfrom, SOCKET, 1, ssize_t, (int, void *, size_t, int, void *, socklen_t *),           \
	  f(fd, buf, 8, MSG_DONTWAIT, &peer, room(28)))                                            \
	X(__recvfrom_chk, SOCKET, 1, ssize_t,                                                      \
	  (int, void *, size_t, size_t, int, void *, socklen_t *),                                 \
	  f(fd, buf, 8, 64, MSG_DONTWAIT, &peer, room(28)))                                        \
	X(recvmsg, SOCKET, 1, ssize_t, (int, struct msghdr *, int), f(fd, &msg, MSG_DONTWAIT))     \
	X(recvmmsg, SOCKET, 1, int, (int, struct mmsghdr *, unsigned, int, void *),                \
	  f(fd, &vec, 1, MSG_DONTWAIT, NULL))                                                      \
	X(read, ANY, 1, ssize_t, (int, void *, size_t), f(fd, buf, 8))                             \
	X(__read, ANY, 1, ssize_t, (int, void *, size_t), f(fd, buf, 8))                           \
	X(__read_chk, ANY, 1, ssize_t, (int, void *, size_t, size_t), f(fd, buf, 8, 64))           \
	X(readv, ANY, 1, ssize_t, (int, struct iovec *, int), f(fd, &iov, 1))                      \
	X(preadv2, ANY, 1, ssize_t, (int, struct iovec *, int, off_t, int), f(fd, &iov, 1, -1, 0)) \
	X(preadv64v2, ANY, 1, ssize_t, (int, struct iovec *, int, off_t, int),                     \
	  f(fd, &iov, 1, -1, 0))                                                                   \
	X(send, SOCKET, 1, ssize_t, (int, void *, size_t, int), f(fd, buf, 8, 0))                  \
	X(__send, SOCKET, 1, ssize_t, (int, void *, size_t, int), f(fd, buf, 8, 0))                \
	X(sendto, SOCKET, 1, ssize_t, (int, void *, size_t, int, void *, socklen_t),               \
	  f(fd, buf, 8, 0, NULL, 0))                                                               \
	X(sendmsg, SOCKET, 1, ssize_t, (int, struct msghdr *, int), f(fd, &msg, 0))                \
	X(sendmmsg, SOCKET, 1, int, (int, struct mmsghdr *, unsigned, int), f(fd, &vec, 1, 0))     \
	X(write, ANY, 1, ssize_t, (int, void *, size_t), f(fd, buf, 0))                            \
	X(__write, ANY, 1, ssize_t, (int, void *, size_t), f(fd, buf, 0))                          \
	X(writev, ANY, 1, ssize_t, (int, struct iovec *, int), f(fd, &iov, 1))                     \
	X(pwritev2, ANY, 1, ssize_t, (int, struct iovec *, int, off_t, int),                       \
	  f(fd, &iov, 1, -1, 0))                                                                   \
	X(pwritev64v2, ANY, 1, ssize_t, (int, struct iovec *, int, off_t, int),                    \
	  f(fd, &iov, 1, -1, 0))                                                                   \
	X(poll, ANY, 1, int, (struct pollfd *, nfds_t, int), f(waiting(fd), 1, 0))                 \
	X(__poll, ANY, 1, int, (struct pollfd *, nfds_t, int), f(waiting(fd), 1, 0))               \
	X(__poll_chk, ANY, 1, int, (struct pollfd *, nfds_t, int, size_t),                         \
	  f(waiting(fd), 1, 0, 64))                                                                \
	X(ppoll, ANY, 1, int, (struct pollfd *, nfds_t, void *, void *),                           \
	  f(waiting(fd), 1, &zero, NULL))                                                          \
	X(__ppoll_chk, ANY, 1, int, (struct pollfd *, nfds_t, void *, void *, size_t),             \
	  f(waiting(fd), 1, &zero, NULL, 64))                                                      \
	X(select, ANY, 1, int, (int, void *, void *, void *, void *),                              \
	  f(fd + 1, setof(fd), NULL, NULL, &zero_tv))                                              \
	X(__select, ANY, 1, int, (int, void *, void *, void *, void *),                            \
	  f(fd + 1, setof(fd), NULL, NULL, &zero_tv))                                              \
	X(pselect, ANY, 1, int, (int, void *, void *, void *, void *, void *),                     \
	  f(fd + 1, setof(fd), NULL, NULL, &zero, NULL))                                           \
	X(epoll_ctl, ANY, 1, int, (int, int, int, void *), f(epfd, EPOLL_CTL_DEL, fd, &event))     \
	X(epoll_wait, NONE, 1, int, (int, void *, int, int), f(epfd, &event, 1, 0))                \
	X(epoll_pwait, NONE, 1, int, (int, void *, int, int, void *), f(epfd, &event, 1, 0, NULL)) \
	X(epoll_pwait2, NONE, 1, int, (int, void *, int, void *, void *),                          \
	  f(epfd, &event, 1, &zero, NULL))                                                         \
	X(sigaction, NONE, 1, int, (int, void *, void *), f(SIGUSR2, NULL, &act))                  \
	X(__sigaction, NONE, 1, int, (int, void *, void *), f(SIGUSR2, NULL, &act))                \
	X(signal, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                             \
	X(bsd_signal, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                         \
	X(ssignal, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                            \
	X(sysv_signal, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                        \
	X(__sysv_signal, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                      \
	X(sigset, NONE, 1, void *, (int, void *), f(SIGUSR2, SIG_IGN))                             \
	X(siginterrupt, NONE, 1, int, (int, int), f(SIGUSR2, 0))                                   \
	X(close, ANY, 1, int, (int), f((int)raw(SYS_dup, fd)))                                     \
	X(__close, ANY, 1, int, (int), f((int)raw(SYS_dup, fd)))                                   \
	X(fclose, ANY, 1, int, (FILE *), f(fdopen((int)raw(SYS_dup, fd), "r")))                    \
	X(close_range, NONE, 1, int, (unsigned, unsigned, int), f(NO_FD, NO_FD + 8, 0))            \
	X(closefrom, NONE, 1, void, (int), f(NO_FD))                                               \
	X(dup, ANY, 2, int, (int), l->close(f(fd)))                                                \
	X(dup2, ANY, 2, int, (int, int), l->close(f(fd, 200)))                                     \
	X(__dup2, ANY, 2, int, (int, int), l->close(f(fd, 200)))                                   \
	X(dup3, ANY, 2, int, (int, int, int), l->close(f(fd, 200, 0)))                             \
	X(fcntl, ANY, 1, int, (int, int, ...), f(fd, F_GETFL))                                     \
	X(__fcntl, ANY, 1, int, (int, int, ...), f(fd, F_SETFL, O_NONBLOCK))                       \
	X(fcntl64, ANY, 2, int, (int, int, ...), l->close(f(fd, F_DUPFD_CLOEXEC, 100)))            \
	X(ioctl, ANY, 1, int, (int, unsigned long, ...), f(fd, FIONREAD, &value))                  \
	X(sendfile, ANY, 1, ssize_t, (int, int, void *, size_t), f(fd, fd, &off, 0))               \
	X(sendfile64, ANY, 1, ssize_t, (int, int, void *, size_t), f(fd, fd, &off, 0))             \
	X(splice, ANY, 1, ssize_t, (int, void *, int, void *, size_t, unsigned),                   \
	  f(fd, NULL, fd, NULL, 0, 0))                                                             \
	X(aio_read, NONE, 1, int, (void *), f(&bad_aio))                                           \
	X(aio_write, NONE, 1, int, (void *), f(&bad_aio))                                          \
	X(aio_read64, NONE, 1, int, (void *), f(&bad_aio64))                                       \
	X(aio_write64, NONE, 1, int, (void *), f(&bad_aio64))                                      \
	X(lio_listio, NONE, 1, int, (int, void *, int, void *), f(99, aio_none, 1, NULL))          \
	X(lio_listio64, NONE, 1, int, (int, void *, int, void *), f(99, aio_none64, 1, NULL))      \
	X(dlopen, NONE, 1, void *, (const char *, int), f("libc.so.6", RTLD_NOW))                  \
	X(syscall, ANY, 1, long, (long, ...), f(SYS_read, fd, buf, 8))

#define RUN(name, kinds, per, type, params, turn)                                                  \
	static void run_##name(const struct functions *l, int fd, int n)                           \
	{                                                                                          \
		type(*f) params = l->f;                                                            \
                                                                                                   \
		(void)fd;                                                                          \
		while (n--)                                                                        \
			(void)(turn);                                                              \
	}
CALLS_MAP(RUN)

#define ENTRY(name, kinds, per, ...) {#name, kinds, per, run_##name},
static const struct call calls[] = {CALLS_MAP(ENTRY)};

static int perf_fd = -1;

static void perf_start(void)
{
	struct perf_event_attr a = {.type = PERF_TYPE_HARDWARE,
				    .size = sizeof(a),
				    .config = PERF_COUNT_HW_INSTRUCTIONS,
				    .exclude_kernel = 1,
				    .exclude_hv = 1};

	perf_fd = (int)raw(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_value);
	return (v[(n - 1) / 2] + v[n / 2]) / 2;
}

static double timed(const struct call *c, const struct functions *l, int fd)
{
	double start = now();

	c->run(l, fd, CALLS);
	return (now() - start) / CALLS;
}

/* Instructions a turn, or -1. */
static double counted(const struct call *c, const struct functions *l, int fd)
{
	unsigned long long a = 0, b = 0;

	if (raw(SYS_read, perf_fd, &a, sizeof(a)) != sizeof(a))
		return -1;
	c->run(l, fd, CALLS);
	if (raw(SYS_read, perf_fd, &b, sizeof(b)) != sizeof(b))
		return -1;
	return (double)(b - a) / CALLS;
}

static struct functions find(void *where, const char *name)
{
	struct functions l = {.f = dlsym(where, name)};

	*(void **)&l.close = dlsym(where, "close");
	return l;
}

static void measure(const struct call *c, const char *kind, const char *state, int fd, int rounds)
{
	static double plain[ROUNDS_MAX], hook[ROUNDS_MAX], more[ROUNDS_MAX];
	struct functions libc = find(dlopen("libc.so.6", RTLD_NOW), c->name);
	struct functions shim = find(RTLD_DEFAULT, c->name);

	if (!libc.f)
		return; /* this libc has none */
	if (libc.f == shim.f || libc.close == shim.close) {
		fprintf(stderr, "overhead: %s is not hooked: is the shim preloaded?\n", c->name);
		exit(1);
	}
	timed(c, &libc, fd); /* warm up */
	timed(c, &shim, fd);
	for (int i = 0; i < rounds; i++) {
		if (i & 1)
			plain[i] = timed(c, &libc, fd);
		hook[i] = timed(c, &shim, fd);
		if (!(i & 1))
			plain[i] = timed(c, &libc, fd);
		more[i] = (hook[i] - plain[i]) / c->per;
	}
	printf("{\"call\":\"%s\",\"on\":\"%s\",\"state\":\"%s\",\"libc\":%.1f,\"shim\":%.1f,"
	       "\"more\":%.2f",
	       c->name, kind, state, median(plain, rounds), median(hook, rounds),
	       median(more, rounds));
	if (perf_fd >= 0)
		printf(",\"instructions\":%.1f",
		       (counted(c, &shim, fd) - counted(c, &libc, fd)) / c->per);
	printf("}\n");
}

static void measure_all(const char *state, const int fds[4], int rounds)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		for (int k = 0; k < 4; k++)
			if (calls[i].kinds & 1 << k)
				measure(&calls[i], kinds[k], state, fds[k], rounds);
	fflush(stdout);
}

static int protected_socket(const char *port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	sa.sin_port = htons((unsigned short)atoi(port));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa))) {
		perror("overhead: bind");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 ? atoi(argv[1]) : 0, ends[2], fds[4] = {-1, -1, -1, -1}, fd;

	if (rounds < 1 || rounds > ROUNDS_MAX || pipe2(ends, O_NONBLOCK)) {
		fprintf(stderr, "usage: overhead ROUNDS PORT\n");
		return 1;
	}
	*(void **)&raw = dlsym(dlopen("libc.so.6", RTLD_NOW), "syscall");
	perf_start();
	epfd = epoll_create1(EPOLL_CLOEXEC);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	listen(listener, 1);
	fds[0] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	fds[1] = ends[0];
	fds[2] = (int)raw(SYS_openat, AT_FDCWD, "/dev/zero", O_RDWR);
	measure_all("none", fds, rounds);
	fd = protected_socket(argv[2]);
	measure_all("bound", fds, rounds);
	poll(waiting(fd), 1, 0);
	measure_all("watched", fds, rounds);
	return 0;
}
