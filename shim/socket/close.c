/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/close.h"

#include <fcntl.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/above.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/port_guard.h"

/* If @s has no number any more, what is left of it goes with its last reference: the caller's,
 * unless another thread is in the middle of a call on it.  So the port is free when close()
 * returns. */
static void last_number(struct shim_sock *s)
{
	if (atomic_load(&s->fds))
		return;
	shim_mailbox_drop(&s->retired);
	if (shim_above->share_leave(s))
		return;
	shim_above->disarm(s);
	/* Our own copy of the facade goes first: with the program's last one its registrations in
	 * epolls go too. */
	if (atomic_load(&s->refs) == 1)
		host_fd_drop(atomic_exchange(&s->near, -1));
}

int shim_close(int fd)
{
	struct shim_sock *s;
	int r;

	/* Not in a vfork() child either, which needs them to hand its socket on by exec() */
	if (shim_fd_is_hidden(fd))
		return -EBADF;
	if (shim_is_vforked())
		return (int)host_sys3(SYS_close, fd, 0, 0);
	/* In a handler that interrupted the shim the entry goes stale, and is found out later */
	if (!shim_enter())
		return (int)host_sys3(SYS_close, fd, 0, 0);
	s = shim_fd_detach(fd);
	if (s && !atomic_load(&s->fds))
		shim_above->client_linger(s);
	/* Whether other processes have the facade shows only when this number is gone */
	r = (int)host_sys3(SYS_close, fd, 0, 0);
	if (s)
		shim_fd_released(s);
	shim_leave();
	return r;
}

void shim_fd_released(struct shim_sock *s)
{
	last_number(s);
	shim_put(s);
}

void shim_fd_replaced(int fd)
{
	struct shim_sock *s = shim_fd_detach(fd);

	if (s)
		shim_fd_released(s);
}

void shim_copied(int old, int fd)
{
	struct shim_sock *s;

	if (shim_fd_entry(old) <= SHIM_FD_HIDDEN && shim_fd_entry(fd) == SHIM_FD_UNKNOWN)
		return;
	if (shim_is_vforked() || !shim_enter())
		return;
	s = shim_fd_get(old);
	if (s && s != SHIM_HIDDEN) {
		shim_fd_attach(fd, s);
		shim_put(s);
	} else {
		shim_fd_replaced(fd);
	}
	shim_leave();
}

/* Moves one of our own descriptors to another number. */
static bool move(atomic_int *at, int fd)
{
	long copy;

	if (atomic_load(at) != fd)
		return false;
	copy = host_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	if (copy >= 0)
		copy = host_fd_keep((int)copy);
	if (copy < 0)
		return false;
	atomic_store(at, (int)copy);
	shim_fd_forget(fd);
	return true;
}

int shim_vacate(int fd)
{
	atomic_int log;
	bool end, moved = false;

	if (!shim_fd_is_hidden(fd) || shim_is_vforked())
		return 0;
	if (!shim_enter())
		return -EBUSY;
	for (uint32_t i = 0; !moved; i++) {
		struct shim_sock *s = shim_sock_at(i, &end);

		if (end)
			break;
		if (!s)
			continue;
		moved = move(&s->wire, fd) || move(&s->near, fd) || move(&s->far, fd);
		shim_put(s);
	}
	moved = moved || shim_guard_vacate(fd, move);
	atomic_init(&log, host_log_fd());
	if (!moved && move(&log, fd)) {
		host_log_set_fd(log);
		moved = true;
	}
	shim_leave();
	return moved ? 0 : -EBUSY;
}
