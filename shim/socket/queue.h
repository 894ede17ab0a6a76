/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue.h - messages that wait for the program
 *
 * Messages that recvfrom() did not return at once: further records of a datagram, datagrams that
 * the service thread read or another socket of the endpoint received.  The queue is bounded; when
 * it is full the newest message is dropped, as the kernel does (so the message a program saw with
 * MSG_PEEK stays the head).
 *
 * Threads:  the owner's lock; shim_queue_empty() needs none.
 * Memory:   one mapping of SHIM_QUEUE_BYTES that the caller provides; pages are touched as needed.
 */
#ifndef SHIM_SOCKET_QUEUE_H
#define SHIM_SOCKET_QUEUE_H

#include <stdatomic.h>
#include <sys/socket.h>

#include "dtlsshim/addr.h"
#include "shim/base/shim.h"

#define SHIM_QUEUE_BYTES (1U << 20)
#define SHIM_QUEUE_ITEMS 256U
#define SHIM_CONTROL_MAX 512U /* bytes of control messages that come with a datagram */

/**
 * struct shim_item - a message on its way to the program
 * @peer:	its sender, as the program is to see it; family 0 = nobody (end of file)
 * @data, @len:	the payload
 * @control:	control messages of the datagram it came in
 * @flags:	MSG_CTRUNC if there were more
 * @error:	not 0: no message, the call fails once with this errno
 */
struct shim_item {
	struct ds_addr peer;
	const uint8_t *data;
	size_t len;
	const void *control;
	size_t control_len;
	int flags;
	int error;
};

struct shim_queue {
	uint8_t *mem;
	uint32_t head, tail; /* offsets of the oldest item and of the free space */
	atomic_uint count;   /* of items, and one for the error */
	int error;	     /* told before any item, as the kernel does; 0 = none */
	uint64_t dropped;
};

static inline bool shim_queue_empty(const struct shim_queue *q)
{
	return atomic_load_explicit(&q->count, memory_order_acquire) == 0;
}

void shim_queue_init(struct shim_queue *q, void *mem);
/* Copies @it to the end, or an error to the front; false, counted, if there is no room. */
bool shim_queue_push(struct shim_queue *q, const struct shim_item *it);
/* The oldest item, pointing into the queue until it is popped; false if there is none. */
bool shim_queue_head(const struct shim_queue *q, struct shim_item *out);
void shim_queue_pop(struct shim_queue *q);

#endif
