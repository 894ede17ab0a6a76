/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobs.h - a thread for handshakes that take long
 *
 * A signature takes a thousand times as long as a record.  So the thread that reads datagrams gives such
 * jobs of its engines to this one, and hears by a descriptor when they are back.  Only the job itself
 * changes threads (ds_job_run() touches nothing else): the engine, its lock and what is sent stay with
 * the thread that gave the job.
 *
 * There is one such thread, because jobs share the certificate's private key (engine.h).
 *
 * Threads:  one owner, which calls everything but host_jobs_work(), and the thread.
 * Memory:   none; struct host_jobs is the caller's.
 */
#ifndef HOST_JOBS_H
#define HOST_JOBS_H

#include <pthread.h>

#include "host/endpoint.h"

#define HOST_JOBS_OUT 2 /* one is computed, one waits, so that the thread is never idle between */

struct host_jobs {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	int evfd; /* readable when a job is back */
	bool stop;
	struct host_job {
		struct host_endpoint *ep;
		struct ds_job *job;
	} todo[HOST_JOBS_OUT], back[HOST_JOBS_OUT];
	unsigned n_todo, n_back, n_out; /* given and not taken back */
};

/* Makes the descriptor; a process that was forked calls it anew.  0, or a negative errno. */
DS_MUST_CHECK
int host_jobs_open(struct host_jobs *j);

/* The thread: the caller starts it, with @jobs as its argument.  Returns after host_jobs_stop(). */
void *host_jobs_work(void *jobs);

/* True if another job may be given. */
bool host_jobs_have_room(const struct host_jobs *j);

/* Gives @job of @ep, which must stay until the job is back.  Only where there is room. */
void host_jobs_give(struct host_jobs *j, struct host_endpoint *ep, struct ds_job *job);

/* Takes a job that is back; false if there is none. */
bool host_jobs_take(struct host_jobs *j, struct host_job *out);

/* Ends the thread when it has computed what was given, and does not wait for that. */
void host_jobs_stop(struct host_jobs *j);

#endif
