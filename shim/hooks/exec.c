/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks: exec() and posix_spawn().  Protected sockets that the new program inherits go as bundles.
 *
 * posix_spawn() makes its child inside libc, where no hook sees it, from the descriptors of the
 * thread that calls.  So a thread with a descriptor table of its own calls it: there the bundles lie
 * at the numbers of the sockets, and what the program wants done with these numbers is done with the
 * bundles.  All else the child inherits is the same in both threads.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <unistd.h>

#include "host/sys.h"
#include "shim/serve/handover.h"
#include "shim/hooks/hook.h"
#include "shim/base/shim.h"

/* A vfork() child leaves these frames by exec(), not by a return.  The address sanitizer's notes about
 * them would stay on the stack, which is the parent's. */
#define LEFT_BY_EXEC __attribute__((no_sanitize_address))

LEFT_BY_EXEC SHIM_EXPORT int execve(const char *path, char *const argv[], char *const env[])
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

LEFT_BY_EXEC SHIM_EXPORT int execvpe(const char *file, char *const argv[], char *const env[])
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

LEFT_BY_EXEC SHIM_EXPORT int fexecve(int fd, char *const argv[], char *const env[])
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_fexecve(fd, argv, env);
	shim_exec_failed(&x);
	return -1;
}

LEFT_BY_EXEC SHIM_EXPORT int execveat(int dir, const char *path, char *const argv[],
				      char *const env[], int flags)
{
	struct shim_exec x;

	shim_exec_begin(&x, env);
	real_execveat(dir, path, argv, env, flags);
	shim_exec_failed(&x);
	return -1;
}

/* The most arguments in a call of execl() and the like.  The array is on the stack, for a vfork()
 * child may make that call. */
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

LEFT_BY_EXEC SHIM_EXPORT int execl(const char *path, const char *arg, ...)
{
	char *argv[LIST_MAX];
	va_list ap;
	bool ok;

	va_start(ap, arg);
	ok = gather(argv, arg, &ap);
	va_end(ap);
	return ok ? execve(path, argv, environ) : too_long();
}

LEFT_BY_EXEC SHIM_EXPORT int execlp(const char *file, const char *arg, ...)
{
	char *argv[LIST_MAX];
	va_list ap;
	bool ok;

	va_start(ap, arg);
	ok = gather(argv, arg, &ap);
	va_end(ap);
	return ok ? execvpe(file, argv, environ) : too_long();
}

LEFT_BY_EXEC SHIM_EXPORT int execle(const char *path, const char *arg, ...)
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

typedef int spawn_fn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		     const posix_spawnattr_t *attr, char *const *argv, char *const *env);

struct spawn {
	spawn_fn *real;
	pid_t *pid;
	const char *path;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv, *const *env;
	sigset_t mask; /* of the program's thread, which the child inherits */
	int r;
};

/* From here on this thread's descriptors are its own.  The range holds none; older kernels than 5.9 and
 * some filters know one of the two calls only. */
static bool part_table(void)
{
	return !host_sys3(SYS_close_range, ~0U, ~0U, CLOSE_RANGE_UNSHARE) ||
	       !host_sys3(SYS_unshare, CLONE_FILES, 0, 0);
}

static void *spawn_apart(void *arg)
{
	struct spawn *sp = arg;

	if (part_table())
		shim_spawn_begin();
	pthread_sigmask(SIG_SETMASK, &sp->mask, NULL);
	sp->r = sp->real(sp->pid, sp->path, sp->actions, sp->attr, sp->argv, sp->env);
	return NULL;
}

static bool spawn_in_thread(struct spawn *sp)
{
	pthread_t thread;
	sigset_t all;
	int cancel, r;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &sp->mask);
	r = pthread_create(&thread, NULL, spawn_apart, sp);
	pthread_sigmask(SIG_SETMASK, &sp->mask, NULL);
	if (!r)
		pthread_join(thread, NULL);
	pthread_setcancelstate(cancel, NULL);
	return !r;
}

static int spawn(struct spawn sp)
{
	if (shim_spawn_carries(sp.env)) {
		if (spawn_in_thread(&sp))
			return sp.r;
	} else {
		shim_exec_warn(sp.env);
	}
	return sp.real(sp.pid, sp.path, sp.actions, sp.attr, sp.argv, sp.env);
}

SHIM_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			    const posix_spawnattr_t *attr, char *const argv[], char *const env[])
{
	return spawn((struct spawn){.real = real_posix_spawn,
				    .pid = pid,
				    .path = path,
				    .actions = actions,
				    .attr = attr,
				    .argv = argv,
				    .env = env});
}

SHIM_EXPORT int posix_spawnp(pid_t *pid, const char *file,
			     const posix_spawn_file_actions_t *actions,
			     const posix_spawnattr_t *attr, char *const argv[], char *const env[])
{
	return spawn((struct spawn){.real = real_posix_spawnp,
				    .pid = pid,
				    .path = file,
				    .actions = actions,
				    .attr = attr,
				    .argv = argv,
				    .env = env});
}
