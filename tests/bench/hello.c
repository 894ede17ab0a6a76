/* SPDX-License-Identifier: Apache-2.0 */
/* hello.c - ClientHellos that are a function of their source address */
#include "tests/bench/hello.h"

#include <string.h>

#define CID_EXTENSION 5 /* bytes, the last ones of @extensions */

uint8_t *hello_bytes(uint8_t *p, const void *data, size_t len)
{
	memcpy(p, data, len);
	return p + len;
}

uint8_t *hello_number(uint8_t *p, size_t bytes, uint64_t n)
{
	while (bytes--)
		*p++ = (uint8_t)(n >> 8 * bytes);
	return p;
}

uint8_t *hello_handshake(uint8_t *p, uint8_t type, size_t len, uint16_t message_seq)
{
	p = hello_number(p, 1, type);
	p = hello_number(p, 3, len);
	p = hello_number(p, 2, message_seq);
	p = hello_number(p, 3, 0);
	return hello_number(p, 3, len);
}

void hello_random(uint8_t out[HELLO_RANDOM], uint32_t source)
{
	for (uint32_t i = 0; i < HELLO_RANDOM / 4; i++)
		out = hello_number(out, 4, source ^ (0x9E3779B9U * (i + 1)));
}

static uint8_t *write_body(uint8_t *p, uint32_t source, struct hello_offer offer,
			   const uint8_t *cookie, size_t cookie_len)
{
	static const uint8_t psk[] = {0, 2, 0x00, 0xA8, 1, 0},
			     curves[] = {0, 4, 0xC0, 0x2B, 0xC0, 0xAC, 1, 0};
	static const uint8_t extensions[] = {
		0, 23, 0, 0,		  /* extended_master_secret */
		0, 10, 0, 4, 0, 2, 0, 23, /* supported_groups: secp256r1 */
		0, 11, 0, 2, 1, 0,	  /* ec_point_formats: uncompressed */
		0, 13, 0, 4, 0, 2, 4, 3,  /* signature_algorithms: ecdsa, sha256 */
		0, 54, 0, 1, 0,		  /* connection_id of no length */
	};
	size_t n = sizeof(extensions) - (offer.cid ? 0 : CID_EXTENSION);

	p = hello_number(p, 2, 0xFEFD);
	hello_random(p, source);
	p += HELLO_RANDOM;
	p = hello_number(p, 1, 0); /* session id */
	p = hello_number(p, 1, cookie_len);
	p = hello_bytes(p, cookie, cookie_len);
	p = offer.psk ? hello_bytes(p, psk, sizeof(psk)) : hello_bytes(p, curves, sizeof(curves));
	p = hello_number(p, 2, n);
	return hello_bytes(p, extensions, n);
}

size_t hello_write(uint8_t *out, uint32_t source, struct hello_offer offer, const uint8_t *cookie,
		   size_t cookie_len)
{
	uint8_t body[HELLO_ROOM], *p;
	size_t len = (size_t)(write_body(body, source, offer, cookie, cookie_len) - body);

	p = hello_number(out, 3, 0x16FEFD); /* handshake, DTLS 1.2 */
	p = hello_number(p, 8, cookie_len ? 1 : 0);
	p = hello_number(p, 2, len + 12);
	p = hello_handshake(p, 1, len, cookie_len ? 1 : 0); /* ClientHello */
	p = hello_bytes(p, body, len);
	return (size_t)(p - out);
}
