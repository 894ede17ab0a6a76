/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_sessions.c - established sessions between two engines: data, CID, rebinding, closing, limits
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/net.h"

static void test_handshake_then_echo(void **state)
{
	struct net *n = net_connected(1);
	const struct ds_event *ev = net_last_event(&n->server, DS_EVENT_ESTABLISHED);

	(void)state;
	assert_non_null(ev);
	assert_int_equal(ev->info.identity_len, 4);
	assert_memory_equal(ev->info.identity, "dev0", 4);
	assert_true(ev->info.cid_used);
	assert_int_equal(ev->info.cid_len, 8);
	assert_int_equal(net_send(n, 0, "hello", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_memory_equal(n->server.messages[0].head, "hello", 5);
	assert_int_equal(net_reply(n, n->server.messages[0].session, "world!", 6), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[0].n_messages, 1);
	assert_memory_equal(n->clients[0].messages[0].head, "world!", 6);
	net_free(n);
}

static void test_every_suite_carries_messages_up_to_16_kb(void **state)
{
	static uint8_t big[DS_PAYLOAD_MAX + 1];

	(void)state;
	for (size_t i = 0; ds_suite_at(i); i++) {
		const struct ds_suite *s = ds_suite_find(ds_suite_at(i));
		struct net *n;

		if (!s->psk)
			continue;
		n = net_new();
		net_init_client(n, 0);
		n->clients[0].env.cfg.suites[0] = s->id;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
		assert_true(net_established(n, 0));
		assert_int_equal(net_send(n, 0, big, DS_PAYLOAD_MAX), 0);
		assert_int_equal(net_send(n, 0, big, DS_PAYLOAD_MAX + 1), DS_E_TOOBIG);
		net_run_for(n, 0);
		assert_int_equal(n->server.n_messages, 1);
		assert_int_equal(n->server.messages[0].len, DS_PAYLOAD_MAX);
		net_free(n);
	}
}

static void test_empty_message_arrives(void **state)
{
	struct net *n = net_connected(1);

	(void)state;
	assert_int_equal(net_send(n, 0, "", 0), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(n->server.messages[0].len, 0);
	net_free(n);
}

static void test_replayed_record_is_dropped(void **state)
{
	struct net *n = net_connected(1);
	struct net_datagram last;

	(void)state;
	net_send(n, 0, "once", 4);
	net_run_for(n, 0);
	last = n->log[n->n_log - 1];
	for (int i = 0; i < 5; i++)
		net_inject(n, &last.from, &last.to, last.data, last.len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(net_stats(n)->drop_replay, 5);
	net_free(n);
}

static void move(struct net *n, size_t i, uint16_t port)
{
	n->clients[i].addr.port = port;
}

static void test_rebinding_keeps_the_session(void **state)
{
	struct net *n = net_connected(1);
	ds_session s = net_server_session(n, 0);
	struct ds_addr old = n->clients[0].addr;

	(void)state;
	net_send(n, 0, "a", 1);
	net_run_for(n, 0);
	move(n, 0, 50000);
	net_send(n, 0, "b", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 2);
	assert_true(n->server.messages[1].session == s);
	assert_int_equal(n->server.messages[1].peer.port, 50000);
	assert_int_equal(net_stats(n)->handshakes_done, 1);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_REBOUND), 1);
	assert_true(net_server_session(n, 0) == s);
	assert_true(ds_engine_find(n->server.engine, &old) == s);
	assert_int_equal(net_reply(n, s, "c", 1), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[0].n_messages, 1);
	net_free(n);
}

static void test_stable_peer_address_survives_rebinding(void **state)
{
	struct net *n = net_new();
	struct ds_addr first;

	(void)state;
	n->server.env.cfg.peer_address = DS_PEER_STABLE;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	first = n->clients[0].addr;
	move(n, 0, 50000);
	net_send(n, 0, "b", 1);
	net_run_for(n, 0);
	assert_true(ds_addr_equal(&n->server.messages[0].peer, &first));
	assert_int_equal(net_reply(n, ds_engine_find(n->server.engine, &first), "c", 1), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[0].n_messages, 1);
	net_free(n);
}

static void test_old_record_from_a_new_address_does_not_move_the_session(void **state)
{
	struct net *n = net_connected(1);
	struct ds_addr elsewhere = net_addr(99, 9999);
	uint8_t held[256];
	ds_session c = net_client_session(n, 0);
	size_t len = net_seal(n, &n->clients[0], c, "held", 4, held, sizeof(held));

	(void)state;
	net_send(n, 0, "newer", 5);
	net_run_for(n, 0);
	net_inject(n, &elsewhere, &n->server.addr, held, len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 2);
	assert_int_equal(net_stats(n)->rebinds, 0);
	assert_true(net_server_session(n, 0) != 0);
	assert_int_equal(ds_engine_find(n->server.engine, &elsewhere), 0);
	net_free(n);
}

static void test_replay_or_forgery_from_a_new_address_does_not_move_the_session(void **state)
{
	struct net *n = net_connected(1);
	struct ds_addr elsewhere = net_addr(99, 9999);
	struct net_datagram last;

	(void)state;
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	last = n->log[n->n_log - 1];
	net_inject(n, &elsewhere, &n->server.addr, last.data, last.len);
	last.data[10]++; /* sequence number: newer, but not authentic */
	net_inject(n, &elsewhere, &n->server.addr, last.data, last.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->rebinds, 0);
	assert_int_equal(net_stats(n)->drop_replay, 1);
	assert_int_equal(net_stats(n)->drop_bad_mac, 1);
	assert_int_equal(n->server.n_messages, 1);
	net_free(n);
}

static void test_rebind_never_delivers_but_stays(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.rebind = DS_REBIND_NEVER;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	move(n, 0, 50000);
	net_send(n, 0, "b", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(net_stats(n)->rebinds, 0);
	net_free(n);
}

static void test_unproven_address_gets_three_times_what_it_sent(void **state)
{
	static uint8_t payload[1000];
	struct net *n = net_new();
	struct net_datagram *last;
	size_t got, sent = 0;
	ds_session s;

	(void)state;
	n->server.env.cfg.rrc = DS_RRC_OFF;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	s = net_server_session(n, 0);
	move(n, 0, 50000);
	net_send(n, 0, payload, 100);
	net_run_for(n, 0);
	got = n->log[n->n_log - 1].len;
	while (net_reply(n, s, payload, 100) == 0) {
		last = &n->log[n->n_log - 1];
		sent += last->len;
		assert_true(sent <= 3 * got);
	}
	assert_true(sent > 2 * got);
	assert_int_equal(net_reply(n, s, payload, 100), DS_E_BUDGET);
	net_run_for(n, 0);
	for (int i = 0; i < 6; i++) { /* newer records over some seconds prove it */
		net_run_for(n, DS_SECOND);
		net_send(n, 0, "ping", 4);
		net_run_for(n, 0);
	}
	for (int i = 0; i < 20; i++)
		assert_int_equal(net_reply(n, s, payload, 1000), 0);
	net_free(n);
}

static void test_two_sessions_never_share_an_address(void **state)
{
	struct net *n = net_connected(2);
	ds_session a = net_server_session(n, 0), b;
	struct ds_addr at = n->clients[0].addr;

	(void)state;
	net_send(n, 0, "a", 1);
	net_run_for(n, 0);
	/* Client 0 sleeps; client 1's next handshake comes from the port the NAT gave it. */
	n->clients[0].addr = net_addr(77, 7);
	n->clients[1].addr = at;
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_stats(n)->handshakes_done, 3);
	/* A late reply for client 0 must not go to client 1, which has not spoken yet. */
	assert_int_equal(ds_engine_find(n->server.engine, &at), 0);
	net_send(n, 1, "b", 1);
	net_run_for(n, 0);
	/* Nor once it has, while an answer may still be under way. */
	assert_int_equal(ds_engine_find(n->server.engine, &at), 0);
	net_run_for(n, 7 * DS_SECOND);
	net_send(n, 1, "b", 1);
	net_run_for(n, 0);
	b = ds_engine_find(n->server.engine, &at);
	assert_true(b != 0 && b != a);
	/* Client 0 wakes elsewhere: same session, its own address. */
	net_send(n, 0, "a2", 2);
	net_run_for(n, 0);
	assert_true(ds_engine_find(n->server.engine, &n->clients[0].addr) == a);
	assert_true(ds_engine_find(n->server.engine, &at) == b);
	net_free(n);
}

static void test_address_in_use_is_not_taken_over_by_rebinding(void **state)
{
	struct net *n = net_connected(2);
	ds_session a = net_server_session(n, 0), b = net_server_session(n, 1);
	uint8_t record[2][256];
	size_t len[2];

	(void)state;
	net_send(n, 0, "a", 1);
	net_send(n, 1, "b", 1);
	net_run_for(n, 0);
	for (int i = 0; i < 2; i++)
		len[i] = net_seal(n, &n->clients[0], net_client_session(n, 0), "stolen", 6,
				  record[i], sizeof(record[i]));
	/* Client 1 kept client 0's records from arriving and sends them itself. */
	net_inject(n, &n->clients[1].addr, &n->server.addr, record[0], len[0]);
	net_run_for(n, 0);
	assert_true(n->server.messages[2].session == a);
	assert_true(ds_addr_equal(&n->server.messages[2].peer, &n->clients[0].addr));
	assert_true(net_server_session(n, 1) == b);
	/* Long after client 1 was last heard, the port may have become client 0's. */
	net_run_for(n, 60 * DS_SECOND);
	net_inject(n, &n->clients[1].addr, &n->server.addr, record[1], len[1]);
	net_run_for(n, 0);
	assert_true(net_server_session(n, 1) == a);
	net_free(n);
}

static void test_close_notify_ends_both_sides_and_late_data_is_dropped(void **state)
{
	struct net *n = net_connected(1);
	uint8_t late[256];
	size_t len;

	(void)state;
	len = net_seal(n, &n->clients[0], net_client_session(n, 0), "late", 4, late, sizeof(late));
	ds_engine_close(n->clients[0].engine, net_client_session(n, 0), n->now);
	net_drain(n, &n->clients[0]);
	net_run_for(n, 0);
	assert_int_equal(net_server_session(n, 0), 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason,
			 DS_REASON_PEER_CLOSED);
	net_inject(n, &n->clients[0].addr, &n->server.addr, late, len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 0);
	assert_int_equal(net_stats(n)->drop_unknown_cid, 1);
	net_free(n);
}

static void test_name_of_an_ended_session_is_not_that_of_the_next(void **state)
{
	struct net *n = net_connected(1);
	ds_session old = net_server_session(n, 0), next;
	struct ds_session_info info;

	(void)state;
	ds_engine_close(n->server.engine, old, n->now);
	net_run_for(n, 0);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	next = net_server_session(n, 0);
	assert_int_equal(ds_session_slot(next), ds_session_slot(old));
	assert_true(ds_engine_info(n->server.engine, next, &info));
	assert_false(ds_engine_info(n->server.engine, old, &info));
	assert_int_equal(net_reply(n, old, "late", 4), DS_E_NOSESSION);
	net_free(n);
}

static void test_same_identity_replaces_and_tells_the_old_session(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	net_init_client(n, 1);
	memcpy(n->clients[1].env.cfg.psk_identity, "dev0", 4);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_stats(n)->sessions_replaced, 1);
	assert_int_equal(net_client_session(n, 0), 0); /* told by close_notify */
	assert_true(net_established(n, 1));
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_free(n);
}

static void test_reconnect_from_the_same_address_replaces_at_finished_only(void **state)
{
	struct net *n = net_connected(1);
	ds_session s = net_server_session(n, 0);
	struct net_datagram hello = n->log[2]; /* the hello with the cookie */

	(void)state;
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	/* Somebody repeats the hello from the client's address and goes no further. */
	net_inject(n, &hello.from, &hello.to, hello.data, hello.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->handshakes_started, 2);
	net_send(n, 0, "y", 1);
	net_run_for(n, n->server.env.cfg.handshake_timeout);
	assert_int_equal(n->server.n_messages, 2);
	assert_true(net_server_session(n, 0) == s);
	assert_int_equal(net_stats(n)->handshakes_timeout, 1);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	assert_true(net_server_session(n, 0) != s);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_free(n);
}

static void test_idle_sessions_end(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.idle = 100 * DS_SECOND;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	net_run_for(n, 90 * DS_SECOND);
	assert_true(net_server_session(n, 0) != 0);
	net_send(n, 0, "still here", 10);
	net_run_for(n, 99 * DS_SECOND);
	assert_true(net_server_session(n, 0) != 0);
	net_run_for(n, 3 * DS_SECOND);
	assert_int_equal(net_server_session(n, 0), 0);
	assert_int_equal(net_stats(n)->sessions_expired, 1);
	net_free(n);
}

static void test_session_limit_evicts_the_least_recently_used(void **state)
{
	(void)state;
	for (uint32_t limit = 2; limit <= 4; limit++) { /* n - 1, n, n + 1 for three clients */
		struct net *n = net_new();

		n->server.env.cfg.max_sessions = limit;
		net_start_server(n);
		for (size_t i = 0; i < 3; i++) {
			net_connect(n, i);
			net_run_for(n, DS_SECOND / 2);
			net_send(n, 0, "busy", 4);
			net_run_for(n, DS_SECOND);
		}
		assert_int_equal(ds_engine_sessions(n->server.engine), limit < 3 ? limit : 3);
		assert_int_equal(net_stats(n)->sessions_evicted, limit < 3 ? 1 : 0);
		assert_true(net_server_session(n, 0) != 0);
		assert_true((net_server_session(n, 1) != 0) == (limit >= 3));
		assert_true(net_server_session(n, 2) != 0);
		net_free(n);
	}
}

static void test_several_records_in_one_datagram_are_all_delivered(void **state)
{
	struct net *n = net_connected(2);
	uint8_t buf[1024];
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		len += net_seal(n, &n->clients[0], net_client_session(n, 0), "abc", 3, buf + len,
				sizeof(buf) - len);
	net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 3);
	len = net_seal(n, &n->clients[0], net_client_session(n, 0), "mine", 4, buf, sizeof(buf));
	len += net_seal(n, &n->clients[1], net_client_session(n, 1), "other", 5, buf + len,
			sizeof(buf) - len);
	net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 4);
	assert_int_equal(net_stats(n)->drop_cid_mixed, 1);
	net_free(n);
}

static void test_key_removed_closes_the_identity(void **state)
{
	struct net *n = net_connected(2);

	(void)state;
	assert_false(
		ds_engine_close_identity(n->server.engine, (const uint8_t *)"dev1", 4, n->now));
	net_drain(n, &n->server);
	net_run_for(n, 0);
	assert_true(net_established(n, 0));
	assert_int_equal(net_client_session(n, 1), 0);
	net_free(n);
}

static void test_without_cid_the_address_is_the_session(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.cid_length = 0;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	move(n, 0, 50000);
	net_send(n, 0, "y", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(net_stats(n)->drop_no_session, 1);
	net_free(n);
}

static void test_cid_cut_out_of_a_record_is_dropped(void **state)
{
	struct net *n = net_connected(1);
	struct ds_addr home = n->clients[0].addr;
	uint8_t buf[256];
	size_t len =
		net_seal(n, &n->clients[0], net_client_session(n, 0), "x", 1, buf, sizeof(buf));

	(void)state;
	memmove(buf + 11, buf + 11 + 8, len - 11 - 8);
	buf[0] = 23;
	net_inject(n, &home, &n->server.addr, buf, len - 8);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 0);
	assert_int_equal(net_stats(n)->drop_cid_missing, 1);
	move(n, 0, 50000);
	net_send(n, 0, "y", 1);
	net_run_for(n, 0);
	/* The application may still answer to that address, but nobody is there */
	net_inject(n, &home, &n->server.addr, buf, len - 8);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(net_stats(n)->drop_cid_missing, 1);
	assert_int_equal(net_stats(n)->drop_no_session, 1);
	net_free(n);
}

/* RFC 9146, 5: what is inside says what it is, and only data, alerts and handshakes are anything. */
static void test_authentic_records_of_other_types_mean_nothing(void **state)
{
	static const uint8_t types[] = {0, 1, 19, 20, 24, 25, 26, 28, 64, 255};
	static const uint8_t zeros[100];
	struct net *n = net_connected(1);
	ds_session s = net_client_session(n, 0);
	uint8_t buf[256];
	size_t len;

	(void)state;
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	for (size_t i = 0; i < sizeof(types); i++) {
		for (size_t bytes = 0; bytes <= sizeof(zeros); bytes += 50) {
			len = net_seal_type(&n->clients[0], s, types[i], zeros, bytes, buf,
					    sizeof(buf));
			net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
			net_run_for(n, 0);
		}
	}
	assert_int_equal(net_stats(n)->drop_inner_type, 3 * sizeof(types));
	assert_int_equal(n->server.n_messages, 1);
	net_send(n, 0, "y", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 2);
	net_free(n);
}

static void test_only_whole_alerts_that_end_a_session_end_it(void **state)
{
	static const struct {
		uint8_t alert[3];
		size_t len;
		bool ends;
	} cases[] = {
		{{2, 40}, 0, false},  {{2, 40}, 1, false}, {{2, 40, 0}, 3, false},
		{{1, 100}, 2, false}, {{0, 40}, 2, false}, {{255, 40}, 2, false},
		{{1, 0}, 2, true},    {{2, 0}, 2, true},   {{2, 40}, 2, true},
		{{2, 255}, 2, true},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct net *n = net_connected(1);
		uint8_t buf[64];
		size_t len = net_seal_type(&n->clients[0], net_client_session(n, 0), 21,
					   cases[i].alert, cases[i].len, buf, sizeof(buf));

		net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
		net_run_for(n, 0);
		assert_int_equal(ds_engine_sessions(n->server.engine), !cases[i].ends);
		assert_int_equal(net_stats(n)->drop_alert, !cases[i].ends);
		net_free(n);
	}
}

static void test_shutdown_says_goodbye_to_everybody(void **state)
{
	struct net *n = net_connected(5);

	(void)state;
	while (ds_engine_close_all(n->server.engine, n->now))
		net_drain(n, &n->server);
	net_drain(n, &n->server);
	net_run_for(n, 0);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(net_client_session(n, i), 0);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake_then_echo),
		cmocka_unit_test(test_every_suite_carries_messages_up_to_16_kb),
		cmocka_unit_test(test_empty_message_arrives),
		cmocka_unit_test(test_replayed_record_is_dropped),
		cmocka_unit_test(test_rebinding_keeps_the_session),
		cmocka_unit_test(test_stable_peer_address_survives_rebinding),
		cmocka_unit_test(test_old_record_from_a_new_address_does_not_move_the_session),
		cmocka_unit_test(
			test_replay_or_forgery_from_a_new_address_does_not_move_the_session),
		cmocka_unit_test(test_rebind_never_delivers_but_stays),
		cmocka_unit_test(test_unproven_address_gets_three_times_what_it_sent),
		cmocka_unit_test(test_two_sessions_never_share_an_address),
		cmocka_unit_test(test_address_in_use_is_not_taken_over_by_rebinding),
		cmocka_unit_test(test_close_notify_ends_both_sides_and_late_data_is_dropped),
		cmocka_unit_test(test_name_of_an_ended_session_is_not_that_of_the_next),
		cmocka_unit_test(test_same_identity_replaces_and_tells_the_old_session),
		cmocka_unit_test(test_reconnect_from_the_same_address_replaces_at_finished_only),
		cmocka_unit_test(test_idle_sessions_end),
		cmocka_unit_test(test_session_limit_evicts_the_least_recently_used),
		cmocka_unit_test(test_several_records_in_one_datagram_are_all_delivered),
		cmocka_unit_test(test_key_removed_closes_the_identity),
		cmocka_unit_test(test_without_cid_the_address_is_the_session),
		cmocka_unit_test(test_cid_cut_out_of_a_record_is_dropped),
		cmocka_unit_test(test_authentic_records_of_other_types_mean_nothing),
		cmocka_unit_test(test_only_whole_alerts_that_end_a_session_end_it),
		cmocka_unit_test(test_shutdown_says_goodbye_to_everybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
