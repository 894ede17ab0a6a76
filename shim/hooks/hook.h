/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hook.h - names that libc exports and declares in no header
 *
 * The double underscore forms are older aliases; -D_FORTIFY_SOURCE calls the ones with _chk.
 */
#ifndef SHIM_HOOKS_HOOK_H
#define SHIM_HOOKS_HOOK_H

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

#include "shim/base/real.h"

int __connect(int fd, const struct sockaddr *sa, socklen_t len);
ssize_t __recv(int fd, void *buf, size_t n, int flags);
ssize_t __recv_chk(int fd, void *buf, size_t n, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t n, size_t room, int flags, struct sockaddr *sa,
		       socklen_t *len);
ssize_t __read(int fd, void *buf, size_t n);
ssize_t __read_chk(int fd, void *buf, size_t n, size_t room);
ssize_t __send(int fd, const void *buf, size_t n, int flags);
int __sendmmsg(int fd, struct mmsghdr *vec, unsigned n, int flags);
ssize_t __write(int fd, const void *buf, size_t n);
int __poll(struct pollfd *fds, nfds_t n, int timeout);
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
		size_t room);
int __select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout);
int __sigaction(int sig, const struct sigaction *act, struct sigaction *old);
sighandler_t bsd_signal(int sig, sighandler_t handler);
int __close(int fd);
int __dup2(int old, int fd);
int __fcntl(int fd, int cmd, ...);

/* Ends the program: "*** buffer overflow detected ***" */
void __chk_fail(void) __attribute__((noreturn));

#endif
