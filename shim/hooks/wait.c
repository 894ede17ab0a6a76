/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that wait.  The kernel waits, on the facade; a hook only sees to it that somebody watches
 * the wire meanwhile (calls/wait.h), so every flag and every time-out is the kernel's own.
 *
 * A socket may be bound while another thread waits on it.  That thread sleeps on the old socket, wakes
 * when it is shut down, and sees POLLHUP, which is no event of the program's.  The hook notices by a
 * count (shim_n_placed) and waits again.  select() overwrites its sets, so they are kept for that.
 */
#include <string.h>

#include "shim/socket/fdtab.h"
#include "shim/hooks/hook.h"
#include "shim/calls/wait.h"
#include "shim/socket/numbers.h"

static inline void before_poll(struct pollfd *fds, nfds_t n)
{
	if (shim_unsure())
		shim_before_poll_slow(fds, n);
}

static inline void before_epoll(int epfd)
{
	if (shim_unsure())
		shim_before_epoll_slow(epfd);
}

/* True if the wait has to be made again: the program's own socket was retired meanwhile, and what the
 * call reported was its end.  @placed: shim_n_placed before the call. */
static bool poll_again(const struct pollfd *fds, nfds_t n, int r, unsigned placed)
{
	for (nfds_t i = 0; r > 0 && i < n; i++)
		if (fds[i].fd >= 0 && fds[i].revents & POLLHUP)
			shim_fd_turned(fds[i].fd, 0);
	return r > 0 && shim_unlikely(atomic_load(&shim_n_placed) != placed);
}

SHIM_EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	unsigned placed;
	int r;

	do {
		before_poll(fds, n);
		placed = atomic_load(&shim_n_placed);
		r = real_poll(fds, n, timeout);
	} while (poll_again(fds, n, r, placed));
	return r;
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
	unsigned placed;
	int r;

	do {
		before_poll(fds, n);
		placed = atomic_load(&shim_n_placed);
		r = real_ppoll(fds, n, timeout, mask);
	} while (poll_again(fds, n, r, placed));
	return r;
}

SHIM_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			    const sigset_t *mask, size_t room)
{
	if (room / sizeof(*fds) < n)
		__chk_fail();
	return ppoll(fds, n, timeout, mask);
}

/* The sets of a select() whose numbers may be retired meanwhile: the kernel overwrites them. */
struct kept_sets {
	bool kept;
	unsigned placed;
	size_t bytes;
	char copy[3][FD_SETSIZE / 8];
};

static void before_select(struct kept_sets *k, int n, fd_set *sets[3])
{
	const fd_set *look[3] = {sets[0], sets[1], sets[2]};

	if (shim_unsure())
		shim_before_select_slow(n, look);
	k->kept = shim_unlikely(atomic_load(&shim_n_fresh)) && n > 0 && n <= FD_SETSIZE;
	k->placed = atomic_load(&shim_n_placed);
	k->bytes = ((size_t)n + 63) / 64 * 8;
	for (int i = 0; i < 3 && k->kept; i++)
		if (sets[i])
			memcpy(k->copy[i], sets[i], k->bytes);
}

static bool select_again(const struct kept_sets *k, fd_set *sets[3], int r)
{
	if (!k->kept || r <= 0)
		return false;
	shim_fd_look_at_fresh();
	if (atomic_load(&shim_n_placed) == k->placed)
		return false;
	for (int i = 0; i < 3; i++)
		if (sets[i])
			memcpy(sets[i], k->copy[i], k->bytes);
	return true;
}

SHIM_EXPORT int select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout)
{
	fd_set *sets[3] = {r, w, x};
	struct kept_sets kept;
	int ready;

	do {
		before_select(&kept, n, sets);
		ready = real_select(n, r, w, x, timeout);
	} while (select_again(&kept, sets, ready));
	return ready;
}

SHIM_EXPORT int __select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout)
{
	return select(n, r, w, x, timeout);
}

SHIM_EXPORT int pselect(int n, fd_set *r, fd_set *w, fd_set *x, const struct timespec *timeout,
			const sigset_t *mask)
{
	fd_set *sets[3] = {r, w, x};
	struct kept_sets kept;
	int ready;

	do {
		before_select(&kept, n, sets);
		ready = real_pselect(n, r, w, x, timeout, mask);
	} while (select_again(&kept, sets, ready));
	return ready;
}

/* The registration is the kernel's.  The shim notes that there is one, and whether it wants edges.
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
	else if (shim_unlikely(shim_fd_entry(fd) == SHIM_FD_FRESH))
		atomic_store(&shim_fresh_in_epoll, true);
	return real_epoll_ctl(epfd, op, fd, ev);
}

/* Events of a socket that was retired while the call waited are taken out: its registration is the
 * facade's by now, which reports for itself.  0 is left: the wait has to be made again. */
static int without_retired(struct epoll_event *ev, int n, unsigned placed)
{
	bool ended = false;
	int kept = 0;

	for (int i = 0; i < n; i++)
		ended |= (ev[i].events & EPOLLHUP) != 0;
	if (shim_likely(!ended))
		return n;
	if (atomic_load(&shim_n_fresh))
		shim_fd_look_at_fresh();
	if (shim_likely(atomic_load(&shim_n_placed) == placed))
		return n;
	for (int i = 0; i < n; i++)
		if (!(ev[i].events & EPOLLHUP))
			ev[kept++] = ev[i];
	return kept;
}

/* @call waits once; -1 and 0 are the caller's. */
#define EPOLL_WAIT(call)                                                                           \
	unsigned placed;                                                                           \
	int r;                                                                                     \
                                                                                                   \
	do {                                                                                       \
		before_epoll(epfd);                                                                \
		placed = atomic_load(&shim_n_placed);                                              \
		r = call;                                                                          \
	} while (r > 0 && !(r = without_retired(ev, r, placed)));                                  \
	return r

SHIM_EXPORT int epoll_wait(int epfd, struct epoll_event *ev, int n, int timeout)
{
	EPOLL_WAIT(real_epoll_wait(epfd, ev, n, timeout));
}

SHIM_EXPORT int epoll_pwait(int epfd, struct epoll_event *ev, int n, int timeout,
			    const sigset_t *mask)
{
	EPOLL_WAIT(real_epoll_pwait(epfd, ev, n, timeout, mask));
}

SHIM_EXPORT int epoll_pwait2(int epfd, struct epoll_event *ev, int n,
			     const struct timespec *timeout, const sigset_t *mask)
{
	EPOLL_WAIT(real_epoll_pwait2(epfd, ev, n, timeout, mask));
}
