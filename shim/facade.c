/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/facade.h"

#include <fcntl.h>

#include "host/sys.h"
#include "shim/frame.h"
#include "shim/service.h"

/* A socketpair takes some 270 tokens; more than a few only cost time when they are drained. */
#define TOKENS_MAX 32

int shim_facade_make(struct shim_sock *s)
{
	struct stat st;
	int pair[2];
	long r;

	r = host_sys6(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair, 0, 0);
	if (r < 0)
		return (int)r;
	s->near = host_fd_keep(pair[0]);
	s->far = host_fd_keep(pair[1]);
	if (s->near < 0 || s->far < 0)
		return s->near < 0 ? s->near : s->far;
	/* What the program writes past the hooks fails instead of piling up unread. */
	host_sys3(SYS_shutdown, s->far, SHUT_RD, 0);
	r = host_sys3(SYS_fstat, s->near, &st, 0);
	if (r < 0)
		return (int)r;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return 0;
}

static bool take_token(struct shim_sock *s)
{
	char c;

	return host_sys6(SYS_recvfrom, s->near, &c, 1, MSG_DONTWAIT, 0, 0) >= 0;
}

static void add_token(struct shim_sock *s)
{
	if (s->tokens >= TOKENS_MAX && take_token(s))
		s->tokens--;
	if (host_sys6(SYS_sendto, s->far, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0) == 1)
		s->tokens++;
}

void shim_facade_put(struct shim_sock *s, const struct shim_item *it)
{
	pthread_mutex_lock(&s->q);
	if (s->framed)
		shim_frame_put(s, it);
	else if (shim_queue_push(&s->queue, it) && !s->tokens)
		add_token(s);
	pthread_mutex_unlock(&s->q);
}

void shim_facade_popped(struct shim_sock *s)
{
	if (!shim_queue_empty(&s->queue) && (!s->tokens || s->edge || s->waiters))
		add_token(s);
}

void shim_facade_idle(struct shim_sock *s)
{
	if (s->framed || !shim_queue_empty(&s->queue))
		return;
	/* Fewer than counted: somebody read the facade past the hooks. */
	while (s->tokens && take_token(s))
		s->tokens--;
	s->tokens = 0;
	if ((s->evident || (s->waiters && !s->leader)) && !s->armed && !s->shut)
		s->armed = shim_service_arm(s);
}

void shim_facade_drain(struct shim_sock *s)
{
	while (take_token(s))
		;
	s->tokens = 0;
}
