/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway.h - dtlsproxy --role client: plaintext devices in, DTLS out
 *
 * Devices send plaintext to --bind; each has a DTLS session with the server at --connect, or all
 * share one.  gateway.c passes messages, gateway_wire.c has the sockets to the server,
 * gateway_pace.c decides when a handshake begins, gateway_open.c starts and reloads.
 *
 * What may never happen: plaintext leaves only for the device whose session it came from, and towards the
 * server only what the engine made (proxy_gateway_output() and the one ds_engine_seal()).
 */
#ifndef PROXY_GATEWAY_H
#define PROXY_GATEWAY_H

#include "host/options.h"
#include "proxy/allow.h"
#include "proxy/backends.h"
#include "proxy/links.h"
#include "proxy/uplink.h"

struct proxy;

/* Name and meaning of what a gateway counts beside proxy and engine. */
#define PROXY_GATEWAY_STATS_MAP(X)                                                                 \
	X(gw_up, "messages of devices sent to the server")                                         \
	X(gw_down, "messages of the server passed to devices")                                     \
	X(gw_again, "messages sent once more, through a new session")                              \
	X(gw_devices, "devices that were new")                                                     \
	X(gw_idle, "devices forgotten because they were silent")                                   \
	X(gw_evicted, "devices forgotten to make room for another")                                \
	X(gw_reopened, "sockets to the server opened anew: its address changed, or ours")          \
	X(gw_refused, "times the server's host said that nothing listens there")                   \
	X(gw_drop_network, "messages from networks that are not allowed")                          \
	X(gw_drop_full, "messages of new devices, of which there were too many")                   \
	X(gw_drop_held, "messages dropped because too many waited for a session")                  \
	X(gw_drop_late, "messages dropped because they waited too long for a session")             \
	X(gw_drop_toobig, "messages longer than the server takes")                                 \
	X(gw_drop_wire, "records that the network did not take")                                   \
	X(gw_drop_shared, "answers of the server to the association that all devices share")       \
	X(gw_drop_stray, "messages of the server that belong to no device")

#define PROXY_GATEWAY_WINDOW	4  /* handshakes with a server that may not be there */
#define PROXY_GATEWAY_THRESHOLD 32 /* up to which the window grows with each success */

struct proxy_gateway_stats {
#define PROXY_GATEWAY_STATS_FIELD(name, text) uint64_t name;
	PROXY_GATEWAY_STATS_MAP(PROXY_GATEWAY_STATS_FIELD)
#undef PROXY_GATEWAY_STATS_FIELD
};

/**
 * struct proxy_gateway - the gateway
 * @shared:	the one link of all devices, or NULL: each has its own
 * @fails:	handshakes that failed since the last that succeeded, up to a few
 * @retry_at:	no handshake begins before that
 * @server:	the server of which @fails and @retry_at speak
 * @sweep_at:	when links are looked at next for what is too old
 * @idle:	how long a device may be silent; 0 = for ever
 * @quickest:	the shortest time that a handshake took
 * @threshold:	above it the window grows slowly, by @credit for each handshake that succeeds
 * @shrunk_at:	when it was halved last
 * @window, @max_handshakes: handshakes that may run at the same time now, and at most
 * @begun, @ended: the link whose session began last, and that whose session the server ended last; and
 *		when that was
 * @usurped:	how often the second seems to have happened because of the first (gateway_pace.c)
 */
struct proxy_gateway {
	struct proxy_links links;
	struct proxy_link *shared;
	struct proxy_uplink uplink;
	struct proxy_allow allow;
	struct proxy_gateway_stats stats;
	unsigned fails, usurped;
	ds_time retry_at, sweep_at, idle, begun_at, ended_at, quickest, shrunk_at;
	uint32_t begun, ended;
	struct ds_addr server;
	size_t window, threshold, credit, max_handshakes;
};

/* gateway_open.c */

/* Checks what options mean for a gateway, or that a proxy has none of a gateway's, and fills in what
 * follows from others.  0, or -1 with @why. */
DS_MUST_CHECK
int proxy_gateway_options(struct host_options *o, char why[static DS_WHY_MAX]);
/* Makes p->gateway; before the engine, whose configuration it changes. */
void proxy_gateway_new(struct proxy *p, struct ds_config *cfg);
/* Opens the way to the server; ends the process if --connect cannot be resolved. */
void proxy_gateway_open(struct proxy *p);
/* Ends the process if that leads back to what we are @bound to. */
void proxy_gateway_check(const struct proxy *p, const struct proxy_bound *bound);
void proxy_gateway_say_listening(const struct proxy *p, const struct ds_addr *addr);
/* New certificates, and the new key of our identity, for handshakes from now on.  0, or -1 with a line in
 * the log. */
int proxy_gateway_reload(struct proxy *p);
void proxy_gateway_log_stats(const struct proxy *p);

/* gateway.c */

/* A datagram of a device. */
void proxy_gateway_take(struct proxy *p, const struct ds_path *path, const uint8_t *data,
			size_t len);
/* The socket of link @id is readable. */
void proxy_gateway_read(struct proxy *p, uint32_t id);
/* A message of the server to the device at msg->peer. */
void proxy_gateway_deliver(struct proxy *p, const struct ds_message *msg);
void proxy_gateway_event(struct proxy *p, const struct ds_event *ev);
/* Forgets devices that are silent, and messages that are late; begins handshakes. */
void proxy_gateway_work(struct proxy *p);
/* When proxy_gateway_work() wants to be called. */
ds_time proxy_gateway_deadline(const struct proxy *p);
/* True if messages wait for a session. */
bool proxy_gateway_waits(const struct proxy *p);

/* gateway_wire.c */

/* Sends a datagram that the engine made for @device, if there is such a link. */
void proxy_gateway_output(struct proxy *p, const struct ds_addr *device, const void *buf,
			  size_t len);
/* Sends a datagram that the engine made over the socket of @l; false (counted) if the network did not take
 * it. */
bool proxy_gateway_send(struct proxy *p, struct proxy_link *l, const void *buf, size_t len);
/* Takes up to @n datagrams from the server; their number. */
unsigned proxy_gateway_recv(struct proxy *p, struct proxy_link *l, struct mmsghdr *msg, unsigned n);

/* gateway_pace.c */

/* @l wants a handshake. */
void proxy_gateway_want(struct proxy *p, struct proxy_link *l);
/* Begins handshakes of those that want one, as many as may run. */
void proxy_gateway_begin(struct proxy *p);
/* A handshake of @l has begun. */
void proxy_gateway_begun(struct proxy *p, struct proxy_link *l);
/* Gives up the handshake of @l, which has messages that wait, if nobody answered it for long. */
void proxy_gateway_hurry(struct proxy *p, struct proxy_link *l);
/* Gives up those of links in the list of that name. */
void proxy_gateway_give_up(struct proxy *p);
/* What became of a handshake, and of a session. */
void proxy_gateway_succeeded(struct proxy *p, struct proxy_link *l);
void proxy_gateway_failed(struct proxy *p, struct proxy_link *l);
void proxy_gateway_ended(struct proxy *p, struct proxy_link *l, const struct ds_event *ev);
/* When proxy_gateway_give_up() or proxy_gateway_begin() want to be called. */
ds_time proxy_gateway_begin_at(const struct proxy *p);

#endif
