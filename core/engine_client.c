/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_client.c - what only a client does: it begins
 */
#include "core/engine_impl.h"

int ds_engine_connect(struct ds_engine *e, const struct ds_path *path, ds_time now)
{
	if (e->cfg.role != DS_CLIENT)
		return DS_E_CONFIG;
	if (ds_engine_hs_by_addr(e, &path->remote))
		return 0;
	return ds_engine_begin(e, path, now) ? 0 : DS_E_FULL;
}

void ds_engine_unreachable(struct ds_engine *e, const struct ds_addr *remote)
{
	struct ds_handshake *h = ds_engine_hs_by_addr(e, remote);

	if (h && h->client)
		ds_engine_fail(e, h, DS_REASON_UNREACHABLE);
}
