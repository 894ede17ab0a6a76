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

#define PROXY_ADDRS 64 /* that a name may have; more are not looked at */

/* The addresses of a backend, each once. */
struct proxy_addrs {
	uint32_t n;
	struct ds_addr addr[PROXY_ADDRS];
};

bool proxy_addrs_have(const struct proxy_addrs *a, const struct ds_addr *addr);

/**
 * proxy_net_resolve() - the addresses behind @text
 * @text:	"127.0.0.1:5683", "[::1]:5683", "name:port"; ":5683" is this machine's loopback
 *		address
 * @out:	out: at least one; of a name that has both, its IPv4 addresses only
 * @is_name:	out, unless on errors: the answer is the resolver's, and may be another one later
 *
 * May take seconds where it is a name.  Threads: any.
 */
DS_MUST_CHECK
int proxy_net_resolve(const char *text, struct proxy_addrs *out, bool *is_name,
		      char why[static DS_WHY_MAX]);

/* True for "unix:/run/backend.sock". */
bool proxy_net_is_unix(const char *text);

/* The one address behind @text, of option @flag, which may be such a path, too.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_net_resolve_one(const char *flag, const char *text, union host_sockaddr *out,
			  socklen_t *len, char why[static DS_WHY_MAX]);

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

/* The address that --bind says, whatever the port will be.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_net_bind_addr(const struct host_options *o, struct ds_addr *out,
			char why[static DS_WHY_MAX]);

/* True if what is sent to @there arrives at a socket that is bound to @bound. */
bool proxy_net_is_loop(const union host_sockaddr *bound, const struct ds_addr *there);

/* Gives a socket that many share buffers that ride out a burst. */
void proxy_net_buffers(int fd);

/* bind(2), again while the server before us is ending.  0, or -1 with errno. */
DS_MUST_CHECK
int proxy_net_bind(int fd, const union host_sockaddr *sa, socklen_t len,
		   const struct host_options *o);

#endif
