/* SPDX-License-Identifier: Apache-2.0 */
#include "host/jobs.h"

#include <string.h>
#include <sys/eventfd.h>

#include "host/sys.h"

/* Processors that the calling thread may run on. */
static unsigned cores(void)
{
	unsigned long mask[1024 / sizeof(unsigned long)];
	long bytes = host_sys3(SYS_sched_getaffinity, 0, sizeof(mask), (long)mask);
	unsigned n = 0;

	for (long i = 0; i < bytes / (long)sizeof(*mask); i++)
		n += (unsigned)__builtin_popcountl(mask[i]);
	return n;
}

unsigned host_jobs_wanted(const struct host_options *o)
{
	unsigned n = (unsigned)o->handshake_threads;

	if (!n)
		n = cores() > 1 ? cores() - 1 : 1;
	return n < DS_JOBS_MAX ? n : DS_JOBS_MAX;
}

int host_jobs_open(struct host_jobs *j, unsigned threads)
{
	long fd = host_sys3(SYS_eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0);

	memset(j, 0, sizeof(*j));
	j->threads = threads;
	j->evfd = fd < 0 ? (int)fd : host_fd_keep((int)fd);
	if (j->evfd < 0)
		return j->evfd;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->wanted, NULL);
	return 0;
}

/* The first of @n places, and the others move up. */
static struct host_job shift(struct host_job *places, unsigned *n)
{
	struct host_job first = places[0];

	memmove(places, places + 1, --*n * sizeof(*places));
	return first;
}

static void run(struct ds_job *job)
{
	ds_time begun = host_now();

	ds_job_run(job);
	ds_job_took(job, host_now() - begun);
}

void *host_jobs_work(void *jobs)
{
	struct host_jobs *j = jobs;
	uint64_t one = 1;

	pthread_mutex_lock(&j->lock);
	for (;;) {
		struct host_job now;

		while (!j->n_todo && !j->stop)
			pthread_cond_wait(&j->wanted, &j->lock);
		if (!j->n_todo)
			break;
		now = shift(j->todo, &j->n_todo);
		pthread_mutex_unlock(&j->lock);
		run(now.job);
		pthread_mutex_lock(&j->lock);
		j->back[j->n_back++] = now;
		host_sys3(SYS_write, j->evfd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

bool host_jobs_have_room(const struct host_jobs *j)
{
	return j->n_out < 2 * j->threads;
}

void host_jobs_give(struct host_jobs *j, struct host_endpoint *ep, struct ds_job *job)
{
	pthread_mutex_lock(&j->lock);
	j->todo[j->n_todo++] = (struct host_job){ep, job};
	pthread_cond_signal(&j->wanted);
	pthread_mutex_unlock(&j->lock);
	j->last = ep;
	j->n_out++;
}

const struct host_endpoint *host_jobs_last(const struct host_jobs *j)
{
	return j->last;
}

bool host_jobs_take(struct host_jobs *j, struct host_job *out)
{
	uint64_t count;
	bool found;

	host_sys3(SYS_read, j->evfd, &count, sizeof(count));
	pthread_mutex_lock(&j->lock);
	found = j->n_back > 0;
	if (found)
		*out = shift(j->back, &j->n_back);
	pthread_mutex_unlock(&j->lock);
	j->n_out -= found;
	return found;
}

void host_jobs_stop(struct host_jobs *j)
{
	pthread_mutex_lock(&j->lock);
	j->stop = true;
	pthread_cond_broadcast(&j->wanted);
	pthread_mutex_unlock(&j->lock);
}
