/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cookie.h - stateless HelloVerifyRequest cookies
 *
 * A cookie proves that the peer receives at the address it claims, before anything is kept for
 * it (RFC 6347, 4.2.1).  It binds the address and the hello's parameters, so it is good neither
 * elsewhere nor for another hello.  HMAC-SHA-256 under a secret that is replaced every
 * DS_COOKIE_LIFETIME; the secret before is still good, so a cookie lives one to two lifetimes.
 *
 * A cookie has two halves: the first binds what every first fragment of a hello shows (version,
 * random, session id), the second suites and compression methods too.  A hello that only becomes
 * fragmented by the cookie it now carries is judged by the first half.
 *
 * Memory:   allocated at setup only.
 */
#ifndef CORE_COOKIE_H
#define CORE_COOKIE_H

#include "core/hello.h"
#include "dtlsshim/addr.h"
#include "dtlsshim/config.h"
#include "dtlsshim/err.h"

#define DS_COOKIE_LEN	   32
#define DS_COOKIE_LIFETIME (60 * DS_SECOND)

struct ds_cookie_mac;

struct ds_cookie {
	struct ds_cookie_mac *mac; /* keyed with this generation's secret and the one before */
	uint32_t generation;
	ds_time since; /* when this generation began */
	const struct ds_config *cfg;
};

/* 0, DS_E_NOMEM, DS_E_RANDOM or DS_E_CRYPTO. */
DS_MUST_CHECK
int ds_cookie_setup(struct ds_cookie *c, const struct ds_config *cfg, ds_time now);
void ds_cookie_fini(struct ds_cookie *c);

/* Writes the cookie for @hello from @addr.  0, DS_E_RANDOM or DS_E_CRYPTO: send nothing. */
DS_MUST_CHECK
int ds_cookie_make(struct ds_cookie *c, const struct ds_addr *addr, const struct ds_hello *hello,
		   uint8_t cookie[static DS_COOKIE_LEN], ds_time now);
/* True if @hello carries a cookie made for it and @addr; constant time. */
bool ds_cookie_check(struct ds_cookie *c, const struct ds_addr *addr, const struct ds_hello *hello,
		     ds_time now);

#endif
