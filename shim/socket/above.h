/* SPDX-License-Identifier: Apache-2.0 */
/*
 * above.h - what lower layers call in the layers above them
 *
 * A socket wants the service thread to watch its wire; the service thread wants messages received.  A
 * lower layer calls a higher one through this table only, so that it does not depend on it.
 * hooks/startup.c fills it; the functions are described in the headers named here.
 *
 * Threads:  set once, before there is a socket, then only read.
 */
#ifndef SHIM_SOCKET_ABOVE_H
#define SHIM_SOCKET_ABOVE_H

#include <sys/socket.h>

#include "shim/socket/sock.h"

struct dtlsshim_peer;

struct shim_above {
	/* serve/service.h */
	int (*prepare)(bool heir, char why[static DS_WHY_MAX]);
	bool (*arm)(struct shim_sock *s);
	void (*disarm)(struct shim_sock *s); /* shim_service_remove() */
	bool (*late)(ds_time deadline);
	void (*start)(void);
	void (*look)(void);
	bool (*has_threads)(void);

	/* serve/lease.h */
	int (*lease_make)(struct shim_endpoint *ep);
	int (*lease_take)(struct shim_endpoint *ep, int fds[static SHIM_LEASE_FDS]);
	void (*lease_drop)(struct shim_endpoint *ep);
	int (*own)(struct shim_endpoint *ep); /* shim_own_endpoint() */

	/* serve/guests.h */
	void (*share_wanted)(struct shim_endpoint *ep);
	bool (*share_leave)(struct shim_sock *s);

	/* serve/handover.h, stranger.h, second_socket.h */
	int (*bundle_make)(const struct shim_sock *s);
	int (*stranger)(int fd);
	void (*served)(int near); /* shim_second_socket_note() */

	/* calls/client.h: the client role */
	void (*client_begins)(struct shim_endpoint *ep);
	void (*client_fini)(struct shim_endpoint *ep);
	void (*client_event)(struct host_endpoint *h, const struct ds_event *ev);
	bool (*client_arrived)(int fd);
	struct ds_addr (*client_shown)(const struct shim_sock *s, const struct ds_addr *peer);
	void (*client_linger)(struct shim_sock *s);

	/* calls/recv.h, send.h, peer.h */
	void (*pump)(struct shim_sock *s, bool error);
	void (*ensure)(struct shim_sock *s);
	void (*send_for_guest)(struct shim_sock *s, const struct msghdr *msg, int flags);
	int (*peer_find)(struct shim_sock *s, const struct ds_addr *to, struct dtlsshim_peer *out);
};

extern const struct shim_above *shim_above;

#endif
