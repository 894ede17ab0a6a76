/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h - the one event loop of dtlsproxy
 */
#ifndef PROXY_LOOP_H
#define PROXY_LOOP_H

#include <stdint.h>

struct proxy_ports;

/* Kinds of descriptors in the epoll set. */
enum proxy_kind {
	PROXY_WIRE,
	PROXY_UPSTREAM,
	PROXY_CLEAR,
	PROXY_SHARED,
	PROXY_KEYS,
	PROXY_JOBS,
	PROXY_SIGNAL,
	PROXY_NAMES,
	PROXY_PROBE,
	PROXY_LINK,
	PROXY_UPLINK
};

/* An epoll event's word: the kind, the port, and the session slot of an upstream, the number of a
 * peer in clear or of a gateway's link, or the backend of a probe. */
static inline uint64_t proxy_ref(enum proxy_kind kind, unsigned port, uint32_t slot)
{
	return (uint64_t)kind << 48 | (uint64_t)port << 32 | slot;
}

/* Makes the epoll set of wire sockets, signals, names and key look-ups.  0, or -1 with errno. */
int proxy_loop_init(struct proxy_ports *all);

/* Serves until SIGTERM or SIGINT, then says goodbye to every session. */
void proxy_loop(struct proxy_ports *all);

#endif
