/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two processes cannot both read a wire, since only one of them has the keys.  As long as the owner
 * alone receives, it reads the wire in the thread that asks, and a message costs one system call.
 * From the moment another process asks for messages that cannot go on.  The endpoint is then converted,
 * once and for good: the service thread reads, and whole messages lie in the facade.
 *
 * The page that all processes map says how far that is.  A guest writes WANTED and waits on the page, a
 * futex; the owner converts each socket under its ->rx, so that no thread is in the middle of a
 * datagram, and writes SHARED.
 *
 * Two things are found out by asking the kernel, because no process tells them: that an owner has
 * died (a thread of each waiting guest blocks on the lease), and that no other process holds a facade
 * any more (the service thread looks from time to time).
 */
#include "shim/serve/guests.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <time.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/facade.h"
#include "shim/socket/shared_messages.h"
#include "shim/socket/wire.h"
#include "shim/serve/service.h"
#include "shim/serve/threads.h"
#include "shim/serve/guest_channel.h"

#define JOIN_TIMEOUT  1	      /* seconds a guest waits for the owner to notice it */
#define LEAVE_TICK    1000000 /* nanoseconds between looks whether a call of our own is over */
#define LEAVE_TICKS   50
#define DEADLOCK_TICK 50 /* milliseconds between attempts where the kernel sees a deadlock */
/* Milliseconds between attempts where another process has the state file: a process that died loses it
 * right after the lease; a new version of the program keeps it. */
#define STATE_FIRST 5
#define STATE_LAST  400

static enum shim_mode mode_of(const struct shim_endpoint *ep)
{
	return (enum shim_mode)atomic_load(&ep->page->mode);
}

static void publish(struct shim_endpoint *ep)
{
	atomic_store(&ep->shared_gen, shim_generation());
	atomic_store(&ep->page->mode, SHIM_MODE_SHARED);
	host_sys6(SYS_futex, &ep->page->mode, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

/* Owner */

/* Takes the tokens out of the facade and puts the queued messages in.  Under ->rx, so that no
 * thread is in the middle of reading. */
static void convert(struct shim_sock *s)
{
	struct shim_item it;

	pthread_mutex_lock(&s->q);
	shim_facade_drain(s);
	s->framed = true;
	shim_frame_prepare(s);
	while (shim_queue_head(&s->queue, &it)) {
		shim_frame_put(s, &it);
		shim_queue_pop(&s->queue);
	}
	shim_service_arm(s);
	pthread_mutex_unlock(&s->q);
}

void shim_share_wanted(struct shim_endpoint *ep)
{
	struct shim_sock *s;
	bool end;

	if (mode_of(ep) == SHIM_MODE_INLINE)
		return;
	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++) {
		if (!s)
			continue;
		pthread_mutex_lock(&s->rx);
		if (s->life != SHIM_MADE && s->ep == ep && !s->framed)
			convert(s);
		pthread_mutex_unlock(&s->rx);
		shim_put(s);
	}
	if (mode_of(ep) != SHIM_MODE_WANTED)
		return;
	publish(ep);
	host_log(HOST_LOG_INFO, "event=shared port=%u: several processes use this socket",
		 ep->key.port);
}

/* True if no other process has the facade.  Drops our own copy to find out, unless a call is under
 * way. */
static bool is_last(struct shim_sock *s)
{
	struct timespec tick = {.tv_nsec = LEAVE_TICK};

	/* The service thread may just be sending what another process left behind */
	for (int i = 0; i < LEAVE_TICKS && atomic_load(&s->refs) > 1; i++)
		host_sys3(SYS_nanosleep, &tick, 0, 0);
	if (atomic_load(&s->refs) > 1)
		return !s->framed;
	pthread_mutex_lock(&s->q);
	shim_facade_release(s);
	pthread_mutex_unlock(&s->q);
	return !shim_facade_held(s);
}

bool shim_share_leave(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;
	uint32_t mode = SHIM_MODE_INLINE;

	/* It may have got a number back just while it was left, and that one goes now */
	if (s->life == SHIM_LEFT)
		return true;
	if (s->life == SHIM_MADE || !shim_owned(ep) || is_last(s))
		return false;
	shim_sock_ref(s);
	s->life = SHIM_LEFT;
	atomic_compare_exchange_strong(&ep->page->mode, &mode, SHIM_MODE_WANTED);
	shim_share_wanted(ep);
	host_log(HOST_LOG_INFO, "event=left port=%u: closed here, served for other processes",
		 s->wire_port);
	shim_service_look();
	return true;
}

/* True if no process has the facade of @s any more.  The state SHIM_LEFT has one reference and the
 * caller another; further ones are calls under way, or a number that came back. */
static bool is_deserted(struct shim_sock *s)
{
	bool used;

	pthread_mutex_lock(&s->q); /* shim_facade_return() */
	used = s->life != SHIM_LEFT || (s->near >= 0 && atomic_load(&s->refs) > 2);
	if (!used && s->near >= 0)
		shim_facade_release(s);
	pthread_mutex_unlock(&s->q);
	return !used && !shim_facade_held(s);
}

bool shim_share_check(struct shim_sock *s)
{
	if (!is_deserted(s))
		return true;
	while (shim_up_serve(s->ep)) /* messages that guests sent before they ended */
		;
	if (shim_sock_turn(s, SHIM_LEFT, SHIM_SERVED)) {
		shim_service_remove(s);
		shim_put(s);
	}
	return false;
}

void shim_share_forked(void)
{
	struct shim_sock *s;
	bool end;

	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++) {
		if (s && shim_sock_turn(s, SHIM_LEFT, SHIM_SERVED)) {
			atomic_store(&s->refs, 2); /* other threads' calls are not here */
			shim_put(s);
		}
		if (s)
			shim_put(s);
	}
}

void shim_share_inherit(struct shim_endpoint *ep)
{
	enum shim_mode mode = mode_of(ep);

	for (struct shim_sock *s = ep->socks; s; s = s->next) {
		shim_refresh_peer(s); /* other processes may have connected it */
		pthread_mutex_lock(&s->q);
		shim_facade_mend(s);
		/* Tokens without messages, unless there are frames: then there are no tokens */
		if (mode != SHIM_MODE_SHARED)
			shim_facade_drain(s);
		s->framed = mode != SHIM_MODE_INLINE;
		if (s->framed)
			shim_frame_prepare(s);
		pthread_mutex_unlock(&s->q);
	}
	if (mode != SHIM_MODE_INLINE)
		publish(ep);
	if (mode == SHIM_MODE_SHARED)
		host_log(HOST_LOG_INFO,
			 "event=inherited port=%u: the process that served it is gone",
			 ep->key.port);
}

void shim_share_inherited(struct shim_endpoint *ep)
{
	for (struct shim_sock *s = ep->socks; s; s = s->next) {
		pthread_mutex_lock(&s->q);
		if (s->framed)
			shim_service_arm(s);
		pthread_mutex_unlock(&s->q);
	}
}

/* Guests */

static void *wait_for_lease(void *arg)
{
	struct shim_endpoint *ep = arg;
	struct timespec tick = {.tv_nsec = DEADLOCK_TICK * 1000000};
	struct timespec pause = {.tv_nsec = STATE_FIRST * 1000000};
	int r;

	shim_inside = true;
	for (;;) {
		/* EDEADLK: two processes, each owner of one endpoint and guest of the other */
		while ((r = shim_lease_wait(ep)) == -EDEADLK || r == -EINTR)
			host_sys3(SYS_nanosleep, &tick, 0, 0);
		if (r || shim_own_inherited(ep) != SHIM_GUEST)
			break;
		host_sys3(SYS_nanosleep, &pause, 0, 0);
		if (pause.tv_nsec < STATE_LAST * 1000000)
			pause.tv_nsec *= 2;
	}
	shim_endpoint_put(ep);
	return NULL;
}

void shim_share_heir(struct shim_endpoint *ep)
{
	unsigned gen = shim_generation();

	if (atomic_exchange(&ep->heir_gen, gen) == gen || !shim_endpoint_try_ref(ep))
		return;
	if (shim_thread_start(SHIM_THREAD, wait_for_lease, ep)) {
		host_log(HOST_LOG_ERROR, "port %u: no thread that takes over when the owner dies",
			 ep->key.port);
		shim_endpoint_put(ep);
	}
}

/* Asks the owner to share, and waits until it does: its queued messages lie in the facade then.
 * Asks for every socket of @ep, because the owner logs those that it has closed: their messages are
 * lost. */
static void ask(struct shim_endpoint *ep)
{
	struct timespec timeout = {.tv_sec = JOIN_TIMEOUT};
	uint32_t mode = SHIM_MODE_INLINE;

	atomic_compare_exchange_strong(&ep->page->mode, &mode, SHIM_MODE_WANTED);
	pthread_mutex_lock(&ep->host.lock);
	for (struct shim_sock *s = ep->socks; s; s = s->next)
		shim_up_join(s);
	pthread_mutex_unlock(&ep->host.lock);
	if (mode_of(ep) == SHIM_MODE_WANTED)
		host_sys6(SYS_futex, &ep->page->mode, FUTEX_WAIT, SHIM_MODE_WANTED, &timeout, 0, 0);
}

int shim_share_join(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;

	shim_share_heir(ep);
	ask(ep);
	pthread_mutex_lock(&ep->host.lock);
	for (s = ep->socks; s; s = s->next)
		s->framed = true;
	pthread_mutex_unlock(&ep->host.lock);
	atomic_store(&ep->shared_gen, shim_generation());
	return SHIM_SHARED;
}
