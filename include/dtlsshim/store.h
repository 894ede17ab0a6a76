/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - sessions that outlive their process
 *
 * A session has two places outside of the engine, at the number of its slot:
 *
 *   image	DS_STORE_IMAGE bytes of a file: what does not change with a record (keys, CIDs,
 *		identity), sealed under the state key.
 *   hot line	DS_STORE_LINE bytes of memory that outlives the process but not the boot: sequence
 *		number, replay window, address.  Written by the engine before a record leaves and
 *		before a message is delivered, so that after a crash at any moment they are
 *		exactly right or on the safe side.  Line 0 says whose lines these are.
 *
 * Both carry the session's random id: an image without its hot line is nobody's session any more.
 * The one exception are lines that were parked: at a clean end they are written to the file, sealed,
 * and what they say is true until somebody takes the file up again.
 *
 * The caller owns files and memory and runs the loop:
 *
 *	start:		ds_store_new(); read the header; ds_engine_store() with the lines;
 *			ds_engine_keep() slots for the sessions in the file; ds_engine_restore()
 *			for each, in the order that it says; ds_engine_restored().  Between two
 *			of them the engine may be used
 *	after each use of the engine, before its datagrams are sent:
 *			while (ds_engine_image(...)) write the image to its place
 *	now and then:	ds_engine_store_wants(): make file and lines longer, ds_engine_store_room()
 *	clean end:	use the engine no more; ds_store_park() the lines, write the header
 *
 * docs/state.md has the format and the reasons.
 *
 * Errors:   what is wrong with a file is an outcome with a counter, never an error.
 * Threads:  under the engine's lock.
 */
#ifndef DTLSSHIM_STORE_H
#define DTLSSHIM_STORE_H

#include "dtlsshim/cdefs.h"
#include "dtlsshim/engine.h"

DS_BEGIN_DECLS

#define DS_STORE_KEY	 32   /* bytes of the state key */
#define DS_STORE_IMAGE	 384  /* bytes of a session in the file */
#define DS_STORE_LINE	 64   /* bytes of its hot words */
#define DS_STORE_HEADER	 512  /* bytes of a file's header */
#define DS_STORE_PARKED	 1024 /* lines in a block of parked ones */
#define DS_STORE_BLOCK	 (64 + DS_STORE_PARKED * DS_STORE_LINE) /* bytes of such a block */
#define DS_STORE_VERSION 2
#define DS_LEAP_SECONDS	 2 /* between sequence numbers of two leaps, see struct ds_restore */
#define DS_LEAP_WAIT	 (DS_LEAP_SECONDS + 3) /* seconds; ages are whole ones of two rounded clocks */

struct ds_store;

/**
 * struct ds_store_header - what a file says about itself and the lines that belong to it
 * @file_id:	random, new with every file
 * @machine:	all zero = unknown
 * @endpoint:	whose sessions these are, family 0 = anybody's
 * @wall:	wall clock minus the engine's clock, in seconds, when the header was written
 * @slots:	images before the parked lines
 * @parked:	number of the blocks of parked lines, 0 = none
 * @parked_id:	random, new with every parking
 * @parked_at:	wall clock, nanoseconds, just before the header was written
 * @parked_ino:	of the file itself
 * @lines_id:	random, new with every lines; only those that say it are believed.  Zero = none
 * @file_dev, @file_ino, @lines_dev, @lines_ino: of the file itself and of its lines, which no copy has
 */
struct ds_store_header {
	uint8_t file_id[16], machine[16], parked_id[16], lines_id[16];
	struct ds_addr endpoint;
	int64_t wall;
	uint64_t parked_at, parked_ino;
	uint64_t file_dev, file_ino, lines_dev, lines_ino;
	uint32_t slots, parked;
};

/**
 * struct ds_store_owner - line 0
 * @magic, @lines_id, @boot: the caller's
 * @beat:	engine's clock, whenever the engine was about to write to lines
 * @clock:	the caller's: wall clock minus engine's clock in nanoseconds, near the last beat
 *
 * Nobody but the engine's process changes the memory that lines are in: a change from outside later
 * than the last beat shows that an old copy was put in its place.
 */
struct ds_store_owner {
	uint8_t magic[16], lines_id[16], boot[16];
	uint64_t beat;
	int64_t clock;
};

/**
 * ds_store_new() - the sealing of one file
 * @cfg:	for memory and random numbers; copied
 * @key:	copied; the caller wipes his
 *
 * Return: 0 or DS_E_NOMEM, DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_store_new(struct ds_store **out, const struct ds_config *cfg,
		 const uint8_t key[DS_AT_LEAST(DS_STORE_KEY)]);
/* From now on @st opens what @older opens, too, and owns it: an older key, nothing is sealed under. */
void ds_store_opens_too(struct ds_store *st, struct ds_store *older);
/* Wipes; NULL is allowed.  Not before the engine that uses it. */
void ds_store_free(struct ds_store *st);

enum ds_store_verdict {
	DS_STORE_OK,
	DS_STORE_FOREIGN, /* no state file */
	DS_STORE_VERSION_UNKNOWN,
	DS_STORE_UNREADABLE, /* damaged, or sealed under another key */
};

/* Reads a header and makes its file the one that images are sealed for. */
enum ds_store_verdict ds_store_header_open(struct ds_store *st,
					   const uint8_t in[DS_AT_LEAST(DS_STORE_HEADER)],
					   struct ds_store_header *out);
/* Seals a header and makes its file the one that images are sealed for.  0, DS_E_RANDOM or
 * DS_E_CRYPTO. */
DS_MUST_CHECK
int ds_store_header_seal(struct ds_store *st, const struct ds_store_header *h,
			 uint8_t out[DS_AT_LEAST(DS_STORE_HEADER)]);

/* True if there is, or was, a session at @image: its reason to be counted when it is lost. */
bool ds_store_image_used(const uint8_t image[DS_AT_LEAST(DS_STORE_IMAGE)]);

/**
 * ds_store_park() - seal a block of lines for the file
 * @h:		the header they belong to
 * @block:	number of the block, from 0
 * @lines:	DS_STORE_PARKED lines, the last block's rest filled with zeros
 *
 * Return: 0, DS_E_RANDOM or DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_store_park(struct ds_store *st, const struct ds_store_header *h, uint32_t block,
		  const uint8_t lines[DS_AT_LEAST(DS_STORE_PARKED * DS_STORE_LINE)],
		  uint8_t out[DS_AT_LEAST(DS_STORE_BLOCK)]);
/* The other way; false if the block is damaged or not of this header, and @lines are zeros. */
bool ds_store_unpark(struct ds_store *st, const struct ds_store_header *h, uint32_t block,
		     const uint8_t in[DS_AT_LEAST(DS_STORE_BLOCK)],
		     uint8_t lines[DS_AT_LEAST(DS_STORE_PARKED * DS_STORE_LINE)]);

/* With an engine */

/**
 * ds_engine_store() - sessions made from now on have a place outside
 * @st:		borrowed until the engine is freed
 * @lines:	line 0 and those of slots 1 to @slots; aligned to DS_STORE_LINE; shared memory
 * @slots:	number of the last slot with a line
 * @wall:	wall clock minus the engine's clock, in seconds
 *
 * Only for an engine without sessions.
 */
void ds_engine_store(struct ds_engine *e, struct ds_store *st, void *lines, uint32_t slots,
		     int64_t wall);

/**
 * struct ds_restore - how sessions are taken back
 * @leap:	their lines were parked: a session goes on with a sequence number that nobody can have
 *		used since, by the wall clock.  Not before DS_LEAP_WAIT has passed since the file was read:
 *		who had the same file before has served by then, in a lower range of numbers
 * @wall:	of the header that was found
 * @max_age:	seconds since the handshake after which a session is not taken back, 0 = never
 */
struct ds_restore {
	bool leap;
	int64_t wall;
	uint64_t max_age;
};

/**
 * ds_engine_keep() - keep slots for sessions that come back
 * @slots:	number of the last one; each has a line
 * @order:	gets the numbers 1 to @slots in the order in which they come back: those that spoke last
 *		first.  If memory is short, in theirs
 *
 * No new session gets one of them before ds_engine_restore().  After ds_engine_store(), before anything
 * else.
 */
void ds_engine_keep(struct ds_engine *e, uint32_t slots, uint32_t *order);

/**
 * ds_engine_restore() - take a session back
 * @slot:	number of its place, for which it was kept; each once
 *
 * Counts what it does (stats.h: store_).  A session that is not taken back has lost its line.
 *
 * Return: true if the session is there again, and ds_engine_image() may have it anew; false: erase the
 * image, if it was used
 */
bool ds_engine_restore(struct ds_engine *e, uint32_t slot,
		       const uint8_t image[DS_AT_LEAST(DS_STORE_IMAGE)],
		       const struct ds_restore *how, ds_time now);
/*
 * The application spoke through another engine before and lives on: for cfg.replies any address may
 * just have been left, so newcomers and those that move are not heard.  An application that began with
 * this engine has no late answers.
 */
void ds_engine_inherit(struct ds_engine *e, ds_time now);
/* All are back that come back. */
void ds_engine_restored(struct ds_engine *e);

/* The sessions are there no more, without a word to anybody; their places keep them.  The engine has no
 * places from now on. */
void ds_engine_forget(struct ds_engine *e);

/* Takes an image that is to be written at place @slot (zeros: erase); true if there was one. */
bool ds_engine_image(struct ds_engine *e, uint32_t *slot,
		     uint8_t image[DS_AT_LEAST(DS_STORE_IMAGE)]);

/* That image could not be written, or not now: it is to be taken ten seconds later, once more. */
void ds_engine_image_later(struct ds_engine *e, uint32_t slot, ds_time now);
/* True if there are images to take, now or then. */
bool ds_engine_images_wait(const struct ds_engine *e);

/*
 * For a caller that writes images in a thread of its own, while the engine is at work.  No datagram may leave
 * that was queued after an image and tells the peer of its session; so handshakes' datagrams have
 * numbers.
 */

/* True if there is an image to be taken. */
bool ds_engine_has_image(const struct ds_engine *e);
/* The number that the next datagram of a handshake will get: those with lower ones may leave when all images
 * are written that can be taken now. */
uint64_t ds_engine_queued(const struct ds_engine *e);
/* ds_engine_output() does not give out datagrams of handshakes from number @from on; UINT64_MAX, as at the
 * beginning: it gives out all.  Cookies and alerts are not held. */
void ds_engine_hold(struct ds_engine *e, uint64_t from);

/* How many places there should be, ahead of need; sessions without one do not outlive us. */
uint32_t ds_engine_store_wants(const struct ds_engine *e);
/* There are more now; @lines may have moved, with what is in them.  Sessions that had no place have one
 * then. */
void ds_engine_store_room(struct ds_engine *e, void *lines, uint32_t slots);

DS_END_DECLS

#endif
