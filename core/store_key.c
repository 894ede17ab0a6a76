/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_key.c - see store_key.h
 *
 * One AES-GCM key with random nonces may seal 2^32 pieces.  A state file lives for years and an image is
 * written whenever its session changes, so one key for everything would have to be counted, and a
 * count is lost by kill -9 and used twice by a copy of the file.  Here nothing is counted.  Each file
 * has a key, made of the state key and the file's random id by HKDF (RFC 5869); and each session has
 * one, made of the file's key and the session's random id by the KDF in counter mode of NIST SP
 * 800-108 with AES-CMAC.  An image is written once for a record at most, and no suite allows more than
 * 2^24.5 records each way, so no key seals 2^30 images.  A copy of the file goes on with the same keys,
 * but its sessions are dropped, or are the same sessions with the same limit.
 *
 * The second step is AES, not HKDF, because it is done for each of a million images at a start: its
 * message is one block, so that its CMAC is one encryption.
 */
#include "core/store_key.h"

#include <string.h>

#include <mbedtls/hkdf.h>

#include "core/wipe.h"
#include "dtlsshim/err.h"

#define BLOCK 16 /* bytes of AES */
#define BITS  (8 * DS_STORE_KEY)

void ds_store_keys_init(struct ds_store_keys *k, const uint8_t master[static DS_STORE_KEY])
{
	memset(k, 0, sizeof(*k));
	memcpy(k->master, master, sizeof(k->master));
	mbedtls_aes_init(&k->aes);
}

void ds_store_keys_fini(struct ds_store_keys *k)
{
	mbedtls_aes_free(&k->aes);
	ds_wipe(k, sizeof(*k));
}

/* The subkey of CMAC for whole blocks (NIST SP 800-38B, 6.1): zeros encrypted, doubled. */
static int make_subkey(struct ds_store_keys *k)
{
	uint8_t zeros[BLOCK] = {0}, l[BLOCK];

	if (mbedtls_aes_crypt_ecb(&k->aes, MBEDTLS_AES_ENCRYPT, zeros, l))
		return DS_E_CRYPTO;
	for (int i = 0; i < BLOCK; i++)
		k->subkey[i] = (uint8_t)(l[i] << 1 | (i + 1 < BLOCK ? l[i + 1] >> 7 : 0));
	k->subkey[BLOCK - 1] ^= (uint8_t)(0x87 & -(l[0] >> 7));
	ds_wipe(l, sizeof(l));
	return 0;
}

/* Makes the key of another file the one that @k has. */
static int make_file_key(struct ds_store_keys *k, const uint8_t file_id[static 16])
{
	static const uint8_t info[] = "dtlsshim state file";
	uint8_t key[DS_STORE_KEY];
	int err;

	k->ready = false;
	err = mbedtls_hkdf(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), file_id, 16, k->master,
			   sizeof(k->master), info, sizeof(info) - 1, key, sizeof(key));
	if (!err)
		err = mbedtls_aes_setkey_enc(&k->aes, key, BITS);
	ds_wipe(key, sizeof(key));
	if (err || make_subkey(k))
		return DS_E_CRYPTO;
	memcpy(k->file_id, file_id, sizeof(k->file_id));
	k->ready = true;
	return 0;
}

/* Half @i, 1 or 2, of a key: CMAC(counter | "seal" | 0 | id | length in bits). */
static int make_half(struct ds_store_keys *k, uint8_t i, uint64_t id, uint8_t out[static BLOCK])
{
	uint8_t m[BLOCK] = {i, 's', 'e', 'a', 'l', 0};

	for (int b = 0; b < 8; b++)
		m[6 + b] = (uint8_t)(id >> 8 * b);
	m[14] = BITS >> 8;
	for (int b = 0; b < BLOCK; b++)
		m[b] ^= k->subkey[b];
	return mbedtls_aes_crypt_ecb(&k->aes, MBEDTLS_AES_ENCRYPT, m, out);
}

int ds_store_keys_make(struct ds_store_keys *k, unsigned version, const uint8_t file_id[static 16],
		       uint64_t id, uint8_t out[static DS_STORE_KEY])
{
	if (version == 1) {
		memcpy(out, k->master, DS_STORE_KEY);
		return 0;
	}
	if ((!k->ready || memcmp(k->file_id, file_id, sizeof(k->file_id)) != 0) &&
	    make_file_key(k, file_id))
		return DS_E_CRYPTO;
	return make_half(k, 1, id, out) || make_half(k, 2, id, out + BLOCK) ? DS_E_CRYPTO : 0;
}
