/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that make sockets, and give them names and options.
 *
 * A call that hands out a number notes what stands there, a UDP socket or anything else, because
 * most numbers of a program are anything else and shall cost one load at each later call.
 * bind() and connect() are where a socket becomes protected; everything after that is calls/.
 */
#include "host/sys.h"
#include "shim/calls/client.h"
#include "shim/socket/fdtab.h"
#include "shim/base/preload_order.h"
#include "shim/hooks/hook.h"
#include "shim/hooks/startup.h"
#include "shim/calls/options.h"
#include "shim/serve/second_socket.h"
#include "shim/calls/unprotected.h"
#include "shim/socket/protect.h"

/* For each call that hands out a number: notes whether it is a UDP socket, which may be bound one day,
 * by this process or another. */
static int new_number(int fd, bool udp)
{
	if (fd >= 0)
		shim_fd_new(fd, udp);
	return fd;
}

SHIM_EXPORT int socket(int domain, int type, int protocol)
{
	bool udp = (domain == AF_INET || domain == AF_INET6) &&
		   (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) == SOCK_DGRAM;

	return new_number(real_socket(domain, type, protocol), udp);
}

SHIM_EXPORT int socketpair(int domain, int type, int protocol, int pair[2])
{
	int r = real_socketpair(domain, type, protocol, pair);

	if (!r) {
		new_number(pair[0], false);
		new_number(pair[1], false);
	}
	return r;
}

SHIM_EXPORT int accept(int fd, struct sockaddr *sa, socklen_t *len)
{
	return new_number(real_accept(fd, sa, len), false);
}

SHIM_EXPORT int accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags)
{
	return new_number(real_accept4(fd, sa, len, flags), false);
}

SHIM_EXPORT int bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct shim_sock *s;
	int r;

	shim_init(); /* another library's constructor may bind before ours ran */
	s = shim_fd_get_socket(fd);
	if (s == SHIM_HIDDEN)
		shim_bind_met_hidden = true;
	if (s) {
		/* Bound already; the kernel has the right words for it */
		r = s == SHIM_HIDDEN ? -EBADF : (int)host_sys3(SYS_bind, s->wire, sa, len);
		shim_put(s);
		return (int)shim_result(r);
	}
	r = shim_bind(fd, sa, len);
	return r == SHIM_PASS ? shim_unprotected_bind(fd, sa, len) : (int)shim_result(r);
}

SHIM_EXPORT int connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r = s ? 0 : shim_client_meet(fd, sa, len, &s);

	if (!s && !r)
		r = shim_second_socket_check(fd, sa, len);
	if (r)
		return (int)shim_result(r);
	if (!s)
		return real_connect(fd, sa, len);
	r = shim_connect(s, sa, len);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int __connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	return connect(fd, sa, len);
}

SHIM_EXPORT int listen(int fd, int backlog)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_listen(fd, backlog);
	r = s == SHIM_HIDDEN ? -EBADF : (int)host_sys3(SYS_listen, s->wire, backlog, 0);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int shutdown(int fd, int how)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_shutdown(fd, how);
	r = shim_shutdown(s, how);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_getsockname(fd, sa, len);
	r = shim_getsockname(s, sa, len);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int getpeername(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_getpeername(fd, sa, len);
	r = shim_getpeername(s, sa, len);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_getsockopt(fd, level, name, val, len);
	r = shim_getsockopt(s, level, name, val, len);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r;

	if (!s)
		return real_setsockopt(fd, level, name, val, len);
	r = shim_setsockopt(s, level, name, val, len);
	shim_put(s);
	return (int)shim_result(r);
}
