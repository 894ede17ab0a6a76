/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clear.h - peers that speak in clear, where --plaintext allows it, and their upstream sockets
 *
 * To the backend such a peer looks like a session: it has a connected UDP socket of its own.  The engine
 * decides who may speak and who is answered (ds_engine_clear()).  Anybody can send with any source
 * address, so these sockets are few and never take the place of a session's: the one that was used
 * longest ago gives way, and one that is idle as long as a session may be is closed.
 *
 * Memory:   1 MB, allocated with the first message.
 */
#ifndef PROXY_CLEAR_H
#define PROXY_CLEAR_H

#include <sys/queue.h>

#include "dtlsshim/engine.h"

struct proxy;

/**
 * struct proxy_clear - the upstream side of a peer
 * @peer:	who it is; the next peer with its number may be another
 * @fd:		the socket, -1 = none now
 * @backend:	which it talks to, while there is one
 */
struct proxy_clear {
	struct ds_addr peer;
	int fd;
	uint32_t backend;
	ds_time used;
	TAILQ_ENTRY(proxy_clear) order;
};

struct proxy_clears {
	struct proxy_clear *peers;	 /* by number (struct ds_message), NULL before the first */
	TAILQ_HEAD(, proxy_clear) order; /* those with a socket, by their last use */
	uint32_t open, max;		 /* how many those are, and may be */
};

/* At the start, when the limit of open files is known: takes a part of what sessions may have, if the
 * proxy's port allows plaintext. */
void proxy_clear_begin(struct proxy *p);

/* Passes @msg, which came in clear, on to the backend; what cannot be passed on is dropped, counted and
 * logged. */
void proxy_clear_send(struct proxy *p, const struct ds_message *msg);

/* Reads what the backend sent to peer @number, and puts it into the batch if it may go in clear. */
void proxy_clear_read(struct proxy *p, uint32_t number);

/* Closes sockets that were idle too long; once a turn. */
void proxy_clear_expire(struct proxy *p);

#endif
