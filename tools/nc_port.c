/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nc_port.c - one DTLS socket of `dtlsshim nc`, see nc.h
 *
 * Client, server and forwarder differ little once there is a socket with an engine, so they share this
 * object and ask for the mode where they do differ.  A client's socket is connected, for only so does
 * it hear that nothing listens at the server's port.
 *
 * Messages that come before the session is there are held, a few of them: a line typed at once shall
 * not be lost, and a fast program on standard input shall not fill the memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "host/names.h"
#include "tools/nc.h"

#define READS	      64	/* datagrams a turn */
#define SOCKET_BUFFER (4 << 20) /* bytes: a file as standard input is a burst */

static void port_send(struct host_endpoint *ep, const struct ds_path *path, const void *data,
		      size_t len)
{
	struct nc_port *port = ep->user;

	/* A datagram that cannot be sent is lost, as on a network: timers repeat handshakes. */
	if (port->nc->mode == NC_SERVER)
		(void)host_udp_send(port->fd, ep->family, path, data, len);
	else
		(void)send(port->fd, data, len, MSG_DONTWAIT);
}

static void seal(struct nc_port *port, ds_session session, const uint8_t *data, size_t len)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	unsigned long after = port->nc->mode == NC_SERVER ? 0 : port->nc->rebind_after;
	int err;

	/* Not right after a message, so that its answer has time to arrive. */
	if (after && port->sent && port->sent % after == 0)
		nc_port_rebind(port);
	err = ds_engine_seal(port->ep.engine, session, data, len, &out, host_now());
	if (err) {
		fprintf(stderr, "dtlsshim: nc: message of %zu bytes not sent: %s\n", len,
			ds_strerror(err));
		port->nc->status = 1;
		return;
	}
	port_send(&port->ep, &out.path, buf, out.len);
	port->sent++;
	port->nc->active = port->used = host_now();
}

static void deliver(struct host_endpoint *ep, const struct ds_message *msg)
{
	struct nc_port *port = ep->user;
	struct nc *nc = port->nc;

	nc->active = port->used = host_now();
	if (nc->mode == NC_FORWARD) {
		(void)sendto(nc->local, msg->data, msg->len, MSG_DONTWAIT, &port->peer.sa,
			     port->peer_len);
		return;
	}
	if (nc->mode == NC_SERVER)
		port->session = msg->session;
	if (nc->echo)
		seal(port, msg->session, msg->data, msg->len);
	else
		nc_text_print(nc, msg->data, msg->len);
}

/* A client's session is there. */
static void established(struct nc_port *port, const struct ds_session_info *info)
{
	char cid[2 * DS_CID_MAX + 1] = "none";

	port->session = info->session;
	port->state = NC_UP;
	for (int i = 0; i < info->peer_cid_len; i++)
		sprintf(cid + 2 * i, "%02x", info->peer_cid[i]);
	if (port->nc->verbose)
		fprintf(stderr, "dtlsshim: nc: event=session port=%u server_cid=%s suite=%s\n",
			port->local_port, cid, ds_suite_name(info->suite));
	if (port->nc->rebind_after && !info->peer_cid_len)
		fprintf(stderr, "dtlsshim: nc: the server wants no Connection ID: the session "
				"will not survive another source port\n");
}

static struct ds_addr server_of(const struct nc_port *port)
{
	struct ds_addr addr;

	host_addr_from_sockaddr(&addr, &port->nc->server.sa, port->nc->server_len);
	return addr;
}

/* Why there is no session, and where to look. */
static void tell_failure(const struct nc_port *port, const struct ds_event *ev)
{
	const struct ds_addr server = server_of(port);
	char addr[DS_ADDR_TEXT], more[80] = "";

	if (ev->reason == DS_REASON_UNREACHABLE)
		strcpy(more, " (connection refused)");
	else if (ev->reason == DS_REASON_PEER_ALERT)
		snprintf(more, sizeof(more), " (alert %u, %s)", ev->alert,
			 host_name_alert(ev->alert));
	fprintf(stderr, "dtlsshim: nc: no session with %s: %s%s%s%s\n",
		ds_addr_format(&server, addr), ds_reason_text(ev->reason), more,
		ev->advice ? "; " : "", host_advice(ev->advice));
}

static void on_event(struct host_endpoint *ep, const struct ds_event *ev)
{
	struct nc_port *port = ep->user;

	switch (ev->type) {
	case DS_EVENT_ESTABLISHED:
		if (port->nc->mode != NC_SERVER)
			established(port, &ev->info);
		break;
	case DS_EVENT_CLOSED:
		if (port->session == ev->info.session) {
			port->session = 0;
			port->state = port->nc->mode == NC_SERVER ? port->state : NC_GONE;
			if (port->nc->mode == NC_CLIENT && !port->nc->done)
				fprintf(stderr, "dtlsshim: nc: event=gone reason=%s (%s)\n",
					ds_reason_name(ev->reason), ds_reason_text(ev->reason));
		}
		break;
	case DS_EVENT_FAILED:
		if (port->nc->mode != NC_SERVER && port->state == NC_CONNECTING) {
			tell_failure(port, ev);
			port->state = NC_GONE;
		}
		break;
	case DS_EVENT_PLAINTEXT:
	case DS_EVENT_STAYED:
	case DS_EVENT_REBOUND: break;
	}
}

/* A socket that listens at, or is connected to, nc->server. */
static void open_socket(struct nc_port *port)
{
	const struct nc *nc = port->nc;
	const int off = 0, size = SOCKET_BUFFER;
	int family = nc->server.sa.sa_family, err;
	union host_sockaddr bound;
	socklen_t len = sizeof(bound);
	struct ds_addr addr;

	port->fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (port->fd < 0)
		host_die(1, "nc: socket: %s", strerror(errno));
	if (setsockopt(port->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(port->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (nc->mode == NC_SERVER) {
		if (family == AF_INET6)
			setsockopt(port->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
		host_pktinfo_enable(port->fd, family);
		err = bind(port->fd, &nc->server.sa, nc->server_len);
	} else {
		err = connect(port->fd, &nc->server.sa, nc->server_len);
	}
	if (err || getsockname(port->fd, &bound.sa, &len))
		host_die(1, "nc: %s: %s", nc->mode == NC_SERVER ? "bind" : "connect",
			 strerror(errno));
	host_addr_from_sockaddr(&addr, &bound.sa, len);
	port->local_port = addr.port;
}

static void begin_handshake(struct nc_port *port)
{
	const struct ds_path path = {.remote = server_of(port)};
	int err;

	err = ds_engine_connect(port->ep.engine, &path, host_now());
	if (err)
		host_die(1, "nc: %s", ds_strerror(err));
	host_endpoint_serve(&port->ep, NULL, NULL, 0);
}

struct nc_port *nc_port_new(struct nc *nc)
{
	struct nc_port *port = calloc(1, sizeof(*port));
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	if (!port)
		host_die(1, "nc: %s", strerror(ENOMEM));
	if (host_config_make(&cfg, &files, &nc->opt, why))
		host_die(1, "nc: %s", why);
	if (nc->mode != NC_SERVER)
		cfg.max_sessions = cfg.max_handshakes = 2; /* ours, and its successor */
	if (ds_engine_new(&port->ep.engine, &cfg, host_now(), why))
		host_die(1, "nc: %s", why);
	host_files_free(&files);
	pthread_mutex_init(&port->ep.lock, NULL);
	port->nc = nc;
	port->ep.family = nc->server.sa.sa_family;
	port->ep.user = port;
	port->ep.send = port_send;
	port->ep.deliver = deliver;
	port->ep.event = on_event;
	port->used = host_now();
	open_socket(port);
	if (nc->mode != NC_SERVER)
		begin_handshake(port);
	return port;
}

void nc_port_free(struct nc_port *port)
{
	while (ds_engine_close_all(port->ep.engine, host_now()))
		host_endpoint_flush(&port->ep);
	host_endpoint_flush(&port->ep);
	ds_engine_free(port->ep.engine);
	for (unsigned int i = 0; i < port->n_held; i++)
		free(port->held[i].data);
	close(port->fd);
	free(port);
}

void nc_port_rebind(struct nc_port *port)
{
	uint16_t before = port->local_port;
	int fd = port->fd;

	/* The old socket is still open while the new one is bound, so the ports differ */
	open_socket(port);
	close(fd);
	fprintf(stderr, "dtlsshim: nc: event=rebind port=%u was=%u\n", port->local_port, before);
}

static void send_held(struct nc_port *port)
{
	for (unsigned int i = 0; i < port->n_held; i++) {
		seal(port, port->session, port->held[i].data, port->held[i].len);
		free(port->held[i].data);
	}
	port->n_held = 0;
}

void nc_port_send(struct nc_port *port, const uint8_t *data, size_t len)
{
	if (port->session) {
		seal(port, port->session, data, len);
	} else if (port->nc->mode == NC_SERVER) {
		fprintf(stderr, "dtlsshim: nc: nobody to send to yet\n");
	} else if (port->n_held < NC_HELD_MAX) {
		uint8_t *copy = malloc(len ? len : 1);

		if (!copy)
			return;
		memcpy(copy, data, len);
		port->held[port->n_held].data = copy;
		port->held[port->n_held++].len = len;
	}
}

/* Gives the engine one datagram.  False if there was none. */
static bool receive(struct nc_port *port)
{
	static uint8_t buf[65536];
	struct ds_input in = {.data = buf};
	struct ds_message msg;
	ssize_t n = host_udp_recv(port->fd, port->local_port, &in.path, buf, sizeof(buf));

	/* A server that knows its sessions again may come back */
	if (n == -ECONNREFUSED && port->state == NC_UP && port->nc->verbose)
		fprintf(stderr, "dtlsshim: nc: nothing listens there (yet)\n");
	if (n == -ECONNREFUSED && port->state == NC_CONNECTING && port->nc->mode != NC_SERVER) {
		const struct ds_addr server = server_of(port);

		ds_engine_unreachable(port->ep.engine, &server);
	}
	if (n < 0)
		return n != -EAGAIN;
	in.len = (size_t)n;
	while (ds_engine_input(port->ep.engine, &in, &msg, host_now()) == DS_MESSAGE)
		deliver(&port->ep, &msg);
	host_endpoint_flush(&port->ep);
	return true;
}

void nc_port_work(struct nc_port *port)
{
	for (int i = 0; i < READS && receive(port); i++)
		;
	host_endpoint_serve(&port->ep, port->nc->keys, NULL, 0);
	if (port->state == NC_UP && port->n_held)
		send_held(port);
}
