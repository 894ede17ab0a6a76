/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - handshakes by Mbed TLS
 *
 * tls.c is the only file that knows Mbed TLS's handshake API.  A context lives as long as a
 * handshake and its last flight; established sessions never see it.
 *
 * Records reach a context through ds_handshake_take() and leave it through ds_handshake_put()
 * (handshake.h); keys are looked up with ds_handshake_psk().
 *
 * Threads:  a context belongs to one thread at a time; contexts of one configuration share
 *	     the certificate's key and must not run at the same time.
 */
#ifndef CORE_TLS_H
#define CORE_TLS_H

#include "core/suite.h"
#include "dtlsshim/engine.h"

struct ds_tls;
struct ds_tls_config;
struct ds_handshake;

/* What all handshakes of an engine share, made from @cfg; counted references.  Memory, randomness
 * and key log are @engine's, which lives longer.  0, DS_E_CONFIG with @why, DS_E_NOMEM. */
DS_MUST_CHECK
int ds_tls_config_new(struct ds_tls_config **out, const struct ds_config *cfg,
		      const struct ds_config *engine, char why[static DS_WHY_MAX]);
struct ds_tls_config *ds_tls_config_get(struct ds_tls_config *c);
void ds_tls_config_put(struct ds_tls_config *c);

/* A context for one handshake; keeps a reference to @c.  NULL = out of memory. */
struct ds_tls *ds_tls_new(struct ds_tls_config *c, struct ds_handshake *h);
void ds_tls_free(struct ds_tls *t);

enum ds_tls_result { DS_TLS_WAIT, DS_TLS_DONE, DS_TLS_FAILED };

/**
 * struct ds_tls_failure - why a handshake failed
 * @alert:	description of the alert received or sent, 0 = none
 * @detail:	Mbed TLS's error code
 */
struct ds_tls_failure {
	enum ds_reason reason;
	uint8_t alert;
	int detail;
};

/* Takes records until the handshake is done, has failed, or wants more. */
enum ds_tls_result ds_tls_step(struct ds_tls *t, struct ds_tls_failure *why);

/* After completion: takes records of the peer's last flight and repeats ours.  False: the context
 * is of no use any more. */
bool ds_tls_linger(struct ds_tls *t);

/* Sends a fatal alert and gives up. */
void ds_tls_abort(struct ds_tls *t, uint8_t alert);

/* True once the next record must be the peer's Finished: protected records may be shown now. */
bool ds_tls_wants_finished(const struct ds_tls *t);

/* The negotiated suite, NULL before it is known. */
const struct ds_suite *ds_tls_suite(const struct ds_tls *t);

/* When ds_tls_step() wants to run although nothing arrived; DS_TIME_NEVER. */
ds_time ds_tls_deadline(const struct ds_tls *t);

/**
 * struct ds_tls_peer - what a finished handshake knows of its peer
 * @cid_used:	connection IDs were negotiated (RFC 9146, 3)
 * @payload_max: bytes of a message it takes (RFC 6066, 4)
 * @subject:	of the peer's verified certificate as text, cut to fit; @subject_len 0 = none
 */
struct ds_tls_peer {
	bool cid_used;
	uint8_t cid[DS_CID_MAX];
	uint8_t cid_len, subject_len;
	uint16_t payload_max;
	char subject[DS_IDENTITY_MAX + 1];
};

/* 0 or DS_E_CRYPTO. */
int ds_tls_peer(struct ds_tls *t, struct ds_tls_peer *out);

#endif
