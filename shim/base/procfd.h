/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procfd.h - what /proc tells about our own descriptors
 *
 * The kernel knows every epoll registration, also those made past the hooks, and every copy of a
 * descriptor.  Without /proc (a chroot) there is nothing to tell.
 *
 * Threads:  any; raw system calls, no allocation.
 */
#ifndef SHIM_BASE_PROCFD_H
#define SHIM_BASE_PROCFD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#define SHIM_EPOLL_LINK "anon_inode:[eventpoll]"

/* Calls @fn with every open descriptor and what /proc/self/fd shows for it.  False without /proc. */
bool shim_each_fd(void (*fn)(void *ctx, int fd, const char *link), void *ctx);

/* Calls @fn with every registration in @epfd; @inode is that of the file registered. */
typedef void shim_target_fn(void *ctx, int tfd, const struct epoll_event *ev, uint64_t inode);
void shim_epoll_targets(int epfd, shim_target_fn *fn, void *ctx);

#endif
