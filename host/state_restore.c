/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_restore.c - the sessions of a file that was taken up, one after the other
 *
 * A million sessions take seconds, and nobody should wait for the last of them.  So the first ones are
 * taken back before the port is served, and the rest in turns of the thread that serves.  A
 * session can be used from the moment when its own image was read; what comes for it before is lost like any
 * datagram, and its peer repeats it.  Those that spoke last come first, for they are the ones that talk.
 *
 * There is no index by which a session could be found in the file when its first datagram comes.  To
 * make one, all images would have to be looked at before the first answer, for the Connection ID is in the
 * image; and all are read within the time after which a peer repeats its message.
 *
 * Until it is read, an image and its line are what they were, so that a kill in the middle loses nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/state_impl.h"
#include "host/sys.h"

#define LOOKS 128	     /* sessions taken back between two looks at the clock */
#define TURN  (1 * DS_MSEC)  /* with the lock */
#define PAUSE (DS_MSEC / 20) /* without it */

static void log_progress(const struct host_state *s, const char *event, const struct ds_engine *e)
{
	const struct ds_stats *st = ds_engine_stats(e);

	host_log(HOST_LOG_INFO,
		 "event=%s file=%s sessions=%llu from=\"%s\" dropped=%u stale=%llu "
		 "damaged=%llu expired=%llu unfit=%llu",
		 event, s->name, (unsigned long long)st->store_restored, s->source, s->dropped,
		 (unsigned long long)st->store_stale, (unsigned long long)st->store_damaged,
		 (unsigned long long)st->store_expired, (unsigned long long)st->store_unfit);
}

/* Images that can be in the file, up to @slots. */
static uint32_t images_in_file(const struct host_state *s, uint32_t slots)
{
	struct stat st;
	off_t n;

	if (fstat(s->fd, &st) || st.st_size < host_state_place(2))
		return 0;
	n = (st.st_size - STATE_IMAGES) / DS_STORE_IMAGE;
	return n < slots ? (uint32_t)n : slots;
}

int host_restore_begin(struct host_state *s, struct ds_engine *e, uint32_t slots)
{
	s->slots = images_in_file(s, slots);
	s->done = 0;
	s->order = host_arena_alloc((s->slots + 1) * sizeof(*s->order));
	if (!s->order)
		return -ENOMEM;
	if (!s->fresh)
		host_state_finish_image(s, s->slots);
	host_sys6(SYS_fadvise64, s->fd, 0, 0, POSIX_FADV_WILLNEED, 0, 0);
	ds_engine_keep(e, s->slots, s->order);
	return 0;
}

void host_restore_end(struct host_state *s)
{
	if (s->order)
		host_arena_free(s->order, (s->slots + 1) * sizeof(*s->order));
	s->order = NULL;
}

bool host_state_restoring(const struct host_state *s)
{
	return s && s->order;
}

/* While only the parked lines on the disk are true, nothing in the file may change. */
static void erase(const struct host_state *s, struct ds_engine *e, uint32_t slot)
{
	static const uint8_t nothing[DS_STORE_IMAGE];

	if (s->fresh)
		ds_engine_image_later(e, slot, host_now());
	else
		(void)host_state_write_image(s, slot, nothing);
}

/* One that cannot be read is lost: to the engine it is an image that was erased. */
static void restore_one(struct host_state *s, struct ds_engine *e, uint32_t slot, ds_time now)
{
	static struct host_log_limit limit;
	uint8_t image[DS_STORE_IMAGE];
	int r = host_state_read(s->fd, image, sizeof(image), host_state_place(slot));

	if (r) {
		host_log_limited(&limit, HOST_LOG_ERROR,
				 "event=state_read_failed file=%s: %s; the session is lost",
				 s->name, strerrordesc_np(-r));
		memset(image, 0, sizeof(image));
	}
	if (!ds_engine_restore(e, slot, image, &s->how, now) && ds_store_image_used(image))
		erase(s, e, slot);
}

void host_restore_until(struct host_state *s, struct ds_engine *e, ds_time until)
{
	bool first = s->done == 0;
	ds_time now = host_now();

	host_state_owner(s)->beat = now;
	while (s->done < s->slots) {
		restore_one(s, e, s->order[s->done++], now);
		if (s->done % LOOKS == 0)
			now = host_now();
		if (now >= until)
			break;
	}
	if (s->done == s->slots) {
		ds_engine_restored(e);
		s->resealing = ds_engine_stats(e)->store_older > 0;
		host_restore_end(s);
		log_progress(s, "state_open", e);
	} else if (first) {
		log_progress(s, "state_restoring", e);
	}
}

/* A mutex that is taken again at once is not given to those who wait for it, so there is a pause. */
void host_state_restore(struct host_state *s, struct ds_engine *e, pthread_mutex_t *lock)
{
	if (!host_state_restoring(s))
		return;
	host_restore_until(s, e, host_now() + TURN);
	pthread_mutex_unlock(lock);
	host_state_sleep(host_now() + PAUSE);
	pthread_mutex_lock(lock);
}
