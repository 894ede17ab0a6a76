/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recv.h - receiving from a protected socket
 *
 * Every hook that receives ends here with a struct msghdr.  The calling thread reads the wire,
 * decrypts and copies to the program's buffer; further messages of the datagram are queued.  Where
 * several processes share the socket, the service thread does all that, and receives take from the
 * facade.
 *
 * Errors:   as recvmsg(2) on a UDP socket, and
 *	     -EPERM	nobody can serve this socket: the log says why
 *	     -EINTR, -EAGAIN in a signal handler that interrupted the shim itself
 */
#ifndef SHIM_CALLS_RECV_H
#define SHIM_CALLS_RECV_H

#include "shim/socket/deliver.h"
#include "shim/socket/sock.h"

/* Receives one message into @msg, all members as the kernel sets them. */
ssize_t shim_recv(struct shim_sock *s, struct msghdr *msg, int flags);
int shim_recvmmsg(struct shim_sock *s, struct mmsghdr *vec, unsigned n, int flags,
		  struct timespec *timeout);

/* FIONREAD: bytes of the next message, 0 if there is none. */
int shim_next_length(struct shim_sock *s);

/* SO_ERROR: takes the error that waits in the queue; 0 if none does. */
int shim_take_error(struct shim_sock *s);
int shim_take_error_inside(struct shim_sock *s); /* inside the shim, without locks */

/* Service thread: the wire of @s, which was armed, has something; @error: it has an error too. */
void shim_pump(struct shim_sock *s, bool error);

/* Somebody may wait for readiness from now on: makes I1 and I2 true and keeps them so.  Inside the
 * shim, without locks. */
void shim_ensure(struct shim_sock *s);

#endif
