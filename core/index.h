/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index.h - from a key to a slot number, without ever stopping to grow
 *
 * Linear hashing (Litwin, 1980) with chains through the slots themselves: an entry costs four
 * bytes in its slot and about four in the directory, and the table grows by splitting one
 * bucket an insertion, so a million sessions arrive without a pause.  No well-kept C library
 * was found that does both.  Hashes come from the caller (XXH3 with a secret seed; CIDs are
 * random already).
 *
 * Slot numbers begin at 1; 0 ends a chain.
 */
#ifndef CORE_INDEX_H
#define CORE_INDEX_H

#include "dtlsshim/config.h"

/**
 * struct ds_index_ops - how the index sees the owner's slots
 * @next:	where slot @id keeps its chain link for this index
 * @hash:	hash of the key slot @id is indexed under
 */
struct ds_index_ops {
	uint32_t *(*next)(void *owner, uint32_t id);
	uint64_t (*hash)(void *owner, uint32_t id);
};

#define DS_INDEX_SEGMENT  1024 /* buckets allocated at a time */
#define DS_INDEX_SEGMENTS 16384

struct ds_index {
	const struct ds_index_ops *ops;
	void *owner;
	const struct ds_config *cfg; /* memory; borrowed until fini */
	uint32_t **segments;
	uint32_t segments_max; /* enough for the configuration's max_sessions */
	uint32_t buckets;      /* in use */
	uint32_t count;	       /* entries */
};

/* 0 or DS_E_NOMEM. */
int ds_index_setup(struct ds_index *ix, const struct ds_index_ops *ops, void *owner,
		   const struct ds_config *cfg);
void ds_index_fini(struct ds_index *ix);

/* An index that is empty gets room for @count entries at once. */
void ds_index_reserve(struct ds_index *ix, uint32_t count);
/* First slot of the chain that holds every entry with @hash; follow ops->next, compare keys. */
uint32_t ds_index_first(const struct ds_index *ix, uint64_t hash);
/* Adds slot @id; when memory is short chains just get longer. */
void ds_index_insert(struct ds_index *ix, uint32_t id);
/* Takes slot @id out; its key must still be what it was inserted with. */
void ds_index_remove(struct ds_index *ix, uint32_t id);

#endif
