/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aead.h - the seam behind which ciphers stand
 *
 * Mbed TLS is always there; IPsec-MB is taken where it was found at build time and the
 * processor has what it needs, for the algorithms it is good at.
 *
 * Threads:  one thread at a time per struct ds_aead.
 */
#ifndef CORE_AEAD_H
#define CORE_AEAD_H

#include "core/suite.h"
#include "dtlsshim/config.h"

struct ds_aead;

/**
 * struct ds_aead_op - one record, as a cipher sees it
 * @nonce:	12 bytes
 * @in, @out:	@len bytes each; may be the same
 */
struct ds_aead_op {
	const uint8_t *nonce, *aad;
	size_t aad_len;
	const uint8_t *in;
	size_t len;
	uint8_t *out;
};

/**
 * struct ds_aead_ops - a library of ciphers
 * @key_size:	bytes of an expanded key for @alg, 0 = not offered; 64-byte aligned memory
 * @expand:	makes an expanded key from @key; 0 or DS_E_CRYPTO
 * @wipe:	forgets it
 * @seal:	encrypts @op and writes the suite's @tag_len bytes of @tag; 0 or DS_E_CRYPTO
 * @open:	checks @tag in constant time, then decrypts @op; DS_E_CRYPTO = not authentic, and
 *		its @out holds nothing of the plaintext
 */
struct ds_aead_ops {
	const char *name;
	size_t (*key_size)(const struct ds_suite *suite);
	int (*expand)(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key,
		      void *expanded);
	void (*wipe)(const struct ds_suite *suite, void *expanded);
	int (*seal)(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		    const struct ds_aead_op *op, uint8_t *tag);
	int (*open)(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		    const struct ds_aead_op *op, const uint8_t *tag);
};

extern const struct ds_aead_ops ds_aead_mbedtls;

/* A ready set of ciphers; @state is IPsec-MB's manager or NULL. */
struct ds_aead {
	const struct ds_aead_ops *ops;
	void *state;
	size_t state_size;
	const struct ds_config *cfg; /* memory; borrowed until ds_aead_fini() */
};

/* The best set for this machine.  0 or DS_E_NOMEM. */
int ds_aead_setup(struct ds_aead *a, const struct ds_config *cfg);
/* Mbed TLS only: for handshakes, which run without the engine's lock. */
void ds_aead_setup_portable(struct ds_aead *a, const struct ds_config *cfg);
void ds_aead_fini(struct ds_aead *a);

/* For ds_aead_setup() and ds_aead_fini(): turns a portable @a into one with IPsec-MB's ciphers if
 * they were compiled in (DS_HAVE_IPSECMB) and this processor can run them; else does nothing. */
int ds_aead_ipsecmb_setup(struct ds_aead *a);
void ds_aead_ipsecmb_fini(struct ds_aead *a);

#endif
