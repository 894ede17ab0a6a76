/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - the anti-replay window */
#include "core/replay.h"

bool ds_replay_check(const struct ds_replay *w, uint64_t seq)
{
	uint64_t age;

	if (seq >= w->top)
		return true;
	age = w->top - 1 - seq;
	return age < DS_REPLAY_WINDOW && (w->seen >> age & 1) == 0;
}

bool ds_replay_accept(struct ds_replay *w, uint64_t seq)
{
	uint64_t ahead;

	if (seq < w->top) {
		w->seen |= 1ULL << (w->top - 1 - seq);
		return false;
	}
	ahead = seq - w->top + 1;
	/* A shift by the width of the type is undefined */
	w->seen = ahead < DS_REPLAY_WINDOW ? w->seen << ahead | 1 : 1;
	w->top = seq + 1;
	return true;
}
