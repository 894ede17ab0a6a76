/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_addresses.c - whom the application finds at an address, and who may change that
 *
 * What an application sends to an address is for the peer it knows there.  No other peer may get it:
 * not by a forged source address, a late record, or a handshake from a port that was another's.
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"
#include "tests/sim/stock.h"

/* When an application has answered, or never will. */
#define REPLIES (7 * DS_SECOND)

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

static void taken_by_a_spoofed_source(enum ds_rebind mode)
{
	struct net *n = net_new();
	struct held spoofed;
	struct ds_addr victim;
	ds_session a, b;

	n->server.env.cfg.rebind = mode;
	net_start_server(n);
	net_connect(n, 0);
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	a = net_server_session(n, 0);
	b = net_server_session(n, 1);
	victim = n->clients[1].addr;
	speak(n, 0);
	speak(n, 1);
	net_run_for(n, 60 * DS_SECOND); /* client 1 listens */
	spoofed = hold(n, 0);
	release(n, &spoofed, &victim);
	assert_true(who_is_at(n, &victim) == a); /* what goes there goes to that address */
	speak(n, 0);
	/* What the application has for client 1 must not follow client 0. */
	assert_int_equal(who_is_at(n, &victim), 0);
	net_run_for(n, REPLIES);
	speak(n, 1);
	assert_true(who_is_at(n, &victim) == b);
	assert_true(who_is_at(n, &n->clients[0].addr) == a);
	net_free(n);
}

static void test_address_taken_by_a_spoofed_source_does_not_come_along(void **state)
{
	(void)state;
	taken_by_a_spoofed_source(DS_REBIND_LIMIT);
	taken_by_a_spoofed_source(DS_REBIND_IMMEDIATE);
}

static void test_unproven_address_is_forgotten_when_the_peer_moves_on(void **state)
{
	struct net *n = net_connected(1);
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
	net_run_for(n, REPLIES);
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
	struct net *n = net_connected(2);
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
	net_run_for(n, REPLIES);
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
	net_run_for(n, REPLIES);
	speak(n, 1);
	assert_true(who_is_at(n, &at) != 0);
	net_free(n);
}

/* Only application data moves a session. */
static void test_alert_or_handshake_from_elsewhere_does_not_move_the_session(void **state)
{
	static const uint8_t finished[24] = {20, 0, 0, 12, 0, 9, 0, 0, 0, 0, 0, 12};
	static const uint8_t warning[2] = {1, 100}, close_notify[2] = {1, 0};
	struct ds_addr elsewhere = net_addr(99, 99);
	struct net *n = net_connected(1);
	ds_session s = net_client_session(n, 0);
	struct held h;

	(void)state;
	speak(n, 0);
	h.len = net_seal_type(&n->clients[0], s, 22, finished, 24, h.data, sizeof(h.data));
	release(n, &h, &elsewhere);
	h.len = net_seal_type(&n->clients[0], s, 21, warning, 2, h.data, sizeof(h.data));
	release(n, &h, &elsewhere);
	assert_int_equal(net_stats(n)->rebinds, 0);
	assert_int_equal(net_stats(n)->drop_linger, 1);
	assert_int_equal(net_stats(n)->drop_alert, 1);
	h.len = net_seal_type(&n->clients[0], s, 21, close_notify, 2, h.data, sizeof(h.data));
	release(n, &h, &elsewhere);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	for (size_t i = 0; i < n->n_log; i++)
		assert_false(ds_addr_equal(&n->log[i].to, &elsewhere));
	net_free(n);
}

/* RFC 9147, 4.1: a datagram's records are one session's. */
static void test_address_of_a_datagram_belongs_to_its_first_session(void **state)
{
	struct ds_addr elsewhere = net_addr(99, 99);
	struct net *n = net_connected(2);
	struct held a = hold(n, 0), b = hold(n, 1);
	uint8_t both[512];

	(void)state;
	memcpy(both, a.data, a.len);
	memcpy(both + a.len, b.data, b.len);
	net_inject(n, &elsewhere, &n->server.addr, both, a.len + b.len);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	assert_int_equal(net_stats(n)->drop_cid_mixed, 1);
	assert_true(who_is_at(n, &elsewhere) == n->server.messages[0].session);
	assert_true(net_server_session(n, 1) != 0);
	assert_int_equal(net_stats(n)->rebinds, 1);
	release(n, &b, &n->clients[1].addr); /* it was not looked at */
	assert_int_equal(n->server.n_messages, 2);
	net_free(n);
}

/* Who has no CID can be found by the address only, so it keeps it. */
static void test_address_of_a_session_without_cid_is_nobody_elses(void **state)
{
	static const struct stock_options no_cid = {
		.no_cid = true, .identity = "dev5", .identity_len = 4};
	struct net *n = net_connected(1);
	struct ds_addr at = net_addr(50, 50), before = n->clients[0].addr;
	struct stock *s = stock_new(n, &at, &no_cid);
	struct held spoofed;
	ds_session c;

	(void)state;
	speak(n, 0);
	n->clients[0].addr = net_addr(77, 7);
	assert_int_equal(stock_connect(s), 0);
	assert_int_equal(stock_send(s, "x", 1), 1);
	c = who_is_at(n, &at);
	assert_true(c != 0);
	net_run_for(n, 3600 * DS_SECOND);
	spoofed = hold(n, 0);
	release(n, &spoofed, &at);
	assert_true(who_is_at(n, &at) == c);
	assert_true(ds_addr_equal(&n->server.messages[2].peer, &before));
	assert_int_equal(stock_send(s, "y", 1), 1);
	assert_true(n->server.messages[3].session == c);
	stock_free(s);
	net_free(n);
}

/* The same where client 0 has no name any more because a client without CID has it now. */
static void test_former_owner_does_not_end_a_session_without_cid(void **state)
{
	static const struct stock_options no_cid = {
		.no_cid = true, .identity = "dev5", .identity_len = 4};
	struct net *n = net_connected(1);
	struct ds_addr at = n->clients[0].addr;
	struct stock *s;
	ds_session c;

	(void)state;
	speak(n, 0);
	n->clients[0].addr = net_addr(77, 7);
	s = stock_new(n, &at, &no_cid);
	assert_int_equal(stock_connect(s), 0);
	assert_int_equal(who_is_at(n, &at), 0); /* it has not spoken yet */
	net_run_for(n, REPLIES);
	assert_int_equal(stock_send(s, "x", 1), 1);
	c = who_is_at(n, &at);
	assert_true(c != 0);
	net_run_for(n, 3600 * DS_SECOND);
	for (int i = 0; i < 2; i++) {
		struct held spoofed = hold(n, 0);

		release(n, &spoofed, &at);
	}
	assert_true(who_is_at(n, &at) == c);
	assert_int_equal(net_stats(n)->drop_address, 2);
	assert_int_equal(stock_send(s, "y", 1), 1);
	assert_true(n->server.messages[2].session == c);
	speak(n, 0); /* from its own new address it is welcome */
	assert_int_equal(n->server.n_messages, 4);
	stock_free(s);
	net_free(n);
}

/* Whatever happens, the indexes say what the sessions say. */
static void check_indexes(struct net *n)
{
	const struct ds_table *t = &n->server.engine->table;
	size_t entries = 0, live = 0;

	for (uint32_t id = 1; id <= t->used; id++) {
		struct ds_slot *s = ds_table_at(t, id);
		struct ds_addr visible, alias = {.port = s->other.port, .family = s->other.family};

		if (!(s->flags & DS_SLOT_LIVE))
			continue;
		live++;
		ds_slot_peer(t, s, &visible);
		memcpy(alias.ip, s->other.ip, sizeof(alias.ip));
		entries += !!(s->flags & DS_SLOT_VISIBLE) + !!(s->flags & DS_SLOT_ALIAS);
		if (s->flags & DS_SLOT_VISIBLE)
			assert_ptr_equal(ds_table_by_addr(t, &visible), s);
		if (s->flags & DS_SLOT_ALIAS)
			assert_ptr_equal(ds_table_by_addr(t, &alias), s);
		if (s->flags & DS_SLOT_RX_CID)
			assert_ptr_equal(ds_table_by_cid(t, s->cid), s);
		assert_int_equal(ds_table_id(t, s), id);
	}
	assert_int_equal(live, t->count);
	assert_int_equal(entries, t->by_addr.count);
}

static bool is_free(struct net *n, uint16_t port)
{
	for (size_t i = 0; i < 6; i++)
		if (n->clients[i].addr.port == port)
			return false;
	return true;
}

static void random_step(struct net *n, uint64_t r, struct held *old)
{
	static const ds_time waits[] = {0, DS_SECOND, 40 * DS_SECOND};
	size_t i = r / 16 % 6;
	struct ds_addr from = net_addr(10, (uint16_t)(1 + r / 256 % 9));

	switch (r % 16) {
	case 0:
	case 1:
	case 2: net_connect(n, i); break;
	case 3:
	case 4:
	case 5:
		if (is_free(n, from.port))
			n->clients[i].addr = from;
		break;
	case 6:
		if (net_client_session(n, i))
			old[i] = hold(n, i);
		break;
	case 7: net_inject(n, &from, &n->server.addr, old[i].data, old[i].len); break;
	case 8: net_run_for(n, waits[r / 4096 % 3]); break;
	case 9:
		if (r & 1 << 14)
			ds_engine_close(n->server.engine, net_server_session(n, i), n->now);
		break;
	default:
		if (net_client_session(n, i))
			assert_int_equal(net_send(n, i, "x", 1), 0);
	}
	net_drain(n, &n->server);
	net_run_for(n, r & 1 << 20 ? 0 : 10 * DS_MSEC);
}

static void wander(enum ds_peer_address names, enum ds_rebind rebind, uint64_t seed)
{
	struct net *n = net_new();
	struct held old[6] = {0};

	n->server.env.cfg.peer_address = names;
	n->server.env.cfg.rebind = rebind;
	n->server.env.cfg.rrc = (enum ds_rrc)(seed % 3);
	n->server.env.cfg.cid_length = seed % 4 ? 8 : 0;
	n->server.env.cfg.max_sessions = 5;
	net_start_server(n);
	for (size_t i = 0; i < 6; i++)
		net_init_client(n, i);
	for (size_t i = 0; i < 6; i++)
		net_connect(n, i);
	for (int k = 0; k < 500; k++) {
		random_step(n, test_random(&seed), old);
		check_indexes(n);
		n->server.n_messages = n->server.n_events = 0;
		for (size_t i = 0; i < 6; i++)
			n->clients[i].n_messages = n->clients[i].n_events = 0;
		if (!n->n_queue)
			net_forget_log(n);
	}
	net_free(n);
}

static void test_indexes_agree_with_the_sessions_whatever_the_peers_do(void **state)
{
	(void)state;
	for (uint64_t seed = 3; seed <= 4; seed++)
		for (int names = DS_PEER_CURRENT; names <= DS_PEER_STABLE; names++)
			for (int rebind = DS_REBIND_LIMIT; rebind <= DS_REBIND_NEVER; rebind++)
				wander((enum ds_peer_address)names, (enum ds_rebind)rebind, seed);
}

static void test_late_answer_is_not_for_who_has_the_address_of_an_ended_session(void **state)
{
	struct net *n = net_connected(2);
	struct ds_addr at = n->clients[0].addr;

	(void)state;
	speak(n, 0);
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	net_drain(n, &n->server);
	(void)taken_by_handshake(n);
	speak(n, 1);
	assert_int_equal(who_is_at(n, &at), 0);
	net_run_for(n, REPLIES);
	speak(n, 1);
	assert_true(who_is_at(n, &at) != 0);
	net_free(n);
}

static void test_who_says_goodbye_leaves_the_address_to_others(void **state)
{
	struct net *n = net_connected(2);

	(void)state;
	speak(n, 0);
	ds_engine_close(n->clients[0].engine, net_client_session(n, 0), n->now);
	net_drain(n, &n->clients[0]);
	net_run_for(n, 0);
	(void)taken_by_handshake(n);
	speak(n, 1);
	assert_int_equal(n->server.n_messages, 2);
	net_free(n);
}

static void test_who_connects_again_is_heard_at_once(void **state)
{
	struct net *n = net_connected(1);

	(void)state;
	speak(n, 0);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	speak(n, 0);
	assert_int_equal(n->server.n_messages, 2);
	assert_true(who_is_at(n, &n->clients[0].addr) != 0);
	net_free(n);
}

/* An application that takes its time: what it answers reaches who asked, or nobody */

struct asked {
	struct ds_addr peer;
	uint8_t who;
	ds_time answer_at;
};

static void check_origin(struct net *n)
{
	for (size_t i = 0; i < 6; i++) {
		struct net_host *h = &n->clients[i];

		for (size_t k = 0; k < h->n_messages; k++)
			assert_int_equal(h->messages[k].head[0], 'a' + i);
		h->n_messages = h->n_events = 0;
	}
}

/* No two sessions have one name, and who is found by a name has it. */
static void check_names(struct net *n)
{
	const struct ds_engine *e = n->server.engine;
	struct ds_session_info a, b;

	for (ds_session s = 0; (s = ds_engine_next(e, s));) {
		assert_true(ds_engine_info(e, s, &a));
		if (ds_engine_find(e, &a.peer) != s)
			continue; /* it has none */
		for (ds_session t = s; (t = ds_engine_next(e, t));) {
			assert_true(ds_engine_info(e, t, &b));
			assert_false(ds_engine_find(e, &b.peer) == t &&
				     ds_addr_equal(&a.peer, &b.peer));
		}
	}
}

/* Takes questions, answers those whose time has come. */
static size_t answer(struct net *n, struct asked *queue, size_t count, uint64_t *seed)
{
	for (size_t k = 0; k < n->server.n_messages && count < NET_MESSAGES; k++) {
		queue[count].peer = n->server.messages[k].peer;
		queue[count].who = n->server.messages[k].head[0];
		queue[count++].answer_at = n->now + test_random(seed) % 5 * DS_SECOND;
	}
	n->server.n_messages = n->server.n_events = 0;
	for (size_t k = 0; k < count;) {
		ds_session s = who_is_at(n, &queue[k].peer);

		if (queue[k].answer_at > n->now) {
			k++;
			continue;
		}
		if (s)
			(void)net_reply(n, s, &queue[k].who, 1);
		queue[k] = queue[--count];
	}
	return count;
}

static void ask_at_random(struct net *n, uint64_t r, struct held *old)
{
	static const ds_time waits[] = {DS_SECOND, 3 * DS_SECOND, 40 * DS_SECOND};
	size_t i = r / 16 % 6;
	struct ds_addr from = net_addr(10, (uint16_t)(1 + r / 256 % 7));
	uint8_t who = (uint8_t)('a' + i);

	switch (r % 16) {
	case 0:
	case 1: net_connect(n, i); break;
	case 2:
	case 3:
	case 4:
		if (is_free(n, from.port))
			n->clients[i].addr = from;
		break;
	case 5:
		if (net_client_session(n, i))
			old[i].len = net_seal(n, &n->clients[i], net_client_session(n, i), &who, 1,
					      old[i].data, sizeof(old[i].data));
		break;
	case 6: net_inject(n, &from, &n->server.addr, old[i].data, old[i].len); break;
	case 7: net_run_for(n, waits[r / 4096 % 3]); break;
	default:
		if (net_client_session(n, i))
			assert_int_equal(net_send(n, i, &who, 1), 0);
	}
	net_drain(n, &n->server);
	net_run_for(n, r & 1 << 20 ? 0 : 10 * DS_MSEC);
}

static size_t late_answers(enum ds_peer_address names, enum ds_rebind rebind, uint64_t seed)
{
	struct net *n = net_new();
	struct held old[6] = {0};
	struct asked queue[NET_MESSAGES];
	size_t count = 0, answered;

	n->server.env.cfg.peer_address = names;
	n->server.env.cfg.rebind = rebind;
	n->server.env.cfg.rrc = (enum ds_rrc)(seed % 3);
	n->server.env.cfg.cid_length = seed % 4 ? 8 : 0;
	net_start_server(n);
	for (size_t i = 0; i < 6; i++)
		net_init_client(n, i);
	for (size_t i = 0; i < 6; i++)
		net_connect(n, i);
	for (int k = 0; k < 1000; k++) {
		ask_at_random(n, test_random(&seed), old);
		count = answer(n, queue, count, &seed);
		net_run_for(n, 0);
		check_origin(n);
		check_names(n);
		if (!n->n_queue)
			net_forget_log(n);
	}
	answered = ds_engine_stats(n->server.engine)->tx_messages;
	net_free(n);
	return answered;
}

static void test_late_answers_reach_who_asked_or_nobody(void **state)
{
	uint64_t seeds = getenv("DS_NIGHTLY") ? 100 : TEST_SLOW ? 1 : 4;
	size_t answered = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= seeds; seed++)
		for (int names = DS_PEER_CURRENT; names <= DS_PEER_STABLE; names++)
			for (int rebind = DS_REBIND_LIMIT; rebind <= DS_REBIND_NEVER; rebind++)
				answered += late_answers((enum ds_peer_address)names,
							 (enum ds_rebind)rebind, seed);
	assert_true(answered > seeds * 6 * 100); /* most of them do */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_taken_by_a_spoofed_source_does_not_come_along),
		cmocka_unit_test(test_unproven_address_is_forgotten_when_the_peer_moves_on),
		cmocka_unit_test(
			test_late_record_of_the_former_owner_does_not_take_the_address_back),
		cmocka_unit_test(test_stable_address_is_not_taken_by_a_session_that_lost_its_own),
		cmocka_unit_test(test_late_reply_for_an_alias_is_not_for_the_new_session_there),
		cmocka_unit_test(test_late_reply_is_not_for_another_peer_without_cid),
		cmocka_unit_test(test_alert_or_handshake_from_elsewhere_does_not_move_the_session),
		cmocka_unit_test(test_address_of_a_datagram_belongs_to_its_first_session),
		cmocka_unit_test(test_address_of_a_session_without_cid_is_nobody_elses),
		cmocka_unit_test(test_former_owner_does_not_end_a_session_without_cid),
		cmocka_unit_test(test_indexes_agree_with_the_sessions_whatever_the_peers_do),
		cmocka_unit_test(
			test_late_answer_is_not_for_who_has_the_address_of_an_ended_session),
		cmocka_unit_test(test_who_says_goodbye_leaves_the_address_to_others),
		cmocka_unit_test(test_who_connects_again_is_heard_at_once),
		cmocka_unit_test(test_late_answers_reach_who_asked_or_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
