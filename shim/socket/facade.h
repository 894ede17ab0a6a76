/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facade.h - what the program holds instead of its UDP socket
 *
 * The facade is one end of an AF_UNIX datagram socketpair.  A datagram in it, a token, means: there
 * is a message to receive.  The kernel makes everything else of it: poll, select, epoll in every
 * form, SIGIO, blocking, time-outs.  An error that waits shows as POLLERR beside the token.
 *
 * Invariants, whenever ->rx and ->q are free:
 *	I1  the queue is empty exactly if there is no token
 *	I2  one of three holds: the queue is not empty; the service thread watches the wire; nobody
 *	    waits for readiness.  Somebody does if ->evident is set, or if threads wait (->waiters)
 *	    and there is no ->leader among them, which reads the wire itself
 *
 * Once the socket is shared (->framed) the messages themselves lie in it, and the service thread
 * always watches.
 *
 * Threads:  all but those that take it want ->q locked.
 */
#ifndef SHIM_SOCKET_FACADE_H
#define SHIM_SOCKET_FACADE_H

#include "shim/socket/sock.h"

/* Makes @s's socketpair: near, far, identity.  0 or a negative errno. */
int shim_facade_make(struct shim_sock *s);

/* True if @fd is a facade, of any process, and *@name where to ask about it (retired.h). */
bool shim_facade_leads_to(int fd, uint64_t *name);

/* Queues a message for @s and makes it readable.  Takes ->q. */
void shim_facade_put(struct shim_sock *s, const struct shim_item *it);

/* The head was taken: restores I1, wakes edge-triggered readers and further threads. */
void shim_facade_popped(struct shim_sock *s);

/* A message is queued and its token gone, read past the hooks: puts one back.  Whether a message is
 * queued.  Takes ->q. */
bool shim_facade_check(struct shim_sock *s);

/* Nothing is queued and the wire was found empty: restores I1 and I2. */
void shim_facade_idle(struct shim_sock *s);

/* The process before us may have put another far end in the place of the one we have. */
void shim_facade_mend(struct shim_sock *s);

/* Adds a token without a message: threads that wait look again, and the next look takes it.  Takes
 * ->q. */
void shim_facade_poke(struct shim_sock *s);
/* The program has no number any more: drops our copy of its end, with the tokens in it.  Under ->q. */
void shim_facade_release(struct shim_sock *s);
/* The program got a number again, or gets one now: @fd is its end of the facade, from which we have a
 * copy again; a socket that is SHIM_LEFT is served for this process, too.  The caller has a reference.
 * Takes ->q.  0 or a negative errno. */
int shim_facade_return(struct shim_sock *s, int fd);
/* After that: true if other processes hold the facade.  Nothing is put in it to find out: its end has a
 * name by then, which goes with the last copy, and connect() to that name says EPERM while there is one
 * (a connected end takes no other connection) and ECONNREFUSED afterwards.  Wants no lock. */
bool shim_facade_held(const struct shim_sock *s);

/* Takes every token, ours or left by a process before us. */
void shim_facade_drain(struct shim_sock *s);

#endif
