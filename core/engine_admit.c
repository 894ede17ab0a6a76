/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_admit.c - which handshake is computed next, and which hello begins one
 *
 * A handshake with curves takes a thousand times as long as a record, so a few thousand hellos a second
 * from anybody who can receive a cookie ask for more than a processor has.  A handshake that waits
 * longer than its peer does is computed in vain.  If old ones were dropped for new ones, nearly all
 * work would be of that kind: under an overload of a half nothing would be completed at all.
 *
 * So a hello whose work could not begin within PATIENCE is not admitted: it is dropped without an
 * answer, the client repeats it with the same cookie after a second, and what was begun is finished.
 * Handshakes whose peer has answered come first, because most of their work is done, and their peer is
 * no flood of mere hellos; then hellos that cost little, which are those of pre-shared keys without
 * curves; then the others.  Within a class the order is that of arrival.
 *
 * One network (IPv4 /24, IPv6 /48) may have more than its rate only as long as hellos are begun almost
 * at once, so that a flood from one place leaves most of PATIENCE to others.
 */
#include "core/engine_impl.h"

#define PATIENCE (DS_SECOND / 10)
#define CROWD	 (PATIENCE / 5) /* a wait from which on networks are held to their rate */
#define SHARE	 8		/* of the mean time of a job, what the last one counts */

static const struct ds_rate network_rate = {64, 32};

/* Until there is a mean: a slow processor's times, as too few jobs do less harm than too many. */
static const ds_time first_guess[DS_JOB_CLASSES] = {
	[DS_JOB_ANSWERED] = DS_SECOND / 1000,
	[DS_JOB_CHEAP] = DS_SECOND / 5000,
	[DS_JOB_COSTLY] = DS_SECOND / 500,
};

void ds_engine_admit_init(struct ds_engine *e)
{
	for (int c = 0; c < DS_JOB_CLASSES; c++) {
		TAILQ_INIT(&e->jobs[c].list);
		e->jobs[c].mean = first_guess[c];
	}
}

/* How long a hello of @class would wait. */
static ds_time wait_of(const struct ds_engine *e, enum ds_job_class class)
{
	ds_time wait = 0;

	for (int c = 0; c <= (int)class; c++)
		wait += e->jobs[c].n * e->jobs[c].mean;
	return wait;
}

bool ds_engine_has_time(const struct ds_engine *e, enum ds_job_class class)
{
	return wait_of(e, class) <= PATIENCE;
}

bool ds_engine_admits(struct ds_engine *e, const struct ds_addr *from, enum ds_job_class class,
		      ds_time now)
{
	uint64_t key = ds_bucket_key(&e->buckets, DS_BUCKET_HELLOS, 0, from, DS_NET_SITE);
	ds_time wait = wait_of(e, class);

	if (wait > PATIENCE ||
	    (wait > CROWD && !ds_bucket_has(&e->buckets, key, network_rate, now))) {
		e->stats.drop_admission++;
		return false;
	}
	ds_bucket_spend(&e->buckets, key, network_rate, 1, now);
	return true;
}

void ds_engine_want_job(struct ds_engine *e, struct ds_handshake *h)
{
	if (h->busy || h->queued || h->job.key_state == DS_KEY_WANTED ||
	    h->job.key_state == DS_KEY_ASKED)
		return;
	h->queued = true;
	h->queued_class = h->state == DS_HS_LINGERING ? DS_JOB_ANSWERED : h->class;
	TAILQ_INSERT_TAIL(&e->jobs[h->queued_class].list, h, in_jobs);
	e->jobs[h->queued_class].n++;
}

void ds_engine_no_job(struct ds_engine *e, struct ds_handshake *h)
{
	if (!h->queued)
		return;
	TAILQ_REMOVE(&e->jobs[h->queued_class].list, h, in_jobs);
	e->jobs[h->queued_class].n--;
	h->queued = false;
}

bool ds_engine_is_next(const struct ds_engine *e, const struct ds_handshake *h)
{
	return h->queued && TAILQ_FIRST(&e->jobs[h->queued_class].list) == h;
}

static struct ds_handshake *next(const struct ds_engine *e, bool long_too)
{
	struct ds_handshake *h;

	for (int c = 0; c < (long_too ? DS_JOB_CLASSES : DS_JOB_COSTLY); c++)
		TAILQ_FOREACH(h, &e->jobs[c].list, in_jobs)
			if (long_too || !h->is_long)
				return h;
	return NULL;
}

bool ds_engine_has_jobs(const struct ds_engine *e, bool long_too)
{
	return next(e, long_too) != NULL;
}

static struct ds_job *hand_out(struct ds_engine *e, struct ds_handshake *h, ds_time now)
{
	if (!h)
		return NULL;
	ds_engine_no_job(e, h);
	h->busy = true;
	h->job.lingers = h->state == DS_HS_LINGERING;
	h->job.now = now;
	ds_queue_move(&h->job.work, &h->inbox);
	return &h->job;
}

struct ds_job *ds_engine_job(struct ds_engine *e, ds_time now)
{
	return hand_out(e, next(e, true), now);
}

struct ds_job *ds_engine_short_job(struct ds_engine *e, ds_time now)
{
	return hand_out(e, next(e, false), now);
}

bool ds_job_is_long(struct ds_job *job)
{
	return ds_handshake_of(job)->is_long;
}

void ds_engine_job_took(struct ds_engine *e, const struct ds_handshake *h, ds_time now)
{
	ds_time *mean = &e->jobs[h->queued_class].mean;
	/* A job that was handed out before the last one came back had to wait for that one */
	ds_time begun = h->job.now > e->job_back ? h->job.now : e->job_back;
	ds_time took = now > begun ? now - begun : 0;

	*mean = *mean - *mean / SHARE + took / SHARE;
	e->job_back = now;
}
