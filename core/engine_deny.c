/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_deny.c - peers that get no session, or have it no longer
 *
 * A peer may be denied at four moments: when its identity's key is wanted, when its certificate is
 * verified (tls.c), when its session would begin, because the list may have changed since, and when
 * the list changes (engine_expiry.c walks the table then).  A denied identity is treated as one that
 * nobody knows, so its peer learns nothing that a stranger would not.
 */
#include "core/deny.h"
#include "core/engine_impl.h"

bool ds_engine_denies_identity(const struct ds_engine *e, const uint8_t *identity, size_t len)
{
	const struct ds_deny_peer peer = {.identity = identity, .len = len};

	return ds_deny_has(ds_tls_config_deny(e->tls), &peer);
}

bool ds_engine_denies_new(const struct ds_engine *e, const struct ds_new_session *ns)
{
	const struct ds_deny_peer peer = {
		.identity = ns->identity,
		.len = ns->identity_len,
		.by_cert = ns->by_cert,
		.serial = ns->cert.serial,
	};

	/* A client's identity is its own */
	return (ns->by_cert || !ns->client) && ds_deny_has(ds_tls_config_deny(e->tls), &peer);
}

bool ds_engine_denies(const struct ds_engine *e, const struct ds_slot *s)
{
	const struct ds_slot_cert *cert = ds_slot_cert(s);
	const struct ds_deny_peer peer = {
		.identity = s->more->bytes,
		.len = s->more->identity_len,
		.by_cert = cert != NULL,
		.serial = cert ? cert->serial : NULL,
	};

	return (cert || !s->more->client) && ds_deny_has(ds_tls_config_deny(e->tls), &peer);
}

uint32_t ds_engine_certificate_end(const struct ds_engine *e, int64_t not_after, ds_time now)
{
	int64_t at;

	if (!e->cfg.wall)
		return 0;
	at = ds_second_of(now) + not_after + 1 - e->cfg.wall(e->cfg.ctx);
	return at < 1 ? 1 : at > UINT32_MAX ? 0 : (uint32_t)at;
}
