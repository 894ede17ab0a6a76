/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sock.h - protected sockets and the endpoints they share
 *
 * A protected socket is what stands behind a number the program bound: the facade the program
 * holds, the real UDP socket on a hidden number, and the messages between them.  An endpoint is an
 * engine; all sockets bound to the same local address and port share it (SO_REUSEPORT threads,
 * servers that bind and connect a socket a client).
 *
 * Memory:   both live in pools that are never unmapped, so a stale pointer finds a reference count
 *	     of 0 and not somebody's heap.  References: each number in the table, each call under
 *	     way, the service thread.
 */
#ifndef SHIM_SOCKET_SOCK_H
#define SHIM_SOCKET_SOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "host/endpoint.h"
#include "shim/socket/queue.h"
#include "shim/socket/retired.h"
#include "shim/base/shim.h"

#define SHIM_WIRE_MAX 65536U /* bytes of a datagram */

struct shim_sock;
struct shim_page;

/* What an endpoint in the client role has besides, under host.lock; see client.h. */
struct shim_client {
	struct shim_held *held, **held_tail; /* messages that wait for a session */
	atomic_uint n_held;		     /* a futex: woken at 0 */
	size_t held_bytes;
	struct ds_addr refused; /* whom the last handshake failed with ... */
	ds_time refused_until;	/* ... and until when no other is begun */
};

/**
 * struct shim_endpoint
 * @host:	engine and lock
 * @key:	local address and wire port
 * @lease:	descriptor of @page, on which the process that serves holds a lock
 * @page:	what processes agree on (guests.h); @page_dev, @page_ino identify it
 * @up_in, @up_out:	the channel from guests to the owner (guest_channel.h)
 * @made_gen:	process the endpoint was made in
 * @engine_gen:	process the engine was made in
 * @owner_gen:	process that serves, 0 = none yet (lease.c)
 * @shared_gen:	process that knows that the endpoint is shared
 * @heir_gen:	process that has a thread waiting for the lease
 * @deadline:	copy of ds_engine_deadline() that needs no lock
 * @dirty:	the service thread is wanted
 * @role:	server: the ports are ours; client: those of whom we talk to (client.h)
 */
struct shim_endpoint {
	struct host_endpoint host;
	struct ds_addr key;
	int lease, up_in, up_out;
	struct shim_page *page;
	dev_t page_dev;
	ino_t page_ino;
	uint32_t index;
	enum ds_role role;
	unsigned made_gen;
	atomic_uint refs;
	_Atomic unsigned owner_gen, shared_gen, heir_gen;
	_Atomic ds_time deadline;
	atomic_bool dirty;

	/* under the table's lock */
	unsigned n_socks;

	/* under host.lock */
	struct shim_sock *socks;
	struct shim_sock *via; /* whose datagram the engine has */
	unsigned n_connected;
	unsigned engine_gen;
	int state_fds[2]; /* what a forked child closes: its memory does not say */
	uint8_t *big;	  /* SHIM_BIG_BYTES to gather and seal in, mapped at first use */
	struct shim_client client;
};

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
 * @reuse:	SO_REUSEADDR as the program wants it; guard.c's
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

/* Answers of the functions that find out who serves: */
#define SHIM_GUEST  1 /* another process serves */
#define SHIM_SHARED 2 /* receives go through the facade (guests.h) */

/* True if this process serves @ep. */
static inline bool shim_owned(struct shim_endpoint *ep)
{
	return atomic_load_explicit(&ep->owner_gen, memory_order_acquire) == shim_generation();
}

/* True if this process receives through the facade. */
static inline bool shim_shared(const struct shim_endpoint *ep)
{
	return atomic_load_explicit(&ep->shared_gen, memory_order_acquire) == shim_generation();
}

#define SHIM_BIG_BYTES ((size_t)DS_PAYLOAD_MAX + DS_DATAGRAM_MAX)

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
bool shim_endpoint_try_ref(struct shim_endpoint *ep);
void shim_endpoint_put(struct shim_endpoint *ep);

/* Making */

/* A socket with its buffers, locks and one reference; NULL if there is no memory. */
struct shim_sock *shim_sock_new(void);

/**
 * shim_endpoint_join() - find or make the endpoint for @s and become one of its sockets
 * @key:	local address as given to bind(), wire port; port 0: any, shared with nobody
 * @out:	made if none has that address, or a wildcard one that port; s->ep is set
 * @role:	one endpoint has one role
 *
 * Return: 0, or -ENOMEM, -ENOBUFS, -EADDRINUSE if another process serves it; a client whose keys
 * cannot be read any more: -EPERM.  Ends the process if the configuration of a server is bad.
 */
int shim_endpoint_join(struct shim_sock *s, const struct ds_addr *key, enum ds_role role);

/* Where a socket of another process comes from: endpoint and page. */
struct shim_origin {
	struct ds_addr key;
	enum ds_role role;
	dev_t page_dev;
	ino_t page_ino;
};

/* Descriptors that make an endpoint: those of lease, up_in and up_out */
#define SHIM_LEASE_FDS 3

/* Same for a socket that came from another process.  Takes @fds (then -1) if the endpoint is new
 * here.  0 or a negative errno. */
int shim_endpoint_import(struct shim_sock *s, const struct shim_origin *from,
			 int fds[static SHIM_LEASE_FDS]);
/* True if there is an endpoint with this page that wants no descriptors. */
bool shim_endpoint_has_page(dev_t dev, ino_t ino);

/* Makes ep's engine in this process; under ep->host.lock.  0 or -1 with @why. */
int shim_engine_make(struct shim_endpoint *ep, char why[static DS_WHY_MAX]);

/* Finding */

/* By identity of the facade, without a reference; under the table's lock. */
struct shim_sock *shim_sock_by_inode(dev_t dev, ino_t ino);
/* By identity of the socket it replaced, the same. */
struct shim_sock *shim_sock_by_retired(const struct shim_file_id *id);
/* What @s is found by: its facade, and the socket that stood there before. */
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
/* Closes the state file, where there is one: the sessions go on elsewhere.  Under ep->host.lock. */
void shim_endpoint_park(struct shim_endpoint *ep);
/* At exit(): parks the sessions of every endpoint that keeps them. */
void shim_endpoints_end(void);
/* Same for endpoints. */
struct shim_endpoint *shim_endpoint_at(uint32_t i, bool *end);

/* Whom a message from @peer is for: the socket connected to it, else @via, else any unconnected
 * one; NULL if there is none.  Under ep->host.lock. */
struct shim_sock *shim_route(struct shim_endpoint *ep, struct shim_sock *via,
			     const struct ds_addr *peer);

/* After every use of the engine, under its lock: sends, logs, notes the deadline.  Return: true if
 * shim_kick() is wanted once the lock is given up. */
bool shim_engine_done(struct shim_endpoint *ep);

/* Closes the channel between guests and owner. */
void shim_up_drop(struct shim_endpoint *ep);

/* In a forked child: new locks for everything, nobody waits, nothing is queued. */
void shim_socks_forked(void);
void shim_endpoints_forked(void);

#endif
