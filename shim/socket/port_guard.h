/* SPDX-License-Identifier: Apache-2.0 */
/*
 * port_guard.h - ports that `dtlsshim run` held before the program began (host/strict.h)
 *
 * The wire is bound beside the guard, which lets it pass for that moment.  The guard stays for as
 * long as the process: no other socket gets the port, on no address and with no option.
 *
 * Threads:  any, inside the shim.
 */
#ifndef SHIM_SOCKET_PORT_GUARD_H
#define SHIM_SOCKET_PORT_GUARD_H

#include "shim/socket/sock.h"

/* Takes over what the environment lists, if anything.  Before the program can meet the numbers. */
void shim_guard_init(void);

/* bind(2) of socket @fd to a wire port, past its guard if it has one.  From the first on no program
 * that is executed gets guards.  0 or a negative errno. */
int shim_guard_bind(int fd, const struct sockaddr *sa, socklen_t len);

/* Moves a guard away from number @fd.  False if there is none, or no other number. */
bool shim_guard_vacate(int fd, bool (*move)(atomic_int *at, int fd));

/* In a forked child: a new lock. */
void shim_guard_forked(void);

#endif
