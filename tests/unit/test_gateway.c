/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_gateway.c - what a gateway lets in and keeps: networks, messages, devices
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/allow.h"
#include "proxy/links.h"

static struct ds_addr address(const char *text, uint16_t port)
{
	struct ds_addr a = {.port = port, .family = strchr(text, ':') ? 6 : 4};

	assert_int_equal(inet_pton(a.family == 6 ? AF_INET6 : AF_INET, text, a.ip), 1);
	return a;
}

static bool allows(const char *list, const char *from)
{
	struct ds_addr a = address(from, 1);
	struct proxy_allow allow;
	char why[DS_WHY_MAX];

	assert_int_equal(proxy_allow_parse(&allow, list, why), 0);
	return proxy_allow_has(&allow, &a);
}

static void test_networks_let_in_what_they_say(void **state)
{
	(void)state;
	assert_true(allows("192.0.2.0/24", "192.0.2.255"));
	assert_false(allows("192.0.2.0/24", "192.0.3.0"));
	assert_true(allows("192.0.2.128/25,10.0.0.0/8", "10.255.0.1"));
	assert_false(allows("192.0.2.128/25,10.0.0.0/8", "192.0.2.127"));
	assert_true(allows("192.0.2.1", "192.0.2.1"));
	assert_false(allows("192.0.2.1", "192.0.2.0"));
	assert_true(allows("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(allows("2001:db8::/33", "2001:db8:8000::1"));
	assert_false(allows("0.0.0.0/0", "::1"));
	assert_false(allows("::/0", "127.0.0.1"));
	assert_true(allows("any", "::1") && allows("any", "192.0.2.1"));
	assert_true(allows(NULL, "127.1.2.3") && allows(NULL, "::1"));
	assert_false(allows(NULL, "128.0.0.1"));
	assert_false(allows(NULL, "10.0.0.1"));
}

static void test_mistakes_in_networks_are_told(void **state)
{
	static const char *const wrong[] = {"",
					    ",",
					    "192.0.2.0/24,",
					    "192.0.2.0/33",
					    "192.0.2.0/",
					    "192.0.2.1/24",
					    "192.0.2.0/-1",
					    "::/129",
					    "::1/64",
					    "example",
					    "192.0.2.0/1x",
					    "10/8"};
	struct proxy_allow allow;
	char many[8 * (PROXY_ALLOW_MAX + 1) + 1] = "", why[DS_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(proxy_allow_parse(&allow, wrong[i], why), -1);
	for (int i = 0; i < PROXY_ALLOW_MAX; i++)
		strcat(many, i ? ",1.1.1.1" : "1.1.1.1");
	assert_int_equal(proxy_allow_parse(&allow, many, why), 0);
	strcat(many, ",1.1.1.1");
	assert_int_equal(proxy_allow_parse(&allow, many, why), -1);
	assert_non_null(strstr(why, "too many"));
}

static void test_messages_that_wait_are_bounded_by_number(void **state)
{
	struct proxy_hold h;
	size_t all = 0;

	(void)state;
	proxy_hold_init(&h);
	for (int i = 0; i < PROXY_HOLD_MESSAGES; i++)
		assert_true(proxy_hold_push(&h, &all, (const uint8_t *)"abcd", 4, 0, 1));
	assert_false(proxy_hold_push(&h, &all, (const uint8_t *)"abcd", 4, 0, 1));
	assert_int_equal(all, 4 * PROXY_HOLD_MESSAGES);
	while (h.n)
		proxy_hold_drop(&h, &all);
	assert_int_equal(all + h.unsent + h.bytes, 0);
}

static void test_messages_that_wait_are_bounded_by_bytes(void **state)
{
	static uint8_t big[16384];
	struct proxy_hold h, other;
	size_t all = 0, before;

	(void)state;
	proxy_hold_init(&h);
	proxy_hold_init(&other);
	for (int i = 0; i < 4; i++)
		assert_true(proxy_hold_push(&h, &all, big, sizeof(big), 0, 1));
	assert_false(proxy_hold_push(&h, &all, big, 1, 0, 1));
	before = all;
	all = PROXY_HOLD_ALL - 1; /* other devices hold that much */
	assert_true(proxy_hold_push(&other, &all, big, 1, 0, 1));
	assert_false(proxy_hold_push(&other, &all, big, 1, 0, 1));
	all = before + 1;
	proxy_hold_drop(&other, &all);
	while (h.n)
		proxy_hold_drop(&h, &all);
	assert_int_equal(all, 0);
}

static void test_those_that_were_sent_give_way_and_end_with_an_answer(void **state)
{
	struct proxy_hold h;
	size_t all = 0;

	(void)state;
	proxy_hold_init(&h);
	for (int i = 0; i < PROXY_HOLD_MESSAGES; i++)
		assert_true(proxy_hold_push(&h, &all, (const uint8_t *)"x", 1, i % 2 ? 7 : 0, 1));
	assert_int_equal(h.unsent, PROXY_HOLD_MESSAGES / 2);
	for (int i = 0; i < PROXY_HOLD_MESSAGES / 4; i++)
		assert_true(proxy_hold_push(&h, &all, (const uint8_t *)"x", 1, 0, 1));
	assert_int_equal(h.n, PROXY_HOLD_MESSAGES);
	proxy_hold_heard(&h, &all);
	assert_int_equal(h.n, h.unsent);
	assert_int_equal(h.n, PROXY_HOLD_MESSAGES * 3 / 4);
	assert_int_equal(proxy_hold_expire(&h, &all, 1 + PROXY_HOLD_TIME), 0);
	assert_int_equal(proxy_hold_expire(&h, &all, 2 + PROXY_HOLD_TIME),
			 PROXY_HOLD_MESSAGES * 3 / 4);
	assert_int_equal(all, 0);
}

static void *grab(void *ctx, size_t size)
{
	(void)ctx;
	return calloc(1, size);
}

static void give_back(void *ctx, void *p, size_t size)
{
	(void)ctx, (void)size;
	free(p);
}

static void test_links_are_found_and_their_places_used_again(void **state)
{
	const struct ds_config cfg = {.alloc = grab, .release = give_back, .max_sessions = 5000};
	struct proxy_links ls = {0};
	struct proxy_link *l;
	struct ds_addr a = address("192.0.2.1", 0);
	uint32_t most = 0;

	(void)state;
	assert_int_equal(proxy_links_init(&ls, &cfg), 0);
	for (int round = 0; round < 3; round++) {
		for (a.port = 1; a.port <= 3000; a.port++) {
			assert_null(proxy_links_find(&ls, &a));
			l = proxy_links_add(&ls, &a, a.port);
			assert_ptr_equal(proxy_links_find(&ls, &a), l);
			assert_ptr_equal(proxy_links_at(&ls, l->id), l);
			most = l->id > most ? l->id : most;
		}
		a.port = 1; /* the oldest becomes the newest */
		proxy_links_touch(&ls, proxy_links_find(&ls, &a), 3001);
		assert_int_equal(TAILQ_FIRST(&ls.order)->device.port, 2);
		while ((l = TAILQ_FIRST(&ls.order))) {
			uint32_t id = l->id;

			proxy_links_wait(&ls, l, true);
			assert_true(
				proxy_hold_push(&l->hold, &ls.held, (const uint8_t *)"x", 1, 0, 1));
			proxy_links_note_hold(&ls, l);
			proxy_links_remove(&ls, l);
			assert_null(proxy_links_at(&ls, id));
		}
		assert_true(TAILQ_EMPTY(&ls.waiting) && TAILQ_EMPTY(&ls.holding));
		assert_int_equal(ls.count + ls.held, 0);
	}
	assert_in_range(most, 3000, 3000 + 256);
	ds_index_fini(&ls.by_device);
	for (uint32_t i = 0; i < ls.n_chunks; i++)
		free(ls.chunks[i]);
	free(ls.chunks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks_let_in_what_they_say),
		cmocka_unit_test(test_mistakes_in_networks_are_told),
		cmocka_unit_test(test_messages_that_wait_are_bounded_by_number),
		cmocka_unit_test(test_messages_that_wait_are_bounded_by_bytes),
		cmocka_unit_test(test_those_that_were_sent_give_way_and_end_with_an_answer),
		cmocka_unit_test(test_links_are_found_and_their_places_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
