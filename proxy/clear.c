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

	TAILQ_INIT(&cs->order);
	if (host_plaintext_at(&p->opt, p->port) != DS_PLAINTEXT_ALLOW)
		return;
	cs->max = p->up.max / PART < SOCKETS ? p->up.max / PART + 1 : SOCKETS;
	p->up.max -= cs->max < p->up.max ? cs->max : 0;
}

static void close_socket(struct proxy_clears *cs, struct proxy_clear *c)
{
	TAILQ_REMOVE(&cs->order, c, order);
	cs->open--;
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

/* The peer that sent @msg, with an open socket, or NULL with errno. */
static struct proxy_clear *get(struct proxy *p, const struct ds_message *msg)
{
	struct proxy_clears *cs = &p->clear;
	struct proxy_clear *c;

	if (!make_table(cs))
		return NULL;
	c = &cs->peers[msg->clear];
	if (c->fd >= 0 && !ds_addr_equal(&c->peer, &msg->peer))
		close_socket(cs, c);
	if (c->fd < 0) {
		if (cs->open >= cs->max) {
			p->stats.clear_evicted++;
			close_socket(cs, TAILQ_FIRST(&cs->order));
		}
		c->fd = proxy_upstream_socket(p, proxy_ref(PROXY_CLEAR, msg->clear));
		if (c->fd < 0)
			return NULL;
		c->peer = msg->peer;
		TAILQ_INSERT_TAIL(&cs->order, c, order);
		cs->open++;
	}
	touch(p, c);
	return c;
}

void proxy_clear_send(struct proxy *p, const struct ds_message *msg)
{
	struct proxy_clear *c = get(p, msg);

	proxy_upstream_pass(p, c ? c->fd : -1, msg);
}

/* Takes one message from the socket of @c.  False if there is none, or nothing more may come. */
static bool pass_down(struct proxy *p, struct proxy_clear *c)
{
	uint8_t *room = proxy_batch_room(p->tx);
	ssize_t n = recv(c->fd, room, DS_PAYLOAD_MAX, MSG_DONTWAIT | MSG_TRUNC);
	struct ds_path path;

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			proxy_upstream_error(p, "recv", errno);
		return false;
	}
	p->stats.down_messages++;
	if (n > DS_PAYLOAD_MAX) {
		p->stats.down_dropped++;
		proxy_upstream_error(p, "recv", EMSGSIZE);
		return true;
	}
	if (!ds_engine_clear(p->ep.engine, &c->peer, &path, p->now)) {
		p->stats.down_dropped++;
		close_socket(&p->clear, c);
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
		close_socket(&p->clear, c);
}
