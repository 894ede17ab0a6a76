/* SPDX-License-Identifier: Apache-2.0 */
/*
 * choose.h - which sockets are to be protected
 *
 * Threads:  any.
 */
#ifndef SHIM_SOCKET_CHOOSE_H
#define SHIM_SOCKET_CHOOSE_H

#include "shim/socket/protect.h"

/* The family of @fd: AF_INET or AF_INET6 if it is a UDP socket, or 0. */
int shim_udp_family(int fd);

/* Before bind(@fd, @sa, @len): 0 with @rq filled, SHIM_PASS, or a negative errno (logged). */
int shim_choose(int fd, const struct sockaddr *sa, socklen_t len, struct shim_request *rq);

/* The same for a socket that was bound before the shim saw it: false if it is to be left alone. */
bool shim_choose_bound(int fd, struct shim_request *rq);

#endif
