/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake.c - one handshake, from a valid cookie to the end of its linger time
 *
 * How it works: Mbed TLS asks for records (ds_handshake_take) and gets them one at a time.  It
 * sees an unprotected record in the order of arrival, but a ClientKeyExchange only once the key
 * of the identity in it is there; and a protected record only when it expects Finished and
 * the record opened with the keys both sides now have.
 */
#include "core/handshake.h"

#include <string.h>

#include "core/wipe.h"

#define ALERT_DECRYPT_ERROR 51 /* RFC 5246, 7.2.2 */

/* Queues */

void ds_queue_init(struct ds_queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
	q->count = q->bytes = 0;
}

void ds_queue_add(struct ds_queue *q, struct ds_packet *p)
{
	p->next = NULL;
	*q->tail = p;
	q->tail = &p->next;
	q->count++;
	q->bytes += p->len;
}

static struct ds_packet *packet_new(const struct ds_config *cfg, const uint8_t *data, size_t len)
{
	struct ds_packet *p = cfg->alloc(cfg->ctx, sizeof(*p) + len);

	if (p) {
		p->len = len;
		memcpy(p->data, data, len);
	}
	return p;
}

static bool is_full(const struct ds_queue *q, size_t len)
{
	return q->count >= DS_INBOX_RECORDS || q->bytes + len > DS_INBOX_BYTES;
}

bool ds_queue_put(struct ds_queue *q, const struct ds_config *cfg, const uint8_t *data, size_t len)
{
	struct ds_packet *p;

	if (is_full(q, len))
		return false;
	p = packet_new(cfg, data, len);
	if (p)
		ds_queue_add(q, p);
	return p != NULL;
}

struct ds_packet *ds_queue_take(struct ds_queue *q)
{
	struct ds_packet *p = q->head;

	if (!p)
		return NULL;
	q->head = p->next;
	if (!q->head)
		q->tail = &q->head;
	q->count--;
	q->bytes -= p->len;
	return p;
}

void ds_queue_move(struct ds_queue *to, struct ds_queue *from)
{
	struct ds_packet *p;

	while ((p = ds_queue_take(from)))
		ds_queue_add(to, p);
}

bool ds_packet_sealed(const struct ds_packet *p)
{
	return p->data[3] || p->data[4]; /* epoch */
}

void ds_packet_free(const struct ds_config *cfg, struct ds_packet *p)
{
	if (p)
		cfg->release(cfg->ctx, p, sizeof(*p) + p->len);
}

void ds_queue_clear(struct ds_queue *q, const struct ds_config *cfg)
{
	struct ds_packet *p;

	while ((p = ds_queue_take(q)))
		ds_packet_free(cfg, p);
}

/* Life */

struct ds_handshake *ds_handshake_new(const struct ds_config *cfg, struct ds_tls_config *tls,
				      const struct ds_path *path, const uint8_t *cid,
				      uint64_t serial)
{
	struct ds_handshake *h = cfg->alloc(cfg->ctx, sizeof(*h));

	if (!h)
		return NULL;
	h->cfg = cfg;
	h->serial = serial;
	h->client = cfg->role == DS_CLIENT;
	h->path = *path;
	h->wrong_key_at = DS_TIME_NEVER;
	memcpy(h->cid, cid, cfg->cid_length);
	ds_queue_init(&h->inbox);
	ds_queue_init(&h->work);
	ds_queue_init(&h->sealed);
	ds_queue_init(&h->finished);
	ds_queue_init(&h->early);
	ds_queue_init(&h->out);
	h->tls = ds_tls_new(tls, h);
	if (!h->tls) {
		ds_handshake_free(h);
		return NULL;
	}
	return h;
}

static void free_rx_key(struct ds_handshake *h)
{
	if (!h->rx_key)
		return;
	ds_aead_mbedtls.wipe(h->suite, h->rx_key);
	h->cfg->release(h->cfg->ctx, h->rx_key, ds_aead_mbedtls.key_size(h->suite));
	h->rx_key = NULL;
}

void ds_handshake_free(struct ds_handshake *h)
{
	const struct ds_config *cfg;

	if (!h)
		return;
	cfg = h->cfg;
	ds_tls_free(h->tls);
	free_rx_key(h);
	ds_queue_clear(&h->inbox, cfg);
	ds_queue_clear(&h->work, cfg);
	ds_queue_clear(&h->sealed, cfg);
	ds_queue_clear(&h->finished, cfg);
	ds_queue_clear(&h->early, cfg);
	ds_queue_clear(&h->out, cfg);
	ds_wipe(h, sizeof(*h));
	cfg->release(cfg->ctx, h, sizeof(*h));
}

bool ds_handshake_input(struct ds_handshake *h, const uint8_t *record, size_t len)
{
	return ds_queue_put(&h->inbox, h->cfg, record, len);
}

/* When a handshake is given up because no protected record verified. */
static ds_time wrong_key_end(const struct ds_handshake *h)
{
	if (h->wrong_key_at == DS_TIME_NEVER || h->finished.head)
		return DS_TIME_NEVER;
	return h->wrong_key_at + DS_WRONG_KEY_TIMES * h->cfg->handshake_min;
}

ds_time ds_handshake_deadline(const struct ds_handshake *h)
{
	ds_time at = h->give_up, timer;

	if (h->state != DS_HS_RUNNING || h->key_state == DS_KEY_WANTED ||
	    h->key_state == DS_KEY_ASKED)
		return at;
	timer = ds_tls_deadline(h->tls);
	if (timer < at)
		at = timer;
	timer = wrong_key_end(h);
	return timer < at ? timer : at;
}

/* Protected records during the handshake */

static bool have_rx_key(struct ds_handshake *h)
{
	struct ds_key_block keys;

	if (h->rx_key || !h->suite)
		return h->rx_key != NULL;
	h->rx_key = h->cfg->alloc(h->cfg->ctx, ds_aead_mbedtls.key_size(h->suite));
	if (!h->rx_key)
		return false;
	keys = ds_record_keys(h->suite, h->block);
	if (ds_aead_mbedtls.expand(NULL, h->suite, h->client ? keys.server_key : keys.client_key,
				   h->rx_key) < 0)
		free_rx_key(h);
	return h->rx_key != NULL;
}

/* Inner type of a protected record, 0 if it is not authentic; @p stays as it is. */
static uint8_t look_inside(struct ds_handshake *h, const struct ds_packet *p)
{
	struct ds_packet *copy = packet_new(h->cfg, p->data, p->len);
	struct ds_key_block keys = ds_record_keys(h->suite, h->block);
	struct ds_aead aead = {.ops = &ds_aead_mbedtls, .cfg = h->cfg};
	struct ds_record_key key = {.aead = &aead,
				    .suite = h->suite,
				    .iv = h->client ? keys.server_iv : keys.client_iv,
				    .expanded = h->rx_key};
	struct ds_record r;
	struct ds_opened opened = {.type = 0};
	bool ok;

	if (!copy)
		return 0;
	ok = ds_record_parse(&r, copy->data, copy->len, h->cfg->cid_length) == DS_PARSE_OK &&
	     ds_record_open(&key, &r, &opened) == 0;
	ds_packet_free(h->cfg, copy);
	return ok ? opened.type : 0;
}

/* Sorts what arrived protected: for Mbed TLS, for the session to come, or forged.  Who has the keys
 * may still be anybody. */
static void open_sealed(struct ds_handshake *h)
{
	struct ds_packet *p;
	struct ds_queue *q;

	if (!h->sealed.head || !have_rx_key(h))
		return;
	while ((p = ds_queue_take(&h->sealed))) {
		switch (look_inside(h, p)) {
		case DS_HANDSHAKE:
		case DS_ALERT: q = &h->finished; break;
		case DS_APPDATA: q = &h->early; break;
		default: q = NULL;
		}
		if (q && !is_full(q, p->len)) {
			ds_queue_add(q, p);
			continue;
		}
		if (q)
			h->dropped_early++;
		else
			h->bad_mac++;
		if (!q && h->wrong_key_at == DS_TIME_NEVER)
			h->wrong_key_at = h->now;
		ds_packet_free(h->cfg, p);
	}
}

/* Unprotected records */

/* True while the record at the head of the work needs a key that is not there yet. */
static bool waits_for_key(struct ds_handshake *h, struct ds_packet *p)
{
	const struct ds_suite *suite = h->client ? NULL : ds_tls_suite(h->tls);
	const uint8_t *identity;
	struct ds_record r;
	size_t len;

	if (!suite || !suite->psk)
		return false;
	if (h->key_state != DS_KEY_NONE)
		return h->key_state == DS_KEY_WANTED || h->key_state == DS_KEY_ASKED;
	if (ds_record_parse(&r, p->data, p->len, 0) != DS_PARSE_OK || r.type != DS_HANDSHAKE ||
	    !ds_identity_feed(&h->peek, r.fragment, r.len, &identity, &len) || !len ||
	    len > sizeof(h->identity))
		return false;
	memcpy(h->identity, identity, len);
	h->identity_len = len;
	h->key_state = DS_KEY_WANTED;
	return true;
}

bool ds_handshake_psk(struct ds_handshake *h, const uint8_t *identity, size_t len)
{
	return h->key_state == DS_KEY_KNOWN && len == h->identity_len &&
	       memcmp(identity, h->identity, len) == 0;
}

bool ds_handshake_has_input(const struct ds_handshake *h)
{
	return ds_tls_wants_finished(h->tls) ? h->finished.head != NULL : h->work.head != NULL;
}

size_t ds_handshake_take(struct ds_handshake *h, uint8_t *buf, size_t cap)
{
	struct ds_packet *p;
	size_t len;

	do {
		open_sealed(h);
		if (ds_tls_wants_finished(h->tls)) {
			p = ds_queue_take(&h->finished);
		} else {
			if (h->work.head && waits_for_key(h, h->work.head))
				return 0;
			p = ds_queue_take(&h->work);
		}
		if (!p)
			return 0;
		len = p->len <= cap ? p->len : 0; /* never fits: a hostile length */
		memcpy(buf, p->data, len);
		ds_packet_free(h->cfg, p);
	} while (!len);
	return len;
}

int ds_handshake_put(struct ds_handshake *h, const uint8_t *buf, size_t len)
{
	struct ds_packet *p = h->puts < DS_PUTS_MAX ? packet_new(h->cfg, buf, len) : NULL;

	if (!p)
		return DS_E_NOMEM;
	h->puts++;
	if (buf[0] == DS_ALERT) { /* always a datagram of its own */
		h->alert_sent = true;
		h->failure.alert = buf[4] ? 0 : buf[DS_RECORD_HEADER + 1]; /* if readable */
	}
	p->path = h->path;
	ds_queue_add(&h->out, p);
	return 0;
}

/* The job */

/* Splits what arrived into protected and unprotected records. */
static void sort_inbox(struct ds_handshake *h)
{
	struct ds_queue mixed = h->work;
	struct ds_packet *p;

	ds_queue_init(&h->work);
	if (!mixed.head)
		return;
	while ((p = ds_queue_take(&mixed))) {
		if (!ds_packet_sealed(p)) {
			ds_queue_add(&h->work, p);
			continue;
		}
		while (is_full(&h->sealed, p->len)) { /* the newest may be Finished */
			h->dropped_early++;
			ds_packet_free(h->cfg, ds_queue_take(&h->sealed));
		}
		ds_queue_add(&h->sealed, p);
	}
}

void ds_handshake_run(struct ds_handshake *h)
{
	sort_inbox(h);
	open_sealed(h);
	if (h->lingers) {
		h->result = ds_tls_linger(h->tls) ? DS_TLS_DONE : DS_TLS_FAILED;
		ds_queue_clear(&h->work, h->cfg);
		return;
	}
	if (h->now >= wrong_key_end(h)) {
		h->failure = (struct ds_tls_failure){DS_REASON_PSK_WRONG, ALERT_DECRYPT_ERROR, 0};
		ds_tls_abort(h->tls, ALERT_DECRYPT_ERROR);
		h->result = DS_TLS_FAILED;
		return;
	}
	h->result = ds_tls_step(h->tls, &h->failure);
	if (h->result == DS_TLS_DONE && (!h->suite || ds_tls_peer(h->tls, &h->peer) < 0)) {
		h->failure.reason = DS_REASON_INTERNAL;
		h->result = DS_TLS_FAILED;
	}
	if (ds_tls_wants_finished(h->tls))
		ds_queue_clear(&h->work, h->cfg); /* repeated flights from before */
}
