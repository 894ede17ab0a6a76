/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/serve/threads.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "host/arena.h"
#include "host/sys.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK ((size_t)1 << 20)
#else
#define STACK ((size_t)128 << 10)
#endif

static atomic_uint n_threads; /* of the shim in this process */

struct start {
	void *(*fn)(void *);
	void *arg;
};

static void *run_counted(void *arg)
{
	struct start s = *(struct start *)arg;

	host_arena_free(arg, sizeof(s));
	s.fn(s.arg);
	atomic_fetch_sub(&n_threads, 1);
	return NULL;
}

/* The directory of a process's threads has a link for each, and two for itself. */
bool shim_program_has_threads(void)
{
	struct stat st;

	if (host_sys6(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &st, 0, 0, 0))
		return true; /* for all we know */
	return st.st_nlink - 2 > 1 + atomic_load(&n_threads);
}

/* The program's signals are for the program's threads.  sigfillset() leaves out those that glibc
 * needs for itself. */
int shim_thread_start(const char *name, void *(*fn)(void *), void *arg)
{
	struct start *s = host_arena_alloc(sizeof(*s));
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t thread;
	int r;

	if (!s)
		return -ENOMEM;
	*s = (struct start){fn, arg};
	atomic_fetch_add(&n_threads, 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	r = pthread_create(&thread, &attr, run_counted, s);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r) {
		atomic_fetch_sub(&n_threads, 1);
		host_arena_free(s, sizeof(*s));
		return -r;
	}
	pthread_setname_np(thread, name);
	return 0;
}

void shim_threads_forked(void)
{
	atomic_store(&n_threads, 0);
}
