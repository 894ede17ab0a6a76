/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plaintext.c - see plaintext.h
 *
 * The memory is mapped and shared: a bit that is set is there for every relative at once, and with a
 * file for the next process, too, even after SIGKILL.  The kernel writes it to the disk by itself, within
 * half a minute.  The file is written whole when it is made, its first line last, so that a file with that
 * line is complete, and a disk that is full shows at the start and not as SIGBUS.
 */
#include "host/plaintext.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "host/log.h"
#include "host/state_impl.h"
#include "host/sys.h"
#include "host/text.h"

#define VAR    "DTLSSHIM_PLAINTEXT (--plaintext)"
#define SUFFIX ".migrated"
#define HEAD   65536U /* bytes before the words; no page is larger */
#define WORDS  (DS_MIGRATED_WORDS * sizeof(uint64_t))

static const char title[] = "dtlsshim: addresses that migrated to DTLS, 1\n";

/* NULL = not mapped yet.  No lock: a thread that forks would leave it to the child as it is. */
static _Atomic(uint64_t *) migrated;

enum ds_plaintext host_plaintext_at(const struct host_options *o, uint16_t port)
{
	const struct host_plaintext *p = &o->plaintext;

	for (uint32_t i = 0; i < p->n_ports; i++)
		if (p->ports[i].port == port)
			return (enum ds_plaintext)p->ports[i].rule;
	return (enum ds_plaintext)p->all;
}

bool host_plaintext_allowed(const struct host_options *o)
{
	const struct host_plaintext *p = &o->plaintext;
	bool allowed = p->all == DS_PLAINTEXT_ALLOW;

	for (uint32_t i = 0; i < p->n_ports; i++)
		allowed |= p->ports[i].rule == DS_PLAINTEXT_ALLOW;
	return allowed;
}

int host_plaintext_check(const struct host_options *o, const struct host_port *ports, uint32_t n,
			 char why[static DS_WHY_MAX])
{
	for (uint32_t i = 0; n && i < o->plaintext.n_ports; i++) {
		uint32_t k = 0;

		while (k < n && ports[k].wire != o->plaintext.ports[i].port)
			k++;
		if (k == n)
			return host_why(why,
					VAR
					": port %u is none that is protected here; name ports as "
					"the network sees them",
					o->plaintext.ports[i].port);
	}
	return 0;
}

/* Maps the words at @at of a file, or memory of nobody's if @fd is negative. */
static int map(int fd, off_t at, char *why)
{
	long p = host_sys6(SYS_mmap, 0, WORDS, PROT_READ | PROT_WRITE,
			   MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, at);

	if (p < 0 && p > -4096)
		return host_why(why, VAR ": no memory for addresses: %s", strerrordesc_np((int)-p));
	if (!atomic_compare_exchange_strong(&migrated, &(uint64_t *){NULL}, (uint64_t *)p))
		host_sys3(SYS_munmap, p, WORDS, 0); /* another thread was first */
	return 0;
}

/* True if the file is new, or was not finished when its maker ended. */
static bool is_unmade(int fd, const struct stat *st)
{
	char head[sizeof(title)] = "", none[sizeof(title)] = "";

	return st->st_size < (off_t)sizeof(head) ||
	       (!host_state_read(fd, head, sizeof(head), 0) && !memcmp(head, none, sizeof(none)));
}

static int fill(int fd)
{
	static const char zeros[HEAD];
	long r = 0;

	for (off_t at = 0; !r && at < (off_t)(HEAD + WORDS); at += HEAD)
		r = host_state_write(fd, zeros, sizeof(zeros), at);
	if (!r)
		r = host_sys3(SYS_fsync, fd, 0, 0);
	return r ? (int)r : host_state_write(fd, title, sizeof(title), 0);
}

/* Checks that the file at @path is ours, and makes it what it should be if it is new. */
static int prepare(int fd, const char *path, char *why)
{
	char head[sizeof(title)];
	struct stat st;
	int r;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return host_why(why, VAR ": %s: not a regular file", path);
	if (st.st_uid != (uid_t)host_sys3(SYS_geteuid, 0, 0, 0) && st.st_uid != 0)
		return host_why(why, VAR ": %s: belongs to user %u", path, st.st_uid);
	if (st.st_mode & 077)
		return host_why(why, VAR ": %s: mode %04o, others may use it; chmod 600", path,
				st.st_mode & 07777);
	if (is_unmade(fd, &st)) {
		r = fill(fd);
		return r ? host_why(why, VAR ": %s cannot be written: %s", path,
				    strerrordesc_np(-r))
			 : 0;
	}
	if (host_state_read(fd, head, sizeof(head), 0) || memcmp(head, title, sizeof(title)) != 0 ||
	    st.st_size < (off_t)(HEAD + WORDS))
		return host_why(why,
				VAR
				": %s is damaged, or not a list of addresses that migrated; "
				"without it all of them may fall back to plaintext: remove it if "
				"that is meant",
				path);
	return 0;
}

static int map_file(const char *state, char *why)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
	char path[PATH_MAX + sizeof(SUFFIX)];
	int r;
	long fd;

	snprintf(path, sizeof(path), "%s" SUFFIX, state);
	fd = host_sys6(SYS_openat, AT_FDCWD, path, flags, 0600, 0, 0);
	if (fd < 0)
		return host_why(why, VAR ": %s: %s", path, strerrordesc_np((int)-fd));
	host_sys3(SYS_flock, fd, LOCK_EX, 0); /* another process may be making it; until close() */
	r = prepare((int)fd, path, why);
	if (!r)
		r = map((int)fd, HEAD, why);
	host_sys3(SYS_close, fd, 0, 0);
	return r;
}

int host_plaintext_share(const struct host_options *o, char why[static DS_WHY_MAX])
{
	return host_plaintext_allowed(o) && !o->state ? map(-1, 0, why) : 0;
}

/* The words, NULL if no port allows plaintext. */
static int words(uint64_t **out, const struct host_options *o, char *why)
{
	int r = 0;

	*out = NULL;
	if (!host_plaintext_allowed(o))
		return 0;
	if (!atomic_load(&migrated))
		r = o->state ? map_file(o->state, why) : map(-1, 0, why);
	*out = atomic_load(&migrated);
	return r;
}

int host_plaintext_begin(struct ds_engine *e, const struct host_options *o, uint16_t port,
			 char why[static DS_WHY_MAX])
{
	enum ds_plaintext rule = port ? host_plaintext_at(o, port) : DS_PLAINTEXT_DENY;
	uint64_t *memory;
	int r;

	if (words(&memory, o, why))
		return -1;
	r = ds_engine_plaintext(e, rule, memory);
	if (r)
		return host_why(why, VAR ": %s", ds_strerror(r));
	if (rule == DS_PLAINTEXT_ALLOW)
		host_log(
			HOST_LOG_WARN,
			"event=plaintext_allowed port=%u: what comes in clear is passed on and "
			"answered in clear, but for addresses that had a session; who can drop a "
			"device's handshakes keeps it in clear, so deny plaintext when the fleet has "
			"moved",
			port);
	return 0;
}
