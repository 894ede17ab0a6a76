/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arena: aligned, zeroed, wiped, gone in a forked child and in core dumps, small per object.
 */
#include "tests/unit/support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/arena.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MALLOC_INSTEAD
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MALLOC_INSTEAD
#endif

static bool is_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

static const size_t sizes[] = {0,    1,	    8,	   15,	   16,	   17,	   24,	    200,
			       208,  511,   512,   513,	   1023,   1024,   1025,    4096,
			       4097, 65536, 65537, 262143, 262144, 262145, 1 << 20, 5 << 20};

static void test_every_size(void **state)
{
	uint8_t *p[TEST_COUNT(sizes)];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < TEST_COUNT(sizes); i++) {
			p[i] = host_arena_alloc(sizes[i]);
			assert_non_null(p[i]);
			assert_int_equal((uintptr_t)p[i] % 8, 0);
			if (sizes[i] % 16 == 0)
				assert_int_equal((uintptr_t)p[i] % (sizes[i] < 1024 ? 16 : 64), 0);
			assert_true(is_zero(p[i], sizes[i]));
			memset(p[i], 0xa0 + (int)i, sizes[i]);
		}
		for (size_t i = 0; i < TEST_COUNT(sizes); i++) { /* nobody wrote into another */
			if (sizes[i]) {
				assert_int_equal(p[i][0], 0xa0 + i);
				assert_int_equal(p[i][sizes[i] - 1], 0xa0 + i);
			}
			host_arena_free(p[i], sizes[i]);
		}
	}
	host_arena_free(NULL, 100);
}

static void test_impossible_sizes(void **state)
{
	/* Through a variable: the compiler knows what no allocator can give */
	volatile size_t huge = SIZE_MAX;

	(void)state;
#ifndef MALLOC_INSTEAD
	assert_null(host_arena_alloc(huge));
	assert_null(host_arena_alloc(huge - 4096));
	assert_null(host_arena_alloc(huge / 2));
#endif
	assert_null(host_arena_calloc(huge, 2));
	assert_null(host_arena_calloc(huge / 4, 8));
	assert_null(host_arena_calloc(1, huge));
	assert_null(host_arena_calloc(1, huge - 8));
}

static void test_calloc_form(void **state)
{
	uint8_t *p[8];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(p); i++) {
		size_t n = 1 + i * i * i * 1000;

		p[i] = host_arena_calloc(n, 3);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		assert_true(is_zero(p[i], 3 * n));
		memset(p[i], 0xff, 3 * n);
	}
	for (size_t i = 0; i < TEST_COUNT(p); i++)
		host_arena_cfree(p[i]);
	host_arena_cfree(NULL);
}

#ifndef MALLOC_INSTEAD

static void test_freed_memory_is_wiped(void **state)
{
	uint8_t *p = host_arena_alloc(300);

	(void)state;
	memset(p, 0x5e, 300);
	host_arena_free(p, 300);
	assert_true(
		is_zero(p + sizeof(void *), 300 - sizeof(void *))); /* a link to the next hole */
	p = host_arena_calloc(1, 300);
	memset(p, 0x5e, 300);
	host_arena_cfree(p);
	assert_true(is_zero(p, 300));
}

static void test_no_overhead(void **state)
{
	char *a, *b;

	(void)state;
	do { /* past the holes of other tests */
		a = host_arena_alloc(208);
		b = host_arena_alloc(208);
	} while (b - a != 208 && a);
	assert_int_equal(b - a, 208);
	/* Freed and asked for again: the same place */
	host_arena_free(a, 208);
	assert_ptr_equal(host_arena_alloc(201), a);
}

/* What the kernel promised: "wf" wiped on fork, "dd" not dumped. */
static void assert_flags(const void *p)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	char line[512];
	uintptr_t from, to;
	bool in = false, seen = false;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			in = (uintptr_t)p >= from && (uintptr_t)p < to;
		if (in && !strncmp(line, "VmFlags:", 8)) {
			assert_non_null(strstr(line, " wf"));
			assert_non_null(strstr(line, " dd"));
			seen = true;
		}
	}
	fclose(maps);
	assert_true(seen);
}

static void test_kernel_guards_every_mapping(void **state)
{
	void *small = host_arena_alloc(100), *large = host_arena_alloc(3 << 20);

	(void)state;
	assert_flags(small);
	assert_flags(large);
	host_arena_free(small, 100);
	host_arena_free(large, 3 << 20);
}

static void test_forked_child_finds_nothing(void **state)
{
	char *small = host_arena_alloc(100), *large = host_arena_alloc(3 << 20);
	int status;
	pid_t pid;

	(void)state;
	memset(small, 1, 100);
	memset(large, 1, 3 << 20);
	pid = fork();
	if (!pid)
		_exit(is_zero((uint8_t *)small, 100) && is_zero((uint8_t *)large, 3 << 20) ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(small[99], 1);
	host_arena_free(small, 100);
	host_arena_free(large, 3 << 20);
}

#endif

static void test_child_starts_anew(void **state)
{
	void *p = host_arena_alloc(64);
	int status;
	pid_t pid;

	(void)state;
	assert_true(host_arena_mine());
	pid = fork();
	if (!pid) {
		if (host_arena_mine())
			_exit(1);
		host_arena_reset();
		if (!host_arena_mine() || host_arena_alloc(64) == p || !host_arena_mine())
			_exit(2);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(host_arena_mine());
	host_arena_free(p, 64);
}

static void *churn(void *arg)
{
	unsigned seed = *(unsigned *)arg;
	struct {
		uint8_t *p;
		size_t size;
	} live[64] = {{0}};

	for (int i = 0; i < 20000; i++) {
		size_t at = (size_t)rand_r(&seed) % 64, size = (size_t)rand_r(&seed) % 3000;

		for (size_t j = 0; j < live[at].size; j++)
			if (live[at].p[j] != at)
				return "overwritten";
		host_arena_free(live[at].p, live[at].size);
		live[at].size = size;
		live[at].p = host_arena_alloc(size);
		if (!is_zero(live[at].p, size))
			return "not zeroed";
		memset(live[at].p, (int)at, size);
	}
	for (size_t i = 0; i < 64; i++)
		host_arena_free(live[i].p, live[i].size);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];
	unsigned seeds[4] = {1, 2, 3, 4};

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, churn, &seeds[i]), 0);
	for (int i = 0; i < 4; i++) {
		void *trouble;

		pthread_join(threads[i], &trouble);
		assert_null(trouble);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_impossible_sizes),
		cmocka_unit_test(test_calloc_form),
#ifndef MALLOC_INSTEAD
		cmocka_unit_test(test_freed_memory_is_wiped),
		cmocka_unit_test(test_no_overhead),
		cmocka_unit_test(test_kernel_guards_every_mapping),
		cmocka_unit_test(test_forked_child_finds_nothing),
#endif
		cmocka_unit_test(test_child_starts_anew),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
