/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only the owner has keys.  A guest that sends therefore hands its message to the owner.  The channel
 * is a SOCK_SEQPACKET pair: it keeps the bounds of messages, it is bounded, and a guest that waits
 * until it is writable waits in the kernel.  All processes of an endpoint have the same two ends, so
 * one that was forked needs no connection of its own, and an heir reads on where the owner stopped.
 *
 * A guest does not wait for an outcome: a UDP send has none either.  Only the question who a peer is
 * has an answer; it comes back on a socket that goes up with the question.
 *
 * A guest may run another version of the shim.  So a request carries an id that changes with its
 * layout, and one with another id is ignored.
 */
#include "shim/serve/guest_channel.h"

#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/base/rights.h"
#include "shim/socket/wire.h"
#include "shim/socket/above.h"
#include "shim/serve/guests.h"

#define CONTROL	     256	 /* bytes of control messages a guest may send along */
#define IOV	     16		 /* buffers of a guest that need no detour */
#define BUDGET	     64		 /* requests served at a time */
#define PEER_TIMEOUT 1		 /* seconds a guest waits for an answer */
#define REQUEST_ID   0x70736431U /* "1dsp"; another when the request changes */

enum { JOIN, SEND, CONNECTED, PEER };

struct request {
	uint32_t id;
	uint32_t what;
	uint64_t dev, ino; /* of the facade */
	struct ds_addr to; /* family 0: none */
	int32_t flags;
	uint32_t control_len;
	_Alignas(struct cmsghdr) uint8_t control[CONTROL];
};

int shim_up_make(struct shim_endpoint *ep)
{
	int pair[2], room = 1 << 20;
	long r;

	r = host_sys6(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair, 0, 0);
	if (r < 0)
		return (int)r;
	ep->up_in = host_fd_keep(pair[0]);
	ep->up_out = host_fd_keep(pair[1]);
	if (ep->up_in < 0 || ep->up_out < 0)
		return -EMFILE;
	host_sys6(SYS_setsockopt, ep->up_out, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room), 0);
	return 0;
}

/* Guests */

static struct request request(const struct shim_sock *s, unsigned what, const struct ds_addr *to)
{
	struct request q = {.id = REQUEST_ID, .what = what};

	q.dev = s->dev;
	q.ino = s->ino;
	if (to)
		q.to = *to;
	return q;
}

/* @m's first buffer is the request. */
static int up(const struct shim_endpoint *ep, struct msghdr *m)
{
	long r = host_sys3(SYS_sendmsg, ep->up_out, m, MSG_DONTWAIT | MSG_NOSIGNAL);

	return r < 0 ? (int)r : 0;
}

static int up_short(const struct shim_endpoint *ep, struct request *q)
{
	struct iovec iov = {q, sizeof(*q)};

	return up(ep, &(struct msghdr){.msg_iov = &iov, .msg_iovlen = 1});
}

void shim_up_join(struct shim_sock *s)
{
	struct request q = request(s, JOIN, NULL);

	up_short(s->ep, &q); /* a full channel: the owner has something to read, and looks */
}

void shim_up_connected(struct shim_sock *s)
{
	struct request q = request(s, CONNECTED, NULL);

	up_short(s->ep, &q);
}

/* For a program with so many buffers that there is no place for one more. */
static int send_gathered(struct shim_sock *s, const struct msghdr *msg, const struct ds_addr *to,
			 int flags)
{
	long p = host_sys6(SYS_mmap, 0, DS_PAYLOAD_MAX, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec one = {.iov_base = (void *)p};
	struct msghdr m = *msg;
	int r;

	if (p < 0 && p > -4096)
		return -ENOBUFS;
	for (size_t i = 0; i < msg->msg_iovlen; i++) {
		const struct iovec *v = &msg->msg_iov[i];

		if (v->iov_len)
			memcpy((char *)one.iov_base + one.iov_len, v->iov_base, v->iov_len);
		one.iov_len += v->iov_len;
	}
	m.msg_iov = &one;
	m.msg_iovlen = 1;
	r = shim_up_send(s, &m, to, flags);
	host_sys3(SYS_munmap, p, DS_PAYLOAD_MAX, 0);
	return r;
}

int shim_up_send(struct shim_sock *s, const struct msghdr *msg, const struct ds_addr *to, int flags)
{
	struct request q = request(s, SEND, to);
	struct iovec iov[IOV + 1];
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = msg->msg_iovlen + 1};

	if (msg->msg_iovlen > IOV)
		return send_gathered(s, msg, to, flags);
	if (msg->msg_control && msg->msg_controllen > CONTROL)
		return -EMSGSIZE;
	q.flags = flags;
	if (msg->msg_control && msg->msg_controllen) {
		q.control_len = (uint32_t)msg->msg_controllen;
		memcpy(q.control, msg->msg_control, msg->msg_controllen);
	}
	iov[0] = (struct iovec){&q, sizeof(q)};
	for (size_t i = 0; i < msg->msg_iovlen; i++)
		iov[i + 1] = msg->msg_iov[i];
	return up(s->ep, &m);
}

/* The question goes up with one end of a socketpair; the answer comes out of the other. */
static int ask(struct shim_sock *s, struct request *q, int theirs)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec iov = {q, sizeof(*q)};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control};

	shim_put_rights(&m, &theirs, 1);
	return up(s->ep, &m);
}

int shim_up_peer(struct shim_sock *s, const struct ds_addr *to, struct dtlsshim_peer *out)
{
	struct request q = request(s, PEER, to);
	struct timespec timeout = {.tv_sec = PEER_TIMEOUT};
	struct pollfd p = {.events = POLLIN};
	int pair[2], r;
	long n = -1;

	if (host_sys6(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair, 0, 0))
		return -ENOENT;
	r = ask(s, &q, pair[1]);
	host_sys3(SYS_close, pair[1], 0, 0);
	p.fd = pair[0];
	if (!r && host_sys6(SYS_ppoll, &p, 1, &timeout, 0, 8, 0) > 0)
		n = host_sys6(SYS_recvfrom, pair[0], out, sizeof(*out), MSG_DONTWAIT, 0, 0);
	host_sys3(SYS_close, pair[0], 0, 0);
	return n == sizeof(*out) ? 0 : -ENOENT;
}

/* Owner */

/* The socket a guest means, with a reference. */
static struct shim_sock *find(struct shim_endpoint *ep, const struct request *q)
{
	struct shim_sock *s;

	pthread_mutex_lock(&ep->host.lock);
	for (s = ep->socks; s; s = s->next)
		if (s->ino == q->ino && s->dev == q->dev && shim_sock_try_ref(s))
			break;
	pthread_mutex_unlock(&ep->host.lock);
	return s;
}

static void serve_send(struct shim_sock *s, struct request *q, uint8_t *data, size_t len)
{
	struct iovec iov = {data, len};
	union host_sockaddr to;
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};

	if (q->to.family) {
		m.msg_name = &to;
		m.msg_namelen = host_addr_to_sockaddr(&q->to, s->family, &to);
	}
	if (q->control_len && q->control_len <= CONTROL) {
		m.msg_control = q->control;
		m.msg_controllen = q->control_len;
	}
	shim_above->send_for_guest(s, &m, q->flags);
}

static void serve_peer(struct shim_sock *s, const struct request *q, int answer_to)
{
	struct dtlsshim_peer peer;

	if (!shim_above->peer_find(s, &q->to, &peer))
		host_sys6(SYS_sendto, answer_to, &peer, sizeof(peer), MSG_DONTWAIT | MSG_NOSIGNAL,
			  0, 0);
}

static void serve_connected(struct shim_sock *s)
{
	pthread_mutex_lock(&s->ep->host.lock);
	shim_refresh_peer(s);
	pthread_mutex_unlock(&s->ep->host.lock);
}

static void serve_one(struct shim_endpoint *ep, struct request *q, uint8_t *data, size_t len,
		      int passed)
{
	static struct host_log_limit limit;
	struct shim_sock *s = find(ep, q);

	if (!s)
		host_log_limited(
			&limit, HOST_LOG_ERROR,
			"event=unserved port=%u: a process uses a socket that the one that serves "
			"the port has closed; what it sends and what is sent to it is lost; close "
			"none of them before the last process",
			ep->key.port);
	if (!s)
		return;
	if (q->what == SEND)
		serve_send(s, q, data, len);
	else if (q->what == PEER && passed >= 0)
		serve_peer(s, q, passed);
	else if (q->what == CONNECTED)
		serve_connected(s);
	shim_put(s);
}

/* The descriptor that came with a request, or -1. */
static int passed_fd(const struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len >= CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

bool shim_up_serve(struct shim_endpoint *ep)
{
	static uint8_t data[DS_PAYLOAD_MAX]; /* one service thread a process */
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct request q;
	struct iovec iov[2] = {{&q, sizeof(q)}, {data, sizeof(data)}};

	int i;

	for (i = 0; i < BUDGET; i++) {
		struct msghdr m = {.msg_iov = iov,
				   .msg_iovlen = 2,
				   .msg_control = control,
				   .msg_controllen = sizeof(control)};
		long n = host_sys3(SYS_recvmsg, ep->up_in, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		int fd;

		if (n < (long)sizeof(q))
			break;
		fd = passed_fd(&m);
		if (q.id == REQUEST_ID)
			serve_one(ep, &q, data, (size_t)n - sizeof(q), fd);
		if (fd >= 0)
			host_sys3(SYS_close, fd, 0, 0);
	}
	shim_share_wanted(ep);
	return i == BUDGET;
}
