/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uplink.h - where a gateway's server is, and where the gateway is towards it
 *
 * Both may change while sessions live.  A name is resolved again when a handshake has to be made, by a
 * thread of its own, because getaddrinfo(3) may take as long as it likes.  Our own address is looked
 * at when the kernel says that addresses or routes changed (rtnetlink(7)).
 *
 * Threads:  the loop's, but for proxy_uplink_resolve().
 */
#ifndef PROXY_UPLINK_H
#define PROXY_UPLINK_H

#include "proxy/names.h"

/**
 * struct proxy_uplink - the way to the server
 * @name:	--connect, and @names, which resolve it again if it is a name
 * @to:		the server's address which sessions that begin go to
 * @from:	our address towards it; family 0 = there was no route yet
 * @moves:	how often that has changed
 * @netlink:	readable when there is something for proxy_uplink_read(); -1 = the kernel does not tell
 * @look_at:	when our address is to be looked at; DS_TIME_NEVER = nothing changed
 * @ask_at:	the name is not resolved again before that
 */
struct proxy_uplink {
	struct proxy_name name;
	struct proxy_names *names;
	struct ds_addr to, from;
	uint32_t moves;
	int netlink;
	ds_time look_at, ask_at;
};

/* Resolves @connect, which lives on and whose name is given to @names, and begins to hear of changes.
 * 0, or -1 with @why. */
DS_MUST_CHECK
int proxy_uplink_open(struct proxy_uplink *u, char *connect, struct proxy_names *names,
		      char why[static DS_WHY_MAX]);

/* Has the name resolved again, unless that was just done. */
void proxy_uplink_ask(struct proxy_uplink *u, ds_time now);

/* Takes what the name stands for now, if there is news. */
void proxy_uplink_named(struct proxy_uplink *u, ds_time now);

/* ->netlink is readable. */
void proxy_uplink_read(struct proxy_uplink *u, ds_time now);
/* Looks at our address where it may have changed; ->look_at says when that is due. */
void proxy_uplink_work(struct proxy_uplink *u, ds_time now);

/* A socket connected to @to, from wherever we are now; non-blocking, close-on-exec.  -1 with errno. */
int proxy_uplink_socket(const struct ds_addr *to);

#endif
