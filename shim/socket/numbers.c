/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * /proc/self/fd tells which numbers mean the same file, and /proc/self/fdinfo what an epoll waits
 * for.  Registrations are taken out first, then the numbers change, then the registrations are put
 * back for the new file, so that no epoll goes on reporting the old one.
 *
 * Without /proc (a chroot) the numbers are found by trying all of them.  Whether an epoll has a
 * file can be found out that way, but not for which events.  If one has it the call fails, rather
 * than leave a program that never hears of its socket again.
 */
#include "shim/socket/numbers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/close.h"
#include "shim/socket/fdtab.h"
#include "shim/base/procfd.h"
#include "shim/socket/protect.h"

#define REGISTRATIONS_MAX 1024

struct registration {
	int epfd, tfd;
	struct epoll_event ev;
};

struct change {
	dev_t dev; /* of the file that goes */
	ino_t ino;
	struct shim_sock *s; /* whose facade comes; NULL: file @with does */
	int with;
	int epfd; /* being looked at */
	struct registration *regs;
	int n_regs;
	int error;
};

atomic_uint shim_n_placed;

static bool is_file(const struct change *c, int fd)
{
	struct stat st;

	return !host_sys3(SYS_fstat, fd, &st, 0) && st.st_ino == c->ino && st.st_dev == c->dev;
}

/* Epolls */

static void note_registration(void *ctx, int tfd, const struct epoll_event *ev, uint64_t inode)
{
	struct change *c = ctx;

	if (inode != c->ino)
		return;
	if (c->n_regs == REGISTRATIONS_MAX)
		c->error = -ENOBUFS;
	else
		c->regs[c->n_regs++] = (struct registration){c->epfd, tfd, *ev};
}

static void look_for_epoll(void *ctx, int fd, const char *link)
{
	struct change *c = ctx;

	if (strcmp(link, SHIM_EPOLL_LINK) != 0 || shim_fd_is_hidden(fd))
		return;
	c->epfd = fd;
	shim_epoll_targets(fd, note_registration, c);
}

static void take_out(const struct change *c)
{
	struct epoll_event none;

	for (int i = 0; i < c->n_regs; i++)
		host_sys6(SYS_epoll_ctl, c->regs[i].epfd, EPOLL_CTL_DEL, c->regs[i].tfd, &none, 0,
			  0);
}

static void put_back(struct change *c)
{
	for (int i = 0; i < c->n_regs; i++) {
		struct registration *r = &c->regs[i];

		host_sys6(SYS_epoll_ctl, r->epfd, EPOLL_CTL_ADD, r->tfd, &r->ev, 0, 0);
		if (!c->s)
			continue;
		c->s->in_epoll = true;
		if (r->ev.events & EPOLLET)
			c->s->edge = true;
	}
}

/* Numbers */

static void change_number(void *ctx, int fd, const char *link)
{
	struct change *c = ctx;
	struct shim_sock *was;
	int r = 0;

	(void)link;
	if (shim_fd_is_hidden(fd) || !is_file(c, fd))
		return;
	if (c->s) {
		r = shim_place_facade(c->s, fd);
	} else {
		long cloexec = host_sys3(SYS_fcntl, fd, F_GETFD, 0) & FD_CLOEXEC;

		r = (int)host_sys3(SYS_dup3, c->with, fd, cloexec ? O_CLOEXEC : 0);
		was = shim_fd_detach(fd);
		if (was)
			shim_fd_released(was);
	}
	if (r < 0)
		c->error = r;
}

/* Without /proc */

static int numbers_max(void)
{
	struct rlimit lim = {.rlim_cur = 1024};

	host_sys6(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, &lim, 0, 0);
	return lim.rlim_cur < shim_fdtab_size ? (int)lim.rlim_cur : (int)shim_fdtab_size;
}

/* True if @epfd is an epoll that knows the file at @fd. */
static bool is_registered(int epfd, int fd)
{
	struct epoll_event ev = {0};
	long r = host_sys6(SYS_epoll_ctl, epfd, EPOLL_CTL_ADD, fd, &ev, 0, 0);

	if (!r)
		host_sys6(SYS_epoll_ctl, epfd, EPOLL_CTL_DEL, fd, &ev, 0, 0);
	return r == -EEXIST;
}

static int change_without_proc(struct change *c)
{
	int max = numbers_max();

	for (int fd = 0; fd < max; fd++) {
		if (shim_fd_is_hidden(fd) || !is_file(c, fd))
			continue;
		for (int epfd = 0; epfd < max; epfd++)
			if (!shim_fd_is_hidden(epfd) && is_registered(epfd, fd)) {
				host_log(HOST_LOG_ERROR,
					 "descriptor %d is in an epoll, and cannot be protected "
					 "without /proc: mount it, or bind before epoll_ctl()",
					 fd);
				return -EOPNOTSUPP;
			}
	}
	for (int fd = 0; fd < max; fd++)
		change_number(c, fd, "");
	return c->error;
}

static int change(struct change *c)
{
	size_t size = REGISTRATIONS_MAX * sizeof(struct registration);
	long p = host_sys6(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p < 0 && p > -4096)
		return (int)p;
	c->regs = (void *)p;
	if (!shim_each_fd(look_for_epoll, c)) {
		c->error = change_without_proc(c);
	} else if (!c->error) {
		take_out(c);
		shim_each_fd(change_number, c);
		put_back(c);
	}
	host_sys3(SYS_munmap, p, size, 0);
	return c->error;
}

int shim_numbers_to_facade(int fd, struct shim_sock *s)
{
	struct change c = {.s = s};
	struct stat st;
	long r = host_sys3(SYS_fstat, fd, &st, 0);

	if (r)
		return (int)r;
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	return change(&c);
}

int shim_numbers_back(struct shim_sock *s, int old)
{
	struct change c = {.dev = s->dev, .ino = s->ino, .with = old};

	return change(&c);
}
