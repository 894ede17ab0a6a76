/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_wire.h - the UDP socket that a protected socket sends and receives with
 *
 * No other process has the wire: it is made here, on a hidden, close-on-exec number, with the
 * options of the program's socket, and only then bound.  The program's own socket never gets on the
 * wire, so that no copy of it, in any process, can send from the protected port.
 *
 * Threads:  any, inside the shim.
 * Errors:   negative errno.
 */
#ifndef SHIM_SOCKET_MAKE_WIRE_H
#define SHIM_SOCKET_MAKE_WIRE_H

/**
 * shim_wire_make() - a new UDP socket with the options of socket @like
 *
 * Every option that can be read and differs from that of a new socket is copied, but for those that
 * would undo the protection (GSO, GRO, corking, zero copy, peek offset).  A drop-all filter is on it.
 *
 * Return: a kept descriptor, or a negative errno; -EOPNOTSUPP (logged): an option cannot be copied,
 * or @like belongs to another network namespace.
 */
int shim_wire_make(int like, int family);

/**
 * shim_wire_reset() - makes a wire of a socket that came bound
 *
 * Takes back what shim_wire_make() does not copy, should whoever bound it have set it.  What was
 * written to it corked, and is not sent yet, is thrown away: it is in clear.
 *
 * Return: 0, or -EOPNOTSUPP (logged): an option cannot be reset
 */
int shim_wire_reset(int wire);

/* Lets @wire be bound to the local address that @old has: frees the port that the kernel chose for
 * @old, or shares one that the program chose, for the length of this call.  @len: bytes at @sa.
 * 0 or a negative errno. */
struct sockaddr;
int shim_wire_take_address(int wire, int old, const struct sockaddr *sa, unsigned len);

#endif
