/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.c - see net.h
 *
 * The resolver is libc's, which may ask the network and so may take seconds: after the start only a
 * thread of its own calls it (names.c).  An empty host in --bind means every address of both families,
 * which one IPv6 socket gives; where there is no IPv6 it is an IPv4 socket.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/state.h"
#include "proxy/net.h"

#define UNIX_PREFIX   "unix:"
#define SOCKET_BUFFER (4 << 20) /* bytes: rides out a burst while a certificate handshake runs */

/* Splits "host:port" or "[v6]:port" in place. */
static int split(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');
	size_t n;

	if (!colon || !colon[1])
		return -1;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	n = strlen(text);
	if (text[0] == '[' && text[n - 1] == ']') {
		text[n - 1] = '\0';
		(*host)++;
	} else if (strchr(text, ':')) {
		return -1; /* an IPv6 address without brackets */
	}
	return 0;
}

/* What getaddrinfo(3) says of "host:port"; a list that is not empty, to be freed.  @is_name: out, may be
 * NULL: another time it may say something else. */
static int look_up(const char *flag, const char *text, struct addrinfo **list, bool *is_name,
		   char why[static DS_WHY_MAX])
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST};
	bool passive = !strcmp(flag, "--bind");
	char copy[300], *host, *port;
	int err;

	if (strlen(text) >= sizeof(copy) || split(strcpy(copy, text), &host, &port)) {
		snprintf(why, DS_WHY_MAX, "%s \"%.80s\": expected host:port, [ipv6]:port or :port",
			 flag, text);
		return -1;
	}
	/* getaddrinfo() takes 70000 for 4464.  Port 0 of our own: any free one. */
	if (!port[strspn(port, "0123456789")] &&
	    (strtoul(port, NULL, 10) > 65535 || (!passive && !strtoul(port, NULL, 10)))) {
		snprintf(why, DS_WHY_MAX, "%s \"%.80s\": port %.20s is out of range: 1..65535",
			 flag, text, port);
		return -1;
	}
	if (!*host)
		host = passive ? "::" : "127.0.0.1";
	err = getaddrinfo(host, port, &hints, list);
	if (is_name)
		*is_name = err != 0;
	hints.ai_flags = 0;
	if (err)
		err = getaddrinfo(host, port, &hints, list);
	if (err) {
		snprintf(why, DS_WHY_MAX, "%s \"%.80s\": %s", flag, text,
			 err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err));
		return -1;
	}
	return 0;
}

/* "localhost" is 127.0.0.1, as it is for Go programs and most plaintext servers. */
static int preferred_family(const struct addrinfo *list)
{
	for (const struct addrinfo *ai = list; ai; ai = ai->ai_next)
		if (ai->ai_family == AF_INET)
			return AF_INET;
	return list->ai_family;
}

static int resolve_first(const char *flag, const char *text, union host_sockaddr *out,
			 socklen_t *len, char why[static DS_WHY_MAX])
{
	struct addrinfo *list, *ai;

	if (look_up(flag, text, &list, NULL, why))
		return -1;
	ai = list;
	while (ai->ai_family != preferred_family(list))
		ai = ai->ai_next;
	*len = ai->ai_addrlen;
	memcpy(out, ai->ai_addr, *len);
	freeaddrinfo(list);
	return 0;
}

bool proxy_net_is_unix(const char *text)
{
	return !strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX));
}

/* The name of an AF_UNIX socket. */
static int resolve_unix(const char *flag, const char *text, union host_sockaddr *out,
			socklen_t *len, char why[static DS_WHY_MAX])
{
	const char *path = text + strlen(UNIX_PREFIX);
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	if (*path != '/' || strlen(path) >= sizeof(name.sun_path)) {
		snprintf(why, DS_WHY_MAX,
			 "%s \"%.80s\": after unix: an absolute path of at most %zu characters is "
			 "expected",
			 flag, text, sizeof(name.sun_path) - 1);
		return -1;
	}
	strcpy(name.sun_path, path);
	memset(out, 0, sizeof(*out));
	memcpy(out, &name, sizeof(name));
	*len = sizeof(name);
	return 0;
}

int proxy_net_resolve_one(const char *flag, const char *text, union host_sockaddr *out,
			  socklen_t *len, char why[static DS_WHY_MAX])
{
	if (proxy_net_is_unix(text))
		return resolve_unix(flag, text, out, len, why);
	return resolve_first(flag, text, out, len, why);
}

int proxy_net_bind_addr(const struct host_options *o, struct ds_addr *out,
			char why[static DS_WHY_MAX])
{
	union host_sockaddr sa;
	socklen_t len;

	if (resolve_first("--bind", o->bind, &sa, &len, why))
		return -1;
	host_addr_from_sockaddr(out, &sa.sa, len);
	return 0;
}

bool proxy_addrs_have(const struct proxy_addrs *a, const struct ds_addr *addr)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (ds_addr_equal(&a->addr[i], addr))
			return true;
	return false;
}

int proxy_net_resolve(const char *text, struct proxy_addrs *out, bool *is_name,
		      char why[static DS_WHY_MAX])
{
	struct addrinfo *list;
	struct ds_addr addr;
	int family;

	if (look_up("--connect", text, &list, is_name, why))
		return -1;
	family = preferred_family(list);
	out->n = 0;
	for (const struct addrinfo *ai = list; ai && out->n < PROXY_ADDRS; ai = ai->ai_next)
		if (ai->ai_family == family &&
		    host_addr_from_sockaddr(&addr, ai->ai_addr, ai->ai_addrlen) &&
		    !proxy_addrs_have(out, &addr))
			out->addr[out->n++] = addr;
	freeaddrinfo(list);
	return 0;
}

static bool is_wildcard(const union host_sockaddr *sa)
{
	return sa->sa.sa_family == AF_INET ? sa->in.sin_addr.s_addr == htonl(INADDR_ANY)
					   : IN6_IS_ADDR_UNSPECIFIED(&sa->in6.sin6_addr);
}

static bool is_loopback(const union host_sockaddr *sa)
{
	return sa->sa.sa_family == AF_INET ? sa->in.sin_addr.s_addr == htonl(INADDR_LOOPBACK)
					   : IN6_IS_ADDR_LOOPBACK(&sa->in6.sin6_addr);
}

int proxy_net_bind(int fd, const union host_sockaddr *sa, socklen_t len,
		   const struct host_options *o)
{
	uint16_t port = ntohs(sa->in.sin_port); /* at the same place in IPv6 */
	ds_time until = 0;

	while (bind(fd, &sa->sa, len)) {
		if (errno != EADDRINUSE)
			return -1;
		if (!host_state_bind_again(o, port, &until)) {
			errno = EADDRINUSE;
			return -1;
		}
	}
	return 0;
}

void proxy_net_buffers(int fd)
{
	const int size = SOCKET_BUFFER;

	/* FORCE goes beyond net.core.rmem_max where we are privileged. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* Makes a socket for @sa and binds it.  Descriptor, or -1 with errno. */
static int open_bound(const union host_sockaddr *sa, socklen_t len, const struct host_options *o)
{
	const int off = 0;
	int fd = socket(sa->sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (sa->sa.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	proxy_net_buffers(fd);
	if (is_wildcard(sa) && host_pktinfo_enable(fd, sa->sa.sa_family))
		goto fail;
	if (!proxy_net_bind(fd, sa, len, o))
		return fd;
fail:
	close(fd);
	return -1;
}

int proxy_net_listen(const struct host_options *o, int *fd, union host_sockaddr *bound,
		     char why[static DS_WHY_MAX])
{
	const char *text = o->bind;
	socklen_t len;

	if (resolve_first("--bind", text, bound, &len, why))
		return -1;
	*fd = open_bound(bound, len, o);
	if (*fd < 0 && errno == EAFNOSUPPORT && text[0] == ':') {
		/* A kernel without IPv6 */
		in_port_t port = bound->in6.sin6_port;

		memset(bound, 0, sizeof(*bound));
		bound->in.sin_family = AF_INET;
		bound->in.sin_port = port;
		*fd = open_bound(bound, sizeof(bound->in), o);
	}
	len = sizeof(*bound);
	if (*fd < 0 || getsockname(*fd, &bound->sa, &len)) {
		snprintf(why, DS_WHY_MAX, "--bind \"%.80s\": %s", text, strerror(errno));
		return -1;
	}
	return 0;
}

/* True if @ip, any port, is an address of this machine: nobody can bind another's. */
static bool is_local(union host_sockaddr ip, socklen_t len)
{
	int fd = socket(ip.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool local;

	ip.in.sin_port = 0; /* at the same place in IPv6 */
	local = fd >= 0 && !bind(fd, &ip.sa, len);
	if (fd >= 0)
		close(fd);
	return local;
}

bool proxy_net_is_loop(const union host_sockaddr *bound, const struct ds_addr *there)
{
	union host_sockaddr to;
	socklen_t len = host_addr_to_sockaddr(there, there->family == 4 ? AF_INET : AF_INET6, &to);
	struct ds_addr here;

	host_addr_from_sockaddr(&here, &bound->sa, sizeof(*bound));
	if (here.port != there->port)
		return false;
	if (is_wildcard(bound))
		return (here.family == 6 || there->family == 4) && is_local(to, len);
	/* A datagram that is sent to no address goes to the loopback address */
	return ds_addr_equal(&here, there) ||
	       (is_wildcard(&to) && here.family == there->family && is_loopback(bound));
}
