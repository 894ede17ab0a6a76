/* SPDX-License-Identifier: Apache-2.0 */
/* test_replay.c - the replay window against a list of everything that was accepted */
#include <string.h>

#include "core/replay.h"
#include "tests/unit/support.h"

#define NUMBERS 400

/* The model: what was accepted, all of it. */
struct model {
	bool accepted[NUMBERS];
	int newest;
};

static bool model_check(const struct model *m, int seq)
{
	return !m->accepted[seq] && seq > m->newest - DS_REPLAY_WINDOW;
}

/* Offers @seq to both; they must agree. */
static void offer(struct ds_replay *w, struct model *m, int seq)
{
	bool fresh = model_check(m, seq);

	assert_int_equal(ds_replay_check(w, (uint64_t)seq), fresh);
	if (!fresh)
		return;
	assert_int_equal(ds_replay_accept(w, (uint64_t)seq), seq > m->newest);
	m->accepted[seq] = true;
	if (seq > m->newest)
		m->newest = seq;
}

static void test_every_order_of_few_numbers(void **state)
{
	/* Distances that matter: next, same, window - 1, window, window + 1, far */
	static const int numbers[] = {0, 1, 62, 63, 64, 65, 128, 200};
	enum { N = TEST_COUNT(numbers), LENGTH = 5 };
	size_t sequences = 1;

	(void)state;
	for (int i = 0; i < LENGTH; i++)
		sequences *= N;
	for (size_t s = 0; s < sequences; s++) {
		struct ds_replay w = {0, 0};
		struct model m = {.newest = -1};
		size_t rest = s;

		for (int i = 0; i < LENGTH; i++, rest /= N)
			offer(&w, &m, numbers[rest % N]);
	}
}

static void test_random_orders(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct ds_replay w = {0, 0};
		struct model m = {.newest = -1};

		for (int i = 0; i < 300; i++) {
			int spread = (int)(test_random(&seed) % 80);
			int seq = (m.newest < 0 ? 0 : m.newest) + 8 - spread;

			if (seq >= 0 && seq < NUMBERS)
				offer(&w, &m, seq);
		}
	}
}

static void test_check_changes_nothing(void **state)
{
	struct ds_replay w = {100, 5}, before = w;

	(void)state;
	for (uint64_t seq = 0; seq < 300; seq++)
		(void)ds_replay_check(&w, seq);
	assert_memory_equal(&w, &before, sizeof(w));
}

static void test_jump_to_the_end(void **state)
{
	const uint64_t end = (1ULL << 48) - 1;
	struct ds_replay w = {0, 0};

	(void)state;
	assert_true(ds_replay_accept(&w, 1ULL << 16));
	assert_true(ds_replay_check(&w, end));
	assert_true(ds_replay_accept(&w, end));
	assert_false(ds_replay_check(&w, end));
	assert_false(ds_replay_check(&w, 1ULL << 16));
	assert_false(ds_replay_check(&w, end - DS_REPLAY_WINDOW));
	assert_true(ds_replay_check(&w, end - DS_REPLAY_WINDOW + 1));
	assert_false(ds_replay_accept(&w, end - DS_REPLAY_WINDOW + 1));
	assert_false(ds_replay_check(&w, end - DS_REPLAY_WINDOW + 1));
}

static void test_numbers_below_first_are_still_good(void **state)
{
	struct ds_replay w = {0, 0};

	(void)state;
	assert_true(ds_replay_accept(&w, 10));
	for (uint64_t seq = 0; seq < 10; seq++) {
		assert_true(ds_replay_check(&w, seq));
		assert_false(ds_replay_accept(&w, seq));
		assert_false(ds_replay_check(&w, seq));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_order_of_few_numbers),
		cmocka_unit_test(test_random_orders),
		cmocka_unit_test(test_check_changes_nothing),
		cmocka_unit_test(test_jump_to_the_end),
		cmocka_unit_test(test_numbers_below_first_are_still_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
