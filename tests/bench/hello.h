/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello.h - ClientHellos that are a function of their source address
 *
 * A generator with a hundred thousand clients has to keep none of them: it writes the same hello again.
 */
#ifndef TESTS_BENCH_HELLO_H
#define TESTS_BENCH_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HELLO_ROOM   512
#define HELLO_RANDOM 32

/* What a hello offers: a pre-shared key instead of ECDHE-ECDSA; Connection IDs. */
struct hello_offer {
	bool psk, cid;
};

void hello_random(uint8_t out[HELLO_RANDOM], uint32_t source);

/* Writes the record of a ClientHello to @out, HELLO_ROOM bytes; its length.  @cookie_len 0: the first. */
size_t hello_write(uint8_t *out, uint32_t source, struct hello_offer offer, const uint8_t *cookie,
		   size_t cookie_len);

/* Writes @n in @bytes bytes, the highest first; where the next one goes. */
uint8_t *hello_number(uint8_t *p, size_t bytes, uint64_t n);
uint8_t *hello_bytes(uint8_t *p, const void *data, size_t len);

/* Writes a handshake header (RFC 6347, 4.2.2) of a message of @len bytes in one piece. */
uint8_t *hello_handshake(uint8_t *p, uint8_t type, size_t len, uint16_t message_seq);

#endif
