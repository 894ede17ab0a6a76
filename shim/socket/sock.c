/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hook finds a socket through the table and uses it without a lock, while another thread may
 * close its number.  So sockets lie in a pool that is mapped once and never given back, and a
 * reference can only be taken while there is one: a thread that comes too late finds a count of 0,
 * not freed memory.  A serial tells one use of a slot from the next.
 *
 * The big buffers of a socket (a datagram, the queue) are one mapping beside it, which goes with the
 * last reference.  Whether ->scratch is set says whether a slot is taken.
 */
#include "shim/socket/sock.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/socket/above.h"
#include "shim/socket/fdtab.h"

#define SOCKS_MAX 8192U
#define BUFFERS	  ((size_t)SHIM_WIRE_MAX + SHIM_CONTROL_MAX + 4096 + SHIM_QUEUE_BYTES)

static_assert(SOCKS_MAX <= 1U << 24, "an event of service.c has 24 bits for an index");
static_assert(offsetof(struct shim_sock, refs) == 0, "take_slot() clears from behind it");

atomic_uint shim_n_socks, shim_n_unsure, shim_epoll_waits;

static struct shim_sock *socks; /* SOCKS_MAX, mapped at first use */
static atomic_uint n_socks;	/* slots ever used */

/* Map of anonymous memory that is not backed until it is touched; NULL if there is none. */
static void *map(size_t size)
{
	long p = host_sys6(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p < 0 && p > -4096 ? NULL : (void *)p;
}

/* References */

static bool try_ref(atomic_uint *refs)
{
	unsigned n = atomic_load_explicit(refs, memory_order_relaxed);

	while (n)
		if (atomic_compare_exchange_weak(refs, &n, n + 1))
			return true;
	return false;
}

bool shim_sock_try_ref(struct shim_sock *s)
{
	return try_ref(&s->refs);
}

/* The last socket of an endpoint says goodbye to its peers, unless they are kept. */
static void leave_endpoint(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;
	struct shim_sock **p;
	bool last;

	pthread_mutex_lock(&shim_table_lock);
	last = --ep->n_socks == 0;
	/* An heir needs the lease only */
	if (last && !shim_owned(ep))
		shim_up_drop(ep);
	pthread_mutex_unlock(&shim_table_lock);

	pthread_mutex_lock(&ep->host.lock);
	if (last && shim_owned(ep) && ep->host.state) {
		shim_endpoint_park(ep); /* at once: the program may bind the port again */
	} else if (last && shim_owned(ep)) {
		while (ds_engine_close_all(ep->host.engine, host_now()))
			host_endpoint_flush(&ep->host);
		host_endpoint_flush(&ep->host);
	}
	for (p = &ep->socks; *p; p = &(*p)->next) {
		if (*p != s)
			continue;
		*p = s->next;
		ep->n_connected -= s->connected;
		break;
	}
	pthread_mutex_unlock(&ep->host.lock);
	shim_endpoint_put(ep);
}

static void sock_free(struct shim_sock *s)
{
	bool was = shim_inside;

	shim_inside = true;
	if (s->life != SHIM_MADE) {
		atomic_fetch_sub(&shim_n_socks, 1);
		if (!s->ensured)
			atomic_fetch_sub(&shim_n_unsure, 1);
	}
	if (s->ep)
		leave_endpoint(s);
	/* Our copy of the facade first: nothing may see its other end hang up. */
	host_fd_drop(s->near);
	host_fd_drop(s->far);
	host_fd_drop(s->wire);
	if (s->queue.dropped)
		host_log(HOST_LOG_WARN, "event=queue_full port=%u dropped=%llu", s->wire_port,
			 (unsigned long long)s->queue.dropped);
	host_sys3(SYS_munmap, s->scratch, BUFFERS, 0);
	pthread_mutex_destroy(&s->rx);
	pthread_mutex_destroy(&s->q);
	pthread_mutex_lock(&shim_table_lock);
	s->scratch = NULL; /* the slot is free */
	pthread_mutex_unlock(&shim_table_lock);
	shim_inside = was;
}

void shim_put(struct shim_sock *s)
{
	if (s == SHIM_HIDDEN)
		return;
	if (atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		sock_free(s);
}

/* Making */

/* A free slot, under the table's lock; ->scratch says whether it is taken. */
static struct shim_sock *take_slot(void *buffers)
{
	unsigned n = atomic_load(&n_socks);
	static uint32_t serial;

	if (!socks)
		socks = map(SOCKS_MAX * sizeof(*socks));
	if (!socks)
		return NULL;
	for (unsigned i = 0; i <= n && i < SOCKS_MAX; i++) {
		struct shim_sock *s = &socks[i];

		if (s->scratch)
			continue;
		memset((char *)s + sizeof(s->refs), 0, sizeof(*s) - sizeof(s->refs));
		s->scratch = buffers;
		s->index = i;
		s->serial = ++serial;
		if (i == n)
			atomic_store(&n_socks, n + 1);
		return s;
	}
	return NULL;
}

struct shim_sock *shim_sock_new(void)
{
	struct shim_sock *s;
	uint8_t *buffers = map(BUFFERS);

	if (!buffers)
		return NULL;
	pthread_mutex_lock(&shim_table_lock);
	s = take_slot(buffers);
	pthread_mutex_unlock(&shim_table_lock);
	if (!s) {
		host_sys3(SYS_munmap, buffers, BUFFERS, 0);
		return NULL;
	}
	s->wire = s->near = s->far = -1;
	s->control = buffers + SHIM_WIRE_MAX;
	shim_queue_init(&s->queue, buffers + BUFFERS - SHIM_QUEUE_BYTES);
	pthread_mutex_init(&s->rx, NULL);
	pthread_mutex_init(&s->q, NULL);
	atomic_store(&s->refs, 1);
	return s;
}

/* Finding */

struct shim_sock *shim_sock_by_inode(dev_t dev, ino_t ino)
{
	for (unsigned i = 0; i < atomic_load(&n_socks); i++)
		if (socks[i].scratch && socks[i].ino == ino && socks[i].dev == dev &&
		    atomic_load(&socks[i].refs))
			return &socks[i];
	return NULL;
}

void shim_sock_identify(struct shim_sock *s, const struct shim_file_id *facade,
			const struct shim_file_id *retired)
{
	pthread_mutex_lock(&shim_table_lock);
	if (facade) {
		s->dev = facade->dev;
		s->ino = facade->ino;
	}
	if (retired)
		s->retired = *retired;
	pthread_mutex_unlock(&shim_table_lock);
}

static bool is_file(const struct shim_sock *s, const struct shim_file_id *id)
{
	return (s->ino == id->ino && s->dev == id->dev) ||
	       (s->retired.ino == id->ino && s->retired.dev == id->dev);
}

struct shim_sock *shim_sock_find(const struct shim_file_id *id)
{
	struct shim_sock *found = NULL, *s;
	unsigned n;

	pthread_mutex_lock(&shim_table_lock);
	s = socks;
	n = s ? atomic_load(&n_socks) : 0;
	for (; n && !found; n--, s++)
		if (s->scratch && is_file(s, id) && shim_sock_try_ref(s))
			found = s;
	pthread_mutex_unlock(&shim_table_lock);
	return found;
}

struct shim_sock *shim_sock_by_id(uint32_t index, uint32_t serial)
{
	struct shim_sock *s = &socks[index];

	if (!shim_sock_try_ref(s))
		return NULL;
	if (s->serial == serial)
		return s;
	shim_put(s);
	return NULL;
}

struct shim_sock *shim_sock_at(uint32_t i, bool *end)
{
	*end = i >= atomic_load(&n_socks);
	return !*end && shim_sock_try_ref(&socks[i]) ? &socks[i] : NULL;
}

struct shim_sock *shim_sock_unwatched(uint32_t *i)
{
	unsigned n = atomic_load_explicit(&n_socks, memory_order_acquire);

	while (*i < n) {
		struct shim_sock *s = &socks[(*i)++];

		if (shim_unlikely(s->in_epoll && !s->ensured) && shim_sock_try_ref(s))
			return s;
	}
	return NULL;
}

struct shim_sock *shim_route(struct shim_endpoint *ep, struct shim_sock *via,
			     const struct ds_addr *peer)
{
	struct shim_sock *any = via;

	if (!ep->n_connected || (via && via->connected && ds_addr_equal(&via->peer, peer)))
		return via ? via : ep->socks;
	for (struct shim_sock *s = ep->socks; s; s = s->next) {
		if (s->connected && ds_addr_equal(&s->peer, peer))
			return s;
		if (!any && !s->connected)
			any = s;
	}
	return any;
}

void shim_socks_forked(void)
{
	for (unsigned i = 0; i < atomic_load(&n_socks); i++) {
		struct shim_sock *s = &socks[i];

		if (!s->scratch)
			continue;
		pthread_mutex_init(&s->rx, NULL);
		pthread_mutex_init(&s->q, NULL);
		shim_queue_init(&s->queue, s->queue.mem);
		s->tokens = s->waiters = 0;
		s->leader = NULL;
		s->ensured = false;
		s->armed = false;
		s->framed = false;
		s->in_epoll = false; /* in one of the child's own, that is */
	}
}
