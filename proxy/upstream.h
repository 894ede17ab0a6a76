/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upstream.h - one connected UDP socket a session towards the plaintext backend
 *
 * The backend tells devices apart by the port of the upstream socket.  It is opened with the
 * session's first message and closed with the session.  When descriptors or ports run out, the
 * upstream socket that was idle longest is closed; its session lives on and gets another socket
 * (and so another port) with its next message.
 *
 * Memory:   24 bytes a session slot, in chunks, so that growing never stops the loop.
 */
#ifndef PROXY_UPSTREAM_H
#define PROXY_UPSTREAM_H

#include "host/udp.h"

struct proxy;

/**
 * struct proxy_upstream - the upstream side of the session in one slot
 * @session:	whose it is
 * @fd:		the socket, -1 = none now
 * @older, @newer: slots, in order of last use
 */
struct proxy_upstream {
	ds_session session;
	int fd;
	uint32_t older, newer;
};

#define PROXY_CHUNK 1024 /* slots */

struct proxy_upstreams {
	struct proxy_upstream **chunks; /* by ds_session_slot() */
	uint32_t n_chunks;
	uint32_t open, max;
	uint32_t oldest, newest; /* slots, valid while @open is not 0 */
	union host_sockaddr to;
	socklen_t to_len;
};

/* Passes @msg on to the backend; what cannot be passed on is dropped, counted and logged. */
void proxy_upstream_send(struct proxy *p, const struct ds_message *msg);

/* Reads what the backend sent to the session in @slot, and seals it into the batch. */
void proxy_upstream_read(struct proxy *p, uint32_t slot);

/* Closes the socket of @session, if it has one. */
void proxy_upstream_close(struct proxy *p, ds_session session);

#endif
