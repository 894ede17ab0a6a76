/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_session.c - sealing, closing, and questions about sessions
 *
 * A nonce that is used twice gives the key away, so a sequence number is used up, in the slot and
 * in its hot line, before the record is made, and stays used up if anything fails afterwards.  The
 * very last number is kept for close_notify.
 *
 * A session that was announced ends in ds_engine_end(), unless ds_engine_forget() leaves it to
 * another process: the event says why, the peer is told if it can still understand, and keys,
 * handshake and indexes go together.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/rebind.h"
#include "core/store.h"

bool ds_engine_key(struct ds_engine *e, struct ds_slot *s, enum ds_direction dir,
		   struct ds_record_key *out)
{
	const struct ds_suite *suite = ds_suite_find(s->suite);
	struct ds_key_block k = ds_record_keys(suite, ds_slot_block(s));
	bool client_key = (dir == DS_TX) == !!(s->flags & DS_SLOT_CLIENT);

	out->aead = &e->aead;
	out->suite = suite;
	out->iv = client_key ? k.client_iv : k.server_iv;
	out->expanded = ds_keycache_get(e->keys, ds_table_session(&e->table, s), dir, suite,
					client_key ? k.client_key : k.server_key);
	return out->expanded != NULL;
}

/* One record to the peer; its length or an error.  The number is used up, but for DS_E_NOMEM. */
static int seal(struct ds_engine *e, struct ds_slot *s, struct ds_seal *what, uint8_t *buf,
		size_t cap)
{
	struct ds_hot *hot = ds_slot_hot(&e->table, s);
	struct ds_record_key key;

	if (s->tx_seq > DS_SEQ_MAX)
		return DS_E_CRYPTO;
	if (!ds_engine_key(e, s, DS_TX, &key))
		return DS_E_NOMEM;
	what->number = DS_EPOCH << 48 | s->tx_seq++;
	if (hot)
		ds_hot_sent(hot, s->tx_seq);
	what->cid = ds_slot_peer_cid(s);
	what->cid_len = s->more->peer_cid_len;
	return ds_record_seal(&key, what, buf, cap);
}

/* The very last number is left for close_notify. */
static bool is_used_up(const struct ds_slot *s)
{
	return s->tx_seq >= DS_SEQ_MAX ||
	       (s->tx_seq & DS_SEQ_COUNT_MASK) >= ds_suite_find(s->suite)->records;
}

size_t ds_engine_record_size(const struct ds_slot *s, size_t len)
{
	return ds_record_size(ds_suite_find(s->suite), len, s->more->peer_cid_len);
}

bool ds_engine_tell(struct ds_engine *e, struct ds_slot *s, struct ds_seal *what,
		    const struct ds_path *path)
{
	struct ds_small *out = what->type != DS_ALERT && is_used_up(s) ? NULL
								       : ds_engine_small(e, path);
	int n;

	if (!out)
		return false;
	n = seal(e, s, what, out->data, sizeof(out->data));
	out->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

void ds_engine_warn(struct ds_engine *e, struct ds_slot *s, uint8_t description)
{
	const uint8_t alert[2] = {DS_ALERT_WARNING, description};
	struct ds_seal what = {.type = DS_ALERT, .data = alert, .len = sizeof(alert)};
	struct ds_path path;

	if (!ds_rebind_spend(s, ds_engine_record_size(s, 2))) {
		e->stats.drop_budget++;
		return;
	}
	ds_slot_path(&e->table, s, &path);
	if (ds_engine_tell(e, s, &what, &path))
		e->stats.tx_handshake++;
}

void ds_engine_end(struct ds_engine *e, struct ds_slot *s, enum ds_reason reason, bool tell)
{
	struct ds_event *ev = ds_engine_push_event(e, DS_EVENT_CLOSED, reason);

	ds_engine_fill_info(e, s, &ev->info);
	if (reason == DS_REASON_PEER_CLOSED)
		s->seen_at = 0; /* a peer that closes awaits no answer: its address is free */
	if (tell)
		ds_engine_warn(e, s, DS_ALERT_CLOSE_NOTIFY);
	if (s->linger)
		ds_engine_drop_handshake(e, e->handshakes[s->linger]);
	ds_check_end(&e->checks, &e->cfg, s);
	ds_keycache_drop(e->keys, ds_table_session(&e->table, s));
	ds_table_remove(&e->table, s);
}

ds_session ds_engine_find(const struct ds_engine *e, const struct ds_addr *peer)
{
	const struct ds_slot *s = ds_table_by_addr(&e->table, peer);

	return s && !(s->flags & DS_SLOT_QUIET) ? ds_table_session(&e->table, s) : 0;
}

ds_session ds_engine_find_cid(const struct ds_engine *e, const uint8_t *cid, size_t len)
{
	const struct ds_slot *s = len && len == e->cfg.cid_length ? ds_table_by_cid(&e->table, cid)
								  : NULL;

	return s ? ds_table_session(&e->table, s) : 0;
}

int ds_engine_seal(struct ds_engine *e, ds_session session, const uint8_t *data, size_t len,
		   struct ds_sealed *out, ds_time now)
{
	struct ds_slot *s = ds_table_get(&e->table, session);
	struct ds_seal what = {.type = DS_APPDATA, .data = data, .len = len};
	size_t size;
	int n;

	if (!s || ds_engine_aged(e, s, now))
		return DS_E_NOSESSION;
	ds_hot_beat(&e->table.places, now);
	if (len > s->more->payload_max)
		return DS_E_TOOBIG;
	if (is_used_up(s)) {
		e->stats.sessions_limit++;
		ds_engine_end(e, s, DS_REASON_KEY_LIMIT, true);
		return DS_E_NOSESSION;
	}
	size = ds_engine_record_size(s, len);
	if (size > out->cap)
		return DS_E_SPACE;
	if (!ds_rebind_spend(s, size)) {
		e->stats.drop_budget++;
		return DS_E_BUDGET;
	}
	n = seal(e, s, &what, out->buf, out->cap);
	if (n == DS_E_NOMEM)
		return n;
	if (n < 0) {
		ds_engine_end(e, s, DS_REASON_INTERNAL, false);
		return DS_E_CRYPTO;
	}
	out->len = (size_t)n;
	ds_slot_path(&e->table, s, &out->path);
	e->stats.tx_messages++;
	if (s->flags & DS_SLOT_CLIENT)
		ds_client_asks(e, s, now);
	return 0;
}

void ds_engine_close(struct ds_engine *e, ds_session session, ds_time now)
{
	struct ds_slot *s = ds_table_get(&e->table, session);

	ds_hot_beat(&e->table.places, now);
	if (s)
		ds_engine_end(e, s, DS_REASON_LOCAL, true);
}

bool ds_engine_close_identity(struct ds_engine *e, const uint8_t *identity, size_t len, ds_time now)
{
	struct ds_slot *s;

	ds_hot_beat(&e->table.places, now);
	for (int i = 0; i < DS_SMALL_OUT / 2; i++) {
		s = ds_table_by_identity(&e->table, identity, len, false, NULL);
		if (!s)
			return false;
		ds_engine_end(e, s, DS_REASON_KEY_REMOVED, true);
	}
	return true;
}

bool ds_engine_close_all(struct ds_engine *e, ds_time now)
{
	ds_hot_beat(&e->table.places, now);
	for (int i = 0; i < DS_SMALL_OUT / 2 && e->table.oldest; i++)
		ds_engine_end(e, ds_table_at(&e->table, e->table.oldest), DS_REASON_LOCAL, true);
	return e->table.oldest != 0;
}

void ds_engine_fill_info(const struct ds_engine *e, const struct ds_slot *s,
			 struct ds_session_info *out)
{
	const struct ds_slot_more *m = s->more;

	memset(out, 0, sizeof(*out));
	out->session = ds_table_session(&e->table, s);
	ds_slot_path(&e->table, s, &out->path);
	ds_slot_peer(&e->table, s, &out->peer);
	memcpy(out->identity, m->bytes, m->identity_len);
	out->identity_len = m->identity_len;
	memcpy(out->peer_cid, ds_slot_peer_cid(s), m->peer_cid_len);
	out->peer_cid_len = m->peer_cid_len;
	out->cid_used = s->flags & DS_SLOT_RX_CID;
	if (out->cid_used) {
		memcpy(out->cid, s->cid, e->cfg.cid_length);
		out->cid_len = e->cfg.cid_length;
	}
	out->by_cert = m->by_cert;
	out->anonymous = !m->identity_len && !(s->flags & DS_SLOT_CLIENT);
	out->rrc = m->rrc;
	out->suite = s->suite;
	out->last_seen = ds_slot_seen(s) < 0 ? 0 : (ds_time)ds_slot_seen(s);
}

bool ds_engine_info(const struct ds_engine *e, ds_session session, struct ds_session_info *out)
{
	const struct ds_slot *s = ds_table_get(&e->table, session);

	if (s)
		ds_engine_fill_info(e, s, out);
	return s != NULL;
}

ds_session ds_engine_next(const struct ds_engine *e, ds_session session)
{
	for (uint32_t id = ds_session_slot(session) + 1; id <= e->table.used; id++) {
		const struct ds_slot *s = ds_table_at(&e->table, id);

		if (s->flags & DS_SLOT_LIVE)
			return ds_table_session(&e->table, s);
	}
	return 0;
}

size_t ds_engine_sessions(const struct ds_engine *e)
{
	return e->table.count;
}
