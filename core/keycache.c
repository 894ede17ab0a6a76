/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keycache.c - expanded keys of the sessions that are talking
 *
 * This is a set-associative cache: a session may stand in WAYS places, chosen by its slot number,
 * and the place used longest ago gives way.  Slot numbers are dense, so sessions spread evenly.  A
 * place keeps its memory when its session goes; a suite with larger keys replaces it.
 *
 * One more place is for guests: sessions that wake up for a message or two.  A million of them must
 * not push out the few that talk all the time.  A guest that goes on talking gets a place of its
 * own when the next guest has taken that one.
 */
#include "core/keycache.h"

#include <stdbool.h>
#include <string.h>

#define WAYS  4
#define ALIGN 64 /* bytes; what aead.h promises to the ciphers */

/* @base holds the keys of both directions, each aligned, @size bytes apart. */
struct entry {
	uint64_t owner; /* 0 = nobody */
	uint64_t used;
	const struct ds_suite *suite;
	uint8_t *memory;
	size_t memory_size, size;
	bool ready[2];
};

struct ds_keycache {
	struct ds_aead *aead;
	const struct ds_config *cfg;
	uint64_t clock;
	uint32_t sets;
	struct entry guest;
	struct entry entries[];
};

static size_t cache_size(uint32_t sets)
{
	return sizeof(struct ds_keycache) + (size_t)sets * WAYS * sizeof(struct entry);
}

static size_t align(size_t n)
{
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void *expanded(const struct entry *e, enum ds_direction dir)
{
	return (uint8_t *)align((uintptr_t)e->memory) + dir * e->size;
}

static struct entry *set_of(struct ds_keycache *c, uint64_t owner)
{
	return &c->entries[(size_t)((uint32_t)owner % c->sets) * WAYS];
}

static void clear(struct ds_keycache *c, struct entry *e)
{
	for (int dir = DS_RX; dir <= DS_TX; dir++) {
		if (e->ready[dir])
			c->aead->ops->wipe(e->suite, expanded(e, dir));
		e->ready[dir] = false;
	}
	e->owner = 0;
	e->used = 0;
}

static void free_memory(struct ds_keycache *c, struct entry *e)
{
	if (e->memory != NULL)
		c->cfg->release(c->cfg->ctx, e->memory, e->memory_size);
	e->memory = NULL;
	e->memory_size = 0;
}

int ds_keycache_new(struct ds_keycache **out, struct ds_aead *aead, uint32_t entries,
		    const struct ds_config *cfg)
{
	uint32_t sets = entries / WAYS + (entries % WAYS != 0 || entries == 0);
	struct ds_keycache *c = cfg->alloc(cfg->ctx, cache_size(sets));

	*out = c;
	if (c == NULL)
		return DS_E_NOMEM;
	c->aead = aead;
	c->cfg = cfg;
	c->sets = sets;
	return 0;
}

void ds_keycache_free(struct ds_keycache *c)
{
	if (c == NULL)
		return;
	clear(c, &c->guest);
	free_memory(c, &c->guest);
	for (size_t i = 0; i < (size_t)c->sets * WAYS; i++) {
		clear(c, &c->entries[i]);
		free_memory(c, &c->entries[i]);
	}
	c->cfg->release(c->cfg->ctx, c, cache_size(c->sets));
}

/* Gives @e to @owner; false if there is no memory for its keys. */
static bool take(struct ds_keycache *c, struct entry *e, uint64_t owner,
		 const struct ds_suite *suite)
{
	size_t size = align(c->aead->ops->key_size(suite)), needed = 2 * size + ALIGN;

	clear(c, e);
	if (e->memory_size < needed) {
		free_memory(c, e);
		e->memory = c->cfg->alloc(c->cfg->ctx, needed);
		if (e->memory == NULL)
			return false;
		e->memory_size = needed;
	}
	e->owner = owner;
	e->suite = suite;
	e->size = size;
	return true;
}

/* The place of @owner, or the one that is to give way. */
static struct entry *find(struct ds_keycache *c, uint64_t owner)
{
	struct entry *set = set_of(c, owner), *oldest = set;

	for (struct entry *e = set; e < set + WAYS; e++) {
		if (e->owner == owner)
			return e;
		if (e->used < oldest->used)
			oldest = e;
	}
	return c->guest.owner == owner ? &c->guest : oldest;
}

void *ds_keycache_get(struct ds_keycache *c, uint64_t owner, enum ds_direction dir,
		      const struct ds_suite *suite, const uint8_t *raw)
{
	struct entry *e = find(c, owner);

	/* Owner 0 is no session, and an empty place would match it */
	if (owner == 0 || (e->owner != owner && !take(c, e, owner, suite)))
		return NULL;
	e->used = ++c->clock;
	if (!e->ready[dir]) {
		if (c->aead->ops->expand(c->aead, suite, raw, expanded(e, dir)) != 0)
			return NULL;
		e->ready[dir] = true;
	}
	return expanded(e, dir);
}

void ds_keycache_guest(struct ds_keycache *c, uint64_t owner, const struct ds_suite *suite)
{
	if (owner != 0 && find(c, owner)->owner != owner)
		(void)take(c, &c->guest, owner, suite);
}

void ds_keycache_drop(struct ds_keycache *c, uint64_t owner)
{
	struct entry *e = find(c, owner);

	if (owner != 0 && e->owner == owner)
		clear(c, e);
}
