/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.c - a handshake's context, around one of Mbed TLS
 *
 * Mbed TLS is made for sockets: it reads, writes and waits by call-backs, and it wants to go on
 * with the session afterwards.  Here the call-backs lead to queues (struct ds_tls_io), its timers
 * become a deadline, and when the handshake is done its master secret makes our own key block.
 * From then on the context only repeats its last flight, as long as it is kept for that.
 */
#include "core/tls_impl.h" /* before any other header of Mbed TLS */

#include <stdio.h>
#include <string.h>

#include <mbedtls/oid.h>

#include "core/certificate.h"
#include "core/hello.h"
#include "core/wipe.h"

/* Call-backs of Mbed TLS */

/* The number of the next record it would send in the epoch that it is in: two bytes of epoch, six of
 * number. */
static uint64_t next_seq(const struct ds_tls *t)
{
	uint64_t n = 0;

	for (int i = 2; i < 8; i++)
		n = n << 8 | t->ssl.cur_out_ctr[i];
	return n;
}

static int give_datagram(void *arg, const unsigned char *buf, size_t len)
{
	struct ds_tls *t = arg;
	int err;

	if (t->seq_end && next_seq(t) > t->seq_end)
		return MBEDTLS_ERR_SSL_COUNTER_WRAPPING;
	err = t->io->put(t->owner, buf, len);
	if (err == DS_E_FULL) /* it was asked for too often */
		t->reason = DS_REASON_TIMEOUT;
	if (err)
		return MBEDTLS_ERR_SSL_ALLOC_FAILED;
	if (buf[0] == DS_ALERT) { /* always a datagram of its own */
		t->alert_sent = true;
		t->alert = buf[4] ? 0 : buf[DS_RECORD_HEADER + 1]; /* epoch 0: readable */
	}
	return (int)len;
}

/* True for the last message of the peer's flight before: Mbed TLS repeats its own flight for it
 * (RFC 6347, 4.2.4), as often as it comes, though anybody can send copies. */
static bool asks_again(const struct ds_tls *t, const uint8_t *record, size_t len)
{
	struct ds_handshake_header hs;

	return t->ssl.handshake && record[0] == DS_HANDSHAKE &&
	       ds_handshake_parse(&hs, record + DS_RECORD_HEADER, len - DS_RECORD_HEADER) &&
	       hs.message_seq + 1U == t->ssl.handshake->in_flight_start_seq;
}

/* False for one that comes too soon after another. */
static bool is_wanted(struct ds_tls *t, const uint8_t *record, size_t len)
{
	if (!asks_again(t, record, len))
		return true;
	if (t->now < t->repeat_at)
		return false;
	t->repeat_at = t->now + t->config->cfg->handshake_min / 2;
	return true;
}

static int take_record(void *arg, unsigned char *buf, size_t len)
{
	struct ds_tls *t = arg;
	size_t n;

	do
		n = t->io->take(t->owner, buf, len);
	while (n && !is_wanted(t, buf, n));
	return n ? (int)n : MBEDTLS_ERR_SSL_WANT_READ; /* 0 would mean end of file */
}

static void set_timer(void *arg, uint32_t intermediate_ms, uint32_t final_ms)
{
	struct ds_tls *t = arg;

	t->intermediate = final_ms ? t->now + intermediate_ms * DS_MSEC : DS_TIME_NEVER;
	t->final = final_ms ? t->now + final_ms * DS_MSEC : DS_TIME_NEVER;
}

/* -1 = cancelled, 0 = nothing passed, 1 = intermediate, 2 = final delay passed. */
static int get_timer(void *arg)
{
	const struct ds_tls *t = arg;

	if (t->final == DS_TIME_NEVER)
		return -1;
	if (t->now >= t->final && !t->io->is_ready(t->owner))
		return 2; /* with input Mbed TLS would repeat its flight and not look at it */
	return t->now >= t->intermediate ? 1 : 0;
}

/* True if the peer whose own certificate this is gets no session. */
static bool is_denied(const struct ds_tls *t, const mbedtls_x509_crt *crt)
{
	char subject[DS_IDENTITY_MAX + 1];
	uint8_t len, serial[DS_SERIAL_TAG];

	if (!t->config->deny)
		return false;
	ds_serial_tag(crt->serial.p, crt->serial.len, serial);
	return ds_certificate_name(crt, subject, &len) ||
	       ds_deny_has(t->config->deny, &(struct ds_deny_peer){
						    .identity = (const uint8_t *)subject,
						    .len = len,
						    .by_cert = true,
						    .serial = serial,
					    });
}

/* Certificates are optional here, and Mbed TLS would go on after a bad one; but a client that shows
 * one must show a good one. */
static int verify_optional(struct ds_tls *t, const mbedtls_x509_crt *crt, int depth, uint32_t flags)
{
	bool usable =
		depth > 0 ||
		(!mbedtls_x509_crt_check_key_usage(crt, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) &&
		 !mbedtls_x509_crt_check_extended_key_usage(
			 crt, MBEDTLS_OID_CLIENT_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)));

	t->bad = flags | (usable ? 0 : MBEDTLS_X509_BADCERT_KEY_USAGE);
	return t->bad ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
}

/* Called for each certificate of the chain, with the flaws of that one. */
static int verify(void *arg, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct ds_tls *t = arg;

	if (depth == 0 && !*flags && is_denied(t, crt)) {
		t->reason = DS_REASON_DENIED;
		*flags |= MBEDTLS_X509_BADCERT_REVOKED;
	}
	if (t->config->conf.authmode == MBEDTLS_SSL_VERIFY_OPTIONAL)
		return verify_optional(t, crt, depth, *flags);
	return 0;
}

static void hex(char *out, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", p[i]);
}

static void write_keylog(const struct ds_config *cfg, const uint8_t *random, const uint8_t *secret)
{
	char line[14 + 64 + 1 + 96 + 1] = "CLIENT_RANDOM ";

	hex(line + 14, random, 32);
	line[14 + 64] = ' ';
	hex(line + 14 + 64 + 1, secret, 48);
	cfg->keylog(cfg->ctx, line);
	ds_wipe(line, sizeof(line));
}

/* Mbed TLS hands out the master secret; RFC 5246, 6.3 makes our key block of it. */
static void take_keys(void *arg, mbedtls_ssl_key_export_type type, const unsigned char *secret,
		      size_t secret_len, const unsigned char client_random[32],
		      const unsigned char server_random[32], mbedtls_tls_prf_types prf)
{
	struct ds_tls *t = arg;
	const struct ds_suite *suite = ds_tls_suite(t);
	uint8_t random[64];

	if (type != MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET || secret_len != 48 || !suite)
		return;
	memcpy(random, server_random, 32);
	memcpy(random + 32, client_random, 32);
	if (mbedtls_ssl_tls_prf(prf, secret, secret_len, "key expansion", random, sizeof(random),
				t->keys.block, ds_key_block_len(suite)) == 0)
		t->keys.suite = suite;
	if (t->config->cfg->keylog)
		write_keylog(t->config->cfg, client_random, secret);
}

/* A handshake's context */

struct ds_tls *ds_tls_new(struct ds_tls_config *c, const uint8_t *cid, const struct ds_tls_io *io,
			  void *owner)
{
	struct ds_tls *t = c->cfg->alloc(c->cfg->ctx, sizeof(*t));

	if (!t)
		return NULL;
	t->config = ds_tls_config_get(c);
	t->io = io;
	t->owner = owner;
	t->final = DS_TIME_NEVER;
	mbedtls_ssl_init(&t->ssl);
	if (mbedtls_ssl_setup(&t->ssl, &c->conf) ||
	    mbedtls_ssl_set_cid(&t->ssl, MBEDTLS_SSL_CID_ENABLED, cid, c->cid_length) ||
	    mbedtls_ssl_set_hostname(&t->ssl, c->verify_name ? c->server_name : NULL)) {
		ds_tls_free(t);
		return NULL;
	}
	mbedtls_ssl_set_verify(&t->ssl, verify, t);
	mbedtls_ssl_set_user_data_p(&t->ssl, t);
	mbedtls_ssl_set_bio(&t->ssl, t, give_datagram, take_record, NULL);
	mbedtls_ssl_set_timer_cb(&t->ssl, t, set_timer, get_timer);
	mbedtls_ssl_set_export_keys_cb(&t->ssl, take_keys, t);
	mbedtls_ssl_set_mtu(&t->ssl, c->mtu);
	return t;
}

void ds_tls_free(struct ds_tls *t)
{
	struct ds_tls_config *c;

	if (!t)
		return;
	c = t->config;
	mbedtls_ssl_free(&t->ssl);
	ds_wipe(t, sizeof(*t));
	c->cfg->release(c->cfg->ctx, t, sizeof(*t));
	ds_tls_config_put(c);
}

static bool has_verified(const struct ds_tls *t)
{
	return ds_tls_wants_finished(t) && t->keys.suite;
}

/* True for an error that nothing of the peer's has caused: no memory, no randomness.  An error is a
 * sum of that of an upper module and that of a lower one. */
static bool is_local(int ret)
{
	switch (-(-ret & 0xff80)) {
	case MBEDTLS_ERR_SSL_ALLOC_FAILED:
	case MBEDTLS_ERR_SSL_INTERNAL_ERROR:
	case MBEDTLS_ERR_X509_ALLOC_FAILED:
	case MBEDTLS_ERR_PK_ALLOC_FAILED:
	case MBEDTLS_ERR_MD_ALLOC_FAILED:
	case MBEDTLS_ERR_CIPHER_ALLOC_FAILED:
	case MBEDTLS_ERR_ECP_ALLOC_FAILED:
	case MBEDTLS_ERR_ECP_RANDOM_FAILED:
	case MBEDTLS_ERR_RSA_RNG_FAILED: return true;
	default: break;
	}
	switch (-(-ret & 0x7f)) {
	case MBEDTLS_ERR_MPI_ALLOC_FAILED:
	case MBEDTLS_ERR_ASN1_ALLOC_FAILED: return true;
	default: return false;
	}
}

/* Mbed TLS's error in our words. */
static enum ds_reason translate(const struct ds_tls *t, int ret)
{
	if (t->reason)
		return t->reason;
	if (is_local(ret))
		return DS_REASON_INTERNAL;
	switch (ret) {
	case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
	case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: return DS_REASON_PEER_ALERT;
	case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE:
		return ds_tls_suite(t) ? DS_REASON_PROTOCOL : DS_REASON_NO_SUITE;
	case MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY: return DS_REASON_PSK_UNKNOWN;
	case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
	case MBEDTLS_ERR_X509_FATAL_ERROR:
	case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE:
	case MBEDTLS_ERR_SSL_BAD_CERTIFICATE:
	case MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED:
		return ds_certificate_reason(t->bad ? t->bad
						    : mbedtls_ssl_get_verify_result(&t->ssl));
	case MBEDTLS_ERR_SSL_INVALID_MAC: return DS_REASON_PSK_WRONG;
	case MBEDTLS_ERR_SSL_TIMEOUT: return DS_REASON_TIMEOUT;
	default: return has_verified(t) ? DS_REASON_PSK_WRONG : DS_REASON_PROTOCOL;
	}
}

/* True for a peer without RFC 7627, as soon as the hellos show it: before ours is sent. */
static bool lacks_ems(struct ds_tls *t)
{
	const struct ds_suite *suite = ds_tls_suite(t);

	if (!suite || t->config->require_ems == DS_EMS_NOBODY ||
	    (t->config->require_ems == DS_EMS_CERTIFICATES && !suite->cert))
		return false;
	if (t->ssl.handshake) /* gone once a client is done */
		t->ems = t->ssl.handshake->extended_ms == MBEDTLS_SSL_EXTENDED_MS_ENABLED;
	return !t->ems;
}

enum ds_tls_result ds_tls_step(struct ds_tls *t, ds_time now, struct ds_tls_failure *why)
{
	int ret;
	bool waits;

	t->now = now;
	ret = ds_tls_handshake(t);
	waits = ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE;
	if ((waits || ret == 0) && lacks_ems(t)) {
		t->io->discard(t->owner);
		why->reason = DS_REASON_NO_EMS;
		ds_tls_abort(t, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE, why);
		return DS_TLS_FAILED;
	}
	if (waits || ret == 0)
		return waits ? DS_TLS_WAIT : DS_TLS_DONE;
	why->reason = translate(t, ret);
	why->detail = ret;
	if (ret == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		why->alert = t->ssl.in_msg[1];
	else if (t->alert_sent)
		why->alert = t->alert;
	else /* some failures pass in silence, and the peer would wait */
		ds_tls_abort(t, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE, why);
	return DS_TLS_FAILED;
}

uint64_t ds_tls_end(struct ds_tls *t)
{
	t->seq_end = next_seq(t) + DS_LINGER_SEQS;
	return t->seq_end;
}

uint16_t ds_tls_last_message(const struct ds_tls *t)
{
	return t->ssl.handshake ? (uint16_t)(t->ssl.handshake->in_msg_seq - 1) : 0;
}

bool ds_tls_repeat(struct ds_tls *t)
{
	return t->ssl.handshake && t->ssl.handshake->flight && mbedtls_ssl_resend(&t->ssl) == 0;
}

void ds_tls_abort(struct ds_tls *t, uint8_t alert, struct ds_tls_failure *why)
{
	(void)mbedtls_ssl_send_alert_message(&t->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, alert);
	if (t->alert_sent)
		why->alert = t->alert;
}

bool ds_tls_wants_finished(const struct ds_tls *t)
{
	int state = t->ssl.state;

	if (mbedtls_ssl_is_handshake_over((mbedtls_ssl_context *)&t->ssl))
		return true;
	return t->config->cfg->role == DS_CLIENT ? state == MBEDTLS_SSL_SERVER_FINISHED
						 : state == MBEDTLS_SSL_CLIENT_FINISHED;
}

const struct ds_suite *ds_tls_suite(const struct ds_tls *t)
{
	const mbedtls_ssl_session *s = t->ssl.session_negotiate;
	int id = s ? s->ciphersuite : mbedtls_ssl_get_ciphersuite_id_from_ssl(&t->ssl);

	return id ? ds_suite_find((uint16_t)id) : NULL;
}

const struct ds_tls_keys *ds_tls_keys(const struct ds_tls *t)
{
	return t->keys.suite ? &t->keys : NULL;
}

ds_time ds_tls_deadline(const struct ds_tls *t)
{
	return t->final;
}

int ds_tls_peer(struct ds_tls *t, struct ds_tls_peer *out)
{
	const mbedtls_x509_crt *crt = mbedtls_ssl_get_peer_cert(&t->ssl);
	size_t len = sizeof(out->cid), fragment;
	int enabled;

	memset(out, 0, sizeof(*out));
	if (crt && mbedtls_ssl_get_verify_result(&t->ssl))
		return DS_E_CRYPTO; /* verify() and Mbed TLS should have seen to it */
	if (mbedtls_ssl_get_peer_cid(&t->ssl, &enabled, out->cid, &len))
		return DS_E_CRYPTO;
	/* Its buffers are for handshakes; a peer that asks for less asks for at most 4096 */
	fragment = mbedtls_ssl_get_output_max_frag_len(&t->ssl);
	out->payload_max = fragment <= 4096 ? (uint16_t)fragment : DS_PAYLOAD_MAX;
	out->cid_used = enabled == MBEDTLS_SSL_CID_ENABLED;
	out->cid_len = out->cid_used ? (uint8_t)len : 0;
	out->rrc = out->cid_used && t->rrc_theirs && t->rrc_ours;
	if (!crt)
		return 0;
	out->not_after = ds_certificate_end(crt);
	ds_serial_tag(crt->serial.p, crt->serial.len, out->serial);
	return ds_certificate_name(crt, out->subject, &out->subject_len);
}
