/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - engines for measuring, and the keys of their clients
 *
 * Errors:   the program ends with a message.
 */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include "dtlsshim/engine.h"

struct bench_key {
	char identity[32];
	uint8_t bytes[DS_PSK_MAX];
	size_t len;
};

__attribute__((format(printf, 1, 2), noreturn)) void bench_die(const char *fmt, ...);

ds_time bench_now(void);

/* Reads up to @n lines "identity,hexkey"; how many there were. */
size_t bench_keys(const char *file, struct bench_key *keys, size_t n);

/* The certificates in @file; @len counts the 0 at their end. */
uint8_t *bench_pem(const char *file, size_t *len);

/* Default configuration with memory from the heap and randomness from the system. */
void bench_config(struct ds_config *cfg, enum ds_role role);
/* Bytes that engines hold now. */
size_t bench_memory(void);

/* A client of one session.  @key or, checked against @ca (PEM, its end counted), a certificate. */
struct ds_engine *bench_client(const struct bench_key *key, const uint8_t *ca, size_t ca_len,
			       uint16_t suite);

struct ds_engine *bench_engine(const struct ds_config *cfg);

#endif
