/* SPDX-License-Identifier: Apache-2.0 */
/*
 * left.h - addresses that sessions have left
 *
 * By such an address a session is not found any more: it ended, moved on, or was taken over.  What
 * the application still sends there in answer to it is for nobody else.  The latest of those that
 * spoke lately are remembered.
 *
 * Threads:  under the engine's lock.
 */
#ifndef CORE_LEFT_H
#define CORE_LEFT_H

#include "dtlsshim/addr.h"

#define DS_LEFT 256

struct ds_left {
	struct {
		struct ds_addr addr; /* without scope */
		uint64_t who;	     /* hash of the identity */
		uint32_t seen_at;    /* second when it spoke last */
	} ring[DS_LEFT];
	uint32_t n; /* ever noted */
};

/* @who, who spoke last in second @seen_at, is not found by @addr any more. */
void ds_left_note(struct ds_left *l, const struct ds_addr *addr, uint64_t who, uint32_t seen_at);

/* For how many seconds, at most 255, answers to @addr may be under way that are for another than
 * @who, if an application takes @hold seconds to answer; 0: none that is known of. */
uint8_t ds_left_until(const struct ds_left *l, const struct ds_addr *addr, uint64_t who,
		      uint32_t second, uint32_t hold);

#endif
