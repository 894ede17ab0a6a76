/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_impl.h - the inside of what tls.h offers, shared by tls_config.c, tls_hello.c and tls.c
 *
 * These three files, tls_key.c, certificate.c and nothing else know Mbed TLS's handshake and certificate
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
#include "dtlsshim/engine.h"

/**
 * struct ds_tls_key - the private key of a certificate, for jobs in several threads (tls_key.c)
 * @read:	the key as it was read; of an RSA key only copies sign
 * @by_copy:	RSA: what Mbed TLS is given instead; signs with a copy
 * @copies:	each is written by whoever has set @taken; the first @made ones come first
 */
struct ds_tls_key {
	mbedtls_pk_context read, by_copy;
	struct ds_tls_copy {
		atomic_bool taken;
		bool made;
		mbedtls_rsa_context rsa;
	} copies[DS_JOBS_MAX];
};

/* Before anything else is done with zeroed @k. */
void ds_tls_key_init(struct ds_tls_key *k);
/* After k->read was parsed: @out is the key that Mbed TLS may be given, which any thread may sign with.
 * 0, or an error of Mbed TLS. */
DS_MUST_CHECK
int ds_tls_key_share(struct ds_tls_key *k, mbedtls_pk_context **out);
/* Wipes and frees the key and its copies; nobody may sign any more. */
void ds_tls_key_free(struct ds_tls_key *k);
/* Has Mbed TLS write now what it keeps at first use and writes without a lock: of this processor, and of
 * the certificates in @ca.  0, or an error of Mbed TLS. */
DS_MUST_CHECK
int ds_tls_first_use(mbedtls_x509_crt *ca);

struct ds_tls_config {
	atomic_uint refs;	     /* engines that are alike share it */
	const struct ds_config *cfg; /* the engine's: memory and randomness; lives longer */
	mbedtls_ssl_config conf;
	mbedtls_x509_crt cert, ca;
	mbedtls_x509_crl crl;
	struct ds_tls_key key;
	struct ds_deny *deny;
	int suites[DS_SUITES_MAX + 1];
	enum ds_ems require_ems;
	bool psk, verify_name, clients_order;
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
	uint64_t seq_end;	   /* no record of a higher number is sent; 0 while it negotiates */
	ds_time repeat_at;	   /* before that, no old message makes it repeat a flight */
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
