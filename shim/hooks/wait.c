/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: waiting.  The kernel does it, on the facade; we only see that somebody watches the wire.
 */
#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/calls/wait.h"

static inline void before_poll(struct pollfd *fds, nfds_t n)
{
	if (shim_unsure())
		shim_before_poll_slow(fds, n);
}

static inline void before_select(int n, const fd_set *r, const fd_set *w, const fd_set *x)
{
	const fd_set *sets[3] = {r, w, x};

	if (shim_unsure())
		shim_before_select_slow(n, sets);
}

static inline void before_epoll(int epfd)
{
	if (shim_unsure())
		shim_before_epoll_slow(epfd);
}

SHIM_EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	before_poll(fds, n);
	return real_poll(fds, n, timeout);
}

SHIM_EXPORT int __poll(struct pollfd *fds, nfds_t n, int timeout)
{
	return poll(fds, n, timeout);
}

SHIM_EXPORT int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room)
{
	if (room / sizeof(*fds) < n)
		__chk_fail();
	return poll(fds, n, timeout);
}

SHIM_EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		      const sigset_t *mask)
{
	before_poll(fds, n);
	return real_ppoll(fds, n, timeout, mask);
}

SHIM_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			    const sigset_t *mask, size_t room)
{
	if (room / sizeof(*fds) < n)
		__chk_fail();
	return ppoll(fds, n, timeout, mask);
}

SHIM_EXPORT int select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout)
{
	before_select(n, r, w, x);
	return real_select(n, r, w, x, timeout);
}

SHIM_EXPORT int __select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout)
{
	return select(n, r, w, x, timeout);
}

SHIM_EXPORT int pselect(int n, fd_set *r, fd_set *w, fd_set *x, const struct timespec *timeout,
			const sigset_t *mask)
{
	before_select(n, r, w, x);
	return real_pselect(n, r, w, x, timeout, mask);
}

/* Registrations are the kernel's; that there is one, and whether it wants edges, is good to know.
 */
SHIM_EXPORT int epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)
{
	struct shim_sock *s = shim_fd_get_socket(fd);

	if (s == SHIM_HIDDEN || shim_fd_is_hidden(epfd))
		return (int)shim_result(-EBADF);
	if (s && op != EPOLL_CTL_DEL && ev) {
		s->in_epoll = true;
		if (ev->events & EPOLLET)
			s->edge = true;
	}
	if (s)
		shim_put(s);
	return real_epoll_ctl(epfd, op, fd, ev);
}

SHIM_EXPORT int epoll_wait(int epfd, struct epoll_event *ev, int n, int timeout)
{
	before_epoll(epfd);
	return real_epoll_wait(epfd, ev, n, timeout);
}

SHIM_EXPORT int epoll_pwait(int epfd, struct epoll_event *ev, int n, int timeout,
			    const sigset_t *mask)
{
	before_epoll(epfd);
	return real_epoll_pwait(epfd, ev, n, timeout, mask);
}

SHIM_EXPORT int epoll_pwait2(int epfd, struct epoll_event *ev, int n,
			     const struct timespec *timeout, const sigset_t *mask)
{
	before_epoll(epfd);
	return real_epoll_pwait2(epfd, ev, n, timeout, mask);
}
