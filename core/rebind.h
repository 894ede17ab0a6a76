/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rebind.h - when a peer's address may move, and how much goes to an unproven one
 *
 * RFC 9146, 6: the address is replaced only by a record that is authentic, newer than any
 * received before, and where there is a strategy that the new address can be reached.  Ours: until
 * the peer has proven itself, three times the bytes received from the new address may be sent there.
 * A peer that can do RFC 9853 is asked (engine_path.c), and its answer is the proof.  Of others it is
 * DS_REBIND_PROOF further newer records from there over DS_REBIND_SECONDS; a newer record from
 * elsewhere moves the session again and the proof begins anew.
 */
#ifndef CORE_REBIND_H
#define CORE_REBIND_H

#include "core/session.h"

#define DS_REBIND_FACTOR  3  /* RFC 9147, 5.1 */
#define DS_REBIND_PROOF	  4  /* records */
#define DS_REBIND_HOLD	  30 /* seconds */
#define DS_REBIND_SECONDS 2  /* whole seconds of the engine's clock */

/* True if an authentic application record from another address moves the session there. */
bool ds_rebind_moves(const struct ds_config *cfg, const struct ds_slot *s, bool newer);
/*
 * True if session @there, which the program finds by address @from, gives it up to another session.
 * A session without CID never does, because only its address finds it.  Neither does one that spoke
 * from @from within DS_REBIND_HOLD: a NAT does not give a port away that is in use, but an attacker
 * with a session of his own could send a record of another peer from his own address, and then be
 * sent the program's answer to it.  Neither does one that moved away from @from within the time for
 * replies, which may be under way.
 */
bool ds_rebind_yields(const struct ds_config *cfg, const struct ds_slot *there,
		      const struct ds_addr *from, uint32_t second);
/* The session has just moved because of a record of @bytes. */
void ds_rebind_begin(const struct ds_config *cfg, struct ds_slot *s, size_t bytes, uint32_t second);
/* An authentic record of @bytes came from where the session is. */
void ds_rebind_heard(struct ds_slot *s, bool newer, size_t bytes, uint32_t second);
/* The address is proven. */
void ds_rebind_trust(struct ds_slot *s);
/* True, and counted, if @bytes may be sent now. */
bool ds_rebind_spend(struct ds_slot *s, size_t bytes);

#endif
