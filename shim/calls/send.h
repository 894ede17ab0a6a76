/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send.h - sending through a protected socket
 *
 * Where another process serves the socket, it is asked to send (guest_channel.h).
 *
 * Errors:   as sendmsg(2) on a UDP socket, and
 *	     -EPERM	no session with this peer; where another process serves, it only counts
 *	     -EINVAL	MSG_MORE, UDP_SEGMENT: not available
 *	     -ENOBUFS	in a signal handler that interrupted the shim itself
 */
#ifndef SHIM_CALLS_SEND_H
#define SHIM_CALLS_SEND_H

#include "shim/socket/sock.h"

/* The endpoint's buffer of SHIM_BIG_BYTES: DS_PAYLOAD_MAX to gather in, the rest to seal in; NULL if
 * there is no memory.  Under the endpoint's lock. */
uint8_t *shim_big_buffer(struct shim_endpoint *ep);

ssize_t shim_send(struct shim_sock *s, const struct msghdr *msg, int flags);
int shim_sendmmsg(struct shim_sock *s, struct mmsghdr *vec, unsigned n, int flags);

/* Owner's service thread: makes one attempt for a guest, which was told that it succeeded. */
void shim_send_for_guest(struct shim_sock *s, const struct msghdr *msg, int flags);

#endif
