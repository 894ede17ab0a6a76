/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside.h - who runs here: a thread inside the shim, in a process that may have been forked
 *
 * A thread that may hold a lock of the shim is inside it.  A signal handler that interrupts such a
 * thread is kept out by shim_enter().
 *
 * A forked child starts a new generation: an object with another number was made by a parent.  In the
 * child each module gives itself new locks, for threads that held the old ones are not there.
 *
 * Threads:  any.
 */
#ifndef SHIM_BASE_INSIDE_H
#define SHIM_BASE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "host/arena.h"

/* True while this thread may hold a lock of the shim; volatile for signal handlers. */
extern _Thread_local volatile bool shim_inside __attribute__((tls_model("initial-exec")));

/* The lock of the table of descriptors and of the pools of sockets and endpoints.  fork() waits for
 * it, so that no thread is changing them while memory is copied. */
extern pthread_mutex_t shim_table_lock;

/* Counts the forks between the first process and this one. */
extern _Atomic unsigned shim_generation_now;

static inline unsigned shim_generation(void)
{
	return atomic_load_explicit(&shim_generation_now, memory_order_relaxed);
}

/* Registers for fork(): in the child each of the @n functions of @list is called, in this order.
 * @list is kept.  @before is called in the parent, inside the shim and without locks.  Once,
 * before there is a socket. */
typedef void shim_forked_fn(void);
void shim_fork_init(shim_forked_fn *const list[], size_t n, shim_forked_fn *before);

/* Notices a fork that ran no handlers (_Fork, clone).  False in a child that shares its parent's
 * descriptors but not its memory (CLONE_FILES): there the shim does nothing, for whatever it closed
 * or opened would be the parent's. */
bool shim_check_fork(void);

/* True in a vfork() child: it runs in its parent's memory and must not change it. */
bool shim_is_vforked(void);

/* Before a lock is taken.  False: this is a signal handler and its thread is inside already. */
static inline bool shim_enter(void)
{
	if (shim_inside)
		return false;
	shim_inside = true;
	return host_arena_mine() || shim_check_fork();
}

static inline void shim_leave(void)
{
	shim_inside = false;
}

#endif
