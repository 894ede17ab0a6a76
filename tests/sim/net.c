/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.c - engines on a network in memory, in virtual time
 */
#include "tests/sim/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"

static const uint8_t psk[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct ds_addr net_addr(unsigned host, uint16_t port)
{
	struct ds_addr a = {.ip = {192, 0, 2, (uint8_t)host}, .port = port, .family = 4};

	return a;
}

struct ds_path net_path(const struct ds_addr *local, const struct ds_addr *remote)
{
	struct ds_path p = {.local = *local, .remote = *remote};

	return p;
}

struct net *net_new(void)
{
	struct net *n = calloc(1, sizeof(*n));

	n->now = 1000 * DS_SECOND;
	n->late = 50 * DS_MSEC;
	test_oracle_reset();
	test_env_init(&n->server.env);
	n->server.addr = net_addr(1, 5684);
	n->server.env.cfg.psk = true;
	n->server.env.cfg.max_sessions = 64;
	n->server.env.cfg.max_handshakes = 8;
	return n;
}

void net_free(struct net *n)
{
	for (size_t i = 0; i < n->n_log; i++)
		free(n->log[i].data);
	ds_engine_free(n->server.engine);
	test_env_fini(&n->server.env);
	for (size_t i = 0; i < NET_CLIENTS; i++) {
		ds_engine_free(n->clients[i].engine);
		if (n->clients[i].addr.family)
			test_env_fini(&n->clients[i].env);
	}
	free(n);
}

static void start(struct net *n, struct net_host *h)
{
	char why[DS_WHY_MAX] = "";
	int err = ds_engine_new(&h->engine, &h->env.cfg, n->now, why);

	if (err)
		fail_msg("ds_engine_new: %d %s", err, why);
}

void net_start_server(struct net *n)
{
	start(n, &n->server);
}

void net_init_client(struct net *n, size_t i)
{
	struct net_host *h = &n->clients[i];
	struct ds_config *cfg;

	test_env_init(&h->env);
	h->env.seed += 77 * (i + 1);
	h->addr = net_addr(10 + (unsigned)i, (uint16_t)(40000 + i));
	cfg = &h->env.cfg;
	cfg->role = DS_CLIENT;
	cfg->psk = true;
	cfg->cid_length = 0;
	cfg->max_sessions = 4;
	cfg->max_handshakes = 4;
	cfg->psk_identity_len =
		(size_t)snprintf((char *)cfg->psk_identity, DS_IDENTITY_MAX, "dev%zu", i);
	memcpy(cfg->psk_key, psk, sizeof(psk));
	cfg->psk_key_len = sizeof(psk);
}

void net_connect(struct net *n, size_t i)
{
	struct net_host *h = &n->clients[i];
	struct ds_path path = net_path(&h->addr, &n->server.addr);

	if (!h->addr.family)
		net_init_client(n, i);
	path.local = h->addr;
	if (!h->engine)
		start(n, h);
	assert_int_equal(ds_engine_connect(h->engine, &path, n->now), 0);
	net_drain(n, h);
}

/* The wire */

static void enqueue(struct net *n, const struct net_datagram *d, ds_time at)
{
	struct net_datagram *q;

	assert_true(n->n_queue < NET_DATAGRAMS);
	q = &n->queue[n->n_queue++];
	*q = *d;
	q->at = at;
}

static void wire_one(struct net *n, const struct ds_addr *from, const struct ds_addr *to,
		     const void *data, size_t len)
{
	bool to_server = ds_addr_equal(to, &n->server.addr);
	struct net_datagram d = {.from = *from, .to = *to, .len = len, .at = n->now};
	enum net_fate fate = NET_PASS;

	assert_true(n->n_log < NET_DATAGRAMS);
	d.data = malloc(len + 1);
	memcpy(d.data, data, len);
	n->log[n->n_log++] = d;
	if (n->rule)
		fate = n->rule(n->ctx, n->sent, to_server, d.data, len);
	n->sent++;
	if (fate == NET_DROP)
		return;
	enqueue(n, &d, n->now + n->delay + (fate == NET_LATE ? n->late : 0));
	if (fate == NET_TWICE)
		enqueue(n, &d, n->now + n->delay);
}

static void wire(struct net *n, const struct ds_addr *from, const struct ds_addr *to,
		 const uint8_t *data, size_t len)
{
	while (n->split && len > 13) {
		size_t cid = data[0] == 25 ? n->server.env.cfg.cid_length : 0;
		size_t one = 13 + cid + ((size_t)data[11 + cid] << 8) + data[12 + cid];

		wire_one(n, from, to, data, one);
		data += one;
		len -= one;
	}
	if (len)
		wire_one(n, from, to, data, len);
}

void net_inject(struct net *n, const struct ds_addr *from, const struct ds_addr *to,
		const void *data, size_t len)
{
	struct net_datagram d = {.from = *from, .to = *to, .len = len, .at = n->now};

	assert_true(n->n_log < NET_DATAGRAMS);
	d.data = malloc(len + 1);
	memcpy(d.data, data, len);
	n->log[n->n_log++] = d;
	enqueue(n, &d, n->now);
}

void net_forget_log(struct net *n)
{
	assert_int_equal(n->n_queue, 0);
	for (size_t i = 0; i < n->n_log; i++)
		free(n->log[i].data);
	n->n_log = n->n_mailbox = 0;
}

static void got_message(struct net_host *h, const struct ds_message *msg)
{
	size_t i = h->n_messages++;

	assert_true(i < NET_MESSAGES);
	h->messages[i].session = msg->session;
	h->messages[i].peer = msg->peer;
	h->messages[i].len = msg->len;
	memcpy(h->messages[i].head, msg->data, msg->len < 64 ? msg->len : 64);
}

static void answer_lookup(struct net *n, struct net_host *h, const struct ds_lookup *l)
{
	bool known = h->any_identity ||
		     (l->identity_len == 4 && memcmp(l->identity, "dev", 3) == 0);

	h->lookups[h->n_lookups++ % 16] = *l;
	if (!h->no_lookups)
		ds_engine_lookup_done(h->engine, l->id, known ? psk : NULL, sizeof(psk), n->now);
}

/* One job, with keys and early messages before it; false when there is nothing left to do. */
static bool drain_once(struct net *n, struct net_host *h)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_message msg;
	struct ds_lookup l;
	struct ds_job *job;

	while (ds_engine_lookup(h->engine, &l))
		answer_lookup(n, h, &l);
	while (ds_engine_early(h->engine, &msg, buf, sizeof(buf), n->now))
		got_message(h, &msg);
	job = h->no_jobs ? NULL : ds_engine_job(h->engine, n->now);
	if (!job)
		return false;
	ds_job_run(job);
	ds_engine_job_done(h->engine, job, n->now);
	return true;
}

void net_drain(struct net *n, struct net_host *h)
{
	uint8_t buf[2048];
	struct ds_event ev;
	struct ds_path path;
	size_t len;
	bool more;

	do {
		more = drain_once(n, h);
		while (ds_engine_output(h->engine, &path, buf, sizeof(buf), &len)) {
			h->bytes_out += len;
			wire(n, &h->addr, &path.remote, buf, len);
		}
		while (ds_engine_event(h->engine, &ev)) {
			assert_true(h->n_events < NET_EVENTS);
			h->events[h->n_events++] = ev;
		}
	} while (more);
}

static struct net_host *host_at(struct net *n, const struct ds_addr *a)
{
	if (ds_addr_equal(a, &n->server.addr))
		return &n->server;
	for (size_t i = 0; i < NET_CLIENTS; i++)
		if (ds_addr_equal(a, &n->clients[i].addr))
			return &n->clients[i];
	return NULL;
}

static void deliver(struct net *n, const struct net_datagram *d)
{
	static uint8_t buf[65536];
	struct net_host *h = host_at(n, &d->to);
	struct ds_input in = {.data = buf, .len = d->len};
	struct ds_message msg;

	if (!h || !h->engine) {
		if (!h)
			n->mailbox[n->n_mailbox++ % NET_MAILBOX] = *d;
		return;
	}
	memcpy(buf, d->data, d->len);
	in.path = net_path(&d->to, &d->from);
	h->bytes_in += d->len;
	while (ds_engine_input(h->engine, &in, &msg, n->now) == DS_MESSAGE)
		got_message(h, &msg);
	net_drain(n, h);
}

size_t net_receive(struct net *n, const struct ds_addr *to, void *buf, size_t cap)
{
	size_t first = n->n_mailbox > NET_MAILBOX ? n->n_mailbox - NET_MAILBOX : 0;

	for (size_t i = first; i < n->n_mailbox; i++) {
		struct net_datagram *d = &n->mailbox[i % NET_MAILBOX];
		size_t len = d->len;

		if (!len || !ds_addr_equal(&d->to, to))
			continue;
		assert_true(len <= cap);
		memcpy(buf, d->data, len);
		d->len = 0;
		return len;
	}
	return 0;
}

/* The next datagram due now, taken out; false if there is none. */
static bool next_due(struct net *n, struct net_datagram *out)
{
	for (size_t i = 0; i < n->n_queue; i++) {
		if (n->queue[i].at > n->now)
			continue;
		*out = n->queue[i];
		memmove(&n->queue[i], &n->queue[i + 1], (n->n_queue - i - 1) * sizeof(n->queue[0]));
		n->n_queue--;
		return true;
	}
	return false;
}

static ds_time earliest(struct net *n)
{
	ds_time at = n->server.engine ? ds_engine_deadline(n->server.engine) : DS_TIME_NEVER, t;

	for (size_t i = 0; i < NET_CLIENTS; i++) {
		if (!n->clients[i].engine)
			continue;
		t = ds_engine_deadline(n->clients[i].engine);
		at = t < at ? t : at;
	}
	for (size_t i = 0; i < n->n_queue; i++)
		at = n->queue[i].at < at ? n->queue[i].at : at;
	return at;
}

static void tick(struct net *n, struct net_host *h)
{
	if (!h->engine || ds_engine_deadline(h->engine) > n->now)
		return;
	ds_engine_tick(h->engine, n->now);
	net_drain(n, h);
}

void net_run(struct net *n, ds_time until)
{
	struct net_datagram d;
	ds_time at;

	for (;;) {
		while (next_due(n, &d))
			deliver(n, &d);
		at = earliest(n);
		if (at > until)
			break;
		if (at > n->now)
			n->now = at;
		tick(n, &n->server);
		for (size_t i = 0; i < NET_CLIENTS; i++)
			tick(n, &n->clients[i]);
	}
	if (n->now < until)
		n->now = until;
}

void net_run_for(struct net *n, ds_time ns)
{
	net_run(n, n->now + ns);
}

/* Messages */

static int send_from(struct net *n, struct net_host *h, ds_session s, const void *data, size_t len)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	int err = ds_engine_seal(h->engine, s, data, len, &out, n->now);

	if (!err)
		wire(n, &h->addr, &out.path.remote, buf, out.len);
	net_drain(n, h);
	return err;
}

int net_send(struct net *n, size_t i, const void *data, size_t len)
{
	return send_from(n, &n->clients[i], net_client_session(n, i), data, len);
}

int net_reply(struct net *n, ds_session s, const void *data, size_t len)
{
	return send_from(n, &n->server, s, data, len);
}

size_t net_seal(struct net *n, struct net_host *h, ds_session s, const void *data, size_t len,
		uint8_t *buf, size_t cap)
{
	struct ds_sealed out = {.buf = buf, .cap = cap};

	assert_int_equal(ds_engine_seal(h->engine, s, data, len, &out, n->now), 0);
	return out.len;
}

size_t net_seal_type(struct net_host *h, ds_session session, uint8_t type, const void *data,
		     size_t len, uint8_t *buf, size_t cap)
{
	struct ds_slot *s = ds_table_get(&h->engine->table, session);
	struct ds_seal what = {.type = type, .data = data, .len = len};
	struct ds_record_key key;
	int n;

	assert_non_null(s);
	assert_true(ds_engine_key(h->engine, s, DS_TX, &key));
	what.number = DS_EPOCH << 48 | s->tx_seq++;
	what.cid = ds_slot_peer_cid(s);
	what.cid_len = s->more->peer_cid_len;
	n = ds_record_seal(&key, &what, buf, cap);
	assert_true(n > 0);
	return (size_t)n;
}

ds_session net_client_session(struct net *n, size_t i)
{
	return ds_engine_find(n->clients[i].engine, &n->server.addr);
}

ds_session net_server_session(struct net *n, size_t i)
{
	return ds_engine_find(n->server.engine, &n->clients[i].addr);
}

bool net_established(struct net *n, size_t i)
{
	return net_client_session(n, i) && net_server_session(n, i);
}

struct net *net_connected(size_t clients)
{
	struct net *n = net_new();

	net_start_server(n);
	for (size_t i = 0; i < clients; i++)
		net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
	for (size_t i = 0; i < clients; i++)
		assert_true(net_established(n, i));
	return n;
}

const struct ds_stats *net_stats(const struct net *n)
{
	return ds_engine_stats(n->server.engine);
}

size_t net_count_events(const struct net_host *h, enum ds_event_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < h->n_events; i++)
		count += h->events[i].type == type;
	return count;
}

const struct ds_event *net_last_event(const struct net_host *h, enum ds_event_type type)
{
	for (size_t i = h->n_events; i > 0; i--)
		if (h->events[i - 1].type == type)
			return &h->events[i - 1];
	return NULL;
}
