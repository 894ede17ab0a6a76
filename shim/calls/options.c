/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A protected socket is two sockets of the kernel.  A question about addresses, errors or the network
 * is answered by the wire, where each option of the program has been set; a question about blocking,
 * time-outs and signals by the facade, where the program waits.  So most calls are handed on to
 * one of the two as they are, and whatever a new kernel adds works by itself.
 *
 * The exceptions are here.  Some options would show the program ciphertext, or let plaintext in:
 * they fail, and a line says why.  PKTINFO the shim needs for itself, so the program's wish for it is
 * kept in the socket.  Lengths lose what a record adds, and ports are those that the program knows.
 */
#include "shim/calls/options.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/ioctl.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/calls/client.h"
#include "shim/socket/fdtab.h"
#include "shim/serve/lease.h"
#include "shim/calls/recv.h"
#include "shim/serve/guest_channel.h"
#include "shim/socket/wire.h"
#include "shim/calls/wait.h"

/* Options that a protected socket cannot have: the errno and why. */
static const struct {
	int level, name, error;
	const char *text;
} refused[] = {
	{SOL_SOCKET, SO_ATTACH_FILTER, EPERM, "SO_ATTACH_FILTER: it would see ciphertext"},
	{SOL_SOCKET, SO_ATTACH_BPF, EPERM, "SO_ATTACH_BPF: it would see ciphertext"},
	{SOL_SOCKET, SO_DETACH_FILTER, EPERM, "SO_DETACH_FILTER: the filter keeps plaintext out"},
	{SOL_SOCKET, SO_LOCK_FILTER, EPERM, "SO_LOCK_FILTER: the filter is locked"},
	{SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, ENOPROTOOPT,
	 "SO_ATTACH_REUSEPORT_CBPF: it would see ciphertext"},
	{SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, ENOPROTOOPT,
	 "SO_ATTACH_REUSEPORT_EBPF: it would see ciphertext"},
	{SOL_SOCKET, SO_PEEK_OFF, EOPNOTSUPP, "SO_PEEK_OFF"},
	{SOL_SOCKET, SO_ZEROCOPY, EOPNOTSUPP, "SO_ZEROCOPY"},
	{IPPROTO_UDP, UDP_SEGMENT, ENOPROTOOPT, "UDP_SEGMENT"},
	{IPPROTO_UDP, UDP_GRO, ENOPROTOOPT, "UDP_GRO"},
	{IPPROTO_UDP, UDP_CORK, ENOPROTOOPT, "UDP_CORK"},
	{IPPROTO_UDP, UDP_ENCAP, ENOPROTOOPT, "UDP_ENCAP"},
	{IPPROTO_IP, IP_ADD_MEMBERSHIP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IP, MCAST_JOIN_GROUP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IPV6, MCAST_JOIN_GROUP, EOPNOTSUPP, "multicast: DTLS has one peer"},
	{IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, EOPNOTSUPP, "multicast: DTLS has one peer"},
};

/* True if the option already has the value that the program asks for. */
static bool is_so(const struct shim_sock *s, int level, int name, const void *val, socklen_t len)
{
	socklen_t n = sizeof(int);
	int v = 0;

	return len >= sizeof(v) && !shim_is_bad(val) &&
	       !host_sys6(SYS_getsockopt, s->wire, level, name, &v, &n, 0) && n == sizeof(v) &&
	       !memcmp(val, &v, sizeof(v));
}

static int refuse(const struct shim_sock *s, int level, int name, const void *val, socklen_t len)
{
	static struct host_log_limit limit;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (refused[i].level != level || refused[i].name != name)
			continue;
		if (is_so(s, level, name, val, len))
			return 0;
		host_log_limited(&limit, HOST_LOG_WARN, "event=option_refused port=%u: %s",
				 s->wire_port, refused[i].text);
		return -refused[i].error;
	}
	return 0;
}

/* True for PKTINFO, which the shim has on for itself; *@wish is where the program's own wish is
 * kept. */
static bool is_pktinfo(struct shim_sock *s, int level, int name, atomic_bool **wish)
{
	bool v4 = level == IPPROTO_IP && name == IP_PKTINFO;

	*wish = v4 ? &s->pktinfo4 : &s->pktinfo6;
	return v4 || (s->family == AF_INET6 && level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO);
}

/* How many bytes a record adds towards the peer this socket is connected to. */
static int overhead(struct shim_sock *s)
{
	struct ds_session_info info;
	ds_session session;
	int n = DS_OVERHEAD_MAX;

	if (!shim_enter())
		return n;
	pthread_mutex_lock(&s->ep->host.lock);
	session = shim_owned(s->ep) ? ds_engine_find(s->ep->host.engine, &s->peer) : 0;
	if (session && ds_engine_info(s->ep->host.engine, session, &info))
		n = DS_OVERHEAD_MAX - DS_CID_MAX + info.peer_cid_len;
	pthread_mutex_unlock(&s->ep->host.lock);
	shim_leave();
	return n;
}

/* An int the shim answers itself, in as many bytes as the program wants. */
static int put_int(int v, void *val, socklen_t *len)
{
	if (*len > sizeof(v))
		*len = sizeof(v);
	memcpy(val, &v, *len);
	return 0;
}

/* ip_getsockopt() gives what fits one byte in one byte, if there is no room for four. */
static int put_small(bool v, int level, void *val, socklen_t *len)
{
	if (level == IPPROTO_IP && *len > 0 && *len < sizeof(int))
		*len = 1;
	return put_int(v, val, len);
}

static bool can_put(const void *val, const socklen_t *len)
{
	return !shim_is_bad(val) && !shim_is_bad(len) && (int)*len >= 0;
}

int shim_getsockopt(struct shim_sock *s, int level, int name, void *val, socklen_t *len)
{
	atomic_bool *wish;
	int r, v;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (is_pktinfo(s, level, name, &wish) && can_put(val, len))
		return put_small(*wish, level, val, len);
	if (level == SOL_SOCKET && name == SO_GET_FILTER && can_put(len, len)) {
		*len = 0; /* the program has none */
		return 0;
	}
	if (level == SOL_SOCKET && name == SO_ERROR && can_put(val, len)) {
		v = shim_take_error(s);
		if (v && v != EAGAIN)
			return put_int(v, val, len);
	}
	r = (int)host_sys6(SYS_getsockopt, s->wire, level, name, val, len, 0);
	if (r ||
	    !((level == IPPROTO_IP && name == IP_MTU) ||
	      (level == IPPROTO_IPV6 && name == IPV6_MTU)) ||
	    *len != sizeof(v))
		return r;
	memcpy(&v, val, sizeof(v));
	return put_int(v - overhead(s), val, len);
}

int shim_setsockopt(struct shim_sock *s, int level, int name, const void *val, socklen_t len)
{
	atomic_bool *wish;
	bool pktinfo;
	int r, v = 0;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	r = refuse(s, level, name, val, len);
	if (r)
		return r;
	pktinfo = is_pktinfo(s, level, name, &wish);
	if (pktinfo && s->wildcard && val && len >= sizeof(v)) {
		/* Off for the program is not off for us */
		memcpy(&v, val, sizeof(v));
		*wish = v != 0;
		return v ? (int)host_sys6(SYS_setsockopt, s->wire, level, name, val, len, 0) : 0;
	}
	r = (int)host_sys6(SYS_setsockopt, s->wire, level, name, val, len, 0);
	if (r)
		return r;
	s->controls = shim_controls_wanted(s);
	if (pktinfo)
		*wish = host_socket_int(s->wire, level, name) > 0;
	if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_RCVTIMEO_NEW))
		r = (int)host_sys6(SYS_setsockopt, s->near, level, name, val, len, 0);
	return r;
}

void shim_flags_changed(struct shim_sock *s)
{
	long flags = host_sys3(SYS_fcntl, s->near, F_GETFL, 0);

	if (flags < 0 || !(flags & (O_NONBLOCK | O_ASYNC)))
		return;
	/* The process does not serve the socket for that: a daemon may set this before it forks */
	s->evident = true;
	/* A signal, however, is waited for from now on */
	if (flags & O_ASYNC && shim_enter()) {
		shim_ensure(s);
		shim_leave();
	}
}

int shim_ioctl(struct shim_sock *s, int fd, unsigned long request, void *arg)
{
	int n, r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	switch (request) {
	case FIONREAD:
		n = shim_next_length(s);
		if (!arg)
			return -EFAULT;
		memcpy(arg, &n, sizeof(n));
		return 0;
	case FIONBIO:
	case FIOASYNC:
		r = (int)host_sys3(SYS_ioctl, fd, request, arg);
		if (!r)
			shim_flags_changed(s);
		return r;
	case FIOCLEX:
	case FIONCLEX:
	case FIOSETOWN:
	case SIOCSPGRP:
	case FIOGETOWN:
	case SIOCGPGRP: return (int)host_sys3(SYS_ioctl, fd, request, arg);
	default: return (int)host_sys3(SYS_ioctl, s->wire, request, arg);
	}
}

/* The program's port in place of the wire's; @room: bytes at @sa. */
static void put_port(struct sockaddr *sa, socklen_t room, uint16_t program)
{
	uint16_t port = htons(program);

	/* sin_port and sin6_port stand at the same place */
	if (room >= offsetof(struct sockaddr_in, sin_addr))
		memcpy((char *)sa + offsetof(struct sockaddr_in, sin_port), &port, sizeof(port));
}

int shim_getsockname(struct shim_sock *s, struct sockaddr *sa, socklen_t *len)
{
	socklen_t room;
	int r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	room = sa && len ? *len : 0;
	r = (int)host_sys3(SYS_getsockname, s->wire, sa, len);
	if (!r && s->program_port != s->wire_port)
		put_port(sa, room, s->program_port);
	return r;
}

int shim_getpeername(struct shim_sock *s, struct sockaddr *sa, socklen_t *len)
{
	socklen_t room;
	int r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	room = sa && len ? *len : 0;
	r = (int)host_sys3(SYS_getpeername, s->wire, sa, len);
	if (!r && s->ep->role == DS_CLIENT)
		put_port(sa, room, shim_client_shown(s, &s->peer).port);
	return r;
}

/* The kernel's connection makes it hand us this peer's datagrams only; the session lives in the
 * endpoint and stays what it was. */
int shim_connect(struct shim_sock *s, const struct sockaddr *sa, socklen_t len)
{
	union host_sockaddr wire;
	int r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (!shim_enter())
		return -EINTR;
	if (s->ep->role == DS_CLIENT && shim_client_name(sa, len, &wire)) {
		sa = &wire.sa;
		len = sizeof(wire.in6) < len ? sizeof(wire.in6) : len;
	}
	pthread_mutex_lock(&s->ep->host.lock);
	r = (int)host_sys3(SYS_connect, s->wire, sa, len);
	if (!r)
		shim_refresh_peer(s);
	pthread_mutex_unlock(&s->ep->host.lock);
	if (!r && !shim_owned(s->ep))
		shim_up_connected(s);
	shim_leave();
	return r;
}

/* A client that shuts down has perhaps said all it has to say before there was a session.  Its wire
 * stays open for the handshake, and for the messages that wait for it. */
static int shut_wire(struct shim_sock *s, int how)
{
	union host_sockaddr peer;
	socklen_t len = sizeof(peer);

	if (s->ep->role != DS_CLIENT || how < SHUT_RD || how > SHUT_RDWR)
		return (int)host_sys3(SYS_shutdown, s->wire, how, 0);
	if (how != SHUT_RD)
		s->shut_send = true;
	return (int)host_sys3(SYS_getpeername, s->wire, &peer, &len);
}

int shim_shutdown(struct shim_sock *s, int how)
{
	int r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	r = shut_wire(s, how);
	/* An unconnected UDP socket says ENOTCONN and is shut down all the same */
	if (!r || r == -ENOTCONN) {
		if (how == SHUT_RD || how == SHUT_RDWR)
			s->shut = true;
		host_sys3(SYS_shutdown, s->near, how, 0);
	}
	return r;
}
