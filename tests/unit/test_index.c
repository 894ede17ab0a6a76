/* SPDX-License-Identifier: Apache-2.0 */
/* test_index.c - the index against a plain array */
#include <stdlib.h>
#include <string.h>

#include "core/index.h"
#include "dtlsshim/err.h"
#include "tests/unit/support.h"

#define SLOTS 40000

/* What an engine's slots are to its index. */
struct slot {
	uint64_t hash;
	uint32_t next;
	bool in;
};

struct world {
	struct test_env env;
	struct ds_index ix;
	struct slot slots[SLOTS + 1];
	uint32_t in;
};

static uint32_t *next(void *owner, uint32_t id)
{
	return &((struct world *)owner)->slots[id].next;
}

static uint64_t hash(void *owner, uint32_t id)
{
	return ((struct world *)owner)->slots[id].hash;
}

static const struct ds_index_ops ops = {next, hash};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	test_env_init(&w->env);
	assert_int_equal(ds_index_setup(&w->ix, &ops, w, &w->env.cfg), 0);
	for (uint32_t id = 1; id <= SLOTS; id++)
		w->slots[id].hash = test_random(&w->env.seed);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	ds_index_fini(&w->ix);
	test_env_fini(&w->env);
	free(w);
	return 0;
}

/* Length of the chain @id should be in; @found: it is there, once. */
static unsigned int chain(struct world *w, uint32_t id, bool *found)
{
	unsigned int len = 0, times = 0;

	for (uint32_t at = ds_index_first(&w->ix, w->slots[id].hash); at != 0;
	     at = w->slots[at].next) {
		times += at == id;
		assert_true(++len <= w->in);
	}
	assert_true(times <= 1);
	*found = times == 1;
	return len;
}

static void flip(struct world *w, uint32_t id)
{
	struct slot *s = &w->slots[id];

	if (s->in) {
		ds_index_remove(&w->ix, id);
		w->in--;
	} else {
		ds_index_insert(&w->ix, id);
		w->in++;
	}
	s->in = !s->in;
	assert_int_equal(w->ix.count, w->in);
}

static void check_all(struct world *w)
{
	bool found;

	for (uint32_t id = 1; id <= SLOTS; id++) {
		chain(w, id, &found);
		assert_int_equal(found, w->slots[id].in);
	}
}

static void test_random_inserts_and_removes(void **state)
{
	struct world *w = *state;
	bool found;

	for (int i = 0; i < 100000; i++) {
		uint32_t id = 1 + (uint32_t)(test_random(&w->env.seed) % SLOTS);

		flip(w, id);
		chain(w, id, &found);
		assert_int_equal(found, w->slots[id].in);
		if (i % 20000 == 0)
			check_all(w);
	}
	check_all(w);
	for (uint32_t id = 1; id <= SLOTS; id++) {
		if (w->slots[id].in)
			flip(w, id);
	}
	check_all(w);
	assert_int_equal(w->ix.count, 0);
}

static void test_chains_stay_short(void **state)
{
	struct world *w = *state;
	unsigned int longest = 0;
	uint64_t sum = 0;
	bool found;

	for (uint32_t id = 1; id <= SLOTS; id++)
		flip(w, id);
	assert_int_equal(w->ix.buckets, SLOTS);
	for (uint32_t id = 1; id <= SLOTS; id++) {
		unsigned int len = chain(w, id, &found);

		assert_true(found);
		sum += len;
		if (len > longest)
			longest = len;
	}
	/* Linear hashing at load 1: a chain seen from an entry is a bit above 2 */
	assert_true(sum < 3ULL * SLOTS);
	assert_true(longest < 16);
}

static void test_insertion_work_is_bounded(void **state)
{
	struct world *w = *state;

	/* At most one segment is allocated at a time */
	for (uint32_t id = 1; id <= SLOTS; id++) {
		size_t before = w->env.live_bytes;

		flip(w, id);
		assert_true(w->env.live_bytes - before <= DS_INDEX_SEGMENT * sizeof(uint32_t));
	}
	/* About four bytes an entry, and a small directory */
	assert_true(w->env.live_bytes < SLOTS * 4 + 3 * 4096 + 8192 * sizeof(void *));
}

static void test_short_of_memory_everything_is_found(void **state)
{
	struct world *w = *state;

	w->env.fail_alloc = w->env.allocs + 1;
	for (uint32_t id = 1; id <= SLOTS / 4; id++)
		flip(w, id);
	assert_int_equal(w->ix.buckets, 2 * DS_INDEX_SEGMENT);
	check_all(w);
	/* and it recovers */
	w->env.fail_alloc = TEST_NEVER;
	for (uint32_t id = SLOTS / 4 + 1; id <= SLOTS; id++)
		flip(w, id);
	assert_int_equal(w->ix.buckets, SLOTS);
	check_all(w);
}

static void test_equal_hashes_share_a_chain(void **state)
{
	struct world *w = *state;
	bool found;

	for (uint32_t id = 1; id <= 100; id++)
		w->slots[id].hash = 42;
	for (uint32_t id = 1; id <= 5000; id++)
		flip(w, id);
	assert_true(chain(w, 1, &found) >= 100);
	for (uint32_t id = 1; id <= 100; id += 2)
		flip(w, id);
	check_all(w);
}

static void test_more_entries_than_configured(void **state)
{
	struct world *w = *state;
	struct ds_index small;
	struct ds_config cfg = w->env.cfg;

	cfg.max_sessions = 10;
	assert_int_equal(ds_index_setup(&small, &ops, w, &cfg), 0);
	for (uint32_t id = 1; id <= 5000; id++)
		ds_index_insert(&small, id);
	assert_int_equal(small.buckets, DS_INDEX_SEGMENT);
	assert_int_equal(small.count, 5000);
	for (uint32_t id = 1; id <= 5000; id++)
		ds_index_remove(&small, id);
	assert_int_equal(small.count, 0);
	ds_index_fini(&small);
}

static void test_setup_without_memory(void **state)
{
	struct test_env env;
	struct ds_index ix;

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		test_env_init(&env);
		env.fail_alloc = n;
		assert_int_equal(ds_index_setup(&ix, &ops, NULL, &env.cfg), DS_E_NOMEM);
		ds_index_fini(&ix);
		test_env_fini(&env);
	}
}

static void test_room_made_ahead_changes_nothing_but_the_growing(void **state)
{
	struct world *w = *state;
	uint32_t buckets;

	ds_index_reserve(&w->ix, 20000);
	buckets = w->ix.buckets;
	assert_in_range(buckets, 20000, 20000 + DS_INDEX_SEGMENT);
	for (uint32_t id = 1; id <= 30000; id++) {
		ds_index_insert(&w->ix, id);
		if (id == 20000)
			assert_int_equal(w->ix.buckets, buckets);
	}
	for (uint32_t id = 1; id <= 30000; id++) {
		uint32_t at = ds_index_first(&w->ix, w->slots[id].hash);

		while (at && at != id)
			at = w->slots[at].next;
		assert_int_equal(at, id);
	}
	ds_index_reserve(&w->ix, 40000); /* not any more */
	assert_in_range(w->ix.buckets, 20000, 30001 + DS_INDEX_SEGMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_inserts_and_removes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_chains_stay_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_insertion_work_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_short_of_memory_everything_is_found, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			test_room_made_ahead_changes_nothing_but_the_growing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_hashes_share_a_chain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more_entries_than_configured, setup, teardown),
		cmocka_unit_test(test_setup_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
