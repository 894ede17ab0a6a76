/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - asking backends whether they are there, before a device finds out
 *
 * Every listed backend is sent the same datagram from a socket of its own, at intervals.  What it answers
 * does not matter.  One that refuses, or leaves PROXY_PROBE_LOSSES of them unanswered, is left until it
 * answers one; with --probe=refusal, for servers that do not answer strangers, until one is not refused.
 *
 * Threads:  the loop's.
 */
#ifndef PROXY_PROBE_H
#define PROXY_PROBE_H

#include "host/options.h"

struct proxy;
struct proxy_backend;

#define PROXY_PROBE_MAX	   512 /* bytes */
#define PROXY_PROBE_LOSSES 3

/**
 * struct proxy_probe - what is asked
 * @due:	when the next round is, DS_TIME_NEVER = nothing is asked
 */
struct proxy_probe {
	uint8_t bytes[PROXY_PROBE_MAX];
	size_t len;
	bool by_refusal;
	ds_time interval, due;
};

/* From --probe-hex and its like.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_probe_open(struct proxy_probe *probe, const struct host_options *o,
		     char why[static DS_WHY_MAX]);

/* Sends a round of probes if it is time, and judges the one before. */
void proxy_probe_work(struct proxy *p);

/* Reads what backend @i answered. */
void proxy_probe_read(struct proxy *p, uint32_t i);

/* Asks @be no more. */
void proxy_probe_end(struct proxy_backend *be);

#endif
