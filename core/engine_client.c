/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_client.c - what only a client does: it begins, and begins anew
 *
 * A server that restarted drops the records of sessions it does not know, silently, as it must.  So
 * a client can only notice that nothing comes back: when a message has had no answer for the answer
 * time, a handshake begins beside the session, which goes on until another one is there.  For
 * programs that never get an answer the time doubles with each session that brought none, up to
 * 2^DS_DOUBTS_MAX times, until something is heard.
 */
#include "core/engine_impl.h"

#define FULL_TIME (50 * DS_MSEC) /* after which it is looked for room for a handshake again */

int ds_engine_connect(struct ds_engine *e, const struct ds_path *path, ds_time now)
{
	struct ds_handshake *h;

	if (e->cfg.role != DS_CLIENT)
		return DS_E_CONFIG;
	if (ds_engine_hs_by_addr(e, &path->remote))
		return 0;
	return ds_engine_begin(e, path, DS_JOB_CHEAP, &h, now);
}

void ds_engine_unreachable(struct ds_engine *e, const struct ds_addr *remote)
{
	struct ds_handshake *h = ds_engine_hs_by_addr(e, remote);

	if (h && h->client)
		ds_engine_fail(e, h, DS_REASON_UNREACHABLE);
}

void ds_engine_limit_doubts(struct ds_engine *e, size_t handshakes)
{
	e->doubts_max = handshakes;
}

/* Answers.  Times are milliseconds that wrap around. */

static uint32_t ms(ds_time now)
{
	uint32_t t = (uint32_t)(now / DS_MSEC);

	return t ? t : 1;
}

/* When the answer is overdue. */
static ds_time due(const struct ds_engine *e, const struct ds_slot_client *c, ds_time now)
{
	ds_time waited = (ds_time)(ms(now) - c->asked_at) * DS_MSEC;

	return now - waited + (e->cfg.answer << c->doubts);
}

void ds_client_asks(struct ds_engine *e, struct ds_slot *s, ds_time now)
{
	struct ds_slot_client *c = ds_slot_client(s);
	ds_time at;

	if (!e->cfg.answer || c->asked_at)
		return;
	c->asked_at = ms(now);
	at = due(e, c, now);
	if (at < e->answer_deadline)
		e->answer_deadline = at;
}

void ds_client_hears(struct ds_slot *s)
{
	struct ds_slot_client *c = ds_slot_client(s);

	c->asked_at = 0;
	c->doubts = 0;
}

static void doubt(struct ds_engine *e, struct ds_slot *s, ds_time now)
{
	struct ds_slot_client *c = ds_slot_client(s);
	struct ds_handshake *h;
	struct ds_path path;

	ds_slot_path(&e->table, s, &path);
	c->asked_at = 0; /* if there is no room or it fails, the next message asks again */
	if (ds_engine_connect(e, &path, now))
		return;
	e->stats.sessions_doubted++;
	h = ds_engine_hs_by_addr(e, &path.remote);
	h->doubts = c->doubts < DS_DOUBTS_MAX ? c->doubts + 1 : DS_DOUBTS_MAX;
}

void ds_client_tick(struct ds_engine *e, ds_time now)
{
	ds_time earliest = DS_TIME_NEVER, at;

	for (uint32_t id = 1; id <= e->table.used; id++) {
		struct ds_slot *s = ds_table_at(&e->table, id);

		if (!(s->flags & DS_SLOT_LIVE) || !(s->flags & DS_SLOT_CLIENT) ||
		    !ds_slot_client(s)->asked_at)
			continue;
		at = due(e, ds_slot_client(s), now);
		/* None gives way to another: all handshakes of a client are worth the same */
		if (at <= now && (!e->n_free || e->n_handshakes >= e->doubts_max))
			at = now + FULL_TIME;
		if (at <= now && e->event_count < DS_EVENTS / 2)
			doubt(e, s, now);
		else if (at < earliest)
			earliest = at;
	}
	e->answer_deadline = earliest;
}
