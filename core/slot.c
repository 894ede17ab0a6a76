/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slot.c - the part of a session that varies in length, and small questions about a slot
 */
#include <string.h>

#include "core/migrated.h"
#include "core/session.h"
#include "core/wipe.h"

/* Offset of struct ds_slot_cert, which only a session of a certificate has. */
static size_t cert_offset(const struct ds_slot_more *m)
{
	size_t end = offsetof(struct ds_slot_more, bytes) + m->identity_len + m->peer_cid_len +
		     m->keys_len;

	return (end + 3) & ~(size_t)3;
}

/* Offset of struct ds_slot_client, which only a client's session has. */
static size_t client_offset(const struct ds_slot_more *m)
{
	return cert_offset(m) + (m->by_cert ? sizeof(struct ds_slot_cert) : 0);
}

/* Offset of struct ds_slot_rrc, which is a pointer. */
static size_t rrc_offset(const struct ds_slot_more *m)
{
	size_t end = client_offset(m) + (m->client ? sizeof(struct ds_slot_client) : 0);

	return (end + 7) & ~(size_t)7;
}

static size_t more_size(const struct ds_slot_more *m)
{
	if (m->rrc)
		return rrc_offset(m) + sizeof(struct ds_slot_rrc);
	if (!m->client && !m->by_cert)
		return sizeof(*m) + m->identity_len + m->peer_cid_len + m->keys_len;
	return client_offset(m) + (m->client ? sizeof(struct ds_slot_client) : 0);
}

static struct ds_slot_cert *cert_of(struct ds_slot_more *m)
{
	return m->by_cert ? (struct ds_slot_cert *)(void *)((char *)m + cert_offset(m)) : NULL;
}

struct ds_slot_more *ds_slot_more_new(const struct ds_config *cfg, const struct ds_new_session *ns)
{
	size_t block = ds_key_block_len(ns->suite);
	struct ds_slot_more head = {
		.identity_len = ns->identity_len,
		.peer_cid_len = ns->peer_cid_len,
		.keys_len = block > sizeof(((struct ds_slot *)0)->keys) ? (uint8_t)block : 0,
		.by_cert = ns->by_cert,
		.client = ns->client,
		.rrc = ns->rrc,
		.payload_max = ns->payload_max,
	};
	struct ds_slot_more *m = cfg->alloc(cfg->ctx, more_size(&head));

	if (!m)
		return NULL;
	*m = head;
	if (head.identity_len)
		memcpy(m->bytes, ns->identity, head.identity_len);
	if (head.peer_cid_len)
		memcpy(m->bytes + head.identity_len, ns->peer_cid, head.peer_cid_len);
	memcpy(m->bytes + head.identity_len + head.peer_cid_len, ns->block, head.keys_len);
	if (head.by_cert)
		*cert_of(m) = ns->cert;
	return m;
}

void ds_slot_more_free(const struct ds_config *cfg, struct ds_slot_more *m)
{
	size_t size = more_size(m);

	ds_wipe(m, size);
	cfg->release(cfg->ctx, m, size);
}

struct ds_slot_cert *ds_slot_cert(const struct ds_slot *s)
{
	return cert_of(s->more);
}

struct ds_slot_client *ds_slot_client(const struct ds_slot *s)
{
	char *m = (char *)s->more;

	return s->more->client ? (struct ds_slot_client *)(void *)(m + client_offset(s->more))
			       : NULL;
}

struct ds_slot_rrc *ds_slot_rrc(const struct ds_slot *s)
{
	char *m = (char *)s->more;

	return s->more->rrc ? (struct ds_slot_rrc *)(void *)(m + rrc_offset(s->more)) : NULL;
}

const uint8_t *ds_slot_block(const struct ds_slot *s)
{
	const struct ds_slot_more *m = s->more;

	return m->keys_len ? m->bytes + m->identity_len + m->peer_cid_len : s->keys;
}

bool ds_slot_set_local(struct ds_slot *s, const struct ds_addr *local)
{
	static const uint8_t none[16];
	const uint8_t *ip = local->family ? local->ip : none;
	bool changed = memcmp(s->local, ip, sizeof(s->local)) != 0;

	memcpy(s->local, ip, sizeof(s->local));
	return changed;
}

void ds_table_note(const struct ds_table *t, const struct ds_slot *s)
{
	if (!t->migrated)
		return;
	ds_migrated_note(t->migrated, s->remote.family, s->remote.ip);
	ds_migrated_note(t->migrated, s->other.family, s->other.ip);
}

int64_t ds_slot_seen(const struct ds_slot *s)
{
	return ((int64_t)s->seen_at - DS_SECOND_ZERO) * (int64_t)DS_SECOND;
}
