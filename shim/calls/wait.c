/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's waiting is the kernel's: a thread in poll(), select() or epoll_wait() waits on the
 * facade, a descriptor like any other.  For that somebody must read the wire meanwhile, and the
 * hooks see to it before they call libc.  They do so once a socket and process; afterwards the
 * service thread is armed, and ->ensured says that nothing is left to do.
 *
 * A thread that blocks in recv() could leave the wire to the service thread too, but each message
 * would cost two changes of threads.  So the first such thread becomes the socket's leader: it waits
 * for wire and facade together and decrypts what comes.  The others wait on the facade.
 *
 * poll() ends with EINTR whatever the signal, but a receive goes on after a handler that was
 * installed with SA_RESTART.  The shim looks at the program's handlers and does the same.  Where some
 * have SA_RESTART and some have not, only the kernel knows which of them ran: then the thread waits
 * in a receive on the facade (->native_wait), and no thread is leader.
 *
 * A process can have registrations in an epoll that no hook saw.  They are looked for in /proc, ever
 * more rarely while the program waits.
 */
#include "shim/calls/wait.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "host/sys.h"
#include "shim/socket/facade.h"
#include "shim/serve/lease.h"
#include "shim/base/procfd.h"
#include "shim/base/real.h"
#include "shim/calls/recv.h"

/* While the wire reports an error that no receive takes (an unread error queue), poll() cannot wait
 * on it: it is looked at this often. */
#define ERROR_TICK (10 * DS_MSEC)

#define HANDLERS_TICK 256 /* waits between two looks at the program's signal handlers */

atomic_bool shim_fresh_in_epoll;

static atomic_uint handlers; /* counts changes */

bool shim_nonblocking(const struct shim_sock *s)
{
	return host_sys3(SYS_fcntl, s->near, F_GETFL, 0) & O_NONBLOCK;
}

static void set_patience(struct shim_patience *p, int fd, int option)
{
	struct timeval tv = {0};
	socklen_t len = sizeof(tv);

	if (p->set)
		return;
	p->set = true;
	p->until = DS_TIME_NEVER;
	host_sys6(SYS_getsockopt, fd, SOL_SOCKET, option, &tv, &len, 0);
	if (tv.tv_sec || tv.tv_usec)
		p->until = host_now() + (ds_time)tv.tv_sec * DS_SECOND + (ds_time)tv.tv_usec * 1000;
}

/* How the kernel would go on with a receive that a signal interrupted: 0 = it goes on, -EINTR, or
 * -EDEADLK if that depends on which of the program's signals it was. */
static int after_signal(void)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void *restorer;
		uint64_t mask;
	} sa;
	/* Signals that end the program, and 32 and 33, which are glibc's own */
	const uint64_t ignored = 1ULL << SIGILL | 1ULL << SIGTRAP | 1ULL << SIGABRT |
				 1ULL << SIGBUS | 1ULL << SIGFPE | 1ULL << SIGSEGV |
				 1ULL << SIGSYS | 1ULL << 32 | 1ULL << 33;
	bool restart = false, interrupt = false;

	for (int sig = 1; sig <= 64; sig++) {
		memset(&sa, 0, sizeof(sa));
		if ((sig < 64 && ignored >> sig & 1) ||
		    host_sys6(SYS_rt_sigaction, sig, 0, &sa, sizeof(sa.mask), 0, 0) ||
		    sa.handler == SIG_DFL || sa.handler == SIG_IGN)
			continue;
		if (sa.flags & SA_RESTART)
			restart = true;
		else
			interrupt = true;
	}
	if (restart && interrupt)
		return -EDEADLK;
	return interrupt ? -EINTR : 0;
}

/* real_ppoll() until @p ends.  1, 0 (interrupted, go on) or a negative errno. */
static int poll_until(struct pollfd *f, nfds_t n, ds_time until)
{
	struct timespec ts, *timeout = NULL;
	ds_time now;
	int r;

	if (until != DS_TIME_NEVER) {
		now = host_now();
		if (until <= now)
			return -EAGAIN;
		ts.tv_sec = (time_t)((until - now) / DS_SECOND);
		ts.tv_nsec = (long)((until - now) % DS_SECOND);
		timeout = &ts;
	}
	shim_leave();
	r = real_ppoll(f, n, timeout, NULL);
	shim_inside = true;
	if (r < 0)
		return -errno;
	return r ? 1 : -EAGAIN;
}

/* How a wait ended by a signal ends: as with a time-out of its own, always with EINTR. */
static int signalled(struct shim_sock *s, const struct shim_patience *p)
{
	int r = p->until != DS_TIME_NEVER ? -EINTR : after_signal();

	if (r != -EDEADLK)
		return r;
	s->native_wait = true;
	return -EINTR;
}

/* Decides whether the wait is a receive on the facade, because only the kernel can tell after which
 * signals it goes on.  Handlers are looked at when they change and, should a hook have missed that,
 * now and then. */
static void choose_wait(struct shim_sock *s)
{
	unsigned now = atomic_load_explicit(&handlers, memory_order_relaxed);

	if (atomic_fetch_add_explicit(&s->waits, 1, memory_order_relaxed) % HANDLERS_TICK &&
	    s->handlers == now)
		return;
	s->handlers = now;
	s->native_wait = after_signal() == -EDEADLK;
}

/* In a flood of hellos, whose each would wake us.  -EINTR after a signal, as poll() would. */
static int gather(const struct shim_sock *s)
{
	int r;

	if (!atomic_load_explicit(&s->ep->flooded, memory_order_relaxed))
		return 0;
	shim_leave();
	r = host_gather();
	shim_inside = true;
	return r;
}

/* Waits on wire and facade. */
static int lead(struct shim_sock *s, struct shim_patience *p)
{
	struct pollfd f[2] = {{.fd = s->wire, .events = POLLIN | POLLRDHUP},
			      {.fd = s->near, .events = POLLIN}};
	ds_time until = p->until, tick;
	int r;

	if (p->stuck) {
		tick = host_now() + ERROR_TICK;
		f[0].fd = -1;
		until = until < tick ? until : tick;
	}
	r = gather(s);
	if (!r)
		r = poll_until(f, 2, until);
	if (r == -EINTR)
		return signalled(s, p);
	if (r == -EAGAIN && p->stuck && p->until > host_now())
		r = 0;
	if (r < 0)
		return r;
	if (f[0].revents & (POLLRDHUP | POLLHUP))
		s->shut = true;
	p->stuck = (p->stuck && !f[1].revents) || f[0].revents == POLLERR;
	return 0;
}

/* Waits on the facade only. */
static int follow(struct shim_sock *s)
{
	ssize_t r;
	char c;

	shim_leave();
	r = real_recv(s->near, &c, 1, MSG_PEEK);
	shim_inside = true;
	if (r < 0) /* ECONNRESET: an error was raised, and stands in the queue */
		return errno == ECONNRESET ? 0 : -errno;
	return r ? 0 : -ESHUTDOWN;
}

struct place {
	struct shim_sock *s;
	bool leader;
};

/* Gives the place up.  @settle: if other threads still wait, the service thread watches the wire
 * for them. */
static void give_up(struct place *w, bool settle)
{
	pthread_mutex_lock(&w->s->q);
	if (w->leader)
		w->s->leader = NULL;
	else
		w->s->waiters--;
	if (settle)
		shim_facade_idle(w->s);
	pthread_mutex_unlock(&w->s->q);
}

/* pthread_cancel() ends the thread in mid-wait; the hook's reference goes here. */
static void cancelled(void *arg)
{
	struct place *w = arg;

	shim_inside = true;
	give_up(w, true);
	shim_put(w->s);
	shim_leave();
}

/* Takes a place among those who wait; false if there is a message by now. */
static bool take_place(struct place *w)
{
	struct shim_sock *s = w->s;
	bool wait;

	pthread_mutex_lock(&s->q);
	wait = shim_queue_empty(&s->queue);
	if (wait) {
		w->leader = !s->armed && !s->native_wait &&
			    (!s->leader || s->leader == (const void *)&shim_inside);
		if (w->leader)
			s->leader = (const void *)&shim_inside;
		else
			s->waiters++;
		if (!w->leader)
			shim_facade_idle(s);
	}
	pthread_mutex_unlock(&s->q);
	return wait;
}

int shim_wait_readable(struct shim_sock *s, struct shim_patience *p)
{
	struct place w = {.s = s};
	int saved = errno, r;

	if (s->shut)
		return -ESHUTDOWN;
	set_patience(p, s->near, SO_RCVTIMEO);
	choose_wait(s);
	if (!take_place(&w))
		return 0;
	pthread_cleanup_push(cancelled, &w);
	r = w.leader ? lead(s, p) : follow(s);
	pthread_cleanup_pop(0);
	give_up(&w, r < 0);
	errno = saved;
	return r;
}

static void cancelled_writer(void *arg)
{
	shim_inside = true;
	shim_put(arg);
	shim_leave();
}

static void cancelled_early(void *arg)
{
	shim_put(arg);
}

void shim_testcancel(struct shim_sock *s)
{
	pthread_cleanup_push(cancelled_early, s);
	pthread_testcancel();
	pthread_cleanup_pop(0);
}

int shim_wait_writable(struct shim_sock *s, int fd, struct shim_patience *p)
{
	struct pollfd f = {.fd = fd, .events = POLLOUT};
	int saved = errno, r;

	set_patience(p, s->wire, SO_SNDTIMEO);
	pthread_cleanup_push(cancelled_writer, s);
	r = poll_until(&f, 1, p->until);
	pthread_cleanup_pop(0);
	if (r == -EINTR)
		r = signalled(s, p);
	errno = saved;
	return r < 0 ? r : 0;
}

void shim_handlers_changed(void)
{
	atomic_fetch_add_explicit(&handlers, 1, memory_order_relaxed);
}

/* Before poll() and its like */

static void ensure(struct shim_sock *s)
{
	int saved = errno;

	shim_ensure(s);
	errno = saved;
}

static inline void ensure_fd(int fd)
{
	struct shim_sock *s = shim_fd_get(fd);

	if (!s || s == SHIM_HIDDEN)
		return;
	if (!s->ensured)
		ensure(s);
	shim_put(s);
}

/* Looks after all sockets that are in an epoll, for the program may be about to wait on that epoll. */
static void ensure_registered(void)
{
	struct shim_sock *s;
	uint32_t i = 0;

	while ((s = shim_sock_unwatched(&i))) {
		ensure(s);
		shim_put(s);
	}
}

/* False if there is nothing to do. */
static bool begin(void)
{
	if (!shim_enter())
		return false;
	if (atomic_load(&shim_n_unsure))
		return true;
	shim_leave();
	return false;
}

static void look_at_fresh(int fd)
{
	if (shim_fd_entry(fd) == SHIM_FD_FRESH)
		shim_fd_probe(fd);
}

void shim_before_poll_slow(struct pollfd *fds, nfds_t n)
{
	for (nfds_t i = 0; i < n && atomic_load(&shim_n_fresh); i++)
		if (fds[i].fd >= 0)
			look_at_fresh(fds[i].fd);
	if (!begin())
		return;
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].fd >= 0)
			ensure_fd(fds[i].fd);
	ensure_registered();
	shim_leave();
}

/* Calls @fn with each number below @n that is in one of @sets. */
static inline void each_in_sets(int n, const fd_set *sets[3], void (*fn)(int fd))
{
	for (int i = 0; i < n; i += NFDBITS) {
		unsigned long in = 0;

		for (int k = 0; k < 3; k++)
			if (sets[k])
				in |= ((const unsigned long *)sets[k])[i / NFDBITS];
		for (; in; in &= in - 1)
			if (i + __builtin_ctzl(in) < n)
				fn(i + __builtin_ctzl(in));
	}
}

void shim_before_select_slow(int n, const fd_set *sets[3])
{
	if (atomic_load(&shim_n_fresh))
		each_in_sets(n, sets, look_at_fresh);
	if (!begin())
		return;
	each_in_sets(n, sets, ensure_fd);
	ensure_registered();
	shim_leave();
}

static void note_target(void *ctx, int tfd, const struct epoll_event *ev, uint64_t inode)
{
	struct shim_sock *s = shim_fd_get(tfd);

	(void)ctx;
	if (!s || s == SHIM_HIDDEN)
		return;
	if (s->ino == inode) {
		s->in_epoll = true;
		if (ev->events & EPOLLET)
			s->edge = true;
	}
	shim_put(s);
}

static void look_at(void *ctx, int fd, const char *link)
{
	(void)ctx;
	if (!strcmp(link, SHIM_EPOLL_LINK) && !shim_fd_is_hidden(fd))
		shim_epoll_targets(fd, note_target, NULL);
}

/* Registrations no hook saw (io_uring's, and before a fork).  A forked child has its parent's
 * epolls too: that it waits on something does not mean it waits on those. */
static void find_registrations(int epfd)
{
	if (shim_generation() == 1)
		shim_each_fd(look_at, NULL);
	else
		shim_epoll_targets(epfd, note_target, NULL);
}

void shim_before_epoll_slow(int epfd)
{
	unsigned n;

	if (atomic_load(&shim_fresh_in_epoll))
		shim_fd_look_at_fresh();
	if (!begin())
		return;
	ensure_registered();
	/* looked for now and then */
	n = atomic_fetch_add(&shim_epoll_waits, 1);
	if (atomic_load(&shim_n_unsure) && !(n & (n - 1))) {
		find_registrations(epfd);
		ensure_registered();
	}
	shim_leave();
}

/* A ring's requests are in memory and not looked at; so each socket is taken for one that it waits
 * for. */
void shim_before_uring_slow(void)
{
	int saved = errno;
	struct shim_sock *s;
	bool end;

	shim_epoll_changed();
	if (!begin())
		return;
	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++) {
		if (s && s->life != SHIM_MADE && !s->ensured)
			shim_ensure(s);
		if (s)
			shim_put(s);
	}
	shim_leave();
	errno = saved;
}

void shim_wait_forked(void)
{
	atomic_store(&shim_n_unsure, atomic_load(&shim_n_socks));
	atomic_store(&shim_epoll_waits, 0);
}
