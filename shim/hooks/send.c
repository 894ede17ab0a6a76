/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that send.  Each makes a struct msghdr of its arguments, so that calls/send.c has one form
 * to deal with.
 *
 * A send is also where sockets that are not protected matter.  A client's socket becomes protected by
 * the first send to a listed port (shim_client_meet()), and a send to a peer that has a session on
 * another socket must not leave in clear (shim_second_socket_check()).
 *
 * A thread may be in libc's own send while another thread binds the socket.  The old socket is shut
 * down then, and the send fails with EPIPE; the hook makes it again, on the facade.
 */
#include <limits.h>

#include "shim/serve/handover.h"
#include "shim/calls/client.h"
#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/calls/send.h"
#include "shim/serve/second_socket.h"
#include "shim/calls/wait.h"

/* The program's own socket was retired while the call was on its way (fdtab.h). */
static inline bool send_again(int fd, long r)
{
	return shim_unlikely(r < 0) && errno == EPIPE && shim_fd_turned(fd, r);
}

static ssize_t send_message(struct shim_sock *s, const struct msghdr *m, int flags)
{
	ssize_t r;

	shim_testcancel(s);
	r = shim_send(s, m, flags);
	shim_put(s);
	return shim_result(r);
}

/* An error that can be told from the arguments. */
static ssize_t refuse(struct shim_sock *s, int error)
{
	if (s == SHIM_HIDDEN)
		error = -EBADF;
	shim_put(s);
	return shim_result(error);
}

static ssize_t send_buffer(struct shim_sock *s, const void *buf, size_t n, int flags)
{
	struct iovec iov = {.iov_base = (void *)buf, .iov_len = n};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};

	return send_message(s, &m, flags);
}

SHIM_EXPORT ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	ssize_t r;

	if (s)
		return send_buffer(s, buf, n, flags);
	r = real_send(fd, buf, n, flags);
	return send_again(fd, r) ? send(fd, buf, n, flags) : r;
}

SHIM_EXPORT ssize_t __send(int fd, const void *buf, size_t n, int flags)
{
	return send(fd, buf, n, flags);
}

SHIM_EXPORT ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *sa,
			   socklen_t len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	struct iovec iov = {.iov_base = (void *)buf, .iov_len = n};
	struct msghdr m = {.msg_name = (void *)sa,
			   .msg_namelen = sa ? len : 0,
			   .msg_iov = &iov,
			   .msg_iovlen = 1};
	ssize_t r = s ? 0 : shim_client_meet(fd, sa, len, &s);

	if (!s && !r)
		r = shim_second_socket_check(fd, sa, len);
	if (r)
		return shim_result(r);
	if (!s) {
		r = real_sendto(fd, buf, n, flags, sa, len);
		return send_again(fd, r) ? sendto(fd, buf, n, flags, sa, len) : r;
	}
	if (sa && !len) /* no name for sendmsg(), too short a one here */
		m.msg_namelen = 1;
	if (sa && len > sizeof(struct sockaddr_storage)) /* too long for sendto() only */
		return refuse(s, -EINVAL);
	return send_message(s, &m, flags);
}

SHIM_EXPORT ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	ssize_t r = 0;

	if (!s && shim_unlikely(shim_client_role) && !shim_is_bad(msg))
		r = shim_client_meet(fd, msg->msg_name, msg->msg_namelen, &s);
	if (!s && !r && !shim_is_bad(msg))
		r = shim_second_socket_check(fd, msg->msg_name, msg->msg_namelen);
	if (r)
		return shim_result(r);
	if (!s) {
		r = !shim_is_bad(msg) && msg->msg_control ? shim_pass(fd, msg, flags)
							  : real_sendmsg(fd, msg, flags);
		return send_again(fd, r) ? sendmsg(fd, msg, flags) : r;
	}
	if (flags & SHIM_CMSG_COMPAT || shim_is_bad(msg))
		return refuse(s, flags & SHIM_CMSG_COMPAT ? -EINVAL : -EFAULT);
	return send_message(s, msg, flags);
}

SHIM_EXPORT int sendmmsg(int fd, struct mmsghdr *vec, unsigned n, int flags)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	int r = s ? 0 : shim_client_meet_any(fd, vec, n, &s);

	for (unsigned i = 0; i < n && !s && !r; i++)
		r = shim_second_socket_check(fd, vec[i].msg_hdr.msg_name,
					     vec[i].msg_hdr.msg_namelen);
	if (r)
		return (int)shim_result(r);
	if (!s) {
		r = real_sendmmsg(fd, vec, n, flags);
		return send_again(fd, r) ? sendmmsg(fd, vec, n, flags) : r;
	}
	shim_testcancel(s);
	r = flags & SHIM_CMSG_COMPAT ? -EINVAL : shim_sendmmsg(s, vec, n, flags);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int __sendmmsg(int fd, struct mmsghdr *vec, unsigned n, int flags)
{
	return sendmmsg(fd, vec, n, flags);
}

/* The protected socket behind a write(): the number may be a file's by now. */
static struct shim_sock *for_write(int fd)
{
	struct shim_sock *s = shim_fd_get_socket(fd);

	if (!s || s == SHIM_HIDDEN || !shim_fd_stale(fd, s))
		return s;
	shim_put(s);
	return NULL;
}

SHIM_EXPORT ssize_t write(int fd, const void *buf, size_t n)
{
	struct shim_sock *s = for_write(fd);
	ssize_t r;

	if (s)
		return send_buffer(s, buf, n, 0);
	r = real_write(fd, buf, n);
	return send_again(fd, r) ? write(fd, buf, n) : r;
}

SHIM_EXPORT ssize_t __write(int fd, const void *buf, size_t n)
{
	return write(fd, buf, n);
}

static ssize_t write_vector(struct shim_sock *s, const struct iovec *iov, int n, int rwf)
{
	int flags = rwf & RWF_NOWAIT ? MSG_DONTWAIT : 0;
	struct msghdr m = {.msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n};
	size_t total = 0;

	for (int i = 0; i < n && n <= IOV_MAX && !shim_is_bad(iov); i++)
		total |= iov[i].iov_len;
	if (n < 0 || n > IOV_MAX)
		return refuse(s, -EINVAL);
	if (!total && !(n && shim_is_bad(iov)) && s != SHIM_HIDDEN)
		return refuse(s, 0); /* unlike sendmsg(), nothing in no pieces is no datagram */
	if (rwf & ~SHIM_RWF_KNOWN)
		return refuse(s, -EOPNOTSUPP);
	return send_message(s, &m, flags);
}

SHIM_EXPORT ssize_t writev(int fd, const struct iovec *iov, int n)
{
	struct shim_sock *s = for_write(fd);
	ssize_t r;

	if (s)
		return write_vector(s, iov, n, 0);
	r = real_writev(fd, iov, n);
	return send_again(fd, r) ? writev(fd, iov, n) : r;
}

/* A position of -1 means "as writev()", any other cannot be on a socket. */
SHIM_EXPORT ssize_t pwritev2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	struct shim_sock *s = at == -1 ? for_write(fd) : NULL;

	return s ? write_vector(s, iov, n, flags) : real_pwritev2(fd, iov, n, at, flags);
}

SHIM_EXPORT ssize_t pwritev64v2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	return pwritev2(fd, iov, n, at, flags);
}
