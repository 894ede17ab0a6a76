/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/base/real.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/base/shim.h"

/* Not every architecture has the old ones; nobody needs them before the constructor. */
#ifndef SYS_poll
#define SYS_poll -1
#endif
#ifndef SYS_select
#define SYS_select -1
#endif
#ifndef SYS_dup2
#define SYS_dup2 -1
#endif

#define EARLY(type, name, params, nr, ...)                                                         \
	static type early_##name params                                                            \
	{                                                                                          \
		return (type)shim_result(host_sys6(nr, __VA_ARGS__));                              \
	}                                                                                          \
	type(*real_##name) params = early_##name;
SHIM_REAL_MAP(EARLY)
#undef EARLY

#define EARLY(type, name, params, args)                                                            \
	static type early_##name params                                                            \
	{                                                                                          \
		shim_real_init();                                                                  \
		if (real_##name == early_##name)                                                   \
			host_die(1, "this libc has no %s()", #name);                               \
		return real_##name args;                                                           \
	}                                                                                          \
	type(*real_##name) params = early_##name;
SHIM_LIBC_MAP(EARLY)
#undef EARLY

static int early_fcntl(int fd, int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return (int)shim_result(host_sys3(SYS_fcntl, fd, cmd, arg));
}

static int early_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	long arg;

	va_start(ap, request);
	arg = va_arg(ap, long);
	va_end(ap);
	return (int)shim_result(host_sys3(SYS_ioctl, fd, request, arg));
}

static long early_syscall(long nr, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return shim_result(host_sys(nr, a[0], a[1], a[2], a[3], a[4], a[5]));
}

int (*real_fcntl)(int fd, int cmd, ...) = early_fcntl;
int (*real_fcntl64)(int fd, int cmd, ...) = early_fcntl;
int (*real_ioctl)(int fd, unsigned long request, ...) = early_ioctl;
long (*real_syscall)(long nr, ...) = early_syscall;

static void resolve(void *pointer, const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (p)
		memcpy(pointer, &p, sizeof(p));
}

void shim_real_init(void)
{
#define RESOLVE(type, name, ...) resolve(&real_##name, #name);
	SHIM_REAL_MAP(RESOLVE)
	SHIM_LIBC_MAP(RESOLVE)
#undef RESOLVE
	resolve(&real_fcntl, "fcntl");
	resolve(&real_fcntl64, "fcntl64");
	resolve(&real_ioctl, "ioctl");
	resolve(&real_syscall, "syscall");
}
