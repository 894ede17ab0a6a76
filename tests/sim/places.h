/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places.h - a state file in memory, and servers that are killed and started again
 */
#ifndef TESTS_SIM_PLACES_H
#define TESTS_SIM_PLACES_H

#include "core/store.h"
#include "dtlsshim/store.h"
#include "tests/sim/net.h"

#define PLACES 64

struct places {
	struct ds_store *store;
	struct ds_store_header header;
	_Alignas(DS_STORE_LINE) uint8_t lines[PLACES + 1][DS_STORE_LINE];
	uint8_t images[PLACES + 1][DS_STORE_IMAGE];
	struct ds_restore how;
	uint32_t room, order[PLACES],
		next; /* lines; sessions come back in this order, up to here */
	int64_t wall; /* seconds of the wall clock at 0 of the engine's */
};

/* A state file for the server of @n, which has no sessions yet. */
void places_init(struct places *p, struct net *n);
void places_fini(struct places *p);
/* Takes the images that are to be written. */
void places_keep(struct places *p, struct net *n);
/* The server dies at once; nothing is left but what is outside. */
void places_kill(struct places *p, struct net *n);
/* A server begins and takes its sessions back. */
void places_start(struct places *p, struct net *n);
/* The same in steps, for a server that has begun: at first no session is back, then @count more places
 * were looked at; false if those were all. */
void places_begin(struct places *p, struct net *n);
bool places_take_some(struct places *p, struct net *n, uint32_t count);
/* All steps at once. */
void places_take_back(struct places *p, struct net *n);
static inline void places_restart(struct places *p, struct net *n)
{
	places_keep(p, n);
	places_kill(p, n);
	places_start(p, n);
}

/* Everything that ever went to the server goes there again. */
void places_replay(struct net *n);

#endif
