/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c - taking a state file up, writing to it
 *
 * A file is taken up only as far as it can be believed, because a sequence number that is used
 * twice gives a session's key away:
 *
 * 1. Its header is read.  A file that cannot be read (not ours, damaged, another key, a later version)
 *    is renamed, never overwritten, and a new one begun.
 * 2. Are its lines in memory, and to be believed?  Then every session goes on exactly where it was.
 * 3. Else, were the lines parked in the file at a clean end, on this machine, and is the file nobody's
 *    copy?  Then the sessions go on with a leap (core/engine_store.c), in new lines.  A file can be taken
 *    up so only once: the header that says "parked" is gone from the disk before anything is served.
 * 4. Else nobody knows what the sessions did since, and they are dropped.
 */
#include "host/state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/state_impl.h"
#include "host/sys.h"
#include "host/text.h"

#define FIRST_ROOM 1023U	    /* lines of a new file, one page short of 64 kB with line 0 */
#define FILES_MAX  1024U	    /* of a process: FILE, FILE.1, ... */
#define READ_BATCH 512U		    /* images read at a time */
#define RETRY	   (10 * DS_SECOND) /* after growing failed */
#define FIRST_TURN (50 * DS_MSEC)   /* for sessions, before anything is served */

/* The key alone is worth keeping out of the swap: sessions are as many as there are. */
static void *locked_alloc(void *ctx, size_t size)
{
	void *p = host_arena_alloc(size);

	(void)ctx;
	if (p)
		host_sys3(SYS_mlock, p, size, 0);
	return p;
}

static void locked_release(void *ctx, void *p, size_t size)
{
	(void)ctx;
	host_arena_free(p, size);
}

static int make_store(struct host_state *s, char *why)
{
	struct ds_config cfg = {
		.alloc = locked_alloc, .release = locked_release, .random = host_random};
	struct ds_store *one;
	uint8_t key[DS_STORE_KEY];
	int r, err = 0;

	for (unsigned n = 0; !err && !(r = host_state_key(n, key, why)); n++) {
		err = ds_store_new(&one, &cfg, key);
		if (!err && s->store)
			ds_store_opens_too(s->store, one);
		else if (!err)
			s->store = one;
	}
	explicit_bzero(key, sizeof(key));
	if (err)
		return host_why(why, "state file: %s", ds_strerror(err));
	return r < 0 ? -1 : 0;
}

/* Taking up */

/* Begins anew: a new file id, with which nothing of before is believed. */
static int begin(struct host_state *s, const struct ds_addr *endpoint, bool found)
{
	struct ds_store_header *h = &s->header;
	int r;

	if (found && host_state_is_original(s))
		host_lines_remove(s);
	memset(h, 0, sizeof(*h));
	if (host_random(NULL, h->file_id, sizeof(h->file_id)))
		return -EIO;
	if (endpoint)
		h->endpoint = *endpoint;
	r = host_lines_make(s, FIRST_ROOM);
	return r ? r : (int)host_sys3(SYS_ftruncate, s->fd, 0, 0);
}

/* Images of sessions that will not come back, for the log. */
static uint32_t count_images(const struct host_state *s, uint8_t *batch)
{
	uint32_t n = 0;
	struct stat st;
	off_t end;

	if (fstat(s->fd, &st))
		return 0;
	end = s->header.parked ? host_state_place(s->header.slots + 1) : st.st_size;
	for (off_t at = STATE_IMAGES; at < end; at += READ_BATCH * DS_STORE_IMAGE) {
		off_t left = (end - at) / DS_STORE_IMAGE;
		uint32_t images = left < READ_BATCH ? (uint32_t)left : READ_BATCH;

		if (host_state_read(s->fd, batch, (size_t)images * DS_STORE_IMAGE, at))
			break;
		for (uint32_t i = 0; i < images; i++)
			n += ds_store_image_used(batch + (size_t)i * DS_STORE_IMAGE);
	}
	return n;
}

/*
 * The engine gets its places, and its sessions back.  The header that says "parked" is gone before
 * anything is served, for from then on only lines are true.  New lines are named by a header when
 * they are complete: a start that is killed on the way leaves the file as it found it.
 */
static int attach(struct host_state *s, struct ds_engine *e)
{
	struct ds_store_header *h = &s->header;
	uint32_t slots = h->parked && h->slots < s->room ? h->slots : s->room;
	off_t images = host_state_place(h->slots + 1);
	bool parked = h->parked;
	int r;

	s->how.wall = h->wall;
	h->parked = h->slots = 0;
	/* Sessions that go on exactly keep their ages, whatever the wall clock was set to meanwhile */
	if (s->fresh)
		h->wall = host_state_wall_offset();
	host_state_machine_id(h->machine);
	if (!s->fresh) {
		r = host_state_write_header(s, parked);
		if (r)
			return r;
	}
	host_state_owner(s)->beat = host_now();
	ds_engine_store(e, s->store, s->lines, s->room, h->wall);
	r = host_restore_begin(s, e, slots);
	if (r)
		return r;
	/* Lines that leap are signed when all have leapt */
	host_restore_until(s, e, s->fresh ? DS_TIME_NEVER : host_now() + FIRST_TURN);
	if (s->fresh) {
		host_lines_sign(s);
		r = host_state_write_header(s, true);
		if (r)
			return r;
		s->fresh = false;
	}
	if (parked)
		(void)host_sys3(SYS_ftruncate, s->fd, images, 0);
	return 0;
}

/* With a header that was read, or none. */
static int take_up(struct host_state *s, struct ds_engine *e, const struct host_options *o,
		   const struct ds_addr *endpoint, bool found)
{
	const char *no_lines = "new", *no_parked = NULL;
	uint8_t *batch = host_arena_alloc(READ_BATCH * DS_STORE_IMAGE);
	int r = batch ? 0 : -ENOMEM;

	s->how = (struct ds_restore){.max_age = o->state_max_age};
	(void)host_why(s->source, "memory");
	if (!r && found)
		r = host_lines_open(s, &no_lines);

	if (!r && no_lines && found) {
		no_parked = host_park_distrust(s, o);
		s->how.leap = !no_parked;
		(void)host_why(s->source, "parked lines; those in memory are %s", no_lines);
		if (s->how.leap)
			r = host_park_take(s);
	}
	if (!r && no_lines && !s->how.leap) {
		(void)host_why(s->source,
			       found ? "nothing: lines in memory are %s, file: %s" : "%s", no_lines,
			       no_parked);
		s->dropped = found ? count_images(s, batch) : 0;
		r = begin(s, endpoint, found);
	}
	if (!r)
		r = attach(s, e);
	host_arena_free(batch, READ_BATCH * DS_STORE_IMAGE);
	return r;
}

/* What is in a file. */
enum content {
	HEADER, /* a header, for this endpoint */
	EMPTY,	/* nothing yet */
	OTHERS, /* a header, for another endpoint */
	BAD,	/* something that is of no use to us: not a state file, damaged, another key */
	UNREAD	/* we do not know, because it cannot be read now */
};

static enum content read_header(struct host_state *s, const struct ds_addr *endpoint, char *why)
{
	static const char *const words[] = {[DS_STORE_FOREIGN] = "no state file",
					    [DS_STORE_VERSION_UNKNOWN] = "of an unknown version",
					    [DS_STORE_UNREADABLE] =
						    "damaged, or sealed under another key"};
	uint8_t in[DS_STORE_HEADER] = {0};
	enum ds_store_verdict v;
	struct stat st;
	int r;

	if (!fstat(s->fd, &st) && !st.st_size)
		return EMPTY;
	r = host_state_read(s->fd, in, sizeof(in), 0);
	if (r && r != -ENODATA) {
		(void)host_why(why, "state file: %s cannot be read: %s", s->name,
			       strerrordesc_np(-r));
		return UNREAD;
	}
	v = ds_store_header_open(s->store, in, &s->header);
	if (v == DS_STORE_OK)
		return host_state_names_another(&s->header, endpoint) ? OTHERS : HEADER;
	host_log(HOST_LOG_ERROR,
		 "event=state_refused file=%s: %s; renamed, sessions in it are lost to this server",
		 s->name, words[v]);
	return BAD;
}

/* What find() came across on its way. */
struct passed {
	const struct ds_addr *wanted; /* NULL: whoever's */
	int moved;		  /* number of a file that may be ours under an earlier address */
	char other[DS_ADDR_TEXT]; /* whose file was left to him */
};

static void note_other(const struct host_state *s, struct passed *p, unsigned n)
{
	ds_addr_format(&s->header.endpoint, p->other);
	if (p->moved < 0 && host_state_has_moved(&s->header.endpoint, p->wanted))
		p->moved = (int)n;
}

/* The file of an endpoint, locked, with its header if there is one. */
static int look(struct host_state *s, const struct host_options *o, struct passed *p, bool *found,
		char *why)
{
	for (unsigned n = 0;;) {
		enum content c;
		int r;

		if (p->moved >= 0 && !host_state_exists(n)) {
			n = (unsigned)p->moved;
			p->wanted = NULL;
		}
		r = host_state_take(s, n, o->state_wait, p->wanted, why);
		if (r < 0)
			return r;
		c = r ? OTHERS : read_header(s, p->wanted, why);
		*found = c == HEADER;
		if (c == HEADER || c == EMPTY)
			return 0;
		if (c == UNREAD || (c == BAD && host_state_aside(s, why))) {
			host_state_let(s);
			return -1;
		}
		if (!r && c == OTHERS)
			note_other(s, p, n);
		if (!r)
			host_state_let(s);
		n += c == OTHERS;
		if (n == FILES_MAX)
			return host_why(why, "state file: none of %u is free", n);
		if (n && !p->wanted)
			return host_why(why, "state file: %s is in use here already", s->name);
	}
}

static int find(struct host_state *s, const struct host_options *o, const struct ds_addr *endpoint,
		bool *found, char *why)
{
	struct passed p = {.wanted = endpoint, .moved = -1};
	char now[DS_ADDR_TEXT];
	int r = look(s, o, &p, found, why);

	if (r || !endpoint)
		return r;
	if (*found && !p.wanted) {
		host_log(HOST_LOG_INFO, "event=state_moved file=%s from=%s to=%s", s->name, p.other,
			 ds_addr_format(endpoint, now));
		s->header.endpoint = *endpoint;
	} else if (!*found && *p.other)
		host_log(HOST_LOG_INFO,
			 "event=state_begun file=%s for=%s: sessions of %s are left to it in its "
			 "own file",
			 s->name, ds_addr_format(endpoint, now), p.other);
	return 0;
}

static void destroy(struct host_state *s)
{
	host_restore_end(s);
	host_lines_close(s);
	host_state_let(s);
	ds_store_free(s->store);
	host_arena_free(s->batch, sizeof(*s->batch));
	host_arena_free(s, sizeof(*s));
}

int host_state_open(struct host_state **out, struct ds_engine *e, const struct host_options *o,
		    const struct ds_addr *endpoint, char why[static DS_WHY_MAX])
{
	struct host_state *s;
	bool found = false;
	int r;

	*out = NULL;
	if (!o->state)
		return 0;
	if (host_state_check(o, why))
		return -1;
	s = host_arena_alloc(sizeof(*s));
	if (!s)
		return host_why(why, "state file: out of memory");
	s->fd = s->lines_fd = -1;
	s->batch = host_arena_alloc(sizeof(*s->batch));
	r = s->batch ? make_store(s, why) : host_why(why, "state file: out of memory");
	if (!r) {
		host_state_files_lock();
		r = find(s, o, endpoint, &found, why);
		host_state_files_unlock();
	}
	if (r) {
		destroy(s);
		return -1;
	}
	r = take_up(s, e, o, endpoint, found);
	if (!r) {
		*out = s;
		return 0;
	}
	if (r == -EBUSY) {
		(void)host_why(why,
			       "state file: what is in memory for %s is in use by another process",
			       s->name);
		destroy(s);
		return -1;
	}
	/* Nothing of the file was served, so another process may use it later. */
	host_log(HOST_LOG_ERROR,
		 "event=state_unusable file=%s: %s; served without it: sessions end with this "
		 "process",
		 s->name, strerrordesc_np(-r));
	ds_engine_forget(e);
	if (s->fresh)
		host_lines_remove(s);
	destroy(s);
	return 0;
}

/* In use */

/* What became of the image of @slot; the engine has it written again if @r is an error. */
static void account(struct host_state *s, struct ds_engine *e, uint32_t slot, int r)
{
	static struct host_log_limit limit;

	if (!r)
		return;
	ds_engine_image_later(e, slot, host_now());
	s->failing = true;
	host_log_limited(&limit, HOST_LOG_ERROR,
			 "event=state_write_failed file=%s: %s; sessions made now do not "
			 "outlive this process, unless trying again succeeds",
			 s->name, strerrordesc_np(-r));
}

static void tell_if_complete(struct host_state *s, const struct ds_engine *e)
{
	if ((!s->failing && !s->resealing) || ds_engine_images_wait(e))
		return;
	host_log(HOST_LOG_INFO, "event=%s file=%s: all sessions are in it",
		 s->resealing ? "state_resealed" : "state_written", s->name);
	s->failing = s->resealing = false;
}

void host_state_flush(struct host_state *s, struct ds_engine *e)
{
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot;

	if (!s)
		return;
	host_state_wrote_images(s, e);
	while (ds_engine_image(e, &slot, image))
		account(s, e, slot, host_state_write_image(s, slot, image));
	tell_if_complete(s, e);
}

void host_state_take_images(struct host_state *s, struct ds_engine *e)
{
	struct state_batch *b = s->batch;

	for (b->n = 0; b->n < STATE_BATCH; b->n++)
		if (!ds_engine_image(e, &b->slot[b->n], b->image[b->n]))
			break;
}

void host_state_write_images(struct host_state *s)
{
	struct state_batch *b = s->batch;

	for (uint32_t i = 0; i < b->n; i++)
		b->result[i] = host_state_write_image(s, b->slot[i], b->image[i]);
}

void host_state_wrote_images(struct host_state *s, struct ds_engine *e)
{
	struct state_batch *b = s->batch;

	for (uint32_t i = 0; i < b->n; i++)
		account(s, e, b->slot[i], b->result[i]);
	b->n = 0;
	tell_if_complete(s, e);
}

void host_state_note(struct host_state *s)
{
	if (host_state_owner(s)->beat >= s->noted_at + DS_SECOND)
		host_lines_note(s);
}

bool host_state_wants(const struct host_state *s, const struct ds_engine *e)
{
	return s && ds_engine_store_wants(e) > s->room && host_now() >= s->retry_at;
}

void host_state_grow(struct host_state *s, struct ds_engine *e, pthread_mutex_t *lock)
{
	uint8_t *lines = NULL, *old;
	uint32_t slots, room;
	int r;

	if (!host_state_wants(s, e) || s->growing)
		return;
	slots = ds_engine_store_wants(e);
	s->growing = true;
	pthread_mutex_unlock(lock);
	r = host_lines_grow(s, slots, &lines);
	pthread_mutex_lock(lock);
	s->growing = false;
	if (s->closed) {
		host_lines_unmap(lines, slots);
		destroy(s);
		return;
	}
	if (r) {
		s->retry_at = host_now() + RETRY;
		ds_engine_image_later(e, s->room, host_now()); /* an engine at rest wakes for it */
		host_log(HOST_LOG_ERROR,
			 "event=state_full file=%s room=%u: %s; more sessions do not outlive this "
			 "process",
			 s->name, s->room, strerrordesc_np(-r));
		return;
	}
	old = s->lines;
	room = s->room;
	s->lines = lines;
	s->room = slots;
	ds_engine_store_room(e, lines, slots);
	host_lines_unmap(old, room);
	host_state_flush(s, e); /* sessions that had no place */
}

void host_state_close(struct host_state *s)
{
	int r;

	if (!s)
		return;
	r = host_park(s);
	if (r)
		host_log(HOST_LOG_ERROR,
			 "event=state_park_failed file=%s: %s; sessions do not outlive a reboot",
			 s->name, strerrordesc_np(-r));
	else
		host_log(HOST_LOG_INFO, "event=state_close file=%s", s->name);
	host_state_let(s);
	if (s->growing)
		s->closed = true;
	else
		destroy(s);
}
