/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"

static struct net *connected(size_t clients)
{
	struct net *n = net_new();

	net_start_server(n);
	for (size_t i = 0; i < clients; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	for (size_t i = 0; i < clients; i++)
		assert_true(net_established(n, i));
	return n;
}

static const struct ds_stats *stats(struct net *n)
{
	return ds_engine_stats(n->server.engine);
}

/* A record of client @i's, kept back. */
struct held {
	uint8_t data[256];
	size_t len;
};

static struct held hold(struct net *n, size_t i)
{
	struct held h;

	h.len = net_seal(n, &n->clients[i], net_client_session(n, i), "held", 4, h.data,
			 sizeof(h.data));
	return h;
}

static void release(struct net *n, const struct held *h, const struct ds_addr *from)
{
	net_inject(n, from, &n->server.addr, h->data, h->len);
	net_run_for(n, 0);
}

static void speak(struct net *n, size_t i)
{
	assert_int_equal(net_send(n, i, "x", 1), 0);
	net_run_for(n, 0);
}

static ds_session who_is_at(struct net *n, const struct ds_addr *a)
{
	return ds_engine_find(n->server.engine, a);
}

static void test_address_taken_by_a_spoofed_source_does_not_come_along(void **state)
{
	struct net *n = connected(2);
	ds_session a = net_server_session(n, 0), b = net_server_session(n, 1);
	struct ds_addr victim = n->clients[1].addr;
	struct held spoofed;

	(void)state;
	speak(n, 0);
	speak(n, 1);
	net_run_for(n, 60 * DS_SECOND); /* client 1 listens */
	spoofed = hold(n, 0);
	release(n, &spoofed, &victim);
	assert_true(who_is_at(n, &victim) == a); /* what goes there goes to that address */
	speak(n, 0);
	/* What the application has for client 1 must not follow client 0. */
	assert_int_equal(who_is_at(n, &victim), 0);
	speak(n, 1);
	assert_true(who_is_at(n, &victim) == b);
	assert_true(who_is_at(n, &n->clients[0].addr) == a);
	net_free(n);
}

static void test_unproven_address_is_forgotten_when_the_peer_moves_on(void **state)
{
	struct net *n = connected(1);
	struct ds_addr spoofed = net_addr(99, 99);
	struct held h;

	(void)state;
	speak(n, 0);
	h = hold(n, 0);
	release(n, &h, &spoofed);
	speak(n, 0);
	assert_int_equal(who_is_at(n, &spoofed), 0);
	net_free(n);
}

/* Client 0 sleeps; client 1 shakes hands from the address it had, and speaks. */
static struct ds_addr taken_by_handshake(struct net *n)
{
	struct ds_addr at = n->clients[0].addr;

	n->clients[0].addr = net_addr(77, 7);
	n->clients[1].addr = at;
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	return at;
}

static void late_record_of_the_former_owner(enum ds_peer_address mode)
{
	struct net *n = net_new();
	struct held old;
	struct ds_addr at;
	ds_session b;
	size_t before;

	n->server.env.cfg.peer_address = mode;
	net_start_server(n);
	net_connect(n, 0);
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	old = hold(n, 0);
	speak(n, 0);
	at = taken_by_handshake(n);
	speak(n, 1);
	b = who_is_at(n, &at);
	assert_true(b != 0);
	before = n->server.n_messages;
	release(n, &old, &n->clients[0].addr); /* authentic, not newer, from elsewhere */
	assert_true(who_is_at(n, &at) == b);
	assert_int_equal(n->server.n_messages, before); /* by what name? */
	speak(n, 0);
	assert_true(who_is_at(n, &at) == b);
	assert_int_equal(n->server.n_messages, before + 1);
	net_free(n);
}

static void test_late_record_of_the_former_owner_does_not_take_the_address_back(void **state)
{
	(void)state;
	late_record_of_the_former_owner(DS_PEER_CURRENT);
	late_record_of_the_former_owner(DS_PEER_STABLE);
}

static void test_stable_address_is_not_taken_by_a_session_that_lost_its_own(void **state)
{
	struct net *n = net_new();
	ds_session c;
	struct ds_addr stable;
	struct held spoofed;

	(void)state;
	n->server.env.cfg.peer_address = DS_PEER_STABLE;
	net_start_server(n);
	for (size_t i = 0; i < 3; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	stable = n->clients[2].addr;
	c = net_server_session(n, 2);
	taken_by_handshake(n); /* client 0 has no visible address now */
	speak(n, 1);
	net_run_for(n, 60 * DS_SECOND);
	spoofed = hold(n, 0);
	release(n, &spoofed, &stable);
	assert_true(who_is_at(n, &stable) == c);
	net_free(n);
}

static void test_late_reply_for_an_alias_is_not_for_the_new_session_there(void **state)
{
	struct net *n = connected(2);
	struct ds_addr at = n->clients[0].addr;

	(void)state;
	speak(n, 0);
	n->clients[0].addr = net_addr(77, 7);
	speak(n, 0); /* moved; the application may still use @at */
	assert_true(who_is_at(n, &at) != 0);
	n->clients[1].addr = at;
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(who_is_at(n, &at), 0);
	speak(n, 1);
	assert_true(who_is_at(n, &at) != 0);
	net_free(n);
}

static void test_late_reply_is_not_for_another_peer_without_cid(void **state)
{
	struct net *n = net_new();
	struct ds_addr at;

	(void)state;
	n->server.env.cfg.cid_length = 0;
	net_start_server(n);
	net_connect(n, 0);
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	speak(n, 0);
	at = taken_by_handshake(n);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.identity[3], '1');
	assert_int_equal(who_is_at(n, &at), 0);
	speak(n, 1);
	assert_true(who_is_at(n, &at) != 0);
	net_free(n);
}

static void test_more_than_an_event_queue_of_sessions_of_one_identity(void **state)
{
	struct net *n = net_new();
	const size_t many = 3 * DS_EVENTS;
	size_t total = 0;

	(void)state;
	n->server.env.cfg.one_per_identity = false;
	n->server.env.cfg.max_sessions = 1000;
	net_start_server(n);
	for (size_t i = 0; i < many; i++) {
		net_init_client(n, 0);
		n->clients[0].addr.port = (uint16_t)(1000 + i);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
		ds_engine_free(n->clients[0].engine);
		n->clients[0].engine = NULL;
		n->server.n_events = n->clients[0].n_events = 0;
	}
	assert_int_equal(ds_engine_sessions(n->server.engine), many);
	while (ds_engine_close_identity(n->server.engine, (const uint8_t *)"dev0", 4, n->now)) {
		net_drain(n, &n->server);
		total += n->server.n_events;
		n->server.n_events = 0;
	}
	net_drain(n, &n->server);
	total += n->server.n_events;
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(total, many);
	assert_int_equal(stats(n)->drop_queue, 0);
	net_free(n);
}

static void test_memory_shortage_at_the_end_of_a_handshake_leaves_the_old_session(void **state)
{
	struct net *n = connected(1);
	ds_session s = net_server_session(n, 0);

	(void)state;
	speak(n, 0);
	for (size_t k = 0; k < 200; k++) {
		n->server.env.fail_alloc = n->server.env.allocs + k;
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 10);
		n->server.env.fail_alloc = TEST_NEVER;
		net_run_for(n, 100 * DS_SECOND);
		if (!(net_server_session(n, 0) == s || net_established(n, 0))) {
			for (size_t i = 0; i < n->server.n_events; i++)
				print_message("k %zu event %d reason %s\n", k, n->server.events[i].type, ds_reason_name(n->server.events[i].reason));
		}
		n->server.n_events = n->clients[0].n_events = 0;
		assert_true(net_server_session(n, 0) == s || net_established(n, 0));
		s = net_server_session(n, 0);
	}
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_taken_by_a_spoofed_source_does_not_come_along),
		cmocka_unit_test(test_unproven_address_is_forgotten_when_the_peer_moves_on),
		cmocka_unit_test(test_late_record_of_the_former_owner_does_not_take_the_address_back),
		cmocka_unit_test(test_stable_address_is_not_taken_by_a_session_that_lost_its_own),
		cmocka_unit_test(test_late_reply_for_an_alias_is_not_for_the_new_session_there),
		cmocka_unit_test(test_late_reply_is_not_for_another_peer_without_cid),
		cmocka_unit_test(test_memory_shortage_at_the_end_of_a_handshake_leaves_the_old_session),
		cmocka_unit_test(test_more_than_an_event_queue_of_sessions_of_one_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
