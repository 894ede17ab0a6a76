/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_junk.c - what junk aimed at a known CID may cost
 *
 * A record that does not verify costs an expansion and a decryption, and counts towards the limit
 * of its key (RFC 9147, 4.5.3), at which the session ends.  An attacker who has seen a CID on the
 * wire can send such records from anywhere, so they have a budget; beyond it records are dropped
 * unopened.
 *
 * Records from the session's own address have a budget of their own, and a larger one: an attacker
 * who cannot send from that address cannot keep the session's peer out, whatever else he sends.
 * From any other address, where a peer that moved would come from too, three budgets hold: of the
 * source for this session, small, so that one source is dropped long before the session's budget
 * for everywhere else is used up; of the source for all sessions; and of the session for all
 * sources.
 *
 * What remains.  An attacker who can forge the session's own address competes with the peer for what
 * the bucket gets back each second, first come, first served: the peer is slowed in proportion to the
 * flood, but never shut out for ever, because each of its records that verifies fills its bucket
 * again.  An attacker with very many addresses can do the same to a peer while it moves.  The limit
 * of a CCM key, 2^23.5 failures, cannot be reached in less than two days at full rate from the
 * session's own address, or two weeks from elsewhere; then the session ends, as it must, and the peer
 * connects again.
 */
#include "core/engine_impl.h"

enum kind { OWN = 1, SOURCE, SPRAY, ELSEWHERE };

static const struct ds_rate own_rate = {256, 64}, source_rate = {8, 1}, spray_rate = {512, 128},
			    elsewhere_rate = {32, 8};
#define FULL_AGAIN (10 * DS_SECOND) /* no bucket takes longer */

static uint64_t key_of(const struct ds_engine *e, enum kind kind, const struct ds_slot *s,
		       const struct ds_addr *from)
{
	uint64_t session = kind == SPRAY ? 0 : ds_table_session(&e->table, s);
	bool any = kind == OWN || kind == ELSEWHERE;

	return ds_bucket_key(&e->buckets, kind, session, from, any ? DS_NET_NONE : DS_NET_HOST);
}

static bool has(const struct ds_engine *e, enum kind kind, struct ds_rate rate,
		const struct ds_slot *s, const struct ds_addr *from, ds_time now)
{
	return ds_bucket_has(&e->buckets, key_of(e, kind, s, from), rate, now);
}

static void spend(struct ds_engine *e, enum kind kind, struct ds_rate rate, const struct ds_slot *s,
		  const struct ds_addr *from, ds_time now)
{
	ds_bucket_spend(&e->buckets, key_of(e, kind, s, from), rate, now);
}

bool ds_engine_may_open(const struct ds_engine *e, const struct ds_slot *s,
			const struct ds_addr *from, ds_time now)
{
	if (now >= e->junk_until)
		return true;
	if (ds_slot_is_remote(s, from))
		return has(e, OWN, own_rate, s, from, now);
	return has(e, SOURCE, source_rate, s, from, now) &&
	       has(e, SPRAY, spray_rate, s, from, now) &&
	       has(e, ELSEWHERE, elsewhere_rate, s, from, now);
}

void ds_engine_forged(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		      ds_time now)
{
	e->junk_until = now + FULL_AGAIN;
	if (ds_slot_is_remote(s, from)) {
		spend(e, OWN, own_rate, s, from, now);
		return;
	}
	spend(e, SOURCE, source_rate, s, from, now);
	spend(e, SPRAY, spray_rate, s, from, now);
	spend(e, ELSEWHERE, elsewhere_rate, s, from, now);
}

void ds_engine_genuine(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		       ds_time now)
{
	if (now < e->junk_until && ds_slot_is_remote(s, from))
		ds_bucket_refill(&e->buckets, key_of(e, OWN, s, from));
}
