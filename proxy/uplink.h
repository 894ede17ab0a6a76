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

#include <pthread.h>

#include "host/udp.h"

/**
 * struct proxy_uplink - the way to the server
 * @connect:	--connect; lives on
 * @to:		the server's address as it was resolved last
 * @from:	our address towards it; family 0 = there was no route yet
 * @moves:	how often that has changed
 * @netlink, @news: descriptors, readable when there is something for proxy_uplink_read()
 * @look_at:	when our address is to be looked at; DS_TIME_NEVER = nothing changed
 * @ask_at:	the name is not resolved again before that
 */
struct proxy_uplink {
	const char *connect;
	struct ds_addr to, from;
	uint32_t moves;
	int netlink, news;
	ds_time look_at, ask_at;

	/* Shared with the thread that resolves */
	pthread_mutex_t lock;
	pthread_cond_t asked;
	bool wanted, found;
	struct ds_addr answer;
	char why[DS_WHY_MAX]; /* not empty: the name could not be resolved */
};

/* Opens the descriptors; @to is what @connect has been resolved to.  0, or -1 with errno. */
int proxy_uplink_open(struct proxy_uplink *u, const char *connect, const struct ds_addr *to);

/* True if @connect says a name, so that a thread is to run proxy_uplink_resolve(), which never returns. */
bool proxy_uplink_has_name(const struct proxy_uplink *u);
void *proxy_uplink_resolve(void *uplink);

/* Has the name resolved again, unless that was just done. */
void proxy_uplink_ask(struct proxy_uplink *u, ds_time now);

/* One of the descriptors is readable. */
void proxy_uplink_read(struct proxy_uplink *u, ds_time now);
/* Looks at our address where it may have changed; ->look_at says when that is due. */
void proxy_uplink_work(struct proxy_uplink *u, ds_time now);

/* A socket connected to @to, from wherever we are now; non-blocking, close-on-exec.  -1 with errno. */
int proxy_uplink_socket(const struct ds_addr *to);

#endif
