/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - images and hot lines from the inside
 *
 * A hot line is written word by word, in an order in which every prefix is safe, because the process
 * can be killed between any two stores.  What the kernel keeps of a killed process is exactly its
 * stores up to some instruction; so the compiler's order is all that matters.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include <assert.h>
#include <stdatomic.h>

#include "core/session.h"
#include "dtlsshim/store.h"

/*
 * Sequence numbers of a session: the upper 23 bits are a generation, the lower 25 count the records.
 * No suite allows 2^25 of them, so a generation is never left by counting.  A leap goes to a
 * generation that is named by the wall clock (docs/state.md).
 */
#define DS_SEQ_COUNT_BITS 25
#define DS_SEQ_COUNT_MASK ((1ULL << DS_SEQ_COUNT_BITS) - 1)

/**
 * struct ds_hot - a hot line
 * @id:		of the session, 0 = none; the line means nothing without it
 * @tx_seq:	next sequence number to use
 * @rx_top, @rx_seen: the replay window
 * @where:	port, family, flags of the slot, second of last use; family 0 = address not known
 */
struct ds_hot {
	_Atomic uint64_t id, tx_seq, rx_top, rx_seen, where;
	uint8_t ip[16];
	_Atomic uint32_t rx_count, failures;
};

static_assert(sizeof(struct ds_hot) == DS_STORE_LINE, "a hot line is one cache line");
static_assert(sizeof(struct ds_store_owner) == DS_STORE_LINE, "line 0 is a line");

/* A store that the compiler does not move. */
#define ds_hot_set(word, value) atomic_store_explicit(word, value, memory_order_release)
#define ds_hot_get(word)	atomic_load_explicit(word, memory_order_acquire)

/* Writes the time to line 0, before other lines are written to: see struct ds_store_owner. */
static inline void ds_hot_beat(struct ds_places *p, ds_time now)
{
	if (p->hot)
		atomic_store_explicit((_Atomic ds_time *)&((struct ds_store_owner *)p->hot)->beat,
				      now, memory_order_release);
}

/* Notes that a number is used up; called before the record is made. */
static inline void ds_hot_sent(struct ds_hot *hot, uint64_t tx_seq)
{
	ds_hot_set(&hot->tx_seq, tx_seq);
}

/* Notes an accepted record.  A process that is killed in between leaves a window in which everything
 * counts as received. */
static inline void ds_hot_accepted(struct ds_hot *hot, const struct ds_replay *rx, uint32_t count)
{
	if (ds_hot_get(&hot->rx_top) != rx->top) {
		ds_hot_set(&hot->rx_seen, ~0ULL);
		ds_hot_set(&hot->rx_top, rx->top);
	}
	ds_hot_set(&hot->rx_seen, rx->seen);
	ds_hot_set(&hot->rx_count, count);
}

/* Address, flags and time of last use. */
void ds_hot_place(struct ds_hot *hot, const struct ds_slot *s);
/* Everything of a new session, its id last. */
void ds_hot_begin(struct ds_hot *hot, const struct ds_slot *s, uint64_t id);
/* Reads the line into @s; false if it has impossible values. */
bool ds_hot_read(struct ds_hot *hot, struct ds_slot *s);

/* See ds_engine_keep(); @hot: line 0. */
void ds_store_order(const struct ds_config *cfg, const struct ds_hot *hot, uint32_t slots,
		    uint32_t *order);

/* Seals @s, whose line says @id. */
DS_MUST_CHECK
int ds_image_seal(struct ds_store *st, const struct ds_table *t, const struct ds_slot *s,
		  uint32_t slot, uint64_t id, int64_t wall, uint8_t out[static DS_STORE_IMAGE]);

/* An opened image; pointers into @plain, which the caller wipes. */
struct ds_image {
	struct ds_new_session ns;
	uint8_t cid_len;
	bool old; /* sealed as in version 1 */
	struct ds_packed_addr other;
	uint64_t created, ends; /* wall clock, seconds; @ends 0 = never */
	uint8_t plain[DS_STORE_IMAGE];
};

uint64_t ds_image_id(const uint8_t image[static DS_STORE_IMAGE]);
/* False if it is not authentic or has impossible values. */
bool ds_image_open(struct ds_store *st, const uint8_t in[static DS_STORE_IMAGE], uint32_t slot,
		   struct ds_image *out);

#endif
