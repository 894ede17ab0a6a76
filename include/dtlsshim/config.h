/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - what an engine is told when it is made
 *
 * Everything the engine needs from outside stands here: credentials as bytes (a
 * front end reads the files), limits, and the injected memory, randomness and key
 * log.  ds_config_init() gives every member its default.
 *
 * Units:    ds_time is nanoseconds on the caller's monotonic clock; any origin.
 */
#ifndef DTLSSHIM_CONFIG_H
#define DTLSSHIM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dtlsshim/cdefs.h"

DS_BEGIN_DECLS

typedef uint64_t ds_time;
#define DS_TIME_NEVER UINT64_MAX
#define DS_SECOND     1000000000ULL
#define DS_MSEC	      1000000ULL

#define DS_CID_MAX	32    /* bytes, ours and the peer's; RFC 9146, 3 allows 255 */
#define DS_IDENTITY_MAX 128   /* bytes, RFC 4279, 5.3 */
#define DS_PSK_MAX	64    /* bytes, RFC 4279, 5.3 */
#define DS_PAYLOAD_MAX	16384 /* bytes, RFC 5246, 6.2.1 */
/* What a record adds at most: header 13, CID, inner type 1, explicit nonce 8, tag 16 */
#define DS_OVERHEAD_MAX (13 + DS_CID_MAX + 1 + 8 + 16)
#define DS_DATAGRAM_MAX (DS_PAYLOAD_MAX + DS_OVERHEAD_MAX)
#define DS_SUITES_MAX	24
#define DS_WHY_MAX	256 /* bytes of an explanation, end included */

/* Whose extended master secret (RFC 7627) is required.  It ties the keys to the whole handshake, which
 * is what resumption, renegotiation and channel bindings need and none of them exists here; so a peer
 * with a pre-shared key may do without (docs/security.md). */
enum ds_ems { DS_EMS_NOBODY, DS_EMS_EVERYBODY, DS_EMS_CERTIFICATES };

enum ds_role { DS_SERVER, DS_CLIENT };
enum ds_client_auth { DS_CLIENT_AUTH_NONE, DS_CLIENT_AUTH_OPTIONAL, DS_CLIENT_AUTH_REQUIRED };
/* When the peer's address moves (RFC 9146, 6): with the 3x budget, at once, not at all */
enum ds_rebind { DS_REBIND_LIMIT, DS_REBIND_IMMEDIATE, DS_REBIND_NEVER };
/* How an address is proven to which a peer moved that can be asked (RFC 9853): the new one is asked; the
 * one before is asked first; no peer is offered to be asked */
enum ds_rrc { DS_RRC_BASIC, DS_RRC_ENHANCED, DS_RRC_OFF };
/* What is done with a datagram that is no DTLS.  Denied in either of the first two, which differ in what
 * front ends let the engine see: to log all of them, it must see all of them. */
enum ds_plaintext { DS_PLAINTEXT_DENY, DS_PLAINTEXT_LOG, DS_PLAINTEXT_ALLOW };
/* What the application sees as the peer's address: the newest, or that of the handshake */
enum ds_peer_address { DS_PEER_CURRENT, DS_PEER_STABLE };

/**
 * struct ds_config - see ds_config_init() for the defaults
 * @cert, @key, @ca:	PEM text with its terminating NUL counted in the length, or DER;
 *			NULL = none.  Copied by ds_engine_new().
 * @crl:	revocation lists of the authorities in @ca, in the same forms; NULL = none
 * @deny:	peers that get no session, as text, one entry a line: id:IDENTITY of a key, subject:NAME
 *		or serial:HEX of a certificate; NULL = none.  Copied, too.
 * @cert_name, @key_name, @ca_name, @crl_name, @deny_name: how messages name them, or NULL
 * @psk:		server: identities are looked up by request (ds_engine_lookup());
 *			client: use @psk_identity and @psk_key, which are nothing without it
 * @server_name:	client: name the certificate must carry and the SNI to send;
 *			NULL = the certificate's chain is verified, its name is not
 * @suites:		IANA numbers in order of preference, ended by 0; empty = all, and a server
 *			follows the client's order
 * @cid_length:		length of our own CID, 0..DS_CID_MAX; a client with 0 still offers the
 *			extension (zero-length CID) so that the server's can be used
 * @mtu:		bytes of a UDP payload that handshake flights are cut to
 * @handshake_min, @handshake_max: first and largest retransmission time (RFC 6347, 4.2.4.1)
 * @handshake_timeout:	a handshake that takes longer in all is dropped
 * @replies:		how long an application may take to answer to an address: so long nobody
 *			else is heard who has it now; 0 = it answers to sessions, not to addresses
 * @answer:		client: when nothing came back for so long after a message, the server may have
 *			forgotten the session, and a handshake begins beside it; 0 = never
 * @linger:		how long the server's last flight can be repeated after completion
 * @idle:		a session without an authenticated record for so long is closed; 0 = never
 * @max_age:		a session is closed so long after its handshake; 0 = never
 * @max_sessions, @max_handshakes: limits; the session limit evicts least recently used
 *			sessions, the handshake limit the oldest unfinished handshakes of the
 *			network that has most
 * @one_per_identity:	the newest session of an identity closes the older at its Finished
 * @max_per_identity:	without @one_per_identity: sessions an identity may have, 0 = any number
 * @lookup_rate:	keys that clients of one network (IPv4 /24, IPv6 /48) may have looked up a
 *			second where that is costly (struct ds_lookup), 0 = any number
 * @junk_spent:		a number that the engines of a process share, 0 at first: the processor time
 *			that records which did not verify have cost of late; NULL = this engine has
 *			a budget of its own
 * @require_ems:	which peers without the extended master secret (RFC 7627) are refused
 * @alloc, @release:	memory for everything, zeroed by @alloc; the core wipes secrets itself.
 *			Both may be called by any thread that runs jobs (ds_job_run()).
 * @random:		fills @len bytes from a CSPRNG, 0 on success; called by any thread that
 *			runs jobs
 * @wall:		seconds since 1970 by the wall clock, by which sessions end with the peer's
 *		certificate; NULL = they do not
 * @keylog:		NULL, or receives NSS key log lines (unsafe; tests and debugging); called by
 *			any thread that runs jobs
 */
struct ds_config {
	enum ds_role role;

	const uint8_t *cert, *key, *ca, *crl, *deny;
	size_t cert_len, key_len, ca_len, crl_len, deny_len;
	const char *cert_name, *key_name, *ca_name, *crl_name, *deny_name;
	enum ds_client_auth client_auth;
	const char *server_name;

	bool psk;
	uint8_t psk_identity[DS_IDENTITY_MAX];
	size_t psk_identity_len;
	uint8_t psk_key[DS_PSK_MAX];
	size_t psk_key_len;

	uint16_t suites[DS_SUITES_MAX + 1];
	uint8_t cid_length;
	uint16_t mtu;
	ds_time handshake_min, handshake_max, handshake_timeout, linger, idle, max_age, replies;
	ds_time answer;
	uint32_t max_sessions, max_handshakes, max_per_identity, lookup_rate;
	enum ds_rebind rebind;
	enum ds_rrc rrc;
	enum ds_peer_address peer_address;
	bool one_per_identity;
	enum ds_ems require_ems;
	uint64_t *junk_spent;

	void *ctx; /* first argument of the five below */
	void *(*alloc)(void *ctx, size_t size);
	void (*release)(void *ctx, void *p, size_t size);
	int (*random)(void *ctx, uint8_t *buf, size_t len);
	int64_t (*wall)(void *ctx);
	void (*keylog)(void *ctx, const char *line);
};

/* Gives every member of @cfg its default; alloc, release and random stay NULL. */
void ds_config_init(struct ds_config *cfg);

/**
 * ds_suite_by_name() - IANA number of a cipher suite this engine has
 * @name:	"TLS_PSK_WITH_AES_128_CCM_8" (IANA) in any case
 *
 * Return: the number, or 0 if there is no such suite here.
 */
uint16_t ds_suite_by_name(const char *name);

/* IANA name of suite @id, "?" if this engine does not have it. */
const char *ds_suite_name(uint16_t id);

/* Walks the suites in default order of preference: the number at @i, 0 at the end. */
uint16_t ds_suite_at(size_t i);

DS_END_DECLS

#endif
