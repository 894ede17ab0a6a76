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
 * RFC 9853, 5 leaves the choice between that and silence.  An enhanced check (5.2) begins with OLD: an
 * attacker who copies records of a peer, and is faster than the peer, moves nothing as long as the peer
 * answers at its address.  The price is the second in which answers may go nowhere.
 *
 * Each challenge has a cookie of its own, and an answer to any of them counts.  A newer record from the
 * last proven address ends a check, for there the peer is.  One from a third address moves the session
 * again, and the check goes on there; but while an enhanced check is at NEW it is not looked at, for then
 * the address that could contradict has just been given up.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/rebind.h"
#include "core/store.h"

#define MESSAGE (1 + DS_CHECK_COOKIE)

enum { PATH_CHALLENGE, PATH_RESPONSE, PATH_DROP }; /* RFC 9853, 4 */

/* Moves */

/* True if the application may find @s by address @from from now on, in place of the session that it
 * finds there. */
static bool may_take(const struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		     uint32_t second)
{
	const struct ds_slot *there = ds_table_by_addr(&e->table, from);

	if (there && there != s && !ds_rebind_yields(&e->cfg, there, from, second))
		return false;
	return there == s || !ds_engine_vacated(e, s, from, second);
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

/* Sends one more challenge to where the session is.  One that cannot be sent counts as lost. */
static void challenge(struct ds_engine *e, struct ds_slot *s, struct ds_check *c, ds_time now)
{
	uint8_t message[MESSAGE] = {PATH_CHALLENGE}, *cookie = c->cookies[c->tried];
	struct ds_seal what = {.type = DS_RRC, .data = message, .len = MESSAGE};
	struct ds_path path;

	ds_check_wait(&e->checks, c, now);
	if (e->cfg.random(e->cfg.ctx, cookie, DS_CHECK_COOKIE))
		return; /* asked again when it is due */
	c->tried++;
	if (!ds_rebind_spend(s, ds_engine_record_size(s, MESSAGE))) {
		e->stats.drop_budget++;
		return;
	}
	memcpy(message + 1, cookie, DS_CHECK_COOKIE);
	ds_slot_path(&e->table, s, &path);
	e->stats.rrc_challenges += ds_engine_tell(e, s, &what, &path);
}

/* Begins @stage, with cookies that nobody knows yet. */
static void ask(struct ds_engine *e, struct ds_slot *s, struct ds_check *c,
		enum ds_check_stage stage, ds_time now)
{
	ds_check_enter(&e->checks, c, stage);
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
	struct ds_check *c = ds_check_new(&e->checks, &e->cfg, s, ds_table_session(&e->table, s));

	if (!c) {
		e->stats.rrc_unasked++;
		return false;
	}
	if (other)
		c->other = *other;
	c->proven = proven;
	c->bytes = a->record->total;
	ask(e, s, c, stage, a->now);
	return true;
}

/* The address before is given up: the new one is asked. */
static void leave(struct ds_engine *e, struct ds_slot *s, struct ds_check *c, ds_time now)
{
	uint32_t second = ds_second_of(now);
	struct ds_path old;

	if (!ds_rebind_moves(&e->cfg, s, true) || !may_take(e, s, &c->other.remote, second)) {
		ds_check_end(&e->checks, &e->cfg, s);
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
	ds_check_end(&e->checks, &e->cfg, s);
}

static void stay(struct ds_engine *e, struct ds_slot *s, const struct ds_check *c)
{
	struct ds_event *ev = ds_engine_push_event(e, DS_EVENT_STAYED, DS_REASON_PATH_KEPT);

	ds_engine_fill_info(e, s, &ev->info);
	ev->old = c->other.remote;
	e->stats.rrc_stayed++;
	ds_check_end(&e->checks, &e->cfg, s);
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
		ds_check_free(&e->checks, &e->cfg, c);
		return;
	}
	if (ds_check_may_try(c))
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

	while (e->event_count < DS_EVENTS / 2 && e->small_count < DS_SMALL_OUT / 2 &&
	       (c = ds_checks_overdue(&e->checks, now)))
		overdue(e, c, now);
}

/* Messages */

/* RFC 9853, 5.4: at once, one for each challenge, to where it came from.  That may be no address of the
 * peer, and then what goes there has to be little.  A path_drop is never sent, because our side never leaves
 * a path: a socket does not move by itself. */
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
	memcpy(message + 1, cookie, DS_CHECK_COOKIE);
	e->stats.rrc_answers += ds_engine_tell(e, s, &what, a->path);
}

static void answered(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     const uint8_t *message)
{
	struct ds_check *c = ds_check_of(s);
	bool drop = message[0] == PATH_DROP;

	if (!c || !ds_check_knows(c, message + 1) || (drop && c->stage == DS_CHECK_NEW)) {
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
		ds_check_end(&e->checks, &e->cfg, s);
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

/* Its check, if one runs.  What varies in length is not looked at, for the sake of the cache, while
 * nobody is asked. */
static struct ds_check *running(const struct ds_engine *e, const struct ds_slot *s)
{
	return e->checks.n ? ds_check_of(s) : NULL;
}

/* A record from where the session is.  Of a peer that can be asked, records prove its address only while
 * there is no room to ask. */
static void heard_here(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		       bool newer_data)
{
	bool asks = (s->flags & DS_SLOT_UNPROVEN) && may_ask(e, s);
	struct ds_check *c = running(e, s);
	uint32_t second = ds_second_of(a->now);

	ds_rebind_heard(s, newer_data && !asks, a->record->total, second);
	if (!newer_data)
		return;
	if (ds_slot_set_local(s, &a->path->local))
		ds_table_moved(&e->table, ds_table_id(&e->table, s));
	come_back(e, s, &a->path->remote, second);
	if (c && c->stage == DS_CHECK_OLD)
		ds_check_end(&e->checks, &e->cfg, s);
	else if (!c && asks && !begin(e, s, DS_CHECK_NEW, NULL, false, a))
		ds_rebind_heard(s, true, 0, second);
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
	ds_check_end(&e->checks, &e->cfg, s);
	return true;
}

/* The newest record came from elsewhere. */
static void heard_elsewhere(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a)
{
	bool proven = !(s->flags & DS_SLOT_UNPROVEN), asks = may_ask(e, s);
	struct ds_check *c = ds_check_of(s);
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

	if (ds_slot_is_remote(s, from)) {
		heard_here(e, s, a, newer_data);
	} else {
		ds_engine_note(e, from); /* whether or not it moves there */
		if (ds_rebind_moves(&e->cfg, s, newer_data) &&
		    may_take(e, s, from, ds_second_of(a->now)))
			heard_elsewhere(e, s, a);
	}
	ds_table_touch(&e->table, s, a->now);
}
