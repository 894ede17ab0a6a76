/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.c - see header.h
 *
 * An answer must reach the session that it is meant for or none: by the device's address alone that
 * cannot be had, because addresses move and are given to others.  So a header of version 2 has a
 * token, the session's number, which is never used twice, and a nonce of this process.  Where the
 * nonce is another's, the proxy was restarted; the session may be back from the state file under
 * another number, and is found by its Connection ID or address, but only if the header names its
 * identity, too: then the answer reaches, if anybody, the device that it is for.
 *
 * The Simple Proxy Protocol has room for addresses only.  There an answer is for whoever has the
 * address, as the engine sees it when it serves a program: newcomers at an address are not heard
 * while answers to the one before may come (struct ds_config, replies).
 *
 * The identity of a pre-shared key is not UTF-8 and no host name, so PP2_TYPE_AUTHORITY does not fit;
 * a subject as text is not its common name, and taking one out of it again could be fooled, so
 * there is no PP2_SUBTYPE_SSL_CN.  Both have types of the range for applications instead.
 */
#include <string.h>

#include "core/suite.h"
#include "host/sys.h"
#include "proxy/header.h"

static const uint8_t v2_signature[12] = "\r\n\r\n\0\r\nQUIT\n";
static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

int proxy_header_init(struct proxy_header *h, uint32_t kind, const struct ds_addr *bound)
{
	h->kind = kind;
	h->bound = *bound;
	return host_random(NULL, h->nonce, sizeof(h->nonce));
}

static uint8_t *put(uint8_t *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

static uint8_t *put16(uint8_t *p, size_t n)
{
	*p++ = (uint8_t)(n >> 8);
	*p++ = (uint8_t)n;
	return p;
}

static uint8_t *put_value(uint8_t *p, enum ds_proxy_type type, const void *bytes, size_t n)
{
	*p++ = (uint8_t)type;
	return put(put16(p, n), bytes, n);
}

static void make_token(const struct proxy_header *h, ds_session session,
		       uint8_t token[static PROXY_TOKEN])
{
	uint8_t *p = put(token, h->nonce, PROXY_NONCE);

	for (int shift = 56; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(session >> shift);
}

/* PP2_TYPE_SSL: version and suite; that there is a certificate only if it was verified. */
static uint8_t *put_ssl(uint8_t *p, const struct ds_session_info *info)
{
	const struct ds_suite *suite = ds_suite_find(info->suite);
	uint8_t *begin = p;

	*p++ = DS_PROXY_SSL;
	p += 2;
	*p++ = info->by_cert ? 7 : 1; /* TLS; a certificate, now and for all of it */
	p = put16(put16(p, 0), info->by_cert ? 0 : 1); /* 0 = verified */
	p = put_value(p, DS_PROXY_SSL_VERSION, "DTLSv1.2", 8);
	if (suite)
		p = put_value(p, DS_PROXY_SSL_CIPHER, suite->name, strlen(suite->name));
	put16(begin + 1, (size_t)(p - begin) - 3);
	return p;
}

/* Our end of a session's path, in the family of its other end; zeros if it is not known. */
static struct ds_addr our_end(const struct proxy_header *h, const struct ds_path *path)
{
	struct ds_addr end = path->local.family ? path->local : h->bound;

	if (end.family != path->remote.family)
		memset(end.ip, 0, sizeof(end.ip));
	return end;
}

static size_t put_v2(const struct proxy_header *h, const struct ds_session_info *info, uint8_t *buf)
{
	const struct ds_addr *from = &info->path.remote;
	struct ds_addr to = our_end(h, &info->path);
	size_t ip = from->family == 4 ? 4 : 16;
	uint8_t token[PROXY_TOKEN], *p = put(buf, v2_signature, sizeof(v2_signature));

	make_token(h, info->session, token);
	*p++ = 0x21; /* version 2, PROXY */
	*p++ = from->family == 4 ? 0x12 : 0x22;
	p = put(put(p + 2, from->ip, ip), to.ip, ip);
	p = put16(put16(p, from->port), to.port);
	p = put_value(p, DS_PROXY_UNIQUE_ID, token, sizeof(token));
	p = put_ssl(p, info);
	if (info->identity_len)
		p = put_value(p, info->by_cert ? DS_PROXY_SUBJECT : DS_PROXY_IDENTITY,
			      info->identity, info->identity_len);
	if (info->cid_len)
		p = put_value(p, DS_PROXY_CID, info->cid, info->cid_len);
	put16(buf + 14, (size_t)(p - buf) - 16);
	return (size_t)(p - buf);
}

static uint8_t *put_ip6(uint8_t *p, const struct ds_addr *a, uint8_t family)
{
	return family == 4 ? put(put(p, mapped, sizeof(mapped)), a->ip, 4) : put(p, a->ip, 16);
}

static size_t put_spp(const struct proxy_header *h, const struct ds_session_info *info,
		      uint8_t *buf)
{
	const struct ds_addr *from = &info->path.remote;
	struct ds_addr to = our_end(h, &info->path);
	uint8_t *p = put(buf, "\x56\xec", 2);

	p = put_ip6(put_ip6(p, from, from->family), &to, from->family);
	p = put16(put16(p, from->port), to.port);
	return (size_t)(p - buf);
}

_Static_assert(16 + 36 + 3 + PROXY_TOKEN + 3 + DS_IDENTITY_MAX + 3 + DS_CID_MAX + 3 + 5 + 3 + 8 +
			       3 + 64 <
		       DS_PROXY_HEADER_MAX,
	       "the longest header fits, with the name of any suite");

size_t proxy_header_put(const struct proxy_header *h, const struct ds_engine *e, ds_session session,
			uint8_t buf[static DS_PROXY_HEADER_MAX])
{
	struct ds_session_info info;

	if (h->kind == HOST_HEADER_NONE || !ds_engine_info(e, session, &info))
		return 0;
	return h->kind == HOST_HEADER_V2 ? put_v2(h, &info, buf) : put_spp(h, &info, buf);
}

/* The device's address in a header, as the engine knows it. */
static struct ds_addr device(const struct ds_proxy_header *in)
{
	struct ds_addr a = {.family = in->family, .port = in->source_port};

	if (in->family)
		memcpy(a.ip, in->source, in->family == 4 ? 4 : 16);
	return a;
}

/* The session that a header of the process before us is about, if it came back. */
static ds_session find_again(const struct ds_engine *e, const struct ds_proxy_header *in)
{
	struct ds_proxy_value cid, identity;
	struct ds_addr from = device(in);
	struct ds_session_info info;
	ds_session found;
	bool by_cert = !ds_proxy_find(in, DS_PROXY_IDENTITY, &identity);

	if (by_cert && !ds_proxy_find(in, DS_PROXY_SUBJECT, &identity))
		return 0;
	found = ds_proxy_find(in, DS_PROXY_CID, &cid) ? ds_engine_find_cid(e, cid.data, cid.size)
						      : ds_engine_find(e, &from);
	return found && ds_engine_info(e, found, &info) && info.by_cert == by_cert &&
			       info.identity_len == identity.size && identity.size &&
			       !memcmp(info.identity, identity.data, identity.size)
		       ? found
		       : 0;
}

static ds_session session_of_v2(const struct proxy_header *h, const struct ds_engine *e,
				const struct ds_proxy_header *in)
{
	struct ds_proxy_value token;
	ds_session session = 0;

	if (!ds_proxy_find(in, DS_PROXY_UNIQUE_ID, &token) || token.size != PROXY_TOKEN)
		return 0;
	if (memcmp(token.data, h->nonce, PROXY_NONCE) != 0)
		return find_again(e, in);
	for (size_t i = PROXY_NONCE; i < PROXY_TOKEN; i++)
		session = session << 8 | token.data[i];
	return session;
}

ds_session proxy_header_session(const struct proxy_header *h, const struct ds_engine *e,
				const uint8_t *data, size_t n, const uint8_t **payload, size_t *len)
{
	bool v2 = h->kind == HOST_HEADER_V2;
	struct ds_proxy_header in;
	struct ds_addr from;

	*payload = NULL;
	if (ds_proxy_parse(&in, v2 ? DS_PROXY_V2 : DS_PROXY_SPP, data, n) != DS_PROXY_OK ||
	    in.local)
		return 0;
	*payload = in.payload;
	*len = in.payload_size;
	if (v2)
		return session_of_v2(h, e, &in);
	from = device(&in);
	return ds_engine_find(e, &from);
}
