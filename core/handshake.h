/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake.h - one handshake, from a valid cookie to the end of its linger time
 *
 *   state	what it is		what it may do			how it ends
 *   RUNNING	Mbed TLS negotiates	take records, run jobs,		done, failure, time-out
 *					wait for a key
 *   LINGERING	the session is		run jobs that repeat it		first application record,
 *		established, the last					linger time
 *		flight may have to be
 *		repeated (RFC 6347, 4.2.4)
 *   DEAD	nobody needs it, but	nothing				the job comes back
 *		its job is out
 *
 * Two owners.  struct ds_handshake is the engine's, under its lock.  Within it lies struct ds_job:
 * what a step computes with.  It belongs to the thread that runs the job from ds_engine_job() until
 * ds_engine_job_done(), while ->busy is set, and to the engine at all other times.  Records wait in
 * the engine's inbox until a job takes them along, so ds_job_run() needs no lock; its functions are
 * given struct ds_job only, so they cannot reach the engine's part.
 *
 * Protected records are opened here with the session's own keys before Mbed TLS may see them: forged
 * ones cannot end a handshake, and application records that overtook Finished are kept for the
 * session.
 */
#ifndef CORE_HANDSHAKE_H
#define CORE_HANDSHAKE_H

#include <sys/queue.h>

#include "core/hello.h"
#include "core/record.h"
#include "core/tls.h"
#include "dtlsshim/engine.h"

#define DS_INBOX_RECORDS 16    /* records waiting for a handshake */
#define DS_INBOX_BYTES	 65536 /* bytes waiting for a handshake */
#define DS_COOKIE_COPY	 64    /* bytes of a cookie compared to know a repeated hello */
/* Datagrams a handshake may send, its linger time included: strangers cannot use us to flood a peer. */
#define DS_PUTS_MAX 1024
/* How long after a protected record that did not verify a handshake is given up as one with the
 * wrong key, in first retransmission times: it may have been forged, and the peer, whose timer is
 * probably like ours, must get the chance to repeat the true one. */
#define DS_WRONG_KEY_TIMES 5
/* The same for an alert in clear, which anybody can send: it becomes the reason if nothing else comes
 * from the peer for so long. */
#define DS_CLEAR_ALERT_TIMES 3

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
/* The peer has answered our flight; a hello without curves, or our own; a hello with curves. */
enum ds_job_class { DS_JOB_ANSWERED, DS_JOB_CHEAP, DS_JOB_COSTLY, DS_JOB_CLASSES };
enum ds_key_state { DS_KEY_NONE, DS_KEY_WANTED, DS_KEY_ASKED, DS_KEY_KNOWN, DS_KEY_UNKNOWN };

/**
 * struct ds_job - what a step of a handshake computes with; the job thread's while ->busy
 * @cfg:	the engine's; does not change
 * @lingers:	the job is to repeat the last flight
 * @now:	when it was handed out
 * @took:	how long it was computed, or 0: all the time until it was handed back
 * @work:	unprotected records, in order
 * @sealed:	protected records that were not opened yet
 * @finished:	protected handshake and alert records that verified
 * @early:	application records that verified
 * @out:	datagrams to send; where to, the engine knows
 * @identity, @psk: PSK servers: what the client says it is, and the key the engine found for it
 * @puts:	datagrams sent so far
 * @first_seq:	done: the session's first sequence number
 * @rx_key:	expanded key for records of the peer during the handshake, or NULL
 * @bad_mac, @dropped_early: to be added to the counters
 * @wrong_key_at: when a protected record did not verify for the first time; DS_TIME_NEVER = none yet
 * @result, @failure, @peer: what the step brought
 */
struct ds_job {
	const struct ds_config *cfg;
	struct ds_tls *tls;
	bool lingers;
	ds_time now, took;
	struct ds_queue work, sealed, finished, early, out;
	struct ds_identity_peek peek;
	enum ds_key_state key_state;
	uint8_t identity[DS_IDENTITY_MAX], psk[DS_PSK_MAX];
	size_t identity_len, psk_len;
	uint32_t puts;
	uint64_t first_seq;
	void *rx_key;
	uint64_t bad_mac, dropped_early;
	ds_time wrong_key_at;
	enum ds_tls_result result;
	struct ds_tls_failure failure;
	struct ds_tls_peer peer;
};

/**
 * struct ds_handshake - a handshake in the engine's tables; all but @job under its lock
 * @id:		its number, the place in the engine's array
 * @serial:	names it for key look-ups, never used again
 * @cid:	ours
 * @busy:	the job is out: @job must not be touched
 * @queued, @wants_key: in an engine's list of handshakes that want a job, or a key
 * @is_long:	its jobs compute on a curve
 * @class:	the list of jobs that it is put into (engine_admit.c); @queued_class: the last it was in
 * @crowded:	its network has had many keys looked up
 * @denied:	its identity is in the list of those that get no session
 * @unanswered: the key source failed
 * @pretends:	nobody knows its identity; the key is made up (RFC 4279, 2)
 * @group:	its network in the engine's groups of handshakes (limit.h), or 0
 * @session:	LINGERING: the session it made
 * @last_message: LINGERING: number of the peer's Finished
 * @repeat_at:	LINGERING: before that its flight is not repeated again
 * @give_up:	when the handshake, or the lingering, ends at the latest
 * @alert_at:	when an alert came in clear, and nothing of the peer's since; else DS_TIME_NEVER
 * @alert:	what it said (RFC 5246, 7.2)
 * @held:	bytes of records that the engine counts for it (ds_engine_feed())
 * @inbox:	records that wait for a job
 * @offer:	server: what the peer's hello said
 * @cookie:	of the hello that began it, to know a repetition
 * @doubts:	client: of the new session, see session.h
 */
struct ds_handshake {
	uint32_t id;
	uint64_t serial;
	bool client;
	struct ds_path path;
	uint8_t cid[DS_CID_MAX];

	enum ds_handshake_state state;
	bool busy, queued, wants_key, indexed, cid_indexed;
	bool crowded, denied, pretends, unanswered, is_long;
	enum ds_job_class class, queued_class;
	uint8_t doubts;
	uint16_t group, last_message;
	TAILQ_ENTRY(ds_handshake) order;      /* of beginning, among those of its state */
	TAILQ_ENTRY(ds_handshake) in_jobs;    /* while ->queued */
	TAILQ_ENTRY(ds_handshake) in_lookups; /* while ->wants_key */
	uint32_t next_addr, next_cid;	      /* in the indexes */
	ds_session session;
	ds_time give_up, alert_at, repeat_at;
	uint8_t alert;
	size_t held;
	struct ds_queue inbox;
	struct ds_offer offer;
	uint8_t cookie[DS_COOKIE_COPY];
	size_t cookie_len;

	struct ds_job job;
};

/* A handshake with its context; NULL = out of memory.  @serial names it. */
struct ds_handshake *ds_handshake_new(const struct ds_config *cfg, struct ds_tls_config *tls,
				      const struct ds_path *path, const uint8_t *cid,
				      uint64_t serial);
/* Wipes and frees; not while the job is out.  NULL is allowed. */
void ds_handshake_free(struct ds_handshake *h);

/* The handshake that @job is part of. */
struct ds_handshake *ds_handshake_of(struct ds_job *job);

/* One record for the handshake; false if there is no room. */
bool ds_handshake_input(struct ds_handshake *h, const uint8_t *record, size_t len);

/* Bytes of the records that wait in it; not while its job is out. */
size_t ds_handshake_bytes(const struct ds_handshake *h);

/* When it ends at the latest, if nothing comes. */
ds_time ds_handshake_end(const struct ds_handshake *h);

/* When a job is due although nothing arrived; not while one is out. */
ds_time ds_handshake_deadline(const struct ds_handshake *h);

#endif
