/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.h - the anti-replay window (RFC 6347, 4.1.2.6)
 *
 * Check before the record is opened, accept only after it proved authentic: a forged
 * sequence number must not move the window.
 */
#ifndef CORE_REPLAY_H
#define CORE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#define DS_REPLAY_WINDOW 64 /* records */

/* All zero = nothing received yet.
 * @top:	newest number accepted, plus one
 * @seen:	bit i = top - 1 - i was accepted */
struct ds_replay {
	uint64_t top, seen;
};

/* True if @seq was neither accepted before nor is too old to tell. */
bool ds_replay_check(const struct ds_replay *w, uint64_t seq);
/* Marks @seq, which ds_replay_check() allowed.  True if it is newer than all before
 * (RFC 9146, 6: only then may the peer's address move). */
bool ds_replay_accept(struct ds_replay *w, uint64_t seq);

#endif
