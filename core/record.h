/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - the DTLS 1.2 record layer of established sessions
 *
 * RFC 6347, 4.1; RFC 5246, 6.2.3.3 (AEAD); RFC 9146, 4 and 5 (tls12_cid).  Pure functions: keys
 * and numbers come in, bytes go out.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "core/aead.h"
#include "dtlsshim/err.h"

/* RFC 5246, 6.2.1; RFC 9146, 3 */
enum ds_content {
	DS_CCS = 20,
	DS_ALERT = 21,
	DS_HANDSHAKE = 22,
	DS_APPDATA = 23,
	DS_TLS12_CID = 25,
	DS_RRC = 27, /* RFC 9853, 4 */
};

/* RFC 5246, 7.2: the two levels, and descriptions that are looked at or sent here */
enum ds_alert_level { DS_ALERT_WARNING = 1, DS_ALERT_FATAL = 2 };
enum ds_alert_description {
	DS_ALERT_CLOSE_NOTIFY = 0,
	DS_ALERT_BAD_RECORD_MAC = 20,
	DS_ALERT_HANDSHAKE_FAILURE = 40,
	DS_ALERT_NO_CERTIFICATE = 41,
	DS_ALERT_BAD_CERTIFICATE = 42,
	DS_ALERT_UNSUPPORTED_CERTIFICATE = 43,
	DS_ALERT_CERTIFICATE_REVOKED = 44,
	DS_ALERT_CERTIFICATE_EXPIRED = 45,
	DS_ALERT_CERTIFICATE_UNKNOWN = 46,
	DS_ALERT_UNKNOWN_CA = 48,
	DS_ALERT_DECRYPT_ERROR = 51,
	DS_ALERT_PROTOCOL_VERSION = 70,
	DS_ALERT_NO_RENEGOTIATION = 100,
	DS_ALERT_UNKNOWN_PSK_IDENTITY = 115, /* RFC 4279, 6 */
	DS_ALERT_CERTIFICATE_REQUIRED = 116, /* RFC 8446, 6.2 */
};

#define DS_RECORD_HEADER 13 /* without CID; RFC 6347, 4.1 */
#define DS_SEQ_MAX	 ((1ULL << 48) - 1)
/* Numbers before a session's first that are left to the context that may repeat its last flight.  Some
 * peers take nothing that is more than 64 ahead of what they have seen. */
#define DS_LINGER_SEQS 60

/**
 * struct ds_record - a parsed record; points into the datagram
 * @number:	epoch and sequence number as one value: epoch << 48 | sequence
 * @cid:	only for type 25
 * @fragment:	what follows the header, @len bytes
 * @total:	bytes of the whole record: where the next one begins
 */
struct ds_record {
	uint8_t type;
	uint16_t version;
	uint64_t number;
	const uint8_t *cid;
	size_t cid_len;
	uint8_t *fragment;
	size_t len, total;
};

static inline unsigned ds_record_epoch(const struct ds_record *r)
{
	return (unsigned)(r->number >> 48);
}

static inline uint64_t ds_record_seq(const struct ds_record *r)
{
	return r->number & DS_SEQ_MAX;
}

/* The record's first byte; @total bytes follow. */
static inline uint8_t *ds_record_start(const struct ds_record *r)
{
	return r->fragment + r->len - r->total;
}

enum ds_parse { DS_PARSE_OK, DS_PARSE_SHORT, DS_PARSE_TYPE, DS_PARSE_VERSION, DS_PARSE_LENGTH };

/**
 * ds_record_parse() - read the header of the record at @p
 * @cid_len:	length of the CIDs we hand out: a type 25 record has one of that length
 *
 * Accepts types 20..23 and 25, 27 if it is protected (RFC 9853, 4), version 1.2, and 1.0 in epoch 0
 * (RFC 6347, 4.2.1: a ClientHello or HelloVerifyRequest may carry it).  Type 25 with @cid_len 0 is
 * DS_PARSE_TYPE (RFC 9146, 3).
 * DS_PARSE_LENGTH: the record would end behind the datagram, or is longer than any may be.
 */
enum ds_parse ds_record_parse(struct ds_record *out, uint8_t *p, size_t len, size_t cid_len);

/* True for a datagram that begins with the type and the version of a DTLS record, whether or not the
 * rest makes one; false for plaintext. */
bool ds_record_resembles(const uint8_t *p, size_t len);

/**
 * struct ds_record_key - one direction of a session, ready for use; borrowed for a call
 * @iv:		@suite->iv_len bytes
 * @expanded:	from ds_aead_ops.expand()
 */
struct ds_record_key {
	struct ds_aead *aead;
	const struct ds_suite *suite;
	const uint8_t *iv;
	void *expanded;
};

/* Bytes of a record that carries @len bytes to a peer with a CID of @cid_len bytes (0: no CID). */
size_t ds_record_size(const struct ds_suite *suite, size_t len, size_t cid_len);

/**
 * struct ds_seal - what goes into a record
 * @number:	epoch << 48 | sequence; the caller never uses one twice under a key
 * @cid:	the peer's CID; @cid_len 0 = classic record (RFC 9146, 3)
 * @type:	inner content type
 */
struct ds_seal {
	uint64_t number;
	const uint8_t *cid;
	size_t cid_len;
	uint8_t type;
	const uint8_t *data;
	size_t len;
};

/**
 * ds_record_seal() - write the protected record of @what to @out
 * @out:	room for ds_record_size() bytes; must not overlap @what->data
 *
 * No padding is added (RFC 9146, 4 leaves it to the sender).
 *
 * Return: bytes written, or DS_E_TOOBIG (more than 2^14 bytes), DS_E_SPACE, DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_record_seal(const struct ds_record_key *key, const struct ds_seal *what, uint8_t *out,
		   size_t cap);

/**
 * struct ds_opened - what was in a record
 * @type:	inner content type; 0 = none there (RFC 9146, 5: only zeros)
 * @data:	inside the record's own bytes
 */
struct ds_opened {
	uint8_t type;
	uint8_t *data;
	size_t len;
};

/**
 * ds_record_open() - authenticate and decrypt a record in place
 * @r:		from ds_record_parse(), epoch > 0
 *
 * A record that does not open is wiped: a caller that may need its bytes again keeps a copy.
 *
 * For GCM and CCM the nonce is the record's explicit part, as the RFCs say; senders that do not
 * use epoch and sequence for it are read too.
 *
 * Return: 0, DS_E_CRYPTO (not authentic or too short: drop, count), DS_E_TOOBIG (authentic, but
 * more than 2^14 bytes: drop)
 */
DS_MUST_CHECK
int ds_record_open(const struct ds_record_key *key, const struct ds_record *r,
		   struct ds_opened *out);

/**
 * ds_record_keys() - cut the key block of a session (RFC 5246, 6.3)
 * @block:	PRF output: client key, server key, client IV, server IV
 *
 * Returns pointers into @block.
 */
struct ds_key_block {
	const uint8_t *client_key, *server_key, *client_iv, *server_iv;
};
struct ds_key_block ds_record_keys(const struct ds_suite *suite, const uint8_t *block);
#define DS_KEY_BLOCK_MAX (2 * DS_KEY_MAX + 2 * DS_IV_MAX)
/* Bytes of key block the suite needs. */
size_t ds_key_block_len(const struct ds_suite *suite);

#endif
