/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unprotected.h - UDP ports that DTLSSHIM_PORTS does not list are named in the log, once each
 *
 * A mistake in the list would otherwise serve or send in clear without a word.  `dtlsshim run` hears
 * of these ports, too (report.h).
 *
 * Threads:  any.  A port that was told before costs the test of one bit.  errno is left alone.
 */
#ifndef SHIM_CALLS_UNPROTECTED_H
#define SHIM_CALLS_UNPROTECTED_H

#include <sys/socket.h>

#include "shim/base/shim.h"

/* bind(2) of a socket that is not to be protected.  If it is a server's UDP socket, and the port is
 * not left to the kernel, the port is told after the call has succeeded.  As libc's bind(). */
int shim_unprotected_bind(int fd, const struct sockaddr *sa, socklen_t len);

/* In the client role: socket @fd, not protected, is about to send to @port, which is not listed.
 * Tells it if @fd is a UDP socket; @port 0 is none. */
void shim_unprotected_send(int fd, uint16_t port);

#endif
