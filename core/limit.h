/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit.h - what keeps one source from spending what is everybody's
 *
 * Rates: a bucket of tokens for each key, made when the first is spent, in a table of fixed size
 * whose least guilty entries give way.  Shares: how many members each group has, where a group is
 * a network (IPv4 /24, IPv6 /48), so that the largest one can be made to give way first.
 *
 * Units:    ds_time as everywhere; buckets fill once a second.
 * Memory:   24 kB for buckets and 16 kB for groups, allocated when needed first.  Without memory
 *	     nothing is limited by rate, and no group is the largest.
 * Threads:  under the engine's lock.
 */
#ifndef CORE_LIMIT_H
#define CORE_LIMIT_H

#include "dtlsshim/addr.h"
#include "dtlsshim/config.h"

/* Tokens a full bucket has, and how many it gets back a second. */
struct ds_rate {
	uint32_t burst, per_second;
};

struct ds_bucket {
	uint64_t key;		      /* 0 = free */
	uint32_t spent, second, full; /* @full: the second in which nothing is spent any more */
};

struct ds_buckets {
	const struct ds_config *cfg; /* borrowed */
	uint64_t seed;		     /* secret: nobody can look for keys that collide */
	struct ds_bucket *at;
};

void ds_buckets_init(struct ds_buckets *b, const struct ds_config *cfg, uint64_t seed);
void ds_buckets_fini(struct ds_buckets *b);

enum ds_net { DS_NET_NONE, DS_NET_HOST, DS_NET_SITE }; /* /32 and /64; /24 and /48 */

/* The key of a bucket: of purpose @kind, for number @n and the network of @a (or NULL). */
uint64_t ds_bucket_key(const struct ds_buckets *b, unsigned kind, uint64_t n,
		       const struct ds_addr *a, enum ds_net net);
/* True if there is a token left; nothing is spent. */
bool ds_bucket_has(const struct ds_buckets *b, uint64_t key, struct ds_rate rate, ds_time now);
/* True if no token is missing. */
bool ds_bucket_full(const struct ds_buckets *b, uint64_t key, struct ds_rate rate, ds_time now);
/* Spends @n tokens, or what is left. */
void ds_bucket_spend(struct ds_buckets *b, uint64_t key, struct ds_rate rate, uint32_t n,
		     ds_time now);
/* Makes the bucket full. */
void ds_bucket_refill(struct ds_buckets *b, uint64_t key);

/*
 * One bucket that engines share: @bucket is their number, 0 at first.  It is read and written without
 * a lock, and an update that two threads make at once may count once.
 */
bool ds_shared_has(const uint64_t *bucket, struct ds_rate rate, ds_time now);
void ds_shared_spend(uint64_t *bucket, struct ds_rate rate, uint32_t n, ds_time now);

#define DS_GROUPS 4096

struct ds_groups {
	const struct ds_config *cfg; /* borrowed */
	uint64_t seed;
	uint32_t *members;
};

void ds_groups_init(struct ds_groups *g, const struct ds_config *cfg, uint64_t seed);
void ds_groups_fini(struct ds_groups *g);
/* Adds a member of @a's network: its group, 1..DS_GROUPS, or 0 if memory is short.  Networks may
 * share a group, but nobody can find out which. */
uint16_t ds_groups_add(struct ds_groups *g, const struct ds_addr *a);
/* Takes a member of @group out; 0 is allowed. */
void ds_groups_remove(struct ds_groups *g, uint16_t group);
/* How many there are in @group. */
uint32_t ds_groups_count(const struct ds_groups *g, uint16_t group);
/* The group with most members, 0 if there is none. */
uint16_t ds_groups_largest(const struct ds_groups *g);

#endif
