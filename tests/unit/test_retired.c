/* SPDX-License-Identifier: Apache-2.0 */
/* test_retired.c - whoever has a copy of a socket that was retired can see that, and change nothing */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/socket/retired.h"
#include "tests/unit/support.h"

static void test_the_mark_stays(void **state)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), copy = dup(fd), none = 0;
	uint64_t name = 0;

	(void)state;
	assert_true(copy >= 0);
	assert_false(shim_is_retired(copy, &name));
	assert_true(shim_retire(fd));
	assert_true(shim_is_retired(copy, &name));
	assert_int_equal(name, shim_meeting_name());
	assert_int_equal(setsockopt(copy, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)), -1);
	assert_int_equal(errno, EPERM);
	assert_true(shim_is_retired(copy, &name));
	close(copy);
}

static void test_the_last_copy_is_known(void **state)
{
	(void)state;
	assert_false(shim_retire(socket(AF_INET, SOCK_DGRAM, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_mark_stays),
		cmocka_unit_test(test_the_last_copy_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
