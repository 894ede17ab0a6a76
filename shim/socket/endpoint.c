/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DTLS sessions belong to an address and port, not to a socket: with SO_REUSEPORT, or where a server
 * binds and connects a socket for each client, the kernel may give a session's datagrams to any of
 * several sockets.  So the engine belongs to the endpoint, and its sockets share it.
 *
 * The pool is never unmapped, and a slot is reused only when all others were used in turn: the service
 * thread and key look-ups refer to endpoints that may be gone when they come back.
 *
 * The registry of endpoints is under the table's lock and each engine is under its own, so a thread
 * that looks for an endpoint never waits for an engine at work.
 */
#include "shim/socket/endpoint.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>

#include "host/arena.h"
#include "host/images.h"
#include "host/log.h"
#include "host/plaintext.h"
#include "host/sys.h"
#include "host/udp.h"
#include "host/watch.h"
#include "shim/socket/above.h"
#include "shim/socket/facade.h"
#include "shim/socket/fdtab.h"

#define ENDPOINTS_MAX 1024U
#define END_MAX	      2 /* seconds exit() waits for a thread that is in the engine */

/* Slots are taken in turn: a late answer to a key look-up of an endpoint that is gone must not find
 * another in its place. */
static struct shim_endpoint *endpoints; /* ENDPOINTS_MAX, mapped at first use */
static atomic_uint n_endpoints;
static unsigned next_slot;

bool shim_endpoint_try_ref(struct shim_endpoint *ep)
{
	unsigned n = atomic_load_explicit(&ep->refs, memory_order_relaxed);

	while (n)
		if (atomic_compare_exchange_weak(&ep->refs, &n, n + 1))
			return true;
	return false;
}

/* Logs the counters of a server that ends.  A client, such as dig, logs nothing then. */
static void log_stats(struct shim_endpoint *ep)
{
	if (ep->role != DS_SERVER)
		return;
	host_log(HOST_LOG_INFO, "event=stats port=%u sessions=%zu", ep->key.port,
		 ds_engine_sessions(ep->host.engine));
	host_log_stats(ds_engine_stats(ep->host.engine));
}

void shim_endpoint_put(struct shim_endpoint *ep)
{
	if (atomic_fetch_sub_explicit(&ep->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (ep->engine_gen == shim_generation()) {
		if (shim_owned(ep))
			log_stats(ep);
		shim_above->client_fini(ep);
		ds_engine_free(ep->host.engine);
	}
	if (ep->big)
		host_sys3(SYS_munmap, ep->big, SHIM_BIG_BYTES, 0);
	shim_above->lease_drop(ep);
	pthread_mutex_destroy(&ep->host.lock);
	pthread_mutex_lock(&shim_table_lock);
	ep->key.family = 0; /* the slot is free */
	pthread_mutex_unlock(&shim_table_lock);
}

uint32_t shim_endpoint_count(void)
{
	return atomic_load(&n_endpoints);
}

struct shim_endpoint *shim_endpoint_at(uint32_t i, bool *end)
{
	*end = i >= atomic_load(&n_endpoints);
	return !*end && shim_endpoint_try_ref(&endpoints[i]) ? &endpoints[i] : NULL;
}

/* A datagram of the engine leaves through the socket at work, else through any that is not connected to
 * another peer. */
static void send_engine(struct host_endpoint *h, const struct ds_path *path, const void *buf,
			size_t len)
{
	struct shim_endpoint *ep = shim_endpoint_of(h);
	struct shim_sock *s = shim_route(ep, ep->via, &path->remote);
	struct ds_path p = *path;
	int r;

	if (!s)
		return;
	if (!s->wildcard) /* its own address is the only one it can send from */
		p.local.family = 0;
	r = host_udp_send(s->wire, s->family, &p, buf, len);
	/* An error the network reported for an earlier datagram is told once, to whoever is next */
	if (r == -ECONNREFUSED)
		host_udp_send(s->wire, s->family, &p, buf, len);
}

/* Adds the control message with which an early message would have come. */
static void add_pktinfo(struct shim_item *it, const struct ds_session_info *info,
			const struct shim_sock *s, char control[static HOST_PKTINFO_SPACE])
{
	struct msghdr m = {0};
	struct cmsghdr *c = (struct cmsghdr *)(void *)control;

	host_pktinfo_put(&m, &info->path.local, s->family, control);
	if (!m.msg_controllen)
		return;
	if (s->family == AF_INET) {
		struct in_pktinfo *p = (struct in_pktinfo *)(void *)CMSG_DATA(c);

		p->ipi_addr = p->ipi_spec_dst;
		p->ipi_ifindex = (int)info->path.local.scope;
	} else {
		((struct in6_pktinfo *)(void *)CMSG_DATA(c))->ipi6_ifindex = info->path.local.scope;
	}
	it->control = control;
	it->control_len = m.msg_controllen;
}

static void deliver_early(struct host_endpoint *h, const struct ds_message *msg)
{
	struct shim_endpoint *ep = shim_endpoint_of(h);
	struct shim_sock *s = shim_route(ep, NULL, &msg->peer);
	_Alignas(struct cmsghdr) char control[HOST_PKTINFO_SPACE];
	struct shim_item it = {.peer = msg->peer, .data = msg->data, .len = msg->len};
	struct ds_session_info info;

	if (!s)
		return;
	if (ds_engine_info(ep->host.engine, msg->session, &info))
		add_pktinfo(&it, &info, s, control);
	shim_facade_put(s, &it);
}

/* For each role, an engine from which all others of this process take their configuration: after
 * its first bind() the program may give up the right to read its keys, and bind again.  Certificates
 * that change are read again into these, and then handed on. */
static struct {
	pthread_mutex_t lock; /* after every other */
	struct host_watch watch;
	unsigned watch_gen;
	_Atomic ds_time look_at; /* at the files, next */
	atomic_uint readings;	 /* of the files since the process began */
	struct {
		struct ds_engine *engine;
		unsigned gen;
	} of[2];
} base = {.lock = PTHREAD_MUTEX_INITIALIZER, .look_at = DS_TIME_NEVER};

static int make_base(enum ds_role role, char *why)
{
	struct ds_config cfg;
	struct host_files files;

	if (base.watch_gen != shim_generation())
		host_watch_begin(&base.watch, &shim_options, host_now());
	base.watch_gen = shim_generation();
	atomic_store(&base.look_at, host_watch_deadline(&base.watch));
	if (host_config_make_as(&cfg, &files, &shim_options, role, why))
		return -1;
	if (!ds_engine_new(&base.of[role].engine, &cfg, host_now(), why))
		base.of[role].gen = shim_generation();
	explicit_bzero(&cfg, sizeof(cfg));
	host_files_free(&files);
	return base.of[role].gen == shim_generation() ? 0 : -1;
}

int shim_engine_like(struct ds_engine **out, enum ds_role role, char why[static DS_WHY_MAX])
{
	int r = 0;

	pthread_mutex_lock(&base.lock);
	if (base.of[role].gen != shim_generation())
		r = make_base(role, why);
	if (!r && out)
		r = ds_engine_new_like(out, base.of[role].engine, host_now(), why);
	pthread_mutex_unlock(&base.lock);
	return r ? -1 : 0;
}

int shim_engine_make(struct shim_endpoint *ep, char why[static DS_WHY_MAX])
{
	ep->files_seen = atomic_load(&base.readings);
	if (shim_engine_like(&ep->host.engine, ep->role, why))
		return -1;
	if (ep->role == DS_CLIENT) {
		shim_above->client_begins(ep);
	} else if (host_plaintext_begin(ep->host.engine, &shim_options, ep->key.port, why)) {
		ds_engine_free(ep->host.engine);
		return -1;
	}
	ep->host.state = NULL; /* not before this process serves */
	ep->engine_gen = shim_generation();
	ep->deadline = DS_TIME_NEVER;
	return 0;
}

bool shim_engines_reload(ds_time now)
{
	bool changed, ok = true;

	if (now < atomic_load(&base.look_at))
		return false;
	pthread_mutex_lock(&base.lock);
	changed = host_watch_changed(&base.watch, now);
	atomic_store(&base.look_at, host_watch_deadline(&base.watch));
	for (int role = DS_SERVER; changed && role <= DS_CLIENT; role++)
		if (base.of[role].gen == shim_generation() &&
		    host_watch_reload(base.of[role].engine, &shim_options, (enum ds_role)role))
			ok = false;
	if (changed)
		atomic_fetch_add(&base.readings, 1);
	pthread_mutex_unlock(&base.lock);
	return changed && ok;
}

ds_time shim_engines_reload_at(void)
{
	return atomic_load(&base.look_at);
}

void shim_engine_follow(struct shim_endpoint *ep)
{
	unsigned readings = atomic_load(&base.readings);

	if (ep->files_seen == readings)
		return;
	pthread_mutex_lock(&ep->host.lock);
	ep->files_seen = readings;
	pthread_mutex_lock(&base.lock);
	if (ep->engine_gen == shim_generation() && base.of[ep->role].gen == shim_generation())
		ds_engine_reload_like(ep->host.engine, base.of[ep->role].engine);
	pthread_mutex_unlock(&base.lock);
	ep->dirty = true; /* its deadline may be another now */
	pthread_mutex_unlock(&ep->host.lock);
}

bool shim_engine_done(struct shim_endpoint *ep)
{
	bool wanted = host_endpoint_flush(&ep->host);
	ds_time deadline = ds_engine_deadline(ep->host.engine);

	ep->via = NULL;
	atomic_store_explicit(&ep->deadline, deadline, memory_order_relaxed);
	if (wanted)
		ep->dirty = true;
	return wanted || shim_above->late(deadline);
}

void shim_up_drop(struct shim_endpoint *ep)
{
	host_fd_drop(ep->up_in);
	host_fd_drop(ep->up_out);
	ep->up_in = ep->up_out = -1;
}

/* Under the table's lock. */
static struct shim_endpoint *take_slot(void)
{
	if (!endpoints) {
		long p = host_sys6(SYS_mmap, 0, ENDPOINTS_MAX * sizeof(*endpoints),
				   PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p < 0 && p > -4096)
			return NULL;
		endpoints = (void *)p;
	}
	for (unsigned i = 0; i < ENDPOINTS_MAX; i++) {
		struct shim_endpoint *ep = &endpoints[next_slot];
		unsigned index = next_slot;

		next_slot = (next_slot + 1) % ENDPOINTS_MAX;
		if (ep->key.family)
			continue;
		memset((char *)ep, 0, sizeof(*ep));
		ep->lease = ep->up_in = ep->up_out = -1;
		host_state_fds(NULL, ep->state_fds);
		ep->index = index;
		if (index >= atomic_load(&n_endpoints))
			atomic_store(&n_endpoints, index + 1);
		return ep;
	}
	return NULL;
}

static bool is_wildcard(const struct ds_addr *a)
{
	static const uint8_t zero[16];

	return !memcmp(a->ip, zero, sizeof(zero));
}

/* A socket bound to one address joins the wildcard's endpoint: servers that answer each client from
 * a socket bound to the address it used do that.  Under the table's lock. */
static struct shim_endpoint *find(const struct ds_addr *key, int family, enum ds_role role)
{
	struct shim_endpoint *wild = NULL;

	for (unsigned i = 0; i < atomic_load(&n_endpoints); i++) {
		struct shim_endpoint *ep = &endpoints[i];

		if (!ep->key.family || !ep->n_socks || ep->host.family != family ||
		    ep->role != role || !key->port || ep->key.port != key->port)
			continue;
		if (ds_addr_equal(&ep->key, key))
			return ep;
		if (is_wildcard(&ep->key))
			wild = ep;
	}
	return wild;
}

/* The endpoint stays as long as the job; then the service thread has something to do. */
static void job_out(struct host_endpoint *h, bool out)
{
	struct shim_endpoint *ep = shim_endpoint_of(h);

	if (out) {
		atomic_fetch_add(&ep->refs, 1);
		return;
	}
	atomic_store(&ep->dirty, true);
	shim_endpoint_put(ep);
}

/* Sets what new and imported endpoints have in common; under the table's lock. */
static void init(struct shim_endpoint *ep, int family, enum ds_role role)
{
	pthread_mutex_init(&ep->host.lock, NULL);
	ep->role = role;
	ep->host.family = family;
	ep->host.send = send_engine;
	ep->host.deliver = deliver_early;
	ep->host.job_out = job_out;
	ep->host.event = role == DS_CLIENT ? shim_above->client_event : NULL;
}

static int make(struct shim_endpoint **out, const struct ds_addr *key, int family,
		enum ds_role role)
{
	struct shim_endpoint *ep;
	char why[DS_WHY_MAX];

	shim_open_log();
	ep = take_slot();
	if (!ep || shim_above->lease_make(ep))
		return -ENOBUFS;
	init(ep, family, role);
	ep->made_gen = shim_generation();
	ep->key = *key;
	/* Now and not when the first datagram comes: a mistake ends the program at its start */
	if ((role == DS_SERVER && host_state_check(&shim_options, why)) ||
	    shim_engine_make(ep, why) || shim_above->prepare(false, why)) {
		if (role == DS_SERVER)
			host_die(1, "%s", why);
		host_log(HOST_LOG_ERROR, "no DTLS client, nothing is sent: %s", why);
		if (ep->engine_gen == shim_generation())
			ds_engine_free(ep->host.engine);
		shim_above->lease_drop(ep);
		ep->key.family = 0; /* the slot is free */
		return -EPERM;
	}
	*out = ep;
	return 0;
}

/* A socket of its own on an endpoint that is another process's would take a part of its datagrams
 * away from it. */
static bool is_foreign(struct shim_endpoint *ep)
{
	if (ep->made_gen == shim_generation() || shim_above->own(ep) != SHIM_GUEST)
		return false;
	host_log(
		HOST_LOG_ERROR,
		"bind() to port %u refused: another process serves it; bind before fork(), or with "
		"a port of its own for each process",
		ep->key.port);
	return true;
}

static void leave(struct shim_endpoint *ep)
{
	pthread_mutex_lock(&shim_table_lock);
	ep->n_socks--;
	pthread_mutex_unlock(&shim_table_lock);
	shim_endpoint_put(ep);
}

static void add(struct shim_endpoint *ep, struct shim_sock *s)
{
	s->ep = ep;
	pthread_mutex_lock(&ep->host.lock);
	s->next = ep->socks;
	ep->socks = s;
	pthread_mutex_unlock(&ep->host.lock);
}

int shim_endpoint_join(struct shim_sock *s, const struct ds_addr *key, enum ds_role role)
{
	struct shim_endpoint *ep;
	int r = 0;

	pthread_mutex_lock(&shim_table_lock);
	ep = find(key, s->family, role);
	if (!ep)
		r = make(&ep, key, s->family, role);
	if (!r) {
		atomic_fetch_add(&ep->refs, 1);
		ep->n_socks++;
	}
	pthread_mutex_unlock(&shim_table_lock);
	if (r)
		return r;
	if (is_foreign(ep)) {
		leave(ep);
		return -EADDRINUSE;
	}
	add(ep, s);
	return 0;
}

/* Finds an endpoint by the identity of its page; with a reference, under the table's lock. */
static struct shim_endpoint *find_page(dev_t dev, ino_t ino)
{
	for (unsigned i = 0; i < atomic_load(&n_endpoints); i++)
		if (endpoints[i].key.family && endpoints[i].page_ino == ino &&
		    endpoints[i].page_dev == dev && shim_endpoint_try_ref(&endpoints[i]))
			return &endpoints[i];
	return NULL;
}

/* True for an endpoint that only an heir's thread still has; under the table's lock. */
static bool lacks_channel(struct shim_endpoint *ep)
{
	return ep->up_out < 0 && !shim_owned(ep);
}

bool shim_endpoint_has_page(dev_t dev, ino_t ino)
{
	struct shim_endpoint *ep;
	bool complete;

	pthread_mutex_lock(&shim_table_lock);
	ep = find_page(dev, ino);
	complete = ep && !lacks_channel(ep);
	pthread_mutex_unlock(&shim_table_lock);
	if (ep)
		shim_endpoint_put(ep);
	return complete;
}

/* A guest that had closed its last socket of @ep gets one again.  It still has a descriptor of the
 * lease. */
static int take_channel(struct shim_endpoint *ep, int fds[static SHIM_LEASE_FDS])
{
	if (fds[2] < 0)
		return -EAGAIN;
	ep->up_in = fds[1];
	ep->up_out = fds[2];
	fds[1] = fds[2] = -1;
	/* Closed now, since later that would release a lock which this process may have got */
	host_fd_drop(fds[0]);
	fds[0] = -1;
	return 0;
}

/* Makes an endpoint without an engine, since this process may never serve. */
static int take_over(struct shim_endpoint **out, const struct ds_addr *key, int family,
		     enum ds_role role, int fds[static SHIM_LEASE_FDS])
{
	struct shim_endpoint *ep;
	int r;

	shim_open_log();
	ep = take_slot();
	if (!ep)
		return -ENOBUFS;
	init(ep, family, role);
	r = shim_above->lease_take(ep, fds);
	if (r)
		return r;
	atomic_store(&ep->refs, 1);
	ep->key = *key;
	*out = ep;
	return 0;
}

int shim_endpoint_import(struct shim_sock *s, const struct shim_origin *from,
			 int fds[static SHIM_LEASE_FDS])
{
	struct shim_endpoint *ep;
	int r = 0;

	pthread_mutex_lock(&shim_table_lock);
	ep = find_page(from->page_dev, from->page_ino);
	if (!ep)
		r = take_over(&ep, &from->key, s->family, from->role, fds);
	else if (lacks_channel(ep))
		r = take_channel(ep, fds);
	if (!r)
		ep->n_socks++;
	pthread_mutex_unlock(&shim_table_lock);
	if (!r)
		add(ep, s);
	else if (ep)
		shim_endpoint_put(ep);
	return r;
}

void shim_endpoints_forked(void)
{
	pthread_mutex_init(&base.lock, NULL);
	atomic_store(&base.look_at, DS_TIME_NEVER);
	for (unsigned i = 0; i < atomic_load(&n_endpoints); i++) {
		struct shim_endpoint *ep = &endpoints[i];

		if (!ep->key.family)
			continue;
		pthread_mutex_init(&ep->host.lock, NULL);
		if (atomic_exchange(&ep->host.writing, false)) /* by a thread that is not here */
			atomic_fetch_sub(&ep->refs, 1);
		ep->host.mark = ep->host.may_leave = 0;
		/* That does not release the parent's lock, and this process has none yet */
		host_fd_drop(ep->state_fds[0]);
		host_fd_drop(ep->state_fds[1]);
		ep->host.state = NULL;
		host_state_fds(NULL, ep->state_fds);
	}
}

void shim_endpoint_park(struct shim_endpoint *ep)
{
	host_images_settle(&ep->host);
	host_endpoint_flush(&ep->host);
	ds_engine_forget(ep->host.engine);
	host_state_close(ep->host.state);
	ep->host.state = NULL;
	host_state_fds(NULL, ep->state_fds);
}

/* The program ends with the socket open.  Other threads may be in the middle of a call: they find no
 * session any more. */
void shim_endpoints_end(void)
{
	struct shim_endpoint *ep;
	struct timespec until;
	bool end;

	for (uint32_t i = 0; ep = shim_endpoint_at(i, &end), !end; i++) {
		if (!ep)
			continue;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += END_MAX;
		if (shim_owned(ep) && !pthread_mutex_timedlock(&ep->host.lock, &until)) {
			log_stats(ep);
			if (ep->host.state)
				shim_endpoint_park(ep);
			pthread_mutex_unlock(&ep->host.lock);
		}
		shim_endpoint_put(ep);
	}
}
