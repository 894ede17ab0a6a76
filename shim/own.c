/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/own.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/client.h"
#include "shim/facade.h"
#include "shim/fdtab.h"
#include "shim/guard.h"
#include "shim/service.h"
#include "shim/wait.h"

_Atomic unsigned shim_generation_now = 1;

static _Atomic pid_t own_pid;
static bool table_locked; /* by before_fork(), in the thread that forks */

/* The descriptor leases are locks on: one a process that made endpoints.  Never closed, for closing
 * any copy of it would drop the locks. */
static int lease_fd = -1;
static unsigned lease_gen;

static pid_t pid_now(void)
{
	return (pid_t)host_sys3(SYS_getpid, 0, 0, 0);
}

/* No other thread is in the middle of changing the table when memory is copied. */
static void before_fork(void)
{
	table_locked = shim_enter();
	if (table_locked)
		pthread_mutex_lock(&shim_table_lock);
}

static void in_parent(void)
{
	if (!table_locked)
		return;
	pthread_mutex_unlock(&shim_table_lock);
	shim_leave();
}

static void new_generation(void)
{
	atomic_store(&own_pid, pid_now());
	atomic_fetch_add(&shim_generation_now, 1);
	pthread_mutex_init(&shim_table_lock, NULL);
	host_arena_reset();
	shim_service_forked();
	shim_socks_forked();
	shim_endpoints_forked();
	shim_wait_forked();
	shim_guard_forked();
	shim_client_forked();
}

static void in_child(void)
{
	new_generation();
	if (table_locked)
		shim_leave();
}

void shim_own_init(void)
{
	atomic_store(&own_pid, pid_now());
	pthread_atfork(before_fork, in_parent, in_child);
}

void shim_check_fork(void)
{
	if (shim_unlikely(!host_arena_mine()))
		new_generation();
}

bool shim_is_vforked(void)
{
	/* In a forked child own_pid is right, or the arena tells */
	return pid_now() != atomic_load(&own_pid) && host_arena_mine();
}

int shim_lease_make(struct shim_endpoint *ep)
{
	long fd;

	if (lease_fd < 0 || lease_gen != shim_generation()) {
		fd = host_sys3(SYS_memfd_create, "dtlsshim-lease", MFD_CLOEXEC, 0);
		if (fd >= 0)
			fd = host_fd_keep((int)fd);
		if (fd < 0) {
			host_log(HOST_LOG_ERROR, "cannot make a lease (memfd_create): errno %ld",
				 -fd);
			return (int)fd;
		}
		lease_fd = (int)fd;
		lease_gen = shim_generation();
	}
	ep->lease = lease_fd;
	return 0;
}

static int lease_lock(const struct shim_endpoint *ep, short type)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = ep->index, .l_len = 1};

	return (int)host_sys3(SYS_fcntl, ep->lease, F_SETLK, &l);
}

void shim_lease_release(struct shim_endpoint *ep)
{
	if (shim_owned(ep))
		lease_lock(ep, F_UNLCK);
}

/* What is left of the process that served before us: tokens without messages. */
static void reset_socks(struct shim_endpoint *ep)
{
	for (struct shim_sock *s = ep->socks; s; s = s->next) {
		pthread_mutex_lock(&s->q);
		shim_facade_drain(s);
		pthread_mutex_unlock(&s->q);
	}
}

/* Under the endpoint's lock. */
static int claim(struct shim_endpoint *ep)
{
	char why[DS_WHY_MAX];

	if (shim_owned(ep))
		return 0;
	if (lease_lock(ep, F_WRLCK)) {
		if (ep->refused_gen != shim_generation())
			host_log(HOST_LOG_ERROR,
				 "port %u is served by another process: sharing a protected socket "
				 "between processes is not available yet, calls fail with EPERM",
				 ep->key.port);
		ep->refused_gen = shim_generation();
		return -EPERM;
	}
	if ((ep->engine_gen != shim_generation() && shim_engine_make(ep, why)) ||
	    shim_service_prepare(why)) {
		host_log(HOST_LOG_ERROR, "port %u cannot be served: %s", ep->key.port, why);
		lease_lock(ep, F_UNLCK);
		return -EPERM;
	}
	reset_socks(ep);
	atomic_store_explicit(&ep->owner_gen, shim_generation(), memory_order_release);
	return 0;
}

int shim_own_slow(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;
	int r;

	shim_check_fork();
	pthread_mutex_lock(&ep->host.lock);
	r = claim(ep);
	pthread_mutex_unlock(&ep->host.lock);
	if (!r)
		shim_service_start();
	return r;
}
