/* SPDX-License-Identifier: Apache-2.0 */
/* names.c - see names.h */
#include "proxy/names.h"

#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "host/log.h"

int proxy_names_open(struct proxy_names *r, ds_time interval)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wanted, &attr);
	pthread_mutex_init(&r->lock, NULL);
	r->interval = interval;
	r->evfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return r->evfd < 0 ? -1 : 0;
}

void proxy_names_add(struct proxy_names *r, struct proxy_name *name)
{
	name->next = r->first;
	r->first = name;
}

/* Waits until the names are to be resolved again. */
static void wait_turn(struct proxy_names *r)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(r->interval / DS_SECOND);
	pthread_mutex_lock(&r->lock);
	while (!r->ask) {
		if (!r->interval)
			pthread_cond_wait(&r->wanted, &r->lock);
		else if (pthread_cond_timedwait(&r->wanted, &r->lock, &until))
			break;
	}
	r->ask = false;
	pthread_mutex_unlock(&r->lock);
}

static void resolve(struct proxy_names *r, struct proxy_name *name)
{
	char why[DS_WHY_MAX];
	struct proxy_addrs got;
	bool is_name;

	if (proxy_net_resolve(name->text, &got, &is_name, why)) {
		host_log(HOST_LOG_WARN, "event=resolve_failed %s; its addresses stay as they were",
			 why);
		return;
	}
	pthread_mutex_lock(&r->lock);
	name->fresh = got;
	name->is_fresh = true;
	pthread_mutex_unlock(&r->lock);
}

void *proxy_names_work(void *names)
{
	struct proxy_names *r = names;

	for (;;) {
		wait_turn(r);
		for (struct proxy_name *name = r->first; name; name = name->next)
			resolve(r, name);
		eventfd_write(r->evfd, 1);
	}
	return NULL;
}

void proxy_names_ask(struct proxy_names *r)
{
	pthread_mutex_lock(&r->lock);
	r->ask = true;
	pthread_cond_signal(&r->wanted);
	pthread_mutex_unlock(&r->lock);
}

void proxy_names_seen(struct proxy_names *r)
{
	eventfd_t count;

	eventfd_read(r->evfd, &count);
}

bool proxy_names_take(struct proxy_names *r, struct proxy_name *name)
{
	bool fresh;

	pthread_mutex_lock(&r->lock);
	fresh = name->is_fresh;
	if (fresh)
		name->now = name->fresh;
	name->is_fresh = false;
	pthread_mutex_unlock(&r->lock);
	return fresh;
}
