/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - names and options of a protected socket
 *
 * They are the wire's, except that SO_RCVTIMEO, O_NONBLOCK and the receiver of SIGIO belong to the
 * facade.  Options that would undo the protection, or hand the program datagrams that the engine
 * never saw, are refused with one line in the log.
 *
 * Errors:   negative errno, as the kernel's.
 */
#ifndef SHIM_CALLS_OPTIONS_H
#define SHIM_CALLS_OPTIONS_H

#include "shim/socket/sock.h"

int shim_getsockopt(struct shim_sock *s, int level, int name, void *val, socklen_t *len);
int shim_setsockopt(struct shim_sock *s, int level, int name, const void *val, socklen_t len);

/* @fd: the number the program used; requests about the descriptor itself go there. */
int shim_ioctl(struct shim_sock *s, int fd, unsigned long request, void *arg);

int shim_getsockname(struct shim_sock *s, struct sockaddr *sa, socklen_t *len);
int shim_getpeername(struct shim_sock *s, struct sockaddr *sa, socklen_t *len);
int shim_connect(struct shim_sock *s, const struct sockaddr *sa, socklen_t len);
int shim_shutdown(struct shim_sock *s, int how);

/* fcntl(F_SETFL) and FIONBIO were called: O_NONBLOCK and O_ASYNC mean that somebody waits. */
void shim_flags_changed(struct shim_sock *s);

#endif
