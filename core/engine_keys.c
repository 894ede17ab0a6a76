/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_keys.c - pre-shared keys that handshakes wait for
 *
 * An identity nobody knows gets a key nobody has: its handshake goes on and fails as late, and with
 * the same alert, as one with a wrong key, so that strangers do not learn which identities there
 * are (RFC 4279, 2 allows both).  The time that the key source takes can still be measured.
 */
#include <string.h>

#include "core/engine_impl.h"

#define LOOKUP_BURST  4	 /* seconds' worth of look-ups at once */
#define PRETENDED_LEN 16 /* bytes of a key nobody has */

static uint64_t network(const struct ds_engine *e, const struct ds_handshake *h)
{
	return ds_bucket_key(&e->buckets, DS_BUCKET_LOOKUPS, 0, &h->path.remote, DS_NET_SITE);
}

/* Counts a look-up for the network of @h; true if there were too many. */
static bool is_crowded(struct ds_engine *e, const struct ds_handshake *h, ds_time now)
{
	struct ds_rate rate = {LOOKUP_BURST * e->cfg.lookup_rate, e->cfg.lookup_rate};
	uint64_t key = network(e, h);

	if (!rate.burst)
		return false;
	if (!ds_bucket_has(&e->buckets, key, rate, now)) {
		e->stats.lookups_crowded++;
		return true;
	}
	ds_bucket_spend(&e->buckets, key, rate, 1, now);
	return false;
}

void ds_engine_want_key(struct ds_engine *e, struct ds_handshake *h, ds_time now)
{
	h->denied = ds_engine_denies_identity(e, h->job.identity, h->job.identity_len);
	if (h->denied) {
		h->job.key_state = DS_KEY_ASKED;
		ds_engine_lookup_done(e, h->serial, NULL, 0, now);
		return;
	}
	h->crowded = is_crowded(e, h, now);
	h->wants_key = true;
	TAILQ_INSERT_TAIL(&e->lookups, h, in_lookups);
}

bool ds_engine_lookup(struct ds_engine *e, struct ds_lookup *out)
{
	struct ds_handshake *h = TAILQ_FIRST(&e->lookups);

	if (!h)
		return false;
	TAILQ_REMOVE(&e->lookups, h, in_lookups);
	h->wants_key = false;
	h->job.key_state = DS_KEY_ASKED;
	out->id = h->serial;
	out->network = network(e, h);
	out->identity_len = h->job.identity_len;
	memcpy(out->identity, h->job.identity, h->job.identity_len);
	out->crowded = h->crowded;
	return true;
}

/* The handshake that waits for the answer to @id, or NULL. */
static struct ds_handshake *asker(const struct ds_engine *e, uint64_t id)
{
	uint32_t slot = (uint32_t)id;
	struct ds_handshake *h = slot && slot < e->n_ids ? e->handshakes[slot] : NULL;

	return h && h->serial == id && !h->busy && h->job.key_state == DS_KEY_ASKED ? h : NULL;
}

void ds_engine_lookup_failed(struct ds_engine *e, uint64_t id, ds_time now)
{
	struct ds_handshake *h = asker(e, id);

	if (h)
		h->unanswered = true;
	ds_engine_lookup_done(e, id, NULL, 0, now);
}

void ds_engine_lookup_done(struct ds_engine *e, uint64_t id, const uint8_t *key, size_t len,
			   ds_time now)
{
	struct ds_handshake *h = asker(e, id);
	struct ds_job *j;

	(void)now;
	if (!h)
		return;
	j = &h->job;
	h->pretends = !key || !len || len > sizeof(j->psk);
	j->psk_len = h->pretends ? PRETENDED_LEN : len;
	j->key_state = DS_KEY_KNOWN;
	if (!h->pretends)
		memcpy(j->psk, key, len);
	else if (e->cfg.random(e->cfg.ctx, j->psk, j->psk_len))
		j->key_state = DS_KEY_UNKNOWN;
	ds_engine_want_job(e, h);
}
