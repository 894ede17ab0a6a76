/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.c - see shared.h
 *
 * Whether an answer is believed is decided in three steps, each with a counter: it comes from the
 * backend's socket, it has a header, and the header names a session that is there.  The third is the
 * engine's affair; the backend may be wrong, late or broken into, and then nothing is sent.
 *
 * An AF_UNIX socket is connected to a socket, not to a name: when the backend is started again, the
 * old connection leads nowhere, and the kernel would not let the new one answer.  Messages notice
 * that at once; for answers without one the name is looked up every second.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/log.h"
#include "host/text.h"
#include "proxy/loop.h"
#include "proxy/net.h"
#include "proxy/proxy.h"

#define READ_BATCH 16 /* answers a wake-up; the rest waits for the next turn */
#define LOOK_AGAIN DS_SECOND

/* One more than the longest answer: a longer one shows by its length. */
static uint8_t read_buf[READ_BATCH][DS_PROXY_HEADER_MAX + DS_PAYLOAD_MAX + 64];

static bool is_unix(const struct proxy_shared *s)
{
	return s->to.sa.sa_family == AF_UNIX;
}

static void log_dropped(struct proxy *p, uint64_t *counter, const char *why)
{
	static struct host_log_limit limit;

	++*counter;
	p->stats.down_messages++;
	p->stats.down_dropped++;
	host_log_limited(&limit, HOST_LOG_WARN, "event=answer_dropped addr=%s reason=%s",
			 p->opt.connect, why);
}

static void log_refused(struct proxy *p)
{
	static struct host_log_limit limit;

	p->stats.up_refused++;
	host_log_limited(&limit, HOST_LOG_WARN,
			 "event=backend_refused addr=%s: nothing listens there; sessions stay, "
			 "messages are lost until it does",
			 p->opt.connect);
}

static void log_error(struct proxy *p, const char *what, int err)
{
	static struct host_log_limit limit;

	host_log_limited(&limit, HOST_LOG_WARN, "event=backend_error addr=%s call=%s: %s",
			 p->opt.connect, what, strerror(err));
}

/* Removes the file of a socket that nobody has any more, as a process that was killed leaves it. */
static bool remove_stale(const union host_sockaddr *name, socklen_t len)
{
	const char *path = ((const struct sockaddr_un *)(const void *)name)->sun_path;
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool stale = probe >= 0 && connect(probe, &name->sa, len) && errno == ECONNREFUSED;
	struct stat st;

	if (probe >= 0)
		close(probe);
	return stale && !lstat(path, &st) && S_ISSOCK(st.st_mode) && !unlink(path);
}

/* The name is given after connect(), so that nobody else ever could send to it. */
static int attach_unix(int fd, const struct proxy_shared *s)
{
	const sa_family_t family = AF_UNIX;

	if (connect(fd, &s->to.sa, s->to_len))
		return -1;
	if (!s->from_len) /* an abstract name that the kernel makes up (unix(7), autobind) */
		return bind(fd, (const struct sockaddr *)(const void *)&family, sizeof(family));
	if (!bind(fd, &s->from.sa, s->from_len))
		return 0;
	if (errno != EADDRINUSE)
		return -1;
	if (!remove_stale(&s->from, s->from_len)) {
		errno = EADDRINUSE;
		return -1;
	}
	return bind(fd, &s->from.sa, s->from_len);
}

static int attach_udp(struct proxy *p, int fd, struct proxy_shared *s)
{
	union host_sockaddr peer;
	socklen_t len = sizeof(peer);

	proxy_net_buffers(fd);
	if (s->from_len && proxy_net_bind(fd, &s->from, s->from_len, &p->opt))
		return -1;
	if (connect(fd, &s->to.sa, s->to_len) || getpeername(fd, &peer.sa, &len))
		return -1;
	/* Which is another than we named for 0.0.0.0 */
	host_addr_from_sockaddr(&s->peer, &peer.sa, len);
	return 0;
}

/* Makes the socket and watches it; 0, or -1 with errno and no socket. */
static int attach(struct proxy *p, struct proxy_shared *s)
{
	struct epoll_event ev = {.events = EPOLLIN,
				 .data.u64 = proxy_ref(PROXY_SHARED, p->index, 0)};
	int fd = socket(s->to.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err;

	s->fd = -1;
	if (fd < 0)
		return -1;
	if ((is_unix(s) ? attach_unix(fd, s) : attach_udp(p, fd, s)) ||
	    epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	s->fd = fd;
	return 0;
}

static void detach(struct proxy_shared *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* True for errors that say of an AF_UNIX backend only that it is not there at the moment. */
static bool is_absent(int err)
{
	return err == ENOENT || err == ECONNREFUSED || err == ENOTCONN;
}

int proxy_shared_find(struct proxy *p, char why[static DS_WHY_MAX])
{
	struct proxy_shared *s = &p->shared;

	if (strchr(p->opt.connect, ','))
		return host_why(
			why,
			"--connect \"%.80s\": one socket serves all sessions (--backend-header) "
			"towards one server; give one, or --backend-answers plain",
			p->opt.connect);
	return proxy_net_resolve_one("--connect", p->opt.connect, &s->to, &s->to_len, why);
}

/* True if @s leads back to one of our own ports. */
static bool is_loop(const struct proxy *p, const struct proxy_shared *s)
{
	struct ds_addr to;

	return host_addr_from_sockaddr(&to, &s->to.sa, s->to_len) &&
	       proxy_bound_gets(p->all->bound, p->all->n, &to);
}

static int open_socket(struct proxy *p, struct proxy_shared *s, char *why)
{
	s->look_at = is_unix(s) ? p->now + LOOK_AGAIN : DS_TIME_NEVER;
	if (!attach(p, s))
		return 0;
	if (!is_unix(s) || !is_absent(errno))
		return host_why(why, "the socket to \"%.80s\"%s%.80s%s: %s", p->opt.connect,
				s->from_len ? " (--backend-source \"" : "",
				s->from_len ? p->opt.backend_source : "", s->from_len ? "\")" : "",
				strerror(errno));
	host_log(HOST_LOG_WARN,
		 "event=backend_absent addr=%s: %s; messages are lost until it is there",
		 p->opt.connect, strerror(errno));
	return 0;
}

int proxy_shared_begin(struct proxy *p, struct proxy_shared *s, char why[static DS_WHY_MAX])
{
	s->look_at = DS_TIME_NEVER;
	s->fd = -1;
	if (!s->on)
		return 0;
	if (is_loop(p, s))
		return host_why(
			why,
			"--connect \"%.80s\" is what --bind \"%.80s\" listens to: the proxy "
			"would talk to itself; give the address of the plaintext server",
			p->opt.connect, p->opt.bind);
	s->from = p->source.at;
	s->from_len = p->source.len;
	/* The backend may be about to answer the process before us, at this address */
	if (p->opt.backend_header == HOST_HEADER_SPP && s->from_len)
		ds_engine_inherit(p->ep.engine, p->now);
	return open_socket(p, s, why);
}

void proxy_shared_look(struct proxy *p, struct proxy_shared *s)
{
	if (p->now < s->look_at)
		return;
	s->look_at = p->now + LOOK_AGAIN;
	if (s->fd < 0)
		(void)!attach(p, s);
	else /* the old connection stays when this fails */
		(void)!connect(s->fd, &s->to.sa, s->to_len);
}

void proxy_shared_close(struct proxy_shared *s)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)(const void *)&s->from;

	if (s->on && s->fd >= 0 && is_unix(s) && s->from_len)
		unlink(name->sun_path);
	detach(s);
}

void proxy_shared_send(struct proxy *p, struct proxy_shared *s, const struct ds_message *msg)
{
	uint8_t header[DS_PROXY_HEADER_MAX];
	size_t n = proxy_header_put(&p->header, p->ep.engine, msg->session, header);

	if (!n) {
		p->stats.up_dropped++;
		return;
	}
	/* The error of an earlier datagram stands in the way of this one once; an AF_UNIX backend
	 * that was started again is connected to. */
	for (int tries = 0; tries < 2; tries++) {
		if (s->fd >= 0 &&
		    ds_proxy_send(s->fd, NULL, 0, header, n, msg->data, msg->len) >= 0) {
			p->stats.up_messages++;
			return;
		}
		if (s->fd >= 0 && !is_absent(errno))
			break;
		if (is_unix(s)) {
			detach(s);
			if (attach(p, s))
				break;
		} else {
			log_refused(p);
		}
	}
	p->stats.up_dropped++;
	if (is_absent(errno) && is_unix(s))
		log_refused(p);
	else if (errno == EMSGSIZE)
		p->stats.up_toobig++;
	if (!is_absent(errno))
		log_error(p, "send", errno);
}

/* One answer of the backend. */
static void take(struct proxy *p, const uint8_t *data, size_t n)
{
	const uint8_t *payload;
	size_t len;
	ds_session session =
		proxy_header_session(&p->header, p->ep.engine, data, n, &payload, &len);

	if (!payload)
		log_dropped(p, &p->stats.answer_header, "no_header");
	else if (!session)
		log_dropped(p, &p->stats.answer_session, "no_session");
	else if (proxy_upstream_down(p, session, payload, len) == DS_E_NOSESSION)
		p->stats.answer_session++;
}

void proxy_shared_read(struct proxy *p, struct proxy_shared *s)
{
	struct mmsghdr msg[READ_BATCH];
	struct iovec iov[READ_BATCH];
	union host_sockaddr from[READ_BATCH];
	struct ds_addr source;
	int n;

	memset(msg, 0, sizeof(msg));
	for (int i = 0; i < READ_BATCH; i++) {
		iov[i] = (struct iovec){read_buf[i], sizeof(read_buf[i])};
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
		msg[i].msg_hdr.msg_name = &from[i];
		msg[i].msg_hdr.msg_namelen = sizeof(from[i]);
	}
	n = s->fd < 0 ? 0 : recvmmsg(s->fd, msg, READ_BATCH, MSG_DONTWAIT, NULL);
	if (n < 0 && errno == ECONNREFUSED)
		log_refused(p);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		log_error(p, "recv", errno);
	for (int i = 0; i < n; i++) {
		host_addr_from_sockaddr(&source, &from[i].sa, msg[i].msg_hdr.msg_namelen);
		if (!is_unix(s) && !ds_addr_equal(&source, &s->peer))
			log_dropped(p, &p->stats.answer_source, "source");
		else
			take(p, read_buf[i], msg[i].msg_len);
	}
}
