/* SPDX-License-Identifier: Apache-2.0 */
/* clear.c - see clear.h */
#include "proxy/clear.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/plaintext.h"
#include "proxy/loop.h"
#include "proxy/proxy.h"

#define SOCKETS	   1024U /* at most, and no more than a part of what there is: */
#define PART	   4
#define READ_BATCH 8 /* messages a wake-up; the rest waits for the next turn */

void proxy_clear_begin(struct proxy *p)
{
	struct proxy_clears *cs = &p->clear;
	uint32_t *all = &p->all->sockets.max;

	TAILQ_INIT(&cs->order);
	if (host_plaintext_at(&p->opt, p->port) != DS_PLAINTEXT_ALLOW)
		return;
	cs->max = *all / PART < SOCKETS ? *all / PART + 1 : SOCKETS;
	*all -= cs->max < *all ? cs->max : 0;
}

static void close_socket(struct proxy *p, struct proxy_clear *c)
{
	TAILQ_REMOVE(&p->clear.order, c, order);
	p->clear.open--;
	p->backends.list[c->backend].sessions--;
	close(c->fd);
	c->fd = -1;
}

static void touch(struct proxy *p, struct proxy_clear *c)
{
	TAILQ_REMOVE(&p->clear.order, c, order);
	TAILQ_INSERT_TAIL(&p->clear.order, c, order);
	c->used = p->now;
}

static bool make_table(struct proxy_clears *cs)
{
	if (cs->peers)
		return true;
	cs->peers = calloc(DS_CLEAR_PEERS + 1, sizeof(*cs->peers));
	for (uint32_t i = 0; cs->peers && i <= DS_CLEAR_PEERS; i++)
		cs->peers[i].fd = -1;
	return cs->peers != NULL;
}

/* Opens a socket for @c to number @backend.  False with errno. */
static bool open_socket(struct proxy *p, struct proxy_clear *c, uint32_t number, uint32_t backend)
{
	struct proxy_clears *cs = &p->clear;

	if (backend == PROXY_NO_BACKEND) {
		errno = EHOSTUNREACH;
		return false;
	}
	if (cs->open >= cs->max) {
		p->stats.clear_evicted++;
		close_socket(p, TAILQ_FIRST(&cs->order));
	}
	c->fd = proxy_upstream_socket(p, backend, 0, proxy_ref(PROXY_CLEAR, p->index, number));
	if (c->fd < 0)
		return false;
	c->backend = backend;
	p->backends.list[backend].sessions++;
	TAILQ_INSERT_TAIL(&cs->order, c, order);
	cs->open++;
	return true;
}

/* The peer that sent @msg, with an open socket to the backend it is to speak to, or NULL with errno. */
static struct proxy_clear *get(struct proxy *p, const struct ds_message *msg)
{
	struct ds_session_info as = {.path.remote = msg->peer};
	struct proxy_clear *c;
	uint32_t backend;

	if (!make_table(&p->clear))
		return NULL;
	c = &p->clear.peers[msg->clear];
	if (c->fd >= 0 && !ds_addr_equal(&c->peer, &msg->peer))
		close_socket(p, c);
	c->peer = msg->peer;
	if (c->fd < 0)
		backend = proxy_backends_choose(&p->backends, &as, p->now);
	else if (proxy_backend_rests(&p->backends, c->backend, p->now))
		backend = proxy_backends_instead(&p->backends, c->backend, &as, p->now);
	else
		backend = c->backend;
	if (c->fd >= 0 && c->backend != backend)
		close_socket(p, c);
	if (c->fd < 0 && !open_socket(p, c, msg->clear, backend))
		return NULL;
	touch(p, c);
	return c;
}

void proxy_clear_send(struct proxy *p, const struct ds_message *msg)
{
	struct proxy_clear *c;

	/* The error of an earlier datagram stands in the way of this one once. */
	for (int tries = 0; tries < 2; tries++) {
		c = get(p, msg);
		if (c && send(c->fd, msg->data, msg->len, 0) >= 0) {
			p->stats.up_messages++;
			return;
		}
		if (!c || !proxy_upstream_refused(p, c->backend, errno)) {
			proxy_upstream_error(p, c ? c->backend : PROXY_NO_BACKEND,
					     c ? "send" : "socket", errno);
			break;
		}
	}
	p->stats.up_dropped++;
}

/* Takes one message from the socket of @c.  False if there is none, or nothing more may come. */
static bool pass_down(struct proxy *p, struct proxy_clear *c)
{
	uint8_t *room = proxy_batch_room(p->tx);
	ssize_t n = recv(c->fd, room, DS_PAYLOAD_MAX, MSG_DONTWAIT | MSG_TRUNC);
	struct ds_path path;

	if (n < 0) {
		if (!proxy_upstream_refused(p, c->backend, errno) && errno != EAGAIN &&
		    errno != EINTR)
			proxy_upstream_error(p, c->backend, "recv", errno);
		return false;
	}
	proxy_backends_answered(&p->backends, c->backend);
	p->stats.down_messages++;
	if (n > DS_PAYLOAD_MAX) {
		p->stats.down_dropped++;
		proxy_upstream_error(p, c->backend, "recv", EMSGSIZE);
		return true;
	}
	if (!ds_engine_clear(p->ep.engine, &c->peer, &path, p->now)) {
		p->stats.down_dropped++;
		close_socket(p, c);
		return false;
	}
	proxy_batch_push(p->tx, &path, (size_t)n);
	return true;
}

void proxy_clear_read(struct proxy *p, uint32_t number)
{
	struct proxy_clear *c = p->clear.peers ? &p->clear.peers[number] : NULL;

	if (!c ||
	    c->fd < 0) /* closed earlier in this turn, when its event was already on its way */
		return;
	touch(p, c);
	for (int i = 0; i < READ_BATCH && pass_down(p, c); i++)
		continue;
}

void proxy_clear_expire(struct proxy *p)
{
	ds_time idle = p->opt.idle_timeout * DS_SECOND;
	struct proxy_clear *c;

	while (idle && (c = TAILQ_FIRST(&p->clear.order)) && p->now - c->used >= idle)
		close_socket(p, c);
}
