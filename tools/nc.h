/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nc.h - `dtlsshim nc`, a netcat for DTLS
 *
 * A port is one DTLS socket with its engine.  As a client there is one, connected to the server;
 * as a server one that listens; as a forwarder one connected port for each local program.
 *
 * Threads:  none.
 */
#ifndef TOOLS_NC_H
#define TOOLS_NC_H

#include "host/endpoint.h"
#include "host/options.h"
#include "host/udp.h"

#define NC_PORTS_MAX 64 /* local programs served at a time */
#define NC_HELD_MAX  16 /* messages a port holds until its handshake is done */

struct nc_port;

enum nc_mode { NC_CLIENT, NC_SERVER, NC_FORWARD };

/**
 * struct nc - one run
 * @rebind_after:	a new source port after so many messages; 0 = never
 * @wait:		seconds without a message after which to end; -1 = not given
 * @server:		the address of HOST PORT: the server, or the address to listen at
 * @local:		NC_FORWARD: the plain UDP socket
 * @active:		when the last message passed
 * @status:		exit status, valid once @done; 1 as soon as something could not be sent
 */
struct nc {
	enum nc_mode mode;
	struct host_options opt;
	bool echo, raw, verbose;
	unsigned long rebind_after, listen_udp;
	long wait;

	union host_sockaddr server;
	socklen_t server_len;
	struct host_keys *keys; /* NC_SERVER */
	struct nc_port *ports[NC_PORTS_MAX];
	unsigned int n_ports;
	int local, signals;
	bool stdin_open;
	ds_time active;
	bool done;
	int status;
};

enum nc_state { NC_CONNECTING, NC_UP, NC_GONE };

/**
 * struct nc_port - one DTLS socket
 * @session:	client: the session; server: that of the last message; 0 = none
 * @peer:	NC_FORWARD: the local program it works for
 */
struct nc_port {
	struct host_endpoint ep;
	struct nc *nc;
	enum nc_state state;
	int fd;
	uint16_t local_port;
	ds_session session;
	unsigned long sent;
	ds_time used;
	union host_sockaddr peer;
	socklen_t peer_len;
	struct {
		uint8_t *data;
		size_t len;
	} held[NC_HELD_MAX];
	unsigned int n_held;
};

/* nc_port.c */

/* A port that listens at nc->server, or that has begun a handshake with it.  Ends the process
 * with a clear line if the configuration is no good. */
struct nc_port *nc_port_new(struct nc *nc);
/* Says goodbye and frees. */
void nc_port_free(struct nc_port *port);
/* Reads what has arrived, and does what is due. */
void nc_port_work(struct nc_port *port);
/* Sends a message to ->session, or holds it while the handshake runs. */
void nc_port_send(struct nc_port *port, const uint8_t *data, size_t len);
/* Moves a client to another source port: another socket, the same session. */
void nc_port_rebind(struct nc_port *port);

/* nc_forward.c */

/* Opens the plain UDP socket on the loopback address. */
void nc_forward_open(struct nc *nc);
/* Takes what local programs sent. */
void nc_forward_read(struct nc *nc);
/* Ports whose session is gone are given up. */
void nc_forward_sweep(struct nc *nc);

/* nc_text.c */

/* Reads standard input and sends its messages; false at the end of it. */
bool nc_text_read(struct nc_port *port);
/* Prints a message on standard output. */
void nc_text_print(const struct nc *nc, const uint8_t *data, size_t len);

#endif
