/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sock.h - protected sockets
 *
 * A protected socket is what stands behind a number the program bound: the facade the program
 * holds, the real UDP socket on a hidden number, and the messages between them.
 *
 * Memory:   they live in a pool that is never unmapped, so a stale pointer finds a reference count
 *	     of 0 and not somebody's heap.  References: each number in the table, each call under
 *	     way, the service thread.
 */
#ifndef SHIM_SOCKET_SOCK_H
#define SHIM_SOCKET_SOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "shim/socket/endpoint.h"
#include "shim/socket/queue.h"
#include "shim/socket/retired.h"
#include "shim/base/shim.h"

#define SHIM_WIRE_MAX 65536U /* bytes of a datagram */

/**
 * struct shim_sock
 * @wire:	the real UDP socket
 * @near:	our copy of the program's end of the facade; @far the other end
 * @dev, @ino:	identity of the facade
 * @retired:	identity of the socket that the program had before
 * @program_port:	what getsockname() says instead of the wire port
 * @fds:	numbers in the table
 * @evident:	somebody may wait for readiness: receives keep tokens and service thread exact
 * @ensured:	shim_ensure() was called in this process
 * @edge:	an epoll wants an edge for every message
 * @in_epoll:	an epoll registration was seen
 * @pktinfo4, @pktinfo6:	the program itself asked for PKTINFO
 * @controls:	the program asked for control messages
 * @shut:	shutdown() for reading was called
 * @shut_send:	a client's, for sending: no more of the program's messages
 * @published:	the table knows it
 * @framed:	messages go through the facade, for other processes share it; set under ->rx and
 *		->q, never taken back
 * @left:	the program has no number for it any more, other processes have (guests.c)
 * @native_wait:	a blocking receive waits on the facade only
 * @closing:	the service thread keeps off
 * @reuse:	SO_REUSEADDR as the program wants it; port_guard.c's
 * @asking:	client: the program has sent something since an error was last told
 */
struct shim_sock {
	atomic_uint refs;
	uint32_t serial; /* of this use of the slot */
	uint32_t index;

	/* immutable once published; the numbers change if the program insists on one of them */
	atomic_int wire, near, far;
	dev_t dev;
	ino_t ino;
	struct shim_file_id retired;
	int family;
	uint16_t program_port, wire_port;
	bool wildcard, reuse;
	struct shim_endpoint *ep;
	uint8_t *scratch; /* SHIM_WIRE_MAX; under ->rx */
	uint8_t *control; /* SHIM_CONTROL_MAX; under ->rx */

	atomic_int fds;
	atomic_bool evident, ensured, edge, in_epoll, shut, shut_send, published, closing, framed,
		left, asking;
	atomic_bool pktinfo4, pktinfo6, controls, native_wait;
	atomic_uint waits, handlers; /* wait.c's */

	/* under ep->host.lock */
	struct shim_sock *next;
	bool connected;
	struct ds_addr peer;

	pthread_mutex_t rx;

	pthread_mutex_t q;
	struct shim_queue queue;
	atomic_uint tokens, waiters; /* written under ->q */
	const void *leader; /* the thread that waits on wire and facade, by its shim_inside */
	bool armed;
	bool raised; /* the facade has an error */
	bool cut;    /* the far end has no peer */
};

extern atomic_uint shim_n_socks;     /* protected sockets in this process */
extern atomic_uint shim_n_unsure;    /* those nobody was seen to wait on yet */
extern atomic_uint shim_epoll_waits; /* since registrations were last looked for */

/* An epoll may have a socket that was not registered there before: look again. */
static inline void shim_epoll_changed(void)
{
	atomic_store(&shim_epoll_waits, 0);
}

/* References */

bool shim_sock_try_ref(struct shim_sock *s);
static inline void shim_sock_ref(struct shim_sock *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
}
void shim_put(struct shim_sock *s);

/* Making */

/* A socket with its buffers, locks and one reference; NULL if there is no memory. */
struct shim_sock *shim_sock_new(void);

/* Finding */

/* The socket whose facade, or whose program's own socket before, is file @id; with a reference, NULL if
 * there is none.  Takes the table's lock. */
struct shim_sock *shim_sock_find(const struct shim_file_id *id);
/* By identity of the facade, without a reference; under the table's lock. */
struct shim_sock *shim_sock_by_inode(dev_t dev, ino_t ino);
/* What @s is found by: its facade, before it has an endpoint, and the socket that stood there before;
 * NULL leaves one as it is. */
void shim_sock_identify(struct shim_sock *s, const struct shim_file_id *facade,
			const struct shim_file_id *retired);
/* By shim_sock_id(), with a reference; NULL if it is gone. */
struct shim_sock *shim_sock_by_id(uint64_t id);
static inline uint64_t shim_sock_id(const struct shim_sock *s)
{
	return (uint64_t)s->serial << 32 | s->index;
}
/* The socket at @i of the pool with a reference, or NULL; *@end: there are none from @i on. */
struct shim_sock *shim_sock_at(uint32_t i, bool *end);
/* The first from *@i on that is in an epoll and nobody watches yet, with a reference, or NULL; *@i
 * is then behind it. */
struct shim_sock *shim_sock_unwatched(uint32_t *i);

/* Whom a message from @peer is for: the socket connected to it, else @via, else any unconnected
 * one; NULL if there is none.  Under ep->host.lock. */
struct shim_sock *shim_route(struct shim_endpoint *ep, struct shim_sock *via,
			     const struct ds_addr *peer);

/* In a forked child: new locks for everything, nobody waits, nothing is queued. */
void shim_socks_forked(void);

#endif
