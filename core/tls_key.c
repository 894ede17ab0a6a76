/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_key.c - a private key with which several jobs sign at the same time
 *
 * Handshakes of all engines that are alike share one certificate and its key, and their jobs run in
 * several threads.  What of it Mbed TLS 3.6 writes to while it computes:
 *
 *   ECDSA key	nothing.  The tables of the curves are constant (MBEDTLS_ECP_FIXED_POINT_OPTIM), and the
 *		random numbers of a signature are made on the stack.
 *   RSA key	the blinding values, which each signature squares (rsa_prepare_blinding()), and at first
 *		use three numbers that depend on the moduli (RN, RP, RQ).
 *   RSA public key (of a CA)  one such number, at first use (RN, by mbedtls_mpi_exp_mod_unsafe()).
 *
 * Mbed TLS's own locks (MBEDTLS_THREADING_C) would be held for a whole signature, so that only one
 * thread could sign.  Instead each RSA signature is made with a copy of the key that nobody else has
 * at that time.  There are as many copies as were ever needed at the same time; each keeps its
 * blinding values, whose making is expensive.  The key that was read signs nothing, so no two
 * copies begin with the same blinding values.
 *
 * What is written at first use only is written before threads can meet: ds_tls_first_use().
 */
#include "core/tls_impl.h" /* before any other header of Mbed TLS */

#include <mbedtls/aes.h>

/* A copy that nobody uses, marked as taken; NULL if all are in use. */
static struct ds_tls_copy *take_copy(struct ds_tls_key *k)
{
	for (size_t i = 0; i < DS_JOBS_MAX; i++)
		if (!atomic_exchange_explicit(&k->copies[i].taken, true, memory_order_acquire))
			return &k->copies[i];
	return NULL;
}

static int sign_rsa(void *key, int (*f_rng)(void *, unsigned char *, size_t), void *p_rng,
		    mbedtls_md_type_t md, unsigned int hash_len, const unsigned char *hash,
		    unsigned char *sig)
{
	struct ds_tls_key *k = key;
	struct ds_tls_copy *copy = take_copy(k);
	int ret = 0;

	if (!copy)
		return MBEDTLS_ERR_PK_ALLOC_FAILED;
	if (!copy->made) {
		mbedtls_rsa_init(&copy->rsa);
		ret = mbedtls_rsa_copy(&copy->rsa, mbedtls_pk_rsa(k->read));
		copy->made = !ret;
	}
	if (!ret)
		ret = mbedtls_rsa_pkcs1_sign(&copy->rsa, f_rng, p_rng, md, hash_len, hash, sig);
	atomic_store_explicit(&copy->taken, false, memory_order_release);
	return ret;
}

static size_t rsa_len(void *key)
{
	const struct ds_tls_key *k = key;

	return mbedtls_rsa_get_len(mbedtls_pk_rsa(k->read));
}

void ds_tls_key_init(struct ds_tls_key *k)
{
	mbedtls_pk_init(&k->read);
	mbedtls_pk_init(&k->by_copy);
	for (size_t i = 0; i < DS_JOBS_MAX; i++)
		atomic_init(&k->copies[i].taken, false);
}

int ds_tls_key_share(struct ds_tls_key *k, mbedtls_pk_context **out)
{
	*out = &k->read;
	if (mbedtls_pk_get_type(&k->read) != MBEDTLS_PK_RSA)
		return 0;
	*out = &k->by_copy;
	/* No key exchange of ours decrypts with the key */
	return mbedtls_pk_setup_rsa_alt(&k->by_copy, k, NULL, sign_rsa, rsa_len);
}

void ds_tls_key_free(struct ds_tls_key *k)
{
	mbedtls_pk_free(&k->by_copy);
	for (size_t i = 0; i < DS_JOBS_MAX; i++)
		if (k->copies[i].made)
			mbedtls_rsa_free(&k->copies[i].rsa);
	mbedtls_pk_free(&k->read);
}

/* 1 to the power of the public exponent: computed for what is kept of it.  With a longer key Mbed TLS
 * computes nothing. */
static int use_public(mbedtls_rsa_context *rsa)
{
	unsigned char one[MBEDTLS_MPI_MAX_SIZE] = {0};
	size_t len = mbedtls_rsa_get_len(rsa);

	if (!len || len > sizeof(one))
		return 0;
	one[len - 1] = 1;
	return mbedtls_rsa_public(rsa, one, one);
}

int ds_tls_first_use(mbedtls_x509_crt *ca)
{
	static const uint8_t none[16];
	mbedtls_aes_context aes;
	int ret;

	mbedtls_aes_init(&aes); /* notes what the processor can do */
	ret = mbedtls_aes_setkey_enc(&aes, none, 128);
	mbedtls_aes_free(&aes);
	for (; !ret && ca && ca->raw.len; ca = ca->next)
		if (mbedtls_pk_get_type(&ca->pk) == MBEDTLS_PK_RSA)
			ret = use_public(mbedtls_pk_rsa(ca->pk));
	return ret;
}
