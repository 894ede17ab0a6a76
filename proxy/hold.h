/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.h - a device's messages that wait for a session, or may have to be sent again
 *
 * A message without a session waits for the handshake.  One that was sent is kept, too, where an
 * answer is awaited: if the server turns out to have forgotten the session, it never got it, and
 * plain UDP would have carried it.
 *
 * Memory:   bounded a device and in all; content is wiped.
 */
#ifndef PROXY_HOLD_H
#define PROXY_HOLD_H

#include <sys/queue.h>

#include "dtlsshim/engine.h"

/* As in the shim's client role (shim/calls/client.h) */
#define PROXY_HOLD_MESSAGES 16
#define PROXY_HOLD_BYTES    65536U
#define PROXY_HOLD_TIME	    (10 * DS_SECOND)
#define PROXY_HOLD_ALL	    (16U << 20) /* bytes, of all devices */

/**
 * struct proxy_held - one message
 * @since:	when it came
 * @sent:	the session through which it was sent; 0 = it waits for one
 */
struct proxy_held {
	STAILQ_ENTRY(proxy_held) next;
	ds_time since;
	ds_session sent;
	size_t len;
	uint8_t data[];
};

struct proxy_hold {
	STAILQ_HEAD(, proxy_held) list; /* in their order */
	uint32_t n, unsent;
	size_t bytes;
};

void proxy_hold_init(struct proxy_hold *h);

/**
 * proxy_hold_push() - keep a copy of a message
 * @all:	bytes that all devices keep, counted on
 * @sent:	see struct proxy_held
 *
 * The oldest ones that were sent give way.  False if there is no room or no memory.
 */
bool proxy_hold_push(struct proxy_hold *h, size_t *all, const uint8_t *data, size_t len,
		     ds_session sent, ds_time now);

/* Drops the first message, which is there. */
void proxy_hold_drop(struct proxy_hold *h, size_t *all);

/* The server was heard: what was sent before needs not be sent again. */
void proxy_hold_heard(struct proxy_hold *h, size_t *all);

/* Drops what is older than PROXY_HOLD_TIME; how many of these were never sent. */
unsigned proxy_hold_expire(struct proxy_hold *h, size_t *all, ds_time now);

#endif
