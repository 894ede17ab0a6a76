/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c - every error and reason has words; defaults are sane */
#include <ctype.h>
#include <string.h>

#include "dtlsshim/engine.h"
#include "tests/unit/support.h"

static void test_every_error_has_its_text(void **state)
{
	(void)state;
#define CHECK(name, text)                                                                          \
	assert_true(name < 0);                                                                     \
	assert_string_equal(ds_strerror(name), text);
	DS_ERR_MAP(CHECK)
#undef CHECK
	assert_string_equal(ds_strerror(0), "no error");
	assert_string_equal(ds_strerror(-1000), "unknown error");
	assert_string_equal(ds_strerror(1), "unknown error");
}

static void check_reason(enum ds_reason r, const char *name, const char *text)
{
	const char *lower = ds_reason_name(r);

	assert_int_equal(strlen(lower), strlen(name));
	for (size_t i = 0; name[i] != 0; i++)
		assert_int_equal(lower[i], tolower((unsigned char)name[i]));
	assert_string_equal(ds_reason_text(r), text);
}

static void test_every_reason_has_name_and_text(void **state)
{
	(void)state;
#define CHECK(name, text) check_reason(DS_REASON_##name, #name, text);
	DS_REASON_MAP(CHECK)
#undef CHECK
	assert_string_equal(ds_reason_name((enum ds_reason)1000), "unknown");
	assert_string_equal(ds_reason_text((enum ds_reason)1000), "unknown reason");
}

static void test_defaults(void **state)
{
	struct ds_config cfg;

	(void)state;
	memset(&cfg, 0xA5, sizeof(cfg));
	ds_config_init(&cfg);
	assert_int_equal(cfg.role, DS_SERVER);
	assert_int_equal(cfg.cid_length, 8);
	assert_int_equal(cfg.suites[0], 0);
	assert_int_equal(cfg.rebind, DS_REBIND_LIMIT);
	assert_int_equal(cfg.rrc, DS_RRC_BASIC);
	assert_int_equal(cfg.peer_address, DS_PEER_CURRENT);
	assert_int_equal(cfg.require_ems, DS_EMS_CERTIFICATES);
	assert_true(cfg.one_per_identity);
	assert_false(cfg.psk);
	assert_null(cfg.cert);
	assert_null(cfg.alloc);
	assert_null(cfg.random);
	assert_null(cfg.keylog);
	assert_true(cfg.handshake_min >= DS_SECOND && cfg.handshake_min <= cfg.handshake_max);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error_has_its_text),
		cmocka_unit_test(test_every_reason_has_name_and_text),
		cmocka_unit_test(test_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
