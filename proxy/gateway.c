/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway.c - messages from devices to the server and back, see gateway.h
 *
 * A message goes out through its device's session, or waits for one.  Whether the server got it a
 * gateway cannot know.  But if the server answers this device, and then does not, and then a new
 * session is made, it had probably forgotten the old one and dropped what came through it: so such
 * messages are sent once more.  Devices that never get answers (traps, statistics) are not subject to
 * that, because their silence says nothing and their messages would be counted twice.
 *
 * With one association for all devices nothing says whose an answer is.  To guess would show a device what is
 * another's, so answers are dropped.
 */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/log.h"
#include "proxy/proxy.h"

#define READ_BATCH 8 /* datagrams of the server a wake-up */
#define SWEEP	   (1 * DS_SECOND)
#define SWEEP_MAX  1024		    /* devices forgotten a sweep */
#define STAYS_FOR  (60 * DS_SECOND) /* so long no other device takes the place of a silent one */
#define STRANGERS  1024		    /* networks that are remembered as told of */

static uint8_t sealed[DS_DATAGRAM_MAX];
static uint8_t read_buf[READ_BATCH][DS_DATAGRAM_MAX + 1];

static void log_dropped(const struct proxy_link *l, unsigned n, const char *why)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];

	if (n)
		host_log_limited(&limit, HOST_LOG_WARN,
				 "event=gateway_dropped device=%s count=%u: %s",
				 ds_addr_format(&l->device, text), n, why);
}

/* To the server */

static void keep(struct proxy *p, struct proxy_link *l, const uint8_t *data, size_t len,
		 ds_session sent)
{
	struct proxy_gateway *g = p->gateway;
	bool kept = proxy_hold_push(&l->hold, &g->links.held, data, len, sent, p->now);

	proxy_links_note_hold(&g->links, l);
	if (kept || sent)
		return;
	g->stats.gw_drop_held++;
	log_dropped(l, 1, "too many wait for a session");
}

/* Sends @data through the session of @l; false if that has ended, and the message may wait. */
static bool send_through(struct proxy *p, struct proxy_link *l, const uint8_t *data, size_t len)
{
	struct ds_sealed out = {.buf = sealed, .cap = sizeof(sealed)};
	int err = ds_engine_seal(p->ep.engine, l->session, data, len, &out, p->now);

	if (!err) {
		p->gateway->stats.gw_up += proxy_gateway_send(p, l, sealed, out.len);
		return true;
	}
	if (err == DS_E_NOSESSION || err == DS_E_CRYPTO)
		return false;
	p->gateway->stats.gw_drop_toobig += err == DS_E_TOOBIG;
	p->gateway->stats.gw_drop_wire += err != DS_E_TOOBIG;
	log_dropped(l, 1, ds_strerror(err));
	return true;
}

static void pass_up(struct proxy *p, struct proxy_link *l, const uint8_t *data, size_t len)
{
	ds_session session = l->session;

	if (len > DS_PAYLOAD_MAX) {
		p->gateway->stats.gw_drop_toobig++;
		log_dropped(l, 1, "longer than a DTLS record");
	} else if (session && send_through(p, l, data, len)) {
		if (l->answered || l->doubtful)
			keep(p, l, data, len, session);
	} else {
		l->session = 0;
		keep(p, l, data, len, 0);
		proxy_gateway_want(p, l);
	}
}

/* A new session: what waits is sent, and what the old one may not have carried. */
static void send_held(struct proxy *p, struct proxy_link *l)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_held *m;
	unsigned late = proxy_hold_expire(&l->hold, &g->links.held, p->now);

	g->stats.gw_drop_late += late;
	log_dropped(l, late, "waited too long for a session");
	STAILQ_FOREACH(m, &l->hold.list, next) {
		if (!send_through(p, l, m->data, m->len))
			break;
		g->stats.gw_again += m->sent != 0;
		l->hold.unsent -= !m->sent;
		m->sent = l->session;
	}
	if (!l->answered && !l->hold.unsent)
		proxy_hold_heard(&l->hold, &g->links.held); /* silence will mean nothing */
	proxy_links_note_hold(&g->links, l);
}

/* Devices */

/* Ends what @l has and forgets it. */
static void forget(struct proxy *p, struct proxy_link *l)
{
	struct proxy_gateway *g = p->gateway;

	ds_engine_close(p->ep.engine, l->session, p->now);
	ds_engine_unreachable(p->ep.engine, &l->device);
	while (l->hold.n)
		proxy_hold_drop(&l->hold, &g->links.held);
	host_endpoint_flush(&p->ep);
	proxy_links_remove(&g->links, l);
}

/* Room for one more device: the one that is silent longest goes, but not before STAYS_FOR, or who
 * invents addresses could drive all others out. */
static bool make_room(struct proxy *p)
{
	static struct host_log_limit limit;
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l = TAILQ_FIRST(&g->links.order);
	bool goes = l && p->now - l->used >= STAYS_FOR;

	host_log_limited(
		&limit, HOST_LOG_WARN,
		"event=gateway_full devices=%u: %s; --max-sessions, the limit of open files "
		"(LimitNOFILE, ulimit -n) and net.ipv4.ip_local_port_range bound them, "
		"--device-idle says when a silent one is forgotten",
		g->links.count,
		goes ? "the one that is silent longest gives way" : "a new one is not served");
	if (goes) {
		g->stats.gw_evicted++;
		forget(p, l);
	}
	return goes;
}

/* The link of the device at @device, a new one if need be; NULL (counted) if there is no room. */
static struct proxy_link *link_of(struct proxy *p, const struct ds_addr *device)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l = g->shared ? g->shared : proxy_links_find(&g->links, device);

	if (l)
		return l;
	if (g->links.count < g->links.max || make_room(p))
		l = proxy_links_add(&g->links, device, p->now);
	if (l)
		g->stats.gw_devices++;
	else
		g->stats.gw_drop_full++;
	return l;
}

/* Says once of each network that it is not allowed; of some again when there are very many. */
static void tell_stranger(struct proxy *p, const struct ds_addr *from)
{
	static uint64_t told[STRANGERS];
	static struct host_log_limit limit;
	size_t len = from->family == 4 ? 3 : 6; /* IPv4 /24, IPv6 /48 */
	uint64_t network = XXH3_64bits_withSeed(from->ip, len, p->gateway->links.seed);
	char text[DS_ADDR_TEXT];

	p->gateway->stats.gw_drop_network++;
	if (told[network % STRANGERS] == network)
		return;
	told[network % STRANGERS] = network;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=gateway_refused device=%s: its network is not in --allow-networks; "
			 "what comes from there is dropped",
			 ds_addr_format(from, text));
}

void proxy_gateway_take(struct proxy *p, const struct ds_path *path, const uint8_t *data,
			size_t len)
{
	struct proxy_link *l;

	if (!proxy_allow_has(&p->gateway->allow, &path->remote)) {
		tell_stranger(p, &path->remote);
		return;
	}
	l = link_of(p, &path->remote);
	if (!l)
		return;
	l->here = path->local;
	if (l->here.family == 6 && l->here.ip[0] == 0xff)
		l->here.family = 0; /* no answer can leave from a multicast address */
	proxy_links_touch(&p->gateway->links, l, p->now);
	pass_up(p, l, data, len);
	host_endpoint_flush(&p->ep);
}

/* From the server */

static void pass_down(struct proxy *p, struct proxy_link *l, const struct ds_message *msg)
{
	static struct host_log_limit limit;
	struct proxy_gateway *g = p->gateway;
	const struct ds_path path = {.remote = l->device, .local = l->here};

	l->answered = true;
	l->doubtful = false;
	l->strikes = 0;
	proxy_hold_heard(&l->hold, &g->links.held);
	proxy_links_note_hold(&g->links, l);
	proxy_links_touch(&g->links, l, p->now);
	if (g->shared) {
		g->stats.gw_drop_shared++;
		host_log_limited(
			&limit, HOST_LOG_WARN,
			"event=gateway_answer_dropped: nothing says which device an answer is "
			"for where all share an association; use --association=device");
		return;
	}
	memcpy(proxy_batch_room(p->tx), msg->data, msg->len);
	proxy_batch_push(p->tx, &path, msg->len);
	g->stats.gw_down++;
}

void proxy_gateway_deliver(struct proxy *p, const struct ds_message *msg)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l = g->shared ? g->shared : proxy_links_find(&g->links, &msg->peer);

	if (l && l->session == msg->session)
		pass_down(p, l, msg);
	else
		g->stats.gw_drop_stray++;
}

static void input(struct proxy *p, const struct proxy_link *l, uint8_t *data, size_t len)
{
	struct ds_input in = {.path.remote = l->device, .data = data, .len = len};
	struct ds_message msg;

	if (len > DS_DATAGRAM_MAX) {
		p->stats.wire_toobig++;
		return;
	}
	while (ds_engine_input(p->ep.engine, &in, &msg, p->now) == DS_MESSAGE)
		proxy_gateway_deliver(p, &msg);
	host_endpoint_flush(&p->ep);
}

void proxy_gateway_read(struct proxy *p, uint32_t id)
{
	struct proxy_link *l = proxy_links_at(&p->gateway->links, id);
	struct mmsghdr msg[READ_BATCH];
	struct iovec iov[READ_BATCH];
	unsigned n;

	if (!l ||
	    l->fd < 0) /* closed earlier in this turn, when its event was already on its way */
		return;
	memset(msg, 0, sizeof(msg));
	for (int i = 0; i < READ_BATCH; i++) {
		iov[i] = (struct iovec){read_buf[i], sizeof(read_buf[i])};
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	n = proxy_gateway_recv(p, l, msg, READ_BATCH);
	l->reached |= n > 0;
	for (unsigned i = 0; i < n; i++)
		input(p, l, read_buf[i], msg[i].msg_len);
}

/* Events and time */

void proxy_gateway_event(struct proxy *p, const struct ds_event *ev)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l = g->shared ? g->shared
					 : proxy_links_find(&g->links, &ev->info.path.remote);

	if (ev->type == DS_EVENT_FAILED) {
		proxy_gateway_failed(p, l);
	} else if (ev->type == DS_EVENT_CLOSED && l && l->session == ev->info.session) {
		proxy_gateway_ended(p, l, ev);
	} else if (ev->type == DS_EVENT_ESTABLISHED && l) {
		l->session = ev->info.session;
		l->cid = ev->info.peer_cid_len != 0;
		proxy_gateway_succeeded(p, l);
		send_held(p, l);
	}
}

/* Drops late messages; who holds others and has no session wants one. */
static void sweep_messages(struct proxy *p)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l, *next;

	for (l = TAILQ_FIRST(&g->links.holding); l; l = next) {
		unsigned late = proxy_hold_expire(&l->hold, &g->links.held, p->now);

		next = TAILQ_NEXT(l, holding);
		g->stats.gw_drop_late += late;
		log_dropped(l, late, "waited too long for a session");
		proxy_links_note_hold(&g->links, l);
		proxy_gateway_hurry(p, l);
		if (l->hold.n && !l->session)
			proxy_gateway_want(p, l);
	}
}

static void sweep_devices(struct proxy *p)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l;

	for (int i = 0; i < SWEEP_MAX && g->idle && (l = TAILQ_FIRST(&g->links.order)); i++) {
		if (p->now - l->used < g->idle)
			return;
		g->stats.gw_idle++;
		if (l == g->shared) {
			ds_engine_close(p->ep.engine, l->session, p->now);
			proxy_links_touch(&g->links, l, p->now);
		} else {
			forget(p, l);
		}
	}
}

void proxy_gateway_work(struct proxy *p)
{
	struct proxy_gateway *g = p->gateway;

	proxy_uplink_work(&g->uplink, p->now);
	if (p->now >= g->sweep_at) {
		g->sweep_at = p->now + SWEEP;
		sweep_messages(p);
		sweep_devices(p);
	}
	proxy_gateway_give_up(p);
	proxy_gateway_begin(p);
}

ds_time proxy_gateway_deadline(const struct proxy *p)
{
	const struct proxy_gateway *g = p->gateway;
	ds_time at = proxy_gateway_begin_at(p);

	if (g->uplink.look_at < at)
		at = g->uplink.look_at;
	if (!TAILQ_EMPTY(&g->links.order) && g->sweep_at < at)
		at = g->sweep_at;
	return at;
}

bool proxy_gateway_waits(const struct proxy *p)
{
	const struct proxy_link *l;

	TAILQ_FOREACH(l, &p->gateway->links.holding, holding)
		if (l->hold.unsent)
			return true;
	return false;
}
