/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.h - the service thread
 *
 * One a process, made when a protected socket is first used.  It watches the wire of sockets whose
 * program waits elsewhere, and does what may be slow: handshakes, key look-ups, timers.  It never
 * computes under an engine's lock.
 *
 * Threads:  any.
 */
#ifndef SHIM_SERVE_SERVICE_H
#define SHIM_SERVE_SERVICE_H

#include "shim/socket/sock.h"

/* Opens key sources and descriptors in this process, once.  @heir: another process served before, and
 * the keys are all read when this returns.  0, or -1 with @why. */
int shim_service_prepare(bool heir, char why[static DS_WHY_MAX]);

/* Starts the thread in this process if it does not run.  No lock may be held. */
void shim_service_start(void);

/* Watches the wire of @s until the next datagram, or for ever if it is shared; shim_pump() then runs
 * in the service thread.  Return: true if it is watched. */
bool shim_service_arm(struct shim_sock *s);
/* Forgets @s's wire, before it is closed: afterwards the service thread has no reference.  No lock
 * may be held. */
void shim_service_remove(struct shim_sock *s);

/* The channel from guests to the owner of @ep is looked after from now on, or no more. */
void shim_service_watch(struct shim_endpoint *ep);
void shim_service_unwatch(struct shim_endpoint *ep);

#define SHIM_THREAD "dtlsshim"

/* Wakes the thread: an endpoint is dirty or its deadline came nearer. */
void shim_kick(void);
/* True if @deadline is before the thread's next round. */
bool shim_service_late(ds_time deadline);

/* Asks the thread to look at all sockets a few times a second, because a message waits for a
 * program that waits elsewhere, or a socket for the end of other processes.  Cheap if it was called
 * lately. */
void shim_service_look(void);

/* In a forked child: the parent's thread is not here. */
void shim_service_forked(void);

#endif
