/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_junk.c - what junk aimed at a known session may cost
 *
 * A record that does not verify costs an expansion and a decryption, and counts towards the limit of
 * its key (RFC 9147, 4.5.3), at which the session ends.  An attacker who has seen a CID on the wire,
 * or knows the address of a session without one, can send such records, and from any address he can
 * forge.  Nothing in them tells them from the peer's own but the attempt to open them.
 *
 * So what is limited is the processor's time that they cost in all, and not their number for a
 * session: a processor opens some hundred thousand of them a second, and as long as it can, the
 * peer's record among them is found.  The time is estimated by the record's length, because the
 * engine has no clock of its own.  All engines of a process have one budget, a quarter of a processor,
 * and one host as a source a tenth, so that a host that cannot forge addresses leaves some for others.
 * Beyond the budget the records of sessions that are under attack are dropped unopened; no other
 * session notices.
 *
 * A key near its limit of failures is protected by number: from then on a session opens records at
 * the rates below only, so that the second half of the 2^23.5 failures of a CCM key, whose tags are
 * short in some suites, lasts for a day at full rate from the session's own address, and for a week
 * from elsewhere.  The address has a budget of its own, which a record that verifies fills again:
 * an attacker who cannot send from there cannot keep the peer out, and one who can competes with it.
 */
#include "core/engine_impl.h"

/* Microseconds: a quarter and a tenth of a processor */
static const struct ds_rate process_time = {250000, 250000}, source_time = {100000, 100000};
/* Records */
static const struct ds_rate own_rate = {256, 64}, elsewhere_rate = {32, 8};
/* Records; a session with more failures of late is under attack */
static const struct ds_rate suspicion = {32, 4};
#define FULL_AGAIN (10 * DS_SECOND) /* no bucket takes longer */

/* Microseconds to open a record: expansion of the key, cache misses, and the decryption. */
static uint32_t cost_of(size_t len)
{
	return 2 + (uint32_t)(len / 256);
}

static uint64_t *process_bucket(struct ds_engine *e)
{
	return e->cfg.junk_spent ? e->cfg.junk_spent : &e->junk_spent;
}

static uint64_t key_of(const struct ds_engine *e, enum ds_bucket_kind kind, const struct ds_slot *s,
		       const struct ds_addr *from)
{
	uint64_t session = kind == DS_BUCKET_SOURCE ? 0 : ds_table_session(&e->table, s);

	return ds_bucket_key(&e->buckets, kind, session, from,
			     kind == DS_BUCKET_SOURCE ? DS_NET_HOST : DS_NET_NONE);
}

static bool is_near_limit(const struct ds_slot *s)
{
	uint64_t limit = ds_suite_find(s->suite)->failures;

	return s->failures >= (limit < UINT32_MAX ? limit : UINT32_MAX) / 2; /* they are 32 bits */
}

static bool has_records(const struct ds_engine *e, const struct ds_slot *s,
			const struct ds_addr *from, ds_time now)
{
	bool own = ds_slot_is_remote(s, from);

	return ds_bucket_has(&e->buckets,
			     key_of(e, own ? DS_BUCKET_OWN : DS_BUCKET_ELSEWHERE, s, from),
			     own ? own_rate : elsewhere_rate, now);
}

bool ds_engine_may_open(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
			ds_time now)
{
	if (now >= e->junk_until)
		return true;
	if (is_near_limit(s) && !has_records(e, s, from, now))
		return false;
	if (ds_bucket_has(&e->buckets, key_of(e, DS_BUCKET_SESSION, s, from), suspicion, now))
		return true;
	return ds_shared_has(process_bucket(e), process_time, now) &&
	       ds_bucket_has(&e->buckets, key_of(e, DS_BUCKET_SOURCE, s, from), source_time, now);
}

void ds_engine_forged(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		      size_t len, ds_time now)
{
	bool own = ds_slot_is_remote(s, from);

	e->junk_until = now + FULL_AGAIN;
	ds_shared_spend(process_bucket(e), process_time, cost_of(len), now);
	ds_bucket_spend(&e->buckets, key_of(e, DS_BUCKET_SOURCE, s, from), source_time,
			cost_of(len), now);
	ds_bucket_spend(&e->buckets, key_of(e, DS_BUCKET_SESSION, s, from), suspicion, 1, now);
	if (is_near_limit(s))
		ds_bucket_spend(&e->buckets,
				key_of(e, own ? DS_BUCKET_OWN : DS_BUCKET_ELSEWHERE, s, from),
				own ? own_rate : elsewhere_rate, 1, now);
}

void ds_engine_genuine(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		       ds_time now)
{
	if (now < e->junk_until && is_near_limit(s) && ds_slot_is_remote(s, from))
		ds_bucket_refill(&e->buckets, key_of(e, DS_BUCKET_OWN, s, from));
}
