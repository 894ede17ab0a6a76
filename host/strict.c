/* SPDX-License-Identifier: Apache-2.0 */
/* strict.c - see strict.h */
#include "host/strict.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include "host/sys.h"

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

#define NO_INTERFACE 0x7fffffff

static long set(int fd, int level, int name, int value)
{
	return host_sys6(SYS_setsockopt, fd, level, name, &value, sizeof(value), 0);
}

void host_guard_share(int fd, bool share)
{
	set(fd, SOL_SOCKET, SO_REUSEADDR, share);
}

/* The kernel compares interfaces when it looks for a receiver, and when two sockets want one port;
 * but a socket without any is in the way of all. */
int host_guard_step_back(int fd)
{
	return (int)set(fd, SOL_SOCKET, SO_BINDTOIFINDEX, NO_INTERFACE);
}

/* Lets nothing in and nothing out, whichever process gets hold of the descriptor. */
static long seal(int fd)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog prog = {.len = 1, .filter = &code};
	long r =
		host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog), 0);

	if (!r)
		r = set(fd, SOL_SOCKET, SO_LOCK_FILTER, 1);
	/* Says ENOTCONN, and shuts all the same */
	host_sys3(SYS_shutdown, fd, SHUT_RDWR, 0);
	return r;
}

static long hold(int fd, int family, uint16_t port)
{
	union host_sockaddr any;

	memset(&any, 0, sizeof(any));
	any.sa.sa_family = (sa_family_t)family;
	any.in.sin_port = htons(port); /* at the same place in sockaddr_in6 */
	if (family == AF_INET)
		return host_sys3(SYS_bind, fd, &any, sizeof(any.in));
	set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	return host_sys3(SYS_bind, fd, &any, sizeof(any.in6));
}

int host_guard_make(uint16_t port, bool beside)
{
	int family = AF_INET6; /* with both families' addresses */
	long r, fd = host_sys3(SYS_socket, family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -EAFNOSUPPORT) {
		family = AF_INET;
		fd = host_sys3(SYS_socket, family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	}
	if (fd < 0)
		return (int)fd;
	r = seal((int)fd);
	if (!r && beside) {
		host_guard_share((int)fd, true);
		r = host_guard_step_back((int)fd);
	}
	if (!r)
		r = hold((int)fd, family, port);
	if (!r)
		return (int)fd;
	host_sys3(SYS_close, fd, 0, 0);
	return (int)r;
}
