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
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "host/log_queue.h"
#include "host/sys.h"
#include "host/text.h"

#define LINE_MAX_BYTES 1024

static const char *const level_names[] = {"error", "warn", "info", "debug"};

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

	host_text_add(
		&t, "dtlsshim: %s: event=log_full suppressed=%u: the log takes lines too slowly\n",
		level_names[HOST_LOG_WARN], lost);
	return t.len;
}

static void log_v(enum host_log_level level, uint32_t held, const char *fmt, va_list ap)
{
	char message[LINE_MAX_BYTES - 64], line[LINE_MAX_BYTES];
	struct host_text t = host_text_start(line, sizeof(line) - 1);
	int n;

	n = vsnprintf(message, sizeof(message), fmt, ap);
	if (n >= (int)sizeof(message))
		memcpy(message + sizeof(message) - 4, "...", 4);
	host_text_add(&t, "dtlsshim: %s: %s", level_names[level], message);
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
	char message[LINE_MAX_BYTES - 64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	host_text_add(&t, "dtlsshim: %s", message);
	line[t.len++] = '\n';
	host_log_flush(HOST_LOG_END);
	if (is_stderr())
		host_sys3(SYS_write, 2, line, t.len);
	else if (host_log_fd() > 2)
		host_sys3(SYS_write, host_log_fd(), line, t.len);
	for (;;)
		host_sys3(SYS_exit_group, status, 0, 0);
}
