/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suite.h - the cipher suites, once
 *
 * AEAD suites of TLS 1.2 only.  One table; its order is that in which a client of ours offers them.
 */
#ifndef CORE_SUITE_H
#define CORE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ds_aead_alg { DS_AES_CCM, DS_AES_GCM, DS_CHACHA20_POLY1305 };

#define DS_KEY_MAX 32 /* bytes of an AEAD key */
#define DS_IV_MAX  12 /* bytes of the implicit part of a nonce */
#define DS_TAG_MAX 16

/**
 * struct ds_suite - what the record layer must know of a cipher suite
 * @iv_len:	implicit nonce: 4 (RFC 5288, 3; RFC 6655, 3) or 12 (RFC 7905, 2)
 * @explicit_len: nonce bytes in each record: 8 or 0
 * @psk, @cert:	how the peer authenticates
 * @ecdhe:	its handshake computes on a curve, and takes many times as long as without
 * @records:	records that may be sealed, or opened, under one key (RFC 9147, 4.5.3)
 * @failures:	records that may fail under one key (RFC 9147, 4.5.3)
 */
struct ds_suite {
	uint16_t id;
	enum ds_aead_alg alg;
	uint8_t key_len, iv_len, explicit_len, tag_len;
	bool psk, cert, ecdhe;
	uint64_t records, failures;
	const char *name;
};

/* The suite with IANA number @id, or NULL. */
const struct ds_suite *ds_suite_find(uint16_t id);

#endif
