/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - the settings of the wire, as the kernel has them
 *
 * The kernel is asked, because other processes, and calls past the hooks, change them too.
 *
 * Threads:  any.
 */
#ifndef SHIM_SOCKET_WIRE_H
#define SHIM_SOCKET_WIRE_H

#include "shim/socket/sock.h"

/* True if messages come with control messages the program asked for. */
bool shim_controls_wanted(const struct shim_sock *s);

/* Reads which peer the wire is connected to, if any, for shim_route().  Under the
 * endpoint's lock. */
void shim_refresh_peer(struct shim_sock *s);

#endif
