/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * The kernel lets two sockets have one port if both have SO_REUSEADDR.  A guard does not have it,
 * except for the length of one bind(): then guard and wire have it, and afterwards both are what
 * they were.
 *
 * With SO_REUSEPORT the kernel asks the newest socket of the port only whether another may join.
 * So after each bind() another guard is made and the one of the bind() before goes: the newest is
 * always a guard, which does not share.  The first one stays: other processes may have it, too.
 *
 * A guard beside a protected socket must not take its datagrams: host_guard_step_back().
 */
#include "shim/socket/port_guard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "host/log.h"
#include "host/state.h"
#include "host/strict.h"
#include "host/sys.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/report.h"
#include "shim/base/real.h"

#define GUARDS_MAX (2 * HOST_PORTS_MAX) /* a port of the program, one of the wire */

static struct guard {
	atomic_int first, newest; /* -1: none */
	uint16_t port;
} guards[GUARDS_MAX];
static unsigned n_guards;
static atomic_bool ours;    /* this is the program that serves */
static bool held_by_others; /* the variable is there, the descriptors are not */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* False if @fd is something else by now. */
static bool take(int fd, unsigned long long inode)
{
	struct stat st;

	if ((unsigned)fd >= shim_fdtab_size || host_sys3(SYS_fstat, fd, &st, 0) ||
	    !S_ISSOCK(st.st_mode) || st.st_ino != inode)
		return false;
	if (host_socket_int(fd, SOL_SOCKET, SO_DOMAIN) == AF_UNIX) {
		atomic_store(&shim_report_fd, fd);
	} else if (n_guards < GUARDS_MAX) {
		atomic_store(&guards[n_guards].first, fd);
		atomic_store(&guards[n_guards].newest, -1);
		guards[n_guards++].port = host_local_port(fd);
	}
	shim_fd_hide(fd);
	return true;
}

void shim_guard_init(void)
{
	const char *list = getenv(HOST_STRICT_VARIABLE);
	unsigned long long inode;
	char *end;
	long fd;

	while (list && *list) {
		fd = strtol(list, &end, 10);
		inode = *end == ':' ? strtoull(end + 1, &end, 10) : 0;
		if (!take((int)fd, inode))
			held_by_others = true;
		list = *end == ',' ? end + 1 : NULL;
	}
}

static struct guard *find(uint16_t port)
{
	for (unsigned i = 0; i < n_guards; i++)
		if (guards[i].port == port && atomic_load(&guards[i].first) >= 0)
			return &guards[i];
	return NULL;
}

/* A step of the other protected sockets on a port, around the bind() of one more.  The kernel lets two
 * sockets have a port if both share, that is, have SO_REUSEADDR. */
enum step {
	NOTE,	    /* remember whether the program wants the socket to share; change nothing */
	NOTE_ALONE, /* remember it, and share with nobody: the new socket does not share either */
	SHARE,	    /* share, while a new guard is bound beside it */
	RESTORE,    /* share if the program wants it */
};

static void all_on(uint16_t port, enum step step)
{
	struct shim_sock *s;
	bool end = false;

	for (uint32_t i = 0; !end; i++) {
		s = shim_sock_at(i, &end);
		if (!s)
			continue;
		if (s->life != SHIM_MADE && s->wire_port == port) {
			if (step <= NOTE_ALONE)
				s->reuse = host_socket_int(s->wire, SOL_SOCKET, SO_REUSEADDR) > 0;
			if (step != NOTE)
				host_guard_share(s->wire,
						 step == SHARE || (step == RESTORE && s->reuse));
		}
		shim_put(s);
	}
}

static void share(struct guard *g, bool on)
{
	host_guard_share(g->first, on);
	if (atomic_load(&g->newest) >= 0)
		host_guard_share(g->newest, on);
}

/* The newest socket on the port becomes a guard again.  Guards are shared, and so are all others on
 * the port. */
static void renew(struct guard *g)
{
	int fd = host_guard_make(g->port, true);

	if (fd >= 0)
		fd = host_fd_keep(fd);
	if (fd >= 0)
		host_fd_drop(atomic_exchange(&g->newest, fd));
	if (!host_guard_step_back(g->first))
		return;
	/* The guard might take the program's datagrams */
	host_log(HOST_LOG_WARN,
		 "port %u is no longer held against other programs (that needs Linux 5.7)",
		 g->port);
	host_fd_drop(atomic_exchange(&g->first, -1));
}

/* For a privileged port: a library after us, such as authbind's, may have a way to bind it.  That
 * library may do so in a child, and in a program that the child executes; so it gets a copy of @fd
 * that is not in the table and stays open there. */
static int bind_by_library(int fd, const struct sockaddr *sa, socklen_t len)
{
	int copy = (int)host_sys3(SYS_fcntl, fd, F_DUPFD, 3), saved = errno, r;

	if (copy < 0)
		return -EACCES;
	shim_fd_forget(copy);
	r = real_bind(copy, sa, len) ? -EACCES : 0;
	errno = saved;
	host_sys3(SYS_close, copy, 0, 0);
	return r;
}

static int bind_now(int fd, const struct sockaddr *sa, socklen_t len)
{
	int r = (int)host_sys3(SYS_bind, fd, sa, len);

	return r == -EACCES ? bind_by_library(fd, sa, len) : r;
}

static int bind_beside(struct guard *g, int fd, const struct sockaddr *sa, socklen_t len)
{
	bool reuse = host_socket_int(fd, SOL_SOCKET, SO_REUSEADDR) > 0;
	int r;

	all_on(g->port, reuse ? NOTE : NOTE_ALONE);
	share(g, true);
	host_guard_share(fd, true);
	r = bind_now(fd, sa, len);
	if (!r) {
		all_on(g->port, SHARE);
		renew(g);
	}
	share(g, false);
	host_guard_share(fd, reuse);
	all_on(g->port, RESTORE);
	return r;
}

/* Programs that are executed from now on do not get the guards, for this one serves. */
static void keep_to_ourselves(void)
{
	for (unsigned i = 0; i < n_guards; i++)
		host_sys3(SYS_fcntl, guards[i].first, F_SETFD, FD_CLOEXEC);
	host_sys3(SYS_fcntl, shim_report_fd, F_SETFD, FD_CLOEXEC);
}

/* True if another protected socket of this process than that with wire @fd has @port: it will not go
 * while bind() waits. */
static bool is_ours(uint16_t port, int fd)
{
	struct shim_sock *s;
	bool end = false, found = false;

	for (uint32_t i = 0; !end && !found; i++) {
		s = shim_sock_at(i, &end);
		if (!s)
			continue;
		found = s->life != SHIM_MADE && s->wire != fd && s->wire_port == port;
		shim_put(s);
	}
	return found;
}

int shim_guard_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	uint16_t port = ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
	struct guard *g;
	ds_time until = 0;
	int r;

	do {
		pthread_mutex_lock(&lock);
		g = find(port);
		r = g ? bind_beside(g, fd, sa, len) : bind_now(fd, sa, len);
		pthread_mutex_unlock(&lock);
	} while (r == -EADDRINUSE && !is_ours(port, fd) &&
		 host_state_bind_again(&shim_options, port, &until));
	if (!r && !atomic_exchange(&ours, true))
		keep_to_ourselves();
	if (r == -EADDRINUSE && !g && held_by_others)
		host_log(
			HOST_LOG_ERROR,
			"port %u is held for a program that dtlsshim run started, and what started "
			"this one closed the descriptors that would let it in: start the program "
			"itself with dtlsshim run, or say --strict=false",
			port);
	return r;
}

bool shim_guard_vacate(int fd, bool (*move)(atomic_int *at, int fd))
{
	for (unsigned i = 0; i < n_guards; i++)
		if (move(&guards[i].first, fd) || move(&guards[i].newest, fd))
			return true;
	return move(&shim_report_fd, fd);
}

void shim_guard_forked(void)
{
	pthread_mutex_init(&lock, NULL);
}
