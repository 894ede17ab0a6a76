/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guest_channel.h - what guests ask of the owner
 *
 * One hidden SOCK_SEQPACKET pair an endpoint.  Guests write; the owner's service thread reads.
 * Nothing comes back this way but the answer to a question, on a socket that came with it.
 *
 * Threads:  any, inside the shim, without locks; shim_up_serve() is the service thread's.
 */
#ifndef SHIM_SERVE_GUEST_CHANNEL_H
#define SHIM_SERVE_GUEST_CHANNEL_H

#include "dtlsshim/peer.h"
#include "shim/socket/sock.h"

/* Makes the channel of @ep; 0 or a negative errno. */
int shim_up_make(struct shim_endpoint *ep);

/* Tells the owner that a guest wants to receive from @s; the owner then looks at the page. */
void shim_up_join(struct shim_sock *s);

/**
 * shim_up_send() - have a message sent
 * @to:	NULL: the peer that the socket is connected to
 *
 * Whether there is a session turns out at the owner, which counts and logs it if not.
 *
 * Return: 0, or -EAGAIN if the channel is full (wait until ep->up_out is writable), -EMSGSIZE.
 */
int shim_up_send(struct shim_sock *s, const struct msghdr *msg, const struct ds_addr *to,
		 int flags);

/* The wire of @s was connected, or disconnected. */
void shim_up_connected(struct shim_sock *s);

/* Asks who is behind @to: 0, or -ENOENT, also if the owner does not answer in time. */
int shim_up_peer(struct shim_sock *s, const struct ds_addr *to, struct dtlsshim_peer *out);

/* Owner: does what was asked for.  True if there may be more. */
bool shim_up_serve(struct shim_endpoint *ep);

#endif
