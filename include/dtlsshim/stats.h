/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats.h - everything the engine counts, in one list
 *
 * A datagram or record that is dropped moves exactly one drop_ counter: hostile
 * input is an outcome with a reason.
 */
#ifndef DTLSSHIM_STATS_H
#define DTLSSHIM_STATS_H

#include <stdint.h>

/* Name, meaning */
#define DS_STATS_MAP(X)                                                                            \
	X(rx_datagrams, "datagrams given to the engine")                                           \
	X(rx_messages, "application messages delivered")                                           \
	X(rx_handshake, "records given to a handshake")                                            \
	X(tx_messages, "application messages sealed")                                              \
	X(tx_handshake, "handshake and alert datagrams made")                                      \
	X(hello_verify, "HelloVerifyRequests made for hellos without a valid cookie")              \
	X(handshakes_started, "handshakes begun after a valid cookie, or as a client")             \
	X(handshakes_done, "handshakes completed")                                                 \
	X(handshakes_failed, "handshakes ended by an error or a fatal alert")                      \
	X(handshakes_timeout, "handshakes that ran out of time")                                   \
	X(handshakes_evicted, "handshakes dropped to make room for newer ones")                    \
	X(sessions_doubted, "client: handshakes begun because no answer came")                     \
	X(sessions_replaced, "sessions closed because their identity connected again")             \
	X(sessions_evicted, "sessions closed to make room, or for which there was none")           \
	X(sessions_expired, "sessions closed after idle time")                                     \
	X(sessions_closed, "sessions closed by the peer's alert")                                  \
	X(sessions_aged, "sessions closed at their maximum age or their certificate's end")        \
	X(sessions_denied, "sessions closed because their peer is in the deny list")               \
	X(sessions_limit, "sessions closed at a limit of their key")                               \
	X(rebinds, "sessions moved to a new peer address")                                         \
	X(rrc_challenges, "path challenges made (RFC 9853)")                                       \
	X(rrc_proven, "new addresses proven by a path response")                                   \
	X(rrc_failed, "new addresses that did not answer: the session went back")                  \
	X(rrc_stayed, "moves refused because the peer answered at the address before")             \
	X(rrc_unasked, "moves without a path check, for want of memory: as of peers without it")   \
	X(rrc_answers, "path responses made for a peer's challenge")                               \
	X(lookups_crowded, "key look-ups beyond the rate of their network")                        \
	X(psk_unknown, "handshakes with an identity no key source knows")                          \
	X(store_restored, "sessions taken back from the state file")                               \
	X(store_stale, "sessions not taken back: the state file is older than what they did")      \
	X(store_older, "sessions taken back from an image of an earlier key or version")           \
	X(store_damaged, "sessions not taken back: their place in the state file is damaged")      \
	X(store_expired, "sessions not taken back: silent or alive for too long, or denied")       \
	X(store_unfit, "sessions not taken back: another CID length, or no room")                  \
	X(store_unplaced, "sessions that found no place in the state file")                        \
	X(store_lost, "changes of sessions that did not get into the state file")                  \
	X(rx_plaintext, "datagrams in clear passed on, where that is allowed")                     \
	X(tx_plaintext, "messages sent in clear, as answers to those")                             \
	X(drop_plaintext, "no DTLS, and plaintext is not allowed")                                 \
	X(drop_plaintext_migrated, "no DTLS, from an address that had a session")                  \
	X(drop_clear_answer, "message to a plaintext peer whose address has had a session since")  \
	X(drop_short, "too short for a record header, or empty")                                   \
	X(drop_length, "record length does not fit the datagram")                                  \
	X(drop_type, "content type that is not DTLS 1.2")                                          \
	X(drop_version, "record version that is not DTLS")                                         \
	X(drop_epoch, "epoch that cannot be")                                                      \
	X(drop_hello, "ClientHello that does not parse")                                           \
	X(drop_plain_alert, "unprotected alert outside a handshake")                               \
	X(drop_plain_other, "unprotected record with no handshake to go to")                       \
	X(drop_no_session, "protected record from an address without a session")                   \
	X(drop_unknown_cid, "record with a CID nobody has")                                        \
	X(drop_cid_missing, "record without the CID its session negotiated (RFC 9146, 3)")         \
	X(drop_cid_mixed, "record of another session in the same datagram")                        \
	X(drop_replay, "record seen before, or older than the replay window")                      \
	X(drop_bad_mac, "record that failed authentication")                                       \
	X(drop_junk, "record not opened: too many before it failed authentication")                \
	X(drop_bad_mac_handshake, "protected record that failed during a handshake")               \
	X(drop_inner_type, "authenticated record with an inner type that has no business there")   \
	X(drop_rrc_format, "path message of wrong size, or of a kind that is not known")           \
	X(drop_rrc_cookie, "path response or drop that answers no challenge of ours")              \
	X(drop_rrc_path, "path response or drop from another address than was asked")              \
	X(drop_alert, "authenticated alert of wrong size, or a warning")                           \
	X(drop_address, "message of a session whose address is another's now")                     \
	X(drop_linger, "handshake record after completion with nobody to answer it")               \
	X(drop_renegotiation, "wish of a peer for new keys, answered by no_renegotiation")         \
	X(drop_held, "early record beyond what is held for a handshake")                           \
	X(drop_hello_rate, "ClientHello beyond what is answered at a time")                        \
	X(drop_hello_version, "ClientHello of a client that does not speak DTLS 1.2")              \
	X(drop_hello_raw_key, "ClientHello of a client that takes raw public keys only")           \
	X(drop_hello_length, "ClientHello longer than we take")                                    \
	X(drop_admission,                                                                          \
	  "ClientHello whose handshake could not begin soon: the client repeats it")               \
	X(drop_busy, "no room: too many handshakes, no memory, or events not taken")               \
	X(drop_queue, "own datagram dropped, output queue full")                                   \
	X(drop_budget, "own datagram held back from an unproven address (RFC 9146, 6)")

struct ds_stats {
#define DS_STATS_FIELD(name, text) uint64_t name;
	DS_STATS_MAP(DS_STATS_FIELD)
#undef DS_STATS_FIELD
};

#endif
