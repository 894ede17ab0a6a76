/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_places.c - the hot lines of sessions, and which images are to be written
 */
#include <string.h>

#include "core/session.h"
#include "core/store.h"

#define AGAIN_STEP  128U	   /* images written once more at a time */
#define AGAIN_PAUSE (10 * DS_MSEC) /* between two of these times: others are served, too */

struct ds_hot *ds_table_hot(const struct ds_table *t, uint32_t id)
{
	return t->places.hot && id <= t->places.room ? &t->places.hot[id] : NULL;
}

void ds_table_again(struct ds_table *t, uint32_t first, uint32_t last, ds_time at)
{
	struct ds_places *p = &t->places;

	if (!p->again || first < p->again)
		p->again = first;
	if (last > p->again_last)
		p->again_last = last;
	p->again_at = at;
}

void ds_table_changed(struct ds_table *t, uint32_t id)
{
	struct ds_places *p = &t->places;

	if (!ds_table_hot(t, id))
		return;
	if (p->count == DS_PENDING) { /* nobody takes them: the oldest waits elsewhere */
		ds_table_again(t, p->pending[p->head], p->pending[p->head], 0);
		p->head = (p->head + 1) % DS_PENDING;
		p->count--;
	}
	p->pending[(p->head + p->count++) % DS_PENDING] = id;
}

/* When DS_MOVED sessions wait already, the one that waits longest is written at once. */
void ds_table_moved(struct ds_table *t, uint32_t id)
{
	struct ds_places *p = &t->places;

	if (!ds_table_hot(t, id))
		return;
	for (uint32_t i = 0; i < p->n_moved; i++)
		if (p->moved[i] == id)
			return;
	if (!p->n_moved)
		p->moved_at = t->latest + 1;
	if (p->n_moved == DS_MOVED) {
		ds_table_changed(t, p->moved[0]);
		memmove(p->moved, p->moved + 1, --p->n_moved * sizeof(*p->moved));
	}
	p->moved[p->n_moved++] = id;
}

static void begin(struct ds_table *t, const struct ds_slot *s, uint32_t id)
{
	struct ds_hot *hot = ds_table_hot(t, id);
	uint64_t name = 0;

	if (!hot || t->cfg->random(t->cfg->ctx, (uint8_t *)&name, sizeof(name)))
		return;
	ds_hot_begin(hot, s, name);
	ds_table_changed(t, id);
}

void ds_table_place(struct ds_table *t, uint32_t first, uint32_t last)
{
	for (uint32_t id = first; id <= last && id <= t->used; id++) {
		const struct ds_slot *s = ds_table_at(t, id);

		if (s->flags & DS_SLOT_LIVE)
			begin(t, s, id);
	}
}

/* One range holds all of them: what lies between is written once more, which does no harm; but not what
 * did not come back yet, which would be erased. */
static void settle_again(struct ds_table *t, ds_time now)
{
	struct ds_places *p = &t->places;

	if (!p->again || now < p->again_at)
		return;
	p->again_at = now + AGAIN_PAUSE;
	if (p->kept)
		return;
	while (p->again && p->count < AGAIN_STEP) {
		ds_table_changed(t, p->again);
		if (p->again++ == p->again_last)
			p->again = p->again_last = 0;
	}
}

void ds_table_settle(struct ds_table *t, ds_time now)
{
	struct ds_places *p = &t->places;

	settle_again(t, now);
	if (!p->n_moved || ds_second_of(now) < p->moved_at)
		return;
	for (uint32_t i = 0; i < p->n_moved; i++)
		ds_table_changed(t, p->moved[i]);
	p->n_moved = 0;
}
