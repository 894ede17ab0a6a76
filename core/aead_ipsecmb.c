/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aead_ipsecmb.c - the AES ciphers of Intel's IPsec-MB
 *
 * The library is made for many records at a time; here there is one.  For AES-GCM it has direct
 * calls, which are several times faster than Mbed TLS's.  For AES-CCM it has only jobs in many
 * lanes, so one is submitted and flushed at once, and the other lanes stay empty; that is still
 * faster.  Everything else is left to Mbed TLS.
 *
 * The manager lives in the configuration's memory, so that a process that must not have it (a forked
 * child) loses it with the rest.
 */
#include "core/aead.h"
#include "dtlsshim/err.h"

#ifndef DS_HAVE_IPSECMB

int ds_aead_ipsecmb_setup(struct ds_aead *a)
{
	(void)a;
	return 0;
}

void ds_aead_ipsecmb_fini(struct ds_aead *a)
{
	(void)a;
}

#else

#include <string.h>

#include <intel-ipsec-mb.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/platform_util.h>

#define NONCE_LEN    12 /* bytes, of all our suites */
#define ALIGN	     64 /* bytes, of the manager and of GCM keys */
#define CCM_AAD_MAX  46 /* bytes; the library's limit */
#define AES_SCHEDULE (15 * 16)
#define PORTABLE_MAX 1024
#define NEEDED	     (IMB_FEATURE_SSE4_2 | IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ)

/*
 * struct ds_aead.state points to a struct state; the manager follows it, aligned.  For GCM the
 * widest code the processor can run is the fastest.  Not for CCM: managers of many lanes spend more
 * on idle ones (a record of 64 bytes: 232 ns with AVX-512, 146 ns with SSE; of 1024 bytes: no
 * difference).  So the manager is one for SSE, and the functions for GCM were taken from the best
 * before.
 */
struct gcm {
	aes_gcm_pre_t expand;
	aes_gcm_enc_dec_t seal, open;
};

struct state {
	IMB_MGR *mgr;
	struct gcm gcm128, gcm256;
};

/* @key is kept for the records that go to Mbed TLS, see portable(). */
struct ccm_key {
	uint8_t schedule[AES_SCHEDULE];
	uint8_t key[DS_KEY_MAX];
};

static const struct state *state(const struct ds_aead *a)
{
	return a->state;
}

/* Suites that are done here; the others, and their expanded keys, are Mbed TLS's. */
static bool is_gcm(const struct ds_suite *suite)
{
	return suite->alg == DS_AES_GCM;
}

static const struct gcm *gcm_of(const struct ds_aead *a, const struct ds_suite *suite)
{
	return suite->key_len == IMB_KEY_128_BYTES ? &state(a)->gcm128 : &state(a)->gcm256;
}

static bool is_ccm(const struct ds_suite *suite)
{
	return suite->alg == DS_AES_CCM;
}

static size_t key_size(const struct ds_suite *suite)
{
	if (is_gcm(suite))
		return sizeof(struct gcm_key_data);
	if (is_ccm(suite))
		return sizeof(struct ccm_key);
	return ds_aead_mbedtls.key_size(suite);
}

static void expand_ccm(IMB_MGR *mgr, const struct ds_suite *suite, const uint8_t *key,
		       struct ccm_key *k)
{
	/* CCM never decrypts a block, but the library always makes both schedules */
	_Alignas(16) uint8_t unused[AES_SCHEDULE];

	if (suite->key_len == IMB_KEY_128_BYTES)
		IMB_AES_KEYEXP_128(mgr, key, k->schedule, unused);
	else
		IMB_AES_KEYEXP_256(mgr, key, k->schedule, unused);
	mbedtls_platform_zeroize(unused, sizeof(unused));
	memcpy(k->key, key, suite->key_len);
}

static int expand(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key,
		  void *expanded)
{
	if (is_gcm(suite))
		gcm_of(a, suite)->expand(key, expanded);
	else if (is_ccm(suite))
		expand_ccm(state(a)->mgr, suite, key, expanded);
	else
		return ds_aead_mbedtls.expand(a, suite, key, expanded);
	return 0;
}

static void wipe(const struct ds_suite *suite, void *expanded)
{
	if (is_gcm(suite) || is_ccm(suite))
		mbedtls_platform_zeroize(expanded, key_size(suite));
	else
		ds_aead_mbedtls.wipe(suite, expanded);
}

static int ccm(IMB_MGR *mgr, const struct ds_suite *suite, const struct ccm_key *k,
	       const struct ds_aead_op *op, uint8_t *tag, bool encrypt)
{
	IMB_JOB *job = IMB_GET_NEXT_JOB(mgr);

	job->cipher_mode = IMB_CIPHER_CCM;
	job->hash_alg = IMB_AUTH_AES_CCM;
	job->cipher_direction = encrypt ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT;
	job->chain_order = encrypt ? IMB_ORDER_HASH_CIPHER : IMB_ORDER_CIPHER_HASH;
	job->enc_keys = job->dec_keys = k->schedule;
	job->key_len_in_bytes = suite->key_len;
	job->src = op->in;
	job->dst = op->out;
	job->cipher_start_src_offset_in_bytes = job->hash_start_src_offset_in_bytes = 0;
	job->msg_len_to_cipher_in_bytes = job->msg_len_to_hash_in_bytes = op->len;
	job->iv = op->nonce;
	job->iv_len_in_bytes = NONCE_LEN;
	job->u.CCM.aad = op->aad;
	job->u.CCM.aad_len_in_bytes = op->aad_len;
	job->auth_tag_output = tag;
	job->auth_tag_output_len_in_bytes = suite->tag_len;

	job = IMB_SUBMIT_JOB(mgr);
	if (job == NULL)
		job = IMB_FLUSH_JOB(mgr);
	return job != NULL && job->status == IMB_STATUS_COMPLETED ? 0 : DS_E_CRYPTO;
}

/*
 * A record whose additional data is longer than the library takes (a CID of more than 23 bytes:
 * RFC 9146, 5.3) goes to Mbed TLS, at the price of a key expansion.
 */
static int portable(struct ds_aead *a, const struct ds_suite *suite, const struct ccm_key *k,
		    const struct ds_aead_op *op, uint8_t *tag, bool encrypt)
{
	_Alignas(ALIGN) uint8_t expanded[PORTABLE_MAX];
	const struct ds_aead_ops *ops = &ds_aead_mbedtls;
	int rc;

	if (ops->key_size(suite) > sizeof(expanded))
		return DS_E_CRYPTO;
	rc = ops->expand(a, suite, k->key, expanded);
	if (rc != 0)
		return rc;
	if (encrypt)
		rc = ops->seal(a, suite, expanded, op, tag);
	else
		rc = ops->open(a, suite, expanded, op, tag);
	ops->wipe(suite, expanded);
	return rc;
}

static int seal(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		const struct ds_aead_op *op, uint8_t *tag)
{
	struct gcm_context_data ctx;

	if (is_gcm(suite)) {
		gcm_of(a, suite)->seal(expanded, &ctx, op->out, op->in, op->len, op->nonce, op->aad,
				       op->aad_len, tag, suite->tag_len);
		return 0;
	}
	if (!is_ccm(suite))
		return ds_aead_mbedtls.seal(a, suite, expanded, op, tag);
	if (op->aad_len > CCM_AAD_MAX)
		return portable(a, suite, expanded, op, tag, true);
	return ccm(state(a)->mgr, suite, expanded, op, tag, true);
}

static int open(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		const struct ds_aead_op *op, const uint8_t *tag)
{
	struct gcm_context_data ctx;
	uint8_t computed[DS_TAG_MAX];
	int rc = 0;

	if (!is_gcm(suite) && !is_ccm(suite))
		return ds_aead_mbedtls.open(a, suite, expanded, op, tag);
	if (is_ccm(suite) && op->aad_len > CCM_AAD_MAX) {
		memcpy(computed, tag, suite->tag_len);
		return portable(a, suite, expanded, op, computed, false);
	}
	if (is_gcm(suite))
		gcm_of(a, suite)->open(expanded, &ctx, op->out, op->in, op->len, op->nonce, op->aad,
				       op->aad_len, computed, suite->tag_len);
	else
		rc = ccm(state(a)->mgr, suite, expanded, op, computed, false);
	if (rc == 0 && mbedtls_ct_memcmp(computed, tag, suite->tag_len) == 0)
		return 0;
	mbedtls_platform_zeroize(op->out, op->len);
	return DS_E_CRYPTO;
}

static const struct ds_aead_ops ops_ipsecmb = {
	.name = "ipsec-mb",
	.key_size = key_size,
	.expand = expand,
	.wipe = wipe,
	.seal = seal,
	.open = open,
};

/* False for a library that failed its self-test; older ones have none, and set neither flag. */
static bool is_usable(IMB_MGR *mgr)
{
	return imb_get_errno(mgr) == 0 && (mgr->features & NEEDED) == NEEDED &&
	       ((mgr->features & IMB_FEATURE_SELF_TEST) == 0 ||
		(mgr->features & IMB_FEATURE_SELF_TEST_PASS) != 0);
}

static bool init_state(struct state *s)
{
	uintptr_t after = ((uintptr_t)(s + 1) + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);

	s->mgr = imb_set_pointers_mb_mgr((void *)after, 0, 1);
	if (s->mgr == NULL)
		return false;
	init_mb_mgr_auto(s->mgr, NULL);
	if (!is_usable(s->mgr))
		return false;
	s->gcm128 = (struct gcm){s->mgr->gcm128_pre, s->mgr->gcm128_enc, s->mgr->gcm128_dec};
	s->gcm256 = (struct gcm){s->mgr->gcm256_pre, s->mgr->gcm256_enc, s->mgr->gcm256_dec};
	init_mb_mgr_sse(s->mgr);
	return is_usable(s->mgr);
}

int ds_aead_ipsecmb_setup(struct ds_aead *a)
{
	size_t size = sizeof(struct state) + ALIGN + imb_get_mb_mgr_size();
	struct state *s;

	if ((imb_get_feature_flags() & NEEDED) != NEEDED)
		return 0;
	s = a->cfg->alloc(a->cfg->ctx, size);
	if (s == NULL)
		return DS_E_NOMEM;
	if (!init_state(s)) {
		a->cfg->release(a->cfg->ctx, s, size);
		return 0;
	}
	a->state = s;
	a->state_size = size;
	a->ops = &ops_ipsecmb;
	return 0;
}

void ds_aead_ipsecmb_fini(struct ds_aead *a)
{
	if (a->state == NULL)
		return;
	mbedtls_platform_zeroize(a->state, a->state_size);
	a->cfg->release(a->cfg->ctx, a->state, a->state_size);
	a->state = NULL;
}

#endif
