/* SPDX-License-Identifier: Apache-2.0 */
/* test_record.c - the record layer against records made by others, and against liars */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/sha256.h>

#include "tests/unit/record_vectors.h"
#include "tests/unit/support.h"

static const size_t cid_lens[] = {0, 1, 8, 32};
static const size_t sizes[] = {0, 1, 15, 16, 17, 255, 1000, 16384};

/* One direction of a session, with its ciphers behind the oracle. */
struct world {
	struct test_env env;
	struct ds_aead aead;
	void *memory;
	uint8_t key[DS_KEY_MAX], iv[DS_IV_MAX];
	struct ds_record_key k;
};

static void world_init(struct world *w, bool portable)
{
	test_env_init(&w->env);
	if (portable)
		ds_aead_setup_portable(&w->aead, &w->env.cfg);
	else
		assert_int_equal(ds_aead_setup(&w->aead, &w->env.cfg), 0);
	test_oracle_reset();
	test_oracle_attach(&w->aead);
	w->memory = NULL;
	w->k = (struct ds_record_key){.aead = &w->aead, .iv = w->iv};
}

static void world_drop_key(struct world *w)
{
	if (w->memory != NULL)
		w->aead.ops->wipe(w->k.suite, w->k.expanded);
	free(w->memory);
	w->memory = NULL;
}

/* Expands the key and IV that stand in @w. */
static void world_key(struct world *w, const struct ds_suite *suite)
{
	size_t size = (w->aead.ops->key_size(suite) + 63) & ~(size_t)63;

	world_drop_key(w);
	w->k.suite = suite;
	w->k.expanded = w->memory = aligned_alloc(64, size);
	assert_non_null(w->memory);
	assert_int_equal(w->aead.ops->expand(&w->aead, suite, w->key, w->k.expanded), 0);
}

static void world_random_key(struct world *w, const struct ds_suite *suite)
{
	test_random_bytes(&w->env.seed, w->key, sizeof(w->key));
	test_random_bytes(&w->env.seed, w->iv, sizeof(w->iv));
	world_key(w, suite);
}

static void world_fini(struct world *w)
{
	world_drop_key(w);
	ds_aead_fini(&w->aead);
	test_oracle_reset();
	test_env_fini(&w->env);
}

/* Parses and opens a copy of @wire that ends where its memory ends, so that ASan sees overreads. */
static int open_copy(struct world *w, const uint8_t *wire, size_t len, size_t cid_len,
		     struct ds_opened *out, uint8_t *plain)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct ds_record r;
	int rc = -1000;

	memcpy(copy, wire, len);
	if (ds_record_parse(&r, copy, len, cid_len) == DS_PARSE_OK && ds_record_epoch(&r) > 0) {
		rc = ds_record_open(&w->k, &r, out);
		if (rc == 0)
			memcpy(plain, out->data, out->len);
	}
	free(copy);
	return rc;
}

static int seal(struct world *w, const struct ds_seal *what, uint8_t *out, size_t cap)
{
	return ds_record_seal(&w->k, what, out, cap);
}

/* Vectors of the Python implementation and captured records, with both sets of ciphers */

static void load_vector(struct world *w, const struct record_vector *v)
{
	const struct ds_suite *suite = ds_suite_find(v->suite);

	assert_non_null(suite);
	assert_int_equal(test_hex(w->key, sizeof(w->key), v->key), suite->key_len);
	assert_int_equal(test_hex(w->iv, sizeof(w->iv), v->iv), suite->iv_len);
	world_key(w, suite);
}

static size_t vector_data(const struct record_vector *v, uint8_t *data)
{
	if (v->data != NULL)
		return test_hex(data, DS_PAYLOAD_MAX, v->data);
	test_pattern(data, v->len);
	return v->len;
}

static void check_sealed(struct world *w, const struct record_vector *v, uint8_t *wire)
{
	static uint8_t data[DS_PAYLOAD_MAX], expected[DS_DATAGRAM_MAX];
	uint8_t cid[DS_CID_MAX], hash[32], expected_hash[32];
	struct ds_seal what = {
		.number = v->number,
		.cid = cid,
		.cid_len = test_hex(cid, sizeof(cid), v->cid),
		.type = v->type,
		.data = data,
		.len = vector_data(v, data),
	};

	assert_int_equal(seal(w, &what, wire, v->wire_len), v->wire_len);
	if (v->wire != NULL) {
		assert_int_equal(test_hex(expected, sizeof(expected), v->wire), v->wire_len);
		assert_memory_equal(wire, expected, v->wire_len);
	}
	if (v->sha256 != NULL) {
		test_hex(expected_hash, sizeof(expected_hash), v->sha256);
		assert_int_equal(mbedtls_sha256(wire, v->wire_len, hash, 0), 0);
		assert_memory_equal(hash, expected_hash, sizeof(hash));
	}
}

static void check_vectors(bool portable)
{
	static uint8_t wire[DS_DATAGRAM_MAX], data[DS_PAYLOAD_MAX], plain[DS_DATAGRAM_MAX];
	struct world w;
	size_t sealed = 0, opened = 0;

	world_init(&w, portable);
	for (size_t i = 0; i < TEST_COUNT(record_vectors); i++) {
		const struct record_vector *v = &record_vectors[i];
		size_t cid_len = strlen(v->cid) / 2;
		struct ds_opened o;

		load_vector(&w, v);
		if (v->padding == 0 && !v->open_only) {
			check_sealed(&w, v, wire);
			sealed++;
		} else if (v->wire != NULL) {
			test_hex(wire, sizeof(wire), v->wire);
		} else {
			continue;
		}
		if (open_copy(&w, wire, v->wire_len, cid_len, &o, plain) != 0)
			fail_msg("does not open: %s", v->name);
		assert_int_equal(o.type, v->type);
		assert_int_equal(o.len, vector_data(v, data));
		assert_memory_equal(plain, data, o.len);
		opened++;
	}
	assert_true(sealed > 50 && opened > sealed);
	world_fini(&w);
}

static void test_vectors_match_mbedtls(void **state)
{
	(void)state;
	check_vectors(true);
}

static void test_vectors_match_best_ciphers(void **state)
{
	(void)state;
	check_vectors(false);
}

/* Round trips */

static void round_trip(struct world *w, struct ds_seal *what, uint8_t *wire, uint8_t *plain)
{
	size_t size = ds_record_size(w->k.suite, what->len, what->cid_len);
	struct ds_opened o;

	assert_int_equal(seal(w, what, wire, size - 1), DS_E_SPACE);
	assert_int_equal(seal(w, what, wire, size), size);
	assert_int_equal(open_copy(w, wire, size, what->cid_len, &o, plain), 0);
	assert_int_equal(o.type, what->type);
	assert_int_equal(o.len, what->len);
	assert_memory_equal(plain, what->data, what->len);
}

static void check_round_trips(bool portable)
{
	static uint8_t data[DS_PAYLOAD_MAX], wire[DS_DATAGRAM_MAX], plain[DS_DATAGRAM_MAX];
	uint8_t cid[DS_CID_MAX];
	struct world w;
	struct ds_seal what = {.cid = cid, .type = DS_APPDATA, .data = data, .number = 1ULL << 48};

	world_init(&w, portable);
	test_pattern(data, sizeof(data));
	test_random_bytes(&w.env.seed, cid, sizeof(cid));
	for (size_t s = 0; ds_suite_at(s) != 0; s++) {
		world_random_key(&w, ds_suite_find(ds_suite_at(s)));
		for (size_t i = 0; i < TEST_COUNT(cid_lens) * TEST_COUNT(sizes); i++) {
			what.cid_len = cid_lens[i % TEST_COUNT(cid_lens)];
			what.len = sizes[i / TEST_COUNT(cid_lens)];
			what.number++;
			round_trip(&w, &what, wire, plain);
		}
	}
	world_fini(&w);
}

static void test_round_trip_mbedtls(void **state)
{
	(void)state;
	check_round_trips(true);
}

static void test_round_trip_best_ciphers(void **state)
{
	(void)state;
	check_round_trips(false);
}

static void test_overhead_is_what_users_pay(void **state)
{
	const struct ds_suite *ccm_8 = ds_suite_find(0xC0A8), *gcm = ds_suite_find(0x00A8),
			      *chacha = ds_suite_find(0xCCAB);

	(void)state;
	assert_int_equal(ds_record_size(ccm_8, 100, 8), 138);
	assert_int_equal(ds_record_size(ccm_8, 100, 0), 129);
	assert_int_equal(ds_record_size(gcm, 100, 8), 146);
	assert_int_equal(ds_record_size(chacha, 100, 8), 138);
	assert_int_equal(ds_record_size(gcm, DS_PAYLOAD_MAX, DS_CID_MAX), DS_DATAGRAM_MAX);
}

static void test_too_long_is_refused(void **state)
{
	static uint8_t data[DS_PAYLOAD_MAX + 1], wire[DS_DATAGRAM_MAX + 1];
	struct ds_seal what = {.number = 1ULL << 48, .type = DS_APPDATA, .data = data};
	uint8_t cid[DS_CID_MAX + 1] = {0};
	struct world w;

	(void)state;
	world_init(&w, false);
	world_random_key(&w, ds_suite_find(0x00A8));
	what.len = DS_PAYLOAD_MAX + 1;
	assert_int_equal(seal(&w, &what, wire, sizeof(wire)), DS_E_TOOBIG);
	what.len = 1;
	what.cid = cid;
	what.cid_len = sizeof(cid);
	assert_int_equal(seal(&w, &what, wire, sizeof(wire)), DS_E_SPACE);
	assert_int_equal(test_oracle_seals(), 0);
	world_fini(&w);
}

/* Records whose inside we write ourselves: what a peer with keys may send */

static size_t seal_raw(struct world *w, uint8_t *wire, size_t cid_len, const uint8_t *inner,
		       size_t len, uint8_t type)
{
	struct ds_seal what = {.number = 1ULL << 48 | 5, .cid_len = 0, .type = type};
	size_t header = DS_RECORD_HEADER + cid_len, n;
	uint8_t nonce[12], aad[64] = {0};

	/* A CID of zeros; the number is also the explicit nonce */
	memset(wire, 0, header);
	wire[0] = cid_len > 0 ? DS_TLS12_CID : what.type;
	wire[1] = 0xFE;
	wire[2] = 0xFD;
	wire[4] = 1;
	wire[10] = 5;
	n = 8 + len + 16;
	wire[header - 2] = (uint8_t)(n >> 8);
	wire[header - 1] = (uint8_t)n;
	memcpy(wire + header, wire + 3, 8);
	memcpy(nonce, w->iv, 4);
	memcpy(nonce + 4, wire + 3, 8);
	if (cid_len > 0) {
		memset(aad, 0xFF, 8);
		aad[8] = DS_TLS12_CID;
		aad[9] = (uint8_t)cid_len;
		memcpy(aad + 10, wire, 11 + cid_len);
		n = 21 + cid_len;
	} else {
		memcpy(aad, wire + 3, 8);
		memcpy(aad + 8, wire, 3);
		n = 11;
	}
	aad[n] = (uint8_t)(len >> 8);
	aad[n + 1] = (uint8_t)len;
	test_oracle_reset();
	assert_int_equal(w->aead.ops->seal(&w->aead, w->k.suite, w->k.expanded,
					   &(struct ds_aead_op){nonce, aad, n + 2, inner, len,
								wire + header + 8},
					   wire + header + 8 + len),
			 0);
	return header + 8 + len + 16;
}

static void gcm_world(struct world *w)
{
	world_init(w, false);
	world_random_key(w, ds_suite_find(0x00A8));
}

static void test_padding_is_stripped(void **state)
{
	static uint8_t inner[DS_PAYLOAD_MAX + 1900], wire[DS_DATAGRAM_MAX + 2048],
		plain[DS_DATAGRAM_MAX + 2048];
	static const size_t paddings[] = {0, 1, 15, 255, DS_PAYLOAD_MAX};
	struct ds_opened o;
	struct world w;

	(void)state;
	gcm_world(&w);
	for (size_t i = 0; i < TEST_COUNT(paddings); i++) {
		memset(inner, 0, sizeof(inner));
		memcpy(inner, "ab\0", 3); /* content may end in zeros */
		inner[3] = DS_APPDATA;
		assert_int_equal(open_copy(&w, wire,
					   seal_raw(&w, wire, 8, inner, 4 + paddings[i], 0), 8, &o,
					   plain),
				 0);
		assert_int_equal(o.type, DS_APPDATA);
		assert_int_equal(o.len, 3);
		assert_memory_equal(plain, "ab\0", 3);
	}
	world_fini(&w);
}

static void test_only_zeros_have_no_type(void **state)
{
	static uint8_t wire[DS_DATAGRAM_MAX], plain[DS_DATAGRAM_MAX];
	static const uint8_t zeros[300];
	static const size_t lens[] = {0, 1, 2, 300};
	struct ds_opened o;
	struct world w;

	(void)state;
	gcm_world(&w);
	for (size_t i = 0; i < TEST_COUNT(lens); i++) {
		assert_int_equal(open_copy(&w, wire, seal_raw(&w, wire, 8, zeros, lens[i], 0), 8,
					   &o, plain),
				 0);
		assert_int_equal(o.type, 0);
		assert_int_equal(o.len, 0);
	}
	world_fini(&w);
}

static void test_every_inner_type_is_reported(void **state)
{
	static uint8_t wire[DS_DATAGRAM_MAX], plain[DS_DATAGRAM_MAX];
	struct ds_opened o;
	struct world w;

	(void)state;
	gcm_world(&w);
	for (unsigned int type = 1; type < 256; type++) {
		uint8_t inner[] = {'x', (uint8_t)type};

		assert_int_equal(
			open_copy(&w, wire, seal_raw(&w, wire, 1, inner, 2, 0), 1, &o, plain), 0);
		assert_int_equal(o.type, type);
		assert_int_equal(o.len, 1);
	}
	world_fini(&w);
}

static void test_content_above_2_14_is_too_big(void **state)
{
	static uint8_t inner[DS_PAYLOAD_MAX + 2], wire[DS_DATAGRAM_MAX + 64],
		plain[DS_DATAGRAM_MAX + 64];
	struct ds_opened o;
	struct world w;

	(void)state;
	gcm_world(&w);
	memset(inner, 'x', sizeof(inner));
	assert_int_equal(open_copy(&w, wire,
				   seal_raw(&w, wire, 0, inner, DS_PAYLOAD_MAX, DS_APPDATA), 0, &o,
				   plain),
			 0);
	assert_int_equal(open_copy(&w, wire,
				   seal_raw(&w, wire, 0, inner, DS_PAYLOAD_MAX + 1, DS_APPDATA), 0,
				   &o, plain),
			 DS_E_TOOBIG);
	inner[DS_PAYLOAD_MAX] = DS_APPDATA;
	assert_int_equal(open_copy(&w, wire, seal_raw(&w, wire, 8, inner, DS_PAYLOAD_MAX + 1, 0), 8,
				   &o, plain),
			 0);
	inner[DS_PAYLOAD_MAX + 1] = DS_APPDATA;
	assert_int_equal(open_copy(&w, wire, seal_raw(&w, wire, 8, inner, DS_PAYLOAD_MAX + 2, 0), 8,
				   &o, plain),
			 DS_E_TOOBIG);
	world_fini(&w);
}

/* Corruption: nothing that differs in a single bit, or was cut or moved, opens */

static void check_every_bit(struct world *w, const uint8_t *wire, size_t len, size_t cid_len)
{
	uint8_t bad[256], plain[256];
	struct ds_opened o;

	for (size_t bit = 0; bit < 8 * len; bit++) {
		memcpy(bad, wire, len);
		bad[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (open_copy(w, bad, len, cid_len, &o, plain) == 0)
			fail_msg("%s opens with bit %zu of %zu changed", w->k.suite->name, bit,
				 8 * len);
	}
	assert_int_equal(open_copy(w, wire, len, cid_len, &o, plain), 0);
}

static void test_one_changed_bit_is_refused(void **state)
{
	uint8_t cid[DS_CID_MAX], data[17], wire[256];
	struct ds_seal what = {.cid = cid, .type = DS_APPDATA, .data = data, .len = sizeof(data)};
	struct world w;

	(void)state;
	for (int portable = 0; portable < 2; portable++) {
		world_init(&w, portable);
		test_random_bytes(&w.env.seed, cid, sizeof(cid));
		test_pattern(data, sizeof(data));
		for (size_t i = 0; ds_suite_at(i) != 0; i++) {
			world_random_key(&w, ds_suite_find(ds_suite_at(i)));
			for (size_t c = 0; c < TEST_COUNT(cid_lens); c++) {
				int len;

				what.number = 1ULL << 48 | (0x0123456789AB + c);
				what.cid_len = cid_lens[c];
				len = seal(&w, &what, wire, sizeof(wire));
				assert_true(len > 0);
				check_every_bit(&w, wire, (size_t)len, what.cid_len);
			}
		}
		world_fini(&w);
	}
}

static void test_cut_or_longer_ciphertext_is_refused(void **state)
{
	uint8_t data[20] = {1}, wire[256], bad[256], plain[256];
	struct ds_seal what = {
		.number = 1ULL << 48, .type = DS_APPDATA, .data = data, .len = sizeof(data)};
	struct ds_opened o;
	struct world w;

	(void)state;
	world_init(&w, false);
	for (size_t i = 0; ds_suite_at(i) != 0; i++) {
		size_t len;

		world_random_key(&w, ds_suite_find(ds_suite_at(i)));
		what.number++;
		len = (size_t)seal(&w, &what, wire, sizeof(wire)) - DS_RECORD_HEADER;
		for (size_t n = 0; n < len + 20; n++) {
			memset(bad, 0, sizeof(bad));
			memcpy(bad, wire, DS_RECORD_HEADER + len);
			bad[12] = (uint8_t)n;
			if (n != len)
				assert_int_equal(open_copy(&w, bad, DS_RECORD_HEADER + n, 0, &o,
							   plain),
						 DS_E_CRYPTO);
		}
	}
	world_fini(&w);
}

static void test_cid_cut_out_is_refused(void **state)
{
	uint8_t cid[8] = "abcdefg", data[20] = {1}, wire[256], bad[256], plain[256];
	struct ds_seal what = {.number = 1ULL << 48,
			       .cid = cid,
			       .cid_len = sizeof(cid),
			       .type = DS_APPDATA,
			       .data = data,
			       .len = sizeof(data)};
	struct ds_opened o;
	struct world w;
	size_t len;

	(void)state;
	gcm_world(&w);
	len = (size_t)seal(&w, &what, wire, sizeof(wire));
	memcpy(bad, wire, 11);
	memcpy(bad + 11, wire + 19, len - 19);
	bad[0] = DS_APPDATA;
	assert_int_equal(open_copy(&w, bad, len - 8, 0, &o, plain), DS_E_CRYPTO);
	/* The same bytes with another division into CID and length */
	assert_int_not_equal(open_copy(&w, wire, len, 7, &o, plain), 0);
	assert_int_not_equal(open_copy(&w, wire, len, 9, &o, plain), 0);
	world_fini(&w);
}

static void test_forged_record_leaves_no_plaintext(void **state)
{
	uint8_t data[64], wire[256];
	struct ds_seal what = {
		.number = 1ULL << 48, .type = DS_APPDATA, .data = data, .len = sizeof(data)};
	struct ds_record r;
	struct ds_opened o;
	struct world w;

	(void)state;
	memset(data, 'P', sizeof(data));
	for (int portable = 0; portable < 2; portable++) {
		world_init(&w, portable);
		for (size_t i = 0; ds_suite_at(i) != 0; i++) {
			int len;

			world_random_key(&w, ds_suite_find(ds_suite_at(i)));
			len = seal(&w, &what, wire, sizeof(wire));
			wire[len - 1] ^= 1;
			assert_int_equal(ds_record_parse(&r, wire, (size_t)len, 0), DS_PARSE_OK);
			assert_int_equal(ds_record_open(&w.k, &r, &o), DS_E_CRYPTO);
			assert_null(memmem(wire, sizeof(wire), "PPP", 3));
		}
		world_fini(&w);
	}
}

static int fail_to_seal(struct ds_aead *a, const struct ds_suite *suite, void *key,
			const struct ds_aead_op *op, uint8_t *tag)
{
	(void)a, (void)suite, (void)key, (void)tag;
	memmove(op->out, op->in, op->len);
	return -1;
}

static void test_failure_to_seal_leaves_no_plaintext(void **state)
{
	uint8_t wire[256];
	struct ds_seal what = {.number = 1ULL << 48,
			       .type = DS_APPDATA,
			       .cid = (const uint8_t *)"a CID",
			       .data = (const uint8_t *)"PPPPPPPP",
			       .len = 8};
	struct ds_aead_ops ops;
	struct world w;

	(void)state;
	for (uint8_t cid_len = 0; cid_len <= 5; cid_len += 5) {
		world_init(&w, true);
		world_random_key(&w, ds_suite_find(ds_suite_at(0)));
		ops = *w.aead.ops;
		ops.seal = fail_to_seal;
		w.aead.ops = &ops;
		what.cid_len = cid_len;
		assert_int_equal(seal(&w, &what, wire, sizeof(wire)), DS_E_CRYPTO);
		assert_null(memmem(wire, sizeof(wire), "PPP", 3));
		world_fini(&w);
	}
}

static void test_explicit_nonce_is_the_senders(void **state)
{
	uint8_t wire[256], plain[256], nonce[12], aad[13], *body = wire + 21;
	struct ds_opened o;
	struct world w;

	(void)state;
	gcm_world(&w);
	/* RFC 5288, 3: any value that does not repeat */
	memcpy(wire, "\x17\xfe\xfd\0\1\0\0\0\0\0\7\0\x1a", 13);
	memcpy(wire + 13, "whatever", 8);
	memcpy(nonce, w.iv, 4);
	memcpy(nonce + 4, "whatever", 8);
	memcpy(aad, wire + 3, 8);
	memcpy(aad + 8, "\x17\xfe\xfd\0\2", 5);
	assert_int_equal(w.aead.ops->seal(&w.aead, w.k.suite, w.k.expanded,
					  &(struct ds_aead_op){nonce, aad, 13,
							       (const uint8_t *)"hi", 2, body},
					  body + 2),
			 0);
	assert_int_equal(open_copy(&w, wire, 13 + 26, 0, &o, plain), 0);
	assert_int_equal(o.len, 2);
	assert_memory_equal(plain, "hi", 2);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_match_mbedtls),
		cmocka_unit_test(test_vectors_match_best_ciphers),
		cmocka_unit_test(test_round_trip_mbedtls),
		cmocka_unit_test(test_round_trip_best_ciphers),
		cmocka_unit_test(test_overhead_is_what_users_pay),
		cmocka_unit_test(test_too_long_is_refused),
		cmocka_unit_test(test_padding_is_stripped),
		cmocka_unit_test(test_only_zeros_have_no_type),
		cmocka_unit_test(test_every_inner_type_is_reported),
		cmocka_unit_test(test_content_above_2_14_is_too_big),
		cmocka_unit_test(test_one_changed_bit_is_refused),
		cmocka_unit_test(test_cut_or_longer_ciphertext_is_refused),
		cmocka_unit_test(test_cid_cut_out_is_refused),
		cmocka_unit_test(test_forged_record_leaves_no_plaintext),
		cmocka_unit_test(test_failure_to_seal_leaves_no_plaintext),
		cmocka_unit_test(test_explicit_nonce_is_the_senders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
