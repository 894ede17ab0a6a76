/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_admission.c - more handshakes are asked for than a processor has time for
 *
 * One server whose jobs take virtual time on one or more processors, and any number of peers, which arrive at a rate.  A peer is
 * an engine; a mute one never answers the server's flight, as floods do not.
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "tests/unit/support.h"

#define PEERS	   20000
#define STEP	   (DS_SECOND / 4000)
#define TICK	   (DS_SECOND / 20) /* how often peers look at their timers */
#define MUTE_LIFE  (DS_SECOND / 4)  /* then it is forgotten, which saves memory */
#define IN_TRANS   64		    /* datagrams under way */
#define PROCESSORS 4

static const uint8_t psk[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct peer {
	struct ds_engine *engine;
	struct ds_addr addr;
	ds_time delay, born;
	bool mute, done;
};

struct transit {
	bool to_server;
	size_t peer;
	ds_time at;
	size_t len;
	uint8_t data[2048];
};

struct crowd {
	struct test_env env, peer_env;
	struct ds_addr addr;
	struct ds_engine *server, *pattern[2]; /* peers are made like them: without curves, with */
	ds_time now, ticked, cost[DS_JOB_CLASSES];
	size_t n_processors;
	unsigned others; /* engines that have a turn as long before each job */
	ds_time longest; /* that a hello waited before it was computed */
	struct processor {
		struct ds_job *job;
		ds_time begins, until;
	} processors[PROCESSORS];
	struct peer peers[PEERS];
	size_t n_peers, n_done;
	struct transit transit[IN_TRANS];
	size_t n_transit;
};

static struct ds_engine *new_engine(struct crowd *c, struct test_env *env)
{
	struct ds_engine *e;
	char why[DS_WHY_MAX] = "";

	if (ds_engine_new(&e, &env->cfg, c->now, why))
		fail_msg("%s", why);
	return e;
}

static struct crowd *crowd_new(uint32_t max_handshakes)
{
	struct crowd *c = calloc(1, sizeof(*c));
	struct ds_config *p = &c->peer_env.cfg;

	c->now = c->ticked = 1000 * DS_SECOND;
	c->n_processors = 1;
	c->addr = (struct ds_addr){.ip = {192, 0, 2, 1}, .port = 5684, .family = 4};
	test_oracle_reset();
	test_env_init(&c->env);
	c->env.cfg.psk = true;
	c->env.cfg.max_sessions = PEERS;
	c->env.cfg.max_handshakes = max_handshakes;
	c->env.cfg.lookup_rate = 0;
	c->env.cfg.linger = 0;
	c->env.cfg.one_per_identity = false;
	c->env.cfg.max_per_identity = 0;
	test_env_init(&c->peer_env);
	c->peer_env.seed += 77;
	p->role = DS_CLIENT;
	p->psk = true;
	p->cid_length = 0;
	p->max_sessions = p->max_handshakes = 2;
	p->psk_identity_len = 4;
	memcpy(p->psk_identity, "peer", 4);
	memcpy(p->psk_key, psk, sizeof(psk));
	p->psk_key_len = sizeof(psk);
	p->suites[0] = ds_suite_by_name("TLS_PSK_WITH_AES_128_GCM_SHA256");
	c->pattern[0] = new_engine(c, &c->peer_env);
	p->suites[0] = ds_suite_by_name("TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256");
	c->pattern[1] = new_engine(c, &c->peer_env);
	return c;
}

static void crowd_start(struct crowd *c)
{
	c->server = new_engine(c, &c->env);
}

static void hand_back(struct crowd *c, struct processor *p)
{
	ds_job_run(p->job);
	ds_job_took(p->job, p->until - p->begins);
	ds_engine_job_done(c->server, p->job, p->until);
	p->job = NULL;
}

static void crowd_free(struct crowd *c)
{
	for (size_t i = 0; i < PROCESSORS; i++)
		if (c->processors[i].job)
			hand_back(c, &c->processors[i]);
	for (size_t i = 1; i <= c->n_peers; i++)
		ds_engine_free(c->peers[i].engine);
	ds_engine_free(c->pattern[0]);
	ds_engine_free(c->pattern[1]);
	ds_engine_free(c->server);
	test_env_fini(&c->env);
	test_env_fini(&c->peer_env);
	free(c);
}

static void input(struct crowd *c, struct ds_engine *e, const struct ds_addr *local,
		  const struct ds_addr *remote, const struct transit *t)
{
	uint8_t copy[sizeof(t->data)];
	struct ds_input in = {
		.path = {.local = *local, .remote = *remote}, .data = copy, .len = t->len};
	struct ds_message msg;

	memcpy(copy, t->data, t->len);
	while (ds_engine_input(e, &in, &msg, c->now) == DS_MESSAGE)
		;
}

static void arrive(struct crowd *c, const struct transit *t)
{
	struct peer *p = &c->peers[t->peer];

	if (t->to_server)
		input(c, c->server, &c->addr, &p->addr, t);
	else if (p->engine)
		input(c, p->engine, &p->addr, &c->addr, t);
}

/* True for what a mute peer does not send: all but hellos. */
static bool is_answer(const uint8_t *data)
{
	return data[0] != DS_HANDSHAKE || data[13] != DS_CLIENT_HELLO;
}

static void under_way(struct crowd *c, bool to_server, size_t peer, const uint8_t *data, size_t len)
{
	struct peer *p = &c->peers[peer];
	struct transit now, *t = p->delay ? &c->transit[c->n_transit++] : &now;

	if (to_server && p->mute && is_answer(data)) {
		c->n_transit -= t != &now;
		return;
	}
	assert_true(c->n_transit < IN_TRANS);
	*t = (struct transit){to_server, peer, c->now + p->delay, len, {0}};
	memcpy(t->data, data, len);
	if (t == &now)
		arrive(c, t);
}

static void drain_peer(struct crowd *c, size_t i)
{
	struct peer *p = &c->peers[i];
	struct ds_path path;
	struct ds_event ev;
	struct ds_job *job;
	uint8_t buf[2048];
	size_t len;

	while ((job = ds_engine_job(p->engine, c->now))) {
		ds_job_run(job);
		ds_engine_job_done(p->engine, job, c->now);
	}
	while (ds_engine_output(p->engine, &path, buf, sizeof(buf), &len))
		under_way(c, true, i, buf, len);
	while (ds_engine_event(p->engine, &ev))
		if (ev.type == DS_EVENT_ESTABLISHED && !p->done) {
			p->done = true;
			c->n_done++;
		}
}

static void drain_server(struct crowd *c)
{
	struct ds_path path;
	struct ds_event ev;
	uint8_t buf[2048];
	struct ds_lookup l;
	size_t len;

	while (ds_engine_lookup(c->server, &l))
		ds_engine_lookup_done(c->server, l.id, psk, sizeof(psk), c->now);
	while (ds_engine_output(c->server, &path, buf, sizeof(buf), &len)) {
		size_t i = path.remote.port; /* see add() */

		under_way(c, false, i, buf, len);
		if (c->peers[i].engine)
			drain_peer(c, i);
	}
	while (ds_engine_event(c->server, &ev))
		;
}

/* A peer of network @net that begins now; its number. */
static size_t add(struct crowd *c, unsigned net, bool curves)
{
	struct peer *p = &c->peers[++c->n_peers];
	struct ds_path to = {.remote = c->addr};
	char why[DS_WHY_MAX];

	assert_true(c->n_peers + 1 < PEERS);
	p->addr = (struct ds_addr){.ip = {127, (uint8_t)(net >> 8), (uint8_t)net, 1},
				   .port = (uint16_t)c->n_peers,
				   .family = 4};
	p->born = c->now;
	to.local = p->addr;
	assert_int_equal(ds_engine_new_like(&p->engine, c->pattern[curves], c->now, why), 0);
	assert_int_equal(ds_engine_connect(p->engine, &to, c->now), 0);
	return c->n_peers;
}

/* The next job, if there is one, is out as long as it takes. */
static void take_job(struct crowd *c, struct processor *p, ds_time at)
{
	const struct ds_handshake *h;
	ds_time cost, born;

	p->job = ds_engine_job(c->server, at);
	if (!p->job)
		return;
	h = ds_handshake_of(p->job);
	cost = c->cost[h->queued_class];
	born = c->peers[h->path.remote.port].born;
	p->begins = at + c->others * cost;
	p->until = p->begins + cost;
	if (!h->job.puts && p->begins - born > c->longest)
		c->longest = p->begins - born;
}

static void compute(struct crowd *c)
{
	for (size_t i = 0; i < c->n_processors; i++) {
		struct processor *p = &c->processors[i];
		ds_time at = p->job ? p->until : c->now;

		while (at <= c->now) {
			if (p->job) {
				hand_back(c, p);
				drain_server(c);
			}
			take_job(c, p, at);
			if (!p->job)
				break;
			at = p->until;
		}
	}
}

static void tick(struct crowd *c)
{
	if (c->now < c->ticked + TICK)
		return;
	c->ticked = c->now;
	ds_engine_tick(c->server, c->now);
	for (size_t i = 1; i <= c->n_peers; i++) {
		struct peer *p = &c->peers[i];

		if (p->done || (p->mute && c->now > p->born + MUTE_LIFE)) {
			ds_engine_free(p->engine);
			p->engine = NULL;
		}
		if (p->engine && !p->done && ds_engine_deadline(p->engine) <= c->now) {
			ds_engine_tick(p->engine, c->now);
			drain_peer(c, i);
		}
	}
}

static void step(struct crowd *c)
{
	c->now += STEP;
	for (size_t i = 0; i < c->n_transit; i++) {
		struct transit t = c->transit[i];

		if (t.at > c->now)
			continue;
		c->transit[i--] = c->transit[--c->n_transit];
		arrive(c, &t);
		drain_peer(c, t.peer);
	}
	compute(c);
	drain_server(c);
	tick(c);
}

/* A peer that begins, up to its hello with a cookie. */
static size_t begin(struct crowd *c, unsigned net, bool curves, bool mute)
{
	size_t i = add(c, net, curves);

	c->peers[i].mute = mute;
	drain_peer(c, i);
	drain_server(c);
	return i;
}

/* Peers arrive @rate a second, each from the next of @nets networks. */
static void flood(struct crowd *c, ds_time time, unsigned rate, unsigned nets, bool curves,
		  bool mute)
{
	ds_time end = c->now + time, due = c->now;

	for (; c->now < end; step(c))
		for (; rate && due <= c->now; due += DS_SECOND / rate)
			begin(c, (unsigned)(c->n_peers % nets), curves, mute);
}

static bool connects(struct crowd *c, size_t i, ds_time time, unsigned rate, unsigned nets)
{
	ds_time end = c->now + time;

	drain_peer(c, i);
	while (c->now < end && !c->peers[i].done)
		flood(c, DS_SECOND / 100, rate, nets, true, true);
	return c->peers[i].done;
}

/* Goodput */

#define CAPACITY 400 /* handshakes a second */
#define JOBS	 3   /* of one: its hello, its key exchange, and again when the key is known */

static void check_goodput(unsigned offered, ds_time time)
{
	struct crowd *c = crowd_new(1024);
	size_t before;

	c->cost[DS_JOB_CHEAP] = c->cost[DS_JOB_ANSWERED] = DS_SECOND / CAPACITY / JOBS;
	crowd_start(c);
	flood(c, time, offered, 3000, false, false);
	before = c->n_done;
	flood(c, time, offered, 3000, false, false);
	assert_true(c->n_done - before >= CAPACITY * time / DS_SECOND * 8 / 10);
	assert_true(c->n_done - before <= CAPACITY * time / DS_SECOND + 1);
	crowd_free(c);
}

static void test_goodput_under_overload_is_near_capacity(void **state)
{
	(void)state;
	check_goodput(CAPACITY * 3 / 2, DS_SECOND);
	if (TEST_SLOW)
		return;
	check_goodput(CAPACITY * 3, DS_SECOND);
	check_goodput(CAPACITY * 10, DS_SECOND / 4);
}

/* Who comes first */

static struct crowd *with_costs(uint32_t max_handshakes)
{
	struct crowd *c = crowd_new(max_handshakes);

	c->cost[DS_JOB_COSTLY] = DS_SECOND / 1000;
	c->cost[DS_JOB_ANSWERED] = DS_SECOND / 2000;
	c->cost[DS_JOB_CHEAP] = DS_SECOND / 10000;
	return c;
}

static void test_a_key_connects_at_once_under_a_flood_of_curves(void **state)
{
	struct crowd *c = with_costs(1024);

	(void)state;
	crowd_start(c);
	flood(c, DS_SECOND, 1500, 1000, true, true);
	assert_true(c->server->stats.drop_admission > 100);
	assert_true(connects(c, add(c, 5000, false), DS_SECOND / 10, 1500, 1000));
	crowd_free(c);
}

static void test_few_cookies_are_handed_out_while_nobody_is_admitted(void **state)
{
	struct crowd *c = with_costs(1024);
	uint64_t before;

	(void)state;
	crowd_start(c);
	flood(c, DS_SECOND / 4, 1500, 1000, true, true);
	before = c->server->stats.hello_verify;
	flood(c, DS_SECOND / 4, 12000, 1000, true, true);
	before = c->server->stats.hello_verify - before;
	assert_in_range(before, 200,
			700); /* 16 in a slice and 800 a second, as some 650 are begun */
	assert_true(c->server->stats.drop_hello_rate > 1000);
	assert_true(connects(c, add(c, 5000, false), DS_SECOND / 10, 4000, 1000));
	crowd_free(c);
}

static void test_a_flood_is_one_while_thousands_of_hellos_are_refused(void **state)
{
	struct crowd *c = with_costs(1024);

	(void)state;
	crowd_start(c);
	flood(c, DS_SECOND / 4, 500, 1000, true, true);
	assert_false(ds_engine_is_flooded(c->server, c->now));
	flood(c, DS_SECOND / 4, 12000, 1000, true, true);
	assert_true(ds_engine_is_flooded(c->server, c->now));
	assert_false(ds_engine_is_flooded(c->server, c->now + DS_SECOND / 16));
	c->server->hellos[0].late[DS_JOB_COSTLY] = c->server->hellos[1].late[DS_JOB_COSTLY] = false;
	assert_false(ds_engine_is_flooded(c->server, c->now)); /* cookies alone wait for nobody */
	crowd_free(c);
}

static void test_a_flood_from_one_network_leaves_the_processor_to_others(void **state)
{
	struct crowd *c = with_costs(1024);

	(void)state;
	crowd_start(c);
	flood(c, DS_SECOND, 3000, 1, true, true);
	for (unsigned i = 0; i < 10; i++) /* none has to repeat its hello */
		assert_true(connects(c, add(c, 5000 + i, true), DS_SECOND / 5, 3000, 1));
	crowd_free(c);
}

static void test_a_hello_that_was_not_admitted_is_when_it_is_repeated(void **state)
{
	struct crowd *c = with_costs(1024);
	size_t last;

	(void)state;
	crowd_start(c);
	for (unsigned i = 0; i < 200; i++) /* 200 ms of work at once */
		begin(c, i, true, false);
	last = begin(c, 6000, true, false);
	assert_true(c->server->stats.drop_admission + c->server->stats.drop_hello_rate > 50);
	assert_int_equal(c->server->stats.handshakes_failed, 0);
	assert_true(connects(c, last, 8 * DS_SECOND, 0, 1));
	flood(c, 8 * DS_SECOND, 0, 1, true, false);
	assert_int_equal(c->n_done, 201); /* and all others */
	crowd_free(c);
}

/* A flood of twice what can be computed; how long hellos wait once the pace is known. */
static ds_time longest_wait(size_t processors, unsigned others)
{
	struct crowd *c = with_costs(4096);
	unsigned capacity = (unsigned)(250 * processors / (1 + others));
	ds_time longest;

	c->cost[DS_JOB_CHEAP] = DS_SECOND / 250;
	c->n_processors = processors;
	c->others = others;
	crowd_start(c);
	flood(c, DS_SECOND, 2 * capacity, 3000, false, true);
	c->longest = 0;
	flood(c, DS_SECOND, 2 * capacity, 3000, false, true);
	longest = c->longest;
	assert_true(c->server->stats.drop_admission > capacity / 2);
	crowd_free(c);
	return longest;
}

static void test_a_hello_that_is_admitted_waits_100_ms_wherever_it_is_computed(void **state)
{
	static const struct {
		size_t processors;
		unsigned others;
	} cases[] = {{1, 0}, {4, 0}, {1, 3}, {2, 1}};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		ds_time wait = longest_wait(cases[i].processors, cases[i].others);

		assert_in_range(wait / DS_MSEC, 70, 140);
	}
}

static void test_short_jobs_do_not_wait_for_room_for_long_ones(void **state)
{
	struct crowd *c = with_costs(1024);
	struct ds_job *longest, *job;

	(void)state;
	crowd_start(c);
	begin(c, 1, true, false);
	begin(c, 2, true, false);
	begin(c, 3, false, false);
	job = ds_engine_short_job(c->server, c->now);
	assert_non_null(job);
	assert_false(ds_job_is_long(job));
	assert_null(ds_engine_short_job(c->server, c->now));
	longest = ds_engine_job(c->server, c->now);
	assert_true(ds_job_is_long(longest));
	ds_job_run(longest);
	ds_engine_job_done(c->server, longest, c->now);
	ds_job_run(job);
	ds_engine_job_done(c->server, job, c->now);
	crowd_free(c);
}

/* Who has to go */

static void test_a_peer_far_away_connects_among_a_thousand_half_open_a_second(void **state)
{
	struct crowd *c = with_costs(1024);
	size_t slow;

	(void)state;
	crowd_start(c);
	flood(c, 2 * DS_SECOND, 1000, 3000, false, true);
	assert_true(c->server->stats.drop_admission > 500);
	slow = add(c, 5000, false);
	c->peers[slow].delay = DS_SECOND; /* 2 s there and back */
	drain_peer(c, slow);
	flood(c, 15 * DS_SECOND, 1000, 3000, false, true);
	assert_true(c->peers[slow].done);
	crowd_free(c);
}

static void test_a_peer_that_has_answered_is_not_given_up_for_hellos(void **state)
{
	struct crowd *c = with_costs(16);

	(void)state;
	c->cost[DS_JOB_ANSWERED] = DS_SECOND; /* they wait for each other */
	crowd_start(c);
	for (unsigned i = 0; i < 4; i++) {
		c->peers[add(c, 1, false)].delay = DS_SECOND / 50;
		drain_peer(c, c->n_peers);
	}
	flood(c, DS_SECOND / 8, 0, 1, false, true);
	for (unsigned i = 0; i < 100; i++)
		begin(c, 1, false, true);
	assert_true(c->server->stats.handshakes_evicted > 50);
	flood(c, 12 * DS_SECOND, 0, 1, false, true);
	assert_int_equal(c->n_done, 4);
	crowd_free(c);
}

static void test_short_cids_are_not_used_up_by_handshakes(void **state)
{
	struct crowd *c = with_costs(1024);

	(void)state;
	c->env.cfg.cid_length = 1;
	crowd_start(c);
	flood(c, DS_SECOND, 400, 3000, false, true);
	assert_true(connects(c, add(c, 5000, false), 4 * DS_SECOND, 0, 1));
	crowd_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goodput_under_overload_is_near_capacity),
		cmocka_unit_test(test_a_key_connects_at_once_under_a_flood_of_curves),
		cmocka_unit_test(test_few_cookies_are_handed_out_while_nobody_is_admitted),
		cmocka_unit_test(test_a_flood_is_one_while_thousands_of_hellos_are_refused),
		cmocka_unit_test(test_a_flood_from_one_network_leaves_the_processor_to_others),
		cmocka_unit_test(
			test_a_hello_that_is_admitted_waits_100_ms_wherever_it_is_computed),
		cmocka_unit_test(test_short_jobs_do_not_wait_for_room_for_long_ones),
		cmocka_unit_test(test_a_hello_that_was_not_admitted_is_when_it_is_repeated),
		cmocka_unit_test(test_a_peer_far_away_connects_among_a_thousand_half_open_a_second),
		cmocka_unit_test(test_a_peer_that_has_answered_is_not_given_up_for_hellos),
		cmocka_unit_test(test_short_cids_are_not_used_up_by_handshakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
