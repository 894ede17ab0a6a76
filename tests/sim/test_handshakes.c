/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_handshakes.c - handshakes between two engines on a bad network and with bad peers
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/net.h"

static void check_echo(struct net *n)
{
	size_t before = n->server.n_messages;

	assert_int_equal(net_send(n, 0, "echo", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, before + 1);
	assert_int_equal(net_reply(n, n->server.messages[before].session, "echo", 4), 0);
	net_run_for(n, 0);
	assert_true(n->clients[0].n_messages > 0);
}

/* Loss, duplication, delay of every datagram of the handshake */

struct one_fate {
	size_t victim;
	int times;
	enum net_fate fate;
};

static enum net_fate hit(void *ctx, size_t n, bool to_server, const uint8_t *data, size_t len)
{
	struct one_fate *f = ctx;

	(void)to_server, (void)data, (void)len;
	if (n < f->victim || f->times == 0)
		return NET_PASS;
	f->times--;
	return f->fate;
}

static void run_with_fate(struct one_fate f, bool split)
{
	struct net *n = net_new();

	n->rule = hit;
	n->ctx = &f;
	n->split = split;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 29 * DS_SECOND);
	assert_true(net_established(n, 0));
	assert_int_equal(net_stats(n)->handshakes_done, 1);
	n->rule = NULL;
	check_echo(n);
	net_free(n);
}

static void test_each_datagram_may_be_lost_up_to_three_times(void **state)
{
	(void)state;
	for (size_t victim = 0; victim < 7; victim++)
		for (int times = 1; times <= 3; times++)
			run_with_fate((struct one_fate){victim, times, NET_DROP}, false);
}

static void test_each_record_may_be_lost_doubled_or_late(void **state)
{
	(void)state;
	for (size_t victim = 0; victim < 10; victim++) {
		run_with_fate((struct one_fate){victim, 1, NET_DROP}, true);
		run_with_fate((struct one_fate){victim, 1, NET_TWICE}, true);
		run_with_fate((struct one_fate){victim, 3, NET_TWICE}, true);
		run_with_fate((struct one_fate){victim, 1, NET_LATE}, true);
		run_with_fate((struct one_fate){victim, 2, NET_LATE}, true);
	}
}

struct chaos {
	uint64_t seed;
};

static enum net_fate at_random(void *ctx, size_t n, bool to_server, const uint8_t *data, size_t len)
{
	struct chaos *c = ctx;
	uint64_t r = test_random(&c->seed) % 100;

	(void)n, (void)to_server, (void)data, (void)len;
	return r < 15 ? NET_DROP : r < 30 ? NET_TWICE : r < 45 ? NET_LATE : NET_PASS;
}

static void test_random_loss_duplication_and_reordering(void **state)
{
	size_t done = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct chaos c = {seed * 7919};
		struct net *n = net_new();

		n->rule = at_random;
		n->ctx = &c;
		n->split = seed & 1;
		n->server.env.cfg.handshake_timeout = 120 * DS_SECOND;
		net_init_client(n, 0);
		n->clients[0].env.cfg.handshake_timeout = 120 * DS_SECOND;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, 110 * DS_SECOND);
		n->rule = NULL;
		n->split = false;
		net_run_for(n, 5 * DS_SECOND);
		if (net_established(n, 0)) {
			done++;
			check_echo(n);
		}
		net_free(n);
	}
	assert_true(done >= 195);
}

/* Cookies */

static void test_hello_without_cookie_costs_no_memory(void **state)
{
	struct net *n = net_new();
	struct net_datagram hello;
	size_t live;

	(void)state;
	net_start_server(n);
	net_connect(n, 0);
	hello = n->log[0];
	live = n->server.env.live;
	for (int i = 0; i < 500; i++) {
		struct ds_addr from = net_addr(100 + (unsigned)i % 100, (uint16_t)(1000 + i));

		n->n_queue = 0;
		net_inject(n, &from, &n->server.addr, hello.data, hello.len);
		net_run_for(n, 0);
	}
	assert_int_equal(n->server.env.live, live);
	assert_int_equal(net_stats(n)->hello_verify, 500);
	assert_int_equal(net_stats(n)->handshakes_started, 0);
	assert_true(n->server.bytes_out <= n->server.bytes_in);
	net_free(n);
}

/* The client's second hello, the one with the cookie. */
static struct net_datagram cookie_hello(struct net *n)
{
	net_start_server(n);
	net_connect(n, 0);
	n->queue[0].at = n->now;
	for (int i = 0; i < 3 && n->n_log < 3; i++)
		net_run_for(n, 0);
	return n->log[2];
}

static void test_cookie_is_good_only_where_and_for_what_it_was_made(void **state)
{
	struct net *n = net_new();
	struct net_datagram hello = cookie_hello(n);
	struct ds_addr elsewhere = net_addr(99, 9);
	uint64_t started = net_stats(n)->handshakes_started;
	uint8_t changed[512];

	(void)state;
	net_inject(n, &elsewhere, &n->server.addr, hello.data, hello.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->handshakes_started, started);
	memcpy(changed, hello.data, hello.len);
	changed[13 + 12 + 2 + 5]++; /* a byte of the random */
	net_inject(n, &hello.from, &n->server.addr, changed, hello.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->handshakes_started, started);
	net_run_for(n, 300 * DS_SECOND); /* two secrets later */
	net_inject(n, &hello.from, &n->server.addr, hello.data, hello.len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->handshakes_started, started);
	net_free(n);
}

/* Keys */

static void test_unknown_identity_fails_with_a_reason(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_init_client(n, 0);
	memcpy(n->clients[0].env.cfg.psk_identity, "nope", 4);
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 10 * DS_SECOND); /* as long as with a wrong key */
	assert_false(net_established(n, 0));
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
			 DS_REASON_PSK_UNKNOWN);
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
			 DS_REASON_PEER_ALERT);
	assert_int_equal(net_stats(n)->psk_unknown, 1);
	net_free(n);
}

/* The key that stands for an unknown one. */
static int foreseen(void *ctx, uint8_t *buf, size_t len)
{
	struct test_env *env = ctx;

	if (len == 16)
		memset(buf, 0x5a, len);
	else
		test_random_bytes(&env->seed, buf, len);
	return 0;
}

static void test_unknown_identity_gets_no_session_though_it_guesses_the_key(void **state)
{
	struct net *n = net_new();
	struct ds_config *cfg = &n->clients[0].env.cfg;

	(void)state;
	net_init_client(n, 0);
	memcpy(cfg->psk_identity, "nope", 4);
	cfg->psk_key_len = 16;
	memset(cfg->psk_key, 0x5a, 16);
	n->server.env.cfg.random = foreseen;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 10 * DS_SECOND);
	assert_int_equal(net_stats(n)->drop_bad_mac_handshake, 0); /* its Finished verified */
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_ESTABLISHED), 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason,
			 DS_REASON_PSK_UNKNOWN);
	net_free(n);
}

/* Sends before each ClientKeyExchange one that names dev1 and that Mbed TLS passes over, because of
 * its message number. */
static enum net_fate name_dev1_first(void *ctx, size_t i, bool to_server, const uint8_t *data,
				     size_t len)
{
	struct net *n = ctx;
	uint8_t other[256];

	(void)i;
	if (!to_server || data[0] != 22 || data[13] != 16 || len > sizeof(other))
		return NET_PASS;
	memcpy(other, data, len);
	other[10] += 20; /* a record of its own */
	other[18] += 20;
	memcpy(other + 27, "dev1", 4);
	net_inject(n, &n->clients[0].addr, &n->server.addr, other, len);
	return NET_PASS;
}

static void test_key_is_for_the_identity_it_was_asked_for(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_init_client(n, 0);
	memcpy(n->clients[0].env.cfg.psk_identity, "nope", 4); /* its key is that of dev1 */
	n->split = true;
	n->rule = name_dev1_first;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 10 * DS_SECOND);
	assert_memory_equal(n->server.lookups[0].identity, "dev1", 4);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_ESTABLISHED), 0);
	net_free(n);
}

static void test_wrong_key_is_told_apart(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_init_client(n, 0);
	n->clients[0].env.cfg.psk_key[3] ^= 1;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 10 * DS_SECOND);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_PSK_WRONG);
	assert_non_null(net_last_event(&n->clients[0], DS_EVENT_FAILED));
	assert_true(net_stats(n)->drop_bad_mac_handshake > 0);
	net_free(n);
}

static enum net_fate drop_all_from_client_0(void *ctx, size_t i, bool to_server,
					    const uint8_t *data, size_t len)
{
	(void)ctx, (void)i, (void)data, (void)len;
	return to_server ? NET_DROP : NET_PASS;
}

static void test_slow_key_delays_only_its_own_device(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	n->server.no_lookups = true;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(n->server.n_lookups, 1);
	n->server.no_lookups = false;
	net_connect(n, 1);
	net_run_for(n, 8 * DS_SECOND);
	assert_true(net_established(n, 1));
	assert_false(net_established(n, 0));
	assert_int_equal(n->server.n_lookups, 2); /* no second request for repeated flights */
	n->rule = drop_all_from_client_0;	  /* the answer must not need another repetition */
	ds_engine_lookup_done(n->server.engine, n->server.lookups[0].id,
			      n->clients[0].env.cfg.psk_key, 16, n->now);
	net_drain(n, &n->server);
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 0));
	n->rule = NULL;
	check_echo(n);
	net_free(n);
}

static void test_plaintext_data_does_not_reach_a_handshake(void **state)
{
	static const uint8_t data[] = "\x17\xfe\xfd\0\0\0\0\0\0\0\x63\0\x05hello";
	struct net *n = net_new();
	uint64_t before;

	(void)state;
	net_start_server(n);
	n->server.no_lookups = true;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	before = net_stats(n)->rx_handshake;
	net_inject(n, &n->clients[0].addr, &n->server.addr, data, sizeof(data) - 1);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->drop_plain_other, 1);
	assert_int_equal(net_stats(n)->rx_handshake, before);
	net_free(n);
}

static void test_late_key_for_a_dead_handshake_is_ignored(void **state)
{
	struct net *n = net_new();
	uint64_t id;

	(void)state;
	net_start_server(n);
	n->server.no_lookups = true;
	net_connect(n, 0);
	net_run_for(n, n->server.env.cfg.handshake_timeout + DS_SECOND);
	id = n->server.lookups[0].id;
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_TIMEOUT);
	n->server.no_lookups = false;
	net_connect(n, 1);
	ds_engine_lookup_done(n->server.engine, id, n->clients[0].env.cfg.psk_key, 16, n->now);
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 1));
	assert_false(net_established(n, 0));
	net_free(n);
}

/* Junk while a handshake runs */

struct junk {
	struct net *n;
	bool cid;
	bool inside;
	size_t made;
};

/* Before every datagram to the server, forged protected records with the right CID. */
static enum net_fate add_junk(void *ctx, size_t i, bool to_server, const uint8_t *data, size_t len)
{
	struct junk *j = ctx;
	uint8_t fake[64] = {25, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 0};
	size_t cid = j->cid ? 8 : 0;

	(void)i, (void)data, (void)len;
	if (!to_server)
		return NET_PASS;
	if (!j->cid)
		fake[0] = 22;
	for (uint8_t k = 0; k < 5; k++) {
		fake[10] = k;
		fake[12 + cid] = 30;
		net_inject(j->n, &j->n->clients[0].addr, &j->n->server.addr, fake, 13 + cid + 30);
		j->made++;
	}
	return NET_PASS;
}

static void test_forged_protected_records_do_not_end_a_handshake(void **state)
{
	(void)state;
	for (int cid = 0; cid < 2; cid++) {
		struct net *n = net_new();
		struct junk j = {.n = n, .cid = cid};

		n->server.env.cfg.cid_length = cid ? 8 : 0;
		n->rule = add_junk;
		n->ctx = &j;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, 4 * DS_SECOND);
		assert_true(net_established(n, 0));
		assert_true(j.made >= 10);
		check_echo(n);
		net_free(n);
	}
}

/* Application data that overtakes Finished */

static enum net_fate delay_server_finished(void *ctx, size_t i, bool to_server, const uint8_t *data,
					   size_t len)
{
	(void)ctx, (void)i, (void)len;
	return !to_server && data[0] == 20 ? NET_LATE : NET_PASS;
}

static void test_messages_that_overtake_finished_are_kept(void **state)
{
	(void)state;
	for (uint8_t client_cid = 0; client_cid < 8; client_cid += 4) {
		struct net *n = net_new();
		ds_session s;

		n->rule = delay_server_finished;
		net_start_server(n);
		net_init_client(n, 0);
		n->clients[0].env.cfg.cid_length = client_cid;
		net_connect(n, 0);
		net_run_for(n, 20 * DS_MSEC);
		s = net_server_session(n, 0);
		assert_true(s != 0);
		assert_int_equal(net_client_session(n, 0), 0);
		for (int i = 0; i < 3; i++)
			assert_int_equal(net_reply(n, s, "early", 5), 0);
		net_run_for(n, 20 * DS_MSEC);
		assert_int_equal(n->clients[0].n_messages, 0);
		net_run_for(n, DS_SECOND);
		assert_int_equal(n->clients[0].n_messages, 3);
		assert_memory_equal(n->clients[0].messages[2].head, "early", 5);
		net_free(n);
	}
}

static void test_early_messages_are_bounded(void **state)
{
	struct net *n = net_new();
	ds_session s;

	(void)state;
	n->rule = delay_server_finished;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 20 * DS_MSEC);
	s = net_server_session(n, 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(net_reply(n, s, "early", 5), 0);
	net_run_for(n, DS_SECOND);
	assert_int_equal(n->clients[0].n_messages, 16);
	assert_int_equal(ds_engine_stats(n->clients[0].engine)->drop_held, 84);
	net_free(n);
}

/* The server's last flight */

static enum net_fate drop_server_finished(void *ctx, size_t i, bool to_server, const uint8_t *data,
					  size_t len)
{
	int *times = ctx;

	(void)i, (void)len;
	if (to_server || data[0] != 20 || *times == 0)
		return NET_PASS;
	--*times;
	return NET_DROP;
}

/* No protected number of the server's stands on the wire twice: the context that repeats its flight
 * and the session count in ranges of their own. */
static void check_numbers(struct net *n)
{
	uint64_t seen[64];
	size_t count = 0;

	for (size_t i = 0; i < n->n_log; i++) {
		const struct net_datagram *d = &n->log[i];
		struct ds_record r;

		for (size_t at = 0; at < d->len; at += r.total) {
			assert_int_equal(ds_record_parse(&r, d->data + at, d->len - at,
							 n->server.env.cfg.cid_length),
					 DS_PARSE_OK);
			if (!ds_addr_equal(&d->from, &n->server.addr) || !ds_record_epoch(&r))
				continue;
			for (size_t k = 0; k < count; k++)
				assert_true(seen[k] != r.number);
			assert_true(count < TEST_COUNT(seen));
			seen[count++] = r.number;
		}
	}
	assert_true(count >= 2);
}

static void test_last_flight_is_repeated_until_the_client_has_it(void **state)
{
	(void)state;
	for (int cid = 0; cid < 2; cid++) {
		for (int times = 1; times <= 3; times++) {
			struct net *n = net_new();
			int left = times;

			n->server.env.cfg.cid_length = cid ? 8 : 0;
			n->rule = drop_server_finished;
			n->ctx = &left;
			net_start_server(n);
			net_connect(n, 0);
			net_run_for(n, 20 * DS_SECOND);
			assert_int_equal(left, 0);
			assert_true(net_established(n, 0));
			assert_int_equal(net_stats(n)->handshakes_done, 1);
			assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
			check_echo(n);
			check_numbers(n);
			assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
			net_free(n);
		}
	}
}

/* A client that lost it six times asks for it a minute after the server has a session. */
static void test_last_flight_is_kept_for_the_most_patient_client(void **state)
{
	struct net *n = net_new();
	int left = 6;

	(void)state;
	n->rule = drop_server_finished;
	n->ctx = &left;
	net_start_server(n);
	net_init_client(n, 0);
	n->clients[0].env.cfg.handshake_timeout = 120 * DS_SECOND;
	net_connect(n, 0);
	net_run_for(n, 70 * DS_SECOND);
	assert_int_equal(left, 0);
	assert_true(net_established(n, 0));
	assert_int_equal(net_stats(n)->handshakes_started, 1);
	check_echo(n);
	net_free(n);
}

/* The newest protected number of datagrams from @from. */
static uint64_t newest_number(const struct net *n, const struct ds_addr *from)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < n->n_log; i++) {
		const struct net_datagram *d = &n->log[i];
		struct ds_record r;

		for (size_t at = 0; at < d->len; at += r.total) {
			if (ds_record_parse(&r, d->data + at, d->len - at, 8) != DS_PARSE_OK)
				break;
			if (ds_addr_equal(&d->from, from) && ds_record_epoch(&r) &&
			    ds_record_seq(&r) > newest)
				newest = ds_record_seq(&r);
		}
	}
	return newest;
}

static void test_numbers_go_on_behind_the_last_flight_however_often_it_was_repeated(void **state)
{
	uint64_t client, server;
	int left = 4;
	struct net *n = net_new();

	(void)state;
	n->rule = drop_server_finished;
	n->ctx = &left;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 40 * DS_SECOND);
	assert_true(net_established(n, 0));
	client = newest_number(n, &n->clients[0].addr);
	server = newest_number(n, &n->server.addr);
	assert_true(client >= 4 && server >= 4);
	check_echo(n);
	assert_in_range(newest_number(n, &n->clients[0].addr), client + 1, client + 64);
	assert_in_range(newest_number(n, &n->server.addr), server + 1, 64);
	net_free(n);
}

/* The last datagram of client 0 with a protected record: its Finished. */
static struct net_datagram *finished_of(struct net *n)
{
	for (size_t i = n->n_log; i-- > 0;) {
		struct ds_record r;
		struct net_datagram *d = &n->log[i];

		for (size_t at = 0; at < d->len; at += r.total) {
			assert_int_equal(ds_record_parse(&r, d->data + at, d->len - at, 8),
					 DS_PARSE_OK);
			if (ds_addr_equal(&d->from, &n->clients[0].addr) && ds_record_epoch(&r))
				return d;
		}
	}
	fail();
	return NULL;
}

static size_t count_flights(const struct net *n)
{
	size_t count = 0;

	for (size_t i = 0; i < n->n_log; i++)
		count += ds_addr_equal(&n->log[i].from, &n->server.addr) && n->log[i].data[0] == 20;
	return count;
}

/* As pion does: the record is the same, number and all. */
static void test_finished_under_its_old_number_gets_the_last_flight_again(void **state)
{
	struct net *n = net_connected(1);
	struct net_datagram d = *finished_of(n);

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		net_inject(n, &d.from, &d.to, d.data, d.len);
		net_run_for(n, 0);
	}
	assert_int_equal(count_flights(n), 2);
	net_run_for(n, n->server.env.cfg.handshake_min);
	net_inject(n, &d.from, &d.to, d.data, d.len);
	net_run_for(n, 0);
	assert_int_equal(count_flights(n), 3);
	check_echo(n); /* the client has it */
	net_run_for(n, n->server.env.cfg.handshake_min);
	net_inject(n, &d.from, &d.to, d.data, d.len);
	net_run_for(n, 0);
	assert_int_equal(count_flights(n), 3);
	assert_true(net_stats(n)->drop_replay > 0);
	net_free(n);
}

static void test_repetitions_of_the_last_flight_end_before_the_sessions_numbers(void **state)
{
	static const uint8_t finished[24] = {20, 0, 0, 12, 0, 3, 0, 0, 0, 0, 0, 12};
	struct net *n = net_connected(1);
	ds_session s = net_client_session(n, 0);
	uint8_t buf[200];
	size_t len;

	(void)state;
	for (int i = 0; i < 100; i++) {
		len = net_seal_type(&n->clients[0], s, 22, finished, sizeof(finished), buf,
				    sizeof(buf));
		net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
		net_run_for(n, n->server.env.cfg.handshake_min / 2);
	}
	assert_int_equal(count_flights(n), 1 + DS_LINGER_SEQS);
	check_echo(n);
	assert_int_equal(newest_number(n, &n->server.addr), 1 + DS_LINGER_SEQS);
	net_free(n);
}

static void check_no_renegotiation(struct net *n)
{
	static const uint8_t hello[60] = {1, 0, 0, 48, 0, 9, 0, 0, 0, 0, 0, 48, 0xfe, 0xfd};
	ds_session s = net_client_session(n, 0);
	uint8_t buf[200];
	size_t len = net_seal_type(&n->clients[0], s, 22, hello, sizeof(hello), buf, sizeof(buf));
	uint64_t before = net_stats(n)->drop_renegotiation;
	size_t sent = n->n_log;

	net_inject(n, &n->clients[0].addr, &n->server.addr, buf, len);
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->drop_renegotiation, before + 1);
	assert_int_equal(n->n_log, sent + 2); /* a warning, which ends nothing */
	assert_true(n->log[sent + 1].len < len);
	assert_int_equal(n->clients[0].engine ? ds_engine_stats(n->clients[0].engine)->drop_alert
					      : 0,
			 before + 1);
	assert_true(net_established(n, 0));
}

static void test_a_server_hello_has_no_session_id(void **state)
{
	struct net *n = net_connected(1);
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < n->n_log; i++) {
		const struct net_datagram *d = &n->log[i];

		if (!ds_addr_equal(&d->from, &n->server.addr) || d->data[0] != 22 ||
		    d->data[13] != 2)
			continue;
		assert_int_equal(d->data[13 + 12 + 34], 0);
		found++;
	}
	assert_int_equal(found, 1);
	net_free(n);
}

static void test_renegotiation_is_refused_with_the_last_flight_kept_and_without(void **state)
{
	struct net *n = net_connected(1);

	(void)state;
	check_no_renegotiation(n);
	check_echo(n);
	check_no_renegotiation(n);
	check_echo(n);
	net_free(n);
}

static void test_talkative_client_without_cid_can_connect_again(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.cid_length = 0;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	for (int i = 0; i < 100; i++) { /* far beyond the replay window */
		net_send(n, 0, "x", 1);
		net_run_for(n, 0);
	}
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_stats(n)->handshakes_done, 2);
	check_echo(n);
	net_free(n);
}

static void test_late_copy_of_a_hello_begins_nothing(void **state)
{
	struct net *n = net_new();
	struct net_datagram hello;

	(void)state;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	hello = n->log[2];
	assert_int_equal(hello.data[13], 1);
	net_inject(n, &hello.from, &hello.to, hello.data, hello.len);
	net_run_for(n, DS_SECOND);
	assert_int_equal(net_stats(n)->handshakes_started, 1);
	assert_int_equal(net_stats(n)->drop_replay, 1);
	check_echo(n);
	net_free(n);
}

static void test_silent_client_frees_its_handshake_after_the_linger_time(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	net_run_for(n, n->server.env.cfg.linger + DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	check_echo(n);
	net_free(n);
}

/* Limits */

static enum net_fate server_deaf_after_hello(void *ctx, size_t i, bool to_server,
					     const uint8_t *data, size_t len)
{
	(void)ctx, (void)i, (void)len;
	return to_server && data[0] == 22 && data[13] == 16 ? NET_DROP : NET_PASS;
}

static void test_handshake_limit_drops_the_oldest_unfinished(void **state)
{
	(void)state;
	for (uint32_t limit = 3; limit <= 5; limit++) { /* four half-open clients */
		struct net *n = net_new();

		n->server.env.cfg.max_handshakes = limit;
		n->rule = server_deaf_after_hello;
		net_start_server(n);
		for (size_t i = 0; i < 4; i++) {
			net_connect(n, i);
			net_run_for(n, DS_SECOND / 10);
		}
		assert_int_equal(net_stats(n)->handshakes_evicted, limit < 4 ? 1 : 0);
		assert_int_equal(ds_engine_handshakes(n->server.engine), limit < 4 ? limit : 4);
		n->rule = NULL;
		net_connect(n, 5); /* and a good client still gets in */
		net_run_for(n, DS_SECOND);
		assert_true(net_established(n, 5));
		net_free(n);
	}
}

static void test_half_open_handshakes_never_evict_a_session(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.max_sessions = 1;
	n->server.env.cfg.max_handshakes = 2;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	n->rule = server_deaf_after_hello;
	for (size_t i = 1; i < 6; i++) {
		net_connect(n, i);
		net_run_for(n, DS_SECOND / 10);
	}
	net_run_for(n, 60 * DS_SECOND);
	assert_true(net_established(n, 0));
	n->rule = NULL;
	check_echo(n);
	net_free(n);
}

static void test_memory_shortage_at_any_call_never_makes_a_session(void **state)
{
	(void)state;
	for (size_t k = 1; k < 60; k++) {
		struct net *n = net_new();

		net_start_server(n);
		n->server.env.fail_alloc = n->server.env.allocs + k;
		net_connect(n, 0);
		net_run_for(n, 2 * DS_SECOND);
		n->server.env.fail_alloc = TEST_NEVER;
		net_run_for(n, 25 * DS_SECOND); /* the client tries again and again */
		if (net_established(n, 0))
			check_echo(n);
		net_free(n);
	}
}

static void test_memory_shortage_at_any_call_leaves_the_old_session(void **state)
{
	struct net *n = net_new();
	ds_session s;

	(void)state;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	s = net_server_session(n, 0);
	for (size_t k = 0; k < 60; k++) {
		n->server.env.fail_alloc = n->server.env.allocs + k;
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 10);
		n->server.env.fail_alloc = TEST_NEVER;
		net_run_for(n, 100 * DS_SECOND);
		assert_true(net_server_session(n, 0) == s || net_established(n, 0));
		s = net_server_session(n, 0);
		n->server.n_events = n->clients[0].n_events = 0;
	}
	net_free(n);
}

/* A record number at the end of what there is: the answer's would be beyond it. */
static enum net_fate last_number(void *ctx, size_t i, bool to_server, const uint8_t *data,
				 size_t len)
{
	struct net *n = ctx;
	uint8_t hello[512];

	(void)i;
	if (!to_server || data[0] != 22 || data[13] != 1)
		return NET_PASS;
	memcpy(hello, data, len);
	memset(hello + 5, 0xff, 6);
	net_inject(n, &n->clients[0].addr, &n->server.addr, hello, len);
	return NET_DROP;
}

static void test_hello_with_the_last_record_number_harms_nobody_else(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->rule = last_number;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 5 * DS_SECOND);
	n->rule = NULL;
	net_connect(n, 1);
	net_run_for(n, n->server.env.cfg.linger + 10 * DS_SECOND);
	assert_true(net_established(n, 1));
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	net_free(n);
}

static void test_failing_random_numbers_never_make_a_session(void **state)
{
	(void)state;
	for (size_t k = 1; k < 8; k++) {
		struct net *n = net_new();

		net_start_server(n);
		n->server.env.fail_random = n->server.env.randoms + k;
		net_connect(n, 0);
		net_run_for(n, 20 * DS_SECOND);
		if (net_server_session(n, 0))
			assert_true(k > 2); /* CID and ServerHello's random need one each */
		net_free(n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_datagram_may_be_lost_up_to_three_times),
		cmocka_unit_test(test_each_record_may_be_lost_doubled_or_late),
		cmocka_unit_test(test_random_loss_duplication_and_reordering),
		cmocka_unit_test(test_hello_without_cookie_costs_no_memory),
		cmocka_unit_test(test_cookie_is_good_only_where_and_for_what_it_was_made),
		cmocka_unit_test(test_unknown_identity_fails_with_a_reason),
		cmocka_unit_test(test_unknown_identity_gets_no_session_though_it_guesses_the_key),
		cmocka_unit_test(test_key_is_for_the_identity_it_was_asked_for),
		cmocka_unit_test(test_wrong_key_is_told_apart),
		cmocka_unit_test(test_slow_key_delays_only_its_own_device),
		cmocka_unit_test(test_plaintext_data_does_not_reach_a_handshake),
		cmocka_unit_test(test_late_key_for_a_dead_handshake_is_ignored),
		cmocka_unit_test(test_forged_protected_records_do_not_end_a_handshake),
		cmocka_unit_test(test_messages_that_overtake_finished_are_kept),
		cmocka_unit_test(test_early_messages_are_bounded),
		cmocka_unit_test(test_last_flight_is_repeated_until_the_client_has_it),
		cmocka_unit_test(test_last_flight_is_kept_for_the_most_patient_client),
		cmocka_unit_test(test_talkative_client_without_cid_can_connect_again),
		cmocka_unit_test(test_late_copy_of_a_hello_begins_nothing),
		cmocka_unit_test(
			test_numbers_go_on_behind_the_last_flight_however_often_it_was_repeated),
		cmocka_unit_test(test_finished_under_its_old_number_gets_the_last_flight_again),
		cmocka_unit_test(
			test_repetitions_of_the_last_flight_end_before_the_sessions_numbers),
		cmocka_unit_test(
			test_renegotiation_is_refused_with_the_last_flight_kept_and_without),
		cmocka_unit_test(test_silent_client_frees_its_handshake_after_the_linger_time),
		cmocka_unit_test(test_handshake_limit_drops_the_oldest_unfinished),
		cmocka_unit_test(test_half_open_handshakes_never_evict_a_session),
		cmocka_unit_test(test_memory_shortage_at_any_call_never_makes_a_session),
		cmocka_unit_test(test_memory_shortage_at_any_call_leaves_the_old_session),
		cmocka_unit_test(test_hello_with_the_last_record_number_harms_nobody_else),
		cmocka_unit_test(test_a_server_hello_has_no_session_id),
		cmocka_unit_test(test_failing_random_numbers_never_make_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
