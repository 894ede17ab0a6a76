/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys_file.c - where the CSV file is, when it is read again, what changed
 *
 * How it works
 *
 * inotify watches the file (written in place) and its directory (renamed over, a symlink switched);
 * a look at the file's state every few seconds finds what inotify cannot see (network file systems,
 * bind mounts, no inotify instances left).  After a sign of change the file must lie still
 * before it is read, longer while a writer is seen at work.  It is read aside and swapped whole;
 * on any mistake the old keys stay.
 *
 * A large file takes longer than datagrams should wait: a million keys half a second.  It is read in turns
 * of the thread that serves, and what happens to the file meanwhile is looked at afterwards.  A thread of its
 * own would not be faster where it matters, on few processors, and would need locks around all that is here.
 *
 * The place of the file outlives a fork and a chroot: the program may read its configuration,
 * fork, change its root and user, and only then need the keys.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "host/file.h"
#include "host/keys_impl.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"

#define CHECK_WATCHED (10 * DS_SECOND)
#define CHECK_ALONE   (2 * DS_SECOND)
#define QUIET_WATCHED (150 * DS_MSEC)
#define QUIET_ALONE   (1 * DS_SECOND)
#define WRITER_MAX    (10 * DS_SECOND) /* a writer that says nothing for so long is done */
#define AT_ONCE	      (1 << 20) /* bytes that are read without turns: some ten milliseconds */
#define TURN	      (1 * DS_MSEC)

#define FILE_EVENTS (IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
#define DIR_EVENTS  (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

/* The file as first opened.  Not in the arena, which a forked child finds empty; no secret. */
static struct {
	char path[PATH_MAX]; /* as configured, absolute; empty = nothing yet */
	const char *base;
	int dir, file; /* kept open: the path may lead nowhere after chroot() or setuid() */
	int next;      /* the file that is being read, for @file if nothing is wrong with it */
	pid_t opener;
} place = {.dir = -1, .file = -1, .next = -1};

static int place_set(const char *name, char *why)
{
	char dir[PATH_MAX];
	long fd;

	if (!strcmp(place.path, name))
		return 0;
	host_fd_drop(place.dir);
	host_fd_drop(place.file);
	host_fd_drop(place.next);
	place.dir = place.file = place.next = -1;
	place.path[0] = 0;
	if (strlen(name) >= sizeof(place.path))
		return host_why(why, "%.60s...: %s", name, strerrordesc_np(ENAMETOOLONG));
	strcpy(place.path, name);
	place.base = strrchr(place.path, '/') + 1;
	snprintf(dir, sizeof(dir), "%.*s", (int)(place.base - place.path), place.path);
	fd = host_sys3(SYS_openat, AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		place.dir = host_fd_keep((int)fd);
	place.opener = getpid();
	return 0;
}

static int place_open(bool first, struct stat *st, char *why)
{
	bool forked = first && getpid() != place.opener;
	int kept = place.file >= 0 ? place.file : place.next;
	char unused[DS_WHY_MAX];
	int fd = host_file_open(AT_FDCWD, place.path, st, why);

	if (fd < 0 && place.dir >= 0)
		fd = host_file_open(place.dir, place.base, st, unused);
	if (fd < 0 && forked && kept >= 0 && !fstat(kept, st))
		fd = (int)host_sys3(SYS_fcntl, kept, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -1 : fd;
}

/* The mark of the file as it is now; all zero if there is none. */
static struct host_file_mark place_mark(void)
{
	struct host_file_mark m = host_file_mark(place.path);
	struct stat st;

	if (!m.ino && place.dir >= 0 && !fstatat(place.dir, place.base, &st, 0))
		m = host_file_mark_of(&st);
	return m;
}

static bool same(const struct host_file_mark *a, const struct host_file_mark *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static ds_time quiet(const struct key_file *f)
{
	return f->file_watch >= 0 ? QUIET_WATCHED : QUIET_ALONE;
}

/* Watches what the path means now; the same object again is no new watch. */
static void watch(struct key_file *f)
{
	long wd;

	if (f->inotify < 0)
		return;
	wd = host_sys3(SYS_inotify_add_watch, f->inotify, place.path, FILE_EVENTS);
	if (f->file_watch >= 0 && wd != f->file_watch)
		host_sys3(SYS_inotify_rm_watch, f->inotify, f->file_watch, 0);
	f->file_watch = wd < 0 ? -1 : (int)wd;
}

static void watch_begin(struct key_file *f, int epoll)
{
	struct epoll_event ev = {.events = EPOLLIN};
	char dir[PATH_MAX];
	long fd = host_sys3(SYS_inotify_init1, IN_CLOEXEC | IN_NONBLOCK, 0, 0);

	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	f->inotify = fd < 0 ? -1 : (int)fd;
	f->dir_watch = f->file_watch = -1;
	if (fd < 0) {
		host_log(HOST_LOG_INFO,
			 "event=keys_watch file=%s inotify: %s; looking every %llu s", f->name,
			 strerrordesc_np((int)-fd), CHECK_ALONE / DS_SECOND);
		return;
	}
	host_sys6(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, fd, &ev, 0, 0);
	snprintf(dir, sizeof(dir), "%.*s", (int)(place.base - place.path), place.path);
	f->dir_watch = (int)host_sys3(SYS_inotify_add_watch, fd, dir, DIR_EVENTS | IN_ONLYDIR);
	watch(f);
}

/* Drops what read the file; it becomes the one that a forked child finds if it is @good. */
static void end_reading(struct key_file *f, bool good)
{
	host_key_reader_free(f->reader);
	f->reader = NULL;
	if (good) {
		host_fd_drop(place.file);
		place.file = place.next;
	} else {
		host_fd_drop(place.next);
	}
	place.next = -1;
}

/* Reads the bytes of the file; *@moving: it changed meanwhile. */
static int begin_reading(struct key_file *f, bool first, bool *moving, char *why)
{
	struct host_file_mark after;
	struct stat st;
	int fd;

	f->tried = place_mark();
	*moving = false;
	fd = place_open(first, &st, why);
	end_reading(f, false); /* of an earlier state, or of the process that forked this one */
	if (fd < 0)
		return -1;
	if (!host_file_check_secret(f->name, &st, first, why))
		f->reader = host_key_reader_new(fd, f->name, why);
	after = place_mark();
	*moving = !same(&f->tried, &after);
	if (!f->reader) {
		host_sys3(SYS_close, fd, 0, 0);
		return -1;
	}
	place.next = host_fd_keep(fd);
	f->turn_at = host_now();
	return 0;
}

/* The first keys. */
static void take(struct key_file *f, struct key_set *set)
{
	f->set = set;
	if (!set->n)
		host_log(HOST_LOG_WARN, "event=keys_none file=%s holds no keys yet", f->name);
	else
		host_log(HOST_LOG_INFO, "event=keys_loaded file=%s keys=%zu", f->name, set->n);
	host_key_set_warn(set, f->name);
}

/* Takes @set into use, or frees it if something is wrong with it.  0 or -1 with @why. */
static int swap(struct key_file *f, struct key_set *set, bool asked, char *why)
{
	int err = 0;

	if (!set->n)
		err = host_why(why, "%s: no keys in it", f->name);
	else if (!asked && f->set->whole && !set->whole)
		err = host_why(why, "%s: the last line has no end, as if it were still written",
			       f->name);
	if (err || !memcmp(set->digest, f->set->digest, sizeof(set->digest))) {
		host_key_set_free(set);
		return err;
	}
	f->set->older = f->older;
	f->older = f->set;
	f->set = set;
	host_log(HOST_LOG_INFO, "event=keys_loaded file=%s keys=%zu before=%zu", f->name, set->n,
		 f->older->n);
	host_key_set_warn(set, f->name);
	return 0;
}

/* Goes on reading until @until, and takes the keys when those were all.  0, or -1 with @why: they are not
 * taken. */
static int go_on(struct key_file *f, ds_time until, bool asked, char *why)
{
	struct key_set *set = NULL;
	int r = host_key_reader_run(f->reader, &set, until, why);

	if (r > 0)
		return 0;
	end_reading(f, !r);
	if (r)
		return -1;
	if (f->set)
		return swap(f, set, asked, why);
	take(f, set);
	return 0;
}

/* The same for a reading that nobody waits for. */
static void turn(struct key_file *f, ds_time until)
{
	char why[DS_WHY_MAX];

	if (!go_on(f, until, false, why))
		return;
	if (!f->set)
		host_die(1, "%s", why);
	host_log(HOST_LOG_WARN, "event=keys_kept %s; the keys read before stay in use", why);
}

static bool is_large(const struct key_file *f)
{
	return host_key_reader_left(f->reader) > AT_ONCE;
}

int host_key_file_open(struct key_file *f, const char *name, bool beside, int epoll, char *why)
{
	bool moving;

	f->inotify = f->dir_watch = f->file_watch = -1;
	f->load_at = f->check_at = DS_TIME_NEVER;
	if (place_set(name, why))
		return -1;
	f->name = place.path;
	if (begin_reading(f, true, &moving, why))
		return -1;
	if (!(beside && is_large(f)) && go_on(f, DS_TIME_NEVER, true, why))
		return -1;
	watch_begin(f, epoll);
	f->check_at = 0;
	if (moving)
		f->load_at = 0;
	return 0;
}

bool host_key_file_begins(const struct key_file *f)
{
	return f->reader && !f->set;
}

void host_key_file_close(struct key_file *f)
{
	struct key_set *older;

	end_reading(f, false);
	host_key_set_free(f->set);
	while ((older = f->older)) {
		f->older = older->older;
		host_key_set_free(older);
	}
	host_fd_drop(f->inotify);
}

static void event(struct key_file *f, const struct inotify_event *ev, ds_time now)
{
	bool ours = ev->wd == f->file_watch && f->file_watch >= 0;
	bool named = ev->len && !strcmp(ev->name, place.base);

	if (ours && ev->mask & IN_IGNORED)
		f->file_watch = -1;
	else if (ours && ev->mask & IN_MODIFY)
		f->load_at = now + WRITER_MAX;
	else if (ours || named || f->load_at == DS_TIME_NEVER)
		f->load_at = now + QUIET_WATCHED;
}

void host_key_file_events(struct key_file *f, ds_time now)
{
	_Alignas(struct inotify_event) char buf[4096];
	long n;

	while ((n = host_sys3(SYS_read, f->inotify, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *ev = (const void *)p;

			event(f, ev, now);
			p += sizeof(*ev) + ev->len;
		}
	}
}

int host_key_file_reload(struct key_file *f, char *why)
{
	bool moving;
	int r;

	if (host_key_file_begins(f))
		turn(f, DS_TIME_NEVER);
	r = begin_reading(f, false, &moving, why);
	watch(f);
	if (moving)
		f->load_at = 0;
	return r ? r : go_on(f, DS_TIME_NEVER, true, why);
}

/* The file lay still: read it if it is not the one we know. */
static void load(struct key_file *f, ds_time now)
{
	struct host_file_mark mark = place_mark();
	char why[DS_WHY_MAX];
	bool moving;
	int r;

	watch(f);
	if (same(&mark, &f->tried))
		return;
	r = begin_reading(f, false, &moving, why);
	if (moving) {
		end_reading(f, false);
		memset(&f->tried, 0xff, sizeof(f->tried)); /* like no file */
		f->load_at = now + quiet(f);
	} else if (r) {
		host_log(HOST_LOG_WARN, "event=keys_kept %s; the keys read before stay in use",
			 why);
	} else if (!is_large(f)) {
		turn(f, DS_TIME_NEVER);
	}
}

void host_key_file_work(struct key_file *f, ds_time now)
{
	struct host_file_mark mark;

	if (!f->name)
		return;
	if (f->reader) {
		turn(f, host_now() + TURN);
		f->turn_at = now;
		return;
	}
	if (now >= f->check_at) {
		mark = place_mark();
		if (f->load_at == DS_TIME_NEVER && !same(&mark, &f->tried))
			f->load_at = now + quiet(f);
		f->check_at = now + (f->file_watch >= 0 ? CHECK_WATCHED : CHECK_ALONE);
	}
	if (now < f->load_at)
		return;
	mark = place_mark();
	if (!same(&mark, &f->looked)) {
		f->looked = mark;
		f->load_at = now + quiet(f);
		return;
	}
	f->load_at = DS_TIME_NEVER;
	load(f, now);
}

ds_time host_key_file_deadline(const struct key_file *f)
{
	if (!f->name)
		return DS_TIME_NEVER;
	if (f->reader)
		return f->turn_at;
	return f->check_at < f->load_at ? f->check_at : f->load_at;
}

bool host_key_file_removed(struct key_file *f, uint8_t *identity, size_t *len)
{
	struct key_entry was, is;
	struct key_set *older;

	while ((older = f->older)) {
		while (host_key_set_next(older, &older->cursor, &was)) {
			if (host_key_set_find(f->set, was.identity, was.identity_len, &is) &&
			    is.key_len == was.key_len && !memcmp(is.key, was.key, was.key_len))
				continue;
			memcpy(identity, was.identity, was.identity_len);
			*len = was.identity_len;
			return true;
		}
		f->older = older->older;
		host_key_set_free(older);
	}
	return false;
}
