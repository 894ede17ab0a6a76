/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cheap.h - the client's part of an ECDHE-ECDSA handshake, without arithmetic on curves
 *
 * A client's private key is the number 1: its public key is the curve's base point, and the shared
 * secret is the server's public key as it stands.  It believes every signature.  So one processor is
 * the clients of ten others, while the server does all of its work and cannot tell.
 *
 * Errors:   the program ends with a message if something cannot be a good server's flight.
 */
#ifndef TESTS_BENCH_CHEAP_H
#define TESTS_BENCH_CHEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ClientKeyExchange, ChangeCipherSpec and Finished, and what is needed to read the answer to them. */
struct cheap_answer {
	uint8_t data[256];
	size_t len;
	uint8_t block[40], verify[12];
};

void cheap_setup(void);

/* Answers the datagram @flight, which has all from ServerHello to ServerHelloDone; false if it is
 * something else.  @hello: the record of the ClientHello that had the cookie. */
bool cheap_answer(struct cheap_answer *out, const uint8_t *hello, size_t hello_len, uint8_t *flight,
		  size_t len);

/* True if the datagram has the server's Finished. */
bool cheap_is_finished(const struct cheap_answer *a, uint8_t *data, size_t len);

/* Writes a close_notify, at most 64 bytes; its length. */
size_t cheap_goodbye(const struct cheap_answer *a, uint8_t *out);

#endif
