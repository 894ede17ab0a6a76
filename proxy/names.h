/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h - names of backends, and of a gateway's server, resolved again by a thread of its own
 *
 * The resolver may have to wait for a server that does not answer, so the loop never calls it.  The
 * thread asks for all names from time to time, and at once when the loop wants it; an answer waits
 * until the loop takes it.  A name that cannot be resolved keeps its addresses: a name server that is
 * away takes nobody's backend away.
 *
 * Threads:  the loop, and one that runs proxy_names_work().
 */
#ifndef PROXY_NAMES_H
#define PROXY_NAMES_H

#include <pthread.h>

#include "proxy/net.h"

/**
 * struct proxy_name - one entry of --connect
 * @text:	as it was given
 * @now:	the loop's: what it stands for
 * @fresh:	the thread's answer, if there @is_fresh one; under the lock
 */
struct proxy_name {
	char *text;
	bool is_name, is_fresh;
	struct proxy_addrs now, fresh;
	struct proxy_name *next;
};

struct proxy_names {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct proxy_name *first; /* all that are names */
	ds_time interval;	  /* 0 = only when asked */
	bool ask;
	int evfd; /* readable when there are answers */
};

/* 0, or -1 with errno. */
int proxy_names_open(struct proxy_names *r, ds_time interval);

/* Before the thread runs: has @name, which stays, resolved again. */
void proxy_names_add(struct proxy_names *r, struct proxy_name *name);

/* The thread; @names is a struct proxy_names that stays.  Never returns. */
void *proxy_names_work(void *names);

/* Has all names resolved now. */
void proxy_names_ask(struct proxy_names *r);

/* Empties ->evfd: what comes from now on makes it readable again. */
void proxy_names_seen(struct proxy_names *r);

/* Takes the answer of @name into ->now; false if there is no new one. */
bool proxy_names_take(struct proxy_names *r, struct proxy_name *name);

#endif
