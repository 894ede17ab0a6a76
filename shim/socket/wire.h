/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - what the UDP socket behind a protected one is set to
 *
 * The kernel knows best: other processes, and calls past the hooks, change it too.
 *
 * Threads:  any.
 */
#ifndef SHIM_SOCKET_WIRE_H
#define SHIM_SOCKET_WIRE_H

#include "shim/socket/sock.h"

/* True if messages come with control messages the program asked for. */
bool shim_controls_wanted(const struct shim_sock *s);

/* Reads to whom the wire is connected, if at all: the endpoint goes by that from now on.  Under the
 * endpoint's lock. */
void shim_refresh_peer(struct shim_sock *s);

#endif
