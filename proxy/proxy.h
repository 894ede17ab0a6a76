/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy.h - the state of dtlsproxy
 *
 * One process, one engine: DTLS on the wire socket, plaintext on one connected
 * upstream socket a session.  main.c sets it up in order, loop.c runs it.
 *
 * Threads:  one, and a pool that computes handshakes and touches nothing else (host/jobs.h).  The
 *	     endpoint's lock is there for the shim and is never contended here.
 * Errors:   start-up mistakes end the process with one line; later ones are counted and logged
 *	     at most once a second, and service goes on.
 */
#ifndef PROXY_PROXY_H
#define PROXY_PROXY_H

#include "host/endpoint.h"
#include "host/jobs.h"
#include "host/options.h"
#include "host/watch.h"
#include "proxy/batch.h"
#include "proxy/header.h"
#include "proxy/shared.h"
#include "proxy/source.h"
#include "proxy/upstream.h"

/* Name and meaning of the proxy's counters; the engine has its own (stats.h). */
#define PROXY_STATS_MAP(X)                                                                         \
	X(up_messages, "messages passed on to the backend")                                        \
	X(up_dropped, "messages for the backend that were dropped")                                \
	X(up_toobig, "of these, those longer than the backend's socket takes")                     \
	X(up_refused, "times the backend's host said that nothing listens there")                  \
	X(up_opened, "upstream sockets opened")                                                    \
	X(up_evicted, "upstream sockets closed to make room for others")                           \
	X(down_messages, "messages from the backend")                                              \
	X(down_dropped, "messages from the backend that were dropped")                             \
	X(answer_source, "of these, those that did not come from the backend")                     \
	X(answer_header, "of these, those without a header, or with a wrong one")                  \
	X(answer_session, "of these, those whose header names no session, or one that is gone")    \
	X(wire_toobig, "datagrams longer than the largest record")

struct proxy_stats {
#define PROXY_STATS_FIELD(name, text) uint64_t name;
	PROXY_STATS_MAP(PROXY_STATS_FIELD)
#undef PROXY_STATS_FIELD
};

/**
 * struct proxy - everything there is
 * @now:	the time, read once a turn of the loop, and after a handshake step
 * @busy:	the last turn left handshake work behind: do not sleep
 */
struct proxy {
	struct host_endpoint ep;
	struct host_options opt;
	struct host_keys *keys;
	struct host_watch watch;
	struct proxy_batch *rx, *tx;
	struct proxy_upstreams up;
	struct proxy_header header;
	struct proxy_shared shared;
	struct proxy_source source;
	struct proxy_stats stats;
	int epoll, wire, signals;
	uint16_t port;
	ds_time now;
	bool busy, stop;
	struct host_jobs jobs;
	pthread_t job_threads[DS_JOBS_MAX];
};

#endif
