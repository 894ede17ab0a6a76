/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c - see log.h
 *
 * A log inside other programs must never harm them.  So a line is made on the stack, without malloc() or
 * stdio, and then queued for a thread that writes it (log_queue.c); where that thread does not run, in
 * processes that serve nobody, it is written with one system call that does not wait.  And standard
 * error is only written to while it is what it was at the start, for the program may have given its
 * number to a connection.
 *
 * A stranger can cause many lines, so those are limited to one a second and kind, and say how many
 * were held back.  The lines of sessions have limits of their own (log_event.c).
 */
#include "host/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "host/log_queue.h"
#include "host/sys.h"
#include "host/text.h"

#define LINE_MAX_BYTES 1056

static const char *const level_names[] = {"error", "warn", "info", "debug"};

static const char *log_name = "dtlsshim"; /* of the program, in each line */
static atomic_bool stamped;
static atomic_int log_fd = 2;
static atomic_int log_level = HOST_LOG_INFO;

/* Standard error as it was at first; zeros = it was closed */
static struct stat first;
static bool noted;

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

void host_log_note_stderr(void)
{
	noted = true;
	fstat(2, &first);
}

/* A program may have closed descriptor 2 and opened something else there, a file of its data, a
 * connection.  A file that it redirects its output to stands at 1 as well. */
static bool is_stderr(void)
{
	struct stat out, err;

	if (!noted)
		return true;
	if (fstat(2, &err))
		return false;
	return same(&err, &first) || ((S_ISREG(err.st_mode) || S_ISCHR(err.st_mode)) &&
				      !fstat(1, &out) && same(&err, &out));
}

void host_log_set_name(const char *name)
{
	log_name = name;
}

/* The journal notes the time itself (systemd.exec(5), JOURNAL_STREAM). */
static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[48];
	struct stat st;

	if (!stream || fstat(fd, &st))
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

/* Adds the time, ISO 8601 in UTC.  gmtime_r() takes a lock of the libc, which a signal handler or a forked
 * child could find taken.  The year begins in March here, so that a leap day is its last. */
static void add_stamp(struct host_text *t)
{
	struct timespec now;
	long days, of_era, of_year, year, month, second;

	clock_gettime(CLOCK_REALTIME, &now);
	days = now.tv_sec / 86400 + 719468; /* since 1 March of the year 0 */
	second = now.tv_sec % 86400;
	of_era = days % 146097; /* days of 400 years */
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	year += days / 146097 * 400 + (month >= 10);
	host_text_add(t, "%04ld-%02ld-%02ldT%02ld:%02ld:%02ld.%03ldZ ", year,
		      month < 10 ? month + 3 : month - 9, of_year - (153 * month + 2) / 5 + 1,
		      second / 3600, second / 60 % 60, second % 60, now.tv_nsec / 1000000);
}

int host_log_open(enum host_log_level level, const char *file)
{
	long fd;
	int old = host_log_fd();

	atomic_store(&log_level, (int)level);
	if (file)
		/* No link: in a directory of the user a server runs as, it could lead root anywhere */
		fd = host_sys6(SYS_openat, AT_FDCWD, file,
			       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW,
			       0640, 0, 0);
	else
		fd = is_stderr() ? host_sys3(SYS_fcntl, 2, F_DUPFD_CLOEXEC, 3) : -EBADF;
	if (fd == -EBADF && !file) { /* a daemon without standard error logs nothing */
		host_log_set_fd(-1);
		return 0;
	}
	if (fd >= 0)
		atomic_store(&stamped, file || !is_journal((int)fd));
	if (fd >= 0 && old > 2) { /* the thread that writes may use the number */
		long r = host_sys3(SYS_dup3, fd, old, O_CLOEXEC);

		host_sys3(SYS_close, fd, 0, 0);
		return r < 0 ? (int)r : 0;
	}
	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	if (fd < 0)
		return (int)fd;
	host_log_set_fd((int)fd);
	return 0;
}

const char *host_log_trouble(int err)
{
	const char *text = err == -ELOOP
				   ? "a symbolic link, which is not followed; name the file itself"
				   : strerrordesc_np(-err);

	return text ? text : "unknown error";
}

void host_log_set_level(enum host_log_level level)
{
	atomic_store(&log_level, (int)level);
}

int host_log_fd(void)
{
	return atomic_load(&log_fd);
}

void host_log_set_fd(int fd)
{
	atomic_store(&log_fd, fd);
}

bool host_log_on(enum host_log_level level)
{
	return (int)level <= atomic_load_explicit(&log_level, memory_order_relaxed);
}

/* What is at the number of the log, if it may be written to. */
static bool is_ours(void)
{
	return host_log_fd() != 2 || is_stderr();
}

const atomic_int *host_log_fd_place(void)
{
	return &log_fd;
}

size_t host_log_lost(char *line, size_t size, uint32_t lost)
{
	struct host_text t = host_text_start(line, size);

	host_text_add(&t, "%s: %s: event=log_full suppressed=%u: the log takes lines too slowly\n",
		      log_name, level_names[HOST_LOG_WARN], lost);
	return t.len;
}

static void log_v(enum host_log_level level, uint32_t held, const char *fmt, va_list ap)
{
	char message[HOST_LOG_MESSAGE], line[LINE_MAX_BYTES];
	struct host_text t = host_text_start(line, sizeof(line) - 1);
	int n;

	n = vsnprintf(message, sizeof(message), fmt, ap);
	if (n >= (int)sizeof(message))
		memcpy(message + sizeof(message) - 4, "...", 4);
	if (atomic_load_explicit(&stamped, memory_order_relaxed))
		add_stamp(&t);
	host_text_add(&t, "%s: %s: %s", log_name, level_names[level], message);
	if (held)
		host_text_add(&t, " suppressed=%u", held);
	line[t.len++] = '\n';
	if (is_ours())
		host_log_put(&log_fd, line, t.len);
}

void host_log(enum host_log_level level, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (!host_log_on(level))
		return;
	va_start(ap, fmt);
	log_v(level, 0, fmt, ap);
	va_end(ap);
	errno = saved;
}

void host_log_limited(struct host_log_limit *limit, enum host_log_level level, const char *fmt, ...)
{
	int saved = errno;
	struct timespec ts;
	uint64_t now, next = atomic_load(&limit->next);
	va_list ap;

	if (!host_log_on(level))
		return;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (uint64_t)ts.tv_sec * DS_SECOND + (uint64_t)ts.tv_nsec;
	if (!host_log_on(HOST_LOG_DEBUG) &&
	    (now < next || !atomic_compare_exchange_strong(&limit->next, &next, now + DS_SECOND))) {
		atomic_fetch_add(&limit->held, 1);
	} else {
		va_start(ap, fmt);
		log_v(level, atomic_exchange(&limit->held, 0), fmt, ap);
		va_end(ap);
	}
	errno = saved;
}

void host_die(int status, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	struct host_text t = host_text_start(line, sizeof(line) - 1);
	char message[HOST_LOG_MESSAGE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	host_text_add(&t, "%s: %s", log_name, message);
	line[t.len++] = '\n';
	host_log_flush(HOST_LOG_END);
	if (is_stderr())
		host_sys3(SYS_write, 2, line, t.len);
	else if (host_log_fd() > 2)
		host_sys3(SYS_write, host_log_fd(), line, t.len);
	for (;;)
		host_sys3(SYS_exit_group, status, 0, 0);
}
