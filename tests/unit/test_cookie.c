/* SPDX-License-Identifier: Apache-2.0 */
/* test_cookie.c - a cookie is good for one address, one hello, and a while */
#include <stdlib.h>
#include <string.h>

#include "core/cookie.h"
#include "tests/unit/support.h"

#define LIFE DS_COOKIE_LIFETIME

struct world {
	struct test_env env;
	struct ds_cookie c;
	struct ds_addr addr;
	struct test_hello hello;
	uint8_t cookie[DS_COOKIE_LEN];
};

/* A hello as it is on the wire; @part of its body, 0 = all of it. */
struct sent {
	struct test_bytes body, message;
	struct ds_hello hello;
};

static struct ds_hello *on_wire(struct sent *s, const struct test_hello *h, size_t part)
{
	s->body.len = s->message.len = 0;
	test_put_hello(&s->body, h);
	test_put_message(&s->message, &(struct test_message){
					      .type = DS_CLIENT_HELLO,
					      .body = s->body.data,
					      .len = s->body.len,
					      .fragment_len = part ? part : s->body.len,
				      });
	assert_true(ds_hello_parse(&s->hello, s->message.data, s->message.len, 0));
	return &s->hello;
}

static void make(struct world *w, size_t part)
{
	static struct sent s;
	struct test_hello h = w->hello;

	h.cookie_len = 0;
	assert_int_equal(
		ds_cookie_make(&w->c, &w->addr, on_wire(&s, &h, part), w->cookie, w->env.now), 0);
}

/* The same hello again, with the cookie. */
static bool check(struct world *w, size_t part)
{
	static struct sent s;
	struct test_hello h = w->hello;

	h.cookie = w->cookie;
	h.cookie_len = sizeof(w->cookie);
	return ds_cookie_check(&w->c, &w->addr, on_wire(&s, &h, part), w->env.now);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	test_env_init(&w->env);
	w->env.now = 12345;
	test_hello_init(&w->hello);
	w->addr = (struct ds_addr){.ip = {192, 0, 2, 1}, .port = 5684, .family = 4};
	assert_int_equal(ds_cookie_setup(&w->c, &w->env.cfg, w->env.now), 0);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	ds_cookie_fini(&w->c);
	ds_cookie_fini(&w->c);
	test_env_fini(&w->env);
	free(w);
	return 0;
}

static void test_good_cookie_is_accepted(void **state)
{
	struct world *w = *state;

	make(w, 0);
	assert_true(check(w, 0));
	assert_true(check(w, 0));
}

static void test_every_bit_of_the_cookie_counts(void **state)
{
	struct world *w = *state;

	make(w, 0);
	for (size_t bit = 0; bit < 8 * sizeof(w->cookie); bit++) {
		w->cookie[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(check(w, 0));
		w->cookie[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_true(check(w, 0));
}

static void test_every_byte_of_the_address_counts(void **state)
{
	struct world *w = *state;
	struct ds_addr addr = w->addr;

	make(w, 0);
	w->addr.port++;
	assert_false(check(w, 0));
	w->addr = addr;
	w->addr.scope = 2;
	assert_false(check(w, 0));
	w->addr = addr;
	w->addr.family = 6;
	assert_false(check(w, 0));
	for (size_t i = 0; i < sizeof(addr.ip); i++) {
		w->addr = addr;
		w->addr.ip[i] ^= 1;
		assert_false(check(w, 0));
	}
}

static void test_parameters_count(void **state)
{
	static const uint8_t suites[] = {0xC0, 0xA8, 0x00, 0xA8},
			     other[] = {0xC0, 0xA8, 0x00, 0x00}, compression[] = {0, 1},
			     id[] = "session id";
	struct world *w = *state;
	struct test_hello h = w->hello;

	make(w, 0);
	w->hello.version = 0xFEFF;
	assert_false(check(w, 0));
	for (size_t i = 0; i < sizeof(h.random); i++) {
		w->hello = h;
		w->hello.random[i] ^= 0x80;
		assert_false(check(w, 0));
	}
	w->hello = h;
	w->hello.session_id = id;
	w->hello.session_id_len = 4;
	assert_false(check(w, 0));
	w->hello = h;
	w->hello.suites = suites;
	w->hello.suites_len = 4;
	assert_false(check(w, 0));
	make(w, 0);
	w->hello.suites = other;
	assert_false(check(w, 0));
	w->hello = h;
	make(w, 0);
	w->hello.compression = compression;
	w->hello.compression_len = 2;
	assert_false(check(w, 0));
	/* Extensions are not among what RFC 6347, 4.2.1 names */
	w->hello = h;
	w->hello.no_extensions = true;
	assert_true(check(w, 0));
}

static void test_fragmented_hello(void **state)
{
	struct world *w = *state;
	struct test_hello h = w->hello;

	/* Fragmented both times: whatever the first fragment shows is bound */
	make(w, 40);
	assert_true(check(w, 80));
	assert_true(check(w, 70));
	w->hello.random[0] ^= 1;
	assert_false(check(w, 80));
	w->hello = h;
	w->addr.port++;
	assert_false(check(w, 80));
	w->addr.port--;
	/* Fragmented only once it carries the cookie */
	make(w, 0);
	assert_true(check(w, 80));
	w->hello.random[31] ^= 1;
	assert_false(check(w, 80));
	w->hello = h;
	/* The other way round nothing is known of the suites: another round trip */
	make(w, 40);
	assert_false(check(w, 0));
}

static void test_other_lengths_are_refused(void **state)
{
	static const size_t lens[] = {0, 1, 31, 33, 255};
	struct world *w = *state;
	struct test_hello h = w->hello;
	uint8_t longer[255] = {0};
	struct sent s;

	make(w, 0);
	memcpy(longer, w->cookie, sizeof(w->cookie));
	h.cookie = longer;
	for (size_t i = 0; i < TEST_COUNT(lens); i++) {
		h.cookie_len = lens[i];
		assert_false(ds_cookie_check(&w->c, &w->addr, on_wire(&s, &h, 0), w->env.now));
	}
}

/* Time.  Generations begin at start, start + LIFE, ... */

static bool good_at(struct world *w, ds_time made, ds_time checked)
{
	ds_time start = w->env.now;
	bool ok;

	ds_cookie_fini(&w->c);
	assert_int_equal(ds_cookie_setup(&w->c, &w->env.cfg, start), 0);
	w->env.now = start + made;
	make(w, 0);
	w->env.now = start + checked;
	ok = check(w, 0);
	w->env.now = start;
	return ok;
}

static void test_expiry_to_the_nanosecond(void **state)
{
	struct world *w = *state;

	assert_true(good_at(w, 0, 0));
	assert_true(good_at(w, 0, LIFE - 1));
	assert_true(good_at(w, 0, LIFE));
	assert_true(good_at(w, 0, 2 * LIFE - 1));
	assert_false(good_at(w, 0, 2 * LIFE));
	assert_true(good_at(w, LIFE - 1, 2 * LIFE - 1));
	assert_false(good_at(w, LIFE - 1, 2 * LIFE));
	assert_true(good_at(w, LIFE, 3 * LIFE - 1));
	assert_false(good_at(w, LIFE, 3 * LIFE));
	assert_false(good_at(w, 0, 1000 * LIFE));
	assert_false(good_at(w, 0, 1001 * LIFE));
	/* However late the change is noticed, a cookie does not live longer for it */
	assert_true(good_at(w, 3 * LIFE / 2, 3 * LIFE - 1));
	assert_false(good_at(w, 3 * LIFE / 2, 3 * LIFE));
}

static void test_one_overlap_while_others_come_and_go(void **state)
{
	struct world *w = *state;
	uint8_t old[DS_COOKIE_LEN];

	make(w, 0);
	memcpy(old, w->cookie, sizeof(old));
	w->env.now += LIFE;
	make(w, 0);
	assert_true(check(w, 0));
	assert_memory_not_equal(old, w->cookie, sizeof(old));
	memcpy(w->cookie, old, sizeof(old));
	assert_true(check(w, 0));
	w->env.now += LIFE;
	make(w, 0);
	memcpy(w->cookie, old, sizeof(old));
	assert_false(check(w, 0));
}

static void test_no_randomness_no_cookie(void **state)
{
	struct world *w = *state;
	struct sent s;
	struct ds_cookie c;
	struct ds_hello *hello = on_wire(&s, &w->hello, 0);

	make(w, 0);
	w->env.fail_random = w->env.randoms;
	assert_true(check(w, 0));
	w->env.now += LIFE;
	assert_false(check(w, 0));
	assert_int_equal(ds_cookie_make(&w->c, &w->addr, hello, w->cookie, w->env.now),
			 DS_E_RANDOM);
	assert_int_equal(ds_cookie_setup(&c, &w->env.cfg, 0), DS_E_RANDOM);
	/* It comes back */
	w->env.fail_random = TEST_NEVER;
	make(w, 0);
	assert_true(check(w, 0));
	w->env.now += 5 * LIFE;
	w->env.fail_random = w->env.randoms + 1;
	assert_int_equal(ds_cookie_make(&w->c, &w->addr, hello, w->cookie, w->env.now),
			 DS_E_RANDOM);
	w->env.fail_random = TEST_NEVER;
	assert_false(check(w, 0));
	make(w, 0);
	assert_true(check(w, 0));
}

static void test_setup_without_memory(void **state)
{
	struct test_env env;
	struct ds_cookie c;

	(void)state;
	test_env_init(&env);
	env.fail_alloc = 0;
	assert_int_equal(ds_cookie_setup(&c, &env.cfg, 0), DS_E_NOMEM);
	ds_cookie_fini(&c);
	test_env_fini(&env);
}

static void test_engines_have_their_own_secrets(void **state)
{
	struct world *w = *state;
	struct ds_cookie first = w->c;

	make(w, 0);
	assert_int_equal(ds_cookie_setup(&w->c, &w->env.cfg, w->env.now), 0);
	assert_false(check(w, 0));
	ds_cookie_fini(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good_cookie_is_accepted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_bit_of_the_cookie_counts, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_every_byte_of_the_address_counts, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_parameters_count, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fragmented_hello, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_lengths_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expiry_to_the_nanosecond, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_overlap_while_others_come_and_go, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_randomness_no_cookie, setup, teardown),
		cmocka_unit_test(test_setup_without_memory),
		cmocka_unit_test_setup_teardown(test_engines_have_their_own_secrets, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
