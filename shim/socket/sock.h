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

/* The life of a protected socket in this process.  A number is one that the program has for it. */
enum shim_life {
	SHIM_MADE,    /* one thread makes it; nobody else may use it yet */
	SHIM_SERVED,  /* the descriptor table knows it */
	SHIM_LEFT,    /* no number is left here, but other processes have some (guests.c); this
			 state owns a reference, which goes to the thread that ends it */
	SHIM_CLOSING, /* no number is left: the service thread keeps off, the references go */
};

/**
 * struct shim_sock - grouped by what protects the members
 *
 * The socket's life is a state.  The other atomic flags are not states of one life: different calls
 * of the program set each of them, in any order, and most are never taken back.  All are read
 * without a lock.
 */
struct shim_sock {
	/* References; must be the first member, for a free slot is cleared from here on */
	atomic_uint refs;

	/* Under the table's lock: the slot of the pool, and the serial of this use of it */
	uint32_t serial;
	uint32_t index;

	/* Immutable once it is served, with two exceptions: the numbers change if the program insists
	 * on one of them, and a client's ports are known when the kernel has chosen one */
	atomic_int wire;      /* the real UDP socket */
	atomic_int near, far; /* our copy of the program's end of the facade; the other end */
	dev_t dev;	      /* identity of the facade: its device ... */
	ino_t ino;	      /* ... and inode */
	struct shim_file_id retired; /* identity of the socket that the program had before */
	int family;		     /* AF_INET or AF_INET6, the wire's */
	uint16_t program_port;	     /* the local port that the program is shown */
	uint16_t wire_port;	     /* the wire's local port */
	bool wildcard;		     /* bound to all addresses: PKTINFO says which a peer used */
	bool reuse;		  /* port_guard.c's, under its lock: the program's SO_REUSEADDR */
	struct shim_endpoint *ep; /* a reference */
	uint8_t *scratch;	  /* SHIM_WIRE_MAX bytes, whose content is under ->rx */
	uint8_t *control;	  /* SHIM_CONTROL_MAX bytes, the same */

	/* Atomics */
	_Atomic(enum shim_life) life;
	atomic_int fds; /* the program's numbers in the table */
	/* ... how the program hears of messages */
	atomic_bool evident;  /* it may wait for readiness: receives keep token and service thread
				 exact from now on */
	atomic_bool ensured;  /* shim_ensure() was called in this process; not after a fork */
	atomic_bool in_epoll; /* it was seen in an epoll; after a fork: in one of this process */
	atomic_bool edge;     /* that epoll wants an edge for every message */
	atomic_bool framed;   /* messages go through the facade, since processes share it; the
				 owner sets it under ->rx and ->q; only fork() takes it back */
	/* ... settings of the program */
	atomic_bool pktinfo4, pktinfo6; /* IP_PKTINFO, IPV6_RECVPKTINFO */
	atomic_bool controls;		/* control messages */
	atomic_bool shut;		/* shutdown() for reading */
	atomic_bool shut_send;		/* a client's shutdown() for writing */
	atomic_bool asking; /* a client has sent something since it was last told an error */

	/* The service thread's: datagrams that the kernel had dropped at the last line about it */
	uint32_t drops;
	ds_time drops_due;

	/* wait.c's: when to find out again how a blocking receive has to wait */
	atomic_uint waits, handlers;
	atomic_bool native_wait; /* on the facade only, in the kernel */

	/* Under ep->host.lock */
	struct shim_sock *next; /* in ep->socks */
	bool connected;
	struct ds_addr peer; /* if it is connected */

	/* Reading the wire; no members but what ->scratch and ->control point to */
	pthread_mutex_t rx;

	/* Under ->q */
	pthread_mutex_t q;
	struct shim_queue queue;
	atomic_uint tokens, waiters; /* in the facade; threads that wait there.  Read without it */
	const void *leader; /* the thread that waits on wire and facade: its &shim_inside */
	bool armed;	    /* the service thread watches the wire */
	bool raised;	    /* the facade has an error */
	bool cut;	    /* the far end has no peer */
};

/* Goes from state @from to @to; false if it was in another one. */
static inline bool shim_sock_turn(struct shim_sock *s, enum shim_life from, enum shim_life to)
{
	return atomic_compare_exchange_strong(&s->life, &from, to);
}

extern atomic_uint shim_n_socks;     /* protected sockets in this process */
extern atomic_uint shim_n_unsure;    /* protected sockets without ->ensured */
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
/* The socket with this facade, without a reference; under the table's lock. */
struct shim_sock *shim_sock_by_inode(dev_t dev, ino_t ino);
/* Sets the files that @s is found by: its facade, before it has an endpoint, and the socket that
 * stood there before; NULL leaves one as it is. */
void shim_sock_identify(struct shim_sock *s, const struct shim_file_id *facade,
			const struct shim_file_id *retired);
/* The socket that had this ->index and ->serial, with a reference; NULL if it is gone. */
struct shim_sock *shim_sock_by_id(uint32_t index, uint32_t serial);
/* The socket at @i of the pool with a reference, or NULL; *@end: there are none from @i on. */
struct shim_sock *shim_sock_at(uint32_t i, bool *end);
/* The first from *@i on that is in an epoll and nobody watches yet, with a reference, or NULL; *@i
 * is then behind it. */
struct shim_sock *shim_sock_unwatched(uint32_t *i);

/* The socket that a message from @peer is for: the one connected to it, else @via, else any unconnected
 * one; NULL if there is none.  Under ep->host.lock. */
struct shim_sock *shim_route(struct shim_endpoint *ep, struct shim_sock *via,
			     const struct ds_addr *peer);

/* In a forked child: new locks for everything, nobody waits, nothing is queued. */
void shim_socks_forked(void);

#endif
