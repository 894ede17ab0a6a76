/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h - the one event loop of dtlsproxy
 */
#ifndef PROXY_LOOP_H
#define PROXY_LOOP_H

#include <stdint.h>

struct proxy;

/* Kinds of descriptors in the epoll set. */
enum proxy_kind { PROXY_WIRE, PROXY_UPSTREAM, PROXY_SHARED, PROXY_KEYS, PROXY_JOBS, PROXY_SIGNAL };

/* An epoll event's word: the kind, and the session slot of an upstream. */
static inline uint64_t proxy_ref(enum proxy_kind kind, uint32_t slot)
{
	return (uint64_t)kind << 32 | slot;
}

/* Makes the epoll set of wire socket, signals and key look-ups.  0, or -1 with errno. */
int proxy_loop_init(struct proxy *p);

/* Serves until SIGTERM or SIGINT, then says goodbye to every session. */
void proxy_loop(struct proxy *p);

#endif
