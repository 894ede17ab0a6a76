/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/queue.h"

#include <string.h>

#define ALIGN	 8U
#define ROUND(n) (((n) + (ALIGN - 1)) & ~(size_t)(ALIGN - 1))

/* Before each item; then control messages, then payload.  size 0: go on at the beginning. */
struct header {
	_Alignas(8) uint32_t size;
	uint32_t len;
	uint32_t control_len;
	int32_t flags;
	struct ds_addr peer;
};

void shim_queue_init(struct shim_queue *q, void *mem)
{
	q->mem = mem;
	q->head = q->tail = 0;
	q->error = 0;
	atomic_store(&q->count, 0);
}

static unsigned items(const struct shim_queue *q)
{
	return atomic_load_explicit(&q->count, memory_order_relaxed) - (q->error != 0);
}

/* A place where @size bytes in a row are free, or NULL. */
static uint8_t *room(struct shim_queue *q, size_t size)
{
	unsigned n = items(q);

	if (n >= SHIM_QUEUE_ITEMS)
		return NULL;
	if (n == 0) /* start over: a queue that never fills touches few pages */
		q->head = q->tail = 0;
	if (n && q->tail <= q->head)
		return size <= q->head - q->tail ? q->mem + q->tail : NULL;
	if (size <= SHIM_QUEUE_BYTES - q->tail)
		return q->mem + q->tail;
	if (size > q->head)
		return NULL;
	if (q->tail < SHIM_QUEUE_BYTES)
		((struct header *)(void *)(q->mem + q->tail))->size = 0;
	q->tail = 0;
	return q->mem;
}

/* EAGAIN, which only says that the error queue has something, gives way to any other. */
static void set_error(struct shim_queue *q, int error)
{
	if (q->error && error == EAGAIN)
		return;
	if (!q->error)
		atomic_fetch_add_explicit(&q->count, 1, memory_order_release);
	q->error = error;
}

bool shim_queue_push(struct shim_queue *q, const struct shim_item *it)
{
	size_t control = ROUND(it->control_len);
	size_t size = sizeof(struct header) + control + ROUND(it->len);
	uint8_t *p = it->error ? NULL : room(q, size);
	struct header h = {.size = (uint32_t)size,
			   .len = (uint32_t)it->len,
			   .control_len = (uint32_t)it->control_len,
			   .flags = it->flags,
			   .peer = it->peer};

	if (it->error) {
		set_error(q, it->error);
		return true;
	}
	if (!p) {
		q->dropped++;
		return false;
	}
	memcpy(p, &h, sizeof(h));
	if (it->control_len)
		memcpy(p + sizeof(h), it->control, it->control_len);
	if (it->len)
		memcpy(p + sizeof(h) + control, it->data, it->len);
	q->tail += (uint32_t)size;
	atomic_fetch_add_explicit(&q->count, 1, memory_order_release);
	return true;
}

static const uint8_t *head_at(const struct shim_queue *q, struct header *h)
{
	uint32_t at = q->head;

	if (at < SHIM_QUEUE_BYTES)
		memcpy(h, q->mem + at, sizeof(h->size));
	if (at == SHIM_QUEUE_BYTES || h->size == 0)
		at = 0;
	memcpy(h, q->mem + at, sizeof(*h));
	return q->mem + at;
}

bool shim_queue_head(const struct shim_queue *q, struct shim_item *out)
{
	struct header h = {0};
	const uint8_t *p;

	if (shim_queue_empty(q))
		return false;
	if (q->error) {
		*out = (struct shim_item){.error = q->error};
		return true;
	}
	p = head_at(q, &h) + sizeof(h);
	*out = (struct shim_item){.peer = h.peer,
				  .control = p,
				  .control_len = h.control_len,
				  .data = p + ROUND(h.control_len),
				  .len = h.len,
				  .flags = h.flags};
	return true;
}

void shim_queue_pop(struct shim_queue *q)
{
	struct header h = {0};
	const uint8_t *p;

	if (shim_queue_empty(q))
		return;
	if (q->error) {
		q->error = 0;
	} else {
		p = head_at(q, &h);
		q->head = (uint32_t)(p - q->mem) + h.size;
	}
	atomic_fetch_sub_explicit(&q->count, 1, memory_order_release);
}
