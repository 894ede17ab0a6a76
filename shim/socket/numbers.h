/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers.h - what the program's descriptor numbers mean
 *
 * One file can stand at many numbers of a process, and be registered in epolls under each of them.
 * These functions put another file in its place everywhere at once.
 *
 * Threads:  any, inside the shim, without locks.
 * Errors:   a negative errno, -EOPNOTSUPP (logged): a registration cannot be read without /proc;
 *	     -ENOBUFS: more registrations than anybody has.
 */
#ifndef SHIM_SOCKET_NUMBERS_H
#define SHIM_SOCKET_NUMBERS_H

#include "shim/socket/sock.h"

/* Counts how often numbers were given a facade; see hooks/wait.c. */
extern atomic_uint shim_n_placed;

/* Every number that means the file at @fd becomes the facade of @s. */
int shim_numbers_to_facade(int fd, struct shim_sock *s);

/* Every number that means the facade of @s becomes file @old, and is unprotected again. */
int shim_numbers_back(struct shim_sock *s, int old);

#endif
