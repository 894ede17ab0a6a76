/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.h - "host:port" as in --bind and --connect
 *
 * Errors:   -1 with one line in @why that names flag and value.
 */
#ifndef PROXY_NET_H
#define PROXY_NET_H

#include "host/options.h"
#include "host/udp.h"

/**
 * proxy_net_resolve() - the address behind @text
 * @text:	"127.0.0.1:5683", "[::1]:5683", "name:port"; ":5683" is this machine's loopback
 *		address
 * @out, @len:	out: the first address the name has
 */
/* True for "unix:/run/backend.sock", which proxy_net_resolve() takes, too. */
bool proxy_net_is_unix(const char *text);

DS_MUST_CHECK
int proxy_net_resolve(const char *text, union host_sockaddr *out, socklen_t *len,
		      char why[static DS_WHY_MAX]);

/**
 * proxy_net_listen() - the wire socket
 * @o:		->bind is as above; ":5684" listens on every address, IPv4 and IPv6.  With a state file
 *		an address in use is tried again (host/state.h)
 * @fd:		out: non-blocking, close-on-exec, with PKTINFO where the address is a wildcard
 * @bound:	out: what it is bound to, with the port the kernel chose for port 0
 */
DS_MUST_CHECK
int proxy_net_listen(const struct host_options *o, int *fd, union host_sockaddr *bound,
		     char why[static DS_WHY_MAX]);

/* Gives a socket that many share buffers that ride out a burst. */
void proxy_net_buffers(int fd);

/* bind(2), again while the server before us is ending.  0, or -1 with errno. */
DS_MUST_CHECK
int proxy_net_bind(int fd, const union host_sockaddr *sa, socklen_t len,
		   const struct host_options *o);

/* True if what is sent to @to arrives at a socket that is bound to @bound. */
bool proxy_net_is_loop(const union host_sockaddr *bound, const union host_sockaddr *to,
		       socklen_t len);

#endif
