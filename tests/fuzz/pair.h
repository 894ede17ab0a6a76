/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair.h - the input of the pair target: what the engines are like, and then what happens to them
 *
 * An event is three bytes: its number, and two that say more about it.  Numbers stay, so that inputs
 * that were kept mean the same later; a number without a name delivers, too.
 */
#ifndef TESTS_FUZZ_PAIR_H
#define TESTS_FUZZ_PAIR_H

#include <stdint.h>

#define PAIR_CLIENTS 2
#define PAIR_SERVER  PAIR_CLIENTS /* number of the server among the engines */

enum pair_kind { PAIR_PSK, PAIR_CERTIFICATE, PAIR_MUTUAL, PAIR_KINDS };

/* The first bytes of the input. */
struct pair_setup {
	uint8_t kinds;	 /* of the clients, two bits each; then client_auth, then more */
	uint8_t cid;	 /* length of the server's CID, by a table; | PAIR_CLIENT_CID */
	uint8_t behaves; /* PAIR_STABLE and others */
	uint8_t suite;	 /* of all, by number; 0 = the default list */
	uint8_t limits;	 /* PAIR_ONE_SESSION and others */
};

#define PAIR_AUTH(a)	   ((a) << 4) /* in kinds */
#define PAIR_SMALL_MTU	   0x40
#define PAIR_IPV6	   0x80
#define PAIR_CLIENT_CID	   0x10 /* in cid */
#define PAIR_REBIND_MODE   0x03 /* in behaves: enum ds_rebind */
#define PAIR_STABLE	   0x04
#define PAIR_MANY	   0x08 /* an identity has many sessions */
#define PAIR_IDLE	   0x10
#define PAIR_MAX_AGE	   0x20
#define PAIR_ANSWER	   0x40
#define PAIR_NO_REPLIES	   0x80
#define PAIR_ONE_SESSION   0x01 /* in limits */
#define PAIR_ONE_HANDSHAKE 0x02
#define PAIR_ONE_LOOKUP	   0x04
#define PAIR_ONE_IDENTITY  0x08 /* two sessions an identity, if PAIR_MANY */
#define PAIR_STORE	   0x10
#define PAIR_NO_LINGER	   0x20
#define PAIR_RRC_MODE	   0xc0 /* enum ds_rrc, of all */
#define PAIR_RRC(mode)	   ((mode) << 6)

/* Name and meaning; @a and @b are the two bytes */
#define PAIR_EVENTS(X)                                                                             \
	X(DELIVER, "the oldest datagram arrives")                                                  \
	X(RUN, "up to @a datagrams arrive in order, and what they bring; 0 = 64")                  \
	X(REORDER, "datagram @a arrives before the others")                                        \
	X(LOSE, "datagram @a is lost")                                                             \
	X(DUPLICATE, "datagram @a arrives and stays under way")                                    \
	X(REPLAY, "datagram @a of those ever sent arrives, and @b after it")                       \
	X(CORRUPT, "byte @b of datagram @a changes by the next byte")                              \
	X(CUT, "datagram @a ends at byte @b")                                                      \
	X(SPLICE, "datagram @b is appended to datagram @a")                                        \
	X(SPOOF, "datagram @a comes from client @b's address, or another")                         \
	X(INJECT, "the next @b bytes arrive at @a from a client's address")                        \
	X(FORGE, "an application message arrives at @a in clear")                                  \
	X(REBIND, "client @a has another port")                                                    \
	X(RESTART, "the server ends as @a says, and another begins")                               \
	X(PASS, "@b squared milliseconds pass")                                                    \
	X(DEADLINE, "time passes up to the next deadline of engine @a")                            \
	X(SEND, "engine @a sends a message of @b bytes")                                           \
	X(CONNECT, "client @a begins a handshake")                                                 \
	X(CLOSE, "engine @a closes as @b says")                                                    \
	X(HOLD, "engine @a holds back jobs, keys, images as @b says")                              \
	X(RELOAD, "the server reads its certificates again")                                       \
	X(MISUSE, "engine @a seals a record of type @b, as no engine would")                       \
	X(WEAR, "the keys of a session of engine @a are near a limit")                             \
	X(ROOM, "the server gets room for @b sessions outside")                                    \
	X(UNREACHABLE, "nobody listens at the server's address, as client @a is told")

enum pair_event {
#define PAIR_ENUM(name, text) PAIR_##name,
	PAIR_EVENTS(PAIR_ENUM)
#undef PAIR_ENUM
		PAIR_N_EVENTS,
};

#endif
