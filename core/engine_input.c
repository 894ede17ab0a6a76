/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_input.c - the way of a datagram in
 *
 * Each record is routed on its own, by CID first and by address second, and ends in one place: a
 * message, a handshake's inbox, or a counter.  CIDs come first because they are ours and unique,
 * while an address says only where a datagram claims to come from (RFC 9146, 6).  Unprotected
 * records never reach a session, because anybody can send them.
 *
 * Until a record has verified, nothing of the session changes but its count of failures.  From then
 * on the order matters: replay window and hot line first, so that a process that is killed here
 * never accepts the record again; then the address, which only a newer record with application data
 * moves; then what is in it.
 *
 * A record is decrypted in place.  Where Mbed TLS may have to see it as it came, a copy is made
 * before.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/store.h"

#define HANDSHAKE_COPY 2048 /* bytes of a record that may be a Finished */

/* Authentic records only */

/* RFC 6347, 4.2.4: application data shows that the peer has our last flight. */
static void end_linger(struct ds_engine *e, struct ds_slot *s)
{
	if (s->linger)
		ds_engine_drop_handshake(e, e->handshakes[s->linger]);
	s->linger = 0;
}

/* True if the application may hear @s: it has a name, and no late answer to another goes to it. */
static bool is_heard(struct ds_engine *e, struct ds_slot *s, ds_time now)
{
	if (!(s->flags & DS_SLOT_VISIBLE))
		return false;
	if (!(s->flags & DS_SLOT_QUIET))
		return true;
	if (ds_second_of(now) - s->more->born_at < s->quiet_for ||
	    ds_second_of(now) < e->table.strange_until)
		return false;
	ds_table_quiet(&e->table, s, false, 0);
	return true;
}

static bool app_data(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     const struct ds_opened *o)
{
	struct ds_message *msg = a->msg;

	end_linger(e, s);
	if (s->flags & DS_SLOT_CLIENT)
		ds_client_hears(s);
	if (!is_heard(e, s, a->now)) {
		e->stats.drop_address++;
		return false;
	}
	msg->session = ds_table_session(&e->table, s);
	msg->clear = 0;
	ds_slot_peer(&e->table, s, &msg->peer);
	msg->data = o->data;
	msg->len = o->len;
	e->stats.rx_messages++;
	return true;
}

/* RFC 5246, 7.2: close_notify is answered, a fatal alert ends the session, others mean nothing. */
static void alert(struct ds_engine *e, struct ds_slot *s, const struct ds_opened *o)
{
	if (o->len != 2 || (o->data[1] != DS_ALERT_CLOSE_NOTIFY && o->data[0] != DS_ALERT_FATAL)) {
		e->stats.drop_alert++;
		return;
	}
	e->stats.sessions_closed++;
	if (o->data[1] == DS_ALERT_CLOSE_NOTIFY)
		ds_engine_end(e, s, DS_REASON_PEER_CLOSED, true);
	else
		ds_engine_end(e, s, DS_REASON_PEER_ALERT, false);
}

static bool may_repeat(const struct ds_engine *e, const struct ds_slot *s, ds_time now)
{
	return s->linger && now >= e->handshakes[s->linger]->repeat_at;
}

static bool is_finished(const struct ds_opened *o)
{
	return o->type == DS_HANDSHAKE && o->len && o->data[0] == DS_FINISHED;
}

/* True if that is the Finished that ended the handshake of @s: Mbed TLS, too, knows it by its number. */
static bool is_last(const struct ds_engine *e, const struct ds_slot *s, const struct ds_opened *o)
{
	struct ds_handshake_header hs;

	return s->linger && ds_handshake_parse(&hs, o->data, o->len) &&
	       hs.message_seq == e->handshakes[s->linger]->last_message;
}

/* The peer has not got our last flight: it is repeated, but not for each of many copies. */
static void repeat_flight(struct ds_engine *e, struct ds_slot *s, const struct ds_opened *o,
			  ds_time now)
{
	struct ds_handshake *h = e->handshakes[s->linger];

	if (!may_repeat(e, s, now) || !is_last(e, s, o)) {
		e->stats.drop_linger++;
		return;
	}
	h->repeat_at = now + e->cfg.handshake_min / 2;
	ds_engine_want_job(e, h);
}

/* A repeated Finished, or a wish for new keys that nobody gets (RFC 5246, 7.2.2). */
static void handshake_record(struct ds_engine *e, struct ds_slot *s, const struct ds_opened *o,
			     ds_time now)
{
	uint8_t renegotiates = s->flags & DS_SLOT_CLIENT ? DS_HELLO_REQUEST : DS_CLIENT_HELLO;

	if (is_finished(o)) {
		repeat_flight(e, s, o, now);
	} else if (o->len && o->data[0] == renegotiates) {
		e->stats.drop_renegotiation++;
		ds_engine_warn(e, s, DS_ALERT_NO_RENEGOTIATION);
	} else {
		e->stats.drop_linger++;
	}
}

static void count_failure(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a)
{
	struct ds_hot *hot = ds_slot_hot(&e->table, s);

	e->stats.drop_bad_mac++;
	ds_engine_forged(e, s, &a->path->remote, a->record->total, a->now);
	s->failures++;
	if (hot)
		ds_hot_set(&hot->failures, s->failures);
	if (s->failures < UINT32_MAX && s->failures < ds_suite_find(s->suite)->failures)
		return;
	e->stats.sessions_limit++;
	ds_engine_end(e, s, DS_REASON_KEY_LIMIT, true);
}

/* A session that slept will probably sleep again: its keys take no other session's place in the
 * cache. */
static void wake(struct ds_engine *e, const struct ds_slot *s)
{
	ds_table_wake(&e->table, s);
	ds_keycache_guest(e->keys, ds_table_session(&e->table, s), ds_suite_find(s->suite));
}

enum opened { OPENED, REPLAYED, AGAIN, FORGED, UNOPENED, DROPPED };

static enum opened open_record(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
			       struct ds_opened *o)
{
	const struct ds_record *r = a->record;
	struct ds_record_key key;
	bool again = !ds_replay_check(&s->rx, ds_record_seq(r));

	/* Some clients repeat their Finished under its old number (pion), and nothing but it */
	if (again && !may_repeat(e, s, a->now))
		return REPLAYED;
	if (!ds_engine_may_open(e, s, &a->path->remote, a->now))
		return UNOPENED;
	if (ds_second_of(a->now) - s->seen_at > DS_AWAKE)
		wake(e, s);
	if (!ds_engine_key(e, s, DS_RX, &key)) {
		e->stats.drop_busy++;
		return DROPPED;
	}
	switch (ds_record_open(&key, r, o)) {
	case 0: return again ? AGAIN : OPENED;
	case DS_E_CRYPTO: return FORGED;
	default: e->stats.drop_length++; return DROPPED;
	}
}

/* Does what an authentic record asks for; true if it is a message. */
static bool dispatch(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     const struct ds_opened *o)
{
	const struct ds_record *r = a->record;
	bool newer = ds_replay_accept(&s->rx, ds_record_seq(r));
	struct ds_hot *hot = ds_slot_hot(&e->table, s);

	s->rx_count++;
	if (hot)
		ds_hot_accepted(hot, &s->rx, s->rx_count);
	if (s->rx_count >= ds_suite_find(s->suite)->records || ds_record_seq(r) == DS_SEQ_MAX) {
		e->stats.sessions_limit++;
		ds_engine_end(e, s, DS_REASON_KEY_LIMIT, true);
		return false;
	}
	ds_engine_genuine(e, s, &a->path->remote, a->now);
	ds_engine_heard(e, s, a, newer && o->type == DS_APPDATA);
	if (hot)
		ds_hot_place(hot, s);
	switch (o->type) {
	case DS_APPDATA: return app_data(e, s, a, o);
	case DS_ALERT: alert(e, s, o); return false;
	case DS_HANDSHAKE: handshake_record(e, s, o, a->now); return false;
	case DS_RRC: ds_engine_rrc(e, s, a, o); return false;
	default: e->stats.drop_inner_type++; return false;
	}
}

bool ds_engine_open(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a)
{
	const struct ds_record *r = a->record;
	uint8_t copy[HANDSHAKE_COPY];
	/* A new handshake from the address of a session without CID has other keys. */
	struct ds_handshake *h =
		r->type == DS_TLS12_CID ? NULL : ds_engine_hs_by_addr(e, &a->path->remote);
	bool keep = h && r->total <= sizeof(copy);
	enum opened opened;
	struct ds_opened o;

	if (ds_engine_aged(e, s, a->now))
		return false;
	if (keep) /* it is decrypted in place, but Mbed TLS wants to see it whole */
		memcpy(copy, ds_record_start(r), r->total);
	opened = open_record(e, s, a, &o);
	if (opened == OPENED)
		return dispatch(e, s, a, &o);
	if (opened == AGAIN && is_finished(&o))
		repeat_flight(e, s, &o, a->now);
	else if (keep && opened != DROPPED) /* a new handshake has other keys, and counts from 0 */
		ds_engine_feed(e, h, copy, r->total);
	else if (opened == REPLAYED || opened == AGAIN)
		e->stats.drop_replay++;
	else if (opened == UNOPENED)
		e->stats.drop_junk++;
	else if (opened == FORGED)
		count_failure(e, s, a);
	return false;
}

/* Routing */

static void feed(struct ds_engine *e, struct ds_handshake *h, const struct ds_record *r)
{
	ds_engine_feed(e, h, ds_record_start(r), r->total);
}

static bool cid_record(struct ds_engine *e, struct ds_input *in, const struct ds_arrival *a)
{
	const struct ds_record *r = a->record;
	struct ds_slot *s = ds_table_by_cid(&e->table, r->cid);
	struct ds_handshake *h;
	ds_session session;

	if (!s) {
		h = ds_engine_hs_by_cid(e, r->cid);
		if (h)
			feed(e, h, r);
		else
			e->stats.drop_unknown_cid++;
		return false;
	}
	session = ds_table_session(&e->table, s);
	if (in->seen && in->seen != session) {
		e->stats.drop_cid_mixed++;
		in->next = in->len; /* RFC 9147, 4.1 has the rule RFC 9146 forgot */
		return false;
	}
	in->seen = session;
	return ds_engine_open(e, s, a);
}

/* Protected, without CID: the address names the session. */
static bool address_record(struct ds_engine *e, const struct ds_arrival *a)
{
	struct ds_slot *s = ds_table_by_addr(&e->table, &a->path->remote);
	bool found = s && ds_slot_is_remote(s, &a->path->remote);
	struct ds_handshake *h;

	if (found && !(s->flags & DS_SLOT_RX_CID))
		return ds_engine_open(e, s, a);
	h = ds_engine_hs_by_addr(e, &a->path->remote);
	if (h)
		feed(e, h, a->record);
	else if (found)
		e->stats.drop_cid_missing++;
	else
		e->stats.drop_no_session++;
	return false;
}

/* Anybody can send it, so it does not end a handshake: it is the reason if nothing else comes. */
static void clear_alert(struct ds_engine *e, struct ds_handshake *h, const struct ds_arrival *a)
{
	const uint8_t *alert = a->record->fragment;

	e->stats.drop_plain_alert++;
	if (!h || (alert[0] != DS_ALERT_FATAL && alert[1] != DS_ALERT_CLOSE_NOTIFY) ||
	    h->alert_at != DS_TIME_NEVER)
		return;
	h->alert = alert[1];
	h->alert_at = a->now;
	ds_engine_want_deadline(e, h);
}

static void plain_record(struct ds_engine *e, const struct ds_arrival *a)
{
	const struct ds_record *r = a->record;
	struct ds_handshake_header hs;
	struct ds_handshake *h;

	if (r->type == DS_HANDSHAKE && e->cfg.role == DS_SERVER &&
	    ds_handshake_parse(&hs, r->fragment, r->len) && hs.type == DS_CLIENT_HELLO) {
		ds_engine_hello(e, a);
		return;
	}
	h = ds_engine_hs_by_addr(e, &a->path->remote);
	if (r->type == DS_ALERT) {
		if (r->len == 2)
			clear_alert(e, h, a);
		else
			e->stats.drop_plain_alert++;
		return;
	}
	if (h && r->type == DS_HANDSHAKE) { /* a later flight than the hello */
		h->class = DS_JOB_ANSWERED;
		h->alert_at = DS_TIME_NEVER;
	}
	if (h && r->type != DS_APPDATA)
		feed(e, h, r);
	else
		e->stats.drop_plain_other++;
}

/* pion before version 4 sends the alert of a handshake that fails in clear, but with the CID and the inner
 * type of a protected record, which RFC 9146, 3 has for protected records only. */
static bool is_pions_alert(const struct ds_record *r)
{
	return r->type == DS_TLS12_CID && !ds_record_epoch(r) && r->len == 3 &&
	       r->fragment[2] == DS_ALERT;
}

static bool route(struct ds_engine *e, struct ds_input *in, const struct ds_arrival *a)
{
	const struct ds_record *r = a->record;
	unsigned epoch = ds_record_epoch(r);

	if (is_pions_alert(r)) {
		clear_alert(e, ds_engine_hs_by_cid(e, r->cid), a);
		return false;
	}
	if (epoch > DS_EPOCH || (r->type == DS_TLS12_CID && epoch != DS_EPOCH)) {
		e->stats.drop_epoch++;
		return false;
	}
	if (epoch == 0) {
		plain_record(e, a);
		return false;
	}
	return r->type == DS_TLS12_CID ? cid_record(e, in, a) : address_record(e, a);
}

static void count_parse(struct ds_engine *e, enum ds_parse p)
{
	if (p == DS_PARSE_SHORT)
		e->stats.drop_short++;
	else if (p == DS_PARSE_TYPE)
		e->stats.drop_type++;
	else if (p == DS_PARSE_VERSION)
		e->stats.drop_version++;
	else
		e->stats.drop_length++;
}

enum ds_verdict ds_engine_input(struct ds_engine *e, struct ds_input *in, struct ds_message *msg,
				ds_time now)
{
	struct ds_record r;
	struct ds_arrival a = {.path = &in->path, .record = &r, .msg = msg, .now = now};
	enum ds_parse p;

	ds_hot_beat(&e->table.places, now);
	if (in->next == 0) {
		e->stats.rx_datagrams++;
		in->seen = 0;
		if (!in->len)
			e->stats.drop_short++;
		else if (e->cfg.role == DS_SERVER && !ds_record_resembles(in->data, in->len))
			return ds_engine_plaintext_input(e, in, msg, now);
	}
	while (in->next < in->len) {
		if (e->event_count + DS_EVENTS_RESERVE > DS_EVENTS) {
			e->stats.drop_busy++;
			break;
		}
		p = ds_record_parse(&r, in->data + in->next, in->len - in->next, e->cfg.cid_length);
		if (p != DS_PARSE_OK) { /* RFC 6347, 4.1.2.7: drop it, and what follows is lost */
			count_parse(e, p);
			break;
		}
		in->next += r.total;
		if (route(e, in, &a))
			return DS_MESSAGE;
	}
	return DS_DONE;
}
