/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that receive.  Each makes a struct msghdr of its arguments, so that calls/recv.c has one
 * form to deal with; differences between the calls, such as when a bad length is noticed, are here.
 *
 * A thread may be in libc's own receive while another thread binds the socket.  The old socket is
 * then shut down, and the receive returns 0 as at the end of a stream.  So a result that can mean
 * this is checked (shim_fd_turned()), and the call begins anew on the facade.
 */
#include <limits.h>
#include <string.h>

#include "shim/serve/handover.h"
#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/calls/recv.h"
#include "shim/calls/wait.h"

/* A single buffer, no control messages. */
static ssize_t recv_buffer(struct shim_sock *s, void *buf, size_t n, int flags, struct msghdr *name)
{
	struct iovec iov = {.iov_base = buf, .iov_len = n < SSIZE_MAX ? n : SSIZE_MAX};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t r;

	shim_testcancel(s);
	if (name) {
		m.msg_name = name->msg_name;
		m.msg_namelen = name->msg_namelen;
	}
	r = shim_recv(s, &m, flags);
	if (name)
		name->msg_namelen = m.msg_namelen;
	shim_put(s);
	return shim_result(r);
}

SHIM_EXPORT ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	ssize_t r;

	if (!s) {
		r = real_recv(fd, buf, n, flags);
		return r >= 0 && shim_fd_turned(fd, r) ? recv(fd, buf, n, flags) : r;
	}
	return recv_buffer(s, buf, n, flags, NULL);
}

SHIM_EXPORT ssize_t __recv(int fd, void *buf, size_t n, int flags)
{
	return recv(fd, buf, n, flags);
}

SHIM_EXPORT ssize_t __recv_chk(int fd, void *buf, size_t n, size_t room, int flags)
{
	if (n > room)
		__chk_fail();
	return recv(fd, buf, n, flags);
}

SHIM_EXPORT ssize_t recvfrom(int fd, void *buf, size_t n, int flags, struct sockaddr *sa,
			     socklen_t *len)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	struct msghdr name = {.msg_name = sa};
	socklen_t room;
	ssize_t r;

	if (!s) {
		room = sa && !shim_is_bad(len) ? *len : 0;
		r = real_recvfrom(fd, buf, n, flags, sa, len);
		if (r < 0 || !shim_fd_turned(fd, r))
			return r;
		if (sa)
			*len = room;
		return recvfrom(fd, buf, n, flags, sa, len);
	}
	if (sa && !shim_is_bad(len) && (int)*len > 0)
		name.msg_namelen = *len;
	r = recv_buffer(s, buf, n, flags, &name);
	if (r < 0 || !sa)
		return r;
	/* The kernel looks at the length when the message is taken already */
	if (shim_is_bad(len) || (int)*len < 0)
		return shim_result(shim_is_bad(len) ? -EFAULT : -EINVAL);
	*len = name.msg_namelen;
	return r;
}

SHIM_EXPORT ssize_t __recvfrom_chk(int fd, void *buf, size_t n, size_t room, int flags,
				   struct sockaddr *sa, socklen_t *len)
{
	if (n > room)
		__chk_fail();
	return recvfrom(fd, buf, n, flags, sa, len);
}

SHIM_EXPORT ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	struct msghdr before;
	ssize_t r;

	if (!s) {
		if (!shim_is_bad(msg))
			before = *msg;
		r = real_recvmsg(fd, msg, flags);
		if (r >= 0 && shim_fd_turned(fd, r)) {
			*msg = before;
			return recvmsg(fd, msg, flags);
		}
		if (r >= 0 && msg->msg_control && msg->msg_controllen)
			shim_arrived(msg);
		return r;
	}
	shim_testcancel(s);
	if (flags & SHIM_CMSG_COMPAT || shim_is_bad(msg))
		r = flags & SHIM_CMSG_COMPAT ? -EINVAL : -EFAULT;
	else
		r = shim_recv(s, msg, flags);
	shim_put(s);
	return shim_result(r);
}

SHIM_EXPORT int recvmmsg(int fd, struct mmsghdr *vec, unsigned n, int flags,
			 struct timespec *timeout)
{
	struct shim_sock *s = shim_fd_get_socket(fd);
	struct msghdr before;
	int r;

	if (!s) {
		if (n && !shim_is_bad(vec))
			before = vec[0].msg_hdr;
		r = real_recvmmsg(fd, vec, n, flags, timeout);
		if (r > 0 && shim_fd_turned(fd, vec[0].msg_len)) {
			vec[0].msg_hdr = before;
			return recvmmsg(fd, vec, n, flags, timeout);
		}
		for (int i = 0; i < r; i++)
			if (vec[i].msg_hdr.msg_control && vec[i].msg_hdr.msg_controllen)
				shim_arrived(&vec[i].msg_hdr);
		return r;
	}
	shim_testcancel(s);
	r = flags & SHIM_CMSG_COMPAT ? -EINVAL : shim_recvmmsg(s, vec, n, flags, timeout);
	shim_put(s);
	return (int)shim_result(r);
}

/* The protected socket behind a read(): the number may be a file's by now. */
static struct shim_sock *for_read(int fd)
{
	struct shim_sock *s = shim_fd_get_socket(fd);

	if (!s || s == SHIM_HIDDEN || !shim_fd_stale(fd, s))
		return s;
	shim_put(s);
	return NULL;
}

SHIM_EXPORT ssize_t read(int fd, void *buf, size_t n)
{
	struct shim_sock *s = for_read(fd);
	ssize_t r;

	if (!s) {
		r = real_read(fd, buf, n);
		return r >= 0 && n && shim_fd_turned(fd, r) ? read(fd, buf, n) : r;
	}
	if (!n && s != SHIM_HIDDEN) { /* takes nothing, unlike recv() */
		shim_put(s);
		return 0;
	}
	return recv_buffer(s, buf, n, 0, NULL);
}

SHIM_EXPORT ssize_t __read(int fd, void *buf, size_t n)
{
	return read(fd, buf, n);
}

SHIM_EXPORT ssize_t __read_chk(int fd, void *buf, size_t n, size_t room)
{
	if (n > room)
		__chk_fail();
	return read(fd, buf, n);
}

static bool is_empty(const struct iovec *iov, int n)
{
	for (int i = 0; i < n && !shim_is_bad(iov); i++)
		if (iov[i].iov_len)
			return false;
	return n == 0 || !shim_is_bad(iov);
}

/* @rwf: flags of preadv2(), looked at where there is something to read. */
static ssize_t read_vector(struct shim_sock *s, const struct iovec *iov, int n, int rwf)
{
	int flags = rwf & RWF_NOWAIT ? MSG_DONTWAIT : 0;
	struct msghdr m = {.msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n};
	ssize_t r;

	shim_testcancel(s);
	if (n < 0 || n > IOV_MAX)
		r = -EINVAL;
	else if (s != SHIM_HIDDEN && is_empty(iov, n))
		r = 0;
	else if (rwf & ~SHIM_RWF_KNOWN)
		r = -EOPNOTSUPP;
	else
		r = shim_recv(s, &m, flags);
	shim_put(s);
	return shim_result(r);
}

SHIM_EXPORT ssize_t readv(int fd, const struct iovec *iov, int n)
{
	struct shim_sock *s = for_read(fd);
	ssize_t r;

	if (s)
		return read_vector(s, iov, n, 0);
	r = real_readv(fd, iov, n);
	/* Without room, 0 is no end */
	return r >= 0 && !is_empty(iov, n) && shim_fd_turned(fd, r) ? readv(fd, iov, n) : r;
}

/* A position of -1 means "as readv()", any other cannot be on a socket. */
SHIM_EXPORT ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	struct shim_sock *s = at == -1 ? for_read(fd) : NULL;

	return s ? read_vector(s, iov, n, flags) : real_preadv2(fd, iov, n, at, flags);
}

SHIM_EXPORT ssize_t preadv64v2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	return preadv2(fd, iov, n, at, flags);
}
