/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_queue.c - see log_queue.h
 *
 * A file can take a line late: on a server that does not answer (NFS), on a disk that is throttled, in a
 * pipe that nobody reads.  Lines are made under the engine's lock and by threads that carry datagrams,
 * so none of these may wait for the file.  They copy the line into memory, and a thread that does
 * nothing else writes it.
 *
 * There are two buffers.  Lines fill one while the thread writes the other, and when it has done so it
 * exchanges them: so lines keep their order, and an exchange is the only thing that needs the lock.
 * When a buffer is full, what comes until the next exchange is lost, is counted, and the count is
 * a line at exactly that place.
 *
 * The lock is held with all signals blocked, so that a handler never finds it taken by the thread that
 * it interrupted.  The queue is memory that a forked child finds empty: lines of the parent are not
 * written twice, and a child that no handler of fork() has seen writes its lines itself.
 *
 * What is in the queue when the process is killed is lost, usually the lines of the last fraction of a
 * millisecond.  An orderly end and an exec() wait for it, but not for ever.
 */
#include "host/log_queue.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/sys.h"

#define BUFFER	     ((size_t)256 << 10)
#define SIGSET_BYTES 8 /* the kernel's, not the libc's */

/* In front of each line in a buffer. */
struct entry {
	const atomic_int *fd;
	size_t len;
};

static struct queue {
	pthread_mutex_t lock;
	pthread_cond_t wanted, idle;
	char *fill, *out; /* NULL in a forked child */
	size_t len;	  /* of what is in @fill */
	uint32_t lost;	  /* lines, after those in @fill */
	bool busy;	  /* the thread writes @out */
} * _Atomic queue;

static void block(uint64_t *before, uint64_t set)
{
	host_sys6(SYS_rt_sigprocmask, SIG_BLOCK, &set, before, SIGSET_BYTES, 0, 0);
}

static void unblock(const uint64_t *before)
{
	host_sys6(SYS_rt_sigprocmask, SIG_SETMASK, before, 0, SIGSET_BYTES, 0, 0);
}

/* Writes the line, or what the file takes of it at once.  A reader that went away must not end the program
 * with a SIGPIPE, and one that is slow must not stop it: then the line is lost. */
static void write_now(int fd, const char *line, size_t len)
{
	struct pollfd out = {.fd = fd, .events = POLLOUT};
	uint64_t pipe = 1ULL << (SIGPIPE - 1), before = 0, pending = 0;
	struct timespec zero = {0};
	long r;

	if (host_sys6(SYS_ppoll, &out, 1, &zero, 0, 0, 0) != 1)
		return;
	block(&before, pipe);
	host_sys3(SYS_rt_sigpending, &pending, SIGSET_BYTES, 0);
	r = host_sys3(SYS_write, fd, line, len);
	if (r == -EPIPE && !(pending & pipe))
		host_sys6(SYS_rt_sigtimedwait, &pipe, 0, &zero, SIGSET_BYTES, 0, 0);
	unblock(&before);
}

/* The same, however long the file takes; for the thread, which has signals blocked. */
static void write_late(const atomic_int *fd, const char *line, size_t len)
{
	while (len) {
		struct pollfd out = {.fd = atomic_load(fd), .events = POLLOUT};
		long n = host_sys3(SYS_write, out.fd, line, len);

		if (n == -EAGAIN)
			host_sys6(SYS_ppoll, &out, 1, 0, 0, 0, 0);
		else if (n < 0 && n != -EINTR)
			return;
		line += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

/* False if nobody would write the line. */
static bool put(struct queue *q, const atomic_int *fd, const char *line, size_t len)
{
	struct entry head = {fd, len};
	uint64_t before = 0;
	bool is_mine;

	block(&before, ~0ULL);
	pthread_mutex_lock(&q->lock);
	is_mine = q->fill;
	if (is_mine && (q->lost || q->len + sizeof(head) + len > BUFFER)) {
		q->lost++;
	} else if (is_mine) {
		memcpy(q->fill + q->len, &head, sizeof(head));
		memcpy(q->fill + q->len + sizeof(head), line, len);
		q->len += sizeof(head) + len;
		pthread_cond_signal(&q->wanted);
	}
	pthread_mutex_unlock(&q->lock);
	unblock(&before);
	return is_mine;
}

void host_log_put(const atomic_int *fd, const char *line, size_t len)
{
	struct queue *q = atomic_load(&queue);

	if (!q || !put(q, fd, line, len))
		write_now(atomic_load(fd), line, len);
}

static void write_all(const char *out, size_t len, uint32_t lost)
{
	struct entry head;
	char line[160];

	for (size_t at = 0; at < len; at += sizeof(head) + head.len) {
		memcpy(&head, out + at, sizeof(head));
		write_late(head.fd, out + at + sizeof(head), head.len);
	}
	if (lost)
		write_late(host_log_fd_place(), line, host_log_lost(line, sizeof(line), lost));
}

static struct queue *make(void)
{
	struct queue *q = host_arena_alloc(sizeof(*q));
	char *buffers = q ? host_arena_alloc(2 * BUFFER) : NULL;

	if (!buffers) {
		host_arena_free(q, sizeof(*q));
		return NULL;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->wanted, NULL);
	pthread_cond_init(&q->idle, NULL);
	q->fill = buffers;
	q->out = buffers + BUFFER;
	return q;
}

void *host_log_write(void *unused)
{
	struct queue *q = make();

	(void)unused;
	if (!q)
		return NULL;
	atomic_store(&queue, q);
	pthread_mutex_lock(&q->lock);
	for (;;) {
		char *out = q->fill;
		size_t len = q->len;
		uint32_t lost = q->lost;

		q->busy = len;
		if (!len) {
			pthread_cond_broadcast(&q->idle);
			pthread_cond_wait(&q->wanted, &q->lock);
			continue;
		}
		q->fill = q->out;
		q->out = out;
		q->len = q->lost = 0;
		pthread_mutex_unlock(&q->lock);
		write_all(out, len, lost);
		explicit_bzero(out, len); /* the key log is secret */
		pthread_mutex_lock(&q->lock);
	}
}

/* True if everything is written; false after @wait. */
static bool flush(struct queue *q, ds_time wait)
{
	ds_time end = host_now() + wait;
	struct timespec until = {.tv_sec = (time_t)(end / DS_SECOND),
				 .tv_nsec = (long)(end % DS_SECOND)};
	uint64_t before = 0;
	bool done;
	int r = 0;

	block(&before, ~0ULL);
	pthread_mutex_lock(&q->lock);
	while ((q->len || q->busy) && !r)
		r = pthread_cond_clockwait(&q->idle, &q->lock, CLOCK_MONOTONIC, &until);
	done = !q->len && !q->busy;
	pthread_mutex_unlock(&q->lock);
	unblock(&before);
	return done;
}

bool host_log_is_queued(void)
{
	return atomic_load(&queue);
}

void host_log_flush(ds_time wait)
{
	struct queue *q = atomic_load(&queue);

	if (q)
		(void)flush(q, wait);
}

void host_log_end(void)
{
	struct queue *q = atomic_load(&queue);

	if (q && flush(q, HOST_LOG_END))
		atomic_store(&queue, NULL);
}

void host_log_forked(void)
{
	atomic_store(&queue, NULL);
}
