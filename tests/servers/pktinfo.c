/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pktinfo.c - recvmsg() with IP_PKTINFO; answers from the address the message came to
 *
 * --host 0.0.0.0, or :: for a dual stack socket (IPV6_RECVPKTINFO; IPv4 peers are mapped).
 * "?flags" tells the local address as well.
 */
#include "victim.h"

VICTIM_MAIN

union control {
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 256];
	struct cmsghdr align;
};

/* Writes the control messages of @h into @m->note; the bytes to send back stay in @h. */
static void note_control(struct message *m, struct msghdr *h)
{
	char local[INET6_ADDRSTRLEN] = "none";

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(c);

			inet_ntop(AF_INET, &info->ipi_addr, local, sizeof(local));
			info->ipi_spec_dst = info->ipi_addr;
			info->ipi_ifindex = 0;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(c);

			inet_ntop(AF_INET6, &info->ipi6_addr, local, sizeof(local));
			info->ipi6_ifindex = 0;
		}
	}
	snprintf(m->note, sizeof(m->note), " local=%s controllen=%zu", local, h->msg_controllen);
}

static int serve(void)
{
	static struct message m;
	bool v6 = strchr(option("host", ""), ':') != NULL;
	int fd = udp_socket(0);

	if (v6) {
		set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
		set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	} else {
		set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
	}
	bind_own(fd);
	ready(fd);
	for (;;) {
		union control control;
		struct iovec iov = {m.data, sizeof(m.data)};
		struct msghdr h = {
			.msg_name = &m.from,
			.msg_namelen = sizeof(m.from),
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.room,
			.msg_controllen = sizeof(control.room),
		};

		m.len = recvmsg(fd, &h, 0);
		if (m.len < 0)
			die("recvmsg");
		m.flags = h.msg_flags;
		m.from_len = h.msg_namelen;
		note_control(&m, &h);
		answer(&m);
		iov.iov_len = (size_t)m.len;
		h.msg_flags = 0;
		if (sendmsg(fd, &h, 0) < 0)
			say("NOTE sendmsg: %s", strerrorname_np(errno));
	}
}
