/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * connect() and the sends with a name look at the port they are given; a listed one makes the
 * socket protected (protect.c) before the call goes on as any call on a protected socket.  Each such
 * socket has an endpoint of its own, because an engine has one session an address.  The engines
 * share what they are configured with: one made at the start, before the program can give up the
 * right to read its keys.
 */
#include "shim/calls/client.h"

#include <limits.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <string.h>

#include "host/arena.h"
#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/facade.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/wire.h"
#include "shim/serve/lease.h"
#include "shim/calls/recv.h"
#include "shim/calls/send.h"
#include "shim/calls/unprotected.h"
#include "shim/serve/service.h"
#include "shim/calls/wait.h"
#include "shim/socket/choose.h"
#include "shim/socket/protect.h"

/* A message that waits for a session */
struct shim_held {
	struct shim_held *next;
	struct ds_addr to;
	ds_time since;
	size_t len;
	uint8_t data[];
};

bool shim_client_role;

int shim_client_init(char why[static DS_WHY_MAX])
{
	int r;

	if (!host_has_role(&shim_options, DS_CLIENT))
		return 0;
	shim_client_role = true;
	/* Every program below this one reads the same key, whether it is a client or not */
	host_log_set_level(HOST_LOG_ERROR);
	r = shim_engine_like(NULL, DS_CLIENT, why);
	host_log_set_level(HOST_LOG_INFO);
	return r;
}

void shim_client_begins(struct shim_endpoint *ep)
{
	/* The memory that a parent held messages in is not here any more */
	memset(&ep->client, 0, sizeof(ep->client));
	ep->client.held_tail = &ep->client.held;
}

/* Names */

static const struct host_port *port_of_program(uint16_t port)
{
	for (uint32_t i = 0; i < shim_options.n_ports; i++)
		if (shim_options.ports[i].program == port)
			return &shim_options.ports[i];
	return NULL;
}

static const struct host_port *port_of_wire(uint16_t port)
{
	for (uint32_t i = 0; i < shim_options.n_ports; i++)
		if (shim_options.ports[i].wire == port)
			return &shim_options.ports[i];
	return NULL;
}

struct ds_addr shim_client_shown(const struct shim_sock *s, const struct ds_addr *peer)
{
	const struct host_port *p = s->ep->role == DS_CLIENT ? port_of_wire(peer->port) : NULL;
	struct ds_addr shown = *peer;

	if (p)
		shown.port = p->program;
	return shown;
}

void shim_client_loopback(struct ds_addr *a)
{
	static const uint8_t zero[16], v4[4] = {127, 0, 0, 1};

	if (memcmp(a->ip, zero, sizeof(zero)))
		return;
	if (a->family == 4)
		memcpy(a->ip, v4, sizeof(v4));
	else if (a->family == 6)
		a->ip[15] = 1;
}

bool shim_client_wire(struct ds_addr *a)
{
	const struct host_port *p = port_of_program(a->port);

	if (p)
		a->port = p->wire;
	shim_client_loopback(a);
	return p;
}

/* The port in a socket address, 0 if it has none. */
static uint16_t port_in(const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_in in;

	if (!sa || len < sizeof(in))
		return 0;
	memcpy(&in, sa, sizeof(in)); /* may be unaligned; sin6_port stands at the same place */
	/* AF_UNSPEC: sendto() takes it for AF_INET */
	if (in.sin_family != AF_INET && in.sin_family != AF_INET6 && in.sin_family != AF_UNSPEC)
		return 0;
	return ntohs(in.sin_port);
}

bool shim_client_name(const struct sockaddr *sa, socklen_t len, union host_sockaddr *out)
{
	const struct host_port *p = port_of_program(port_in(sa, len));

	if (!p)
		return false;
	memcpy(out, sa, len < sizeof(*out) ? len : sizeof(*out));
	out->in.sin_port = htons(p->wire);
	return true;
}

/* Sockets that are not protected yet */

/* Puts the address in @rq that @fd is bound to, or shall be. */
static int local_name(int fd, struct shim_request *rq)
{
	int r;

	rq->len = sizeof(rq->sa);
	r = (int)host_sys3(SYS_getsockname, fd, &rq->sa, &rq->len);
	rq->bound = rq->sa.in.sin_port != 0;
	rq->program = rq->wire = ntohs(rq->sa.in.sin_port);
	return r;
}

static int protect(int fd, int family, struct shim_sock **s)
{
	struct shim_request rq = {.role = DS_CLIENT, .family = family};
	int r = local_name(fd, &rq);

	if (!r)
		r = shim_protect(fd, &rq);
	if (r)
		return r;
	*s = shim_fd_get(fd);
	if (!*s || *s == SHIM_HIDDEN)
		return -EBADF; /* closed by another thread meanwhile */
	/* The socket may be connected already, to an address that needed no protection */
	if (shim_enter()) {
		pthread_mutex_lock(&(*s)->ep->host.lock);
		shim_refresh_peer(*s);
		pthread_mutex_unlock(&(*s)->ep->host.lock);
		shim_leave();
	}
	return 0;
}

int shim_client_meet_slow(int fd, const struct sockaddr *sa, socklen_t len, struct shim_sock **s)
{
	uint16_t port = port_in(sa, len);
	bool listed = port_of_program(port);
	static struct host_log_limit limit;
	int family;

	if (!listed && !(port && port_of_wire(port))) {
		shim_unprotected_send(fd, port);
		return 0;
	}
	family = shim_udp_family(fd);
	if (!family)
		return 0;
	if (listed)
		return protect(fd, family, s);
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=send_refused port=%u: DTLSSHIM_PORTS uses it on the wire for "
			 "another port of the program",
			 port);
	return -EPERM;
}

bool shim_client_arrived(int fd)
{
	union host_sockaddr peer, wire;
	socklen_t len = sizeof(peer);

	if (!shim_client_role || host_sys3(SYS_getpeername, fd, &peer, &len))
		return false;
	if (!shim_client_name(&peer.sa, len, &wire))
		return port_of_wire(port_in(&peer.sa, len));
	if (wire.in.sin_port != peer.in.sin_port && host_sys3(SYS_connect, fd, &wire, len))
		host_die(1, "descriptor %d cannot be connected to port %u instead of %u", fd,
			 ntohs(wire.in.sin_port), ntohs(peer.in.sin_port));
	return true;
}

int shim_client_meet_any_slow(int fd, const struct mmsghdr *vec, unsigned n, struct shim_sock **s)
{
	int r = 0;

	for (unsigned i = 0; i < n && !r && !*s; i++)
		r = shim_client_meet_slow(fd, vec[i].msg_hdr.msg_name, vec[i].msg_hdr.msg_namelen,
					  s);
	return r;
}

/* Messages that wait */

static void drop_held(struct shim_client *c, struct shim_held **at)
{
	struct shim_held *h = *at;

	*at = h->next;
	if (!*at)
		c->held_tail = at;
	c->n_held--;
	c->held_bytes -= h->len;
	explicit_bzero(h->data, h->len);
	host_arena_free(h, sizeof(*h) + h->len);
	if (!c->n_held)
		host_sys6(SYS_futex, &c->n_held, FUTEX_WAKE_PRIVATE, INT_MAX, 0, 0, 0);
}

static void log_dropped(const struct ds_addr *peer, unsigned n, const char *why)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];

	if (n)
		host_log_limited(&limit, HOST_LOG_WARN, "event=dropped peer=%s count=%u: %s",
				 ds_addr_format(peer, text), n, why);
}

static void drop_old(struct shim_client *c)
{
	ds_time now = host_now();

	while (c->held && now - c->held->since > SHIM_HELD_TIME) {
		log_dropped(&c->held->to, 1, "waited too long for a session");
		drop_held(c, &c->held);
	}
}

static void push(struct shim_client *c, const struct ds_addr *to, const struct msghdr *msg,
		 size_t len)
{
	struct shim_held *h = NULL;
	size_t at = 0;

	drop_old(c);
	if (c->n_held < SHIM_HELD_MAX && c->held_bytes + len <= SHIM_HELD_BYTES)
		h = host_arena_alloc(sizeof(*h) + len);
	if (!h) {
		log_dropped(to, 1, "too many wait for a session");
		return;
	}
	h->to = *to;
	h->since = host_now();
	h->len = len;
	for (size_t i = 0; i < msg->msg_iovlen; i++) {
		if (msg->msg_iov[i].iov_len)
			memcpy(h->data + at, msg->msg_iov[i].iov_base, msg->msg_iov[i].iov_len);
		at += msg->msg_iov[i].iov_len;
	}
	*c->held_tail = h;
	c->held_tail = &h->next;
	c->n_held++;
	c->held_bytes += len;
}

void shim_client_fini(struct shim_endpoint *ep)
{
	while (ep->client.held)
		drop_held(&ep->client, &ep->client.held);
}

/* Sending */

static bool wants_errors(const struct shim_sock *s, const struct ds_addr *peer)
{
	bool v6 = s->family == AF_INET6;
	int on = 0;
	socklen_t len = sizeof(on);

	if (s->connected)
		return ds_addr_equal(&s->peer, peer);
	host_sys6(SYS_getsockopt, s->wire, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
		  v6 ? IPV6_RECVERR : IP_RECVERR, &on, &len, 0);
	return on;
}

static int no_client(const struct ds_addr *to, const char *why)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];

	host_log_limited(&limit, HOST_LOG_WARN, "event=send_refused peer=%s: %s, nothing sent",
			 ds_addr_format(to, text), why);
	return -EPERM;
}

int shim_client_unlisted(const struct ds_addr *to)
{
	return no_client(to, "this socket is protected, and the port is not in DTLSSHIM_PORTS");
}

static bool is_group(const struct ds_addr *a)
{
	static const uint8_t all[4] = {255, 255, 255, 255};

	return a->family == 4 ? (a->ip[0] & 0xf0) == 0xe0 || !memcmp(a->ip, all, sizeof(all))
			      : a->ip[0] == 0xff;
}

int shim_client_begin(struct shim_sock *s)
{
	int error = 0;

	if (!s->ensured) /* answers are to be read, even if the program never asks for them */
		shim_ensure(s);
	if (!shim_queue_empty(&s->queue))
		error = shim_take_error_inside(s);
	return error == EAGAIN ? 0 : -error;
}

long shim_client_hold(struct shim_sock *s, const struct ds_addr *to, const struct msghdr *msg,
		      size_t len)
{
	struct shim_endpoint *ep = s->ep;
	struct ds_path path = {.remote = *to};
	ds_time now = host_now();

	if (!port_of_wire(to->port))
		return shim_client_unlisted(to);
	if (is_group(to))
		return no_client(to, "multicast and broadcast cannot be protected");
	s->asking = true;
	if (now < ep->client.refused_until && ds_addr_equal(&ep->client.refused, to)) {
		log_dropped(to, 1, "the last handshake has just failed");
		return wants_errors(s, to) ? -ECONNREFUSED : (long)len;
	}
	if (ds_engine_connect(ep->host.engine, &path, now))
		return -ENOBUFS;
	push(&ep->client, to, msg, len);
	return (long)len;
}

bool shim_client_unreachable(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;
	bool kick = false, ours;

	pthread_mutex_lock(&ep->host.lock);
	ours = s->connected && !ds_engine_find(ep->host.engine, &s->peer);
	if (ours) {
		ds_engine_unreachable(ep->host.engine, &s->peer);
		kick = shim_engine_done(ep);
	}
	pthread_mutex_unlock(&ep->host.lock);
	if (kick)
		shim_kick();
	return ours;
}

/* Until when the newest message may wait for its session, 0 = there is none. */
static ds_time linger_end(struct shim_endpoint *ep)
{
	const struct shim_held *h;
	ds_time until = 0;

	pthread_mutex_lock(&ep->host.lock);
	for (h = ep->client.held; h; h = h->next)
		until = h->since + SHIM_LINGER_TIME;
	pthread_mutex_unlock(&ep->host.lock);
	return until;
}

void shim_client_linger(struct shim_sock *s)
{
	struct shim_endpoint *ep = s->ep;
	struct timespec ts;
	ds_time now, until;
	unsigned n;

	if (s->life == SHIM_MADE || ep->role != DS_CLIENT || !shim_owned(ep) || shim_nonblocking(s))
		return;
	until = linger_end(ep); /* messages that other threads send later do not prolong this */
	while ((n = atomic_load(&ep->client.n_held)) && (now = host_now()) < until) {
		ts.tv_sec = (time_t)((until - now) / DS_SECOND);
		ts.tv_nsec = (long)((until - now) % DS_SECOND);
		host_sys6(SYS_futex, &ep->client.n_held, FUTEX_WAIT_PRIVATE, n, &ts, 0, 0);
	}
}

__attribute__((destructor)) static void at_exit(void)
{
	struct shim_sock *s;
	bool end;

	if (!shim_client_role || !shim_enter())
		return;
	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++) {
		if (!s)
			continue;
		shim_client_linger(s);
		shim_put(s);
	}
	shim_leave();
}

/* Events */

static void send_one(struct shim_endpoint *ep, ds_session session, const struct shim_held *h)
{
	uint8_t *big = shim_big_buffer(ep);
	struct ds_sealed out = {.buf = big, .cap = SHIM_BIG_BYTES};

	if (!big || ds_engine_seal(ep->host.engine, session, h->data, h->len, &out, host_now()))
		log_dropped(&h->to, 1, "could not be sent");
	else
		ep->host.send(&ep->host, &out.path, big, out.len);
}

static void send_held(struct shim_endpoint *ep, const struct ds_session_info *info)
{
	struct shim_held **at = &ep->client.held;

	drop_old(&ep->client);
	while (*at) {
		if (!ds_addr_equal(&(*at)->to, &info->peer)) {
			at = &(*at)->next;
			continue;
		}
		send_one(ep, info->session, *at);
		drop_held(&ep->client, at);
	}
}

static void refused(struct shim_endpoint *ep, const struct ds_addr *peer)
{
	struct shim_held **at = &ep->client.held;
	unsigned n = 0;

	while (*at) {
		if (ds_addr_equal(&(*at)->to, peer)) {
			drop_held(&ep->client, at);
			n++;
		} else {
			at = &(*at)->next;
		}
	}
	log_dropped(peer, n, "no session");
	ep->client.refused = *peer;
	ep->client.refused_until = host_now() + SHIM_REFUSED_TIME;
	for (struct shim_sock *s = ep->socks; s; s = s->next)
		if (wants_errors(s, peer) && atomic_exchange(&s->asking, false))
			shim_facade_put(s, &(struct shim_item){.error = ECONNREFUSED});
}

void shim_client_event(struct host_endpoint *h, const struct ds_event *ev)
{
	struct shim_endpoint *ep = shim_endpoint_of(h);

	if (ev->type == DS_EVENT_ESTABLISHED)
		send_held(ep, &ev->info);
	else if (ev->type == DS_EVENT_FAILED && !ds_engine_find(h->engine, &ev->info.peer))
		refused(ep, &ev->info.peer);
}
