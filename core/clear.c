/* SPDX-License-Identifier: Apache-2.0 */
/* clear.c - see clear.h */
#include "core/clear.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t hash(const struct ds_clear *c, const struct ds_addr *a)
{
	return XXH3_64bits_withSeed(a, sizeof(*a), c->seed);
}

static uint32_t *index_next(void *owner, uint32_t place)
{
	return &((struct ds_clear *)owner)->peers[place].next;
}

static uint64_t index_hash(void *owner, uint32_t place)
{
	struct ds_clear *c = owner;

	return hash(c, &c->peers[place].path.remote);
}

static const struct ds_index_ops ops = {index_next, index_hash};

static size_t size(void)
{
	return (DS_CLEAR_PEERS + 1) * sizeof(struct ds_clear_peer);
}

void ds_clear_init(struct ds_clear *c, const struct ds_config *cfg, uint64_t seed)
{
	*c = (struct ds_clear){.cfg = cfg, .seed = seed};
	TAILQ_INIT(&c->order);
}

void ds_clear_fini(struct ds_clear *c)
{
	if (!c->peers)
		return;
	ds_index_fini(&c->by_addr);
	c->cfg->release(c->cfg->ctx, c->peers, size());
	c->peers = NULL;
}

static bool begin(struct ds_clear *c)
{
	if (c->peers)
		return true;
	if (ds_index_setup(&c->by_addr, &ops, c, c->cfg))
		return false;
	c->peers = c->cfg->alloc(c->cfg->ctx, size());
	if (!c->peers)
		ds_index_fini(&c->by_addr);
	return c->peers != NULL;
}

/* The place of the peer at @a, 0 if there is none. */
static uint32_t place_of(const struct ds_clear *c, const struct ds_addr *a)
{
	uint32_t place = c->peers ? ds_index_first(&c->by_addr, hash(c, a)) : 0;

	while (place && !ds_addr_equal(&c->peers[place].path.remote, a))
		place = c->peers[place].next;
	return place;
}

/* A place for another peer, that of the one silent longest if all are taken. */
static uint32_t make_place(struct ds_clear *c)
{
	struct ds_clear_peer *oldest = TAILQ_FIRST(&c->order);

	if (c->used < DS_CLEAR_PEERS)
		return ++c->used;
	TAILQ_REMOVE(&c->order, oldest, order);
	ds_index_remove(&c->by_addr, (uint32_t)(oldest - c->peers));
	return (uint32_t)(oldest - c->peers);
}

uint32_t ds_clear_heard(struct ds_clear *c, const struct ds_path *path, ds_time now)
{
	uint32_t place;

	if (!begin(c))
		return 0;
	place = place_of(c, &path->remote);
	if (place) {
		TAILQ_REMOVE(&c->order, &c->peers[place], order);
	} else {
		place = make_place(c);
		c->peers[place].path.remote = path->remote;
		ds_index_insert(&c->by_addr, place);
	}
	TAILQ_INSERT_TAIL(&c->order, &c->peers[place], order);
	c->peers[place].path.local = path->local;
	/* An answer takes the route to the peer, not the interface by which the question came */
	c->peers[place].path.local.scope = path->remote.scope;
	c->peers[place].seen = now;
	return place;
}

const struct ds_clear_peer *ds_clear_find(const struct ds_clear *c, const struct ds_addr *a,
					  ds_time now)
{
	uint32_t place = place_of(c, a);
	const struct ds_clear_peer *p = place ? &c->peers[place] : NULL;

	return p && (!c->cfg->idle || now < p->seen + c->cfg->idle) ? p : NULL;
}
