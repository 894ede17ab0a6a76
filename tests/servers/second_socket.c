/* SPDX-License-Identifier: Apache-2.0 */
/*
 * second_socket.c - receives on the known port and answers from a new socket, as TFTP does
 *
 * --how plain | fork: in a child, which closes the first socket.  --call sendto | connect | sendmmsg:
 * what names the peer.  --text: the answer.  Before that it sends to somebody who has no session: to
 * port --other.  --first plain | fork: it does so before it has received anything, too.
 */
#include <sys/wait.h>

#include "victim.h"

VICTIM_MAIN

static ssize_t say_to(int fd, struct sockaddr *to, socklen_t len)
{
	const char *text = option("text", "CANARY-plaintext:clear");
	struct iovec iov = {(void *)text, strlen(text)};
	struct mmsghdr v = {
		.msg_hdr = {.msg_name = to, .msg_namelen = len, .msg_iov = &iov, .msg_iovlen = 1}};

	if (option_is("call", "sendmmsg"))
		return sendmmsg(fd, &v, 1, 0) == 1 ? (ssize_t)v.msg_len : -1;
	if (!option_is("call", "connect"))
		return sendto(fd, text, strlen(text), 0, to, len);
	if (connect(fd, to, len))
		return -1;
	return send(fd, text, strlen(text), 0);
}

static void send_other(int fd)
{
	struct sockaddr_in other = {.sin_family = AF_INET,
				    .sin_port = htons((uint16_t)atoi(option("other", "9"))),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	ssize_t r = sendto(fd, "other", 5, 0, (struct sockaddr *)&other, sizeof(other));

	say("NOTE other=%s", r < 0 ? strerrorname_np(errno) : "sent");
}

static void answer_clear(struct message *m)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	ssize_t r;

	send_other(fd);
	r = say_to(fd, (struct sockaddr *)&m->from, m->from_len);
	say("NOTE answer=%s", r < 0 ? strerrorname_np(errno) : "sent");
	close(fd);
}

/* A program that asks somebody for something before it has received anything itself. */
static void ask_first(int fd)
{
	pid_t child = option_is("first", "fork") ? fork() : 0;

	if (child) {
		waitpid(child, NULL, 0);
		return;
	}
	if (option_is("first", "fork"))
		close(fd);
	send_other(socket(AF_INET, SOCK_DGRAM, 0));
	if (option_is("first", "fork"))
		_exit(0);
}

static int serve(void)
{
	static struct message m;
	int fd = udp_socket(0);
	pid_t child;

	bind_own(fd);
	if (option("first", NULL))
		ask_first(fd);
	ready(fd);

	for (;;) {
		if (receive(fd, &m, 0) < 0)
			die("recvfrom");
		log_message(&m);
		child = option_is("how", "fork") ? fork() : 0;
		if (child) {
			waitpid(child, NULL, 0);
			continue;
		}
		if (option_is("how", "fork"))
			close(fd);
		answer_clear(&m);
		if (option_is("how", "fork"))
			_exit(0);
	}
}
