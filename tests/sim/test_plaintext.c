/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plaintext.c - plaintext and DTLS at one port: who is heard in clear, who is answered, and who never
 * again
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "core/migrated.h"
#include "tests/sim/places.h"

static uint64_t *words;
static struct places places;

static int setup(void **state)
{
	(void)state;
	words = calloc(DS_MIGRATED_WORDS, sizeof(*words));
	return words ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(words);
	return 0;
}

static void give_rule(struct net *n, enum ds_plaintext rule)
{
	assert_int_equal(ds_engine_plaintext(n->server.engine, rule, words), 0);
}

static struct net *allowing(void)
{
	struct net *n = net_new();

	net_start_server(n);
	give_rule(n, DS_PLAINTEXT_ALLOW);
	return n;
}

/* A datagram from there, in clear.  True if the application hears it. */
static bool says(struct net *n, const struct ds_addr *from, const void *what, size_t len)
{
	size_t before = n->server.n_messages;

	net_inject(n, from, &n->server.addr, what, len);
	net_run_for(n, 0);
	if (n->server.n_messages == before)
		return false;
	n->server.n_messages = before;
	assert_int_equal(n->server.messages[before].session, 0);
	assert_true(ds_addr_equal(&n->server.messages[before].peer, from));
	assert_int_equal(n->server.messages[before].len, len);
	assert_memory_equal(n->server.messages[before].head, what, len < 64 ? len : 64);
	return true;
}

static bool is_heard(struct net *n, const struct ds_addr *from)
{
	return says(n, from, "hello", 5);
}

/* True if the application may answer there in clear. */
static bool is_answered(struct net *n, const struct ds_addr *to)
{
	struct ds_path path = {.remote = {.port = 1}};

	if (!ds_engine_clear(n->server.engine, to, &path, n->now))
		return false;
	assert_true(ds_addr_equal(&path.remote, to));
	assert_true(ds_addr_equal(&path.local, &n->server.addr));
	return true;
}

/* An address of client @i, with another port. */
static struct ds_addr beside(const struct net *n, size_t i)
{
	struct ds_addr a = n->clients[i].addr;

	a.port++;
	return a;
}

static void connect_client(struct net *n, size_t i)
{
	size_t before = ds_engine_sessions(n->server.engine);

	net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_client_session(n, i) != 0);
	assert_int_equal(ds_engine_sessions(n->server.engine), before + 1);
}

static const struct ds_event *last_line(const struct net *n)
{
	return net_last_event(&n->server, DS_EVENT_PLAINTEXT);
}

/* What is plaintext */

#define OTHERS 13
static const struct {
	const char *what, *bytes;
	size_t len;
} plain[OTHERS] = {
	{"a CoAP ping", "\x40\0\0\1", 4},
	{"CoAP with a token", "\x48\1\0\1tokenlen", 12},
	{"SNMP of 38 bytes", "\x30\x26\2\1\0\4\6public\xa0\x19\2\4", 17},
	{"SNMP of 300 bytes", "\x30\x82\1\x28\2\1\0\4\6public", 15},
	{"syslog", "<13>Nov 30 23:00:00 host", 24},
	{"MQTT-SN of 22 bytes",
	 "\x16\x04\4\1\0\x3c"
	 "0123456789abcdef",
	 22},
	{"MQTT-SN of 22 bytes, passed on by a forwarder",
	 "\x16\xfe\1\0\0\0\x12\4\4\1\0\x3c"
	 "0123456789",
	 22},
	{"MQTT-SN of 23 bytes, passed on by a forwarder",
	 "\x17\xfe\3\0\0\0\x13\4\4\1\0\x3c"
	 "0123456789a",
	 23},
	{"NTP", "\x1b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16},
	{"DNS whose number begins like a record", "\x16\xfe\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19},
	{"STUN", "\0\1\0\0\x21\x12\xa4\x42", 8},
	{"a record of DTLS 1.3", "\x2f\xfe\1\0\4abcd", 9},
	{"one byte", "\x16", 1},
};

static void test_protocols_that_begin_like_records_are_plaintext(void **state)
{
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	for (size_t i = 0; i < OTHERS; i++)
		if (!says(n, &from, plain[i].bytes, plain[i].len))
			fail_msg("%s is not plaintext", plain[i].what);
	assert_int_equal(net_stats(n)->rx_plaintext, OTHERS);
	net_free(n);
}

static void test_what_begins_as_a_record_is_never_plaintext(void **state)
{
	static const uint8_t types[] = {20, 21, 22, 23, 24, 25, 26, 27, 63};
	static const uint8_t versions[] = {0xfd, 0xff, 0xfe, 0xfc};
	uint8_t d[32] = {0, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 19};
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	for (size_t t = 0; t < sizeof(types); t++)
		for (size_t v = 0; v < sizeof(versions); v++)
			for (size_t len = 3; len <= sizeof(d); len++) {
				d[0] = types[t];
				d[2] = versions[v];
				assert_false(says(n, &from, d, len));
			}
	assert_false(says(n, &from, "", 0));
	assert_int_equal(net_stats(n)->rx_plaintext + net_stats(n)->drop_plaintext, 0);
	assert_false(is_answered(n, &from));
	net_free(n);
}

static void test_plaintext_behind_a_record_is_no_message(void **state)
{
	static const uint8_t d[] = {21, 0xfe, 0xfd, 0, 0,   0,	 0,   0,   0,	0,  1,
				    0,	2,    1,    0, 'h', 'e', 'l', 'l', 'o', '!'};
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	assert_false(says(n, &from, d, sizeof(d)));
	assert_int_equal(net_stats(n)->drop_short, 1);
	net_free(n);
}

static void test_plaintext_longer_than_a_message_is_dropped(void **state)
{
	static char longest[DS_PAYLOAD_MAX + 1] = "hello";
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	assert_true(says(n, &from, longest, DS_PAYLOAD_MAX));
	assert_false(says(n, &from, longest, DS_PAYLOAD_MAX + 1));
	assert_int_equal(net_stats(n)->drop_length, 1);
	net_free(n);
}

/* The rule */

static void test_plaintext_is_denied_unless_it_is_allowed(void **state)
{
	struct net *n = net_new();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	net_start_server(n);
	assert_false(is_heard(n, &from)); /* nobody said anything about it */
	give_rule(n, DS_PLAINTEXT_DENY);
	assert_false(is_heard(n, &from));
	give_rule(n, DS_PLAINTEXT_LOG);
	assert_false(is_heard(n, &from));
	assert_int_equal(ds_engine_plaintext(n->server.engine, DS_PLAINTEXT_ALLOW, NULL), 0);
	assert_false(is_heard(n, &from)); /* there is no memory of what has migrated */
	assert_int_equal(net_stats(n)->drop_plaintext, 4);
	assert_false(is_answered(n, &from));
	net_free(n);
}

static void test_without_random_numbers_nothing_is_allowed(void **state)
{
	struct net *n = net_new();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	net_start_server(n);
	n->server.env.fail_random = n->server.env.randoms;
	assert_int_equal(ds_engine_plaintext(n->server.engine, DS_PLAINTEXT_ALLOW, words),
			 DS_E_RANDOM);
	assert_false(is_heard(n, &from));
	net_free(n);
}

static void test_a_client_takes_no_plaintext(void **state)
{
	struct net *n = net_connected(1);
	struct net_host *c = &n->clients[0];

	(void)state;
	assert_int_equal(ds_engine_plaintext(c->engine, DS_PLAINTEXT_ALLOW, words), 0);
	net_inject(n, &n->server.addr, &c->addr, "hello", 5);
	net_run_for(n, 0);
	assert_int_equal(c->n_messages, 0);
	assert_int_equal(ds_engine_stats(c->engine)->drop_short, 1);
	net_free(n);
}

static void test_only_who_spoke_in_clear_is_answered_in_clear(void **state)
{
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9), port = net_addr(99, 10), ip = net_addr(98, 9);

	(void)state;
	assert_false(is_answered(n, &from));
	assert_true(is_heard(n, &from));
	assert_true(is_answered(n, &from));
	assert_false(is_answered(n, &port));
	assert_false(is_answered(n, &ip));
	assert_int_equal(net_stats(n)->tx_plaintext, 1);
	net_free(n);
}

static void test_who_is_silent_as_long_as_a_session_may_be_is_not_answered(void **state)
{
	struct net *n = net_new();
	struct ds_addr from = net_addr(99, 9), never = net_addr(98, 9);

	(void)state;
	n->server.env.cfg.idle = 600 * DS_SECOND;
	net_start_server(n);
	give_rule(n, DS_PLAINTEXT_ALLOW);
	assert_true(is_heard(n, &from));
	assert_true(is_heard(n, &never));
	n->now += 599 * DS_SECOND;
	assert_true(is_heard(n, &from));
	assert_true(is_answered(n, &never));
	n->now += DS_SECOND;
	assert_true(is_answered(n, &from));
	assert_false(is_answered(n, &never));
	net_free(n);
}

/* What has migrated */

static void test_an_address_with_a_session_is_heard_in_clear_no_more(void **state)
{
	struct net *n = allowing();
	struct ds_addr early = beside(n, 0), late, other = net_addr(99, 9);

	(void)state;
	net_init_client(n, 0);
	early = beside(n, 0);
	late = early;
	late.port++;
	assert_true(is_heard(n, &n->clients[0].addr));
	assert_true(is_heard(n, &early));
	connect_client(n, 0);
	assert_false(is_heard(n, &n->clients[0].addr));
	assert_false(is_heard(n, &early));
	assert_false(is_heard(n, &late)); /* whatever its port */
	assert_int_equal(net_stats(n)->drop_plaintext_migrated, 3);
	assert_true(is_heard(n, &other));
	net_free(n);
}

static void test_a_late_answer_to_plaintext_does_not_leave_after_a_handshake(void **state)
{
	struct net *n = allowing();
	struct ds_addr early;

	(void)state;
	net_init_client(n, 0);
	early = beside(n, 0);
	assert_true(is_heard(n, &early));
	assert_true(is_heard(n, &n->clients[0].addr));
	connect_client(n, 0);
	assert_false(is_answered(n, &early));
	assert_false(is_answered(n, &n->clients[0].addr));
	assert_int_equal(net_stats(n)->drop_clear_answer, 2);
	assert_int_equal(net_stats(n)->tx_plaintext, 0);
	net_free(n);
}

/* Or the application takes the plaintext for the session's, and the peer an answer to it for its own. */
static void test_a_session_is_not_known_at_an_address_that_just_spoke_in_clear(void **state)
{
	struct net *n = allowing();
	struct ds_addr at;

	(void)state;
	net_init_client(n, 0);
	at = n->clients[0].addr;
	assert_true(is_heard(n, &at)); /* it may be forged */
	connect_client(n, 0);
	assert_int_equal(net_send(n, 0, "early", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 0);
	assert_int_equal(net_stats(n)->drop_address, 1);
	assert_int_equal(ds_engine_find(n->server.engine, &at), 0);
	assert_false(is_answered(n, &at));
	net_run_for(n, 6 * DS_SECOND);
	assert_int_equal(net_send(n, 0, "later", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(ds_engine_find(n->server.engine, &at), n->server.messages[0].session);
	net_free(n);
}

static void test_a_session_that_moves_there_waits_as_well(void **state)
{
	struct net *n = allowing();
	struct ds_addr at = net_addr(77, 7), first;

	(void)state;
	connect_client(n, 0);
	assert_true(is_heard(n, &at));
	first = n->clients[0].addr;
	n->clients[0].addr = at;
	assert_int_equal(net_send(n, 0, "early", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1); /* as from where it was */
	assert_true(ds_addr_equal(&n->server.messages[0].peer, &first));
	assert_int_equal(ds_engine_find(n->server.engine, &at), 0);
	assert_false(is_answered(n, &at));
	assert_false(is_heard(n, &at));
	net_run_for(n, 6 * DS_SECOND);
	assert_int_equal(net_send(n, 0, "later", 5), 0);
	net_run_for(n, 0);
	assert_true(ds_addr_equal(&n->server.messages[1].peer, &at));
	net_free(n);
}

static void test_the_end_of_the_session_gives_nothing_back(void **state)
{
	struct net *n = allowing();
	struct ds_addr at;

	(void)state;
	net_init_client(n, 0);
	at = n->clients[0].addr;
	assert_true(is_heard(n, &at));
	connect_client(n, 0);
	ds_engine_close(n->server.engine, ds_engine_next(n->server.engine, 0), n->now);
	net_drain(n, &n->server);
	net_run_for(n, 1000 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(ds_engine_find(n->server.engine, &at), 0);
	assert_false(is_heard(n, &at));
	assert_false(is_answered(n, &at));
	net_free(n);
}

static void test_every_address_of_a_session_has_migrated(void **state)
{
	struct net *n = allowing();
	struct ds_addr first, second = net_addr(77, 7);

	(void)state;
	net_init_client(n, 0);
	first = n->clients[0].addr;
	assert_true(is_heard(n, &first));
	assert_true(is_heard(n, &second));
	connect_client(n, 0);
	net_run_for(n, 10 * DS_SECOND); /* answers to the plaintext are late by then */
	assert_int_equal(net_send(n, 0, "here", 4), 0);
	net_run_for(n, 0);
	n->clients[0].addr = second;
	assert_int_equal(net_send(n, 0, "moved", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 2);
	assert_int_equal(net_stats(n)->rebinds, 1);
	assert_false(is_heard(n, &first));
	assert_false(is_heard(n, &second));
	assert_false(is_answered(n, &second));
	net_free(n);
}

static void test_a_handshake_that_fails_migrates_nothing(void **state)
{
	struct net *n = allowing();

	(void)state;
	net_init_client(n, 0);
	n->clients[0].env.cfg.psk_key[0] ^= 1;
	net_connect(n, 0);
	net_run_for(n, 300 * DS_SECOND);
	assert_false(net_established(n, 0));
	assert_true(net_stats(n)->handshakes_started > 0);
	assert_true(is_heard(n, &n->clients[0].addr));
	net_free(n);
}

static void test_the_next_process_knows_what_has_migrated(void **state)
{
	struct net *n = allowing();
	struct ds_addr at;

	(void)state;
	connect_client(n, 0);
	at = n->clients[0].addr;
	ds_engine_free(n->server.engine);
	net_start_server(n);
	give_rule(n, DS_PLAINTEXT_ALLOW);
	assert_false(is_heard(n, &at));
	at.ip[3]++;
	assert_true(is_heard(n, &at));
	net_free(n);
}

static void test_a_port_that_denies_notes_what_migrates_for_one_that_does_not(void **state)
{
	struct net *n = net_new(), *other = allowing();

	(void)state;
	net_start_server(n);
	give_rule(n, DS_PLAINTEXT_DENY);
	connect_client(n, 0);
	assert_false(is_heard(other, &n->clients[0].addr));
	net_free(other);
	net_free(n);
}

/* The memory may be new, or lost: what comes back from the state file is noted. */
static void test_sessions_that_come_back_have_migrated(void **state)
{
	struct net *n = allowing();
	struct ds_addr at = net_addr(77, 7);

	(void)state;
	places_init(&places, n);
	connect_client(n, 0);
	n->clients[0].addr = at; /* only its line knows */
	assert_int_equal(net_send(n, 0, "moved", 5), 0);
	net_run_for(n, 0);
	places_keep(&places, n);
	places_kill(&places, n);
	memset(words, 0, DS_MIGRATED_WORDS * sizeof(*words));
	net_start_server(n);
	give_rule(n, DS_PLAINTEXT_ALLOW);
	places_take_back(&places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	at.port++;
	assert_false(is_heard(n, &at));
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
	places_fini(&places);
	net_free(n);
}

static void test_few_addresses_are_taken_for_migrated_by_mistake(void **state)
{
	struct test_env env;
	uint8_t ip[16] = {0};
	uint32_t wrong = 0, n = TEST_SLOW ? 10000 : 100000;

	(void)state;
	test_env_init(&env);
	assert_int_equal(ds_migrated_begin(words, &env.cfg), 0);
	for (uint32_t i = 0; i < 2 * n; i++) {
		memcpy(ip, &i, sizeof(i));
		if (i < n)
			ds_migrated_note(words, 4, ip);
		else
			wrong += ds_migrated_has(words, 4, ip);
	}
	for (uint32_t i = 0; i < n; i++) {
		memcpy(ip, &i, sizeof(i));
		assert_true(ds_migrated_has(words, 4, ip));
		wrong += ds_migrated_has(words, 6, ip);
	}
	assert_in_range(wrong, 0, 20);
}

/* What is logged, and what a flood costs */

static void test_a_network_has_a_line_a_minute_with_its_count(void **state)
{
	struct net *n = net_new();
	struct ds_addr a = net_addr(99, 9), b = net_addr(98, 9), c = net_addr(1, 1);

	(void)state;
	c.ip[0] = 10;
	net_start_server(n);
	for (int i = 0; i < 100; i++) {
		is_heard(n, &a);
		is_heard(n, &b); /* of the same network */
	}
	assert_int_equal(net_count_events(&n->server, DS_EVENT_PLAINTEXT), 1);
	assert_int_equal(last_line(n)->datagrams, 1);
	assert_int_equal(last_line(n)->reason, DS_REASON_PLAINTEXT_DENIED);
	assert_true(ds_addr_equal(&last_line(n)->info.path.remote, &a));
	is_heard(n, &c);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_PLAINTEXT), 2);
	n->now += 59 * DS_SECOND;
	is_heard(n, &b);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_PLAINTEXT), 2);
	n->now += 2 * DS_SECOND;
	is_heard(n, &b);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_PLAINTEXT), 3);
	assert_int_equal(last_line(n)->datagrams, 201);
	assert_int_equal(net_stats(n)->drop_plaintext, 203);
	net_free(n);
}

static void test_what_is_done_with_it_is_a_line_of_its_own(void **state)
{
	struct net *n = allowing();

	(void)state;
	net_init_client(n, 0);
	is_heard(n, &n->clients[0].addr);
	assert_int_equal(last_line(n)->reason, DS_REASON_PLAINTEXT_ALLOWED);
	connect_client(n, 0);
	is_heard(n, &n->clients[0].addr);
	assert_int_equal(last_line(n)->reason, DS_REASON_PLAINTEXT_MIGRATED);
	net_free(n);
}

/* One datagram, and whatever the engine wants to say about it. */
static void flood(struct net *n, uint32_t i)
{
	uint8_t data[] = "hello";
	struct ds_input in = {.data = data, .len = 5};
	struct ds_message msg;
	struct ds_event ev;

	in.path = net_path(&n->server.addr, &(struct ds_addr){.port = 9, .family = 4});
	memcpy(in.path.remote.ip, &i, sizeof(i));
	while (ds_engine_input(n->server.engine, &in, &msg, n->now) == DS_MESSAGE)
		assert_in_range(msg.clear, 1, DS_CLEAR_PEERS);
	while (ds_engine_event(n->server.engine, &ev))
		continue;
}

static void test_a_flood_from_many_networks_takes_no_more_memory(void **state)
{
	struct net *n = allowing();
	struct ds_addr last = {.port = 9, .family = 4}, first = last;
	uint32_t count = DS_CLEAR_PEERS + 5;
	size_t bytes;

	(void)state;
	for (uint32_t i = 1; i <= 4 * DS_INDEX_SEGMENT; i++)
		flood(n, i);
	bytes = n->server.env.live_bytes;
	for (uint32_t i = 1; i <= count; i++)
		flood(n, i << 8);
	/* The index grows, four bytes an address */
	assert_in_range(n->server.env.live_bytes, bytes, bytes + 8 * DS_CLEAR_PEERS);
	bytes = n->server.env.live_bytes;
	for (uint32_t i = 1; i <= count; i++)
		flood(n, i << 12);
	assert_int_equal(n->server.env.live_bytes, bytes);
	memcpy(last.ip, &(uint32_t){count << 12}, 4);
	memcpy(first.ip, &(uint32_t){5 << 12}, 4); /* the last that gave way */
	assert_true(is_answered(n, &last));
	assert_false(is_answered(n, &first));
	memcpy(first.ip, &(uint32_t){6 << 12}, 4);
	assert_true(is_answered(n, &first));
	net_free(n);
}

static void test_without_memory_plaintext_is_dropped(void **state)
{
	struct net *n = allowing();
	struct ds_addr from = net_addr(99, 9);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		n->server.env.fail_alloc = n->server.env.allocs + i;
		n->server.env.fail_once = false;
		if (is_heard(n, &from))
			break;
		assert_int_equal(net_stats(n)->drop_busy, i + 1);
		assert_false(is_answered(n, &from));
	}
	n->server.env.fail_alloc = TEST_NEVER;
	assert_true(net_stats(n)->drop_busy > 0);
	assert_true(is_heard(n, &from));
	assert_true(is_answered(n, &from));
	net_free(n);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(protocols_that_begin_like_records_are_plaintext),
		TEST(what_begins_as_a_record_is_never_plaintext),
		TEST(plaintext_behind_a_record_is_no_message),
		TEST(plaintext_longer_than_a_message_is_dropped),
		TEST(plaintext_is_denied_unless_it_is_allowed),
		TEST(without_random_numbers_nothing_is_allowed),
		TEST(a_client_takes_no_plaintext),
		TEST(only_who_spoke_in_clear_is_answered_in_clear),
		TEST(who_is_silent_as_long_as_a_session_may_be_is_not_answered),
		TEST(an_address_with_a_session_is_heard_in_clear_no_more),
		TEST(a_late_answer_to_plaintext_does_not_leave_after_a_handshake),
		TEST(a_session_is_not_known_at_an_address_that_just_spoke_in_clear),
		TEST(a_session_that_moves_there_waits_as_well),
		TEST(the_end_of_the_session_gives_nothing_back),
		TEST(every_address_of_a_session_has_migrated),
		TEST(a_handshake_that_fails_migrates_nothing),
		TEST(the_next_process_knows_what_has_migrated),
		TEST(a_port_that_denies_notes_what_migrates_for_one_that_does_not),
		TEST(sessions_that_come_back_have_migrated),
		TEST(few_addresses_are_taken_for_migrated_by_mistake),
		TEST(a_network_has_a_line_a_minute_with_its_count),
		TEST(what_is_done_with_it_is_a_line_of_its_own),
		TEST(a_flood_from_many_networks_takes_no_more_memory),
		TEST(without_memory_plaintext_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
