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

/* Whoever forgot is noticed by silence */

#define ANSWER (3 * DS_SECOND)

/* A connected client that doubts, as @answer says. */
static struct net *doubting(ds_time answer)
{
	struct net *n = net_new();

	net_start_server(n);
	net_init_client(n, 0);
	n->clients[0].env.cfg.answer = answer;
	n->clients[0].env.cfg.handshake_timeout = 30 * DS_SECOND;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	return n;
}

static void restart_server(struct net *n)
{
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
	net_start_server(n);
}

static size_t handshakes(const struct net *n)
{
	return ds_engine_stats(n->clients[0].engine)->handshakes_started;
}

static void test_restarted_server_is_noticed_by_its_silence(void **state)
{
	struct net *n = doubting(ANSWER);
	ds_session before = net_client_session(n, 0);

	(void)state;
	check_echo(n);
	restart_server(n);
	net_run_for(n, 60 * DS_SECOND);
	assert_int_equal(handshakes(n), 1); /* nothing was asked */
	assert_int_equal(net_send(n, 0, "lost", 4), 0);
	net_run_for(n, ANSWER - 10 * DS_MSEC);
	assert_true(net_client_session(n, 0) == before);
	net_run_for(n, 20 * DS_MSEC);
	assert_true(net_client_session(n, 0) != before);
	assert_int_equal(handshakes(n), 2);
	check_echo(n);
	net_free(n);
}

static void test_answered_messages_raise_no_doubt(void **state)
{
	struct net *n = doubting(ANSWER);

	(void)state;
	for (int i = 0; i < 100; i++) {
		check_echo(n);
		net_run_for(n, DS_SECOND);
	}
	/* Ten messages and one answer to the last */
	for (int i = 0; i < 10; i++)
		assert_int_equal(net_send(n, 0, "more", 4), 0);
	net_run_for(n, ANSWER / 2);
	check_echo(n);
	net_run_for(n, 2 * ANSWER);
	assert_int_equal(handshakes(n), 1);
	net_free(n);
}

static void test_who_never_gets_an_answer_doubts_less_and_less(void **state)
{
	struct net *n = doubting(ANSWER);
	size_t in_minute = 0;

	(void)state;
	for (int i = 0; i < 4 * 3600; i++) {
		assert_int_equal(net_send(n, 0, "tick", 4), 0);
		net_run_for(n, DS_SECOND);
		n->server.n_messages = 0;
		n->server.n_events = n->clients[0].n_events = 0;
		net_forget_log(n);
		if (i == 60)
			in_minute = handshakes(n);
	}
	assert_in_range(in_minute, 3, 6);
	/* 3, 6, 12 ... 768 seconds, and then that often */
	assert_in_range(handshakes(n), 10 + 14400 / 800 - 4, 10 + 14400 / 768 + 2);
	check_echo(n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_free(n);
}

static void test_server_that_comes_back_is_found_soon(void **state)
{
	(void)state;
	for (int away = 1; away < 200; away += 13) {
		struct net *n = doubting(ANSWER);
		ds_session before = net_client_session(n, 0);
		int waited = 0;

		restart_server(n);
		n->rule = nobody_answers;
		for (int i = 0; i < away; i += 5) {
			assert_int_equal(net_send(n, 0, "gone", 4), 0);
			net_run_for(n, 5 * DS_SECOND);
		}
		n->rule = NULL;
		for (; net_client_session(n, 0) == before; waited += 5) {
			assert_int_equal(net_send(n, 0, "here", 4), 0);
			net_run_for(n, 5 * DS_SECOND);
			assert_in_range(waited, 0, 40);
		}
		check_echo(n);
		net_free(n);
	}
}

static void test_doubt_can_be_switched_off(void **state)
{
	struct net *n = doubting(0);

	(void)state;
	restart_server(n);
	assert_int_equal(net_send(n, 0, "lost", 4), 0);
	net_run_for(n, 3600 * DS_SECOND);
	assert_int_equal(handshakes(n), 1);
	assert_true(ds_engine_deadline(n->clients[0].engine) == DS_TIME_NEVER);
	net_free(n);
}

static void test_a_doubt_waits_for_room_and_takes_nobodys(void **state)
{
	struct net *n = net_new();
	struct net_host *h = &n->clients[0];
	struct ds_addr other = net_addr(9, 9);
	struct ds_path path = net_path(&h->addr, &other);

	(void)state;
	net_start_server(n);
	net_init_client(n, 0);
	h->env.cfg.answer = ANSWER;
	h->env.cfg.max_handshakes = 1;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(ds_engine_connect(h->engine, &path, n->now), 0);
	assert_int_equal(net_send(n, 0, "tick", 4), 0);
	net_run_for(n, ANSWER + 2 * DS_SECOND);
	assert_int_equal(ds_engine_stats(h->engine)->sessions_doubted, 0);
	assert_int_equal(net_count_events(h, DS_EVENT_FAILED), 0);
	ds_engine_limit_doubts(h->engine, 0);
	ds_engine_unreachable(h->engine, &other);
	net_drain(n, h);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(ds_engine_stats(h->engine)->sessions_doubted, 0);
	ds_engine_limit_doubts(h->engine, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(ds_engine_stats(h->engine)->sessions_doubted, 1);
	check_echo(n);
	net_free(n);
}

static void test_unreachable_server_ends_the_attempt_and_no_session(void **state)
{
	struct net *n = connected();
	ds_session before = net_client_session(n, 0);
	const struct ds_event *ev;

	(void)state;
	n->rule = nobody_answers;
	ds_engine_unreachable(n->clients[0].engine, &n->server.addr);
	assert_int_equal(net_count_events(&n->clients[0], DS_EVENT_FAILED), 0);
	net_connect(n, 0);
	ds_engine_unreachable(n->clients[0].engine, &n->server.addr);
	net_drain(n, &n->clients[0]);
	ev = net_last_event(&n->clients[0], DS_EVENT_FAILED);
	assert_non_null(ev);
	assert_int_equal(ev->reason, DS_REASON_UNREACHABLE);
	assert_int_equal(ds_engine_handshakes(n->clients[0].engine), 0);
	assert_true(net_client_session(n, 0) == before);
	n->rule = NULL;
	check_echo(n);
	net_free(n);
}

static void test_engines_that_are_alike_share_what_they_know(void **state)
{
	struct net *n = connected();
	struct net_host *h = &n->clients[0], base = *h;
	char why[DS_WHY_MAX];

	(void)state;
	assert_int_equal(ds_engine_new_like(&h->engine, base.engine, n->now, why), 0);
	h->addr.port++;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	check_echo(n);
	ds_engine_free(h->engine);
	*h = base; /* it is not touched */
	assert_int_equal(ds_engine_sessions(h->engine), 1);
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
		cmocka_unit_test(test_restarted_server_is_noticed_by_its_silence),
		cmocka_unit_test(test_answered_messages_raise_no_doubt),
		cmocka_unit_test(test_who_never_gets_an_answer_doubts_less_and_less),
		cmocka_unit_test(test_server_that_comes_back_is_found_soon),
		cmocka_unit_test(test_a_doubt_waits_for_room_and_takes_nobodys),
		cmocka_unit_test(test_doubt_can_be_switched_off),
		cmocka_unit_test(test_unreachable_server_ends_the_attempt_and_no_session),
		cmocka_unit_test(test_engines_that_are_alike_share_what_they_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
