/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendezvous.h - where a process gets the protected socket behind a descriptor that alone is dead
 *
 * A retired socket (socket/retired.h) and a bare facade both name the process that protects them.
 * Another process under the shim that holds one of them asks there: it shows the descriptor, and gets
 * a bundle (handover.h).  To show it proves the right to have it.  The bundle that comes back is
 * believed only from our user or root.
 *
 * The place is a hidden AF_UNIX datagram socket with a name in the abstract namespace, read by the
 * service thread.  It is made at the first protected socket, and forked children have it too: a
 * daemon's parent may be gone when somebody asks.
 *
 * Threads:  any, inside the shim, without locks.
 */
#ifndef SHIM_SERVE_RENDEZVOUS_H
#define SHIM_SERVE_RENDEZVOUS_H

#include <stdbool.h>
#include <stdint.h>

#include "dtlsshim/addr.h"

/* Opens the place, once.  0 or a negative errno; -EADDRINUSE: a process before us has it. */
int shim_rendezvous_open(void);

/* Its descriptor, -1 if there is none; the service thread watches it. */
int shim_rendezvous_fd(void);

/* Service thread: answers what has come. */
void shim_rendezvous_serve(void);

/* Asks at @name for what is behind @fd: a bundle, or -1 if nobody answers within a second.  The new
 * descriptor is the caller's. */
int shim_rendezvous_ask(uint64_t name, int fd);

/* Asks at @name whether the process there has a session with @peer.  1, 0 (also: nobody is there any
 * more), or -1: no answer within a second. */
int shim_rendezvous_ask_session(uint64_t name, const struct ds_addr *peer);

#endif
