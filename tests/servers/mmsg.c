/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mmsg.c - recvmmsg() with MSG_WAITFORONE and sendmmsg()
 *
 * --via syscall: the same two through syscall(2), as libuv and bind9 have done.
 */
#include <sys/syscall.h>

#include "victim.h"

#define BATCH 16

VICTIM_MAIN

static int take(int fd, struct mmsghdr *v, bool raw)
{
	if (raw)
		return (int)syscall(SYS_recvmmsg, fd, v, BATCH, MSG_WAITFORONE, NULL);
	return recvmmsg(fd, v, BATCH, MSG_WAITFORONE, NULL);
}

static int give(int fd, struct mmsghdr *v, int n, bool raw)
{
	if (raw)
		return (int)syscall(SYS_sendmmsg, fd, v, n, 0);
	return sendmmsg(fd, v, (unsigned)n, 0);
}

static int serve(void)
{
	static struct message m[BATCH];
	static struct mmsghdr v[BATCH];
	static struct iovec iov[BATCH];
	bool raw = option_is("via", "syscall");
	int fd = udp_server(0);

	for (;;) {
		for (int i = 0; i < BATCH; i++) {
			iov[i] = (struct iovec){m[i].data, sizeof(m[i].data)};
			v[i].msg_hdr = (struct msghdr){
				.msg_name = &m[i].from,
				.msg_namelen = sizeof(m[i].from),
				.msg_iov = &iov[i],
				.msg_iovlen = 1,
			};
		}
		int n = take(fd, v, raw);

		if (n < 0)
			die("recvmmsg");
		for (int i = 0; i < n; i++) {
			m[i].len = v[i].msg_len;
			m[i].flags = v[i].msg_hdr.msg_flags;
			m[i].from_len = v[i].msg_hdr.msg_namelen;
			answer(&m[i]);
			iov[i].iov_len = (size_t)m[i].len;
		}
		for (int sent = 0; sent < n;) {
			int k = give(fd, v + sent, n - sent, raw);

			if (k < 0)
				say("NOTE sendmmsg: %s", strerrorname_np(errno));
			else
				for (int i = sent; i < sent + k; i++)
					if ((ssize_t)v[i].msg_len != m[i].len)
						say("NOTE sent %u of %zd", v[i].msg_len, m[i].len);
			sent += k > 0 ? k : 1;
		}
	}
}
