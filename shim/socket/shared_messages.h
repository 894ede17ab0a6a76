/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared_messages.h - messages in the facade of a shared socket
 *
 * A frame is one datagram: a header of fixed size with peer and control messages, then the payload,
 * which the kernel copies from the owner's buffer and into the program's.  A frame with an error
 * and no payload makes one receive fail.
 *
 * Anything shorter is a token of the time before the socket was shared, and is passed over.
 *
 * Threads:  shim_frame_put() wants ->q locked; the others any, without locks, inside the shim.
 * Errors:   as recvmsg(2) on a UDP socket.
 */
#ifndef SHIM_SOCKET_SHARED_MESSAGES_H
#define SHIM_SOCKET_SHARED_MESSAGES_H

#include "shim/socket/sock.h"

/* Gives the facade as much room as the system allows. */
void shim_frame_prepare(struct shim_sock *s);

/* Owner: puts @it into the facade.  If that is full the message is dropped and counted. */
void shim_frame_put(struct shim_sock *s, const struct shim_item *it);

/* Receives one message; blocks in the kernel, as the program's descriptor and @flags say.  A
 * cancellation point. */
ssize_t shim_frame_recv(struct shim_sock *s, struct msghdr *msg, int flags);

/* FIONREAD: bytes of the next message, 0 if there is none. */
int shim_frame_length(struct shim_sock *s);

/* Takes an error that is next; 0 if none is. */
int shim_frame_take_error(struct shim_sock *s);

#endif
