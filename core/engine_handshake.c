/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_handshake.c - handshakes, jobs, the new session
 *
 * A handshake runs beside the session that its address may already have.  That session is touched
 * only when the new Finished has verified (RFC 6347, 4.2.8): before, anybody could have sent the
 * hello, and could end other peers' sessions with it.
 *
 * A step may take milliseconds, so it runs without the engine's lock, and a handshake has a part
 * that the job's thread owns meanwhile (handshake.h).  Everything here asks ->busy before it looks
 * there.  A handshake that has to go while its job is out is marked dead and freed when the job
 * comes back.
 *
 * Handshakes are bounded in number.  At the limit a network that has a crowd of them gives one up,
 * so that a flood from one place displaces itself.  Where there is no crowd, because a flood comes from
 * everywhere, a hello without curves displaces one with them, and else only handshakes whose peers had
 * ANSWER_TIME to answer: if hellos displaced each other at once, a peer with a slow network would never
 * get in.  Which one goes is a random draw, so nobody can foresee it.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/store.h"

#define CID_TRIES     64
#define CID_EVICTIONS 16   /* handshakes given up for a CID */
#define GROUP_SEARCH  256  /* lingering handshakes looked at for one of a group */
#define DRAW_SEARCH   4096 /* places looked at from the one that was drawn */
#define CROWD_SHARE   16   /* a network with one in so many of all handshakes is a crowd */
#define ANSWER_TIME   (5 * DS_SECOND / 2)
#define HELD_MAX      (16U << 20) /* bytes of records that wait in handshakes */
#define HELD_LITTLE   4096 /* a quarter of them is for handshakes that hold no more than this */

/* Lists */

static void unindex(struct ds_engine *e, struct ds_handshake *h)
{
	if (h->indexed)
		ds_index_remove(&e->hs_by_addr, h->id);
	if (h->cid_indexed)
		ds_index_remove(&e->hs_by_cid, h->id);
	h->indexed = h->cid_indexed = false;
}

static void forget(struct ds_engine *e, struct ds_handshake *h)
{
	e->free_ids[e->n_free++] = h->id;
	e->handshakes[h->id] = NULL;
	e->n_handshakes--;
	ds_handshake_free(h);
}

/* All handshakes hold HELD_MAX bytes at most: strangers may fill their queues before a key is known. */
static void count_held(struct ds_engine *e, struct ds_handshake *h, size_t held)
{
	e->held += held - h->held;
	h->held = held;
}

void ds_engine_drop_handshake(struct ds_engine *e, struct ds_handshake *h)
{
	struct ds_slot *s;

	if (!h || h->state == DS_HS_DEAD)
		return;
	ds_engine_no_job(e, h);
	if (h->wants_key)
		TAILQ_REMOVE(&e->lookups, h, in_lookups);
	unindex(e, h);
	if (h->state == DS_HS_LINGERING) {
		s = ds_table_get(&e->table, h->session);
		if (s)
			s->linger = 0;
		TAILQ_REMOVE(&e->lingering, h, order);
	} else {
		TAILQ_REMOVE(&e->running, h, order);
	}
	ds_groups_remove(&e->hs_groups, h->group);
	h->group = 0;
	count_held(e, h, 0);
	h->state = DS_HS_DEAD;
	if (!h->busy)
		forget(e, h);
}

/* The reason for the log.  The peer is not told that nobody knows its identity (engine_keys.c). */
static enum ds_reason true_reason(const struct ds_handshake *h, enum ds_reason reason)
{
	if (!h->pretends || (reason != DS_REASON_PSK_WRONG && reason != DS_REASON_TIMEOUT))
		return reason;
	if (h->denied)
		return DS_REASON_DENIED;
	if (h->unanswered)
		return DS_REASON_KEY_SERVICE;
	return h->crowded ? DS_REASON_CROWDED : DS_REASON_PSK_UNKNOWN;
}

/* A suite in common is of no use where there is no curve for it. */
static enum ds_reason refine(const struct ds_handshake *h, enum ds_reason reason)
{
	return reason == DS_REASON_NO_SUITE && h->offer.common ? DS_REASON_NO_GROUP : reason;
}

/* Adds to @ev what the last step found out. */
static void tell_failure(const struct ds_job *j, enum ds_reason reason, struct ds_event *ev)
{
	const struct ds_tls_keys *keys = ds_tls_keys(j->tls);

	ev->info.suite = keys ? keys->suite->id : 0;
	ev->info.identity_len = (uint8_t)j->identity_len;
	memcpy(ev->info.identity, j->identity, j->identity_len);
	if (reason == j->failure.reason) {
		ev->alert = j->failure.alert;
		ev->detail = j->failure.detail;
	}
}

void ds_engine_advise(const struct ds_engine *e, struct ds_event *ev)
{
	struct ds_own own = ds_tls_config_own(e->tls);

	ev->advice = ds_advise(ev, &own);
}

/* True if the peer can do nothing about it.  Its cookie stays good, so that the repetition of its hello
 * may succeed. */
static bool is_ours(enum ds_reason reason)
{
	return reason == DS_REASON_CROWDED || reason == DS_REASON_EVICTED ||
	       reason == DS_REASON_INTERNAL;
}

void ds_engine_fail(struct ds_engine *e, struct ds_handshake *h, enum ds_reason reason)
{
	enum ds_reason truth = refine(h, true_reason(h, reason));
	struct ds_event *ev = ds_engine_push_event(e, DS_EVENT_FAILED, truth);

	if (truth == DS_REASON_PSK_UNKNOWN)
		e->stats.psk_unknown++;
	ev->info.path = h->path;
	ev->info.peer = h->path.remote;
	ev->offer = h->offer;
	if (!h->busy)
		tell_failure(&h->job, reason, ev);
	ds_engine_advise(e, ev);
	if (!is_ours(reason))
		ds_engine_spend_cookie(e, h);
	ds_engine_drop_handshake(e, h);
}

/* Jobs */

void ds_engine_want_deadline(struct ds_engine *e, const struct ds_handshake *h)
{
	ds_time at = ds_handshake_deadline(h);

	if (at < e->hs_deadline)
		e->hs_deadline = at;
}

bool ds_engine_feed(struct ds_engine *e, struct ds_handshake *h, const uint8_t *record, size_t len)
{
	size_t max = h->held + len > HELD_LITTLE ? HELD_MAX - HELD_MAX / 4 : HELD_MAX;

	if (e->held + len > max || !ds_handshake_input(h, record, len)) {
		e->stats.drop_held++;
		return false;
	}
	count_held(e, h, h->held + len);
	e->stats.rx_handshake++;
	ds_engine_want_job(e, h);
	return true;
}

/* Beginning */

/* A CID nobody has (RFC 9146, 3: the receiver chooses); DS_E_FULL if none was found. */
static int draw_cid(struct ds_engine *e, uint8_t cid[DS_CID_MAX])
{
	size_t len = e->cfg.cid_length;

	if (!len)
		return 0;
	for (int i = 0; i < CID_TRIES; i++) {
		if (e->cfg.random(e->cfg.ctx, cid, len))
			return DS_E_RANDOM;
		if (!ds_table_by_cid(&e->table, cid) && !ds_engine_hs_by_cid(e, cid))
			return 0;
	}
	return DS_E_FULL;
}

/* The oldest lingering handshake of @group (0: of any) whose job is not out, or NULL. */
static struct ds_handshake *lingering_of(const struct ds_engine *e, uint16_t group)
{
	struct ds_handshake *h = TAILQ_FIRST(&e->lingering);

	for (int i = 0; h && i < GROUP_SEARCH; i++, h = TAILQ_NEXT(h, order))
		if (!h->busy && (!group || h->group == group))
			return h;
	return NULL;
}

/* What a running handshake must be to go: of @group (0: of any), of @class or costlier, and at least
 * @age old. */
struct victim {
	uint16_t group;
	enum ds_job_class class;
	ds_time age;
};

/* Its peer has not answered yet, and it is not the next to be computed: that peer waited in vain. */
static bool can_go(const struct ds_engine *e, const struct ds_handshake *h, const struct victim *v,
		   ds_time now)
{
	return h && h->state == DS_HS_RUNNING && !h->busy && h->class != DS_JOB_ANSWERED &&
	       h->class >= v->class && (!v->group || h->group == v->group) &&
	       h->give_up <= now + e->cfg.handshake_timeout - v->age && !ds_engine_is_next(e, h);
}

/* One that can go, drawn at random, or NULL. */
static struct ds_handshake *draw_running(struct ds_engine *e, struct victim v, ds_time now)
{
	uint32_t id = ds_engine_draw(e) % e->n_ids;

	for (uint32_t i = 0; i < e->n_ids && i < DRAW_SEARCH; i++, id = (id + 1) % e->n_ids)
		if (can_go(e, e->handshakes[id], &v, now))
			return e->handshakes[id];
	return NULL;
}

/* The handshake that goes for a new one of @class, or NULL. */
static struct ds_handshake *find_victim(struct ds_engine *e, enum ds_job_class class, ds_time now)
{
	uint16_t group = ds_groups_largest(&e->hs_groups);
	uint32_t members = ds_groups_count(&e->hs_groups, group);
	bool crowd = members > 2 && members >= e->n_ids / CROWD_SHARE;
	ds_time patience = e->cfg.role == DS_SERVER ? ANSWER_TIME : 0;
	struct ds_handshake *h = crowd ? lingering_of(e, group) : NULL;

	if (!h && crowd)
		h = draw_running(e, (struct victim){.group = group}, now);
	if (!h)
		h = lingering_of(e, 0);
	if (!h && class != DS_JOB_COSTLY)
		h = draw_running(e, (struct victim){.class = DS_JOB_COSTLY}, now);
	if (!h)
		h = draw_running(e, (struct victim){.class = class, .age = patience}, now);
	return h;
}

static bool evict(struct ds_engine *e, enum ds_job_class class, ds_time now)
{
	struct ds_handshake *h = find_victim(e, class, now);

	if (!h)
		return false;
	if (h->state == DS_HS_LINGERING) {
		ds_engine_drop_handshake(e, h);
		return true;
	}
	e->stats.handshakes_evicted++;
	ds_engine_fail(e, h, DS_REASON_CROWDED);
	return true;
}

/* A number and a CID for one more handshake; short CIDs can be used up by handshakes. */
static int make_room(struct ds_engine *e, enum ds_job_class class, uint8_t cid[DS_CID_MAX],
		     ds_time now)
{
	int r;

	if (!e->n_free && !evict(e, class, now))
		return DS_E_FULL;
	r = draw_cid(e, cid);
	for (int i = 0; r == DS_E_FULL && i < CID_EVICTIONS && evict(e, class, now); i++)
		r = draw_cid(e, cid);
	return r;
}

int ds_engine_begin(struct ds_engine *e, const struct ds_path *path, enum ds_job_class class,
		    struct ds_handshake **out, ds_time now)
{
	struct ds_handshake *h;
	uint8_t cid[DS_CID_MAX];
	uint32_t id;
	int r = make_room(e, class, cid, now);

	if (r)
		return r;
	id = e->free_ids[e->n_free - 1];
	h = ds_handshake_new(&e->cfg, e->tls, path, cid, (uint64_t)++e->serial << 32 | id);
	*out = h;
	if (!h)
		return DS_E_NOMEM;
	h->group = h->client ? 0 : ds_groups_add(&e->hs_groups, &path->remote);
	e->n_free--;
	e->n_handshakes++;
	e->handshakes[id] = h;
	h->id = id;
	h->class = class;
	h->is_long = class == DS_JOB_COSTLY;
	h->give_up = now + e->cfg.handshake_timeout;
	TAILQ_INSERT_TAIL(&e->running, h, order);
	ds_index_insert(&e->hs_by_addr, id);
	h->indexed = true;
	if (e->cfg.cid_length) {
		ds_index_insert(&e->hs_by_cid, id);
		h->cid_indexed = true;
	}
	e->stats.handshakes_started++;
	ds_engine_want_deadline(e, h);
	ds_engine_want_job(e, h);
	return 0;
}

/* Takes over the datagrams and counts that a job has brought. */
static void collect(struct ds_engine *e, struct ds_handshake *h)
{
	struct ds_job *j = &h->job;
	struct ds_packet *p;

	while ((p = ds_queue_take(&j->out))) {
		p->path = h->path;
		if (e->out.count >= DS_OUT_PACKETS) {
			e->stats.drop_queue++;
			ds_packet_free(&e->cfg, p);
			continue;
		}
		e->stats.tx_handshake++;
		ds_queue_add(&e->out, p);
	}
	e->stats.drop_bad_mac_handshake += j->bad_mac;
	e->stats.drop_held += j->dropped_early;
	j->bad_mac = j->dropped_early = 0;
}

/* The new session */

/* Ends the sessions that @s, made of @ns, replaces; true if one of them was another peer's. */
static bool make_way(struct ds_engine *e, struct ds_slot *s, const struct ds_new_session *ns)
{
	struct ds_slot *old;
	bool others = false;

	while (e->cfg.one_per_identity && !ns->client &&
	       (old = ds_table_by_identity(&e->table, ns->identity, ns->identity_len, ns->by_cert,
					   s))) {
		e->stats.sessions_replaced++;
		ds_engine_end(e, old, DS_REASON_REPLACED, true);
	}
	old = ds_table_by_addr(&e->table, &ns->path.remote);
	if (old && ns->client) { /* the same server again */
		ds_engine_end(e, old, DS_REASON_REPLACED, true);
	} else if (old && ds_slot_is_remote(old, &ns->path.remote) &&
		   !(old->flags & DS_SLOT_RX_CID)) {
		ds_engine_end(e, old, DS_REASON_ADDRESS_TAKEN, false);
		others = true;
	}
	return others;
}

/* Gives the session the protected records that Mbed TLS did not ask for. */
static void keep_early(struct ds_engine *e, struct ds_handshake *h, ds_session session)
{
	struct ds_packet *p;

	ds_queue_move(&h->job.early, &h->job.finished);
	ds_queue_move(&h->job.early, &h->inbox);
	while ((p = ds_queue_take(&h->job.early))) {
		if (!ds_packet_sealed(p)) {
			ds_packet_free(&e->cfg, p);
			continue;
		}
		p->session = session;
		p->path = h->path;
		ds_queue_add(&e->early, p);
	}
}

/* Only the server's last flight may have to be repeated (RFC 6347, 4.2.4). */
static void linger(struct ds_engine *e, struct ds_handshake *h, struct ds_slot *s, ds_time now)
{
	if (h->client || !e->cfg.linger) {
		ds_engine_drop_handshake(e, h);
		return;
	}
	unindex(e, h);
	TAILQ_REMOVE(&e->running, h, order);
	TAILQ_INSERT_TAIL(&e->lingering, h, order);
	h->state = DS_HS_LINGERING;
	h->last_message = ds_tls_last_message(h->job.tls);
	h->session = ds_table_session(&e->table, s);
	h->give_up = now + e->cfg.linger;
	s->linger = h->id;
	ds_engine_want_deadline(e, h);
}

static struct ds_slot_cert cert_of(const struct ds_engine *e, const struct ds_handshake *h,
				   ds_time now)
{
	const struct ds_tls_peer *peer = &h->job.peer;
	struct ds_slot_cert cert = {0};

	if (!peer->subject_len)
		return cert;
	cert.ends_at = ds_engine_certificate_end(e, peer->not_after, now);
	memcpy(cert.serial, peer->serial, sizeof(cert.serial));
	return cert;
}

/* All that a session is made of; points into @h. */
static struct ds_new_session new_session(const struct ds_engine *e, const struct ds_handshake *h,
					 ds_time now)
{
	const struct ds_job *j = &h->job;
	const struct ds_tls_keys *keys = ds_tls_keys(j->tls);
	bool by_cert = j->peer.subject_len > 0;

	return (struct ds_new_session){
		.suite = keys->suite,
		.block = keys->block,
		.tx_seq = j->first_seq,
		.cid = h->cid,
		.rx_cid = j->peer.cid_used && e->cfg.cid_length,
		.peer_cid = j->peer.cid,
		.peer_cid_len = j->peer.cid_len,
		.payload_max = j->peer.payload_max,
		.by_cert = by_cert,
		.cert = cert_of(e, h, now),
		.identity = by_cert ? (const uint8_t *)j->peer.subject : j->identity,
		.identity_len = by_cert ? j->peer.subject_len : (uint8_t)j->identity_len,
		.client = h->client,
		.rrc = j->peer.rrc,
		.path = h->path,
	};
}

static void establish(struct ds_engine *e, struct ds_handshake *h, ds_time now)
{
	struct ds_new_session ns = new_session(e, h, now);
	struct ds_slot *s;
	struct ds_event *ev;
	uint8_t hold;
	bool others;

	if (ds_engine_denies_new(e, &ns)) {
		e->stats.handshakes_failed++;
		ds_engine_fail(e, h, DS_REASON_DENIED);
		return;
	}
	unindex(e, h); /* the session takes the CID over */
	s = ds_table_insert(&e->table, &ns, now);
	if (!s) {
		e->stats.handshakes_failed++;
		ds_engine_fail(e, h, DS_REASON_INTERNAL);
		return;
	}
	if (e->store && !ds_slot_hot(&e->table, s))
		e->stats.store_unplaced++;
	if (ns.client)
		ds_slot_client(s)->doubts = h->doubts;
	others = make_way(e, s, &ns);
	if (!ds_engine_make_room(e, s)) {
		e->stats.sessions_evicted++;
		ds_table_remove(&e->table, s);
		/* Its Finished stays here: the peer has no session */
		ds_engine_fail(e, h, DS_REASON_EVICTED);
		return;
	}
	others |= ds_table_show(&e->table, s);
	hold = ns.client ? 0 : ds_engine_vacated(e, s, &ns.path.remote, s->seen_at);
	if (others || hold) /* a late reply is for the peer that was here before */
		ds_table_quiet(&e->table, s, true, hold);
	e->stats.handshakes_done++;
	ds_engine_plan_end(e, s, now);
	ev = ds_engine_push_event(e, DS_EVENT_ESTABLISHED, DS_REASON_NONE);
	ds_engine_fill_info(e, s, &ev->info);
	collect(e, h);
	keep_early(e, h, ev->info.session);
	linger(e, h, s, now);
}

/* A job came back */

static void waits(struct ds_engine *e, struct ds_handshake *h, ds_time now)
{
	if (h->job.key_state == DS_KEY_WANTED) {
		ds_engine_want_key(e, h, now);
	} else if (h->inbox.head) {
		ds_engine_want_job(e, h);
	}
	ds_engine_want_deadline(e, h);
}

void ds_engine_job_done(struct ds_engine *e, struct ds_job *job, ds_time now)
{
	struct ds_handshake *h = ds_handshake_of(job);

	ds_hot_beat(&e->table.places, now);
	h->busy = false;
	ds_engine_job_took(e, h, now);
	if (h->state == DS_HS_DEAD) {
		forget(e, h);
		return;
	}
	count_held(e, h, ds_handshake_bytes(h));
	if (h->state == DS_HS_RUNNING && job->result == DS_TLS_DONE && !h->pretends) {
		establish(e, h, now);
		return;
	}
	collect(e, h);
	if (h->state == DS_HS_LINGERING) {
		if (job->result == DS_TLS_FAILED)
			ds_engine_drop_handshake(e, h);
		else
			ds_engine_want_deadline(e, h);
	} else if (job->result == DS_TLS_WAIT) {
		waits(e, h, now);
	} else {
		e->stats.handshakes_failed++;
		ds_engine_fail(e, h,
			       job->result == DS_TLS_DONE ? DS_REASON_PSK_WRONG
							  : job->failure.reason);
	}
}
