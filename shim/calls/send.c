/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * The destination names a session; without one nothing leaves.  A message is sealed under the
 * endpoint's lock and sent outside of it.  A large one, or one in pieces, goes through the
 * endpoint's buffer and is sent under the lock.  Where the wire has no room and the program wants
 * to wait, the message is sealed anew afterwards: a nonce is used for one datagram only.
 */
#include "shim/calls/send.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/mman.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/calls/client.h"
#include "shim/serve/lease.h"
#include "shim/serve/service.h"
#include "shim/serve/guests.h"
#include "shim/serve/guest_channel.h"
#include "shim/calls/wait.h"

#define SMALL	  2304	   /* bytes of a record made on the stack */
#define CONTROL	  256	   /* bytes of control messages with PKTINFO added */
#define UDP_MAX	  65535	   /* the kernel's first check of a length */
#define WIRE_TICK 20000000 /* nanoseconds a guest's message may wait for room */

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

/* A message on its way out */
struct outgoing {
	const struct msghdr *msg;
	int flags;
	size_t len;
	struct ds_addr to;
	bool named;   /* by the caller, not by connect() */
	bool pktinfo; /* the caller chose the source address */
	bool bad;     /* there is no memory to send */
};

/* As udp_sendmsg() and udpv6_sendmsg() look at it. */
static int parse_name(const struct shim_sock *s, struct outgoing *o)
{
	const struct sockaddr *sa = o->msg->msg_name;
	socklen_t len = o->msg->msg_namelen;
	struct sockaddr_in in;

	if (!sa || !len)
		return 0;
	if (s->family == AF_INET6 && len >= sizeof(sa->sa_family) && sa->sa_family == AF_UNSPEC)
		return 0;
	if (s->family == AF_INET && len < sizeof(in))
		return -EINVAL;
	if (s->family == AF_INET && sa->sa_family == AF_UNSPEC) {
		memcpy(&in, sa, sizeof(in));
		in.sin_family = AF_INET;
		host_addr_from_sockaddr(&o->to, (const struct sockaddr *)&in, sizeof(in));
	} else if (s->family == AF_INET && sa->sa_family != AF_INET) {
		return -EAFNOSUPPORT;
	} else if (!host_addr_from_sockaddr(&o->to, sa, len)) {
		return -EINVAL;
	}
	o->named = true;
	if (!o->to.port)
		return -EINVAL;
	if (s->ep->role == DS_CLIENT && !shim_client_wire(&o->to))
		return shim_client_unlisted(&o->to);
	return 0;
}

static int parse_control(struct outgoing *o)
{
	struct msghdr *m = (struct msghdr *)o->msg; /* CMSG_NXTHDR only reads */

	if (!m->msg_controllen)
		return 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)
			return -EINVAL;
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO))
			o->pktinfo = true;
	}
	return 0;
}

static int parse_pieces(struct outgoing *o)
{
	if (o->msg->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	if (o->msg->msg_iovlen && shim_is_bad(o->msg->msg_iov))
		return -EFAULT;
	for (size_t i = 0; i < o->msg->msg_iovlen; i++) {
		const struct iovec *v = &o->msg->msg_iov[i];

		if (__builtin_add_overflow(o->len, v->iov_len, &o->len) || o->len > SSIZE_MAX)
			return -EINVAL;
		o->bad |= v->iov_len && shim_is_bad(v->iov_base);
	}
	return 0;
}

/* Checks in the kernel's order: first the arguments of the call, then the message as UDP sees it. */
static int parse(const struct shim_sock *s, struct outgoing *o)
{
	const struct msghdr *m = o->msg;
	int r;

	if (m->msg_name && (int)m->msg_namelen < 0)
		return -EINVAL;
	if (m->msg_name && m->msg_namelen && shim_is_bad(m->msg_name))
		return -EFAULT;
	r = parse_pieces(o);
	if (r)
		return r;
	if (m->msg_controllen > INT_MAX)
		return -ENOBUFS;
	if (m->msg_controllen && shim_is_bad(m->msg_control))
		return -EFAULT;
	if (o->len > UDP_MAX)
		return -EMSGSIZE;
	if (o->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (o->flags & MSG_MORE)
		return -EINVAL;
	/* The kernel would read our buffer after it has other content; sendmsg() refuses the other
	 * one, which sendto() takes */
	o->flags &= ~(MSG_ZEROCOPY | SHIM_CMSG_COMPAT);
	r = parse_name(s, o);
	return r ? r : parse_control(o);
}

uint8_t *shim_big_buffer(struct shim_endpoint *ep)
{
	long p;

	if (ep->big)
		return ep->big;
	p = host_sys6(SYS_mmap, 0, SHIM_BIG_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p < 0 && p > -4096)
		return NULL;
	return ep->big = (void *)p;
}

static const uint8_t *gather(const struct outgoing *o, uint8_t *big)
{
	size_t at = 0;

	if (o->msg->msg_iovlen == 1)
		return o->msg->msg_iov[0].iov_base;
	for (size_t i = 0; i < o->msg->msg_iovlen; i++) {
		const struct iovec *v = &o->msg->msg_iov[i];

		if (v->iov_len)
			memcpy(big + at, v->iov_base, v->iov_len);
		at += v->iov_len;
	}
	return big;
}

/* Sends what was sealed, with the caller's control messages and the session's own source address
 * where the caller did not choose one. */
static long transmit(const struct shim_sock *s, const struct outgoing *o,
		     const struct ds_sealed *sealed, bool direct)
{
	_Alignas(struct cmsghdr) char control[CONTROL];
	struct iovec iov = {.iov_base = sealed->buf, .iov_len = sealed->len};
	union host_sockaddr to;
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	size_t extra = o->msg->msg_control ? o->msg->msg_controllen : 0;

	if (!direct) {
		m.msg_name = &to;
		m.msg_namelen = host_addr_to_sockaddr(&sealed->path.remote, s->family, &to);
	}
	if (s->wildcard && !o->pktinfo && extra <= CONTROL - HOST_PKTINFO_SPACE)
		host_pktinfo_put(&m, &sealed->path.local, s->family, control);
	if (extra && m.msg_controllen) {
		memcpy(control + m.msg_controllen, o->msg->msg_control, extra);
		m.msg_controllen += extra;
	} else if (extra) {
		m.msg_control = o->msg->msg_control;
		m.msg_controllen = extra;
	}
	if (!m.msg_controllen) /* a shorter way through the kernel */
		return host_sys6(SYS_sendto, s->wire, sealed->buf, sealed->len,
				 o->flags | MSG_DONTWAIT, m.msg_name, m.msg_namelen);
	return host_sys3(SYS_sendmsg, s->wire, &m, o->flags | MSG_DONTWAIT);
}

/* There is no memory to read, but the kernel may have something else to say first. */
static long send_bad(struct shim_sock *s, const struct outgoing *o, ds_session session)
{
	long page = host_sys6(SYS_mmap, 0, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ds_sealed unreadable = {.buf = (void *)page, .len = 1};
	struct ds_session_info info;
	long r = -EFAULT;

	if (page < 0 && page > -4096)
		return r;
	if (ds_engine_info(s->ep->host.engine, session, &info)) {
		unreadable.path = info.path;
		r = transmit(s, o, &unreadable, false);
	}
	host_sys3(SYS_munmap, page, 1, 0);
	return r;
}

/* Why there is no session to send through. */
static int no_session(const struct shim_sock *s, const struct ds_addr *to)
{
	static struct host_log_limit limit;
	static const uint8_t broadcast[4] = {255, 255, 255, 255};
	char text[DS_ADDR_TEXT];
	int on = 0;
	socklen_t len = sizeof(on);

	if (to->family == 4 && !memcmp(to->ip, broadcast, sizeof(broadcast))) {
		host_sys6(SYS_getsockopt, s->wire, SOL_SOCKET, SO_BROADCAST, &on, &len, 0);
		if (!on)
			return -EACCES;
	}
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=send_refused peer=%s port=%u: no session, nothing sent",
			 ds_addr_format(to, text), s->wire_port);
	return -EPERM;
}

static int errno_of(int err)
{
	switch (err) {
	case DS_E_NOSESSION:
	case DS_E_CRYPTO: return -EPERM;
	case DS_E_TOOBIG: return -EMSGSIZE;
	default: return -ENOBUFS;
	}
}

/* Sends to a peer without a session, if it speaks in clear and may; under the lock.  As seal(). */
static long send_clear(struct shim_sock *s, struct outgoing *o)
{
	struct shim_endpoint *ep = s->ep;
	struct ds_sealed clear = {.len = o->len};
	uint8_t *big = NULL;
	long r;

	if (!ds_engine_clear(ep->host.engine, &o->to, &clear.path, host_now()))
		return -ENOENT;
	if (o->len > DS_PAYLOAD_MAX)
		return -EMSGSIZE;
	if (o->msg->msg_iovlen > 1)
		big = shim_big_buffer(ep);
	if (o->msg->msg_iovlen > 1 && !big)
		return -ENOBUFS;
	if (o->bad)
		return -EFAULT;
	clear.buf = (uint8_t *)gather(o, big);
	r = transmit(s, o, &clear, s->connected && ds_addr_equal(&s->peer, &clear.path.remote));
	return r < 0 ? r : (long)o->len;
}

/* Finds the session and seals into @small, or into the endpoint's buffer and sends from there.
 * Under the lock.  Bytes sent (as the program counts them), 0 with @sealed->len: to be sent outside
 * of the lock, or a negative errno. */
static long seal(struct shim_sock *s, struct outgoing *o, struct ds_sealed *sealed, bool *direct)
{
	struct shim_endpoint *ep = s->ep;
	bool client = ep->role == DS_CLIENT;
	bool large = o->len + DS_OVERHEAD_MAX > SMALL;
	ds_session session;
	uint8_t *big = NULL;
	int r;

	if (!o->named && !s->connected)
		return -EDESTADDRREQ;
	if (s->shut_send)
		return -EPIPE;
	if (!o->named)
		o->to = s->peer;
	if (o->len > DS_PAYLOAD_MAX && client)
		return -EMSGSIZE;
	session = ds_engine_find(ep->host.engine, &o->to);
	if (!session)
		return client ? shim_client_hold(s, &o->to, o->msg, o->len) : send_clear(s, o);
	if (o->len > DS_PAYLOAD_MAX)
		return -EMSGSIZE;
	if (o->bad)
		return send_bad(s, o, session);
	if (large || o->msg->msg_iovlen > 1) {
		big = shim_big_buffer(ep);
		if (!big)
			return -ENOBUFS;
	}
	if (large) {
		sealed->buf = big + DS_PAYLOAD_MAX;
		sealed->cap = DS_DATAGRAM_MAX;
	}
	r = ds_engine_seal(ep->host.engine, session, gather(o, big), o->len, sealed, host_now());
	if (r == DS_E_BUDGET)
		return (long)o->len;
	if (r == DS_E_NOSESSION && client) /* it had come to its end */
		return shim_client_hold(s, &o->to, o->msg, o->len);
	if (r)
		return errno_of(r);
	*direct = s->connected && ds_addr_equal(&s->peer, &sealed->path.remote);
	if (!large)
		return 0;
	r = (int)transmit(s, o, sealed, *direct);
	sealed->len = 0;
	return r < 0 ? r : (long)o->len;
}

/* Makes one attempt. */
static ssize_t send_now(struct shim_sock *s, struct outgoing *o)
{
	uint8_t small[SMALL];
	struct ds_sealed sealed = {.buf = small, .cap = sizeof(small)};
	struct shim_endpoint *ep = s->ep;
	bool direct = false, kick = false;
	long r;

	pthread_mutex_lock(&ep->host.lock);
	r = seal(s, o, &sealed, &direct);
	if (shim_unlikely(r < 0 || ep->role == DS_CLIENT))
		kick = shim_engine_done(ep); /* a session that ended says goodbye */
	pthread_mutex_unlock(&ep->host.lock);
	if (kick)
		shim_kick();
	if (r == -ENOENT)
		return no_session(s, &o->to);
	if (r || !sealed.len)
		return r;
	r = transmit(s, o, &sealed, direct);
	return r < 0 ? r : (ssize_t)o->len;
}

/* Makes one attempt where another process serves.  Errors that this process can see it answers
 * itself. */
static ssize_t send_up(struct shim_sock *s, const struct outgoing *o)
{
	union host_sockaddr peer;
	socklen_t len = sizeof(peer);
	int r;

	if (!o->named && host_sys3(SYS_getpeername, s->wire, &peer, &len))
		return -EDESTADDRREQ;
	if (o->len > DS_PAYLOAD_MAX)
		return -EMSGSIZE;
	r = shim_up_send(s, o->msg, o->named ? &o->to : NULL, o->flags);
	return r ? r : (ssize_t)o->len;
}

static ssize_t send_loop(struct shim_sock *s, struct outgoing *o)
{
	struct shim_patience patience = {0};
	ssize_t r;

	for (;;) {
		int own = shim_own(s);

		if (own < 0)
			return own;
		r = own == SHIM_GUEST ? send_up(s, o) : send_now(s, o);
		if (r != -EAGAIN || o->flags & MSG_DONTWAIT || shim_nonblocking(s))
			return r;
		/* A full channel stays full if the owner is gone, unless this process takes over */
		if (own == SHIM_GUEST)
			shim_share_heir(s->ep);
		r = shim_wait_writable(s, own == SHIM_GUEST ? s->ep->up_out : s->wire, &patience);
		if (r < 0)
			return r;
	}
}

ssize_t shim_send(struct shim_sock *s, const struct msghdr *msg, int flags)
{
	struct outgoing o = {.msg = msg, .flags = flags};
	ssize_t r;

	if (s == SHIM_HIDDEN)
		return -EBADF;
	if (!shim_enter())
		return -ENOBUFS;
	r = parse(s, &o);
	if (!r)
		r = shim_own(s);
	if (!r && s->ep->role == DS_CLIENT)
		r = shim_client_begin(s);
	if (r >= 0)
		r = send_loop(s, &o);
	shim_leave();
	return r;
}

void shim_send_for_guest(struct shim_sock *s, const struct msghdr *msg, int flags)
{
	struct outgoing o = {.msg = msg, .flags = flags | MSG_DONTWAIT};
	struct pollfd f = {.fd = s->wire, .events = POLLOUT};
	struct timespec tick = {.tv_nsec = WIRE_TICK};
	ssize_t r = parse(s, &o);

	if (!r)
		r = send_now(s, &o);
	if (r == -EAGAIN && host_sys6(SYS_ppoll, &f, 1, &tick, 0, 8, 0) > 0)
		send_now(s, &o);
}

int shim_sendmmsg(struct shim_sock *s, struct mmsghdr *vec, unsigned n, int flags)
{
	ssize_t r = 0;
	unsigned i;

	if (n > IOV_MAX)
		n = IOV_MAX;
	for (i = 0; i < n; i++) {
		r = shim_send(s, &vec[i].msg_hdr, flags);
		if (r < 0)
			break;
		vec[i].msg_len = (unsigned)r;
	}
	return i ? (int)i : (int)r;
}
