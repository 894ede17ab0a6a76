/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every hook of every descriptor of the program asks this table, for files and pipes too.  So a look
 * must be one load: an array with a word for each number that the process may have.  It is mapped
 * once for the hard limit of descriptors, up to FDTAB_MAX, and never grows; it has memory only where
 * numbers are used.
 *
 * Writers take the table's lock, readers take none.  A reader gets a reference only if the count is not
 * zero, and then looks at the entry again: while it had none, the socket might have been closed and
 * its slot used anew.
 *
 * Nothing keeps the kernel's numbers and this table in step when a number changes past the hooks.  An
 * unknown number is therefore looked at once, when it is first used as a socket, and what the kernel
 * says about its inode decides.
 */
#include "shim/socket/fdtab.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/above.h"
#include "shim/socket/sock.h"
#include "shim/socket/close.h"
#include "shim/socket/facade.h"
#include "shim/socket/protect.h"

#define FDTAB_MIN 1024U
#define FDTAB_MAX (1U << 20) /* entries; a socket beyond cannot be protected: bind() fails */

_Atomic(uintptr_t) *shim_fdtab;
unsigned shim_fdtab_size;
atomic_uint shim_n_fresh;

static atomic_int highest = -1; /* no entry but unknown and plain ones above */

static void raise_highest(int fd)
{
	int old = atomic_load(&highest);

	while (fd > old && !atomic_compare_exchange_weak(&highest, &old, fd))
		;
}

static void set(int fd, uintptr_t e)
{
	uintptr_t was = atomic_exchange_explicit(&shim_fdtab[fd], e, memory_order_acq_rel);

	if (e >= SHIM_FD_HIDDEN || e == SHIM_FD_FRESH)
		raise_highest(fd);
	if (shim_unlikely((was == SHIM_FD_FRESH) != (e == SHIM_FD_FRESH)))
		atomic_fetch_add(&shim_n_fresh, e == SHIM_FD_FRESH ? 1U : ~0U);
}

/* host/sys.h's kept descriptors.  No lock: such a number is its maker's alone. */
static void watch(int fd, bool kept)
{
	if ((unsigned)fd < shim_fdtab_size)
		set(fd, kept ? SHIM_FD_HIDDEN : SHIM_FD_UNKNOWN);
}

void shim_fd_hide(int fd)
{
	watch(fd, true);
}

int shim_fdtab_init(void)
{
	struct rlimit lim = {.rlim_max = FDTAB_MIN};
	rlim_t n;
	long p;

	host_sys6(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, &lim, 0, 0);
	n = lim.rlim_max < FDTAB_MIN ? FDTAB_MIN : lim.rlim_max;
	if (n > FDTAB_MAX)
		n = FDTAB_MAX;
	p = host_sys6(SYS_mmap, 0, n * sizeof(*shim_fdtab), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p < 0 && p > -4096)
		return (int)p;
	shim_fdtab = (void *)p;
	shim_fdtab_size = (unsigned)n;
	host_fd_watch_set(watch);
	return 0;
}

/* The socket whose facade @fd is, without a reference; under the table's lock. */
static struct shim_sock *owner_of(int fd)
{
	struct stat st;

	if (host_sys3(SYS_fstat, fd, &st, 0) || !S_ISSOCK(st.st_mode))
		return NULL;
	return shim_sock_by_inode(st.st_dev, st.st_ino);
}

/* A number no hook handed out: a copy of a facade, a socket from another process, or plain. */
static void probe_unknown(int fd)
{
	struct shim_sock *s;
	int what;

	pthread_mutex_lock(&shim_table_lock);
	s = shim_fd_entry(fd) <= SHIM_FD_FRESH ? owner_of(fd) : NULL;
	if (s && !shim_sock_try_ref(s))
		s = NULL;
	if (s) {
		atomic_fetch_add(&s->fds, 1);
		set(fd, (uintptr_t)s);
	}
	pthread_mutex_unlock(&shim_table_lock);
	if (s) {
		if (shim_facade_return(s, fd))
			host_log(HOST_LOG_ERROR,
				 "event=dead fd=%d: no descriptor is left to serve the socket that "
				 "came back; calls on it fail",
				 fd);
		return;
	}
	what = shim_above->stranger(fd);
	pthread_mutex_lock(&shim_table_lock);
	if (shim_fd_entry(fd) <= SHIM_FD_FRESH && what <= SHIM_FD_DEAD)
		set(fd, (uintptr_t)what);
	pthread_mutex_unlock(&shim_table_lock);
}

void shim_fd_probe(int fd)
{
	if (shim_fd_entry(fd) > SHIM_FD_FRESH || shim_is_vforked() || !shim_enter())
		return;
	probe_unknown(fd);
	shim_leave();
}

void shim_fd_arrived(int fd)
{
	if (shim_is_vforked() || !shim_enter())
		return;
	if (!shim_fd_is_hidden(fd))
		shim_fd_replaced(fd); /* should it have been closed where no hook saw it */
	shim_leave();
	shim_fd_probe(fd);
}

struct shim_sock *shim_fd_get_slow(int fd, bool probe)
{
	for (;;) {
		uintptr_t e = shim_fd_entry(fd);
		struct shim_sock *s = (struct shim_sock *)e;

		if (e == SHIM_FD_HIDDEN || e == SHIM_FD_DEAD)
			return SHIM_HIDDEN;
		if (e <= SHIM_FD_FRESH && probe) {
			shim_fd_probe(fd);
			probe = false;
			continue;
		}
		if (e <= SHIM_FD_PLAIN)
			return NULL;
		if (!shim_sock_try_ref(s))
			continue; /* the socket is being freed: the entry is about to change */
		if (shim_fd_entry(fd) == e)
			return s;
		shim_put(s);
	}
}

bool shim_fd_stale(int fd, struct shim_sock *s)
{
	struct stat st;

	if (!host_sys3(SYS_fstat, fd, &st, 0) && st.st_ino == s->ino && st.st_dev == s->dev)
		return false;
	if (shim_enter()) {
		if (shim_fd_entry(fd) == (uintptr_t)s)
			shim_fd_replaced(fd);
		shim_leave();
	}
	return true;
}

void shim_fd_attach(int fd, struct shim_sock *s)
{
	uintptr_t e;

	if ((unsigned)fd >= shim_fdtab_size)
		return;
	for (;;) {
		pthread_mutex_lock(&shim_table_lock);
		e = shim_fd_entry(fd);
		if (e <= SHIM_FD_HIDDEN || e == (uintptr_t)s)
			break;
		pthread_mutex_unlock(&shim_table_lock);
		shim_fd_replaced(fd);
	}
	/* Another thread may have found the facade at this number already.  To take that entry out
	 * and put it back would close a socket that has no other number. */
	if (e != (uintptr_t)s) {
		shim_sock_ref(s);
		atomic_fetch_add(&s->fds, 1);
		set(fd, (uintptr_t)s);
	}
	pthread_mutex_unlock(&shim_table_lock);
}

struct shim_sock *shim_fd_detach(int fd)
{
	uintptr_t e = shim_fd_entry(fd);

	if ((unsigned)fd >= shim_fdtab_size || e == SHIM_FD_UNKNOWN || e == SHIM_FD_HIDDEN)
		return NULL;
	if (shim_fd_passes(e) &&
	    atomic_compare_exchange_strong(&shim_fdtab[fd], &e, SHIM_FD_UNKNOWN))
		return NULL;
	pthread_mutex_lock(&shim_table_lock);
	e = shim_fd_entry(fd);
	if (e != SHIM_FD_HIDDEN)
		set(fd, SHIM_FD_UNKNOWN);
	pthread_mutex_unlock(&shim_table_lock);
	if (e <= SHIM_FD_HIDDEN)
		return NULL;
	atomic_fetch_sub(&((struct shim_sock *)e)->fds, 1);
	return (struct shim_sock *)e;
}

void shim_fd_new(int fd, bool udp)
{
	uintptr_t e = shim_fd_entry(fd), now = udp ? SHIM_FD_FRESH : SHIM_FD_PLAIN;

	if ((unsigned)fd >= shim_fdtab_size)
		return;
	if (shim_likely(!udp && e == SHIM_FD_UNKNOWN)) {
		atomic_store_explicit(&shim_fdtab[fd], now, memory_order_release);
		return;
	}
	if (shim_is_vforked())
		return;
	if (e <= SHIM_FD_DEAD) {
		set(fd, now);
		return;
	}
	if (!shim_enter())
		return;
	shim_fd_replaced(fd);
	set(fd, now);
	shim_leave();
}

bool shim_fd_turned_slow(int fd)
{
	struct shim_sock *s;
	uint64_t name;

	/* A socket that was bound to a port of no interest can still be retired by a related process */
	if (shim_fd_entry(fd) == SHIM_FD_UDP && shim_is_retired(fd, &name)) {
		pthread_mutex_lock(&shim_table_lock);
		if (shim_fd_entry(fd) == SHIM_FD_UDP)
			set(fd, SHIM_FD_FRESH);
		pthread_mutex_unlock(&shim_table_lock);
	}
	s = shim_fd_get_slow(fd, true);

	if (s)
		shim_put(s);
	return s != NULL;
}

void shim_fd_each_fresh(void (*fn)(int fd))
{
	int top = atomic_load(&highest);

	for (int fd = 0; fd <= top && atomic_load(&shim_n_fresh); fd++)
		if (shim_fd_entry(fd) == SHIM_FD_FRESH)
			fn(fd);
}

void shim_fd_look_at_fresh(void)
{
	shim_fd_each_fresh(shim_fd_probe);
}

int shim_fd_next(int fd, int last)
{
	int top = atomic_load(&highest);

	for (; fd <= last && fd <= top; fd++)
		if (shim_fd_entry(fd) >= SHIM_FD_HIDDEN)
			return fd;
	return -1;
}

void shim_fd_forget(int fd)
{
	if ((unsigned)fd < shim_fdtab_size)
		set(fd, SHIM_FD_UNKNOWN);
}
