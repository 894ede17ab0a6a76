/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_order.c - in which order sessions come back
 *
 * While the first are served the last are still in the file; so those that spoke last come first, for
 * they will probably speak next.  Each one goes to the old end of the order of use, where it belongs:
 * what is there is in order at any moment, whoever spoke meanwhile.
 */
#include <string.h>

#include "core/store.h"

#define DIGIT 11 /* bits looked at in one pass */

/* Radix sort by the upper half, least digit first. */
static void sort(uint64_t *from, uint64_t *to, uint32_t n)
{
	uint32_t starts[1U << DIGIT], at, count;
	uint64_t *other;

	for (unsigned shift = 32; shift < 64; shift += DIGIT) {
		memset(starts, 0, sizeof(starts));
		for (uint32_t i = 0; i < n; i++)
			starts[from[i] >> shift & ((1U << DIGIT) - 1)]++;
		at = 0;
		for (uint32_t d = 0; d < 1U << DIGIT; d++) {
			count = starts[d];
			starts[d] = at;
			at += count;
		}
		for (uint32_t i = 0; i < n; i++)
			to[starts[from[i] >> shift & ((1U << DIGIT) - 1)]++] = from[i];
		other = from;
		from = to;
		to = other;
	}
}

/* Second of last use and slot in one word; slots that are nobody's sort last. */
static uint64_t word_of(const struct ds_hot *hot, uint32_t slot)
{
	uint32_t seen = (uint32_t)(ds_hot_get(&hot->where) >> 32);

	return (uint64_t)(ds_hot_get(&hot->id) ? ~seen : UINT32_MAX) << 32 | slot;
}

void ds_store_order(const struct ds_config *cfg, const struct ds_hot *hot, uint32_t slots,
		    uint32_t *order)
{
	size_t size = 2 * (size_t)slots * sizeof(uint64_t);
	uint64_t *words = cfg->alloc(cfg->ctx, size);

	if (!words) { /* costs fairness only */
		for (uint32_t i = 0; i < slots; i++)
			order[i] = i + 1;
		return;
	}
	/* Of those that spoke in the same second the lower number is older */
	for (uint32_t i = 0; i < slots; i++)
		words[i] = word_of(&hot[slots - i], slots - i);
	sort(words, words + slots, slots); /* three passes: the result is in the second half */
	for (uint32_t i = 0; i < slots; i++)
		order[i] = (uint32_t)words[slots + i];
	cfg->release(cfg->ctx, words, size);
}
