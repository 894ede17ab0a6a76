/* SPDX-License-Identifier: Apache-2.0 */
/* test_store.c - the sealed pieces of a state file: header and parked lines; keys; version 1 */
#include <stdlib.h>
#include <string.h>

#include "core/store.h"
#include "core/store_key.h"
#include "tests/unit/state_v1.h"
#include "tests/unit/support.h"

#define LINES (DS_STORE_PARKED * DS_STORE_LINE)

struct world {
	struct test_env env;
	struct ds_store *store;
	struct ds_store_header header;
	uint8_t sealed[DS_STORE_HEADER], lines[LINES], block[DS_STORE_BLOCK], out[LINES];
};

static const uint8_t key[DS_STORE_KEY] = "a key of thirty-two bytes.......";

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct ds_store_header *h = &w->header;

	*state = w;
	test_env_init(&w->env);
	assert_int_equal(ds_store_new(&w->store, &w->env.cfg, key), 0);
	test_random_bytes(&w->env.seed, (uint8_t *)h, sizeof(*h));
	h->endpoint = (struct ds_addr){.ip = {192, 0, 2, 1}, .scope = 3, .port = 5684, .family = 4};
	assert_int_equal(ds_store_header_seal(w->store, h, w->sealed), 0);
	test_random_bytes(&w->env.seed, w->lines, LINES);
	assert_int_equal(ds_store_park(w->store, h, 5, w->lines, w->block), 0);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	ds_store_free(w->store);
	test_env_fini(&w->env);
	free(w);
	return 0;
}

static enum ds_store_verdict verdict(struct world *w)
{
	struct ds_store_header h;

	return ds_store_header_open(w->store, w->sealed, &h);
}

static bool unpark(struct world *w, uint32_t block)
{
	return ds_store_unpark(w->store, &w->header, block, w->block, w->out);
}

static void test_a_header_says_what_was_put_in(void **state)
{
	struct world *w = *state;
	struct ds_store_header h;

	assert_int_equal(ds_store_header_open(w->store, w->sealed, &h), DS_STORE_OK);
	assert_memory_equal(&h, &w->header, sizeof(h));
	assert_null(memmem(w->sealed, DS_STORE_HEADER, w->header.machine, 16));
}

static void test_any_flipped_bit_of_a_header_is_noticed(void **state)
{
	struct world *w = *state;

	for (size_t bit = 0; bit < 8 * DS_STORE_HEADER; bit++) {
		w->sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_not_equal(verdict(w), DS_STORE_OK);
		w->sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_int_equal(verdict(w), DS_STORE_OK);
}

static void test_a_cut_header_is_noticed(void **state)
{
	struct world *w = *state;

	for (size_t len = DS_STORE_HEADER - 1; len < DS_STORE_HEADER; len--) {
		memset(w->sealed + len, 0, DS_STORE_HEADER - len);
		assert_int_not_equal(verdict(w), len ? DS_STORE_OK : DS_STORE_UNREADABLE);
	}
	assert_int_equal(verdict(w), DS_STORE_FOREIGN);
}

static void test_other_versions_are_told_from_damage(void **state)
{
	struct world *w = *state;

	w->sealed[16]++;
	assert_int_equal(verdict(w), DS_STORE_VERSION_UNKNOWN);
	w->sealed[16]--;
	w->sealed[20]++; /* other images */
	assert_int_equal(verdict(w), DS_STORE_VERSION_UNKNOWN);
	w->sealed[20]--;
	w->sealed[0]++;
	assert_int_equal(verdict(w), DS_STORE_FOREIGN);
}

static void test_another_key_opens_nothing(void **state)
{
	struct world *w = *state;
	struct ds_store *mine = w->store;
	uint8_t other[DS_STORE_KEY] = "another key";

	assert_int_equal(ds_store_new(&w->store, &w->env.cfg, other), 0);
	assert_int_equal(verdict(w), DS_STORE_UNREADABLE);
	assert_false(unpark(w, 5));
	ds_store_free(w->store);
	w->store = mine;
}

static void test_parked_lines_come_back(void **state)
{
	struct world *w = *state;

	assert_true(unpark(w, 5));
	assert_memory_equal(w->out, w->lines, LINES);
}

static void test_parked_lines_have_one_place_and_one_parking(void **state)
{
	struct world *w = *state;

	assert_false(unpark(w, 4));
	w->header.parked_id[7]++;
	assert_false(unpark(w, 5));
	w->header.parked_id[7]--;
	assert_true(unpark(w, 5));
}

static void test_any_flipped_byte_of_parked_lines_is_noticed(void **state)
{
	static const uint8_t zeros[LINES];
	struct world *w = *state;

	/* Every byte of nonce and tag; behind the zeros some of 64 kB */
	for (size_t at = 0; at < DS_STORE_BLOCK; at += at < 64 ? 1 : 97) {
		if (at >= 28 && at < 64)
			continue; /* says nothing and means nothing */
		memset(w->out, 0xAA, LINES);
		w->block[at] ^= 0x10;
		assert_false(unpark(w, 5));
		assert_memory_equal(w->out, zeros, LINES);
		w->block[at] ^= 0x10;
	}
	assert_true(unpark(w, 5));
}

static void test_without_randomness_nothing_is_sealed(void **state)
{
	static const uint8_t zeros[DS_STORE_HEADER];
	struct world *w = *state;

	w->env.fail_random = w->env.randoms;
	assert_int_equal(ds_store_header_seal(w->store, &w->header, w->sealed), DS_E_RANDOM);
	assert_memory_equal(w->sealed, zeros, DS_STORE_HEADER);
	assert_int_equal(ds_store_park(w->store, &w->header, 0, w->lines, w->block), DS_E_RANDOM);
	assert_null(memmem(w->block, DS_STORE_BLOCK, w->lines, 16));
}

static void test_short_memory_is_told(void **state)
{
	struct world *w = *state;
	struct ds_store *st = NULL;

	for (size_t at = 0; at < 2; at++) {
		w->env.fail_alloc = w->env.allocs + at;
		assert_int_equal(ds_store_new(&st, &w->env.cfg, key), DS_E_NOMEM);
		assert_null(st);
	}
	ds_store_free(NULL);
}

/* Computed by another program from the two standards that store_key.c names. */
static void test_the_key_of_a_session_is_the_one_of_the_standards(void **state)
{
	static const uint8_t file_id[16] = "a file of thine";
	static const uint8_t want[DS_STORE_KEY] = {0x08, 0x13, 0xb8, 0xf6, 0x97, 0xf1, 0xbf, 0x1a,
						   0x03, 0x13, 0xc1, 0x48, 0x60, 0x93, 0x2e, 0xdf,
						   0xb5, 0x31, 0x9c, 0x3f, 0xba, 0x31, 0xe7, 0xc1,
						   0x1b, 0x6f, 0xd5, 0xed, 0x50, 0xf3, 0x41, 0xe9};
	uint8_t out[DS_STORE_KEY];
	struct ds_store_keys k;

	(void)state;
	ds_store_keys_init(&k, key);
	assert_int_equal(ds_store_keys_make(&k, DS_STORE_VERSION, file_id, 0x0123456789abcdef, out),
			 0);
	assert_memory_equal(out, want, sizeof(want));
	ds_store_keys_fini(&k);
}

static void test_each_file_and_each_session_has_a_key(void **state)
{
	static const uint8_t file_a[16] = "a", file_b[16] = "b";
	uint8_t out[4][DS_STORE_KEY];
	struct ds_store_keys k;

	(void)state;
	ds_store_keys_init(&k, key);
	assert_int_equal(ds_store_keys_make(&k, DS_STORE_VERSION, file_a, 1, out[0]), 0);
	assert_int_equal(ds_store_keys_make(&k, DS_STORE_VERSION, file_a, 1ULL << 63, out[1]), 0);
	assert_int_equal(ds_store_keys_make(&k, DS_STORE_VERSION, file_b, 1, out[2]), 0);
	assert_int_equal(ds_store_keys_make(&k, DS_STORE_VERSION, file_a, 1, out[3]), 0);
	assert_memory_not_equal(out[0], out[1], DS_STORE_KEY);
	assert_memory_not_equal(out[0], out[2], DS_STORE_KEY);
	assert_memory_equal(out[0], out[3], DS_STORE_KEY);
	ds_store_keys_fini(&k);
}

static void test_a_file_of_version_1_is_read(void **state)
{
	struct world *w = *state;
	struct ds_store_header h;
	struct ds_image image;
	uint8_t changed[DS_STORE_IMAGE];

	assert_int_equal(ds_store_header_open(w->store, v1_header, &h), DS_STORE_OK);
	assert_memory_equal(h.file_id, "a file of old", 14);
	assert_int_equal(h.slots, 3);
	assert_int_equal(h.wall, 1700000000);
	assert_true(ds_image_open(w->store, v1_image, 3, &image));
	assert_true(image.old);
	assert_int_equal(image.ns.identity_len, 8);
	assert_memory_equal(image.ns.identity, "meter-17", 8);
	assert_memory_equal(image.ns.cid, "CIDofold", 8);
	assert_int_equal(image.ns.block[39], 39);
	assert_false(ds_image_open(w->store, v1_image, 2, &image));
	memcpy(changed, v1_image, sizeof(changed));
	changed[100] ^= 1;
	assert_false(ds_image_open(w->store, changed, 3, &image));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_header_says_what_was_put_in),
		TEST(any_flipped_bit_of_a_header_is_noticed),
		TEST(a_cut_header_is_noticed),
		TEST(other_versions_are_told_from_damage),
		TEST(another_key_opens_nothing),
		TEST(parked_lines_come_back),
		TEST(parked_lines_have_one_place_and_one_parking),
		TEST(any_flipped_byte_of_parked_lines_is_noticed),
		TEST(without_randomness_nothing_is_sealed),
		TEST(short_memory_is_told),
		TEST(the_key_of_a_session_is_the_one_of_the_standards),
		TEST(each_file_and_each_session_has_a_key),
		TEST(a_file_of_version_1_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
