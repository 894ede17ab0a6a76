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
 * How long work waits is measured, because nobody knows how many processors the jobs have: those of a
 * pool, which may be shared with other engines and with everything else that runs.  Long and short jobs
 * are two lanes, as they may be computed by different threads.  Of each lane the time that a job of a
 * class is computed is known, so what waits and what is out makes so much work; and its pace, the
 * time that passes for a unit of work while the lane has any.  With two processors the pace is a half;
 * where another engine has every second turn, it is twice as much.
 *
 * One network (IPv4 /24, IPv6 /48) may have more than its rate only as long as hellos are begun almost
 * at once, so that a flood from one place leaves most of PATIENCE to others.
 */
#include <string.h>

#include "core/engine_impl.h"

#define PATIENCE (DS_SECOND / 10)
#define CROWD	 (PATIENCE / 5) /* a wait from which on networks are held to their rate */
#define SHARE	 8		/* of the mean time of a job, what the last one counts */
#define WINDOW	 (10 * DS_MSEC) /* of busy time, after which the pace is measured anew */
#define PACE	 256		/* one processor computes this lane and nothing else */
#define PACE_MAX (PACE * 64)

static const struct ds_rate network_rate = {64, 32};

/* Until there is a mean: a slow processor's times, as too few jobs do less harm than too many. */
static const ds_time first_guess[DS_JOB_CLASSES] = {
	[DS_JOB_ANSWERED] = DS_SECOND / 1000,
	[DS_JOB_CHEAP] = DS_SECOND / 5000,
	[DS_JOB_COSTLY] = DS_SECOND / 500,
};

void ds_engine_admit_init(struct ds_engine *e)
{
	for (int c = 0; c < DS_JOB_CLASSES; c++)
		TAILQ_INIT(&e->jobs[c]);
	for (int l = 0; l < 2; l++) {
		memcpy(e->lanes[l].mean, first_guess, sizeof(first_guess));
		e->lanes[l].pace = PACE;
	}
}

static struct ds_lane *lane_of(struct ds_engine *e, const struct ds_handshake *h)
{
	return &e->lanes[h->is_long];
}

/* How long a hello of @class would wait. */
static ds_time wait_of(const struct ds_engine *e, enum ds_job_class class)
{
	const struct ds_lane *lane = &e->lanes[class == DS_JOB_COSTLY];
	ds_time work = 0;

	for (int c = 0; c <= (int)class; c++)
		work += lane->n[c] * lane->mean[c];
	return work / PACE * lane->pace;
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
	TAILQ_INSERT_TAIL(&e->jobs[h->queued_class], h, in_jobs);
	lane_of(e, h)->n[h->queued_class]++;
}

static void take_out(struct ds_engine *e, struct ds_handshake *h)
{
	TAILQ_REMOVE(&e->jobs[h->queued_class], h, in_jobs);
	h->queued = false;
}

static bool has_work(const struct ds_lane *lane)
{
	for (int c = 0; c < DS_JOB_CLASSES; c++)
		if (lane->n[c])
			return true;
	return false;
}

void ds_engine_no_job(struct ds_engine *e, struct ds_handshake *h)
{
	struct ds_lane *lane = lane_of(e, h);

	if (!h->queued)
		return;
	take_out(e, h);
	lane->n[h->queued_class]--;
	if (!has_work(lane))
		lane->since = 0;
}

bool ds_engine_is_next(const struct ds_engine *e, const struct ds_handshake *h)
{
	return h->queued && TAILQ_FIRST(&e->jobs[h->queued_class]) == h;
}

static struct ds_handshake *next(const struct ds_engine *e, bool long_too)
{
	struct ds_handshake *h;

	for (int c = 0; c < (long_too ? DS_JOB_CLASSES : DS_JOB_COSTLY); c++)
		TAILQ_FOREACH(h, &e->jobs[c], in_jobs)
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
	struct ds_lane *lane;

	if (!h)
		return NULL;
	take_out(e, h);
	lane = lane_of(e, h);
	if (!lane->since)
		lane->since = now;
	h->busy = true;
	h->job.lingers = h->state == DS_HS_LINGERING;
	h->job.now = now;
	h->job.took = 0;
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

void ds_job_took(struct ds_job *job, ds_time time)
{
	job->took = time;
}

/* A job of the lane came back, and @took so long to compute.  What passes after the last one is not
 * counted: the lane could have done more. */
static void measure(struct ds_lane *lane, ds_time took, ds_time now)
{
	bool more = has_work(lane);
	ds_time pace;

	if (more) {
		lane->busy += now > lane->since ? now - lane->since : 0;
		lane->work += took;
	}
	lane->since = more ? now : 0;
	if (lane->busy < WINDOW)
		return;
	pace = lane->work > lane->busy / 64 ? lane->busy * PACE / lane->work : PACE_MAX;
	lane->pace = (lane->pace + pace) / 2;
	lane->busy = lane->work = 0;
}

void ds_engine_job_took(struct ds_engine *e, const struct ds_handshake *h, ds_time now)
{
	struct ds_lane *lane = lane_of(e, h);
	ds_time *mean = &lane->mean[h->queued_class];
	ds_time took = h->job.took;

	if (!took)
		took = now > h->job.now ? now - h->job.now : 0;
	*mean = *mean - *mean / SHARE + took / SHARE;
	lane->n[h->queued_class]--;
	measure(lane, took, now);
}
