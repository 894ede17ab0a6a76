/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clear.h - peers that speak in clear, where that is allowed
 *
 * Their answers may go in clear to no other address than they came from, so these are remembered: the
 * last DS_CLEAR_PEERS, each until it is silent for as long as a session may be.  Anybody can send with
 * any source address, so the newest takes the place of the one silent longest, whoever that is.
 *
 * Memory:   1.5 MB, allocated with the first peer.
 * Threads:  under the engine's lock.
 */
#ifndef CORE_CLEAR_H
#define CORE_CLEAR_H

#include <sys/queue.h>

#include "core/index.h"
#include "dtlsshim/engine.h"

/**
 * struct ds_clear_peer - one of them
 * @path:	where it came from, and to
 */
struct ds_clear_peer {
	struct ds_path path;
	ds_time seen;
	uint32_t next; /* in the index */
	TAILQ_ENTRY(ds_clear_peer) order;
};

struct ds_clear {
	const struct ds_config *cfg; /* borrowed */
	uint64_t seed;
	struct ds_clear_peer *peers; /* by place, from 1; NULL = there was none yet */
	uint32_t used;
	struct ds_index by_addr;
	TAILQ_HEAD(, ds_clear_peer) order; /* the one silent longest first */
};

void ds_clear_init(struct ds_clear *c, const struct ds_config *cfg, uint64_t seed);
void ds_clear_fini(struct ds_clear *c);
/* Notes that a peer spoke.  Its place, or 0 if memory is short. */
uint32_t ds_clear_heard(struct ds_clear *c, const struct ds_path *path, ds_time now);
/* The peer at @a, NULL if none spoke from there of late. */
const struct ds_clear_peer *ds_clear_find(const struct ds_clear *c, const struct ds_addr *a,
					  ds_time now);

#endif
