/* SPDX-License-Identifier: Apache-2.0 */
/* mbedtls.c - the program of Mbed TLS with its default configuration, and of others' configurations */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/timing.h>
#include <psa/crypto.h>

#define STACK_ADDRESSES /* a server follows its peer */
#include "peer.h"

static mbedtls_ssl_config conf;
static mbedtls_ssl_context ssl;
static mbedtls_timing_delay_context timer;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context rng;
#if defined(MBEDTLS_X509_CRT_PARSE_C)
static mbedtls_x509_crt cert, anchors;
static mbedtls_pk_context pk;
#endif

static const char *text_of(int ret)
{
	static char text[128];

	mbedtls_strerror(ret, text, sizeof(text));
	return text;
}

static void check(int ret, const char *what)
{
	if (ret)
		die("%s: %s", what, text_of(ret));
}

static int bio_send(void *unused, const unsigned char *buf, size_t len)
{
	ssize_t n = sendto(peer.fd, buf, len, 0, (struct sockaddr *)&peer.address,
			   sizeof(peer.address));

	(void)unused;
	return n < 0 ? MBEDTLS_ERR_SSL_WANT_WRITE : (int)n;
}

/* Answers go where the peer was heard last: that Mbed TLS leaves to its user. */
static int bio_recv(void *unused, unsigned char *buf, size_t len)
{
	socklen_t size = sizeof(peer.address);
	ssize_t n = recvfrom(peer.fd, buf, len, 0, (struct sockaddr *)&peer.address, &size);

	(void)unused;
	return n < 0 ? MBEDTLS_ERR_SSL_WANT_READ : (int)n;
}

static void set_suites(void)
{
	static int ids[64];
	int n = 0;
	char *copy = strdup(peer.suites);

	for (char *name = strtok(copy, ","); name; name = strtok(NULL, ",")) {
		for (char *c = name; *c; c++)
			*c = *c == '_' ? '-' : *c;
		ids[n++] = mbedtls_ssl_get_ciphersuite_id(name);
	}
	mbedtls_ssl_conf_ciphersuites(&conf, ids);
}

static void set_certificates(void)
{
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	if (peer.ca) {
		check(mbedtls_x509_crt_parse_file(&anchors, peer.ca), peer.ca);
		mbedtls_ssl_conf_ca_chain(&conf, &anchors, NULL);
	}
	mbedtls_ssl_conf_authmode(&conf,
				  peer.ca ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
	if (!peer.cert)
		return;
	check(mbedtls_x509_crt_parse_file(&cert, peer.cert), peer.cert);
	check(mbedtls_pk_parse_keyfile(&pk, peer.key_file, NULL, mbedtls_ctr_drbg_random, &rng),
	      peer.key_file);
	check(mbedtls_ssl_conf_own_cert(&conf, &cert, &pk), "certificate");
#endif
}

static void set_credentials(void)
{
	if (peer.identity)
		check(mbedtls_ssl_conf_psk(&conf, peer.key, peer.key_len,
					   (const unsigned char *)peer.identity,
					   strlen(peer.identity)),
		      "psk");
	set_certificates();
}

static void stack_init(void)
{
	mbedtls_entropy_init(&entropy);
	mbedtls_ctr_drbg_init(&rng);
	psa_crypto_init();
	check(mbedtls_ctr_drbg_seed(&rng, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
	check(mbedtls_ssl_config_defaults(
		      &conf, peer.server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
		      MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT),
	      "configuration");
	mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &rng);
	if (peer.suites)
		set_suites();
	set_credentials();
	if (peer.server)
		mbedtls_ssl_conf_dtls_cookies(&conf, NULL, NULL, NULL);
#if defined(MBEDTLS_SSL_EXTENDED_MASTER_SECRET)
	if (peer.no_ems)
		mbedtls_ssl_conf_extended_master_secret(&conf, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
#endif
#if defined(MBEDTLS_SSL_RENEGOTIATION)
	mbedtls_ssl_conf_renegotiation(&conf, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
#endif
#if defined(MBEDTLS_SSL_DTLS_CONNECTION_ID)
	if (peer.cid != NO_CID)
		mbedtls_ssl_conf_cid(&conf, (size_t)peer.cid, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE);
#endif
}

static void stack_start(int again)
{
	mbedtls_ssl_session before;

	mbedtls_ssl_session_init(&before);
	if (again)
		check(mbedtls_ssl_get_session(&ssl, &before), "session");
	mbedtls_ssl_init(&ssl);
	check(mbedtls_ssl_setup(&ssl, &conf), "setup");
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	mbedtls_ssl_set_hostname(&ssl, peer.name);
#endif
	if (again)
		check(mbedtls_ssl_set_session(&ssl, &before), "session");
	if (peer.mtu)
		mbedtls_ssl_set_mtu(&ssl, (uint16_t)peer.mtu);
#if defined(MBEDTLS_SSL_DTLS_CONNECTION_ID)
	if (peer.cid != NO_CID)
		check(mbedtls_ssl_set_cid(&ssl, MBEDTLS_SSL_CID_ENABLED,
					  (const unsigned char *)"0123456789abcdef0123456789abcdef",
					  (size_t)peer.cid),
		      "cid");
#endif
	mbedtls_ssl_set_bio(&ssl, NULL, bio_send, bio_recv, NULL);
	mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
}

static int stack_handshake(void)
{
	int ret = mbedtls_ssl_handshake(&ssl);

	if (ret && ret != MBEDTLS_ERR_SSL_WANT_READ && ret != MBEDTLS_ERR_SSL_WANT_WRITE)
		die("%s", text_of(ret));
	return !ret;
}

/* Its timer only tells "due" and "not due". */
static int stack_timeout(void)
{
	return 20;
}

static const char *stack_session(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s", mbedtls_ssl_get_ciphersuite(&ssl));
	for (char *c = text; *c; c++)
		*c = *c == '-' ? '_' : *c;
	return text;
}

static void stack_send(const uint8_t *message, size_t len)
{
	int ret = mbedtls_ssl_write(&ssl, message, len);

	if (ret != (int)len)
		die("write of %zu bytes: %s", len, ret < 0 ? text_of(ret) : "short");
}

static int stack_recv(uint8_t *message, size_t cap)
{
	int ret = mbedtls_ssl_read(&ssl, message, cap);

	if (ret > 0)
		return ret;
	if (ret == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
		return CLOSED;
	if (ret && ret != MBEDTLS_ERR_SSL_WANT_READ)
		die("%s", text_of(ret));
	return NOTHING;
}

static void stack_close(void)
{
	mbedtls_ssl_close_notify(&ssl);
}

/* Mbed TLS swallows a no_renegotiation warning; that the session goes on is what can be seen. */
static int stack_renegotiate(void)
{
#if defined(MBEDTLS_SSL_RENEGOTIATION)
	int64_t deadline = now_ms() + ANSWER_MS;
	int ret;

	while ((ret = mbedtls_ssl_renegotiate(&ssl)) == MBEDTLS_ERR_SSL_WANT_READ)
		if (!wait_input(deadline, 0))
			die("renegotiation: no answer");
	if (ret == MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE)
		return 0;
	check(ret, "renegotiation");
#endif
	return 1;
}
