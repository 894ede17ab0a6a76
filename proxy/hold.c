/* SPDX-License-Identifier: Apache-2.0 */
/* hold.c - see hold.h */
#include <string.h>

#include "host/arena.h"
#include "proxy/hold.h"

void proxy_hold_init(struct proxy_hold *h)
{
	memset(h, 0, sizeof(*h));
	STAILQ_INIT(&h->list);
}

static void drop(struct proxy_hold *h, size_t *all, struct proxy_held *m)
{
	STAILQ_REMOVE(&h->list, m, proxy_held, next);
	h->n--;
	h->unsent -= !m->sent;
	h->bytes -= m->len;
	*all -= m->len;
	explicit_bzero(m->data, m->len);
	host_arena_free(m, sizeof(*m) + m->len);
}

void proxy_hold_drop(struct proxy_hold *h, size_t *all)
{
	drop(h, all, STAILQ_FIRST(&h->list));
}

static bool is_full(const struct proxy_hold *h, size_t all, size_t len)
{
	return h->n == PROXY_HOLD_MESSAGES || h->bytes + len > PROXY_HOLD_BYTES ||
	       all + len > PROXY_HOLD_ALL;
}

static struct proxy_held *oldest_sent(const struct proxy_hold *h)
{
	struct proxy_held *m;

	STAILQ_FOREACH(m, &h->list, next)
		if (m->sent)
			return m;
	return NULL;
}

bool proxy_hold_push(struct proxy_hold *h, size_t *all, const uint8_t *data, size_t len,
		     ds_session sent, ds_time now)
{
	struct proxy_held *m;

	while (is_full(h, *all, len)) {
		m = oldest_sent(h);
		if (!m)
			return false;
		drop(h, all, m);
	}
	m = host_arena_alloc(sizeof(*m) + len);
	if (!m)
		return false;
	m->since = now;
	m->sent = sent;
	m->len = len;
	memcpy(m->data, data, len);
	STAILQ_INSERT_TAIL(&h->list, m, next);
	h->n++;
	h->unsent += !sent;
	h->bytes += len;
	*all += len;
	return true;
}

void proxy_hold_heard(struct proxy_hold *h, size_t *all)
{
	struct proxy_held *m;

	while ((m = oldest_sent(h)))
		drop(h, all, m);
}

unsigned proxy_hold_expire(struct proxy_hold *h, size_t *all, ds_time now)
{
	struct proxy_held *m;
	unsigned late = 0;

	while ((m = STAILQ_FIRST(&h->list)) && now - m->since > PROXY_HOLD_TIME) {
		late += !m->sent;
		drop(h, all, m);
	}
	return late;
}
