/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deliver.h - a message into the program's buffers, as recvmsg(2) puts it there
 *
 * Threads:  any; no lock is needed.
 */
#ifndef SHIM_SOCKET_DELIVER_H
#define SHIM_SOCKET_DELIVER_H

#include <sys/socket.h>

#include "shim/socket/sock.h"

/* Puts an item into the program's buffers.  Bytes as recvmsg(2) counts them. */
ssize_t shim_deliver(struct shim_sock *s, struct msghdr *msg, int flags,
		     const struct shim_item *it);
/* The two halves of shim_deliver(): as much of the payload as fits (bytes, or -EFAULT as far as
 * that can be told), and everything else. */
ssize_t shim_copy_out(const struct msghdr *msg, const uint8_t *data, size_t len);
ssize_t shim_deliver_rest(struct shim_sock *s, struct msghdr *msg, int flags,
			  const struct shim_item *it, ssize_t copied);

#endif
