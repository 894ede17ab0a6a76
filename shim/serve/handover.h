/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover.h - a protected socket on its way to a process that is no child of ours
 *
 * A facade without the hidden descriptors is of no use.  So a program that is executed, or a
 * process that gets the socket by SCM_RIGHTS, gets a bundle in its place: one end of a socketpair
 * in which one message lies, a description with the hidden descriptors.  The other end is closed,
 * so without the shim a program can neither receive nor send there.  With the shim the number
 * becomes the facade again, and the process a guest, or the owner if there is none.
 *
 * The contents of a bundle are believed only if its maker was of our user, or root.
 *
 * Threads:  any.
 */
#ifndef SHIM_SERVE_HANDOVER_H
#define SHIM_SERVE_HANDOVER_H

#include <sys/socket.h>

#include "shim/socket/sock.h"

/* Makes a bundle for @s: a descriptor, close-on-exec, or a negative errno.  Writes to no memory but
 * its stack, so that a vfork() child may call it. */
int shim_bundle_make(const struct shim_sock *s);

/* If number @fd is a bundle, it becomes the facade.  True if @fd is protected now.  Inside the shim,
 * without locks. */
bool shim_bundle_open(int fd);

/* The socket in bundle @fd, with a reference; NULL if @fd is none, or one that cannot be used (logged).
 * Inside the shim, without locks.  @fd stays the caller's. */
struct shim_sock *shim_bundle_take(int fd);

/* sendmsg() on a socket that is not ours: protected sockets among the descriptors it passes go as
 * bundles.  As the system call. */
ssize_t shim_pass(int fd, const struct msghdr *msg, int flags);

/* Descriptors arrived with @msg: protects the ones that need it. */
void shim_arrived(const struct msghdr *msg);

/* Before exec(): inheritable numbers become bundles, or there is a line for each socket if the program
 * will not have the shim.  After it failed: facades again.  In a vfork() child too. */
#define SHIM_EXEC_MAX 64
struct shim_exec {
	unsigned n;
	bool shim;
	const struct shim_sock *told; /* the last there was a line for */
	struct shim_handed {
		int fd;
		const struct shim_sock *sock;
	} at[SHIM_EXEC_MAX];
};
void shim_exec_begin(struct shim_exec *x, char *const env[]);
void shim_exec_failed(const struct shim_exec *x);

/* posix_spawn().  Whether a program with @env is to get its sockets from shim_spawn_begin(). */
bool shim_spawn_carries(char *const env[]);
/* Every protected number, close-on-exec or not, becomes a bundle in the calling thread's own table of
 * descriptors; at most SHIM_EXEC_MAX. */
void shim_spawn_begin(void);
/* The lines of shim_exec_begin(), if the program will not have the shim. */
void shim_exec_warn(char *const env[]);

/* In a forked child: a new lock. */
void shim_bundle_forked(void);

#endif
