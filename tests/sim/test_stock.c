/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_stock.c - clients that do what ours never do: other extensions, strange identities
 */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/ssl.h>

#include "tests/sim/net.h"
#include "tests/sim/stock.h"

static void test_server_refuses_a_client_without_ems_unless_told_otherwise(void **state)
{
	(void)state;
	for (int required = 0; required < 3; required++) {
		struct stock_options o = {.no_ems = true};
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);

		n->server.env.cfg.require_ems = required;
		net_start_server(n);
		if (required == DS_EMS_EVERYBODY) {
			assert_int_equal(stock_connect(s), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
			assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
					 DS_REASON_NO_EMS);
			assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->alert, 40);
			assert_int_equal(n->server.n_lookups, 0);
		} else {
			assert_int_equal(stock_connect(s), 0);
			assert_int_equal(stock_send(s, "x", 1), 1);
			assert_int_equal(n->server.n_messages, 1);
		}
		stock_free(s);
		net_free(n);
	}
}

static void test_stock_client_with_and_without_cid(void **state)
{
	(void)state;
	for (int no_cid = 0; no_cid < 2; no_cid++) {
		struct stock_options o = {.no_cid = no_cid};
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);
		char buf[16];

		net_start_server(n);
		assert_int_equal(stock_connect(s), 0);
		assert_int_equal(stock_send(s, "ping", 4), 4);
		assert_int_equal(n->server.n_messages, 1);
		assert_int_equal(net_reply(n, n->server.messages[0].session, "pong!", 5), 0);
		assert_int_equal(stock_receive(s, buf, sizeof(buf)), 5);
		assert_true(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.cid_used ==
			    !no_cid);
		stock_free(s);
		net_free(n);
	}
}

static void test_no_message_is_longer_than_the_peer_takes(void **state)
{
	static uint8_t data[DS_PAYLOAD_MAX + 1], buf[DS_PAYLOAD_MAX];
	static const size_t limits[] = {DS_PAYLOAD_MAX, 512, 1024, 2048, 4096};

	(void)state;
	for (unsigned char code = 0; code < TEST_COUNT(limits); code++) {
		struct stock_options o = {.fragment = code};
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);
		ds_session session;

		net_start_server(n);
		assert_int_equal(stock_connect(s), 0);
		assert_int_equal(stock_send(s, "x", 1), 1);
		session = n->server.messages[0].session;
		assert_int_equal(net_reply(n, session, data, limits[code] + 1), DS_E_TOOBIG);
		assert_int_equal(net_reply(n, session, data, limits[code]), 0);
		if (code) /* it has no room for a whole record */
			assert_int_equal(stock_receive(s, buf, sizeof(buf)), limits[code]);
		stock_free(s);
		net_free(n);
	}
}

/* Identities */

static void test_identity_is_compared_byte_by_byte(void **state)
{
	static const struct {
		const char *identity;
		size_t len;
		bool known;
	} cases[] = {
		{"dev1", 4, true},	{"dev1", 5, false},  {"dev1\0x", 6, false},
		{"dev", 3, false},	{"dev1 ", 5, false}, {"\0dev1", 5, false},
		{"\xff\xfe", 2, false},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct net *n = net_new();

		net_init_client(n, 0);
		memcpy(n->clients[0].env.cfg.psk_identity, cases[i].identity, cases[i].len);
		n->clients[0].env.cfg.psk_identity_len = cases[i].len;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, 10 * DS_SECOND);
		assert_int_equal(n->server.lookups[0].identity_len, cases[i].len);
		assert_memory_equal(n->server.lookups[0].identity, cases[i].identity, cases[i].len);
		assert_true(net_established(n, 0) == cases[i].known);
		if (!cases[i].known)
			assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
					 DS_REASON_PSK_UNKNOWN);
		net_free(n);
	}
}

static void test_identity_of_1_to_129_bytes(void **state)
{
	static const size_t lens[] = {1, 127, 128, 129, 1000};
	static char identity[1000];

	(void)state;
	memset(identity, 'i', sizeof(identity));
	for (size_t i = 0; i < TEST_COUNT(lens); i++) {
		struct stock_options o = {.identity = identity, .identity_len = lens[i]};
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);
		int ret;

		n->server.any_identity = true;
		net_start_server(n);
		ret = stock_connect(s);
		if (lens[i] <= DS_IDENTITY_MAX) {
			assert_int_equal(ret, 0);
			assert_int_equal(
				net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.identity_len,
				lens[i]);
		} else {
			assert_int_equal(n->server.n_lookups, 0);
			assert_int_equal(ret, MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
			assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
					 DS_REASON_PSK_UNKNOWN);
			assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->alert, 115);
		}
		stock_free(s);
		net_free(n);
	}
}

/* The client's ClientKeyExchange becomes one without identity. */
static enum net_fate cut_identity(void *ctx, size_t i, bool to_server, const uint8_t *data,
				  size_t len)
{
	static const uint8_t body[2];
	struct test_message m = {16, 2, body, 2, 0, 2};
	struct test_record r = {.type = 22, .seq = 77};
	struct test_bytes message = {0}, record = {0};
	struct net *n = ctx;

	(void)i, (void)len;
	if (!to_server || data[0] != 22 || data[13] != 16)
		return NET_PASS;
	test_put_message(&message, &m);
	r.fragment = message.data;
	r.len = message.len;
	test_put_record(&record, &r);
	net_inject(n, &n->clients[0].addr, &n->server.addr, record.data, record.len);
	return NET_DROP;
}

static void test_nobody_is_asked_about_an_identity_of_no_bytes(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.any_identity = true;
	n->rule = cut_identity;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(n->server.n_lookups, 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_PROTOCOL);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_refuses_a_client_without_ems_unless_told_otherwise),
		cmocka_unit_test(test_stock_client_with_and_without_cid),
		cmocka_unit_test(test_no_message_is_longer_than_the_peer_takes),
		cmocka_unit_test(test_identity_is_compared_byte_by_byte),
		cmocka_unit_test(test_identity_of_1_to_129_bytes),
		cmocka_unit_test(test_nobody_is_asked_about_an_identity_of_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
