/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h - one local DTLS 1.2 endpoint, without input or output
 *
 * An engine is to a DTLS endpoint what a UDP socket is to a server: all peers of one
 * local port.  It owns no socket, clock, thread or file.  The caller brings datagrams
 * and the time, and takes messages, datagrams, jobs, key requests and events:
 *
 *	datagram arrived:	in.next = 0;
 *				while (ds_engine_input(e, &in, &msg, now) == DS_MESSAGE)
 *					deliver(&msg);
 *				drain();
 *	deadline passed:	ds_engine_tick(e, now); drain();
 *	application sends:	ds_engine_seal(e, session, ...); send the datagram
 *
 *	drain():		while (ds_engine_output(...))	send the datagram
 *				while (ds_engine_event(...))	log, tidy up
 *				while (ds_engine_lookup(...))	start looking the key up
 *				while (ds_engine_job(...))	run it, hand it back, drain again
 *				while (ds_engine_early(...))	deliver
 *				sleep until ds_engine_deadline()
 *
 * Threads:  an engine is not thread-safe; one lock an engine, the caller's.  Only
 *	     ds_job_run() may run without that lock: it touches nothing but its own
 *	     handshake.  Jobs of any engines may run at the same time, up to DS_JOBS_MAX
 *	     of those that share a certificate.
 * Memory:   no allocation for a datagram of an established session, but for one that
 *	     moves it; buffers are the caller's.  Nothing is allocated for a peer without a
 *	     valid cookie.
 * Time:     every call that needs it gets @now; it must never run backwards.
 */
#ifndef DTLSSHIM_ENGINE_H
#define DTLSSHIM_ENGINE_H

#include "dtlsshim/cdefs.h"
#include "dtlsshim/addr.h"
#include "dtlsshim/config.h"
#include "dtlsshim/err.h"
#include "dtlsshim/stats.h"

DS_BEGIN_DECLS

struct ds_engine;
struct ds_job;

/* Jobs that may run at the same time, of an engine and those made or reloaded like it. */
#define DS_JOBS_MAX 64

/* Names a session for as long as the process lives; 0 = none, never reused. */
typedef uint64_t ds_session;

/* A small dense number: sessions alive at the same time have different ones. */
static inline uint32_t ds_session_slot(ds_session s)
{
	return (uint32_t)s;
}

/**
 * ds_engine_new() - make an engine
 * @out:	the engine; free with ds_engine_free()
 * @cfg:	copied; see config.h
 * @now:	current time
 * @why:	out: on error one line that says what is wrong
 *
 * Return: 0 or
 *   DS_E_CONFIG	credentials or numbers do not fit, see @why: tell the user
 *   DS_E_NOMEM, DS_E_RANDOM, DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_engine_new(struct ds_engine **out, const struct ds_config *cfg, ds_time now,
		  char why[DS_AT_LEAST(DS_WHY_MAX)]);

/**
 * ds_engine_new_like() - make an engine with the configuration of another
 * @base:	lends its certificates and its configuration, which are not read or checked again; must
 *		live longer than the new one
 *
 * For a client that needs an engine a socket.  Threads: only reads @base; a ds_engine_reload() of
 * @base may not run at the same time, and is followed when ds_engine_reload_like() says so.
 *
 * Return: 0, DS_E_NOMEM, DS_E_RANDOM, DS_E_CRYPTO
 */
DS_MUST_CHECK
int ds_engine_new_like(struct ds_engine **out, const struct ds_engine *base, ds_time now,
		       char why[DS_AT_LEAST(DS_WHY_MAX)]);

/* Wipes and frees everything, silently (ds_engine_close_all() says goodbye); NULL is allowed.
 * Sessions with a place outside (store.h) can be taken back.
 * No job of this engine may be running. */
void ds_engine_free(struct ds_engine *e);

/**
 * ds_engine_reload() - take new certificates and suites for handshakes that begin from now on
 * @cfg:	only cert, key, ca, crl, deny, client_auth, server_name, suites are looked at, and a
 *		client's psk_identity and psk_key, if it has any; without a key it keeps that of the start
 *
 * Established sessions and handshakes under way keep what they have; but sessions of peers that are
 * denied now end, some at each ds_engine_tick(), and no handshake of them comes to its end.
 *
 * Return: 0 or as ds_engine_new(); on error nothing has changed.
 */
DS_MUST_CHECK
int ds_engine_reload(struct ds_engine *e, const struct ds_config *cfg,
		     char why[DS_AT_LEAST(DS_WHY_MAX)]);

/* Takes what @base uses for handshakes now, as ds_engine_reload().  Threads: only reads @base. */
void ds_engine_reload_like(struct ds_engine *e, const struct ds_engine *base);

/* Datagrams in */

/**
 * struct ds_input - a datagram on its way through the engine
 * @path:	where it came from and arrived
 * @data, @len:	the datagram; decrypted in place, so its content is lost
 * @next:	cursor; 0 before the first call, the engine's own afterwards
 */
struct ds_input {
	struct ds_path path;
	uint8_t *data;
	size_t len, next;
	ds_session seen; /* the engine's own: session of the records so far */
};

/**
 * struct ds_message - one application datagram
 * @session:	whose it is; 0 = nobody's, it came in clear
 * @clear:	in clear: a dense number, 1..DS_CLEAR_PEERS, that peers have one after the other; else 0
 * @peer:	the address the application is to see (DTLSSHIM_PEER_ADDRESS)
 * @data, @len:	the payload, inside the buffer it came in; never empty
 */
struct ds_message {
	ds_session session;
	uint32_t clear;
	struct ds_addr peer;
	uint8_t *data;
	size_t len;
};

#define DS_CLEAR_PEERS 16384

enum ds_verdict {
	DS_DONE,    /* the datagram is used up; drain */
	DS_MESSAGE, /* a message for the application; call again with the same input */
};

/**
 * ds_engine_input() - give the engine a datagram, or the rest of one
 * @in:		the datagram; belongs to the caller, changed
 * @msg:	out: on DS_MESSAGE a message that points into @in->data
 * @now:	current time
 *
 * Cannot fail: what is wrong with a datagram shows in the counters (stats.h).  Records are
 * routed by CID first, by address second; RFC 9146, 3 and 6.
 *
 * Return: a verdict
 */
enum ds_verdict ds_engine_input(struct ds_engine *e, struct ds_input *in, struct ds_message *msg,
				ds_time now);

/**
 * ds_engine_early() - take an application message that overtook the peer's Finished
 * @msg:	out: the message; @msg->data points into @buf
 * @buf:	at least @cap bytes; DS_DATAGRAM_MAX is always enough
 *
 * Such messages are held, bounded, while their handshake runs.
 *
 * Return: true if there was one
 */
bool ds_engine_early(struct ds_engine *e, struct ds_message *msg, uint8_t *buf, size_t cap,
		     ds_time now);

/* Messages out */

/* The session an application means by peer address @peer, 0 if there is none. */
ds_session ds_engine_find(const struct ds_engine *e, const struct ds_addr *peer);
/* The session whose peer puts @cid, of any length, into its records; 0 if there is none. */
ds_session ds_engine_find_cid(const struct ds_engine *e, const uint8_t *cid, size_t len);

/* One line for ds_engine_seal(): a message on its way out. */
struct ds_sealed {
	uint8_t *buf;	     /* in: room for the record, at least len + DS_OVERHEAD_MAX */
	size_t cap;	     /* in: bytes at buf */
	size_t len;	     /* out: bytes of the datagram to send */
	struct ds_path path; /* out: where to send it */
};

/**
 * ds_engine_seal() - make the datagram that carries a message to a peer
 * @session:	from ds_engine_find() or a message
 * @data:	the message; may be empty; must not overlap @out->buf
 * @len:	its length, at most DS_PAYLOAD_MAX
 * @out:	see struct ds_sealed
 *
 * The sequence number is used up, whether or not the datagram is then sent; on errors but
 * DS_E_CRYPTO it is not.
 *
 * Return: 0 or
 *   DS_E_NOSESSION	closed meanwhile or never there: nothing may be sent
 *   DS_E_TOOBIG	@len > DS_PAYLOAD_MAX, or than the peer takes (RFC 6066, 4): EMSGSIZE
 *   DS_E_SPACE		@out->cap too small
 *   DS_E_BUDGET	the peer moved and has not proven its new address; treat the message
 *			as lost on the way (RFC 9146, 6)
 *   DS_E_NOMEM		no memory for the session's keys: it stays, and the message is lost
 *   DS_E_CRYPTO	the session is closed
 */
DS_MUST_CHECK
int ds_engine_seal(struct ds_engine *e, ds_session session, const uint8_t *data, size_t len,
		   struct ds_sealed *out, ds_time now);

/* Plaintext beside DTLS, for fleets that move from one to the other on the same port */

/* Words of memory for the addresses that have migrated to DTLS; 1 MiB. */
#define DS_MIGRATED_WORDS (1 + (1U << 17))

/**
 * ds_engine_plaintext() - say what is done with datagrams that are no DTLS
 * @rule:	DS_PLAINTEXT_DENY without this call; a client's engine always denies
 * @migrated:	DS_MIGRATED_WORDS words of memory that outlives the engine, zero at first: in them the
 *		addresses of sessions are noted, at which plaintext is allowed never again.  Engines of any
 *		number of threads and processes may share them, whatever their rule.  NULL: nothing is
 *		noted, and everything denied
 *
 * To be called before there are sessions; with the same @migrated also later.
 *
 * A datagram is plaintext if its first three bytes are not those of a DTLS record, that is, a type from
 * 20 to 63 (RFC 7983, 7; RFC 9443, 3) and a version 0xfefc to 0xfeff.  What begins so and is no record
 * that can be read is dropped whatever the rule; and so is what has no byte at all.
 *
 * Return: 0, or DS_E_RANDOM: everything is denied
 */
DS_MUST_CHECK
int ds_engine_plaintext(struct ds_engine *e, enum ds_plaintext rule, uint64_t *migrated);

/**
 * ds_engine_clear() - ask whether a message may go to @peer in clear
 * @peer:	an address at which ds_engine_find() finds no session
 * @path:	out: where to send it, as it is
 *
 * It may, where plaintext is allowed, if a peer spoke in clear from exactly this address and port
 * within the time after which sessions are idle, and no session was ever at the IP address.
 *
 * Return: true if it may, which is counted as sent; false: it must not leave
 */
DS_MUST_CHECK
bool ds_engine_clear(struct ds_engine *e, const struct ds_addr *peer, struct ds_path *path,
		     ds_time now);

/* The engine's own datagrams, jobs and requests */

/**
 * ds_engine_output() - take a handshake, alert or cookie datagram that is to be sent
 * @path:	out: where to
 * @buf, @cap:	the caller's; 2048 bytes or the configured MTU, whichever is more
 * @len:	out: bytes to send
 *
 * Return: true if there was one
 */
bool ds_engine_output(struct ds_engine *e, struct ds_path *path, uint8_t *buf, size_t cap,
		      size_t *len);

/**
 * ds_engine_job() - take a handshake step that is ready to be computed
 *
 * The caller runs it with ds_job_run(), without the engine's lock if it likes, and hands it
 * back with ds_engine_job_done() under the lock.  Until then the engine holds back what
 * arrives for this handshake.
 *
 * Return: the job, or NULL
 */
struct ds_job *ds_engine_job(struct ds_engine *e, ds_time now);
/* The same, but no job that is long. */
struct ds_job *ds_engine_short_job(struct ds_engine *e, ds_time now);
/* True if @job computes on a curve, which takes about a millisecond, and not a fraction of that. */
bool ds_job_is_long(struct ds_job *job);
void ds_job_run(struct ds_job *job);
/* How long ds_job_run() took, where that is less than the time until the job is handed back: told before
 * that, by the thread that ran it. */
void ds_job_took(struct ds_job *job, ds_time time);
void ds_engine_job_done(struct ds_engine *e, struct ds_job *job, ds_time now);

/**
 * struct ds_lookup - a pre-shared key that is wanted
 * @id:		names the request; a late or repeated answer is ignored
 * @identity:	as the peer sent it: any bytes
 * @network:	the same for all clients of one network (IPv4 /24, IPv6 /48), so that none of them has
 *		more than its share of what look-ups cost
 * @crowded:	clients of its network had more keys looked up than ds_config.lookup_rate: answer
 *		from what is at hand, and that nobody knows it where that would be costly
 */
struct ds_lookup {
	uint64_t id, network;
	size_t identity_len;
	uint8_t identity[DS_IDENTITY_MAX];
	bool crowded;
};

/* Takes a request for a key; true if there was one.  Only that peer waits for the answer. */
bool ds_engine_lookup(struct ds_engine *e, struct ds_lookup *out);

/**
 * ds_engine_lookup_done() - answer a request
 * @id:		from struct ds_lookup
 * @key:	the key, copied; NULL = nobody knows this identity, which its peer does not learn: the
 *		handshake goes on with a key nobody has and fails like one with a wrong key
 * @len:	1..DS_PSK_MAX
 */
void ds_engine_lookup_done(struct ds_engine *e, uint64_t id, const uint8_t *key, size_t len,
			   ds_time now);

/* Says that nobody could be asked, or nobody answered.  For the peer the same as an unknown identity; the
 * reason is DS_REASON_KEY_SERVICE. */
void ds_engine_lookup_failed(struct ds_engine *e, uint64_t id, ds_time now);

/* True if a job, a look-up or an early message can be taken: somebody has to serve this engine. */
bool ds_engine_waiting(const struct ds_engine *e);
/* The same, where long jobs do not count. */
bool ds_engine_waiting_short(const struct ds_engine *e);

/* True while thousands of hellos a second are refused because handshakes take all the time there is.  To
 * wake up for each takes more of it than refusing does; so the caller may let datagrams wait for some
 * hundred microseconds. */
bool ds_engine_is_flooded(const struct ds_engine *e, ds_time now);

/* Time */

/* When ds_engine_tick() wants to be called next; DS_TIME_NEVER if nothing waits. */
ds_time ds_engine_deadline(const struct ds_engine *e);
/* Repeats flights, ends handshakes and sessions whose time is up; then drain. */
void ds_engine_tick(struct ds_engine *e, ds_time now);

/* Sessions */

/**
 * ds_engine_connect() - begin a handshake (client role only)
 * @path:	the server and, if known, our end
 *
 * A DS_EVENT_ESTABLISHED or DS_EVENT_FAILED follows.  An existing session with this server
 * goes on until the new handshake is done.  If a handshake with it is under way, that one goes on
 * and its event is the one that follows.
 *
 * Return: 0 or DS_E_CONFIG (engine is a server), DS_E_FULL, DS_E_NOMEM
 */
DS_MUST_CHECK
int ds_engine_connect(struct ds_engine *e, const struct ds_path *path, ds_time now);

/* A client begins no handshake out of doubt (struct ds_config, @answer) while so many run; until this is
 * said as many as there may be.  For one that has sessions for many, with a server that may be gone. */
void ds_engine_limit_doubts(struct ds_engine *e, size_t handshakes);

/* The network says that nobody listens at @remote (ICMP): a handshake begun with it ends with
 * DS_EVENT_FAILED.  A session stays: anybody can have sent that. */
void ds_engine_unreachable(struct ds_engine *e, const struct ds_addr *remote);

/* Sends close_notify and forgets the session; a session that is gone is no error. */
void ds_engine_close(struct ds_engine *e, ds_session session, ds_time now);

/**
 * ds_engine_close_identity() - same for every session of a pre-shared key's identity
 *
 * For a key that was removed or changed.  Does a bounded number a call so that the output queue
 * can be drained in between.
 *
 * Return: true while there may be more: drain and call again
 */
DS_MUST_CHECK
bool ds_engine_close_identity(struct ds_engine *e, const uint8_t *identity, size_t len,
			      ds_time now);

/* Same for everybody. */
DS_MUST_CHECK
bool ds_engine_close_all(struct ds_engine *e, ds_time now);

/**
 * struct ds_session_info - what there is to know about a session
 * @path:	the true addresses, now
 * @peer:	the address the application sees
 * @identity:	PSK identity, or the certificate's subject as text; not terminated
 * @cid:	our CID, which the peer puts in its records; @peer_cid the other way
 * @by_cert:	@identity is a verified certificate's subject
 * @anonymous:	a client that showed neither a key nor a certificate: it only knows who we are
 * @rrc:	the peer can be asked whether it is at an address (RFC 9853)
 */
struct ds_session_info {
	ds_session session;
	struct ds_path path;
	struct ds_addr peer;
	uint8_t identity[DS_IDENTITY_MAX];
	uint8_t cid[DS_CID_MAX], peer_cid[DS_CID_MAX];
	uint8_t identity_len, cid_len, peer_cid_len;
	bool cid_used;
	bool by_cert, anonymous, rrc;
	uint16_t suite;
	ds_time last_seen;
};

/* Fills @out; false if the session is gone. */
bool ds_engine_info(const struct ds_engine *e, ds_session session, struct ds_session_info *out);

/* Walks the sessions in no useful order: the one after @s, 0 at the end; 0 begins. */
ds_session ds_engine_next(const struct ds_engine *e, ds_session s);

size_t ds_engine_sessions(const struct ds_engine *e);
size_t ds_engine_handshakes(const struct ds_engine *e);

/* Events */

enum ds_event_type {
	DS_EVENT_ESTABLISHED, /* a handshake is done, the session is there */
	DS_EVENT_REBOUND, /* the peer's address moved; @old is where it was; with a @reason: back */
	DS_EVENT_CLOSED,  /* the session is gone; see @reason */
	DS_EVENT_FAILED,  /* a handshake ended without a session; see @reason */
	DS_EVENT_STAYED,  /* the peer did not move to @old, from where a record of it came */
	DS_EVENT_PLAINTEXT, /* a datagram came in clear, the first in a minute of its network and @reason */
};

/* Name, text for people.  Why a session or handshake ended. */
#define DS_REASON_MAP(X)                                                                           \
	X(NONE, "")                                                                                \
	X(PEER_CLOSED, "closed by the peer")                                                       \
	X(PEER_ALERT, "ended by the peer's alert")                                                 \
	X(REPLACED, "the same identity connected again")                                           \
	X(ADDRESS_TAKEN, "another peer connected from this address")                               \
	X(EVICTED, "evicted: too many sessions")                                                   \
	X(IDENTITY_FULL, "evicted: too many sessions of this identity")                            \
	X(IDLE, "idle too long")                                                                   \
	X(AGE, "maximum age reached")                                                              \
	X(CERTIFICATE_ENDED, "the peer's certificate has expired")                                 \
	X(DENIED, "the peer is in the deny list")                                                  \
	X(KEY_LIMIT, "limit of records under one key reached")                                     \
	X(LOCAL, "closed here")                                                                    \
	X(KEY_REMOVED, "key removed or changed")                                                   \
	X(PATH_SILENT, "the new address did not answer the path check")                            \
	X(PATH_KEPT, "the peer is still at its address: were its records copied?")                 \
	X(UNREACHABLE, "nobody listens there")                                                     \
	X(TIMEOUT, "handshake took too long")                                                      \
	X(CROWDED, "handshake dropped: too many at once")                                          \
	X(PSK_UNKNOWN, "unknown PSK identity")                                                     \
	X(PSK_WRONG, "Finished does not verify: wrong key?")                                       \
	X(KEY_SERVICE, "the key could not be looked up: program or server failed")                 \
	X(VERSION, "peer does not offer DTLS 1.2")                                                 \
	X(HELLO_LENGTH, "the ClientHello is longer than 6132 bytes")                               \
	X(NO_SUITE, "no cipher suite in common")                                                   \
	X(NO_GROUP, "a cipher suite in common, but no curve or signature algorithm")               \
	X(NO_EMS, "peer does not offer the extended master secret")                                \
	X(CERTIFICATE_TYPE, "peer takes raw public keys only, no certificate")                     \
	X(CERTIFICATE, "certificate not accepted")                                                 \
	X(CERTIFICATE_MISSING, "no certificate shown")                                             \
	X(CERTIFICATE_ISSUER, "certificate not accepted: no trusted CA issued it")                 \
	X(CERTIFICATE_REVOKED, "certificate not accepted: revoked")                                \
	X(CERTIFICATE_CRL,                                                                         \
	  "certificate not accepted: its CA's revocation list is out of date or not valid")        \
	X(CERTIFICATE_DATE, "certificate not accepted: expired or not valid yet")                  \
	X(CERTIFICATE_NAME, "certificate not accepted: made out to another name")                  \
	X(CERTIFICATE_USAGE, "certificate not accepted: made out for another use")                 \
	X(PLAINTEXT_DENIED, "no DTLS: dropped")                                                    \
	X(PLAINTEXT_MIGRATED, "no DTLS from an address that had a session: dropped")               \
	X(PLAINTEXT_ALLOWED, "no DTLS: passed on in clear")                                        \
	X(PROTOCOL, "handshake message not acceptable")                                            \
	X(INTERNAL, "local error")

enum ds_reason {
#define DS_REASON_ENUM(name, text) DS_REASON_##name,
	DS_REASON_MAP(DS_REASON_ENUM)
#undef DS_REASON_ENUM
};

/* Text of a reason, and its name in lower case for logs ("psk_unknown"). */
const char *ds_reason_text(enum ds_reason r);
const char *ds_reason_name(enum ds_reason r);

/* What to change so that the next handshake succeeds. */
enum ds_advice {
	DS_ADVICE_NONE,
	/* A server's: of what the client offers we have nothing */
	DS_ADVICE_AEAD,		/* it has CBC suites only */
	DS_ADVICE_ECJPAKE,	/* it has EC J-PAKE */
	DS_ADVICE_KEY_EXCHANGE, /* AEAD suites, but static RSA, DHE or such */
	DS_ADVICE_X509,		/* it takes raw public keys only */
	DS_ADVICE_PSK_SOURCE,	/* it wants a pre-shared key, and we have none */
	DS_ADVICE_CERTIFICATE,	/* it wants a certificate, and we have none */
	DS_ADVICE_KEY_KIND,	/* our certificate's key is of another kind */
	DS_ADVICE_SUITES,	/* the list of suites that was configured leaves its out */
	/* Of both roles */
	DS_ADVICE_VERSION, /* no DTLS 1.2 */
	DS_ADVICE_GROUP,
	DS_ADVICE_EMS,
	DS_ADVICE_TRUST, /* the peer does not accept our certificate */
	/* A client's */
	DS_ADVICE_SHOW_CERTIFICATE, /* the server may want one of ours */
	DS_ADVICE_PEERS_KEY,	    /* it has another key, or does not know the identity */
	DS_ADVICE_PEERS_SUITES,
	DS_ADVICE_NO_SERVER, /* nothing that speaks DTLS has answered */
	DS_ADVICES
};

#define DS_OFFER_SUITES 48
#define DS_OFFER_GROUPS 12

/**
 * struct ds_offer - what a client said it can do, for the log; nothing of it is verified
 * @version:	the (D)TLS version on the wire, as 0xFEFD; 0 = nothing is known at all
 * @is_known:	the hello came in one piece, so that the rest is known, too
 * @ems, @cid:	the extended master secret, a connection ID
 * @suites:	IANA numbers; @n_suites may be more than there is room for
 * @groups:	IANA numbers (RFC 8422, 5.1.1)
 * @common:	how many of the suites we have as well
 * @server_name: what it calls us, not terminated
 */
struct ds_offer {
	uint16_t version;
	bool is_known, ems, cid;
	uint16_t suites[DS_OFFER_SUITES], groups[DS_OFFER_GROUPS];
	uint16_t n_suites, n_groups, common;
	uint8_t name_len;
	char server_name[64];
};

/**
 * struct ds_event - something happened
 * @info:	for FAILED only path, identity and suite, as far as known
 * @old:	REBOUND: the address before; STAYED: the one that was refused
 * @alert:	alert description received or sent, 0 if none (RFC 5246, 7.2)
 * @detail:	library's error code for the log, 0 if none
 * @offer:	FAILED: of a client
 * @advice:	FAILED: what can be done about it
 * @datagrams:	PLAINTEXT: of the network (IPv4 /24, IPv6 /48) since the event before, this one included
 */
struct ds_event {
	enum ds_event_type type;
	enum ds_reason reason;
	struct ds_session_info info;
	struct ds_addr old;
	uint8_t alert;
	int detail;
	uint32_t datagrams;
	struct ds_offer offer;
	enum ds_advice advice;
};

/* Takes the oldest event; true if there was one.  Nothing is lost as long as the caller drains
 * after every call that can cause one. */
bool ds_engine_event(struct ds_engine *e, struct ds_event *out);

const struct ds_stats *ds_engine_stats(const struct ds_engine *e);

/* "mbedtls" or "ipsec-mb": what seals and opens records on this machine. */
const char *ds_engine_aead(const struct ds_engine *e);

DS_END_DECLS

#endif
