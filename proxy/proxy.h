/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy.h - the state of dtlsproxy
 *
 * One process, an engine a port: DTLS on the wire socket, plaintext on one connected
 * upstream socket a session.  main.c sets it up in order, loop.c runs it.  Ports share keys, certificates,
 * threads and descriptors, and no session: a record that comes to one port is looked for in its engine only.
 *
 * As a gateway (gateway.h) it is the other way round, and there is one port: plaintext on the wire socket,
 * DTLS on one connected socket a device.  What a port has for plaintext servers is then not opened.
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
#include "proxy/backends.h"
#include "proxy/batch.h"
#include "proxy/clear.h"
#include "proxy/gateway.h"
#include "proxy/header.h"
#include "proxy/probe.h"
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
	X(clear_evicted, "sockets of peers in clear closed to make room for others")               \
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
 * struct proxy - a port, and what serves it
 * @all:	it and the others; it is number @index of them
 * @opt:	the options, with --bind and --connect of this port
 * @map:	the entry of --map that they are from, NULL if they were flags of their own
 * @gateway:	NULL: we are the server's end
 * @epoll:	the one of all ports
 * @now:	the time, read once a turn of the loop
 */
struct proxy {
	struct proxy_ports *all;
	unsigned index;
	struct host_endpoint ep;
	struct host_options opt;
	char *map;
	struct proxy_batch *rx, *tx;
	struct proxy_upstreams up;
	struct proxy_clears clear;
	struct proxy_backends backends; /* none where all sessions share a socket */
	struct proxy_header header;
	struct proxy_shared shared;
	struct proxy_source source;
	struct proxy_probe probe;
	struct proxy_gateway *gateway;
	struct proxy_stats stats;
	int epoll, wire;
	uint16_t port;
	ds_time now;
};

#define PROXY_PORTS_MAX 64

/**
 * struct proxy_ports - all of them, and what they share
 * @bound:	what they listen to
 * @eps:	their endpoints, for host_endpoint_answers()
 * @first:	whose turn for handshakes comes first
 * @busy:	the last turn left handshake work behind: do not sleep
 */
struct proxy_ports {
	struct proxy *port;
	unsigned n, first;
	struct host_options opt;
	struct host_keys *keys;
	struct host_watch watch;
	struct proxy_names names;
	struct proxy_sockets sockets;
	struct proxy_bound bound[PROXY_PORTS_MAX];
	struct host_endpoint *eps[PROXY_PORTS_MAX];
	int epoll, signals;
	ds_time now;
	bool busy, stop;
	struct host_jobs jobs;
	pthread_t job_threads[DS_JOBS_MAX];
};

/* Makes a port of --bind and --connect, and of each entry of --map.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_ports_make(struct proxy_ports *all, char why[static DS_WHY_MAX]);

#endif
