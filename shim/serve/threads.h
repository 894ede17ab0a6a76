/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.h - the shim's own threads
 *
 * Threads:  any.
 */
#ifndef SHIM_SERVE_THREADS_H
#define SHIM_SERVE_THREADS_H

#include <stdbool.h>

/* Starts a detached thread as all of the shim's are: small, and without the program's signals; @name is
 * its name for top(1).  0 or a negative errno. */
int shim_thread_start(const char *name, void *(*fn)(void *), void *arg);

/* True if the program itself has more than one thread. */
bool shim_program_has_threads(void);

/* In a forked child: none of the parent's threads is here. */
void shim_threads_forked(void);

#endif
