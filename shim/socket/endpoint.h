/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.h - an engine, and the protected sockets that share it
 *
 * All sockets bound to the same local address and port share an endpoint (SO_REUSEPORT threads,
 * servers that bind and connect a socket a client).
 *
 * Memory:   as of sockets (sock.h): a pool that is never unmapped.  References: each socket, each
 *	     use by the service thread, the thread that waits for the lease.
 */
#ifndef SHIM_SOCKET_ENDPOINT_H
#define SHIM_SOCKET_ENDPOINT_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "host/endpoint.h"
#include "shim/base/shim.h"

struct shim_sock;
struct shim_page;

/* Members that an endpoint in the client role has besides, under host.lock; see client.h. */
struct shim_client {
	struct shim_held *held, **held_tail; /* messages that wait for a session */
	atomic_uint n_held;		     /* a futex: woken at 0 */
	size_t held_bytes;
	struct ds_addr refused; /* the peer with which the last handshake failed ... */
	ds_time refused_until;	/* ... and until when no other is begun */
};

/**
 * struct shim_endpoint
 * @host:	engine and lock
 * @key:	local address and wire port
 * @lease:	descriptor of @page, on which the process that serves holds a lock
 * @page:	the state that processes agree on (guests.h); @page_dev, @page_ino identify it
 * @up_in, @up_out:	the channel from guests to the owner (guest_channel.h)
 * @made_gen:	process the endpoint was made in
 * @engine_gen:	process the engine was made in
 * @owner_gen:	process that serves, 0 = none yet (lease.c)
 * @shared_gen:	process that knows that the endpoint is shared
 * @heir_gen:	process that has a thread waiting for the lease
 * @flooded:	ds_engine_is_flooded(), when the last datagram came
 * @deadline:	copy of ds_engine_deadline() that needs no lock
 * @dirty:	the service thread is wanted
 * @files_seen: which reading of the certificates the engine has
 * @role:	server: listed ports are our own; client: they are the remote ones (client.h)
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
	atomic_bool flooded;
	_Atomic ds_time deadline;
	atomic_bool dirty;
	atomic_uint files_seen;

	/* under the table's lock */
	unsigned n_socks;

	/* under host.lock */
	struct shim_sock *socks;
	struct shim_sock *via; /* whose datagram the engine has */
	unsigned n_connected;
	unsigned engine_gen;
	int state_fds[2]; /* the state file's, which a forked child closes: its arena is empty */
	uint8_t *big;	  /* SHIM_BIG_BYTES to gather and seal in, mapped at first use */
	struct shim_client client;
};

/* The endpoint whose ->host is @host. */
static inline struct shim_endpoint *shim_endpoint_of(struct host_endpoint *host)
{
	return (void *)((char *)host - offsetof(struct shim_endpoint, host));
}

#define SHIM_BIG_BYTES ((size_t)DS_PAYLOAD_MAX + DS_DATAGRAM_MAX)

/* Answers of shim_own() and shim_share_way() besides 0 and errors */
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

/* References */

bool shim_endpoint_try_ref(struct shim_endpoint *ep);
void shim_endpoint_put(struct shim_endpoint *ep);

/* The endpoint at @i of the pool with a reference, or NULL; *@end: there are none from @i on. */
struct shim_endpoint *shim_endpoint_at(uint32_t i, bool *end);
/* All numbers of endpoints are less. */
uint32_t shim_endpoint_count(void);

/* Making */

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

/* The endpoint, and the page, that a socket of another process comes from. */
struct shim_origin {
	struct ds_addr key;
	enum ds_role role;
	dev_t page_dev;
	ino_t page_ino;
};

/* An endpoint consists of so many descriptors: lease, up_in and up_out */
#define SHIM_LEASE_FDS 3

/* As shim_endpoint_join(), for a socket that came from another process.  Takes @fds (then -1) if
 * the endpoint is new here.  0 or a negative errno. */
int shim_endpoint_import(struct shim_sock *s, const struct shim_origin *from,
			 int fds[static SHIM_LEASE_FDS]);
/* True if there is an endpoint with this page that wants no descriptors. */
bool shim_endpoint_has_page(dev_t dev, ino_t ino);

/* Makes an engine for @role with the configuration that this process reads once; @out NULL: only reads
 * it.  Any lock may be held.  0 or -1 with @why. */
int shim_engine_like(struct ds_engine **out, enum ds_role role, char why[static DS_WHY_MAX]);
/* Makes ep's engine in this process; under ep->host.lock.  0 or -1 with @why. */
int shim_engine_make(struct shim_endpoint *ep, char why[static DS_WHY_MAX]);

/* Reads certificates again if their files changed, for all engines of this process; the service
 * thread's.  No lock may be held.  True if that went well: engines have it by shim_engine_follow(). */
bool shim_engines_reload(ds_time now);
/* When that is wanted at the latest. */
ds_time shim_engines_reload_at(void);
/* Gives ep's engine what was read since.  Takes ep->host.lock. */
void shim_engine_follow(struct shim_endpoint *ep);

/* Use */

/* After every use of the engine, under its lock: sends, logs, notes the deadline.  Return: true if
 * shim_kick() is wanted once the lock is given up. */
bool shim_engine_done(struct shim_endpoint *ep);

/* Closes the state file, where there is one: the sessions go on elsewhere.  Under ep->host.lock. */
void shim_endpoint_park(struct shim_endpoint *ep);
/* At exit(): parks the sessions of every endpoint that keeps them. */
void shim_endpoints_end(void);

/* Closes the channel between guests and owner. */
void shim_up_drop(struct shim_endpoint *ep);

/* In a forked child: new locks, and the parent's descriptors are closed. */
void shim_endpoints_forked(void);

#endif
