/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comes_back.c - closes its last number of the socket it serves, and gets the socket back
 *
 * At "!away" the socket is somewhere else meanwhile: with a child that serves it until "!back" (--how
 * child), or in flight over an AF_UNIX socket (--how flight; raw: sent past the C library's call).  At
 * "!end", said to the child, it does not come back; then, or at "!close", the port is bound anew.
 */
#include <sys/syscall.h>

#include "rights.h"
#include "victim.h"

VICTIM_MAIN

static struct message m;

static bool says(const char *text)
{
	return (size_t)m.len == strlen(text) && memcmp(m.data, text, (size_t)m.len) == 0;
}

static void next_message(int fd)
{
	if (receive(fd, &m, 0) < 0)
		die("recvfrom");
	bool end = says("!end") || says("!close");

	if (!end)
		reply(fd, &m);
}

static void serve_as_child(int fd, int parent)
{
	alarm(20);
	do {
		next_message(fd);
	} while (!says("!back") && !says("!end"));
	if (says("!back") && !send_fd(parent, fd))
		die("sendmsg");
	_exit(0);
}

/* As send_fd(), but past the C library. */
static bool send_raw(int to, int fd)
{
	union one_right control = {.align = {.cmsg_len = CMSG_LEN(sizeof(int)),
					     .cmsg_level = SOL_SOCKET,
					     .cmsg_type = SCM_RIGHTS}};
	struct iovec iov = {(char *)"x", 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control)};

	memcpy(CMSG_DATA(&control.align), &fd, sizeof(int));
	return syscall(SYS_sendmsg, to, &msg, 0) == 1;
}

/* The socket after it was away; -1: it did not come back. */
static int away(int fd)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		die("socketpair");
	if (option_is("how", "child")) {
		pid_t pid = fork();

		if (pid == 0)
			serve_as_child(fd, pair[1]);
	} else if (!(option_is("how", "raw") ? send_raw : send_fd)(pair[1], fd)) {
		die("sendmsg");
	}
	close(fd);
	close(pair[1]);
	fd = take_fd(pair[0]);
	close(pair[0]);
	if (fd >= 0)
		ready(fd);
	return fd;
}

/* In plaintext the port is free by now. */
static int bind_anew(void)
{
	socklen_t len;
	struct sockaddr_storage ss = own_address(&len);
	int fd = udp_socket(0);

	while (bind(fd, (struct sockaddr *)&ss, len) < 0) {
		if (errno != EADDRINUSE)
			die("bind");
		usleep(10000);
	}
	ready(fd);
	return fd;
}

static int serve(void)
{
	int fd = udp_server(0);

	while (fd >= 0) {
		next_message(fd);
		if (says("!close"))
			close(fd);
		else if (says("!away"))
			fd = away(fd);
		if (says("!close") || fd < 0)
			fd = bind_anew();
	}
	return 1;
}
