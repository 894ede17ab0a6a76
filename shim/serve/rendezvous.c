/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * A question is one datagram with two descriptors: the one it is about, and one end of a socketpair
 * for the answer.  So nothing waits here for anybody: junk, which any local process can send, is
 * closed and forgotten, and an answer that does not fit is dropped.
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
#include "shim/base/fdtab.h"
#include "shim/serve/handover.h"
#include "shim/serve/lease.h"
#include "shim/socket/retired.h"

#define BUDGET	 64		/* questions answered at a time */
#define ASK_TICK (20 * 1000000) /* nanoseconds until a question is asked again */
#define ASK_MAX	 50

enum { ABOUT, ANSWER_TO, N_FDS };

union rights {
	struct cmsghdr align;
	char space[CMSG_SPACE(N_FDS * sizeof(int))];
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
	int none = -1;
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

/* The protected socket that @fd is, or was before it was retired; with a reference. */
static struct shim_sock *behind(int fd)
{
	struct shim_file_id id;
	struct shim_sock *s;

	if (!shim_file_id(fd, &id))
		return NULL;
	pthread_mutex_lock(&shim_table_lock);
	s = shim_sock_by_inode(id.dev, id.ino);
	if (!s)
		s = shim_sock_by_retired(&id);
	if (s && !shim_sock_try_ref(s))
		s = NULL;
	pthread_mutex_unlock(&shim_table_lock);
	return s;
}

static void put_fds(struct msghdr *m, const int *fds, size_t n)
{
	struct cmsghdr *c;

	m->msg_controllen = CMSG_SPACE(n * sizeof(int));
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
}

static size_t get_fds(struct msghdr *m, int fds[static N_FDS])
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	size_t n;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return 0;
	n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	return n;
}

static void answer(const int fds[static N_FDS])
{
	struct shim_sock *s = behind(fds[ABOUT]);
	union rights rights = {0};
	struct iovec iov = {"", 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &rights};
	int bundle;

	if (!s)
		return;
	bundle = shim_bundle_make(s);
	shim_put(s);
	if (bundle < 0)
		return;
	put_fds(&m, &bundle, 1);
	host_sys3(SYS_sendmsg, fds[ANSWER_TO], &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	host_sys3(SYS_close, bundle, 0, 0);
}

void shim_rendezvous_serve(void)
{
	for (int i = 0; i < BUDGET; i++) {
		union rights rights = {0};
		char byte;
		struct iovec iov = {&byte, 1};
		struct msghdr m = {.msg_iov = &iov,
				   .msg_iovlen = 1,
				   .msg_control = &rights,
				   .msg_controllen = sizeof(rights.space)};
		int fds[N_FDS] = {-1, -1};
		size_t n;

		if (host_sys3(SYS_recvmsg, place, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
			return;
		n = get_fds(&m, fds);
		if (n == N_FDS)
			answer(fds);
		while (n--)
			host_sys3(SYS_close, fds[n], 0, 0);
	}
}

/* Asking */

/* One question.  The bundle, -EAGAIN: ask again, or another negative errno. */
static int ask_once(const struct sockaddr_un *un, socklen_t len, int fd)
{
	union rights rights = {0};
	char byte = 0;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_name = (void *)un,
			   .msg_namelen = len,
			   .msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &rights};
	struct timespec tick = {.tv_nsec = ASK_TICK};
	struct pollfd p = {.events = POLLIN};
	int pair[2], fds[N_FDS], r;

	if (host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0))
		return -EMFILE;
	fds[ABOUT] = fd;
	fds[ANSWER_TO] = pair[1];
	put_fds(&m, fds, N_FDS);
	r = (int)host_sys3(SYS_sendmsg, pair[0], &m, MSG_DONTWAIT);
	host_sys3(SYS_close, pair[1], 0, 0);
	p.fd = pair[0];
	if (r > 0 && host_sys6(SYS_ppoll, &p, 1, &tick, 0, 8, 0) > 0) {
		m = (struct msghdr){.msg_iov = &iov,
				    .msg_iovlen = 1,
				    .msg_control = &rights,
				    .msg_controllen = sizeof(rights.space)};
		r = (int)host_sys3(SYS_recvmsg, pair[0], &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		r = r > 0 && get_fds(&m, fds) == 1 ? fds[0] : -EAGAIN;
	} else if (r >= 0) {
		r = -EAGAIN;
	}
	host_sys3(SYS_close, pair[0], 0, 0);
	return r;
}

int shim_rendezvous_ask(uint64_t name, int fd)
{
	struct timespec tick = {.tv_nsec = ASK_TICK};
	struct sockaddr_un un;
	socklen_t len = name_of(name, &un);
	int r = -EAGAIN;

	for (int i = 0; i < ASK_MAX && r == -EAGAIN; i++) {
		r = ask_once(&un, len, fd);
		if (r == -EAGAIN)
			host_sys3(SYS_nanosleep, &tick, 0, 0);
	}
	return r >= 0 ? r : -1;
}
