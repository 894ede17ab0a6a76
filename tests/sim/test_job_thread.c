/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_job_thread.c - jobs run in a thread of their own while the engine goes on
 *
 * The thread sanitizer's variant shows whether ds_job_run() touches anything that the engine, under
 * its lock, touches at the same time; the others, whether a handshake that is dropped, answered,
 * fed or timed out while its job is out does harm.
 */
#include <pthread.h>
#include <string.h>

#include "tests/sim/net.h"

#define CLIENTS 3
#define ROUNDS	2000

struct bench {
	struct net *n;
	pthread_mutex_t lock; /* the server engine's */
	pthread_cond_t wanted, back;
	bool idle, busy, stop;
	size_t jobs, overlaps;
};

static void *work(void *arg)
{
	struct bench *b = arg;
	struct ds_job *job;

	pthread_mutex_lock(&b->lock);
	while (!b->stop) {
		job = ds_engine_job(b->n->server.engine, b->n->now);
		if (!job) {
			b->idle = true;
			pthread_cond_signal(&b->back);
			pthread_cond_wait(&b->wanted, &b->lock);
			continue;
		}
		b->busy = true;
		pthread_cond_signal(&b->back);
		pthread_mutex_unlock(&b->lock);
		ds_job_run(job);
		pthread_mutex_lock(&b->lock);
		b->busy = false;
		ds_engine_job_done(b->n->server.engine, job, b->n->now);
		b->jobs++;
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

/* Some virtual time; the jobs it makes are waited for, or just begun. */
static void go_on(struct bench *b, ds_time ns, bool wait)
{
	struct net *n = b->n;

	net_drain(n, &n->server);
	net_run_for(n, ns);
	for (size_t i = 0; i < CLIENTS; i++)
		n->clients[i].n_events = n->clients[i].n_messages = 0;
	n->server.n_events = n->server.n_messages = 0;
	if (!n->n_queue && n->n_log > 1000)
		net_forget_log(n);
	b->idle = false;
	pthread_cond_signal(&b->wanted);
	while (!b->idle && (wait || !b->busy))
		pthread_cond_wait(&b->back, &b->lock);
	b->overlaps += b->busy;
}

static void answer(struct net *n, uint64_t r)
{
	const struct ds_lookup *l = &n->server.lookups[r % 16];

	ds_engine_lookup_done(n->server.engine, l->id,
			      r & 64 ? n->clients[0].env.cfg.psk_key : NULL, 16, n->now);
}

/* A datagram from the log once more, sometimes with a bit flipped, sometimes as a protected one. */
static void repeat(struct net *n, uint64_t r)
{
	struct net_datagram *d = &n->log[n->n_log ? r % n->n_log : 0];
	uint8_t bad[2048];

	if (!n->n_log || !ds_addr_equal(&d->to, &n->server.addr) || d->len > sizeof(bad))
		return;
	memcpy(bad, d->data, d->len);
	if (r & 1 << 16)
		bad[(r >> 20) % d->len] ^= 1;
	if (r & 1 << 17)
		bad[4] = 1;
	net_inject(n, &d->from, &d->to, bad, d->len);
}

static void disturb(struct bench *b, uint64_t r)
{
	struct net *n = b->n;
	size_t i = r / 16 % CLIENTS;
	char why[DS_WHY_MAX];

	switch (r % 16) {
	case 0:
	case 1:
	case 2:
	case 3: net_connect(n, i); break;
	case 4:
	case 5: repeat(n, r / 16); break;
	case 6:
	case 7: answer(n, r / 16); break;
	case 8: n->server.no_lookups = r & 256; break;
	case 9:
		assert_int_equal(ds_engine_reload(n->server.engine, &n->server.env.cfg, why), 0);
		break;
	case 10:
		if (r & 1 << 12)
			assert_false(ds_engine_close_identity(n->server.engine,
							      (const uint8_t *)"dev1", 4, n->now));
		break;
	case 11: go_on(b, 20 * DS_SECOND, false); break;
	default:
		if (net_client_session(n, i))
			assert_int_equal(net_send(n, i, "noise", 5), 0);
	}
}

static void check_everybody_still_gets_in(struct bench *b)
{
	struct net *n = b->n;

	n->server.no_lookups = false;
	for (size_t i = 0; i < CLIENTS; i++) {
		for (int k = 0; k < 2000 && !net_client_session(n, i); k++) {
			if (k % 200 == 0)
				net_connect(n, i);
			go_on(b, DS_SECOND / 20, true);
		}
		assert_true(net_client_session(n, i) != 0);
	}
}

static void test_engine_goes_on_while_jobs_run(void **state)
{
	struct bench b = {.n = net_new(),
			  .lock = PTHREAD_MUTEX_INITIALIZER,
			  .wanted = PTHREAD_COND_INITIALIZER,
			  .back = PTHREAD_COND_INITIALIZER};
	struct ds_config *cfg = &b.n->server.env.cfg;
	uint64_t seed = 42;
	pthread_t thread;

	(void)state;
	test_share(cfg);
	cfg->max_handshakes = CLIENTS;
	b.n->server.no_jobs = true; /* they are the thread's */
	net_start_server(b.n);
	pthread_mutex_lock(&b.lock);
	assert_int_equal(pthread_create(&thread, NULL, work, &b), 0);
	for (size_t i = 0; i < CLIENTS; i++)
		net_connect(b.n, i);
	for (int k = 0; k < ROUNDS; k++) {
		uint64_t r = test_random(&seed);

		disturb(&b, r);
		go_on(&b, DS_MSEC, r >> 63);
	}
	check_everybody_still_gets_in(&b);
	b.stop = true;
	pthread_cond_signal(&b.wanted);
	pthread_mutex_unlock(&b.lock);
	pthread_join(thread, NULL);
	assert_true(b.jobs > ROUNDS / 10);
	assert_true(b.overlaps > ROUNDS / 100);
	assert_true(ds_engine_stats(b.n->server.engine)->handshakes_done > CLIENTS);
	net_free(b.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engine_goes_on_while_jobs_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
