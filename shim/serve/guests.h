/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests.h - one protected socket, several processes
 *
 * The process that holds the lease (lease.h) is the owner: keys, engine and service thread are there.
 * Others that hold the facade are guests.
 *
 * What a guest sends goes up to the owner through a hidden channel (guest_channel.h), and from there, sealed,
 * to the network.  That needs nothing else: a server that forks a child for every answer stays as
 * it is.
 *
 * When a guest receives or waits, the endpoint becomes shared, and stays so: from then on the
 * owner's service thread reads the wire always, and every message goes through the facade
 * (shared_messages.h).  Owner and guests receive from there, in the kernel: blocking, time-outs, MSG_PEEK,
 * signals and exclusive wake-ups are its own.
 *
 * A guest that waits has an heir, a thread that blocks on the lease.  Where the owner dies or lets
 * go, one of them becomes the owner: with new keys, the old sessions are gone.  What lies in the
 * facade is not lost.
 *
 * An owner that closes the socket serves its guests until none is left.
 *
 * Threads:  any; without locks unless said otherwise.
 */
#ifndef SHIM_SERVE_GUESTS_H
#define SHIM_SERVE_GUESTS_H

#include "shim/serve/lease.h"
#include "shim/socket/sock.h"

/* What processes agree on, in a page all of them map.  No secrets. */
enum shim_mode { SHIM_MODE_INLINE, SHIM_MODE_WANTED, SHIM_MODE_SHARED };
struct shim_page {
	_Atomic uint32_t mode;	 /* a futex */
	_Atomic uint32_t served; /* not 0: some process did serve; all others are heirs */
};

/* Owner: what is queued goes into the facade, and all that follows; nothing if nobody wants it.
 * No lock may be held. */
void shim_share_wanted(struct shim_endpoint *ep);

/* New owner: takes @ep over as it is.  Under ep->host.lock, service prepared. */
void shim_share_inherit(struct shim_endpoint *ep);
/* Then, when this process owns @ep: a service thread that runs already passes by what it does not
 * own, and what waits on the wire is told once.  Under ep->host.lock. */
void shim_share_inherited(struct shim_endpoint *ep);

/* The program closed its last number of @s.  True if other processes still hold it: it is shared from
 * now on, SHIM_LEFT, and this process goes on serving them; it keeps a reference until
 * shim_share_check() finds that nobody holds it any more. */
bool shim_share_leave(struct shim_sock *s);
/* Service thread, now and then, for a socket that is SHIM_LEFT, with a reference and without locks: if
 * nobody holds it any more, it goes.  False then. */
bool shim_share_check(struct shim_sock *s);
/* In a forked child, last of all: what its parent has left is not its own. */
void shim_share_forked(void);

int shim_share_join(struct shim_sock *s);

/* Guest, before it waits for what only an owner does: starts the heir, one a process and endpoint. */
void shim_share_heir(struct shim_endpoint *ep);

/* Before a receive or a wait.  Return: 0 = this process reads the wire of @s itself, SHIM_SHARED =
 * it receives from the facade, or -EPERM: nobody can serve it. */
static inline int shim_share_way(struct shim_sock *s)
{
	int r;

	if (shim_unlikely(shim_shared(s->ep)))
		return SHIM_SHARED;
	r = shim_own(s);
	return shim_likely(r != SHIM_GUEST) ? r : shim_share_join(s);
}

#endif
