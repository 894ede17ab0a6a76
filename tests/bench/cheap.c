/* SPDX-License-Identifier: Apache-2.0 */
/* cheap.c - the client's part of an ECDHE-ECDSA handshake, without arithmetic on curves */
#include "tests/bench/cheap.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>

#include "core/hello.h"
#include "core/record.h"
#include "tests/bench/hello.h"
#include "tests/bench/peer.h"

#define SUITE	  0xC02B /* TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 */
#define KEY_SHARE 12	 /* ServerKeyExchange; ServerHelloDone is 14 */
#define HELLO_END 14
#define POINT	  65 /* bytes of a point: 4, X, Y */
#define X	  5  /* of the server's point, in the body of its ServerKeyExchange */
#define MASTER	  48
#define HASH	  32
#define FINISHED  12
#define EXPANDED  8192 /* bytes; more than any cipher needs */

static const uint8_t base_point[POINT] = {
	0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
	0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
	0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
	0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
	0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

/* What a flight says. */
struct flight {
	uint8_t random[HELLO_RANDOM], secret[HASH];
	bool done;
};

static struct ds_aead aead;
static const struct ds_suite *suite;
static void *expanded;

void cheap_setup(void)
{
	static struct ds_config cfg;

	bench_config(&cfg, DS_CLIENT);
	suite = ds_suite_find(SUITE);
	expanded = aligned_alloc(64, EXPANDED);
	if (!expanded || ds_aead_setup(&aead, &cfg) || aead.ops->key_size(suite) > EXPANDED)
		bench_die("ciphers");
}

static struct ds_record_key key_of(const struct cheap_answer *a, bool tx)
{
	struct ds_key_block k = ds_record_keys(suite, a->block);
	struct ds_record_key key = {.aead = &aead,
				    .suite = suite,
				    .iv = tx ? k.client_iv : k.server_iv,
				    .expanded = expanded};

	if (aead.ops->expand(&aead, suite, tx ? k.client_key : k.server_key, expanded))
		bench_die("expand");
	return key;
}

static size_t seal(const struct cheap_answer *a, uint8_t type, uint64_t seq, const uint8_t *data,
		   size_t len, uint8_t *out)
{
	struct ds_record_key key = key_of(a, true);
	struct ds_seal what = {.number = 1ULL << 48 | seq, .type = type, .data = data, .len = len};
	int n = ds_record_seal(&key, &what, out, sizeof(a->data));

	if (n < 0)
		bench_die("seal");
	return (size_t)n;
}

static void prf(const uint8_t *secret, size_t secret_len, const char *label, const uint8_t *seed,
		size_t seed_len, uint8_t *out, size_t len)
{
	if (mbedtls_ssl_tls_prf(MBEDTLS_SSL_TLS_PRF_SHA256, secret, secret_len, label, seed,
				seed_len, out, len))
		bench_die("key derivation");
}

static void hash_until_now(const mbedtls_sha256_context *transcript, uint8_t out[HASH])
{
	mbedtls_sha256_context copy;

	mbedtls_sha256_init(&copy);
	mbedtls_sha256_clone(&copy, transcript);
	mbedtls_sha256_finish(&copy, out);
	mbedtls_sha256_free(&copy);
}

/* One message of the server's. */
static void read_message(struct flight *f, const struct ds_handshake_header *m)
{
	if (m->fragment_len != m->len)
		bench_die("the server's flight is in pieces: its certificate is too long for this");
	if (m->type == DS_SERVER_HELLO && m->len > 37) {
		const uint8_t *chosen = m->body + 35 + m->body[34];

		memcpy(f->random, m->body + 2, HELLO_RANDOM);
		if (m->body[34] > m->len - 38 || (chosen[0] << 8 | chosen[1]) != SUITE)
			bench_die("the server chose another cipher suite");
	} else if (m->type == KEY_SHARE && m->len > X + HASH) {
		memcpy(f->secret, m->body + X, HASH);
	}
	f->done = f->done || m->type == HELLO_END;
}

static bool read_flight(struct flight *f, mbedtls_sha256_context *transcript, uint8_t *data,
			size_t len)
{
	struct ds_handshake_header m;
	struct ds_record r;

	for (; len && ds_record_parse(&r, data, len, 0) == DS_PARSE_OK; len -= r.total) {
		data += r.total;
		if (r.type != DS_HANDSHAKE || ds_record_epoch(&r) ||
		    !ds_handshake_parse(&m, r.fragment, r.len) || m.type == DS_HELLO_VERIFY_REQUEST)
			return false;
		mbedtls_sha256_update(transcript, r.fragment, r.len);
		read_message(f, &m);
	}
	return f->done;
}

/* ClientKeyExchange, in clear, as record 2 of epoch 0; ChangeCipherSpec. */
static void write_clear(struct cheap_answer *a, mbedtls_sha256_context *transcript)
{
	uint8_t *p = hello_number(a->data, 3, 0x16FEFD), *message;

	p = hello_number(p, 8, 2);
	p = hello_number(p, 2, 12 + 1 + POINT);
	message = p;
	p = hello_handshake(p, DS_CLIENT_KEY_EXCHANGE, 1 + POINT, 2);
	p = hello_number(p, 1, POINT);
	p = hello_bytes(p, base_point, POINT);
	mbedtls_sha256_update(transcript, message, (size_t)(p - message));
	p = hello_number(p, 3, 0x14FEFD);
	p = hello_number(p, 8, 3);
	p = hello_number(p, 2, 1);
	p = hello_number(p, 1, 1);
	a->len = (size_t)(p - a->data);
}

/* RFC 7627, 4; RFC 5246, 6.3 and 7.4.9 */
static void finish(struct cheap_answer *a, const struct flight *f, const uint8_t *client_random,
		   mbedtls_sha256_context *transcript)
{
	uint8_t master[MASTER], hash[HASH], random[2 * HELLO_RANDOM], message[12 + FINISHED];

	hash_until_now(transcript, hash);
	prf(f->secret, HASH, "extended master secret", hash, HASH, master, MASTER);
	memcpy(random, f->random, HELLO_RANDOM);
	memcpy(random + HELLO_RANDOM, client_random, HELLO_RANDOM);
	prf(master, MASTER, "key expansion", random, sizeof(random), a->block, sizeof(a->block));
	prf(master, MASTER, "client finished", hash, HASH,
	    hello_handshake(message, DS_FINISHED, FINISHED, 3), FINISHED);
	a->len += seal(a, DS_HANDSHAKE, 0, message, sizeof(message), a->data + a->len);
	mbedtls_sha256_update(transcript, message, sizeof(message));
	hash_until_now(transcript, hash);
	prf(master, MASTER, "server finished", hash, HASH, a->verify, FINISHED);
}

bool cheap_answer(struct cheap_answer *out, const uint8_t *hello, size_t hello_len, uint8_t *flight,
		  size_t len)
{
	const uint8_t *message = hello + DS_RECORD_HEADER;
	mbedtls_sha256_context transcript;
	struct flight f = {.done = false};
	bool good;

	mbedtls_sha256_init(&transcript);
	mbedtls_sha256_starts(&transcript, 0);
	mbedtls_sha256_update(&transcript, message, hello_len - DS_RECORD_HEADER);
	good = read_flight(&f, &transcript, flight, len);
	if (good) {
		write_clear(out, &transcript);
		finish(out, &f, message + 12 + 2, &transcript);
	}
	mbedtls_sha256_free(&transcript);
	return good;
}

bool cheap_is_finished(const struct cheap_answer *a, uint8_t *data, size_t len)
{
	struct ds_record r;

	for (; len && ds_record_parse(&r, data, len, 0) == DS_PARSE_OK; len -= r.total) {
		struct ds_record_key key;
		struct ds_opened o;

		data += r.total;
		if (!ds_record_epoch(&r))
			continue;
		key = key_of(a, false);
		return !ds_record_open(&key, &r, &o) && o.type == DS_HANDSHAKE &&
		       o.len == 12 + FINISHED && !memcmp(o.data + 12, a->verify, FINISHED);
	}
	return false;
}

size_t cheap_goodbye(const struct cheap_answer *a, uint8_t *out)
{
	static const uint8_t close_notify[] = {1, 0};

	return seal(a, DS_ALERT, 1, close_notify, sizeof(close_notify), out);
}
