/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock.h - a client that is nothing but Mbed TLS, on the network of net.h
 *
 * For what our own client never does: no connection ID, no extended master secret, a maximum
 * fragment length, strange identities.
 */
#ifndef TESTS_SIM_STOCK_H
#define TESTS_SIM_STOCK_H

#include "tests/sim/net.h"

/**
 * struct stock_options - all zero: like a client of ours
 * @no_cid, @no_ems: leave the extension out
 * @fragment:	MBEDTLS_SSL_MAX_FRAG_LEN_*: ask for records no longer than that
 * @identity:	NULL = "dev0"
 */
struct stock_options {
	bool no_cid, no_ems;
	unsigned char fragment;
	const void *identity;
	size_t identity_len;
};

struct stock;

struct stock *stock_new(struct net *n, const struct ds_addr *at, const struct stock_options *o);
void stock_free(struct stock *s);
/* Runs the handshake without loss: 0 or Mbed TLS's error. */
int stock_connect(struct stock *s);
/* One message to the server, and what came back: its length, 0 = nothing, or Mbed TLS's error. */
int stock_send(struct stock *s, const void *data, size_t len);
int stock_receive(struct stock *s, void *buf, size_t cap);

#endif
