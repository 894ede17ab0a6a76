/* SPDX-License-Identifier: Apache-2.0 */
/* test_rebind.c - when an address may move, and what proves a new one (RFC 9146, 6) */
#include "core/rebind.h"
#include "tests/unit/support.h"

static void test_only_newer_data_of_a_session_with_cid_moves(void **state)
{
	struct ds_config cfg = {.rebind = DS_REBIND_LIMIT};
	struct ds_slot s = {.flags = DS_SLOT_LIVE | DS_SLOT_RX_CID};

	(void)state;
	assert_true(ds_rebind_moves(&cfg, &s, true));
	assert_false(ds_rebind_moves(&cfg, &s, false));
	s.flags = DS_SLOT_LIVE | DS_SLOT_RX_CID | DS_SLOT_QUIET;
	assert_false(ds_rebind_moves(&cfg, &s, true));
	s.flags = DS_SLOT_LIVE; /* only its address finds it */
	assert_false(ds_rebind_moves(&cfg, &s, true));
	s.flags = DS_SLOT_LIVE | DS_SLOT_RX_CID;
	cfg.rebind = DS_REBIND_NEVER;
	assert_false(ds_rebind_moves(&cfg, &s, true));
}

static void hear(struct ds_slot *s, bool newer, uint32_t second)
{
	for (int i = 0; i < DS_REBIND_PROOF; i++)
		ds_rebind_heard(s, newer, 1, second);
}

/* Late records can be recorded ones, sent by somebody else. */
static void test_newer_records_over_some_time_are_the_proof(void **state)
{
	const uint32_t moved = DS_SECOND_ZERO, later = moved + DS_REBIND_SECONDS;
	struct ds_config cfg = {.rebind = DS_REBIND_LIMIT};
	struct ds_slot s = {.flags = DS_SLOT_LIVE | DS_SLOT_RX_CID};

	(void)state;
	ds_rebind_begin(&cfg, &s, 1, moved);
	hear(&s, false, later);
	assert_true(s.flags & DS_SLOT_UNPROVEN);
	hear(&s, true, moved);
	assert_true(s.flags & DS_SLOT_UNPROVEN); /* too early */
	ds_rebind_heard(&s, false, 1, later);
	assert_false(s.flags & DS_SLOT_UNPROVEN);
}

static void test_three_times_what_came_may_be_sent(void **state)
{
	struct ds_config cfg = {.rebind = DS_REBIND_LIMIT};
	struct ds_slot s = {.flags = DS_SLOT_LIVE | DS_SLOT_RX_CID};

	(void)state;
	assert_true(ds_rebind_spend(&s, 1000));
	ds_rebind_begin(&cfg, &s, 100, DS_SECOND_ZERO);
	assert_true(ds_rebind_spend(&s, 300));
	assert_false(ds_rebind_spend(&s, 1));
	ds_rebind_heard(&s, false, 1, DS_SECOND_ZERO);
	assert_true(ds_rebind_spend(&s, 3));
	assert_false(ds_rebind_spend(&s, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_newer_data_of_a_session_with_cid_moves),
		cmocka_unit_test(test_newer_records_over_some_time_are_the_proof),
		cmocka_unit_test(test_three_times_what_came_may_be_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
