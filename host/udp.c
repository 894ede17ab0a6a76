/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.c - see udp.h
 *
 * A server that is bound to a wildcard address has to answer from the address that the peer used,
 * or a NAT drops the answer.  So each datagram comes and goes together with its path (IP_PKTINFO,
 * IPV6_PKTINFO).  The engine knows IPv4 and IPv6 addresses only, so IPv4 addresses of dual-stack
 * sockets are unmapped on the way in and mapped on the way out, and both kinds of sockets look the
 * same to it.
 */
#include "host/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "host/sys.h"

/* IPv4 inside IPv6 (RFC 4291, 2.5.5.2) */
static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void set_ip4(struct ds_addr *out, const void *ip)
{
	out->family = 4;
	memcpy(out->ip, ip, 4);
}

static void set_ip6(struct ds_addr *out, const struct in6_addr *ip)
{
	if (!memcmp(ip, mapped, sizeof(mapped))) {
		set_ip4(out, ip->s6_addr + sizeof(mapped));
		return;
	}
	out->family = 6;
	memcpy(out->ip, ip, sizeof(out->ip));
}

bool host_addr_from_sockaddr(struct ds_addr *out, const struct sockaddr *sa, socklen_t len)
{
	union host_sockaddr u;

	memset(out, 0, sizeof(*out));
	if (!sa || len < sizeof(sa->sa_family))
		return false;
	u.in6.sin6_scope_id = 0; /* the one member that may be missing */
	memcpy(&u, sa, len < sizeof(u.in6) ? len : sizeof(u.in6)); /* may be unaligned */
	if (u.sa.sa_family == AF_INET && len >= sizeof(u.in)) {
		set_ip4(out, &u.in.sin_addr);
		out->port = ntohs(u.in.sin_port);
		return true;
	}
	/* The kernel takes IPv6 addresses without the scope member too (SIN6_LEN_RFC2133) */
	if (u.sa.sa_family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		set_ip6(out, &u.in6.sin6_addr);
		out->port = ntohs(u.in6.sin6_port);
		/* A global address is the same peer whatever the scope says */
		if (IN6_IS_ADDR_LINKLOCAL(&u.in6.sin6_addr))
			out->scope = u.in6.sin6_scope_id;
		return true;
	}
	return false;
}

static void get_ip6(struct in6_addr *out, const struct ds_addr *a)
{
	if (a->family == 6) {
		memcpy(out, a->ip, sizeof(*out));
		return;
	}
	memcpy(out->s6_addr, mapped, sizeof(mapped));
	memcpy(out->s6_addr + sizeof(mapped), a->ip, 4);
}

socklen_t host_addr_to_sockaddr(const struct ds_addr *a, int family, union host_sockaddr *out)
{
	if (family == AF_INET && a->family == 4) {
		memset(&out->in, 0, sizeof(out->in));
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(a->port);
		memcpy(&out->in.sin_addr, a->ip, 4);
		return sizeof(out->in);
	}
	if (family == AF_INET6 && (a->family == 4 || a->family == 6)) {
		memset(&out->in6, 0, sizeof(out->in6));
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(a->port);
		out->in6.sin6_scope_id = a->scope;
		get_ip6(&out->in6.sin6_addr, a);
		return sizeof(out->in6);
	}
	return 0;
}

static void local_from_cmsg(struct ds_addr *out, const struct cmsghdr *c)
{
	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO &&
	    c->cmsg_len >= CMSG_LEN(sizeof(struct in_pktinfo))) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(c), sizeof(info));
		/* Not ipi_addr: an answer to a broadcast cannot leave from the broadcast address */
		set_ip4(out, &info.ipi_spec_dst);
		out->scope = (uint32_t)info.ipi_ifindex;
	} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO &&
		   c->cmsg_len >= CMSG_LEN(sizeof(struct in6_pktinfo))) {
		struct in6_pktinfo info;

		memcpy(&info, CMSG_DATA(c), sizeof(info));
		set_ip6(out, &info.ipi6_addr);
		out->scope = (uint32_t)info.ipi6_ifindex;
	}
}

void host_path_from_msg(struct ds_path *out, const struct msghdr *msg, uint16_t local_port)
{
	struct msghdr *m = (struct msghdr *)msg; /* CMSG_NXTHDR wants it so, and only reads */

	memset(out, 0, sizeof(*out));
	host_addr_from_sockaddr(&out->remote, msg->msg_name, msg->msg_namelen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		local_from_cmsg(&out->local, c);
	if (out->local.family)
		out->local.port = local_port;
}

void host_pktinfo_put(struct msghdr *msg, const struct ds_addr *local, int family,
		      char control[static HOST_PKTINFO_SPACE])
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)control;

	if (!local->family || (family == AF_INET && local->family != 4))
		return;
	memset(control, 0, HOST_PKTINFO_SPACE);
	msg->msg_control = control;
	/* Only the source address is ours to choose; the interface is left to the routing table,
	 * which may know another way back.  A link-local address means nothing without one. */
	if (family == AF_INET) {
		struct in_pktinfo info = {0};

		memcpy(&info.ipi_spec_dst, local->ip, 4);
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		msg->msg_controllen = CMSG_SPACE(sizeof(info));
	} else {
		struct in6_pktinfo info = {0};

		get_ip6(&info.ipi6_addr, local);
		if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
			info.ipi6_ifindex = local->scope;
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		msg->msg_controllen = CMSG_SPACE(sizeof(info));
	}
}

int host_pktinfo_enable(int fd, int family)
{
	int on = 1;
	int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	int name = family == AF_INET ? IP_PKTINFO : IPV6_RECVPKTINFO;

	return (int)host_sys6(SYS_setsockopt, fd, level, name, &on, sizeof(on), 0);
}

int host_udp_send(int fd, int family, const struct ds_path *path, const void *buf, size_t len)
{
	union host_sockaddr to;
	_Alignas(struct cmsghdr) char control[HOST_PKTINFO_SPACE];
	struct iovec iov = {.iov_base = (void *)buf, .iov_len = len};
	struct msghdr msg = {.msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1};
	long r;

	msg.msg_namelen = host_addr_to_sockaddr(&path->remote, family, &to);
	if (!msg.msg_namelen)
		return -EAFNOSUPPORT;
	host_pktinfo_put(&msg, &path->local, family, control);
	do {
		r = host_sys3(SYS_sendmsg, fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (r == -EINTR);
	return r < 0 ? (int)r : 0;
}

ssize_t host_udp_recv(int fd, uint16_t local_port, struct ds_path *path, void *buf, size_t cap)
{
	union host_sockaddr from;
	_Alignas(struct cmsghdr) char control[2 * HOST_PKTINFO_SPACE];
	struct iovec iov = {.iov_base = buf, .iov_len = cap};
	struct msghdr msg = {.msg_name = &from,
			     .msg_namelen = sizeof(from),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	long r;

	do {
		r = host_sys3(SYS_recvmsg, fd, &msg, MSG_DONTWAIT);
	} while (r == -EINTR);
	if (r < 0)
		return r;
	host_path_from_msg(path, &msg, local_port);
	return msg.msg_flags & MSG_TRUNC ? -EMSGSIZE : r;
}

int host_socket_int(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int v = -1;

	return host_sys6(SYS_getsockopt, fd, level, name, &v, &len, 0) ? -1 : v;
}

uint16_t host_local_port(int fd)
{
	union host_sockaddr sa = {.sa.sa_family = AF_UNSPEC};
	socklen_t len = sizeof(sa);

	if (host_sys3(SYS_getsockname, fd, &sa, &len) ||
	    (sa.sa.sa_family != AF_INET && sa.sa.sa_family != AF_INET6))
		return 0;
	return ntohs(sa.in.sin_port); /* at the same place in sockaddr_in6 */
}
