/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - the packet filter on a protected port
 *
 * Only datagrams that look like DTLS reach the wire's queue: no plaintext of a program that runs
 * without the shim by mistake, and cheap junk costs no wake-up.  The filter authenticates nothing.
 *
 * Errors:   negative errno.
 */
#ifndef SHIM_SOCKET_FILTER_H
#define SHIM_SOCKET_FILTER_H

#include <stdbool.h>

/* Before bind(): no datagram at all. */
int shim_filter_closed(int fd);
/* After that, only datagrams come in that begin with a DTLS record header, or with @plaintext any that are
 * not empty, of which the engine takes what it may; the filter cannot be taken off again. */
int shim_filter_open(int fd, bool plaintext);
/* Takes the first filter off again, when bind() failed. */
void shim_filter_remove(int fd);
/* True if the program has a filter of its own on @fd. */
bool shim_filter_present(int fd);
/* True if @fd already has the locked filter of shim_filter_open(), for whatever rule. */
bool shim_filter_is_ours(int fd);

#endif
