/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_path.c - where a peer is: moves to another address, and asking it there (RFC 9146, 6; RFC 9853)
 *
 * A session goes where its newest application record came from.  Until that address is proven, it is sent
 * three times what came from it (rebind.c).  A peer with which RFC 9853 was agreed on is asked: it gets a
 * path challenge with a random cookie, and has to return the cookie from the address that was asked.
 *
 *   stage	the session is		asked		on an answer		without one
 *   NEW	at the new address,	there		the address is		it goes back to the
 *		with the budget				proven			address before
 *   OLD	at the address before	there		path_response: it	it goes to the new
 *							stays; path_drop: as	address, and NEW
 *							without an answer	begins
 *
 * A basic check is NEW alone (RFC 9853, 5.1).  The session moves before it is proven, because the answer
 * to the record that moved it would else go to an address where, after a NAT forgot its peer, nobody is.
 * RFC 9853, 5 leaves the choice between that and silence.  An enhanced check (5.2) begins with OLD: who
 * copies records of a peer and is faster than the peer moves nothing, as long as the peer answers at its
 * address.  Its price is the second in which answers may go nowhere.
 *
 * Each challenge has a cookie of its own, and an answer to any of them counts.  A newer record from the
 * last proven address ends a check, for there the peer is.  One from a third address moves the session
 * again, and the check goes on there; but while an enhanced check is at NEW it is not looked at, for then
 * the address that could contradict has just been given up.
 *
 * Checks are few and short, so that they are no part of a session, which has a pointer to its own.  All
 * of a stage are due after the same time, so that a queue has them in order.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/rebind.h"
#include "core/store.h"

#define CHECKS_MAX 4096 /* at the same time */
#define COOKIE	   8	/* bytes; RFC 9853, 4 */
#define MESSAGE	   (1 + COOKIE)
#define TRIES	   3 /* the most of any stage */

enum { PATH_CHALLENGE, PATH_RESPONSE, PATH_DROP }; /* RFC 9853, 4 */

/* RFC 9853, 5.5: one second where the round trip time is not known.  A challenge that is lost must not
 * give the address away, so that the old one is asked twice within it. */
static const struct {
	ds_time pace;
	uint8_t tries;
} stages[] = {
	[DS_CHECK_NEW] = {DS_SECOND, TRIES},
	[DS_CHECK_OLD] = {DS_SECOND / 2, 2},
};

/**
 * struct ds_check - one that runs
 * @other:	OLD: where the newest record came from; NEW: where the session goes back to, and whether
 *		that was @proven; family 0 = nowhere
 * @bytes:	OLD: what came from there
 * @cookies:	of the challenges of this stage, @tried of them
 */
struct ds_check {
	TAILQ_ENTRY(ds_check) order;
	ds_session session;
	enum ds_check_stage stage;
	struct ds_path other;
	bool proven;
	uint8_t tried;
	size_t bytes;
	ds_time due;
	uint8_t cookies[TRIES][COOKIE];
};

/* Moves */

/* True if the application may find @s by address @from from now on, in place of the session that it
 * finds there. */
static bool may_take(const struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		     uint32_t second)
{
	const struct ds_slot *there = ds_table_by_addr(&e->table, from);

	if (there && there != s && !ds_rebind_yields(&e->cfg, there, from, second))
		return false;
	return there == s || !ds_table_vacated(&e->table, s, from, second);
}

/* A session that no address finds spoke from where it is: that address finds it from now on, if it
 * may take it.  Where addresses are stable, one that another session still has is not taken. */
static void come_back(struct ds_engine *e, struct ds_slot *s, const struct ds_addr *from,
		      uint32_t second)
{
	bool stable = e->cfg.peer_address == DS_PEER_STABLE;

	if (s->flags & DS_SLOT_VISIBLE || (stable && ds_table_by_addr(&e->table, from)))
		return;
	if (may_take(e, s, from, second))
		ds_table_show(&e->table, s);
}

/* @bytes came from there; @reason: why it goes back, if it does. */
static void move(struct ds_engine *e, struct ds_slot *s, const struct ds_path *path, size_t bytes,
		 uint32_t second, enum ds_reason reason)
{
	struct ds_event *ev;
	struct ds_path old;

	ds_slot_path(&e->table, s, &old);
	ds_table_move(&e->table, s, path);
	ds_rebind_begin(&e->cfg, s, bytes, second);
	come_back(e, s, &path->remote, second);
	e->stats.rebinds++;
	ev = ds_engine_push_event(e, DS_EVENT_REBOUND, reason);
	ds_engine_fill_info(e, s, &ev->info);
	ev->old = old.remote;
}

/* Checks */

static struct ds_check *check_of(const struct ds_slot *s)
{
	const struct ds_slot_rrc *rrc = ds_slot_rrc(s);

	return rrc ? rrc->check : NULL;
}

static void forget(struct ds_engine *e, struct ds_check *c)
{
	TAILQ_REMOVE(&e->checks[c->stage], c, order);
	e->n_checks--;
	e->cfg.release(e->cfg.ctx, c, sizeof(*c));
}

void ds_engine_drop_check(struct ds_engine *e, struct ds_slot *s)
{
	struct ds_check *c = check_of(s);

	if (!c)
		return;
	ds_slot_rrc(s)->check = NULL;
	forget(e, c);
}

void ds_engine_free_checks(struct ds_engine *e)
{
	for (int i = 0; i < DS_CHECK_STAGES; i++)
		while (!TAILQ_EMPTY(&e->checks[i]))
			forget(e, TAILQ_FIRST(&e->checks[i]));
}

/* Sends one more challenge to where the session is.  One that cannot be sent counts as lost. */
static void challenge(struct ds_engine *e, struct ds_slot *s, struct ds_check *c, ds_time now)
{
	uint8_t message[MESSAGE] = {PATH_CHALLENGE}, *cookie = c->cookies[c->tried];
	struct ds_seal what = {.type = DS_RRC, .data = message, .len = MESSAGE};
	struct ds_path path;

	TAILQ_REMOVE(&e->checks[c->stage], c, order);
	TAILQ_INSERT_TAIL(&e->checks[c->stage], c, order);
	c->due = now + stages[c->stage].pace;
	if (e->cfg.random(e->cfg.ctx, cookie, COOKIE))
		return; /* asked again when it is due */
	c->tried++;
	if (!ds_rebind_spend(s, ds_engine_record_size(s, MESSAGE))) {
		e->stats.drop_budget++;
		return;
	}
	memcpy(message + 1, cookie, COOKIE);
	ds_slot_path(&e->table, s, &path);
	e->stats.rrc_challenges += ds_engine_tell(e, s, &what, &path);
}

/* Begins @stage, with cookies that nobody knows yet. */
static void ask(struct ds_engine *e, struct ds_slot *s, struct ds_check *c,
		enum ds_check_stage stage, ds_time now)
{
	TAILQ_REMOVE(&e->checks[c->stage], c, order);
	c->stage = stage;
	c->tried = 0;
	TAILQ_INSERT_TAIL(&e->checks[stage], c, order);
	challenge(e, s, c, now);
}

static bool may_ask(const struct ds_engine *e, const struct ds_slot *s)
{
	return s->more->rrc && e->cfg.rrc != DS_RRC_OFF && e->cfg.rebind == DS_REBIND_LIMIT;
}

/* Begins a check; @other as in struct ds_check, NULL = nowhere.  False (counted) if there is no room. */
static bool begin(struct ds_engine *e, struct ds_slot *s, enum ds_check_stage stage,
		  const struct ds_path *other, bool proven, const struct ds_arrival *a)
{
	struct ds_check *c = NULL;

	if (e->n_checks < CHECKS_MAX)
		c = e->cfg.alloc(e->cfg.ctx, sizeof(*c));
	if (!c) {
		e->stats.rrc_unasked++;
		return false;
	}
	c->session = ds_table_session(&e->table, s);
	c->stage = stage;
	if (other)
		c->other = *other;
	c->proven = proven;
	c->bytes = a->record->total;
	e->n_checks++;
	TAILQ_INSERT_TAIL(&e->checks[stage], c, order);
	ds_slot_rrc(s)->check = c;
	ask(e, s, c, stage, a->now);
	return true;
}

/* The address before is given up: the new one is asked. */
static void leave(struct ds_engine *e, struct ds_slot *s, struct ds_check *c, ds_time now)
{
	uint32_t second = ds_second_of(now);
	struct ds_path old;

	if (!ds_rebind_moves(&e->cfg, s, true) || !may_take(e, s, &c->other.remote, second)) {
		ds_engine_drop_check(e, s);
		return;
	}
	ds_slot_path(&e->table, s, &old);
	move(e, s, &c->other, c->bytes, second, DS_REASON_NONE);
	c->other = old;
	c->proven = true;
	ask(e, s, c, DS_CHECK_NEW, now);
}

/* Nobody answered at the new address. */
static void go_back(struct ds_engine *e, struct ds_slot *s, const struct ds_check *c, ds_time now)
{
	e->stats.rrc_failed++;
	if (c->other.remote.family) {
		move(e, s, &c->other, 0, ds_second_of(now), DS_REASON_PATH_SILENT);
		if (c->proven)
			ds_rebind_trust(s);
	}
	ds_engine_drop_check(e, s);
}

static void stay(struct ds_engine *e, struct ds_slot *s, const struct ds_check *c)
{
	struct ds_event *ev = ds_engine_push_event(e, DS_EVENT_STAYED, DS_REASON_PATH_KEPT);

	ds_engine_fill_info(e, s, &ev->info);
	ev->old = c->other.remote;
	e->stats.rrc_stayed++;
	ds_engine_drop_check(e, s);
}

static void place(struct ds_engine *e, const struct ds_slot *s)
{
	struct ds_hot *hot = ds_slot_hot(&e->table, s);

	if (hot)
		ds_hot_place(hot, s);
}

static void overdue(struct ds_engine *e, struct ds_check *c, ds_time now)
{
	struct ds_slot *s = ds_table_get(&e->table, c->session);

	if (!s) {
		forget(e, c); /* a session that ends takes its check along */
		return;
	}
	if (c->tried < stages[c->stage].tries)
		challenge(e, s, c, now);
	else if (c->stage == DS_CHECK_OLD)
		leave(e, s, c, now);
	else
		go_back(e, s, c, now);
	place(e, s);
}

/* A few at a time: their datagrams and events have to be taken. */
void ds_engine_tick_checks(struct ds_engine *e, ds_time now)
{
	struct ds_check *c;

	for (int i = 0; i < DS_CHECK_STAGES; i++)
		while ((c = TAILQ_FIRST(&e->checks[i])) && c->due <= now &&
		       e->event_count < DS_EVENTS / 2 && e->small_count < DS_SMALL_OUT / 2)
			overdue(e, c, now);
}

ds_time ds_engine_check_deadline(const struct ds_engine *e)
{
	ds_time at = DS_TIME_NEVER;

	for (int i = 0; i < DS_CHECK_STAGES; i++) {
		const struct ds_check *c = TAILQ_FIRST(&e->checks[i]);

		if (c && c->due < at)
			at = c->due;
	}
	return at;
}

/* Messages */

/* RFC 9853, 5.4: at once, one for each challenge, to where it came from.  That may be no address of the
 * peer, and then what goes there has to be little.  A path_drop is never sent: who answers has not left
 * the path, because a socket does not move by itself. */
static void answer(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		   const uint8_t *cookie)
{
	uint8_t message[MESSAGE] = {PATH_RESPONSE};
	struct ds_seal what = {.type = DS_RRC, .data = message, .len = MESSAGE};
	size_t size = ds_engine_record_size(s, MESSAGE);
	bool fits = ds_slot_is_remote(s, &a->path->remote)
			    ? ds_rebind_spend(s, size)
			    : size <= DS_REBIND_FACTOR * a->record->total;

	if (!fits) {
		e->stats.drop_budget++;
		return;
	}
	memcpy(message + 1, cookie, COOKIE);
	e->stats.rrc_answers += ds_engine_tell(e, s, &what, a->path);
}

static bool has_sent(const struct ds_check *c, const uint8_t *cookie)
{
	for (int i = 0; i < c->tried; i++)
		if (memcmp(c->cookies[i], cookie, COOKIE) == 0)
			return true;
	return false;
}

static void answered(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     const uint8_t *message)
{
	struct ds_check *c = check_of(s);
	bool drop = message[0] == PATH_DROP;

	if (!c || !has_sent(c, message + 1) || (drop && c->stage == DS_CHECK_NEW)) {
		e->stats.drop_rrc_cookie++;
	} else if (!ds_slot_is_remote(s, &a->path->remote)) {
		e->stats.drop_rrc_path++;
	} else if (drop) {
		leave(e, s, c, a->now);
	} else if (c->stage == DS_CHECK_OLD) {
		stay(e, s, c);
	} else {
		e->stats.rrc_proven++;
		ds_rebind_trust(s);
		ds_engine_drop_check(e, s);
	}
}

void ds_engine_rrc(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		   const struct ds_opened *o)
{
	if (!s->more->rrc) {
		e->stats.drop_inner_type++;
	} else if (o->len != MESSAGE || o->data[0] > PATH_DROP) {
		e->stats.drop_rrc_format++; /* RFC 9853, 4: kinds that are not known are ignored */
	} else if (o->data[0] == PATH_CHALLENGE) {
		answer(e, s, a, o->data + 1);
	} else {
		answered(e, s, a, o->data);
		place(e, s);
	}
}

/* Records */

/* A record from where the session is. */
static void heard_here(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		       bool newer_data)
{
	struct ds_check *c = check_of(s);
	uint32_t second = ds_second_of(a->now);

	ds_rebind_heard(s, newer_data && !c, a->record->total, second);
	if (!newer_data)
		return;
	if (ds_slot_set_local(s, &a->path->local))
		ds_table_moved(&e->table, ds_table_id(&e->table, s));
	come_back(e, s, &a->path->remote, second);
	if (c && c->stage == DS_CHECK_OLD)
		ds_engine_drop_check(e, s);
	else if (!c && (s->flags & DS_SLOT_UNPROVEN) && may_ask(e, s))
		(void)begin(e, s, DS_CHECK_NEW, NULL, false, a);
}

/* The newest record came from elsewhere, while an address is asked.  True if that was all. */
static bool during_check(struct ds_engine *e, struct ds_slot *s, struct ds_check *c,
			 const struct ds_arrival *a)
{
	bool same = ds_addr_equal(&c->other.remote, &a->path->remote);

	if (c->stage == DS_CHECK_OLD) {
		c->bytes = a->record->total + (same ? c->bytes : 0);
		c->other = *a->path;
		return true;
	}
	if (!same || !c->proven)
		return e->cfg.rrc == DS_RRC_ENHANCED;
	move(e, s, a->path, a->record->total, ds_second_of(a->now), DS_REASON_NONE);
	ds_rebind_trust(s);
	ds_engine_drop_check(e, s);
	return true;
}

/* The newest record came from elsewhere. */
static void heard_elsewhere(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a)
{
	bool proven = !(s->flags & DS_SLOT_UNPROVEN), asks = may_ask(e, s);
	struct ds_check *c = check_of(s);
	struct ds_path before;

	if (c && during_check(e, s, c, a))
		return;
	if (asks && proven && e->cfg.rrc == DS_RRC_ENHANCED &&
	    begin(e, s, DS_CHECK_OLD, a->path, false, a))
		return;
	ds_slot_path(&e->table, s, &before);
	move(e, s, a->path, a->record->total, ds_second_of(a->now), DS_REASON_NONE);
	if (c)
		ask(e, s, c, DS_CHECK_NEW, a->now);
	else if (asks)
		(void)begin(e, s, DS_CHECK_NEW, &before, proven, a);
}

void ds_engine_heard(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     bool newer_data)
{
	const struct ds_addr *from = &a->path->remote;

	if (ds_slot_is_remote(s, from))
		heard_here(e, s, a, newer_data);
	else if (ds_rebind_moves(&e->cfg, s, newer_data) &&
		 may_take(e, s, from, ds_second_of(a->now)))
		heard_elsewhere(e, s, a);
	ds_table_touch(&e->table, s, a->now);
}
