/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.h - engines on a network in memory, in virtual time
 *
 * One server and a few clients, each an engine, joined by a network that delivers in order
 * unless a test's rule says otherwise.  net_run() moves the clock from deadline to deadline, so a
 * minute of back-off takes no time.  Jobs run at once; keys are looked up in a fixed table.
 */
#ifndef TESTS_SIM_NET_H
#define TESTS_SIM_NET_H

#include "dtlsshim/engine.h"
#include "tests/unit/support.h"

#define NET_CLIENTS   8
#define NET_DATAGRAMS 4096
#define NET_EVENTS    128
#define NET_MESSAGES  256
#define NET_MAILBOX   64

struct net_host {
	struct test_env env;
	struct ds_engine *engine;
	struct ds_addr addr;
	struct ds_event events[NET_EVENTS];
	size_t n_events;
	struct {
		ds_session session;
		struct ds_addr peer;
		size_t len;
		uint8_t head[64];
	} messages[NET_MESSAGES];
	size_t n_messages;
	size_t bytes_in, bytes_out;
	bool no_lookups;   /* key requests stay unanswered */
	bool any_identity; /* the key is everybody's */
	bool no_jobs;	   /* jobs wait for the test */
	struct ds_lookup lookups[16];
	size_t n_lookups;
};

struct net_datagram {
	struct ds_addr from, to;
	size_t len;
	ds_time at;
	uint8_t *data;
};

enum net_fate { NET_PASS, NET_DROP, NET_TWICE, NET_LATE };

struct net {
	ds_time now;
	struct net_host server, clients[NET_CLIENTS];
	struct net_datagram queue[NET_DATAGRAMS];
	size_t n_queue, sent;
	/* What happens to the datagram with number @n (from 0), on its way to the server or not. */
	enum net_fate (*rule)(void *ctx, size_t n, bool to_server, const uint8_t *data, size_t len);
	void *ctx;
	ds_time delay, late;			/* of every datagram; of NET_LATE beyond that */
	bool split;				/* every record is a datagram of its own */
	struct net_datagram log[NET_DATAGRAMS]; /* everything ever sent, before its fate */
	size_t n_log;
	struct net_datagram mailbox[NET_MAILBOX]; /* the last that were for no engine of ours */
	size_t n_mailbox;
};

/* A server with PSK and CID defaults and no client yet; change net->server.env.cfg before. */
struct net *net_new(void);
void net_free(struct net *n);
void net_start_server(struct net *n);
/* Client @i at its own address with key "dev<i>"; change cfg between init and connect. */
void net_init_client(struct net *n, size_t i);
void net_connect(struct net *n, size_t i);

struct ds_addr net_addr(unsigned host, uint16_t port);
struct ds_path net_path(const struct ds_addr *local, const struct ds_addr *remote);

/* Sends what an engine has to send, takes its events, keys, jobs. */
void net_drain(struct net *n, struct net_host *h);
/* The log of all datagrams begins anew; only while none is under way. */
void net_forget_log(struct net *n);
/* Delivers and lets time pass until nothing is under way and no deadline lies before @until. */
void net_run(struct net *n, ds_time until);
/* Same, for at most @ns from now. */
void net_run_for(struct net *n, ds_time ns);

/* Application message from client @i to the server, or back. */
int net_send(struct net *n, size_t i, const void *data, size_t len);
int net_reply(struct net *n, ds_session s, const void *data, size_t len);
/* Puts bytes on the wire as if they came from @from. */
void net_inject(struct net *n, const struct ds_addr *from, const struct ds_addr *to,
		const void *data, size_t len);
/* Takes a datagram for @to, which is no engine's address, out of the mailbox; 0 = none. */
size_t net_receive(struct net *n, const struct ds_addr *to, void *buf, size_t cap);
/* Seals without sending: the datagram's length. */
size_t net_seal(struct net *n, struct net_host *h, ds_session s, const void *data, size_t len,
		uint8_t *buf, size_t cap);

/* A record of any inner type, which no engine would send. */
size_t net_seal_type(struct net_host *h, ds_session s, uint8_t type, const void *data, size_t len,
		     uint8_t *buf, size_t cap);

/* The session of a client with the server, on either side; 0 = none. */
ds_session net_client_session(struct net *n, size_t i);
ds_session net_server_session(struct net *n, size_t i);
bool net_established(struct net *n, size_t i);
/* A started server with that many established clients. */
struct net *net_connected(size_t clients);
const struct ds_stats *net_stats(const struct net *n);
size_t net_count_events(const struct net_host *h, enum ds_event_type type);
const struct ds_event *net_last_event(const struct net_host *h, enum ds_event_type type);

#endif
