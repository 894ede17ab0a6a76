/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.c - see loop.h
 *
 * The loop has one thread for nearly everything, because a datagram costs little and threads would
 * only add locks; but a handshake with curves costs milliseconds, and is computed by a pool of threads
 * (host/jobs.h).  All other work is bounded by a turn: it waits, reads the time, handles what woke it,
 * gives the engine HOST_TURN for handshakes and key look-ups, and sends the batch.  Datagrams of
 * sessions wait for that budget at most, wherever the keys come from.  When handshakes are left, the
 * next turn looks for events without waiting for them.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host/images.h"
#include "host/log.h"
#include "proxy/loop.h"
#include "proxy/proxy.h"

#define WIRE_ROUNDS 4 /* full batches from the wire a turn */
#define EVENTS	    256
#define GOODBYE_MAX (2 * DS_SECOND) /* for close_notify to everybody */

static int watch(struct proxy_ports *all, int fd, enum proxy_kind kind, unsigned port)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = proxy_ref(kind, port, 0)};

	return epoll_ctl(all->epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* Of a gateway: news of this machine's addresses, where it may hear them. */
static int watch_uplink(struct proxy_ports *all, unsigned port)
{
	const struct proxy_gateway *g = all->port[port].gateway;

	return g && g->uplink.netlink >= 0 ? watch(all, g->uplink.netlink, PROXY_UPLINK, port) : 0;
}

int proxy_loop_init(struct proxy_ports *all)
{
	all->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (all->epoll < 0 || watch(all, all->signals, PROXY_SIGNAL, 0) ||
	    watch(all, all->jobs.evfd, PROXY_JOBS, 0) ||
	    watch(all, all->names.evfd, PROXY_NAMES, 0) ||
	    watch(all, host_keys_fd(all->keys), PROXY_KEYS, 0))
		return -1;
	for (unsigned i = 0; i < all->n; i++) {
		all->port[i].epoll = all->epoll;
		if (watch(all, all->port[i].wire, PROXY_WIRE, i) || watch_uplink(all, i))
			return -1;
	}
	return 0;
}

static void set_now(struct proxy_ports *all)
{
	all->now = host_now();
	for (unsigned i = 0; i < all->n; i++)
		all->port[i].now = all->now;
}

static void wire_datagram(struct proxy *p, struct mmsghdr *m)
{
	struct ds_input in = {.data = m->msg_hdr.msg_iov->iov_base, .len = m->msg_len};
	struct ds_message msg;

	if (m->msg_hdr.msg_flags & MSG_TRUNC) {
		p->stats.wire_toobig++;
		return;
	}
	host_path_from_msg(&in.path, &m->msg_hdr, p->port);
	if (p->gateway) {
		proxy_gateway_take(p, &in.path, in.data, in.len);
		return;
	}
	while (ds_engine_input(p->ep.engine, &in, &msg, p->now) == DS_MESSAGE) {
		if (p->source.kind == PROXY_SOURCE_TRANSPARENT) /* hear first that it moved */
			host_endpoint_flush(&p->ep);
		if (msg.clear)
			proxy_clear_send(p, &msg);
		else
			proxy_upstream_send(p, &msg);
	}
	host_endpoint_flush(&p->ep);
}

static void wire_read(struct proxy *p)
{
	for (int round = 0; round < WIRE_ROUNDS; round++) {
		unsigned int n = proxy_batch_recv(p->rx);

		for (unsigned int i = 0; i < n; i++)
			wire_datagram(p, &p->rx->msg[i]);
		if (n < PROXY_BATCH_RX)
			return;
	}
}

static void keys_work(struct proxy_ports *all)
{
	host_keys_work(all->keys, all->now);
	host_endpoint_answers(all->keys, all->eps, all->n);
	set_now(all); /* key programs were started, which takes time */
}

static void names_read(struct proxy_ports *all)
{
	proxy_names_seen(&all->names);
	for (unsigned i = 0; i < all->n; i++) {
		struct proxy *p = &all->port[i];

		if (p->gateway)
			proxy_uplink_named(&p->gateway->uplink, p->now);
		else
			proxy_backends_update(&p->backends, &all->names);
	}
}

/* The first engine reads the files, and the others take what it has. */
static int reload_files(struct proxy_ports *all)
{
	struct ds_engine *first = all->port[0].ep.engine;

	if (all->port[0].gateway)
		return proxy_gateway_reload(&all->port[0]);
	if (host_watch_reload(first, &all->opt, DS_SERVER))
		return -1;
	for (unsigned i = 1; i < all->n; i++)
		ds_engine_reload_like(all->port[i].ep.engine, first);
	return 0;
}

/* SIGHUP.  Keys and certificates each stay as they were if the new ones are no good. */
static void reload(struct proxy_ports *all)
{
	const struct host_options *o = &all->opt;
	char why[DS_WHY_MAX];
	bool ok = true;
	int err = 0;

	if (o->log_file) /* may have been rotated */
		err = host_log_open((enum host_log_level)o->log_level, o->log_file);
	if (err) {
		host_log(HOST_LOG_ERROR, "event=reload_failed what=log: %s: %s; the old one stays",
			 o->log_file, host_log_trouble(err));
		ok = false;
	}
	if (host_keys_reload(all->keys, why)) {
		host_log(HOST_LOG_ERROR, "event=reload_failed what=keys: %s; old ones kept", why);
		ok = false;
	}
	keys_work(all);
	proxy_names_ask(&all->names);
	host_watch_begin(&all->watch, o, all->now);
	if (reload_files(all))
		ok = false;
	if (ok)
		host_log(HOST_LOG_INFO, "event=reloaded");
}

/* Counters are nothing but 64-bit numbers. */
static void add_up(void *sum, const void *more, size_t size)
{
	uint64_t *to = sum;
	const uint64_t *from = more;

	for (size_t i = 0; i < size / sizeof(*to); i++)
		to[i] += from[i];
}

static size_t sessions(const struct proxy_ports *all)
{
	size_t n = 0;

	for (unsigned i = 0; i < all->n; i++)
		n += ds_engine_sessions(all->port[i].ep.engine);
	return n;
}

static void log_stats(const struct proxy_ports *all)
{
	static const char *const names[] = {
#define NAME(name, text) #name,
		PROXY_STATS_MAP(NAME)
#undef NAME
	};
	struct proxy_stats stats = {0};
	struct ds_stats engines = {0};
	size_t handshakes = 0;
	uint64_t lost = 0;
	uint32_t clear = 0;

	for (unsigned i = 0; i < all->n; i++) {
		const struct proxy *p = &all->port[i];

		add_up(&stats, &p->stats, sizeof(stats));
		add_up(&engines, ds_engine_stats(p->ep.engine), sizeof(engines));
		handshakes += ds_engine_handshakes(p->ep.engine);
		lost += p->tx->dropped;
		clear += p->clear.open;
	}
	host_log(HOST_LOG_INFO,
		 "event=stats sessions=%zu handshakes=%zu upstreams=%u clear=%u tx_lost=%llu",
		 sessions(all), handshakes, all->sockets.open, clear, (unsigned long long)lost);
	host_log_stats(&engines);
	host_log_counters(names, (const uint64_t *)&stats, sizeof(names) / sizeof(*names));
	if (all->port[0].gateway)
		proxy_gateway_log_stats(&all->port[0]);
}

static void signals_read(struct proxy_ports *all)
{
	struct signalfd_siginfo si;

	while (read(all->signals, &si, sizeof(si)) == sizeof(si)) {
		switch (si.ssi_signo) {
		case SIGHUP: reload(all); break;
		case SIGUSR1: log_stats(all); break;
		default: all->stop = true; break;
		}
	}
}

static ds_time earlier(ds_time a, ds_time b)
{
	return a < b ? a : b;
}

/* When something is due at @p: in its engine, or for port_work(). */
static ds_time port_deadline(const struct proxy *p)
{
	ds_time engine = ds_engine_deadline(p->ep.engine);

	if (p->gateway)
		return earlier(engine, proxy_gateway_deadline(p));
	return earlier(engine, earlier(p->probe.due, p->shared.look_at));
}

/* Milliseconds to the next deadline, for epoll_wait(2). */
static int wait_ms(const struct proxy_ports *all)
{
	ds_time next = earlier(host_keys_deadline(all->keys), host_watch_deadline(&all->watch));
	ds_time now;

	if (all->busy)
		return 0;
	for (unsigned i = 0; i < all->n; i++)
		next = earlier(next, port_deadline(&all->port[i]));
	if (next == DS_TIME_NEVER)
		return -1;
	now = host_now();
	if (next <= now)
		return 0;
	next = (next - now + DS_MSEC - 1) / DS_MSEC;
	return next > 60000 ? 60000 : (int)next;
}

static void handle(struct proxy_ports *all, uint64_t ref)
{
	struct proxy *p = &all->port[ref >> 32 & 0xffff];

	switch ((enum proxy_kind)(ref >> 48)) {
	case PROXY_WIRE: wire_read(p); break;
	case PROXY_UPSTREAM: proxy_upstream_read(p, (uint32_t)ref); break;
	case PROXY_CLEAR: proxy_clear_read(p, (uint32_t)ref); break;
	case PROXY_SHARED: proxy_shared_read(p, &p->shared); break;
	case PROXY_PROBE: proxy_probe_read(p, (uint32_t)ref); break;
	case PROXY_KEYS: keys_work(all); break;
	case PROXY_JOBS: host_endpoint_jobs_back(&all->jobs); break;
	case PROXY_SIGNAL: signals_read(all); break;
	case PROXY_NAMES: names_read(all); break;
	case PROXY_LINK: proxy_gateway_read(p, (uint32_t)ref); break;
	case PROXY_UPLINK: proxy_uplink_read(&p->gateway->uplink, p->now); break;
	}
}

/* A turn for each port; the first is the one after the last that got room in the pool. */
static void serve_each(struct proxy_ports *all)
{
	unsigned first = all->first;

	all->busy = false;
	for (unsigned k = 0; k < all->n; k++) {
		struct proxy *p = &all->port[(first + k) % all->n];

		all->busy |= host_endpoint_serve(&p->ep, all->keys, &all->jobs, HOST_TURN);
		if (host_jobs_last(&all->jobs) == &p->ep)
			all->first = p->index + 1;
	}
}

static void send_all(struct proxy_ports *all)
{
	for (unsigned i = 0; i < all->n; i++)
		proxy_batch_send(all->port[i].tx);
}

static bool is_flooded(const struct proxy_ports *all)
{
	for (unsigned i = 0; i < all->n; i++)
		if (ds_engine_is_flooded(all->port[i].ep.engine, all->now))
			return true;
	return false;
}

/* What is due at a port by time. */
static void port_work(struct proxy *p)
{
	if (p->gateway) {
		proxy_gateway_work(p);
		return;
	}
	proxy_probe_work(p);
	proxy_clear_expire(p);
	proxy_shared_look(p, &p->shared);
}

static void turn(struct proxy_ports *all)
{
	struct epoll_event ev[EVENTS];
	int n;

	if (is_flooded(all))
		(void)host_gather();
	n = epoll_wait(all->epoll, ev, EVENTS, wait_ms(all));
	set_now(all);
	for (int i = 0; i < n; i++)
		handle(all, ev[i].data.u64);
	for (unsigned i = 0; i < all->n; i++)
		port_work(&all->port[i]);
	if (host_keys_deadline(all->keys) <= all->now)
		keys_work(all);
	if (host_watch_changed(&all->watch, all->now) && !reload_files(all))
		host_log(HOST_LOG_INFO, "event=reloaded what=files");
	serve_each(all);
	set_now(all);
	send_all(all);
}

/* Some close_notify to sessions of @p; true if there are more. */
static bool goodbye(struct proxy *p)
{
	struct pollfd fd = {.fd = p->wire, .events = POLLOUT};
	bool more;

	if (p->ep.state)
		return false;
	more = ds_engine_close_all(p->ep.engine, p->now);
	host_endpoint_flush(&p->ep);
	proxy_batch_send(p->tx);
	poll(&fd, 1, 100);
	return more;
}

/* close_notify to every session that is not kept, as fast as the sockets take it. */
static void goodbye_all(struct proxy_ports *all)
{
	ds_time end = all->now + GOODBYE_MAX;
	bool more;

	do {
		more = false;
		for (unsigned i = 0; i < all->n; i++)
			more |= goodbye(&all->port[i]);
		set_now(all);
	} while (more && all->now < end);
}

/* Leaves the sessions to the next process.  The port is closed first, so that it is free for it. */
static void keep_sessions(struct proxy *p)
{
	host_images_settle(&p->ep);
	host_endpoint_flush(&p->ep);
	proxy_batch_send(p->tx);
	close(p->wire);
	ds_engine_free(p->ep.engine);
	p->ep.engine = NULL;
	host_state_close(p->ep.state);
}

/* What is computed at the moment belongs to the engines again. */
static void end_jobs(struct proxy_ports *all)
{
	host_jobs_stop(&all->jobs);
	for (unsigned i = 0; i < all->jobs.threads; i++)
		pthread_join(all->job_threads[i], NULL);
	host_endpoint_jobs_back(&all->jobs);
}

/* What devices have sent by now still gets to the server, if that is possible soon. */
static void finish_messages(struct proxy_ports *all)
{
	const struct proxy *p = &all->port[0];
	struct pollfd fd = {.fd = p->wire, .events = POLLIN};
	ds_time end = all->now + GOODBYE_MAX;

	while (all->now < end && (proxy_gateway_waits(p) || poll(&fd, 1, 0) > 0))
		turn(all);
}

void proxy_loop(struct proxy_ports *all)
{
	while (!all->stop)
		turn(all);
	if (all->port[0].gateway)
		finish_messages(all);
	end_jobs(all);
	for (unsigned i = 0; i < all->n && !all->port[i].gateway; i++)
		proxy_shared_close(&all->port[i].shared);
	host_log(HOST_LOG_INFO, "event=stopping sessions=%zu%s", sessions(all),
		 all->port[0].ep.state ? " kept" : "");
	goodbye_all(all);
	/* The first engine, which lends its certificates to the others, last */
	for (unsigned i = all->n; i-- > 0;)
		if (all->port[i].ep.state)
			keep_sessions(&all->port[i]);
}
