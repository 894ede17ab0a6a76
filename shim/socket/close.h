/* SPDX-License-Identifier: Apache-2.0 */
/*
 * close.h - numbers of protected sockets that end, are copied, or change what they mean
 *
 * A socket ends with its last number: its port is free when close() returns, unless another thread
 * is in the middle of a call on it.
 *
 * Threads:  any, without locks.
 */
#ifndef SHIM_SOCKET_CLOSE_H
#define SHIM_SOCKET_CLOSE_H

#include "shim/socket/sock.h"

/* Closes number @fd, which is a protected socket, or hidden; 0 or a negative errno. */
int shim_close(int fd);

/* Number @fd means something else by now: closes the protected socket that it was.  Inside the shim. */
void shim_fd_replaced(int fd);
/* shim_fd_detach() said that a number of @s is gone; takes its reference.  Inside the shim. */
void shim_fd_released(struct shim_sock *s);

/* Number @fd was just made a copy of @old by the kernel, or is new. */
void shim_copied(int old, int fd);

/* Before the kernel puts something else at number @fd: ours moves out of the way. 0, or -EBUSY if
 * it cannot. */
int shim_vacate(int fd);

#endif
