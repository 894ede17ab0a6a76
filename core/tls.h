/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - handshakes by Mbed TLS
 *
 * tls.c, tls_config.c and tls_hello.c are the only files that know Mbed TLS's handshake API.  A context lives as
 * long as a handshake and its last flight; established sessions never see it.
 *
 * A context knows nothing of the handshake it is for: what it reads, sends and looks up goes through
 * struct ds_tls_io, and what it learns is asked of it.
 *
 * Threads:  a context belongs to one thread at a time; contexts of one configuration share
 *	     the certificate's key and must not run at the same time.
 */
#ifndef CORE_TLS_H
#define CORE_TLS_H

#include "core/advice.h"
#include "core/deny.h"
#include "core/record.h"
#include "dtlsshim/engine.h"

struct ds_tls;
struct ds_tls_config;

/**
 * struct ds_tls_io - how a context reaches the world; called from within ds_tls_step(),
 * ds_tls_repeat() and ds_tls_abort()
 * @take:	takes the next record, at most @cap bytes; its length, 0 = there is none now
 * @is_ready:	true if there are records to take
 * @put:	sends a datagram; 0, or DS_E_NOMEM
 * @discard:	drops what was put since the step began
 * @find_psk:	servers: the pre-shared key of @identity, borrowed, *@psk_len bytes; NULL = unknown
 */
struct ds_tls_io {
	size_t (*take)(void *owner, uint8_t *buf, size_t cap);
	bool (*is_ready)(const void *owner);
	int (*put)(void *owner, const uint8_t *buf, size_t len);
	void (*discard)(void *owner);
	const uint8_t *(*find_psk)(const void *owner, const uint8_t *identity, size_t len,
				   size_t *psk_len);
};

/* Makes what all handshakes of an engine share from @cfg; references are counted.  Memory, randomness
 * and key log are @engine's, which lives longer.  0, DS_E_CONFIG with @why, DS_E_NOMEM. */
DS_MUST_CHECK
int ds_tls_config_new(struct ds_tls_config **out, const struct ds_config *cfg,
		      const struct ds_config *engine, char why[static DS_WHY_MAX]);
struct ds_tls_config *ds_tls_config_get(struct ds_tls_config *c);
void ds_tls_config_put(struct ds_tls_config *c);
/* True if a client that offers these suites, two bytes each, gets one with a curve (struct ds_suite).
 * Any thread. */
bool ds_tls_config_costly(const struct ds_tls_config *c, const uint8_t *offered, size_t len);

/* The list of peers that get no session, or NULL.  Any thread. */
const struct ds_deny *ds_tls_config_deny(const struct ds_tls_config *c);

/* How many of these suites this side has, too; without @x509, of those that need no certificate.  Any
 * thread. */
uint16_t ds_tls_config_common(const struct ds_tls_config *c, const uint8_t *offered, size_t len,
			      bool x509);

/* What this side has.  Any thread. */
struct ds_own ds_tls_config_own(const struct ds_tls_config *c);

/* A context for one handshake; keeps a reference to @c.  @cid: ours; @owner: for the calls of @io.
 * NULL = out of memory. */
struct ds_tls *ds_tls_new(struct ds_tls_config *c, const uint8_t *cid, const struct ds_tls_io *io,
			  void *owner);
/* Wipes and frees; NULL is allowed. */
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

/* Takes records until the handshake is done, has failed (with @why), or wants more. */
enum ds_tls_result ds_tls_step(struct ds_tls *t, ds_time now, struct ds_tls_failure *why);

/* Ends the negotiation, once after DS_TLS_DONE: the first sequence number for the session.  Those
 * below are the context's: DS_LINGER_SEQS are left for repetitions of its last flight. */
uint64_t ds_tls_end(struct ds_tls *t);

/* After ds_tls_end(): the number of the peer's last message, its Finished (RFC 6347, 4.2.2). */
uint16_t ds_tls_last_message(const struct ds_tls *t);

/* After ds_tls_end(): repeats the last flight (RFC 6347, 4.2.4).  False: the context cannot, and is of
 * no use any more. */
bool ds_tls_repeat(struct ds_tls *t);

/* Sends a fatal alert and gives up; @why says what was sent. */
void ds_tls_abort(struct ds_tls *t, uint8_t alert, struct ds_tls_failure *why);

/* True once the next record must be the peer's Finished: protected records may be shown now. */
bool ds_tls_wants_finished(const struct ds_tls *t);

/* The negotiated suite, NULL before it is known. */
const struct ds_suite *ds_tls_suite(const struct ds_tls *t);

/* The keys of the session, both directions (ds_record_keys()). */
struct ds_tls_keys {
	const struct ds_suite *suite;
	uint8_t block[DS_KEY_BLOCK_MAX];
};
/* Borrowed from the context; NULL before the keys are known. */
const struct ds_tls_keys *ds_tls_keys(const struct ds_tls *t);

/* When ds_tls_step() wants to run although nothing arrived; DS_TIME_NEVER. */
ds_time ds_tls_deadline(const struct ds_tls *t);

/**
 * struct ds_tls_peer - what a finished handshake knows of its peer
 * @cid_used:	connection IDs were negotiated (RFC 9146, 3)
 * @rrc:	so was the return routability check (RFC 9853, 3)
 * @payload_max: bytes of a message it takes (RFC 6066, 4)
 * @subject:	of the peer's verified certificate as text, cut to fit; @subject_len 0 = none
 * @not_after:	last second, since 1970, of that certificate
 * @serial:	what is kept of its number (deny.h)
 */
struct ds_tls_peer {
	bool cid_used, rrc;
	uint8_t cid[DS_CID_MAX];
	uint8_t cid_len, subject_len;
	uint16_t payload_max;
	int64_t not_after;
	uint8_t serial[DS_SERIAL_TAG];
	char subject[DS_IDENTITY_MAX + 1];
};

/* 0 or DS_E_CRYPTO. */
int ds_tls_peer(struct ds_tls *t, struct ds_tls_peer *out);

#endif
