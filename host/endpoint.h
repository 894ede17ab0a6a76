/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.h - an engine, its lock, and the errands it has to be run
 *
 * Proxy, nc and shim would otherwise each write this: after a call into the engine, send what it
 * wants sent, log its events, start key look-ups, run handshake jobs without the lock.
 *
 * Threads:  ->lock guards ->engine.  host_endpoint_flush() needs the lock and any thread may call
 *	     it; host_endpoint_serve() takes the lock itself and belongs to the one thread that
 *	     serves, as does ->wants_room.
 */
#ifndef HOST_ENDPOINT_H
#define HOST_ENDPOINT_H

#include <pthread.h>
#include <stdatomic.h>

#include "dtlsshim/engine.h"
#include "host/keys.h"
#include "host/state.h"
#include "host/sys.h"

struct host_jobs;

struct host_endpoint {
	pthread_mutex_t lock;
	struct ds_engine *engine;
	struct host_state *state; /* NULL = sessions end with the process */
	int family;		  /* of the socket: AF_INET or AF_INET6 */
	ds_session rechecked;	  /* the last whose key was asked for again */
	uint32_t recheck_round;	  /* the last that recheck_due knows of */
	uint64_t recheck_due;	  /* sessions whose turn it is, times HOST_KEY_ROUNDS */
	atomic_bool writing;	  /* images of it are being written (images.h) */
	uint64_t may_leave,
		mark; /* handshake datagrams with numbers below may leave meanwhile; then */
	struct host_endpoint *next_writing;
	bool wants_room; /* only long jobs are left, and the pool was full */
	void *user;
	/* Sends an engine datagram; called under the lock. */
	void (*send)(struct host_endpoint *ep, const struct ds_path *path, const void *buf,
		     size_t len);
	/* An early message; under the lock.  NULL = ignored. */
	void (*deliver)(struct host_endpoint *ep, const struct ds_message *msg);
	/* Every event after it was logged; under the lock.  NULL = ignored. */
	void (*event)(struct host_endpoint *ep, const struct ds_event *ev);
	/* @out: a job of this endpoint, or its images, are on their way, and it must stay until they are
	 * back; under the lock.  Then they are back, and it wants to be served; without the lock, in the
	 * thread that computes or writes.  NULL = ignored. */
	void (*job_out)(struct host_endpoint *ep, bool out);
};

/* Sends queued datagrams, those of handshakes when the images before them are written; logs events.  Under the lock.
 * Return: true if there is something to do for host_endpoint_serve(). */
bool host_endpoint_flush(struct host_endpoint *ep);

/**
 * host_endpoint_serve() - tick the engine, look keys up, compute handshakes, deliver early messages
 * @keys:	where keys come from; NULL = every identity is unknown
 * @jobs:	the pool for handshakes that take long; NULL = they are computed here
 * @budget:	how long to go on, 0 = until nothing is left
 *
 * The lock is taken, and given up while a job runs or a key is looked up.  The budget is checked
 * between two jobs and between two look-ups, so that one of each is done whatever the budget, and
 * what is used beyond it is one job and one look-up at most.
 *
 * Return: true if something is left, and the caller should come back soon
 */
bool host_endpoint_serve(struct host_endpoint *ep, struct host_keys *keys, struct host_jobs *jobs,
			 ds_time budget);

/* True if there is something to do for host_endpoint_serve(); long jobs for which there is no room wait
 * for host_endpoint_jobs_back().  Under the lock, in the thread that serves. */
bool host_endpoint_wants(const struct host_endpoint *ep, const struct host_jobs *jobs);

/* Gives the jobs that are back to the engines they are of, sends and delivers what comes of it.  Takes
 * their locks.  The endpoints want to be served then. */
void host_endpoint_jobs_back(struct host_jobs *jobs);

/* The budget of a turn: a front end that has other endpoints, keys and datagrams to look after gives
 * each endpoint so much before it looks at the next. */
#define HOST_TURN (1 * DS_MSEC)

/* Lets some datagrams of a flood of hellos gather (ds_engine_is_flooded()): to wake up for each takes the
 * processor from the threads that compute handshakes.  Without locks.  0, or -EINTR after a signal. */
int host_gather(void);

/* Hands answers of @keys to their endpoints (the tag of an answer), ends the sessions of identities that
 * were removed, and has the keys of sessions whose turn it is asked for again; @eps are all endpoints.  It takes their locks and computes nothing:
 * the handshakes that now have their key wait for host_endpoint_serve().  The serving thread calls
 * it after host_keys_work(). */
void host_endpoint_answers(struct host_keys *keys, struct host_endpoint **eps, size_t n);

#endif
