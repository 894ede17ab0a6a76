/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights.h - one descriptor over an AF_UNIX socket, for servers that share their socket that way
 */
#ifndef TESTS_RIGHTS_H
#define TESTS_RIGHTS_H

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

union one_right {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

/* False with errno if it could not be sent. */
static bool send_fd(int to, int fd)
{
	union one_right control = {0};
	struct iovec iov = {(char *)"x", 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return sendmsg(to, &msg, 0) == 1;
}

/* -1 if none came. */
static int take_fd(int from)
{
	union one_right control;
	char c;
	struct iovec iov = {&c, 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control)};
	int fd;

	if (recvmsg(from, &msg, 0) != 1 || CMSG_FIRSTHDR(&msg) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

#endif
