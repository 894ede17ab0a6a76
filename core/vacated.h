/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vacated.h - addresses at which sessions were found until lately
 *
 * A session is no longer found by an address when it ended, moved away, or another one took the
 * address over.  For a few seconds the application may still send answers there that are meant for
 * the peer that had the address.  So the last DS_VACATED addresses are remembered, each with the
 * identity that had it, and a session of another identity gets nothing there meanwhile.
 *
 * Memory:   a ring inside the table of sessions; a flood of moves makes the oldest entries give way.
 * Threads:  under the engine's lock.
 */
#ifndef CORE_VACATED_H
#define CORE_VACATED_H

#include "dtlsshim/addr.h"

#define DS_VACATED 256

struct ds_vacated {
	struct {
		struct ds_addr addr; /* without scope */
		uint64_t identity;   /* hash of the identity that had it */
		uint32_t seen_at;    /* second when that peer spoke last */
	} ring[DS_VACATED];
	uint32_t n; /* ever noted */
};

/* Remembers that @identity, whose peer spoke last in second @seen_at, is not found by @addr any
 * more. */
void ds_vacated_note(struct ds_vacated *v, const struct ds_addr *addr, uint64_t identity,
		     uint32_t seen_at);

/* For how many seconds from @second on, at most 255, answers to @addr may be under way that are for
 * another identity than @identity, if an application takes @hold seconds to answer; 0 = none. */
uint8_t ds_vacated_for(const struct ds_vacated *v, const struct ds_addr *addr, uint64_t identity,
		       uint32_t second, uint32_t hold);

#endif
