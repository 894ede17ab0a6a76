/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrated.h - IP addresses at which there ever was a session
 *
 * They have migrated to DTLS, and nothing that comes from them in clear is believed any more
 * (plaintext.h).  A filter (Bloom, 1970) says "never" or "probably", and forgets nothing: there is no
 * address that falls back to plaintext because others took its place, and the more addresses there are,
 * the more that never had a session are taken for migrated.  That is one in 200,000 when 100,000
 * have migrated, and one in 50 at a million.
 *
 * The port does not count: a device has another one after each start.
 *
 * Memory:   DS_MIGRATED_WORDS words of the caller's, zero at first; the first of them becomes a secret
 *	     seed, so that nobody can look for addresses that are taken for each other.
 * Threads:  any number of threads and processes may use the same words.
 */
#ifndef CORE_MIGRATED_H
#define CORE_MIGRATED_H

#include "dtlsshim/engine.h"

/* Draws the seed of words that have none.  0 or DS_E_RANDOM. */
DS_MUST_CHECK
int ds_migrated_begin(uint64_t *words, const struct ds_config *cfg);
/* Notes that there is a session at the address with these 16 bytes (struct ds_addr). */
void ds_migrated_note(uint64_t *words, uint8_t family, const uint8_t ip[static 16]);
/* False if there never was one. */
bool ds_migrated_has(const uint64_t *words, uint8_t family, const uint8_t ip[static 16]);

#endif
