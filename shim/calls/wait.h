/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait.h - threads that wait on protected sockets
 *
 * A thread that blocks in recv() waits on wire and facade together (the leader, one a socket);
 * other threads wait on the facade, and the service thread is armed for them when there is no leader.
 *
 * A thread in poll(), select() or epoll_wait() waits on the facade, in the kernel.  The hooks of those
 * calls only make sure that the wire is watched meanwhile.
 */
#ifndef SHIM_CALLS_WAIT_H
#define SHIM_CALLS_WAIT_H

#include <poll.h>
#include <sys/select.h>

#include "shim/socket/fdtab.h"
#include "shim/socket/sock.h"

/**
 * struct shim_patience - how long a blocking call may take
 * @set:	@until is known
 * @until:	end by SO_RCVTIMEO or SO_SNDTIMEO; DS_TIME_NEVER without
 * @stuck:	the wire has an error no receive takes
 */
struct shim_patience {
	bool set, stuck;
	ds_time until;
};

/* True if the program made its socket non-blocking. */
bool shim_nonblocking(const struct shim_sock *s);

/* Waits until there may be a message.  0, or -EAGAIN (time-out), -EINTR, -ESHUTDOWN (end of file).  A
 * cancellation point.  Inside the shim, without locks. */
int shim_wait_readable(struct shim_sock *s, struct shim_patience *p);
/* pthread_testcancel() in a hook that holds a reference to @s, which goes if the thread does. */
void shim_testcancel(struct shim_sock *s);
/* Waits until @fd, wire or channel, may take a datagram.  0, -EAGAIN or -EINTR. */
int shim_wait_writable(struct shim_sock *s, int fd, struct shim_patience *p);

/* An epoll was given a fresh UDP socket, once */
extern atomic_bool shim_fresh_in_epoll;

void shim_before_poll_slow(struct pollfd *fds, nfds_t n);
void shim_before_select_slow(int n, const fd_set *sets[3]);
void shim_before_epoll_slow(int epfd);
void shim_before_uring_slow(void);

/* For every hook that waits, before it does. */
static inline bool shim_unsure(void)
{
	return shim_unlikely(atomic_load_explicit(&shim_n_socks, memory_order_relaxed) ||
			     atomic_load_explicit(&shim_n_fresh, memory_order_relaxed));
}

/* The program has another signal handler than before. */
void shim_handlers_changed(void);

/* In a forked child: nobody waits here. */
void shim_wait_forked(void);

#endif
