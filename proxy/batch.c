/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c - see batch.h */
#include <errno.h>
#include <stdlib.h>

#include "proxy/batch.h"

_Static_assert(PROXY_BATCH_RX <= PROXY_BATCH_TX, "receiving uses the same arrays");

struct proxy_batch *proxy_batch_new(int fd, int family)
{
	struct proxy_batch *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fd = fd;
	b->family = family;
	for (unsigned int i = 0; i < PROXY_BATCH_TX; i++) {
		b->msg[i].msg_hdr.msg_iov = &b->iov[i];
		b->msg[i].msg_hdr.msg_iovlen = 1;
		b->msg[i].msg_hdr.msg_name = &b->peer[i];
	}
	return b;
}

unsigned int proxy_batch_recv(struct proxy_batch *b)
{
	int n;

	for (unsigned int i = 0; i < PROXY_BATCH_RX; i++) {
		struct msghdr *m = &b->msg[i].msg_hdr;

		b->iov[i].iov_base = b->bytes + (size_t)i * PROXY_BATCH_STRIDE;
		b->iov[i].iov_len = PROXY_BATCH_STRIDE;
		m->msg_namelen = sizeof(b->peer[i]);
		m->msg_control = b->control[i];
		m->msg_controllen = sizeof(b->control[i]);
	}
	n = recvmmsg(b->fd, b->msg, PROXY_BATCH_RX, MSG_DONTWAIT, NULL);
	return n > 0 ? (unsigned int)n : 0;
}

uint8_t *proxy_batch_room(struct proxy_batch *b)
{
	if (b->n == PROXY_BATCH_TX || PROXY_BATCH_BYTES - b->used < DS_DATAGRAM_MAX)
		proxy_batch_send(b);
	return b->bytes + b->used;
}

void proxy_batch_push(struct proxy_batch *b, const struct ds_path *path, size_t len)
{
	struct msghdr *m = &b->msg[b->n].msg_hdr;

	m->msg_namelen = host_addr_to_sockaddr(&path->remote, b->family, &b->peer[b->n]);
	if (!m->msg_namelen) {
		b->dropped++;
		return;
	}
	m->msg_control = NULL;
	m->msg_controllen = 0;
	host_pktinfo_put(m, &path->local, b->family, b->control[b->n]);
	b->iov[b->n].iov_base = b->bytes + b->used;
	b->iov[b->n].iov_len = len;
	b->used += (len + 15) / 16 * 16;
	b->n++;
}

void proxy_batch_send(struct proxy_batch *b)
{
	unsigned int done = 0;

	while (done < b->n) {
		int sent = sendmmsg(b->fd, b->msg + done, b->n - done, MSG_DONTWAIT);

		if (sent > 0) {
			done += (unsigned int)sent;
		} else if (errno == EAGAIN || errno == ENOBUFS) {
			b->dropped += b->n - done;
			break;
		} else if (errno != EINTR) {
			/* This datagram cannot go where it should; the ones after it may. */
			b->dropped++;
			done++;
		}
	}
	b->n = 0;
	b->used = 0;
}
