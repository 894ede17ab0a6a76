/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobs.h - a pool of threads for handshakes that take long
 *
 * A signature takes a thousand times as long as a record.  So the thread that reads datagrams gives such
 * jobs of its engines to the pool, and hears by a descriptor when they are back.  Only the job itself
 * changes threads (ds_job_run() touches nothing else): the engine, its lock and what is sent stay with
 * the thread that gave the job.
 *
 * The pool takes twice as many jobs as it has threads, so that none is idle until the owner comes by.
 * All others wait in their engines, which know what is urgent and admit no more than is done in time
 * (core/engine_admit.c).  Endpoints that wait for room get it in turns: the owner serves first whoever
 * comes after host_jobs_last().
 *
 * Threads:  one owner, which calls everything but host_jobs_work(), and those of the pool.
 * Memory:   none; struct host_jobs is the caller's.
 */
#ifndef HOST_JOBS_H
#define HOST_JOBS_H

#include <pthread.h>

#include "host/endpoint.h"
#include "host/options.h"

#define HOST_JOBS_OUT  (2 * DS_JOBS_MAX)
#define HOST_JOBS_NAME "dtls-handshake" /* that its threads get, for top(1) and the like */

struct host_jobs {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	int evfd;	  /* readable when a job is back */
	unsigned threads; /* 1..DS_JOBS_MAX; the owner may change it as long as nothing is out */
	const struct host_endpoint *last;
	bool stop;
	struct host_job {
		struct host_endpoint *ep;
		struct ds_job *job;
	} todo[HOST_JOBS_OUT], back[HOST_JOBS_OUT];
	unsigned n_todo, n_back, n_out; /* given and not taken back */
};

/* How many threads the pool is to have: the option, or all cores that this thread may use but one. */
unsigned host_jobs_wanted(const struct host_options *o);

/* Makes the descriptor of a pool of @threads; a process that was forked calls it anew.  0, or a negative
 * errno. */
DS_MUST_CHECK
int host_jobs_open(struct host_jobs *j, unsigned threads);

/* A thread of the pool: the caller starts j->threads of them, with all signals blocked and @jobs as
 * their argument.  Returns after host_jobs_stop(). */
void *host_jobs_work(void *jobs);

/* True if another job may be given. */
bool host_jobs_have_room(const struct host_jobs *j);

/* Gives @job of @ep, which must stay until the job is back.  Only where there is room. */
void host_jobs_give(struct host_jobs *j, struct host_endpoint *ep, struct ds_job *job);

/* The endpoint whose job was given last, for comparison only: it may be gone.  NULL = none yet. */
const struct host_endpoint *host_jobs_last(const struct host_jobs *j);

/* Takes a job that is back; false if there is none. */
bool host_jobs_take(struct host_jobs *j, struct host_job *out);

/* Ends the threads when they have computed what was given, and does not wait for that. */
void host_jobs_stop(struct host_jobs *j);

#endif
