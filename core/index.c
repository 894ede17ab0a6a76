/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index.c - from a key to a slot number, without ever stopping to grow
 *
 * How it works.  With n buckets and p the largest power of two <= n, an entry lies in bucket
 * hash mod 2p, or hash mod p where that bucket does not exist yet.  To grow, bucket n is added:
 * its entries all come from bucket n - p.  Buckets come in segments that never move.
 *
 * The directory does not shrink: a table that was large once may be large again.  A peer cannot
 * make chains long: addresses are hashed under a secret, CIDs are ours and random.
 */
#include "core/index.h"

#include "dtlsshim/err.h"

static size_t segments_size(const struct ds_index *ix)
{
	return ix->segments_max * sizeof(ix->segments[0]);
}

static uint32_t *bucket(const struct ds_index *ix, uint32_t b)
{
	return &ix->segments[b / DS_INDEX_SEGMENT][b % DS_INDEX_SEGMENT];
}

/* The largest power of two <= the number of buckets. */
static uint32_t level(const struct ds_index *ix)
{
	return 1U << (31 - __builtin_clz(ix->buckets));
}

static uint32_t bucket_of(const struct ds_index *ix, uint64_t hash)
{
	uint32_t p = level(ix), b = (uint32_t)(hash & (2ULL * p - 1));

	return b < ix->buckets ? b : b & (p - 1);
}

/* Makes sure that there is memory for bucket @b. */
static bool add_segment(struct ds_index *ix, uint32_t b)
{
	uint32_t s = b / DS_INDEX_SEGMENT;

	if (s >= ix->segments_max)
		return false;
	if (ix->segments[s] == NULL)
		ix->segments[s] = ix->cfg->alloc(ix->cfg->ctx, DS_INDEX_SEGMENT * sizeof(uint32_t));
	return ix->segments[s] != NULL;
}

int ds_index_setup(struct ds_index *ix, const struct ds_index_ops *ops, void *owner,
		   const struct ds_config *cfg)
{
	uint32_t wanted = cfg->max_sessions / DS_INDEX_SEGMENT + 1;

	*ix = (struct ds_index){.ops = ops, .owner = owner, .cfg = cfg};
	ix->segments_max = wanted < DS_INDEX_SEGMENTS ? wanted : DS_INDEX_SEGMENTS;
	ix->segments = cfg->alloc(cfg->ctx, segments_size(ix));
	if (ix->segments == NULL)
		return DS_E_NOMEM;
	if (!add_segment(ix, 0)) {
		ds_index_fini(ix);
		return DS_E_NOMEM;
	}
	ix->buckets = DS_INDEX_SEGMENT;
	return 0;
}

void ds_index_fini(struct ds_index *ix)
{
	const struct ds_config *cfg = ix->cfg;

	if (ix->segments == NULL)
		return;
	for (uint32_t s = 0; s < ix->segments_max && ix->segments[s] != NULL; s++)
		cfg->release(cfg->ctx, ix->segments[s], DS_INDEX_SEGMENT * sizeof(uint32_t));
	cfg->release(cfg->ctx, ix->segments, segments_size(ix));
	*ix = (struct ds_index){0};
}

void ds_index_reserve(struct ds_index *ix, uint32_t count)
{
	while (ix->count == 0 && ix->buckets < count && add_segment(ix, ix->buckets))
		ix->buckets += DS_INDEX_SEGMENT;
}

uint32_t ds_index_first(const struct ds_index *ix, uint64_t hash)
{
	return *bucket(ix, bucket_of(ix, hash));
}

static void push(struct ds_index *ix, uint32_t *head, uint32_t id)
{
	*ix->ops->next(ix->owner, id) = *head;
	*head = id;
}

/* Adds one bucket and moves to it what is its own. */
static bool split(struct ds_index *ix)
{
	uint32_t id, next, *old;

	if (!add_segment(ix, ix->buckets))
		return false;
	old = bucket(ix, ix->buckets - level(ix));
	id = *old;
	*old = 0;
	*bucket(ix, ix->buckets) = 0;
	ix->buckets++;
	for (; id != 0; id = next) {
		next = *ix->ops->next(ix->owner, id);
		push(ix, bucket(ix, bucket_of(ix, ix->ops->hash(ix->owner, id))), id);
	}
	return true;
}

void ds_index_insert(struct ds_index *ix, uint32_t id)
{
	push(ix, bucket(ix, bucket_of(ix, ix->ops->hash(ix->owner, id))), id);
	ix->count++;
	/* One bucket an entry keeps chains short; a second makes up for a time without memory */
	for (int i = 0; i < 2 && ix->count > ix->buckets; i++) {
		if (!split(ix))
			break;
	}
}

void ds_index_remove(struct ds_index *ix, uint32_t id)
{
	uint32_t *link = bucket(ix, bucket_of(ix, ix->ops->hash(ix->owner, id)));

	while (*link != 0 && *link != id)
		link = ix->ops->next(ix->owner, *link);
	if (*link == 0)
		return;
	*link = *ix->ops->next(ix->owner, id);
	ix->count--;
}
