/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lease.h - which process serves an endpoint
 *
 * Keys are in one process only.  The first process that receives, sends or waits on a protected
 * socket takes its endpoint's lease, a lock that dies with its holder and that fork() does not
 * inherit.  Not at bind(): a daemon binds, forks, and its parent leaves.
 *
 * A forked child starts a new generation: the arena is empty there (the kernel saw to that),
 * engines, service thread and queued messages are the parent's affair.  Where another process holds
 * the lease, this one is a guest (guests.h).
 *
 * Threads:  any.
 */
#ifndef SHIM_SERVE_LEASE_H
#define SHIM_SERVE_LEASE_H

#include "host/arena.h"
#include "shim/socket/sock.h"

/* Counts the forks between the first process and this one. */
extern _Atomic unsigned shim_generation_now;

static inline unsigned shim_generation(void)
{
	return atomic_load_explicit(&shim_generation_now, memory_order_relaxed);
}

/* True if this process serves @ep. */
static inline bool shim_owned(struct shim_endpoint *ep)
{
	return atomic_load_explicit(&ep->owner_gen, memory_order_acquire) == shim_generation();
}

/* True if no endpoint of this process is another's to serve. */
bool shim_serves_all(void);

int shim_own_endpoint(struct shim_endpoint *ep);

#define SHIM_GUEST  1 /* another process serves */
#define SHIM_SHARED 2 /* receives go through the facade (guests.h) */

/* Makes this process the one that serves @s.  0, SHIM_GUEST, or -EPERM if it cannot serve (logged).
 * Takes locks. */
static inline int shim_own(struct shim_sock *s)
{
	if (shim_likely(shim_owned(s->ep) && host_arena_mine()))
		return 0;
	return shim_own_endpoint(s->ep);
}

/* Registers for fork(). */
void shim_own_init(void);

/* Notices a fork that ran no handlers (_Fork, clone). */
void shim_check_fork(void);

/* True in a vfork() child: it runs in its parent's memory and must not change it. */
bool shim_is_vforked(void);

/* Makes lease, page and channel of @ep; 0 or a negative errno. */
int shim_lease_make(struct shim_endpoint *ep);
/* Same with those of another process, which are taken (then -1). */
int shim_lease_take(struct shim_endpoint *ep, int fds[static SHIM_LEASE_FDS]);
/* Lets go of them. */
void shim_lease_drop(struct shim_endpoint *ep);
/* Blocks until this process has the lease; 0 or a negative errno, -EDEADLK: try again later. */
int shim_lease_wait(struct shim_endpoint *ep);
/* It came: serve, or pass it on if this process has no use for it any more.  SHIM_GUEST: it was passed on
 * because another program has the state file; try again later.  Else 0 or a negative errno. */
int shim_own_inherited(struct shim_endpoint *ep);

/* endpoint.c: new locks in a forked child */
void shim_endpoints_forked(void);

#endif
