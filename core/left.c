/* SPDX-License-Identifier: Apache-2.0 */
#include "core/left.h"

void ds_left_note(struct ds_left *l, const struct ds_addr *addr, uint64_t who, uint32_t seen_at)
{
	uint32_t i = l->n++ % DS_LEFT;

	l->ring[i].addr = *addr;
	l->ring[i].addr.scope = 0;
	l->ring[i].who = who;
	l->ring[i].seen_at = seen_at;
}

uint8_t ds_left_until(const struct ds_left *l, const struct ds_addr *addr, uint64_t who,
		      uint32_t second, uint32_t hold)
{
	struct ds_addr a = *addr;
	uint32_t longest = 0;

	a.scope = 0;
	for (uint32_t i = 0; hold && i < DS_LEFT && i < l->n; i++) {
		uint32_t ago = second - l->ring[i].seen_at;

		if (ago <= hold && hold + 1 - ago > longest && l->ring[i].who != who &&
		    ds_addr_equal(&l->ring[i].addr, &a))
			longest = hold + 1 - ago;
	}
	return (uint8_t)(longest < UINT8_MAX ? longest : UINT8_MAX);
}
