/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_file.c - where the state file, its key and its lines are, and who may use them
 *
 * The places outlive a change of directory, root and user: a program may read its configuration,
 * fork, become a daemon and give its rights up before it serves.  So directories and key are opened
 * when the program starts; the key is read anew by the process that serves, for it is in no memory
 * that a fork copies.
 *
 * The lock is a POSIX record lock.  It dies with the process and no fork inherits it; but it is
 * lost when the process closes any descriptor of the file, and does not keep the process from
 * itself.  So one thread at a time looks for a file, and a file that is in use here is not opened
 * again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "host/log.h"
#include "host/state_impl.h"
#include "host/sys.h"
#include "host/text.h"
#include "host/udp.h"

#define VAR_STATE  "DTLSSHIM_STATE (--state)"
#define VAR_KEY	   "DTLSSHIM_STATE_KEY (--state-key)"
#define VAR_MEMORY "DTLSSHIM_STATE_MEMORY (--state-memory)"

#define TMPFS	 0x01021994
#define BAD_MAX	 100 /* files put aside */
#define KEYS_MAX 16  /* lines of the file of keys */
#define KEY_LINE (2 * DS_STORE_KEY + 1)
#define POLL	 (10 * DS_MSEC) /* while another process has the file, or the port */

static struct {
	char state[PATH_MAX], key[PATH_MAX + 8]; /* as configured */
	const char *base;			 /* inside ->state */
	int dir, memory, key_fd;
} place = {.dir = -1, .memory = -1, .key_fd = -1};

/* Files of this process. */
static struct host_state *open_files;
static pthread_mutex_t files_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void host_state_files_lock(void)
{
	pthread_mutex_lock(&files_lock);
}

void host_state_files_unlock(void)
{
	pthread_mutex_unlock(&files_lock);
}

void host_state_forked(void)
{
	files_lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	open_files = NULL;
}

static const char *error_text(long err)
{
	const char *text = strerrordesc_np((int)-err);

	return text ? text : "unknown error";
}

static int open_dir(const char *var, const char *path, char *why)
{
	long fd =
		host_sys6(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);

	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	return fd < 0 ? host_why(why, "%s: directory %s: %s", var, path, error_text(fd)) : (int)fd;
}

static int open_memory(const char *path, char *why)
{
	struct statfs fs;
	int fd = open_dir(VAR_MEMORY, path, why);

	if (fd < 0)
		return -1;
	if (!fstatfs(fd, &fs) && fs.f_type == TMPFS)
		return fd;
	host_fd_drop(fd);
	return host_why(why,
			VAR_MEMORY
			": %s is not on tmpfs: elsewhere lines would outlive a reboot and "
			"be taken for true, or cannot be allocated",
			path);
}

/* A file that is ours alone, or root's. */
static int check_owner(const char *var, const char *path, const struct stat *st, char *why)
{
	uid_t me = (uid_t)host_sys3(SYS_geteuid, 0, 0, 0);

	if (!S_ISREG(st->st_mode))
		return host_why(why, "%s: %s: not a regular file", var, path);
	if (st->st_uid != me && st->st_uid != 0)
		return host_why(why, "%s: %s: belongs to user %u, this is user %u", var, path,
				st->st_uid, me);
	if (st->st_mode & 077)
		return host_why(why, "%s: %s: mode %04o, others may use it; chmod 600", var, path,
				st->st_mode & 07777);
	return 0;
}

/* The key */

static int new_key(char text[static 2 * DS_STORE_KEY + 2])
{
	struct host_text t = host_text_start(text, 2 * DS_STORE_KEY + 2);
	uint8_t key[DS_STORE_KEY];

	if (host_random(NULL, key, sizeof(key)))
		return -EIO;
	host_text_hex(&t, key, sizeof(key));
	host_text_add(&t, "\n");
	explicit_bzero(key, sizeof(key));
	return 0;
}

/* Written aside and linked, so that nobody ever sees half of it.  What lies there already is of a
 * process that was killed, or another user's, which O_EXCL does not take for ours. */
static int make_key(const char *path)
{
	char text[2 * DS_STORE_KEY + 2], aside[PATH_MAX + 40];
	long fd, r;

	(void)snprintf(aside, sizeof(aside), "%s.%ld", path, host_sys3(SYS_getpid, 0, 0, 0));
	host_sys3(SYS_unlinkat, AT_FDCWD, aside, 0);
	fd = host_sys6(SYS_openat, AT_FDCWD, aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600,
		       0, 0);
	if (fd < 0)
		return (int)fd;
	r = new_key(text);
	if (!r)
		r = host_state_write((int)fd, text, sizeof(text) - 1, 0);
	if (!r)
		r = host_sys3(SYS_fsync, fd, 0, 0);
	explicit_bzero(text, sizeof(text));
	host_sys3(SYS_close, fd, 0, 0);
	if (!r)
		r = host_sys6(SYS_linkat, AT_FDCWD, aside, AT_FDCWD, path, 0, 0);
	host_sys3(SYS_unlinkat, AT_FDCWD, aside, 0);
	return r == -EEXIST ? 0 : (int)r;
}

/* Links are followed, as to other keys: check_owner() refuses a key that is not ours or root's alone,
 * wherever a link led to it. */
static int open_key(const char *path, char *why)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	long fd = host_sys6(SYS_openat, AT_FDCWD, path, flags, 0, 0, 0);
	struct stat st;

	if (fd == -ENOENT) {
		fd = make_key(path);
		if (!fd) {
			host_log(HOST_LOG_INFO, "event=state_key_made file=%s", path);
			fd = host_sys6(SYS_openat, AT_FDCWD, path, flags, 0, 0, 0);
		}
	}
	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	if (fd < 0)
		return host_why(why, VAR_KEY ": %s: %s", path, error_text(fd));
	if (fstat((int)fd, &st) || check_owner(VAR_KEY, path, &st, why)) {
		host_fd_drop((int)fd);
		return -1;
	}
	return (int)fd;
}

int host_state_key(unsigned n, uint8_t key[static DS_STORE_KEY], char *why)
{
	const off_t at = (off_t)n * KEY_LINE;
	char text[KEY_LINE], end = 0;
	int r = host_state_read(place.key_fd, &end, 1, at);

	if (n && (r == -ENODATA || n == KEYS_MAX))
		return r == -ENODATA ? 1
				     : host_why(why, VAR_KEY ": %s: more than %d keys", place.key,
						KEYS_MAX);
	r = host_state_read(place.key_fd, text, 2 * DS_STORE_KEY, at);
	if (!r)
		r = host_state_read(place.key_fd, &end, 1, at + 2 * DS_STORE_KEY);
	r = (r && r != -ENODATA) || (!r && end != '\n') ||
			    host_hex_parse(key, DS_STORE_KEY, text, 2 * DS_STORE_KEY) !=
				    DS_STORE_KEY
		    ? host_why(why, VAR_KEY ": %s:%u: not a key of %d hex digits", place.key, n + 1,
			       2 * DS_STORE_KEY)
		    : 0;
	explicit_bzero(text, sizeof(text));
	return r;
}

/* The places */

static int set_state(const char *path, char *why)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/'); /* options name files absolutely */

	if (strlen(path) + 16 > sizeof(place.state) || !slash || !slash[1])
		return host_why(why, VAR_STATE ": \"%s\" is no name for a file", path);
	(void)snprintf(place.state, sizeof(place.state), "%s", path);
	(void)snprintf(dir, sizeof(dir), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	place.base = place.state + (slash - path) + 1;
	place.dir = open_dir(VAR_STATE, dir, why);
	return place.dir < 0 ? -1 : 0;
}

static int set_places(const struct host_options *o, char *why)
{
	uint8_t key[DS_STORE_KEY];
	int r;

	if (!o->state || place.key_fd >= 0)
		return 0;
	if (place.dir < 0 && set_state(o->state, why))
		return -1;
	if (place.memory < 0)
		place.memory = open_memory(o->state_memory, why);
	if (place.memory < 0)
		return -1;
	if (o->state_key)
		(void)snprintf(place.key, sizeof(place.key), "%s", o->state_key);
	else
		(void)snprintf(place.key, sizeof(place.key), "%s.key", place.state);
	place.key_fd = open_key(place.key, why);
	if (place.key_fd < 0)
		return -1;
	for (unsigned n = 0; !(r = host_state_key(n, key, why)); n++)
		explicit_bzero(key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return r < 0 ? -1 : 0;
}

int host_state_check(const struct host_options *o, char why[static DS_WHY_MAX])
{
	int r;

	host_state_files_lock();
	r = set_places(o, why);
	host_state_files_unlock();
	return r;
}

int host_state_memory(void)
{
	return place.memory;
}

/* The state file */

static int lock(const struct host_state *s, pid_t *holder)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	long r = host_sys3(SYS_fcntl, s->fd, F_SETLK, &l);

	*holder = 0;
	if (!r)
		return 0;
	l.l_type = F_WRLCK;
	if (!host_sys3(SYS_fcntl, s->fd, F_GETLK, &l) && l.l_type != F_UNLCK)
		*holder = l.l_pid;
	return (int)r;
}

/* 1: it is another endpoint's, and a process that waited would have to take the next one anyway. */
static int wait_lock(struct host_state *s, uint32_t wait, const struct ds_addr *endpoint, char *why)
{
	ds_time until = host_now() + wait * DS_SECOND;
	bool told = false;
	pid_t holder;

	while (lock(s, &holder)) {
		if (!told && host_state_is_others(s, endpoint))
			return 1;
		if (host_now() >= until)
			return host_why(why,
					VAR_STATE ": %s is in use by process %d; waited %u s "
						  "(DTLSSHIM_STATE_WAIT)",
					s->name, holder, wait);
		if (!told)
			host_log(HOST_LOG_INFO, "event=state_wait file=%s holder=%d", s->name,
				 holder);
		told = true;
		host_state_sleep(host_now() + POLL);
	}
	return 0;
}

bool host_state_bind_again(const struct host_options *o, uint16_t port, ds_time *until)
{
	ds_time now = host_now();

	if (!o->state)
		return false;
	if (!*until) {
		*until = now + o->state_wait * DS_SECOND;
		if (o->state_wait)
			host_log(HOST_LOG_INFO,
				 "event=bind_wait port=%u: in use, tried again for up to %u s "
				 "(DTLSSHIM_STATE_WAIT)",
				 port, o->state_wait);
	}
	if (now >= *until)
		return false;
	host_state_sleep(now + POLL);
	return true;
}

static bool is_open(const struct stat *st)
{
	const struct host_state *o = open_files;

	while (o && (o->dev != st->st_dev || o->ino != st->st_ino))
		o = o->next;
	return o;
}

static bool have_file(const struct host_state *s)
{
	struct stat st;

	return !fstatat(place.dir, s->file, &st, AT_SYMLINK_NOFOLLOW) && is_open(&st);
}

/* 1: it is in use here, under another name a moment ago; the descriptor stays, for to close it
 * would be to unlock. */
static int open_file(struct host_state *s, char *why)
{
	struct stat st;
	long fd = host_sys6(SYS_openat, place.dir, s->file,
			    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600,
			    0, 0);

	if (fd >= 0 && !fstat((int)fd, &st) && is_open(&st))
		return 1;
	s->fd = fd < 0 ? (int)fd : host_fd_keep((int)fd);
	if (s->fd < 0)
		return host_why(why, VAR_STATE ": %s: %s", s->name, error_text(s->fd));
	if (fstat(s->fd, &st))
		return host_why(why, VAR_STATE ": %s: fstat: %s", s->name, strerrordesc_np(errno));
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	if (st.st_nlink > 1)
		return host_why(why, VAR_STATE ": %s: has a second name (hard link)", s->name);
	return check_owner(VAR_STATE, s->name, &st, why);
}

/* True if the name still leads to what was opened: it may have been renamed while we waited. */
static bool is_current(const struct host_state *s)
{
	struct stat st;

	return !fstatat(place.dir, s->file, &st, AT_SYMLINK_NOFOLLOW) && st.st_dev == s->dev &&
	       st.st_ino == s->ino;
}

bool host_state_exists(unsigned n)
{
	char name[NAME_MAX + 16], number[16] = "";
	struct stat st;

	if (n)
		(void)snprintf(number, sizeof(number), ".%u", n);
	(void)snprintf(name, sizeof(name), "%s%s", place.base, number);
	return !fstatat(place.dir, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* Nobody can bind an address that is not the machine's. */
static bool is_local(struct ds_addr ip)
{
	union host_sockaddr sa;
	socklen_t len;
	long fd, r;

	ip.port = 0;
	len = host_addr_to_sockaddr(&ip, ip.family == 4 ? AF_INET : AF_INET6, &sa);
	fd = host_sys3(SYS_socket, sa.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	r = host_sys3(SYS_bind, fd, &sa, len);
	host_sys3(SYS_close, fd, 0, 0);
	return r != -EADDRNOTAVAIL;
}

static bool is_any(const struct ds_addr *a)
{
	static const uint8_t zero[16];

	return !memcmp(a->ip, zero, sizeof(zero));
}

bool host_state_has_moved(const struct ds_addr *before, const struct ds_addr *now)
{
	return before->port == now->port && (is_any(before) || is_any(now) || !is_local(*before));
}

int host_state_take(struct host_state *s, unsigned n, uint32_t wait, const struct ds_addr *endpoint,
		    char *why)
{
	char number[16] = "";
	int r;

	s->fd = s->lines_fd = -1;
	if (n)
		(void)snprintf(number, sizeof(number), ".%u", n);
	(void)snprintf(s->name, sizeof(s->name), "%s%s", place.state, number);
	(void)snprintf(s->file, sizeof(s->file), "%s%s", place.base, number);
	do {
		host_fd_drop(s->fd);
		s->fd = -1;
		if (have_file(s))
			return 1;
		r = open_file(s, why);
		if (!r)
			r = wait_lock(s, wait, endpoint, why);
		if (r) {
			host_fd_drop(s->fd);
			s->fd = -1;
			return r;
		}
	} while (!is_current(s));
	s->next = open_files;
	open_files = s;
	return 0;
}

void host_state_fds(const struct host_state *s, int fds[static 2])
{
	fds[0] = s ? s->fd : -1;
	fds[1] = s ? s->lines_fd : -1;
}

/* Closed before anybody can look for it again. */
void host_state_let(struct host_state *s)
{
	struct host_state **p = &open_files;

	host_state_files_lock();
	while (*p && *p != s)
		p = &(*p)->next;
	if (*p)
		*p = s->next;
	host_fd_drop(s->fd);
	s->fd = -1;
	host_state_files_unlock();
}

int host_state_aside(struct host_state *s, char *why)
{
	char bad[sizeof(s->file) + 16];
	long r = -EEXIST;

	for (unsigned n = 0; r == -EEXIST && n < BAD_MAX; n++) {
		(void)snprintf(bad, sizeof(bad), n ? "%s.bad.%u" : "%s.bad", s->file, n);
		r = host_sys6(SYS_renameat2, place.dir, s->file, place.dir, bad, RENAME_NOREPLACE,
			      0);
	}
	if (!r)
		host_log(HOST_LOG_ERROR, "event=state_aside file=%s: renamed to %s", s->name, bad);
	return r ? host_why(why, VAR_STATE ": %s cannot be renamed: %s", s->name, error_text(r))
		 : 0;
}

static void mark_text(const struct stat *st, char text[static 64])
{
	(void)snprintf(text, 64, "%lld.%09ld %llu\n", (long long)st->st_ctim.tv_sec,
		       st->st_ctim.tv_nsec, (unsigned long long)st->st_ino);
}

static long open_mark(const struct host_state *s, int flags)
{
	char name[sizeof(s->file) + 8];

	(void)snprintf(name, sizeof(name), "%s.clean", s->file);
	return host_sys6(SYS_openat, place.dir, name, flags | O_CLOEXEC | O_NOFOLLOW, 0600, 0, 0);
}

int host_state_mark(const struct host_state *s)
{
	char text[64];
	struct stat st;
	long fd, r;

	if (fstat(s->fd, &st))
		return -errno;
	mark_text(&st, text);
	fd = open_mark(s, O_WRONLY | O_CREAT | O_TRUNC);
	if (fd < 0)
		return (int)fd;
	r = host_state_write((int)fd, text, strlen(text), 0);
	if (!r)
		r = host_sys3(SYS_fsync, fd, 0, 0);
	host_sys3(SYS_close, fd, 0, 0);
	return (int)r;
}

bool host_state_is_original(const struct host_state *s)
{
	return s->header.file_dev == s->dev && s->header.file_ino == s->ino;
}

bool host_state_mark_holds(const struct host_state *s, const struct stat *st)
{
	char want[64], text[64];
	long fd = open_mark(s, O_RDONLY);
	bool same;

	if (fd < 0)
		return false;
	mark_text(st, want);
	same = !host_state_read((int)fd, text, strlen(want), 0) &&
	       !memcmp(text, want, strlen(want));
	host_sys3(SYS_close, fd, 0, 0);
	return same;
}
