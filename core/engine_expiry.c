/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_expiry.c - sessions whose time is up, and which give way when there are too many
 *
 * Idle: sessions are in the order of use, so the oldest one says when a peer has been silent too
 * long.  Age, and the end of a certificate: nothing is in the order of birth, which would cost every
 * session eight bytes.  A session that is used checks its own end; for those that sleep the table is
 * walked, some slots a call, as often as a session can have reached its end, and when the list of peers
 * that get no session is a new one.
 *
 * Too many sessions: the one that was silent longest gives way.  Peers without an identity may come
 * in any number; so they take places from each other only, and those of the largest networks go
 * first (limit.h): no flood of them ends the session of a peer that has a key.  The victim is the
 * worst of some that are drawn at random, because to find the worst of all would take too long, and
 * an attacker cannot foresee the draw.  An identity that may have several sessions has a limit of
 * its own.
 */
#include "core/engine_impl.h"

#define SWEEP_SLOTS   512	      /* looked at in a call */
#define SWEEP_PAUSE   (10 * DS_MSEC)  /* between calls */
#define SWEEP_LEAST   DS_SECOND	      /* between walks */
#define EVENTS_ENOUGH (DS_EVENTS / 2) /* until the caller has taken some */
#define DRAWS	      64	      /* sessions drawn at random */

/* Idle */

/* When the session that was silent longest reaches the limit of silence. */
static ds_time idle_deadline(const struct ds_engine *e)
{
	int64_t at;

	if (!e->cfg.idle || !e->table.oldest)
		return DS_TIME_NEVER;
	/* seen_at is cut to whole seconds; nobody is closed early */
	at = ds_slot_seen(ds_table_at(&e->table, e->table.oldest)) +
	     (int64_t)(DS_SECOND + e->cfg.idle);
	return at < 0 ? 0 : (ds_time)at;
}

/* Age */

/* The second in which a session that was born in second @born is too old; UINT32_MAX = never. */
static uint32_t end_of_age(const struct ds_engine *e, uint32_t born)
{
	uint64_t end = born + e->cfg.max_age / DS_SECOND + 1;

	return !e->cfg.max_age || end > UINT32_MAX ? UINT32_MAX : (uint32_t)end;
}

static uint32_t end_of_certificate(const struct ds_engine *e, const struct ds_slot *s)
{
	const struct ds_slot_cert *cert = e->table.n_ends ? ds_slot_cert(s) : NULL;

	return cert && cert->ends_at ? cert->ends_at : UINT32_MAX;
}

static uint32_t end_of(const struct ds_engine *e, const struct ds_slot *s)
{
	uint32_t age = end_of_age(e, s->more->born_at), certificate = end_of_certificate(e, s);

	return age < certificate ? age : certificate;
}

static bool has_ends(const struct ds_engine *e)
{
	return e->cfg.max_age || e->table.n_ends;
}

static bool walks(const struct ds_engine *e)
{
	return has_ends(e) || e->sweep_denied;
}

bool ds_engine_aged(struct ds_engine *e, struct ds_slot *s, ds_time now)
{
	if (!has_ends(e) || ds_second_of(now) < end_of(e, s))
		return false;
	e->stats.sessions_aged++;
	ds_engine_end(e, s,
		      ds_second_of(now) < end_of_certificate(e, s) ? DS_REASON_AGE
								   : DS_REASON_CERTIFICATE_ENDED,
		      true);
	return true;
}

/* From @now to second @end, by the engine's clock. */
static ds_time left(uint32_t end, ds_time now)
{
	uint32_t second = ds_second_of(now);

	return end > second ? (ds_time)(end - second) * DS_SECOND : 0;
}

void ds_engine_plan_end(struct ds_engine *e, const struct ds_slot *s, ds_time now)
{
	uint32_t end = has_ends(e) ? end_of(e, s) : UINT32_MAX;

	if (end == UINT32_MAX)
		return;
	if (end < e->sweep_end)
		e->sweep_end = end;
	if (now + left(end, now) < e->sweep_at)
		e->sweep_at = now + left(end, now);
}

/* One that has not begun, or one from the beginning. */
void ds_engine_end_denied(struct ds_engine *e)
{
	e->sweep_denied = ds_tls_config_deny(e->tls);
	e->sweep_id = 0;
	e->sweep_at = 0;
}

static bool end_if_denied(struct ds_engine *e, struct ds_slot *s)
{
	if (!e->sweep_denied || !ds_engine_denies(e, s))
		return false;
	e->stats.sessions_denied++;
	ds_engine_end(e, s, DS_REASON_DENIED, true);
	return true;
}

/* Plans the next walk for the time when the first session that was seen has to end. */
static void plan_walk(struct ds_engine *e, ds_time now)
{
	ds_time wait = left(e->sweep_end, now), least = e->cfg.max_age / 64;

	if (least < SWEEP_LEAST)
		least = SWEEP_LEAST;
	e->sweep_at = now + (wait < least ? least : wait);
	e->sweep_id = 0;
	e->sweep_denied = false;
	e->sweep_end = end_of_age(e, ds_second_of(now));
}

/* Looks at some slots; false if that was all of them. */
static bool walk(struct ds_engine *e, ds_time now)
{
	for (uint32_t n = 0; n < SWEEP_SLOTS; n++) {
		struct ds_slot *s;

		if (e->sweep_id >= e->table.used)
			return false;
		if (e->event_count >= EVENTS_ENOUGH)
			return true;
		s = ds_table_at(&e->table, ++e->sweep_id);
		if ((s->flags & DS_SLOT_LIVE) && !ds_engine_aged(e, s, now) &&
		    !end_if_denied(e, s) && end_of(e, s) < e->sweep_end)
			e->sweep_end = end_of(e, s);
	}
	return true;
}

void ds_engine_expire(struct ds_engine *e, ds_time now)
{
	while (idle_deadline(e) <= now && e->event_count < EVENTS_ENOUGH) {
		e->stats.sessions_expired++;
		ds_engine_end(e, ds_table_at(&e->table, e->table.oldest), DS_REASON_IDLE, true);
	}
	if (!walks(e) || now < e->sweep_at)
		return;
	if (walk(e, now))
		e->sweep_at = now + (e->event_count < EVENTS_ENOUGH ? SWEEP_PAUSE : 0);
	else
		plan_walk(e, now);
}

ds_time ds_engine_expiry(const struct ds_engine *e)
{
	ds_time idle = idle_deadline(e);
	ds_time sweep = walks(e) && e->table.count ? e->sweep_at : DS_TIME_NEVER;

	return idle < sweep ? idle : sweep;
}

/* Making room */

static void evict(struct ds_engine *e, struct ds_slot *s, enum ds_reason reason)
{
	e->stats.sessions_evicted++;
	ds_engine_end(e, s, reason, true);
}

/* True if @a should go rather than @b: its network has more sessions, or it was silent longer. */
static bool goes_first(const struct ds_engine *e, const struct ds_slot *a, const struct ds_slot *b)
{
	uint32_t crowd_a = ds_groups_count(&e->table.groups, a->more->group);
	uint32_t crowd_b = ds_groups_count(&e->table.groups, b->more->group);

	return crowd_a != crowd_b ? crowd_a > crowd_b : a->seen_at < b->seen_at;
}

/* The session that gives way to @s: the worst of some random ones that have no identity; @s itself if
 * none is worse.  A flood from one network is soon the largest crowd, and then takes only its own
 * places. */
uint32_t ds_engine_draw(struct ds_engine *e)
{
	e->draw = e->draw * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth */
	return (uint32_t)(e->draw >> 33);
}

static struct ds_slot *draw_victim(struct ds_engine *e, struct ds_slot *s)
{
	struct ds_slot *victim = s;

	/* Where all sessions have an identity a draw would only cost cache misses */
	for (int i = 0; e->table.groups.members && i < DRAWS; i++) {
		struct ds_slot *other;

		other = ds_table_at(&e->table, ds_engine_draw(e) % e->table.used + 1);
		if ((other->flags & DS_SLOT_LIVE) && other->more->group &&
		    goes_first(e, other, victim))
			victim = other;
	}
	return victim;
}

bool ds_engine_make_room(struct ds_engine *e, struct ds_slot *s)
{
	uint32_t most = e->cfg.one_per_identity ? 0 : e->cfg.max_per_identity;
	struct ds_slot *victim = NULL;

	if (most && ds_table_count_identity(&e->table, s->more->bytes, s->more->identity_len,
					    s->more->by_cert, &victim) > most)
		evict(e, victim, DS_REASON_IDENTITY_FULL);
	if (e->table.count <= e->cfg.max_sessions)
		return true;
	victim = draw_victim(e, s);
	if (victim == s && !s->more->group)
		victim = ds_table_at(&e->table, e->table.oldest);
	if (victim != s)
		evict(e, victim, DS_REASON_EVICTED);
	return victim != s;
}
