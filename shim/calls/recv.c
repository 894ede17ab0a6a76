/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * recv_now() is one attempt: the queue's head, else the wire.  A datagram goes to the engine; its
 * first message goes straight to the caller, others are queued, and one with no message in it
 * (handshakes, garbage) is followed by the next, a bounded number of times.
 *
 * A program that waits for readiness (->evident) must find the facade readable exactly if there is a
 * message.  So after a receive on such a socket the wire is read once ahead: a message is queued and
 * the token stays or comes; an empty wire means no token, and the service thread watches.  A program
 * that only blocks in recv() pays for none of this: one system call a message.
 *
 * A flood of datagrams without messages keeps no thread here for ever: after BUDGET of them the
 * call acts as if the wire were empty, and the service thread goes on.
 */
#include "shim/calls/recv.h"

#include <limits.h>
#include <time.h>

#include "host/sys.h"
#include "host/udp.h"
#include "shim/calls/client.h"
#include "shim/socket/facade.h"
#include "shim/socket/shared_messages.h"
#include "shim/serve/lease.h"
#include "shim/serve/service.h"
#include "shim/serve/guests.h"
#include "shim/calls/wait.h"

#define BUDGET	    64 /* datagrams without a message that one call reads */
#define PUMP_BUDGET 16 /* datagrams the service thread reads at a time */

/* Result of reading the wire besides a negative errno */
enum { GOT_NOTHING, GOT_MESSAGE, GOT_TIRED };

/* read_wire() without control messages, a shorter way through the kernel. */
static long read_bare(struct shim_sock *s, struct msghdr *m, union host_sockaddr *from)
{
	socklen_t len;
	long r;

	do {
		len = sizeof(*from);
		r = host_sys6(SYS_recvfrom, s->wire, s->scratch, SHIM_WIRE_MAX, MSG_DONTWAIT, from,
			      &len);
	} while (r == -EINTR);
	m->msg_name = from;
	m->msg_namelen = len;
	return r;
}

/* Reads one datagram into ->scratch.  Bytes, 0 after shutdown(), or a negative errno. */
static long read_wire(struct shim_sock *s, struct msghdr *m, union host_sockaddr *from)
{
	long r;

	do {
		m->msg_name = from;
		m->msg_namelen = sizeof(*from);
		m->msg_control = s->control;
		m->msg_controllen = SHIM_CONTROL_MAX;
		r = host_sys3(SYS_recvmsg, s->wire, m, MSG_DONTWAIT);
	} while (r == -EINTR);
	return r;
}

/* Gives ->scratch to the engine.  @first: room for the first message that is for @s itself, or
 * NULL: queue it too.  Return: GOT_MESSAGE if there was one for @s. */
static int open_datagram(struct shim_sock *s, const struct msghdr *m, size_t len,
			 struct shim_item *first)
{
	struct shim_endpoint *ep = s->ep;
	struct ds_input in = {.data = s->scratch, .len = len};
	struct ds_message msg;
	int got = GOT_NOTHING;
	bool kick;
	ds_time now;

	host_path_from_msg(&in.path, m, s->wire_port);
	pthread_mutex_lock(&ep->host.lock);
	ep->via = s;
	now = host_now();
	while (ds_engine_input(ep->host.engine, &in, &msg, now) == DS_MESSAGE) {
		struct shim_sock *to = shim_route(ep, s, &msg.peer);
		struct shim_item it = {.peer = msg.peer,
				       .data = msg.data,
				       .len = msg.len,
				       .control = m->msg_control,
				       .control_len = m->msg_controllen,
				       .flags = m->msg_flags & MSG_CTRUNC};

		if (to == s && first) {
			*first = it;
			first = NULL;
		} else {
			shim_facade_put(to, &it);
		}
		if (to == s)
			got = GOT_MESSAGE;
	}
	atomic_store_explicit(&ep->flooded, ds_engine_is_flooded(ep->host.engine, now),
			      memory_order_relaxed);
	kick = shim_engine_done(ep);
	pthread_mutex_unlock(&ep->host.lock);
	if (kick)
		shim_kick();
	return got;
}

/* Reads at most @budget datagrams until there is a message.  @bare: nobody asks for control
 * messages.  Return: GOT_MESSAGE, GOT_TIRED, 0 after shutdown() (then *first is the end of file),
 * or a negative errno; -EAGAIN: nothing there. */
static long read_message(struct shim_sock *s, int budget, struct shim_item *first, bool bare)
{
	struct iovec iov = {.iov_base = s->scratch, .iov_len = SHIM_WIRE_MAX};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	union host_sockaddr from;
	long r;

	while (budget-- > 0) {
		r = bare ? read_bare(s, &m, &from) : read_wire(s, &m, &from);
		if (r == -ECONNREFUSED && s->ep->role == DS_CLIENT && shim_client_unreachable(s))
			continue;
		if (r <= 0)
			return r;
		if (open_datagram(s, &m, (size_t)r, first) == GOT_MESSAGE)
			return GOT_MESSAGE;
	}
	return GOT_TIRED;
}

/* The queue's head to the program; -EAGAIN if there is none. */
static ssize_t take_queued(struct shim_sock *s, struct msghdr *msg, int flags)
{
	struct shim_item it;
	ssize_t r = -EAGAIN;

	if (shim_queue_empty(&s->queue))
		return r;
	pthread_mutex_lock(&s->q);
	if (shim_queue_head(&s->queue, &it)) {
		r = it.error ? -it.error : shim_deliver(s, msg, flags, &it);
		if (!(flags & MSG_PEEK) || it.error) {
			shim_queue_pop(&s->queue);
			shim_facade_popped(s);
		}
	}
	pthread_mutex_unlock(&s->q);
	return r;
}

/* Makes one attempt, under ->rx. */
static ssize_t recv_now(struct shim_sock *s, struct msghdr *msg, int flags)
{
	struct shim_item it = {0};
	ssize_t r = take_queued(s, msg, flags);

	if (r != -EAGAIN)
		return r;
	r = read_message(s, BUDGET, flags & MSG_PEEK ? NULL : &it,
			 !s->wildcard && !s->controls && !(flags & MSG_PEEK));
	if (r == GOT_TIRED)
		return -EAGAIN;
	if (r == GOT_MESSAGE && (flags & MSG_PEEK))
		return take_queued(s, msg, flags);
	return r < 0 ? r : shim_deliver(s, msg, flags, &it);
}

/* An edge-triggered epoll wants an edge for each message.  The token in the facade may be that of
 * the message before, so a message that was read ahead gets another one. */
static void next_edge(struct shim_sock *s)
{
	if (!s->edge)
		return;
	pthread_mutex_lock(&s->q);
	shim_facade_popped(s);
	pthread_mutex_unlock(&s->q);
}

/* Makes I1 and I2 true, under ->rx.  @looked: the wire was just found empty. */
static void settle(struct shim_sock *s, bool looked)
{
	if (s->framed)
		return;
	if (s->evident && !looked && shim_queue_empty(&s->queue)) {
		long r = read_message(s, PUMP_BUDGET, NULL, false);

		if (r < 0 && r != -EAGAIN)
			shim_facade_put(s, &(struct shim_item){.error = (int)-r});
		if (!shim_queue_empty(&s->queue))
			next_edge(s);
	}
	if (!shim_queue_empty(&s->queue))
		return;
	if (!s->tokens && !s->evident && !s->waiters)
		return; /* a look without the lock: nobody but us could change it usefully
             */
	pthread_mutex_lock(&s->q);
	shim_facade_idle(s);
	pthread_mutex_unlock(&s->q);
}

/* Takes the error at the queue's head, 0 if there is none; under ->rx. */
static int drop_error(struct shim_sock *s)
{
	struct shim_item it;
	int error = 0;

	pthread_mutex_lock(&s->q);
	if (shim_queue_head(&s->queue, &it) && it.error) {
		error = it.error;
		shim_queue_pop(&s->queue);
		shim_facade_popped(s);
	}
	pthread_mutex_unlock(&s->q);
	return error;
}

/* As drop_error(), and from the facade if the socket is shared.  Afterwards I1 and I2 are made
 * true: @always, or if there was an error. */
static int take_error(struct shim_sock *s, bool always)
{
	int error;

	if (shim_shared(s->ep))
		return shim_frame_take_error(s);
	pthread_mutex_lock(&s->rx);
	error = drop_error(s);
	if (error || always)
		settle(s, false);
	pthread_mutex_unlock(&s->rx);
	return error;
}

int shim_take_error_inside(struct shim_sock *s)
{
	return take_error(s, false);
}

static ssize_t recv_errqueue(struct shim_sock *s, struct msghdr *msg, int flags)
{
	struct msghdr m = *msg;
	long r;

	/* The payload would be our own ciphertext */
	m.msg_iov = NULL;
	m.msg_iovlen = 0;
	r = host_sys3(SYS_recvmsg, s->wire, &m, flags & ~SHIM_CMSG_COMPAT);
	if (r < 0)
		return r;
	msg->msg_namelen = m.msg_namelen;
	msg->msg_controllen = m.msg_controllen;
	msg->msg_flags = m.msg_flags & ~MSG_TRUNC;
	/* The same error may stand in the queue; the program is not to be told twice */
	take_error(s, true);
	return 0;
}

/* The answer to a call of a signal handler that interrupted the shim itself. */
static int interrupted(const struct shim_sock *s, int flags)
{
	return flags & MSG_DONTWAIT || shim_nonblocking(s) ? -EAGAIN : -EINTR;
}

static bool iov_ok(const struct msghdr *msg)
{
	size_t total = 0;

	for (size_t i = 0; i < msg->msg_iovlen; i++)
		if (__builtin_add_overflow(total, msg->msg_iov[i].iov_len, &total) ||
		    total > SSIZE_MAX)
			return false;
	return true;
}

/* Errors that the arguments alone show. */
static int recv_check(struct shim_sock *s, const struct msghdr *msg, int flags)
{
	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (msg->msg_name && (int)msg->msg_namelen < 0)
		return -EINVAL;
	if (msg->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	if (msg->msg_iovlen && shim_is_bad(msg->msg_iov))
		return -EFAULT;
	if (!iov_ok(msg))
		return -EINVAL;
	if (!shim_enter())
		return interrupted(s, flags);
	return 0;
}

/* Inside the shim, without locks; waits outside of it.  @more: another receive follows at once,
 * reading ahead can wait. */
static ssize_t recv_loop(struct shim_sock *s, struct msghdr *msg, int flags, bool more)
{
	struct shim_patience patience = {0};
	ssize_t r;

	if (flags & MSG_DONTWAIT && !s->evident)
		s->evident = true;
	for (;;) {
		pthread_mutex_lock(&s->rx);
		if (shim_unlikely(s->framed)) { /* since we began */
			pthread_mutex_unlock(&s->rx);
			return shim_frame_recv(s, msg, flags);
		}
		r = recv_now(s, msg, flags);
		if (r == -EAGAIN || !more)
			settle(s, r == -EAGAIN);
		pthread_mutex_unlock(&s->rx);
		if (r != -EAGAIN || flags & MSG_DONTWAIT)
			return r;
		if (shim_nonblocking(s)) {
			if (s->evident)
				return r;
			shim_ensure(s);
			flags |= MSG_DONTWAIT; /* once more, now that somebody watches */
			continue;
		}
		r = shim_wait_readable(s, &patience);
		if (r == -ESHUTDOWN)
			return shim_deliver(s, msg, flags, &(struct shim_item){0});
		if (r < 0)
			return r;
	}
}

static ssize_t recv_one(struct shim_sock *s, struct msghdr *msg, int flags, bool more)
{
	ssize_t r = recv_check(s, msg, flags);

	if (r)
		return r;
	r = shim_share_way(s);
	if (r >= 0 && flags & MSG_ERRQUEUE)
		r = recv_errqueue(s, msg, flags);
	else if (r >= 0)
		r = r == SHIM_SHARED ? shim_frame_recv(s, msg, flags)
				     : recv_loop(s, msg, flags, more);
	shim_leave();
	return r;
}

ssize_t shim_recv(struct shim_sock *s, struct msghdr *msg, int flags)
{
	return recv_one(s, msg, flags, false);
}

/* After receives with @more.  An error that ended them is told by the next call. */
static void finish_batch(struct shim_sock *s, ssize_t r)
{
	if (!shim_enter())
		return;
	pthread_mutex_lock(&s->rx);
	if (r < 0 && r != -EINTR)
		shim_facade_put(s, &(struct shim_item){.error = (int)-r});
	settle(s, false);
	pthread_mutex_unlock(&s->rx);
	shim_leave();
}

int shim_recvmmsg(struct shim_sock *s, struct mmsghdr *vec, unsigned n, int flags,
		  struct timespec *timeout)
{
	ds_time until = DS_TIME_NEVER, now;
	unsigned i = 0;
	ssize_t r = 0;

	if (timeout) {
		if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000)
			return -EINVAL;
		until = host_now() + (ds_time)timeout->tv_sec * DS_SECOND +
			(ds_time)timeout->tv_nsec;
	}
	for (; i < n; i++) {
		r = recv_one(s, &vec[i].msg_hdr, flags & ~MSG_WAITFORONE, true);
		if (r < 0)
			break;
		vec[i].msg_len = (unsigned)r;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (!timeout)
			continue;
		/* The kernel looks at the clock after a message only, and so do we */
		now = host_now();
		timeout->tv_sec = now < until ? (time_t)((until - now) / DS_SECOND) : 0;
		timeout->tv_nsec = now < until ? (long)((until - now) % DS_SECOND) : 0;
		if (now >= until) {
			i++;
			break;
		}
	}
	if (i && r != -EAGAIN)
		finish_batch(s, r);
	return i ? (int)i : (int)r;
}

/* Under ->rx, inside the shim. */
static int next_length(struct shim_sock *s)
{
	struct shim_item it;
	int len = 0;

	if (shim_queue_empty(&s->queue))
		read_message(s, BUDGET, NULL, false);
	pthread_mutex_lock(&s->q);
	if (shim_queue_head(&s->queue, &it))
		len = (int)it.len;
	pthread_mutex_unlock(&s->q);
	settle(s, true);
	return len;
}

int shim_next_length(struct shim_sock *s)
{
	int len = 0, way;

	if (!shim_enter())
		return 0;
	way = shim_share_way(s);
	if (way == SHIM_SHARED)
		len = shim_frame_length(s);
	if (!way) {
		pthread_mutex_lock(&s->rx);
		len = s->framed ? shim_frame_length(s) : next_length(s);
		pthread_mutex_unlock(&s->rx);
	}
	shim_leave();
	return len;
}

int shim_take_error(struct shim_sock *s)
{
	int error;

	if (!shim_enter())
		return 0;
	error = shim_take_error_inside(s);
	shim_leave();
	return error;
}

/* Under ->rx.  True if there may be more. */
static bool pump(struct shim_sock *s, bool error)
{
	long r = 0;
	int i;

	for (i = 0; i < PUMP_BUDGET && r >= 0; i++) {
		r = read_message(s, PUMP_BUDGET, NULL, false);
		if (r == 0)
			return false; /* shutdown() */
	}
	if (r < 0 && r != -EAGAIN)
		shim_facade_put(s, &(struct shim_item){.error = (int)-r});
	else if (error && r < 0 && i == 1 && shim_queue_empty(&s->queue))
		/* The error queue has something: readable, though the next receive says EAGAIN */
		shim_facade_put(s, &(struct shim_item){.error = EAGAIN});
	return r != -EAGAIN;
}

void shim_pump(struct shim_sock *s, bool error)
{
	bool more;

	pthread_mutex_lock(&s->q);
	s->armed = false;
	pthread_mutex_unlock(&s->q);
	if (!shim_owned(s->ep))
		return;
	pthread_mutex_lock(&s->rx);
	more = pump(s, error);
	settle(s, true);
	pthread_mutex_unlock(&s->rx);
	if (more && s->framed) /* watched for edges: ask for another */
		shim_service_arm(s);
}

void shim_ensure(struct shim_sock *s)
{
	int way = shim_share_way(s);

	if (way < 0)
		return;
	s->evident = true;
	if (!atomic_exchange(&s->ensured, true))
		atomic_fetch_sub(&shim_n_unsure, 1);
	if (way == SHIM_SHARED)
		return;
	pthread_mutex_lock(&s->rx);
	settle(s, true);
	pthread_mutex_unlock(&s->rx);
}
