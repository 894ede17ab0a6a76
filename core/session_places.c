/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_places.c - the hot lines of sessions, and which images are to be written
 */
#include <string.h>

#include "core/session.h"
#include "core/store.h"

struct ds_hot *ds_table_hot(const struct ds_table *t, uint32_t id)
{
	return t->places.hot && id <= t->places.room ? &t->places.hot[id] : NULL;
}

void ds_table_changed(struct ds_table *t, uint32_t id)
{
	struct ds_places *p = &t->places;

	if (!ds_table_hot(t, id))
		return;
	if (p->count == DS_PENDING) { /* nobody takes them: the oldest is lost */
		p->head = (p->head + 1) % DS_PENDING;
		p->count--;
		p->lost++;
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

void ds_table_settle(struct ds_table *t, uint32_t second)
{
	struct ds_places *p = &t->places;

	if (!p->n_moved || second < p->moved_at)
		return;
	for (uint32_t i = 0; i < p->n_moved; i++)
		ds_table_changed(t, p->moved[i]);
	p->n_moved = 0;
}
