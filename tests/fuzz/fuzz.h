/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - what the fuzz targets share
 *
 * Built with clang's libFuzzer by `make fuzz`.  Random numbers are computed from a seed, so that a
 * crash can be repeated, and an input that was recorded stays good.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "dtlsshim/engine.h"
#include "dtlsshim/store.h"

#define FUZZ_NOW   (1000 * DS_SECOND)
#define FUZZ_WALL  1000 /* wall clock minus the engine's clock, in seconds */
#define FUZZ_SLOTS 3	/* places of the store target */
#define FUZZ_LONG  0x20 /* a step of fuzz_live() has two bytes of length */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the store target begins with; then come steps of fuzz_live(). */
struct fuzz_store {
	uint8_t mode; /* FUZZ_PLAIN and others */
	uint8_t lines[FUZZ_SLOTS][DS_STORE_LINE];
	uint8_t images[FUZZ_SLOTS][DS_STORE_IMAGE];
	uint8_t header[DS_STORE_HEADER];
};
#define FUZZ_PLAIN 1 /* images are not sealed yet, and their ids are those of their lines */
#define FUZZ_LEAP  2
#define FUZZ_AGE   4 /* sessions older than 100 seconds do not come back */

extern const uint8_t fuzz_state_key[DS_STORE_KEY];
extern const uint8_t fuzz_psk[16];

/* Defaults, with memory from calloc() and random numbers from @seed, which must outlive @cfg. */
void fuzz_config(struct ds_config *cfg, uint64_t *seed);
/* A server with pre-shared keys, whose random numbers begin anew. */
struct ds_engine *fuzz_engine(void);
/* The configuration of fuzz_engine(); for ciphers it is ready before. */
extern struct ds_config fuzz_cfg;
/* The input as what happens: datagrams, time, answers. */
void fuzz_live(struct ds_engine *e, const uint8_t *data, size_t size);
/* If set, gets each datagram that fuzz_live() has the engine send. */
extern void (*fuzz_sent)(const struct ds_path *path, const uint8_t *data, size_t len);

/* Takes bytes from the input; zeros when there are no more. */
void fuzz_fill(const uint8_t **data, size_t *size, void *out, size_t len);

#endif
