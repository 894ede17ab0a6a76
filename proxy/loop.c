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

static int watch(struct proxy *p, int fd, enum proxy_kind kind)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = proxy_ref(kind, 0)};

	return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev);
}

int proxy_loop_init(struct proxy *p)
{
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->epoll < 0 || watch(p, p->wire, PROXY_WIRE) || watch(p, p->signals, PROXY_SIGNAL))
		return -1;
	if (watch(p, p->jobs.evfd, PROXY_JOBS))
		return -1;
	return watch(p, host_keys_fd(p->keys), PROXY_KEYS);
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
	while (ds_engine_input(p->ep.engine, &in, &msg, p->now) == DS_MESSAGE) {
		if (p->source.kind == PROXY_SOURCE_TRANSPARENT) /* hear first that it moved */
			host_endpoint_flush(&p->ep);
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

static void keys_work(struct proxy *p)
{
	struct host_endpoint *ep = &p->ep;

	host_keys_work(p->keys, p->now);
	host_endpoint_answers(p->keys, &ep, 1);
	p->now = host_now(); /* key programs were started, which takes time */
}

/* SIGHUP.  Keys and certificates each stay as they were if the new ones are no good. */
static void reload(struct proxy *p)
{
	char why[DS_WHY_MAX];
	bool ok = true;
	int err = 0;

	if (p->opt.log_file) /* may have been rotated */
		err = host_log_open((enum host_log_level)p->opt.log_level, p->opt.log_file);
	if (err) {
		host_log(HOST_LOG_ERROR, "event=reload_failed what=log: %s: %s; the old one stays",
			 p->opt.log_file, host_log_trouble(err));
		ok = false;
	}
	if (host_keys_reload(p->keys, why)) {
		host_log(HOST_LOG_ERROR, "event=reload_failed what=keys: %s; old ones kept", why);
		ok = false;
	}
	keys_work(p);
	host_watch_begin(&p->watch, &p->opt, p->now);
	if (host_watch_reload(p->ep.engine, &p->opt, DS_SERVER))
		ok = false;
	if (ok)
		host_log(HOST_LOG_INFO, "event=reloaded");
}

static void log_stats(const struct proxy *p)
{
	static const char *const names[] = {
#define NAME(name, text) #name,
		PROXY_STATS_MAP(NAME)
#undef NAME
	};

	host_log(HOST_LOG_INFO, "event=stats sessions=%zu handshakes=%zu upstreams=%u tx_lost=%llu",
		 ds_engine_sessions(p->ep.engine), ds_engine_handshakes(p->ep.engine), p->up.open,
		 (unsigned long long)p->tx->dropped);
	host_log_stats(ds_engine_stats(p->ep.engine));
	host_log_counters(names, (const uint64_t *)&p->stats, sizeof(names) / sizeof(*names));
}

static void signals_read(struct proxy *p)
{
	struct signalfd_siginfo si;

	while (read(p->signals, &si, sizeof(si)) == sizeof(si)) {
		switch (si.ssi_signo) {
		case SIGHUP: reload(p); break;
		case SIGUSR1: log_stats(p); break;
		default: p->stop = true; break;
		}
	}
}

/* Milliseconds to the next deadline, for epoll_wait(2). */
static int wait_ms(const struct proxy *p)
{
	ds_time a = ds_engine_deadline(p->ep.engine), b = host_keys_deadline(p->keys);
	ds_time c = host_watch_deadline(&p->watch), next = a < b ? a : b, now;

	if (p->busy)
		return 0;
	next = c < next ? c : next;
	next = p->shared.look_at < next ? p->shared.look_at : next;
	if (next == DS_TIME_NEVER)
		return -1;
	now = host_now();
	if (next <= now)
		return 0;
	next = (next - now + DS_MSEC - 1) / DS_MSEC;
	return next > 60000 ? 60000 : (int)next;
}

static void handle(struct proxy *p, uint64_t ref)
{
	switch ((enum proxy_kind)(ref >> 32)) {
	case PROXY_WIRE: wire_read(p); break;
	case PROXY_UPSTREAM: proxy_upstream_read(p, (uint32_t)ref); break;
	case PROXY_SHARED: proxy_shared_read(p, &p->shared); break;
	case PROXY_KEYS: keys_work(p); break;
	case PROXY_JOBS: host_endpoint_jobs_back(&p->jobs); break;
	case PROXY_SIGNAL: signals_read(p); break;
	}
}

static void turn(struct proxy *p)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(p->epoll, ev, EVENTS, wait_ms(p));

	p->now = host_now();
	for (int i = 0; i < n; i++)
		handle(p, ev[i].data.u64);
	proxy_shared_look(p, &p->shared);
	if (host_keys_deadline(p->keys) <= p->now)
		keys_work(p);
	if (host_watch_changed(&p->watch, p->now) &&
	    !host_watch_reload(p->ep.engine, &p->opt, DS_SERVER))
		host_log(HOST_LOG_INFO, "event=reloaded what=files");
	p->busy = host_endpoint_serve(&p->ep, p->keys, &p->jobs, HOST_TURN);
	p->now = host_now();
	proxy_batch_send(p->tx);
}

/* close_notify to every session, as fast as the socket takes it. */
static void goodbye(struct proxy *p)
{
	struct pollfd fd = {.fd = p->wire, .events = POLLOUT};
	ds_time end = p->now + GOODBYE_MAX;
	bool more;

	host_log(HOST_LOG_INFO, "event=stopping sessions=%zu", ds_engine_sessions(p->ep.engine));
	do {
		more = ds_engine_close_all(p->ep.engine, p->now);
		host_endpoint_flush(&p->ep);
		proxy_batch_send(p->tx);
		poll(&fd, 1, 100);
		p->now = host_now();
	} while (more && p->now < end);
}

/* Leaves the sessions to the next process.  The port is closed first, so that it is free for it. */
static void keep_sessions(struct proxy *p)
{
	host_log(HOST_LOG_INFO, "event=stopping sessions=%zu kept",
		 ds_engine_sessions(p->ep.engine));
	host_images_settle(&p->ep);
	host_endpoint_flush(&p->ep);
	proxy_batch_send(p->tx);
	close(p->wire);
	ds_engine_free(p->ep.engine);
	p->ep.engine = NULL;
	host_state_close(p->ep.state);
}

/* What is computed at the moment belongs to the engine again. */
static void end_jobs(struct proxy *p)
{
	host_jobs_stop(&p->jobs);
	for (unsigned i = 0; i < p->jobs.threads; i++)
		pthread_join(p->job_threads[i], NULL);
	host_endpoint_jobs_back(&p->jobs);
}

void proxy_loop(struct proxy *p)
{
	while (!p->stop)
		turn(p);
	end_jobs(p);
	proxy_shared_close(&p->shared);
	if (p->ep.state)
		keep_sessions(p);
	else
		goodbye(p);
}
