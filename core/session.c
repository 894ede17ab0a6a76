/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c - the table of established sessions
 *
 * There may be a million sessions, so each is as small as it can be, and nothing is ever moved or
 * rehashed at once.  Slots live in chunks that never move and have numbers from 1; numbers take
 * half the room of pointers, so lists and indexes chain through the slots by number (which
 * <sys/queue.h> cannot), and a slot's own number is what its neighbour in the list says.  The
 * address index holds up to two entries a session, the visible address and an alias: entry numbers
 * are slot * 2 and slot * 2 + 1.
 */
#include "core/session.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/store.h"
#include "core/wipe.h"

static struct ds_packed_addr pack(const struct ds_addr *a)
{
	struct ds_packed_addr p = {.port = a->port, .family = a->family};

	memcpy(p.ip, a->ip, sizeof(p.ip));
	return p;
}

static struct ds_addr unpack(const struct ds_packed_addr *p, uint32_t scope)
{
	struct ds_addr a = {.port = p->port, .family = p->family};
	bool link_local = p->family == 6 && p->ip[0] == 0xfe && (p->ip[1] & 0xc0) == 0x80;

	memcpy(a.ip, p->ip, sizeof(a.ip));
	a.scope = link_local ? scope : 0;
	return a;
}

static bool same(const struct ds_packed_addr *a, const struct ds_packed_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static uint64_t hash_bytes(const struct ds_table *t, const void *p, size_t len)
{
	return XXH3_64bits_withSeed(p, len, t->seed);
}

/* The address of an entry of the address index. */
static const struct ds_packed_addr *entry_addr(const struct ds_table *t, uint32_t entry)
{
	const struct ds_slot *s = ds_table_at(t, entry / 2);
	bool stable = t->cfg->peer_address == DS_PEER_STABLE;

	return (entry & 1) || stable ? &s->other : &s->remote;
}

static uint32_t *cid_next(void *owner, uint32_t id)
{
	return &ds_table_at(owner, id)->next_cid;
}

static uint64_t cid_hash(void *owner, uint32_t id)
{
	struct ds_table *t = owner;

	return hash_bytes(t, ds_table_at(t, id)->cid, t->cfg->cid_length);
}

static uint32_t *addr_next(void *owner, uint32_t entry)
{
	struct ds_slot *s = ds_table_at(owner, entry / 2);

	return entry & 1 ? &s->next_alias : &s->next_addr;
}

static uint64_t addr_hash(void *owner, uint32_t entry)
{
	struct ds_table *t = owner;

	return hash_bytes(t, entry_addr(t, entry), sizeof(struct ds_packed_addr));
}

static uint32_t *identity_next(void *owner, uint32_t id)
{
	return &ds_table_at(owner, id)->next_identity;
}

static uint64_t identity_hash(void *owner, uint32_t id)
{
	struct ds_slot *s = ds_table_at(owner, id);

	return hash_bytes(owner, s->more->bytes, s->more->identity_len);
}

static const struct ds_index_ops cid_ops = {cid_next, cid_hash};
static const struct ds_index_ops addr_ops = {addr_next, addr_hash};
static const struct ds_index_ops identity_ops = {identity_next, identity_hash};

int ds_table_setup(struct ds_table *t, const struct ds_config *cfg)
{
	memset(t, 0, sizeof(*t));
	t->cfg = cfg;
	t->stride = (sizeof(struct ds_slot) + cfg->cid_length + 7) & ~(size_t)7;
	t->n_chunks = cfg->max_sessions / DS_TABLE_CHUNK + 1;
	t->chunks = cfg->alloc(cfg->ctx, t->n_chunks * sizeof(*t->chunks));
	if (!t->chunks || ds_index_setup(&t->by_cid, &cid_ops, t, cfg) < 0 ||
	    ds_index_setup(&t->by_addr, &addr_ops, t, cfg) < 0 ||
	    ds_index_setup(&t->by_identity, &identity_ops, t, cfg) < 0)
		return DS_E_NOMEM;
	if (cfg->random(cfg->ctx, (uint8_t *)&t->seed, sizeof(t->seed)))
		return DS_E_RANDOM;
	ds_groups_init(&t->groups, cfg, t->seed);
	return 0;
}

void ds_table_fini(struct ds_table *t)
{
	if (!t->chunks)
		return;
	t->places.hot = NULL; /* the sessions end here, not outside */
	while (t->oldest)
		ds_table_remove(t, ds_table_at(t, t->oldest));
	for (uint32_t i = 0; i < t->n_chunks; i++)
		if (t->chunks[i])
			t->cfg->release(t->cfg->ctx, t->chunks[i], DS_TABLE_CHUNK * t->stride);
	t->cfg->release(t->cfg->ctx, t->chunks, t->n_chunks * sizeof(*t->chunks));
	ds_index_fini(&t->by_cid);
	ds_index_fini(&t->by_addr);
	ds_index_fini(&t->by_identity);
	ds_groups_fini(&t->groups);
	t->chunks = NULL;
}

struct ds_slot *ds_table_at(const struct ds_table *t, uint32_t id)
{
	char *chunk = (char *)t->chunks[(id - 1) / DS_TABLE_CHUNK];

	return (struct ds_slot *)(void *)(chunk + (id - 1) % DS_TABLE_CHUNK * t->stride);
}

uint32_t ds_table_id(const struct ds_table *t, const struct ds_slot *s)
{
	/* Only a live slot is in the list, and its neighbour knows its number. */
	return s->older ? ds_table_at(t, s->older)->newer : t->oldest;
}

ds_session ds_table_session(const struct ds_table *t, const struct ds_slot *s)
{
	return (uint64_t)s->generation << 32 | ds_table_id(t, s);
}

struct ds_slot *ds_table_get(const struct ds_table *t, ds_session session)
{
	uint32_t id = ds_session_slot(session);
	struct ds_slot *s;

	if (id == 0 || id > t->used)
		return NULL;
	s = ds_table_at(t, id);
	return (s->flags & DS_SLOT_LIVE) && s->generation == session >> 32 ? s : NULL;
}

struct ds_slot *ds_table_by_cid(const struct ds_table *t, const uint8_t *cid)
{
	size_t len = t->cfg->cid_length;
	uint32_t id = ds_index_first(&t->by_cid, hash_bytes(t, cid, len));

	while (id) {
		struct ds_slot *s = ds_table_at(t, id);

		/* A match needs these lines next; they come while memcmp() waits for the CID's */
		__builtin_prefetch(s, 1);
		__builtin_prefetch((const char *)s + 64, 1);
		__builtin_prefetch((const char *)s + 128, 1);
		if (memcmp(s->cid, cid, len) == 0)
			return s;
		id = s->next_cid;
	}
	return NULL;
}

static uint32_t find_entry(const struct ds_table *t, const struct ds_packed_addr *p)
{
	uint32_t entry = ds_index_first(&t->by_addr, hash_bytes(t, p, sizeof(*p)));

	while (entry && !same(entry_addr(t, entry), p))
		entry = *addr_next((void *)t, entry);
	return entry;
}

struct ds_slot *ds_table_by_addr(const struct ds_table *t, const struct ds_addr *a)
{
	struct ds_packed_addr p = pack(a);
	uint32_t entry = find_entry(t, &p);

	return entry ? ds_table_at(t, entry / 2) : NULL;
}

static bool is_of(const struct ds_slot *s, const uint8_t *identity, size_t len, bool by_cert)
{
	return s->more->by_cert == by_cert && s->more->identity_len == len &&
	       memcmp(s->more->bytes, identity, len) == 0;
}

struct ds_slot *ds_table_by_identity(const struct ds_table *t, const uint8_t *identity, size_t len,
				     bool by_cert, const struct ds_slot *except)
{
	uint32_t id = len ? ds_index_first(&t->by_identity, hash_bytes(t, identity, len)) : 0;

	for (; id; id = ds_table_at(t, id)->next_identity) {
		struct ds_slot *s = ds_table_at(t, id);

		if (s != except && is_of(s, identity, len, by_cert))
			return s;
	}
	return NULL;
}

uint32_t ds_table_count_identity(const struct ds_table *t, const uint8_t *identity, size_t len,
				 bool by_cert, struct ds_slot **oldest)
{
	uint32_t id = len ? ds_index_first(&t->by_identity, hash_bytes(t, identity, len)) : 0;
	uint32_t n = 0;

	for (; id; id = ds_table_at(t, id)->next_identity) {
		struct ds_slot *other = ds_table_at(t, id);

		if (!is_of(other, identity, len, by_cert))
			continue;
		/* Of those that spoke in the same second the first in the chain is the newest */
		if (!n++ || other->seen_at <= (*oldest)->seen_at)
			*oldest = other;
	}
	return n;
}

static void list_remove(struct ds_table *t, struct ds_slot *s)
{
	if (s->older)
		ds_table_at(t, s->older)->newer = s->newer;
	else
		t->oldest = s->newer;
	if (s->newer)
		ds_table_at(t, s->newer)->older = s->older;
	else
		t->newest = s->older;
}

static void list_append(struct ds_table *t, struct ds_slot *s, uint32_t id)
{
	s->older = t->newest;
	s->newer = 0;
	if (t->newest)
		ds_table_at(t, t->newest)->newer = id;
	else
		t->oldest = id;
	t->newest = id;
}

static void list_prepend(struct ds_table *t, struct ds_slot *s, uint32_t id)
{
	s->older = 0;
	s->newer = t->oldest;
	if (t->oldest)
		ds_table_at(t, t->oldest)->older = id;
	else
		t->newest = id;
	t->oldest = id;
}

static void free_slot(struct ds_table *t, uint32_t id)
{
	ds_table_at(t, id)->older = t->free;
	t->free = id;
}

/* A slot number that is not in use; 0 if memory is short. */
static uint32_t take_slot(struct ds_table *t)
{
	uint32_t id = t->free;

	if (id) {
		t->free = ds_table_at(t, id)->older;
		return id;
	}
	if (t->used / DS_TABLE_CHUNK >= t->n_chunks)
		return 0;
	if (t->used % DS_TABLE_CHUNK == 0) {
		struct ds_slot *chunk = t->cfg->alloc(t->cfg->ctx, DS_TABLE_CHUNK * t->stride);

		if (!chunk)
			return 0;
		t->chunks[t->used / DS_TABLE_CHUNK] = chunk;
	}
	return ++t->used;
}

/* Places outside */

struct ds_hot *ds_slot_hot(const struct ds_table *t, const struct ds_slot *s)
{
	return t->places.hot ? ds_table_hot(t, ds_table_id(t, s)) : NULL;
}

/* Writes the address of @s to its line, too. */
static void place(struct ds_table *t, struct ds_slot *s, uint32_t id)
{
	struct ds_hot *hot = ds_table_hot(t, id);

	if (hot)
		ds_hot_place(hot, s);
}

/* Before anything else of a session ends: one without a line never comes back. */
static void end_place(struct ds_table *t, uint32_t id)
{
	struct ds_hot *hot = ds_table_hot(t, id);

	if (!hot)
		return;
	ds_hot_set(&hot->id, 0);
	ds_table_changed(t, id);
}

/* Making and ending */

static bool ends(const struct ds_slot *s)
{
	const struct ds_slot_cert *cert = ds_slot_cert(s);

	return cert && cert->ends_at;
}

/* Makes a session that is not in the order of use yet. */
static struct ds_slot *fill(struct ds_table *t, uint32_t id, const struct ds_new_session *ns,
			    ds_time now)
{
	struct ds_slot *s = ds_table_at(t, id);
	uint32_t generation = s->generation + 1;

	memset(s, 0, t->stride);
	s->generation = generation;
	s->more = ds_slot_more_new(t->cfg, ns);
	if (!s->more)
		return NULL;
	if (!s->more->keys_len)
		memcpy(s->keys, ns->block, ds_key_block_len(ns->suite));
	s->suite = ns->suite->id;
	s->flags = DS_SLOT_LIVE;
	if (ns->rx_cid)
		s->flags |= DS_SLOT_RX_CID;
	if (ns->client)
		s->flags |= DS_SLOT_CLIENT;
	s->tx_seq = ns->tx_seq;
	s->remote = s->other = pack(&ns->path.remote);
	s->scope = ns->path.remote.scope;
	ds_table_note(t, s);
	ds_slot_set_local(s, &ns->path.local);
	t->port = ns->path.local.port;
	if (t->cfg->cid_length)
		memcpy(s->cid, ns->cid, t->cfg->cid_length);
	s->seen_at = s->more->born_at = t->latest = ds_second_of(now);
	if (!ns->identity_len && !ns->client)
		s->more->group = ds_groups_add(&t->groups, &ns->path.remote);
	if (ns->rx_cid)
		ds_index_insert(&t->by_cid, id);
	if (ns->identity_len)
		ds_index_insert(&t->by_identity, id);
	t->count++;
	t->n_ends += ends(s);
	return s;
}

struct ds_slot *ds_table_insert(struct ds_table *t, const struct ds_new_session *ns, ds_time now)
{
	uint32_t id = take_slot(t);
	struct ds_slot *s = id ? fill(t, id, ns, now) : NULL;

	if (s) {
		list_append(t, s, id);
		ds_table_place(t, id, id);
	} else if (id) {
		free_slot(t, id);
	}
	return s;
}

void ds_table_keep(struct ds_table *t, uint32_t slots)
{
	while (t->used < slots && take_slot(t))
		continue;
}

void ds_table_give_up(struct ds_table *t, uint32_t id)
{
	if (id <= t->used)
		free_slot(t, id);
}

struct ds_slot *ds_table_insert_at(struct ds_table *t, uint32_t id, const struct ds_new_session *ns,
				   ds_time now)
{
	struct ds_slot *s = id <= t->used ? fill(t, id, ns, now) : NULL;

	if (s)
		list_prepend(t, s, id);
	return s;
}

static uint64_t identity_of(const struct ds_table *t, const struct ds_slot *s)
{
	return hash_bytes(t, s->more->bytes, s->more->identity_len);
}

static uint32_t reply_hold(const struct ds_table *t)
{
	return (uint32_t)(t->cfg->replies / DS_SECOND);
}

void ds_table_strange(struct ds_table *t, uint32_t second)
{
	if (reply_hold(t))
		t->strange_until = second + reply_hold(t) + 1;
}

uint8_t ds_table_vacated(const struct ds_table *t, const struct ds_slot *s, const struct ds_addr *a,
			 uint32_t second)
{
	uint8_t known = ds_vacated_for(&t->vacated, a, identity_of(t, s), second, reply_hold(t));
	uint32_t strange = second < t->strange_until ? t->strange_until - second : 0;

	if (strange <= known)
		return known;
	return (uint8_t)(strange < UINT8_MAX ? strange : UINT8_MAX);
}

void ds_table_quiet(struct ds_table *t, struct ds_slot *s, bool quiet, uint8_t seconds)
{
	s->flags = (uint8_t)((s->flags & ~DS_SLOT_QUIET) | (quiet ? DS_SLOT_QUIET : 0));
	s->quiet_for = seconds;
	place(t, s, ds_table_id(t, s));
}

static void hide_entry(struct ds_table *t, uint32_t entry)
{
	struct ds_slot *s = ds_table_at(t, entry / 2);
	struct ds_addr a = unpack(entry_addr(t, entry), 0);

	if (!(s->flags & DS_SLOT_CLIENT) && t->latest - s->seen_at <= reply_hold(t))
		ds_vacated_note(&t->vacated, &a, identity_of(t, s), s->seen_at);
	ds_index_remove(&t->by_addr, entry);
	s->flags &= (uint8_t) ~(entry & 1 ? DS_SLOT_ALIAS : DS_SLOT_VISIBLE);
	place(t, s, entry / 2);
}

static void hide(struct ds_table *t, struct ds_slot *s)
{
	uint32_t id = ds_table_id(t, s);

	if (s->flags & DS_SLOT_VISIBLE)
		hide_entry(t, id * 2);
	if (s->flags & DS_SLOT_ALIAS)
		hide_entry(t, id * 2 + 1);
}

void ds_table_remove(struct ds_table *t, struct ds_slot *s)
{
	uint32_t id = ds_table_id(t, s), generation = s->generation;
	bool ended = ends(s);

	end_place(t, id);
	hide(t, s);
	if (s->flags & DS_SLOT_RX_CID)
		ds_index_remove(&t->by_cid, id);
	if (s->more->identity_len)
		ds_index_remove(&t->by_identity, id);
	list_remove(t, s);
	ds_groups_remove(&t->groups, s->more->group);
	ds_slot_more_free(t->cfg, s->more);
	ds_wipe(s, t->stride);
	s->generation = generation;
	free_slot(t, id);
	t->count--;
	t->n_ends -= ended;
}

void ds_table_wake(const struct ds_table *t, const struct ds_slot *s)
{
	__builtin_prefetch(s->more);
	if (s->older)
		__builtin_prefetch(&ds_table_at(t, s->older)->newer, 1);
	if (s->newer)
		__builtin_prefetch(&ds_table_at(t, s->newer)->older, 1);
}

void ds_table_touch(struct ds_table *t, struct ds_slot *s, ds_time now)
{
	t->latest = ds_second_of(now);
	s->seen_at = ds_second_of(now);
	if (s->newer) {
		uint32_t id = ds_table_id(t, s);

		list_remove(t, s);
		list_append(t, s, id);
	}
}

bool ds_table_show(struct ds_table *t, struct ds_slot *s)
{
	uint32_t id = ds_table_id(t, s), entry;
	bool taken;

	if (t->cfg->peer_address == DS_PEER_STABLE && !same(&s->other, &s->remote)) {
		s->other = s->remote;
		ds_table_changed(t, id);
	}
	entry = find_entry(t, &s->remote);
	taken = entry && entry / 2 != id;
	if (entry)
		hide_entry(t, entry);
	if (taken)
		s->flags |= DS_SLOT_TAKEN;
	s->flags |= DS_SLOT_VISIBLE;
	ds_index_insert(&t->by_addr, id * 2);
	place(t, s, id);
	return taken;
}

void ds_table_reappear(struct ds_table *t, struct ds_slot *s, const struct ds_packed_addr *other)
{
	uint32_t id = ds_table_id(t, s);

	if (t->cfg->peer_address == DS_PEER_STABLE)
		s->other = *other;
	if (!s->remote.family || find_entry(t, entry_addr(t, id * 2)))
		return;
	s->flags |= DS_SLOT_VISIBLE;
	ds_index_insert(&t->by_addr, id * 2);
}

void ds_table_move(struct ds_table *t, struct ds_slot *s, const struct ds_path *path)
{
	bool stable = t->cfg->peer_address == DS_PEER_STABLE;
	uint32_t id = ds_table_id(t, s), scope = s->scope;

	if (!stable) {
		uint8_t flags = s->flags & (DS_SLOT_VISIBLE | DS_SLOT_TAKEN | DS_SLOT_UNPROVEN);

		hide(t, s);
		s->other = s->remote;
		if (flags == DS_SLOT_VISIBLE) { /* found by it until now, and rightly */
			s->flags |= DS_SLOT_ALIAS;
			ds_index_insert(&t->by_addr, id * 2 + 1);
		}
	}
	s->flags &= (uint8_t)~DS_SLOT_TAKEN;
	s->remote = pack(&path->remote);
	s->scope = path->remote.scope;
	if (ds_slot_set_local(s, &path->local) || s->scope != scope)
		ds_table_moved(t, id);
}

void ds_slot_path(const struct ds_table *t, const struct ds_slot *s, struct ds_path *out)
{
	static const uint8_t none[16];

	memset(out, 0, sizeof(*out));
	out->remote = unpack(&s->remote, s->scope);
	memcpy(out->local.ip, s->local, sizeof(s->local));
	out->local.family = memcmp(s->local, none, sizeof(none)) ? s->remote.family : 0;
	out->local.port = t->port;
	out->local.scope = out->remote.scope;
}

void ds_slot_peer(const struct ds_table *t, const struct ds_slot *s, struct ds_addr *out)
{
	bool stable = t->cfg->peer_address == DS_PEER_STABLE;

	*out = unpack(stable ? &s->other : &s->remote, s->scope);
}

bool ds_slot_is_remote(const struct ds_slot *s, const struct ds_addr *a)
{
	struct ds_packed_addr p = pack(a);

	return same(&s->remote, &p);
}
