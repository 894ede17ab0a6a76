/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c - see source.h
 *
 * A server that tells its clients apart by address, and keeps what it knows of them under it, needs an
 * address that is the device's as long as the device is the same: over sessions, and over restarts of
 * the proxy.  So address and port are a hash of the identity, which needs no memory.  Two identities may
 * have the same address, 127/8 has 16 million; their ports differ then, for the kernel gives address and
 * port to one socket only.  The hash is SHA-256 because nobody should be able to choose an identity
 * whose address in an IPv6 prefix is that of another.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mbedtls/sha256.h>

#include "host/text.h"
#include "proxy/net.h"
#include "proxy/proxy.h"

#ifndef IPV6_FREEBIND /* linux/in6.h, which does not go with netinet/in.h */
#define IPV6_FREEBIND 78
#endif

#define FLAG	   "--backend-source"
#define HOST_BITS  8 /* a prefix leaves at least as many */
#define PORT_FIRST 1024
#define PORT_TRIES 8   /* neighbours of a port in use; then any port */
#define PROBE_MS   500 /* for a datagram to ourselves */

/* Keeps the first @bits of @prefix and fills the rest of @a from @digest. */
static void fill_host_part(struct ds_addr *a, const struct proxy_source *s,
			   const uint8_t digest[static 32])
{
	size_t size = s->prefix.family == 4 ? 4 : 16;

	*a = s->prefix;
	for (size_t i = s->bits / 8; i < size; i++) {
		uint8_t kept = (uint8_t)(i == s->bits / 8 ? ~(0xffU >> s->bits % 8) : 0);

		a->ip[i] = (uint8_t)((s->prefix.ip[i] & kept) | (digest[i] & ~kept));
	}
	/* Not the network's own address nor its broadcast address; and 127.0/16 is others' */
	if (a->ip[size - 1] == 0 || a->ip[size - 1] == 255)
		a->ip[size - 1] = (uint8_t)(1 + digest[16] % 254);
	if (a->family == 4 && s->bits == 8 && a->ip[0] == 127 && a->ip[1] == 0)
		a->ip[1] = (uint8_t)(1 + digest[17] % 254);
	a->port = (uint16_t)(PORT_FIRST + (digest[18] << 8 | digest[19]) % (65536 - PORT_FIRST));
}

/* The address of @info's device in our prefix: by its identity, or by where it is if it has none. */
static int make_address(const struct proxy_source *s, const struct ds_session_info *info,
			struct ds_addr *out)
{
	uint8_t who[1 + DS_IDENTITY_MAX + sizeof(struct ds_addr)], digest[32];
	size_t n = 0;

	/* Identities of keys, subjects of certificates and addresses are never the same */
	who[n++] = info->identity_len ? info->by_cert : 2;
	if (info->identity_len) {
		memcpy(who + n, info->identity, info->identity_len);
		n += info->identity_len;
	} else {
		memcpy(who + n, &info->path.remote, sizeof(info->path.remote));
		n += sizeof(info->path.remote);
	}
	if (mbedtls_sha256(who, n, digest, 0)) {
		errno = EIO;
		return -1;
	}
	fill_host_part(out, s, digest);
	return 0;
}

/* Lets @fd have an address that is not this machine's: @transparent, anybody's; else one that only a
 * route makes ours, with which IPv4 is content. */
static int allow_foreign(int fd, int family, bool transparent)
{
	const int on = 1;

	if (family == AF_INET)
		return transparent ? setsockopt(fd, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof(on))
				   : 0;
	return setsockopt(fd, IPPROTO_IPV6, transparent ? IPV6_TRANSPARENT : IPV6_FREEBIND, &on,
			  sizeof(on));
}

/* bind(2) to @a, or to a port near it, or to any port of its address. */
static int bind_near(int fd, int family, struct ds_addr a, int tries)
{
	union host_sockaddr sa;
	uint16_t first = a.port;
	socklen_t len;

	for (int i = 0; i <= tries; i++) {
		unsigned port = first + (unsigned)i;

		a.port = i == tries ? 0 : (uint16_t)(port > 65535 ? PORT_FIRST : port);
		len = host_addr_to_sockaddr(&a, family, &sa);
		if (!len) {
			errno = EAFNOSUPPORT;
			return -1;
		}
		if (!bind(fd, &sa.sa, len))
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}

int proxy_source_bind(struct proxy *p, int fd, int family, ds_session session)
{
	const struct proxy_source *s = &p->source;
	bool transparent = s->kind == PROXY_SOURCE_TRANSPARENT;
	struct ds_session_info info;
	struct ds_addr a;

	if (s->kind != PROXY_SOURCE_PREFIX && !transparent)
		return 0;
	if (!ds_engine_info(p->ep.engine, session, &info)) {
		errno = ENOENT;
		return -1;
	}
	if (transparent)
		a = info.path.remote;
	else if (make_address(s, &info, &a))
		return -1;
	if (allow_foreign(fd, family, transparent))
		return -1;
	return bind_near(fd, family, a, transparent ? 1 : PORT_TRIES);
}

/* The start: what the option says */

static int read_prefix(struct proxy_source *s, const char *text, int family, char *why)
{
	const char *slash = strchr(text, '/');
	char host[INET6_ADDRSTRLEN], *end;
	size_t n = (size_t)(slash - text);
	unsigned size = family == AF_INET ? 32 : 128;

	s->bits = (unsigned)strtoul(slash + 1, &end, 10);
	if (n >= sizeof(host) || end == slash + 1 || *end || s->bits < 8 ||
	    s->bits > size - HOST_BITS)
		return host_why(why, FLAG " \"%.80s\": expected PREFIX/BITS with 8 to %u bits",
				text, size - HOST_BITS);
	memcpy(host, text, n);
	host[n] = '\0';
	s->prefix.family = family == AF_INET ? 4 : 6;
	if (inet_pton(family, host, s->prefix.ip) != 1)
		return host_why(why, FLAG " \"%.80s\": not an address of the family of --connect",
				text);
	s->kind = PROXY_SOURCE_PREFIX;
	return 0;
}

/* 0 if @to's address is ours.  For IPv4 bind(2) knows; for IPv6 a datagram is sent to it, on the loopback
 * interface, so that nobody else gets it should it not be ours.  @fds are closed by the caller. */
static int probe(const struct ds_addr *to, int family, int fds[static 2])
{
	struct pollfd wait = {.events = POLLIN};
	union host_sockaddr sa;
	socklen_t len = sizeof(sa);

	for (int i = 0; i < 2; i++)
		fds[i] = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fds[0] < 0 || fds[1] < 0 || allow_foreign(fds[0], family, false) ||
	    bind_near(fds[0], family, *to, 0))
		return -1;
	if (family == AF_INET)
		return 0;
	wait.fd = fds[0];
	if (getsockname(fds[0], &sa.sa, &len) ||
	    setsockopt(fds[1], SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) ||
	    sendto(fds[1], "", 1, 0, &sa.sa, len) < 0)
		return -1;
	return poll(&wait, 1, PROBE_MS) > 0 ? 0 : -1;
}

/* Answers of the backend come back only if the prefix is routed to this machine. */
static int try_prefix(const struct proxy_source *s, const char *text, int family, char *why)
{
	static const uint8_t digest[32] = {[3] = 2, [15] = 2, [17] = 7};
	struct ds_addr a;
	int fds[2] = {-1, -1}, err;

	fill_host_part(&a, s, digest);
	err = probe(&a, family, fds);
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (!err)
		return 0;
	return host_why(
		why,
		FLAG " \"%.80s\": what is sent to addresses in it does not come to this machine, "
		     "so answers would be lost; do: ip %sroute add local %.60s dev lo",
		text, family == AF_INET ? "" : "-6 ", text);
}

static int try_transparent(int family, char *why)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = fd < 0 || allow_foreign(fd, family, true) ? errno : 0;

	if (fd >= 0)
		close(fd);
	if (!err)
		return 0;
	return host_why(why,
			FLAG
			" transparent: the kernel does not let this process send from devices' "
			"addresses: %s; give it CAP_NET_RAW (setcap cap_net_raw+ep dtlsproxy, or "
			"AmbientCapabilities=CAP_NET_RAW in its unit)",
			strerror(err));
}

static int read_fixed(struct proxy_source *s, const char *text, int family, bool shared, char *why)
{
	if (!shared)
		return host_why(
			why,
			FLAG
			" \"%.80s\": each session has a socket of its own, and they cannot all "
			"have this address; give loopback, PREFIX/BITS or transparent, or let "
			"one socket serve all sessions (--backend-header)",
			text);
	if (proxy_net_resolve_one(FLAG, text, &s->at, &s->len, why))
		return -1;
	if (s->at.sa.sa_family != family)
		return host_why(why,
				FLAG " \"%.80s\": an address like that of --connect is expected%s",
				text, family == AF_UNIX ? ": unix:PATH" : "");
	s->kind = PROXY_SOURCE_FIXED;
	return 0;
}

int proxy_source_init(struct proxy_source *s, const char *text, int family, bool shared,
		      char why[static DS_WHY_MAX])
{
	bool transparent, loopback, prefix;

	memset(s, 0, sizeof(*s));
	if (!text)
		return 0;
	transparent = !strcmp(text, "transparent");
	loopback = !strcmp(text, "loopback");
	prefix = !proxy_net_is_unix(text) && strchr(text, '/');
	if (!transparent && !loopback && !prefix)
		return read_fixed(s, text, family, shared, why);
	if (shared)
		return host_why(
			why,
			FLAG
			" \"%.80s\": one socket serves all sessions there, and headers say whom "
			"a message is from; sessions have addresses of their own with "
			"--backend-answers plain",
			text);
	if (loopback && family != AF_INET)
		return host_why(why, FLAG " loopback: needs an IPv4 address in --connect");
	if (transparent) {
		s->kind = PROXY_SOURCE_TRANSPARENT;
		return try_transparent(family, why);
	}
	if (read_prefix(s, loopback ? "127.0.0.0/8" : text, family, why))
		return -1;
	return try_prefix(s, loopback ? "127.0.0.0/8" : text, family, why);
}
