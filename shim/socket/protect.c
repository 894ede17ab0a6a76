/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * Everything that can fail comes before anything changes: the wire, a new socket with the options of
 * the program's, its drop-all filter, the facade, the endpoint.  Then the facade takes the place of
 * the program's socket at every number, the wire is bound, its filter lets DTLS through and is locked,
 * and the program's own socket is retired (retired.h).
 *
 * The program's own socket is not bound and not connected, because copies of it may be anywhere: in
 * processes that were forked or executed before, or passed by SCM_RIGHTS.  Only where it came bound
 * (systemd, a helper with more rights) there is no other way: then it is the wire, and whoever bound
 * it can still use it.
 */
#include "shim/socket/protect.h"

#include <fcntl.h>
#include <netinet/in.h>

#include "host/log.h"
#include "host/plaintext.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/socket/filter.h"
#include "shim/socket/above.h"
#include "shim/socket/facade.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/port_guard.h"
#include "shim/socket/report.h"
#include "shim/socket/choose.h"
#include "shim/socket/make_wire.h"
#include "shim/socket/numbers.h"
#include "shim/socket/retired.h"
#include "shim/socket/wire.h"

static bool is_wildcard(const struct shim_request *rq)
{
	if (rq->family == AF_INET)
		return rq->sa.in.sin_addr.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_UNSPECIFIED(&rq->sa.in6.sin6_addr);
}

/* Settings of the descriptor itself go to the facade; the wire raises no signals. */
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
	s->evident = flags & (O_NONBLOCK | O_ASYNC);
}

/* Everything a protected socket needs but its address.  @old: the program's own socket. */
static int prepare(int old, struct shim_sock *s, const struct shim_request *rq)
{
	struct ds_addr key;
	int r = shim_facade_make(s);

	if (r < 0)
		return r;
	s->family = rq->family;
	s->program_port = rq->program;
	s->wire_port = rq->wire;
	/* A client answers nobody: its source address is the kernel's choice, each time */
	s->wildcard = rq->role == DS_SERVER && is_wildcard(rq);
	s->pktinfo4 = host_socket_int(old, IPPROTO_IP, IP_PKTINFO) > 0;
	s->pktinfo6 = rq->family == AF_INET6 &&
		      host_socket_int(old, IPPROTO_IPV6, IPV6_RECVPKTINFO) > 0;
	s->controls = shim_controls_wanted(s);
	if (s->wildcard)
		host_pktinfo_enable(s->wire, rq->family);
	host_addr_from_sockaddr(&key, &rq->sa.sa, rq->len);
	r = shim_endpoint_join(s, &key, rq->role);
	if (!r)
		copy_state(old, s);
	return r;
}

int shim_place_facade(struct shim_sock *s, int fd)
{
	long cloexec = host_sys3(SYS_fcntl, fd, F_GETFD, 0) & FD_CLOEXEC;
	long r = host_sys3(SYS_dup3, s->near, fd, cloexec ? O_CLOEXEC : 0);

	if (r < 0)
		return (int)r;
	shim_fd_attach(fd, s);
	atomic_fetch_add(&shim_n_placed, 1);
	return 0;
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
	s->life = SHIM_SERVED;
	atomic_fetch_add(&shim_n_unsure, 1);
	atomic_fetch_add(&shim_n_socks, 1);
	shim_epoll_changed();
}

/* Others in this process, or processes that were forked, may look for the socket that was retired. */
static void tell_others(struct shim_sock *s, bool wanted)
{
	int bundle;

	if (!wanted)
		return;
	bundle = shim_has_mailboxes() ? shim_above->bundle_make(s) : -1;
	if (bundle >= 0) {
		shim_mailbox_post(&s->retired, bundle);
		host_sys3(SYS_close, bundle, 0, 0);
	}
	shim_above->start();
}

/* The wire is bound, and the facade stands at the program's numbers: DTLS may come in. */
static void finish(int fd, struct shim_sock *s, enum ds_role role, bool filtered)
{
	bool plaintext = role == DS_SERVER &&
			 host_plaintext_at(&shim_options, s->wire_port) != DS_PLAINTEXT_DENY;
	int r = filtered ? 0 : shim_filter_open(s->wire, plaintext);

	if (r) /* the port is ours and closed; better nothing than plaintext */
		host_die(1, "port %u cannot be protected: errno %d", s->wire_port, -r);
	if (shim_shared(s->ep))
		shim_above->share_wanted(s->ep);
	host_log(role == DS_CLIENT ? HOST_LOG_DEBUG : HOST_LOG_INFO,
		 "event=protected%s port=%u wire=%u fd=%d", role == DS_CLIENT ? " role=client" : "",
		 s->program_port, s->wire_port, fd);
	if (role == DS_SERVER)
		shim_above->served(s->near);
	shim_report_protected(s, role);
}

static int bind_wire(struct shim_sock *s, int old, const struct shim_request *rq)
{
	if (rq->role == DS_SERVER)
		return shim_guard_bind(s->wire, &rq->sa.sa, rq->len);
	if (!rq->bound)
		return (int)host_sys3(SYS_bind, s->wire, &rq->sa, rq->len);
	return shim_wire_take_address(s->wire, old, &rq->sa.sa, rq->len);
}

/* The facade stands first, then the wire is bound: a send of another thread meanwhile meets the
 * facade.  If bind() fails the numbers mean @old again, which was not touched. */
static int put_in_place(int fd, int old, struct shim_sock *s, const struct shim_request *rq)
{
	union host_sockaddr peer;
	socklen_t len = sizeof(peer);
	bool connected = rq->role == DS_CLIENT && !host_sys3(SYS_getpeername, old, &peer, &len);
	int r;

	shim_publish(s);
	r = shim_numbers_to_facade(fd, s);
	if (!r)
		r = bind_wire(s, old, rq);
	if (!r && connected)
		r = (int)host_sys3(SYS_connect, s->wire, &peer, len);
	if (r && shim_numbers_back(s, old))
		host_die(1, "descriptor %d cannot be given back after bind() failed", fd);
	if (r)
		return r;
	if (rq->role == DS_CLIENT)
		be_client(s);
	finish(fd, s, rq->role, false);
	return 0;
}

/* Other threads may wait on the socket already.  In an epoll the facade has taken its place, but nobody
 * watches the wire.  A thread in poll() or select() sleeps on the old socket until that is shut down,
 * looks its numbers up again, and must find one that is readable, or it goes to sleep for ever. */
static void wake_waiters(struct shim_sock *s)
{
	if (!shim_above->has_threads())
		return;
	if (s->in_epoll)
		shim_above->ensure(s);
	else
		shim_facade_poke(s);
}

static void identify(int old, struct shim_sock *s)
{
	struct shim_file_id id;

	if (shim_file_id(old, &id))
		shim_sock_identify(s, NULL, &id);
}

static int wrap(int fd, struct shim_sock *s, const struct shim_request *rq)
{
	long old;
	int r;

	if (shim_filter_present(fd)) {
		host_log(HOST_LOG_ERROR,
			 "socket with port %u refused: the program has a packet filter on it, "
			 "which would see ciphertext",
			 rq->program);
		return -EOPNOTSUPP;
	}
	s->wire = shim_wire_make(fd, rq->family);
	if (s->wire < 0)
		return s->wire;
	r = prepare(fd, s, rq);
	if (r)
		return r;
	old = host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	if (old >= 0)
		old = host_fd_keep((int)old);
	if (old < 0)
		return (int)old;
	identify((int)old, s);
	r = put_in_place(fd, (int)old, s, rq);
	if (r) {
		host_fd_drop((int)old);
		return r;
	}
	wake_waiters(s);
	tell_others(s, shim_retire((int)old));
	return 0;
}

bool shim_adopt(int fd)
{
	struct shim_request rq;
	struct shim_sock *s;
	bool ours;
	int r;

	if ((unsigned)fd >= shim_fdtab_size || !shim_choose_bound(fd, &rq))
		return false;
	ours = shim_filter_is_ours(fd); /* of the process that had it before */
	s = shim_sock_new();
	r = s ? (int)host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3) : -ENOBUFS;
	if (r >= 0)
		r = host_fd_keep(r);
	if (r >= 0)
		s->wire = r;
	if (r >= 0 && !ours)
		r = shim_filter_closed(s->wire);
	if (r >= 0)
		r = shim_wire_reset(s->wire);
	if (r >= 0)
		r = prepare(fd, s, &rq);
	if (r >= 0) {
		identify(fd, s);
		shim_publish(s);
		r = shim_numbers_to_facade(fd, s);
	}
	if (r < 0)
		host_die(1, "descriptor %d on port %u cannot be protected: errno %d", fd, rq.wire,
			 -r);
	if (rq.role == DS_CLIENT)
		be_client(s);
	pthread_mutex_lock(&s->ep->host.lock);
	shim_refresh_peer(s);
	pthread_mutex_unlock(&s->ep->host.lock);
	finish(fd, s, rq.role, ours);
	tell_others(s, shim_has_mailboxes());
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
	int r = shim_choose(fd, sa, len, &rq);

	return r ? r : shim_protect(fd, &rq);
}
