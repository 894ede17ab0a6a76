/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: sockets, their names and options. */
#include "host/sys.h"
#include "shim/calls/client.h"
#include "shim/base/fdtab.h"
#include "shim/base/preload_order.h"
#include "shim/hooks/hook.h"
#include "shim/calls/options.h"
#include "shim/socket/protect.h"

/* Those that hand out a number say that it is of no interest. */
static int fresh(int fd)
{
	if (fd >= 0)
		shim_fd_fresh(fd);
	return fd;
}

SHIM_EXPORT int socket(int domain, int type, int protocol)
{
	return fresh(real_socket(domain, type, protocol));
}

SHIM_EXPORT int socketpair(int domain, int type, int protocol, int pair[2])
{
	int r = real_socketpair(domain, type, protocol, pair);

	if (!r) {
		fresh(pair[0]);
		fresh(pair[1]);
	}
	return r;
}

SHIM_EXPORT int accept(int fd, struct sockaddr *sa, socklen_t *len)
{
	return fresh(real_accept(fd, sa, len));
}

SHIM_EXPORT int accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags)
{
	return fresh(real_accept4(fd, sa, len, flags));
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
	return r == SHIM_PASS ? real_bind(fd, sa, len) : (int)shim_result(r);
}

SHIM_EXPORT int connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r = s ? 0 : shim_client_meet(fd, sa, len, &s);

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
