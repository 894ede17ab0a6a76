/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway_wire.c - a gateway's sockets towards the server, see gateway.h
 *
 * Each link has a socket of its own, connected to the server: so a server without Connection IDs can
 * tell the sessions apart, the kernel drops what others send, and it tells when nobody listens.  What is
 * received there can belong to that link only.  The price is a descriptor and a port a device, which
 * bounds their number (and in a NAT on the way an entry a device).
 *
 * A socket is opened anew when our address changed.  The server knows a session with a CID from
 * wherever it comes (RFC 9146, 6); one without is lost, and a handshake begins at once.  When the server's
 * address changed only a new handshake goes there: sessions stay where they are.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/hello.h"
#include "core/record.h"
#include "host/log.h"
#include "proxy/loop.h"
#include "proxy/proxy.h"

static void log_error(const struct proxy_gateway *g, const char *call, int err)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];

	host_log_limited(&limit, HOST_LOG_WARN, "event=gateway_error server=%s call=%s: %s",
			 ds_addr_format(&g->uplink.to, text), call, strerror(err));
}

/* Opens the socket of @l, in place of the one that it may have.  False if there is none afterwards. */
static bool open_socket(struct proxy *p, struct proxy_link *l)
{
	struct epoll_event ev = {.events = EPOLLIN,
				 .data.u64 = proxy_ref(PROXY_LINK, p->index, l->id)};
	int fd = proxy_uplink_socket(&l->to), was = l->fd;

	if (fd >= 0 && epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		int err = errno;

		close(fd);
		fd = -1;
		errno = err;
	}
	if (fd < 0) {
		log_error(p->gateway, "connect", errno);
		return was >= 0;
	}
	if (was >= 0) {
		close(was); /* after the new one is bound, so that their ports differ */
		p->gateway->stats.gw_reopened++;
	}
	l->fd = fd;
	l->moves = p->gateway->uplink.moves;
	if (was >= 0 && l->session && !l->cid) {
		l->doubtful = true;
		proxy_gateway_want(p, l);
	}
	return true;
}

static bool is_hello(const uint8_t *data, size_t len)
{
	return len > DS_RECORD_HEADER && data[0] == DS_HANDSHAKE &&
	       data[DS_RECORD_HEADER] == DS_CLIENT_HELLO;
}

/* The host says that nobody listens: anybody could have sent that, so that a session stays, but a handshake
 * ends, and the next is begun beside the session.  Not here, where the engine may be in the middle of
 * something. */
static void refused(struct proxy *p, struct proxy_link *l)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];

	p->gateway->stats.gw_refused++;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=gateway_server_refused server=%s: nothing listens there; it is "
			 "tried again",
			 ds_addr_format(&l->to, text));
	if (l->session)
		l->doubtful = true;
	proxy_links_give_up(&p->gateway->links, l, true);
}

/* True if a socket that is opened anew may do what this one could not. */
static bool is_stale(int err)
{
	return err == EINVAL || err == EADDRNOTAVAIL;
}

bool proxy_gateway_send(struct proxy *p, struct proxy_link *l, const void *buf, size_t len)
{
	int err = EHOSTUNREACH;

	if (!l->to.family)
		l->to = p->gateway->uplink.to;
	if ((l->fd < 0 || l->moves != p->gateway->uplink.moves) && !open_socket(p, l)) {
		p->gateway->stats.gw_drop_wire++;
		return false;
	}
	/* The error of an earlier datagram stands in the way of this one once. */
	for (int tries = 0; tries < 3; tries++) {
		if (send(l->fd, buf, len, MSG_NOSIGNAL) >= 0)
			return true;
		err = errno;
		if (err == ECONNREFUSED)
			refused(p, l);
		else if (!is_stale(err) || !open_socket(p, l))
			break;
	}
	p->gateway->stats.gw_drop_wire++;
	if (err != ECONNREFUSED)
		log_error(p->gateway, "send", err);
	return false;
}

void proxy_gateway_output(struct proxy *p, const struct ds_addr *device, const void *buf,
			  size_t len)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l = g->shared ? g->shared : proxy_links_find(&g->links, device);

	if (!l)
		return;
	if (is_hello(buf, len)) {
		proxy_gateway_begun(p, l); /* by the engine, if it is not known yet */
		proxy_uplink_ask(&g->uplink, p->now);
		if (l->fd >= 0 && !ds_addr_equal(&l->to, &g->uplink.to)) {
			close(l->fd);
			l->fd = -1;
			g->stats.gw_reopened++;
		}
		if (l->fd < 0)
			l->to = g->uplink.to;
	}
	proxy_gateway_send(p, l, buf, len);
}

unsigned proxy_gateway_recv(struct proxy *p, struct proxy_link *l, struct mmsghdr *msg, unsigned n)
{
	int r = recvmmsg(l->fd, msg, n, MSG_DONTWAIT, NULL);

	if (r >= 0)
		return (unsigned)r;
	if (errno == ECONNREFUSED)
		refused(p, l);
	else if (errno != EAGAIN && errno != EINTR)
		log_error(p->gateway, "recv", errno);
	return 0;
}
