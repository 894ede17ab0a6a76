/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock.c - a client that is nothing but Mbed TLS
 */
#include "tests/sim/stock.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/ssl.h>

static const uint8_t psk[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct stock {
	struct net *n;
	struct ds_addr at;
	uint64_t seed;
	mbedtls_ssl_config conf;
	mbedtls_ssl_context ssl;
};

static int give_random(void *arg, unsigned char *buf, size_t len)
{
	struct stock *s = arg;

	test_random_bytes(&s->seed, buf, len);
	return 0;
}

static int give(void *arg, const unsigned char *buf, size_t len)
{
	struct stock *s = arg;

	net_inject(s->n, &s->at, &s->n->server.addr, buf, len);
	return (int)len;
}

static int take(void *arg, unsigned char *buf, size_t len)
{
	struct stock *s = arg;
	size_t n;

	net_run_for(s->n, 0);
	n = net_receive(s->n, &s->at, buf, len);
	return n ? (int)n : MBEDTLS_ERR_SSL_WANT_READ;
}

/* Nothing is ever lost here, so nothing has to be repeated. */
static void set_timer(void *arg, uint32_t intermediate, uint32_t final)
{
	(void)arg, (void)intermediate, (void) final;
}

static int get_timer(void *arg)
{
	(void)arg;
	return 0;
}

static void configure(struct stock *s, const struct stock_options *o)
{
	const void *identity = o->identity ? o->identity : "dev0";
	size_t len = o->identity ? o->identity_len : 4;

	assert_int_equal(mbedtls_ssl_config_defaults(&s->conf, MBEDTLS_SSL_IS_CLIENT,
						     MBEDTLS_SSL_TRANSPORT_DATAGRAM,
						     MBEDTLS_SSL_PRESET_DEFAULT),
			 0);
	mbedtls_ssl_conf_rng(&s->conf, give_random, s);
	mbedtls_ssl_conf_max_tls_version(&s->conf, MBEDTLS_SSL_VERSION_TLS1_2);
	if (o->no_ems)
		mbedtls_ssl_conf_extended_master_secret(&s->conf, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
	assert_int_equal(mbedtls_ssl_conf_max_frag_len(&s->conf, o->fragment), 0);
	assert_int_equal(mbedtls_ssl_conf_psk(&s->conf, psk, sizeof(psk), identity, len), 0);
}

struct stock *stock_new(struct net *n, const struct ds_addr *at, const struct stock_options *o)
{
	static const unsigned char no_cid[1];
	struct stock *s = calloc(1, sizeof(*s));

	s->n = n;
	s->at = *at;
	s->seed = 12345 + at->port;
	mbedtls_ssl_config_init(&s->conf);
	mbedtls_ssl_init(&s->ssl);
	configure(s, o);
	assert_int_equal(mbedtls_ssl_setup(&s->ssl, &s->conf), 0);
	assert_int_equal(mbedtls_ssl_set_cid(&s->ssl, !o->no_cid, no_cid, 0), 0);
	mbedtls_ssl_set_bio(&s->ssl, s, give, take, NULL);
	mbedtls_ssl_set_timer_cb(&s->ssl, s, set_timer, get_timer);
	return s;
}

void stock_free(struct stock *s)
{
	mbedtls_ssl_free(&s->ssl);
	mbedtls_ssl_config_free(&s->conf);
	free(s);
}

int stock_connect(struct stock *s)
{
	int ret = mbedtls_ssl_handshake(&s->ssl);

	for (int i = 0; ret == MBEDTLS_ERR_SSL_WANT_READ && i < 20; i++)
		ret = mbedtls_ssl_handshake(&s->ssl);
	return ret;
}

int stock_send(struct stock *s, const void *data, size_t len)
{
	int ret = mbedtls_ssl_write(&s->ssl, data, len);

	net_run_for(s->n, 0);
	return ret;
}

int stock_receive(struct stock *s, void *buf, size_t cap)
{
	int ret = mbedtls_ssl_read(&s->ssl, buf, cap);

	return ret == MBEDTLS_ERR_SSL_WANT_READ ? 0 : ret;
}
