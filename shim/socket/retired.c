/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * The mark is the filter itself: SO_GET_FILTER gives its instructions to every holder, and loading a
 * constant is an instruction.  So the filter loads a magic number and the name to ask at, and then
 * drops the datagram.  SO_LOCK_FILTER keeps it there.
 *
 * Whether somebody else has the old socket is asked of an epoll: a registration goes with the last
 * copy of the file it is for, and a retired socket reports EPOLLHUP as long as it exists.
 */
#include "shim/socket/retired.h"

#include <errno.h>
#include <linux/filter.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "host/sys.h"
#include "shim/base/rights.h"

#define MAGIC	      0x64747365U
#define MAILBOXES_MAX 64

static _Atomic uint64_t name_now; /* 0: none yet */

static struct mailbox {
	struct shim_file_id id;
	int in, out; /* -1: the slot is free */
} boxes[MAILBOXES_MAX];
static unsigned n_slots; /* ever used */
static _Atomic unsigned n_boxes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool shim_file_id(int fd, struct shim_file_id *id)
{
	struct stat st;

	if (host_sys3(SYS_fstat, fd, &st, 0))
		return false;
	*id = (struct shim_file_id){st.st_dev, st.st_ino};
	return true;
}

uint64_t shim_meeting_name(void)
{
	uint64_t name, none = 0;

	if (name_now)
		return name_now;
	/* It need only be unique: a process that asks has to show the socket in question */
	if (host_sys3(SYS_getrandom, &name, sizeof(name), 0) != sizeof(name) || !name)
		name = (uint64_t)host_sys3(SYS_getpid, 0, 0, 0) << 32 | 1;
	atomic_compare_exchange_strong(&name_now, &none, name);
	return name_now;
}

/* The mark */

enum { MARK_MAGIC, MARK_HIGH, MARK_LOW, MARK_DROP, MARK_N };

static void mark(int fd)
{
	uint64_t name = shim_meeting_name();
	struct sock_filter code[MARK_N] = {
		[MARK_MAGIC] = BPF_STMT(BPF_LD | BPF_IMM, MAGIC),
		[MARK_HIGH] = BPF_STMT(BPF_LD | BPF_IMM, (uint32_t)(name >> 32)),
		[MARK_LOW] = BPF_STMT(BPF_LD | BPF_IMM, (uint32_t)name),
		[MARK_DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = {.len = MARK_N, .filter = code};
	int on = 1;

	host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog), 0);
	host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on), 0);
}

bool shim_is_retired(int fd, uint64_t *name)
{
	struct sock_filter code[MARK_N];
	socklen_t n = MARK_N; /* in instructions */

	if (host_sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_GET_FILTER, code, &n, 0) || n != MARK_N ||
	    code[MARK_MAGIC].code != (BPF_LD | BPF_IMM) || code[MARK_MAGIC].k != MAGIC)
		return false;
	*name = (uint64_t)code[MARK_HIGH].k << 32 | code[MARK_LOW].k;
	return true;
}

/* Closes @old; true if it still exists then. */
static bool outlives_us(int old)
{
	struct epoll_event ev = {.events = EPOLLIN};
	long r, ep = host_sys3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0);

	if (ep >= 0)
		host_sys6(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, old, &ev, 0, 0);
	host_fd_drop(old);
	if (ep < 0)
		return true; /* for all we know */
	r = host_sys6(SYS_epoll_pwait, ep, &ev, 1, 0, 0, 8);
	host_sys3(SYS_close, ep, 0, 0);
	return r != 0;
}

bool shim_retire(int old)
{
	mark(old);
	/* An unconnected socket says ENOTCONN, and is shut down all the same */
	host_sys3(SYS_shutdown, old, SHUT_RDWR, 0);
	return outlives_us(old);
}

/* Mailboxes */

static struct mailbox *find(const struct shim_file_id *id)
{
	for (unsigned i = 0; i < n_slots; i++)
		if (boxes[i].in >= 0 && boxes[i].id.ino == id->ino && boxes[i].id.dev == id->dev)
			return &boxes[i];
	return NULL;
}

static struct mailbox *free_slot(void)
{
	for (unsigned i = 0; i < n_slots; i++)
		if (boxes[i].in < 0)
			return &boxes[i];
	return n_slots < MAILBOXES_MAX ? &boxes[n_slots++] : NULL;
}

static void close_box(struct mailbox *b)
{
	host_fd_drop(b->in);
	host_fd_drop(b->out);
	b->in = b->out = -1;
}

static void fill(struct mailbox *b, const struct shim_file_id *id)
{
	int pair[2];

	b->in = b->out = -1;
	if (host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0))
		return;
	b->in = host_fd_keep(pair[0]);
	b->out = host_fd_keep(pair[1]);
	b->id = *id;
	if (b->in < 0 || b->out < 0)
		close_box(b);
	else
		n_boxes++;
}

void shim_mailbox_make(int fd)
{
	struct shim_file_id id;
	struct mailbox *b;

	if (!shim_file_id(fd, &id))
		return;
	pthread_mutex_lock(&lock);
	b = find(&id) ? NULL : free_slot();
	if (b)
		fill(b, &id);
	pthread_mutex_unlock(&lock);
}

union rights {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

bool shim_mailbox_post(const struct shim_file_id *id, int bundle)
{
	union rights rights = {0};
	struct iovec iov = {"", 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &rights};
	struct mailbox *b;
	long r = -ENOENT;

	shim_put_rights(&m, &bundle, 1);
	pthread_mutex_lock(&lock);
	b = find(id);
	if (b)
		r = host_sys3(SYS_sendmsg, b->out, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	pthread_mutex_unlock(&lock);
	return r == 1;
}

int shim_mailbox_look(const struct shim_file_id *id)
{
	union rights rights = {0};
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &rights,
			   .msg_controllen = sizeof(rights.space)};
	struct cmsghdr *c = NULL;
	struct mailbox *b;
	int fd = -1;

	pthread_mutex_lock(&lock);
	b = find(id);
	/* A look leaves it there for the others */
	if (b && host_sys3(SYS_recvmsg, b->in, &m, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC) == 1)
		c = CMSG_FIRSTHDR(&m);
	pthread_mutex_unlock(&lock);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

void shim_mailbox_drop(const struct shim_file_id *id)
{
	struct mailbox *b;

	if (!shim_has_mailboxes())
		return;
	pthread_mutex_lock(&lock);
	b = find(id);
	if (b) {
		close_box(b);
		n_boxes--;
	}
	pthread_mutex_unlock(&lock);
}

bool shim_has_mailboxes(void)
{
	return n_boxes != 0;
}

void shim_mailboxes_forked(void)
{
	pthread_mutex_init(&lock, NULL);
}
