/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - the address that the backend sees messages come from (--backend-source)
 *
 * The kernel's choice, one address of ours (where one socket serves all sessions), an address made of
 * the device's identity, or the device's own.
 */
#ifndef PROXY_SOURCE_H
#define PROXY_SOURCE_H

#include "host/options.h"
#include "host/udp.h"

struct proxy;

enum proxy_source_kind {
	PROXY_SOURCE_ANY,
	PROXY_SOURCE_FIXED,	 /* HOST:PORT, unix:PATH */
	PROXY_SOURCE_PREFIX,	 /* loopback, PREFIX/BITS */
	PROXY_SOURCE_TRANSPARENT /* the device's */
};

/**
 * struct proxy_source - what --backend-source says
 * @at, @len:	PROXY_SOURCE_FIXED: the address
 * @prefix, @bits: PROXY_SOURCE_PREFIX: the network that addresses are made in
 */
struct proxy_source {
	enum proxy_source_kind kind;
	union host_sockaddr at;
	socklen_t len;
	struct ds_addr prefix;
	unsigned bits;
};

/**
 * proxy_source_init() - read the option, and try whether the kernel lets us
 * @family:	of the backend's address
 * @shared:	one socket serves all sessions
 *
 * Return: 0, or -1 with @why, which says what to do
 */
DS_MUST_CHECK
int proxy_source_init(struct proxy_source *s, const char *text, int family, bool shared,
		      char why[static DS_WHY_MAX]);

/**
 * proxy_source_bind() - give the socket of one session its address
 * @fd:		not yet connected, of @family
 *
 * The port is the one that belongs to the address, too; when that is in use, another.
 *
 * Return: 0, or -1 with errno
 */
DS_MUST_CHECK
int proxy_source_bind(struct proxy *p, int fd, int family, ds_session session);

#endif
