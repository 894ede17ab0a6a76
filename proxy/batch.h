/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.h - datagrams of the wire socket, many a system call
 *
 * Memory:   one batch is about 0.6 MB, whatever the number of sessions.
 */
#ifndef PROXY_BATCH_H
#define PROXY_BATCH_H

#include "host/udp.h"

#define PROXY_BATCH_RX 32 /* datagrams a recvmmsg(2) */
#define PROXY_BATCH_TX 64 /* datagrams a sendmmsg(2) */
/* Distance of receive buffers: no multiple of a page, or all would meet in the same cache sets */
#define PROXY_BATCH_STRIDE ((DS_DATAGRAM_MAX + 63) / 64 * 64)
#define PROXY_BATCH_BYTES  ((size_t)PROXY_BATCH_RX * PROXY_BATCH_STRIDE)

/**
 * struct proxy_batch - datagrams on their way in or out
 * @fd, @family:	the wire socket
 * @n:			datagrams in it
 * @used:		bytes of @bytes taken by datagrams on their way out
 * @dropped:		datagrams the kernel would not take
 */
struct proxy_batch {
	int fd, family;
	unsigned int n;
	size_t used;
	uint64_t dropped;
	struct mmsghdr msg[PROXY_BATCH_TX];
	struct iovec iov[PROXY_BATCH_TX];
	union host_sockaddr peer[PROXY_BATCH_TX];
	char control[PROXY_BATCH_TX][HOST_PKTINFO_SPACE] __attribute__((aligned(8)));
	uint8_t bytes[PROXY_BATCH_BYTES];
};

/* A batch for socket @fd, or NULL; lives as long as the process. */
struct proxy_batch *proxy_batch_new(int fd, int family);

/* Receives what is there, PROXY_BATCH_RX at most, into ->msg.  Their number. */
unsigned int proxy_batch_recv(struct proxy_batch *b);

/* Room for a datagram of DS_DATAGRAM_MAX bytes; sends what is there if it must. */
uint8_t *proxy_batch_room(struct proxy_batch *b);
/* Adds the datagram of @len bytes that was written to proxy_batch_room(). */
void proxy_batch_push(struct proxy_batch *b, const struct ds_path *path, size_t len);

/* Sends everything; what the kernel does not take is lost, as on a network, and counted. */
void proxy_batch_send(struct proxy_batch *b);

#endif
