/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbedtls_config.h - what we switch on in the Mbed TLS we build, and nothing else
 *
 * Mbed TLS does handshakes only; records of established sessions belong to core/.  So: DTLS 1.2,
 * AEAD suites, no resumption of any kind, no renegotiation, and no sources of randomness, time-outs,
 * files or sockets of its own: all of that comes in from the caller.
 *
 * Given to the compiler as MBEDTLS_CONFIG_FILE, both for the library and for the files of core/ that
 * include its headers: the layout of its structs depends on this file.
 */
#ifndef DS_MBEDTLS_CONFIG_H
#define DS_MBEDTLS_CONFIG_H

/* Platform.  Memory comes from mbedtls_platform_set_calloc_free().  time() is read for the validity
 * of certificates and for the first four bytes of a hello's random; no decision hangs on the latter. */
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_ERROR_C

/* Ciphers.  AES tables in read-only memory: those built at run time are built without a lock, so
 * two threads that make their first key at once would race. */
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#if defined(__x86_64__)
#define MBEDTLS_AESNI_C
#elif defined(__aarch64__)
#define MBEDTLS_AESCE_C
#endif
#define MBEDTLS_CIPHER_C
#define MBEDTLS_CCM_C
#define MBEDTLS_GCM_C
#define MBEDTLS_GCM_LARGE_TABLE
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C

/* Hashes.  SHA-384 and 512: AES-256-GCM suites, and certificates signed with them. */
#define MBEDTLS_MD_C
#define MBEDTLS_HKDF_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C

/* Public keys.  Deterministic ECDSA: a random generator that repeats (a forked or restored process)
 * then cannot give the server's private key away. */
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_SECP521R1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDSA_DETERMINISTIC
#define MBEDTLS_HMAC_DRBG_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

/* Certificates and keys, from bytes in memory; encrypted keys are not read. */
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_OID_C
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_RSA_ALT_SUPPORT /* signing by our own function: tls_key.c */
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_CRL_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT

/* DTLS 1.2, both roles. */
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_DTLS
#define MBEDTLS_SSL_DTLS_HELLO_VERIFY
#define MBEDTLS_SSL_DTLS_ANTI_REPLAY
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE

/*
 * Off on purpose, and to stay off:
 *   MBEDTLS_SSL_DTLS_CLIENT_PORT_REUSE  a peer that comes back is the engine's affair
 *   MBEDTLS_SSL_RENEGOTIATION, _SESSION_TICKETS, _CACHE_C, _CONTEXT_SERIALIZATION  a session lives
 *                                       in core/ and nowhere else
 *   MBEDTLS_CIPHER_MODE_CBC, _ENCRYPT_THEN_MAC  AEAD suites only
 *   MBEDTLS_SSL_PROTO_TLS1_3, _PSA_CRYPTO_C  not needed, and the latter keeps global state
 */

/* Key exchanges. */
#define MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_PSK_MAX_LEN 64 /* bytes; keys of 512 bits occur in the field */

/* Connection ID, RFC 9146.  Padding to 16 bytes, the default, costs up to 15 bytes of air time a
 * message. */
#define MBEDTLS_SSL_DTLS_CONNECTION_ID
#define MBEDTLS_SSL_DTLS_CONNECTION_ID_COMPAT	   0
#define MBEDTLS_SSL_CID_IN_LEN_MAX		   32 /* bytes */
#define MBEDTLS_SSL_CID_OUT_LEN_MAX		   32 /* bytes */
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

/* Buffers, in bytes.  Only handshake messages pass through them: 6 kB hold a chain of three
 * certificates.  A hostile peer can make one handshake hold MAX_BUFFERING bytes more: one message
 * in reassembly (its length, 12 bytes, one bit a byte) and as much again of later ones. */
#define MBEDTLS_SSL_IN_CONTENT_LEN     6144
#define MBEDTLS_SSL_OUT_CONTENT_LEN    6144
#define MBEDTLS_SSL_DTLS_MAX_BUFFERING 14336

/* CVE-2022-46393: an incoming CID more than twice as long as the longest outgoing one overflowed a
 * buffer.  And the extension's length is one byte. */
#if MBEDTLS_SSL_CID_IN_LEN_MAX > 2 * MBEDTLS_SSL_CID_OUT_LEN_MAX
#error "MBEDTLS_SSL_CID_IN_LEN_MAX must not exceed twice MBEDTLS_SSL_CID_OUT_LEN_MAX"
#endif
#if MBEDTLS_SSL_CID_IN_LEN_MAX > 254 || MBEDTLS_SSL_CID_OUT_LEN_MAX > 254
#error "a connection ID has at most 254 bytes"
#endif
#if MBEDTLS_SSL_DTLS_MAX_BUFFERING < 2 * (MBEDTLS_SSL_IN_CONTENT_LEN * 9 / 8 + 12)
#error "MBEDTLS_SSL_DTLS_MAX_BUFFERING must hold two handshake messages in reassembly"
#endif

#endif /* DS_MBEDTLS_CONFIG_H */
