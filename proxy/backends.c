/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backends.c - see backends.h
 *
 * By identity means rendezvous hashing: each backend draws a number from its address and the identity, and
 * the largest wins.  So one that goes leaves its sessions evenly to all others, one that comes takes an even
 * share from each of them, and every proxy with the same backends, and this one after a restart, decides alike
 * without keeping anything.
 */
#include "proxy/backends.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "host/text.h"
#include "proxy/probe.h"

#define REST_FIRST (1 * DS_SECOND) /* doubled each time, up to */
#define REST_MAX   (60 * DS_SECOND)

static uint32_t count_entries(const char *text)
{
	uint32_t n = 1;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

int proxy_backends_open(struct proxy_backends *b, struct proxy_names *names,
			const struct host_options *o, char why[static DS_WHY_MAX])
{
	const char *text = o->connect;

	b->probed = o->probe_hex != NULL;
	b->balance = (enum host_balance)o->balance;
	b->names = calloc(count_entries(text), sizeof(*b->names));
	if (!b->names)
		return host_why(why, "out of memory");
	for (;; text++) {
		struct proxy_name *name = &b->names[b->n_names++];
		size_t len = strcspn(text, ",");

		name->text = strndup(text, len);
		if (!name->text)
			return host_why(why, "out of memory");
		if (proxy_net_resolve(name->text, &name->now, &name->is_name, why))
			return -1;
		if (name->is_name)
			proxy_names_add(names, name);
		text += len;
		if (!*text)
			return 0;
	}
}

/* All addresses that are to be listed; false if there are more than @out has room for. */
static bool gather(const struct proxy_backends *b, struct proxy_addrs *out)
{
	out->n = 0;
	for (uint32_t i = 0; i < b->n_names; i++) {
		const struct proxy_addrs *now = &b->names[i].now;

		for (uint32_t k = 0; k < now->n; k++) {
			if (proxy_addrs_have(out, &now->addr[k]))
				continue;
			if (out->n == PROXY_ADDRS)
				return false;
			out->addr[out->n++] = now->addr[k];
		}
	}
	return true;
}

/* A place that is nobody's, or a new one; NULL without memory. */
static struct proxy_backend *new_place(struct proxy_backends *b)
{
	struct proxy_backend *list;

	for (uint32_t i = 0; i < b->n; i++)
		if (!b->list[i].listed && !b->list[i].sessions)
			return &b->list[i];
	list = realloc(b->list, (b->n + 1) * sizeof(*list));
	if (!list)
		return NULL;
	b->list = list;
	return &list[b->n++];
}

static void add(struct proxy_backends *b, const struct ds_addr *addr)
{
	struct proxy_backend *be = new_place(b);

	if (!be)
		return;
	*be = (struct proxy_backend){.probe_fd = -1};
	be->addr = *addr;
	be->to_len = host_addr_to_sockaddr(addr, addr->family == 4 ? AF_INET : AF_INET6, &be->to);
	be->seed = XXH3_64bits(addr, sizeof(*addr));
	be->listed = true;
}

static struct proxy_backend *find(const struct proxy_backends *b, const struct ds_addr *addr)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (ds_addr_equal(&b->list[i].addr, addr))
			return &b->list[i];
	return NULL;
}

static void say(const char *event, const struct proxy_backend *be)
{
	char text[DS_ADDR_TEXT];

	host_log(HOST_LOG_INFO, "event=%s addr=%s sessions=%u", event,
		 ds_addr_format(&be->addr, text), be->sessions);
}

const struct proxy_bound *proxy_bound_gets(const struct proxy_bound *bound, unsigned n,
					   const struct ds_addr *addr)
{
	for (unsigned i = 0; i < n; i++)
		if (proxy_net_is_loop(&bound[i].at, addr))
			return &bound[i];
	return NULL;
}

static void list_addr(struct proxy_backends *b, const struct ds_addr *addr, bool tell)
{
	struct proxy_backend *be = find(b, addr);
	char text[DS_ADDR_TEXT];

	if (be && be->listed)
		return;
	if (proxy_bound_gets(b->bound, b->n_bound, addr)) {
		host_log(
			HOST_LOG_WARN,
			"event=backend_is_self addr=%s: a name in --connect stands for what --bind "
			"listens to; nothing is sent there",
			ds_addr_format(addr, text));
		return;
	}
	if (be)
		be->listed = true;
	else
		add(b, addr);
	be = find(b, addr);
	if (tell && be)
		say("backend_listed", be);
}

/* Lists exactly @all. */
static void list(struct proxy_backends *b, const struct proxy_addrs *all, bool tell)
{
	for (uint32_t i = 0; i < b->n; i++) {
		if (!b->list[i].listed || proxy_addrs_have(all, &b->list[i].addr))
			continue;
		b->list[i].listed = false;
		proxy_probe_end(&b->list[i]);
		say("backend_unlisted", &b->list[i]);
	}
	for (uint32_t i = 0; i < all->n; i++)
		list_addr(b, &all->addr[i], tell);
	b->n_listed = 0;
	for (uint32_t i = 0; i < b->n; i++)
		b->n_listed += b->list[i].listed;
}

static const char *entry_of(const struct proxy_backends *b, const struct ds_addr *addr)
{
	uint32_t i = 0;

	while (!proxy_addrs_have(&b->names[i].now, addr))
		i++;
	return b->names[i].text;
}

int proxy_backends_begin(struct proxy_backends *b, const struct proxy_bound *bound,
			 unsigned n_bound, char why[static DS_WHY_MAX])
{
	struct proxy_addrs all;

	b->bound = bound;
	b->n_bound = n_bound;
	if (!gather(b, &all))
		return host_why(why, "--connect \"%.80s\"...: more than %d addresses",
				b->names[0].text, PROXY_ADDRS);
	for (uint32_t i = 0; i < all.n; i++) {
		const struct proxy_bound *self =
			proxy_bound_gets(b->bound, b->n_bound, &all.addr[i]);

		if (self)
			return host_why(why,
					"--connect \"%.80s\" is what --bind \"%.80s\" listens to: "
					"the proxy would talk to itself; give the address of the "
					"plaintext server",
					entry_of(b, &all.addr[i]), self->text);
	}
	list(b, &all, false);
	return b->n_listed == all.n ? 0 : host_why(why, "out of memory");
}

void proxy_backends_update(struct proxy_backends *b, struct proxy_names *names)
{
	struct proxy_addrs all;
	bool fresh = false;

	for (uint32_t i = 0; i < b->n_names; i++)
		fresh |= proxy_names_take(names, &b->names[i]);
	if (!fresh)
		return;
	if (!gather(b, &all))
		host_log(HOST_LOG_WARN,
			 "event=backends_full: --connect stands for more than %d addresses; the "
			 "rest get no sessions",
			 PROXY_ADDRS);
	list(b, &all, true);
}

/* What the rule goes by: bytes that stay the same as long as the session does, and beyond a restart. */
static size_t key_of(const struct ds_session_info *s, uint8_t key[static DS_IDENTITY_MAX + 1])
{
	const void *bytes = &s->path.remote;
	size_t len = sizeof(s->path.remote);

	key[0] = 'a';
	if (s->identity_len) {
		key[0] = s->by_cert ? 'c' : 'k';
		bytes = s->identity;
		len = s->identity_len;
	} else if (s->cid_used) {
		key[0] = 'i';
		bytes = s->cid;
		len = s->cid_len;
	}
	memcpy(key + 1, bytes, len);
	return len + 1;
}

static bool is_free(const struct proxy_backends *b, uint32_t i, ds_time now)
{
	return b->list[i].listed && !proxy_backend_rests(b, i, now);
}

static uint32_t by_identity(const struct proxy_backends *b, const struct ds_session_info *s,
			    ds_time now)
{
	uint8_t key[DS_IDENTITY_MAX + 1];
	size_t len = key_of(s, key);
	uint32_t best = PROXY_NO_BACKEND;
	uint64_t most = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		uint64_t drawn = XXH3_64bits_withSeed(key, len, b->list[i].seed);

		if (is_free(b, i, now) && (best == PROXY_NO_BACKEND || drawn > most)) {
			best = i;
			most = drawn;
		}
	}
	return best;
}

static uint32_t in_turns(struct proxy_backends *b, ds_time now)
{
	for (uint32_t k = 0; k < b->n; k++) {
		uint32_t i = (b->turn + k) % b->n;

		if (is_free(b, i, now)) {
			b->turn = i + 1;
			return i;
		}
	}
	return PROXY_NO_BACKEND;
}

static uint32_t choose(struct proxy_backends *b, const struct ds_session_info *s, ds_time now)
{
	return b->balance == HOST_BALANCE_IDENTITY ? by_identity(b, s, now) : in_turns(b, now);
}

uint32_t proxy_backends_choose(struct proxy_backends *b, const struct ds_session_info *s,
			       ds_time now)
{
	uint32_t i = choose(b, s, now);

	/* By then none rests */
	return i == PROXY_NO_BACKEND ? choose(b, s, DS_TIME_NEVER) : i;
}

uint32_t proxy_backends_instead(struct proxy_backends *b, uint32_t i,
				const struct ds_session_info *s, ds_time now)
{
	uint32_t other = proxy_backends_choose(b, s, now);

	return other == PROXY_NO_BACKEND || proxy_backend_rests(b, other, now) ? i : other;
}

static void rest(const struct proxy_backends *b, struct proxy_backend *be, ds_time now)
{
	if (now > be->rests_until + REST_MAX) /* that was another outage */
		be->rest = 0;
	be->rest = be->rest ? 2 * be->rest : REST_FIRST;
	if (be->rest > REST_MAX)
		be->rest = REST_MAX;
	be->rests_until = b->probed ? DS_TIME_NEVER : now + be->rest;
}

static const char *reason(int err)
{
	return err == ECONNREFUSED ? "nothing listens there"
	       : err == ETIMEDOUT  ? "it does not answer probes"
				   : strerror(err);
}

void proxy_backends_refused(struct proxy_backends *b, uint32_t i, int err, ds_time now)
{
	struct proxy_backend *be = &b->list[i];
	char addr[DS_ADDR_TEXT], pause[32];

	ds_addr_format(&be->addr, addr);
	if (b->n_listed <= be->listed) {
		host_log_limited(
			&be->refusals, HOST_LOG_WARN,
			"event=backend_refused addr=%s: %s; sessions stay, messages are lost "
			"until this ends",
			addr, reason(err));
		return;
	}
	if (be->rests_until <= now)
		rest(b, be, now);
	snprintf(pause, sizeof(pause), "%llus", (unsigned long long)(be->rest / DS_SECOND));
	host_log_limited(&be->refusals, HOST_LOG_WARN,
			 "event=backend_left addr=%s sessions=%u for=%s: %s; those of its sessions "
			 "that speak go to others",
			 addr, be->sessions, b->probed ? "until_probed" : pause, reason(err));
}

void proxy_backends_answered(struct proxy_backends *b, uint32_t i)
{
	struct proxy_backend *be = &b->list[i];

	be->unanswered = 0;
	if (!be->rest)
		return;
	be->rest = be->rests_until = 0;
	say("backend_back", be);
}

const char *proxy_backends_format(const struct proxy_backends *b, char *text, size_t cap)
{
	struct host_text t = host_text_start(text, cap);
	char one[DS_ADDR_TEXT];

	for (uint32_t i = 0; i < b->n; i++)
		if (b->list[i].listed)
			host_text_add(&t, "%s%s", t.len ? "," : "",
				      ds_addr_format(&b->list[i].addr, one));
	return text;
}
