/* SPDX-License-Identifier: Apache-2.0 */
/* test_addr.c - addresses compared and printed */
#include <string.h>

#include "dtlsshim/addr.h"
#include "tests/unit/support.h"

static void test_every_byte_makes_a_difference(void **state)
{
	struct ds_addr a = {.ip = {192, 0, 2, 1}, .port = 5684, .family = 4}, b;

	(void)state;
	b = a;
	assert_true(ds_addr_equal(&a, &b));
	for (size_t i = 0; i < sizeof(a); i++) {
		((uint8_t *)&b)[i] ^= 1;
		assert_false(ds_addr_equal(&a, &b));
		((uint8_t *)&b)[i] ^= 1;
	}
}

static void check(const struct ds_addr *a, const char *expected)
{
	char text[DS_ADDR_TEXT];

	assert_string_equal(ds_addr_format(a, text), expected);
	assert_ptr_equal(ds_addr_format(a, text), text);
}

static void test_text(void **state)
{
	struct ds_addr v4 = {.ip = {192, 0, 2, 255}, .port = 65535, .family = 4},
		       v6 = {.ip = {0x20, 1, 0x0d, 0xb8, [15] = 1}, .port = 5684, .family = 6},
		       any = {.family = 6}, none = {.family = 0};

	(void)state;
	check(&v4, "192.0.2.255:65535");
	v4.scope = 3; /* an interface, not part of an IPv4 address */
	check(&v4, "192.0.2.255:65535");
	check(&v6, "[2001:db8::1]:5684");
	v6.scope = 7;
	check(&v6, "[2001:db8::1%7]:5684");
	check(&any, "[::]:0");
	check(&none, "-");
}

static void test_longest_text_fits(void **state)
{
	struct ds_addr a = {.port = 65535, .family = 6, .scope = UINT32_MAX};
	char text[DS_ADDR_TEXT];

	(void)state;
	memset(a.ip, 0xFF, sizeof(a.ip));
	ds_addr_format(&a, text);
	assert_string_equal(text, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte_makes_a_difference),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_longest_text_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
