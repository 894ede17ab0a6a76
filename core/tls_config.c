/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_config.c - what all handshakes of an engine share: protocol, suites, certificates
 *
 * The record layer of established sessions (record.c) carries on only what it knows, so a handshake
 * may agree on nothing else: the configuration allows DTLS 1.2 with AEAD suites, and neither
 * renegotiation nor tickets nor resumption.  A suite is offered only if there are keys or
 * certificates for it.  Mistakes in certificates and keys are found here, before the first peer
 * meets them.
 *
 * Mbed TLS's own cookies are unused: a hello gets here only with a cookie of ours that was checked
 * (cookie.c).
 */
#include "core/tls_impl.h" /* before any other header of Mbed TLS */

#include <stdio.h>
#include <string.h>

#include <mbedtls/error.h>

#include "core/hello.h"
#include "core/wipe.h"

static_assert(DS_HELLO_MAX + 12 == MBEDTLS_SSL_IN_CONTENT_LEN, "the longest hello fits");

/* Call-backs of Mbed TLS that belong to a configuration */

static int give_random(void *arg, unsigned char *buf, size_t len)
{
	const struct ds_config *cfg = arg;

	return cfg->random(cfg->ctx, buf, len) ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : 0;
}

static int find_psk(void *arg, mbedtls_ssl_context *ssl, const unsigned char *identity, size_t len)
{
	struct ds_tls *t = mbedtls_ssl_get_user_data_p(ssl);
	const uint8_t *psk;
	size_t psk_len;

	(void)arg;
	psk = t->io->find_psk(t->owner, identity, len, &psk_len);
	if (psk)
		return mbedtls_ssl_set_hs_psk(ssl, psk, psk_len);
	t->reason = DS_REASON_PSK_UNKNOWN;
	return -1;
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

/* Certificates and suites */

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
	mbedtls_pk_context *key;
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
	ret = mbedtls_pk_parse_key(&c->key.read, cfg->key, cfg->key_len, NULL, 0, give_random,
				   (void *)c->cfg);
	if (ret)
		return explain(why, "private key", cfg->key_name, ret);
	ret = mbedtls_pk_check_pair(&c->cert.pk, &c->key.read, give_random, (void *)c->cfg);
	if (ret)
		return explain(why, "the private key does not belong to the certificate",
			       cfg->key_name, ret);
	ret = ds_tls_key_share(&c->key, &key);
	if (!ret)
		ret = mbedtls_ssl_conf_own_cert(&c->conf, &c->cert, key);
	return ret ? explain(why, "certificate", cfg->cert_name, ret)
		   : check_chain_size(&c->cert, why);
}

static int load_ca(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	static const int server_auth[] = {MBEDTLS_SSL_VERIFY_NONE, MBEDTLS_SSL_VERIFY_OPTIONAL,
					  MBEDTLS_SSL_VERIFY_REQUIRED};
	int auth = cfg->role == DS_CLIENT ? MBEDTLS_SSL_VERIFY_REQUIRED
					  : server_auth[cfg->client_auth];
	int ret;

	if (cfg->ca) {
		ret = parse_chain(&c->ca, cfg->ca, cfg->ca_len, "CA certificates", cfg->ca_name,
				  why);

		if (ret < 0)
			return ret;
		if (cfg->crl)
			ret = mbedtls_x509_crl_parse(&c->crl, cfg->crl, cfg->crl_len);
		if (ret < 0)
			return explain(why, "revocation lists", cfg->crl_name, ret);
		mbedtls_ssl_conf_ca_chain(&c->conf, &c->ca, cfg->crl ? &c->crl : NULL);
	} else if (cfg->crl) {
		(void)snprintf(why, DS_WHY_MAX,
			       "revocation lists given without the CA certificates");
		return DS_E_CONFIG;
	} else if (cfg->role == DS_SERVER && auth != MBEDTLS_SSL_VERIFY_NONE) {
		(void)snprintf(why, DS_WHY_MAX,
			       "client certificates are asked for, but there are "
			       "no CA certificates to verify them");
		return DS_E_CONFIG;
	}
	mbedtls_ssl_conf_authmode(&c->conf, auth);
	ret = ds_tls_first_use(&c->ca);
	return ret ? explain(why, "CA certificates", cfg->ca_name, ret) : 0;
}

/* True if the certificate's key, on a server, is of the kind suite @id signs with. */
static bool can_sign(struct ds_tls_config *c, const struct ds_config *cfg, uint16_t id)
{
	return cfg->role == DS_CLIENT ||
	       mbedtls_pk_can_do(&c->key.read, mbedtls_ssl_get_ciphersuite_sig_pk_alg(
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
	c->clients_order = !cfg->suites[0]; /* who names suites has an order in mind */
	if (c->clients_order)
		mbedtls_ssl_conf_preference_order(&c->conf,
						  MBEDTLS_SSL_SRV_CIPHERSUITE_ORDER_CLIENT);
	return 0;
}

/* The place of suite @id in our list; 0 is the first, DS_SUITES_MAX none. */
static size_t place_of(const struct ds_tls_config *c, int id)
{
	size_t i = 0;

	while (c->suites[i] && c->suites[i] != id)
		i++;
	return c->suites[i] ? i : DS_SUITES_MAX;
}

uint16_t ds_tls_config_common(const struct ds_tls_config *c, const uint8_t *offered, size_t len,
			      bool x509)
{
	uint16_t n = 0;

	for (size_t i = 0; i + 2 <= len; i += 2) {
		uint16_t id = (uint16_t)(offered[i] << 8 | offered[i + 1]);

		if (place_of(c, id) < DS_SUITES_MAX && (x509 || !ds_suite_find(id)->cert))
			n++;
	}
	return n;
}

struct ds_own ds_tls_config_own(const struct ds_tls_config *c)
{
	return (struct ds_own){
		.client = c->cfg->role == DS_CLIENT,
		.psk = c->psk,
		.cert = c->cert.raw.len > 0,
		.all_suites = c->clients_order,
	};
}

/* Chooses as Mbed TLS does: what stands first in the list that decides. */
bool ds_tls_config_costly(const struct ds_tls_config *c, const uint8_t *offered, size_t len)
{
	size_t best = DS_SUITES_MAX;

	for (size_t i = 0; i + 2 <= len; i += 2) {
		size_t place = place_of(c, offered[i] << 8 | offered[i + 1]);

		if (place < best)
			best = place;
		if (best < DS_SUITES_MAX && c->clients_order)
			break;
	}
	return best < DS_SUITES_MAX && ds_suite_find((uint16_t)c->suites[best])->ecdhe;
}

static int conf_psk(struct ds_tls_config *c, const struct ds_config *cfg, char *why)
{
	int ret;

	c->psk = cfg->psk;
	if (!c->psk)
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
	mbedtls_x509_crl_free(&c->crl);
	ds_tls_key_free(&c->key);
	ds_deny_free(c->deny, c->cfg);
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
	mbedtls_x509_crl_init(&c->crl);
	ds_tls_key_init(&c->key);
	err = conf_protocol(c, cfg, why);
	if (!err)
		err = conf_name(c, cfg, why);
	if (!err)
		err = load_certificate(c, cfg, why);
	if (!err)
		err = load_ca(c, cfg, why);
	if (!err && cfg->deny)
		err = ds_deny_new(&c->deny, cfg, why);
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

const struct ds_deny *ds_tls_config_deny(const struct ds_tls_config *c)
{
	return c->deny;
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
