/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_event.c - the lines of engine events and of counters
 *
 * Peers cause these lines: one device that changes its port with each record would write gigabytes a
 * day, and so would clients without identity that come and go.  So each kind of line has an allowance
 * for each peer and one for all peers together.  What is left out is counted, and the next line of the
 * kind says how much it was; the counters at the end say it, too.  At level debug nothing is left out.
 *
 * A peer is its identity.  One without an identity, or whose handshake failed, so that nothing is
 * proven but its address, is its network.  The table of peers has a fixed size; a peer that takes
 * another one's place begins with a fresh allowance, and then the one for all peers bounds it.
 */
#include <arpa/inet.h>
#include <stdatomic.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/log.h"
#include "host/names.h"
#include "host/sys.h"
#include "host/text.h"

#define OFFER_ROOM 100 /* for a last name and what comes behind it */

#define PEERS	      1024
#define PEER_LINES    8		       /* that a peer may cause at once, of one kind, */
#define PEER_INTERVAL (15 * DS_SECOND) /* and one more after each such time */
#define ALL_LINES     200	       /* the same for all peers together */
#define ALL_INTERVAL  (200 * DS_MSEC)

static const char *const event_names[] = {"established", "rebind",	   "closed",
					  "failed",	 "rebind_refused", "plaintext"};
#define KINDS (sizeof(event_names) / sizeof(*event_names))

/* Lines of one kind.  FAILED is limited by reason: a flood of one must not hide the others. */
struct kind {
	_Atomic uint64_t due;
	_Atomic uint32_t held;
};
static struct kind kinds[KINDS], failed[DS_REASON_INTERNAL + 1];

static struct {
	_Atomic uint64_t peer, due;
} peers[PEERS];

/* Takes a line from an allowance of @lines lines and one more each @interval.  *@due is when all of
 * them will be there again. */
static bool take(_Atomic uint64_t *due, ds_time now, unsigned lines, ds_time interval)
{
	uint64_t was = atomic_load(due), from;

	do {
		from = was > now ? was : now;
		if (from - now > (lines - 1) * interval)
			return false;
	} while (!atomic_compare_exchange_weak(due, &was, from + interval));
	return true;
}

/* Strangers must not know which of them share a place in the table. */
static uint64_t seed(void)
{
	static _Atomic uint64_t drawn;
	uint64_t s = atomic_load(&drawn);

	if (!s && host_sys3(SYS_getrandom, &s, sizeof(s), 0) == sizeof(s))
		atomic_store(&drawn, s);
	return s;
}

static uint64_t peer_of(const struct ds_event *ev)
{
	const struct ds_session_info *s = &ev->info;
	const struct ds_addr *a = &s->path.remote;
	uint8_t key[4 + DS_IDENTITY_MAX] = {(uint8_t)ev->type, (uint8_t)ev->reason, s->by_cert};
	size_t len = s->identity_len;

	if (len && ev->type != DS_EVENT_FAILED) {
		memcpy(key + 4, s->identity, len);
	} else {
		key[3] = a->family;
		len = a->family == 4 ? 3 : 6; /* IPv4 /24, IPv6 /48 */
		memcpy(key + 4, a->ip, len);
	}
	return XXH3_64bits_withSeed(key, 4 + len, seed());
}

static bool peer_may(const struct ds_event *ev, ds_time now)
{
	uint64_t peer = peer_of(ev);
	size_t at = peer % PEERS;

	if (atomic_exchange(&peers[at].peer, peer) != peer)
		atomic_store(&peers[at].due, 0);
	return take(&peers[at].due, now, PEER_LINES, PEER_INTERVAL);
}

/* Adds @n numbers by their names, so many of them as leave room for the rest of the line. */
static void list_text(struct host_text *t, const char *key, const uint16_t *ids, size_t n,
		      size_t total, void (*name)(struct host_text *t, uint16_t id))
{
	size_t i = 0;

	host_text_add(t, " %s=", key);
	for (; i < n && t->len < HOST_LOG_MESSAGE - OFFER_ROOM; i++) {
		host_text_add(t, i ? "," : "");
		name(t, ids[i]);
	}
	if (i < total)
		host_text_add(t, "%s+%zu", i ? "," : "", total - i);
}

/* What the client offered, so that an operator can see what to change on which side. */
static void offer_text(struct host_text *t, const struct ds_offer *o)
{
	size_t n = o->n_suites < DS_OFFER_SUITES ? o->n_suites : DS_OFFER_SUITES;

	host_text_add(t, " offered=");
	host_name_version(t, o->version);
	if (!o->is_known) {
		host_text_add(t, " hello=fragmented");
		return;
	}
	host_text_add(t, " ems=%s peer_cid=%s usable_suites=%u", o->ems ? "yes" : "no",
		      o->cid ? "yes" : "no", o->common);
	if (o->name_len) {
		host_text_add(t, " server_name=");
		host_text_quote(t, (const uint8_t *)o->server_name, o->name_len);
	}
	list_text(t, "groups", o->groups, o->n_groups, o->n_groups, host_name_group);
	list_text(t, "suites", o->suites, n, o->n_suites, host_name_suite);
}

/* The network of @a as its line names it. */
static void network_text(struct host_text *t, const struct ds_addr *a)
{
	char ip[INET6_ADDRSTRLEN];
	uint8_t net[16] = {0};

	memcpy(net, a->ip, a->family == 4 ? 3 : 6);
	inet_ntop(a->family == 4 ? AF_INET : AF_INET6, net, ip, sizeof(ip));
	host_text_add(t, " network=%s/%d", ip, a->family == 4 ? 24 : 48);
}

static void event_text(struct host_text *t, const struct ds_event *ev)
{
	const struct ds_session_info *s = &ev->info;
	char addr[DS_ADDR_TEXT];

	host_text_add(t, "event=%s peer=%s", event_names[ev->type],
		      ds_addr_format(&s->path.remote, addr));
	if (ev->type == DS_EVENT_REBOUND)
		host_text_add(t, " old=%s", ds_addr_format(&ev->old, addr));
	if (ev->type == DS_EVENT_STAYED)
		host_text_add(t, " from=%s", ds_addr_format(&ev->old, addr));
	if (s->identity_len) {
		host_text_add(t, s->by_cert ? " cert=" : " id=");
		host_text_quote(t, s->identity, s->identity_len);
	}
	if (s->anonymous)
		host_text_add(t, " auth=none");
	if (s->cid_len && s->cid_used) {
		host_text_add(t, " cid=");
		host_text_hex(t, s->cid, s->cid_len);
	}
	if (ev->type == DS_EVENT_ESTABLISHED || (ev->type == DS_EVENT_FAILED && s->suite))
		host_text_add(t, " suite=%s", ds_suite_name(s->suite));
	if (ev->type == DS_EVENT_PLAINTEXT) {
		network_text(t, &s->path.remote);
		host_text_add(t, " datagrams=%u", ev->datagrams);
	}
	if (ev->type == DS_EVENT_CLOSED || ev->type == DS_EVENT_FAILED || ev->reason)
		host_text_add(t, " reason=%s (%s)", ds_reason_name(ev->reason),
			      ds_reason_text(ev->reason));
	if (ev->alert)
		host_text_add(t, " alert=%u (%s)", ev->alert, host_name_alert(ev->alert));
	if (ev->detail)
		host_text_add(t, " detail=%s0x%x", ev->detail < 0 ? "-" : "",
			      (unsigned)(ev->detail < 0 ? -ev->detail : ev->detail));
	if (ev->advice)
		host_text_add(t, " advice=\"%s\"", host_advice(ev->advice));
	if (ev->offer.version)
		offer_text(t, &ev->offer);
}

/* Whether @ev, of kind @k, may have a line now. */
static bool may_write(struct kind *k, const struct ds_event *ev, ds_time now)
{
	if (host_log_on(HOST_LOG_DEBUG))
		return true;
	if (ev->type == DS_EVENT_PLAINTEXT) /* the engine sees to each network */
		return take(&k->due, now, ALL_LINES, ALL_INTERVAL);
	return peer_may(ev, now) &&
	       (ev->type == DS_EVENT_FAILED ? take(&k->due, now, 1, DS_SECOND)
					    : take(&k->due, now, ALL_LINES, ALL_INTERVAL));
}

void host_log_event(const struct ds_event *ev, ds_time now)
{
	bool is_failed = ev->type == DS_EVENT_FAILED;
	bool is_dropped = ev->type == DS_EVENT_PLAINTEXT &&
			  ev->reason != DS_REASON_PLAINTEXT_ALLOWED;
	enum host_log_level level = is_failed || is_dropped ? HOST_LOG_WARN : HOST_LOG_INFO;
	struct kind *k = is_failed ? &failed[ev->reason] : &kinds[ev->type];
	char line[HOST_LOG_MESSAGE];
	struct host_text t = host_text_start(line, sizeof(line));
	uint32_t held;

	if (!host_log_on(level))
		return;
	if (!may_write(k, ev, now)) {
		atomic_fetch_add(&k->held, 1);
		return;
	}
	event_text(&t, ev);
	held = atomic_exchange(&k->held, 0);
	if (held)
		host_text_add(&t, " suppressed=%u", held);
	host_log(level, "%s", line);
}

void host_log_counters(const char *const names[], const uint64_t values[], size_t n)
{
	char line[400];
	struct host_text t = host_text_start(line, sizeof(line));

	for (size_t i = 0; i < n; i++) {
		if (values[i])
			host_text_add(&t, " %s=%llu", names[i], (unsigned long long)values[i]);
		if (t.len > sizeof(line) - 64 || (t.len && i + 1 == n)) {
			host_log(HOST_LOG_INFO, "event=stats%s", line);
			t = host_text_start(line, sizeof(line));
		}
	}
}

/* What was left out since the last line of its kind, which may be the last of all. */
static void log_held(void)
{
	static const char *const names[KINDS] = {
		"suppressed_established", "suppressed_rebind",	       "suppressed_closed",
		"suppressed_failed",	  "suppressed_rebind_refused", "suppressed_plaintext"};
	uint64_t held[KINDS];

	for (size_t i = 0; i < KINDS; i++)
		held[i] = atomic_exchange(&kinds[i].held, 0);
	for (size_t i = 0; i < sizeof(failed) / sizeof(*failed); i++)
		held[DS_EVENT_FAILED] += atomic_exchange(&failed[i].held, 0);
	host_log_counters(names, held, KINDS);
}

void host_log_stats(const struct ds_stats *stats)
{
	static const char *const names[] = {
#define NAME(name, text) #name,
		DS_STATS_MAP(NAME)
#undef NAME
	};

	/* All of its members are counters */
	host_log_counters(names, (const uint64_t *)stats, sizeof(names) / sizeof(*names));
	log_held();
}
