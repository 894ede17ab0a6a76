/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/ssl.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"
#include "tests/sim/stock.h"

static const struct ds_stats *stats(struct net *n)
{
	return ds_engine_stats(n->server.engine);
}

/* Time and jobs */

static void test_all_handshakes_that_wait_for_keys_end_in_time(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.max_handshakes = 100;
	n->server.no_lookups = true;
	net_start_server(n);
	for (size_t i = 0; i < DS_EVENTS; i++) {
		net_init_client(n, 0);
		n->clients[0].addr.port = (uint16_t)(1000 + i);
		net_connect(n, 0);
		net_run_for(n, 0);
		ds_engine_free(n->clients[0].engine);
		n->clients[0].engine = NULL;
	}
	assert_int_equal(ds_engine_handshakes(n->server.engine), DS_EVENTS);
	net_run_for(n, 60 * DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_FAILED), DS_EVENTS);
	net_free(n);
}

static enum net_fate drop_first_finished(void *ctx, size_t i, bool to_server, const uint8_t *data,
					 size_t len)
{
	bool *done = ctx;

	(void)i, (void)len;
	if (to_server || data[0] != 20 || *done)
		return NET_PASS;
	*done = true;
	return NET_DROP;
}

static void test_linger_ends_although_its_job_was_out_at_the_time(void **state)
{
	struct net *n = net_new();
	bool dropped = false;
	struct ds_job *job;

	(void)state;
	n->rule = drop_first_finished;
	n->ctx = &dropped;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	n->server.no_jobs = true;
	net_run_for(n, DS_SECOND); /* the client repeats its Finished */
	job = ds_engine_job(n->server.engine, n->now);
	assert_non_null(job);
	net_run_for(n, n->server.env.cfg.linger);
	ds_job_run(job);
	ds_engine_job_done(n->server.engine, job, n->now);
	n->server.no_jobs = false;
	net_run_for(n, DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	net_free(n);
}

static enum net_fate stop_jobs_at_finished(void *ctx, size_t i, bool to_server,
					   const uint8_t *data, size_t len)
{
	struct net *n = ctx;

	(void)i, (void)len;
	if (!to_server && data[0] == 20)
		n->clients[0].no_jobs = true;
	return NET_PASS;
}

static void test_messages_that_come_while_finished_is_computed_are_kept(void **state)
{
	struct net *n = net_new();
	struct ds_job *job;

	(void)state;
	n->rule = stop_jobs_at_finished;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 0);
	job = ds_engine_job(n->clients[0].engine, n->now);
	assert_non_null(job);
	assert_int_equal(net_reply(n, net_server_session(n, 0), "early", 5), 0);
	net_run_for(n, 0);
	ds_job_run(job);
	ds_engine_job_done(n->clients[0].engine, job, n->now);
	n->clients[0].no_jobs = false;
	net_drain(n, &n->clients[0]);
	assert_int_equal(n->clients[0].n_messages, 1);
	net_free(n);
}

static void test_goodbye_that_comes_while_finished_is_computed_is_heard(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->rule = stop_jobs_at_finished;
	n->ctx = n;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 0);
	ds_engine_close(n->server.engine, net_server_session(n, 0), n->now);
	net_drain(n, &n->server);
	net_run_for(n, 0);
	n->clients[0].no_jobs = false;
	net_drain(n, &n->clients[0]);
	assert_int_equal(net_count_events(&n->clients[0], DS_EVENT_ESTABLISHED), 1);
	assert_int_equal(net_client_session(n, 0), 0);
	net_free(n);
}

/* Junk and repetitions */

struct flight5 {
	struct net *n;
	int left;
};

static enum net_fate lose_finished_and_add_junk(void *ctx, size_t i, bool to_server,
						const uint8_t *data, size_t len)
{
	struct flight5 *f = ctx;
	uint8_t fake[64] = { 25, 0xfe, 0xfd, 0, 1 };

	(void)i;
	if (!to_server || data[0] != 25 || !f->left)
		return NET_PASS;
	f->left--;
	memcpy(fake, data, 19 < len ? 19 : len);
	fake[20] = 30;
	net_inject(f->n, &f->n->clients[0].addr, &f->n->server.addr, fake, 21 + 30);
	return NET_DROP;
}

static void test_junk_does_not_end_a_handshake_of_a_slow_network(void **state)
{
	struct net *n = net_new();
	struct flight5 f = { n, 1 };

	(void)state;
	n->server.env.cfg.handshake_min = 9 * DS_SECOND;
	net_init_client(n, 0);
	n->clients[0].env.cfg.handshake_min = 9 * DS_SECOND;
	n->split = true;
	n->rule = lose_finished_and_add_junk;
	n->ctx = &f;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 30 * DS_SECOND);
	assert_int_equal(f.left, 0);
	assert_true(stats(n)->drop_bad_mac_handshake > 0);
	assert_true(net_established(n, 0));
	net_free(n);
}

struct numbers {
	uint64_t last;
	uint8_t done[400]; /* ServerHelloDone as a record */
	size_t done_len;
};

/* Keeps ServerHelloDone, drops what follows it, and looks at the client's protected numbers. */
static enum net_fate watch_numbers(void *ctx, size_t i, bool to_server, const uint8_t *data,
				   size_t len)
{
	struct numbers *w = ctx;
	uint64_t number = 0;

	(void)i;
	if (!to_server && data[0] == 22 && data[13] == 14 && !w->done_len) {
		memcpy(w->done, data, len);
		w->done_len = len;
	}
	if (!to_server && data[0] == 20)
		return NET_DROP;
	if (!to_server || !data[4])
		return NET_PASS;
	for (int k = 5; k < 11; k++)
		number = number << 8 | data[k];
	assert_true(number > w->last || !w->last);
	w->last = number;
	return NET_DROP;
}

static void test_repeated_flights_never_reach_the_numbers_of_the_session(void **state)
{
	struct net *n = net_new();
	struct numbers w = { 0 };

	(void)state;
	n->split = true;
	n->rule = watch_numbers;
	n->ctx = &w;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 0);
	n->rule = watch_numbers;
	assert_true(w.done_len > 0);
	for (unsigned k = 100; k < 80000 && !net_last_event(&n->clients[0], DS_EVENT_FAILED); k++) {
		w.done[8] = (uint8_t)(k >> 16); /* another record, or Mbed TLS would not look at it */
		w.done[9] = (uint8_t)(k >> 8);
		w.done[10] = (uint8_t)k;
		net_inject(n, &n->server.addr, &n->clients[0].addr, w.done, w.done_len);
		net_run_for(n, 0);
		n->server.n_events = 0;
		net_forget_log(n);
	}
	assert_true(w.last > 1000);
	assert_true(w.last < DS_FIRST_SEQ);
	net_free(n);
}

/* RFC 7627 */

struct spoof {
	struct net *n;
	bool done;
};

static void shorten(uint8_t *p, int width, size_t by)
{
	size_t v = 0;

	for (int i = 0; i < width; i++)
		v = v << 8 | p[i];
	for (int i = width - 1; i >= 0; i--)
		p[i] = (uint8_t)((v - by) >> 8 * (width - 1 - i));
}

/* ServerHello without its extended_master_secret; a whole one, which nobody sent, comes first. */
static enum net_fate strip_ems(void *ctx, size_t i, bool to_server, const uint8_t *data, size_t len)
{
	static const uint8_t ems[4] = { 0, 23, 0, 0 };
	struct spoof *s = ctx;
	uint8_t out[1024], *at, *extensions = out + 13 + 12 + 2 + 32;
	size_t record;

	(void)i;
	if (to_server || data[0] != 22 || data[13] != 2 || s->done)
		return NET_PASS;
	s->done = true;
	record = 13 + ((size_t)data[11] << 8) + data[12];
	memcpy(out, data, len);
	out[10] += 1; /* another record number, and a message that is not due */
	out[13 + 5] += 5;
	net_inject(s->n, &s->n->server.addr, &s->n->clients[0].addr, out, record);
	memcpy(out, data, len);
	extensions += 1 + *extensions + 3;
	at = memmem(extensions, record, ems, sizeof(ems));
	assert_non_null(at);
	memmove(at, at + 4, len - (size_t)(at - out) - 4);
	shorten(extensions, 2, 4);
	shorten(out + 11, 2, 4);
	shorten(out + 13 + 1, 3, 4);
	shorten(out + 13 + 9, 3, 4);
	net_inject(s->n, &s->n->server.addr, &s->n->clients[0].addr, out, len - 4);
	return NET_DROP;
}

static void test_client_is_not_told_by_strangers_that_the_server_has_ems(void **state)
{
	struct net *n = net_new();
	struct spoof s = { n, false };

	(void)state;
	n->rule = strip_ems;
	n->ctx = &s;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(s.done);
	assert_non_null(net_last_event(&n->clients[0], DS_EVENT_FAILED));
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
			 DS_REASON_NO_EMS);
	net_free(n);
}

static void test_server_refuses_a_client_without_ems_unless_told_otherwise(void **state)
{
	(void)state;
	for (int required = 0; required < 2; required++) {
		struct stock_options o = { .no_ems = true };
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);

		n->server.env.cfg.require_ems = required;
		net_start_server(n);
		if (required) {
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

/* A stock client, and what it may negotiate */

static void test_stock_client_with_and_without_cid(void **state)
{
	(void)state;
	for (int no_cid = 0; no_cid < 2; no_cid++) {
		struct stock_options o = { .no_cid = no_cid };
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
	static const size_t limits[] = { DS_PAYLOAD_MAX, 512, 1024, 2048, 4096 };

	(void)state;
	for (unsigned char code = 0; code < TEST_COUNT(limits); code++) {
		struct stock_options o = { .fragment = code };
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
		{ "dev1", 4, true },	   { "dev1", 5, false },    { "dev1\0x", 6, false },
		{ "dev", 3, false },	   { "dev1 ", 5, false },   { "\0dev1", 5, false },
		{ "\xff\xfe", 2, false },
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct net *n = net_new();

		net_init_client(n, 0);
		memcpy(n->clients[0].env.cfg.psk_identity, cases[i].identity, cases[i].len);
		n->clients[0].env.cfg.psk_identity_len = cases[i].len;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
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
	static const size_t lens[] = { 1, 127, 128, 129, 1000 };
	static char identity[1000];

	(void)state;
	memset(identity, 'i', sizeof(identity));
	for (size_t i = 0; i < TEST_COUNT(lens); i++) {
		struct stock_options o = { .identity = identity, .identity_len = lens[i] };
		struct ds_addr at = net_addr(50, 50);
		struct net *n = net_new();
		struct stock *s = stock_new(n, &at, &o);
		int ret;

		n->server.any_identity = true;
		net_start_server(n);
		ret = stock_connect(s);
		if (lens[i] <= DS_IDENTITY_MAX) {
			assert_int_equal(ret, 0);
			assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)
						 ->info.identity_len,
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
	struct test_message m = { 16, 2, body, 2, 0, 2 };
	struct test_record r = { .type = 22, .seq = 77 };
	struct test_bytes message = { 0 }, record = { 0 };
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

/* Resources */

/* A source that knows one byte only. */
static int stuck(void *ctx, uint8_t *buf, size_t len)
{
	(void)ctx;
	memset(buf, 7, len);
	return 0;
}

static void test_two_sessions_never_have_one_cid(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.random = stuck;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	net_connect(n, 1);
	net_run_for(n, DS_SECOND / 2);
	assert_false(net_established(n, 1));
	assert_true(stats(n)->drop_busy > 0);
	net_send(n, 0, "x", 1);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	net_free(n);
}

static void test_engine_is_made_whole_or_not_at_all(void **state)
{
	char why[DS_WHY_MAX];

	(void)state;
	for (size_t k = 0; k < 40; k++) {
		for (int random = 0; random < 2; random++) {
			struct net *n = net_new();
			int err;

			n->server.env.cfg.client_auth = DS_CLIENT_AUTH_NONE;
			*(random ? &n->server.env.fail_random : &n->server.env.fail_alloc) = k;
			why[0] = 0;
			err = ds_engine_new(&n->server.engine, &n->server.env.cfg, n->now, why);
			assert_true(!err == !why[0]);
			if (err)
				n->server.engine = NULL;
			net_free(n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_handshakes_that_wait_for_keys_end_in_time),
		cmocka_unit_test(test_linger_ends_although_its_job_was_out_at_the_time),
		cmocka_unit_test(test_messages_that_come_while_finished_is_computed_are_kept),
		cmocka_unit_test(test_goodbye_that_comes_while_finished_is_computed_is_heard),
		cmocka_unit_test(test_junk_does_not_end_a_handshake_of_a_slow_network),
		cmocka_unit_test(test_repeated_flights_never_reach_the_numbers_of_the_session),
		cmocka_unit_test(test_client_is_not_told_by_strangers_that_the_server_has_ems),
		cmocka_unit_test(test_server_refuses_a_client_without_ems_unless_told_otherwise),
		cmocka_unit_test(test_stock_client_with_and_without_cid),
		cmocka_unit_test(test_no_message_is_longer_than_the_peer_takes),
		cmocka_unit_test(test_identity_is_compared_byte_by_byte),
		cmocka_unit_test(test_identity_of_1_to_129_bytes),
		cmocka_unit_test(test_nobody_is_asked_about_an_identity_of_no_bytes),
		cmocka_unit_test(test_two_sessions_never_have_one_cid),
		cmocka_unit_test(test_engine_is_made_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
