/* SPDX-License-Identifier: Apache-2.0 */
/* migrated.c - see migrated.h */
#include "core/migrated.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define BITS   ((DS_MIGRATED_WORDS - 1) * 64U)
#define PROBES 4 /* bits an address */

static_assert((BITS & (BITS - 1)) == 0, "a probe is a few bits of a hash");

int ds_migrated_begin(uint64_t *words, const struct ds_config *cfg)
{
	uint64_t seed, none = 0;

	if (cfg->random(cfg->ctx, (uint8_t *)&seed, sizeof(seed)))
		return DS_E_RANDOM;
	/* Another process may be first: then its seed is the one */
	__atomic_compare_exchange_n(words, &none, seed | 1, false, __ATOMIC_RELAXED,
				    __ATOMIC_RELAXED);
	return 0;
}

static XXH128_hash_t hash(const uint64_t *words, uint8_t family, const uint8_t ip[static 16])
{
	uint8_t key[17];

	key[0] = family;
	memcpy(key + 1, ip, 16);
	return XXH3_128bits_withSeed(key, sizeof(key), __atomic_load_n(words, __ATOMIC_RELAXED));
}

/* The bit of probe @i: a word of its own, behind the seed, and a place in it. */
static uint64_t bit_of(XXH128_hash_t h, unsigned i, size_t *word)
{
	uint64_t n = (i & 1 ? h.high64 : h.low64) >> (i / 2 * 32) & (BITS - 1);

	*word = 1 + n / 64;
	return 1ULL << n % 64;
}

void ds_migrated_note(uint64_t *words, uint8_t family, const uint8_t ip[static 16])
{
	XXH128_hash_t h = hash(words, family, ip);
	size_t word;

	for (unsigned i = 0; i < PROBES; i++) {
		uint64_t bit = bit_of(h, i, &word);

		__atomic_fetch_or(words + word, bit, __ATOMIC_RELAXED);
	}
}

bool ds_migrated_has(const uint64_t *words, uint8_t family, const uint8_t ip[static 16])
{
	XXH128_hash_t h = hash(words, family, ip);
	size_t word;

	for (unsigned i = 0; i < PROBES; i++) {
		uint64_t bit = bit_of(h, i, &word);

		if (!(__atomic_load_n(words + word, __ATOMIC_RELAXED) & bit))
			return false;
	}
	return true;
}
