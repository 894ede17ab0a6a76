/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that waits in its own epoll still has to do handshakes, and a thread that calls recvfrom()
 * must not compute the handshakes of other peers meanwhile.  So one thread a process does what takes
 * long, and reads the wires that nobody else reads at the moment.
 *
 * The thread sleeps in one epoll set.  In it are the armed wires, the channels from guests, the key
 * sources, the rendezvous, and an eventfd with which other threads kick it.  Each event says what it
 * is about by kind, number and serial and never by a pointer, so an event that was fetched before
 * its socket was closed finds nothing.
 *
 * Each endpoint has HOST_TURN at a time, and between two turns the thread looks after keys, guests and
 * wires: a flood of handshakes at one port delays the other ports by a turn.
 *
 * Signatures and the like are computed by a pool of threads (host/jobs.h): records do not wait for them
 * where this thread reads the wires.  When the pool is full, endpoints get what becomes free in turns.
 *
 * A kick costs a system call, and most are not needed: other threads see in ->until when the thread
 * wakes by itself, and in ->kicked that somebody has kicked it already.
 *
 * The thread, its epoll set and its keys belong to one process.  A forked child has its parent's
 * numbers in memory but not the thread, so each is marked with the generation it was made in.
 *
 * shim_service_remove() promises that the thread does not use a socket any more.  ->pump is held while
 * it does, and is taken with no lock held, so waiting for it cannot deadlock.
 */
#include "shim/serve/service.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "host/arena.h"
#include "host/images.h"
#include "host/jobs.h"
#include "host/keys.h"
#include "host/log.h"
#include "host/log_queue.h"
#include "host/sys.h"
#include "host/text.h"
#include "shim/serve/dropped.h"
#include "shim/serve/lease.h"
#include "shim/socket/facade.h"
#include "shim/socket/above.h"
#include "shim/serve/guests.h"
#include "shim/serve/rendezvous.h"
#include "shim/serve/threads.h"
#include "shim/serve/guest_channel.h"

#define EVENTS	  32
#define ENDPOINTS 1024
#define LOOK	  (250 * DS_MSEC) /* between looks at sockets whose changes wake nobody */

/* Kinds of descriptors in the epoll set. */
enum wake_kind { WAKE_KICK, WAKE_KEYS, WAKE_JOBS, WAKE_RENDEZVOUS, WAKE_GUESTS, WAKE_WIRE };

static struct {
	pthread_mutex_t lock; /* starting, opening keys */
	pthread_mutex_t pump; /* held while the thread reads a wire; taken with no lock held */
	_Atomic unsigned gen; /* process the thread runs in */
	int epfd, evfd;
	struct host_keys *keys;
	struct host_jobs jobs;
	bool has_jobs;		   /* their threads run */
	uint32_t first;		   /* the endpoint that has the next turn */
	_Atomic unsigned keys_gen; /* process keys and descriptors were opened in */
	_Atomic ds_time until;	   /* when the thread wakes by itself; 0 = nobody needs to kick */
	atomic_bool kicked;
	atomic_bool look; /* there is something to look at */
	ds_time look_at;  /* the thread's own; 0 = no time is set */
	bool flooded;	  /* a wire with a flood of hellos was read */
} svc = {.lock = PTHREAD_MUTEX_INITIALIZER,
	 .pump = PTHREAD_MUTEX_INITIALIZER,
	 .epfd = -1,
	 .evfd = -1,
	 .jobs = {.evfd = -1}};

static bool running(void)
{
	return atomic_load_explicit(&svc.gen, memory_order_acquire) == shim_generation();
}

/* Descriptors are there, whether or not the thread runs yet. */
static bool prepared(void)
{
	return atomic_load_explicit(&svc.keys_gen, memory_order_acquire) == shim_generation();
}

/* An epoll event's word: the kind, and of a wire or channel the place in its pool and, where a place is
 * used again, the serial of this use. */
static uint64_t wake_ref(enum wake_kind kind, uint32_t index, uint32_t serial)
{
	return (uint64_t)kind << 56 | (uint64_t)index << 32 | serial;
}

static int watch(int fd, enum wake_kind kind, uint32_t index)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = wake_ref(kind, index, 0)};

	return (int)host_sys6(SYS_epoll_ctl, svc.epfd, EPOLL_CTL_ADD, fd, &ev, 0, 0);
}

static int make_descriptors(void)
{
	long r = host_sys3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0);

	if (r < 0)
		return (int)r;
	svc.epfd = host_fd_keep((int)r);
	r = host_sys3(SYS_eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0);
	if (r < 0)
		return (int)r;
	svc.evfd = host_fd_keep((int)r);
	if (svc.epfd < 0 || svc.evfd < 0)
		return -EMFILE;
	r = host_jobs_open(&svc.jobs, host_jobs_wanted(&shim_options));
	if (!r)
		r = watch(svc.jobs.evfd, WAKE_JOBS, 0);
	if (!r)
		r = watch(svc.evfd, WAKE_KICK, 0);
	if (!r && host_keys_fd(svc.keys) >= 0)
		r = watch(host_keys_fd(svc.keys), WAKE_KEYS, 0);
	if (!r && shim_rendezvous_fd() >= 0)
		r = watch(shim_rendezvous_fd(), WAKE_RENDEZVOUS, 0);
	return (int)r;
}

static void drop_descriptors(void)
{
	host_fd_drop(svc.epfd);
	host_fd_drop(svc.evfd);
	host_fd_drop(svc.jobs.evfd);
	svc.epfd = svc.evfd = svc.jobs.evfd = -1;
	svc.has_jobs = false;
}

static int prepare(bool heir, char why[static DS_WHY_MAX])
{
	static const struct host_options none;
	/* A client has one key, which its engine knows */
	const struct host_options *o = host_has_role(&shim_options, DS_SERVER) ? &shim_options
									       : &none;
	/* Nothing that an heir finds in a file ends its program */
	int r = heir ? host_keys_open(&svc.keys, o, why) : host_keys_begin(&svc.keys, o, why);

	if (r)
		return r;
	shim_rendezvous_open(); /* without it only forked processes can share */
	r = make_descriptors();
	if (r) {
		drop_descriptors();
		host_keys_close(svc.keys);
		return host_why(why, "no descriptors for the service thread: errno %d", -r);
	}
	svc.keys_gen = shim_generation();
	return 0;
}

int shim_service_prepare(bool heir, char why[static DS_WHY_MAX])
{
	int r = 0;

	pthread_mutex_lock(&svc.lock);
	if (svc.keys_gen != shim_generation())
		r = prepare(heir, why);
	pthread_mutex_unlock(&svc.lock);
	return r;
}

void shim_kick(void)
{
	uint64_t one = 1;

	if (running() && !atomic_exchange(&svc.kicked, true))
		host_sys3(SYS_write, svc.evfd, &one, sizeof(one));
}

void shim_service_look(void)
{
	if (!atomic_load_explicit(&svc.look, memory_order_relaxed) &&
	    !atomic_exchange(&svc.look, true))
		shim_kick();
}

bool shim_service_late(ds_time deadline)
{
	return deadline < atomic_load_explicit(&svc.until, memory_order_relaxed);
}

bool shim_service_arm(struct shim_sock *s)
{
	/* Where the service thread alone reads the wire, an error that nobody takes must not keep
	 * the thread busy; so it is told of edges only */
	struct epoll_event ev = {.events = EPOLLIN | (s->framed ? EPOLLET : EPOLLONESHOT),
				 .data.u64 = wake_ref(WAKE_WIRE, s->index, s->serial)};
	long r;

	if (!prepared())
		return false;
	r = host_sys6(SYS_epoll_ctl, svc.epfd, EPOLL_CTL_MOD, s->wire, &ev, 0, 0);
	if (r == -ENOENT)
		r = host_sys6(SYS_epoll_ctl, svc.epfd, EPOLL_CTL_ADD, s->wire, &ev, 0, 0);
	return r == 0;
}

void shim_service_remove(struct shim_sock *s)
{
	struct epoll_event ev;

	if (!prepared())
		return;
	pthread_mutex_lock(&svc.pump);
	shim_sock_turn(s, SHIM_SERVED, SHIM_CLOSING);
	host_sys6(SYS_epoll_ctl, svc.epfd, EPOLL_CTL_DEL, s->wire, &ev, 0, 0);
	pthread_mutex_unlock(&svc.pump);
}

void shim_service_watch(struct shim_endpoint *ep)
{
	watch(ep->up_in, WAKE_GUESTS, ep->index);
}

void shim_service_unwatch(struct shim_endpoint *ep)
{
	struct epoll_event ev;

	/* Where other processes have copies of the channel, closing ours does not take it out */
	if (prepared() && ep->up_in >= 0)
		host_sys6(SYS_epoll_ctl, svc.epfd, EPOLL_CTL_DEL, ep->up_in, &ev, 0, 0);
}

static ds_time look_deadline(void)
{
	if (!svc.look_at && atomic_load(&svc.look))
		svc.look_at = host_now() + LOOK;
	return svc.look_at ? svc.look_at : DS_TIME_NEVER;
}

/* Milliseconds until the earliest deadline, rounded up. */
static int sleep_ms(void)
{
	struct shim_endpoint *ep;
	ds_time now, until;
	bool end;

	/* Meanwhile a deadline that comes nearer is always worth a kick */
	atomic_store(&svc.until, DS_TIME_NEVER);
	until = host_keys_deadline(svc.keys);
	if (shim_engines_reload_at() < until)
		until = shim_engines_reload_at();
	for (uint32_t i = 0; ep = shim_endpoint_at(i, &end), !end; i++) {
		ds_time d;

		if (!ep)
			continue;
		d = shim_owned(ep) ? atomic_load(&ep->deadline) : DS_TIME_NEVER;
		if (atomic_load(&ep->dirty))
			d = 0;
		until = d < until ? d : until;
		shim_endpoint_put(ep);
	}
	if (look_deadline() < until)
		until = look_deadline();
	if (until != DS_TIME_NEVER)
		atomic_store(&svc.until, until);
	now = host_now();
	if (until == DS_TIME_NEVER || until > now + DS_SECOND * 86400)
		return 86400 * 1000;
	return until <= now ? 0 : (int)((until - now + DS_MSEC - 1) / DS_MSEC);
}

/* NULL: this thread computes them. */
static struct host_jobs *long_jobs(void)
{
	return svc.has_jobs ? &svc.jobs : NULL;
}

static bool has_room(void)
{
	return !svc.has_jobs || host_jobs_have_room(&svc.jobs);
}

static void serve(struct shim_endpoint *ep, ds_time now)
{
	if (!shim_owned(ep))
		return;
	shim_engine_follow(ep);
	if (!atomic_exchange(&ep->dirty, false) && atomic_load(&ep->deadline) > now &&
	    !(ep->host.wants_room && has_room()))
		return;
	if (host_endpoint_serve(&ep->host, svc.keys, long_jobs(), HOST_TURN))
		atomic_store(&ep->dirty, true); /* the others come first */
	pthread_mutex_lock(&ep->host.lock);
	atomic_store(&ep->deadline, ds_engine_deadline(ep->host.engine));
	pthread_mutex_unlock(&ep->host.lock);
}

/* A turn for each endpoint; the first is the one after the last that got room in the pool.  Return: how
 * many @eps are ours, each with a reference. */
static size_t serve_each(struct host_endpoint *eps[static ENDPOINTS], ds_time now)
{
	uint32_t count = shim_endpoint_count(), first = svc.first;
	size_t n = 0;
	bool end;

	for (uint32_t k = 0; k < count; k++) {
		uint32_t i = (first + k) % count;
		struct shim_endpoint *ep = shim_endpoint_at(i, &end);

		if (!ep)
			continue;
		serve(ep, now);
		if (host_jobs_last(&svc.jobs) == &ep->host)
			svc.first = i + 1;
		if (shim_owned(ep) && n < ENDPOINTS)
			eps[n++] = &ep->host;
		else
			shim_endpoint_put(ep);
	}
	return n;
}

/* Everything that is due, for all endpoints. */
static void serve_all(void)
{
	static struct host_endpoint *eps[ENDPOINTS];
	struct shim_endpoint *ep;
	ds_time now = host_now();
	bool reloaded;
	size_t n;

	shim_dropped_look(now);
	reloaded = shim_engines_reload(now);
	n = serve_each(eps, now);
	if (reloaded)
		host_log(HOST_LOG_INFO, "event=reloaded what=files");
	host_keys_work(svc.keys, now);
	host_endpoint_answers(svc.keys, eps, n);
	while (n--) {
		ep = shim_endpoint_of(eps[n]);
		pthread_mutex_lock(&ep->host.lock);
		/* A key was there: at once */
		if (host_endpoint_wants(&ep->host, long_jobs()))
			atomic_store(&ep->dirty, true);
		atomic_store(&ep->deadline, ds_engine_deadline(ep->host.engine));
		pthread_mutex_unlock(&ep->host.lock);
		shim_endpoint_put(ep);
	}
}

static void wire_readable(uint32_t index, uint32_t serial, uint32_t events)
{
	struct shim_sock *s;

	pthread_mutex_lock(&svc.pump);
	s = shim_sock_by_id(index, serial);
	if (s) {
		if (s->life != SHIM_CLOSING)
			shim_above->pump(s, events & EPOLLERR);
		svc.flooded |= atomic_load_explicit(&s->ep->flooded, memory_order_relaxed);
		shim_put(s);
	}
	pthread_mutex_unlock(&svc.pump);
}

static void guests_ask(uint32_t index, uint32_t events)
{
	bool end, more;
	struct shim_endpoint *ep = shim_endpoint_at(index, &end);

	if (!ep)
		return;
	more = shim_owned(ep) && shim_up_serve(ep);
	/* No guest has the channel any more, but a thread in the middle of a call may keep @ep a
	 * while */
	if (events & EPOLLHUP && !more)
		shim_service_unwatch(ep);
	shim_endpoint_put(ep);
}

static void kicked(void)
{
	uint64_t count;

	host_sys3(SYS_read, svc.evfd, &count, sizeof(count));
	atomic_store(&svc.kicked, false);
}

static void woken(uint64_t ref, uint32_t events)
{
	uint32_t index = ref >> 32 & 0xffffff;

	switch ((enum wake_kind)(ref >> 56)) {
	case WAKE_KICK: kicked(); break;
	case WAKE_KEYS: break; /* every turn looks at the keys */
	case WAKE_JOBS: host_endpoint_jobs_back(&svc.jobs); break;
	case WAKE_RENDEZVOUS: shim_rendezvous_serve(); break;
	case WAKE_GUESTS: guests_ask(index, events); break;
	case WAKE_WIRE: wire_readable(index, (uint32_t)ref, events); break;
	}
}

/* Puts back a token that was read past the hooks, or ends a socket that no other process holds any
 * more; true if @s wants another look.  Takes the reference. */
static bool look_at(struct shim_sock *s)
{
	bool again = false;
	enum shim_life life;

	/* Once shim_service_remove() returns this thread may hold no reference; so it gives its
	 * own back under the lock */
	pthread_mutex_lock(&svc.pump);
	life = s->life;
	if (life == SHIM_SERVED && shim_owned(s->ep))
		again = shim_facade_check(s);
	if (life != SHIM_LEFT)
		shim_put(s);
	pthread_mutex_unlock(&svc.pump);
	if (life == SHIM_LEFT) {
		again = shim_share_check(s);
		shim_put(s);
	}
	return again;
}

static void look(void)
{
	bool again = false, end;
	struct shim_sock *s;

	if (!svc.look_at || host_now() < svc.look_at)
		return;
	svc.look_at = 0;
	atomic_store(&svc.look, false);
	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++)
		if (s)
			again |= look_at(s);
	if (again)
		atomic_store(&svc.look, true);
}

static void *run(void *arg)
{
	struct epoll_event ev[EVENTS];

	(void)arg;
	shim_inside = true;
	for (;;) {
		long n;

		if (svc.flooded)
			(void)host_gather();
		svc.flooded = false;
		n = host_sys6(SYS_epoll_pwait, svc.epfd, ev, EVENTS, sleep_ms(), 0, 8);

		for (long i = 0; i < n; i++)
			woken(ev[i].data.u64, ev[i].events);
		serve_all();
		look();
	}
	return NULL;
}

static void *run_log(void *unused)
{
	shim_inside = true;
	return host_log_write(unused);
}

static void *run_images(void *evfd)
{
	shim_inside = true;
	return host_images_work(evfd);
}

static void *run_jobs(void *jobs)
{
	shim_inside = true;
	return host_jobs_work(jobs);
}

/* A client computes few handshakes, and does that in the service thread. */
static void start_jobs(void)
{
	unsigned wanted = svc.jobs.threads, n = 0;
	int r = 0;

	if (svc.has_jobs || !host_has_role(&shim_options, DS_SERVER))
		return;
	while (n < wanted && !(r = shim_thread_start(HOST_JOBS_NAME, run_jobs, &svc.jobs)))
		n++;
	if (r)
		host_log(HOST_LOG_ERROR,
			 "only %u of %u threads for handshakes (DTLSSHIM_HANDSHAKE_THREADS) can "
			 "start: errno %d",
			 n, wanted, -r);
	svc.jobs.threads = n;
	svc.has_jobs = n > 0;
}

void shim_service_start(void)
{
	int r;

	if (running())
		return;
	pthread_mutex_lock(&svc.lock);
	if (!running()) {
		(void)shim_thread_start("dtls-log", run_log,
					NULL); /* else each writes its own lines */
		if (shim_options.state)
			(void)shim_thread_start("dtls-images", run_images, &svc.jobs.evfd);
		start_jobs();
		atomic_store_explicit(&svc.gen, shim_generation(), memory_order_release);
		r = shim_thread_start(SHIM_THREAD, run, NULL);
		if (r) {
			atomic_store(&svc.gen, 0);
			host_log(HOST_LOG_ERROR,
				 "the service thread cannot start: errno %d; no handshakes", -r);
		}
	}
	pthread_mutex_unlock(&svc.lock);
}

void shim_service_forked(void)
{
	pthread_mutex_init(&svc.lock, NULL);
	pthread_mutex_init(&svc.pump, NULL);
	drop_descriptors();
	shim_threads_forked();
	atomic_store(&svc.kicked, false);
	atomic_store(&svc.look, false);
	svc.look_at = 0;
	atomic_store(&svc.until, 0);
}
