/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keycache.h - expanded keys of the sessions that are talking
 *
 * A session keeps raw keys, 16 or 32 bytes each.  An expanded key is up to some kilobytes, so only
 * a bounded number of sessions has them; the rest pay an expansion (about 0.2 us) on their
 * next record.
 *
 * Memory:  everything allocated at setup or on first use of an entry; wiped on eviction.
 */
#ifndef CORE_KEYCACHE_H
#define CORE_KEYCACHE_H

#include "core/record.h"

enum ds_direction { DS_RX, DS_TX };

struct ds_keycache;

/* @entries: sessions that can be hot at once, both directions.  0 or DS_E_NOMEM. */
int ds_keycache_new(struct ds_keycache **out, struct ds_aead *aead, uint32_t entries,
		    const struct ds_config *cfg);
void ds_keycache_free(struct ds_keycache *c);

/**
 * ds_keycache_get() - the expanded key of a session's direction
 * @owner:	ds_session of the key's owner: never reused, so a stale entry is never found
 * @raw:	@suite->key_len bytes, read only when the entry is new
 *
 * Return: valid until the next call of get or drop; NULL if expansion failed
 */
void *ds_keycache_get(struct ds_keycache *c, uint64_t owner, enum ds_direction dir,
		      const struct ds_suite *suite, const uint8_t *raw);
/* For a session that slept and will sleep again: its next keys, unless it has some, go to one place
 * that the next guest gets.  That place stays in the processor's cache, and sessions that talk all
 * the time keep theirs. */
void ds_keycache_guest(struct ds_keycache *c, uint64_t owner, const struct ds_suite *suite);
/* Wipes what is there of @owner. */
void ds_keycache_drop(struct ds_keycache *c, uint64_t owner);

#endif
