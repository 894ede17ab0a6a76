/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - the table of established sessions
 *
 * A session is a small record in a slab: raw keys, sequence numbers, replay window, addresses,
 * identity.  It is found by CID, by the address the application sees, and by identity, and kept
 * in order of use.  The handshake that made it may linger beside it for a while (handshake.h).
 *
 * Invariant: an address finds one session at most.  A session whose address was taken over by
 * another is hidden: the application cannot name it until it speaks again.
 *
 * Memory:   chunks of slots, one small block a session for what varies in length.
 * Threads:  under the engine's lock.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "core/deny.h"
#include "core/index.h"
#include "core/limit.h"
#include "core/record.h"
#include "core/replay.h"
#include "core/vacated.h"
#include "dtlsshim/engine.h"

#define DS_EPOCH 1ULL /* the only protected epoch: no renegotiation */

/* An address without its scope, which is the slot's (a link-local peer is on one interface). */
struct ds_packed_addr {
	uint8_t ip[16];
	uint16_t port;
	uint8_t family;
	uint8_t zero;
};

/* The part of a session that varies in length: identity, the peer's CID, keys that do not fit the
 * slot. */
struct ds_slot_more {
	uint32_t born_at; /* second of the engine's clock */
	uint8_t identity_len, peer_cid_len, keys_len;
	bool by_cert, client, rrc;
	uint16_t payload_max; /* bytes of a message the peer takes (RFC 6066, 4) */
	uint16_t group;	      /* of a client without identity (limit.h), or 0 */
	/* Identity, peer CID, key block; aligned: struct ds_slot_cert, struct ds_slot_client,
	 * struct ds_slot_rrc */
	uint8_t bytes[];
};

/* A session with a peer that showed a certificate has this, too. */
struct ds_slot_cert {
	uint32_t ends_at; /* second of the engine's clock, 0 = never */
	uint8_t serial[DS_SERIAL_TAG];
};

/* A client's session has this, too; see engine_client.c. */
struct ds_slot_client {
	uint32_t asked_at; /* since when a message waits for an answer, in milliseconds; 0 = none */
	uint8_t doubts;	   /* sessions before this one that brought no answer */
};

/* A session with a peer that can be asked whether it is at an address (RFC 9853) has this, too. */
struct ds_check;
struct ds_slot_rrc {
	struct ds_check *check; /* the one that runs, or NULL; see path_check.h */
};

enum ds_slot_flags {
	DS_SLOT_LIVE = 1,
	DS_SLOT_RX_CID = 2,    /* the peer's records carry our CID */
	DS_SLOT_VISIBLE = 4,   /* found by its visible address */
	DS_SLOT_ALIAS = 8,     /* found by ->other too (DS_PEER_CURRENT: the address before) */
	DS_SLOT_QUIET = 16,    /* took over an address: nothing goes out before its peer has
				* spoken, and it is not heard while late answers to the peer
				* that had the address may be under way */
	DS_SLOT_UNPROVEN = 32, /* moved: 3x budget (RFC 9146, 6) */
	DS_SLOT_CLIENT = 64,   /* we initiated the handshake */
	DS_SLOT_TAKEN = 128,   /* another session was found by its address before */
};

/**
 * struct ds_slot - one session
 * @keys:	key block of suites with 16-byte keys and 4-byte IVs; others in @more
 * @tx_seq:	next sequence number to use
 * @remote, @local, @scope: the path
 * @other:	DS_PEER_CURRENT: the address before; DS_PEER_STABLE: the visible address
 * @got, @sent:	bytes from and to an unproven address
 * @proof:	newer records from there so far
 * @quiet_for:	seconds after its birth for which a quiet session is not heard; it does not move
 * @linger:	id of the handshake whose last flight can be repeated, 0 = none
 */
struct ds_slot {
	uint8_t keys[40];
	uint64_t tx_seq;
	struct ds_replay rx;
	struct ds_slot_more *more;
	struct ds_packed_addr remote, other;
	uint8_t local[16];
	uint32_t scope;
	uint32_t rx_count, failures;
	uint32_t got, sent;
	uint32_t seen_at, moved_at; /* seconds of the engine's clock */
	uint32_t generation;
	uint32_t older, newer; /* list in order of use */
	uint32_t next_cid, next_addr, next_alias, next_identity;
	uint32_t linger;
	uint16_t suite;
	uint8_t flags;
	union {
		uint8_t proof;
		uint8_t quiet_for;
	};
	uint8_t cid[]; /* cfg->cid_length bytes */
};

struct ds_hot;
#define DS_TABLE_CHUNK 1024 /* slots allocated at a time */
#define DS_PENDING     256  /* images that wait to be written */
#define DS_MOVED       64   /* those that do so for a second, because only the path changed */

/* The sessions' places outside, see store.h. */
struct ds_places {
	struct ds_hot *hot;	      /* NULL = there are none */
	uint32_t room;		      /* slots that have one */
	uint32_t pending[DS_PENDING]; /* slots whose image is to be written */
	uint32_t head, count;
	uint32_t moved[DS_MOVED];   /* slots whose image lacks a change of path, each once */
	uint32_t n_moved, moved_at; /* how many; second when they become pending */
	uint32_t again,
		again_last; /* slots whose image could not be written, among others; 0 = none */
	ds_time again_at;   /* when these become pending */
	bool kept; /* sessions are coming back: of some slots only the image outside knows */
};

struct ds_table {
	const struct ds_config *cfg; /* borrowed */
	struct ds_slot **chunks;
	uint32_t n_chunks, used, free; /* slots ever used; head of the free list */
	uint32_t count, n_ends;	       /* sessions; those that end with a certificate */
	uint32_t oldest, newest;
	size_t stride;
	uint64_t seed;
	uint64_t *migrated; /* borrowed: notes where sessions are (migrated.h); NULL = nowhere */
	uint16_t port;	    /* local port of every path */
	struct ds_places places;
	struct ds_vacated vacated;
	uint32_t strange_until; /* second before which any address may just have been vacated */
	uint32_t latest;	/* second of the last record */
	struct ds_index by_cid, by_addr, by_identity;
	struct ds_groups groups; /* of clients without identity, by the network they came from */
};

/* Seconds of the engine's clock.  They do not begin at 0, because sessions that come back were seen
 * before the clock began. */
#define DS_SECOND_ZERO (1U << 30)
static inline uint32_t ds_second_of(ds_time now)
{
	return (uint32_t)(now / DS_SECOND) + DS_SECOND_ZERO;
}

/* 0, DS_E_NOMEM or DS_E_RANDOM. */
DS_MUST_CHECK
int ds_table_setup(struct ds_table *t, const struct ds_config *cfg);
void ds_table_fini(struct ds_table *t);

/* Slot @id, which must exist. */
struct ds_slot *ds_table_at(const struct ds_table *t, uint32_t id);
/* The slot's number, and its name for callers. */
uint32_t ds_table_id(const struct ds_table *t, const struct ds_slot *s);
ds_session ds_table_session(const struct ds_table *t, const struct ds_slot *s);
/* The live session of that name, or NULL. */
struct ds_slot *ds_table_get(const struct ds_table *t, ds_session session);

struct ds_slot *ds_table_by_cid(const struct ds_table *t, const uint8_t *cid);
/* By the address the application sees, or the one before (DS_PEER_CURRENT). */
struct ds_slot *ds_table_by_addr(const struct ds_table *t, const struct ds_addr *a);
/* A session of an identity other than @except; a certificate's subject and a PSK identity are
 * never the same. */
struct ds_slot *ds_table_by_identity(const struct ds_table *t, const uint8_t *identity, size_t len,
				     bool by_cert, const struct ds_slot *except);

/* How many sessions an identity has, and which of them was silent longest, if there is one. */
uint32_t ds_table_count_identity(const struct ds_table *t, const uint8_t *identity, size_t len,
				 bool by_cert, struct ds_slot **oldest);

/**
 * struct ds_new_session - what a finished handshake knows
 * @block:	the key block, ds_key_block_len(suite) bytes
 * @tx_seq:	its first sequence number, behind those of the handshake
 * @cid:	ours, cfg->cid_length bytes; in the peer's records if @rx_cid
 * @cert:	with @by_cert: what is kept of the certificate
 */
struct ds_new_session {
	const struct ds_suite *suite;
	const uint8_t *block;
	const uint8_t *cid, *peer_cid, *identity;
	uint64_t tx_seq;
	uint8_t peer_cid_len, identity_len;
	uint16_t payload_max;
	bool rx_cid, by_cert, client, rrc;
	struct ds_slot_cert cert;
	struct ds_path path;
};

/* slot.c: the part that varies in length, NULL if memory is short; free() wipes it. */
struct ds_slot_more *ds_slot_more_new(const struct ds_config *cfg, const struct ds_new_session *ns);
void ds_slot_more_free(const struct ds_config *cfg, struct ds_slot_more *m);

/* Adds a session, not yet visible (ds_table_show()); NULL if memory is short. */
struct ds_slot *ds_table_insert(struct ds_table *t, const struct ds_new_session *ns, ds_time now);
/* Keeps slots 1 to @slots for sessions that come back, in a table that had none; as many as memory
 * allows. */
void ds_table_keep(struct ds_table *t, uint32_t slots);
/* Adds a session that comes back at slot @id, which is kept for it, at the old end of the order of use;
 * NULL if memory is short or the slot is not kept. */
struct ds_slot *ds_table_insert_at(struct ds_table *t, uint32_t id, const struct ds_new_session *ns,
				   ds_time now);
/* Lets the application find a session that came back by the address it knew, if that is free. */
void ds_table_reappear(struct ds_table *t, struct ds_slot *s, const struct ds_packed_addr *other);
/* Slot @id is kept for nobody any more. */
void ds_table_give_up(struct ds_table *t, uint32_t id);
/* The hot line of slot @id, and of session @s; NULL = it has none. */
struct ds_hot *ds_table_hot(const struct ds_table *t, uint32_t id);
struct ds_hot *ds_slot_hot(const struct ds_table *t, const struct ds_slot *s);
/* Notes that the image of slot @id has to be written. */
void ds_table_changed(struct ds_table *t, uint32_t id);
/* Same after a change of path.  A peer can cause one with each record, so it is written once a second
 * at most. */
void ds_table_moved(struct ds_table *t, uint32_t id);
/* Images of slots @first to @last, or some of them, could not be written: they become pending at @at,
 * a few at a time. */
void ds_table_again(struct ds_table *t, uint32_t first, uint32_t last, ds_time at);
/* Notes those for ds_table_changed() whose time has come. */
void ds_table_settle(struct ds_table *t, ds_time now);
/* The sessions of slots @first to @last get lines, if there is room: new ones, or old ones for which there
 * was none. */
void ds_table_place(struct ds_table *t, uint32_t first, uint32_t last);
/* Takes a session out of everything and wipes it. */
void ds_table_remove(struct ds_table *t, struct ds_slot *s);

/* Prefetches what a record of a session that slept will touch.  Its keys are expanded next, and the
 * memory arrives meanwhile. */
void ds_table_wake(const struct ds_table *t, const struct ds_slot *s);
/* The session spoke: newest in the order of use. */
void ds_table_touch(struct ds_table *t, struct ds_slot *s, ds_time now);

/**
 * ds_table_show() - let the application find a hidden session by the address where it is
 *
 * DS_PEER_STABLE: that is the handshake's address, unless it was taken meanwhile.
 *
 * Return: true if another session was found by that address, and is not any more
 */
bool ds_table_show(struct ds_table *t, struct ds_slot *s);

/*
 * Moves the session to a new path; the address before stays an alias (DS_PEER_CURRENT), unless it
 * was unproven or somebody else's: what the application sends there may be for another.
 */
void ds_table_move(struct ds_table *t, struct ds_slot *s, const struct ds_path *path);

/* Makes @s quiet: nothing is sent to its peer, and it is not heard until @seconds after its birth.
 * Or ends that. */
void ds_table_quiet(struct ds_table *t, struct ds_slot *s, bool quiet, uint8_t seconds);
/* Sessions came back in second @second: which addresses were vacated before is not known, so that
 * for a while each address counts as one that was. */
void ds_table_strange(struct ds_table *t, uint32_t second);
/* For how many seconds from @second on an application may still send answers to @a that are for
 * another peer than that of @s, though no session is found there; 0 = none that is known of. */
uint8_t ds_table_vacated(const struct ds_table *t, const struct ds_slot *s, const struct ds_addr *a,
			 uint32_t second);

/* Notes that the addresses of @s, a new session, have migrated (migrated.h). */
void ds_table_note(const struct ds_table *t, const struct ds_slot *s);

/* Views of a slot. */
void ds_slot_path(const struct ds_table *t, const struct ds_slot *s, struct ds_path *out);
void ds_slot_peer(const struct ds_table *t, const struct ds_slot *s, struct ds_addr *out);
bool ds_slot_is_remote(const struct ds_slot *s, const struct ds_addr *a);
/* Sets our end of the path; true if it was another before. */
bool ds_slot_set_local(struct ds_slot *s, const struct ds_addr *local);
/* When it spoke last; earlier than the clock's 0 if it was before the clock began. */
int64_t ds_slot_seen(const struct ds_slot *s);
const uint8_t *ds_slot_block(const struct ds_slot *s);
/* NULL for a session whose peer showed none. */
struct ds_slot_cert *ds_slot_cert(const struct ds_slot *s);
/* NULL for a session that the peer began. */
struct ds_slot_client *ds_slot_client(const struct ds_slot *s);
/* NULL for a session whose peer cannot be asked where it is. */
struct ds_slot_rrc *ds_slot_rrc(const struct ds_slot *s);
static inline const uint8_t *ds_slot_peer_cid(const struct ds_slot *s)
{
	return s->more->bytes + s->more->identity_len;
}

#endif
