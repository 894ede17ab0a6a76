/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello.h - the few handshake bytes the engine reads itself
 *
 * Before a cookie nothing may be given to Mbed TLS, so the engine reads ClientHello's head; and
 * it must know a PSK identity before Mbed TLS asks for the key.  Pure parsers of hostile
 * bytes: no state but what the caller passes.
 */
#ifndef CORE_HELLO_H
#define CORE_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dtlsshim/config.h"

/* Bytes of a ClientHello we take: with its header it fills Mbed TLS's buffer. */
#define DS_HELLO_MAX 6132

enum ds_handshake_type {
	DS_HELLO_REQUEST = 0,
	DS_CLIENT_HELLO = 1,
	DS_SERVER_HELLO = 2,
	DS_HELLO_VERIFY_REQUEST = 3,
	DS_CLIENT_KEY_EXCHANGE = 16,
	DS_FINISHED = 20,
};

/**
 * struct ds_handshake_header - RFC 6347, 4.2.2; @body points behind it
 * @len:	of the whole message, @fragment_len bytes of it from @fragment_offset here
 */
struct ds_handshake_header {
	uint8_t type;
	uint32_t len;
	uint16_t message_seq;
	uint32_t fragment_offset, fragment_len;
	const uint8_t *body;
};

/* Reads the header at @p of @len bytes; false if it, or its fragment, does not fit. */
bool ds_handshake_parse(struct ds_handshake_header *h, const uint8_t *p, size_t len);

/**
 * struct ds_hello - what a cookie depends on; points into the datagram
 * @complete:	the whole ClientHello is in this record; @suites and what follows is known.  A
 *		fragmented hello (OpenSSL and post-quantum clients) must have its cookie in
 *		the first fragment.
 * @params:	client version, random, session id; then, if @complete, suites and compression
 *		methods: two ranges because the cookie stands between them
 * @suites:	what the client offers, two bytes each (only if @complete)
 * @too_long:	more than we take of one; nothing else is known
 * @cid_offered, @ems: extensions 54 and 23 are there (only if @complete)
 * @versions, @groups, @name, @cert_types: content of extensions 43, 10, 0 and 20 (only if @complete)
 */
struct ds_hello {
	bool complete, too_long;
	const uint8_t *params[2];
	size_t params_len[2];
	const uint8_t *cookie;
	size_t cookie_len;
	uint16_t message_seq;
	uint64_t number; /* of the record: HelloVerifyRequest repeats it */
	const uint8_t *suites;
	size_t suites_len;
	bool cid_offered, ems;
	struct ds_span {
		const uint8_t *p; /* NULL = it is not there */
		size_t len;
	} versions, groups, name, cert_types;
};

/**
 * ds_hello_parse() - read the head of a ClientHello
 * @p, @len:	the fragment of an epoch 0 handshake record
 * @number:	the record's number
 *
 * Return: false if it is not the first fragment of a well-formed ClientHello for DTLS 1.2
 * or 1.0: drop, count.
 */
bool ds_hello_parse(struct ds_hello *out, const uint8_t *p, size_t len, uint64_t number);

/* True if the whole ClientHello or ServerHello of @len bytes at @p, header included, speaks of the return
 * routability check: it has an rrc extension, which is empty, and the connection_id extension without
 * which that means nothing (RFC 9853, 3). */
bool ds_hello_has_rrc(const uint8_t *p, size_t len);

/* Appends the rrc extension to the hello of @len bytes at @p, where there is room for @cap.  Returns its
 * new length; 0, and nothing has changed, if the hello has no connection_id extension, has an rrc
 * extension already, does not parse, or there is no room. */
#define DS_HELLO_RRC 4 /* bytes that are added */
size_t ds_hello_add_rrc(uint8_t *p, size_t len, size_t cap);

/* Empties the session id of the whole ServerHello of @len bytes at @p: the session cannot be resumed (RFC
 * 5246, 7.4.1.3).  Its new length, or @len if it is no ServerHello. */
size_t ds_hello_drop_session_id(uint8_t *p, size_t len);

/* Bytes of a HelloVerifyRequest record. */
#define DS_HVR_LEN(cookie_len) (13 + 12 + 3 + (cookie_len))

/* Writes the HelloVerifyRequest record that answers @hello (RFC 6347, 4.2.1); its length. */
size_t ds_hello_verify_request(uint8_t *out, const struct ds_hello *hello, const uint8_t *cookie,
			       uint8_t cookie_len);

#define DS_ALERT_LEN 15

/* Writes a record with a fatal alert, without keeping anything, for a hello of which no handshake can
 * come; its length. */
size_t ds_hello_alert(uint8_t *out, const struct ds_hello *hello, uint8_t description);

/**
 * struct ds_identity_peek - collects the ClientKeyExchange of one handshake
 *
 * Fragments may come in any order and repeatedly; what does not fit is ignored, and the identity
 * is then never known (Mbed TLS will refuse the message too).
 */
struct ds_identity_peek {
	uint8_t buf[2 + DS_IDENTITY_MAX];
	uint8_t have[(2 + DS_IDENTITY_MAX + 7) / 8];
	uint32_t len; /* of the message, 0 = nothing yet */
};

/**
 * ds_identity_feed() - look at an epoch 0 handshake record for the PSK identity
 * @p, @len:	the record's fragment: one or more handshake messages (RFC 4279, 2 and
 *		RFC 5489, 2: ClientKeyExchange begins with the identity)
 * @identity:	out: points into @s
 *
 * Return: true once the identity is complete
 */
bool ds_identity_feed(struct ds_identity_peek *s, const uint8_t *p, size_t len,
		      const uint8_t **identity, size_t *identity_len);

#endif
