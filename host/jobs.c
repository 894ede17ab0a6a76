/* SPDX-License-Identifier: Apache-2.0 */
#include "host/jobs.h"

#include <string.h>
#include <sys/eventfd.h>

#include "host/sys.h"

int host_jobs_open(struct host_jobs *j)
{
	long fd = host_sys3(SYS_eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0);

	memset(j, 0, sizeof(*j));
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
		ds_job_run(now.job);
		pthread_mutex_lock(&j->lock);
		j->back[j->n_back++] = now;
		host_sys3(SYS_write, j->evfd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

bool host_jobs_have_room(const struct host_jobs *j)
{
	return j->n_out < HOST_JOBS_OUT;
}

void host_jobs_give(struct host_jobs *j, struct host_endpoint *ep, struct ds_job *job)
{
	pthread_mutex_lock(&j->lock);
	j->todo[j->n_todo++] = (struct host_job){ep, job};
	pthread_cond_signal(&j->wanted);
	pthread_mutex_unlock(&j->lock);
	j->n_out++;
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
	pthread_cond_signal(&j->wanted);
	pthread_mutex_unlock(&j->lock);
}
