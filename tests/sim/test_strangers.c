/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_strangers.c - what somebody who hears a handshake, and can forge its addresses, does to it
 */
#include <string.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"

static const uint8_t fatal_alert[] = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40};

/* The datagram that the client sent last and that is a hello with a cookie. */
static const struct net_datagram *hello_with_cookie(const struct net *n)
{
	const struct net_datagram *found = NULL;

	for (size_t i = 0; i < n->n_log; i++) {
		const struct net_datagram *d = &n->log[i];

		if (d->to.port == n->server.addr.port && d->data[13] == DS_CLIENT_HELLO)
			found = d;
	}
	return found;
}

static enum net_fate no_answer(void *ctx, size_t i, bool to_server, const uint8_t *data, size_t len)
{
	(void)ctx, (void)i, (void)len;
	return to_server && data[13] != DS_CLIENT_HELLO ? NET_DROP : NET_PASS;
}

/* A handshake that waits for the client's answer to the server's flight; the client is gone then. */
static struct net *half_open(struct net_datagram *hello, uint8_t copy[2048])
{
	struct net *n = net_new();

	n->rule = no_answer;
	n->server.env.cfg.handshake_timeout = 60 * DS_SECOND; /* cookies live longer */
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 0);
	*hello = *hello_with_cookie(n);
	memcpy(copy, hello->data, hello->len);
	hello->data = copy;
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	ds_engine_free(n->clients[0].engine);
	n->clients[0].engine = NULL;
	return n;
}

static void replay(struct net *n, const struct net_datagram *hello)
{
	net_inject(n, &hello->from, &n->server.addr, hello->data, hello->len);
	net_run_for(n, 0);
}

static void test_copies_of_a_hello_do_not_repeat_the_flight(void **state)
{
	struct net_datagram hello;
	uint8_t copy[2048];
	struct net *n = half_open(&hello, copy);
	uint64_t sent = net_stats(n)->tx_handshake;

	(void)state;
	for (int i = 0; i < 500; i++)
		replay(n, &hello);
	assert_int_equal(net_stats(n)->tx_handshake, sent);
	assert_int_equal(net_stats(n)->drop_replay, 500);
	net_run_for(n, 2 * DS_SECOND); /* our timer does */
	assert_true(net_stats(n)->tx_handshake > sent);
	net_free(n);
}

static void test_a_cookie_of_a_handshake_that_failed_begins_no_other(void **state)
{
	struct net_datagram hello;
	uint8_t copy[2048];
	struct net *n = half_open(&hello, copy);

	(void)state;
	net_run_for(n, n->server.env.cfg.handshake_timeout);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	replay(n, &hello);
	assert_int_equal(net_stats(n)->handshakes_started, 1);
	assert_int_equal(net_stats(n)->hello_verify, 1); /* the cookie itself is good */
	net_init_client(n, 1);
	n->clients[1].addr = hello.from; /* the device has begun anew */
	n->clients[0].addr.port++;
	n->clients[1].env.seed = 4711;
	n->rule = NULL;
	net_connect(n, 1);
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 1));
	net_free(n);
}

static void test_hellos_beyond_a_number_are_dropped_and_others_with_cookie_answered(void **state)
{
	struct net_datagram hello, first;
	uint8_t copy[2048];
	struct net *n = half_open(&hello, copy);
	uint64_t answered;

	(void)state;
	first = n->log[0]; /* its hello without a cookie */
	net_run_for(n, DS_SECOND);
	answered = net_stats(n)->hello_verify;
	for (int i = 0; i < 1000; i++) {
		net_inject(n, &n->clients[5].addr, &n->server.addr, first.data, first.len);
		net_run_for(n, 0);
	}
	assert_int_equal(net_stats(n)->hello_verify, answered + 512);
	assert_int_equal(net_stats(n)->drop_hello_rate, 488);
	hello.from.port++; /* not its own cookie: looked at all the same */
	replay(n, &hello);
	assert_int_equal(net_stats(n)->hello_verify, answered + 513);
	net_run_for(n, DS_SECOND / 64);
	net_inject(n, &n->clients[5].addr, &n->server.addr, first.data, first.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->hello_verify, answered + 514);
	net_free(n);
}

/* Alerts in clear */

static enum net_fate alerts_with_flights(void *ctx, size_t i, bool to_server, const uint8_t *data,
					 size_t len)
{
	struct net *n = ctx;
	struct net_datagram *d = &n->log[n->n_log - 1];

	(void)i, (void)len;
	/* One to each side, as if from the other, before every datagram of a handshake */
	if (data[0] == DS_HANDSHAKE && data[13] != DS_CLIENT_HELLO) {
		net_inject(n, &d->from, &d->to, fatal_alert, sizeof(fatal_alert));
		net_inject(n, &d->to, &d->from, fatal_alert, sizeof(fatal_alert));
	}
	(void)to_server;
	return NET_PASS;
}

static void test_a_forged_alert_in_clear_ends_no_handshake(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->rule = alerts_with_flights;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 0));
	assert_true(net_stats(n)->drop_plain_alert > 0);
	net_free(n);
}

static void test_an_alert_in_clear_is_the_reason_if_nothing_else_comes(void **state)
{
	struct net_datagram hello;
	uint8_t copy[2048];
	struct net *n = half_open(&hello, copy);
	const struct ds_event *ev;

	(void)state;
	net_inject(n, &hello.from, &n->server.addr, fatal_alert, sizeof(fatal_alert));
	net_run_for(n, 2 * DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	net_run_for(n, 2 * DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	ev = net_last_event(&n->server, DS_EVENT_FAILED);
	assert_int_equal(ev->reason, DS_REASON_PEER_ALERT);
	assert_int_equal(ev->alert, 40);
	net_free(n);
}

/* Memory */

/* As pion sends it: type tls12_cid, epoch 0, the inner type behind the alert. */
static void test_an_alert_in_clear_with_our_cid_is_a_reason_too(void **state)
{
	uint8_t alert[] = {25, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 3,  1,
			   2,  3,    4,	   5, 6, 7, 8, 0, 3, 2, 42, 21};
	struct net_datagram hello;
	uint8_t copy[2048];
	struct net *n = half_open(&hello, copy);
	const struct ds_handshake *h = TAILQ_FIRST(&n->server.engine->running);

	(void)state;
	net_inject(n, &hello.from, &n->server.addr, alert,
		   sizeof(alert)); /* of another handshake */
	net_run_for(n, 4 * DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	memcpy(alert + 11, h->cid, n->server.env.cfg.cid_length);
	net_inject(n, &hello.from, &n->server.addr, alert, sizeof(alert));
	net_run_for(n, 4 * DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_PEER_ALERT);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->alert, 42);
	assert_int_equal(net_stats(n)->drop_plain_alert, 2);
	net_free(n);
}

static void test_all_handshakes_together_hold_few_records(void **state)
{
	static const uint8_t secret[4096] = {23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0x0f, 0xf3};
	struct net *n = net_new();
	size_t before;

	(void)state;
	n->server.env.cfg.max_handshakes = 400;
	n->rule = no_answer;
	net_start_server(n);
	before = n->server.env.live_bytes;
	for (uint16_t i = 0; i < 380; i++) {
		net_init_client(n, 7);
		n->clients[7].addr.ip[1] = (uint8_t)i;
		n->clients[7].addr.port = (uint16_t)(1000 + i);
		net_connect(n, 7);
		net_run_for(n, 0);
		for (int k = 0; k < 16; k++)
			net_inject(n, &n->clients[7].addr, &n->server.addr, secret, sizeof(secret));
		net_run_for(n, DS_SECOND / 20);
		net_forget_log(n);
		n->server.n_events = 0;
		ds_engine_free(n->clients[7].engine);
		n->clients[7].engine = NULL;
	}
	assert_true(n->server.engine->held <= 16 << 20);
	assert_true(net_stats(n)->drop_held > 1000);
	assert_true(n->server.env.live_bytes - before < (60 << 20));
	n->rule = NULL;
	net_connect(n, 0); /* and who comes with no more than a handshake gets in */
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	for (ds_time end = n->now + n->server.env.cfg.handshake_timeout; n->now < end;) {
		n->server.n_events = 0;
		net_run_for(n, DS_SECOND);
	}
	assert_int_equal(n->server.engine->held, 0);
	net_free(n);
}

static void test_a_hello_for_which_there_is_no_room_begins_with_its_repetition(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	n->server.engine->held = 16 << 20; /* by others */
	net_connect(n, 0);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->drop_held, 1);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	n->server.engine->held = 0;
	net_run_for(n, 2 * DS_SECOND);
	assert_true(net_established(n, 0));
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies_of_a_hello_do_not_repeat_the_flight),
		cmocka_unit_test(test_a_cookie_of_a_handshake_that_failed_begins_no_other),
		cmocka_unit_test(
			test_hellos_beyond_a_number_are_dropped_and_others_with_cookie_answered),
		cmocka_unit_test(test_a_forged_alert_in_clear_ends_no_handshake),
		cmocka_unit_test(test_an_alert_in_clear_is_the_reason_if_nothing_else_comes),
		cmocka_unit_test(test_an_alert_in_clear_with_our_cid_is_a_reason_too),
		cmocka_unit_test(test_all_handshakes_together_hold_few_records),
		cmocka_unit_test(
			test_a_hello_for_which_there_is_no_room_begins_with_its_repetition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
