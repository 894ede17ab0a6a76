/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vacated.h"

void ds_vacated_note(struct ds_vacated *v, const struct ds_addr *addr, uint64_t identity,
		     uint32_t seen_at)
{
	uint32_t i = v->n++ % DS_VACATED;

	v->ring[i].addr = *addr;
	v->ring[i].addr.scope = 0;
	v->ring[i].identity = identity;
	v->ring[i].seen_at = seen_at;
}

uint8_t ds_vacated_for(const struct ds_vacated *v, const struct ds_addr *addr, uint64_t identity,
		       uint32_t second, uint32_t hold)
{
	struct ds_addr a = *addr;
	uint32_t longest = 0;

	a.scope = 0;
	for (uint32_t i = 0; hold && i < DS_VACATED && i < v->n; i++) {
		uint32_t ago = second - v->ring[i].seen_at;

		if (ago <= hold && hold + 1 - ago > longest && v->ring[i].identity != identity &&
		    ds_addr_equal(&v->ring[i].addr, &a))
			longest = hold + 1 - ago;
	}
	return (uint8_t)(longest < UINT8_MAX ? longest : UINT8_MAX);
}
