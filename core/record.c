/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.c - the DTLS 1.2 record layer of established sessions
 *
 * How it works.  A record on the wire is
 *
 *	type 1 | version 2 | epoch 2 | sequence 6 | [CID] | length 2 | fragment
 *
 * (RFC 6347, 4.1; with type 25 and a CID: RFC 9146, 4), and a protected fragment is
 *
 *	[explicit nonce 8] | encrypted content | tag
 *
 * (RFC 5246, 6.2.3.3).  With a CID the encrypted content is the data, then its true content type,
 * then any number of zeros (RFC 9146, 4); without, it is the data alone.
 *
 * Invariants.  Nothing is read behind the datagram or written behind @cap.  Nothing of a
 * record is believed before its tag was verified, and every header byte is under the tag.
 *
 * Not here: which key, replay, limits of a key, what a content type may do.
 */
#include "core/record.h"

#include <string.h>

#define VERSION_1_2 0xFEFD /* RFC 6347, 4.1 */
#define VERSION_1_0 0xFEFF

#define NUMBER_LEN     8			/* epoch and sequence number */
#define NONCE_LEN      12			/* RFC 5288, 3; RFC 6655, 3; RFC 7905, 2 */
#define AAD_MAX	       (23 + DS_CID_MAX)	/* RFC 9146, 5.3 */
#define CIPHERTEXT_MAX (DS_PAYLOAD_MAX + 2048U) /* RFC 5246, 6.2.3 */

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put64(uint8_t *p, uint64_t v)
{
	for (int i = NUMBER_LEN - 1; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static size_t get16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < NUMBER_LEN; i++)
		v = v << 8 | p[i];
	return v;
}

static bool is_known_type(const struct ds_record *r, size_t cid_len)
{
	switch (r->type) {
	case DS_TLS12_CID: return cid_len > 0;	    /* RFC 9146, 3: without a CID there are none */
	case DS_RRC: return ds_record_epoch(r) > 0; /* RFC 9853, 4: always encrypted */
	default: return r->type >= DS_CCS && r->type <= DS_APPDATA;
	}
}

static bool is_known_version(const struct ds_record *r)
{
	/* RFC 6347, 4.2.1: a hello, sent before a version is agreed on, may say 1.0 */
	return r->version == VERSION_1_2 ||
	       (r->version == VERSION_1_0 && ds_record_epoch(r) == 0 && r->type != DS_TLS12_CID);
}

/*
 * The type alone would not do.  From 20 to 63 it is DTLS for who knows what else there may be (RFC 7983,
 * 7; RFC 9443, 3), but SNMP begins with 48, syslog with 60, an MQTT-SN message of 22 bytes with 22.  The
 * version behind it is in none of them: it would be a length of 126 bytes of length, no digit, and a
 * control byte with bits that are reserved.
 */
bool ds_record_resembles(const uint8_t *p, size_t len)
{
	return len >= 3 && p[0] >= DS_CCS && p[0] <= 63 && p[1] == VERSION_1_2 >> 8 && p[2] >= 0xfc;
}

enum ds_parse ds_record_parse(struct ds_record *out, uint8_t *p, size_t len, size_t cid_len)
{
	size_t header;

	if (len < DS_RECORD_HEADER)
		return DS_PARSE_SHORT;
	out->type = p[0];
	out->version = (uint16_t)get16(p + 1);
	out->number = get64(p + 3);
	if (!is_known_type(out, cid_len))
		return DS_PARSE_TYPE;
	if (!is_known_version(out))
		return DS_PARSE_VERSION;

	/* RFC 9146, 4: the CID stands before the length, and only in records of type tls12_cid */
	out->cid_len = out->type == DS_TLS12_CID ? cid_len : 0;
	out->cid = out->cid_len > 0 ? p + 11 : NULL;
	header = DS_RECORD_HEADER + out->cid_len;
	if (len < header)
		return DS_PARSE_SHORT;
	out->len = get16(p + header - 2);
	if (out->len > len - header || out->len > CIPHERTEXT_MAX)
		return DS_PARSE_LENGTH;
	out->fragment = p + header;
	out->total = header + out->len;
	return DS_PARSE_OK;
}

size_t ds_record_size(const struct ds_suite *suite, size_t len, size_t cid_len)
{
	size_t inner_type = cid_len > 0 ? 1 : 0;

	return DS_RECORD_HEADER + cid_len + suite->explicit_len + len + inner_type + suite->tag_len;
}

/*
 * RFC 5288, 3 and RFC 6655, 3: implicit part, then the explicit part from the record.
 * RFC 7905, 2: the implicit part, its end xored with epoch and sequence number.
 */
static void make_nonce(const struct ds_record_key *key, const uint8_t *explicit_part,
		       uint64_t number, uint8_t nonce[static NONCE_LEN])
{
	uint8_t n[NUMBER_LEN];

	memcpy(nonce, key->iv, key->suite->iv_len);
	if (key->suite->explicit_len > 0) {
		memcpy(nonce + key->suite->iv_len, explicit_part, key->suite->explicit_len);
		return;
	}
	put64(n, number);
	for (int i = 0; i < NUMBER_LEN; i++)
		nonce[NONCE_LEN - NUMBER_LEN + i] ^= n[i];
}

/*
 * The additional data of the record whose header stands at @header; @len is the length of what is
 * encrypted, without nonce and tag.
 *
 * RFC 5246, 6.2.3.3 with RFC 6347, 4.1.2.1: seq_num (epoch and sequence), type, version, length.
 *
 * RFC 9146, 5.3: seq_num_placeholder (8 times 0xff), tls12_cid, cid_length, tls12_cid, version,
 * epoch, sequence_number, cid, length_of_DTLSInnerPlaintext.  It can be mistaken neither for the
 * other (which begins with a true epoch) nor for itself with another CID length.
 */
static size_t make_aad(const uint8_t *header, size_t cid_len, size_t len,
		       uint8_t aad[static AAD_MAX])
{
	uint8_t *p = aad;

	if (header[0] != DS_TLS12_CID) {
		memcpy(p, header + 3, NUMBER_LEN);
		memcpy(p + 8, header, 3); /* type, version */
		put16(p + 11, len);
		return 13;
	}
	memset(p, 0xFF, 8);
	p[8] = DS_TLS12_CID;
	p[9] = (uint8_t)cid_len;
	/* The header as it stands, up to the length: type, version, epoch, sequence, CID */
	memcpy(p + 10, header, 11 + cid_len);
	put16(p + 21 + cid_len, len);
	return 23 + cid_len;
}

int ds_record_seal(const struct ds_record_key *key, const struct ds_seal *what, uint8_t *out,
		   size_t cap)
{
	const struct ds_suite *suite = key->suite;
	size_t header = DS_RECORD_HEADER + what->cid_len, total;
	uint8_t nonce[NONCE_LEN], aad[AAD_MAX], *content;
	struct ds_aead_op op = {.nonce = nonce, .aad = aad, .in = what->data, .len = what->len};

	/* RFC 5246, 6.2.1 */
	if (what->len > DS_PAYLOAD_MAX)
		return DS_E_TOOBIG;
	total = ds_record_size(suite, what->len, what->cid_len);
	if (cap < total || what->cid_len > DS_CID_MAX)
		return DS_E_SPACE;

	/* RFC 6347, 4.1; RFC 9146, 4 */
	out[0] = what->cid_len > 0 ? DS_TLS12_CID : what->type;
	put16(out + 1, VERSION_1_2);
	put64(out + 3, what->number);
	if (what->cid_len > 0)
		memcpy(out + 11, what->cid, what->cid_len);
	put16(out + header - 2, total - header);

	/* RFC 9325, 7.2.1: the explicit part is epoch and sequence number, which never repeat */
	put64(nonce, what->number);
	memcpy(out + header, nonce, suite->explicit_len);
	make_nonce(key, out + header, what->number, nonce);

	/* RFC 9146, 4: DTLSInnerPlaintext = content, real_type, zeros (none) */
	content = out + header + suite->explicit_len;
	if (what->cid_len > 0) {
		if (what->len > 0)
			memcpy(content, what->data, what->len);
		content[op.len++] = what->type;
		op.in = content;
	} else if (what->len == 0) {
		op.in = content; /* @data may be NULL */
	}
	op.aad_len = make_aad(out, what->cid_len, op.len, aad);
	op.out = content;
	if (key->aead->ops->seal(key->aead, suite, key->expanded, &op, content + op.len) == 0)
		return (int)total;
	memset(out, 0, total); /* no plaintext may stay where a datagram is expected */
	return DS_E_CRYPTO;
}

/* RFC 9146, 4 and 5: the last byte that is not zero is the content type. */
static void strip_padding(struct ds_opened *o)
{
	while (o->len > 0 && o->data[o->len - 1] == 0)
		o->len--;
	if (o->len > 0)
		o->type = o->data[--o->len];
	else
		o->type = 0;
}

int ds_record_open(const struct ds_record_key *key, const struct ds_record *r,
		   struct ds_opened *out)
{
	const struct ds_suite *suite = key->suite;
	size_t expansion = (size_t)suite->explicit_len + suite->tag_len;
	uint8_t nonce[NONCE_LEN], aad[AAD_MAX], *content;
	struct ds_aead_op op = {.nonce = nonce, .aad = aad};

	if (r->len < expansion || r->cid_len > DS_CID_MAX)
		return DS_E_CRYPTO;
	content = r->fragment + suite->explicit_len;
	op.in = op.out = content;
	op.len = r->len - expansion;
	make_nonce(key, r->fragment, r->number, nonce);
	op.aad_len = make_aad(ds_record_start(r), r->cid_len, op.len, aad);
	if (key->aead->ops->open(key->aead, suite, key->expanded, &op, content + op.len) != 0)
		return DS_E_CRYPTO;

	*out = (struct ds_opened){.type = r->type, .data = content, .len = op.len};
	if (r->type == DS_TLS12_CID)
		strip_padding(out);
	/* RFC 5246, 6.2.1; the padding of RFC 9146 does not count */
	return out->len <= DS_PAYLOAD_MAX ? 0 : DS_E_TOOBIG;
}

size_t ds_key_block_len(const struct ds_suite *suite)
{
	return 2U * suite->key_len + 2U * suite->iv_len;
}

struct ds_key_block ds_record_keys(const struct ds_suite *suite, const uint8_t *block)
{
	/* RFC 5246, 6.3; AEAD suites have no MAC keys */
	const uint8_t *iv = block + 2 * suite->key_len;

	return (struct ds_key_block){
		.client_key = block,
		.server_key = block + suite->key_len,
		.client_iv = iv,
		.server_iv = iv + suite->iv_len,
	};
}
