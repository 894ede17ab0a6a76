/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hook: syscall().  bind9 and libuv receive, send and close through it.  Calls that take a
 * descriptor go to the hook of that name; everything else is passed on untouched.
 *
 * The kernel takes some arguments in another form than libc does: the signal mask of ppoll() and
 * its like has a length, which is 8 as in libc, pselect6() packs both into a structure, and
 * preadv2() splits its position.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/base/shim.h"
#include "shim/calls/wait.h"

#define A(type, i) ((type)a[i])

static bool receive(long nr, const long *a, long *r)
{
	switch (nr) {
	case SYS_read: *r = read(A(int, 0), A(void *, 1), A(size_t, 2)); return true;
	case SYS_readv: *r = readv(A(int, 0), A(struct iovec *, 1), A(int, 2)); return true;
	case SYS_preadv2:
		*r = preadv2(A(int, 0), A(struct iovec *, 1), A(int, 2), A(off_t, 3), A(int, 5));
		return true;
	case SYS_recvfrom:
		*r = recvfrom(A(int, 0), A(void *, 1), A(size_t, 2), A(int, 3),
			      A(struct sockaddr *, 4), A(socklen_t *, 5));
		return true;
	case SYS_recvmsg: *r = recvmsg(A(int, 0), A(struct msghdr *, 1), A(int, 2)); return true;
	case SYS_recvmmsg:
		*r = recvmmsg(A(int, 0), A(struct mmsghdr *, 1), A(unsigned, 2), A(int, 3),
			      A(struct timespec *, 4));
		return true;
	default: return false;
	}
}

static bool transmit(long nr, const long *a, long *r)
{
	switch (nr) {
	case SYS_write: *r = write(A(int, 0), A(void *, 1), A(size_t, 2)); return true;
	case SYS_writev: *r = writev(A(int, 0), A(struct iovec *, 1), A(int, 2)); return true;
	case SYS_pwritev2:
		*r = pwritev2(A(int, 0), A(struct iovec *, 1), A(int, 2), A(off_t, 3), A(int, 5));
		return true;
	case SYS_sendto:
		*r = sendto(A(int, 0), A(void *, 1), A(size_t, 2), A(int, 3),
			    A(struct sockaddr *, 4), A(socklen_t, 5));
		return true;
	case SYS_sendmsg: *r = sendmsg(A(int, 0), A(struct msghdr *, 1), A(int, 2)); return true;
	case SYS_sendmmsg:
		*r = sendmmsg(A(int, 0), A(struct mmsghdr *, 1), A(unsigned, 2), A(int, 3));
		return true;
	case SYS_sendfile:
		*r = sendfile64(A(int, 0), A(int, 1), A(off_t *, 2), A(size_t, 3));
		return true;
	case SYS_splice:
		*r = splice(A(int, 0), A(off_t *, 1), A(int, 2), A(off_t *, 3), A(size_t, 4),
			    A(unsigned, 5));
		return true;
	default: return false;
	}
}

static bool naming(long nr, const long *a, long *r)
{
	switch (nr) {
	case SYS_socket: *r = socket(A(int, 0), A(int, 1), A(int, 2)); return true;
	case SYS_bind: *r = bind(A(int, 0), A(struct sockaddr *, 1), A(socklen_t, 2)); return true;
	case SYS_connect:
		*r = connect(A(int, 0), A(struct sockaddr *, 1), A(socklen_t, 2));
		return true;
	case SYS_listen: *r = listen(A(int, 0), A(int, 1)); return true;
	case SYS_shutdown: *r = shutdown(A(int, 0), A(int, 1)); return true;
	case SYS_getsockname:
		*r = getsockname(A(int, 0), A(struct sockaddr *, 1), A(socklen_t *, 2));
		return true;
	case SYS_getpeername:
		*r = getpeername(A(int, 0), A(struct sockaddr *, 1), A(socklen_t *, 2));
		return true;
	case SYS_getsockopt:
		*r = getsockopt(A(int, 0), A(int, 1), A(int, 2), A(void *, 3), A(socklen_t *, 4));
		return true;
	case SYS_setsockopt:
		*r = setsockopt(A(int, 0), A(int, 1), A(int, 2), A(void *, 3), A(socklen_t, 4));
		return true;
	default: return false;
	}
}

static bool numbers(long nr, const long *a, long *r)
{
	switch (nr) {
	case SYS_close: *r = close(A(int, 0)); return true;
	case SYS_close_range:
		*r = close_range(A(unsigned, 0), A(unsigned, 1), A(int, 2));
		return true;
	case SYS_dup: *r = dup(A(int, 0)); return true;
#ifdef SYS_dup2
	case SYS_dup2: *r = dup2(A(int, 0), A(int, 1)); return true;
#endif
	case SYS_dup3: *r = dup3(A(int, 0), A(int, 1), A(int, 2)); return true;
	case SYS_fcntl: *r = fcntl(A(int, 0), A(int, 1), a[2]); return true;
	case SYS_ioctl: *r = ioctl(A(int, 0), A(unsigned long, 1), a[2]); return true;
	case SYS_execve:
		*r = execve(A(char *, 0), A(char *const *, 1), A(char *const *, 2));
		return true;
	default: return false;
	}
}

/* These wait: see to it that somebody watches the wire, then pass on. */
static void before_waiting(long nr, const long *a)
{
	const fd_set *sets[3] = {A(fd_set *, 1), A(fd_set *, 2), A(fd_set *, 3)};

	switch (nr) {
#ifdef SYS_poll
	case SYS_poll:
#endif
	case SYS_ppoll: shim_before_poll_slow(A(struct pollfd *, 0), A(nfds_t, 1)); break;
#ifdef SYS_select
	case SYS_select:
#endif
	case SYS_pselect6: shim_before_select_slow(A(int, 0), sets); break;
#ifdef SYS_epoll_wait
	case SYS_epoll_wait:
#endif
	case SYS_epoll_pwait:
	case SYS_epoll_pwait2: shim_before_epoll_slow(A(int, 0)); break;
	case SYS_io_uring_enter: shim_before_uring_slow(); break;
	case SYS_rt_sigaction: shim_handlers_changed(); break;
	default: break;
	}
}

/* Groups of calls, one for each function above; OTHER are most: calls that no hook is for. */
enum { OTHER, READ_WRITE, RECEIVE, TRANSMIT, NAMING, NUMBERS, EPOLL_CTL, WAITING };

static const uint8_t groups[] = {
	[SYS_read] = READ_WRITE,      [SYS_readv] = READ_WRITE,	    [SYS_preadv2] = RECEIVE,
	[SYS_recvfrom] = RECEIVE,     [SYS_recvmsg] = RECEIVE,	    [SYS_recvmmsg] = RECEIVE,
	[SYS_write] = READ_WRITE,     [SYS_writev] = READ_WRITE,    [SYS_pwritev2] = TRANSMIT,
	[SYS_sendto] = TRANSMIT,      [SYS_sendmsg] = TRANSMIT,	    [SYS_sendmmsg] = TRANSMIT,
	[SYS_sendfile] = TRANSMIT,    [SYS_splice] = TRANSMIT,	    [SYS_socket] = NAMING,
	[SYS_bind] = NAMING,	      [SYS_connect] = NAMING,	    [SYS_listen] = NAMING,
	[SYS_shutdown] = NAMING,      [SYS_getsockname] = NAMING,   [SYS_getpeername] = NAMING,
	[SYS_getsockopt] = NAMING,    [SYS_setsockopt] = NAMING,    [SYS_close] = NUMBERS,
	[SYS_close_range] = NUMBERS,  [SYS_dup] = NUMBERS,	    [SYS_dup3] = NUMBERS,
	[SYS_fcntl] = NUMBERS,	      [SYS_ioctl] = NUMBERS,	    [SYS_execve] = NUMBERS,
	[SYS_epoll_ctl] = EPOLL_CTL,  [SYS_ppoll] = WAITING,	    [SYS_pselect6] = WAITING,
	[SYS_epoll_pwait] = WAITING,  [SYS_epoll_pwait2] = WAITING, [SYS_io_uring_enter] = WAITING,
	[SYS_rt_sigaction] = WAITING,
#ifdef SYS_poll /* and the other old ones */
	[SYS_dup2] = NUMBERS,	      [SYS_poll] = WAITING,	    [SYS_select] = WAITING,
	[SYS_epoll_wait] = WAITING,
#endif
};

/* True if a hook did it. */
static bool redirected(long nr, const long *a, long *r)
{
	if ((unsigned long)nr >= sizeof(groups))
		return false;
	switch (groups[nr]) {
	case READ_WRITE: /* files and pipes use these too */
		return !shim_fd_passes(shim_fd_entry(A(int, 0))) &&
		       (receive(nr, a, r) || transmit(nr, a, r));
	case RECEIVE: return receive(nr, a, r);
	case TRANSMIT: return transmit(nr, a, r);
	case NAMING: return naming(nr, a, r);
	case NUMBERS: return numbers(nr, a, r);
	case EPOLL_CTL:
		*r = epoll_ctl(A(int, 0), A(int, 1), A(int, 2), A(struct epoll_event *, 3));
		return true;
	case WAITING:
		if (shim_unsure())
			before_waiting(nr, a);
		return false;
	default: return false;
	}
}

SHIM_EXPORT long syscall(long nr, ...)
{
	va_list ap;
	long a[6], r;

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (redirected(nr, a, &r))
		return r;
	return real_syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}
