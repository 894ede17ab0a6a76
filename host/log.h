/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - one line an event, on standard error or in a file
 *
 * Lines look like `dtlsshim: info: event=rebind peer=192.0.2.7:41234 id="dev1" cid=9f3a...`
 * and are searched by `event=`.  Identities are escaped; keys and payloads never appear.
 * Whatever a peer can cause is debug or limited: to one line a second and kind, or for sessions by
 * peer and in sum (log_event.c).  The next line of the kind says how many were left out.
 *
 * Threads:  any, under any lock: a line is queued for the thread that writes (log_queue.h), and never waited
 *	     for.  One that finds no room is lost and counted (event=log_full).  No malloc, no stdio; errno is
 *	     left alone.
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

#include <stdatomic.h>

#include "dtlsshim/engine.h"
#include "dtlsshim/stats.h"

#define HOST_LOG_MESSAGE 960 /* bytes of a line without its beginning, end included */

enum host_log_level { HOST_LOG_ERROR, HOST_LOG_WARN, HOST_LOG_INFO, HOST_LOG_DEBUG };

/* For a library: notes that descriptor 2 is standard error now.  Another file that has the number
 * later is not written to, unless it is at 1 as well. */
void host_log_note_stderr(void);
/* Opens the log; @file NULL = standard error; a symbolic link is not followed.  In the shim the
 * descriptor is moved out of the application's way (close-on-exec, high number).  0 or a negative errno,
 * which host_log_trouble() puts in words. */
int host_log_open(enum host_log_level level, const char *file);
/* The name that lines begin with instead of "dtlsshim"; a string that stays. */
void host_log_set_name(const char *name);
const char *host_log_trouble(int err);
/* Before it is opened lines of @level go to standard error. */
void host_log_set_level(enum host_log_level level);
int host_log_fd(void);
/* Where that number is kept. */
const atomic_int *host_log_fd_place(void);
void host_log_set_fd(int fd);
bool host_log_on(enum host_log_level level);

__attribute__((format(printf, 2, 3))) void host_log(enum host_log_level level, const char *fmt,
						    ...);

/* Makes the line that says that @lost lines found no room; its length. */
size_t host_log_lost(char *line, size_t size, uint32_t lost);

/* For lines that a stranger can cause: one a second, with the number of those held back meanwhile.
 * At level debug all of them are written. */
struct host_log_limit {
	_Atomic uint64_t next; /* when the next line may be written */
	_Atomic uint32_t held;
};
__attribute__((format(printf, 3, 4))) void
host_log_limited(struct host_log_limit *limit, enum host_log_level level, const char *fmt, ...);

/* Writes the line of an engine event, or counts it if its peer or all peers had too many lines. */
void host_log_event(const struct ds_event *ev, ds_time now);

/* Writes the counters that are not 0, a few a line. */
void host_log_counters(const char *const names[], const uint64_t values[], size_t n);
/* Writes the counters of an engine, and the lines of events that were left out and not told yet. */
void host_log_stats(const struct ds_stats *stats);

/* Prints "dtlsshim: <message>" on standard error and ends the process at once with @status; for
 * errors in the configuration. */
__attribute__((format(printf, 2, 3), noreturn)) void host_die(int status, const char *fmt, ...);

#endif
