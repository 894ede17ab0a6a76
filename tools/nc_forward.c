/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nc_forward.c - plain UDP on this machine to DTLS, see nc.h
 *
 * Lets programs that know no DTLS (dig, coap-client) talk to a protected server.  Every local
 * address gets a DTLS session of its own, so that answers find their way back.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/log.h"
#include "tools/nc.h"

#define READS 64 /* datagrams a turn */

void nc_forward_open(struct nc *nc)
{
	union host_sockaddr sa = {.in = {.sin_family = AF_INET,
					 .sin_port = htons((uint16_t)nc->listen_udp),
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(sa.in);

	nc->local = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (nc->local < 0 || bind(nc->local, &sa.sa, len) || getsockname(nc->local, &sa.sa, &len))
		host_die(1, "nc: --listen-udp %lu: %s", nc->listen_udp, strerror(errno));
	fprintf(stderr, "dtlsshim: nc: event=listening addr=127.0.0.1:%u\n", ntohs(sa.in.sin_port));
}

static void drop_port(struct nc *nc, unsigned int i)
{
	nc_port_free(nc->ports[i]);
	nc->ports[i] = nc->ports[--nc->n_ports];
}

/* The port that works for local address @sa; a new one, if need be in place of the idlest. */
static struct nc_port *port_for(struct nc *nc, const union host_sockaddr *sa, socklen_t len)
{
	unsigned int idlest = 0;
	struct nc_port *port;

	for (unsigned int i = 0; i < nc->n_ports; i++) {
		port = nc->ports[i];
		if (port->state != NC_GONE && port->peer_len == len &&
		    !memcmp(&port->peer, sa, len))
			return port;
		if (port->used < nc->ports[idlest]->used)
			idlest = i;
	}
	if (nc->n_ports == NC_PORTS_MAX)
		drop_port(nc, idlest);
	port = nc_port_new(nc);
	memcpy(&port->peer, sa, len);
	port->peer_len = len;
	nc->ports[nc->n_ports++] = port;
	return port;
}

void nc_forward_read(struct nc *nc)
{
	static uint8_t buf[DS_PAYLOAD_MAX + 1]; /* one more: the engine refuses a longer one */

	for (int i = 0; i < READS; i++) {
		union host_sockaddr sa;
		socklen_t len = sizeof(sa);
		ssize_t n;

		memset(&sa, 0, sizeof(sa));
		n = recvfrom(nc->local, buf, sizeof(buf), 0, &sa.sa, &len);
		if (n < 0)
			return;
		nc_port_send(port_for(nc, &sa, len), buf, (size_t)n);
	}
}

void nc_forward_sweep(struct nc *nc)
{
	for (unsigned int i = nc->n_ports; i-- > 0;)
		if (nc->ports[i]->state == NC_GONE)
			drop_port(nc, i);
}
