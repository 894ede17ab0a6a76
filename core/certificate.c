/* SPDX-License-Identifier: Apache-2.0 */
#include "core/certificate.h"

#include <stdio.h>

#include <mbedtls/sha256.h>

enum ds_reason ds_certificate_reason(uint32_t bad)
{
	static const struct {
		uint32_t bad;
		enum ds_reason reason;
	} reasons[] = {
		{MBEDTLS_X509_BADCERT_MISSING, DS_REASON_CERTIFICATE_MISSING},
		{MBEDTLS_X509_BADCERT_NOT_TRUSTED, DS_REASON_CERTIFICATE_ISSUER},
		{MBEDTLS_X509_BADCERT_REVOKED, DS_REASON_CERTIFICATE_REVOKED},
		{MBEDTLS_X509_BADCRL_EXPIRED | MBEDTLS_X509_BADCRL_FUTURE |
			 MBEDTLS_X509_BADCRL_NOT_TRUSTED | MBEDTLS_X509_BADCRL_BAD_MD |
			 MBEDTLS_X509_BADCRL_BAD_PK | MBEDTLS_X509_BADCRL_BAD_KEY,
		 DS_REASON_CERTIFICATE_CRL},
		{MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE,
		 DS_REASON_CERTIFICATE_DATE},
		{MBEDTLS_X509_BADCERT_CN_MISMATCH, DS_REASON_CERTIFICATE_NAME},
		{MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE,
		 DS_REASON_CERTIFICATE_USAGE},
	};

	/* All bits are set where the look itself failed */
	for (size_t i = 0; bad != UINT32_MAX && i < sizeof(reasons) / sizeof(*reasons); i++)
		if (bad & reasons[i].bad)
			return reasons[i].reason;
	return DS_REASON_CERTIFICATE;
}

int ds_certificate_name(const mbedtls_x509_crt *crt, char name[static DS_IDENTITY_MAX + 1],
			uint8_t *len)
{
	uint8_t digest[32];
	int n = mbedtls_x509_dn_gets(name, DS_IDENTITY_MAX + 1, &crt->subject);

	if (n <= 0) {
		if (mbedtls_sha256(crt->raw.p, crt->raw.len, digest, 0))
			return DS_E_CRYPTO;
		n = snprintf(name, DS_IDENTITY_MAX + 1, "sha256:");
		for (size_t i = 0; i < sizeof(digest); i++, n += 2)
			(void)snprintf(name + n, 3, "%02x", digest[i]);
	}
	*len = (uint8_t)n;
	return 0;
}

/* Days from 1970 to a date of the Gregorian calendar; years begin in March, so that the day that is
 * sometimes missing is their last. */
static int64_t days(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

int64_t ds_certificate_end(const mbedtls_x509_crt *crt)
{
	const mbedtls_x509_time *t = &crt->valid_to;

	return days(t->year, t->mon, t->day) * 86400 + t->hour * 3600 + t->min * 60 + t->sec;
}
