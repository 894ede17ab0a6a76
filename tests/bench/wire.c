/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - many clients on one socket */
#include "tests/bench/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/bench/peer.h"

#define FIRST_CLIENT 0x7f010000U /* 127.1.0.0 */

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct batch {
	struct mmsghdr msgs[WIRE_BATCH];
	struct iovec iov[WIRE_BATCH];
	union control control[WIRE_BATCH];
	uint8_t data[WIRE_BATCH][WIRE_ROOM];
	unsigned n;
};

struct wire {
	int fd;
	struct sockaddr_in server;
	struct batch rx, tx;
};

static void batch_init(struct batch *b)
{
	for (unsigned i = 0; i < WIRE_BATCH; i++) {
		b->iov[i] = (struct iovec){.iov_base = b->data[i], .iov_len = WIRE_ROOM};
		b->msgs[i].msg_hdr.msg_iov = &b->iov[i];
		b->msgs[i].msg_hdr.msg_iovlen = 1;
		b->msgs[i].msg_hdr.msg_control = &b->control[i];
		b->msgs[i].msg_hdr.msg_controllen = sizeof(b->control[i]);
		b->control[i].header = (struct cmsghdr){
			.cmsg_level = IPPROTO_IP,
			.cmsg_type = IP_PKTINFO,
			.cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)),
		};
	}
}

struct wire *wire_open(const struct sockaddr_in *server)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	struct wire *w = calloc(1, sizeof(*w));
	int on = 1, size = 4 << 20;

	if (!w)
		bench_die("out of memory");
	w->server = *server;
	w->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->fd < 0 || bind(w->fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(w->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)))
		bench_die("socket: %s", strerror(errno));
	/* As much as the system allows; the window of the load stays far below the default. */
	setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(w->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	batch_init(&w->rx);
	batch_init(&w->tx);
	for (unsigned i = 0; i < WIRE_BATCH; i++) {
		w->tx.msgs[i].msg_hdr.msg_name = &w->server;
		w->tx.msgs[i].msg_hdr.msg_namelen = sizeof(w->server);
	}
	return w;
}

uint8_t *wire_room(struct wire *w)
{
	if (w->tx.n == WIRE_BATCH)
		wire_flush(w);
	return w->tx.data[w->tx.n];
}

void wire_push(struct wire *w, uint32_t client, size_t len)
{
	struct in_pktinfo from = {.ipi_spec_dst = {htonl(FIRST_CLIENT + client)}};
	unsigned i = w->tx.n++;

	w->tx.iov[i].iov_len = len;
	memcpy(CMSG_DATA(&w->tx.control[i].header), &from, sizeof(from));
}

/* What the kernel has no room for is lost, as on any network. */
void wire_flush(struct wire *w)
{
	unsigned done = 0;

	while (done < w->tx.n) {
		int n = sendmmsg(w->fd, w->tx.msgs + done, w->tx.n - done, 0);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			bench_die("send: %s", strerror(errno));
		done += (unsigned)n;
	}
	w->tx.n = 0;
}

unsigned wire_receive(struct wire *w)
{
	int n;

	for (unsigned i = 0; i < w->rx.n; i++)
		w->rx.msgs[i].msg_hdr.msg_controllen = sizeof(w->rx.control[i]);
	n = recvmmsg(w->fd, w->rx.msgs, WIRE_BATCH, MSG_DONTWAIT, NULL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		bench_die("receive: %s", strerror(errno));
	w->rx.n = n < 0 ? 0 : (unsigned)n;
	return w->rx.n;
}

uint8_t *wire_datagram(struct wire *w, unsigned i, uint32_t *client, size_t *len)
{
	struct in_pktinfo to;

	memcpy(&to, CMSG_DATA(&w->rx.control[i].header), sizeof(to));
	*client = ntohl(to.ipi_addr.s_addr) - FIRST_CLIENT;
	*len = w->rx.msgs[i].msg_len;
	return w->rx.data[i];
}
