/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_deny.c - the list of peers that get no session
 */
#include <stdio.h>
#include <string.h>

#include "core/deny.h"
#include "tests/unit/support.h"

static struct ds_deny *list(struct test_env *env, const char *text)
{
	struct ds_deny *d;
	char why[DS_WHY_MAX] = "";

	test_env_init(env);
	env->cfg.deny = (const uint8_t *)text;
	env->cfg.deny_len = strlen(text);
	if (ds_deny_new(&d, &env->cfg, why))
		fail_msg("%s", why);
	return d;
}

static void end(struct ds_deny *d, struct test_env *env)
{
	ds_deny_free(d, &env->cfg);
	test_env_fini(env);
}

static bool has(const struct ds_deny *d, bool by_cert, const char *identity)
{
	static const uint8_t none[DS_SERIAL_TAG];

	return ds_deny_has(d, &(struct ds_deny_peer){(const uint8_t *)identity, strlen(identity),
						     by_cert, none});
}

static bool has_serial(const struct ds_deny *d, const void *serial, size_t len)
{
	uint8_t tag[DS_SERIAL_TAG];

	ds_serial_tag(serial, len, tag);
	return ds_deny_has(d, &(struct ds_deny_peer){(const uint8_t *)"x", 1, true, tag});
}

static void test_no_list_denies_nobody(void **state)
{
	(void)state;
	assert_false(has(NULL, false, "dev1"));
}

static void test_an_identity_and_a_subject_are_two(void **state)
{
	struct test_env env;
	struct ds_deny *d = list(&env, "id:dev1\nsubject:C=SE, CN=dev2\n");

	(void)state;
	assert_true(has(d, false, "dev1"));
	assert_false(has(d, true, "dev1"));
	assert_true(has(d, true, "C=SE, CN=dev2"));
	assert_false(has(d, false, "C=SE, CN=dev2"));
	assert_false(has(d, false, "dev"));
	assert_false(has(d, false, "dev11"));
	end(d, &env);
}

static void test_blanks_comments_and_a_line_without_end(void **state)
{
	struct test_env env;
	struct ds_deny *d = list(&env, "# id:dev0\n\n \t\r\n  id: dev 1 \r\nid:#2\nid:dev3");

	(void)state;
	assert_false(has(d, false, "dev0"));
	assert_true(has(d, false, "dev 1"));
	assert_true(has(d, false, "#2"));
	assert_true(has(d, false, "dev3"));
	end(d, &env);
}

static void test_names_in_quotes_are_those_of_the_log(void **state)
{
	struct test_env env;
	struct ds_deny *d = list(&env, "id:\"dev1\"\n"
				       "id: \"a\\x01\\xfF\\\\\\\"b\" \n"
				       "subject:\"CN=a\\\\, b\"\n");

	(void)state;
	assert_true(has(d, false, "dev1"));
	assert_false(has(d, false, "\"dev1\""));
	assert_true(has(d, false, "a\x01\xff\\\"b"));
	assert_true(has(d, true, "CN=a\\, b"));
	end(d, &env);
}

static void test_a_serial_number_however_it_is_written(void **state)
{
	static const char *const texts[] = {"serial:0A:b1:02", "serial:ab102", "serial: 000AB102",
					    "serial:0:00:aB1:02"};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(texts); i++) {
		struct test_env env;
		struct ds_deny *d = list(&env, texts[i]);

		assert_true(has_serial(d, "\x0a\xb1\x02", 3));
		assert_true(has_serial(d, "\0\x0a\xb1\x02", 4));
		assert_false(has_serial(d, "\x0a\xb1\x03", 3));
		assert_false(has_serial(d, "\x0a\xb1\x02\0", 4));
		end(d, &env);
	}
}

static void test_a_line_that_is_no_entry_is_refused_with_its_number(void **state)
{
	static const char *const lines[] = {
		"dev1",	       "id:",	      "id: ",	      "serial:",    "serial::", "serial:x",
		"serial:1 2",  "ID:dev1",     "subject:",     "id:\"",	    "id:\"\"",	"id:\"a",
		"id:\"a\"b\"", "id:\"\\x1\"", "id:\"\\xg0\"", "id:\"a\\\"", "i"};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(lines); i++) {
		struct test_env env;
		struct ds_deny *d;
		char text[64], why[DS_WHY_MAX] = "";

		(void)snprintf(text, sizeof(text), "id:dev0\n# no\n%s\nid:dev2\n", lines[i]);
		test_env_init(&env);
		env.cfg.deny = (const uint8_t *)text;
		env.cfg.deny_len = strlen(text);
		env.cfg.deny_name = "/etc/denied";
		assert_int_equal(ds_deny_new(&d, &env.cfg, why), DS_E_CONFIG);
		assert_non_null(strstr(why, "/etc/denied:3: id:IDENTITY"));
		test_env_fini(&env);
	}
}

static void test_a_serial_number_that_is_too_long_is_refused(void **state)
{
	char text[256] = "serial:", why[DS_WHY_MAX] = "";
	struct test_env env;
	struct ds_deny *d;

	(void)state;
	memset(text + 7, '1', 129);
	test_env_init(&env);
	env.cfg.deny = (const uint8_t *)text;
	env.cfg.deny_len = strlen(text);
	assert_int_equal(ds_deny_new(&d, &env.cfg, why), DS_E_CONFIG);
	env.cfg.deny_len--;
	assert_int_equal(ds_deny_new(&d, &env.cfg, why), 0);
	end(d, &env);
}

static void test_many_entries_are_all_found_and_no_others(void **state)
{
	static char text[200000];
	struct test_env env;
	struct ds_deny *d;
	char name[32];
	size_t at = 0;

	(void)state;
	for (int i = 0; i < 10000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "id:dev%d\n", i);
	d = list(&env, text);
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof(name), "dev%d", i);
		assert_int_equal(has(d, false, name), i < 10000);
	}
	end(d, &env);
}

static void test_an_empty_list_and_no_memory(void **state)
{
	struct test_env env;
	struct ds_deny *d = list(&env, "");
	char why[DS_WHY_MAX];

	(void)state;
	assert_false(has(d, false, "dev1"));
	end(d, &env);
	test_env_init(&env);
	env.fail_alloc = 0;
	env.cfg.deny = (const uint8_t *)"";
	assert_int_equal(ds_deny_new(&d, &env.cfg, why), DS_E_NOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_list_denies_nobody),
		cmocka_unit_test(test_an_identity_and_a_subject_are_two),
		cmocka_unit_test(test_blanks_comments_and_a_line_without_end),
		cmocka_unit_test(test_names_in_quotes_are_those_of_the_log),
		cmocka_unit_test(test_a_serial_number_however_it_is_written),
		cmocka_unit_test(test_a_line_that_is_no_entry_is_refused_with_its_number),
		cmocka_unit_test(test_a_serial_number_that_is_too_long_is_refused),
		cmocka_unit_test(test_many_entries_are_all_found_and_no_others),
		cmocka_unit_test(test_an_empty_list_and_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
