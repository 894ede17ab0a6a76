/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that make, copy and close descriptor numbers.
 *
 * The table (fdtab.h) must follow the program's numbers, for an entry that outlives its number would
 * give another file's reads to a protected socket.  And the program must not lose the shim's own
 * numbers: a server that closes all descriptors when it starts would close the wire.  So ranges are
 * closed around them, single ones answer EBADF, and where the program puts a descriptor at such a
 * number, the shim's moves away first.
 *
 * After vfork() the child runs in its parent's memory, and the table there is the parent's.  Such a
 * child closes and copies in the kernel only.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#include "host/sys.h"
#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/calls/options.h"
#include "shim/serve/lease.h"
#include "shim/socket/close.h"

SHIM_EXPORT int close(int fd)
{
	if (shim_likely(shim_fd_entry(fd) == SHIM_FD_UNKNOWN))
		return real_close(fd);
	if (shim_fd_entry(fd) < SHIM_FD_HIDDEN) {
		shim_fd_detach(fd);
		return real_close(fd);
	}
	return (int)shim_result(shim_close(fd));
}

SHIM_EXPORT int __close(int fd)
{
	return close(fd);
}

SHIM_EXPORT int fclose(FILE *f)
{
	int fd = fileno(f), r;
	struct shim_sock *s = NULL;

	if (fd < 0 || shim_fd_entry(fd) <= SHIM_FD_HIDDEN || shim_is_vforked() || !shim_enter())
		return real_fclose(f);
	s = shim_fd_detach(fd);
	shim_leave(); /* outside the shim, for fclose() writes the stream's buffer first */
	r = real_fclose(f);
	if (s && shim_enter()) {
		shim_fd_released(s);
		shim_leave();
	}
	return r;
}

/* Closes first..last but for our own; protected sockets one by one. */
static int close_between(unsigned first, unsigned last, int flags)
{
	int end = last > INT_MAX ? INT_MAX : (int)last, fd;

	for (; first <= last; first = (unsigned)fd + 1) {
		fd = first > INT_MAX ? -1 : shim_fd_next((int)first, end);
		if (fd < 0)
			return real_close_range(first, last, flags);
		if ((unsigned)fd > first && real_close_range(first, (unsigned)fd - 1, flags))
			return -1;
		if (!shim_fd_is_hidden(fd))
			shim_close(fd);
	}
	return 0;
}

static bool has_ours(unsigned first, unsigned last)
{
	int end = last > INT_MAX ? INT_MAX : (int)last;

	return first <= INT_MAX && shim_fd_next((int)first, end) >= 0;
}

SHIM_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	/* Our own descriptors are close-on-exec already */
	if (first > last || (flags & (int)CLOSE_RANGE_CLOEXEC) || !has_ours(first, last))
		return real_close_range(first, last, flags);
	return close_between(first, last, flags);
}

SHIM_EXPORT void closefrom(int first)
{
	int saved = errno;

	if (close_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0)) {
		/* The kernel is older than 5.9, or a filter refuses: glibc does the same */
		for (int fd = first < 0 ? 0 : first; fd < (int)shim_fdtab_size; fd++)
			close(fd);
	}
	errno = saved;
}

SHIM_EXPORT int dup(int old)
{
	int fd;

	if (shim_fd_is_hidden(old))
		return (int)shim_result(-EBADF);
	fd = real_dup(old);
	if (fd >= 0)
		shim_copied(old, fd);
	return fd;
}

SHIM_EXPORT int dup2(int old, int fd)
{
	if (old == fd)
		return shim_fd_is_hidden(old) ? (int)shim_result(-EBADF) : real_dup2(old, fd);
	if (dup3(old, fd, 0) >= 0)
		return fd;
	return errno == EINVAL ? real_dup2(old, fd) : -1;
}

SHIM_EXPORT int __dup2(int old, int fd)
{
	return dup2(old, fd);
}

SHIM_EXPORT int dup3(int old, int fd, int flags)
{
	int r;

	if (shim_fd_is_hidden(old))
		return (int)shim_result(-EBADF);
	if (shim_unlikely(shim_fd_is_hidden(fd)) && old != fd) {
		/* Nothing moves for a call that fails */
		r = (int)host_sys3(SYS_fcntl, old, F_GETFD, 0);
		if (r >= 0)
			r = shim_vacate(fd);
		if (r < 0)
			return (int)shim_result(r);
	}
	r = real_dup3(old, fd, flags);
	if (r >= 0)
		shim_copied(old, r);
	return r;
}

static int after_fcntl(int fd, int cmd, int r)
{
	struct shim_sock *s;

	if (r < 0)
		return r;
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC) {
		shim_copied(fd, r);
	} else if (cmd == F_SETFL) {
		s = shim_fd_get(fd);
		if (s && s != SHIM_HIDDEN) {
			shim_flags_changed(s);
			shim_put(s);
		}
	}
	return r;
}

/* Every argument is an int, a long or a pointer; as a long all are passed on unchanged. */
#define FCNTL(name, real)                                                                          \
	SHIM_EXPORT int name(int fd, int cmd, ...)                                                 \
	{                                                                                          \
		va_list ap;                                                                        \
		long arg;                                                                          \
                                                                                                   \
		va_start(ap, cmd);                                                                 \
		arg = va_arg(ap, long);                                                            \
		va_end(ap);                                                                        \
		if (shim_fd_is_hidden(fd))                                                         \
			return (int)shim_result(-EBADF);                                           \
		return after_fcntl(fd, cmd, real(fd, cmd, arg));                                   \
	}

FCNTL(fcntl, real_fcntl)
FCNTL(__fcntl, real_fcntl)
FCNTL(fcntl64, real_fcntl64)

SHIM_EXPORT int ioctl(int fd, unsigned long request, ...)
{
	struct shim_sock *s;
	va_list ap;
	void *arg;
	int r;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	s = shim_fd_get(fd);
	if (!s)
		return real_ioctl(fd, request, arg);
	r = shim_ioctl(s, fd, request, arg);
	shim_put(s);
	return (int)shim_result(r);
}

SHIM_EXPORT int sockatmark(int fd)
{
	int at = 0;

	return ioctl(fd, SIOCATMARK, &at) < 0 ? -1 : at;
}
