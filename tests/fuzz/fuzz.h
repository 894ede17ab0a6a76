/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - what the fuzz targets share
 *
 * Built with clang's libFuzzer by `make fuzz`; randomness is counted, so a crash can be repeated.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "dtlsshim/engine.h"
#include "dtlsshim/store.h"

#define FUZZ_NOW (1000 * DS_SECOND)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern struct ds_config fuzz_cfg; /* ready after fuzz_engine(), or at once for ciphers */

/* A server with pre-shared keys. */
struct ds_engine *fuzz_engine(void);
/* The input as what happens: datagrams, time, answers. */
void fuzz_live(struct ds_engine *e, const uint8_t *data, size_t size);

/* Takes bytes from the input; zeros when there are no more. */
void fuzz_fill(const uint8_t **data, size_t *size, void *out, size_t len);
const uint8_t *fuzz_take(const uint8_t **data, size_t *size, size_t len);

#endif
