/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.c - handshakes by Mbed TLS
 *
 * The configuration refuses what the record layer does not carry on: suites without AEAD,
 * versions other than DTLS 1.2, renegotiation, tickets, resumption.  Mbed TLS's own cookies are
 * unused: a hello gets here only with a cookie of ours that was checked (cookie.c).
 */
#include "core/tls.h"

#include <stdio.h>
#include <stdatomic.h>
#include <string.h>

#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
/* Nothing public says whether RFC 7627 was agreed on, nor what kind of key a suite needs. */
#include <../library/ssl_misc.h>

#include "core/certificate.h"
#include "core/handshake.h"
#include "core/wipe.h"

struct ds_tls_config {
	atomic_uint refs;	     /* engines that are alike share it */
	const struct ds_config *cfg; /* the engine's: memory and randomness; lives longer */
	mbedtls_ssl_config conf;
	mbedtls_x509_crt cert, ca;
	mbedtls_pk_context key;
	int suites[DS_SUITES_MAX + 1];
	bool require_ems, verify_name;
	char server_name[256];
	size_t cid_length;
	uint16_t mtu;
};

struct ds_tls {
	struct ds_tls_config *config;
	struct ds_handshake *h;
	mbedtls_ssl_context ssl;
	ds_time intermediate, final; /* DS_TIME_NEVER = no timer runs */
	bool ems;		     /* RFC 7627 was agreed on */
	uint32_t bad;		     /* what verify_optional() found: MBEDTLS_X509_BADCERT_... */
	enum ds_reason reason;	     /* set by call-backs that know better than the error code */
};

/* Call-backs of Mbed TLS */

static int give_random(void *arg, unsigned char *buf, size_t len)
{
	const struct ds_config *cfg = arg;

	return cfg->random(cfg->ctx, buf, len) ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : 0;
}

static int give_datagram(void *arg, const unsigned char *buf, size_t len)
{
	struct ds_tls *t = arg;

	return ds_handshake_put(t->h, buf, len) < 0 ? MBEDTLS_ERR_SSL_ALLOC_FAILED : (int)len;
}

static int take_record(void *arg, unsigned char *buf, size_t len)
{
	struct ds_tls *t = arg;
	size_t n = ds_handshake_take(t->h, buf, len);

	return n ? (int)n : MBEDTLS_ERR_SSL_WANT_READ; /* 0 would mean end of file */
}

static void set_timer(void *arg, uint32_t intermediate_ms, uint32_t final_ms)
{
	struct ds_tls *t = arg;

	t->intermediate = final_ms ? t->h->now + intermediate_ms * DS_MSEC : DS_TIME_NEVER;
	t->final = final_ms ? t->h->now + final_ms * DS_MSEC : DS_TIME_NEVER;
}

/* -1 = cancelled, 0 = nothing passed, 1 = intermediate, 2 = final delay passed. */
static int get_timer(void *arg)
{
	const struct ds_tls *t = arg;

	if (t->final == DS_TIME_NEVER)
		return -1;
	if (t->h->now >= t->final && !ds_handshake_has_input(t->h))
		return 2; /* with input Mbed TLS would repeat its flight and not look at it */
	return t->h->now >= t->intermediate ? 1 : 0;
}

static int find_psk(void *arg, mbedtls_ssl_context *ssl, const unsigned char *identity, size_t len)
{
	struct ds_tls *t = mbedtls_ssl_get_user_data_p(ssl);

	(void)arg;
	if (!ds_handshake_psk(t->h, identity, len)) {
		t->reason = DS_REASON_PSK_UNKNOWN;
		return -1;
	}
	return mbedtls_ssl_set_hs_psk(ssl, t->h->psk, t->h->psk_len);
}

/* The hello was admitted because its cookie verified; the second argument of write is never used. */
static int cookie_write(void *ctx, unsigned char **p, unsigned char *end, const unsigned char *id,
			size_t len)
{
	(void)ctx, (void)p, (void)end, (void)id, (void)len;
	return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int cookie_check(void *ctx, const unsigned char *cookie, size_t cookie_len,
			const unsigned char *id, size_t len)
{
	(void)ctx, (void)cookie, (void)cookie_len, (void)id, (void)len;
	return 0;
}

/* Who need not show a certificate must not show a bad one, but Mbed TLS would go on.  Called for
 * each certificate of the chain, with what is wrong with that one. */
static int verify_optional(void *arg, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct ds_tls *t = arg;
	bool usable =
		depth > 0 ||
		(!mbedtls_x509_crt_check_key_usage(crt, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) &&
		 !mbedtls_x509_crt_check_extended_key_usage(
			 crt, MBEDTLS_OID_CLIENT_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)));

	t->bad = *flags | (usable ? 0 : MBEDTLS_X509_BADCERT_KEY_USAGE);
	return t->bad ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
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
				t->h->block, ds_key_block_len(suite)) == 0)
		t->h->suite = suite;
	if (t->config->cfg->keylog)
		write_keylog(t->config->cfg, client_random, secret);
}

/* Configuration */

/* True for a kind of key or signature that is not built in, as Ed25519. */
static bool is_unsupported(int ret)
{
	switch (-(-ret & 0xff80)) { /* the error of the upper module */
	case MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG:
	case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG:
	case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE: return true;
	default: return false;
	}
}

/* "<what> (<name>): <the library's error>" */
static int explain(char *why, const char *what, const char *name, int ret)
{
	char text[128];

	if (is_unsupported(ret))
		strcpy(text, "this kind of key is not supported; ECDSA with P-256, P-384 or P-521, "
			     "and RSA are");
	else
		mbedtls_strerror(ret, text, sizeof(text));
	(void)snprintf(why, DS_WHY_MAX, "%s%s%s%s: %s", what, name ? " (" : "", name ? name : "",
		       name ? ")" : "", text);
	return DS_E_CONFIG;
}

static int parse_chain(mbedtls_x509_crt *crt, const uint8_t *pem, size_t len, const char *what,
		       const char *name, char *why)
{
	int ret = mbedtls_x509_crt_parse(crt, pem, len);

	if (ret > 0) {
		(void)snprintf(why, DS_WHY_MAX, "%s (%s): %d of the certificates cannot be read",
			       what, name ? name : "-", ret);
		return DS_E_CONFIG;
	}
	return ret < 0 ? explain(why, what, name, ret) : 0;
}

/* A Certificate message must fit Mbed TLS's buffer: chain with 3 bytes of length each. */
static int check_chain_size(const mbedtls_x509_crt *crt, char *why)
{
	size_t size = 7;

	for (; crt && crt->raw.len; crt = crt->next)
		size += 3 + crt->raw.len;
	if (size + 12 <= MBEDTLS_SSL_OUT_CONTENT_LEN)
		return 0;
	(void)snprintf(
		why, DS_WHY_MAX,
		"certificate: the chain has %zu bytes, at most %d fit; leave out the root or "
		"use ECDSA certificates",
		size, MBEDTLS_SSL_OUT_CONTENT_LEN - 12);
	return DS_E_CONFIG;
}

static int load_certificate(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	int ret;

	if (!cfg->cert != !cfg->key) {
		(void)snprintf(why, DS_WHY_MAX, "%s given without its %s",
			       cfg->cert ? "certificate" : "private key",
			       cfg->cert ? "private key" : "certificate");
		return DS_E_CONFIG;
	}
	if (!cfg->cert)
		return 0;
	ret = parse_chain(&c->cert, cfg->cert, cfg->cert_len, "certificate", cfg->cert_name, why);
	if (ret < 0)
		return ret;
	ret = mbedtls_pk_parse_key(&c->key, cfg->key, cfg->key_len, NULL, 0, give_random,
				   (void *)c->cfg);
	if (ret)
		return explain(why, "private key", cfg->key_name, ret);
	ret = mbedtls_pk_check_pair(&c->cert.pk, &c->key, give_random, (void *)c->cfg);
	if (ret)
		return explain(why, "the private key does not belong to the certificate",
			       cfg->key_name, ret);
	ret = mbedtls_ssl_conf_own_cert(&c->conf, &c->cert, &c->key);
	return ret ? explain(why, "certificate", cfg->cert_name, ret)
		   : check_chain_size(&c->cert, why);
}

static int load_ca(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	static const int server_auth[] = {MBEDTLS_SSL_VERIFY_NONE, MBEDTLS_SSL_VERIFY_OPTIONAL,
					  MBEDTLS_SSL_VERIFY_REQUIRED};
	int auth = cfg->role == DS_CLIENT ? MBEDTLS_SSL_VERIFY_REQUIRED
					  : server_auth[cfg->client_auth];

	if (cfg->ca) {
		int ret = parse_chain(&c->ca, cfg->ca, cfg->ca_len, "CA certificates", cfg->ca_name,
				      why);

		if (ret < 0)
			return ret;
		mbedtls_ssl_conf_ca_chain(&c->conf, &c->ca, NULL);
	} else if (cfg->role == DS_SERVER && auth != MBEDTLS_SSL_VERIFY_NONE) {
		(void)snprintf(why, DS_WHY_MAX,
			       "client certificates are asked for, but there are "
			       "no CA certificates to verify them");
		return DS_E_CONFIG;
	}
	mbedtls_ssl_conf_authmode(&c->conf, auth);
	return 0;
}

/* True if the certificate's key, on a server, is of the kind suite @id signs with. */
static bool can_sign(struct ds_tls_config *c, const struct ds_config *cfg, uint16_t id)
{
	return cfg->role == DS_CLIENT ||
	       mbedtls_pk_can_do(&c->key, mbedtls_ssl_get_ciphersuite_sig_pk_alg(
						  mbedtls_ssl_ciphersuite_from_id(id)));
}

/* Suites this engine can do with the credentials it has. */
static int choose_suites(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	bool cert = cfg->role == DS_SERVER ? cfg->cert != NULL : cfg->ca != NULL;
	size_t n = 0;

	for (size_t i = 0; n < DS_SUITES_MAX; i++) {
		uint16_t id = cfg->suites[0] ? cfg->suites[i] : ds_suite_at(i);
		const struct ds_suite *s = ds_suite_find(id);

		if (!id)
			break;
		if (!s) {
			(void)snprintf(why, DS_WHY_MAX, "cipher suite 0x%04x is not available", id);
			return DS_E_CONFIG;
		}
		if ((s->psk && cfg->psk) || (s->cert && cert && can_sign(c, cfg, id)))
			c->suites[n++] = id;
	}
	if (!n) {
		(void)snprintf(why, DS_WHY_MAX, "%s",
			       cfg->psk || cert ? "none of the cipher suites fits the keys and "
						  "certificates given"
						: "neither pre-shared keys nor certificates given");
		return DS_E_CONFIG;
	}
	mbedtls_ssl_conf_ciphersuites(&c->conf, c->suites);
	return 0;
}

static int conf_psk(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	int ret;

	if (!cfg->psk)
		return 0;
	if (cfg->role == DS_SERVER) {
		mbedtls_ssl_conf_psk_cb(&c->conf, find_psk, NULL);
		return 0;
	}
	ret = mbedtls_ssl_conf_psk(&c->conf, cfg->psk_key, cfg->psk_key_len, cfg->psk_identity,
				   cfg->psk_identity_len);
	return ret ? explain(why, "pre-shared key", NULL, ret) : 0;
}

static int conf_protocol(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	int endpoint = cfg->role == DS_SERVER ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
	int ret = mbedtls_ssl_config_defaults(&c->conf, endpoint, MBEDTLS_SSL_TRANSPORT_DATAGRAM,
					      MBEDTLS_SSL_PRESET_DEFAULT);

	if (!ret)
		ret = mbedtls_ssl_conf_cid(&c->conf, cfg->cid_length,
					   MBEDTLS_SSL_UNEXPECTED_CID_IGNORE);
	if (ret)
		return explain(why, "configuration", NULL, ret);
	mbedtls_ssl_conf_rng(&c->conf, give_random, (void *)c->cfg);
	mbedtls_ssl_conf_min_tls_version(&c->conf, MBEDTLS_SSL_VERSION_TLS1_2);
	mbedtls_ssl_conf_max_tls_version(&c->conf, MBEDTLS_SSL_VERSION_TLS1_2);
	mbedtls_ssl_conf_handshake_timeout(&c->conf, (uint32_t)(cfg->handshake_min / DS_MSEC),
					   (uint32_t)(cfg->handshake_max / DS_MSEC));
	mbedtls_ssl_conf_extended_master_secret(&c->conf, MBEDTLS_SSL_EXTENDED_MS_ENABLED);
	if (cfg->role == DS_SERVER)
		mbedtls_ssl_conf_dtls_cookies(&c->conf, cookie_write, cookie_check, NULL);
	return 0;
}

static int conf_name(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	if (!cfg->server_name)
		return 0;
	c->verify_name = true;
	if ((size_t)snprintf(c->server_name, sizeof(c->server_name), "%s", cfg->server_name) <
	    sizeof(c->server_name))
		return 0;
	(void)snprintf(why, DS_WHY_MAX, "server name %.64s...: at most %zu bytes", cfg->server_name,
		       sizeof(c->server_name) - 1);
	return DS_E_CONFIG;
}

static void config_free(struct ds_tls_config *c)
{
	mbedtls_ssl_config_free(&c->conf);
	mbedtls_x509_crt_free(&c->cert);
	mbedtls_x509_crt_free(&c->ca);
	mbedtls_pk_free(&c->key);
	c->cfg->release(c->cfg->ctx, c, sizeof(*c));
}

int ds_tls_config_new(struct ds_tls_config **out, const struct ds_config *cfg,
		      const struct ds_config *engine, char why[static DS_WHY_MAX])
{
	struct ds_tls_config *c = cfg->alloc(cfg->ctx, sizeof(*c));
	int err;

	if (!c)
		return DS_E_NOMEM;
	atomic_init(&c->refs, 1);
	c->cfg = engine;
	c->require_ems = cfg->require_ems;
	c->cid_length = cfg->cid_length;
	c->mtu = cfg->mtu;
	mbedtls_ssl_config_init(&c->conf);
	mbedtls_x509_crt_init(&c->cert);
	mbedtls_x509_crt_init(&c->ca);
	mbedtls_pk_init(&c->key);
	err = conf_protocol(c, cfg, why);
	if (!err)
		err = conf_name(c, cfg, why);
	if (!err)
		err = load_certificate(c, cfg, why);
	if (!err)
		err = load_ca(c, cfg, why);
	if (!err)
		err = conf_psk(c, cfg, why);
	if (!err)
		err = choose_suites(c, cfg, why);
	if (err)
		config_free(c);
	else
		*out = c;
	return err;
}

struct ds_tls_config *ds_tls_config_get(struct ds_tls_config *c)
{
	atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
	return c;
}

void ds_tls_config_put(struct ds_tls_config *c)
{
	if (c && atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) == 1)
		config_free(c);
}

/* A handshake's context */

struct ds_tls *ds_tls_new(struct ds_tls_config *c, struct ds_handshake *h)
{
	struct ds_tls *t = c->cfg->alloc(c->cfg->ctx, sizeof(*t));

	if (!t)
		return NULL;
	t->config = ds_tls_config_get(c);
	t->h = h;
	t->final = DS_TIME_NEVER;
	mbedtls_ssl_init(&t->ssl);
	if (mbedtls_ssl_setup(&t->ssl, &c->conf) ||
	    mbedtls_ssl_set_cid(&t->ssl, MBEDTLS_SSL_CID_ENABLED, h->cid, c->cid_length) ||
	    mbedtls_ssl_set_hostname(&t->ssl, c->verify_name ? c->server_name : NULL)) {
		ds_tls_free(t);
		return NULL;
	}
	if (c->conf.authmode == MBEDTLS_SSL_VERIFY_OPTIONAL)
		mbedtls_ssl_set_verify(&t->ssl, verify_optional, t);
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
	c->cfg->release(c->cfg->ctx, t, sizeof(*t));
	ds_tls_config_put(c);
}

static bool has_verified(const struct ds_tls *t)
{
	return ds_tls_wants_finished(t) && t->h->suite;
}

/* Mbed TLS's error in our words. */
static enum ds_reason translate(const struct ds_tls *t, int ret)
{
	if (t->reason)
		return t->reason;
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
	case MBEDTLS_ERR_SSL_ALLOC_FAILED:
	case MBEDTLS_ERR_SSL_INTERNAL_ERROR: return DS_REASON_INTERNAL;
	case MBEDTLS_ERR_SSL_TIMEOUT: return DS_REASON_TIMEOUT;
	default: return has_verified(t) ? DS_REASON_PSK_WRONG : DS_REASON_PROTOCOL;
	}
}

/* True for a peer without RFC 7627, as soon as the hellos show it: before ours is sent. */
static bool lacks_ems(struct ds_tls *t)
{
	if (!t->config->require_ems || !ds_tls_suite(t))
		return false;
	if (t->ssl.handshake) /* gone once a client is done */
		t->ems = t->ssl.handshake->extended_ms == MBEDTLS_SSL_EXTENDED_MS_ENABLED;
	return !t->ems;
}

enum ds_tls_result ds_tls_step(struct ds_tls *t, struct ds_tls_failure *why)
{
	int ret = mbedtls_ssl_handshake(&t->ssl);
	bool waits = ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE;

	if ((waits || ret == 0) && lacks_ems(t)) {
		ds_queue_clear(&t->h->out, t->config->cfg);
		ds_tls_abort(t, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
		why->reason = DS_REASON_NO_EMS;
		return DS_TLS_FAILED;
	}
	if (waits || ret == 0)
		return waits ? DS_TLS_WAIT : DS_TLS_DONE;
	why->reason = translate(t, ret);
	why->detail = ret;
	if (ret == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		why->alert = t->ssl.in_msg[1];
	else if (!t->h->alert_sent) /* some failures pass in silence, and the peer would wait */
		ds_tls_abort(t, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
	return DS_TLS_FAILED;
}

bool ds_tls_linger(struct ds_tls *t)
{
	unsigned char none[1];

	return mbedtls_ssl_read(&t->ssl, none, sizeof(none)) == MBEDTLS_ERR_SSL_WANT_READ;
}

void ds_tls_abort(struct ds_tls *t, uint8_t alert)
{
	(void)mbedtls_ssl_send_alert_message(&t->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, alert);
}

bool ds_tls_wants_finished(const struct ds_tls *t)
{
	int state = t->ssl.state;

	if (mbedtls_ssl_is_handshake_over((mbedtls_ssl_context *)&t->ssl))
		return true;
	return t->h->client ? state == MBEDTLS_SSL_SERVER_FINISHED
			    : state == MBEDTLS_SSL_CLIENT_FINISHED;
}

const struct ds_suite *ds_tls_suite(const struct ds_tls *t)
{
	const mbedtls_ssl_session *s = t->ssl.session_negotiate;
	int id = s ? s->ciphersuite : mbedtls_ssl_get_ciphersuite_id_from_ssl(&t->ssl);

	return id ? ds_suite_find((uint16_t)id) : NULL;
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
		return DS_E_CRYPTO; /* verify_optional() and Mbed TLS should have seen to it */
	if (mbedtls_ssl_get_peer_cid(&t->ssl, &enabled, out->cid, &len))
		return DS_E_CRYPTO;
	/* Its buffers are for handshakes; a peer that asks for less asks for at most 4096 */
	fragment = mbedtls_ssl_get_output_max_frag_len(&t->ssl);
	out->payload_max = fragment <= 4096 ? (uint16_t)fragment : DS_PAYLOAD_MAX;
	out->cid_used = enabled == MBEDTLS_SSL_CID_ENABLED;
	out->cid_len = out->cid_used ? (uint8_t)len : 0;
	return crt ? ds_certificate_name(crt, out->subject, &out->subject_len) : 0;
}
