/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library that LD_PRELOAD names before us takes the program's calls first.  Many hand them on to
 * the next library, which is us; some call libc itself, and the program's port would be served in
 * clear.  The two cannot be told apart by looking, so each such function is called once, with a
 * private descriptor that the table calls hidden: our hook answers EBADF for it, the kernel, which
 * has a socket there, never does.
 *
 * The descriptor is an AF_UNIX datagram socket without name, peer or messages, and does not block:
 * past us, none of these calls has an effect.  bind() is asked for a port below 512, for authbind
 * hands on others; and its hook leaves a mark, for authbind answers with what its child met.
 *
 * Functions of the program itself are its own business.  Calls that wait are not tried: past us they
 * wait on the facade, which nothing leaves in clear.  A program or library that looks libc's functions
 * up by dlopen() and dlsym() cannot be seen from here.
 */
#include "shim/base/preload_order.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/base/real.h"
#include "shim/base/shim.h"

bool shim_bind_met_hidden;

union arguments {
	struct sockaddr_in in;
	struct sockaddr_storage sa;
	struct epoll_event event;
	int value;
	char bytes[256];
};

/* Calls the function at @f, which is of type @type, with the arguments that follow. */
#define CALL(type, ...) (((__typeof__(type))f)(fd, __VA_ARGS__) < 0 && errno == EBADF)

#define PROBES(X)                                                                                  \
	X(bind, CALL(&bind, (void *)&a->in, sizeof(a->in)) && shim_bind_met_hidden)                \
	X(connect, CALL(&connect, (void *)&a->in, sizeof(a->in)))                                  \
	X(shutdown, CALL(&shutdown, SHUT_RDWR))                                                    \
	X(getsockname, CALL(&getsockname, (void *)&a->sa, &len))                                   \
	X(getpeername, CALL(&getpeername, (void *)&a->sa, &len))                                   \
	X(getsockopt, CALL(&getsockopt, SOL_SOCKET, SO_TYPE, &a->value, &len))                     \
	X(setsockopt, CALL(&setsockopt, SOL_SOCKET, SO_RCVLOWAT, &a->value, sizeof(int)))          \
	X(recv, CALL(&recv, a->bytes, 1, MSG_DONTWAIT))                                            \
	X(recvfrom, CALL(&recvfrom, a->bytes, 1, MSG_DONTWAIT, NULL, NULL))                        \
	X(recvmsg, CALL(&recvmsg, &vec->msg_hdr, MSG_DONTWAIT))                                    \
	X(recvmmsg, CALL(&recvmmsg, vec, 1, MSG_DONTWAIT, NULL))                                   \
	X(read, CALL(&read, a->bytes, 1))                                                          \
	X(readv, CALL(&readv, vec->msg_hdr.msg_iov, 1))                                            \
	X(send, CALL(&send, a->bytes, 1, MSG_DONTWAIT | MSG_NOSIGNAL))                             \
	X(sendto, CALL(&sendto, a->bytes, 1, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0))                \
	X(sendmsg, CALL(&sendmsg, &vec->msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL))                     \
	X(sendmmsg, CALL(&sendmmsg, vec, 1, MSG_DONTWAIT | MSG_NOSIGNAL))                          \
	X(write, CALL(&write, a->bytes, 1))                                                        \
	X(writev, CALL(&writev, vec->msg_hdr.msg_iov, 1))                                          \
	X(epoll_ctl,                                                                               \
	  ((__typeof__(&epoll_ctl))f)(epoll, EPOLL_CTL_ADD, fd, &a->event) < 0 && errno == EBADF)  \
	X(fcntl, CALL(&fcntl, F_GETFL))                                                            \
	X(fcntl64, CALL(&fcntl, F_GETFL))                                                          \
	X(ioctl, CALL(&ioctl, FIONREAD, &a->value))                                                \
	X(dup, ((__typeof__(&dup))f)(fd) < 0 && errno == EBADF)                                    \
	X(dup2, CALL(&dup2, fd))                                                                   \
	X(syscall,                                                                                 \
	  ((__typeof__(&syscall))f)(SYS_getsockname, fd, &a->sa, &len) < 0 && errno == EBADF)      \
	X(close, ((__typeof__(&close))f)(fd) < 0 && errno == EBADF)

#define DEFINE(name, reached)                                                                      \
	static bool reaches_##name(void *f, int fd, int epoll, union arguments *a,                 \
				   struct mmsghdr *vec)                                            \
	{                                                                                          \
		socklen_t len = sizeof(int);                                                       \
                                                                                                   \
		(void)epoll, (void)a, (void)vec, (void)len;                                        \
		return reached;                                                                    \
	}
PROBES(DEFINE)
#undef DEFINE

static const struct probe {
	const char *name;
	bool (*reaches)(void *f, int fd, int epoll, union arguments *a, struct mmsghdr *vec);
} probes[] = {
#define ENTRY(name, reached) {#name, reaches_##name},
	PROBES(ENTRY)
#undef ENTRY
};

/* A kept descriptor from a system call's answer; without it nothing can be proved. */
static int keep(long fd)
{
	if (fd >= 0)
		fd = host_fd_keep((int)fd);
	if (fd < 0)
		host_die(1, "cannot check the order of LD_PRELOAD: errno %d", (int)-fd);
	return (int)fd;
}

/* Whether @f, another library's, leads to our hook. */
static bool reaches_us(const struct probe *p, void *f)
{
	int fd = keep(host_sys3(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	long epoll = host_sys3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0);
	char byte = 0;
	struct iovec iov = {&byte, 1};
	struct mmsghdr vec = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};
	union arguments a;
	bool reached;

	memset(&a, 0, sizeof(a));
	a.in.sin_family = AF_INET;
	a.in.sin_port = htons(1);
	a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	errno = 0;
	reached = p->reaches(f, fd, (int)epoll, &a, &vec);
	host_sys3(SYS_close, epoll, 0, 0);
	host_fd_drop(fd);
	return reached;
}

static void check(const struct probe *p, void *program, const Dl_info *own)
{
	void *f = dlsym(program, p->name);
	struct link_map *map;
	Dl_info info;

	if (!f || !dladdr1(f, &info, (void **)&map, RTLD_DL_LINKMAP) ||
	    info.dli_fbase == own->dli_fbase || !*map->l_name)
		return;
	/* Its constructor, which may come after ours, runs here: it may be needed for the call. */
	real_dlopen(map->l_name, RTLD_NOW | RTLD_NOLOAD);
	if (!reaches_us(p, f))
		host_die(1,
			 "%s stands before the shim and its %s() goes past it, nothing would be "
			 "protected: name the shim first, LD_PRELOAD=\"%s %s\", or, if that is "
			 "as it shall be, set DTLSSHIM_PRELOAD_ORDER=ignore",
			 map->l_name, p->name, own->dli_fname, map->l_name);
}

void shim_preload_order_check(void)
{
	int saved = errno;
	void *program;
	Dl_info own;

	if (shim_options.preload_order == HOST_PRELOAD_IGNORE ||
	    !dladdr((void *)&shim_options, &own))
		return;
	/* RTLD_DEFAULT would find ours first, for we are linked with -Bsymbolic. */
	program = real_dlopen(NULL, RTLD_NOW);
	if (!program)
		host_die(1, "cannot check the order of LD_PRELOAD: %s", dlerror());
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		check(&probes[i], program, &own);
	dlclose(program);
	errno = saved;
}
