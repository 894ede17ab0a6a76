/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/base/inside.h"

#include <linux/kcmp.h>

#include "host/arena.h"
#include "host/images.h"
#include "host/log_queue.h"
#include "host/state.h"
#include "host/sys.h"
#include "shim/base/shim.h"

_Thread_local volatile bool shim_inside;
pthread_mutex_t shim_table_lock = PTHREAD_MUTEX_INITIALIZER;
_Atomic unsigned shim_generation_now = 1;

static _Atomic pid_t own_pid;
static _Thread_local bool table_locked; /* by before_fork() */
static shim_forked_fn *const *forked;	/* n_forked of them */
static size_t n_forked;
static shim_forked_fn *prepare;

static pid_t pid_now(void)
{
	return (pid_t)host_sys3(SYS_getpid, 0, 0, 0);
}

/* No other thread is in the middle of changing the table when memory is copied. */
static void before_fork(void)
{
	table_locked = shim_enter();
	if (!table_locked)
		return;
	prepare();
	pthread_mutex_lock(&shim_table_lock);
}

static void in_parent(void)
{
	if (!table_locked)
		return;
	pthread_mutex_unlock(&shim_table_lock);
	shim_leave();
}

static void new_generation(void)
{
	atomic_store(&own_pid, pid_now());
	atomic_fetch_add(&shim_generation_now, 1);
	pthread_mutex_init(&shim_table_lock, NULL);
	host_arena_reset();
	host_log_forked();
	host_state_forked();
	host_images_forked();
	for (size_t i = 0; i < n_forked; i++)
		forked[i]();
}

static void in_child(void)
{
	if (table_locked) /* by this thread, in the child too */
		pthread_mutex_unlock(&shim_table_lock);
	new_generation();
	if (table_locked)
		shim_leave();
}

void shim_fork_init(shim_forked_fn *const list[], size_t n, shim_forked_fn *before)
{
	prepare = before;
	forked = list;
	n_forked = n;
	atomic_store(&own_pid, pid_now());
	pthread_atfork(before_fork, in_parent, in_child);
}

/* True if this process and its parent have one table of descriptors. */
static bool shares_descriptors(void)
{
	return host_sys6(SYS_kcmp, host_sys3(SYS_getppid, 0, 0, 0), pid_now(), KCMP_FILES, 0, 0,
			 0) == 0;
}

bool shim_check_fork(void)
{
	if (shim_likely(host_arena_mine()))
		return true;
	if (shares_descriptors())
		return false; /* shim_inside stays set, so this thread never enters the shim */
	new_generation();
	return true;
}

bool shim_is_vforked(void)
{
	/* In a forked child own_pid is right, or the arena tells */
	return pid_now() != atomic_load(&own_pid) && host_arena_mine();
}
