/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.c - code a program loads, if it likes with RTLD_DEEPBIND: then its calls go to libc first
 */
#include <netinet/in.h>
#include <sys/socket.h>

ssize_t plugin_sendto(int fd, const void *buf, size_t n, const struct sockaddr *sa, socklen_t len);
int plugin_bind(int fd, const struct sockaddr *sa, socklen_t len);
int plugin_port(int fd);

ssize_t plugin_sendto(int fd, const void *buf, size_t n, const struct sockaddr *sa, socklen_t len)
{
	return sendto(fd, buf, n, 0, sa, len);
}

int plugin_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	return bind(fd, sa, len);
}

/* -1: no socket of the internet. */
int plugin_port(int fd)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0 || sa.sin_family != AF_INET)
		return -1;
	return ntohs(sa.sin_port);
}
