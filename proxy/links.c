/* SPDX-License-Identifier: Apache-2.0 */
/* links.c - see links.h */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/sys.h"
#include "proxy/links.h"

#define CHUNK 256 /* links */

/* The place of link @id, used or not. */
static struct proxy_link *place(const struct proxy_links *ls, uint32_t id)
{
	return &ls->chunks[(id - 1) / CHUNK][(id - 1) % CHUNK];
}

static uint64_t hash_of(const struct proxy_links *ls, const struct ds_addr *device)
{
	return XXH3_64bits_withSeed(device, sizeof(*device), ls->seed);
}

static uint32_t *next_of(void *owner, uint32_t id)
{
	return &place(owner, id)->next;
}

static uint64_t hash_by_device(void *owner, uint32_t id)
{
	return hash_of(owner, &place(owner, id)->device);
}

static const struct ds_index_ops by_device = {next_of, hash_by_device};

int proxy_links_init(struct proxy_links *ls, const struct ds_config *cfg)
{
	TAILQ_INIT(&ls->order);
	TAILQ_INIT(&ls->waiting);
	TAILQ_INIT(&ls->holding);
	TAILQ_INIT(&ls->giving_up);
	ls->memory = (struct ds_config){.ctx = cfg->ctx,
					.alloc = cfg->alloc,
					.release = cfg->release,
					.max_sessions = cfg->max_sessions};
	if (host_random(NULL, (uint8_t *)&ls->seed, sizeof(ls->seed)))
		return DS_E_RANDOM;
	return ds_index_setup(&ls->by_device, &by_device, ls, &ls->memory);
}

struct proxy_link *proxy_links_find(const struct proxy_links *ls, const struct ds_addr *device)
{
	uint32_t id = ds_index_first(&ls->by_device, hash_of(ls, device));

	while (id && !ds_addr_equal(&place(ls, id)->device, device))
		id = place(ls, id)->next;
	return id ? place(ls, id) : NULL;
}

struct proxy_link *proxy_links_at(const struct proxy_links *ls, uint32_t id)
{
	struct proxy_link *l;

	if (!id || (id - 1) / CHUNK >= ls->n_chunks)
		return NULL;
	l = place(ls, id);
	return l->id ? l : NULL;
}

/* Makes a chunk of places; those that are free are a list through ->next. */
static bool grow(struct proxy_links *ls)
{
	uint32_t first = ls->n_chunks * CHUNK + 1;
	struct proxy_link **chunks =
		realloc(ls->chunks, (ls->n_chunks + 1) * sizeof(ls->chunks[0]));
	struct proxy_link *chunk;

	if (!chunks)
		return false;
	ls->chunks = chunks;
	chunk = calloc(CHUNK, sizeof(*chunk));
	if (!chunk)
		return false;
	chunks[ls->n_chunks++] = chunk;
	for (uint32_t i = 0; i < CHUNK; i++)
		chunk[i].next = i + 1 < CHUNK ? first + i + 1 : 0;
	ls->free = first;
	return true;
}

struct proxy_link *proxy_links_add(struct proxy_links *ls, const struct ds_addr *device,
				   ds_time now)
{
	struct proxy_link *l;
	uint32_t id;

	if (!ls->free && !grow(ls))
		return NULL;
	id = ls->free;
	l = place(ls, id);
	ls->free = l->next;
	*l = (struct proxy_link){.device = *device, .fd = -1, .id = id, .used = now};
	proxy_hold_init(&l->hold);
	ds_index_insert(&ls->by_device, id);
	TAILQ_INSERT_TAIL(&ls->order, l, order);
	ls->count++;
	return l;
}

void proxy_links_remove(struct proxy_links *ls, struct proxy_link *l)
{
	uint32_t id = l->id;

	while (l->hold.n)
		proxy_hold_drop(&l->hold, &ls->held);
	proxy_links_note_hold(ls, l);
	proxy_links_wait(ls, l, false);
	proxy_links_give_up(ls, l, false);
	if (l->fd >= 0)
		close(l->fd);
	TAILQ_REMOVE(&ls->order, l, order);
	ds_index_remove(&ls->by_device, id);
	memset(l, 0, sizeof(*l));
	l->next = ls->free;
	ls->free = id;
	ls->count--;
}

void proxy_links_touch(struct proxy_links *ls, struct proxy_link *l, ds_time now)
{
	l->used = now;
	TAILQ_REMOVE(&ls->order, l, order);
	TAILQ_INSERT_TAIL(&ls->order, l, order);
}

void proxy_links_wait(struct proxy_links *ls, struct proxy_link *l, bool waits)
{
	if (l->waits == waits)
		return;
	l->waits = waits;
	if (waits)
		TAILQ_INSERT_TAIL(&ls->waiting, l, waiting);
	else
		TAILQ_REMOVE(&ls->waiting, l, waiting);
}

void proxy_links_give_up(struct proxy_links *ls, struct proxy_link *l, bool hopeless)
{
	if (l->hopeless == hopeless)
		return;
	l->hopeless = hopeless;
	if (hopeless)
		TAILQ_INSERT_TAIL(&ls->giving_up, l, giving_up);
	else
		TAILQ_REMOVE(&ls->giving_up, l, giving_up);
}

void proxy_links_note_hold(struct proxy_links *ls, struct proxy_link *l)
{
	bool holds = l->hold.n != 0;

	if (l->holds == holds)
		return;
	l->holds = holds;
	if (holds)
		TAILQ_INSERT_TAIL(&ls->holding, l, holding);
	else
		TAILQ_REMOVE(&ls->holding, l, holding);
}
