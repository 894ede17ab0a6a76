/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_impl.h - the inside of an engine, shared by the engine*.c files
 *
 *	engine.c		life and time
 *	engine_queue.c		datagrams and events that wait for the caller
 *	engine_input.c		the way of a datagram in: which session or handshake, what then
 *	engine_path.c		where a peer is: moves, and asking it
 *	engine_session.c	sealing, closing, questions about sessions
 *	engine_hello.c		ClientHellos: cookies, before anything is kept
 *	engine_junk.c		what junk aimed at a session may cost
 *	engine_expiry.c		sessions whose time is up, and which give way when there are too many
 *	engine_admit.c		which handshake is computed next, and which hello begins one
 *	engine_timers.c		handshakes that have something to do because time has passed
 *	engine_handshake.c	handshakes, what a job brought, the new session
 *	engine_find.c		running handshakes by address and CID
 *	engine_keys.c		pre-shared keys that handshakes wait for
 *	engine_store.c		sessions that come back, and what is kept of those that are there
 *	engine_client.c		what only a client does
 *	engine_deny.c		peers that get no session, or have it no longer
 *	engine_plaintext.c	datagrams that are no DTLS, and what may be answered to them
 *
 * Five of them call each other in a circle, and that is in the matter: a new session ends others
 * (_handshake to _session, _expiry), the end of a session drops the handshake that lingers beside
 * it (_session to _handshake), a session that is used checks its age (_session to _expiry), a
 * client's message without an answer begins a handshake (_session to _client to _handshake), and a
 * handshake waits for a key and goes on with it (_handshake to _keys and back).  All others call
 * these or are called by them, but not both.
 */
#ifndef CORE_ENGINE_IMPL_H
#define CORE_ENGINE_IMPL_H

#include "core/clear.h"
#include "core/cookie.h"
#include "core/handshake.h"
#include "core/keycache.h"
#include "core/limit.h"
#include "core/path_check.h"
#include "core/session.h"
#include "dtlsshim/engine.h"

#define DS_EVENTS	  64   /* events the caller has not taken */
#define DS_EVENTS_RESERVE 8    /* what one record can cause at most */
#define DS_SMALL_OUT	  64   /* cookie and alert datagrams not taken */
#define DS_SMALL_LEN	  128  /* bytes of such a datagram */
#define DS_OUT_PACKETS	  4096 /* handshake datagrams not taken */
#define DS_HOT_SESSIONS	  2048 /* sessions whose expanded keys are kept */
#define DS_AWAKE	  10   /* seconds; a session that was silent longer was asleep */
#define DS_HOT_CLIENT	  64   /* same for a client, which may be one of many in a process */

struct ds_small {
	struct ds_path path;
	size_t len;
	uint8_t data[DS_SMALL_LEN];
};

TAILQ_HEAD(ds_hs_list, ds_handshake);

/* What the buckets of an engine are for. */
enum ds_bucket_kind {
	DS_BUCKET_LOOKUPS,
	DS_BUCKET_HELLOS,
	DS_BUCKET_COOKIE,
	DS_BUCKET_REFUSED,
	DS_BUCKET_PLAINTEXT,
	DS_BUCKET_OWN, /* this and the following: engine_junk.c */
	DS_BUCKET_SOURCE,
	DS_BUCKET_ELSEWHERE,
	DS_BUCKET_SESSION,
};

/**
 * struct ds_lane - what the long jobs, or the short ones, ask for and get; see engine_admit.c
 * @n:		jobs of each class that wait or are out
 * @mean:	time that one of the class is computed
 * @since:	from when on the time is counted in which the lane has jobs; 0 = from the next job on
 * @busy, @work: such time since @pace was measured, and what was computed of the lane in it
 * @pace:	time that passes for a unit of work, in 256ths
 */
struct ds_lane {
	uint32_t n[DS_JOB_CLASSES];
	ds_time mean[DS_JOB_CLASSES];
	ds_time since, busy, work, pace;
};

/* Hellos in a slice of time, see engine_hello.c. */
struct ds_hellos {
	uint32_t fresh, returning; /* without a cookie, with one */
	uint32_t begun;		   /* handshakes that came of them */
	uint32_t refused;
	bool late[DS_JOB_CLASSES]; /* one could not be admitted */
};

struct ds_engine {
	struct ds_config cfg;
	struct ds_tls_config *tls;
	struct ds_cookie cookie;
	struct ds_table table;
	struct ds_aead aead;
	struct ds_keycache *keys;
	struct ds_stats stats;

	struct ds_handshake **handshakes; /* by id, from 1 */
	uint32_t n_handshakes, n_ids;	  /* alive; size of the array */
	uint32_t *free_ids, n_free;
	uint32_t serial;
	struct ds_index hs_by_addr, hs_by_cid;	/* running ones only */
	struct ds_hs_list running, lingering;	/* the oldest first */
	struct ds_hs_list jobs[DS_JOB_CLASSES]; /* handshakes that wait for a job */
	struct ds_lane lanes[2];		/* short jobs, long ones; see engine_admit.c */
	struct ds_hs_list lookups;		/* those that wait for a key */
	ds_time hello_slice;
	struct ds_hellos hellos[2]; /* those of this slice of time, and of the one before */
	size_t doubts_max;	    /* handshakes beside which no doubt begins another */
	size_t held;		    /* bytes of records that wait in handshakes */
	ds_time hs_deadline;	    /* of the earliest handshake, or earlier */
	ds_time answer_deadline;    /* when the first answer to a client is overdue, or earlier */
	struct ds_groups hs_groups; /* of all handshakes, by network */

	struct ds_checks checks; /* of addresses, see engine_path.c */

	struct ds_buckets buckets;
	ds_time junk_until;  /* no bucket of engine_junk.c is less than full from then on */
	uint64_t junk_spent; /* if no other engine shares it (ds_config's @junk_spent) */
	uint32_t sweep_id;   /* sessions before this one were looked at, see engine_expiry.c */
	uint32_t sweep_end;  /* the earliest second in which one of them has to end */
	ds_time sweep_at;
	bool sweep_denied; /* they have not all been looked up in the list of denied peers */
	uint64_t draw;	   /* state of ds_engine_draw(); its seed is secret */

	struct ds_small small[DS_SMALL_OUT];
	uint32_t small_head, small_count;
	struct ds_queue out, early;
	uint64_t out_taken, out_held; /* of out: how many left; number of the first that may not */
	struct ds_event events[DS_EVENTS];
	uint32_t event_head, event_count;

	enum ds_plaintext plaintext;
	struct ds_clear clear;			 /* peers that speak in clear, where they may */
	struct ds_plaintext_net *plaintext_nets; /* NULL before the first; see engine_plaintext.c */

	struct ds_store *store; /* borrowed; NULL = sessions end with the process */
	int64_t wall;		/* wall clock minus seconds as in a slot */
};

/* engine_queue.c */

/* Room for a small datagram to @path, to be filled; NULL (counted) if the queue is full. */
struct ds_small *ds_engine_small(struct ds_engine *e, const struct ds_path *path);
/* A new event to fill; the oldest gives way if the caller does not take them. */
struct ds_event *ds_engine_push_event(struct ds_engine *e, enum ds_event_type type,
				      enum ds_reason reason);

/* engine_input.c */

/**
 * struct ds_arrival - a record on its way in
 * @path:	the way it came
 * @msg:	what the caller wants: a message, if the record is one
 */
struct ds_arrival {
	const struct ds_path *path;
	const struct ds_record *record;
	struct ds_message *msg;
	ds_time now;
};

/* A protected record of @s: true if a->msg holds a message now.  The session may have ended. */
bool ds_engine_open(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a);

/* engine_path.c */

/* An authentic record of @s came: it may have moved, and is the newest in the order of use. */
void ds_engine_heard(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		     bool newer_data);
/* A message of RFC 9853. */
void ds_engine_rrc(struct ds_engine *e, struct ds_slot *s, const struct ds_arrival *a,
		   const struct ds_opened *o);
/* Asks again, or decides, where an answer is overdue. */
void ds_engine_tick_checks(struct ds_engine *e, ds_time now);

/* engine_session.c */

/* Bytes of a record with @len bytes to the peer of @s. */
size_t ds_engine_record_size(const struct ds_slot *s, size_t len);
/* Makes a small datagram of @what, to @path; false if there is no room or no number left.  The caller
 * sees to the budget. */
bool ds_engine_tell(struct ds_engine *e, struct ds_slot *s, struct ds_seal *what,
		    const struct ds_path *path);

void ds_engine_fill_info(const struct ds_engine *e, const struct ds_slot *s,
			 struct ds_session_info *out);
/* Sends the peer a warning alert (RFC 5246, 7.2). */
void ds_engine_warn(struct ds_engine *e, struct ds_slot *s, uint8_t description);
/* Ends a session: close_notify if @tell, event, everything wiped. */
void ds_engine_end(struct ds_engine *e, struct ds_slot *s, enum ds_reason reason, bool tell);
/* The ready key of a direction; false if the library failed. */
bool ds_engine_key(struct ds_engine *e, struct ds_slot *s, enum ds_direction dir,
		   struct ds_record_key *out);

/* engine_junk.c */

/* True if a record for @s from there may be opened. */
bool ds_engine_may_open(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
			ds_time now);
/* Notes that a record of @len bytes from there was opened and was not authentic, or that one was. */
void ds_engine_forged(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		      size_t len, ds_time now);
void ds_engine_genuine(struct ds_engine *e, const struct ds_slot *s, const struct ds_addr *from,
		       ds_time now);

/* engine_expiry.c */

/* Ends the session if it is older than it may be, or its peer's certificate has expired; true if it did. */
bool ds_engine_aged(struct ds_engine *e, struct ds_slot *s, ds_time now);
/* Notes when @s, a new one, has to end. */
void ds_engine_plan_end(struct ds_engine *e, const struct ds_slot *s, ds_time now);
/* Ends a bounded number of sessions whose time is up; and says when it wants to be called again. */
void ds_engine_expire(struct ds_engine *e, ds_time now);
ds_time ds_engine_expiry(const struct ds_engine *e);
/* A number that nobody outside can foresee.  Not for keys. */
uint32_t ds_engine_draw(struct ds_engine *e);
/* Makes room for @s, the newest, if there are more than there may be; false if it must go itself. */
bool ds_engine_make_room(struct ds_engine *e, struct ds_slot *s);

/* Ends the sessions of peers that are denied now, soon. */
void ds_engine_end_denied(struct ds_engine *e);

/* engine_deny.c */

/* True for the identity of a key, a new session, and one that is there, whose peer is denied. */
bool ds_engine_denies_identity(const struct ds_engine *e, const uint8_t *identity, size_t len);
bool ds_engine_denies_new(const struct ds_engine *e, const struct ds_new_session *ns);
bool ds_engine_denies(const struct ds_engine *e, const struct ds_slot *s);
/* The second in which a session ends whose peer's certificate is valid up to @not_after; 0 = never. */
uint32_t ds_engine_certificate_end(const struct ds_engine *e, int64_t not_after, ds_time now);

/* engine_plaintext.c */

/* A datagram that is no DTLS: as ds_engine_input(). */
enum ds_verdict ds_engine_plaintext_input(struct ds_engine *e, struct ds_input *in,
					  struct ds_message *msg, ds_time now);
void ds_engine_plaintext_fini(struct ds_engine *e);
/* Notes that an authentic record came from there: nothing does in clear from now on. */
void ds_engine_note(struct ds_engine *e, const struct ds_addr *from);
/* As ds_table_vacated(), and the answers may be for a peer that spoke in clear from there. */
uint8_t ds_engine_vacated(const struct ds_engine *e, const struct ds_slot *s,
			  const struct ds_addr *a, uint32_t second);

/* engine_hello.c */

/* The peer has made the handshake of @h fail, or did not go on: its cookie begins no other. */
void ds_engine_spend_cookie(struct ds_engine *e, const struct ds_handshake *h);
/* A ClientHello: cookie, repetition, or a new handshake. */
void ds_engine_hello(struct ds_engine *e, const struct ds_arrival *a);

/* engine_admit.c */

void ds_engine_admit_init(struct ds_engine *e);
/* False while no hello of @class is admitted, whoever sent it. */
bool ds_engine_has_time(const struct ds_engine *e, enum ds_job_class class);
/* True if a hello of @class from there may begin a handshake, which is then counted; else the hello is. */
bool ds_engine_admits(struct ds_engine *e, const struct ds_addr *from, enum ds_job_class class,
		      ds_time now);
/* Puts @h into the queue for a job.  Does nothing while its job is out or it waits for a key, because
 * it is put there afterwards. */
void ds_engine_want_job(struct ds_engine *e, struct ds_handshake *h);
/* Takes @h out of the queue, if it is there. */
void ds_engine_no_job(struct ds_engine *e, struct ds_handshake *h);
/* True if @h is the first of its class in the queue. */
bool ds_engine_is_next(const struct ds_engine *e, const struct ds_handshake *h);
/* True if a job waits; long ones count only if @long_too. */
bool ds_engine_has_jobs(const struct ds_engine *e, bool long_too);
/* Notes what the job of @h, which came back, says about time. */
void ds_engine_job_took(struct ds_engine *e, const struct ds_handshake *h, ds_time now);

/* engine_handshake.c */

/* Begins a handshake.  0, or DS_E_FULL if there is no room, DS_E_NOMEM, DS_E_RANDOM. */
DS_MUST_CHECK
int ds_engine_begin(struct ds_engine *e, const struct ds_path *path, enum ds_job_class class,
		    struct ds_handshake **out, ds_time now);
/* Frees a handshake, or marks it dead while its job is out. */
void ds_engine_drop_handshake(struct ds_engine *e, struct ds_handshake *h);
/* Adds to @ev, which tells of a failure, what can be done about it. */
void ds_engine_advise(const struct ds_engine *e, struct ds_event *ev);
/* Ends a handshake without a session: DS_EVENT_FAILED. */
void ds_engine_fail(struct ds_engine *e, struct ds_handshake *h, enum ds_reason reason);
/* Puts a record into the inbox of @h, and @h into the queue for a job.  False (counted) if there is no
 * room or no memory. */
bool ds_engine_feed(struct ds_engine *e, struct ds_handshake *h, const uint8_t *record, size_t len);
/* Notes that the deadline of @h is another than it was. */
void ds_engine_want_deadline(struct ds_engine *e, const struct ds_handshake *h);

/* engine_timers.c */

/* Puts handshakes whose timers ran out into the queue for a job, and ends those whose time is up. */
void ds_engine_tick_handshakes(struct ds_engine *e, ds_time now);

/* engine_find.c */

/* The running handshake with a peer address, or with a CID of ours. */
struct ds_handshake *ds_engine_hs_by_addr(const struct ds_engine *e, const struct ds_addr *a);
struct ds_handshake *ds_engine_hs_by_cid(const struct ds_engine *e, const uint8_t *cid);

/* engine_keys.c */

/* Puts @h, which needs the key of its identity, into the queue for a look-up. */
void ds_engine_want_key(struct ds_engine *e, struct ds_handshake *h, ds_time now);

/* engine_client.c */

#define DS_DOUBTS_MAX 8

/* Notes that a message was sent through @s, whose answer is awaited from now on. */
void ds_client_asks(struct ds_engine *e, struct ds_slot *s, ds_time now);
/* Notes that a message came through @s: no answer is awaited any more. */
void ds_client_hears(struct ds_slot *s);
/* Begins handshakes where an answer is overdue. */
void ds_client_tick(struct ds_engine *e, ds_time now);

extern const struct ds_index_ops ds_hs_addr_ops, ds_hs_cid_ops;

#endif
