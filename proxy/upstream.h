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
 * @session:	whose it is
 * @fd:		the socket, -1 = none now
 * @order:	among those that have a socket
 */
struct proxy_upstream {
	ds_session session;
	int fd;
	TAILQ_ENTRY(proxy_upstream) order;
};

#define PROXY_CHUNK 1024 /* slots */

struct proxy_upstreams {
	struct proxy_upstream **chunks; /* by ds_session_slot() */
	uint32_t n_chunks;
	TAILQ_HEAD(, proxy_upstream) order; /* those with a socket, by their last use */
	uint32_t open, max;		    /* how many those are, and may be */
	union host_sockaddr to;
	socklen_t to_len;
};

/* Before anything else.  Slots, once used, are never freed: they live as long as the proxy. */
void proxy_upstream_init(struct proxy_upstreams *up);

/* Passes @msg on to the backend; what cannot be passed on is dropped, counted and logged. */
void proxy_upstream_send(struct proxy *p, const struct ds_message *msg);

/* Reads what the backend sent to the session in @slot, and seals it into the batch. */
void proxy_upstream_read(struct proxy *p, uint32_t slot);

/* Seals one message from the backend into the batch; 0, or the engine's error: it is dropped and
 * counted. */
int proxy_upstream_down(struct proxy *p, ds_session session, const uint8_t *data, size_t len);

/* Tells the log, now and then, that nobody listens at the backend's address, or that @what failed. */
void proxy_upstream_refused(struct proxy *p);
void proxy_upstream_error(struct proxy *p, const char *what, int err);

/* Closes the socket of @session, if it has one. */
void proxy_upstream_close(struct proxy *p, ds_session session);

#endif
