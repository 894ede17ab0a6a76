/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upstream.h - one connected UDP socket a session towards the plaintext backend
 *
 * The backend tells devices apart by the port of the upstream socket.  It is opened with the
 * session's first message and closed with the session.  When descriptors or ports run out, the
 * upstream socket that was idle longest is closed; its session lives on and gets another socket
 * (and so another port) with its next message.
 *
 * Memory:   32 bytes a session slot, in chunks that never move, so that growing never stops the loop.
 */
#ifndef PROXY_UPSTREAM_H
#define PROXY_UPSTREAM_H

#include <sys/queue.h>

#include "host/udp.h"

struct proxy;

/**
 * struct proxy_upstream - the upstream side of the session in one slot
 * @session:	whose it is, 0 = nobody's
 * @fd:		the socket, -1 = none now
 * @backend:	which it talks to, of a session
 * @order:	among those that have a socket
 */
struct proxy_upstream {
	ds_session session;
	int fd;
	uint32_t backend;
	TAILQ_ENTRY(proxy_upstream) order;
};

#define PROXY_CHUNK 1024 /* slots */

/* The upstreams of a port.  Slots, once used, are never freed: they live as long as the proxy. */
struct proxy_upstreams {
	struct proxy_upstream **chunks; /* by ds_session_slot() */
	uint32_t n_chunks;
};

/* Those of all ports that have a socket. */
struct proxy_sockets {
	TAILQ_HEAD(, proxy_upstream) order; /* by their last use */
	uint32_t open, max;		    /* how many they are, and may be */
};

/* Passes @msg on to the backend; what cannot be passed on is dropped, counted and logged. */
void proxy_upstream_send(struct proxy *p, const struct ds_message *msg);

/* A socket connected to number @backend, whose events come as @ref (loop.h), or -1 with errno.  That of a
 * @session has the source that belongs to it (source.h); 0: any. */
int proxy_upstream_socket(struct proxy *p, uint32_t backend, ds_session session, uint64_t ref);
/* True if @err, of such a socket, says that nothing listens there, or that there is no way there. */
bool proxy_upstream_refused(struct proxy *p, uint32_t backend, int err);
/* Logs another error; @backend is PROXY_NO_BACKEND if none could be had. */
void proxy_upstream_error(const struct proxy *p, uint32_t backend, const char *what, int err);

/* Reads what the backend sent to the session in @slot, and seals it into the batch. */
void proxy_upstream_read(struct proxy *p, uint32_t slot);

/* Seals one message from the backend into the batch; 0, or the engine's error: it is dropped and
 * counted. */
int proxy_upstream_down(struct proxy *p, ds_session session, const uint8_t *data, size_t len);

/* Closes the socket of @session, whose device has another address: its next message gets one with that. */
void proxy_upstream_moved(struct proxy *p, ds_session session);

/* Forgets @session, which has ended, and closes its socket. */
void proxy_upstream_close(struct proxy *p, ds_session session);

#endif
