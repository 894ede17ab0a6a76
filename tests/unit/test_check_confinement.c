/* SPDX-License-Identifier: Apache-2.0 */
/* Ensures that `dtlsshim check` finds in a unit file what would keep the shim from working. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tools/check_confinement.c"

static char said[1024];

void check_say(struct check *c, enum grade g, const char *fmt, ...)
{
	(void)c, (void)g;
	strncat(said, fmt, sizeof(said) - strlen(said) - 1);
}

/* What is said of a unit that starts /usr/sbin/server with @lines. */
static const char *verdict(const char *start, const char *lines)
{
	char name[] = "/tmp/unitXXXXXX";
	int fd = mkstemp(name);
	FILE *f = fdopen(fd, "w");
	struct check c = {.out = stderr};

	assert_non_null(f);
	fprintf(f, "[Service]\n%s\n%s\n", start, lines);
	fclose(f);
	said[0] = '\0';
	read_unit(&c, name, "/usr/sbin/server");
	remove(name);
	return said;
}

static void test_address_families(void **state)
{
	static const char start[] = "ExecStart=-/usr/sbin/server --x";

	(void)state;
	assert_string_equal(verdict(start, ""), "");
	assert_non_null(
		strstr(verdict(start, "RestrictAddressFamilies=AF_INET AF_INET6"), "AF_UNIX"));
	assert_string_equal(verdict(start, "RestrictAddressFamilies=AF_INET AF_UNIX"), "");
	assert_string_equal(verdict(start, "RestrictAddressFamilies=~AF_NETLINK"), "");
	assert_non_null(strstr(verdict(start, "RestrictAddressFamilies=~AF_UNIX"), "AF_UNIX"));
}

static void test_system_calls(void **state)
{
	static const char start[] = "ExecStart=/usr/sbin/server";

	(void)state;
	assert_string_equal(verdict(start, "SystemCallFilter=@system-service"), "");
	assert_string_equal(verdict(start, "SystemCallFilter=~@mount"), "");
	assert_non_null(strstr(verdict(start, "SystemCallFilter=read write"), "SystemCallFilter"));
}

static void test_units_of_others(void **state)
{
	static const char lines[] = "RestrictAddressFamilies=AF_INET";

	(void)state;
	assert_string_equal(verdict("ExecStart=/usr/sbin/server2", lines), "");
	assert_string_equal(verdict("ExecStart=/bin/sh /usr/sbin/server", lines), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_families),
		cmocka_unit_test(test_system_calls),
		cmocka_unit_test(test_units_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
