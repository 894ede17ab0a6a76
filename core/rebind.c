/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rebind.c - when a peer's address may move (RFC 9146, 6)
 */
#include "core/rebind.h"

bool ds_rebind_moves(const struct ds_config *cfg, const struct ds_slot *s, bool newer)
{
	return newer && (s->flags & DS_SLOT_RX_CID) && !(s->flags & DS_SLOT_QUIET) &&
	       cfg->rebind != DS_REBIND_NEVER;
}

bool ds_rebind_yields(const struct ds_config *cfg, const struct ds_slot *there,
		      const struct ds_addr *from, uint32_t second)
{
	if (!(there->flags & DS_SLOT_RX_CID))
		return false;
	return ds_slot_is_remote(there, from)
		       ? second - there->seen_at > DS_REBIND_HOLD
		       : second + 1 - there->moved_at > cfg->replies / DS_SECOND;
}

void ds_rebind_begin(const struct ds_config *cfg, struct ds_slot *s, size_t bytes, uint32_t second)
{
	s->moved_at = second + 1; /* never 0: that means "never moved" */
	s->got = (uint32_t)bytes;
	s->sent = 0;
	s->proof = 0;
	if (cfg->rebind == DS_REBIND_LIMIT)
		s->flags |= DS_SLOT_UNPROVEN;
}

void ds_rebind_heard(struct ds_slot *s, bool newer, size_t bytes, uint32_t second)
{
	if (!(s->flags & DS_SLOT_UNPROVEN))
		return;
	s->got += (uint32_t)bytes;
	if (newer && s->proof < DS_REBIND_PROOF)
		s->proof++;
	if (s->proof >= DS_REBIND_PROOF && second + 1 - s->moved_at >= DS_REBIND_SECONDS)
		ds_rebind_trust(s);
}

void ds_rebind_trust(struct ds_slot *s)
{
	s->flags &= (uint8_t)~DS_SLOT_UNPROVEN;
}

bool ds_rebind_spend(struct ds_slot *s, size_t bytes)
{
	if (!(s->flags & DS_SLOT_UNPROVEN))
		return true;
	if (s->sent + bytes > (uint64_t)DS_REBIND_FACTOR * s->got)
		return false;
	s->sent += (uint32_t)bytes;
	return true;
}
