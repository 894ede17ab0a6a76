/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_rrc.c - the return routability check (RFC 9853), by the cases of its sections 5 and 8
 *
 * Client 0 answers by itself, because it is an engine of ours, wherever the network takes a challenge.
 * What an attacker does, and what no engine of ours would send, is written by hand here.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/hello.h"
#include "tests/sim/net.h"
#include "tests/sim/stock.h"

#define MESSAGE	  9 /* kind and cookie */
#define CHALLENGE 0
#define RESPONSE  1
#define DROP	  2
#define PACE	  DS_SECOND /* between challenges to a new address, of which there are three */

static uint8_t payload[1000];

static struct net *with_mode(enum ds_rrc mode)
{
	struct net *n = net_new();

	n->server.env.cfg.rrc = mode;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	return n;
}

static struct ds_slot *slot(struct net *n)
{
	const struct ds_table *t = &n->server.engine->table;

	return ds_table_at(t, t->newest);
}

static bool is_proven(struct net *n)
{
	return !(slot(n)->flags & DS_SLOT_UNPROVEN);
}

static bool is_at(struct net *n, const struct ds_addr *a)
{
	return ds_slot_is_remote(slot(n), a);
}

static void check_over(struct net *n)
{
	assert_int_equal(n->server.engine->checks.n, 0);
	assert_null(ds_slot_rrc(slot(n))->check);
}

static void speak(struct net *n)
{
	assert_int_equal(net_send(n, 0, "0123456789", 10), 0);
	net_run_for(n, 0);
}

/* A copy of the client's newest record comes from @from before the client's own does. */
static void copy_from(struct net *n, const struct ds_addr *from)
{
	uint8_t buf[256];
	size_t len = net_seal(n, &n->clients[0], net_client_session(n, 0), "copied....", 10, buf,
			      sizeof(buf));

	net_inject(n, from, &n->server.addr, buf, len);
	net_run_for(n, 0);
}

/* The @k-th message of RFC 9853 that the server sent to @to, read with the client's key. */
static bool find_message(struct net *n, const struct ds_addr *to, size_t k, uint8_t out[MESSAGE])
{
	struct net_host *c = &n->clients[0];
	struct ds_slot *s = ds_table_get(&c->engine->table, net_client_session(n, 0));
	struct ds_record_key key;
	struct ds_record r;
	struct ds_opened o;
	uint8_t buf[2048];

	assert_true(ds_engine_key(c->engine, s, DS_RX, &key));
	for (size_t i = 0; i < n->n_log; i++) {
		const struct net_datagram *d = &n->log[i];

		if (!ds_addr_equal(&d->from, &n->server.addr) || !ds_addr_equal(&d->to, to) ||
		    d->len > sizeof(buf))
			continue;
		memcpy(buf, d->data, d->len);
		if (ds_record_parse(&r, buf, d->len, c->env.cfg.cid_length) != DS_PARSE_OK ||
		    !ds_record_epoch(&r) || ds_record_open(&key, &r, &o) || o.type != DS_RRC || k--)
			continue;
		assert_int_equal(o.len, MESSAGE);
		memcpy(out, o.data, MESSAGE);
		return true;
	}
	return false;
}

static size_t count_messages(struct net *n, const struct ds_addr *to)
{
	uint8_t message[MESSAGE];
	size_t k = 0;

	while (find_message(n, to, k, message))
		k++;
	return k;
}

static size_t bytes_to(const struct net *n, const struct ds_addr *to)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n->n_log; i++)
		if (ds_addr_equal(&n->log[i].to, to))
			bytes += n->log[i].len;
	return bytes;
}

/* The client says @kind with @cookie from @from. */
static void say(struct net *n, const struct ds_addr *from, uint8_t kind, const uint8_t *cookie)
{
	uint8_t message[MESSAGE] = {kind}, buf[256];
	size_t len;

	memcpy(message + 1, cookie, MESSAGE - 1);
	len = net_seal_type(&n->clients[0], net_client_session(n, 0), DS_RRC, message, MESSAGE, buf,
			    sizeof(buf));
	net_inject(n, from, &n->server.addr, buf, len);
	net_run_for(n, 0);
}

/* What the application has for the peer: much. */
static void check_trusted(struct net *n, const struct ds_addr *at)
{
	ds_session s = ds_table_session(&n->server.engine->table, slot(n));
	size_t before = bytes_to(n, at);

	assert_true(is_at(n, at));
	assert_true(is_proven(n));
	for (int i = 0; i < 20; i++)
		assert_int_equal(net_reply(n, s, payload, sizeof(payload)), 0);
	net_run_for(n, 0);
	assert_true(bytes_to(n, at) - before > 20 * sizeof(payload));
}

static enum net_fate nothing_to_clients(void *ctx, size_t n, bool to_server, const uint8_t *data,
					size_t len)
{
	(void)ctx, (void)n, (void)data, (void)len;
	return to_server ? NET_PASS : NET_DROP;
}

/* Agreement (section 3) */

/* Whether the first hello of that type in the log has the extension. */
static bool hello_has_rrc(struct net *n, uint8_t type)
{
	struct ds_handshake_header h;
	struct ds_record r;

	for (size_t i = 0; i < n->n_log; i++) {
		struct net_datagram *d = &n->log[i];

		if (ds_record_parse(&r, d->data, d->len, 0) != DS_PARSE_OK ||
		    r.type != DS_HANDSHAKE || ds_record_epoch(&r) ||
		    !ds_handshake_parse(&h, r.fragment, r.len) || h.type != type)
			continue;
		return ds_hello_has_rrc(r.fragment, 12 + h.len);
	}
	fail_msg("no hello of type %d", type);
	return false;
}

static void check_agreement(enum ds_rrc client, enum ds_rrc server, bool agreed)
{
	struct net *n = net_new();
	struct ds_session_info info;

	net_init_client(n, 0);
	n->clients[0].env.cfg.rrc = client;
	n->server.env.cfg.rrc = server;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	assert_int_equal(hello_has_rrc(n, DS_CLIENT_HELLO), client != DS_RRC_OFF);
	assert_int_equal(hello_has_rrc(n, DS_SERVER_HELLO), agreed);
	assert_true(ds_engine_info(n->server.engine, net_server_session(n, 0), &info));
	assert_int_equal(info.rrc, agreed);
	assert_true(ds_engine_info(n->clients[0].engine, net_client_session(n, 0), &info));
	assert_int_equal(info.rrc, agreed);
	net_free(n);
}

static void test_both_have_to_want_it(void **state)
{
	(void)state;
	check_agreement(DS_RRC_BASIC, DS_RRC_BASIC, true);
	check_agreement(DS_RRC_ENHANCED, DS_RRC_BASIC, true);
	check_agreement(DS_RRC_OFF, DS_RRC_BASIC, false);
	check_agreement(DS_RRC_BASIC, DS_RRC_OFF, false);
}

/* Mbed TLS as it is, with and without a CID. */
static void test_nobody_gets_an_extension_that_was_not_offered(void **state)
{
	(void)state;
	for (int no_cid = 0; no_cid < 2; no_cid++) {
		const struct stock_options o = {.no_cid = no_cid};
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s;

		net_start_server(n);
		s = stock_new(n, &at, &o);
		assert_int_equal(stock_connect(s), 0);
		assert_false(hello_has_rrc(n, DS_SERVER_HELLO));
		assert_int_equal(stock_send(s, "x", 1), 1);
		assert_null(ds_slot_rrc(slot(n)));
		stock_free(s);
		net_free(n);
	}
}

/* Basic check (5.1) */

static void test_a_moved_peer_is_trusted_after_one_round_trip(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);

	(void)state;
	n->clients[0].addr.port++;
	speak(n);
	assert_int_equal(count_messages(n, &n->clients[0].addr), 1);
	assert_int_equal(net_stats(n)->rrc_challenges, 1);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	assert_int_equal(ds_engine_stats(n->clients[0].engine)->rrc_answers, 1);
	assert_int_equal(n->clients[0].n_messages, 0); /* no application sees any of it */
	assert_int_equal(n->server.n_messages, 1);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

static enum net_fate drop_first_to_client(void *ctx, size_t n, bool to_server, const uint8_t *data,
					  size_t len)
{
	bool *dropped = ctx, drop = !to_server && !*dropped;

	(void)n, (void)data, (void)len;
	*dropped |= drop;
	return drop ? NET_DROP : NET_PASS;
}

static void test_a_lost_challenge_is_sent_again_with_another_cookie(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	uint8_t first[MESSAGE], second[MESSAGE];
	bool dropped = false;

	(void)state;
	n->clients[0].addr.port++;
	n->rule = drop_first_to_client;
	n->ctx = &dropped;
	speak(n);
	assert_false(is_proven(n));
	net_run_for(n, PACE - 1);
	assert_int_equal(count_messages(n, &n->clients[0].addr), 1);
	net_run_for(n, 1);
	assert_true(find_message(n, &n->clients[0].addr, 0, first));
	assert_true(find_message(n, &n->clients[0].addr, 1, second));
	assert_int_equal(first[0], CHALLENGE);
	assert_int_equal(second[0], CHALLENGE);
	assert_memory_not_equal(first + 1, second + 1, MESSAGE - 1);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

/* An answer may take longer than the next challenge. */
static void test_a_late_answer_counts(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	uint8_t first[MESSAGE];

	(void)state;
	n->clients[0].addr.port++;
	n->rule = nothing_to_clients;
	speak(n);
	net_run_for(n, 2 * PACE);
	assert_int_equal(count_messages(n, &n->clients[0].addr), 3);
	assert_true(find_message(n, &n->clients[0].addr, 0, first));
	say(n, &n->clients[0].addr, RESPONSE, first + 1);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

/* 8.1.1: the victim gets three times the bytes of the copy, and the session is back where it was. */
static void test_without_an_answer_the_session_goes_back(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr victim = net_addr(99, 99), home = n->clients[0].addr;
	const struct ds_event *ev;
	ds_session s;
	size_t copy;

	(void)state;
	speak(n);
	s = net_server_session(n, 0);
	copy_from(n, &victim);
	copy = n->log[n->n_log - 2].len;
	assert_true(is_at(n, &victim));
	while (net_reply(n, s, "a reply", 7) == 0)
		;
	net_run_for(n, 3 * PACE - 1);
	assert_true(is_at(n, &victim));
	net_run_for(n, 1);
	assert_true(bytes_to(n, &victim) <= 3 * copy);
	ev = net_last_event(&n->server, DS_EVENT_REBOUND);
	assert_int_equal(ev->reason, DS_REASON_PATH_SILENT);
	assert_true(ds_addr_equal(&ev->old, &victim));
	assert_int_equal(net_stats(n)->rrc_failed, 1);
	check_over(n);
	assert_true(net_server_session(n, 0) == s);
	assert_true(ds_engine_find(n->server.engine, &victim) == 0);
	check_trusted(n, &home);
	net_free(n);
}

/* Records that come from an address are no answer of the peer there. */
static void test_records_alone_prove_nothing(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr victim = net_addr(99, 99);

	(void)state;
	for (int i = 0; i < 8; i++) {
		copy_from(n, &victim);
		net_run_for(n, 2 * PACE / 5);
		assert_false(is_at(n, &victim) && is_proven(n));
	}
	assert_int_equal(net_stats(n)->rrc_proven, 0);
	net_free(n);
}

/* A program that answers much leaves nothing for challenges; the peer's next records do. */
static void test_challenges_are_within_the_budget(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr victim = net_addr(99, 99);
	size_t copy;

	(void)state;
	copy_from(n, &victim);
	copy = n->log[n->n_log - 2].len;
	while (net_reply(n, ds_table_session(&n->server.engine->table, slot(n)), "", 0) == 0)
		;
	net_run_for(n, 2 * PACE);
	assert_int_equal(net_stats(n)->rrc_challenges, 1);
	assert_int_equal(net_stats(n)->drop_budget, 1 + 2);
	assert_true(bytes_to(n, &victim) <= 3 * copy);
	net_free(n);
}

/* Two paths */

static void test_a_peer_with_two_paths_is_asked_on_each(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);

	(void)state;
	for (int i = 0; i < 6; i++) {
		n->clients[0].addr.port ^= 1;
		speak(n);
		check_over(n);
		check_trusted(n, &n->clients[0].addr);
		net_run_for(n, PACE / 3);
	}
	assert_int_equal(n->server.n_messages, 6);
	assert_int_equal(net_stats(n)->rrc_proven, 6);
	net_free(n);
}

/* 8.1.2: a newer record on the path before moves the session back, and that path is proven. */
static void test_a_newer_record_from_the_proven_address_ends_the_check(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr victim = net_addr(99, 99);

	(void)state;
	copy_from(n, &victim);
	assert_true(is_at(n, &victim));
	speak(n);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	assert_int_equal(count_messages(n, &n->clients[0].addr), 0);
	net_run_for(n, 4 * PACE);
	assert_int_equal(net_stats(n)->rrc_failed, 0);
	net_free(n);
}

static void test_a_third_address_is_asked_in_place_of_the_second(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr victim = net_addr(99, 99), other = net_addr(98, 98),
		       home = n->clients[0].addr;
	uint8_t challenge[MESSAGE];

	(void)state;
	copy_from(n, &victim);
	copy_from(n, &other);
	assert_true(is_at(n, &other));
	assert_true(find_message(n, &victim, 0, challenge));
	say(n, &other, RESPONSE, challenge + 1); /* the cookie of another address */
	assert_int_equal(net_stats(n)->drop_rrc_cookie, 1);
	assert_false(is_proven(n));
	net_run_for(n, 3 * PACE);
	check_over(n);
	check_trusted(n, &home); /* not the victim's, which was never proven */
	net_free(n);
}

/* An attacker that forwards (8.1.2) */

/* He takes the challenge to the client, whose answer comes from where the client is. */
static void test_an_answer_from_another_address_than_was_asked_is_none(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr attacker = net_addr(99, 99), home = n->clients[0].addr;
	struct net_datagram challenge;

	(void)state;
	copy_from(n, &attacker);
	challenge = n->log[n->n_log - 1];
	assert_true(ds_addr_equal(&challenge.to, &attacker));
	net_inject(n, &n->server.addr, &home, challenge.data, challenge.len);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_stats(n->clients[0].engine)->rrc_answers, 1);
	assert_int_equal(net_stats(n)->drop_rrc_path, 1);
	assert_int_equal(net_stats(n)->rrc_proven, 0);
	net_run_for(n, 3 * PACE);
	check_trusted(n, &home);
	net_free(n);
}

/* He takes both ways.  A basic check is no help there, as the RFC says; an enhanced one is. */
static void test_who_forwards_both_ways_is_seen_by_an_enhanced_check(void **state)
{
	(void)state;
	for (int mode = DS_RRC_BASIC; mode <= DS_RRC_ENHANCED; mode++) {
		struct net *n = with_mode((enum ds_rrc)mode);
		struct ds_addr attacker = net_addr(99, 99), home = n->clients[0].addr;
		uint8_t challenge[MESSAGE];

		copy_from(n, &attacker);
		if (mode == DS_RRC_BASIC) {
			assert_true(find_message(n, &attacker, 0, challenge));
			say(n, &attacker, RESPONSE, challenge + 1);
			check_trusted(n, &attacker);
		} else {
			const struct ds_event *ev = net_last_event(&n->server, DS_EVENT_STAYED);

			assert_int_equal(bytes_to(n, &attacker), 0);
			assert_int_equal(net_stats(n)->rrc_stayed, 1);
			assert_int_equal(net_stats(n)->rebinds, 0);
			assert_int_equal(ev->reason, DS_REASON_PATH_KEPT);
			assert_true(ds_addr_equal(&ev->old, &attacker));
			check_trusted(n, &home);
		}
		check_over(n);
		net_free(n);
	}
}

/* Enhanced check (5.2) */

static void test_a_lost_challenge_does_not_give_the_old_address_away(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr attacker = net_addr(99, 99), home = n->clients[0].addr;
	bool dropped = false;

	(void)state;
	n->rule = drop_first_to_client;
	n->ctx = &dropped;
	copy_from(n, &attacker);
	assert_int_equal(n->server.engine->checks.n, 1);
	check_trusted(n, &home); /* it is still where it was */
	net_run_for(n, PACE / 2);
	assert_int_equal(count_messages(n, &home), 2);
	assert_int_equal(net_stats(n)->rrc_stayed, 1);
	assert_int_equal(bytes_to(n, &attacker), 0);
	check_over(n);
	net_free(n);
}

/* Case 1 of 8.1.2.1: the old path is dead. */
static void test_the_new_address_is_asked_when_the_old_one_is_silent(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr old = n->clients[0].addr;

	(void)state;
	n->clients[0].addr.port++;
	speak(n);
	assert_int_equal(n->server.n_messages, 1);
	assert_true(is_at(n, &old));
	net_run_for(n, DS_SECOND - 1);
	assert_int_equal(count_messages(n, &old), 2);
	assert_int_equal(bytes_to(n, &n->clients[0].addr), 0);
	net_run_for(n, 1);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

/* Case 2: the old path is alive, but the peer has left it. */
static void test_path_drop_lets_the_session_go(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr old = n->clients[0].addr;
	uint8_t challenge[MESSAGE];

	(void)state;
	n->clients[0].addr.port++;
	speak(n);
	assert_true(find_message(n, &old, 0, challenge));
	say(n, &old, DROP, challenge + 1);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	check_over(n);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

/* Neither answers: the session stays where it was. */
static void test_nobody_answers_an_enhanced_check(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr old = n->clients[0].addr;

	(void)state;
	n->rule = nothing_to_clients;
	n->clients[0].addr.port++;
	speak(n);
	net_run_for(n, DS_SECOND + 3 * PACE);
	assert_int_equal(net_stats(n)->rrc_failed, 1);
	check_over(n);
	check_trusted(n, &old);
	net_free(n);
}

static void test_the_peer_speaks_at_its_address_while_that_is_asked(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr attacker = net_addr(99, 99);

	(void)state;
	n->rule = nothing_to_clients;
	copy_from(n, &attacker);
	speak(n);
	check_over(n);
	net_run_for(n, 3 * PACE);
	assert_int_equal(bytes_to(n, &attacker), 0);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

/* The old address has just been given up, so it could not speak against a third one. */
static void test_a_third_address_waits_for_the_end_of_an_enhanced_check(void **state)
{
	struct net *n = with_mode(DS_RRC_ENHANCED);
	struct ds_addr attacker = net_addr(99, 99), home;

	(void)state;
	n->rule = nothing_to_clients;
	n->clients[0].addr.port++;
	home = n->clients[0].addr;
	speak(n);
	net_run_for(n, DS_SECOND + PACE / 2);
	assert_true(is_at(n, &home));
	copy_from(n, &attacker);
	n->rule = NULL;
	net_run_for(n, PACE);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	assert_int_equal(bytes_to(n, &attacker), 0);
	copy_from(n, &attacker); /* now it can */
	assert_int_equal(net_stats(n)->rrc_stayed, 1);
	check_trusted(n, &home);
	net_free(n);
}

/* The answering side (5.4) */

/* Whatever a peer sends without a check, nobody moves, and no application sees it. */
static void test_junk_is_counted_by_reason(void **state)
{
	static const uint8_t cookie[MESSAGE - 1] = "unknown";
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr elsewhere = net_addr(99, 99);
	uint8_t buf[256], message[32] = {CHALLENGE};
	size_t len, wrong = 0;

	(void)state;
	for (size_t size = 0; size <= sizeof(message); size++) {
		if (size == MESSAGE)
			continue;
		len = net_seal_type(&n->clients[0], net_client_session(n, 0), DS_RRC, message, size,
				    buf, sizeof(buf));
		net_inject(n, &elsewhere, &n->server.addr, buf, len);
		net_run_for(n, 0);
		wrong++;
	}
	for (int kind = DROP + 1; kind < 256; kind++, wrong++)
		say(n, &elsewhere, (uint8_t)kind, cookie);
	assert_int_equal(net_stats(n)->drop_rrc_format, wrong);
	say(n, &elsewhere, RESPONSE, cookie);
	say(n, &n->clients[0].addr, DROP, cookie);
	assert_int_equal(net_stats(n)->drop_rrc_cookie, 2);
	assert_int_equal(net_stats(n)->rebinds, 0);
	assert_int_equal(n->server.n_messages, 0);
	assert_int_equal(bytes_to(n, &elsewhere), 0);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

static void test_a_wrong_cookie_or_a_drop_proves_no_new_address(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	uint8_t challenge[MESSAGE];

	(void)state;
	n->clients[0].addr.port++;
	n->rule = nothing_to_clients;
	speak(n);
	assert_true(find_message(n, &n->clients[0].addr, 0, challenge));
	say(n, &n->clients[0].addr, DROP, challenge + 1);
	for (size_t i = 1; i < MESSAGE; i++) {
		challenge[i] ^= 1;
		say(n, &n->clients[0].addr, RESPONSE, challenge + 1);
		challenge[i] ^= 1;
	}
	assert_int_equal(net_stats(n)->drop_rrc_cookie, MESSAGE);
	assert_false(is_proven(n));
	say(n, &n->clients[0].addr, RESPONSE, challenge + 1);
	assert_true(is_proven(n));
	say(n, &n->clients[0].addr, RESPONSE,
	    challenge + 1); /* twice: nobody waits for it any more */
	assert_int_equal(net_stats(n)->drop_rrc_cookie, MESSAGE + 1);
	net_free(n);
}

static void test_a_challenge_is_answered_where_it_came_from_once(void **state)
{
	static const uint8_t cookie[MESSAGE - 1] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct net *n = with_mode(DS_RRC_BASIC);
	struct ds_addr elsewhere = net_addr(99, 99);
	struct net_datagram question;
	uint8_t answer[MESSAGE];

	(void)state;
	say(n, &elsewhere, CHALLENGE, cookie);
	question = n->log[n->n_log - 2];
	assert_true(find_message(n, &elsewhere, 0, answer));
	assert_int_equal(answer[0], RESPONSE);
	assert_memory_equal(answer + 1, cookie, sizeof(cookie));
	assert_true(bytes_to(n, &elsewhere) <= 3 * question.len);
	net_inject(n, &elsewhere, &n->server.addr, question.data, question.len);
	net_run_for(n, 0);
	assert_int_equal(count_messages(n, &elsewhere), 1);
	assert_int_equal(net_stats(n)->drop_replay, 1);
	assert_int_equal(net_stats(n)->rebinds, 0);
	assert_int_equal(net_stats(n)->rrc_answers, 1);
	net_free(n);
}

/* An answer is longer than its question where the peer's CID is, and there its budget counts. */
static void test_answers_to_an_unproven_address_are_within_the_budget(void **state)
{
	static const uint8_t cookie[MESSAGE - 1];
	struct net *n = with_mode(DS_RRC_BASIC);

	(void)state;
	n->rule = nothing_to_clients;
	n->clients[0].addr.port++;
	speak(n);
	while (net_reply(n, ds_table_session(&n->server.engine->table, slot(n)), "", 0) == 0)
		;
	slot(n)->sent = 3 * slot(n)->got + 3 * 60;
	say(n, &n->clients[0].addr, CHALLENGE, cookie);
	assert_int_equal(net_stats(n)->rrc_answers, 0);
	assert_int_equal(net_stats(n)->drop_budget, 2);
	net_free(n);
}

static void test_a_session_without_the_extension_has_no_such_messages(void **state)
{
	static const uint8_t cookie[MESSAGE - 1];
	struct net *n = with_mode(DS_RRC_OFF);

	(void)state;
	say(n, &n->clients[0].addr, CHALLENGE, cookie);
	assert_int_equal(net_stats(n)->drop_inner_type, 1);
	assert_int_equal(net_stats(n)->rrc_answers, 0);
	n->clients[0].addr.port++;
	speak(n);
	assert_int_equal(net_stats(n)->rrc_challenges, 0);
	assert_true(is_at(n, &n->clients[0].addr));
	assert_false(is_proven(n));
	net_free(n);
}

/* Limits */

static void test_where_all_moves_are_trusted_or_none_nobody_is_asked(void **state)
{
	(void)state;
	for (int rebind = DS_REBIND_IMMEDIATE; rebind <= DS_REBIND_NEVER; rebind++) {
		struct net *n = net_new();

		n->server.env.cfg.rebind = (enum ds_rebind)rebind;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
		n->clients[0].addr.port++;
		speak(n);
		assert_int_equal(net_stats(n)->rrc_challenges, 0);
		assert_int_equal(is_at(n, &n->clients[0].addr), rebind == DS_REBIND_IMMEDIATE);
		assert_true(is_proven(n));
		net_free(n);
	}
}

/* Then it is as with a peer that cannot be asked, until it can be. */
static void test_without_room_for_a_check_records_are_the_proof(void **state)
{
	struct net *n = with_mode(DS_RRC_BASIC);
	uint32_t *checks = &n->server.engine->checks.n;

	(void)state;
	*checks = DS_CHECKS_MAX;
	n->clients[0].addr.port++;
	for (int i = 0; i < 6; i++) {
		speak(n);
		net_run_for(n, PACE);
	}
	assert_int_equal(net_stats(n)->rrc_challenges, 0);
	assert_true(net_stats(n)->rrc_unasked > 0);
	assert_true(is_proven(n));
	n->clients[0].addr.port++;
	speak(n);
	assert_false(is_proven(n));
	*checks =
		0; /* nobody knows where it was before, but it can be asked: that is the proof now */
	n->rule = nothing_to_clients;
	for (int i = 0; i < 8; i++) {
		speak(n);
		net_run_for(n, 3 * PACE);
	}
	assert_false(is_proven(n));
	n->rule = NULL;
	speak(n);
	assert_int_equal(net_stats(n)->rrc_proven, 1);
	check_trusted(n, &n->clients[0].addr);
	net_free(n);
}

static void test_a_check_ends_with_its_session(void **state)
{
	(void)state;
	for (int mode = DS_RRC_BASIC; mode <= DS_RRC_ENHANCED; mode++) {
		struct net *n = with_mode((enum ds_rrc)mode);

		n->rule = nothing_to_clients;
		n->clients[0].addr.port++;
		speak(n);
		assert_int_equal(n->server.engine->checks.n, 1);
		assert_false(ds_engine_close_all(n->server.engine, n->now));
		assert_int_equal(n->server.engine->checks.n, 0);
		net_run_for(n, 5 * PACE);
		speak(n);
		net_free(n);
	}
}

/* Roles are alike: a client with a CID of its own follows a server that moves. */
static void test_a_client_asks_a_server_that_moved(void **state)
{
	struct net *n = net_new();
	const struct ds_stats *stats;
	ds_session s;

	(void)state;
	net_init_client(n, 0);
	n->clients[0].env.cfg.cid_length = 4;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	speak(n);
	s = net_server_session(n, 0);
	n->server.addr.port++;
	assert_int_equal(net_reply(n, s, "from here", 9), 0);
	net_run_for(n, 0);
	stats = ds_engine_stats(n->clients[0].engine);
	assert_int_equal(stats->rebinds, 1);
	assert_int_equal(stats->rrc_challenges, 1);
	assert_int_equal(stats->rrc_proven, 1);
	assert_int_equal(net_stats(n)->rrc_answers, 1);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_have_to_want_it),
		cmocka_unit_test(test_nobody_gets_an_extension_that_was_not_offered),
		cmocka_unit_test(test_a_moved_peer_is_trusted_after_one_round_trip),
		cmocka_unit_test(test_a_lost_challenge_is_sent_again_with_another_cookie),
		cmocka_unit_test(test_a_late_answer_counts),
		cmocka_unit_test(test_without_an_answer_the_session_goes_back),
		cmocka_unit_test(test_records_alone_prove_nothing),
		cmocka_unit_test(test_challenges_are_within_the_budget),
		cmocka_unit_test(test_a_peer_with_two_paths_is_asked_on_each),
		cmocka_unit_test(test_a_newer_record_from_the_proven_address_ends_the_check),
		cmocka_unit_test(test_a_third_address_is_asked_in_place_of_the_second),
		cmocka_unit_test(test_an_answer_from_another_address_than_was_asked_is_none),
		cmocka_unit_test(test_who_forwards_both_ways_is_seen_by_an_enhanced_check),
		cmocka_unit_test(test_a_lost_challenge_does_not_give_the_old_address_away),
		cmocka_unit_test(test_the_new_address_is_asked_when_the_old_one_is_silent),
		cmocka_unit_test(test_path_drop_lets_the_session_go),
		cmocka_unit_test(test_nobody_answers_an_enhanced_check),
		cmocka_unit_test(test_the_peer_speaks_at_its_address_while_that_is_asked),
		cmocka_unit_test(test_a_third_address_waits_for_the_end_of_an_enhanced_check),
		cmocka_unit_test(test_junk_is_counted_by_reason),
		cmocka_unit_test(test_a_wrong_cookie_or_a_drop_proves_no_new_address),
		cmocka_unit_test(test_a_challenge_is_answered_where_it_came_from_once),
		cmocka_unit_test(test_answers_to_an_unproven_address_are_within_the_budget),
		cmocka_unit_test(test_a_session_without_the_extension_has_no_such_messages),
		cmocka_unit_test(test_where_all_moves_are_trusted_or_none_nobody_is_asked),
		cmocka_unit_test(test_without_room_for_a_check_records_are_the_proof),
		cmocka_unit_test(test_a_check_ends_with_its_session),
		cmocka_unit_test(test_a_client_asks_a_server_that_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
