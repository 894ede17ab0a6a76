/* SPDX-License-Identifier: Apache-2.0 */
/* test_suite.c - the suite table: numbers, names, order, limits */
#include <string.h>

#include "core/suite.h"
#include "tests/unit/support.h"

/* What the RFCs say, written down a second time. */
static const struct {
	uint16_t id;
	const char *name;
	unsigned int key, tag;
} facts[] = {
	{0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 16, 16},	   /* RFC 5289, 3.2 */
	{0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 16, 16},	   /* RFC 5289, 3.2 */
	{0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 32, 16},	   /* RFC 5289, 3.2 */
	{0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 32, 16},	   /* RFC 5289, 3.2 */
	{0xC0AD, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", 32, 16},		   /* RFC 7251, 2 */
	{0xC0AF, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", 32, 8},		   /* RFC 7251, 2 */
	{0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384", 32, 16},		   /* RFC 5487, 2 */
	{0xC0A5, "TLS_PSK_WITH_AES_256_CCM", 32, 16},			   /* RFC 6655, 4 */
	{0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 32, 16}, /* RFC 7905, 2 */
	{0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 32, 16},   /* RFC 7905, 2 */
	{0xCCAC, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", 32, 16},   /* RFC 7905, 2 */
	{0xCCAB, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", 32, 16},	   /* RFC 7905, 2 */
	{0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", 16, 16},		   /* RFC 7251, 2 */
	{0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", 16, 8},		   /* RFC 7251, 2 */
	{0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", 16, 16},		   /* RFC 5487, 2 */
	{0xC0A4, "TLS_PSK_WITH_AES_128_CCM", 16, 16},			   /* RFC 6655, 4 */
	{0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", 16, 8},			   /* RFC 6655, 4 */
	{0xC0A9, "TLS_PSK_WITH_AES_256_CCM_8", 32, 8},			   /* RFC 6655, 4 */
};

static void test_every_suite_is_what_its_rfc_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(facts); i++) {
		const struct ds_suite *s = ds_suite_find(facts[i].id);

		assert_non_null(s);
		assert_int_equal(s->id, facts[i].id);
		assert_string_equal(s->name, facts[i].name);
		assert_int_equal(s->key_len, facts[i].key);
		assert_int_equal(s->tag_len, facts[i].tag);
		assert_int_equal(s->iv_len + s->explicit_len, 12);
		assert_int_equal(s->iv_len, s->alg == DS_CHACHA20_POLY1305 ? 12 : 4);
		assert_int_equal(s->psk, strstr(s->name, "_PSK_") != NULL);
		assert_int_equal(s->cert, !s->psk);
		assert_true(s->key_len <= DS_KEY_MAX && s->iv_len <= DS_IV_MAX);
	}
}

static void test_walk_has_every_suite_once(void **state)
{
	size_t n = 0;

	(void)state;
	for (; ds_suite_at(n) != 0; n++) {
		assert_non_null(ds_suite_find(ds_suite_at(n)));
		for (size_t i = 0; i < n; i++)
			assert_int_not_equal(ds_suite_at(i), ds_suite_at(n));
	}
	assert_int_equal(n, TEST_COUNT(facts));
	assert_int_equal(ds_suite_at(n + 1), 0);
	assert_int_equal(ds_suite_at(SIZE_MAX), 0);
}

static void test_forward_secrecy_comes_first(void **state)
{
	bool plain_seen = false;

	(void)state;
	for (size_t i = 0; ds_suite_at(i) != 0; i++) {
		bool ecdhe = strncmp(ds_suite_name(ds_suite_at(i)), "TLS_ECDHE", 9) == 0;

		assert_false(ecdhe && plain_seen);
		plain_seen |= !ecdhe;
	}
	assert_int_equal(ds_suite_at(0), 0xC02B);
}

static void test_names_are_found_in_any_case(void **state)
{
	(void)state;
	assert_int_equal(ds_suite_by_name("TLS_PSK_WITH_AES_128_CCM_8"), 0xC0A8);
	assert_int_equal(ds_suite_by_name("tls_psk_with_aes_128_ccm_8"), 0xC0A8);
	assert_int_equal(ds_suite_by_name("TLS_PSK_WITH_AES_128_CCM"), 0xC0A4);
	assert_int_equal(ds_suite_by_name("TLS_PSK_WITH_AES_128_CCM_"), 0);
	assert_int_equal(ds_suite_by_name("TLS_RSA_WITH_AES_128_CBC_SHA"), 0);
	assert_int_equal(ds_suite_by_name(""), 0);
	assert_string_equal(ds_suite_name(0xC0A8), "TLS_PSK_WITH_AES_128_CCM_8");
	assert_string_equal(ds_suite_name(0), "?");
	assert_null(ds_suite_find(0));
}

static void test_limits_of_a_key(void **state)
{
	(void)state;
	/* RFC 9147, 4.5.3 */
	assert_true(ds_suite_find(0x00A8)->records == 23726566);
	assert_true(ds_suite_find(0x00A8)->failures == 68719476736);
	assert_true(ds_suite_find(0xC0A8)->records == 8388608);
	assert_true(ds_suite_find(0xC0A8)->failures == 11863283);
	assert_true(ds_suite_find(0xCCAB)->records == 1ULL << 24);
	assert_true(ds_suite_find(0xCCAB)->failures == 68719476736);
	for (size_t i = 0; ds_suite_at(i) != 0; i++) {
		/* The sequence may leap; it must not reach its end first */
		assert_true(ds_suite_find(ds_suite_at(i))->records < (1ULL << 48) - (1ULL << 17));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_suite_is_what_its_rfc_says),
		cmocka_unit_test(test_walk_has_every_suite_once),
		cmocka_unit_test(test_forward_secrecy_comes_first),
		cmocka_unit_test(test_names_are_found_in_any_case),
		cmocka_unit_test(test_limits_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
