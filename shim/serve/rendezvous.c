/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * A question is one datagram with one end of a socketpair for the answer, and, if it is about a
 * descriptor, that one.  So nothing waits here for anybody: junk, which any local process can send,
 * is closed and forgotten, and an answer that does not fit is dropped.
 *
 * Whether there is a session with an address is a question that forked children ask, before they
 * send in clear to that address (second_socket.h).  Only our user and root are told.
 */
#include "shim/serve/rendezvous.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "host/sys.h"
#include "host/text.h"
#include "shim/base/rights.h"
#include "shim/base/shim.h"
#include "shim/socket/above.h"
#include "shim/serve/lease.h"
#include "shim/socket/retired.h"

#define BUDGET	 64		/* questions answered at a time */
#define ASK_TICK (20 * 1000000) /* nanoseconds until a question is asked again */
#define ASK_MAX	 50

enum { ANSWER_TO, ABOUT, N_FDS };

struct question {
	struct ds_addr peer; /* family 0: the question is about the second descriptor */
};

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(N_FDS * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

static atomic_int place = -1;

static socklen_t name_of(uint64_t name, struct sockaddr_un *un)
{
	struct host_text t = host_text_start(un->sun_path + 1, sizeof(un->sun_path) - 1);

	un->sun_family = AF_UNIX;
	un->sun_path[0] = '\0';
	host_text_add(&t, "dtlsshim-%016llx", (unsigned long long)name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(un->sun_path + 1));
}

int shim_rendezvous_open(void)
{
	struct sockaddr_un un;
	socklen_t len = name_of(shim_meeting_name(), &un);
	int none = -1, on = 1;
	long fd, r;

	if (place >= 0)
		return 0;
	fd = host_sys3(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return (int)fd;
	r = host_sys3(SYS_bind, fd, &un, len);
	if (r < 0) {
		host_sys3(SYS_close, fd, 0, 0);
		return (int)r;
	}
	host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on), 0);
	fd = host_fd_keep((int)fd);
	if (fd < 0)
		return (int)fd;
	if (!atomic_compare_exchange_strong(&place, &none, (int)fd))
		host_fd_drop((int)fd);
	return 0;
}

int shim_rendezvous_fd(void)
{
	return place;
}

/* Answering */

/* The descriptors that came with @m, and the user who sent it. */
static size_t get_fds(struct msghdr *m, int fds[static N_FDS], uid_t *user)
{
	struct ucred cred;
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&cred, CMSG_DATA(c), sizeof(cred));
			*user = cred.uid;
		} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && !n) {
			n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			n = n < N_FDS ? n : N_FDS;
			memcpy(fds, CMSG_DATA(c), n * sizeof(int));
		}
	}
	return n;
}

static void answer_about(const int fds[static N_FDS])
{
	struct shim_file_id id;
	struct shim_sock *s = shim_file_id(fds[ABOUT], &id) ? shim_sock_find(&id) : NULL;
	union control control = {0};
	struct iovec iov = {"", 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control};
	int bundle;

	if (!s)
		return;
	bundle = shim_above->bundle_make(s);
	shim_put(s);
	if (bundle < 0)
		return;
	shim_put_rights(&m, &bundle, 1);
	host_sys3(SYS_sendmsg, fds[ANSWER_TO], &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	host_sys3(SYS_close, bundle, 0, 0);
}

static void answer_session(int to, const struct ds_addr *peer)
{
	char found = shim_has_session(peer);

	host_sys6(SYS_sendto, to, &found, 1, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
}

void shim_rendezvous_serve(void)
{
	for (int i = 0; i < BUDGET; i++) {
		union control control = {0};
		struct question q;
		struct iovec iov = {&q, sizeof(q)};
		struct msghdr m = {.msg_iov = &iov,
				   .msg_iovlen = 1,
				   .msg_control = &control,
				   .msg_controllen = sizeof(control.space)};
		int fds[N_FDS] = {-1, -1};
		uid_t user = (uid_t)-1;
		size_t n;
		long r = host_sys3(SYS_recvmsg, place, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (r < 0)
			return;
		n = get_fds(&m, fds, &user);
		if (r == sizeof(q) && n == N_FDS && !q.peer.family)
			answer_about(fds);
		else if (r == sizeof(q) && n == 1 && q.peer.family && shim_trusts(user))
			answer_session(fds[ANSWER_TO], &q.peer);
		while (n--)
			host_sys3(SYS_close, fds[n], 0, 0);
	}
}

/* Asking */

static int receive_answer(int from, int *fd)
{
	union control control = {0};
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control.space)};
	struct timespec tick = {.tv_nsec = ASK_TICK};
	struct pollfd p = {.fd = from, .events = POLLIN};
	int fds[N_FDS] = {-1, -1};
	uid_t user;

	if (host_sys6(SYS_ppoll, &p, 1, &tick, 0, 8, 0) <= 0 ||
	    host_sys3(SYS_recvmsg, from, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1)
		return -EAGAIN;
	if (get_fds(&m, fds, &user))
		*fd = fds[0];
	if (fds[1] >= 0)
		host_sys3(SYS_close, fds[1], 0, 0);
	return byte;
}

static int ask_once(uint64_t name, const struct question *q, int about, int *fd)
{
	union control control = {0};
	struct sockaddr_un un;
	struct iovec iov = {(void *)q, sizeof(*q)};
	struct msghdr m = {
		.msg_name = &un, .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control};
	int pair[2], fds[N_FDS];
	long r;

	m.msg_namelen = name_of(name, &un);
	if (host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0))
		return -EMFILE;
	fds[ANSWER_TO] = pair[1];
	fds[ABOUT] = about;
	shim_put_rights(&m, fds, about < 0 ? 1 : N_FDS);
	r = host_sys3(SYS_sendmsg, pair[0], &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	host_sys3(SYS_close, pair[1], 0, 0);
	if (r > 0)
		r = receive_answer(pair[0], fd);
	host_sys3(SYS_close, pair[0], 0, 0);
	return (int)r;
}

/* Asks until somebody answers, nobody can, or a second is over. */
static int ask(uint64_t name, const struct question *q, int about, int *fd)
{
	struct timespec tick = {.tv_nsec = ASK_TICK};
	int r = -EAGAIN;

	for (int i = 0; i < ASK_MAX && r == -EAGAIN; i++) {
		r = ask_once(name, q, about, fd);
		if (r == -EAGAIN)
			host_sys3(SYS_nanosleep, &tick, 0, 0);
	}
	return r;
}

int shim_rendezvous_ask(uint64_t name, int fd)
{
	const struct question q = {.peer = {.family = 0}};
	int bundle = -1;

	ask(name, &q, fd, &bundle);
	return bundle;
}

int shim_rendezvous_ask_session(uint64_t name, const struct ds_addr *peer)
{
	const struct question q = {.peer = *peer};
	int unused = -1, r = ask(name, &q, -1, &unused);

	if (unused >= 0)
		host_sys3(SYS_close, unused, 0, 0);
	return r == -EAGAIN ? -1 : r == 1;
}
