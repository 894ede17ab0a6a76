/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * There is no system call that copies a socket.  Instead of a list of options that somebody would
 * have to keep up to date, every option number of a level is read from the program's socket and from
 * the new one; where the answers differ the value is set, and in the end all are compared again.  An
 * option that cannot be set is an error of bind(): the program relies on it.  Two passes, because
 * some options change others (IP_TOS sets SO_PRIORITY).
 *
 * Buffer sizes are the exception.  The kernel doubles what it is given and has a limit, and a program
 * that lost the right to go beyond it is better served with a smaller buffer than not at all.
 */
#include "shim/socket/make_wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "host/log.h"
#include "host/strict.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/socket/filter.h"

#define VALUE_MAX 256 /* bytes of an option's value */

/* Options that are no settings, or must not be copied; 0 ends a list. */
static const uint8_t skip_socket[] = {SO_TYPE,
				      SO_ERROR,
				      SO_ACCEPTCONN,
				      SO_PROTOCOL,
				      SO_DOMAIN,
				      SO_PEERCRED,
				      SO_PEERNAME,
				      SO_PEERSEC,
				      SO_PEERGROUPS,
				      SO_GET_FILTER,
				      SO_LOCK_FILTER,
				      SO_COOKIE,
				      SO_MEMINFO,
				      SO_PEEK_OFF,
				      SO_ZEROCOPY,
				      SO_INCOMING_NAPI_ID,
				      SO_SNDBUF,
				      SO_RCVBUF,
				      0};
static const uint8_t skip_ip[] = {IP_MTU, 52 /* IP_PROTOCOL */,	      9 /* IP_PKTOPTIONS */,
				  41,	  48 /* multicast filters */, 0};
static const uint8_t skip_ipv6[] = {IPV6_MTU, 6 /* IPV6_2292PKTOPTIONS */, 48,
				    61 /* IPV6_PATHMTU */, 0};

static const struct level {
	int level;
	uint8_t last;
	const uint8_t *skip;
	const char *name;
} levels[] = {
	{SOL_SOCKET, 95, skip_socket, "SOL_SOCKET"},
	{IPPROTO_IP, 63, skip_ip, "IPPROTO_IP"},
	{IPPROTO_IPV6, 80, skip_ipv6, "IPPROTO_IPV6"},
};
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

struct value {
	socklen_t len;
	char bytes[VALUE_MAX];
};

static bool read_option(int fd, int level, int name, struct value *v)
{
	memset(v, 0, sizeof(*v));
	v->len = sizeof(v->bytes);
	return !host_sys6(SYS_getsockopt, fd, level, name, v->bytes, &v->len, 0);
}

/* True if @to answers otherwise than @from, whose value is then in @v. */
static bool differs(int from, int to, int level, int name, struct value *v)
{
	struct value now;

	if (!read_option(from, level, name, v))
		return false;
	return !read_option(to, level, name, &now) || now.len != v->len ||
	       memcmp(now.bytes, v->bytes, v->len) != 0;
}

static bool is_skipped(const struct level *l, int name)
{
	return name == 0 || strchr((const char *)l->skip, name) != NULL;
}

/* Makes one pass.  Return: the name of the last option that still differs, 0 if none does. */
static int copy_level(const struct level *l, int from, int to)
{
	struct value v;
	int left = 0;

	for (int name = 1; name <= l->last; name++) {
		if (is_skipped(l, name) || !differs(from, to, l->level, name, &v))
			continue;
		host_sys6(SYS_setsockopt, to, l->level, name, v.bytes, v.len, 0);
		if (differs(from, to, l->level, name, &v))
			left = name;
	}
	return left;
}

static void copy_buffer(int from, int to, int name, int force)
{
	struct value v;
	int half;

	if (!differs(from, to, SOL_SOCKET, name, &v))
		return;
	memcpy(&half, v.bytes, sizeof(half));
	half /= 2;
	host_sys6(SYS_setsockopt, to, SOL_SOCKET, force, &half, sizeof(half), 0);
	if (!differs(from, to, SOL_SOCKET, name, &v))
		return;
	host_sys6(SYS_setsockopt, to, SOL_SOCKET, name, &half, sizeof(half), 0);
	if (differs(from, to, SOL_SOCKET, name, &v))
		host_log(
			HOST_LOG_WARN,
			"event=smaller_buffer option=%d bytes=%d: the program's socket has a buffer "
			"beyond net.core.rmem_max or wmem_max, the protected one cannot",
			name, 2 * half);
}

static int copy_options(int from, int to)
{
	int left = 0;

	copy_buffer(from, to, SO_RCVBUF, SO_RCVBUFFORCE);
	copy_buffer(from, to, SO_SNDBUF, SO_SNDBUFFORCE);
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < LEVELS; i++) {
			left = copy_level(&levels[i], from, to);
			if (!left || pass == 0)
				continue;
			host_log(
				HOST_LOG_ERROR,
				"socket refused: its option %d of %s cannot be set on the socket that "
				"protects it; set it after bind(), or without the right it needs",
				left, levels[i].name);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

int shim_wire_make(int like, int family)
{
	long fd = host_sys3(SYS_socket, family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
	int r;

	if (fd < 0)
		return (int)fd;
	fd = host_fd_keep((int)fd);
	if (fd < 0)
		return (int)fd;
	r = copy_options(like, (int)fd);
	if (!r)
		r = shim_filter_closed((int)fd);
	if (!r)
		return (int)fd;
	host_fd_drop((int)fd);
	return r;
}

/* The kernel drops what is corked when more is added than a datagram can have. */
static void drop_corked(int wire)
{
	static uint8_t too_much[UINT16_MAX];

	if (host_socket_int(wire, IPPROTO_UDP, UDP_CORK) > 0)
		host_sys6(SYS_sendto, wire, too_much, sizeof(too_much), MSG_DONTWAIT | MSG_NOSIGNAL,
			  0, 0);
}

int shim_wire_reset(int wire)
{
	static const struct {
		int level, name, usual;
		const char *text;
	} options[] = {
		{IPPROTO_UDP, UDP_CORK, 0, "UDP_CORK"},
		{IPPROTO_UDP, UDP_SEGMENT, 0, "UDP_SEGMENT"},
		{IPPROTO_UDP, UDP_GRO, 0, "UDP_GRO"},
		{IPPROTO_UDP, UDP_ENCAP, 0, "UDP_ENCAP"},
		{SOL_SOCKET, SO_ZEROCOPY, 0, "SO_ZEROCOPY"},
		{SOL_SOCKET, SO_PEEK_OFF, -1, "SO_PEEK_OFF"},
	};
	struct value v;
	int now;

	drop_corked(wire);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		now = options[i].usual;
		host_sys6(SYS_setsockopt, wire, options[i].level, options[i].name, &now,
			  sizeof(now), 0);
		if (read_option(wire, options[i].level, options[i].name, &v))
			memcpy(&now, v.bytes, sizeof(now));
		if (now == options[i].usual)
			continue;
		host_log(HOST_LOG_ERROR,
			 "socket refused: it came bound and with the option %s, which cannot be "
			 "reset; DTLS does not work with it",
			 options[i].text);
		return -EOPNOTSUPP;
	}
	return 0;
}

int shim_wire_take_address(int wire, int old, const struct sockaddr *sa, unsigned len)
{
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	struct value reuse;
	int r;

	/* This frees a port that the kernel chose */
	host_sys3(SYS_connect, old, &none, sizeof(none));
	if (!host_local_port(old))
		return (int)host_sys3(SYS_bind, wire, sa, len);
	/* Both sockets may have the port while both have SO_REUSEADDR; the old one is retired */
	read_option(wire, SOL_SOCKET, SO_REUSEADDR, &reuse);
	host_guard_share(old, true);
	host_guard_share(wire, true);
	r = (int)host_sys3(SYS_bind, wire, sa, len);
	host_sys6(SYS_setsockopt, wire, SOL_SOCKET, SO_REUSEADDR, reuse.bytes, reuse.len, 0);
	if (!r)
		host_guard_step_back(old);
	return r;
}
