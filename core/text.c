/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - errors and reasons in words, from their one list each */
#include "dtlsshim/engine.h"
#include "dtlsshim/err.h"

const char *ds_strerror(int err)
{
	switch (err) {
	case DS_OK: return "no error";
#define CASE(name, text)                                                                           \
	case name: return text;
		DS_ERR_MAP(CASE)
#undef CASE
	default: return "unknown error";
	}
}

const char *ds_reason_text(enum ds_reason r)
{
	static const char *const texts[] = {
#define TEXT(name, text) text,
		DS_REASON_MAP(TEXT)
#undef TEXT
	};

	return (unsigned int)r < sizeof(texts) / sizeof(texts[0]) ? texts[r] : "unknown reason";
}

const char *ds_reason_name(enum ds_reason r)
{
	/* The preprocessor has no lower case; a test compares this with the list */
	static const char *const names[] = {
		[DS_REASON_NONE] = "none",
		[DS_REASON_PEER_CLOSED] = "peer_closed",
		[DS_REASON_PEER_ALERT] = "peer_alert",
		[DS_REASON_REPLACED] = "replaced",
		[DS_REASON_ADDRESS_TAKEN] = "address_taken",
		[DS_REASON_EVICTED] = "evicted",
		[DS_REASON_IDENTITY_FULL] = "identity_full",
		[DS_REASON_IDLE] = "idle",
		[DS_REASON_AGE] = "age",
		[DS_REASON_CERTIFICATE_ENDED] = "certificate_ended",
		[DS_REASON_DENIED] = "denied",
		[DS_REASON_KEY_LIMIT] = "key_limit",
		[DS_REASON_LOCAL] = "local",
		[DS_REASON_KEY_REMOVED] = "key_removed",
		[DS_REASON_PATH_SILENT] = "path_silent",
		[DS_REASON_PATH_KEPT] = "path_kept",
		[DS_REASON_UNREACHABLE] = "unreachable",
		[DS_REASON_TIMEOUT] = "timeout",
		[DS_REASON_CROWDED] = "crowded",
		[DS_REASON_PSK_UNKNOWN] = "psk_unknown",
		[DS_REASON_PSK_WRONG] = "psk_wrong",
		[DS_REASON_KEY_SERVICE] = "key_service",
		[DS_REASON_VERSION] = "version",
		[DS_REASON_HELLO_LENGTH] = "hello_length",
		[DS_REASON_NO_SUITE] = "no_suite",
		[DS_REASON_NO_GROUP] = "no_group",
		[DS_REASON_NO_EMS] = "no_ems",
		[DS_REASON_CERTIFICATE_TYPE] = "certificate_type",
		[DS_REASON_CERTIFICATE] = "certificate",
		[DS_REASON_CERTIFICATE_MISSING] = "certificate_missing",
		[DS_REASON_CERTIFICATE_ISSUER] = "certificate_issuer",
		[DS_REASON_CERTIFICATE_REVOKED] = "certificate_revoked",
		[DS_REASON_CERTIFICATE_CRL] = "certificate_crl",
		[DS_REASON_CERTIFICATE_DATE] = "certificate_date",
		[DS_REASON_CERTIFICATE_NAME] = "certificate_name",
		[DS_REASON_CERTIFICATE_USAGE] = "certificate_usage",
		[DS_REASON_PLAINTEXT_DENIED] = "plaintext_denied",
		[DS_REASON_PLAINTEXT_MIGRATED] = "plaintext_migrated",
		[DS_REASON_PLAINTEXT_ALLOWED] = "plaintext_allowed",
		[DS_REASON_PROTOCOL] = "protocol",
		[DS_REASON_INTERNAL] = "internal",
	};

	if ((unsigned int)r >= sizeof(names) / sizeof(names[0]) || names[r] == NULL)
		return "unknown";
	return names[r];
}
