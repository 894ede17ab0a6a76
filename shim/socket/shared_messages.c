/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In a shared socket each message is one datagram in the facade, so that the kernel decides which
 * process gets it, as it does for a plain UDP socket.  The processes need no lock between them, and
 * no message is lost with a process that dies before it receives.
 *
 * The header comes first, in a buffer of the reader's stack, and the payload behind it goes into the
 * program's own buffers without a copy of ours.  That takes one iovec more than the program has; a
 * program with more than IOV of them gets the payload by way of a buffer.
 */
#include "shim/socket/shared_messages.h"

#include <string.h>
#include <sys/mman.h>

#include "host/sys.h"
#include "shim/base/real.h"
#include "shim/socket/deliver.h"

#define CONTROL	 256	     /* bytes of control messages in a frame */
#define IOV	 16	     /* buffers of a receive that need no detour */
#define ROOM	 (1 << 20)   /* asked for the facade; the system has a limit of its own */
#define FRAME_ID 0x66736431U /* "1dsf"; another when the header changes */
#define WHOLE	 (sizeof(struct frame) + DS_PAYLOAD_MAX)

struct frame {
	uint32_t id;
	uint32_t len;
	int32_t flags;
	int32_t error;
	uint32_t control_len;
	struct ds_addr peer;
	_Alignas(struct cmsghdr) uint8_t control[CONTROL];
};

void shim_frame_prepare(struct shim_sock *s)
{
	int room = ROOM;

	host_sys6(SYS_setsockopt, s->far, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room), 0);
}

void shim_frame_put(struct shim_sock *s, const struct shim_item *it)
{
	struct frame f = {.id = FRAME_ID,
			  .len = (uint32_t)it->len,
			  .flags = it->flags,
			  .error = it->error,
			  .peer = it->peer};
	struct iovec iov[2] = {{&f, sizeof(f)}, {(void *)it->data, it->len}};
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = 2};

	if (it->control_len > CONTROL) {
		f.flags |= MSG_CTRUNC;
	} else if (it->control_len) {
		f.control_len = (uint32_t)it->control_len;
		memcpy(f.control, it->control, it->control_len);
	}
	if (host_sys3(SYS_sendmsg, s->far, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		s->queue.dropped++;
}

/* The thread was cancelled while it waited: the hook's reference goes here. */
static void cancelled(void *arg)
{
	shim_inside = true;
	shim_put(arg);
	shim_leave();
}

/* recvmsg() on the facade, outside of the shim. */
static ssize_t receive(struct shim_sock *s, struct msghdr *m, int flags)
{
	int saved = errno;
	ssize_t r;

	if (flags & MSG_DONTWAIT)
		return host_sys3(SYS_recvmsg, s->near, m, flags);
	pthread_cleanup_push(cancelled, s);
	shim_leave();
	r = real_recvmsg(s->near, m, flags);
	if (r < 0)
		r = -errno;
	shim_inside = true;
	pthread_cleanup_pop(0);
	errno = saved;
	return r;
}

static bool is_message(const struct frame *f, ssize_t n)
{
	return n >= (ssize_t)sizeof(*f) && f->id == FRAME_ID && !f->error;
}

static int error_of(const struct frame *f, ssize_t n)
{
	/* EAGAIN: only the error queue has something */
	return n >= (ssize_t)sizeof(*f) && f->id == FRAME_ID && f->error != EAGAIN ? f->error : 0;
}

static void *map(size_t size)
{
	long p = host_sys6(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	return p < 0 && p > -4096 ? NULL : (void *)p;
}

/* Takes the next datagram, which was seen to be no message.  Another process may have taken it
 * meanwhile; if what came is a message after all it is put back.  Return: the error that it was, or
 * 0. */
static int discard(struct shim_sock *s)
{
	struct frame *f = map(WHOLE);
	int error = 0;
	long n;

	if (!f)
		return ENOMEM;
	n = host_sys6(SYS_recvfrom, s->near, f, WHOLE, MSG_DONTWAIT, 0, 0);
	if (is_message(f, n))
		host_sys6(SYS_sendto, s->far, f, n, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
	else
		error = error_of(f, n);
	host_sys3(SYS_munmap, f, WHOLE, 0);
	return error;
}

/* The next message into @m, whose first bytes are at @f.  Bytes, 0 after shutdown(), or a negative
 * errno. */
static ssize_t next(struct shim_sock *s, struct msghdr *m, struct frame *f, int flags)
{
	for (;;) {
		ssize_t r = receive(s, m, flags & (MSG_DONTWAIT | MSG_PEEK));
		int error;

		if (r <= 0 || is_message(f, r))
			return r;
		error = flags & MSG_PEEK ? discard(s) : error_of(f, r);
		if (error)
			return -error;
	}
}

static ssize_t finish(struct shim_sock *s, struct msghdr *msg, int flags, const struct frame *f,
		      ssize_t copied)
{
	struct shim_item it = {.peer = f->peer,
			       .len = f->len,
			       .control = f->control,
			       .control_len = f->control_len <= CONTROL ? f->control_len : 0,
			       .flags = f->flags};

	return shim_deliver_rest(s, msg, flags, &it, copied);
}

/* For a program with so many buffers that there is no place for one more. */
static ssize_t recv_detour(struct shim_sock *s, struct msghdr *msg, int flags)
{
	struct frame *f = map(WHOLE);
	struct iovec iov = {.iov_base = f, .iov_len = WHOLE};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t r;

	if (!f)
		return -ENOBUFS;
	r = next(s, &m, f, flags);
	if (r >= 0)
		r = finish(s, msg, flags, f,
			   shim_copy_out(msg, (uint8_t *)(f + 1), r ? (size_t)r - sizeof(*f) : 0));
	host_sys3(SYS_munmap, f, WHOLE, 0);
	return r;
}

ssize_t shim_frame_recv(struct shim_sock *s, struct msghdr *msg, int flags)
{
	struct iovec iov[IOV + 1];
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = msg->msg_iovlen + 1};
	struct frame f = {0};
	ssize_t r;

	if (msg->msg_iovlen > IOV)
		return recv_detour(s, msg, flags);
	iov[0] = (struct iovec){&f, sizeof(f)};
	for (size_t i = 0; i < msg->msg_iovlen; i++)
		iov[i + 1] = msg->msg_iov[i];
	r = next(s, &m, &f, flags);
	/* After shutdown() @f is as it was: from nobody, of no length */
	return r < 0 ? r : finish(s, msg, flags, &f, r ? r - (ssize_t)sizeof(f) : 0);
}

/* A look at the header of what is next; bytes, or a negative errno. */
static ssize_t peek(struct shim_sock *s, struct frame *f)
{
	return host_sys6(SYS_recvfrom, s->near, f, sizeof(*f), MSG_DONTWAIT | MSG_PEEK, 0, 0);
}

int shim_frame_length(struct shim_sock *s)
{
	struct frame f = {0};

	return is_message(&f, peek(s, &f)) ? (int)f.len : 0;
}

int shim_frame_take_error(struct shim_sock *s)
{
	struct frame f = {0};

	return peek(s, &f) >= (ssize_t)sizeof(f) && f.id == FRAME_ID && f.error ? discard(s) : 0;
}
