/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - life of an engine, and time
 *
 * An engine never calls its caller, so everything that it wants it has to keep until it is asked:
 * datagrams, events, jobs, look-ups, and the time at which it must be called again.  That time is
 * the least of what the other files name (ds_engine_deadline()), and ds_engine_tick() gives each of
 * them its turn.
 *
 * A configuration that cannot work is refused here with one line, before anything is served.  A
 * reload makes new certificates and suites aside and swaps them whole; handshakes that run keep a
 * reference to the old ones.
 */
#include <stdio.h>
#include <string.h>

#include "core/engine_impl.h"
#include "core/store.h"
#include "core/wipe.h"

static int check(const struct ds_config *cfg, char *why)
{
	if (cfg->cid_length > DS_CID_MAX)
		(void)snprintf(why, DS_WHY_MAX, "CID length %u: at most %d", cfg->cid_length,
			       DS_CID_MAX);
	else if (cfg->mtu < 256)
		(void)snprintf(why, DS_WHY_MAX, "MTU %u: at least 256", cfg->mtu);
	else if (!cfg->max_sessions || cfg->max_sessions > 1U << 30)
		(void)snprintf(why, DS_WHY_MAX, "session limit %u: 1 to 2^30", cfg->max_sessions);
	else if (!cfg->max_handshakes || cfg->max_handshakes > 1U << 20)
		(void)snprintf(why, DS_WHY_MAX, "handshake limit %u: 1 to 2^20",
			       cfg->max_handshakes);
	else if (cfg->handshake_min < DS_MSEC || cfg->handshake_min > cfg->handshake_max ||
		 cfg->handshake_max > 3600 * DS_SECOND)
		(void)snprintf(why, DS_WHY_MAX,
			       "retransmission after %llu ms, at most %llu ms: 1 ms to one hour",
			       (unsigned long long)(cfg->handshake_min / DS_MSEC),
			       (unsigned long long)(cfg->handshake_max / DS_MSEC));
	else if (cfg->role == DS_CLIENT && !cfg->psk && !cfg->ca)
		(void)snprintf(why, DS_WHY_MAX,
			       "a client needs a pre-shared key or CA certificates");
	else if (cfg->psk_identity_len > DS_IDENTITY_MAX || cfg->psk_key_len > DS_PSK_MAX)
		(void)snprintf(why, DS_WHY_MAX,
			       "PSK identity of %zu bytes, key of %zu bytes: at most %d and %d",
			       cfg->psk_identity_len, cfg->psk_key_len, DS_IDENTITY_MAX,
			       DS_PSK_MAX);
	else
		return 0;
	return DS_E_CONFIG;
}

/* Fills @why for errors that come without a text; returns @err. */
static int explain(int err, char *why)
{
	if (err != DS_E_CONFIG)
		(void)snprintf(why, DS_WHY_MAX, "%s", ds_strerror(err));
	return err;
}

static void forget_files(struct ds_config *cfg)
{
	cfg->cert = cfg->key = cfg->ca = cfg->crl = cfg->deny = NULL;
	cfg->cert_len = cfg->key_len = cfg->ca_len = cfg->crl_len = cfg->deny_len = 0;
	cfg->cert_name = cfg->key_name = cfg->ca_name = cfg->crl_name = cfg->deny_name = NULL;
	cfg->server_name = NULL;
}

static int setup_handshakes(struct ds_engine *e)
{
	const struct ds_config *cfg = &e->cfg;

	e->n_ids = cfg->max_handshakes + 1;
	e->handshakes = cfg->alloc(cfg->ctx, e->n_ids * sizeof(*e->handshakes));
	e->free_ids = cfg->alloc(cfg->ctx, e->n_ids * sizeof(*e->free_ids));
	if (!e->handshakes || !e->free_ids ||
	    ds_index_setup(&e->hs_by_addr, &ds_hs_addr_ops, e, cfg) < 0 ||
	    ds_index_setup(&e->hs_by_cid, &ds_hs_cid_ops, e, cfg) < 0)
		return DS_E_NOMEM;
	for (uint32_t id = e->n_ids - 1; id > 0; id--)
		e->free_ids[e->n_free++] = id;
	return 0;
}

static int setup(struct ds_engine *e, const struct ds_engine *base, ds_time now, char *why)
{
	uint32_t hot = e->cfg.role == DS_CLIENT ? DS_HOT_CLIENT : DS_HOT_SESSIONS;
	int err = 0;

	if (hot > e->cfg.max_sessions)
		hot = e->cfg.max_sessions;
	if (base)
		e->tls = ds_tls_config_get(base->tls);
	else
		err = ds_tls_config_new(&e->tls, &e->cfg, &e->cfg, why);
	if (!err)
		err = ds_cookie_setup(&e->cookie, &e->cfg, now);
	if (!err)
		err = ds_table_setup(&e->table, &e->cfg);
	if (!err)
		err = ds_aead_setup(&e->aead, &e->cfg);
	ds_buckets_init(&e->buckets, &e->cfg, e->table.seed);
	ds_groups_init(&e->hs_groups, &e->cfg, e->table.seed);
	ds_clear_init(&e->clear, &e->cfg, e->table.seed);
	e->draw = e->table.seed;
	if (!err)
		err = ds_keycache_new(&e->keys, &e->aead, hot, &e->cfg);
	return err ? err : setup_handshakes(e);
}

static int make(struct ds_engine **out, const struct ds_config *cfg, const struct ds_engine *base,
		ds_time now, char *why)
{
	struct ds_engine *e;
	int err;

	e = cfg->alloc(cfg->ctx, sizeof(*e));
	if (!e)
		return explain(DS_E_NOMEM, why);
	e->cfg = *cfg;
	e->doubts_max = cfg->max_handshakes;
	e->hs_deadline = e->answer_deadline = DS_TIME_NEVER;
	e->sweep_end = UINT32_MAX;
	TAILQ_INIT(&e->running);
	TAILQ_INIT(&e->lingering);
	ds_engine_admit_init(e);
	TAILQ_INIT(&e->lookups);
	ds_checks_init(&e->checks);
	ds_queue_init(&e->out);
	e->out_held = UINT64_MAX;
	ds_queue_init(&e->early);
	err = setup(e, base, now, why);
	if (err) {
		ds_engine_free(e);
		return explain(err, why);
	}
	forget_files(&e->cfg);
	*out = e;
	return 0;
}

int ds_engine_new(struct ds_engine **out, const struct ds_config *cfg, ds_time now,
		  char why[static DS_WHY_MAX])
{
	int err = check(cfg, why);

	return err ? err : make(out, cfg, NULL, now, why);
}

int ds_engine_new_like(struct ds_engine **out, const struct ds_engine *base, ds_time now,
		       char why[static DS_WHY_MAX])
{
	return make(out, &base->cfg, base, now, why);
}

void ds_engine_free(struct ds_engine *e)
{
	struct ds_config cfg;

	if (!e)
		return;
	cfg = e->cfg;
	for (uint32_t id = 1; e->handshakes && id < e->n_ids; id++)
		ds_handshake_free(e->handshakes[id]);
	ds_index_fini(&e->hs_by_addr);
	ds_index_fini(&e->hs_by_cid);
	if (e->handshakes)
		cfg.release(cfg.ctx, e->handshakes, e->n_ids * sizeof(*e->handshakes));
	if (e->free_ids)
		cfg.release(cfg.ctx, e->free_ids, e->n_ids * sizeof(*e->free_ids));
	ds_engine_plaintext_fini(e);
	ds_buckets_fini(&e->buckets);
	ds_groups_fini(&e->hs_groups);
	ds_queue_clear(&e->out, &e->cfg);
	ds_queue_clear(&e->early, &e->cfg);
	ds_checks_fini(&e->checks, &e->cfg);
	ds_keycache_free(e->keys);
	ds_aead_fini(&e->aead);
	ds_table_fini(&e->table);
	ds_cookie_fini(&e->cookie);
	ds_tls_config_put(e->tls);
	ds_wipe(e, sizeof(*e));
	cfg.release(cfg.ctx, e, sizeof(*e));
}

static void take_tls(struct ds_engine *e, struct ds_tls_config *tls)
{
	ds_tls_config_put(e->tls);
	e->tls = tls;
	ds_engine_end_denied(e);
}

int ds_engine_reload(struct ds_engine *e, const struct ds_config *cfg, char why[static DS_WHY_MAX])
{
	/* Never in e->cfg itself: a job may be reading it */
	struct ds_config next = e->cfg;
	struct ds_tls_config *tls;
	int err;

	next.cert = cfg->cert, next.cert_len = cfg->cert_len, next.cert_name = cfg->cert_name;
	next.key = cfg->key, next.key_len = cfg->key_len, next.key_name = cfg->key_name;
	next.ca = cfg->ca, next.ca_len = cfg->ca_len, next.ca_name = cfg->ca_name;
	next.crl = cfg->crl, next.crl_len = cfg->crl_len, next.crl_name = cfg->crl_name;
	next.deny = cfg->deny, next.deny_len = cfg->deny_len, next.deny_name = cfg->deny_name;
	next.client_auth = cfg->client_auth;
	next.server_name = cfg->server_name;
	if (e->cfg.role == DS_CLIENT && cfg->psk_key_len) {
		memcpy(next.psk_identity, cfg->psk_identity, sizeof(next.psk_identity));
		memcpy(next.psk_key, cfg->psk_key, sizeof(next.psk_key));
		next.psk_identity_len = cfg->psk_identity_len;
		next.psk_key_len = cfg->psk_key_len;
	}
	memcpy(next.suites, cfg->suites, sizeof(next.suites));
	err = ds_tls_config_new(&tls, &next, &e->cfg, why);
	ds_wipe(&next, sizeof(next));
	if (err)
		return explain(err, why);
	take_tls(e, tls);
	return 0;
}

void ds_engine_reload_like(struct ds_engine *e, const struct ds_engine *base)
{
	take_tls(e, ds_tls_config_get(base->tls));
}

bool ds_engine_early(struct ds_engine *e, struct ds_message *msg, uint8_t *buf, size_t cap,
		     ds_time now)
{
	struct ds_packet *p;

	while ((p = ds_queue_take(&e->early))) {
		struct ds_slot *s = ds_table_get(&e->table, p->session);
		struct ds_path path = p->path;
		struct ds_record r;
		struct ds_arrival a = {.path = &path, .record = &r, .msg = msg, .now = now};
		bool ok = s && p->len <= cap;

		if (ok) {
			memcpy(buf, p->data, p->len);
			ok = ds_record_parse(&r, buf, p->len, e->cfg.cid_length) == DS_PARSE_OK;
		}
		ds_packet_free(&e->cfg, p);
		if (ok && ds_engine_open(e, s, &a))
			return true;
	}
	return false;
}

static bool is_waiting(const struct ds_engine *e, bool long_too)
{
	return ds_engine_has_jobs(e, long_too) || !TAILQ_EMPTY(&e->lookups) || e->early.head;
}

bool ds_engine_waiting_short(const struct ds_engine *e)
{
	return is_waiting(e, false);
}

bool ds_engine_waiting(const struct ds_engine *e)
{
	return is_waiting(e, true);
}

/* Time */

ds_time ds_engine_deadline(const struct ds_engine *e)
{
	ds_time at = ds_engine_expiry(e);

	ds_time check = ds_checks_deadline(&e->checks);

	if (e->answer_deadline < at)
		at = e->answer_deadline;
	if (check < at)
		at = check;
	if (e->table.places.n_moved) {
		ds_time moved = (ds_time)(e->table.places.moved_at - DS_SECOND_ZERO) * DS_SECOND;

		at = moved < at ? moved : at;
	}
	if (e->table.places.again && e->table.places.again_at < at)
		at = e->table.places.again_at;
	return e->hs_deadline < at ? e->hs_deadline : at;
}

void ds_engine_tick(struct ds_engine *e, ds_time now)
{
	ds_hot_beat(&e->table.places, now);
	if (now >= e->hs_deadline)
		ds_engine_tick_handshakes(e, now);
	if (now >= e->answer_deadline)
		ds_client_tick(e, now);
	ds_engine_tick_checks(e, now);
	ds_table_settle(&e->table, now);
	ds_engine_expire(e, now);
}

size_t ds_engine_handshakes(const struct ds_engine *e)
{
	return e->n_handshakes;
}

const struct ds_stats *ds_engine_stats(const struct ds_engine *e)
{
	return &e->stats;
}

const char *ds_engine_aead(const struct ds_engine *e)
{
	return e->aead.ops->name;
}
