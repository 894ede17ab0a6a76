/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aead_mbedtls.c - the ciphers of Mbed TLS
 *
 * Always there.  The only file that knows Mbed TLS's cipher interfaces.
 */
#include <mbedtls/ccm.h>
#include <mbedtls/chachapoly.h>
#include <mbedtls/gcm.h>

#include "core/aead.h"
#include "dtlsshim/err.h"

#define NONCE_LEN 12 /* bytes, of all our suites */

union expanded {
	mbedtls_gcm_context gcm;
	mbedtls_ccm_context ccm;
	mbedtls_chachapoly_context chacha;
};

static size_t key_size(const struct ds_suite *suite)
{
	switch (suite->alg) {
	case DS_AES_GCM: return sizeof(mbedtls_gcm_context);
	case DS_AES_CCM: return sizeof(mbedtls_ccm_context);
	case DS_CHACHA20_POLY1305: return sizeof(mbedtls_chachapoly_context);
	}
	return 0;
}

static void wipe(const struct ds_suite *suite, void *expanded)
{
	union expanded *k = expanded;

	switch (suite->alg) {
	case DS_AES_GCM: mbedtls_gcm_free(&k->gcm); break;
	case DS_AES_CCM: mbedtls_ccm_free(&k->ccm); break;
	case DS_CHACHA20_POLY1305: mbedtls_chachapoly_free(&k->chacha); break;
	}
}

static int expand(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key,
		  void *expanded)
{
	union expanded *k = expanded;
	unsigned int bits = suite->key_len * 8U;
	int rc = -1;

	(void)a;
	switch (suite->alg) {
	case DS_AES_GCM:
		mbedtls_gcm_init(&k->gcm);
		rc = mbedtls_gcm_setkey(&k->gcm, MBEDTLS_CIPHER_ID_AES, key, bits);
		break;
	case DS_AES_CCM:
		mbedtls_ccm_init(&k->ccm);
		rc = mbedtls_ccm_setkey(&k->ccm, MBEDTLS_CIPHER_ID_AES, key, bits);
		break;
	case DS_CHACHA20_POLY1305:
		mbedtls_chachapoly_init(&k->chacha);
		rc = mbedtls_chachapoly_setkey(&k->chacha, key);
		break;
	}
	if (rc == 0)
		return 0;
	wipe(suite, expanded);
	return DS_E_CRYPTO;
}

static int seal(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		const struct ds_aead_op *op, uint8_t *tag)
{
	union expanded *k = expanded;
	int rc = -1;

	(void)a;
	switch (suite->alg) {
	case DS_AES_GCM:
		rc = mbedtls_gcm_crypt_and_tag(&k->gcm, MBEDTLS_GCM_ENCRYPT, op->len, op->nonce,
					       NONCE_LEN, op->aad, op->aad_len, op->in, op->out,
					       suite->tag_len, tag);
		break;
	case DS_AES_CCM:
		rc = mbedtls_ccm_encrypt_and_tag(&k->ccm, op->len, op->nonce, NONCE_LEN, op->aad,
						 op->aad_len, op->in, op->out, tag, suite->tag_len);
		break;
	case DS_CHACHA20_POLY1305:
		rc = mbedtls_chachapoly_encrypt_and_tag(&k->chacha, op->len, op->nonce, op->aad,
							op->aad_len, op->in, op->out, tag);
		break;
	}
	return rc == 0 ? 0 : DS_E_CRYPTO;
}

/* All three compare tags in constant time and wipe the output when they differ. */
static int open(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		const struct ds_aead_op *op, const uint8_t *tag)
{
	union expanded *k = expanded;
	int rc = -1;

	(void)a;
	switch (suite->alg) {
	case DS_AES_GCM:
		rc = mbedtls_gcm_auth_decrypt(&k->gcm, op->len, op->nonce, NONCE_LEN, op->aad,
					      op->aad_len, tag, suite->tag_len, op->in, op->out);
		break;
	case DS_AES_CCM:
		rc = mbedtls_ccm_auth_decrypt(&k->ccm, op->len, op->nonce, NONCE_LEN, op->aad,
					      op->aad_len, op->in, op->out, tag, suite->tag_len);
		break;
	case DS_CHACHA20_POLY1305:
		rc = mbedtls_chachapoly_auth_decrypt(&k->chacha, op->len, op->nonce, op->aad,
						     op->aad_len, tag, op->in, op->out);
		break;
	}
	return rc == 0 ? 0 : DS_E_CRYPTO;
}

const struct ds_aead_ops ds_aead_mbedtls = {
	.name = "mbedtls",
	.key_size = key_size,
	.expand = expand,
	.wipe = wipe,
	.seal = seal,
	.open = open,
};
