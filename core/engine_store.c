/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_store.c - sessions that come back, and images of those that are there
 *
 * A session may come back only if no sequence number can be used twice by that.  Its image has the
 * keys, its hot line the numbers; so an image without its line is worth nothing, and a line is
 * believed only as the caller says (struct ds_restore): exactly, if it was in memory all the time,
 * or with a leap, if it was parked in a file.  Each session is checked on its own, and one that
 * does not come back is a counter, never an error.
 *
 * Sessions come back beside others that are served already and that new handshakes made.  So their slots
 * are kept for them until it was their turn, and a new session of an identity that may have one only
 * keeps its old one from coming back.
 *
 * Images are written when something in them changed, and the caller writes them.  The engine keeps
 * only the numbers of such slots, in a short queue: an image is made when it is taken, of the
 * session as it is then.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/store.h"
#include "core/wipe.h"

#define FIRST_ROOM 1024U	    /* places to begin with */
#define STEP_MAX   65536U	    /* places added at a time */
#define AGAIN	   (10 * DS_SECOND) /* until an image is written again, after that failed */

void ds_engine_store(struct ds_engine *e, struct ds_store *st, void *lines, uint32_t slots,
		     int64_t wall)
{
	uint32_t most = slots < e->cfg.max_sessions ? slots : e->cfg.max_sessions;

	e->store = st;
	e->wall = wall - DS_SECOND_ZERO;
	ds_index_reserve(&e->table.by_cid, most);
	ds_index_reserve(&e->table.by_addr, most);
	ds_index_reserve(&e->table.by_identity, most);
	ds_engine_store_room(e, lines, slots);
}

void ds_engine_store_room(struct ds_engine *e, void *lines, uint32_t slots)
{
	struct ds_places *p = &e->table.places;
	uint32_t before = p->room;

	p->hot = lines;
	p->room = slots;
	ds_table_place(&e->table, before + 1, slots);
}

void ds_engine_image_later(struct ds_engine *e, uint32_t slot, ds_time now)
{
	ds_table_again(&e->table, slot, slot, now + AGAIN);
}

bool ds_engine_images_wait(const struct ds_engine *e)
{
	return e->table.places.again || e->table.places.count;
}

uint32_t ds_engine_store_wants(const struct ds_engine *e)
{
	const struct ds_table *t = &e->table;
	uint32_t room = t->places.room, ahead = room / 8, step = room;
	uint64_t most = (uint64_t)t->n_chunks * DS_TABLE_CHUNK;

	ahead = ahead < FIRST_ROOM / 4 ? FIRST_ROOM / 4 : ahead;
	if (!e->store || t->used + ahead <= room || room >= most)
		return room;
	step = step < FIRST_ROOM ? FIRST_ROOM : step > STEP_MAX ? STEP_MAX : step;
	return room + step > most ? (uint32_t)most : room + step;
}

void ds_engine_forget(struct ds_engine *e)
{
	struct ds_table *t = &e->table;

	ds_engine_store(e, NULL, NULL, 0, 0);
	t->places.count = t->places.n_moved = t->places.again = t->places.again_last = 0;
	t->places.kept = false;
	while (t->oldest) {
		struct ds_slot *s = ds_table_at(t, t->oldest);

		if (s->linger)
			ds_engine_drop_handshake(e, e->handshakes[s->linger]);
		ds_check_end(&e->checks, &e->cfg, s);
		ds_keycache_drop(e->keys, ds_table_session(t, s));
		ds_table_remove(t, s);
	}
}

bool ds_engine_image(struct ds_engine *e, uint32_t *slot, uint8_t image[static DS_STORE_IMAGE])
{
	struct ds_places *p = &e->table.places;
	const struct ds_slot *s;
	uint64_t id;

	if (!p->count)
		return false;
	*slot = p->pending[p->head];
	p->head = (p->head + 1) % DS_PENDING;
	p->count--;
	memset(image, 0, DS_STORE_IMAGE);
	if (*slot > e->table.used)
		return true;
	s = ds_table_at(&e->table, *slot);
	id = ds_hot_get(&ds_table_hot(&e->table, *slot)->id);
	if ((s->flags & DS_SLOT_LIVE) && id &&
	    ds_image_seal(e->store, &e->table, s, *slot, id, e->wall, image))
		e->stats.store_lost++;
	return true;
}

bool ds_engine_has_image(const struct ds_engine *e)
{
	return e->table.places.count;
}

/* Coming back */

void ds_engine_keep(struct ds_engine *e, uint32_t slots, uint32_t *order)
{
	ds_store_order(&e->cfg, e->table.places.hot, slots, order);
	ds_table_keep(&e->table, slots);
	e->table.places.kept = true;
}

/* Why a session does not come back. */
enum lost { NOT_LOST, STALE, DAMAGED, EXPIRED, UNFIT };

static bool is_expired(const struct ds_engine *e, const struct ds_slot *s, uint64_t created,
		       const struct ds_restore *how, ds_time now)
{
	int64_t age = (int64_t)ds_second_of(now) + e->wall - (int64_t)created;

	return (how->max_age && age > (int64_t)how->max_age) ||
	       (e->cfg.idle &&
		ds_slot_seen(s) + (int64_t)(DS_SECOND + e->cfg.idle) <= (int64_t)now);
}

/*
 * The lines were true when they were parked, but the file may be an old copy of itself and the
 * session may have gone on since.  A process that took it back in between did so at least
 * DS_LEAP_WAIT earlier, so in a generation with a lower number; and counting records never leads
 * out of a generation.  False if the clock runs behind, for then that cannot be shown.
 */
static bool leap(const struct ds_engine *e, struct ds_slot *s, uint64_t created, ds_time now)
{
	int64_t age = (int64_t)ds_second_of(now) + e->wall - (int64_t)created;
	uint64_t generation = age < 0 ? 0 : (uint64_t)age / DS_LEAP_SECONDS + 1;

	if (age < 0 || generation <= s->tx_seq >> DS_SEQ_COUNT_BITS ||
	    generation > DS_SEQ_MAX >> DS_SEQ_COUNT_BITS)
		return false;
	s->tx_seq = generation << DS_SEQ_COUNT_BITS | (s->tx_seq & DS_SEQ_COUNT_MASK);
	return true;
}

/* When the session spoke, by our clock. */
static uint32_t translate(const struct ds_engine *e, uint32_t seen, const struct ds_restore *how,
			  ds_time now)
{
	int64_t at = seen;

	if (how->leap)
		at += how->wall - DS_SECOND_ZERO - e->wall;
	if (at < 0)
		return 0;
	return at > ds_second_of(now) ? ds_second_of(now) : (uint32_t)at;
}

/* Takes the line into @was, which is a slot only in part, and checks it. */
static enum lost read_line(const struct ds_engine *e, struct ds_hot *hot,
			   const struct ds_image *image, const struct ds_restore *how,
			   struct ds_slot *was, ds_time now)
{
	if (!ds_hot_read(hot, was))
		return DAMAGED;
	was->seen_at = translate(e, was->seen_at, how, now);
	if (is_expired(e, was, image->created, how, now))
		return EXPIRED;
	if (how->leap && !leap(e, was, image->created, now))
		return STALE;
	return e->table.count < e->cfg.max_sessions ? NOT_LOST : UNFIT;
}

/* A client without identity counts where its address is. */
static void regroup(struct ds_table *t, struct ds_slot *s)
{
	struct ds_path path;

	if (!s->more->group)
		return;
	ds_slot_path(t, s, &path);
	ds_groups_remove(&t->groups, s->more->group);
	s->more->group = ds_groups_add(&t->groups, &path.remote);
}

/* When the session began, by our clock; the clocks may say that this is still to come. */
static uint32_t born(const struct ds_engine *e, uint64_t created, ds_time now)
{
	int64_t at = (int64_t)created - e->wall;

	return at < 0 ? 0 : at > ds_second_of(now) ? ds_second_of(now) : (uint32_t)at;
}

/* The second of our clock in which its certificate ends; 0 = never. */
static uint32_t end_of(const struct ds_engine *e, uint64_t ends)
{
	int64_t at = (int64_t)ends - e->wall;

	return !ends || at > UINT32_MAX ? 0 : at < 1 ? 1 : (uint32_t)at;
}

static void take_line(struct ds_engine *e, struct ds_slot *s, const struct ds_slot *was,
		      const struct ds_image *image, ds_time now)
{
	const uint8_t kept = DS_SLOT_QUIET | DS_SLOT_UNPROVEN | DS_SLOT_TAKEN;

	s->tx_seq = was->tx_seq;
	s->rx = was->rx;
	s->rx_count = was->rx_count;
	s->failures = was->failures;
	s->remote = was->remote;
	regroup(&e->table, s);
	s->seen_at = was->seen_at;
	s->flags |= was->flags & kept;
	s->more->born_at = born(e, image->created, now);
	s->moved_at =
		ds_second_of(now) + 1;	  /* what was sent to an unproven address is forgotten: */
	if (was->flags & DS_SLOT_VISIBLE) /* it is given nothing before it speaks again */
		ds_table_reappear(&e->table, s, &image->other);
	ds_table_note(&e->table, s);
}

/* True if an identity has as many sessions as it may have; those that are there are newer. */
static bool has_enough(const struct ds_engine *e, const struct ds_new_session *ns)
{
	uint32_t most = e->cfg.one_per_identity ? 1 : e->cfg.max_per_identity;
	struct ds_slot *oldest;

	return most && ns->identity_len && !ns->client &&
	       ds_table_count_identity(&e->table, ns->identity, ns->identity_len, ns->by_cert,
				       &oldest) >= most;
}

static enum lost take_back(struct ds_engine *e, uint32_t slot, const uint8_t *in,
			   struct ds_image *image, const struct ds_restore *how, ds_time now)
{
	struct ds_hot *hot = ds_table_hot(&e->table, slot);
	uint64_t id = ds_image_id(in);
	struct ds_slot was, *s;
	enum lost lost;

	memset(&was, 0, sizeof(was));
	if (!hot || ds_hot_get(&hot->id) != id)
		return STALE;
	if (!ds_image_open(e->store, in, slot, image))
		return DAMAGED;
	if (image->cid_len != e->cfg.cid_length && image->ns.rx_cid)
		return UNFIT;
	lost = read_line(e, hot, image, how, &was, now);
	if (lost)
		return lost;
	image->ns.cert.ends_at = end_of(e, image->ends);
	if (image->ns.cert.ends_at && image->ns.cert.ends_at <= ds_second_of(now))
		return EXPIRED;
	if (ds_engine_denies_new(e, &image->ns))
		return EXPIRED;
	if (image->ns.rx_cid && ds_table_by_cid(&e->table, image->ns.cid))
		return DAMAGED;
	if (has_enough(e, &image->ns))
		return UNFIT;
	s = ds_table_insert_at(&e->table, slot, &image->ns, now);
	if (!s)
		return UNFIT;
	take_line(e, s, &was, image, now);
	ds_hot_begin(hot, s, id);
	if (image->old) {
		e->stats.store_older++;
		ds_engine_image_later(e, slot, now);
	}
	return NOT_LOST;
}

bool ds_engine_restore(struct ds_engine *e, uint32_t slot,
		       const uint8_t image[static DS_STORE_IMAGE], const struct ds_restore *how,
		       ds_time now)
{
	struct ds_hot *hot = ds_table_hot(&e->table, slot);
	struct ds_image opened;
	enum lost lost;

	if (!ds_store_image_used(image)) {
		if (hot)
			ds_hot_set(&hot->id, 0);
		ds_table_give_up(&e->table, slot);
		return false;
	}
	lost = take_back(e, slot, image, &opened, how, now);
	ds_wipe(&opened, sizeof(opened));
	switch (lost) {
	case NOT_LOST: e->stats.store_restored++; return true;
	case STALE: e->stats.store_stale++; break;
	case DAMAGED: e->stats.store_damaged++; break;
	case EXPIRED: e->stats.store_expired++; break;
	case UNFIT: e->stats.store_unfit++; break;
	}
	if (hot)
		ds_hot_set(&hot->id, 0);
	ds_table_give_up(&e->table, slot);
	return false;
}

void ds_engine_inherit(struct ds_engine *e, ds_time now)
{
	ds_table_strange(&e->table, ds_second_of(now));
}

void ds_engine_restored(struct ds_engine *e)
{
	e->table.places.kept = false;
	e->sweep_id = 0; /* some may be near their age */
	e->sweep_at = 0;
}
