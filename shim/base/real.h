/* SPDX-License-Identifier: Apache-2.0 */
/*
 * real.h - libc's own functions behind the hooks
 *
 * real_send() is the send() the program would have got without us.  Before shim_real_init(), that
 * is in other libraries' constructors and inside an allocator that starts up, the pointers lead to
 * bare system calls: looking names up may allocate, and an allocator may call us.
 *
 * Threads:  set once by the constructor, then only read.
 */
#ifndef SHIM_BASE_REAL_H
#define SHIM_BASE_REAL_H

#include <aio.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

/* Type, name, parameters; the system call that does the same and its six arguments. */
#define SHIM_REAL_MAP(X)                                                                           \
	X(int, socket, (int a, int b, int c), SYS_socket, a, b, c, 0, 0, 0)                        \
	X(int, socketpair, (int a, int b, int c, int *d), SYS_socketpair, a, b, c, d, 0, 0)        \
	X(int, accept, (int a, struct sockaddr *b, socklen_t *c), SYS_accept, a, b, c, 0, 0, 0)    \
	X(int, accept4, (int a, struct sockaddr *b, socklen_t *c, int d), SYS_accept4, a, b, c, d, \
	  0, 0)                                                                                    \
	X(int, bind, (int a, const struct sockaddr *b, socklen_t c), SYS_bind, a, b, c, 0, 0, 0)   \
	X(int, connect, (int a, const struct sockaddr *b, socklen_t c), SYS_connect, a, b, c, 0,   \
	  0, 0)                                                                                    \
	X(int, listen, (int a, int b), SYS_listen, a, b, 0, 0, 0, 0)                               \
	X(int, shutdown, (int a, int b), SYS_shutdown, a, b, 0, 0, 0, 0)                           \
	X(int, getsockname, (int a, struct sockaddr *b, socklen_t *c), SYS_getsockname, a, b, c,   \
	  0, 0, 0)                                                                                 \
	X(int, getpeername, (int a, struct sockaddr *b, socklen_t *c), SYS_getpeername, a, b, c,   \
	  0, 0, 0)                                                                                 \
	X(int, getsockopt, (int a, int b, int c, void *d, socklen_t *e), SYS_getsockopt, a, b, c,  \
	  d, e, 0)                                                                                 \
	X(int, setsockopt, (int a, int b, int c, const void *d, socklen_t e), SYS_setsockopt, a,   \
	  b, c, d, e, 0)                                                                           \
	X(ssize_t, recv, (int a, void *b, size_t c, int d), SYS_recvfrom, a, b, c, d, 0, 0)        \
	X(ssize_t, recvfrom, (int a, void *b, size_t c, int d, struct sockaddr *e, socklen_t *f),  \
	  SYS_recvfrom, a, b, c, d, e, f)                                                          \
	X(ssize_t, recvmsg, (int a, struct msghdr *b, int c), SYS_recvmsg, a, b, c, 0, 0, 0)       \
	X(int, recvmmsg, (int a, struct mmsghdr *b, unsigned c, int d, struct timespec *e),        \
	  SYS_recvmmsg, a, b, c, d, e, 0)                                                          \
	X(ssize_t, read, (int a, void *b, size_t c), SYS_read, a, b, c, 0, 0, 0)                   \
	X(ssize_t, readv, (int a, const struct iovec *b, int c), SYS_readv, a, b, c, 0, 0, 0)      \
	X(ssize_t, preadv2, (int a, const struct iovec *b, int c, off_t d, int e), SYS_preadv2, a, \
	  b, c, d, 0, e)                                                                           \
	X(ssize_t, preadv64v2, (int a, const struct iovec *b, int c, off_t d, int e), SYS_preadv2, \
	  a, b, c, d, 0, e)                                                                        \
	X(ssize_t, send, (int a, const void *b, size_t c, int d), SYS_sendto, a, b, c, d, 0, 0)    \
	X(ssize_t, sendto,                                                                         \
	  (int a, const void *b, size_t c, int d, const struct sockaddr *e, socklen_t f),          \
	  SYS_sendto, a, b, c, d, e, f)                                                            \
	X(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), SYS_sendmsg, a, b, c, 0, 0, 0) \
	X(int, sendmmsg, (int a, struct mmsghdr *b, unsigned c, int d), SYS_sendmmsg, a, b, c, d,  \
	  0, 0)                                                                                    \
	X(ssize_t, write, (int a, const void *b, size_t c), SYS_write, a, b, c, 0, 0, 0)           \
	X(ssize_t, writev, (int a, const struct iovec *b, int c), SYS_writev, a, b, c, 0, 0, 0)    \
	X(ssize_t, pwritev2, (int a, const struct iovec *b, int c, off_t d, int e), SYS_pwritev2,  \
	  a, b, c, d, 0, e)                                                                        \
	X(ssize_t, pwritev64v2, (int a, const struct iovec *b, int c, off_t d, int e),             \
	  SYS_pwritev2, a, b, c, d, 0, e)                                                          \
	X(int, poll, (struct pollfd * a, nfds_t b, int c), SYS_poll, a, b, c, 0, 0, 0)             \
	X(int, ppoll, (struct pollfd * a, nfds_t b, const struct timespec *c, const sigset_t *d),  \
	  SYS_ppoll, a, b, c, d, 8, 0)                                                             \
	X(int, select, (int a, fd_set *b, fd_set *c, fd_set *d, struct timeval *e), SYS_select, a, \
	  b, c, d, e, 0)                                                                           \
	X(int, pselect,                                                                            \
	  (int a, fd_set *b, fd_set *c, fd_set *d, const struct timespec *e, const sigset_t *f),   \
	  SYS_pselect6, a, b, c, d, e, f ? 0 : 0)                                                  \
	X(int, epoll_ctl, (int a, int b, int c, struct epoll_event *d), SYS_epoll_ctl, a, b, c, d, \
	  0, 0)                                                                                    \
	X(int, epoll_wait, (int a, struct epoll_event *b, int c, int d), SYS_epoll_pwait, a, b, c, \
	  d, 0, 8)                                                                                 \
	X(int, epoll_pwait, (int a, struct epoll_event *b, int c, int d, const sigset_t *e),       \
	  SYS_epoll_pwait, a, b, c, d, e, 8)                                                       \
	X(int, epoll_pwait2,                                                                       \
	  (int a, struct epoll_event *b, int c, const struct timespec *d, const sigset_t *e),      \
	  SYS_epoll_pwait2, a, b, c, d, e, 8)                                                      \
	X(int, close, (int a), SYS_close, a, 0, 0, 0, 0, 0)                                        \
	X(int, close_range, (unsigned a, unsigned b, int c), SYS_close_range, a, b, c, 0, 0, 0)    \
	X(int, dup, (int a), SYS_dup, a, 0, 0, 0, 0, 0)                                            \
	X(int, dup2, (int a, int b), SYS_dup2, a, b, 0, 0, 0, 0)                                   \
	X(int, dup3, (int a, int b, int c), SYS_dup3, a, b, c, 0, 0, 0)                            \
	X(ssize_t, sendfile, (int a, int b, off_t *c, size_t d), SYS_sendfile, a, b, c, d, 0, 0)   \
	X(ssize_t, sendfile64, (int a, int b, off_t *c, size_t d), SYS_sendfile, a, b, c, d, 0, 0) \
	X(ssize_t, splice, (int a, off_t *b, int c, off_t *d, size_t e, unsigned f), SYS_splice,   \
	  a, b, c, d, e, f)

/* Functions that are no system call: type, name, parameters, arguments.  Called early, they look the
 * names up; no allocator calls them. */
#define SHIM_LIBC_MAP(X)                                                                           \
	X(int, fclose, (FILE * a), (a))                                                            \
	X(int, aio_read, (struct aiocb * a), (a))                                                  \
	X(int, aio_write, (struct aiocb * a), (a))                                                 \
	X(int, aio_read64, (struct aiocb64 * a), (a))                                              \
	X(int, aio_write64, (struct aiocb64 * a), (a))                                             \
	X(int, lio_listio, (int a, struct aiocb *const *b, int c, struct sigevent *d),             \
	  (a, b, c, d))                                                                            \
	X(int, lio_listio64, (int a, struct aiocb64 *const *b, int c, struct sigevent *d),         \
	  (a, b, c, d))                                                                            \
	X(int, execve, (const char *a, char *const *b, char *const *c), (a, b, c))                 \
	X(int, execvpe, (const char *a, char *const *b, char *const *c), (a, b, c))                \
	X(int, fexecve, (int a, char *const *b, char *const *c), (a, b, c))                        \
	X(int, execveat, (int a, const char *b, char *const *c, char *const *d, int e),            \
	  (a, b, c, d, e))                                                                         \
	X(int, posix_spawn,                                                                        \
	  (pid_t * a, const char *b, const posix_spawn_file_actions_t *c,                          \
	   const posix_spawnattr_t *d, char *const *e, char *const *f),                            \
	  (a, b, c, d, e, f))                                                                      \
	X(int, posix_spawnp,                                                                       \
	  (pid_t * a, const char *b, const posix_spawn_file_actions_t *c,                          \
	   const posix_spawnattr_t *d, char *const *e, char *const *f),                            \
	  (a, b, c, d, e, f))                                                                      \
	X(int, sigaction, (int a, const struct sigaction *b, struct sigaction *c), (a, b, c))      \
	X(sighandler_t, signal, (int a, sighandler_t b), (a, b))                                   \
	X(sighandler_t, bsd_signal, (int a, sighandler_t b), (a, b))                               \
	X(sighandler_t, ssignal, (int a, sighandler_t b), (a, b))                                  \
	X(sighandler_t, sysv_signal, (int a, sighandler_t b), (a, b))                              \
	X(sighandler_t, __sysv_signal, (int a, sighandler_t b), (a, b))                            \
	X(sighandler_t, sigset, (int a, sighandler_t b), (a, b))                                   \
	X(int, siginterrupt, (int a, int b), (a, b))                                               \
	X(void *, dlopen, (const char *a, int b), (a, b))

#define SHIM_REAL_POINTER(type, name, params, ...) extern type(*real_##name) params;
SHIM_REAL_MAP(SHIM_REAL_POINTER)
SHIM_LIBC_MAP(SHIM_REAL_POINTER)
#undef SHIM_REAL_POINTER

/* Functions with variable arguments */
extern int (*real_fcntl)(int fd, int cmd, ...);
extern int (*real_fcntl64)(int fd, int cmd, ...);
extern int (*real_ioctl)(int fd, unsigned long request, ...);
extern long (*real_syscall)(long nr, ...);

/* Looks all names up.  A name this libc does not have keeps its system call. */
void shim_real_init(void);

#endif
