/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_impl.h - the inside of what tls.h offers, shared by tls_config.c, tls_hello.c and tls.c
 *
 * These three files, certificate.c and nothing else know Mbed TLS's handshake and certificate
 * interfaces.
 */
#ifndef CORE_TLS_IMPL_H
#define CORE_TLS_IMPL_H

#include <stdatomic.h>

#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crl.h>
#include <mbedtls/x509_crt.h>
/* Nothing public says whether RFC 7627 was agreed on, nor what kind of key a suite needs. */
#include <../library/ssl_misc.h>

#include "core/tls.h"

struct ds_tls_config {
	atomic_uint refs;	     /* engines that are alike share it */
	const struct ds_config *cfg; /* the engine's: memory and randomness; lives longer */
	mbedtls_ssl_config conf;
	mbedtls_x509_crt cert, ca;
	mbedtls_x509_crl crl;
	mbedtls_pk_context key;
	struct ds_deny *deny;
	int suites[DS_SUITES_MAX + 1];
	bool require_ems, verify_name;
	char server_name[256];
	size_t cid_length;
	uint16_t mtu;
};

struct ds_tls {
	struct ds_tls_config *config;
	const struct ds_tls_io *io;
	void *owner; /* for @io */
	mbedtls_ssl_context ssl;
	struct ds_tls_keys keys;
	ds_time now;		     /* of the step */
	ds_time intermediate, final; /* DS_TIME_NEVER = no timer runs */
	bool alert_sent;
	uint8_t alert;		   /* the description of that alert, 0 = it was encrypted */
	bool ems;		   /* RFC 7627 was agreed on */
	bool rrc_theirs, rrc_ours; /* RFC 9853: their hello has the extension, and ours */
	/* Of Mbed TLS, while tls_hello.c stands before it */
	int (*checksum)(mbedtls_ssl_context *ssl, const unsigned char *message, size_t len);
	uint32_t bad;	       /* what verify() found: MBEDTLS_X509_BADCERT_... */
	enum ds_reason reason; /* set by call-backs that know better than the error code */
};

/* tls_hello.c: mbedtls_ssl_handshake(), with the extensions that Mbed TLS does not know. */
int ds_tls_handshake(struct ds_tls *t);

#endif
