/* SPDX-License-Identifier: Apache-2.0 */
#include "core/offer.h"

#include <string.h>

#define DTLS_1_0 0xFEFF
#define DTLS_1_2 0xFEFD
#define DTLS_1_3 0xFEFC

#define CERT_TYPE_X509 0 /* RFC 7250, 3 */

static uint16_t pair(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* True if the list @s of two-byte numbers, behind its length in @head bytes, has @n. */
static bool has(const struct ds_span *s, size_t head, uint16_t n)
{
	for (size_t i = head; i + 2 <= s->len; i += 2)
		if (pair(s->p + i) == n)
			return true;
	return false;
}

/* RFC 8446, 4.2.1: where there is supported_versions, the version in the hello means nothing. */
uint16_t ds_hello_version(const struct ds_hello *h)
{
	uint16_t legacy = pair(h->params[0]);

	if (!h->versions.p)
		return legacy;
	if (has(&h->versions, 1, DTLS_1_2))
		return DTLS_1_2;
	return has(&h->versions, 1, DTLS_1_3) ? DTLS_1_3 : DTLS_1_0;
}

bool ds_hello_speaks_dtls12(const struct ds_hello *h)
{
	return ds_hello_version(h) == DTLS_1_2;
}

bool ds_hello_takes_x509(const struct ds_hello *h)
{
	const struct ds_span *s = &h->cert_types;

	return !s->p || (s->len > 1 && memchr(s->p + 1, CERT_TYPE_X509, s->len - 1));
}

/* RFC 6066, 3: a list of names, of which host_name (0) is the only kind there is. */
static void take_name(struct ds_offer *out, const struct ds_span *s)
{
	size_t len = s->len >= 5 && !s->p[2] ? pair(s->p + 3) : 0;

	if (len > s->len - 5 || len > sizeof(out->server_name))
		return;
	memcpy(out->server_name, s->p + 5, len);
	out->name_len = (uint8_t)len;
}

void ds_offer_fill(struct ds_offer *out, const struct ds_hello *h)
{
	memset(out, 0, sizeof(*out));
	out->version = ds_hello_version(h);
	if (!h->complete)
		return;
	out->is_known = true;
	out->ems = h->ems;
	out->cid = h->cid_offered;
	for (size_t i = 0; i + 2 <= h->suites_len; i += 2, out->n_suites++)
		if (out->n_suites < DS_OFFER_SUITES)
			out->suites[out->n_suites] = pair(h->suites + i);
	for (size_t i = 2; i + 2 <= h->groups.len && out->n_groups < DS_OFFER_GROUPS; i += 2)
		out->groups[out->n_groups++] = pair(h->groups.p + i);
	if (h->name.p)
		take_name(out, &h->name);
}
