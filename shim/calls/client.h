/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.h - the client role: sockets that talk to a port of DTLSSHIM_PORTS
 *
 * Which sockets: with DTLSSHIM_ROLE=client every UDP socket, with both every one that bind() did
 * not make a server's, from its first connect() or send to a listed port on.  It is then protected
 * for good: a send to any other port fails with EPERM.  "program=wire" is about the remote port.
 *
 * Messages without a session wait for the handshake they begin: SHIM_HELD_MAX of them,
 * SHIM_HELD_BYTES, SHIM_HELD_TIME; messages beyond that are dropped and counted.  A handshake that
 * fails is told as the network tells that nobody listens: ECONNREFUSED, once, by the next call on a
 * connected socket (or one with IP_RECVERR); for SHIM_REFUSED_TIME no other is begun.  close() and
 * exit() give waiting messages SHIM_LINGER_TIME, or the only message of a program would be lost.
 *
 * Addresses inside, ->peer too, have the wire's port; the program is shown its own.
 */
#ifndef SHIM_CALLS_CLIENT_H
#define SHIM_CALLS_CLIENT_H

#include <sys/socket.h>

#include "host/udp.h"
#include "shim/socket/sock.h"

#define SHIM_HELD_MAX	  16
#define SHIM_HELD_BYTES	  65536U
#define SHIM_HELD_TIME	  (10 * DS_SECOND)
#define SHIM_REFUSED_TIME DS_SECOND
#define SHIM_LINGER_TIME  (2 * DS_SECOND)

extern bool shim_client_role; /* some sockets of this process are clients */

/* Reads the configuration, where there is a client role.  0, or -1 with @why. */
int shim_client_init(char why[static DS_WHY_MAX]);

/* Sockets that are not protected yet */

int shim_client_meet_slow(int fd, const struct sockaddr *sa, socklen_t len, struct shim_sock **s);

/**
 * shim_client_meet() - before a socket that is not ours connects or sends to @sa
 * @s:	out: protected from now on, with a reference; untouched: pass through
 *
 * Return: 0, or a negative errno as shim_bind()'s: the call fails, nothing may leave
 */
static inline int shim_client_meet(int fd, const void *sa, socklen_t len, struct shim_sock **s)
{
	if (shim_likely(!shim_client_role))
		return 0;
	return shim_client_meet_slow(fd, sa, len, s);
}

/* A socket that came from outside: true if it is connected to a listed port and is to be protected;
 * then it is connected to the port on the wire.  Inside the shim. */
bool shim_client_arrived(int fd);

/* As shim_client_meet_slow(), for the names of many messages. */
int shim_client_meet_any_slow(int fd, const struct mmsghdr *vec, unsigned n, struct shim_sock **s);
static inline int shim_client_meet_any(int fd, const struct mmsghdr *vec, unsigned n,
				       struct shim_sock **s)
{
	if (shim_likely(!shim_client_role))
		return 0;
	return shim_client_meet_any_slow(fd, vec, n, s);
}

/* Names */

/* @peer as the program knows it. */
struct ds_addr shim_client_shown(const struct shim_sock *s, const struct ds_addr *peer);
/* Turns @a, an address as the program knows it, into that on the wire; false if its port is not
 * listed. */
bool shim_client_wire(struct ds_addr *a);
/* "This host" is the loopback address, as the kernel has it, and answers come from there. */
void shim_client_loopback(struct ds_addr *a);
/* As shim_client_wire(), for a socket address: the port is replaced in the copy @out. */
bool shim_client_name(const struct sockaddr *sa, socklen_t len, union host_sockaddr *out);

/* Protected sockets */

/* Before a send: sees to it that the wire is watched.  0, or the error that is to be told first. */
int shim_client_begin(struct shim_sock *s);

/* No session with @to, which is a wire address: begins one, and @msg waits for it.  Under the
 * endpoint's lock.  @len, or a negative errno. */
long shim_client_hold(struct shim_sock *s, const struct ds_addr *to, const struct msghdr *msg,
		      size_t len);

/* Says that @to has no listed port: -EPERM. */
int shim_client_unlisted(const struct ds_addr *to);

/* The wire told ECONNREFUSED: true if that ended a handshake, which is told in its own way. */
bool shim_client_unreachable(struct shim_sock *s);

/* The program closes @s, or ends: messages that still wait get SHIM_LINGER_TIME from then on to be
 * sent, unless the program never waits (O_NONBLOCK).  No lock may be held. */
void shim_client_linger(struct shim_sock *s);

/* Endpoints */

/* The engine of @ep was just made in this process: no message waits for it. */
void shim_client_begins(struct shim_endpoint *ep);
void shim_client_fini(struct shim_endpoint *ep);
/* host_endpoint's call-back */
void shim_client_event(struct host_endpoint *h, const struct ds_event *ev);

#endif
