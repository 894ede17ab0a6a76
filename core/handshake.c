/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake.c - one handshake, from a valid cookie to the end of its linger time
 *
 * Mbed TLS ends its handshake when a protected record does not verify, and anybody can send such a
 * record.  So a step shows it records one at a time, and not all of them: an unprotected record in
 * the order of arrival, but a ClientKeyExchange not before the key of the identity in it is there;
 * and a protected record only when Finished is expected and the record opened with the keys that
 * both sides now have.
 *
 * Mbed TLS has no function to ask for a key and come back.  So the identity is read from the records
 * first (ds_identity_feed()), the record stays in the queue, and the step ends until the engine knows
 * the key.
 */
#include "core/handshake.h"

#include <stddef.h>
#include <string.h>

#include "core/wipe.h"

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

static size_t take(void *owner, uint8_t *buf, size_t cap);
static bool is_ready(const void *owner);
static int put(void *owner, const uint8_t *buf, size_t len);
static void discard(void *owner);
static const uint8_t *find_psk(const void *owner, const uint8_t *identity, size_t len,
			       size_t *psk_len);

static const struct ds_tls_io io = {take, is_ready, put, discard, find_psk};

struct ds_handshake *ds_handshake_new(const struct ds_config *cfg, struct ds_tls_config *tls,
				      const struct ds_path *path, const uint8_t *cid,
				      uint64_t serial)
{
	struct ds_handshake *h = cfg->alloc(cfg->ctx, sizeof(*h));
	struct ds_job *j;

	if (!h)
		return NULL;
	h->serial = serial;
	h->client = cfg->role == DS_CLIENT;
	h->path = *path;
	h->alert_at = DS_TIME_NEVER;
	memcpy(h->cid, cid, cfg->cid_length);
	ds_queue_init(&h->inbox);
	j = &h->job;
	j->cfg = cfg;
	j->wrong_key_at = DS_TIME_NEVER;
	ds_queue_init(&j->work);
	ds_queue_init(&j->sealed);
	ds_queue_init(&j->finished);
	ds_queue_init(&j->early);
	ds_queue_init(&j->out);
	j->tls = ds_tls_new(tls, cid, &io, j);
	if (!j->tls) {
		ds_handshake_free(h);
		return NULL;
	}
	return h;
}

static void free_rx_key(struct ds_job *j)
{
	const struct ds_tls_keys *keys;

	if (!j->rx_key)
		return;
	keys = ds_tls_keys(j->tls);
	ds_aead_mbedtls.wipe(keys->suite, j->rx_key);
	j->cfg->release(j->cfg->ctx, j->rx_key, ds_aead_mbedtls.key_size(keys->suite));
	j->rx_key = NULL;
}

void ds_handshake_free(struct ds_handshake *h)
{
	const struct ds_config *cfg;

	if (!h)
		return;
	cfg = h->job.cfg;
	free_rx_key(&h->job);
	ds_tls_free(h->job.tls);
	ds_queue_clear(&h->inbox, cfg);
	ds_queue_clear(&h->job.work, cfg);
	ds_queue_clear(&h->job.sealed, cfg);
	ds_queue_clear(&h->job.finished, cfg);
	ds_queue_clear(&h->job.early, cfg);
	ds_queue_clear(&h->job.out, cfg);
	ds_wipe(h, sizeof(*h));
	cfg->release(cfg->ctx, h, sizeof(*h));
}

struct ds_handshake *ds_handshake_of(struct ds_job *job)
{
	return (struct ds_handshake *)(void *)((char *)job - offsetof(struct ds_handshake, job));
}

bool ds_handshake_input(struct ds_handshake *h, const uint8_t *record, size_t len)
{
	return ds_queue_put(&h->inbox, h->job.cfg, record, len);
}

size_t ds_handshake_bytes(const struct ds_handshake *h)
{
	const struct ds_job *j = &h->job;

	return h->inbox.bytes + j->work.bytes + j->sealed.bytes + j->finished.bytes +
	       j->early.bytes;
}

ds_time ds_handshake_end(const struct ds_handshake *h)
{
	ds_time at = DS_TIME_NEVER;

	if (h->alert_at != DS_TIME_NEVER && h->state == DS_HS_RUNNING)
		at = h->alert_at + DS_CLEAR_ALERT_TIMES * h->job.cfg->handshake_min;
	return at < h->give_up ? at : h->give_up;
}

/* When a handshake is given up because no protected record verified. */
static ds_time wrong_key_end(const struct ds_job *j)
{
	if (j->wrong_key_at == DS_TIME_NEVER || j->finished.head)
		return DS_TIME_NEVER;
	return j->wrong_key_at + DS_WRONG_KEY_TIMES * j->cfg->handshake_min;
}

ds_time ds_handshake_deadline(const struct ds_handshake *h)
{
	const struct ds_job *j = &h->job;
	ds_time at = ds_handshake_end(h), timer;

	if (h->state != DS_HS_RUNNING || j->key_state == DS_KEY_WANTED ||
	    j->key_state == DS_KEY_ASKED)
		return at;
	timer = ds_tls_deadline(j->tls);
	if (timer < at)
		at = timer;
	timer = wrong_key_end(j);
	return timer < at ? timer : at;
}

/* Protected records during the handshake */

static bool is_client(const struct ds_job *j)
{
	return j->cfg->role == DS_CLIENT;
}

static bool have_rx_key(struct ds_job *j)
{
	const struct ds_tls_keys *keys = ds_tls_keys(j->tls);
	struct ds_key_block k;

	if (j->rx_key || !keys)
		return j->rx_key != NULL;
	j->rx_key = j->cfg->alloc(j->cfg->ctx, ds_aead_mbedtls.key_size(keys->suite));
	if (!j->rx_key)
		return false;
	k = ds_record_keys(keys->suite, keys->block);
	if (ds_aead_mbedtls.expand(NULL, keys->suite, is_client(j) ? k.server_key : k.client_key,
				   j->rx_key) < 0)
		free_rx_key(j);
	return j->rx_key != NULL;
}

/* Inner type of a protected record, 0 if it is not authentic; @p stays as it is. */
static uint8_t look_inside(struct ds_job *j, const struct ds_packet *p)
{
	struct ds_packet *copy = packet_new(j->cfg, p->data, p->len);
	const struct ds_tls_keys *keys = ds_tls_keys(j->tls);
	struct ds_key_block k = ds_record_keys(keys->suite, keys->block);
	struct ds_aead aead = {.ops = &ds_aead_mbedtls, .cfg = j->cfg};
	struct ds_record_key key = {.aead = &aead,
				    .suite = keys->suite,
				    .iv = is_client(j) ? k.server_iv : k.client_iv,
				    .expanded = j->rx_key};
	struct ds_record r;
	struct ds_opened opened = {.type = 0};
	bool ok;

	if (!copy)
		return 0;
	ok = ds_record_parse(&r, copy->data, copy->len, j->cfg->cid_length) == DS_PARSE_OK &&
	     ds_record_open(&key, &r, &opened) == 0;
	ds_packet_free(j->cfg, copy);
	return ok ? opened.type : 0;
}

/* Sorts the protected records that arrived: for Mbed TLS, for the session to come, or forged.  An
 * authentic one shows that its sender has the keys, but the handshake ends with Finished only.
 * */
static void open_sealed(struct ds_job *j)
{
	struct ds_packet *p;
	struct ds_queue *q;

	if (!j->sealed.head || !have_rx_key(j))
		return;
	while ((p = ds_queue_take(&j->sealed))) {
		switch (look_inside(j, p)) {
		case DS_HANDSHAKE:
		case DS_ALERT: q = &j->finished; break;
		case DS_RRC:
		case DS_APPDATA: q = &j->early; break;
		default: q = NULL;
		}
		if (q && !is_full(q, p->len)) {
			ds_queue_add(q, p);
			continue;
		}
		if (q)
			j->dropped_early++;
		else
			j->bad_mac++;
		if (!q && j->wrong_key_at == DS_TIME_NEVER)
			j->wrong_key_at = j->now;
		ds_packet_free(j->cfg, p);
	}
}

/* Unprotected records */

/* True while the record at the head of the work needs a key that is not there yet. */
static bool waits_for_key(struct ds_job *j, struct ds_packet *p)
{
	const struct ds_suite *suite = is_client(j) ? NULL : ds_tls_suite(j->tls);
	const uint8_t *identity;
	struct ds_record r;
	size_t len;

	if (!suite || !suite->psk)
		return false;
	if (j->key_state != DS_KEY_NONE)
		return j->key_state == DS_KEY_WANTED || j->key_state == DS_KEY_ASKED;
	if (ds_record_parse(&r, p->data, p->len, 0) != DS_PARSE_OK || r.type != DS_HANDSHAKE ||
	    !ds_identity_feed(&j->peek, r.fragment, r.len, &identity, &len) || !len ||
	    len > sizeof(j->identity))
		return false;
	memcpy(j->identity, identity, len);
	j->identity_len = len;
	j->key_state = DS_KEY_WANTED;
	return true;
}

/* The calls of Mbed TLS (struct ds_tls_io) */

/* True if the engine's key is for @identity: the one that was read ahead may have been of a record
 * that Mbed TLS then did not take. */
static bool is_peeked(const struct ds_job *j, const uint8_t *identity, size_t len)
{
	return j->key_state == DS_KEY_KNOWN && len == j->identity_len &&
	       memcmp(identity, j->identity, len) == 0;
}

static const uint8_t *find_psk(const void *owner, const uint8_t *identity, size_t len,
			       size_t *psk_len)
{
	const struct ds_job *j = owner;

	*psk_len = j->psk_len;
	return is_peeked(j, identity, len) ? j->psk : NULL;
}

static bool is_ready(const void *owner)
{
	const struct ds_job *j = owner;

	return ds_tls_wants_finished(j->tls) ? j->finished.head != NULL : j->work.head != NULL;
}

static size_t take(void *owner, uint8_t *buf, size_t cap)
{
	struct ds_job *j = owner;
	struct ds_packet *p;
	size_t len;

	do {
		open_sealed(j);
		if (ds_tls_wants_finished(j->tls)) {
			p = ds_queue_take(&j->finished);
		} else {
			if (j->work.head && waits_for_key(j, j->work.head))
				return 0;
			p = ds_queue_take(&j->work);
		}
		if (!p)
			return 0;
		len = p->len <= cap ? p->len : 0; /* never fits: a hostile length */
		memcpy(buf, p->data, len);
		ds_packet_free(j->cfg, p);
	} while (!len);
	return len;
}

static int put(void *owner, const uint8_t *buf, size_t len)
{
	struct ds_job *j = owner;
	struct ds_packet *p;

	if (j->puts >= DS_PUTS_MAX)
		return DS_E_FULL;
	p = packet_new(j->cfg, buf, len);
	if (!p)
		return DS_E_NOMEM;
	j->puts++;
	ds_queue_add(&j->out, p);
	return 0;
}

static void discard(void *owner)
{
	struct ds_job *j = owner;

	ds_queue_clear(&j->out, j->cfg);
}

/* The job */

/* Splits what arrived into protected and unprotected records. */
static void sort_inbox(struct ds_job *j)
{
	struct ds_queue mixed = j->work;
	struct ds_packet *p;

	ds_queue_init(&j->work);
	if (!mixed.head)
		return;
	while ((p = ds_queue_take(&mixed))) {
		if (!ds_packet_sealed(p)) {
			ds_queue_add(&j->work, p);
			continue;
		}
		while (is_full(&j->sealed, p->len)) { /* the newest may be Finished */
			j->dropped_early++;
			ds_packet_free(j->cfg, ds_queue_take(&j->sealed));
		}
		ds_queue_add(&j->sealed, p);
	}
}

void ds_job_run(struct ds_job *j)
{
	sort_inbox(j);
	open_sealed(j);
	if (j->lingers) {
		j->result = ds_tls_repeat(j->tls) ? DS_TLS_DONE : DS_TLS_FAILED;
		return;
	}
	if (j->now >= wrong_key_end(j)) {
		j->failure =
			(struct ds_tls_failure){DS_REASON_PSK_WRONG, DS_ALERT_DECRYPT_ERROR, 0};
		ds_tls_abort(j->tls, DS_ALERT_DECRYPT_ERROR, &j->failure);
		j->result = DS_TLS_FAILED;
		return;
	}
	j->result = ds_tls_step(j->tls, j->now, &j->failure);
	if (j->result == DS_TLS_DONE &&
	    (!ds_tls_keys(j->tls) || ds_tls_peer(j->tls, &j->peer) < 0)) {
		j->failure.reason = DS_REASON_INTERNAL;
		j->result = DS_TLS_FAILED;
	}
	if (j->result == DS_TLS_DONE)
		j->first_seq = ds_tls_end(j->tls);
	if (ds_tls_wants_finished(j->tls))
		ds_queue_clear(&j->work, j->cfg); /* repeated flights from before */
}
