/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support.h - what the unit tests share
 *
 * A struct test_env is the world an engine or module lives in: its clock, its random numbers, its
 * memory.  Everything in it is deterministic and can be made to fail at a chosen call.
 *
 * The nonce oracle stands between record layer and ciphers and aborts the test program when one
 * (key, nonce) seals two different records.  Client and server write under different keys, so
 * that is once a (key, direction, nonce).  A test of whole engines gets it without a word when it is
 * linked with -Wl,--wrap=ds_aead_setup -Wl,--wrap=ds_aead_setup_portable.
 */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/aead.h"
#include "core/hello.h"
#include "core/record.h"
#include "dtlsshim/config.h"

#define TEST_NEVER	  SIZE_MAX
#define TEST_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A sanitizer is at work: tests that repeat do it less often. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TEST_SLOW true
#else
#define TEST_SLOW false
#endif

/**
 * struct test_env - the world of a test
 * @cfg:	defaults, with this world's memory and random numbers
 * @now:	the clock; tests move it
 * @seed:	state of the random numbers
 * @allocs, @randoms: calls so far
 * @fail_alloc, @fail_random: number of the first call that fails, and all after it do
 * @fail_once:	of the allocations only that one fails
 * @live, @live_bytes: blocks that were not released yet
 * @secret, @secret_len: if set, no released block may contain these bytes
 */
struct test_env {
	struct ds_config cfg;
	ds_time now;
	uint64_t seed;
	size_t allocs, randoms, fail_alloc, fail_random;
	bool fail_once;
	size_t live, live_bytes;
	const uint8_t *secret;
	size_t secret_len;
};

void test_env_init(struct test_env *env);
/* Fails the test if memory was not released. */
void test_env_fini(struct test_env *env);
/* Counts an allocation; true if it has to fail. */
bool test_alloc_fails(struct test_env *env);

/* A pseudo-random number, and bytes, from @seed. */
uint64_t test_random(uint64_t *seed);
void test_random_bytes(uint64_t *seed, uint8_t *buf, size_t len);
/* The same payload for a length, everywhere: (i * 7 + 3) & 0xff. */
void test_pattern(uint8_t *buf, size_t len);

/* The nonce oracle in front of @a's ciphers; before any key is expanded. */
void test_oracle_attach(struct ds_aead *a);
void test_oracle_reset(void);
/* Different (key, nonce) sealed so far. */
size_t test_oracle_seals(void);

/* Builders: append to a buffer, whatever the value. */
struct test_bytes {
	uint8_t data[DS_DATAGRAM_MAX + 4096];
	size_t len;
};

void test_put(struct test_bytes *b, unsigned int width, uint64_t v);
void test_put_bytes(struct test_bytes *b, const void *p, size_t len);
/* A length of @width bytes and that many bytes of @p. */
void test_put_vector(struct test_bytes *b, unsigned int width, const void *p, size_t len);
size_t test_hex(uint8_t *out, size_t cap, const char *hex);

/* A record header and fragment, RFC 6347, 4.1 and RFC 9146, 4. */
struct test_record {
	uint8_t type;
	uint16_t version, epoch;
	uint64_t seq;
	const void *cid, *fragment;
	size_t cid_len, len;
};
void test_put_record(struct test_bytes *b, const struct test_record *r);

/* A handshake message, or the fragment [offset, offset + fragment_len) of it. */
struct test_message {
	uint8_t type;
	uint16_t message_seq;
	const uint8_t *body;
	size_t len, offset, fragment_len;
};
void test_put_message(struct test_bytes *b, const struct test_message *m);

/* A ClientHello's body; what is NULL is left empty, suites and compression have a default. */
struct test_hello {
	uint16_t version;
	uint8_t random[32];
	const uint8_t *session_id, *cookie, *suites, *compression, *extensions;
	size_t session_id_len, cookie_len, suites_len, compression_len, extensions_len;
	bool no_extensions;
};
void test_hello_init(struct test_hello *h);
void test_put_hello(struct test_bytes *b, const struct test_hello *h);

/* Gives @cfg memory and randomness that threads may use at the same time. */
void test_share(struct ds_config *cfg);

#endif
