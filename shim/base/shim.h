/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim.h - what every file of the shim needs
 *
 * Layers, each using only those below it (scripts/check-layers):
 *
 *	hooks	libc's names: find the socket, translate arguments, call; start and end
 *	calls	what a call on a protected socket does; the client role
 *	serve	service thread, which process serves, what other processes ask and get
 *	socket	the objects, how a socket becomes one of them, who finds them by number
 *	base	libc's own functions, what /proc tells, threads inside, fork
 *	host	options, engine's errands, raw system calls
 *
 * Where a lower layer calls a higher one it does so through socket/above.h.
 *
 * Errors:   functions inside answer a negative errno, as the kernel does; hooks turn it into -1 and
 *	     errno with shim_result().  errno is left alone on success.
 * Locks:    taken in this order, none of them held over a call that can block:
 *	     1. shim_table_lock (fdtab.c, sock.c, endpoint.c: descriptor numbers, pools, registry
 *		of endpoints)
 *	     2. a socket's ->rx (reading the wire, the scratch buffer)
 *	     3. an endpoint's ->host.lock (the engine, the list of its sockets)
 *	     4. a socket's ->q (queue, tokens, who waits)
 *	     The service thread's own locks (service.c) are taken before any of these.
 * Signals:  a handler may call any hook.  While its thread holds a lock shim_enter() says no, and
 *	     the hook answers as if the call had been interrupted.
 */
#ifndef SHIM_BASE_SHIM_H
#define SHIM_BASE_SHIM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/options.h"
#include "shim/base/inside.h"

#define SHIM_EXPORT	 __attribute__((visibility("default")))
#define shim_likely(x)	 __builtin_expect(!!(x), 1)
#define shim_unlikely(x) __builtin_expect(!!(x), 0)

/* A flag of the kernel's own: calls that take a msghdr refuse it, others ignore it. */
#define SHIM_CMSG_COMPAT ((int)0x80000000)

/* Flags of preadv2() and pwritev2() that a socket takes: RWF_HIPRI, RWF_DSYNC, RWF_SYNC,
 * RWF_NOWAIT, RWF_APPEND, RWF_NOAPPEND (Linux 6.9). */
#define SHIM_RWF_KNOWN 0x3F

/* The kernel's answer as libc gives it. */
static inline long shim_result(long r)
{
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

/* True for memory that cannot be there: NULL with an offset.  The kernel says EFAULT to a program
 * that hands it such a pointer, and so do we; any other bad pointer ends the program. */
static inline bool shim_is_bad(const void *p)
{
	return shim_unlikely((uintptr_t)p < 4096);
}

/* The options of the environment; set by the constructor, never changed. */
extern struct host_options shim_options;

/* Opens the log, once, when there is a socket to protect.  Under the table's lock. */
void shim_open_log(void);

#endif
