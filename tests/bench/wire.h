/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - many clients on one socket
 *
 * Client @i is 127.1.0.0 + i: the whole of 127.0.0.0/8 is this machine, so one socket can send
 * from any address of it (IP_PKTINFO) and hears what comes back to all of them.  Whole batches go
 * through one system call, which makes the generator cheaper than the server it measures.
 *
 * Errors:   the program ends with a message.
 */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_BATCH 64
#define WIRE_ROOM  2048 /* bytes of a datagram */

struct wire;

struct wire *wire_open(const struct sockaddr_in *server);

/* Room for the next datagram; it goes out with the batch when wire_push() says it is there. */
uint8_t *wire_room(struct wire *w);
void wire_push(struct wire *w, uint32_t client, size_t len);
void wire_flush(struct wire *w);

/* Receives what there is, without waiting: how many datagrams. */
unsigned wire_receive(struct wire *w);
/* Datagram @i of those, and whose it is. */
uint8_t *wire_datagram(struct wire *w, unsigned i, uint32_t *client, size_t *len);

#endif
