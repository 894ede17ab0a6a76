/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * Everything that can fail comes before the real bind(): descriptors, endpoint, filter.  From the
 * moment the port is ours, the filter lets nothing through until the facade stands where the
 * program's socket was; then it lets DTLS through, and is locked.
 *
 * Copies of the descriptor made before, and its registrations in epolls, are found in /proc and
 * moved to the facade too: otherwise a copy would still send plaintext, and an epoll would go on
 * reporting the wire.
 */
#include "shim/socket/protect.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/epoll.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/text.h"
#include "host/udp.h"
#include "shim/socket/filter.h"
#include "shim/socket/above.h"
#include "shim/socket/facade.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/port_guard.h"
#include "shim/socket/wire.h"
#include "shim/base/procfd.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

#define COPIES_MAX	  32 /* of one descriptor, before bind() */
#define REGISTRATIONS_MAX 64 /* of these, in epolls */

#define EPHEMERAL 32768 /* ports from here on are usually given out by the kernel */

static int get_int(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int v = -1;

	return host_sys6(SYS_getsockopt, fd, level, name, &v, &len, 0) ? -1 : v;
}

/* The wire port for @program; 0: not protected, -1: refused. */
static int wire_port(uint16_t program)
{
	const struct host_options *o = &shim_options;
	bool taken = false;

	for (uint32_t i = 0; i < o->n_ports; i++) {
		if (o->ports[i].program == program)
			return o->ports[i].wire;
		taken |= o->ports[i].wire == program;
	}
	if (taken) {
		host_log(HOST_LOG_ERROR,
			 "bind() to port %u refused: DTLSSHIM_PORTS uses it on the wire for "
			 "another port of the program",
			 program);
		return -1;
	}
	return o->n_ports ? 0 : program;
}

/* Without a system call: false if no socket could want this address protected. */
static bool may_protect(const struct sockaddr *sa, socklen_t len)
{
	const struct host_options *o = &shim_options;
	uint16_t port;

	if (!sa || len < sizeof(struct sockaddr_in))
		return false;
	port = ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
	for (uint32_t i = 0; i < o->n_ports; i++)
		if (o->ports[i].program == port || o->ports[i].wire == port)
			return true;
	return port && !o->n_ports &&
	       (sa->sa_family == AF_INET || sa->sa_family == AF_INET6 ||
		sa->sa_family == AF_UNSPEC);
}

int shim_udp_family(int fd)
{
	int family;

	if (get_int(fd, SOL_SOCKET, SO_TYPE) != SOCK_DGRAM ||
	    get_int(fd, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_UDP)
		return 0;
	family = get_int(fd, SOL_SOCKET, SO_DOMAIN);
	return family == AF_INET || family == AF_INET6 ? family : 0;
}

/* 0 with @rq filled, SHIM_PASS, or a negative errno. */
static int classify(int fd, const struct sockaddr *sa, socklen_t len, struct shim_request *rq)
{
	int port;

	if (shim_options.role == HOST_ROLE_CLIENT || !may_protect(sa, len))
		return SHIM_PASS;
	memset(rq, 0, sizeof(*rq));
	rq->role = DS_SERVER;
	rq->family = shim_udp_family(fd);
	if (!rq->family)
		return SHIM_PASS;
	rq->len = len < sizeof(rq->sa) ? len : sizeof(rq->sa);
	memcpy(&rq->sa, sa, rq->len);
	/* The kernel takes AF_UNSPEC with the wildcard address for AF_INET */
	if (rq->family == AF_INET && rq->sa.sa.sa_family == AF_UNSPEC)
		rq->sa.sa.sa_family = AF_INET;
	if (rq->sa.sa.sa_family != rq->family)
		return SHIM_PASS; /* bind() will say no */
	if (rq->family == AF_INET6 && rq->len < offsetof(struct sockaddr_in6, sin6_scope_id))
		return SHIM_PASS;
	rq->program = ntohs(rq->sa.in.sin_port); /* at the same place in sockaddr_in6 */
	if (!rq->program)
		return SHIM_PASS;
	port = wire_port(rq->program);
	if (port <= 0)
		return port ? -EADDRINUSE : SHIM_PASS;
	rq->wire = (uint16_t)port;
	rq->sa.in.sin_port = htons(rq->wire);
	return 0;
}

/* The same for a socket that was bound before we saw it: false if it is to be left alone. */
static bool classify_bound(int fd, struct shim_request *rq)
{
	const struct host_options *o = &shim_options;
	uint16_t port;

	memset(rq, 0, sizeof(*rq));
	rq->len = sizeof(rq->sa);
	rq->bound = true;
	rq->family = shim_udp_family(fd);
	if (!rq->family || host_sys3(SYS_getsockname, fd, &rq->sa, &rq->len))
		return false;
	port = ntohs(rq->sa.in.sin_port);
	rq->wire = rq->program = port;
	rq->role = shim_above->client_arrived(fd) ? DS_CLIENT : DS_SERVER;
	if (rq->role == DS_CLIENT)
		return true;
	if (!host_has_role(o, DS_SERVER))
		return false;
	for (uint32_t i = 0; i < o->n_ports; i++) {
		if (o->ports[i].wire == port)
			rq->program = o->ports[i].program;
		if (o->ports[i].wire == port || o->ports[i].program == port)
			return true;
	}
	/* Whether bind() or the kernel chose this port, nobody remembers */
	return !o->n_ports && port && port < EPHEMERAL;
}

static bool is_wildcard(const struct shim_request *rq)
{
	if (rq->family == AF_INET)
		return rq->sa.in.sin_addr.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_UNSPECIFIED(&rq->sa.in6.sin6_addr);
}

/* Options set before bind() that setsockopt() would refuse after it. */
static void reset_options(int fd)
{
	static const struct {
		int level, name, value;
	} off[] = {{IPPROTO_UDP, UDP_SEGMENT, 0},
		   {IPPROTO_UDP, UDP_GRO, 0},
		   {IPPROTO_UDP, UDP_CORK, 0},
		   {SOL_SOCKET, SO_ZEROCOPY, 0},
		   {SOL_SOCKET, SO_PEEK_OFF, -1}};

	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
		int now = get_int(fd, off[i].level, off[i].name);

		if (now == off[i].value || now == -1)
			continue;
		host_sys6(SYS_setsockopt, fd, off[i].level, off[i].name, &off[i].value, sizeof(int),
			  0);
	}
}

/* What the descriptor itself was told goes to the facade; the wire raises no signals. */
static void copy_state(int fd, struct shim_sock *s)
{
	long flags = host_sys3(SYS_fcntl, fd, F_GETFL, 0);
	struct timeval tv;
	socklen_t len = sizeof(tv);
	int owner[2]; /* struct f_owner_ex */
	long sig;

	if (!host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &tv, &len, 0))
		host_sys6(SYS_setsockopt, s->near, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv), 0);
	if (!host_sys3(SYS_fcntl, fd, F_GETOWN_EX, owner) && owner[1])
		host_sys3(SYS_fcntl, s->near, F_SETOWN_EX, owner);
	sig = host_sys3(SYS_fcntl, fd, F_GETSIG, 0);
	if (sig > 0)
		host_sys3(SYS_fcntl, s->near, F_SETSIG, sig);
	host_sys3(SYS_fcntl, s->near, F_SETFL, flags & (O_NONBLOCK | O_ASYNC));
	host_sys3(SYS_fcntl, s->wire, F_SETFL, flags & ~O_ASYNC);
	s->evident = flags & (O_NONBLOCK | O_ASYNC);
}

static int prepare(int fd, struct shim_sock *s, const struct shim_request *rq)
{
	struct ds_addr key;
	long r;

	r = host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	if (r < 0)
		return (int)r;
	s->wire = host_fd_keep((int)r);
	if (s->wire < 0)
		return s->wire;
	r = shim_facade_make(s);
	if (r < 0)
		return (int)r;
	s->family = rq->family;
	s->program_port = rq->program;
	s->wire_port = rq->wire;
	/* A client answers nobody: its source address is the kernel's choice, each time */
	s->wildcard = rq->role == DS_SERVER && is_wildcard(rq);
	s->pktinfo4 = get_int(fd, IPPROTO_IP, IP_PKTINFO) > 0;
	s->pktinfo6 = rq->family == AF_INET6 && get_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) > 0;
	s->controls = shim_controls_wanted(s);
	reset_options(fd);
	if (s->wildcard)
		host_pktinfo_enable(fd, rq->family);
	host_addr_from_sockaddr(&key, &rq->sa.sa, rq->len);
	return shim_endpoint_join(s, &key, rq->role);
}

/* Replacing what numbers mean */

struct swap {
	struct shim_sock *s;
	char link[32]; /* of the program's socket in /proc/self/fd */
	uint64_t inode;
	int copies[COPIES_MAX];
	int n_copies;
	int epfd; /* being looked at */
	struct registration {
		int epfd, tfd;
		struct epoll_event ev;
	} regs[REGISTRATIONS_MAX];
	int n_regs;
};

static void find_target(void *ctx, int tfd, const struct epoll_event *ev, uint64_t inode)
{
	struct swap *w = ctx;

	if (inode == w->inode && w->n_regs < REGISTRATIONS_MAX)
		w->regs[w->n_regs++] = (struct registration){w->epfd, tfd, *ev};
}

static void look_at(void *ctx, int fd, const char *link)
{
	struct swap *w = ctx;

	if (shim_fd_is_hidden(fd))
		return;
	if (!strcmp(link, w->link) && w->n_copies < COPIES_MAX)
		w->copies[w->n_copies++] = fd;
	w->epfd = fd;
	if (!strcmp(link, SHIM_EPOLL_LINK))
		shim_epoll_targets(fd, find_target, w);
}

int shim_place_facade(struct shim_sock *s, int fd)
{
	long cloexec = host_sys3(SYS_fcntl, fd, F_GETFD, 0) & FD_CLOEXEC;
	long r = host_sys3(SYS_dup3, s->near, fd, cloexec ? O_CLOEXEC : 0);

	if (r < 0)
		return (int)r;
	shim_fd_attach(fd, s);
	return 0;
}

static int swap_numbers(int fd, struct shim_sock *s)
{
	struct swap w = {.s = s};
	struct epoll_event none;
	struct stat st;
	int r;

	if (!host_sys3(SYS_fstat, fd, &st, 0)) {
		struct host_text link = host_text_start(w.link, sizeof(w.link));

		host_text_add(&link, "socket:[%llu]", (unsigned long long)st.st_ino);
		w.inode = st.st_ino;
		shim_each_fd(look_at, &w);
	}
	for (int i = 0; i < w.n_regs; i++)
		host_sys6(SYS_epoll_ctl, w.regs[i].epfd, EPOLL_CTL_DEL, w.regs[i].tfd, &none, 0, 0);
	r = shim_place_facade(s, fd);
	for (int i = 0; i < w.n_copies && !r; i++)
		if (w.copies[i] != fd)
			r = shim_place_facade(s, w.copies[i]);
	for (int i = 0; i < w.n_regs && !r; i++) {
		host_sys6(SYS_epoll_ctl, w.regs[i].epfd, EPOLL_CTL_ADD, w.regs[i].tfd,
			  &w.regs[i].ev, 0, 0);
		s->in_epoll = true;
		if (w.regs[i].ev.events & EPOLLET)
			s->edge = true;
	}
	return r;
}

/* bind() failed: the program's socket is as it was. */
static void undo(int fd, const struct shim_sock *s)
{
	int off = 0;

	shim_filter_remove(fd);
	if (s->wildcard && s->family == AF_INET && !s->pktinfo4)
		host_sys6(SYS_setsockopt, fd, IPPROTO_IP, IP_PKTINFO, &off, sizeof(off), 0);
	if (s->wildcard && s->family == AF_INET6 && !s->pktinfo6)
		host_sys6(SYS_setsockopt, fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &off, sizeof(off), 0);
}

/* The kernel chose its port, and answers come though the program may never ask for them. */
static void be_client(struct shim_sock *s)
{
	union host_sockaddr sa;
	socklen_t len = sizeof(sa);

	if (!host_sys3(SYS_getsockname, s->wire, &sa, &len))
		s->program_port = s->wire_port = ntohs(sa.in.sin_port);
	s->evident = true;
}

void shim_publish(struct shim_sock *s)
{
	s->published = true;
	atomic_fetch_add(&shim_n_unsure, 1);
	atomic_fetch_add(&shim_n_socks, 1);
	shim_epoll_changed();
}

/* The program's number, or what it inherited, becomes a facade; the wire is open for DTLS. */
static void finish(int fd, struct shim_sock *s, enum ds_role role, bool filtered)
{
	int r;

	copy_state(fd, s);
	if (role == DS_CLIENT)
		be_client(s);
	shim_publish(s);
	r = swap_numbers(fd, s);
	if (!r && !filtered)
		r = shim_filter_dtls(s->wire);
	if (r) /* the port is ours and closed; better nothing than plaintext */
		host_die(1, "port %u cannot be protected: errno %d", s->wire_port, -r);
	if (shim_shared(s->ep))
		shim_above->share_wanted(s->ep);
	host_log(role == DS_CLIENT ? HOST_LOG_DEBUG : HOST_LOG_INFO,
		 "event=protected%s port=%u wire=%u fd=%d", role == DS_CLIENT ? " role=client" : "",
		 s->program_port, s->wire_port, fd);
	if (role == DS_SERVER)
		shim_guard_report(s);
}

static int wrap(int fd, struct shim_sock *s, const struct shim_request *rq)
{
	int r;

	if (shim_filter_present(fd)) {
		host_log(HOST_LOG_ERROR,
			 "socket with port %u refused: the program has a packet filter on it, "
			 "which would see ciphertext",
			 rq->program);
		return -EOPNOTSUPP;
	}
	r = prepare(fd, s, rq);
	if (!r)
		r = shim_filter_closed(fd);
	if (r)
		return r;
	r = 0;
	if (rq->role == DS_SERVER)
		r = shim_guard_bind(fd, &rq->sa.sa, rq->len);
	else if (!rq->bound)
		r = (int)host_sys3(SYS_bind, fd, &rq->sa, rq->len);
	if (r)
		undo(fd, s);
	else
		finish(fd, s, rq->role, false);
	return r;
}

bool shim_adopt(int fd)
{
	struct shim_request rq;
	struct shim_sock *s;
	bool ours;
	int r;

	if ((unsigned)fd >= shim_fdtab_size || !classify_bound(fd, &rq))
		return false;
	ours = shim_filter_is_ours(fd); /* of the process that had it before */
	s = shim_sock_new();
	r = s ? prepare(fd, s, &rq) : -ENOBUFS;
	if (!r && !ours)
		r = shim_filter_closed(fd);
	if (r)
		host_die(1, "descriptor %d on port %u cannot be protected: errno %d", fd, rq.wire,
			 -r);
	pthread_mutex_lock(&s->ep->host.lock);
	shim_refresh_peer(s);
	pthread_mutex_unlock(&s->ep->host.lock);
	finish(fd, s, rq.role, ours);
	shim_put(s);
	return true;
}

int shim_protect(int fd, const struct shim_request *rq)
{
	struct shim_sock *s;
	int r;

	if ((unsigned)fd >= shim_fdtab_size) {
		host_log(HOST_LOG_ERROR, "descriptor %d is too high for a socket to be protected",
			 fd);
		return -EMFILE;
	}
	if (!shim_enter())
		return -EAGAIN;
	s = shim_sock_new();
	r = s ? wrap(fd, s, rq) : -ENOBUFS;
	if (s)
		shim_put(s);
	shim_leave();
	return r;
}

int shim_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct shim_request rq;
	int r = classify(fd, sa, len, &rq);

	return r ? r : shim_protect(fd, &rq);
}
