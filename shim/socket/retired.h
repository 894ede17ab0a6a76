/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retired.h - what becomes of the program's own socket once it is protected
 *
 * A facade takes its place at every number of this process, but copies may be elsewhere: other
 * processes got them by fork(), exec() or SCM_RIGHTS.  The old socket is therefore retired: a locked
 * filter drops all it could receive, shutdown() ends all it could send, and it is never bound to the
 * protected port.  A process without the shim holds a dead socket.  A process with the shim finds the
 * mark in the filter and asks for the protected socket, to which the mark leads (serve/rendezvous.h).
 *
 * A parent may outlive the child that bound the socket for it.  So fork() gives every UDP socket that
 * is not bound yet a mailbox, a hidden socketpair that parent and child have; the process that binds
 * posts the protected socket there, as a bundle, and each of the others takes a look.
 *
 * Threads:  any, inside the shim, without locks unless said otherwise.
 */
#ifndef SHIM_SOCKET_RETIRED_H
#define SHIM_SOCKET_RETIRED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The identity of a file, whatever its number. */
struct shim_file_id {
	dev_t dev;
	ino_t ino;
};
bool shim_file_id(int fd, struct shim_file_id *id);

/* The name under which this process, and those it forks, can be asked: random, never 0. */
uint64_t shim_meeting_name(void);

/* Retires socket @old; it says where to ask.  Then closes it, a kept number.  Return: true if
 * another process, or a call of another thread, still has it. */
bool shim_retire(int old);

/* True if socket @fd is retired; *@name is where to ask. */
bool shim_is_retired(int fd, uint64_t *name);

/* Before fork(): makes a mailbox for the unbound UDP socket at number @fd, if it has none. */
void shim_mailbox_make(int fd);

/* Posts @bundle, a descriptor, in the mailbox of the retired socket @id.  False: it has none. */
bool shim_mailbox_post(const struct shim_file_id *id, int bundle);

/* A new close-on-exec descriptor of the bundle that was posted there, or -1. */
int shim_mailbox_look(const struct shim_file_id *id);

/* This process has no use for socket @id any more. */
void shim_mailbox_drop(const struct shim_file_id *id);

/* True if there are mailboxes at all; needs no lock. */
bool shim_has_mailboxes(void);

/* In a forked child: a new lock. */
void shim_mailboxes_forked(void);

#endif
