/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.h - one socket for all sessions, towards a backend that reads headers
 *
 * Headers say whom a message is from and whom an answer is for (header.h), so a session needs no
 * socket, and no memory either, for the plaintext side.  The socket is UDP, or an AF_UNIX datagram
 * socket (--connect unix:PATH).
 *
 * Security: the socket is connected, and a UDP datagram's source is looked at again, for the kernel keeps
 *	     what others sent before it was connected.  An AF_UNIX socket gets its name when it is
 *	     connected; from then on only its peer can send to it.
 */
#ifndef PROXY_SHARED_H
#define PROXY_SHARED_H

#include "host/udp.h"

struct proxy;

/**
 * struct proxy_shared - the socket towards one backend
 * @fd:		-1 = none now: the backend was never there, or the socket cannot be had
 * @to:		the backend
 * @from:	where its answers go; @from_len 0: the kernel chooses
 * @peer:	its address, which answers come from (UDP)
 * @look_at:	when an AF_UNIX backend is looked for again, DS_TIME_NEVER for UDP
 * @on:		sessions share this socket
 */
struct proxy_shared {
	int fd;
	bool on;
	union host_sockaddr to, from;
	socklen_t to_len, from_len;
	struct ds_addr peer;
	ds_time look_at;
};

/* Finds the backend that --connect names; only one can be had.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_shared_find(struct proxy *p, char why[static DS_WHY_MAX]);

/**
 * proxy_shared_begin() - make the socket, if sessions share one
 *
 * The proxy's ports are bound, and ->source is known.  An AF_UNIX backend that is not there yet is no
 * error: proxy_shared_look() finds it.
 *
 * Return: 0, or -1 with @why
 */
DS_MUST_CHECK
int proxy_shared_begin(struct proxy *p, struct proxy_shared *s, char why[static DS_WHY_MAX]);

/* Passes @msg on with its header; what cannot be passed on is dropped, counted and logged. */
void proxy_shared_send(struct proxy *p, struct proxy_shared *s, const struct ds_message *msg);

/* Reads answers and seals them into the batch.  What names no session is dropped and counted. */
void proxy_shared_read(struct proxy *p, struct proxy_shared *s);

/* Finds an AF_UNIX backend that came, or was started again: its socket is another one then, and could
 * not send to ours.  Does nothing before ->look_at. */
void proxy_shared_look(struct proxy *p, struct proxy_shared *s);

/* At the end: removes the socket's file. */
void proxy_shared_close(struct proxy_shared *s);

#endif
