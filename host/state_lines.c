/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_lines.c - the memory that outlives a process, but not the boot
 *
 * A file on tmpfs, in memory from the start (a hole and a full tmpfs would be SIGBUS), mapped.
 *
 * Its lines are believed if they are those that the header names, of this boot, and if nobody changed
 * them since their owner used them last.  That shows in the file's time of change: the first write
 * to a page of the mapping moves that time too, but never past the owner's last beat; putting an
 * old copy in its place does.
 *
 * Lines get a new random id whenever they are made, so what an earlier use left in this directory
 * or in another is never taken for those of now.  The random name also keeps other users, who may
 * write to the directory, from making the file first.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "host/state_impl.h"
#include "host/sys.h"
#include "host/text.h"

#define SLACK (100 * DS_MSEC) /* between a beat and the writing it announces */
#define PAGE  4096U

static const uint8_t magic[16] = "dtlsshim lines1";

/* dtlsshim-FILE-LINES; what all lines of a file have in common are the first PREFIX bytes. */
#define PREFIX 26

static void lines_name(const struct host_state *s, char name[static 64])
{
	struct host_text t = host_text_start(name, 64);

	host_text_add(&t, "dtlsshim-");
	host_text_hex(&t, s->header.file_id, 8);
	host_text_add(&t, "-");
	host_text_hex(&t, s->header.lines_id, sizeof(s->header.lines_id));
}

/* The kernel's name for this boot; zeros if it will not say. */
static void boot_id(uint8_t id[static 16])
{
	char text[37] = "", hex[33];
	size_t n = 0;
	long fd = host_sys6(SYS_openat, AT_FDCWD, "/proc/sys/kernel/random/boot_id",
			    O_RDONLY | O_CLOEXEC, 0, 0, 0);

	memset(id, 0, 16);
	if (fd < 0)
		return;
	if (host_state_read((int)fd, text, 36, 0) == 0)
		for (size_t i = 0; i < 36 && n < 32; i++)
			if (text[i] != '-')
				hex[n++] = text[i];
	host_sys3(SYS_close, fd, 0, 0);
	if (n != 32 || host_hex_parse(id, 16, hex, 32) != 16)
		memset(id, 0, 16);
}

static size_t size_of(uint32_t room)
{
	return ((size_t)room + 1) * DS_STORE_LINE;
}

/* Not for a forked child, nor for a core file. */
static uint8_t *map(int fd, size_t size)
{
	long p = host_sys6(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p < 0 && p > -4096)
		return NULL;
	if (host_sys3(SYS_madvise, p, size, MADV_DONTFORK)) {
		host_sys3(SYS_munmap, p, size, 0);
		return NULL;
	}
	host_sys3(SYS_madvise, p, size, MADV_DONTDUMP);
	return (void *)p;
}

void host_lines_unmap(uint8_t *lines, uint32_t room)
{
	if (lines)
		host_sys3(SYS_munmap, lines, size_of(room), 0);
}

void host_lines_touch(uint8_t *lines, uint32_t room)
{
	for (size_t at = 0; at < size_of(room); at += PAGE) {
		_Atomic uint64_t *word = (_Atomic uint64_t *)(void *)(lines + at);
		uint64_t value = atomic_load(word);

		/* The engine may be writing there through another mapping */
		atomic_compare_exchange_strong(word, &value, value);
	}
}

void host_lines_close(struct host_state *s)
{
	host_lines_unmap(s->lines, s->room);
	s->lines = NULL;
	s->room = 0;
	host_fd_drop(s->lines_fd);
	s->lines_fd = -1;
}

/* Not by name: a start that was killed left lines that no header names. */
void host_lines_remove(const struct host_state *s)
{
	_Alignas(struct dirent64) char buf[4096];
	char prefix[64];
	long n, fd = host_sys6(SYS_openat, host_state_memory(), ".",
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);

	if (fd < 0)
		return;
	lines_name(s, prefix);
	while ((n = host_sys3(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n;) {
			const struct dirent64 *d = (const void *)(buf + at);

			if (!strncmp(d->d_name, prefix, PREFIX))
				host_sys3(SYS_unlinkat, host_state_memory(), d->d_name, 0);
			at += d->d_reclen;
		}
	host_sys3(SYS_close, fd, 0, 0);
}

static int64_t clock_distance(void)
{
	return (int64_t)(host_state_wall() - host_now());
}

/* A clock that was set forward, or went on while the machine slept, would make every change look
 * old. */
static bool was_set(const struct ds_store_owner *owner)
{
	return clock_distance() > owner->clock + (int64_t)SLACK;
}

/* True if @st was changed after the lines' owner used them for the last time. */
static bool was_replaced(const struct ds_store_owner *owner, const struct stat *st)
{
	uint64_t now = host_now(), wall = host_state_wall();
	uint64_t changed = (uint64_t)st->st_ctim.tv_sec * DS_SECOND + (uint64_t)st->st_ctim.tv_nsec;

	return owner->beat > now || changed > wall - (now - owner->beat) + SLACK;
}

static const char *check(const struct host_state *s, const struct stat *st)
{
	const struct ds_store_owner *owner = host_state_owner(s);
	uint8_t boot[16];

	boot_id(boot);
	if (memcmp(owner->magic, magic, sizeof(magic)) != 0)
		return "of another version, or damaged";
	if (memcmp(owner->lines_id, s->header.lines_id, sizeof(owner->lines_id)) != 0 ||
	    s->header.lines_dev != st->st_dev || s->header.lines_ino != st->st_ino)
		return "not those of the state file";
	if (memcmp(owner->boot, boot, sizeof(boot)) != 0)
		return "of another boot";
	if (was_set(owner))
		return "of a time before the clock was set or the machine slept";
	return was_replaced(owner, st) ? "changed from outside, or the clock was set back" : NULL;
}

static const char *check_file(const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || st->st_nlink != 1 || (st->st_mode & 077) ||
	    st->st_uid != (uid_t)host_sys3(SYS_geteuid, 0, 0, 0))
		return "not a file of ours alone";
	if (st->st_size < 2 * DS_STORE_LINE || st->st_size % DS_STORE_LINE ||
	    (uint64_t)st->st_size / DS_STORE_LINE > 1U << 30)
		return "of a wrong size";
	return NULL;
}

/* A POSIX lock is dropped when the process closes any descriptor of the file, and the program that
 * serves may open and close the state file.  So the lines file has a lock, too. */
static int lock_lines(const struct host_state *s)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	long r = host_sys3(SYS_fcntl, s->lines_fd, F_SETLK, &l);

	return r == -EAGAIN || r == -EACCES ? -EBUSY : (int)r;
}

static int open_lines(struct host_state *s, const char **untrue)
{
	struct stat st;
	int r = fstat(s->lines_fd, &st) ? -errno : lock_lines(s);

	if (r)
		return r;
	*untrue = check_file(&st);
	if (*untrue)
		return 0;
	s->room = (uint32_t)(st.st_size / DS_STORE_LINE - 1);
	s->lines = map(s->lines_fd, size_of(s->room));
	if (!s->lines)
		return -ENOMEM;
	*untrue = check(s, &st);
	return 0;
}

int host_lines_open(struct host_state *s, const char **untrue)
{
	static const uint8_t none[16];
	char name[64];
	long fd;
	int r;

	*untrue = !memcmp(s->header.lines_id, none, sizeof(none)) ? "gone"
		  : !host_state_is_original(s) ? "those of the file it is a copy of"
					       : NULL;
	if (*untrue)
		return 0;
	lines_name(s, name);
	fd = host_sys6(SYS_openat, host_state_memory(), name, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0, 0,
		       0);
	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM || fd == -EIO)
		return (int)fd;
	if (fd < 0) { /* for good: what has the name is no file of ours */
		*untrue = fd == -ENOENT ? "gone" : "not to be opened";
		return 0;
	}
	s->lines_fd = host_fd_keep((int)fd);
	if (s->lines_fd < 0)
		return -EMFILE;
	r = open_lines(s, untrue);
	if (r || *untrue) {
		host_lines_close(s);
		return r;
	}
	host_state_owner(s)->beat = host_now();
	host_lines_note(s);
	host_lines_touch(s->lines, s->room);
	return 0;
}

/* By a clock that was set back the file's time of change lies in the future.  It is set anew: by this
 * process, which holds the lines. */
void host_lines_note(struct host_state *s)
{
	int64_t before = host_state_owner(s)->clock, clock = clock_distance();

	if (clock + (int64_t)SLACK < before)
		host_sys3(SYS_fchmod, s->lines_fd, 0600, 0);
	host_state_owner(s)->clock = clock;
	s->noted_at = host_now();
}

int host_lines_make(struct host_state *s, uint32_t slots)
{
	uint8_t *id = s->header.lines_id;
	struct stat st;
	char name[64];
	long r;

	if (host_random(NULL, id, sizeof(s->header.lines_id)))
		return -EIO;
	lines_name(s, name);
	r = host_sys6(SYS_openat, host_state_memory(), name,
		      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600, 0, 0);
	if (r < 0)
		return (int)r;
	s->fresh = true;
	s->lines_fd = host_fd_keep((int)r);
	if (s->lines_fd < 0)
		return s->lines_fd;
	if (fstat(s->lines_fd, &st))
		return -errno;
	s->header.lines_dev = st.st_dev;
	s->header.lines_ino = st.st_ino;
	r = lock_lines(s);
	if (!r && !host_state_fits((off_t)size_of(slots)))
		r = -EFBIG;
	if (r)
		return (int)r;
	r = host_sys6(SYS_fallocate, s->lines_fd, 0, 0, size_of(slots), 0, 0);
	if (!r) {
		s->lines = map(s->lines_fd, size_of(slots));
		r = s->lines ? 0 : -ENOMEM;
	}
	if (r)
		return (int)r;
	s->room = slots;
	host_state_owner(s)->beat = host_now();
	host_lines_touch(s->lines, slots);
	return 0;
}

void host_lines_sign(struct host_state *s)
{
	struct ds_store_owner *owner = host_state_owner(s);

	owner->beat = host_now();
	host_lines_note(s);
	memcpy(owner->lines_id, s->header.lines_id, sizeof(owner->lines_id));
	boot_id(owner->boot);
	atomic_signal_fence(memory_order_seq_cst); /* whole before it counts */
	memcpy(owner->magic, magic, sizeof(magic));
}

int host_lines_grow(struct host_state *s, uint32_t slots, uint8_t **lines)
{
	long r;

	if (!host_state_fits((off_t)size_of(slots)))
		return -EFBIG;
	host_state_owner(s)->beat = host_now();
	r = host_sys6(SYS_fallocate, s->lines_fd, 0, 0, size_of(slots), 0, 0);
	if (r)
		return (int)r;
	*lines = map(s->lines_fd, size_of(slots));
	if (!*lines)
		return -ENOMEM;
	host_lines_touch(*lines, slots);
	return 0;
}
