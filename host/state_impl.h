/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_impl.h - the inside of the state file
 *
 *	state.c		taking a file up, writing to it
 *	state_restore.c	its sessions, one after the other
 *	state_park.c	a clean end, and the start after it
 *	state_file.c	where the files are: directories, key, lock
 *	state_io.c	reading and writing, the header, clocks: what the others stand on
 *	state_lines.c	the memory that outlives a process
 */
#ifndef HOST_STATE_IMPL_H
#define HOST_STATE_IMPL_H

#include <limits.h>
#include <sys/stat.h>

#include "host/state.h"
#include "host/sys.h"

#define STATE_IMAGES 4096 /* where images begin in the file; the header is in front of them */

#define STATE_BATCH 256 /* as many as an engine keeps */

/* Images on their way to the file. */
struct state_batch {
	uint32_t n, slot[STATE_BATCH];
	uint8_t image[STATE_BATCH][DS_STORE_IMAGE];
	int result[STATE_BATCH]; /* of each write: 0 or a negative errno */
};

/**
 * struct host_state - a state file that is ours
 * @fd:		the state file, locked
 * @lines_fd:	the lines file
 * @name:	of the state file, for messages
 * @file:	name in its directory
 * @lines:	mapped, @room lines behind line 0
 * @batch:	what host_state_take_images() has taken
 * @retry_at:	when growing may be tried again after it failed
 * @noted_at:	when line 0 was told how far the clocks are apart
 * @fresh:	the lines are new: the header on the disk does not name them yet
 * @failing:	images could not be written, and are to be
 * @resealing:	images came under an older key, and are to be written
 * @growing:	by a thread that gave the engine's lock up; @closed meanwhile, and it frees what is left
 * @order:	slots in the order in which their sessions come back, NULL = all are back
 * @slots, @done: how many these are, and how many were looked at
 * @how, @source, @dropped: how they are taken back; for the log
 * @dev, @ino, @next: every open state file of this process
 */
struct host_state {
	int fd, lines_fd;
	char name[PATH_MAX + 16], file[NAME_MAX + 16];
	struct ds_store *store;
	struct ds_store_header header;
	struct state_batch *batch;
	uint8_t *lines;
	uint32_t room;
	ds_time retry_at, noted_at;
	bool fresh, growing, closed, failing, resealing;
	uint32_t *order, slots, done;
	struct ds_restore how;
	char source[DS_WHY_MAX];
	uint32_t dropped;
	dev_t dev;
	ino_t ino;
	struct host_state *next;
};

static inline struct ds_store_owner *host_state_owner(const struct host_state *s)
{
	return (struct ds_store_owner *)(void *)s->lines;
}

static inline off_t host_state_place(uint32_t slot)
{
	return STATE_IMAGES + (off_t)(slot - 1) * DS_STORE_IMAGE;
}

/* True if @h is of another endpoint than @endpoint; NULL, or a header that names none, is no other.
 * */
static inline bool host_state_names_another(const struct ds_store_header *h,
					    const struct ds_addr *endpoint)
{
	return endpoint && h->endpoint.family && !ds_addr_equal(endpoint, &h->endpoint);
}

/* state_io.c */

/* Nanoseconds of the wall clock. */
uint64_t host_state_wall(void);
/* Wall clock minus the engine's, in seconds. */
int64_t host_state_wall_offset(void);
/* Sleeps until @until of host_now(), whatever signals come. */
void host_state_sleep(ds_time until);
/* Identifies the machine, and does not change while it runs; zeros if unknown. */
void host_state_machine_id(uint8_t id[static 16]);
/* Reads or writes all of @len bytes; 0 or a negative errno (-ENODATA: the file ends before). */
int host_state_read(int fd, void *buf, size_t len, off_t at);
int host_state_write(int fd, const void *buf, size_t len, off_t at);
/* Writes an image, or DS_STORE_IMAGE zeros, so that a kill on the way leaves the old one or the new one.
 * 0 or a negative errno. */
int host_state_write_image(const struct host_state *s, uint32_t slot,
			   const uint8_t image[static DS_STORE_IMAGE]);
/* Completes the write of a process that was killed in the middle of one; before images are read, of which
 * there are @slots: what is behind them may be parked lines. */
void host_state_finish_image(const struct host_state *s, uint32_t slots);
/* False if a file must not become so long (RLIMIT_FSIZE): to try would be SIGXFSZ. */
bool host_state_fits(off_t size);
/* Seals and writes s->header; 0 or a negative errno. */
int host_state_write_header(struct host_state *s, bool durable);
/* Reads the header of the file, which another process has; true if it is another endpoint's. */
bool host_state_is_others(struct host_state *s, const struct ds_addr *endpoint);

/* state_restore.c */

/* Has the engine keep places for the sessions in slots 1 to @slots, whose lines are there, and plans
 * in which order they come back.  0 or -ENOMEM. */
int host_restore_begin(struct host_state *s, struct ds_engine *e, uint32_t slots);
/* Takes sessions back until @until; when those were all, ends that and logs what it was. */
void host_restore_until(struct host_state *s, struct ds_engine *e, ds_time until);
/* Forgets what is left to be done. */
void host_restore_end(struct host_state *s);

/* state_park.c */

/* Why parked lines are not to be believed, or NULL. */
const char *host_park_distrust(const struct host_state *s, const struct host_options *o);
/* Makes lines of what is parked, and waits until they may leap.  0 or a negative errno. */
int host_park_take(struct host_state *s);
/* A clean end: the lines into the file.  0 or a negative errno. */
int host_park(struct host_state *s);

/* state_file.c */

/* State key number @n, the line of that number in its file: 0 seals, those behind it only open; wipe it.
 * 0; 1: there are no more; or -1 with @why. */
int host_state_key(unsigned n, uint8_t key[static DS_STORE_KEY], char *why);
/* Keeps other threads of this process from looking for a file, taking one or letting one go, until
 * files_unlock().  It is held from the first look for a file to the decision which one to take. */
void host_state_files_lock(void);
void host_state_files_unlock(void);
/* Opens (or makes) and locks file number @n; fills fd, name, file, dev, ino.  0, -1 with @why, or 1:
 * another endpoint than @endpoint has it.  Between files_lock() and files_unlock(). */
int host_state_take(struct host_state *s, unsigned n, uint32_t wait, const struct ds_addr *endpoint,
		    char *why);
/* True if there is a file number @n. */
bool host_state_exists(unsigned n);
/* True if sessions of an endpoint at @before are those of one at @now, which is bound to another
 * address of the same port: one of them is any address, or this machine has the earlier one no more. */
bool host_state_has_moved(const struct ds_addr *before, const struct ds_addr *now);
/* Lets it go again. */
void host_state_let(struct host_state *s);
/* Renames a file that is not ours to read, to a name nothing has; what was locked is that file.  0 or
 * -1 with @why. */
int host_state_aside(struct host_state *s, char *why);
/* Notes, beside the file, when exactly it was last changed; no copy and no restored file can say that
 * of itself.  0 or a negative errno. */
int host_state_mark(const struct host_state *s);
/* True if that is still so. */
bool host_state_mark_holds(const struct host_state *s, const struct stat *st);
/* True if the header was written in this very file, not in one it is a copy of. */
bool host_state_is_original(const struct host_state *s);
/* Directory of lines files. */
int host_state_memory(void);

/* state_lines.c */

/* Opens the lines that the header names.  0 with *@untrue: why they are not to be believed, or NULL;
 * or a negative errno, which says nothing about them; -EBUSY: another process uses them. */
int host_lines_open(struct host_state *s, const char **untrue);
/* Makes new ones, room for @slots, all of them empty, under a new s->header.lines_id.  Nobody
 * believes them before host_lines_sign() and before that header is in the file.  0 or a negative
 * errno. */
int host_lines_make(struct host_state *s, uint32_t slots);
/* Makes the lines count: they are true from now on. */
void host_lines_sign(struct host_state *s);
/* Tells line 0 how far wall clock and engine's clock are apart, for it was set or the machine
 * slept. */
void host_lines_note(struct host_state *s);
/* Makes them longer: *@lines is a second mapping, of @slots.  0 or a negative errno. */
int host_lines_grow(struct host_state *s, uint32_t slots, uint8_t **lines);
/* Writes to every page after a beat, so that the file's time of change moves now, and not later. */
void host_lines_touch(uint8_t *lines, uint32_t room);
void host_lines_unmap(uint8_t *lines, uint32_t room);
void host_lines_close(struct host_state *s);
/* Takes away every lines file of this state file; none of them is believed.  Not for a copy: they are
 * the other file's. */
void host_lines_remove(const struct host_state *s);

#endif
