/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program must see readiness that is true, in every way a program can ask for it.  To emulate all
 * of them would be endless; instead the kernel has a socket with something in it exactly when there
 * is a message.
 *
 * Tokens are counted, and the count may be wrong: a child without the shim, or a raw system call, can
 * read one.  So before the count matters the kernel is asked (has_token()).  More tokens than messages
 * wake a thread for nothing, which every program has to expect; fewer would leave one asleep.
 *
 * POLLERR needs a trick of its own, see raise_error(); it costs the far end its connection, and a new
 * one takes its place when the error has been told.
 */
#include "shim/socket/facade.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/un.h>

#include "host/sys.h"
#include "host/text.h"
#include "shim/socket/shared_messages.h"
#include "shim/socket/above.h"
#include "shim/socket/retired.h"

/* A socketpair takes some 270 tokens; more than a few only cost time when they are drained. */
#define TOKENS_MAX 32

/* Readies the far end: one byte that stays unread, for raise_error().  Writes of the program
 * past the hooks fail from then on; their messages would pile up there. */
static void charge(struct shim_sock *s)
{
	host_sys6(SYS_sendto, s->near, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
	host_sys3(SYS_shutdown, s->far, SHUT_RD, 0);
}

#define PREFIX	   "dtlsshim-facade-"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* The far end has a name that says where to ask about the facade: a process that got it past the
 * hooks sees the name of its peer. */
static void name_far(int far)
{
	static atomic_uint serial;
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct host_text t = host_text_start(un.sun_path + 1, sizeof(un.sun_path) - 1);

	host_text_add(&t, PREFIX "%016llx-%lx-%x", (unsigned long long)shim_meeting_name(),
		      host_sys3(SYS_getpid, 0, 0, 0), atomic_fetch_add(&serial, 1));
	host_sys3(SYS_bind, far, &un,
		  offsetof(struct sockaddr_un, sun_path) + 1 + strlen(un.sun_path + 1));
}

bool shim_facade_leads_to(int fd, uint64_t *name)
{
	struct sockaddr_un un = {.sun_family = AF_UNSPEC};
	socklen_t len = sizeof(un) - 1; /* leaves a terminating zero */

	if (host_sys3(SYS_getpeername, fd, &un, &len) || un.sun_family != AF_UNIX ||
	    len <= offsetof(struct sockaddr_un, sun_path) + 1 + PREFIX_LEN || un.sun_path[0] ||
	    memcmp(un.sun_path + 1, PREFIX, PREFIX_LEN) != 0)
		return false;
	*name = strtoull(un.sun_path + 1 + PREFIX_LEN, NULL, 16);
	return *name != 0;
}

int shim_facade_make(struct shim_sock *s)
{
	struct stat st;
	int pair[2];
	long r;

	r = host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0);
	if (r < 0)
		return (int)r;
	s->near = host_fd_keep(pair[0]);
	s->far = host_fd_keep(pair[1]);
	if (s->near < 0 || s->far < 0)
		return s->near < 0 ? s->near : s->far;
	charge(s);
	name_far(s->far);
	r = host_sys3(SYS_fstat, s->near, &st, 0);
	if (r < 0)
		return (int)r;
	shim_sock_identify(s, &(struct shim_file_id){st.st_dev, st.st_ino}, NULL);
	return 0;
}

static bool take_token(struct shim_sock *s)
{
	char c;

	return host_sys6(SYS_recvfrom, s->near, &c, 1, MSG_DONTWAIT, 0, 0) >= 0;
}

/* The socket's own name, which the kernel chooses if it has none. */
static bool name_of(int fd, struct sockaddr_un *name, socklen_t *len)
{
	sa_family_t family = AF_UNIX;

	host_sys3(SYS_bind, fd, &family, sizeof(family));
	*len = sizeof(*name);
	return !host_sys3(SYS_getsockname, fd, name, len) && *len > sizeof(family);
}

static void add_token(struct shim_sock *s)
{
	struct sockaddr_un near;
	socklen_t len = 0;

	if (s->cut && !name_of(s->near, &near, &len))
		return;
	if (s->tokens >= TOKENS_MAX && take_token(s))
		s->tokens--;
	if (host_sys6(SYS_sendto, s->far, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, len ? &near : NULL,
		      len) == 1)
		s->tokens++;
}

/* Whether a token lies in the facade.  The kernel is asked: somebody may have read it past the hooks,
 * a child without the shim for instance.  Then the count was wrong, and begins anew. */
static bool has_token(struct shim_sock *s)
{
	int bytes = 0;

	if (s->tokens && !host_sys3(SYS_ioctl, s->near, FIONREAD, &bytes) && bytes > 0)
		return true;
	s->tokens = 0;
	return false;
}

/* A new far end at the number of the old one, without tokens.  Names are in the abstract, and of no
 * use to others: a connected end takes nothing from anybody else.  Should there be no descriptor
 * left, the old one goes on, by name. */
static void renew_far(struct shim_sock *s)
{
	long fd = host_sys3(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un near, far;
	socklen_t near_len, far_len;

	if (fd < 0)
		return;
	name_far((int)fd);
	if (name_of(s->near, &near, &near_len) && name_of((int)fd, &far, &far_len) &&
	    !host_sys3(SYS_connect, s->near, &far, far_len)) {
		s->tokens = 0;
		host_sys3(SYS_connect, fd, &near, near_len);
		host_sys3(SYS_dup3, fd, s->far, O_CLOEXEC);
		s->cut = false;
		charge(s);
	}
	host_sys3(SYS_close, fd, 0, 0);
}

/* Makes the facade report POLLERR.  A datagram socket of a pair gets an error when its other end,
 * with something unread, is disconnected (unix_dgram_disconnected()); there is no other way to give
 * it one. */
static void raise_error(struct shim_sock *s)
{
	struct sockaddr none = {.sa_family = AF_UNSPEC};

	s->raised = s->cut = !host_sys3(SYS_connect, s->far, &none, sizeof(none));
}

static void clear_error(struct shim_sock *s)
{
	socklen_t len = sizeof(int);
	int error;

	host_sys6(SYS_getsockopt, s->near, SOL_SOCKET, SO_ERROR, &error, &len, 0);
	if (s->cut)
		renew_far(s);
	s->raised = false;
}

void shim_facade_mend(struct shim_sock *s)
{
	struct sockaddr_un name;
	socklen_t len = sizeof(name);

	if (host_sys3(SYS_getpeername, s->far, &name, &len) == -ENOTCONN)
		renew_far(s);
}

void shim_facade_put(struct shim_sock *s, const struct shim_item *it)
{
	pthread_mutex_lock(&s->q);
	if (s->framed) {
		shim_frame_put(s, it);
	} else if (shim_queue_push(&s->queue, it)) {
		if (it->error && !s->raised)
			raise_error(s);
		if (!has_token(s))
			add_token(s);
		if (s->evident)
			shim_above->look();
	}
	pthread_mutex_unlock(&s->q);
}

void shim_facade_poke(struct shim_sock *s)
{
	pthread_mutex_lock(&s->q);
	if (!s->framed && !s->tokens)
		add_token(s);
	pthread_mutex_unlock(&s->q);
}

void shim_facade_popped(struct shim_sock *s)
{
	if (s->raised && !s->queue.error)
		clear_error(s);
	if (!shim_queue_empty(&s->queue) && (s->edge || s->waiters || !has_token(s)))
		add_token(s);
}

bool shim_facade_check(struct shim_sock *s)
{
	bool queued;

	pthread_mutex_lock(&s->q);
	queued = !s->framed && !shim_queue_empty(&s->queue);
	if (queued && !has_token(s))
		add_token(s);
	pthread_mutex_unlock(&s->q);
	return queued;
}

void shim_facade_idle(struct shim_sock *s)
{
	if (s->framed || !shim_queue_empty(&s->queue))
		return;
	/* Fewer than counted: somebody read the facade past the hooks. */
	while (s->tokens && take_token(s))
		s->tokens--;
	s->tokens = 0;
	/* A server's wire is shut down with its facade, and readable for ever */
	if ((s->evident || (s->waiters && !s->leader)) && !s->armed &&
	    !(s->shut && s->ep->role == DS_SERVER))
		s->armed = shim_above->arm(s);
}

void shim_facade_release(struct shim_sock *s)
{
	struct sockaddr_un name;
	socklen_t len;

	if (!s->framed)
		shim_facade_drain(s);
	name_of(s->near, &name, &len);
	host_fd_drop(atomic_exchange(&s->near, -1));
}

int shim_facade_return(struct shim_sock *s, int fd)
{
	bool left;
	int copy;

	if (s->near >= 0 && s->life != SHIM_LEFT)
		return 0;
	copy = (int)host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	if (copy >= 0)
		copy = host_fd_keep(copy);
	if (copy < 0)
		return copy;
	pthread_mutex_lock(&s->q);
	if (s->near < 0) {
		s->near = copy;
		copy = -1;
	}
	left = shim_sock_turn(s, SHIM_LEFT, SHIM_SERVED);
	pthread_mutex_unlock(&s->q);
	host_fd_drop(copy);
	if (left)
		shim_put(s); /* the reference of that state */
	return 0;
}

bool shim_facade_held(const struct shim_sock *s)
{
	struct sockaddr_un name;
	socklen_t len = sizeof(name);
	long fd, r;

	if (host_sys3(SYS_getpeername, s->far, &name, &len) || len <= sizeof(sa_family_t))
		return false;
	fd = host_sys3(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true; /* nobody knows; it is asked again */
	r = host_sys3(SYS_connect, fd, &name, len);
	host_sys3(SYS_close, fd, 0, 0);
	return r != -ECONNREFUSED;
}

void shim_facade_drain(struct shim_sock *s)
{
	clear_error(s);
	while (take_token(s))
		;
	s->tokens = 0;
}
