/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lease.h - which process serves an endpoint
 *
 * Keys are in one process only.  The first process that receives, sends or waits on a protected
 * socket takes its endpoint's lease, a lock that dies with its holder and that fork() does not
 * inherit.  Not at bind(): a daemon binds, forks, and its parent leaves.
 *
 * In a forked child the arena is empty (the kernel saw to that); engines, service thread and queued
 * messages are the parent's affair.  A process that finds the lease taken is a guest (guests.h).
 *
 * Threads:  any.
 */
#ifndef SHIM_SERVE_LEASE_H
#define SHIM_SERVE_LEASE_H

#include "host/arena.h"
#include "shim/socket/sock.h"

/* For shim_family_served(): before the process can fork. */
void shim_lease_init(void);

/* True if this process, or one that it is a fork of or forked, ever had an endpoint's lease; true also
 * where that cannot be known.  Before that none of them has a session. */
bool shim_family_served(void);

/* True if no other process serves an endpoint that this one has. */
bool shim_serves_all(void);
/* True if an endpoint of a server that this process serves has a session with @peer. */
bool shim_has_session(const struct ds_addr *peer);

int shim_own_endpoint(struct shim_endpoint *ep);

/* Makes this process the one that serves @s.  0, SHIM_GUEST, or -EPERM if it cannot serve (logged).
 * Takes locks. */
static inline int shim_own(struct shim_sock *s)
{
	if (shim_likely(shim_owned(s->ep) && host_arena_mine()))
		return 0;
	return shim_own_endpoint(s->ep);
}

/* Makes lease, page and channel of @ep; 0 or a negative errno. */
int shim_lease_make(struct shim_endpoint *ep);
/* As shim_lease_make(), with descriptors @fds of another process, which are taken (then -1). */
int shim_lease_take(struct shim_endpoint *ep, int fds[static SHIM_LEASE_FDS]);
/* Lets go of them. */
void shim_lease_drop(struct shim_endpoint *ep);
/* Blocks until this process has the lease; 0 or a negative errno, -EDEADLK: try again later. */
int shim_lease_wait(struct shim_endpoint *ep);
/* The lease came: serves, or passes it on if this process has no use for it any more.  SHIM_GUEST:
 * it was passed on because another program has the state file; try again later.  Else 0 or a
 * negative errno. */
int shim_own_inherited(struct shim_endpoint *ep);

#endif
