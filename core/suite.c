/* SPDX-License-Identifier: Apache-2.0 */
/* suite.c - the cipher suites, once */
#include "core/suite.h"

#include <assert.h>
#include <strings.h>

#include "dtlsshim/config.h"

/*
 * How many records a key may protect, and how many forged ones it may meet, before it must be
 * replaced: RFC 9147, 4.5.3, whose limits RFC 9325, 4.4 extends to DTLS 1.2.  Fractions are rounded
 * down.
 */
#define GCM_RECORDS  23726566ULL /* 2^24.5 */
#define GCM_FAILURES (1ULL << 36)
#define CCM_RECORDS  (1ULL << 23)
#define CCM_FAILURES 11863283ULL /* 2^23.5 */
/* No limit of its own; ours, because records are counted in 25 bits of a sequence number (store.h) */
#define CHACHA_RECORDS	(1ULL << 24)
#define CHACHA_FAILURES (1ULL << 36)

/* Algorithm, bytes of key, implicit and explicit nonce, tag: RFC 5288, 3; RFC 6655, 3; RFC 7905, 2 */
#define GCM(key)      DS_AES_GCM, key, 4, 8, 16
#define CCM(key, tag) DS_AES_CCM, key, 4, 8, tag
#define CHACHA	      DS_CHACHA20_POLY1305, 32, 12, 0, 16

#define PSK	  true, false, false
#define ECDHE_PSK true, false, true
#define CERT	  false, true, true

/* Forward secrecy first; within a kind GCM (RFC 9325, 4.2), ChaCha20, CCM, and last the short tags of
 * CCM_8; keys of 128 bits before those of 256. */
static const struct ds_suite suites[] = {
	{0xC02B, GCM(16), CERT, GCM_RECORDS, GCM_FAILURES,
	 "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
	{0xC02C, GCM(32), CERT, GCM_RECORDS, GCM_FAILURES,
	 "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
	{0xC02F, GCM(16), CERT, GCM_RECORDS, GCM_FAILURES, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
	{0xC030, GCM(32), CERT, GCM_RECORDS, GCM_FAILURES, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
	{0xCCA9, CHACHA, CERT, CHACHA_RECORDS, CHACHA_FAILURES,
	 "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
	{0xCCA8, CHACHA, CERT, CHACHA_RECORDS, CHACHA_FAILURES,
	 "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
	{0xCCAC, CHACHA, ECDHE_PSK, CHACHA_RECORDS, CHACHA_FAILURES,
	 "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"},
	{0xC0AC, CCM(16, 16), CERT, CCM_RECORDS, CCM_FAILURES, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
	{0xC0AD, CCM(32, 16), CERT, CCM_RECORDS, CCM_FAILURES, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
	{0xC0AE, CCM(16, 8), CERT, CCM_RECORDS, CCM_FAILURES, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"},
	{0xC0AF, CCM(32, 8), CERT, CCM_RECORDS, CCM_FAILURES, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"},
	{0x00A8, GCM(16), PSK, GCM_RECORDS, GCM_FAILURES, "TLS_PSK_WITH_AES_128_GCM_SHA256"},
	{0x00A9, GCM(32), PSK, GCM_RECORDS, GCM_FAILURES, "TLS_PSK_WITH_AES_256_GCM_SHA384"},
	{0xCCAB, CHACHA, PSK, CHACHA_RECORDS, CHACHA_FAILURES,
	 "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256"},
	{0xC0A4, CCM(16, 16), PSK, CCM_RECORDS, CCM_FAILURES, "TLS_PSK_WITH_AES_128_CCM"},
	{0xC0A5, CCM(32, 16), PSK, CCM_RECORDS, CCM_FAILURES, "TLS_PSK_WITH_AES_256_CCM"},
	{0xC0A8, CCM(16, 8), PSK, CCM_RECORDS, CCM_FAILURES, "TLS_PSK_WITH_AES_128_CCM_8"},
	{0xC0A9, CCM(32, 8), PSK, CCM_RECORDS, CCM_FAILURES, "TLS_PSK_WITH_AES_256_CCM_8"},
};

#define SUITES (sizeof(suites) / sizeof(suites[0]))
static_assert(SUITES <= DS_SUITES_MAX, "a configuration can name every suite");

const struct ds_suite *ds_suite_find(uint16_t id)
{
	for (size_t i = 0; i < SUITES; i++) {
		if (suites[i].id == id)
			return &suites[i];
	}
	return NULL;
}

uint16_t ds_suite_by_name(const char *name)
{
	for (size_t i = 0; i < SUITES; i++) {
		if (strcasecmp(suites[i].name, name) == 0)
			return suites[i].id;
	}
	return 0;
}

const char *ds_suite_name(uint16_t id)
{
	const struct ds_suite *s = ds_suite_find(id);

	return s != NULL ? s->name : "?";
}

uint16_t ds_suite_at(size_t i)
{
	return i < SUITES ? suites[i].id : 0;
}
