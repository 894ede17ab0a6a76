/* SPDX-License-Identifier: Apache-2.0 */
/*
 * second_socket.h - a server that answers from another socket
 *
 * TFTP and protocols like it receive a request on the known port and answer from a new one.  That
 * socket is not protected: an answer to a device that has a session here would leave in clear.  A
 * send or connect() to such an address fails with EPERM, unless DTLSSHIM_CLEAR_ANSWERS=true.
 *
 * A forked child has no sessions of its own; it asks the process that serves.
 *
 * Threads:  any, without locks.
 */
#ifndef SHIM_SERVE_SECOND_SOCKET_H
#define SHIM_SERVE_SECOND_SOCKET_H

#include <stdatomic.h>
#include <sys/socket.h>

#include "dtlsshim/addr.h"
#include "shim/base/shim.h"

/* The rendezvous to ask about sessions; 0: no server's socket was protected here or in a process
 * before. */
extern _Atomic uint64_t shim_second_socket_name;

/* A server's socket with facade @near is protected from now on. */
void shim_second_socket_note(int near);

int shim_second_socket_check_slow(int fd, const struct sockaddr *sa, socklen_t len);

/* Before an unprotected socket @fd sends or connects to @sa: 0, or -EPERM (logged). */
static inline int shim_second_socket_check(int fd, const void *sa, socklen_t len)
{
	if (shim_likely(!sa ||
			!atomic_load_explicit(&shim_second_socket_name, memory_order_relaxed)))
		return 0;
	return shim_second_socket_check_slow(fd, sa, len);
}

#endif
