/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * The description is only ever looked at (MSG_PEEK), which hands out the descriptors each time: a
 * bundle that several processes inherited makes guests of all.
 *
 * The endpoint's descriptors come last.  Where the process knows the endpoint already, there is no
 * room left for them in the control message and the kernel keeps them back: closing a second copy of
 * the lease would let go of the lock.
 */
#include "shim/serve/handover.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "host/log.h"
#include "host/log_queue.h"
#include "host/sys.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/wire.h"
#include "shim/base/procfd.h"
#include "shim/base/real.h"
#include "shim/base/rights.h"
#include "shim/serve/guests.h"
#include "shim/socket/above.h"
#include "shim/socket/facade.h"
#include "shim/socket/protect.h"

#define CONTROL_MAX 4096 /* bytes of control messages that are looked through */

/* Descriptors in their order; behind the socket's own come those of the endpoint, lease first */
enum { NEAR, FAR, WIRE, N_OWN, N_FDS = N_OWN + SHIM_LEASE_FDS };

static const uint8_t magic[16] = "dtlsshim bundle3";

struct bundle {
	uint8_t magic[16];
	uint64_t dev, ino; /* of the facade */
	struct shim_file_id retired;
	struct shim_origin from;
	int32_t family;
	uint16_t program_port, wire_port;
	uint8_t wildcard, pktinfo4, pktinfo6, shut, shut_send;
};

union rights {
	struct cmsghdr align;
	char space[CMSG_SPACE(N_FDS * sizeof(int))];
};

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER; /* before the table's lock */

void shim_bundle_forked(void)
{
	pthread_mutex_init(&opening, NULL);
}

/* Making */

static long put(int to, const struct bundle *b, const int fds[static N_FDS])
{
	struct iovec iov = {(void *)b, sizeof(*b)};
	union rights rights = {0};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &rights};

	shim_put_rights(&m, fds, N_FDS);
	return host_sys3(SYS_sendmsg, to, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void describe(const struct shim_sock *s, struct bundle *b)
{
	const struct shim_endpoint *ep = s->ep;

	/* Padding between members leaves the process too, so it is cleared */
	memset(b, 0, sizeof(*b));
	memcpy(b->magic, magic, sizeof(magic));
	b->dev = s->dev;
	b->ino = s->ino;
	b->retired = s->retired;
	b->from.key = ep->key;
	b->from.role = ep->role;
	b->from.page_dev = ep->page_dev;
	b->from.page_ino = ep->page_ino;
	b->family = s->family;
	b->program_port = s->program_port;
	b->wire_port = s->wire_port;
	b->wildcard = s->wildcard;
	b->pktinfo4 = s->pktinfo4;
	b->pktinfo6 = s->pktinfo6;
	b->shut = s->shut;
	b->shut_send = s->shut_send;
}

int shim_bundle_make(const struct shim_sock *s)
{
	const struct shim_endpoint *ep = s->ep;
	const int fds[N_FDS] = {s->near, s->far, s->wire, ep->lease, ep->up_in, ep->up_out};
	struct bundle b;
	int pair[2];
	long r;

	describe(s, &b);
	r = host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0);
	if (r < 0)
		return (int)r;
	r = put(pair[1], &b, fds);
	host_sys3(SYS_close, pair[1], 0, 0);
	if (r >= 0)
		return pair[0];
	host_sys3(SYS_close, pair[0], 0, 0);
	return (int)r;
}

/* Opening */

static bool is_trusted(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return !host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &cred, &len, 0) &&
	       shim_trusts(cred.uid);
}

static bool is_bundle(int fd, struct bundle *b)
{
	return host_socket_int(fd, SOL_SOCKET, SO_DOMAIN) == AF_UNIX &&
	       host_socket_int(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM &&
	       host_sys6(SYS_recvfrom, fd, b, sizeof(*b), MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC, 0,
			 0) == sizeof(*b) &&
	       !memcmp(b->magic, magic, sizeof(magic)) && is_trusted(fd);
}

/* The first @n descriptors, kept; -1 where there is none. */
static void take(int fd, int fds[static N_FDS], size_t n)
{
	struct bundle b;
	struct iovec iov = {&b, sizeof(b)};
	union rights rights = {0};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &rights,
			   .msg_controllen = CMSG_LEN(n * sizeof(int))};
	struct cmsghdr *c;

	for (size_t i = 0; i < N_FDS; i++)
		fds[i] = -1;
	if (host_sys3(SYS_recvmsg, fd, &m, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return;
	memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			fds[i] = host_fd_keep(fds[i]);
}

static void drop(int fds[static N_FDS])
{
	for (size_t i = 0; i < N_FDS; i++)
		host_fd_drop(fds[i]);
}

static bool same_file(int fd, uint64_t dev, uint64_t ino)
{
	struct stat st;

	return !host_sys3(SYS_fstat, fd, &st, 0) && st.st_dev == dev && st.st_ino == ino;
}

/* Nobody can take the page's memory away again. */
static bool is_page(int fd, const struct shim_origin *from)
{
	long seals = host_sys3(SYS_fcntl, fd, F_GET_SEALS, 0);

	return seals >= 0 && seals & F_SEAL_SHRINK && same_file(fd, from->page_dev, from->page_ino);
}

/* @n: of how many descriptors. */
static bool is_sound(const struct bundle *b, const int fds[static N_FDS], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] < 0)
			return false;
	return same_file(fds[NEAR], b->dev, b->ino) &&
	       (b->family == AF_INET || b->family == AF_INET6) &&
	       host_socket_int(fds[WIRE], SOL_SOCKET, SO_DOMAIN) == b->family &&
	       host_socket_int(fds[WIRE], SOL_SOCKET, SO_TYPE) == SOCK_DGRAM &&
	       (n == N_OWN || is_page(fds[N_OWN], &b->from));
}

static struct shim_sock *unpack(const struct bundle *b, int fds[static N_FDS])
{
	struct shim_sock *s = shim_sock_new();
	long flags;

	if (!s)
		return NULL;
	s->near = fds[NEAR];
	s->far = fds[FAR];
	s->wire = fds[WIRE];
	fds[NEAR] = fds[FAR] = fds[WIRE] = -1;
	shim_sock_identify(s, &(struct shim_file_id){b->dev, b->ino}, &b->retired);
	s->family = b->family;
	s->program_port = b->program_port;
	s->wire_port = b->wire_port;
	s->wildcard = b->wildcard;
	s->pktinfo4 = b->pktinfo4;
	s->pktinfo6 = b->pktinfo6;
	s->shut = b->shut;
	s->shut_send = b->shut_send;
	s->controls = shim_controls_wanted(s);
	flags = host_sys3(SYS_fcntl, s->near, F_GETFL, 0);
	s->evident = flags >= 0 && flags & (O_NONBLOCK | O_ASYNC);
	if (shim_endpoint_import(s, &b->from, fds + N_OWN)) {
		shim_put(s);
		return NULL;
	}
	pthread_mutex_lock(&s->ep->host.lock);
	shim_refresh_peer(s);
	pthread_mutex_unlock(&s->ep->host.lock);
	shim_publish(s);
	if (s->ep->role == DS_SERVER)
		shim_above->served(s->near);
	/* Where other sockets of the endpoint are shared already, no guest asks again */
	if (shim_shared(s->ep) && shim_owned(s->ep))
		shim_share_wanted(s->ep);
	else if (shim_shared(s->ep))
		s->framed = true;
	return s;
}

/* @s, which this process knows, came in @fd: it may have closed its last number meanwhile. */
static struct shim_sock *come_back(int fd, const struct bundle *b, struct shim_sock *s)
{
	int fds[N_FDS];
	bool back;

	if (s->near >= 0 && s->life != SHIM_LEFT)
		return s;
	take(fd, fds, 1);
	back = same_file(fds[NEAR], b->dev, b->ino) && !shim_facade_return(s, fds[NEAR]);
	drop(fds);
	if (back)
		return s;
	shim_put(s);
	return NULL;
}

/* The socket of @b in this process, with a reference; NULL if that cannot be. */
static struct shim_sock *find_or_unpack(int fd, const struct bundle *b)
{
	bool known = shim_endpoint_has_page(b->from.page_dev, b->from.page_ino);
	size_t n = known ? N_OWN : N_FDS;
	struct shim_sock *s;
	int fds[N_FDS];

	s = shim_sock_find(&(struct shim_file_id){b->dev, b->ino});
	if (s)
		return come_back(fd, b, s);
	take(fd, fds, n);
	if (is_sound(b, fds, n))
		s = unpack(b, fds);
	drop(fds);
	return s;
}

struct shim_sock *shim_bundle_take(int fd)
{
	struct shim_sock *s;
	struct bundle b;

	if (!is_bundle(fd, &b))
		return NULL;
	pthread_mutex_lock(&opening);
	s = find_or_unpack(fd, &b);
	pthread_mutex_unlock(&opening);
	if (!s)
		host_log(HOST_LOG_ERROR,
			 "descriptor %d: a protected socket on port %u came from "
			 "another process and cannot be used",
			 fd, b.program_port);
	return s;
}

bool shim_bundle_open(int fd)
{
	struct shim_sock *s;
	int r;

	if ((unsigned)fd >= shim_fdtab_size)
		return false;
	s = shim_bundle_take(fd);
	if (!s)
		return false;
	r = shim_place_facade(s, fd);
	if (!r)
		host_log(HOST_LOG_INFO, "event=received port=%u wire=%u fd=%d", s->program_port,
			 s->wire_port, fd);
	shim_put(s);
	return !r;
}

/* Passing */

/* Number @fd as it is passed: itself, a bundle that has to be closed, or a negative errno. */
static int to_pass(int fd)
{
	struct shim_sock *s = shim_fd_get(fd);
	int r = fd;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (s) {
		r = shim_bundle_make(s);
		shim_put(s);
	}
	return r;
}

/* A walk over the descriptors that @m passes; begins with zeros. */
struct passed {
	struct cmsghdr *c;
	size_t at;
};

/* The place of the next number in @m, maybe unaligned; NULL: there is none. */
static void *next_passed(struct msghdr *m, struct passed *p)
{
	if (!p->at) {
		p->c = CMSG_FIRSTHDR(m);
		p->at = CMSG_LEN(0);
	}
	for (; p->c; p->c = CMSG_NXTHDR(m, p->c), p->at = CMSG_LEN(0)) {
		if (p->c->cmsg_level != SOL_SOCKET || p->c->cmsg_type != SCM_RIGHTS ||
		    p->at + sizeof(int) > p->c->cmsg_len)
			continue;
		p->at += sizeof(int);
		return (char *)p->c + p->at - sizeof(int);
	}
	return NULL;
}

/* Replaces protected numbers in @m's control messages.  @made: bundles to be closed. */
static int replace(struct msghdr *m, int made[static CONTROL_MAX / sizeof(int)], size_t *n)
{
	struct passed p = {0};
	int fd, now;
	void *at;

	while ((at = next_passed(m, &p))) {
		memcpy(&fd, at, sizeof(fd));
		now = to_pass(fd);
		if (now < 0)
			return now;
		if (now == fd)
			continue;
		made[(*n)++] = now;
		memcpy(at, &now, sizeof(now));
	}
	return 0;
}

static bool passes_protected(const struct msghdr *msg)
{
	struct msghdr *m = (struct msghdr *)msg; /* CMSG_NXTHDR only reads */
	struct passed p = {0};
	const void *at;
	int fd;

	while ((at = next_passed(m, &p))) {
		memcpy(&fd, at, sizeof(fd));
		if (shim_fd_entry(fd) >= SHIM_FD_HIDDEN)
			return true;
	}
	return false;
}

ssize_t shim_pass(int fd, const struct msghdr *msg, int flags)
{
	_Alignas(struct cmsghdr) char control[CONTROL_MAX];
	int made[CONTROL_MAX / sizeof(int)];
	struct msghdr m = *msg;
	size_t n = 0;
	ssize_t r;

	if (!passes_protected(msg))
		return real_sendmsg(fd, msg, flags);
	if (msg->msg_controllen > sizeof(control))
		return shim_result(-EINVAL);
	memcpy(control, msg->msg_control, msg->msg_controllen);
	m.msg_control = control;
	r = replace(&m, made, &n);
	r = r ? shim_result(r) : real_sendmsg(fd, &m, flags);
	while (n--)
		host_sys3(SYS_close, made[n], 0, 0);
	return r;
}

void shim_arrived(const struct msghdr *msg)
{
	struct msghdr *m = (struct msghdr *)msg;
	int saved = errno, fd;
	struct passed p = {0};
	const void *at;

	while ((at = next_passed(m, &p))) {
		memcpy(&fd, at, sizeof(fd));
		shim_fd_arrived(fd);
	}
	errno = saved;
}

/* exec() */

/* Whether the new program will have the shim; it need not be so: a bundle is then as dead as the
 * facade. */
static bool has_shim(char *const env[])
{
	for (; env && *env; env++)
		if (!strncmp(*env, "LD_PRELOAD=", 11))
			return strstr(*env, "libdtlsshim") != NULL;
	return false;
}

/* In a vfork() child the memory is its parent's: nothing is written, nobody is counted, no lock is
 * taken.  The table has its parent's numbers, so each is asked whose facade it is. */
static const struct shim_sock *inherited(int fd)
{
	struct stat st;

	if (host_sys3(SYS_fcntl, fd, F_GETFD, 0) != 0 || host_sys3(SYS_fstat, fd, &st, 0))
		return NULL;
	return shim_sock_by_inode(st.st_dev, st.st_ino);
}

static bool put_bundle(const struct shim_sock *s, int fd, int flags)
{
	int bundle = shim_bundle_make(s);
	long r;

	if (bundle < 0)
		return false;
	r = host_sys3(SYS_dup3, bundle, fd, flags);
	host_sys3(SYS_close, bundle, 0, 0);
	return r >= 0;
}

static void hand_out(void *ctx, int fd, const char *link)
{
	struct shim_exec *x = ctx;
	const struct shim_sock *s;

	if (strncmp(link, "socket:", 7) || x->n == SHIM_EXEC_MAX)
		return;
	s = inherited(fd);
	if (s && !x->shim && s != x->told) {
		x->told = s;
		host_log(HOST_LOG_WARN,
			 "event=handed_out port=%u fd=%d: a program without the shim inherits this "
			 "socket, which is dead there; set close-on-exec, or leave LD_PRELOAD in "
			 "the program's environment",
			 s->program_port, fd);
	} else if (s && x->shim && put_bundle(s, fd, 0))
		x->at[x->n++] = (struct shim_handed){fd, s};
}

static void hand_all_out(struct shim_exec *x, char *const env[])
{
	x->n = 0;
	x->told = NULL;
	x->shim = has_shim(env);
	if (!atomic_load(&shim_n_socks) || (shim_is_vforked() && shim_each_fd(hand_out, x)))
		return;
	for (int fd = 0; (fd = shim_fd_next(fd, INT32_MAX)) >= 0; fd++)
		if (!shim_fd_is_hidden(fd))
			hand_out(x, fd, "socket:");
}

void shim_exec_begin(struct shim_exec *x, char *const env[])
{
	hand_all_out(x, env);
	if (!shim_is_vforked()) /* else the thread that writes the log lives on */
		host_log_flush(HOST_LOG_END);
}

void shim_exec_failed(const struct shim_exec *x)
{
	for (unsigned i = 0; i < x->n; i++)
		host_sys3(SYS_dup3, x->at[i].sock->near, x->at[i].fd, 0);
}

bool shim_spawn_carries(char *const env[])
{
	return atomic_load(&shim_n_socks) && has_shim(env) && !shim_is_vforked();
}

void shim_exec_warn(char *const env[])
{
	struct shim_exec x;

	if (!has_shim(env))
		hand_all_out(&x, env);
}

void shim_spawn_begin(void)
{
	struct shim_sock *s;
	int n = 0;

	for (int fd = 0; n < SHIM_EXEC_MAX && (fd = shim_fd_next(fd, INT32_MAX)) >= 0; fd++) {
		long flags = host_sys3(SYS_fcntl, fd, F_GETFD, 0);

		s = shim_fd_get(fd);
		if (!s || s == SHIM_HIDDEN)
			continue;
		if (flags >= 0 && same_file(fd, s->dev, s->ino))
			n += put_bundle(s, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
		shim_put(s);
	}
}
