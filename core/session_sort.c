/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_sort.c - the order of use, made anew when sessions come back
 */
#include <string.h>

#include "core/session.h"

#define DIGIT 11 /* bits of a second looked at in one pass */

/* The sessions with one value of a digit, chained until the next pass. */
struct chain {
	uint32_t first, last;
};

static void seen_range(const struct ds_table *t, uint32_t *low, uint32_t *high)
{
	*low = UINT32_MAX;
	*high = 0;
	for (uint32_t id = t->oldest; id; id = ds_table_at(t, id)->newer) {
		uint32_t at = ds_table_at(t, id)->seen_at;

		*low = at < *low ? at : *low;
		*high = at > *high ? at : *high;
	}
}

/* Deals the list out to chains by a digit of (seen - @low). */
static void deal(const struct ds_table *t, struct chain *chains, uint32_t low, unsigned shift)
{
	uint32_t next;

	memset(chains, 0, sizeof(*chains) << DIGIT);
	for (uint32_t id = t->oldest; id; id = next) {
		struct ds_slot *s = ds_table_at(t, id);
		struct chain *c = &chains[(s->seen_at - low) >> shift & ((1U << DIGIT) - 1)];

		next = s->newer;
		s->newer = 0;
		if (c->first)
			ds_table_at(t, c->last)->newer = id;
		else
			c->first = id;
		c->last = id;
	}
}

static void gather(struct ds_table *t, const struct chain *chains)
{
	t->oldest = t->newest = 0;
	for (uint32_t d = 0; d < 1U << DIGIT; d++) {
		if (!chains[d].first)
			continue;
		if (t->newest)
			ds_table_at(t, t->newest)->newer = chains[d].first;
		else
			t->oldest = chains[d].first;
		t->newest = chains[d].last;
	}
}

/* Radix sort, least digit first: two passes if all were seen within seven weeks.  If memory is
 * short the order stays as it is, which costs fairness only. */
void ds_table_sort(struct ds_table *t)
{
	size_t size = sizeof(struct chain) << DIGIT;
	struct chain *chains = t->cfg->alloc(t->cfg->ctx, size);
	uint32_t low, high, before = 0;

	if (!chains)
		return;
	seen_range(t, &low, &high);
	for (unsigned shift = 0; shift < 32 && low < high && (high - low) >> shift;
	     shift += DIGIT) {
		deal(t, chains, low, shift);
		gather(t, chains);
	}
	t->cfg->release(t->cfg->ctx, chains, size);
	for (uint32_t id = t->oldest; id; before = id, id = ds_table_at(t, id)->newer)
		ds_table_at(t, id)->older = before;
}
