/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway_pace.c - when a gateway begins handshakes, see gateway.h
 *
 * All devices talk to one server, so whether it can be reached is one question, not ten thousand.  A few
 * handshakes are begun, and more the more succeed, up to --max-handshakes at a time, and fewer when
 * something has to be repeated, as TCP finds out what a network takes (RFC 5681).  When one fails, one is
 * begun each back-off, whosever it is, and as soon as one succeeds the others follow in the same way.  The
 * back-off ends at BACKOFF_MAX, which is less than messages wait (PROXY_HOLD_TIME), so that what is sent
 * after the server came back gets there.  The jitter keeps gateways from coming back in step.
 *
 * A handshake repeats its hello after 1, 2, 4, 8 seconds and so on.  One that was never answered is given up
 * while the gaps are short, for another; one that was answered has all the time it needs, because its
 * network may be bad.
 *
 * A server may also make handshakes and end the sessions at once.  That is a matter of one device, which
 * waits longer each time.  The usual reason is that all devices have the gateway's identity and the server lets
 * an identity have one session (the default of ours): each new session ends the one before.  Nobody could
 * see that from a list of closed sessions, so it has a line of its own.
 */
#include "host/log.h"
#include "proxy/proxy.h"

#define BEGIN_TURN    32  /* handshakes begun a turn */
#define GIVE_UP_TURN  256 /* handshakes given up a turn */
#define BACKOFF_FIRST (1 * DS_SECOND)
#define BACKOFF_MAX   (6 * DS_SECOND)
#define FAILS_MAX     4
#define STRIKES_MAX   6
#define SOON	      (30 * DS_SECOND) /* a session that the server ends before that was no good */
#define USURP_TIME    (DS_SECOND / 2)  /* between the begin of one session and the end of another */
#define PATIENCE      (8 * DS_SECOND)
#define REPEATED      (900 * DS_MSEC)
#define USURPED_MANY  3

/* @time and a quarter more or less. */
static ds_time jittered(ds_time time)
{
	uint32_t r = 0;

	(void)host_random(NULL, (uint8_t *)&r, sizeof(r));
	return time / 4 * 3 + time / 2 * (r & 0xffff) / 0x10000;
}

static ds_time backoff(unsigned n, ds_time most)
{
	ds_time time = BACKOFF_FIRST << (n - 1);

	return jittered(time < most ? time : most);
}

void proxy_gateway_want(struct proxy *p, struct proxy_link *l)
{
	if (!l->running)
		proxy_links_wait(&p->gateway->links, l, true);
}

/* Things may have changed since @l wanted a handshake.  Where it is too early the sweep comes back to it. */
static bool still_wants(const struct proxy *p, const struct proxy_link *l)
{
	return (l->session ? l->doubtful : l->hold.n != 0) && p->now >= l->not_before;
}

/* True if one more may run; where they fail, time alone decides. */
static bool has_room(const struct proxy *p)
{
	const struct proxy_gateway *g = p->gateway;

	return ds_engine_handshakes(p->ep.engine) < (g->fails ? g->max_handshakes : g->window);
}

void proxy_gateway_begun(struct proxy *p, struct proxy_link *l)
{
	struct proxy_gateway *g = p->gateway;

	if (l->running)
		return;
	l->running = true;
	l->reached = false;
	l->begun_at = p->now;
	if (g->fails)
		g->retry_at = p->now + backoff(g->fails, BACKOFF_MAX);
}

/* How many handshakes may run beside which the engine begins one for a session whose server is silent. */
static size_t doubts(const struct proxy *p)
{
	const struct proxy_gateway *g = p->gateway;

	if (!g->fails)
		return g->window;
	return p->now >= g->retry_at ? ds_engine_handshakes(p->ep.engine) + 1 : 0;
}

/* Begins the handshake of @l; false if the engine has no room. */
static bool begin(struct proxy *p, struct proxy_link *l)
{
	const struct ds_path path = {.remote = l->device};

	if (ds_engine_connect(p->ep.engine, &path, p->now))
		return false;
	proxy_gateway_begun(p, l);
	return true;
}

void proxy_gateway_begin(struct proxy *p)
{
	struct proxy_gateway *g = p->gateway;
	struct proxy_link *l;

	if (!ds_addr_equal(&g->server, &g->uplink.to)) { /* it has moved, and has not failed yet */
		g->server = g->uplink.to;
		g->retry_at = 0;
	}
	for (int i = 0; i < BEGIN_TURN && p->now >= g->retry_at && has_room(p); i++) {
		l = TAILQ_FIRST(&g->links.waiting);
		if (!l)
			break;
		proxy_links_wait(&g->links, l, false);
		if (!still_wants(p, l))
			continue;
		if (!begin(p, l)) {
			proxy_gateway_want(p, l);
			break;
		}
	}
	ds_engine_limit_doubts(p->ep.engine, doubts(p));
}

void proxy_gateway_hurry(struct proxy *p, struct proxy_link *l)
{
	if (l->running && !l->reached && p->now - l->begun_at > PATIENCE)
		proxy_links_give_up(&p->gateway->links, l, true);
}

void proxy_gateway_give_up(struct proxy *p)
{
	struct proxy_links *ls = &p->gateway->links;
	struct proxy_link *l;

	for (int i = 0; i < GIVE_UP_TURN && (l = TAILQ_FIRST(&ls->giving_up)); i++) {
		proxy_links_give_up(ls, l, false);
		ds_engine_unreachable(p->ep.engine, &l->device);
		host_endpoint_flush(&p->ep); /* the engine keeps few events */
		proxy_gateway_want(p, l);
	}
}

ds_time proxy_gateway_begin_at(const struct proxy *p)
{
	const struct proxy_gateway *g = p->gateway;

	if (!TAILQ_EMPTY(&g->links.giving_up))
		return 0;
	/* A handshake that ends wakes the loop */
	return TAILQ_EMPTY(&g->links.waiting) || !has_room(p) ? DS_TIME_NEVER : g->retry_at;
}

/* Whether the server ends the session of a device when another's begins; either may be heard of first. */
static void look_for_usurpers(struct proxy *p)
{
	static struct host_log_limit limit;
	struct proxy_gateway *g = p->gateway;

	if (!g->ended || !g->begun || g->ended == g->begun || p->now - g->ended_at > USURP_TIME ||
	    p->now - g->begun_at > USURP_TIME)
		return;
	g->ended = g->begun = 0; /* one each: a server that stops ends all of them */
	if (++g->usurped < USURPED_MANY)
		return;
	g->usurped = 0;
	host_log_limited(
		&limit, HOST_LOG_WARN,
		"event=gateway_one_session: the server ends the session of a device whenever another's "
		"begins: it seems to allow the gateway's identity one session; let it allow more "
		"(dtlsproxy, libdtlsshim: --one-session-per-identity=false "
		"--sessions-per-identity=0), or use --association=shared");
}

/* A handshake that took @time succeeded.  One in which something had to be repeated (RFC 6347, 4.2.4.1:
 * after a second) says that server or network have too many; many say the same at the same time. */
static void adapt_window(struct proxy_gateway *g, ds_time time, ds_time now)
{
	if (!g->quickest || time < g->quickest)
		g->quickest = time;
	if (time - g->quickest >= REPEATED) {
		if (now - g->shrunk_at < REPEATED)
			return;
		g->shrunk_at = now;
		g->window = g->window / 2 > PROXY_GATEWAY_WINDOW ? g->window / 2
								 : PROXY_GATEWAY_WINDOW;
		g->threshold = g->window;
	} else if (g->window < g->max_handshakes &&
		   (g->window < g->threshold || ++g->credit >= g->window)) {
		g->window++;
		g->credit = 0;
	}
}

void proxy_gateway_succeeded(struct proxy *p, struct proxy_link *l)
{
	struct proxy_gateway *g = p->gateway;

	l->running = false;
	l->doubtful = false;
	l->born = g->begun_at = p->now;
	g->begun = l->id;
	look_for_usurpers(p);
	g->fails = 0;
	g->retry_at = 0;
	adapt_window(g, p->now - l->begun_at, p->now);
}

void proxy_gateway_failed(struct proxy *p, struct proxy_link *l)
{
	struct proxy_gateway *g = p->gateway;

	if (g->fails < FAILS_MAX)
		g->fails++;
	g->window = PROXY_GATEWAY_WINDOW;
	if (g->retry_at <= p->now)
		g->retry_at = p->now + backoff(g->fails, BACKOFF_MAX);
	if (!l)
		return;
	l->running = false;
	if (l->hold.n)
		proxy_gateway_want(p, l);
}

void proxy_gateway_ended(struct proxy *p, struct proxy_link *l, const struct ds_event *ev)
{
	struct proxy_gateway *g = p->gateway;
	bool by_peer = ev->reason == DS_REASON_PEER_CLOSED || ev->reason == DS_REASON_PEER_ALERT;

	l->session = 0;
	if (by_peer && p->now - l->born < SOON) {
		if (l->strikes < STRIKES_MAX)
			l->strikes++;
		l->not_before = p->now + backoff(l->strikes, UINT64_MAX);
	} else if (by_peer) {
		l->strikes = 0;
	}
	if (by_peer) {
		g->ended = l->id;
		g->ended_at = p->now;
		look_for_usurpers(p);
	}
	if (l->hold.n)
		proxy_gateway_want(p, l);
}
