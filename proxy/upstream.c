/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upstream.c - see upstream.h
 *
 * The backend can tell devices apart only by their ports, so each session has a socket of its own.
 * It is connected, so that the kernel drops what others send there.  Descriptors and ports are the
 * scarce resource, not memory: a session gets its socket with its first message, and when there are
 * no more, the socket that was idle longest is closed.  Its session gets another one, and another
 * port, with its next message.  Which backend it talks to is decided with the first message, too, and
 * stays as it is (backends.h).
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

/* The entry of @slot if a session has it, or NULL. */
static struct proxy_upstream *find(const struct proxy_upstreams *up, uint32_t slot)
{
	struct proxy_upstream *u;

	if (slot / PROXY_CHUNK >= up->n_chunks || !up->chunks[slot / PROXY_CHUNK])
		return NULL;
	u = at(up, slot);
	return u->session ? u : NULL;
}

static void touch(struct proxy_sockets *s, struct proxy_upstream *u)
{
	TAILQ_REMOVE(&s->order, u, order);
	TAILQ_INSERT_TAIL(&s->order, u, order);
}

static void close_socket(struct proxy_sockets *s, struct proxy_upstream *u)
{
	if (u->fd < 0)
		return;
	TAILQ_REMOVE(&s->order, u, order);
	s->open--;
	close(u->fd);
	u->fd = -1;
}

/* Ends what @u, which has a session, has with its backend. */
static void leave(struct proxy *p, struct proxy_upstream *u)
{
	close_socket(&p->all->sockets, u);
	p->backends.list[u->backend].sessions--;
	u->session = 0;
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
		chunk[i] = (struct proxy_upstream){.fd = -1};
	up->chunks[c] = chunk;
	return chunk != NULL;
}

/* Closes the socket idle longest; @why is the error that made it necessary, 0 for our own limit. */
static bool make_room(struct proxy *p, int why)
{
	static struct host_log_limit limit;
	struct proxy_sockets *s = &p->all->sockets;

	if (!s->open)
		return false;
	p->stats.up_evicted++;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=upstream_full open=%u reason=\"%s\": closing the upstream socket "
			 "idle longest, its session stays; raise the limit of open files "
			 "(LimitNOFILE, ulimit -n) or net.ipv4.ip_local_port_range",
			 s->open, why ? strerror(why) : "limit of open files");
	close_socket(s, TAILQ_FIRST(&s->order));
	return true;
}

static bool is_exhausted(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM || err == ENOSPC ||
	       err == EAGAIN || err == EADDRNOTAVAIL;
}

/* What others sent to it before it was connected is thrown away. */
int proxy_upstream_socket(struct proxy *p, uint32_t backend, ds_session session, uint64_t ref)
{
	const struct proxy_backend *to = &p->backends.list[backend];
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = ref};
	int fd = socket(to->to.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if ((session && proxy_source_bind(p, fd, to->to.sa.sa_family, session)) ||
	    connect(fd, &to->to.sa, to->to_len) || epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	while (recv(fd, read_buf[0], 0, MSG_DONTWAIT) >= 0)
		;
	return fd;
}

/* Gives @session a backend, which it keeps as long as that one does not rest while another one does not.
 * False with errno. */
static bool settle(struct proxy *p, struct proxy_upstream *u, ds_session session)
{
	struct proxy_backends *b = &p->backends;
	bool has_one = u->session == session;
	uint32_t i = has_one ? u->backend : PROXY_NO_BACKEND;
	struct ds_session_info s;

	if (has_one && !proxy_backend_rests(b, i, p->now))
		return true;
	if (ds_engine_info(p->ep.engine, session, &s))
		i = has_one ? proxy_backends_instead(b, i, &s, p->now)
			    : proxy_backends_choose(b, &s, p->now);
	if (has_one && i == u->backend)
		return true;
	if (u->session)
		leave(p, u);
	if (i == PROXY_NO_BACKEND) {
		errno = EHOSTUNREACH;
		return false;
	}
	u->session = session;
	u->backend = i;
	b->list[i].sessions++;
	return true;
}

/* The upstream of @session, or NULL with errno; without a socket if it cannot have one, with errno. */
static struct proxy_upstream *get(struct proxy *p, ds_session session)
{
	struct proxy_sockets *s = &p->all->sockets;
	uint32_t slot = ds_session_slot(session);
	uint64_t ref = proxy_ref(PROXY_UPSTREAM, p->index, slot);
	struct proxy_upstream *u;

	if (!grow(&p->up, slot))
		return NULL;
	u = at(&p->up, slot);
	if (!settle(p, u, session))
		return NULL;
	if (u->fd >= 0) {
		touch(s, u);
		return u;
	}
	if (s->open >= s->max)
		make_room(p, 0);
	u->fd = proxy_upstream_socket(p, u->backend, session, ref);
	if (u->fd < 0 && is_exhausted(errno) && make_room(p, errno))
		u->fd = proxy_upstream_socket(p, u->backend, session, ref);
	if (u->fd < 0)
		return u;
	TAILQ_INSERT_TAIL(&s->order, u, order);
	s->open++;
	p->stats.up_opened++;
	return u;
}

void proxy_upstream_error(const struct proxy *p, uint32_t backend, const char *what, int err)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT] = "-";

	if (backend != PROXY_NO_BACKEND)
		ds_addr_format(&p->backends.list[backend].addr, text);
	host_log_limited(&limit, HOST_LOG_WARN, "event=backend_error addr=%s call=%s: %s", text,
			 what, strerror(err));
}

bool proxy_upstream_refused(struct proxy *p, uint32_t backend, int err)
{
	if (err != ECONNREFUSED && err != EHOSTUNREACH && err != ENETUNREACH)
		return false;
	p->stats.up_refused++;
	proxy_backends_refused(&p->backends, backend, err, p->now);
	return true;
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

	/* The error of an earlier datagram stands in the way of this one once. */
	for (int tries = 0; tries < 2; tries++) {
		u = get(p, msg->session);
		if (u && u->fd >= 0 &&
		    ds_proxy_send(u->fd, NULL, 0, header, n, msg->data, msg->len) >= 0) {
			p->stats.up_messages++;
			return;
		}
		if (!u || !proxy_upstream_refused(p, u->backend, errno)) {
			p->stats.up_toobig += errno == EMSGSIZE;
			proxy_upstream_error(p, u ? u->backend : PROXY_NO_BACKEND,
					     u && u->fd >= 0 ? "send" : "socket", errno);
			break;
		}
	}
	p->stats.up_dropped++;
}

int proxy_upstream_down(struct proxy *p, ds_session session, const uint8_t *data, size_t len)
{
	struct ds_sealed out = {.buf = proxy_batch_room(p->tx), .cap = DS_DATAGRAM_MAX};
	int err = ds_engine_seal(p->ep.engine, session, data, len, &out, p->now);

	p->stats.down_messages++;
	if (err)
		p->stats.down_dropped++;
	else
		proxy_batch_push(p->tx, &out.path, out.len);
	return err;
}

/* False if the session is gone. */
static bool pass_down(struct proxy *p, const struct proxy_upstream *u, ds_session session,
		      const uint8_t *data, size_t len)
{
	int err = proxy_upstream_down(p, session, data, len);

	if (err == DS_E_TOOBIG)
		proxy_upstream_error(p, u->backend, "recv", EMSGSIZE);
	return err != DS_E_NOSESSION && err != DS_E_CRYPTO;
}

void proxy_upstream_read(struct proxy *p, uint32_t slot)
{
	struct proxy_upstream *u = find(&p->up, slot);
	struct mmsghdr msg[READ_BATCH];
	struct iovec iov[READ_BATCH];
	ds_session session;
	int n;

	if (!u ||
	    u->fd < 0) /* closed earlier in this turn, when its event was already on its way */
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
		if (!proxy_upstream_refused(p, u->backend, errno) && errno != EAGAIN &&
		    errno != EINTR)
			proxy_upstream_error(p, u->backend, "recv", errno);
		return;
	}
	touch(&p->all->sockets, u);
	proxy_backends_answered(&p->backends, u->backend);
	for (int i = 0; i < n; i++)
		if (!pass_down(p, u, session, read_buf[i], msg[i].msg_len))
			break;
}

void proxy_upstream_moved(struct proxy *p, ds_session session)
{
	struct proxy_upstream *u = find(&p->up, ds_session_slot(session));

	if (u && u->session == session)
		close_socket(&p->all->sockets, u);
}

void proxy_upstream_close(struct proxy *p, ds_session session)
{
	struct proxy_upstream *u = find(&p->up, ds_session_slot(session));

	if (u && u->session == session)
		leave(p, u);
}
