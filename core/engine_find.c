/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_find.c - running handshakes by the address of the peer and by our CID
 */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/engine_impl.h"

static uint64_t addr_hash(const struct ds_engine *e, const struct ds_addr *a)
{
	return XXH3_64bits_withSeed(a, sizeof(*a), e->table.seed);
}

static uint64_t cid_hash(const struct ds_engine *e, const uint8_t *cid)
{
	return XXH3_64bits_withSeed(cid, e->cfg.cid_length, e->table.seed);
}

static uint32_t *next_by_addr(void *owner, uint32_t id)
{
	return &((struct ds_engine *)owner)->handshakes[id]->next_addr;
}

static uint64_t hash_by_addr(void *owner, uint32_t id)
{
	struct ds_engine *e = owner;

	return addr_hash(e, &e->handshakes[id]->path.remote);
}

static uint32_t *next_by_cid(void *owner, uint32_t id)
{
	return &((struct ds_engine *)owner)->handshakes[id]->next_cid;
}

static uint64_t hash_by_cid(void *owner, uint32_t id)
{
	struct ds_engine *e = owner;

	return cid_hash(e, e->handshakes[id]->cid);
}

const struct ds_index_ops ds_hs_addr_ops = {next_by_addr, hash_by_addr};
const struct ds_index_ops ds_hs_cid_ops = {next_by_cid, hash_by_cid};

struct ds_handshake *ds_engine_hs_by_addr(const struct ds_engine *e, const struct ds_addr *a)
{
	uint32_t id;

	if (TAILQ_EMPTY(&e->running))
		return NULL;
	id = ds_index_first(&e->hs_by_addr, addr_hash(e, a));
	while (id && !ds_addr_equal(&e->handshakes[id]->path.remote, a))
		id = e->handshakes[id]->next_addr;
	return id ? e->handshakes[id] : NULL;
}

struct ds_handshake *ds_engine_hs_by_cid(const struct ds_engine *e, const uint8_t *cid)
{
	uint32_t id;

	if (TAILQ_EMPTY(&e->running))
		return NULL;
	id = ds_index_first(&e->hs_by_cid, cid_hash(e, cid));
	while (id && memcmp(e->handshakes[id]->cid, cid, e->cfg.cid_length))
		id = e->handshakes[id]->next_cid;
	return id ? e->handshakes[id] : NULL;
}
