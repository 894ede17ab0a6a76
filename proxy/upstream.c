/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upstream.c - see upstream.h
 *
 * The backend can tell devices apart only by their ports, so each session has a socket of its own.
 * It is connected, so that the kernel drops what others send there.  Descriptors and ports are the
 * scarce resource, not memory: a session gets its socket with its first message, and when there are
 * no more, the socket that was idle longest is closed.  Its session gets another one, and another
 * port, with its next message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "host/log.h"
#include "proxy/loop.h"
#include "proxy/proxy.h"

#define READ_BATCH 8 /* messages a wake-up; the rest waits for the next turn */

/* One more than the longest message: a longer one shows by its length. */
static uint8_t read_buf[READ_BATCH][DS_PAYLOAD_MAX + 64];

/* The entry of @slot, which grow() has made. */
static struct proxy_upstream *at(const struct proxy_upstreams *up, uint32_t slot)
{
	return &up->chunks[slot / PROXY_CHUNK][slot % PROXY_CHUNK];
}

/* The upstream of @slot that has a socket, or NULL. */
static struct proxy_upstream *find_open(const struct proxy_upstreams *up, uint32_t slot)
{
	struct proxy_upstream *u;

	if (slot / PROXY_CHUNK >= up->n_chunks || !up->chunks[slot / PROXY_CHUNK])
		return NULL;
	u = at(up, slot);
	return u->fd >= 0 ? u : NULL;
}

static void touch(struct proxy_upstreams *up, struct proxy_upstream *u)
{
	TAILQ_REMOVE(&up->order, u, order);
	TAILQ_INSERT_TAIL(&up->order, u, order);
}

static void close_socket(struct proxy_upstreams *up, struct proxy_upstream *u)
{
	TAILQ_REMOVE(&up->order, u, order);
	up->open--;
	close(u->fd);
	u->fd = -1;
}

void proxy_upstream_init(struct proxy_upstreams *up)
{
	TAILQ_INIT(&up->order);
}

/* Makes the table reach @slot; the array of chunks is small even for a million. */
static bool grow(struct proxy_upstreams *up, uint32_t slot)
{
	uint32_t c = slot / PROXY_CHUNK, n = up->n_chunks;
	struct proxy_upstream **chunks, *chunk;

	if (c >= n) {
		chunks = realloc(up->chunks, (c + 1) * sizeof(chunks[0]));
		if (!chunks)
			return false;
		memset(chunks + n, 0, (c + 1 - n) * sizeof(chunks[0]));
		up->chunks = chunks;
		up->n_chunks = c + 1;
	}
	if (up->chunks[c])
		return true;
	chunk = malloc(PROXY_CHUNK * sizeof(*chunk));
	for (uint32_t i = 0; chunk && i < PROXY_CHUNK; i++)
		chunk[i].fd = -1;
	up->chunks[c] = chunk;
	return chunk != NULL;
}

/* Closes the socket idle longest; @why is the error that made it necessary, 0 for our own limit. */
static bool make_room(struct proxy *p, int why)
{
	static struct host_log_limit limit;
	struct proxy_upstreams *up = &p->up;

	if (!up->open)
		return false;
	p->stats.up_evicted++;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=upstream_full open=%u reason=\"%s\": closing the upstream socket "
			 "idle longest, its session stays; raise the limit of open files "
			 "(LimitNOFILE, ulimit -n) or net.ipv4.ip_local_port_range",
			 up->open, why ? strerror(why) : "limit of open files");
	close_socket(up, TAILQ_FIRST(&up->order));
	return true;
}

static bool is_exhausted(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM || err == ENOSPC ||
	       err == EAGAIN || err == EADDRNOTAVAIL;
}

/* A socket connected to the backend and watched as that of @session, or -1 with errno.  What others sent
 * to it before it was connected is thrown away. */
static int open_socket(struct proxy *p, ds_session session)
{
	const struct proxy_upstreams *up = &p->up;
	uint32_t slot = ds_session_slot(session);
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = proxy_ref(PROXY_UPSTREAM, slot)};
	int fd = socket(up->to.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (proxy_source_bind(p, fd, up->to.sa.sa_family, session) ||
	    connect(fd, &up->to.sa, up->to_len) || epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	while (recv(fd, read_buf[0], 0, MSG_DONTWAIT) >= 0)
		;
	return fd;
}

/* The upstream of @session with an open socket, or NULL with errno. */
static struct proxy_upstream *get(struct proxy *p, ds_session session)
{
	struct proxy_upstreams *up = &p->up;
	uint32_t slot = ds_session_slot(session);
	struct proxy_upstream *u;

	if (!grow(up, slot))
		return NULL;
	u = at(up, slot);
	if (u->fd >= 0 && u->session != session)
		close_socket(up, u);
	if (u->fd >= 0) {
		touch(up, u);
		return u;
	}
	if (up->open >= up->max)
		make_room(p, 0);
	u->fd = open_socket(p, session);
	if (u->fd < 0 && is_exhausted(errno) && make_room(p, errno))
		u->fd = open_socket(p, session);
	if (u->fd < 0)
		return NULL;
	u->session = session;
	TAILQ_INSERT_TAIL(&up->order, u, order);
	up->open++;
	p->stats.up_opened++;
	return u;
}

void proxy_upstream_refused(struct proxy *p)
{
	static struct host_log_limit limit;

	p->stats.up_refused++;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=backend_refused addr=%s: nothing listens there; sessions stay, "
			 "messages are lost until it does",
			 p->opt.connect);
}

void proxy_upstream_error(struct proxy *p, const char *what, int err)
{
	static struct host_log_limit limit;

	host_log_limited(&limit, HOST_LOG_WARN, "event=backend_error addr=%s call=%s: %s",
			 p->opt.connect, what, strerror(err));
}

void proxy_upstream_send(struct proxy *p, const struct ds_message *msg)
{
	uint8_t header[DS_PROXY_HEADER_MAX];
	struct proxy_upstream *u;
	size_t n;

	if (p->shared.on) {
		proxy_shared_send(p, &p->shared, msg);
		return;
	}
	n = proxy_header_put(&p->header, p->ep.engine, msg->session, header);
	u = get(p, msg->session);
	if (!u) {
		p->stats.up_dropped++;
		proxy_upstream_error(p, "socket", errno);
		return;
	}
	/* The error of an earlier datagram stands in the way of this one once. */
	for (int tries = 0; tries < 2; tries++) {
		if (ds_proxy_send(u->fd, NULL, 0, header, n, msg->data, msg->len) >= 0) {
			p->stats.up_messages++;
			return;
		}
		if (errno != ECONNREFUSED)
			break;
		proxy_upstream_refused(p);
	}
	p->stats.up_dropped++;
	if (errno == EMSGSIZE)
		p->stats.up_toobig++;
	if (errno != ECONNREFUSED)
		proxy_upstream_error(p, "send", errno);
}

int proxy_upstream_down(struct proxy *p, ds_session session, const uint8_t *data, size_t len)
{
	struct ds_sealed out = {.buf = proxy_batch_room(p->tx), .cap = DS_DATAGRAM_MAX};
	int err = ds_engine_seal(p->ep.engine, session, data, len, &out, p->now);

	p->stats.down_messages++;
	if (!err) {
		proxy_batch_push(p->tx, &out.path, out.len);
		return 0;
	}
	p->stats.down_dropped++;
	if (err == DS_E_TOOBIG)
		proxy_upstream_error(p, "recv", EMSGSIZE);
	return err;
}

void proxy_upstream_read(struct proxy *p, uint32_t slot)
{
	struct proxy_upstreams *up = &p->up;
	struct proxy_upstream *u = find_open(up, slot);
	struct mmsghdr msg[READ_BATCH];
	struct iovec iov[READ_BATCH];
	ds_session session;
	int n;

	if (!u) /* closed earlier in this turn, when its event was already on its way */
		return;
	session = u->session;
	memset(msg, 0, sizeof(msg));
	for (int i = 0; i < READ_BATCH; i++) {
		iov[i] = (struct iovec){read_buf[i], sizeof(read_buf[i])};
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(u->fd, msg, READ_BATCH, MSG_DONTWAIT, NULL);
	if (n < 0) {
		if (errno == ECONNREFUSED)
			proxy_upstream_refused(p);
		else if (errno != EAGAIN && errno != EINTR)
			proxy_upstream_error(p, "recv", errno);
		return;
	}
	touch(up, u);
	for (int i = 0; i < n; i++) {
		int err = proxy_upstream_down(p, session, read_buf[i], msg[i].msg_len);

		if (err == DS_E_NOSESSION || err == DS_E_CRYPTO)
			break;
	}
}

void proxy_upstream_close(struct proxy *p, ds_session session)
{
	struct proxy_upstream *u = find_open(&p->up, ds_session_slot(session));

	if (u && u->session == session)
		close_socket(&p->up, u);
}
