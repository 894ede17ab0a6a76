/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fairness.c - nobody spends what is everybody's, and nothing lasts for ever
 *
 * Junk aimed at a session, floods of handshakes, look-ups and sessions from one network, sessions
 * that are too old; and what a stranger can learn about identities.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"

/* Host @host of network @site. */
static struct ds_addr at_site(unsigned site, unsigned host, uint16_t port)
{
	struct ds_addr a = {.ip = {10, (uint8_t)(site >> 8), (uint8_t)site, (uint8_t)host},
			    .port = port,
			    .family = 4};

	return a;
}

static void check_message(struct net *n, size_t i, bool delivered)
{
	size_t before = n->server.n_messages % NET_MESSAGES;

	assert_int_equal(net_send(n, i, "hello", 5), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages % NET_MESSAGES, before + delivered);
}

static struct net *with_session(void)
{
	struct net *n = net_new();

	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	check_message(n, 0, true);
	return n;
}

/* Junk */

/* A record of client @i that does not verify, from @from. */
static void forge(struct net *n, size_t i, const struct ds_addr *from)
{
	uint8_t bad[256];
	size_t len = net_seal(n, &n->clients[i], net_client_session(n, i), "forged", 6, bad,
			      sizeof(bad));

	bad[len - 1] ^= 1;
	net_inject(n, from, &n->server.addr, bad, len);
	net_run_for(n, 0);
	if (!n->n_queue)
		net_forget_log(n);
}

static void test_a_record_among_ten_thousand_forged_ones_is_read(void **state)
{
	struct net *n = with_session();

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		forge(n, 0, &n->clients[0].addr);
	assert_int_equal(net_stats(n)->drop_bad_mac, 10000);
	check_message(n, 0, true);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_CLOSED), 0);
	net_free(n);
}

static void test_a_peer_that_moved_is_found_among_ten_thousand_forged_ones(void **state)
{
	struct net *n = with_session();

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		struct ds_addr stranger = at_site(i, i, 1000);

		forge(n, 0, &stranger);
	}
	n->clients[0].addr = at_site(300, 2, 2);
	check_message(n, 0, true);
	assert_int_equal(net_stats(n)->rebinds, 1);
	net_free(n);
}

static struct ds_slot *slot_of(struct net *n, size_t i)
{
	return ds_table_get(&n->server.engine->table, net_server_session(n, i));
}

/* As if junk for client 0 had cost so many microseconds in this second. */
static void cost(struct net *n, const struct ds_addr *from, unsigned microseconds)
{
	for (unsigned us = 0; us < microseconds; us += 2)
		ds_engine_forged(n->server.engine, slot_of(n, 0), from, 60, n->now);
}

/* From as many hosts as it takes. */
static void cost_all(struct net *n)
{
	for (unsigned i = 0; i < 250; i++) {
		struct ds_addr stranger = at_site(i, 1, 1000);

		cost(n, &stranger, 1000);
	}
}

static void test_junk_of_one_host_costs_a_tenth_of_a_processor(void **state)
{
	struct ds_addr stranger = at_site(1, 1, 1000), other = at_site(2, 1, 1000);
	struct net *n = with_session();

	(void)state;
	cost(n, &stranger, 99990);
	for (uint16_t i = 0; i < 100; i++) {
		stranger.port++; /* of which it has many */
		forge(n, 0, &stranger);
	}
	assert_int_equal(net_stats(n)->drop_bad_mac, 5);
	assert_int_equal(net_stats(n)->drop_junk, 95);
	forge(n, 0, &other);
	assert_int_equal(net_stats(n)->drop_bad_mac, 6);
	check_message(n, 0, true);
	n->clients[0].addr = at_site(3, 2, 2); /* its NAT forgot it just now */
	check_message(n, 0, true);
	net_free(n);
}

static void test_junk_of_all_hosts_costs_a_quarter_of_a_processor(void **state)
{
	struct net *n = with_session();

	(void)state;
	net_connect(n, 1);
	net_run_for(n, DS_SECOND);
	cost_all(n);
	forge(n, 0, &n->clients[0].addr);
	assert_int_equal(net_stats(n)->drop_junk, 1);
	check_message(n, 0, false);
	for (int i = 0; i < 20; i++) /* nobody aims at this one */
		check_message(n, 1, true);
	n->clients[1].addr = at_site(7, 7, 7);
	check_message(n, 1, true);
	net_run_for(n, DS_SECOND);
	check_message(n, 0, true);
	net_free(n);
}

static struct net *with_session_and_shared_cost(uint64_t *spent)
{
	struct net *n = net_new();

	n->server.env.cfg.junk_spent = spent;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	return n;
}

static void test_engines_of_a_process_share_the_cost_of_junk(void **state)
{
	uint64_t spent = 0;
	struct net *one = with_session_and_shared_cost(&spent);
	struct net *other = with_session_and_shared_cost(&spent);

	(void)state;
	cost_all(other);
	for (int i = 0; i < 40; i++) /* as many as do not make a session suspicious, and some */
		forge(one, 0, &one->clients[0].addr);
	assert_int_equal(net_stats(one)->drop_bad_mac, 32);
	assert_int_equal(net_stats(one)->drop_junk, 8);
	net_free(other);
	net_free(one);
}

/* Near the limit of a key the number of records counts. */

static struct net *near_limit(void)
{
	struct net *n = with_session();
	struct ds_slot *s = slot_of(n, 0);
	uint64_t limit = ds_suite_find(s->suite)->failures;

	s->failures = (uint32_t)((limit < UINT32_MAX ? limit : UINT32_MAX) / 2);
	return n;
}

static void test_a_key_near_its_limit_opens_few_records_from_elsewhere(void **state)
{
	struct net *n = near_limit();
	struct ds_addr home;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct ds_addr stranger = at_site(i, i, 1000);

		forge(n, 0, &stranger);
	}
	assert_int_equal(net_stats(n)->drop_bad_mac, 32);
	check_message(n, 0, true);
	home = n->clients[0].addr;
	n->clients[0].addr = at_site(300, 2, 2);
	check_message(n, 0, false); /* a peer that moves in that very second is not heard */
	n->clients[0].addr = home;
	check_message(n, 0, true);
	net_run_for(n, DS_SECOND);
	n->clients[0].addr = at_site(300, 2, 2);
	check_message(n, 0, true);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_CLOSED), 0);
	net_free(n);
}

static void test_a_key_near_its_limit_opens_few_records_from_its_own_address(void **state)
{
	struct net *n = near_limit();

	(void)state;
	for (int i = 0; i < 1000; i++)
		forge(n, 0, &n->clients[0].addr);
	assert_int_equal(net_stats(n)->drop_bad_mac, 256);
	assert_int_equal(net_stats(n)->drop_junk, 744);
	check_message(n, 0, false);
	net_run_for(n, DS_SECOND);
	check_message(n, 0, true); /* and it is in good standing again */
	for (int i = 0; i < 255; i++)
		forge(n, 0, &n->clients[0].addr);
	check_message(n, 0, true);
	/* The flood goes on: of what arrives each second the first 64 are looked at. */
	for (int second = 0; second < 5; second++) {
		for (int i = 0; i < 300; i++)
			forge(n, 0, &n->clients[0].addr);
		net_run_for(n, DS_SECOND);
		check_message(n, 0, true);
	}
	assert_int_equal(net_count_events(&n->server, DS_EVENT_CLOSED), 0);
	net_free(n);
}

/* Age */

static void test_a_session_ends_at_its_age_however_busy(void **state)
{
	struct net *n = net_new();
	int minutes;

	(void)state;
	n->server.env.cfg.max_age = 600 * DS_SECOND;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	for (minutes = 0; net_client_session(n, 0) && minutes < 20; minutes++) {
		net_send(n, 0, "busy", 4);
		net_run_for(n, 60 * DS_SECOND);
	}
	assert_in_range(minutes, 10, 11);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason, DS_REASON_AGE);
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_CLOSED)->reason,
			 DS_REASON_PEER_CLOSED);
	assert_int_equal(net_stats(n)->sessions_aged, 1);
	net_free(n);
}

static void test_an_old_session_is_not_used_once_more(void **state)
{
	(void)state;
	for (int in = 0; in < 2; in++) {
		struct net *n = net_new();
		ds_session s;

		n->server.env.cfg.max_age = 600 * DS_SECOND;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, 100 * DS_SECOND);
		s = net_server_session(n, 0);
		n->now += 502 * DS_SECOND; /* nobody ticks */
		if (in)
			check_message(n, 0, false);
		else
			assert_int_equal(net_reply(n, s, "late", 4), DS_E_NOSESSION);
		assert_int_equal(ds_engine_sessions(n->server.engine), 0);
		assert_int_equal(net_stats(n)->sessions_aged, 1);
		net_free(n);
	}
}

/* Sessions without handshakes, straight into the table. */
static struct ds_slot *insert(struct net *n, uint32_t i, const char *identity,
			      const struct ds_addr *from)
{
	static const uint8_t block[DS_KEY_BLOCK_MAX];
	uint8_t cid[8] = {1, 2, 3};
	struct ds_new_session ns = {
		.tx_seq = DS_LINGER_SEQS + 1,
		.suite = ds_suite_find(0x00A8),
		.block = block,
		.cid = cid,
		.rx_cid = true,
		.identity = (const uint8_t *)identity,
		.identity_len = identity ? (uint8_t)strlen(identity) : 0,
		.payload_max = DS_PAYLOAD_MAX,
		.path = net_path(&n->server.addr, from),
	};
	struct ds_slot *s;

	memcpy(cid + 4, &i, sizeof(i));
	s = ds_table_insert(&n->server.engine->table, &ns, n->now);
	assert_non_null(s);
	ds_table_show(&n->server.engine->table, s);
	return s;
}

static void test_sleeping_sessions_age_some_a_call(void **state)
{
	struct net *n = net_new();
	size_t before, len, told = 0, most = 0;
	struct ds_path path;
	struct ds_event ev;
	uint8_t buf[256];
	ds_time begin;

	(void)state;
	n->server.env.cfg.max_age = 640 * DS_SECOND;
	n->server.env.cfg.max_sessions = 10000;
	net_start_server(n);
	test_oracle_reset();
	for (uint32_t i = 0; i < 3000; i++) {
		struct ds_addr from = at_site(i, 1, 1);
		char identity[16];

		(void)snprintf(identity, sizeof(identity), "dev%u", i);
		insert(n, i, identity, &from);
	}
	begin = n->now;
	while (ds_engine_sessions(n->server.engine)) {
		ds_time at = ds_engine_deadline(n->server.engine);

		n->now = at > n->now ? at : n->now;
		assert_true(n->now - begin < 700 * DS_SECOND);
		before = ds_engine_sessions(n->server.engine);
		ds_engine_tick(n->server.engine, n->now);
		before -= ds_engine_sessions(n->server.engine);
		most = before > most ? before : most;
		while (ds_engine_event(n->server.engine, &ev))
			assert_int_equal(ev.reason, DS_REASON_AGE);
		while (ds_engine_output(n->server.engine, &path, buf, sizeof(buf), &len))
			told++;
	}
	assert_int_equal(told, 3000);
	assert_true(n->now - begin > 640 * DS_SECOND);
	assert_true(most <= DS_EVENTS);
	assert_int_equal(net_stats(n)->sessions_aged, 3000);
	net_free(n);
}

/* Numbers */

static uint64_t number_of(const struct net_datagram *d)
{
	uint64_t v = 0;

	for (int i = 5; i < 11; i++)
		v = v << 8 | d->data[i];
	return v;
}

static void test_sessions_end_before_their_numbers_do(void **state)
{
	static const uint16_t suites[] = {0x00A8, 0xC0A8, 0xCCAB};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(suites); i++) {
		struct net *n = net_new();
		size_t from;
		int sent = 0;
		ds_session s;

		net_init_client(n, 0);
		n->clients[0].env.cfg.suites[0] = suites[i];
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND);
		check_message(n, 0, true);
		s = net_server_session(n, 0);
		ds_table_get(&n->server.engine->table, s)->tx_seq = DS_SEQ_MAX - 2;
		from = n->n_log;
		while (sent < 9 && !net_reply(n, s, "x", 1))
			sent++;
		net_run_for(n, 0);
		assert_in_range(sent, 0, 2);
		assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason,
				 DS_REASON_KEY_LIMIT);
		assert_int_equal(net_client_session(n, 0), 0); /* close_notify had a number, too */
		for (uint64_t next = DS_SEQ_MAX - 2; from < n->n_log; from++)
			if (ds_addr_equal(&n->log[from].from, &n->server.addr))
				assert_true(number_of(&n->log[from]) == next++);
		net_free(n);
	}
}

static void test_the_last_number_of_a_peer_ends_its_session(void **state)
{
	struct net *n = with_session();
	struct ds_slot *s = ds_table_get(&n->clients[0].engine->table, net_client_session(n, 0));
	uint8_t buf[256];
	size_t len;

	(void)state;
	s->tx_seq = DS_SEQ_MAX - 1;
	len = net_seal_type(&n->clients[0], net_client_session(n, 0), DS_APPDATA, "x", 1, buf,
			    sizeof(buf));
	net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	len = net_seal_type(&n->clients[0], net_client_session(n, 0), DS_APPDATA, "x", 1, buf,
			    sizeof(buf));
	net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason, DS_REASON_KEY_LIMIT);
	net_free(n);
}

/* Too many sessions */

static void test_one_identity_cannot_fill_the_table(void **state)
{
	struct net *n = net_new();
	struct ds_addr from;
	ds_session other;

	(void)state;
	n->server.env.cfg.one_per_identity = false;
	n->server.env.cfg.max_per_identity = 3;
	n->server.env.cfg.max_sessions = 10;
	net_start_server(n);
	net_connect(n, 1);
	net_run_for(n, DS_SECOND);
	other = net_server_session(n, 1);
	for (uint16_t port = 1000; port < 1020; port++) {
		net_init_client(n, 0);
		n->clients[0].addr.port = port;
		net_connect(n, 0);
		net_run_for(n, DS_SECOND);
		assert_true(net_established(n, 0));
		ds_engine_free(n->clients[0].engine);
		n->clients[0].engine = NULL;
	}
	assert_int_equal(ds_engine_sessions(n->server.engine), 4);
	assert_true(net_server_session(n, 1) == other);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason,
			 DS_REASON_IDENTITY_FULL);
	from = n->clients[0].addr;
	for (int i = 0; i < 5; i++, from.port--) /* the newest three are there */
		assert_int_equal(ds_engine_find(n->server.engine, &from) != 0, i < 3);
	net_free(n);
}

/* True if @s got its place. */
static bool arrive(struct net *n, struct ds_slot *s)
{
	bool room = ds_engine_make_room(n->server.engine, s);

	if (!room)
		ds_table_remove(&n->server.engine->table, s);
	net_drain(n, &n->server);
	n->server.n_events = 0;
	net_run_for(n, 0);
	n->n_mailbox = 0;
	return room;
}

static void test_a_flood_without_identity_takes_nobodys_place(void **state)
{
	struct net *n = net_new();
	struct ds_engine *e;
	uint32_t id = 0;
	int flood = 0;

	(void)state;
	n->server.env.cfg.max_sessions = 300;
	net_start_server(n);
	e = n->server.engine;
	for (unsigned i = 0; i < 100; i++) { /* sleeping devices with keys of their own */
		struct ds_addr from = at_site(i, 1, 1);
		char identity[16];

		(void)snprintf(identity, sizeof(identity), "dev%u", i);
		insert(n, id++, identity, &from);
	}
	for (unsigned i = 0; i < 200; i++) { /* others without, ten a network */
		struct ds_addr from = at_site(1000 + i / 10, 1 + i % 10, 1);

		assert_true(arrive(n, insert(n, id++, NULL, &from)));
	}
	for (unsigned i = 0; i < 1000; i++) {
		struct ds_addr from = at_site(5000, i % 250, (uint16_t)(1000 + i));

		flood += arrive(n, insert(n, id++, NULL, &from));
		assert_int_equal(ds_engine_sessions(e), 300);
	}
	assert_in_range(flood, 1, 20); /* as many as the largest network before */
	for (unsigned i = 0; i < 100; i++) {
		struct ds_addr from = at_site(i, 1, 1);

		assert_true(ds_engine_find(e, &from));
	}
	/* Others with a key get in, in the place of those without; so does somebody without, from
	 * elsewhere. */
	for (unsigned i = 0; i < 50; i++) {
		struct ds_addr from = at_site(6000 + i, 1, 1);
		char identity[16];

		(void)snprintf(identity, sizeof(identity), "new%u", i);
		assert_true(arrive(n, insert(n, id++, identity, &from)));
	}
	for (unsigned i = 0; i < 100; i++) {
		struct ds_addr from = at_site(i, 1, 1);

		assert_true(ds_engine_find(e, &from));
	}
	struct ds_addr from = at_site(7001, 1, 1);

	assert_true(arrive(n, insert(n, id++, NULL, &from)));
	net_free(n);
}

static void test_in_one_network_the_silent_give_way(void **state)
{
	struct net *n = net_new();
	uint32_t id = 0;

	(void)state;
	n->server.env.cfg.max_sessions = 50;
	net_start_server(n);
	for (uint16_t i = 0; i < 120; i++) {
		struct ds_addr from = at_site(1, 1, (uint16_t)(1000 + i));

		assert_true(arrive(n, insert(n, id++, NULL, &from)));
		for (int newest = 0; newest < 5 && newest < i; newest++, from.port--)
			assert_true(ds_engine_find(n->server.engine, &from));
		n->now += DS_SECOND;
	}
	assert_int_equal(ds_engine_sessions(n->server.engine), 50);
	net_free(n);
}

/* Handshakes */

static enum net_fate no_key_exchange(void *ctx, size_t i, bool to_server, const uint8_t *data,
				     size_t len)
{
	(void)ctx, (void)i, (void)len;
	return to_server && data[0] == 22 && data[13] == 16 ? NET_DROP : NET_PASS;
}

static void test_half_open_handshakes_of_one_network_evict_their_own(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.max_handshakes = 16;
	net_start_server(n);
	for (size_t i = 0; i < 4; i++) { /* slow ones, each from elsewhere */
		net_init_client(n, i);
		n->clients[i].addr = at_site(100 + (unsigned)i, 1, 1);
		n->rule = no_key_exchange;
		net_connect(n, i);
		net_run_for(n, DS_MSEC);
	}
	for (uint16_t port = 1; port <= 60; port++) {
		net_init_client(n, 7);
		n->clients[7].addr = at_site(1, port % 5, port);
		net_connect(n, 7);
		net_run_for(n, DS_MSEC);
		ds_engine_free(n->clients[7].engine);
		n->clients[7].engine = NULL;
	}
	assert_int_equal(net_stats(n)->handshakes_evicted, 60 - 12);
	n->rule = NULL;
	net_run_for(n, 5 * DS_SECOND); /* they repeat what was lost */
	for (size_t i = 0; i < 4; i++)
		assert_true(net_established(n, i));
	net_free(n);
}

static void test_connect_says_what_is_short(void **state)
{
	struct net *n = net_new();
	struct ds_addr elsewhere = net_addr(77, 5684);
	struct ds_path to = net_path(&n->clients[0].addr, &elsewhere);
	struct ds_job *job;

	(void)state;
	net_init_client(n, 0);
	n->clients[0].env.cfg.max_handshakes = 1;
	n->clients[0].no_jobs = true;
	net_start_server(n);
	net_connect(n, 0);
	job = ds_engine_job(n->clients[0].engine, n->now); /* busy: it cannot give way */
	assert_non_null(job);
	assert_int_equal(ds_engine_connect(n->clients[0].engine, &to, n->now), DS_E_FULL);
	ds_job_run(job);
	ds_engine_job_done(n->clients[0].engine, job, n->now);
	n->clients[0].env.fail_alloc = n->clients[0].env.allocs + 1;
	assert_int_equal(ds_engine_connect(n->clients[0].engine, &to, n->now), DS_E_NOMEM);
	n->clients[0].env.fail_alloc = TEST_NEVER;
	assert_int_equal(ds_engine_connect(n->clients[0].engine, &to, n->now), 0);
	net_free(n);
}

/* Keys */

static size_t ask_for_keys(struct net *n, unsigned site, uint16_t times)
{
	uint64_t before = net_stats(n)->lookups_crowded;

	for (uint16_t i = 0; i < times; i++) {
		net_init_client(n, 7);
		n->clients[7].addr = at_site(site, i % 200, (uint16_t)(1 + i));
		net_connect(n, 7);
		net_run_for(n, 0);
		assert_int_equal(n->server.lookups[(n->server.n_lookups - 1) % 16].crowded,
				 net_stats(n)->lookups_crowded > before);
		ds_engine_free(n->clients[7].engine);
		n->clients[7].engine = NULL;
		n->server.n_events = 0;
	}
	return net_stats(n)->lookups_crowded - before;
}

static void test_one_network_has_few_keys_looked_up(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.lookup_rate = 2;
	n->server.env.cfg.one_per_identity = false;
	net_start_server(n);
	assert_int_equal(ask_for_keys(n, 1, 30), 30 - 8);
	assert_int_equal(ask_for_keys(n, 2, 8), 0);
	n->now += 3 * DS_SECOND;
	assert_int_equal(ask_for_keys(n, 1, 8), 2);
	net_free(n);
}

/* What a client with the wrong credentials sees: when, and how many bytes of what. */
static size_t refusals(struct net *n, bool unknown, struct net_datagram *seen, size_t max)
{
	size_t count = 0;
	ds_time begin;

	net_init_client(n, 0);
	if (unknown)
		memcpy(n->clients[0].env.cfg.psk_identity, "nope", 4);
	else
		n->clients[0].env.cfg.psk_key[3] ^= 1;
	net_start_server(n);
	begin = n->now;
	net_connect(n, 0);
	net_run_for(n, 30 * DS_SECOND);
	assert_false(net_established(n, 0));
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
			 unknown ? DS_REASON_PSK_UNKNOWN : DS_REASON_PSK_WRONG);
	assert_int_equal(net_stats(n)->psk_unknown, unknown);
	for (size_t i = 0; i < n->n_log; i++) {
		if (!ds_addr_equal(&n->log[i].from, &n->server.addr))
			continue;
		assert_true(count < max);
		seen[count] = n->log[i];
		seen[count++].at -= begin;
	}
	return count;
}

static void test_unknown_identity_and_wrong_key_look_alike(void **state)
{
	struct net_datagram unknown[32], wrong[32];
	struct net *a = net_new(), *b = net_new();
	size_t n = refusals(a, true, unknown, 32);

	(void)state;
	assert_int_equal(refusals(b, false, wrong, 32), n);
	assert_true(n > 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(unknown[i].at, wrong[i].at);
		assert_int_equal(unknown[i].len, wrong[i].len);
		assert_memory_equal(unknown[i].data, wrong[i].data, DS_RECORD_HEADER);
	}
	/* At last an alert, and it is the same */
	assert_int_equal(unknown[n - 1].data[0], DS_ALERT);
	net_free(a);
	net_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_record_among_ten_thousand_forged_ones_is_read),
		cmocka_unit_test(test_a_peer_that_moved_is_found_among_ten_thousand_forged_ones),
		cmocka_unit_test(test_junk_of_one_host_costs_a_tenth_of_a_processor),
		cmocka_unit_test(test_junk_of_all_hosts_costs_a_quarter_of_a_processor),
		cmocka_unit_test(test_engines_of_a_process_share_the_cost_of_junk),
		cmocka_unit_test(test_a_key_near_its_limit_opens_few_records_from_elsewhere),
		cmocka_unit_test(test_a_key_near_its_limit_opens_few_records_from_its_own_address),
		cmocka_unit_test(test_a_session_ends_at_its_age_however_busy),
		cmocka_unit_test(test_an_old_session_is_not_used_once_more),
		cmocka_unit_test(test_sleeping_sessions_age_some_a_call),
		cmocka_unit_test(test_sessions_end_before_their_numbers_do),
		cmocka_unit_test(test_the_last_number_of_a_peer_ends_its_session),
		cmocka_unit_test(test_one_identity_cannot_fill_the_table),
		cmocka_unit_test(test_a_flood_without_identity_takes_nobodys_place),
		cmocka_unit_test(test_in_one_network_the_silent_give_way),
		cmocka_unit_test(test_half_open_handshakes_of_one_network_evict_their_own),
		cmocka_unit_test(test_connect_says_what_is_short),
		cmocka_unit_test(test_one_network_has_few_keys_looked_up),
		cmocka_unit_test(test_unknown_identity_and_wrong_key_look_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
