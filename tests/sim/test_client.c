/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_client.c - the client role: connecting again, and servers that forgot or do not answer
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/net.h"

static struct net *connected(void)
{
	struct net *n = net_new();

	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	return n;
}

static void check_echo(struct net *n)
{
	size_t to = n->server.n_messages, back = n->clients[0].n_messages;

	assert_int_equal(net_send(n, 0, "echo", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, to + 1);
	assert_int_equal(net_reply(n, n->server.messages[to].session, "back", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[0].n_messages, back + 1);
}

static enum net_fate hold_server_flight(void *ctx, size_t i, bool to_server, const uint8_t *data,
					size_t len)
{
	(void)ctx, (void)i, (void)len;
	return !to_server && data[0] == 22 && data[13] == 2 ? NET_LATE : NET_PASS;
}

static void test_old_session_goes_on_until_the_new_one_is_there(void **state)
{
	struct net *n = connected();
	ds_session before = net_client_session(n, 0);

	(void)state;
	check_echo(n);
	n->rule = hold_server_flight;
	net_connect(n, 0);
	net_run_for(n, 10 * DS_MSEC);
	assert_true(net_client_session(n, 0) == before);
	check_echo(n);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_client_session(n, 0) != before);
	check_echo(n);
	assert_int_equal(ds_engine_sessions(n->clients[0].engine), 1);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_int_equal(net_count_events(&n->clients[0], DS_EVENT_CLOSED), 1);
	net_free(n);
}

static void test_connecting_twice_makes_one_session(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	net_connect(n, 0);
	net_connect(n, 0);
	net_run_for(n, 5 * DS_SECOND);
	assert_true(net_established(n, 0));
	assert_int_equal(net_count_events(&n->clients[0], DS_EVENT_ESTABLISHED), 1);
	assert_int_equal(net_count_events(&n->clients[0], DS_EVENT_FAILED), 0);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	check_echo(n);
	net_free(n);
}

static void test_server_that_forgot_is_connected_to_again(void **state)
{
	struct net *n = connected();

	(void)state;
	check_echo(n);
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
	net_start_server(n);
	assert_int_equal(net_send(n, 0, "lost", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_stats(n->server.engine)->drop_unknown_cid, 1);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	check_echo(n);
	net_free(n);
}

static enum net_fate nobody_answers(void *ctx, size_t i, bool to_server, const uint8_t *data,
				    size_t len)
{
	(void)ctx, (void)i, (void)data, (void)len;
	return to_server ? NET_DROP : NET_PASS;
}

static void test_attempt_without_answer_fails_and_keeps_the_old_session(void **state)
{
	struct net *n = connected();
	ds_session before = net_client_session(n, 0);
	const struct ds_event *ev;

	(void)state;
	check_echo(n);
	n->rule = nobody_answers;
	net_connect(n, 0);
	net_run_for(n, n->clients[0].env.cfg.handshake_timeout + DS_SECOND);
	n->rule = NULL;
	ev = net_last_event(&n->clients[0], DS_EVENT_FAILED);
	assert_non_null(ev);
	assert_int_equal(ev->reason, DS_REASON_TIMEOUT);
	assert_true(ds_addr_equal(&ev->info.peer, &n->server.addr));
	assert_true(net_client_session(n, 0) == before);
	assert_int_equal(ds_engine_handshakes(n->clients[0].engine), 0);
	check_echo(n);
	net_free(n);
}

static void test_new_port_is_a_new_session_of_the_same_identity(void **state)
{
	struct net *n = connected();
	ds_session before = net_server_session(n, 0);

	(void)state;
	check_echo(n);
	n->clients[0].addr.port++; /* the NAT forgot; the client begins anew */
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_server_session(n, 0) != before);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_int_equal(ds_engine_sessions(n->clients[0].engine), 1);
	check_echo(n);
	net_free(n);
}

static void test_server_cannot_connect(void **state)
{
	struct net *n = net_new();
	struct ds_addr a = net_addr(9, 9);
	struct ds_path path = net_path(&n->server.addr, &a);

	(void)state;
	net_start_server(n);
	assert_int_equal(ds_engine_connect(n->server.engine, &path, n->now), DS_E_CONFIG);
	net_free(n);
}

static void test_hello_for_a_client_is_dropped(void **state)
{
	struct net *n = connected();
	struct net_datagram hello = n->log[0];

	(void)state;
	net_inject(n, &n->server.addr, &n->clients[0].addr, hello.data, hello.len);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_stats(n->clients[0].engine)->drop_plain_other, 1);
	check_echo(n);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old_session_goes_on_until_the_new_one_is_there),
		cmocka_unit_test(test_connecting_twice_makes_one_session),
		cmocka_unit_test(test_server_that_forgot_is_connected_to_again),
		cmocka_unit_test(test_attempt_without_answer_fails_and_keeps_the_old_session),
		cmocka_unit_test(test_new_port_is_a_new_session_of_the_same_identity),
		cmocka_unit_test(test_server_cannot_connect),
		cmocka_unit_test(test_hello_for_a_client_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
