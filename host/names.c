/* SPDX-License-Identifier: Apache-2.0 */
#include "host/names.h"

#include <stddef.h>

#include "dtlsshim/config.h"

struct name {
	uint16_t id;
	const char *name;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* What devices and libraries offer beside AEAD suites (IANA, TLS Cipher Suites) */
static const struct name suites[] = {
	{0x0000, "TLS_NULL_WITH_NULL_NULL"},
	{0x002C, "TLS_PSK_WITH_NULL_SHA"},
	{0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"},
	{0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
	{0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
	{0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
	{0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
	{0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
	{0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
	{0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
	{0x008B, "TLS_PSK_WITH_3DES_EDE_CBC_SHA"},
	{0x008C, "TLS_PSK_WITH_AES_128_CBC_SHA"},
	{0x008D, "TLS_PSK_WITH_AES_256_CBC_SHA"},
	{0x0090, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA"},
	{0x0091, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA"},
	{0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
	{0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
	{0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
	{0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
	{0x00AA, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256"},
	{0x00AB, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384"},
	{0x00AC, "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256"},
	{0x00AD, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384"},
	{0x00AE, "TLS_PSK_WITH_AES_128_CBC_SHA256"},
	{0x00AF, "TLS_PSK_WITH_AES_256_CBC_SHA384"},
	{0x00B2, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256"},
	{0x00B3, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384"},
	{0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},
	{0x1301, "TLS_AES_128_GCM_SHA256"},
	{0x1302, "TLS_AES_256_GCM_SHA384"},
	{0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
	{0x1304, "TLS_AES_128_CCM_SHA256"},
	{0x1305, "TLS_AES_128_CCM_8_SHA256"},
	{0x5600, "TLS_FALLBACK_SCSV"},
	{0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
	{0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
	{0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
	{0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
	{0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
	{0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
	{0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
	{0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
	{0xC035, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA"},
	{0xC036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA"},
	{0xC037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256"},
	{0xC038, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384"},
	{0xC09C, "TLS_RSA_WITH_AES_128_CCM"},
	{0xC09D, "TLS_RSA_WITH_AES_256_CCM"},
	{0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8"},
	{0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8"},
	{0xC0A6, "TLS_DHE_PSK_WITH_AES_128_CCM"},
	{0xC0AA, "TLS_PSK_DHE_WITH_AES_128_CCM_8"},
	{0xC0FF, "TLS_ECJPAKE_WITH_AES_128_CCM_8"},
	{0xCCAA, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
	{0xCCAD, "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256"},
	{0xD001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256"},
	{0xD002, "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384"},
	{0xD003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256"},
	{0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256"},
};

/* IANA, TLS Supported Groups */
static const struct name groups[] = {
	{19, "secp192r1"},
	{21, "secp224r1"},
	{22, "secp256k1"},
	{23, "secp256r1"},
	{24, "secp384r1"},
	{25, "secp521r1"},
	{26, "brainpoolP256r1"},
	{27, "brainpoolP384r1"},
	{28, "brainpoolP512r1"},
	{29, "x25519"},
	{30, "x448"},
	{256, "ffdhe2048"},
	{257, "ffdhe3072"},
	{258, "ffdhe4096"},
	{4587, "SecP256r1MLKEM768"},
	{4588, "X25519MLKEM768"},
	{4589, "SecP384r1MLKEM1024"},
};

static const struct name versions[] = {
	{0xFEFF, "DTLS1.0"},
	{0xFEFD, "DTLS1.2"},
	{0xFEFC, "DTLS1.3"},
};

/* IANA, TLS Alerts */
static const struct name alerts[] = {
	{0, "close_notify"},
	{10, "unexpected_message"},
	{20, "bad_record_mac"},
	{21, "decryption_failed"},
	{22, "record_overflow"},
	{30, "decompression_failure"},
	{40, "handshake_failure"},
	{41, "no_certificate"},
	{42, "bad_certificate"},
	{43, "unsupported_certificate"},
	{44, "certificate_revoked"},
	{45, "certificate_expired"},
	{46, "certificate_unknown"},
	{47, "illegal_parameter"},
	{48, "unknown_ca"},
	{49, "access_denied"},
	{50, "decode_error"},
	{51, "decrypt_error"},
	{52, "too_many_cids_requested"},
	{70, "protocol_version"},
	{71, "insufficient_security"},
	{80, "internal_error"},
	{86, "inappropriate_fallback"},
	{90, "user_canceled"},
	{100, "no_renegotiation"},
	{109, "missing_extension"},
	{110, "unsupported_extension"},
	{112, "unrecognized_name"},
	{113, "bad_certificate_status_response"},
	{115, "unknown_psk_identity"},
	{116, "certificate_required"},
	{120, "no_application_protocol"},
};

static const char *find(const struct name *list, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id)
			return list[i].name;
	return NULL;
}

static void add(struct host_text *t, const char *name, uint16_t id)
{
	if (name)
		host_text_add(t, "%s", name);
	else
		host_text_add(t, "0x%04x", id);
}

void host_name_suite(struct host_text *t, uint16_t id)
{
	const char *name = ds_suite_name(id);

	add(t, *name != '?' ? name : find(suites, COUNT(suites), id), id);
}

void host_name_group(struct host_text *t, uint16_t id)
{
	add(t, find(groups, COUNT(groups), id), id);
}

void host_name_version(struct host_text *t, uint16_t version)
{
	add(t, find(versions, COUNT(versions), version), version);
}

const char *host_name_alert(uint8_t description)
{
	const char *name = find(alerts, COUNT(alerts), description);

	return name ? name : "unknown";
}

/* Names the peer where both roles give the advice; an option stands with its variable and its flag. */
const char *host_advice(enum ds_advice advice)
{
	static const char *const words[DS_ADVICES] = {
		[DS_ADVICE_NONE] = "",
		[DS_ADVICE_AEAD] = "the client offers CBC suites only, which are refused: enable "
				   "an AEAD suite (GCM, CCM, ChaCha20-Poly1305) in it",
		[DS_ADVICE_ECJPAKE] = "the client offers EC J-PAKE, which is refused: enable a "
				      "suite with PSK or ECDHE_ECDSA in it",
		[DS_ADVICE_KEY_EXCHANGE] = "none of the client's AEAD suites is one we have: "
					   "enable one with PSK, ECDHE_ECDSA or ECDHE_RSA in it",
		[DS_ADVICE_X509] = "raw public keys are refused: enable X.509 certificates or a "
				   "pre-shared key in the client",
		[DS_ADVICE_PSK_SOURCE] = "the client wants a pre-shared key and no key source is "
					 "configured: DTLSSHIM_PSK_CSV (--psk-csv)",
		[DS_ADVICE_CERTIFICATE] = "the client wants a certificate and none is configured: "
					  "DTLSSHIM_CERT (--cert), DTLSSHIM_KEY (--key)",
		[DS_ADVICE_KEY_KIND] = "the client wants a certificate of another kind of key than "
				       "ours (ECDSA, RSA)",
		[DS_ADVICE_SUITES] = "the client's suites are not among those of "
				     "DTLSSHIM_CIPHERSUITES (--ciphersuites)",
		[DS_ADVICE_VERSION] = "enable DTLS 1.2 in the peer",
		[DS_ADVICE_GROUP] = "enable x25519 or the curve of our certificate (usual: "
				    "secp256r1), and SHA-256 signatures, in the peer",
		[DS_ADVICE_EMS] = "enable the extended master secret in the peer; "
				  "DTLSSHIM_REQUIRE_EMS=false (--require-ems=false) does without",
		[DS_ADVICE_TRUST] = "does the peer trust the CA that issued our certificate, and "
				    "know us by a name in it?",
		[DS_ADVICE_SHOW_CERTIFICATE] = "does the server want a certificate of ours: "
					       "DTLSSHIM_CERT (--cert), DTLSSHIM_KEY (--key)?",
		[DS_ADVICE_PEERS_KEY] = "does the server have this identity, with this key?",
		[DS_ADVICE_PEERS_SUITES] = "does the server have pre-shared keys, and a cipher "
					   "suite of ours?",
		[DS_ADVICE_NO_SERVER] = "does a DTLS 1.2 server listen there?",
	};

	return words[advice];
}
