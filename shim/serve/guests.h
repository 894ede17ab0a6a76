/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests.h - one protected socket, several processes
 *
 * The process that holds the lease (lease.h) is the owner: keys, engine and service thread are there.
 * Other processes that hold the facade are guests.
 *
 * A message that a guest sends goes up to the owner through a hidden channel (guest_channel.h), and
 * from there, sealed, to the network.  Nothing else changes: with a server that forks a child for
 * each answer the owner goes on receiving inline.
 *
 * When a guest receives or waits, the endpoint becomes shared, and stays so: from then on the
 * owner's service thread reads the wire always, and every message goes through the facade
 * (shared_messages.h).  Owner and guests receive from there, in the kernel: blocking, time-outs,
 * MSG_PEEK, signals and exclusive wake-ups are its own.
 *
 * A guest that waits has an heir, a thread that blocks on the lease.  When the owner dies or lets go,
 * the process of one heir becomes the owner, with an engine of its own; without a state file the old
 * sessions are gone.  Messages that lie in the facade are not lost.
 *
 * An owner that closes the socket serves its guests until none is left.
 *
 * Threads:  any; without locks unless said otherwise.
 */
#ifndef SHIM_SERVE_GUESTS_H
#define SHIM_SERVE_GUESTS_H

#include "shim/serve/lease.h"
#include "shim/socket/sock.h"

/* How an endpoint is received from */
enum shim_mode {
	SHIM_MODE_INLINE, /* the owner reads the wire in the thread that asks */
	SHIM_MODE_WANTED, /* a guest wants messages; the owner has not noticed yet */
	SHIM_MODE_SHARED, /* the owner's service thread puts all messages into the facade */
};

/* The state that the processes of an endpoint agree on, in a page that all of them map.  It holds no
 * secrets. */
struct shim_page {
	_Atomic uint32_t mode;	 /* a futex */
	_Atomic uint32_t served; /* not 0: some process did serve; all others are heirs */
};

/* Owner: if a guest wants it, puts queued messages, and all that follow, into the facade.  No lock
 * may be held. */
void shim_share_wanted(struct shim_endpoint *ep);

/* New owner: takes @ep over as it is.  Under ep->host.lock, service prepared. */
void shim_share_inherit(struct shim_endpoint *ep);
/* Then, once this process owns @ep: arms the wires.  Not earlier, because a service thread that
 * runs already ignores endpoints that its process does not own, and a datagram that waits makes one
 * edge only.  Under ep->host.lock. */
void shim_share_inherited(struct shim_endpoint *ep);

/* The program closed its last number of @s.  True if other processes still hold it: it is shared from
 * now on, SHIM_LEFT, and this process goes on serving them; it keeps a reference until
 * shim_share_check() finds that nobody holds it any more. */
bool shim_share_leave(struct shim_sock *s);
/* Service thread, now and then, for a socket that is SHIM_LEFT, with a reference and without locks: if
 * nobody holds it any more, it goes.  False then. */
bool shim_share_check(struct shim_sock *s);
/* In a forked child, last of all: drops sockets that its parent serves for other processes. */
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
