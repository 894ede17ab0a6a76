/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.h - the header before each message that tells the backend who the device is
 *
 * PROXY protocol version 2 or Cloudflare's Simple Proxy Protocol for UDP (--backend-header).  What
 * stands in a header is in include/dtlsshim/proxy_header.h, which the backend reads it with, and we
 * its answers.
 */
#ifndef PROXY_HEADER_H
#define PROXY_HEADER_H

#include "dtlsshim/engine.h"
#include "dtlsshim/proxy_header.h"
#include "host/options.h"

/* Bytes with which a session is named, PROXY protocol version 2's unique ID */
#define PROXY_NONCE 8
#define PROXY_TOKEN (PROXY_NONCE + 8)

/**
 * struct proxy_header - how headers are made and read
 * @kind:	enum host_backend_header
 * @nonce:	of this process: session numbers of the one before mean something else
 * @bound:	what the wire socket is bound to, for sessions whose path does not know our end
 */
struct proxy_header {
	uint32_t kind;
	uint8_t nonce[PROXY_NONCE];
	struct ds_addr bound;
};

/* 0, or -1: no random bytes can be had. */
DS_MUST_CHECK
int proxy_header_init(struct proxy_header *h, uint32_t kind, const struct ds_addr *bound);

/* Writes the header of @session as it is now; its length, 0 where there are no headers or the session
 * is gone. */
size_t proxy_header_put(const struct proxy_header *h, const struct ds_engine *e, ds_session session,
			uint8_t buf[static DS_PROXY_HEADER_MAX]);

/**
 * proxy_header_session() - whom an answer of the backend is for
 * @data, @n:	the datagram, which is as untrusted as the backend
 * @payload, @len: out: the message in it
 *
 * Return: the session; 0 with @payload set: it is gone, or was never there; 0 with @payload NULL:
 * there is no header, or no good one
 */
ds_session proxy_header_session(const struct proxy_header *h, const struct ds_engine *e,
				const uint8_t *data, size_t n, const uint8_t **payload,
				size_t *len);

#endif
