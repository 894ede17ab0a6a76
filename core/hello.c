/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello.c - the few handshake bytes the engine reads itself
 *
 * The engine must decide on a ClientHello before anything is kept for it, and must know an identity
 * before Mbed TLS can ask for its key.  So it reads these two messages itself, as far as it needs
 * them.  Every length in here was written by a stranger: all reading goes through struct reader,
 * which never passes the end, and a message that does not fit its own lengths is no message.
 */
#include "core/hello.h"

#include <string.h>

#define RANDOM_LEN	 32
#define SESSION_ID_MAX	 32 /* RFC 5246, 7.4.1.2 */
#define COMPRESSION_NULL 0
#define HEADER_LEN	 12 /* RFC 6347, 4.2.2 */

#define EXT_SERVER_NAME 0  /* RFC 6066, 3 */
#define EXT_GROUPS	10 /* RFC 8422, 5.1.1 */
#define EXT_CERT_TYPES	20 /* RFC 7250, 3: server_certificate_type */
#define EXT_EMS		23 /* RFC 7627, 5.1 */
#define EXT_VERSIONS	43 /* RFC 8446, 4.2.1 */
#define EXT_CID		54 /* RFC 9146, 3 */
#define EXT_RRC		61 /* RFC 9853, 3 */

struct reader {
	const uint8_t *p;
	size_t left;
};

/* The next @n bytes, or NULL if there are not so many. */
static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (n > r->left)
		return NULL;
	r->p += n;
	r->left -= n;
	return p;
}

/* A number of @width bytes; false if they are not there. */
static bool number(struct reader *r, unsigned int width, uint32_t *v)
{
	const uint8_t *p = take(r, width);

	if (p == NULL)
		return false;
	for (*v = 0; width > 0; width--)
		*v = *v << 8 | *p++;
	return true;
}

/* A vector with a length of @width bytes in front (RFC 5246, 4.3); NULL if it does not fit. */
static const uint8_t *vector(struct reader *r, unsigned int width, size_t *len)
{
	uint32_t n;

	if (!number(r, width, &n))
		return NULL;
	*len = n;
	return take(r, n);
}

bool ds_handshake_parse(struct ds_handshake_header *h, const uint8_t *p, size_t len)
{
	struct reader r = {p, len};
	uint32_t type, message_seq;

	if (!number(&r, 1, &type) || !number(&r, 3, &h->len) || !number(&r, 2, &message_seq) ||
	    !number(&r, 3, &h->fragment_offset) || !number(&r, 3, &h->fragment_len))
		return false;
	h->type = (uint8_t)type;
	h->message_seq = (uint16_t)message_seq;
	h->body = r.p;
	/* 24-bit numbers: their sum does not overflow */
	return h->fragment_len <= r.left && h->fragment_offset + h->fragment_len <= h->len &&
	       (h->fragment_len > 0 || h->len == 0);
}

static void note_extension(struct ds_hello *out, uint32_t type, const struct ds_span *s)
{
	switch (type) {
	case EXT_SERVER_NAME: out->name = *s; break;
	case EXT_GROUPS: out->groups = *s; break;
	case EXT_CERT_TYPES: out->cert_types = *s; break;
	case EXT_EMS: out->ems = true; break;
	case EXT_VERSIONS: out->versions = *s; break;
	case EXT_CID: out->cid_offered = true; break;
	default: break;
	}
}

/* The next extension of @block (RFC 5246, 7.4.1.4); false if it does not fit. */
static bool next_extension(struct reader *block, uint32_t *type, struct ds_span *s)
{
	return number(block, 2, type) && (s->p = vector(block, 2, &s->len)) != NULL;
}

/* RFC 5246, 7.4.1.4; an absent block is allowed. */
static bool parse_extensions(struct ds_hello *out, struct reader *r)
{
	struct reader block;
	struct ds_span s;
	uint32_t type;

	if (r->left == 0)
		return true;
	block.p = vector(r, 2, &block.left);
	if (block.p == NULL || r->left != 0)
		return false;
	while (block.left > 0) {
		if (!next_extension(&block, &type, &s))
			return false;
		note_extension(out, type, &s);
	}
	return true;
}

/* Parses the part behind the cookie: suites, compression methods, extensions. */
static bool parse_tail(struct ds_hello *out, struct reader *r)
{
	const uint8_t *methods, *begin = r->p;
	size_t methods_len;

	out->suites = vector(r, 2, &out->suites_len);
	if (out->suites == NULL || out->suites_len < 2 || out->suites_len % 2 != 0)
		return false;
	methods = vector(r, 1, &methods_len);
	if (methods == NULL || memchr(methods, COMPRESSION_NULL, methods_len) == NULL)
		return false;
	out->params[1] = begin;
	out->params_len[1] = (size_t)(r->p - begin);
	return parse_extensions(out, r);
}

/* Version 1.2, or 1.0 which gets an alert; DTLS 1.3 says 1.2 here too (RFC 9147, 5.3). */
static bool is_dtls(const uint8_t version[2])
{
	return version[0] == 0xfe && (version[1] == 0xfd || version[1] == 0xff);
}

bool ds_hello_parse(struct ds_hello *out, const uint8_t *p, size_t len, uint64_t record_number)
{
	struct ds_handshake_header h;
	struct reader r;
	const uint8_t *version;
	size_t session_id_len;

	/* Nothing can follow a hello in its record: the client waits for us */
	if (!ds_handshake_parse(&h, p, len) || h.type != DS_CLIENT_HELLO ||
	    h.fragment_offset != 0 || HEADER_LEN + h.fragment_len != len)
		return false;
	*out = (struct ds_hello){
		.complete = h.fragment_len == h.len,
		.too_long = h.len > DS_HELLO_MAX,
		.message_seq = h.message_seq,
		.number = record_number,
	};

	if (out->too_long)
		return true;
	/* RFC 6347, 4.2.1: version, random, session id, cookie; then as RFC 5246, 7.4.1.2 */
	r = (struct reader){h.body, h.fragment_len};
	version = take(&r, 2);
	if (version == NULL || !is_dtls(version) || take(&r, RANDOM_LEN) == NULL ||
	    vector(&r, 1, &session_id_len) == NULL || session_id_len > SESSION_ID_MAX)
		return false;
	out->params[0] = h.body;
	out->params_len[0] = (size_t)(r.p - h.body);
	out->cookie = vector(&r, 1, &out->cookie_len);
	if (out->cookie == NULL)
		return false;
	return !out->complete || parse_tail(out, &r);
}

static uint8_t *put(uint8_t *p, unsigned int width, uint64_t v)
{
	for (unsigned int i = width; i > 0; i--, v >>= 8)
		p[i - 1] = (uint8_t)v;
	return p + width;
}

/* Extensions of a whole hello, of a client or server */

/* The block of extensions, which ends the message; false if there is none. */
static bool find_extensions(struct reader *block, const uint8_t *p, size_t len)
{
	struct ds_handshake_header h;
	struct reader r;
	size_t n;

	if (!ds_handshake_parse(&h, p, len) || h.fragment_len != h.len || HEADER_LEN + h.len != len)
		return false;
	r = (struct reader){h.body, h.len};
	/* RFC 5246, 7.4.1.2 and 7.4.1.3: version, random and session id; ... */
	if (take(&r, 2 + RANDOM_LEN) == NULL || vector(&r, 1, &n) == NULL)
		return false;
	if (h.type == DS_CLIENT_HELLO) { /* ... cookie, suites, compression methods */
		if (vector(&r, 1, &n) == NULL || vector(&r, 2, &n) == NULL ||
		    vector(&r, 1, &n) == NULL)
			return false;
	} else if (h.type != DS_SERVER_HELLO || take(&r, 2 + 1) == NULL) { /* ... suite, method */
		return false;
	}
	block->p = vector(&r, 2, &block->left);
	return block->p != NULL && r.left == 0;
}

struct rrc_extensions {
	bool cid, rrc, rrc_empty;
};

static bool read_rrc(struct reader block, struct rrc_extensions *out)
{
	struct ds_span s;
	uint32_t type;

	*out = (struct rrc_extensions){false, false, false};
	while (block.left > 0) {
		if (!next_extension(&block, &type, &s))
			return false;
		out->cid |= type == EXT_CID;
		out->rrc |= type == EXT_RRC;
		out->rrc_empty |= type == EXT_RRC && s.len == 0;
	}
	return true;
}

bool ds_hello_has_rrc(const uint8_t *p, size_t len)
{
	struct reader block;
	struct rrc_extensions e;

	return find_extensions(&block, p, len) && read_rrc(block, &e) && e.cid && e.rrc_empty;
}

size_t ds_hello_add_rrc(uint8_t *p, size_t len, size_t cap)
{
	struct reader block;
	struct rrc_extensions e;
	uint8_t *block_len;
	uint32_t body = (uint32_t)(len - HEADER_LEN + DS_HELLO_RRC);

	if (cap < len + DS_HELLO_RRC || !find_extensions(&block, p, len) || !read_rrc(block, &e) ||
	    !e.cid || e.rrc || block.left + DS_HELLO_RRC > UINT16_MAX)
		return 0;
	block_len = p + (block.p - p) - 2;
	put(block_len, 2, block.left + DS_HELLO_RRC);
	put(p + 1, 3, body); /* RFC 6347, 4.2.2: length of the message, and of its one fragment */
	put(p + 9, 3, body);
	put(put(p + len, 2, EXT_RRC), 2, 0);
	return len + DS_HELLO_RRC;
}

size_t ds_hello_drop_session_id(uint8_t *p, size_t len)
{
	uint8_t *id = p + HEADER_LEN + 2 + RANDOM_LEN;
	struct ds_handshake_header h;
	size_t n;

	if (!ds_handshake_parse(&h, p, len) || h.type != DS_SERVER_HELLO ||
	    h.fragment_len != h.len || HEADER_LEN + h.len != len || id >= p + len ||
	    *id > p + len - id - 1)
		return len;
	n = *id;
	memmove(id + 1, id + 1 + n, (size_t)(p + len - id - 1) - n);
	*id = 0;
	put(p + 1, 3, h.len - n);
	put(p + 9, 3, h.len - n);
	return len - n;
}

size_t ds_hello_verify_request(uint8_t *out, const struct ds_hello *hello, const uint8_t *cookie,
			       uint8_t cookie_len)
{
	uint32_t body = 3U + cookie_len;
	uint8_t *p = out;

	/* RFC 6347, 4.2.1: version 1.0 whatever will be agreed on, and the hello's record number, so
	 * that nothing is counted here */
	p = put(p, 1, 22);
	p = put(p, 2, 0xFEFF);
	p = put(p, 8, hello->number);
	p = put(p, 2, HEADER_LEN + body);
	/* RFC 6347, 4.2.2; a client that answers an old cookie's refusal counts on */
	p = put(p, 1, DS_HELLO_VERIFY_REQUEST);
	p = put(p, 3, body);
	p = put(p, 2, hello->message_seq);
	p = put(p, 3, 0);
	p = put(p, 3, body);
	p = put(p, 2, 0xFEFF);
	p = put(p, 1, cookie_len);
	memcpy(p, cookie, cookie_len);
	return DS_HVR_LEN(cookie_len);
}

size_t ds_hello_alert(uint8_t *out, const struct ds_hello *hello, uint8_t description)
{
	uint8_t *p = out;

	p = put(p, 1, 21);
	p = put(p, 2, 0xFEFD);
	p = put(p, 8, hello->number);
	p = put(p, 2, 2);
	p = put(p, 1, 2); /* fatal */
	p = put(p, 1, description);
	return (size_t)(p - out);
}

/* Keeps the bytes of a ClientKeyExchange fragment that can belong to the identity. */
static void keep(struct ds_identity_peek *s, const struct ds_handshake_header *h)
{
	if (h->len == 0 || (s->len != 0 && s->len != h->len))
		return;
	s->len = h->len;
	for (uint32_t i = 0; i < h->fragment_len; i++) {
		uint32_t at = h->fragment_offset + i;

		if (at >= sizeof(s->buf))
			return;
		s->buf[at] = h->body[i];
		s->have[at / 8] |= (uint8_t)(1U << at % 8);
	}
}

static bool is_complete(const struct ds_identity_peek *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((s->have[i / 8] >> i % 8 & 1) == 0)
			return false;
	}
	return true;
}

bool ds_identity_feed(struct ds_identity_peek *s, const uint8_t *p, size_t len,
		      const uint8_t **identity, size_t *identity_len)
{
	struct ds_handshake_header h;
	size_t n;

	while (ds_handshake_parse(&h, p, len)) {
		if (h.type == DS_CLIENT_KEY_EXCHANGE)
			keep(s, &h);
		p += HEADER_LEN + h.fragment_len;
		len -= HEADER_LEN + h.fragment_len;
	}
	if (!is_complete(s, 2))
		return false;
	n = (size_t)s->buf[0] << 8 | s->buf[1];
	if (n > DS_IDENTITY_MAX || 2 + n > s->len || !is_complete(s, 2 + n))
		return false;
	*identity = s->buf + 2;
	*identity_len = n;
	return true;
}
