/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbed_common.h - what the two stock Mbed TLS peers share
 *
 * Small programs for tests: every error ends the program with one line on standard error.
 * The library needs no entropy, timing, network or file module.
 *
 * Memory:   files read stay allocated until the program ends.
 * Threads:  none.
 */

#ifndef MBED_COMMON_H
#define MBED_COMMON_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

enum { PEER_DATAGRAM_MAX = 65536, PEER_PSK_MAX = 64 };

/* Credentials as the command line gave them; cert, key and ca are file names or NULL. */
struct peer_credentials {
	const char *psk_id;
	uint8_t psk[PEER_PSK_MAX];
	size_t psk_len;
	const char *cert, *key, *ca;
	mbedtls_x509_crt crt, anchors;
	mbedtls_pk_context pk;
};

/* A deadline pair as Mbed TLS wants it, on the monotonic clock, in milliseconds. */
struct peer_timer {
	uint64_t start;
	uint32_t mid, fin;
};

__attribute__((noreturn, format(printf, 1, 2))) static inline void peer_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static inline void peer_check(int ret, const char *what)
{
	if (ret)
		peer_die("%s: -0x%04x", what, (unsigned)-ret);
}

static inline uint64_t peer_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static inline int peer_rng(void *ctx, unsigned char *buf, size_t len)
{
	(void)ctx;
	while (len) {
		ssize_t n = getrandom(buf, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}

static inline void peer_timer_set(void *ctx, uint32_t mid, uint32_t fin)
{
	struct peer_timer *timer = ctx;

	*timer = (struct peer_timer){peer_now_ms(), mid, fin};
}

static inline int peer_timer_get(void *ctx)
{
	const struct peer_timer *timer = ctx;
	uint64_t elapsed = peer_now_ms() - timer->start;

	if (!timer->fin)
		return -1;
	return elapsed >= timer->fin ? 2 : elapsed >= timer->mid;
}

/* Milliseconds to the final deadline, -1 when none runs: poll()'s unit. */
static inline int peer_timer_left(const struct peer_timer *timer)
{
	uint64_t elapsed = peer_now_ms() - timer->start;

	if (!timer->fin)
		return -1;
	return elapsed >= timer->fin ? 0 : (int)(timer->fin - elapsed);
}

static inline size_t peer_hex(const char *text, uint8_t *out, size_t cap, const char *what)
{
	size_t n = strlen(text) / 2;
	unsigned byte;

	if (strlen(text) % 2 || n > cap)
		peer_die("%s: \"%s\" is not 0 to %zu bytes in hex", what, text, cap);
	for (size_t i = 0; i < n; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			peer_die("%s: \"%s\" is not hex", what, text);
		out[i] = (uint8_t)byte;
	}
	return n;
}

/* A file with a NUL behind it, as the PEM parser wants it; *len counts the NUL. */
static inline unsigned char *peer_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	unsigned char *buf = calloc(1, PEER_DATAGRAM_MAX);

	if (!file || !buf)
		peer_die("%s: %s", path, strerror(errno));
	*len = fread(buf, 1, PEER_DATAGRAM_MAX - 1, file) + 1;
	fclose(file);
	return buf;
}

static inline void peer_load_crt(mbedtls_x509_crt *crt, const char *path)
{
	size_t len;
	unsigned char *pem = peer_file(path, &len);

	peer_check(mbedtls_x509_crt_parse(crt, pem, len), path);
}

/* PSK, own certificate and trust anchors into the configuration, whichever were given. */
static inline void peer_credentials_apply(struct peer_credentials *cred, mbedtls_ssl_config *conf)
{
	unsigned char *pem;
	size_t len;

	mbedtls_x509_crt_init(&cred->crt);
	mbedtls_x509_crt_init(&cred->anchors);
	mbedtls_pk_init(&cred->pk);
	if (cred->psk_id)
		peer_check(mbedtls_ssl_conf_psk(conf, cred->psk, cred->psk_len,
						(const unsigned char *)cred->psk_id,
						strlen(cred->psk_id)),
			   "psk");
	if (cred->ca) {
		peer_load_crt(&cred->anchors, cred->ca);
		mbedtls_ssl_conf_ca_chain(conf, &cred->anchors, NULL);
	}
	mbedtls_ssl_conf_authmode(conf,
				  cred->ca ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
	if (!cred->cert)
		return;
	if (!cred->key)
		peer_die("--cert %s needs --key", cred->cert);
	peer_load_crt(&cred->crt, cred->cert);
	pem = peer_file(cred->key, &len);
	peer_check(mbedtls_pk_parse_key(&cred->pk, pem, len, NULL, 0, peer_rng, NULL), cred->key);
	peer_check(mbedtls_ssl_conf_own_cert(conf, &cred->crt, &cred->pk), cred->cert);
}

/* One suite by its IANA name with dashes (TLS-PSK-WITH-AES-128-CCM-8); NULL keeps the default. */
static inline void peer_suite_apply(mbedtls_ssl_config *conf, const char *name)
{
	static int suites[2];

	if (!name)
		return;
	suites[0] = mbedtls_ssl_get_ciphersuite_id(name);
	if (!suites[0])
		peer_die("--suite %s: not in this build of Mbed TLS", name);
	mbedtls_ssl_conf_ciphersuites(conf, suites);
}

static inline void peer_conf_init(mbedtls_ssl_config *conf, int role)
{
	mbedtls_ssl_config_init(conf);
	peer_check(mbedtls_ssl_config_defaults(conf, role, MBEDTLS_SSL_TRANSPORT_DATAGRAM,
					       MBEDTLS_SSL_PRESET_DEFAULT),
		   "config defaults");
	mbedtls_ssl_conf_rng(conf, peer_rng, NULL);
	mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
	mbedtls_ssl_conf_max_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
}

#endif /* MBED_COMMON_H */
