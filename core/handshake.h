/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake.h - one handshake, from a valid cookie to the end of its linger time
 *
 * States: means; may; leaves on
 *   RUNNING	Mbed TLS negotiates; takes records, runs jobs, waits for a key; done, failure, time-out
 *   LINGERING	the session is established, the last flight may have to be repeated
 *		(RFC 6347, 4.2.4); takes protected handshake records; first application record,
 *		linger time
 *   DEAD	no use any more but a job is still out; nothing; the job comes back
 *
 * Records wait in the inbox (engine's side) until a job moves them to work (the job's side), so
 * ds_handshake_run() needs no lock.  Protected records are opened here with the session's own
 * keys before Mbed TLS may see them: forged ones cannot end a handshake, and application
 * records that overtook Finished are kept for the session.
 */
#ifndef CORE_HANDSHAKE_H
#define CORE_HANDSHAKE_H

#include "core/hello.h"
#include "core/record.h"
#include "core/tls.h"
#include "dtlsshim/engine.h"

#define DS_INBOX_RECORDS 16    /* records waiting for a handshake */
#define DS_INBOX_BYTES	 65536 /* bytes waiting for a handshake */
#define DS_COOKIE_COPY	 64    /* bytes of a cookie compared to know a repeated hello */
/* Datagrams a handshake may send, its linger time included.  Each has at most a few protected
 * records, so that their numbers stay below the session's first (DS_FIRST_SEQ) whatever repetitions
 * strangers provoke; nor do those make us flood anybody. */
#define DS_PUTS_MAX 1024
/* How long after a protected record that did not verify a handshake is given up as one with the
 * wrong key, in first retransmission times: it may have been forged, and the peer, whose timer is
 * probably like ours, must get the chance to repeat the true one. */
#define DS_WRONG_KEY_TIMES 5

/* A record or datagram in a queue. */
struct ds_packet {
	struct ds_packet *next;
	size_t len;
	struct ds_path path; /* output and early messages */
	ds_session session;  /* early messages */
	uint8_t data[];
};

struct ds_queue {
	struct ds_packet *head, **tail;
	size_t count, bytes;
};

void ds_queue_init(struct ds_queue *q);
/* Copies @len bytes to the end; false if memory is short or an inbox would be full. */
bool ds_queue_put(struct ds_queue *q, const struct ds_config *cfg, const uint8_t *data, size_t len);
void ds_queue_add(struct ds_queue *q, struct ds_packet *p);
struct ds_packet *ds_queue_take(struct ds_queue *q);
void ds_queue_move(struct ds_queue *to, struct ds_queue *from);
/* True for a record of a protected epoch. */
bool ds_packet_sealed(const struct ds_packet *p);
void ds_packet_free(const struct ds_config *cfg, struct ds_packet *p);
void ds_queue_clear(struct ds_queue *q, const struct ds_config *cfg);

enum ds_handshake_state { DS_HS_RUNNING, DS_HS_LINGERING, DS_HS_DEAD };
enum ds_key_state { DS_KEY_NONE, DS_KEY_WANTED, DS_KEY_ASKED, DS_KEY_KNOWN, DS_KEY_UNKNOWN };

struct ds_handshake {
	/* engine's side, under its lock */
	const struct ds_config *cfg;
	uint32_t id;
	uint64_t serial; /* names it for key look-ups, never reused */
	enum ds_handshake_state state;
	bool busy;   /* a job is out */
	bool queued; /* in the list of handshakes that want a job */
	bool indexed, cid_indexed;
	bool crowded;	/* its network has had many keys looked up */
	bool pretends;	/* nobody knows its identity; the key is made up (RFC 4279, 2) */
	uint16_t group; /* in the engine's groups of handshakes */
	struct ds_handshake *next_job, *next_lookup;
	struct ds_handshake *older, *newer; /* in order of beginning */
	uint32_t next_addr, next_cid;
	ds_session session; /* LINGERING: whose */
	ds_time give_up;    /* the handshake's end at the latest, or the linger's */
	struct ds_queue inbox;
	uint8_t cookie[DS_COOKIE_COPY];
	size_t cookie_len;
	uint8_t doubts; /* client: of the new session, see session.h */

	/* fixed from the beginning */
	bool client;
	struct ds_path path;
	uint8_t cid[DS_CID_MAX]; /* ours */

	/* the job's side while busy */
	struct ds_tls *tls;
	bool lingers; /* the job is to repeat the last flight */
	ds_time now;
	struct ds_queue work;	  /* epoch 0 records, in order */
	struct ds_queue sealed;	  /* protected records not opened yet */
	struct ds_queue finished; /* protected handshake and alert records that verified */
	struct ds_queue early;	  /* application records that verified */
	struct ds_queue out;	  /* datagrams to send */
	struct ds_identity_peek peek;
	enum ds_key_state key_state;
	uint8_t identity[DS_IDENTITY_MAX], psk[DS_PSK_MAX];
	size_t identity_len, psk_len;
	uint32_t puts; /* datagrams sent so far */
	bool alert_sent;
	const struct ds_suite *suite; /* NULL before the keys are known */
	uint8_t block[DS_KEY_BLOCK_MAX];
	void *rx_key; /* expanded, for records during the handshake */
	uint64_t bad_mac, dropped_early;
	ds_time wrong_key_at; /* DS_TIME_NEVER = nothing failed to verify */
	enum ds_tls_result result;
	struct ds_tls_failure failure;
	struct ds_tls_peer peer;
};

/* A handshake with its context; NULL = out of memory.  @serial names it. */
struct ds_handshake *ds_handshake_new(const struct ds_config *cfg, struct ds_tls_config *tls,
				      const struct ds_path *path, const uint8_t *cid,
				      uint64_t serial);
/* Wipes and frees; NULL is allowed. */
void ds_handshake_free(struct ds_handshake *h);

/* One record for the handshake, under the lock; false if there is no room. */
bool ds_handshake_input(struct ds_handshake *h, const uint8_t *record, size_t len);

/* The step itself: without the lock, between ds_engine_job() and ds_engine_job_done(). */
void ds_handshake_run(struct ds_handshake *h);

/* When a job is due although nothing arrived. */
ds_time ds_handshake_deadline(const struct ds_handshake *h);

/* For tls.c: the next record to read, 0 = none; a datagram to send; the key of an identity. */
size_t ds_handshake_take(struct ds_handshake *h, uint8_t *buf, size_t cap);
bool ds_handshake_has_input(const struct ds_handshake *h);
int ds_handshake_put(struct ds_handshake *h, const uint8_t *buf, size_t len);
bool ds_handshake_psk(struct ds_handshake *h, const uint8_t *identity, size_t len);

#endif
