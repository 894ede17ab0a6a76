/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_key.h - a key for each piece of a state file
 *
 * Memory:   all in the struct, which the caller keeps where keys belong and wipes with _fini().
 */
#ifndef CORE_STORE_KEY_H
#define CORE_STORE_KEY_H

#include <mbedtls/aes.h>

#include "dtlsshim/store.h"

/**
 * struct ds_store_keys - what keys are made of
 * @master:	the state key
 * @file_id, @aes, @subkey: the file whose key @aes has, if @ready; the first subkey of its CMAC
 */
struct ds_store_keys {
	uint8_t master[DS_STORE_KEY], file_id[16], subkey[16];
	mbedtls_aes_context aes;
	bool ready;
};

void ds_store_keys_init(struct ds_store_keys *k, const uint8_t master[static DS_STORE_KEY]);
void ds_store_keys_fini(struct ds_store_keys *k);

/**
 * ds_store_keys_make() - the key of a piece
 * @version:	of the format; pieces of version 1 are all sealed under the state key itself
 * @file_id:	16 bytes
 * @out:	the caller wipes it
 *
 * Return: 0 or DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_store_keys_make(struct ds_store_keys *k, unsigned version, const uint8_t file_id[static 16],
		       uint64_t id, uint8_t out[static DS_STORE_KEY]);

#endif
