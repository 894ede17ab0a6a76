/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway_open.c - the start of a gateway, its options and statistics; see gateway.h
 *
 * Who may send to a gateway speaks with its identity.  So a gateway that others can reach does not start
 * before it is told who they are; a default that lets private networks in would be wrong in some of
 * them, and one that lets nobody in would look like a gateway that does not work.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/log.h"
#include "host/text.h"
#include "proxy/proxy.h"

/* Options */

/* The host in "host:port"; NULL if there is none, or no memory. */
static char *host_of(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']')
		return strndup(text + 1, len - 2);
	return len ? strndup(text, len) : NULL;
}

/* True if only this machine can send to @bind. */
static bool is_private(const char *bind)
{
	char *host = host_of(bind);
	struct in_addr v4;
	struct in6_addr v6;
	bool is = host && (!strcmp(host, "localhost") ||
			   (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127) ||
			   (inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6)));

	free(host);
	return is;
}

static int check_server(const struct host_options *o, char *why)
{
	if (o->allow_networks || o->association)
		return host_why(
			why,
			"--allow-networks and --association are for --role=client, which "
			"takes plaintext in; a server takes DTLS from everybody who has a key");
	return 0;
}

/* Options of a server's end that a gateway has no use for: to ignore them would be to do something else than
 * what was asked. */
static int check_unused(const struct host_options *o, char *why)
{
	const struct {
		const void *member;
		const char *flag, *reason;
	} unused[] = {
#define ONE_PORT "a gateway has one port, --bind, and one server, --connect; start one for each"
#define BACKENDS "is for plaintext servers behind a proxy; a gateway's --connect is a DTLS server"
		{&o->map, "--map", ONE_PORT},
		{&o->plaintext, "--plaintext",
		 "is for ports that take DTLS; a gateway's takes nothing but plaintext, and "
		 "--allow-networks says from whom"},
		{&o->balance, "--balance", BACKENDS},
		{&o->probe_hex, "--probe-hex", BACKENDS},
		{&o->probe, "--probe", BACKENDS},
		{&o->probe_interval, "--probe-interval", BACKENDS},
		{&o->backend_header, "--backend-header", BACKENDS},
		{&o->backend_source, "--backend-source", BACKENDS},
		{&o->backend_answers, "--backend-answers", BACKENDS},
	};

	for (size_t i = 0; i < sizeof(unused) / sizeof(*unused); i++)
		if (host_option_given(o, unused[i].member) != HOST_BY_DEFAULT)
			return host_why(why, "%s with --role=client: %s", unused[i].flag,
					unused[i].reason);
	if (strchr(o->connect, ','))
		return host_why(why, "--connect \"%.80s\" with --role=client: %s", o->connect,
				ONE_PORT);
	if (proxy_net_is_unix(o->connect))
		return host_why(why,
				"--connect \"%.80s\" with --role=client: a DTLS server's "
				"host:port is expected",
				o->connect);
	return 0;
}

int proxy_gateway_options(struct host_options *o, char why[static DS_WHY_MAX])
{
	struct proxy_allow allow;

	if (o->role == HOST_ROLE_SERVER)
		return check_server(o, why);
	if (o->role != HOST_ROLE_CLIENT)
		return host_why(
			why, "--role=both: a dtlsproxy is the server's end or the client's; start "
			     "two");
	if (o->state)
		return host_why(why, "--state keeps a server's sessions; a gateway (--role=client) "
				     "makes new ones when it starts");
	if (check_unused(o, why))
		return -1;
	if (o->cid_length != HOST_UNSET && o->cid_length)
		return host_why(
			why,
			"--cid-length=%u: a gateway (--role=client) has a socket for each session "
			"and needs no Connection ID of its own; the server chooses the one that "
			"it is sent",
			o->cid_length);
	if (!o->allow_networks && !is_private(o->bind))
		return host_why(
			why,
			"--bind \"%.60s\" can be reached by others, who would speak with this "
			"gateway's identity; --allow-networks says who may: "
			"--allow-networks=192.0.2.0/24,2001:db8::/32, or any",
			o->bind);
	if (o->ca && !o->server_name)
		o->server_name = host_of(o->connect);
	return proxy_allow_parse(&allow, o->allow_networks, why);
}

/* Start */

void proxy_gateway_new(struct proxy *p, struct ds_config *cfg)
{
	struct proxy_gateway *g = calloc(1, sizeof(*g));
	char why[DS_WHY_MAX];

	if (!g)
		host_die(1, "start: %s", strerror(errno));
	if (proxy_allow_parse(&g->allow, p->opt.allow_networks, why))
		host_die(1, "%s", why);
	g->links.max = p->opt.max_sessions;
	if (g->links.max > p->all->sockets.max)
		g->links.max = p->all->sockets.max;
	g->idle = p->opt.device_idle * DS_SECOND;
	g->max_handshakes = p->opt.max_handshakes;
	g->window = PROXY_GATEWAY_WINDOW;
	g->threshold = PROXY_GATEWAY_THRESHOLD;
	cfg->max_sessions = g->links.max;
	cfg->max_per_identity = 0; /* all have the one that is ours */
	cfg->idle = 0;		   /* --device-idle */
	if (proxy_links_init(&g->links, cfg))
		host_die(1, "start: %s", strerror(ENOMEM));
	p->gateway = g;
}

void proxy_gateway_open(struct proxy *p)
{
	struct proxy_gateway *g = p->gateway;
	char why[DS_WHY_MAX];

	if (proxy_uplink_open(&g->uplink, p->opt.connect, &p->all->names, why))
		host_die(1, "%s", why);
	if (!p->opt.association)
		return;
	g->shared = proxy_links_add(&g->links, &g->uplink.to, host_now());
	if (!g->shared)
		host_die(1, "start: %s", strerror(ENOMEM));
}

void proxy_gateway_check(const struct proxy *p, const struct proxy_bound *bound)
{
	if (proxy_net_is_loop(&bound->at, &p->gateway->uplink.to))
		host_die(
			1,
			"--connect \"%s\" is what --bind \"%s\" listens to: the gateway would talk "
			"to itself; give the address of the DTLS server",
			p->opt.connect, bound->text);
}

void proxy_gateway_say_listening(const struct proxy *p, const struct ds_addr *addr)
{
	const struct proxy_gateway *g = p->gateway;
	char text[DS_ADDR_TEXT], to[DS_ADDR_TEXT];

	host_log(HOST_LOG_INFO,
		 "event=listening addr=%s server=%s association=%s aead=%s max_devices=%u",
		 ds_addr_format(addr, text), ds_addr_format(&g->uplink.to, to),
		 g->shared ? "shared" : "device", ds_engine_aead(p->ep.engine), g->links.max);
}

int proxy_gateway_reload(struct proxy *p)
{
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];
	int err = host_config_make_as(&cfg, &files, &p->opt, DS_CLIENT, why);

	if (!err) {
		err = ds_engine_reload(p->ep.engine, &cfg, why);
		host_files_free(&files);
	}
	explicit_bzero(&cfg, sizeof(cfg));
	if (err)
		host_log(HOST_LOG_ERROR, "event=reload_failed what=files: %s; old ones kept", why);
	return err ? -1 : 0;
}

void proxy_gateway_log_stats(const struct proxy *p)
{
	static const char *const names[] = {
#define NAME(name, text) #name,
		PROXY_GATEWAY_STATS_MAP(NAME)
#undef NAME
	};
	const struct proxy_gateway *g = p->gateway;
	unsigned waiting = 0;
	const struct proxy_link *l;

	TAILQ_FOREACH(l, &g->links.waiting, waiting)
		waiting++;
	host_log(HOST_LOG_INFO, "event=stats devices=%u max_devices=%u waiting=%u held_bytes=%zu",
		 g->links.count, g->links.max, waiting, g->links.held);
	host_log_counters(names, (const uint64_t *)&g->stats, sizeof(names) / sizeof(*names));
}
