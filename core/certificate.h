/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate.h - what a peer's certificate says
 */
#ifndef CORE_CERTIFICATE_H
#define CORE_CERTIFICATE_H

#include <mbedtls/x509_crt.h>

#include "dtlsshim/engine.h"

/* Why a certificate is not accepted; @bad: MBEDTLS_X509_BADCERT_..., of which the first counts. */
enum ds_reason ds_certificate_reason(uint32_t bad);

/* The subject as text, or, where it is too long to be kept whole, the certificate's fingerprint: two
 * devices must never share an identity because of a cut.  0 or DS_E_CRYPTO. */
DS_MUST_CHECK
int ds_certificate_name(const mbedtls_x509_crt *crt, char name[static DS_IDENTITY_MAX + 1],
			uint8_t *len);

/* The last second in which it is valid, since 1970. */
int64_t ds_certificate_end(const mbedtls_x509_crt *crt);

#endif
