/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_plaintext.c - datagrams that are no DTLS, and what may be answered to them
 *
 * A fleet moves from plaintext to DTLS on one port, device by device, so for a while both may have to
 * come in there.  The rule is made for those that have moved: where there ever was a session nothing is
 * taken in clear any more, and nothing is sent there in clear.  So who forges the source address of a
 * device that has a session gets it no answer in clear, and a late answer of the application to a
 * session that ended or went elsewhere meets EPERM, as it does without this rule.
 *
 * An address is an IP address without its port, because a device has another port after each start,
 * and who wanted a device to fall back would only have to make it start.  The price is paid by devices
 * behind one NAT: the first of them that moves takes the plaintext of the others away.
 *
 * Nothing of a plaintext datagram is proven, its source address neither.  So what it makes us remember
 * has a fixed size, and what it makes us log is a line a network (IPv4 /24, IPv6 /48) a minute.
 */
#include "core/engine_impl.h"
#include "core/migrated.h"

#define NETS	   1024U /* networks whose last line is remembered */
#define LINE_PAUSE 60U	 /* seconds between two lines about a network */

struct ds_plaintext_net {
	uint64_t key;
	uint32_t due;	    /* second of the next line */
	uint32_t datagrams; /* since the last one */
};

int ds_engine_plaintext(struct ds_engine *e, enum ds_plaintext rule, uint64_t *migrated)
{
	int err = migrated ? ds_migrated_begin(migrated, &e->cfg) : 0;

	e->plaintext = DS_PLAINTEXT_DENY;
	if (err)
		return err;
	e->table.migrated = migrated;
	if (migrated && e->cfg.role == DS_SERVER)
		e->plaintext = rule;
	return 0;
}

static bool is_migrated(const struct ds_engine *e, const struct ds_addr *a)
{
	return ds_migrated_has(e->table.migrated, a->family, a->ip);
}

void ds_engine_note(struct ds_engine *e, const struct ds_addr *from)
{
	if (e->table.migrated)
		ds_migrated_note(e->table.migrated, from->family, from->ip);
}

/* What the rule says to plaintext from there. */
static enum ds_reason judge(const struct ds_engine *e, const struct ds_addr *from)
{
	if (e->plaintext != DS_PLAINTEXT_ALLOW)
		return DS_REASON_PLAINTEXT_DENIED;
	return is_migrated(e, from) ? DS_REASON_PLAINTEXT_MIGRATED : DS_REASON_PLAINTEXT_ALLOWED;
}

/* Makes the event of a datagram, unless its network had one of this kind within the minute. */
static void tell(struct ds_engine *e, const struct ds_path *path, enum ds_reason reason,
		 ds_time now)
{
	uint64_t key =
		ds_bucket_key(&e->buckets, DS_BUCKET_PLAINTEXT, reason, &path->remote, DS_NET_SITE);
	uint32_t second = ds_second_of(now);
	struct ds_plaintext_net *n;
	struct ds_event *ev;

	if (!e->plaintext_nets)
		e->plaintext_nets = e->cfg.alloc(e->cfg.ctx, NETS * sizeof(*n));
	if (!e->plaintext_nets)
		return;
	n = &e->plaintext_nets[key % NETS];
	if (n->key != key)
		*n = (struct ds_plaintext_net){.key = key};
	n->datagrams++;
	if (second < n->due || e->event_count + DS_EVENTS_RESERVE > DS_EVENTS)
		return;
	ev = ds_engine_push_event(e, DS_EVENT_PLAINTEXT, reason);
	ev->info.path = *path;
	ev->info.peer = path->remote;
	ev->datagrams = n->datagrams;
	n->datagrams = 0;
	n->due = second + LINE_PAUSE;
}

void ds_engine_plaintext_fini(struct ds_engine *e)
{
	ds_clear_fini(&e->clear);
	if (e->plaintext_nets)
		e->cfg.release(e->cfg.ctx, e->plaintext_nets, NETS * sizeof(*e->plaintext_nets));
}

enum ds_verdict ds_engine_plaintext_input(struct ds_engine *e, struct ds_input *in,
					  struct ds_message *msg, ds_time now)
{
	enum ds_reason reason = judge(e, &in->path.remote);

	in->next = in->len;
	if (in->len > DS_PAYLOAD_MAX) { /* longer than any message */
		e->stats.drop_length++;
		return DS_DONE;
	}
	tell(e, &in->path, reason, now);
	if (reason != DS_REASON_PLAINTEXT_ALLOWED) {
		if (reason == DS_REASON_PLAINTEXT_MIGRATED)
			e->stats.drop_plaintext_migrated++;
		else
			e->stats.drop_plaintext++;
		return DS_DONE;
	}
	*msg = (struct ds_message){.clear = ds_clear_heard(&e->clear, &in->path, now),
				   .peer = in->path.remote,
				   .data = in->data,
				   .len = in->len};
	if (!msg->clear) {
		e->stats.drop_busy++;
		return DS_DONE;
	}
	e->stats.rx_plaintext++;
	return DS_MESSAGE;
}

/* An application that heard plaintext from an address, forged perhaps, may ask for the identity there, and
 * answers there.  It must not take the one for that of the session which just came, and the peer of the
 * session not the other for its own. */
uint8_t ds_engine_vacated(const struct ds_engine *e, const struct ds_slot *s,
			  const struct ds_addr *a, uint32_t second)
{
	uint32_t hold = (uint32_t)(e->cfg.replies / DS_SECOND), ago;
	uint8_t vacated = ds_table_vacated(&e->table, s, a, second);
	const struct ds_clear_peer *p = ds_clear_find(&e->clear, a, 0); /* however old */

	if (!p || !hold)
		return vacated;
	ago = second - ds_second_of(p->seen);
	if (ago > hold || hold + 1 - ago <= vacated)
		return vacated;
	return (uint8_t)(hold + 1 - ago < UINT8_MAX ? hold + 1 - ago : UINT8_MAX);
}

bool ds_engine_clear(struct ds_engine *e, const struct ds_addr *peer, struct ds_path *path,
		     ds_time now)
{
	const struct ds_clear_peer *p;

	if (e->plaintext != DS_PLAINTEXT_ALLOW)
		return false;
	p = ds_clear_find(&e->clear, peer, now);
	if (!p)
		return false;
	if (is_migrated(e, peer)) { /* since it asked */
		e->stats.drop_clear_answer++;
		return false;
	}
	*path = p->path;
	e->stats.tx_plaintext++;
	return true;
}
