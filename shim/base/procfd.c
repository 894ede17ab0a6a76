/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/base/procfd.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "host/sys.h"
#include "host/text.h"

#define CHUNK 1024 /* bytes of /proc read at a time */

struct entry { /* of getdents64(2) */
	uint64_t ino;
	int64_t off;
	uint16_t size;
	uint8_t type;
	char name[];
};

static long open_proc(const char *name, int flags)
{
	return host_sys6(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC | flags, 0, 0, 0);
}

static void show(int dir, const char *name, void (*fn)(void *ctx, int fd, const char *link),
		 void *ctx)
{
	char link[64];
	long n;

	if (name[0] < '0' || name[0] > '9' || atoi(name) == dir)
		return;
	n = host_sys6(SYS_readlinkat, dir, name, link, sizeof(link) - 1, 0, 0);
	if (n <= 0)
		return;
	link[n] = '\0';
	fn(ctx, atoi(name), link);
}

bool shim_each_fd(void (*fn)(void *ctx, int fd, const char *link), void *ctx)
{
	_Alignas(struct entry) char buf[CHUNK];
	int dir = (int)open_proc("/proc/self/fd", O_DIRECTORY);
	long n;

	if (dir < 0)
		return false;
	while ((n = host_sys3(SYS_getdents64, dir, buf, sizeof(buf))) > 0) {
		const struct entry *e;

		for (long at = 0; at < n; at += e->size) {
			e = (const struct entry *)(const void *)(buf + at);
			show(dir, e->name, fn, ctx);
		}
	}
	host_sys3(SYS_close, dir, 0, 0);
	return true;
}

/* "tfd: 8 events: 19 data: 8 pos:0 ino:1a2b sdev:9" */
static void parse_line(const char *line, shim_target_fn *fn, void *ctx)
{
	const char *events = strstr(line, "events:"), *data = strstr(line, "data:");
	const char *ino = strstr(line, "ino:");
	struct epoll_event ev = {0};

	if (strncmp(line, "tfd:", 4) || !events || !data || !ino)
		return;
	ev.events = (uint32_t)strtoul(events + 7, NULL, 16);
	ev.data.u64 = strtoull(data + 5, NULL, 16);
	fn(ctx, atoi(line + 4), &ev, strtoull(ino + 4, NULL, 16));
}

void shim_epoll_targets(int epfd, shim_target_fn *fn, void *ctx)
{
	char buf[CHUNK + 1], *line, *end;
	struct host_text name = host_text_start(buf, sizeof(buf));
	size_t held = 0;
	long n;
	int fd;

	host_text_add(&name, "/proc/self/fdinfo/%d", epfd);
	fd = (int)open_proc(buf, 0);
	if (fd < 0)
		return;
	while ((n = host_sys3(SYS_read, fd, buf + held, CHUNK - held)) > 0) {
		held += (size_t)n;
		buf[held] = '\0';
		for (line = buf; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			parse_line(line, fn, ctx);
		}
		held -= (size_t)(line - buf);
		memmove(buf, line, held);
	}
	host_sys3(SYS_close, fd, 0, 0);
}
