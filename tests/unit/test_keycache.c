/* SPDX-License-Identifier: Apache-2.0 */
/* test_keycache.c - expanded keys come, go, and leave nothing behind */
#include <stdlib.h>
#include <string.h>

#include "core/keycache.h"
#include "tests/unit/support.h"

#define ENTRIES 8 /* two sets of four */

struct world {
	struct test_env env;
	struct ds_aead aead;
	struct ds_keycache *cache;
	uint8_t raw[2][DS_KEY_MAX];
};

/* Ciphers that count, and whose expanded keys are the raw ones. */
static int expansions, wipes, fail_expand;

static size_t fake_size(const struct ds_suite *suite)
{
	return suite->alg == DS_AES_GCM ? 1000 : 100;
}

static int fake_expand(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key,
		       void *expanded)
{
	(void)a;
	assert_int_equal((uintptr_t)expanded % 64, 0);
	if (fail_expand)
		return DS_E_CRYPTO;
	memset(expanded, 0xEE, fake_size(suite)); /* all of it is ours */
	memcpy(expanded, key, suite->key_len);
	expansions++;
	return 0;
}

static void fake_wipe(const struct ds_suite *suite, void *expanded)
{
	memset(expanded, 0, fake_size(suite));
	wipes++;
}

static const struct ds_aead_ops fake = {.name = "fake",
					.key_size = fake_size,
					.expand = fake_expand,
					.wipe = fake_wipe};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	expansions = wipes = fail_expand = 0;
	test_env_init(&w->env);
	w->aead = (struct ds_aead){.ops = &fake, .cfg = &w->env.cfg};
	assert_int_equal(ds_keycache_new(&w->cache, &w->aead, ENTRIES, &w->env.cfg), 0);
	memset(w->raw[DS_RX], 'r', DS_KEY_MAX);
	memset(w->raw[DS_TX], 't', DS_KEY_MAX);
	w->env.secret = (const uint8_t *)"rrrrrrrr";
	w->env.secret_len = 8;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	ds_keycache_free(w->cache);
	assert_int_equal(wipes, expansions);
	test_env_fini(&w->env);
	free(w);
	return 0;
}

static void *get(struct world *w, uint64_t owner, enum ds_direction dir, uint16_t suite)
{
	return ds_keycache_get(w->cache, owner, dir, ds_suite_find(suite), w->raw[dir]);
}

static void test_a_key_is_expanded_once(void **state)
{
	struct world *w = *state;
	void *rx = get(w, 5, DS_RX, 0x00A8), *tx;

	assert_non_null(rx);
	assert_memory_equal(rx, "rrrrrrrrrrrrrrrr", 16);
	tx = get(w, 5, DS_TX, 0x00A8);
	assert_memory_equal(tx, "tttttttttttttttt", 16);
	assert_memory_equal(rx, "rrrrrrrrrrrrrrrr", 16);
	assert_ptr_equal(get(w, 5, DS_RX, 0x00A8), rx);
	assert_ptr_equal(get(w, 5, DS_TX, 0x00A8), tx);
	assert_int_equal(expansions, 2);
}

static void test_oldest_of_a_set_gives_way(void **state)
{
	struct world *w = *state;

	/* Owners of one set: equal modulo the number of sets */
	for (uint64_t owner = 2; owner <= 8; owner += 2)
		get(w, owner, DS_RX, 0x00A8);
	get(w, 2, DS_RX, 0x00A8);
	assert_int_equal(expansions, 4);
	get(w, 10, DS_RX, 0x00A8); /* takes the place of 4 */
	assert_int_equal(wipes, 1);
	get(w, 2, DS_RX, 0x00A8);
	get(w, 6, DS_RX, 0x00A8);
	get(w, 8, DS_RX, 0x00A8);
	get(w, 10, DS_RX, 0x00A8);
	assert_int_equal(expansions, 5);
	get(w, 4, DS_RX, 0x00A8);
	assert_int_equal(expansions, 6);
	/* The other set was never touched */
	get(w, 1, DS_RX, 0x00A8);
	assert_int_equal(wipes, 2);
}

static void test_guests_push_nobody_out(void **state)
{
	struct world *w = *state;
	const struct ds_suite *suite = ds_suite_find(0x00A8);
	void *rx;

	for (uint64_t owner = 1; owner <= ENTRIES; owner++)
		get(w, owner, DS_RX, 0x00A8);
	for (uint64_t owner = 101; owner <= 110; owner++) {
		ds_keycache_guest(w->cache, owner, suite);
		rx = get(w, owner, DS_RX, 0x00A8);
		get(w, owner, DS_TX, 0x00A8);
		assert_ptr_equal(get(w, owner, DS_RX, 0x00A8), rx); /* a message and its answer */
	}
	assert_int_equal(expansions, ENTRIES + 20);
	for (uint64_t owner = 1; owner <= ENTRIES; owner++) {
		ds_keycache_guest(w->cache, owner, suite); /* at home already */
		get(w, owner, DS_RX, 0x00A8);
	}
	assert_int_equal(expansions, ENTRIES + 20);
	/* The last one is no guest any more when another comes. */
	ds_keycache_guest(w->cache, 111, suite);
	get(w, 111, DS_RX, 0x00A8);
	get(w, 110, DS_RX, 0x00A8);
	assert_int_equal(expansions, ENTRIES + 22);
	ds_keycache_drop(w->cache, 111);
	assert_int_equal(wipes, 20 + 1 + 1);
}

static void test_dense_owners_fill_every_entry(void **state)
{
	struct world *w = *state;

	for (uint64_t owner = 1; owner <= ENTRIES; owner++)
		get(w, owner, DS_TX, 0xC0A8);
	for (uint64_t owner = 1; owner <= ENTRIES; owner++)
		get(w, owner, DS_TX, 0xC0A8);
	assert_int_equal(expansions, ENTRIES);
	assert_int_equal(wipes, 0);
}

static void test_a_reused_slot_is_another_owner(void **state)
{
	struct world *w = *state;

	get(w, 1ULL << 32 | 3, DS_RX, 0x00A8);
	get(w, 2ULL << 32 | 3, DS_RX, 0x00A8);
	assert_int_equal(expansions, 2);
}

static void test_drop_wipes_both_directions(void **state)
{
	struct world *w = *state;
	uint8_t *rx = get(w, 5, DS_RX, 0x00A8), *tx = get(w, 5, DS_TX, 0x00A8);

	get(w, 6, DS_RX, 0x00A8);
	ds_keycache_drop(w->cache, 5);
	assert_int_equal(wipes, 2);
	assert_int_equal(rx[0] | rx[15] | tx[0] | tx[15], 0);
	ds_keycache_drop(w->cache, 5);
	ds_keycache_drop(w->cache, 77);
	ds_keycache_drop(w->cache, 0);
	assert_int_equal(wipes, 2);
	assert_null(get(w, 0, DS_RX, 0x00A8));
	get(w, 5, DS_RX, 0x00A8);
	assert_int_equal(expansions, 4);
}

static void test_larger_keys_get_larger_memory(void **state)
{
	struct world *w = *state;
	size_t allocs = w->env.allocs;

	get(w, 2, DS_RX, 0xC0A8);
	ds_keycache_drop(w->cache, 2);
	get(w, 2, DS_TX, 0xC0A8); /* the place keeps its memory */
	assert_int_equal(w->env.allocs, allocs + 1);
	ds_keycache_drop(w->cache, 2);
	get(w, 2, DS_TX, 0x00A8);
	assert_int_equal(w->env.allocs, allocs + 2);
	ds_keycache_drop(w->cache, 2);
	get(w, 2, DS_RX, 0xC0A8);
	get(w, 2, DS_TX, 0xC0A8);
	assert_int_equal(w->env.allocs, allocs + 2);
}

static void test_failures_are_told_and_pass(void **state)
{
	struct world *w = *state;

	w->env.fail_alloc = w->env.allocs;
	assert_null(get(w, 2, DS_RX, 0x00A8));
	w->env.fail_alloc = TEST_NEVER;
	fail_expand = 1;
	assert_null(get(w, 2, DS_RX, 0x00A8));
	fail_expand = 0;
	assert_non_null(get(w, 2, DS_RX, 0x00A8));
	/* Memory that cannot be made larger leaves the cache usable */
	get(w, 1, DS_RX, 0xC0A8);
	get(w, 3, DS_RX, 0xC0A8);
	get(w, 5, DS_RX, 0xC0A8);
	get(w, 7, DS_RX, 0xC0A8);
	w->env.fail_alloc = w->env.allocs;
	assert_null(get(w, 9, DS_RX, 0x00A8));
	w->env.fail_alloc = TEST_NEVER;
	assert_non_null(get(w, 9, DS_RX, 0x00A8));
}

static void test_setup_without_memory(void **state)
{
	struct test_env env;
	struct ds_keycache *c;
	struct ds_aead a = {.ops = &fake};

	(void)state;
	test_env_init(&env);
	env.fail_alloc = 0;
	assert_int_equal(ds_keycache_new(&c, &a, 0, &env.cfg), DS_E_NOMEM);
	ds_keycache_free(c);
	ds_keycache_free(NULL);
	test_env_fini(&env);
}

static void test_true_ciphers_and_many_sessions(void **state)
{
	struct test_env env;
	struct ds_keycache *c;
	struct ds_aead a;
	uint8_t raw[DS_KEY_MAX], data[5] = "data", wire[128];

	(void)state;
	test_env_init(&env);
	assert_int_equal(ds_aead_setup(&a, &env.cfg), 0);
	test_oracle_attach(&a);
	assert_int_equal(ds_keycache_new(&c, &a, 61, &env.cfg), 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t owner = 1 + test_random(&env.seed) % 200;
		const struct ds_suite *suite = ds_suite_find(ds_suite_at(owner % 12));
		struct ds_record_key k = {.aead = &a, .suite = suite, .iv = raw};
		struct ds_seal what = {.number = 1ULL << 48 | (unsigned int)i,
				       .data = data,
				       .len = sizeof(data),
				       .type = DS_APPDATA};
		struct ds_opened o;
		struct ds_record r;
		int len;

		memset(raw, (int)owner, sizeof(raw));
		k.expanded = ds_keycache_get(c, owner, i % 2, suite, raw);
		assert_non_null(k.expanded);
		len = ds_record_seal(&k, &what, wire, sizeof(wire));
		assert_true(len > 0);
		/* The key is the one of this owner: a key of our own opens it */
		k.expanded = ds_keycache_get(c, owner, (i + 1) % 2, suite, raw);
		assert_int_equal(ds_record_parse(&r, wire, (size_t)len, 0), DS_PARSE_OK);
		assert_int_equal(ds_record_open(&k, &r, &o), 0);
		if (i % 100 == 0)
			ds_keycache_drop(c, owner);
	}
	ds_keycache_free(c);
	ds_aead_fini(&a);
	test_oracle_reset();
	test_env_fini(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_key_is_expanded_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_oldest_of_a_set_gives_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_guests_push_nobody_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dense_owners_fill_every_entry, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_reused_slot_is_another_owner, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_drop_wipes_both_directions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_larger_keys_get_larger_memory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_failures_are_told_and_pass, setup, teardown),
		cmocka_unit_test(test_setup_without_memory),
		cmocka_unit_test(test_true_ciphers_and_many_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
