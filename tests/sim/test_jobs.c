/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_jobs.c - handshakes whose jobs take time, repetitions and junk meanwhile
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "tests/sim/net.h"

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
	net_run_for(n, n->server.env.cfg.handshake_timeout);
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

static enum net_fate stop_jobs_at_finished(void *ctx, size_t i, bool to_server, const uint8_t *data,
					   size_t len)
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
	uint8_t fake[64] = {25, 0xfe, 0xfd, 0, 1};

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
	struct flight5 f = {n, 1};

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
	assert_true(net_stats(n)->drop_bad_mac_handshake > 0);
	assert_true(net_established(n, 0));
	net_free(n);
}

static enum net_fate junk_and_no_ccs(void *ctx, size_t i, bool to_server, const uint8_t *data,
				     size_t len)
{
	struct flight5 *f = ctx;

	if (to_server && data[0] == 20)
		return NET_DROP;
	lose_finished_and_add_junk(f, i, to_server, data, len);
	return NET_PASS;
}

static void test_forged_record_and_a_lost_change_cipher_spec_do_not_busy_the_engine(void **state)
{
	struct net *n = net_new();
	struct flight5 f = {n, 1};

	(void)state;
	n->split = true;
	n->rule = junk_and_no_ccs;
	n->ctx = &f;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 4 * DS_SECOND);
	assert_int_equal(f.left, 0);
	assert_true(net_stats(n)->drop_bad_mac_handshake > 0);
	n->now += 10 * DS_SECOND;
	for (int k = 0; k < 3; k++) {
		ds_engine_tick(n->server.engine, n->now);
		net_drain(n, &n->server);
	}
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	assert_true(ds_engine_deadline(n->server.engine) > n->now);
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

static void test_copies_of_an_old_message_repeat_a_flight_no_oftener_than_a_timer(void **state)
{
	struct net *n = net_new();
	struct numbers w = {0};

	(void)state;
	n->split = true;
	n->rule = watch_numbers;
	n->ctx = &w;
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, 0);
	n->rule = watch_numbers;
	assert_true(w.done_len > 0);
	for (unsigned k = 100; k < 1100; k++) {
		w.done[9] =
			(uint8_t)(k >> 8); /* another record, or Mbed TLS would not look at it */
		w.done[10] = (uint8_t)k;
		net_inject(n, &n->server.addr, &n->clients[0].addr, w.done, w.done_len);
		net_run_for(n, k % 100 ? 0 : n->clients[0].env.cfg.handshake_min / 2);
		net_forget_log(n);
	}
	assert_null(net_last_event(&n->clients[0], DS_EVENT_FAILED));
	assert_in_range(w.last, 9, 16);
	net_free(n);
}

static enum net_fate drop_ccs_and_watch(void *ctx, size_t i, bool to_server, const uint8_t *data,
					size_t len)
{
	if (to_server && data[0] == 25)
		return NET_PASS;
	return watch_numbers(ctx, i, to_server, data, len) == NET_PASS && data[0] != 20 ? NET_PASS
											: NET_DROP;
}

static void test_handshake_holds_a_bounded_number_of_protected_records(void **state)
{
	struct net *n = net_new();
	struct numbers w = {0};
	size_t live;

	(void)state;
	n->split = true;
	n->rule = drop_ccs_and_watch;
	n->ctx = &w;
	n->server.env.cfg.handshake_timeout = 1000 * DS_SECOND;
	net_start_server(n);
	net_init_client(n, 0);
	n->clients[0].env.cfg.handshake_timeout = 1000 * DS_SECOND;
	net_connect(n, 0);
	net_run_for(n, 0);
	live = n->server.env.live;
	for (unsigned k = 100; k < 300; k++) { /* the client repeats its Finished each time */
		w.done[9] = (uint8_t)(k >> 8);
		w.done[10] = (uint8_t)k;
		net_inject(n, &n->server.addr, &n->clients[0].addr, w.done, w.done_len);
		net_run_for(n, n->clients[0].env.cfg.handshake_min / 2);
		net_forget_log(n);
	}
	assert_true(n->server.env.live < live + 20);
	assert_true(net_stats(n)->drop_held > 150);
	n->rule = NULL;
	net_run_for(n, 10 * DS_SECOND);
	assert_true(net_server_session(n, 0) != 0);
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
	static const uint8_t ems[4] = {0, 23, 0, 0};
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
	struct spoof s = {n, false};

	(void)state;
	n->rule = strip_ems;
	n->ctx = &s;
	net_start_server(n);
	net_init_client(n, 0);
	n->clients[0].env.cfg.require_ems = DS_EMS_EVERYBODY;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(s.done);
	assert_non_null(net_last_event(&n->clients[0], DS_EVENT_FAILED));
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason, DS_REASON_NO_EMS);
	net_free(n);
}

/* Cookies of handshakes that failed */

/* A server with one handshake whose hello waits to be computed. */
static struct net *with_waiting_hello(void)
{
	struct net *n = net_new();

	net_init_client(n, 0);
	net_start_server(n);
	n->server.no_jobs = true;
	net_connect(n, 0);
	net_run_for(n, 0);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	return n;
}

static void compute_one(struct net *n)
{
	struct ds_job *job = ds_engine_job(n->server.engine, n->now);

	assert_non_null(job);
	ds_job_run(job);
	ds_engine_job_done(n->server.engine, job, n->now);
	net_drain(n, &n->server);
}

/* The client repeats its hello, with the same cookie; true if that begins a handshake. */
static bool begins_again(struct net *n)
{
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	net_run_for(n, 3 * DS_SECOND / 2);
	return ds_engine_handshakes(n->server.engine) == 1;
}

static void check_our_failure(bool of_memory)
{
	struct net *n = with_waiting_hello();
	struct test_env *env = &n->server.env;
	size_t *fail = of_memory ? &env->fail_alloc : &env->fail_random;

	*fail = 0;
	compute_one(n);
	*fail = TEST_NEVER;
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_INTERNAL);
	assert_true(begins_again(n));
	n->server.no_jobs = false;
	net_drain(n, &n->server);
	net_run_for(n, 3 * DS_SECOND);
	assert_true(net_established(n, 0));
	net_free(n);
}

static void test_what_failed_here_begins_anew_with_the_same_cookie(void **state)
{
	(void)state;
	check_our_failure(false);
	check_our_failure(true);
}

static enum net_fate drop_server_hello(void *ctx, size_t i, bool to_server, const uint8_t *data,
				       size_t len)
{
	(void)ctx, (void)i, (void)len;
	return !to_server && data[0] == DS_HANDSHAKE && data[13] == 2 ? NET_DROP : NET_PASS;
}

static void test_what_the_peer_made_fail_does_not(void **state)
{
	struct net *n = with_waiting_hello();

	(void)state;
	n->rule = drop_server_hello;
	compute_one(n);
	ds_engine_fail(n->server.engine, n->server.engine->handshakes[1], DS_REASON_NO_SUITE);
	assert_false(begins_again(n));
	assert_true(net_stats(n)->drop_replay > 0);
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
	assert_true(net_stats(n)->drop_admission > 0);
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

/* Neither the pre-shared key nor the session's keys are left in memory that is given back. */
static void test_a_handshake_leaves_no_keys_behind(void **state)
{
	struct net *n = net_new();
	uint8_t client_key[16], psk[DS_PSK_MAX];
	struct ds_slot *s;
	size_t psk_len;

	(void)state;
	net_start_server(n);
	net_init_client(n, 0);
	psk_len = n->clients[0].env.cfg.psk_key_len;
	memcpy(psk, n->clients[0].env.cfg.psk_key, psk_len);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1); /* it lingers */
	n->server.env.secret = psk;
	n->server.env.secret_len = psk_len;
	net_run_for(n, n->server.env.cfg.linger + DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);

	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 1);
	s = ds_table_by_addr(&n->server.engine->table, &n->clients[0].addr);
	assert_non_null(s);
	memcpy(client_key, ds_slot_block(s), sizeof(client_key));
	n->server.env.secret = client_key;
	n->server.env.secret_len = sizeof(client_key);
	net_run_for(n, n->server.env.cfg.linger + DS_SECOND);
	assert_int_equal(ds_engine_handshakes(n->server.engine), 0);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_handshakes_that_wait_for_keys_end_in_time),
		cmocka_unit_test(test_linger_ends_although_its_job_was_out_at_the_time),
		cmocka_unit_test(test_messages_that_come_while_finished_is_computed_are_kept),
		cmocka_unit_test(test_goodbye_that_comes_while_finished_is_computed_is_heard),
		cmocka_unit_test(test_junk_does_not_end_a_handshake_of_a_slow_network),
		cmocka_unit_test(
			test_forged_record_and_a_lost_change_cipher_spec_do_not_busy_the_engine),
		cmocka_unit_test(
			test_copies_of_an_old_message_repeat_a_flight_no_oftener_than_a_timer),
		cmocka_unit_test(test_handshake_holds_a_bounded_number_of_protected_records),
		cmocka_unit_test(test_client_is_not_told_by_strangers_that_the_server_has_ems),
		cmocka_unit_test(test_what_failed_here_begins_anew_with_the_same_cookie),
		cmocka_unit_test(test_what_the_peer_made_fail_does_not),
		cmocka_unit_test(test_two_sessions_never_have_one_cid),
		cmocka_unit_test(test_engine_is_made_whole_or_not_at_all),
		cmocka_unit_test(test_a_handshake_leaves_no_keys_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
