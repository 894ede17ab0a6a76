/* SPDX-License-Identifier: Apache-2.0 */
/* test_identity.c - the PSK identity is found in a ClientKeyExchange however it comes */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

static const uint8_t *found;
static size_t found_len;

static bool feed(struct ds_identity_peek *s, const uint8_t *body, size_t len, size_t offset,
		 size_t n)
{
	struct test_bytes b = {.len = 0};

	test_put_message(&b, &(struct test_message){.type = DS_CLIENT_KEY_EXCHANGE,
						    .message_seq = 2,
						    .body = body,
						    .len = len,
						    .offset = offset,
						    .fragment_len = n});
	return ds_identity_feed(s, b.data, b.len, &found, &found_len);
}

static const uint8_t key_exchange[] = "\0\7device1 and a point of some curve";

static void check_found(const struct ds_identity_peek *s)
{
	assert_ptr_equal(found, s->buf + 2);
	assert_int_equal(found_len, 7);
	assert_memory_equal(found, "device1", 7);
}

static void test_identity_in_one_piece(void **state)
{
	struct ds_identity_peek s = {.len = 0};

	(void)state;
	assert_true(feed(&s, key_exchange, 9, 0, 9));
	check_found(&s);
	s = (struct ds_identity_peek){.len = 0};
	assert_true(feed(&s, key_exchange, sizeof(key_exchange), 0, sizeof(key_exchange)));
	check_found(&s);
}

static void test_identity_from_fragments_in_any_order(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct ds_identity_peek s = {.len = 0};
		bool have[sizeof(key_exchange)] = {false}, all = false;
		size_t len = round % 2 ? 9 : sizeof(key_exchange);

		for (int i = 0; i < 200 && !all; i++) {
			size_t at = test_random(&seed) % len;
			size_t n = 1 + test_random(&seed) % (len - at);

			for (size_t k = at; k < at + n; k++)
				have[k] = true;
			all = true;
			for (size_t k = 0; k < 9; k++)
				all &= have[k];
			assert_int_equal(feed(&s, key_exchange, len, at, n), all);
		}
		if (all)
			check_found(&s);
	}
}

static void test_identity_among_other_messages(void **state)
{
	struct ds_identity_peek s = {.len = 0};
	struct test_bytes b = {.len = 0};

	(void)state;
	test_put_message(&b,
			 &(struct test_message){
				 .type = 11, .body = key_exchange, .len = 20, .fragment_len = 20});
	test_put_message(&b, &(struct test_message){.type = DS_CLIENT_KEY_EXCHANGE,
						    .body = key_exchange,
						    .len = 9,
						    .fragment_len = 9});
	assert_true(ds_identity_feed(&s, b.data, b.len, &found, &found_len));
	check_found(&s);
	s = (struct ds_identity_peek){.len = 0};
	for (size_t len = 0; len < b.len; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);

		memcpy(copy, b.data, len);
		assert_false(ds_identity_feed(&s, copy, len, &found, &found_len));
		free(copy);
	}
}

static void test_identity_length_limits(void **state)
{
	uint8_t body[2 + DS_IDENTITY_MAX + 1 + 65];
	struct ds_identity_peek s;

	(void)state;
	memset(body, 'i', sizeof(body));
	for (unsigned int n = 0; n <= DS_IDENTITY_MAX + 1; n++) {
		s = (struct ds_identity_peek){.len = 0};
		body[0] = 0;
		body[1] = (uint8_t)n;
		assert_int_equal(feed(&s, body, 2 + n, 0, 2 + n), n <= DS_IDENTITY_MAX);
		if (n <= DS_IDENTITY_MAX)
			assert_int_equal(found_len, n);
		/* B-37: it would pass the end of the message */
		s = (struct ds_identity_peek){.len = 0};
		if (n > 0)
			assert_false(feed(&s, body, 1 + n, 0, 1 + n));
	}
	/* The longest, with a point of a curve behind it */
	s = (struct ds_identity_peek){.len = 0};
	body[1] = DS_IDENTITY_MAX;
	assert_true(feed(&s, body, sizeof(body), 0, sizeof(body)));
	assert_int_equal(found_len, DS_IDENTITY_MAX);
}

static void test_fragments_of_another_length_are_ignored(void **state)
{
	struct ds_identity_peek s = {.len = 0};

	(void)state;
	assert_false(feed(&s, key_exchange, 9, 0, 4));
	assert_false(feed(&s, key_exchange, 10, 4, 6)); /* B-25 */
	assert_true(feed(&s, key_exchange, 9, 4, 5));
	check_found(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity_in_one_piece),
		cmocka_unit_test(test_identity_from_fragments_in_any_order),
		cmocka_unit_test(test_identity_among_other_messages),
		cmocka_unit_test(test_identity_length_limits),
		cmocka_unit_test(test_fragments_of_another_length_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
