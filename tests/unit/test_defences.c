/* SPDX-License-Identifier: Apache-2.0 */
/* test_defences.c - the table of sessions forgets: keys do not outlive their session in its slot */
#include <stdlib.h>
#include <string.h>

#include "core/session.h"
#include "core/suite.h"
#include "tests/unit/support.h"

#define SUITE 0xC0A8 /* TLS_PSK_WITH_AES_128_CCM_8 */

/* A slot is used again, not released: no allocator wipes it. */
static void test_a_slot_keeps_no_keys(void **state)
{
	static const uint8_t cid[DS_CID_MAX] = "a CID";
	uint8_t block[DS_KEY_BLOCK_MAX];
	struct ds_new_session ns = {.suite = ds_suite_find(SUITE),
				    .tx_seq = DS_LINGER_SEQS + 1,
				    .cid = cid,
				    .rx_cid = true};
	struct ds_table table;
	struct test_env env;
	struct ds_slot *s;
	size_t len;

	(void)state;
	test_env_init(&env);
	assert_non_null(ns.suite);
	len = ds_key_block_len(ns.suite);
	test_random_bytes(&env.seed, block, sizeof(block));
	ns.block = block;
	ns.path.remote = (struct ds_addr){.ip = {192, 0, 2, 1}, .port = 40000, .family = 4};
	assert_int_equal(ds_table_setup(&table, &env.cfg), 0);
	s = ds_table_insert(&table, &ns, env.now);
	assert_non_null(s);
	assert_non_null(memmem(s, table.stride, block, len));
	ds_table_remove(&table, s);
	for (size_t at = 0; at + 4 <= len; at++)
		assert_null(memmem(s, table.stride, block + at, 4));
	ds_table_fini(&table);
	test_env_fini(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_slot_keeps_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
