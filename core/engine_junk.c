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

/* A quarter of a processor, in microseconds */
static const struct ds_rate process_time = {250000, 250000};
static const struct ds_rate rates[] = {
	[DS_BUCKET_SOURCE] = {100000, 100000}, /* microseconds, a tenth */
	[DS_BUCKET_OWN] = {256, 64},	       /* records */
	[DS_BUCKET_ELSEWHERE] = {32, 8},       /* records */
	[DS_BUCKET_SESSION] = {32, 4}, /* records; a session with more failures is under attack */
};
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

static bool has(const struct ds_engine *e, enum ds_bucket_kind kind, const struct ds_slot *s,
		const struct ds_addr *from, ds_time now)
{
	return ds_bucket_has(&e->buckets, key_of(e, kind, s, from), rates[kind], now);
}

static void spend(struct ds_engine *e, enum ds_bucket_kind kind, const struct ds_slot *s,
		  const struct ds_addr *from, uint32_t n, ds_time now)
{
	ds_bucket_spend(&e->buckets, key_of(e, kind, s, from), rates[kind], n, now);
}

/* The kind of bucket in which records from there are counted. */
static enum ds_bucket_kind records_of(const struct ds_slot *s, const struct ds_addr *from)
{
	return ds_slot_is_remote(s, from) ? DS_BUCKET_OWN : DS_BUCKET_ELSEWHERE;
}

bool ds_engine_may_open(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
			ds_time now)
{
	if (now >= e->junk_until)
		return true;
	if (is_near_limit(s) && !has(e, records_of(s, from), s, from, now))
		return false;
	if (has(e, DS_BUCKET_SESSION, s, from, now))
		return true;
	return ds_shared_has(process_bucket(e), process_time, now) &&
	       has(e, DS_BUCKET_SOURCE, s, from, now);
}

void ds_engine_forged(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		      size_t len, ds_time now)
{
	e->junk_until = now + FULL_AGAIN;
	ds_shared_spend(process_bucket(e), process_time, cost_of(len), now);
	spend(e, DS_BUCKET_SOURCE, s, from, cost_of(len), now);
	spend(e, DS_BUCKET_SESSION, s, from, 1, now);
	if (is_near_limit(s))
		spend(e, records_of(s, from), s, from, 1, now);
}

void ds_engine_genuine(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		       ds_time now)
{
	if (now < e->junk_until && is_near_limit(s) && ds_slot_is_remote(s, from))
		ds_bucket_refill(&e->buckets, key_of(e, DS_BUCKET_OWN, s, from));
}
