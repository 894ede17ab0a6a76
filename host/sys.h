/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys.h - system calls that no hook can see
 *
 * The code here also lives inside libdtlsshim.so, where send() or close() are the hooks
 * themselves.  Whatever touches a hidden descriptor goes through these.
 *
 * Errors:   as the kernel answers: a negative errno, never -1; errno is left alone.
 */
#ifndef HOST_SYS_H
#define HOST_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "dtlsshim/config.h"

/* The bare system call @nr. */
long host_sys(long nr, long a, long b, long c, long d, long e, long f);

#define host_sys3(nr, a, b, c) host_sys(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define host_sys6(nr, a, b, c, d, e, f)                                                            \
	host_sys(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* Monotonic time. */
ds_time host_now(void);

/* Random bytes of the kernel, which has no state that a fork could copy; as in struct ds_config: 0 or -1,
 * @ctx is not used. */
int host_random(void *ctx, uint8_t *buf, size_t len);

/* Descriptors that live as long as we do, inside a program that owns the numbers */

/* Moves @fd to a high number, close-on-exec, and announces it; @fd is closed in any case.
 * The new number or a negative errno. */
int host_fd_keep(int fd);
/* Announces that kept descriptor @fd goes away and closes it; negative = does nothing. */
void host_fd_drop(int fd);

/* Hears of every kept descriptor before others can meet it, and before it is closed: the shim
 * hides them from close(), dup2() and close_range().  NULL = nobody (the default). */
typedef void (*host_fd_watch)(int fd, bool kept);
void host_fd_watch_set(host_fd_watch fn);

#endif
