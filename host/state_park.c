/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_park.c - lines in the file, between a clean end and the next boot
 *
 * Lines lie in memory and do not outlive the boot.  At a clean end they are written to the state
 * file, sealed; that is called parking.  A parked line is true only as long as nobody has used the
 * session since, and a file cannot prove that of itself: it may be a copy, a snapshot that was
 * rolled back, or on another machine.  So parked lines are believed only in the very file and on
 * the very machine where they were parked, for a day, and once; and even then the sequence numbers
 * leap (core/engine_store.c).
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/state_impl.h"
#include "host/sys.h"

#define REST_MAX (86400 * DS_SECOND) /* a machine is off; longer, and it may be another's disk */

static bool is_ours(const struct ds_store_header *h)
{
	static const uint8_t unknown[16];
	uint8_t machine[16];

	host_state_machine_id(machine);
	return memcmp(machine, unknown, 16) != 0 && memcmp(machine, h->machine, 16) == 0;
}

const char *host_park_distrust(const struct host_state *s, const struct host_options *o)
{
	const struct ds_store_header *h = &s->header;
	uint64_t now = host_state_wall();
	struct stat st;

	if (o->state_reboot)
		return "DTLSSHIM_STATE_REBOOT says drop";
	if (!h->parked)
		return "the server before did not end cleanly";
	if (!is_ours(h))
		return "from another machine";
	if (fstat(s->fd, &st) || (uint64_t)st.st_ino != h->parked_ino)
		return "a copy";
	if (!host_state_mark_holds(s, &st))
		return "a copy, or changed from outside";
	if (now < h->parked_at || now - h->parked_at > REST_MAX)
		return "too old, or the clock is wrong";
	return NULL;
}

static off_t block_place(const struct host_state *s, uint32_t block)
{
	return host_state_place(s->header.slots + 1) + (off_t)block * DS_STORE_BLOCK;
}

/* Fills new lines with what was parked; a damaged block is a block of lost sessions. */
static int unpark(struct host_state *s, uint8_t *block, uint8_t *lines)
{
	const struct ds_store_header *h = &s->header;
	int r;

	host_lines_remove(s);
	r = host_lines_make(s, h->slots);

	for (uint32_t b = 0; !r && b < h->parked; b++) {
		size_t first = (size_t)b * DS_STORE_PARKED, n = (size_t)h->slots + 1 - first;
		size_t from = b ? 0 : 1; /* line 0 is new */

		if (first > h->slots)
			break;
		n = n < DS_STORE_PARKED ? n : DS_STORE_PARKED;
		if (host_state_read(s->fd, block, DS_STORE_BLOCK, block_place(s, b)) ||
		    !ds_store_unpark(s->store, h, b, block, lines))
			host_log(HOST_LOG_ERROR, "event=state_damaged file=%s block=%u", s->name,
				 b);
		else
			memcpy(s->lines + (first + from) * DS_STORE_LINE,
			       lines + from * DS_STORE_LINE, (n - from) * DS_STORE_LINE);
	}
	return r;
}

/* A process may have served from the same file before it was rolled back.  The wait makes sure that
 * its generation is an earlier one (dtlsshim/store.h). */
int host_park_take(struct host_state *s)
{
	ds_time read_at = host_now();
	uint8_t *buf = host_arena_alloc(DS_STORE_BLOCK + DS_STORE_PARKED * DS_STORE_LINE);
	int r = buf ? unpark(s, buf, buf + DS_STORE_BLOCK) : -ENOMEM;

	host_arena_free(buf, DS_STORE_BLOCK + DS_STORE_PARKED * DS_STORE_LINE);
	if (!r)
		host_state_sleep(read_at + DS_LEAP_WAIT * DS_SECOND);
	return r;
}

/* The highest line that is somebody's. */
static uint32_t last_line(const struct host_state *s)
{
	uint64_t id = 0;
	uint32_t i = s->room;

	for (; i; i--) {
		memcpy(&id, s->lines + (size_t)i * DS_STORE_LINE, sizeof(id));
		if (id)
			break;
	}
	return i;
}

static int write_blocks(struct host_state *s, uint32_t last, uint8_t *out, uint8_t *lines)
{
	struct ds_store_header *h = &s->header;
	int r = 0;

	h->slots = last;
	h->parked = last / DS_STORE_PARKED + 1;
	for (uint32_t b = 0; !r && b < h->parked; b++) {
		size_t first = (size_t)b * DS_STORE_PARKED, n = (size_t)last + 1 - first;

		n = n < DS_STORE_PARKED ? n : DS_STORE_PARKED;
		memset(lines, 0, DS_STORE_PARKED * DS_STORE_LINE);
		memcpy(lines, s->lines + first * DS_STORE_LINE, n * DS_STORE_LINE);
		r = ds_store_park(s->store, h, b, lines, out) ? -EIO : 0;
		if (!r)
			r = host_state_write(s->fd, out, DS_STORE_BLOCK, block_place(s, b));
	}
	return r ? r : (int)host_sys3(SYS_fsync, s->fd, 0, 0);
}

/* The header that says that lines are parked is written after them, so it is never wrong. */
int host_park(struct host_state *s)
{
	size_t size = DS_STORE_BLOCK + DS_STORE_PARKED * DS_STORE_LINE;
	struct ds_store_header *h = &s->header;
	uint32_t last = last_line(s);
	uint8_t *buf;
	int r;

	if (!last)
		return 0;
	buf = host_arena_alloc(size);
	if (!buf || host_random(NULL, h->parked_id, sizeof(h->parked_id)))
		r = -ENOMEM;
	else
		r = write_blocks(s, last, buf, buf + DS_STORE_BLOCK);
	host_arena_free(buf, size);
	if (r)
		return r;
	h->wall = host_state_wall_offset();
	h->parked_ino = s->ino;
	h->parked_at = host_state_wall();
	r = host_state_write_header(s, true);
	return r ? r : host_state_mark(s);
}
