/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_queue.h - lines on their way to the log, and the thread that writes them
 *
 * Threads:  any, with any lock held, in signal handlers too.  errno is left alone.
 * Fork:     a child has neither the queue nor the thread: it writes its lines itself, until it starts
 *	     a thread of its own.
 */
#ifndef HOST_LOG_QUEUE_H
#define HOST_LOG_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "dtlsshim/config.h"

#define HOST_LOG_END (2 * DS_SECOND) /* how long a process that ends waits for its last lines */

/* Queues @len bytes, at most 1 kB, a whole line, for the file at *@fd, which is read when they are
 * written.  Where no thread writes they are written at once, or lost if they find no room. */
void host_log_put(const atomic_int *fd, const char *line, size_t len);

/* The thread: the caller starts it, with all signals blocked and NULL as its argument; it never
 * returns, unless there is no memory.  Lines are queued as soon as it runs.  One a process. */
void *host_log_write(void *unused);

/* True while lines are queued. */
bool host_log_is_queued(void);

/* Waits until what was queued is written, @wait at most. */
void host_log_flush(ds_time wait);

/* For a process that ends: waits for HOST_LOG_END at most.  Then lines are written at once; or, if the file
 * still does not take them, not at all. */
void host_log_end(void);

/* In a forked child, before it logs. */
void host_log_forked(void);

#endif
