/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>

long host_sys(long nr, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "host_sys: only x86-64 and aarch64 so far"
#endif
}

ds_time host_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ds_time)ts.tv_sec * DS_SECOND + (ds_time)ts.tv_nsec;
}

static _Atomic(host_fd_watch) watch;

void host_fd_watch_set(host_fd_watch fn)
{
	atomic_store(&watch, fn);
}

/* The first of the numbers that programs expect neither to get nor to overwrite: below 1024,
 * because of select() and of programs that close everything up to there, and not near a huge limit,
 * because the kernel's table grows with the highest number. */
static int high_base(void)
{
	struct rlimit lim = {0};

	if (host_sys(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&lim, 0, 0) || lim.rlim_cur >= 1024)
		return 960;
	return (int)(lim.rlim_cur - lim.rlim_cur / 16);
}

int host_fd_keep(int fd)
{
	long high = host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, high_base());
	host_fd_watch fn = atomic_load(&watch);

	if (high == -EINVAL || high == -EMFILE) /* no room up there */
		high = host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	host_sys3(SYS_close, fd, 0, 0);
	if (high >= 0 && fn)
		fn((int)high, true);
	return (int)high;
}

void host_fd_drop(int fd)
{
	host_fd_watch fn = atomic_load(&watch);

	if (fd < 0)
		return;
	if (fn)
		fn(fd, false);
	host_sys3(SYS_close, fd, 0, 0);
}

int host_random(void *ctx, uint8_t *buf, size_t len)
{
	(void)ctx;
	while (len) {
		long n = host_sys3(SYS_getrandom, buf, len, 0);

		if (n == -EINTR)
			continue;
		if (n <= 0)
			return -1;
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}
