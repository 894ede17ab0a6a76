/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - see file.h
 *
 * Links are followed, because installations need them: /etc/ssl, certificates that are renewed, and
 * secrets that an orchestrator switches in one step.  But a link that somebody else planted, in a
 * directory that is not his alone, would make us take his file for ours.  The kernel refuses such links
 * in sticky directories only, and only if fs.protected_symlinks says so.  So each link is opened itself,
 * its owner is looked at, and what it then says is opened: nobody can exchange it in between.
 */
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

#define LINKS_MAX 8

/* Whether the link @st may be followed: only the owner of its directory @dir can make links there, or
 * the link was made by that owner, by root or by us. */
static bool is_trusted(const struct stat *st, const struct stat *dir)
{
	return !(dir->st_mode & (S_IWGRP | S_IWOTH)) || !st->st_uid ||
	       st->st_uid == (uid_t)host_sys3(SYS_geteuid, 0, 0, 0) || st->st_uid == dir->st_uid;
}

/* Puts what the link @path, of PATH_MAX bytes, says in its place.  0 or a negative errno. */
static long step(int at, char *path)
{
	char *name = strrchr(path, '/'), target[PATH_MAX], dir[PATH_MAX];
	size_t before = name ? (size_t)(name + 1 - path) : 0;
	struct stat link, parent;
	long n, fd = host_sys6(SYS_openat, at, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0, 0);

	if (fd < 0)
		return fd;
	(void)snprintf(dir, sizeof(dir), "%.*s.", (int)before, path);
	if (fstat((int)fd, &link) || fstatat(at, dir, &parent, 0))
		n = -errno;
	else if (!is_trusted(&link, &parent))
		n = -EPERM;
	else
		n = host_sys6(SYS_readlinkat, fd, "", target, sizeof(target) - 1, 0, 0);
	host_sys3(SYS_close, fd, 0, 0);
	if (n < 0)
		return n;
	target[n] = 0;
	before = *target == '/' ? 0 : before;
	if (before + (size_t)n >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(path + before, target, (size_t)n + 1);
	return 0;
}

static long open_file(int dir, const char *name)
{
	/* Not blocking: a FIFO must not stop the program, it is refused later */
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
	char path[PATH_MAX];
	long r = 0;

	if (snprintf(path, sizeof(path), "%s", name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	for (int links = 0; links <= LINKS_MAX && !r; links++) {
		r = host_sys6(SYS_openat, dir, path, flags, 0, 0, 0);
		if (r != -ELOOP)
			return r;
		r = step(dir, path);
	}
	return r ? r : -ELOOP;
}

int host_file_open(int dir, const char *path, struct stat *st, char *why)
{
	long fd = open_file(dir, path);
	char shown[160];
	struct host_text t = host_text_start(shown, sizeof(shown));

	host_text_quote(&t, path, strlen(path));
	if (fd == -EPERM)
		host_why(
			why,
			"%s: a symbolic link of another user, in a directory that others may write, is "
			"not followed; name the file itself",
			shown);
	else if (fd < 0)
		host_why(why, "%s: %s", shown, strerrordesc_np((int)-fd));
	if (fd < 0)
		return -1;
	if (fstat((int)fd, st) || !S_ISREG(st->st_mode)) {
		host_sys3(SYS_close, fd, 0, 0);
		return host_why(why, "%s: not a regular file", shown);
	}
	return (int)fd;
}

int host_file_check_secret(const char *path, const struct stat *st, bool warn, char *why)
{
	unsigned mode = st->st_mode & 07777;

	if (mode & (S_IWGRP | S_IWOTH))
		return host_why(
			why,
			"%s: mode %04o: group or others may change this file, and with it who "
			"is let in; chmod go-w",
			path, mode);
	if (warn && mode & S_IROTH)
		host_log(HOST_LOG_WARN,
			 "event=permissions file=%s mode=%04o others on this machine can read this "
			 "secret: chmod o= it",
			 path, mode);
	return 0;
}

uint8_t *host_file_secret(const char *path, size_t max, size_t *len, char *why)
{
	uint8_t *text = NULL;
	struct stat st;
	int fd = host_file_open(AT_FDCWD, path, &st, why);

	if (fd < 0)
		return NULL;
	if (!host_file_check_secret(path, &st, true, why))
		text = host_file_read(fd, path, max, len, why);
	host_sys3(SYS_close, fd, 0, 0);
	return text;
}

uint8_t *host_file_read(int fd, const char *path, size_t max, size_t *len, char *why)
{
	struct stat st;
	uint8_t *buf;
	size_t size;
	long n = 0;

	if (fstat(fd, &st) || (uintmax_t)st.st_size > max) {
		host_why(why, "%s: too large, %zu kB at most", path, max >> 10);
		return NULL;
	}
	size = (size_t)st.st_size + 1;
	buf = host_arena_alloc(size);
	if (!buf) {
		host_why(why, "%s: out of memory", path);
		return NULL;
	}
	for (*len = 0; *len < size - 1; *len += (size_t)n) {
		n = host_sys6(SYS_pread64, fd, buf + *len, size - 1 - *len, *len, 0, 0);
		if (n == -EINTR)
			n = 0;
		else if (n <= 0)
			break;
	}
	if (*len == size - 1)
		return buf;
	host_arena_free(buf, size);
	host_why(why, "%s: %s", path,
		 n < 0 ? strerrordesc_np((int)-n) : "became shorter while it was read");
	return NULL;
}

struct host_file_mark host_file_mark_of(const struct stat *st)
{
	struct host_file_mark m;

	memset(&m, 0, sizeof(m)); /* padding, too: marks are compared as bytes */
	m.dev = st->st_dev;
	m.ino = st->st_ino;
	m.size = st->st_size;
	m.mtime = st->st_mtim;
	m.ctime = st->st_ctim;
	return m;
}

struct host_file_mark host_file_mark(const char *path)
{
	struct host_file_mark none;
	struct stat st;

	memset(&none, 0, sizeof(none));
	return path && !stat(path, &st) ? host_file_mark_of(&st) : none;
}
