/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strict.c - see strict.h
 *
 * LD_PRELOAD can be got around by a static program or a raw system call.  So before the program
 * starts its ports are taken: a socket on all addresses is bound to each, without SO_REUSEADDR, and
 * a bind() past the shim gets EADDRINUSE.  The sockets stay open across exec(), and an environment
 * variable lists them for the shim, by number and inode, for a number alone might be another file
 * by then (shim/socket/port_guard.c).
 *
 * A port that the service manager has bound already is held by its socket.
 */
#include "tools/strict.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/log.h"
#include "host/strict.h"
#include "host/sys.h"

#define HELD_MAX (2 * HOST_PORTS_MAX + 1)
#define FOLLOWS	 (500 * DS_MSEC) /* see make_patiently() */

struct held {
	int fds[HELD_MAX];
	unsigned n;
};

void strict_say(const char *fmt, ...)
{
	va_list ap;

	fputs("dtlsshim: strict: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Keeps @fd, at a number the program does not expect to get. */
static void add(struct held *h, int fd)
{
	fd = host_fd_keep(fd);
	if (fd < 0)
		host_die(1, "run: no descriptor for strict mode: %s", strerror(-fd));
	h->fds[h->n++] = fd;
}

static bool is_bound_to(int fd, uint16_t port)
{
	union host_sockaddr sa = {.sa = {.sa_family = AF_UNSPEC}};
	socklen_t len = sizeof(sa);
	int type;

	if (getsockname(fd, &sa.sa, &len) ||
	    (sa.sa.sa_family != AF_INET && sa.sa.sa_family != AF_INET6) ||
	    ntohs(sa.in.sin_port) != port)
		return false;
	len = sizeof(type);
	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) && type == SOCK_DGRAM;
}

/* True if the service manager gave us a socket on @port (systemd's LISTEN_FDS; inetd's 0): then it
 * holds the port. */
static bool is_inherited(uint16_t port)
{
	const char *n = getenv("LISTEN_FDS");
	int last = n ? 2 + atoi(n) : 0;

	for (int fd = 0; fd <= last; fd++)
		if (is_bound_to(fd, port))
			return true;
	return false;
}

/* The process beside a program that has just ended may take a moment to follow.  With a state file the
 * program itself may be ending, as for the bind() of the program that comes (host/state.h). */
static int make_patiently(uint16_t port, const struct host_options *o)
{
	struct timespec pause = {.tv_nsec = 20 * DS_MSEC};
	ds_time wait = o->state ? o->state_wait * DS_SECOND : 0, until;
	int fd = host_guard_make(port, false);

	if (fd == -EADDRINUSE && wait)
		strict_say("port %u is in use, tried again for up to %u s (DTLSSHIM_STATE_WAIT)",
			   port, o->state_wait);
	until = host_now() + (wait > FOLLOWS ? wait : FOLLOWS);
	while (fd == -EADDRINUSE && host_now() < until) {
		nanosleep(&pause, NULL);
		fd = host_guard_make(port, false);
	}
	return fd;
}

static void hold(struct held *h, uint16_t port, const struct host_options *o)
{
	int fd;

	if (is_inherited(port))
		return;
	fd = make_patiently(port, o);
	if (fd == -EADDRINUSE)
		host_die(1,
			 "run: port %u (DTLSSHIM_PORTS) is in use by another program: stop that "
			 "one, or say --strict=false",
			 port);
	if (fd < 0)
		host_die(1,
			 "run: port %u (DTLSSHIM_PORTS) cannot be held: %s; or say --strict=false",
			 port, strerror(-fd));
	add(h, fd);
}

/* Holds a port that the program is not to bind, or need not.  If another program has it, this one
 * cannot bind it either. */
static void hold_if_free(struct held *h, uint16_t port)
{
	int fd = host_guard_make(port, false);

	if (fd >= 0)
		add(h, fd);
}

static void hold_ports(struct held *h, const struct host_options *o)
{
	bool wire;

	if (!host_has_role(o, DS_SERVER))
		return; /* the ports are those of servers elsewhere */
	/* With both roles the ports may be those of servers elsewhere on this machine */
	for (uint32_t i = 0; i < o->n_ports; i++) {
		if (host_has_role(o, DS_CLIENT))
			hold_if_free(h, o->ports[i].wire);
		else
			hold(h, o->ports[i].wire, o);
	}
	for (uint32_t i = 0; i < o->n_ports; i++) {
		wire = false;
		for (uint32_t k = 0; k < o->n_ports; k++)
			wire |= o->ports[i].program == o->ports[k].wire;
		if (!wire)
			hold_if_free(h, o->ports[i].program);
	}
	if (!o->n_ports)
		strict_say("no port is named, so none is held before the start; to have that, too, "
			   "add its port, like --ports 5684");
}

/* Leaves descriptors and variable for the program. */
static void hand_over(const struct held *h)
{
	char list[HELD_MAX * 32] = "";
	struct stat st;

	for (unsigned i = 0; i < h->n; i++) {
		if (fcntl(h->fds[i], F_SETFD, 0) || fstat(h->fds[i], &st))
			host_die(1, "run: %s", strerror(errno));
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%d:%llu",
			 i ? "," : "", h->fds[i], (unsigned long long)st.st_ino);
	}
	setenv(HOST_STRICT_VARIABLE, list, 1);
}

/* True in the process beside the program, which is a grandchild: the program must not find a child
 * that it did not make. */
static bool in_process_beside(void)
{
	pid_t child = fork();

	if (child < 0)
		host_die(1, "run: fork: %s", strerror(errno));
	if (child) {
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		return false;
	}
	child = fork();
	if (child)
		_exit(0);
	return true;
}

void strict_begin(const struct host_options *o)
{
	int pair[2], program = (int)syscall(SYS_pidfd_open, getpid(), 0), null, on = 1;
	struct held h = {.n = 0};

	hold_ports(&h, o);
	if (program < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
	    setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)))
		host_die(1, "run: strict mode: %s", strerror(errno));
	add(&h, pair[1]);
	if (!in_process_beside()) {
		close(pair[0]);
		close(program);
		hand_over(&h);
		return;
	}
	prctl(PR_SET_NAME, "dtlsshim-prove");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(1);
	close(h.fds[h.n - 1]); /* only the program's side counts */
	strict_prove(pair[0], program, o);
	_exit(0);
}
