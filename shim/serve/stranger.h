/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stranger.h - a descriptor that the shim has not seen before
 *
 * It may be a bundle, a facade or a retired socket of another process, a UDP socket that somebody else
 * bound to a protected port, or nothing of ours.  Each is what it is to be after this, or the call
 * that brought it here fails: never does a number pass through that might be protected.
 */
#ifndef SHIM_SERVE_STRANGER_H
#define SHIM_SERVE_STRANGER_H

#define SHIM_STRANGER_PROTECTED 100

/* Looks at number @fd.  Return: SHIM_FD_FRESH, SHIM_FD_UDP, SHIM_FD_PLAIN, SHIM_FD_DEAD (logged), or
 * SHIM_STRANGER_PROTECTED: the table has it.  Inside the shim, without locks. */
int shim_stranger(int fd);

#endif
