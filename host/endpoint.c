/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.c - see endpoint.h
 *
 * A call into the engine only leaves work behind, and it is done here in two places.  The cheap
 * part, sending and logging, is done by any thread at once (host_endpoint_flush()), because a peer
 * waits for it.  The slow part, key look-ups and handshakes, is done by one thread, without the
 * lock while it computes, and as long as its caller has time for (host_endpoint_serve()).  What takes
 * a millisecond at a time can be given to a pool of threads (host/jobs.h).
 *
 * Neither log nor state file is written here: both have threads of their own (log_queue.h, images.h),
 * so that a disk that hangs does not stop whoever holds the lock.
 */
#include "host/endpoint.h"

#include <string.h>
#include <time.h>

#include "host/images.h"
#include "host/jobs.h"
#include "host/log.h"
#include "host/sys.h"

#define TURNS	   1024	  /* sessions looked at in one go for their keys */
#define GATHERING  150000 /* nanoseconds */
#define OUTPUT_MAX 2048	  /* bytes; DTLSSHIM_MTU ends there too */

bool host_endpoint_flush(struct host_endpoint *ep)
{
	uint8_t buf[OUTPUT_MAX];
	struct ds_path path;
	struct ds_event ev;
	size_t len;

	host_images_give(ep);
	while (ds_engine_output(ep->engine, &path, buf, sizeof(buf), &len))
		ep->send(ep, &path, buf, len);
	while (ds_engine_event(ep->engine, &ev)) {
		host_log_event(&ev, host_now());
		if (ep->event)
			ep->event(ep, &ev);
	}
	return ds_engine_waiting(ep->engine) || host_state_restoring(ep->state) ||
	       host_state_wants(ep->state, ep->engine);
}

static void deliver_early(struct host_endpoint *ep)
{
	uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_message msg;

	while (ds_engine_early(ep->engine, &msg, buf, sizeof(buf), host_now()))
		if (ep->deliver)
			ep->deliver(ep, &msg);
}

/* Without the lock: starting a command takes a millisecond.  A handshake can go away before
 * its look-up is answered; then the engine ignores the answer. */
static enum host_keys_result find(struct host_endpoint *ep, struct host_keys *keys,
				  const struct ds_lookup *l, struct host_key *key)
{
	enum host_keys_result r;

	if (!keys)
		return HOST_KEY_UNKNOWN;
	pthread_mutex_unlock(&ep->lock);
	r = host_keys_serve(keys, l, ep, key, host_now());
	pthread_mutex_lock(&ep->lock);
	return r;
}

static void answer(struct ds_engine *e, uint64_t id, enum host_keys_result r,
		   const struct host_key *key)
{
	if (r == HOST_KEY_FOUND)
		ds_engine_lookup_done(e, id, key->bytes, key->len, host_now());
	else if (r == HOST_KEY_FAILED)
		ds_engine_lookup_failed(e, id, host_now());
	else
		ds_engine_lookup_done(e, id, NULL, 0, host_now());
}

/* Nobody can be told before the file is read; handshakes wait with their look-ups. */
static bool are_read(const struct host_keys *keys)
{
	return !keys || host_keys_are_read(keys);
}

/* Answers one look-up, and more until @until: each may start a program. */
static void run_lookups(struct host_endpoint *ep, struct host_keys *keys, ds_time until)
{
	struct ds_lookup l;
	struct host_key key;

	while (are_read(keys) && ds_engine_lookup(ep->engine, &l)) {
		enum host_keys_result r = find(ep, keys, &l, &key);

		if (r != HOST_KEY_PENDING)
			answer(ep->engine, l.id, r, &key);
		explicit_bzero(&key, sizeof(key));
		if (host_now() >= until)
			break;
	}
}

/* True if long jobs have to wait; without a pool they need no room. */
static bool is_full(const struct host_jobs *jobs)
{
	return jobs && !host_jobs_have_room(jobs);
}

/* Computes the next handshake, or gives it to the pool for long ones, if there is room. */
static void run_job(struct host_endpoint *ep, struct host_jobs *jobs)
{
	struct ds_job *job = is_full(jobs) ? ds_engine_short_job(ep->engine, host_now())
					   : ds_engine_job(ep->engine, host_now());

	if (!job)
		return;
	if (jobs && ds_job_is_long(job)) {
		if (ep->job_out)
			ep->job_out(ep, true);
		host_jobs_give(jobs, ep, job);
		return;
	}
	pthread_mutex_unlock(&ep->lock);
	ds_job_run(job);
	pthread_mutex_lock(&ep->lock);
	ds_engine_job_done(ep->engine, job, host_now());
}

/* A session is known before its first message comes. */
static void after_job(struct host_endpoint *ep)
{
	host_endpoint_flush(ep);
	deliver_early(ep);
	host_endpoint_flush(ep);
}

void host_endpoint_jobs_back(struct host_jobs *jobs)
{
	struct host_job back;

	while (host_jobs_take(jobs, &back)) {
		struct host_endpoint *ep = back.ep;

		pthread_mutex_lock(&ep->lock);
		ds_engine_job_done(ep->engine, back.job, host_now());
		after_job(ep);
		pthread_mutex_unlock(&ep->lock);
		if (ep->job_out)
			ep->job_out(ep, false);
	}
}

bool host_endpoint_wants(const struct host_endpoint *ep, const struct host_jobs *jobs)
{
	return host_state_restoring(ep->state) ||
	       (is_full(jobs) ? ds_engine_waiting_short(ep->engine)
			      : ds_engine_waiting(ep->engine));
}

bool host_endpoint_serve(struct host_endpoint *ep, struct host_keys *keys, struct host_jobs *jobs,
			 ds_time budget)
{
	ds_time now = host_now(), until = budget ? now + budget : DS_TIME_NEVER;
	bool more;

	pthread_mutex_lock(&ep->lock);
	do {
		/* In each round: a flood of handshakes must not stop the timers */
		if (ds_engine_deadline(ep->engine) <= now)
			ds_engine_tick(ep->engine, now);
		host_endpoint_flush(ep);
		run_lookups(ep, keys, until);
		run_job(ep, jobs);
		after_job(ep);
		host_state_grow(ep->state, ep->engine, &ep->lock);
		host_state_restore(ep->state, ep->engine, &ep->lock);
		now = host_now();
		more = host_endpoint_wants(ep, jobs);
	} while (more && now < until &&
		 are_read(keys)); /* the caller reads them between two turns */
	ep->wants_room = !more && ds_engine_waiting(ep->engine);
	pthread_mutex_unlock(&ep->lock);
	return more;
}

/* Takes the lock: another thread may close the state file. */
static bool is_restoring(struct host_endpoint *ep)
{
	bool r;

	pthread_mutex_lock(&ep->lock);
	r = host_state_restoring(ep->state);
	pthread_mutex_unlock(&ep->lock);
	return r;
}

static void close_removed(struct host_keys *keys, struct host_endpoint **eps, size_t n)
{
	uint8_t identity[DS_IDENTITY_MAX];
	size_t len;

	/* Until all sessions are back that have one of these keys */
	for (size_t i = 0; i < n; i++)
		if (is_restoring(eps[i]))
			return;
	while (host_keys_removed(keys, identity, &len)) {
		for (size_t i = 0; i < n; i++) {
			pthread_mutex_lock(&eps[i]->lock);
			while (ds_engine_close_identity(eps[i]->engine, identity, len, host_now()))
				host_endpoint_flush(eps[i]);
			host_endpoint_flush(eps[i]);
			pthread_mutex_unlock(&eps[i]->lock);
		}
	}
}

/* The next session with a key of which it is the turn; false if there is none, or not found soon. */
static bool next_turn(struct host_endpoint *ep, struct ds_session_info *out)
{
	for (int i = 0; i < TURNS && ep->recheck_due >= HOST_KEY_ROUNDS; i++) {
		ep->recheck_due -= HOST_KEY_ROUNDS;
		ep->rechecked = ds_engine_next(ep->engine, ep->rechecked);
		if (!ep->rechecked)
			ep->rechecked = ds_engine_next(ep->engine, 0);
		if (ds_engine_info(ep->engine, ep->rechecked, out) && out->identity_len &&
		    !out->by_cert)
			return true;
	}
	return false;
}

/* All sessions have their turn in HOST_KEY_ROUNDS rounds, however their number changes.  Asking starts
 * a program, so it is done without the lock. */
static void recheck(struct host_keys *keys, struct host_endpoint *ep)
{
	uint32_t round = host_keys_round(keys);
	struct ds_session_info s;
	bool found = true;
	uint64_t n;

	pthread_mutex_lock(&ep->lock);
	n = ds_engine_sessions(ep->engine);
	ep->recheck_due += n * (round - ep->recheck_round);
	ep->recheck_round = round;
	if (ep->recheck_due > n * HOST_KEY_ROUNDS)
		ep->recheck_due = n * HOST_KEY_ROUNDS;
	for (int i = 0; i < TURNS && found && host_keys_may_recheck(keys); i++) {
		found = next_turn(ep, &s);
		pthread_mutex_unlock(&ep->lock);
		if (found)
			host_keys_recheck(keys, s.identity, s.identity_len, host_now());
		pthread_mutex_lock(&ep->lock);
	}
	pthread_mutex_unlock(&ep->lock);
}

void host_endpoint_answers(struct host_keys *keys, struct host_endpoint **eps, size_t n)
{
	struct host_answer a;

	close_removed(keys, eps, n);
	while (host_keys_answer(keys, &a)) {
		for (size_t i = 0; i < n; i++) {
			if (eps[i] != a.tag)
				continue;
			pthread_mutex_lock(&eps[i]->lock);
			answer(eps[i]->engine, a.id, a.result, &a.key);
			pthread_mutex_unlock(&eps[i]->lock);
		}
		explicit_bzero(&a, sizeof(a));
	}
	for (size_t i = 0; i < n; i++)
		recheck(keys, eps[i]);
}

int host_gather(void)
{
	static const struct timespec time = {.tv_nsec = GATHERING};

	return (int)host_sys3(SYS_nanosleep, &time, 0, 0);
}
