/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cookie.c - stateless HelloVerifyRequest cookies
 *
 *	head   = HMAC(secret, "h" | address | version, random, session id)
 *	tail   = HMAC(secret, "t" | head | suites, compression methods)
 *	cookie = first half of head | first half of tail
 *
 * The lowest bit of a cookie's first byte is replaced by the lowest bit of its generation, so
 * that a cookie is computed once, not once a secret, to be refused.
 */
#include "core/cookie.h"

#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
#include <string.h>

#define SECRET_LEN 32 /* bytes; RFC 2104, 3: as long as the hash */
#define MAC_LEN	   32
#define HALF	   (DS_COOKIE_LEN / 2)

struct ds_cookie_mac {
	mbedtls_md_context_t keyed[2]; /* [generation & 1] */
};

/* Puts a new secret in place of that of @generation. */
static int new_secret(struct ds_cookie *c, uint32_t generation)
{
	uint8_t secret[SECRET_LEN];
	int rc = 0;

	if (c->cfg->random(c->cfg->ctx, secret, sizeof(secret)) != 0)
		rc = DS_E_RANDOM;
	else if (mbedtls_md_hmac_starts(&c->mac->keyed[generation & 1], secret, sizeof(secret)) !=
		 0)
		rc = DS_E_CRYPTO;
	mbedtls_platform_zeroize(secret, sizeof(secret));
	return rc;
}

/*
 * Generations begin at multiples of the lifetime, however late we notice: a cookie made just
 * before a change is good for one lifetime, one made just after the change before for two.
 */
static int rotate(struct ds_cookie *c, ds_time now)
{
	ds_time passed = (now - c->since) / DS_COOKIE_LIFETIME;
	int rc;

	if (passed == 0)
		return 0;
	rc = new_secret(c, c->generation + 1);
	/* No hello came for so long that the secret before is too old as well */
	if (rc == 0 && passed > 1)
		rc = new_secret(c, c->generation);
	if (rc != 0)
		return rc;
	c->generation++;
	c->since += passed * DS_COOKIE_LIFETIME;
	return 0;
}

int ds_cookie_setup(struct ds_cookie *c, const struct ds_config *cfg, ds_time now)
{
	const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
	int rc = 0;

	*c = (struct ds_cookie){.cfg = cfg, .since = now};
	c->mac = cfg->alloc(cfg->ctx, sizeof(*c->mac));
	if (c->mac == NULL)
		return DS_E_NOMEM;
	for (uint32_t i = 0; i < 2; i++)
		mbedtls_md_init(&c->mac->keyed[i]);
	/* Both at once: there is no cookie of a generation before the first */
	for (uint32_t i = 0; i < 2 && rc == 0; i++)
		rc = mbedtls_md_setup(&c->mac->keyed[i], sha256, 1) != 0 ? DS_E_NOMEM
									 : new_secret(c, i);
	if (rc != 0)
		ds_cookie_fini(c);
	return rc;
}

void ds_cookie_fini(struct ds_cookie *c)
{
	if (c->mac == NULL)
		return;
	for (int i = 0; i < 2; i++)
		mbedtls_md_free(&c->mac->keyed[i]);
	c->cfg->release(c->cfg->ctx, c->mac, sizeof(*c->mac));
	c->mac = NULL;
}

/* HMAC over @label and two ranges. */
static bool mac(mbedtls_md_context_t *md, char label, const uint8_t *const part[2],
		const size_t len[2], uint8_t out[static MAC_LEN])
{
	return mbedtls_md_hmac_reset(md) == 0 &&
	       mbedtls_md_hmac_update(md, (const unsigned char *)&label, 1) == 0 &&
	       mbedtls_md_hmac_update(md, part[0], len[0]) == 0 &&
	       mbedtls_md_hmac_update(md, part[1], len[1]) == 0 &&
	       mbedtls_md_hmac_finish(md, out) == 0;
}

static int compute(struct ds_cookie *c, uint32_t generation, const struct ds_addr *addr,
		   const struct ds_hello *hello, uint8_t cookie[static DS_COOKIE_LEN])
{
	mbedtls_md_context_t *md = &c->mac->keyed[generation & 1];
	uint8_t head[MAC_LEN], tail[MAC_LEN];
	/* struct ds_addr has no padding; params[0] begins with fields of fixed length */
	const uint8_t *parts[] = {(const uint8_t *)addr, hello->params[0], head, hello->params[1]};
	const size_t lens[] = {sizeof(*addr), hello->params_len[0], MAC_LEN, hello->params_len[1]};

	if (!mac(md, 'h', parts, lens, head) || !mac(md, 't', parts + 2, lens + 2, tail))
		return DS_E_CRYPTO;
	memcpy(cookie, head, HALF);
	memcpy(cookie + HALF, tail, HALF);
	cookie[0] = (uint8_t)((cookie[0] & ~1U) | (generation & 1));
	return 0;
}

int ds_cookie_make(struct ds_cookie *c, const struct ds_addr *addr, const struct ds_hello *hello,
		   uint8_t cookie[static DS_COOKIE_LEN], ds_time now)
{
	int rc = rotate(c, now);

	return rc != 0 ? rc : compute(c, c->generation, addr, hello, cookie);
}

bool ds_cookie_check(struct ds_cookie *c, const struct ds_addr *addr, const struct ds_hello *hello,
		     ds_time now)
{
	uint8_t expected[DS_COOKIE_LEN];

	if (hello->cookie_len != DS_COOKIE_LEN || rotate(c, now) != 0 ||
	    compute(c, hello->cookie[0], addr, hello, expected) != 0)
		return false;
	return mbedtls_ct_memcmp(expected, hello->cookie, hello->complete ? DS_COOKIE_LEN : HALF) ==
	       0;
}
