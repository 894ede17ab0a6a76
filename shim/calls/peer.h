/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - the answers of dtlsshim_peer(): who is behind an address
 */
#ifndef SHIM_CALLS_PEER_H
#define SHIM_CALLS_PEER_H

#include "dtlsshim/peer.h"
#include "shim/socket/sock.h"

/* Owner: fills @out; -ENOENT if there is no session with @to.  Inside the shim, without locks. */
int shim_peer_find(struct shim_sock *s, const struct ds_addr *to, struct dtlsshim_peer *out);

#endif
