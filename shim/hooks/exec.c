/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: exec().  Protected sockets that the new program inherits go as bundles. */
#include <stdarg.h>
#include <unistd.h>

#include "shim/serve/handover.h"
#include "shim/hooks/hook.h"
#include "shim/base/shim.h"

SHIM_EXPORT int execve(const char *path, char *const argv[], char *const env[])
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_execve(path, argv, env);
	shim_exec_failed(&x);
	return -1;
}

SHIM_EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

SHIM_EXPORT int execvpe(const char *file, char *const argv[], char *const env[])
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_execvpe(file, argv, env);
	shim_exec_failed(&x);
	return -1;
}

SHIM_EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

SHIM_EXPORT int fexecve(int fd, char *const argv[], char *const env[])
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_fexecve(fd, argv, env);
	shim_exec_failed(&x);
	return -1;
}

SHIM_EXPORT int execveat(int dir, const char *path, char *const argv[], char *const env[],
			 int flags)
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_execveat(dir, path, argv, env, flags);
	shim_exec_failed(&x);
	return -1;
}

/* A list in a call; nobody writes as many.  On the stack: a vfork() child may call this. */
#define LIST_MAX 1024

/* argv[] of a list, its NULL included.  False if it is too long. */
static bool gather(char *argv[static LIST_MAX], const char *first, va_list *ap)
{
	size_t n = 1;

	argv[0] = (char *)first;
	while (first && n < LIST_MAX && (argv[n] = va_arg(*ap, char *)))
		n++;
	return n < LIST_MAX;
}

static int too_long(void)
{
	errno = E2BIG;
	return -1;
}

SHIM_EXPORT int execl(const char *path, const char *arg, ...)
{
	char *argv[LIST_MAX];
	va_list ap;
	bool ok;

	va_start(ap, arg);
	ok = gather(argv, arg, &ap);
	va_end(ap);
	return ok ? execve(path, argv, environ) : too_long();
}

SHIM_EXPORT int execlp(const char *file, const char *arg, ...)
{
	char *argv[LIST_MAX];
	va_list ap;
	bool ok;

	va_start(ap, arg);
	ok = gather(argv, arg, &ap);
	va_end(ap);
	return ok ? execvpe(file, argv, environ) : too_long();
}

SHIM_EXPORT int execle(const char *path, const char *arg, ...)
{
	char *const *env = NULL;
	char *argv[LIST_MAX];
	va_list ap;
	bool ok;

	va_start(ap, arg);
	ok = gather(argv, arg, &ap);
	if (ok)
		env = va_arg(ap, char *const *);
	va_end(ap);
	return ok ? execve(path, argv, env) : too_long();
}
