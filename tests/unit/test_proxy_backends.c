/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which backend a session gets, in virtual time: turns, shares, rests, and places that are used again.
 */
#include "tests/unit/host_support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/backends.h"

#define IDENTITIES 9000

struct fixture {
	struct proxy_backends b;
	struct proxy_names names;
	struct host_options o;
	struct proxy_bound bound;
};

static void begin(struct fixture *f, const char *connect, enum host_balance balance)
{
	char why[DS_WHY_MAX] = "", copy[200];

	memset(f, 0, sizeof(*f));
	snprintf(copy, sizeof(copy), "%s", connect);
	f->o.connect = copy;
	f->o.balance = balance;
	f->bound.at.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(1)};
	assert_int_equal(proxy_names_open(&f->names, 0), 0);
	assert_int_equal(proxy_backends_open(&f->b, &f->names, &f->o, why), 0);
	assert_int_equal(proxy_backends_begin(&f->b, &f->bound, 1, why), 0);
}

static void end(struct fixture *f)
{
	for (uint32_t i = 0; i < f->b.n_names; i++)
		free(f->b.names[i].text);
	free(f->b.names);
	free(f->b.list);
}

static uint32_t port_for(struct fixture *f, unsigned identity, ds_time now)
{
	struct ds_session_info s = {0};
	uint32_t i;

	s.identity_len =
		(uint8_t)snprintf((char *)s.identity, sizeof(s.identity), "device-%u", identity);
	i = proxy_backends_choose(&f->b, &s, now);
	assert_true(i < f->b.n);
	return f->b.list[i].addr.port;
}

/* The answer of the resolver for the first entry: ports of 10.0.0.1. */
static void answer(struct fixture *f, uint16_t first, unsigned n)
{
	struct proxy_addrs *a = &f->b.names[0].fresh;

	memset(a, 0, sizeof(*a));
	for (unsigned i = 0; i < n; i++)
		a->addr[a->n++] = (struct ds_addr){
			.ip = {10, 0, 0, 1}, .port = (uint16_t)(first + i), .family = 4};
	f->b.names[0].is_fresh = true;
	proxy_backends_update(&f->b, &f->names);
}

static uint32_t find(const struct fixture *f, uint16_t port)
{
	for (uint32_t i = 0; i < f->b.n; i++)
		if (f->b.list[i].addr.port == port)
			return i;
	fail_msg("no backend has port %u", port);
	return 0;
}

/* A third each; a fourth backend takes its quarter evenly from them, and one that goes leaves its sessions
 * evenly to the others. */
static void test_shares(void **state)
{
	static uint8_t before[IDENTITIES];
	unsigned share[6] = {0}, taken[6] = {0}, left[6] = {0};
	struct fixture f;

	(void)state;
	begin(&f, "10.0.0.1:2", HOST_BALANCE_IDENTITY);
	answer(&f, 2, 3);
	for (unsigned i = 0; i < IDENTITIES; i++) {
		before[i] = (uint8_t)port_for(&f, i, 0);
		share[before[i]]++;
	}
	answer(&f, 2, 4);
	for (unsigned i = 0; i < IDENTITIES; i++) {
		uint32_t now = port_for(&f, i, 0);

		assert_true(now == before[i] || now == 5);
		taken[before[i]] += now == 5;
		before[i] = (uint8_t)now;
	}
	answer(&f, 3, 3);
	for (unsigned i = 0; i < IDENTITIES; i++) {
		uint32_t now = port_for(&f, i, 0);

		assert_true(now == before[i] || before[i] == 2);
		left[now] += before[i] == 2;
	}
	for (unsigned port = 2; port <= 4; port++) {
		assert_in_range(share[port], IDENTITIES / 3 * 9 / 10, IDENTITIES / 3 * 11 / 10);
		assert_in_range(taken[port], IDENTITIES / 12 * 8 / 10, IDENTITIES / 12 * 12 / 10);
		assert_in_range(left[port + 1], IDENTITIES / 12 * 8 / 10,
				IDENTITIES / 12 * 12 / 10);
	}
	end(&f);
}

static void test_rests(void **state)
{
	static const unsigned seconds[] = {1, 2, 4, 8, 16, 32, 60, 60};
	ds_time now = 1000 * DS_SECOND;
	struct fixture f;

	(void)state;
	begin(&f, "10.0.0.1:2,10.0.0.1:3", HOST_BALANCE_TURNS);
	for (unsigned i = 0; i < TEST_COUNT(seconds); i++) {
		proxy_backends_refused(&f.b, 0, ECONNREFUSED, now);
		proxy_backends_refused(&f.b, 0, ECONNREFUSED, now); /* late ones do not count */
		now += seconds[i] * DS_SECOND - 1;
		assert_true(proxy_backend_rests(&f.b, 0, now));
		assert_int_equal(port_for(&f, 0, now), 3);
		assert_int_equal(port_for(&f, 0, now), 3);
		now++;
		assert_false(proxy_backend_rests(&f.b, 0, now));
	}
	/* Much later: another outage, as short as the first, as it is after an answer */
	now += 61 * DS_SECOND;
	proxy_backends_refused(&f.b, 0, ECONNREFUSED, now);
	assert_false(proxy_backend_rests(&f.b, 0, now + DS_SECOND));
	proxy_backends_refused(&f.b, 0, ECONNREFUSED, now + DS_SECOND);
	proxy_backends_answered(&f.b, 0);
	assert_false(proxy_backend_rests(&f.b, 0, now + DS_SECOND));
	proxy_backends_refused(&f.b, 0, ECONNREFUSED, now + DS_SECOND);
	assert_false(proxy_backend_rests(&f.b, 0, now + 2 * DS_SECOND));
	end(&f);
}

/* Where there is a probe only an answer ends it. */
static void test_rests_until_probed(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "10.0.0.1:2,10.0.0.1:3", HOST_BALANCE_TURNS);
	f.b.probed = true;
	proxy_backends_refused(&f.b, 0, ETIMEDOUT, 0);
	assert_true(proxy_backend_rests(&f.b, 0, 24 * 3600 * DS_SECOND));
	proxy_backends_answered(&f.b, 0);
	assert_false(proxy_backend_rests(&f.b, 0, 0));
	end(&f);
}

/* All rest: as if none did. */
static void test_all_rest(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "10.0.0.1:2,10.0.0.1:3", HOST_BALANCE_TURNS);
	proxy_backends_refused(&f.b, 0, ECONNREFUSED, 0);
	proxy_backends_refused(&f.b, 1, ECONNREFUSED, 0);
	assert_int_equal(port_for(&f, 0, 1), 2);
	assert_int_equal(port_for(&f, 0, 1), 3);
	end(&f);
}

static void test_places(void **state)
{
	uint32_t kept;
	struct fixture f;

	(void)state;
	begin(&f, "localhost:2", HOST_BALANCE_TURNS);
	assert_true(f.b.names[0].is_name);
	answer(&f, 100, 3);
	kept = find(&f, 101);
	f.b.list[kept].sessions = 1;
	for (uint16_t port = 200; port < 300; port++) {
		answer(&f, port, 3);
		assert_int_equal(f.b.n_listed, 3);
		assert_int_equal(f.b.list[kept].addr.port, 101);
		assert_false(f.b.list[kept].listed);
		for (int i = 0; i < 3; i++)
			assert_in_range(port_for(&f, 0, 0), port, port + 2);
	}
	/* One is kept, three are listed, and up to three are about to go */
	assert_in_range(f.b.n, 4, 7);
	answer(&f, 101, 1);
	assert_true(f.b.list[kept].listed);
	assert_int_equal(f.b.n_listed, 1);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_rests),
		cmocka_unit_test(test_rests_until_probed),
		cmocka_unit_test(test_all_rest),
		cmocka_unit_test(test_places),
	};

	host_log_set_level(HOST_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
