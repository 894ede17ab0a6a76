/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - the format of a state file: header, images, parked lines
 *
 * Everything is sealed with AES-256-GCM with a random nonce, under a key of its own file and session
 * (store_key.h).  The associated data say what a piece is and where it belongs:
 *
 *	"dtlsshim" | version 4 | kind 4 | number 4 | file id 16 | own id 8
 *
 * so that no piece can be taken for another, be in another's place or in another file.  Numbers are
 * little endian.  docs/state.md has the tables.
 *
 * Version 1 differs in its keys only, so a file may have pieces of both, until its sessions were taken
 * back and written anew.
 */
#include "core/store.h"

#include <string.h>

#include "core/store_key.h"
#include "core/wipe.h"

#define NONCE	 12
#define TAG	 16
#define AAD	 44
#define MAGIC	 "dtlsshim state\n" /* and its end: 16 bytes */
#define SEAL_LEN (NONCE + TAG)

/* header: magic 16, version 4, size of an image 4, nonce, tag, sealed */
#define HEADER_CLEAR  24
#define HEADER_SEALED (DS_STORE_HEADER - HEADER_CLEAR - SEAL_LEN)
/* image: id 8, nonce, tag, sealed */
#define IMAGE_CLEAR  8
#define IMAGE_SEALED (DS_STORE_IMAGE - IMAGE_CLEAR - SEAL_LEN)
/* block of parked lines: nonce, tag, zeros, sealed */
#define BLOCK_CLEAR  (DS_STORE_BLOCK - BLOCK_SEALED)
#define BLOCK_SEALED (DS_STORE_PARKED * DS_STORE_LINE)

enum kind { KIND_HEADER = 1, KIND_IMAGE, KIND_BLOCK };

static const struct ds_suite cipher = {.alg = DS_AES_GCM, .key_len = DS_STORE_KEY, .tag_len = TAG};

struct ds_store {
	struct ds_config cfg;
	struct ds_aead aead;
	struct ds_store_keys keys;
	void *memory; /* in which an expanded key lies while it is used, aligned */
	size_t size;
	void *key;
	uint8_t file_id[16];
	struct ds_store *older; /* with the key before; NULL = there is none */
};

#define ALIGN 64 /* bytes, of an expanded key */

/* Numbers at a place that moves on */

static void put(uint8_t **p, uint64_t v, unsigned bytes)
{
	for (; bytes; bytes--, v >>= 8)
		*(*p)++ = (uint8_t)v;
}

static void put_bytes(uint8_t **p, const void *from, size_t len)
{
	if (len)
		memcpy(*p, from, len);
	*p += len;
}

static uint64_t get(const uint8_t **p, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t) * (*p)++ << 8 * i;
	return v;
}

static void get_bytes(const uint8_t **p, void *to, size_t len)
{
	memcpy(to, *p, len);
	*p += len;
}

/* Sealing */

int ds_store_new(struct ds_store **out, const struct ds_config *cfg,
		 const uint8_t key[static DS_STORE_KEY])
{
	struct ds_store *st = cfg->alloc(cfg->ctx, sizeof(*st));

	if (!st)
		return DS_E_NOMEM;
	st->cfg = *cfg;
	st->older = NULL;
	if (ds_aead_setup(&st->aead, &st->cfg)) {
		cfg->release(cfg->ctx, st, sizeof(*st));
		return DS_E_NOMEM;
	}
	st->size = st->aead.ops->key_size(&cipher) + ALIGN;
	st->memory = cfg->alloc(cfg->ctx, st->size);
	if (!st->memory) {
		ds_aead_fini(&st->aead);
		cfg->release(cfg->ctx, st, sizeof(*st));
		return DS_E_NOMEM;
	}
	st->key = (void *)(((uintptr_t)st->memory + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
	ds_store_keys_init(&st->keys, key);
	*out = st;
	return 0;
}

void ds_store_free(struct ds_store *st)
{
	struct ds_config cfg;

	if (!st)
		return;
	ds_store_free(st->older);
	cfg = st->cfg;
	ds_store_keys_fini(&st->keys);
	cfg.release(cfg.ctx, st->memory, st->size);
	ds_aead_fini(&st->aead);
	ds_wipe(st, sizeof(*st));
	cfg.release(cfg.ctx, st, sizeof(*st));
}

/* A sealed piece, as its associated data describe it: see the top. */
struct piece {
	enum kind kind;
	uint32_t number;
	const uint8_t *file_id; /* 16 bytes, or NULL: the header, which is where it comes from */
	uint64_t id;
};

static const uint8_t no_file[16];

static void make_aad(const struct piece *w, unsigned version, uint8_t aad[static AAD])
{
	uint8_t *p = aad;

	put_bytes(&p, MAGIC, 8);
	put(&p, version, 4);
	put(&p, w->kind, 4);
	put(&p, w->number, 4);
	put_bytes(&p, w->file_id ? w->file_id : no_file, 16);
	put(&p, w->id, 8);
}

/* Puts the key of a piece to st->key, expanded, to be wiped when it was used. */
static int expand_key(struct ds_store *st, const struct piece *w, unsigned version)
{
	uint8_t key[DS_STORE_KEY];
	int err = ds_store_keys_make(&st->keys, version, w->file_id ? w->file_id : no_file, w->id,
				     key);

	if (!err)
		err = st->aead.ops->expand(&st->aead, &cipher, key, st->key);
	ds_wipe(key, sizeof(key));
	return err;
}

/* @len bytes at @data, in place; nonce and tag go to @head. */
static int seal(struct ds_store *st, const struct piece *w, uint8_t head[static SEAL_LEN],
		uint8_t *data, size_t len)
{
	uint8_t aad[AAD];
	const struct ds_aead_op op = {head, aad, AAD, data, len, data};
	int err;

	make_aad(w, DS_STORE_VERSION, aad);
	if (st->cfg.random(st->cfg.ctx, head, NONCE))
		return DS_E_RANDOM;
	err = expand_key(st, w, DS_STORE_VERSION);
	if (err)
		return err;
	err = st->aead.ops->seal(&st->aead, &cipher, st->key, &op, head + NONCE);
	st->aead.ops->wipe(&cipher, st->key);
	return err;
}

static bool unseal_version(struct ds_store *st, const struct piece *w, unsigned version,
			   const uint8_t head[static SEAL_LEN], const uint8_t *in, size_t len,
			   uint8_t *out)
{
	uint8_t aad[AAD];
	const struct ds_aead_op op = {head, aad, AAD, in, len, out};
	bool ok;

	make_aad(w, version, aad);
	if (expand_key(st, w, version))
		return false;
	ok = st->aead.ops->open(&st->aead, &cipher, st->key, &op, head + NONCE) == 0;
	st->aead.ops->wipe(&cipher, st->key);
	return ok;
}

/* Of this version or, @old, the one before. */
static bool unseal(struct ds_store *st, const struct piece *w, const uint8_t head[static SEAL_LEN],
		   const uint8_t *in, size_t len, uint8_t *out, bool *old)
{
	*old = !unseal_version(st, w, DS_STORE_VERSION, head, in, len, out);
	return !*old || unseal_version(st, w, 1, head, in, len, out);
}

/* Under whichever key: the one that seals, or, @old, one before. */
static bool unseal_any(struct ds_store *st, const struct piece *w,
		       const uint8_t head[static SEAL_LEN], const uint8_t *in, size_t len,
		       uint8_t *out, bool *old)
{
	struct ds_store *with = st;

	while (with && !unseal(with, w, head, in, len, out, old))
		with = with->older;
	*old |= with != st;
	return with;
}

/* The header */

/* The same for a header, which says of which version it is. */
static bool unseal_header(struct ds_store *st, const struct piece *w, unsigned version,
			  const uint8_t *head, size_t len, uint8_t *out)
{
	while (st && !unseal_version(st, w, version, head, head + SEAL_LEN, len, out))
		st = st->older;
	return st;
}

static void put_addr(uint8_t **p, const struct ds_addr *a)
{
	put_bytes(p, a->ip, 16);
	put(p, a->scope, 4);
	put(p, a->port, 2);
	put(p, a->family, 1);
}

static void get_addr(const uint8_t **p, struct ds_addr *a)
{
	get_bytes(p, a->ip, 16);
	a->scope = (uint32_t)get(p, 4);
	a->port = (uint16_t)get(p, 2);
	a->family = (uint8_t)get(p, 1);
	a->zero = 0;
}

int ds_store_header_seal(struct ds_store *st, const struct ds_store_header *h,
			 uint8_t out[static DS_STORE_HEADER])
{
	struct piece what = {.kind = KIND_HEADER};
	uint8_t *p = out;
	int err;

	memset(out, 0, DS_STORE_HEADER);
	put_bytes(&p, MAGIC, 16);
	put(&p, DS_STORE_VERSION, 4);
	put(&p, DS_STORE_IMAGE, 4);
	p += SEAL_LEN;
	put_bytes(&p, h->file_id, 16);
	put_bytes(&p, h->machine, 16);
	put_bytes(&p, h->parked_id, 16);
	put_addr(&p, &h->endpoint);
	put(&p, (uint64_t)h->wall, 8);
	put(&p, h->parked_at, 8);
	put(&p, h->parked_ino, 8);
	put(&p, h->slots, 4);
	put(&p, h->parked, 4);
	put_bytes(&p, h->lines_id, 16);
	put(&p, h->file_dev, 8);
	put(&p, h->file_ino, 8);
	put(&p, h->lines_dev, 8);
	put(&p, h->lines_ino, 8);
	err = seal(st, &what, out + HEADER_CLEAR, out + HEADER_CLEAR + SEAL_LEN, HEADER_SEALED);
	if (err)
		memset(out, 0, DS_STORE_HEADER);
	else
		memcpy(st->file_id, h->file_id, sizeof(st->file_id));
	return err;
}

enum ds_store_verdict ds_store_header_open(struct ds_store *st,
					   const uint8_t in[static DS_STORE_HEADER],
					   struct ds_store_header *out)
{
	struct piece what = {.kind = KIND_HEADER};
	const uint8_t *p = in + 16;
	uint8_t plain[HEADER_SEALED];
	uint64_t version;

	memset(out, 0, sizeof(*out));
	if (memcmp(in, MAGIC, 16) != 0)
		return DS_STORE_FOREIGN;
	version = get(&p, 4);
	if ((version != 1 && version != DS_STORE_VERSION) || get(&p, 4) != DS_STORE_IMAGE)
		return DS_STORE_VERSION_UNKNOWN;
	if (!unseal_header(st, &what, (unsigned)version, p, sizeof(plain), plain))
		return DS_STORE_UNREADABLE;
	p = plain;
	get_bytes(&p, out->file_id, 16);
	get_bytes(&p, out->machine, 16);
	get_bytes(&p, out->parked_id, 16);
	get_addr(&p, &out->endpoint);
	out->wall = (int64_t)get(&p, 8);
	out->parked_at = get(&p, 8);
	out->parked_ino = get(&p, 8);
	out->slots = (uint32_t)get(&p, 4);
	out->parked = (uint32_t)get(&p, 4);
	get_bytes(&p, out->lines_id, 16);
	out->file_dev = get(&p, 8);
	out->file_ino = get(&p, 8);
	out->lines_dev = get(&p, 8);
	out->lines_ino = get(&p, 8);
	memcpy(st->file_id, out->file_id, sizeof(st->file_id));
	return DS_STORE_OK;
}

/* The key before */

void ds_store_opens_too(struct ds_store *st, struct ds_store *older)
{
	while (st->older)
		st = st->older;
	st->older = older;
}

/* Parked lines: their associated data name the parking, so that no two can be mixed. */

static struct piece block_piece(const struct ds_store_header *h, uint32_t block)
{
	return (struct piece){.kind = KIND_BLOCK, .number = block, .file_id = h->parked_id};
}

int ds_store_park(struct ds_store *st, const struct ds_store_header *h, uint32_t block,
		  const uint8_t lines[static DS_STORE_PARKED * DS_STORE_LINE],
		  uint8_t out[static DS_STORE_BLOCK])
{
	struct piece what = block_piece(h, block);

	int err;

	memset(out, 0, BLOCK_CLEAR);
	memcpy(out + BLOCK_CLEAR, lines, BLOCK_SEALED);
	err = seal(st, &what, out, out + BLOCK_CLEAR, BLOCK_SEALED);
	if (err)
		memset(out, 0, DS_STORE_BLOCK);
	return err;
}

bool ds_store_unpark(struct ds_store *st, const struct ds_store_header *h, uint32_t block,
		     const uint8_t in[static DS_STORE_BLOCK],
		     uint8_t lines[static DS_STORE_PARKED * DS_STORE_LINE])
{
	struct piece what = block_piece(h, block);
	bool old;

	if (unseal_any(st, &what, in, in + BLOCK_CLEAR, BLOCK_SEALED, lines, &old))
		return true;
	memset(lines, 0, BLOCK_SEALED);
	return false;
}

/* Images.  The flags are those of the session that never change. */

#define IMAGE_FLAGS (DS_SLOT_RX_CID | DS_SLOT_CLIENT)
#define BY_CERT	    1
#define HAS_RRC	    2
#define TIME_MAX    (1ULL << 62) /* seconds, either way: such times can be added and subtracted */
#define IMAGE_ENDS  5		 /* bytes of a second of the wall clock */

static void put_packed(uint8_t **p, const struct ds_packed_addr *a)
{
	put_bytes(p, a->ip, 16);
	put(p, a->port, 2);
	put(p, a->family, 1);
}

static void get_packed(const uint8_t **p, struct ds_packed_addr *a)
{
	get_bytes(p, a->ip, 16);
	a->port = (uint16_t)get(p, 2);
	a->family = (uint8_t)get(p, 1);
	a->zero = 0;
}

/* Fields of fixed size: a file says nothing about the length of an identity. */
static void put_padded(uint8_t **p, const void *from, size_t len, size_t size)
{
	put_bytes(p, from, len);
	*p += size - len;
}

int ds_image_seal(struct ds_store *st, const struct ds_table *t, const struct ds_slot *s,
		  uint32_t slot, uint64_t id, int64_t wall, uint8_t out[static DS_STORE_IMAGE])
{
	struct piece what = {.kind = KIND_IMAGE, .number = slot, .file_id = st->file_id, .id = id};
	const struct ds_slot_more *m = s->more;
	const struct ds_slot_cert *cert = ds_slot_cert(s);
	const struct ds_suite *suite = ds_suite_find(s->suite);
	bool rx_cid = s->flags & DS_SLOT_RX_CID;
	uint8_t *p = out;
	int err;

	memset(out, 0, DS_STORE_IMAGE);
	put(&p, id, 8);
	p += SEAL_LEN;
	put(&p, s->suite, 2);
	put(&p, s->flags & IMAGE_FLAGS, 1);
	put(&p, (m->by_cert ? BY_CERT : 0U) | (m->rrc ? HAS_RRC : 0U), 1);
	put(&p, rx_cid ? t->cfg->cid_length : 0U, 1);
	put(&p, m->peer_cid_len, 1);
	put(&p, m->identity_len, 1);
	put(&p, m->payload_max, 2);
	put(&p, (uint64_t)((int64_t)m->born_at + wall), 8);
	put(&p, t->port, 2);
	put_bytes(&p, s->local, 16);
	put(&p, s->scope, 4);
	put_packed(&p, &s->other);
	put_padded(&p, ds_slot_block(s), ds_key_block_len(suite), DS_KEY_BLOCK_MAX);
	put_padded(&p, s->cid, rx_cid ? t->cfg->cid_length : 0U, DS_CID_MAX);
	put_padded(&p, ds_slot_peer_cid(s), m->peer_cid_len, DS_CID_MAX);
	put_padded(&p, m->bytes, m->identity_len, DS_IDENTITY_MAX);
	if (cert) {
		put(&p, cert->ends_at ? (uint64_t)((int64_t)cert->ends_at + wall) : 0, IMAGE_ENDS);
		put_bytes(&p, cert->serial, DS_SERIAL_TAG);
	}
	err = seal(st, &what, out + IMAGE_CLEAR, out + IMAGE_CLEAR + SEAL_LEN, IMAGE_SEALED);
	if (err)
		memset(out, 0,
		       DS_STORE_IMAGE); /* a plain key may not stay where an image is expected */
	return err;
}

uint64_t ds_image_id(const uint8_t image[static DS_STORE_IMAGE])
{
	return get(&image, 8);
}

bool ds_store_image_used(const uint8_t image[static DS_STORE_IMAGE])
{
	return ds_image_id(image) != 0;
}

/* Views of an opened image; false if a length is not possible. */
static bool parse(const uint8_t *p, struct ds_image *o)
{
	struct ds_new_session *ns = &o->ns;
	uint8_t flags, kind;

	ns->suite = ds_suite_find((uint16_t)get(&p, 2));
	flags = (uint8_t)get(&p, 1);
	kind = (uint8_t)get(&p, 1);
	o->cid_len = (uint8_t)get(&p, 1);
	ns->peer_cid_len = (uint8_t)get(&p, 1);
	ns->identity_len = (uint8_t)get(&p, 1);
	ns->payload_max = (uint16_t)get(&p, 2);
	o->created = get(&p, 8);
	ns->path.local.port = (uint16_t)get(&p, 2);
	get_bytes(&p, ns->path.local.ip, 16);
	ns->path.local.family = 4; /* all zero is none, whatever the family */
	ns->path.remote.scope = (uint32_t)get(&p, 4);
	get_packed(&p, &o->other);
	ns->block = p;
	ns->cid = ns->block + DS_KEY_BLOCK_MAX;
	ns->peer_cid = ns->cid + DS_CID_MAX;
	ns->identity = ns->peer_cid + DS_CID_MAX;
	p = ns->identity + DS_IDENTITY_MAX;
	o->ends = get(&p, IMAGE_ENDS);
	get_bytes(&p, ns->cert.serial, DS_SERIAL_TAG);
	ns->rx_cid = flags & DS_SLOT_RX_CID;
	ns->client = flags & DS_SLOT_CLIENT;
	ns->by_cert = kind & BY_CERT;
	ns->rrc = kind & HAS_RRC;
	return ns->suite && ns->peer_cid_len <= DS_CID_MAX && ns->identity_len <= DS_IDENTITY_MAX &&
	       ns->payload_max <= DS_PAYLOAD_MAX && o->cid_len <= DS_CID_MAX &&
	       o->created + TIME_MAX <= 2 * TIME_MAX;
}

bool ds_image_open(struct ds_store *st, const uint8_t in[static DS_STORE_IMAGE], uint32_t slot,
		   struct ds_image *out)
{
	struct piece what = {
		.kind = KIND_IMAGE, .number = slot, .file_id = st->file_id, .id = ds_image_id(in)};

	memset(out, 0, sizeof(*out));
	return unseal_any(st, &what, in + IMAGE_CLEAR, in + IMAGE_CLEAR + SEAL_LEN, IMAGE_SEALED,
			  out->plain, &out->old) &&
	       parse(out->plain, out);
}

static_assert(9 + 8 + 2 + 16 + 4 + 19 + DS_KEY_BLOCK_MAX + 2 * DS_CID_MAX + DS_IDENTITY_MAX +
			      IMAGE_ENDS + DS_SERIAL_TAG <=
		      IMAGE_SEALED,
	      "an image holds the largest session");
static_assert(4 * 16 + 23 + 3 * 8 + 2 * 4 <= HEADER_SEALED, "a header holds its fields");

/* Hot lines */

static uint64_t where_of(const struct ds_slot *s, uint8_t family)
{
	return s->remote.port | (uint64_t)family << 16 | (uint64_t)s->flags << 24 |
	       (uint64_t)s->seen_at << 32;
}

void ds_hot_place(struct ds_hot *hot, const struct ds_slot *s)
{
	if (memcmp(hot->ip, s->remote.ip, sizeof(hot->ip)) != 0) {
		ds_hot_set(&hot->where, where_of(s, 0)); /* half an address is none */
		atomic_signal_fence(memory_order_seq_cst);
		memcpy(hot->ip, s->remote.ip, sizeof(hot->ip));
	}
	ds_hot_set(&hot->where, where_of(s, s->remote.family));
}

void ds_hot_begin(struct ds_hot *hot, const struct ds_slot *s, uint64_t id)
{
	ds_hot_set(&hot->id, 0);
	ds_hot_set(&hot->tx_seq, s->tx_seq);
	ds_hot_accepted(hot, &s->rx, s->rx_count);
	ds_hot_set(&hot->failures, s->failures);
	ds_hot_place(hot, s);
	ds_hot_set(&hot->id, id);
}

bool ds_hot_read(struct ds_hot *hot, struct ds_slot *s)
{
	uint64_t where = ds_hot_get(&hot->where);

	s->tx_seq = ds_hot_get(&hot->tx_seq);
	s->rx.top = ds_hot_get(&hot->rx_top);
	s->rx.seen = ds_hot_get(&hot->rx_seen);
	s->rx_count = ds_hot_get(&hot->rx_count);
	s->failures = ds_hot_get(&hot->failures);
	memcpy(s->remote.ip, hot->ip, sizeof(hot->ip));
	s->remote.port = (uint16_t)where;
	s->remote.family = (uint8_t)(where >> 16);
	s->flags = (uint8_t)(where >> 24);
	s->seen_at = (uint32_t)(where >> 32);
	return s->tx_seq > DS_LINGER_SEQS && s->tx_seq <= DS_SEQ_MAX &&
	       s->rx.top <= DS_SEQ_MAX + 1 &&
	       (s->remote.family == 0 || s->remote.family == 4 || s->remote.family == 6);
}
