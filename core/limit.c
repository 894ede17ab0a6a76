/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit.c - what keeps one source from spending what is everybody's
 *
 * Sources are as many as an attacker likes, so a bucket for each of them cannot be kept: the table
 * has a fixed size.  A bucket stands in one of WAYS places, chosen by its key, and a new one takes
 * the place of the bucket that would be full soonest, which is the one that forbids least.  An
 * attacker with many sources can therefore make the table forget, and is then limited by the
 * buckets that he cannot multiply: those of the sessions he aims at.
 *
 * Groups are counted in an array under a keyed hash of the network.  Two networks may share a count
 * by chance, but nobody can choose to share it with somebody else.
 */
#include "core/limit.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SETS 256U
#define WAYS 4U

/* The first bits of an address: what one party is likely to have all of. */
static uint64_t net_hash(const struct ds_addr *a, enum ds_net net, uint64_t seed)
{
	uint8_t prefix[1 + 8] = {0};
	size_t len;

	if (net == DS_NET_NONE)
		return 0;
	prefix[0] = a->family;
	if (a->family == 4)
		len = net == DS_NET_HOST ? 4 : 3;
	else
		len = net == DS_NET_HOST ? 8 : 6;
	memcpy(prefix + 1, a->ip, len);
	return XXH3_64bits_withSeed(prefix, sizeof(prefix), seed);
}

/* Rates */

void ds_buckets_init(struct ds_buckets *b, const struct ds_config *cfg, uint64_t seed)
{
	*b = (struct ds_buckets){.cfg = cfg, .seed = seed};
}

void ds_buckets_fini(struct ds_buckets *b)
{
	if (b->at)
		b->cfg->release(b->cfg->ctx, b->at, SETS * WAYS * sizeof(*b->at));
	b->at = NULL;
}

uint64_t ds_bucket_key(const struct ds_buckets *b, unsigned kind, uint64_t n,
		       const struct ds_addr *a, enum ds_net net)
{
	uint64_t parts[3] = {kind, n, net_hash(a, net, b->seed)};
	uint64_t key = XXH3_64bits_withSeed(parts, sizeof(parts), b->seed);

	return key ? key : 1;
}

static struct ds_bucket *set_of(const struct ds_buckets *b, uint64_t key)
{
	return &b->at[key % SETS * WAYS];
}

/* Tokens that are missing in @k now. */
static uint32_t spent(const struct ds_bucket *k, struct ds_rate rate, uint32_t second)
{
	uint64_t back = (uint64_t)(second - k->second) * rate.per_second;

	return back < k->spent ? k->spent - (uint32_t)back : 0;
}

static struct ds_bucket *find(const struct ds_buckets *b, uint64_t key)
{
	struct ds_bucket *k = b->at ? set_of(b, key) : NULL;

	for (unsigned i = 0; k && i < WAYS; i++, k++)
		if (k->key == key)
			return k;
	return NULL;
}

bool ds_bucket_has(const struct ds_buckets *b, uint64_t key, struct ds_rate rate, ds_time now)
{
	const struct ds_bucket *k = find(b, key);

	return !k || spent(k, rate, (uint32_t)(now / DS_SECOND)) < rate.burst;
}

bool ds_bucket_full(const struct ds_buckets *b, uint64_t key, struct ds_rate rate, ds_time now)
{
	const struct ds_bucket *k = find(b, key);

	return !k || !spent(k, rate, (uint32_t)(now / DS_SECOND));
}

void ds_bucket_refill(struct ds_buckets *b, uint64_t key)
{
	struct ds_bucket *k = find(b, key);

	if (k)
		k->spent = k->full = 0;
}

static void spend(struct ds_bucket *k, struct ds_rate rate, uint32_t n, uint32_t second)
{
	uint32_t before = spent(k, rate, second);

	k->spent = n < rate.burst - before ? before + n : rate.burst;
	k->second = second;
	k->full = second + k->spent / rate.per_second + 1;
}

bool ds_shared_has(const uint64_t *bucket, struct ds_rate rate, ds_time now)
{
	uint64_t b = __atomic_load_n(bucket, __ATOMIC_RELAXED);
	struct ds_bucket k = {.spent = (uint32_t)b, .second = (uint32_t)(b >> 32)};

	return spent(&k, rate, (uint32_t)(now / DS_SECOND)) < rate.burst;
}

void ds_shared_spend(uint64_t *bucket, struct ds_rate rate, uint32_t n, ds_time now)
{
	uint64_t b = __atomic_load_n(bucket, __ATOMIC_RELAXED);
	struct ds_bucket k = {.spent = (uint32_t)b, .second = (uint32_t)(b >> 32)};

	spend(&k, rate, n, (uint32_t)(now / DS_SECOND));
	__atomic_store_n(bucket, (uint64_t)k.second << 32 | k.spent, __ATOMIC_RELAXED);
}

/* The bucket of @key, or the place of the one that will be full soonest. */
static struct ds_bucket *place(struct ds_buckets *b, uint64_t key, uint32_t second)
{
	struct ds_bucket *set = set_of(b, key), *least = set;

	for (struct ds_bucket *k = set; k < set + WAYS; k++) {
		if (k->key == key)
			return k;
		if (k->full < least->full)
			least = k;
	}
	*least = (struct ds_bucket){.key = key, .second = second};
	return least;
}

void ds_bucket_spend(struct ds_buckets *b, uint64_t key, struct ds_rate rate, uint32_t n,
		     ds_time now)
{
	uint32_t second = (uint32_t)(now / DS_SECOND);

	if (!b->at)
		b->at = b->cfg->alloc(b->cfg->ctx, SETS * WAYS * sizeof(*b->at));
	if (!b->at)
		return;
	spend(place(b, key, second), rate, n, second);
}

/* Shares */

void ds_groups_init(struct ds_groups *g, const struct ds_config *cfg, uint64_t seed)
{
	*g = (struct ds_groups){.cfg = cfg, .seed = seed};
}

void ds_groups_fini(struct ds_groups *g)
{
	if (g->members)
		g->cfg->release(g->cfg->ctx, g->members, DS_GROUPS * sizeof(*g->members));
	g->members = NULL;
}

uint16_t ds_groups_add(struct ds_groups *g, const struct ds_addr *a)
{
	uint16_t group = (uint16_t)(1 + net_hash(a, DS_NET_SITE, g->seed) % DS_GROUPS);

	if (!g->members)
		g->members = g->cfg->alloc(g->cfg->ctx, DS_GROUPS * sizeof(*g->members));
	if (!g->members)
		return 0;
	g->members[group - 1]++;
	return group;
}

void ds_groups_remove(struct ds_groups *g, uint16_t group)
{
	if (group)
		g->members[group - 1]--;
}

uint32_t ds_groups_count(const struct ds_groups *g, uint16_t group)
{
	return group ? g->members[group - 1] : 0;
}

uint16_t ds_groups_largest(const struct ds_groups *g)
{
	uint32_t most = 0;
	uint16_t largest = 0;

	for (uint16_t i = 0; g->members && i < DS_GROUPS; i++)
		if (g->members[i] > most) {
			most = g->members[i];
			largest = (uint16_t)(i + 1);
		}
	return largest;
}
