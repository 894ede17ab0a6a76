/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lease is a POSIX record lock on a memfd.  The kernel releases it whenever its holder dies,
 * however that happens; fork() does not inherit it; and a process can block until it gets it.  No
 * protocol between processes could promise as much.  Its weakness is that closing any descriptor of
 * the file releases it, so a process never has more than one.
 *
 * The memfd is also the page on which the processes of an endpoint agree (guests.h), and its inode is
 * the endpoint's identity in all of them.
 *
 * A process takes the lease when it first receives, sends or waits, and opens the state file then.
 * Where engine, keys or state file cannot be had it gives the lease back, and another process may
 * try.
 */
#include "shim/serve/lease.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/serve/service.h"
#include "shim/serve/guests.h"
#include "shim/serve/guest_channel.h"

/* A word that this process shares with all its descendants: not 0 once any of them had a lease. */
static _Atomic uint32_t *family;

void shim_lease_init(void)
{
	long p = host_sys6(SYS_mmap, 0, sizeof(*family), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p > 0 || p <= -4096)
		family = (void *)p;
}

/* Gives the memfd its size.  Beyond RLIMIT_FSIZE the kernel would not only refuse but send SIGXFSZ,
 * so the limit is looked at first, and a soft one raised for the moment. */
static long size_page(int fd)
{
	struct rlimit lim = {.rlim_cur = RLIM_INFINITY}, enough;
	long r;

	host_sys6(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, &lim, 0, 0);
	if (lim.rlim_cur >= sizeof(struct shim_page))
		return host_sys3(SYS_ftruncate, fd, sizeof(struct shim_page), 0);
	enough = (struct rlimit){sizeof(struct shim_page), lim.rlim_max};
	if (lim.rlim_max < sizeof(struct shim_page) ||
	    host_sys6(SYS_prlimit64, 0, RLIMIT_FSIZE, &enough, 0, 0, 0))
		return -EFBIG;
	r = host_sys3(SYS_ftruncate, fd, sizeof(struct shim_page), 0);
	host_sys6(SYS_prlimit64, 0, RLIMIT_FSIZE, &lim, 0, 0, 0);
	return r;
}

/* The memfd of a new page; nobody who gets it can take the memory away again.  It stays empty, and
 * unsealed, where RLIMIT_FSIZE allows no file: then it is lock and identity only. */
static int make_page(void)
{
	long fd = host_sys3(SYS_memfd_create, "dtlsshim-lease", MFD_CLOEXEC | MFD_ALLOW_SEALING, 0);
	long r;

	if (fd < 0)
		return (int)fd;
	fd = host_fd_keep((int)fd);
	if (fd < 0)
		return (int)fd;
	r = size_page((int)fd);
	if (r == -EFBIG)
		return (int)fd;
	if (!r)
		r = host_sys3(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
	if (r < 0)
		host_fd_drop((int)fd);
	return r < 0 ? (int)r : (int)fd;
}

/* A page without a file behind it is shared with forked children.  Another program that is handed
 * the socket refuses it, with a line: its memfd has no seal (handover.c:is_page). */
static int map_page(struct shim_endpoint *ep)
{
	struct stat st;
	long p = host_sys3(SYS_fstat, ep->lease, &st, 0);
	bool empty;

	if (p)
		return (int)p;
	ep->page_dev = st.st_dev;
	ep->page_ino = st.st_ino;
	empty = st.st_size < (off_t)sizeof(struct shim_page);
	p = host_sys6(SYS_mmap, 0, sizeof(struct shim_page), PROT_READ | PROT_WRITE,
		      MAP_SHARED | (empty ? MAP_ANONYMOUS : 0), empty ? -1 : ep->lease, 0);
	if (p < 0 && p > -4096)
		return (int)p;
	ep->page = (void *)p;
	return 0;
}

int shim_lease_make(struct shim_endpoint *ep)
{
	int r;

	ep->lease = make_page();
	r = ep->lease < 0 ? ep->lease : map_page(ep);
	if (!r)
		r = shim_up_make(ep);
	if (r) {
		host_log(HOST_LOG_ERROR, "cannot make a lease: errno %d", -r);
		shim_lease_drop(ep);
	}
	return r;
}

int shim_lease_take(struct shim_endpoint *ep, int fds[static SHIM_LEASE_FDS])
{
	int r;

	ep->lease = fds[0];
	r = map_page(ep);
	if (r) {
		ep->lease = -1;
		return r;
	}
	ep->up_in = fds[1];
	ep->up_out = fds[2];
	fds[0] = fds[1] = fds[2] = -1;
	return 0;
}

/* Closing any copy of the descriptor lets go of the lock: there is only one a process. */
void shim_lease_drop(struct shim_endpoint *ep)
{
	shim_service_unwatch(ep);
	shim_up_drop(ep);
	if (ep->page)
		host_sys3(SYS_munmap, ep->page, sizeof(struct shim_page), 0);
	host_fd_drop(ep->lease);
	ep->page = NULL;
	ep->lease = -1;
}

static int lease_lock(const struct shim_endpoint *ep, int cmd, short type)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};

	return (int)host_sys3(SYS_fcntl, ep->lease, cmd, &l);
}

int shim_lease_wait(struct shim_endpoint *ep)
{
	return lease_lock(ep, F_SETLKW, F_WRLCK);
}

/* Takes the state file up.  A configuration that cannot be served ends the program here as it does
 * at bind().  An heir goes on instead, because it was well until now and a new version of the
 * program may have been faster; it does not wait here until that one gives the file up. */
static int take_state(struct shim_endpoint *ep)
{
	static struct host_log_limit limit;
	struct host_options o = shim_options;
	bool heir = atomic_load(&ep->page->served);
	char why[DS_WHY_MAX];

	if (heir)
		o.state_wait = 0;
	if (ep->role == DS_SERVER &&
	    host_state_open(&ep->host.state, ep->host.engine, &o, &ep->key, why)) {
		if (!heir)
			host_die(1, "port %u: %s", ep->key.port, why);
		host_log_limited(&limit, HOST_LOG_ERROR, "event=not_inherited port=%u: %s",
				 ep->key.port, why);
		return -EPERM;
	}
	if (heir && ds_engine_sessions(ep->host.engine))
		ds_engine_inherit(ep->host.engine, host_now());
	host_state_fds(ep->host.state, ep->state_fds);
	if (host_state_restoring(ep->host.state)) {
		atomic_store(&ep->dirty, true);
		shim_kick();
	}
	atomic_store(&ep->page->served, 1);
	if (family)
		atomic_store(family, 1);
	return 0;
}

/* Under the endpoint's lock. */
static int claim(struct shim_endpoint *ep)
{
	char why[DS_WHY_MAX];

	if (shim_owned(ep))
		return 0;
	if (lease_lock(ep, F_SETLK, F_WRLCK))
		return SHIM_GUEST;
	if ((ep->engine_gen != shim_generation() && shim_engine_make(ep, why)) ||
	    shim_service_prepare(atomic_load(&ep->page->served), why)) {
		host_log(HOST_LOG_ERROR, "port %u cannot be served: %s", ep->key.port, why);
		lease_lock(ep, F_SETLK, F_UNLCK);
		return -EPERM;
	}
	if (take_state(ep)) {
		lease_lock(ep, F_SETLK, F_UNLCK);
		return SHIM_GUEST; /* no process serves for now; the heir's thread tries again */
	}
	shim_service_watch(ep);
	shim_share_inherit(ep);
	atomic_store_explicit(&ep->owner_gen, shim_generation(), memory_order_release);
	shim_share_inherited(ep);
	return 0;
}

bool shim_family_served(void)
{
	return !family || atomic_load_explicit(family, memory_order_relaxed);
}

bool shim_serves_all(void)
{
	struct shim_endpoint *ep;
	bool end, all = true;

	for (uint32_t i = 0; ep = shim_endpoint_at(i, &end), !end; i++) {
		if (!ep)
			continue;
		all &= ep->role == DS_CLIENT || shim_owned(ep) || !atomic_load(&ep->page->served);
		shim_endpoint_put(ep);
	}
	return all;
}

static bool has_session(struct shim_endpoint *ep, const struct ds_addr *peer)
{
	bool found;

	pthread_mutex_lock(&ep->host.lock);
	found = shim_owned(ep) && ep->role == DS_SERVER && ds_engine_find(ep->host.engine, peer);
	pthread_mutex_unlock(&ep->host.lock);
	return found;
}

bool shim_has_session(const struct ds_addr *peer)
{
	struct shim_endpoint *ep;
	bool end, found = false;

	for (uint32_t i = 0; ep = shim_endpoint_at(i, &end), !end && !found; i++) {
		if (!ep)
			continue;
		found = shim_owned(ep) && has_session(ep, peer);
		shim_endpoint_put(ep);
	}
	return found;
}

int shim_own_endpoint(struct shim_endpoint *ep)
{
	int r;

	shim_check_fork();
	pthread_mutex_lock(&ep->host.lock);
	r = claim(ep);
	pthread_mutex_unlock(&ep->host.lock);
	if (!r)
		shim_service_start();
	return r;
}

int shim_own_inherited(struct shim_endpoint *ep)
{
	int r = -ENOENT;

	pthread_mutex_lock(&ep->host.lock);
	if (ep->socks)
		r = claim(ep);
	else
		lease_lock(ep, F_SETLK, F_UNLCK);
	if (r)
		atomic_store(&ep->heir_gen, 0); /* should a socket come back, another */
	pthread_mutex_unlock(&ep->host.lock);
	if (!r)
		shim_service_start();
	return r;
}
