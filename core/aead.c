/* SPDX-License-Identifier: Apache-2.0 */
/* aead.c - which ciphers stand behind the seam */
#include "core/aead.h"

void ds_aead_setup_portable(struct ds_aead *a, const struct ds_config *cfg)
{
	*a = (struct ds_aead){.ops = &ds_aead_mbedtls, .cfg = cfg};
}

int ds_aead_setup(struct ds_aead *a, const struct ds_config *cfg)
{
	ds_aead_setup_portable(a, cfg);
	return ds_aead_ipsecmb_setup(a);
}

void ds_aead_fini(struct ds_aead *a)
{
	ds_aead_ipsecmb_fini(a);
	a->ops = NULL;
}
