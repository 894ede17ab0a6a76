/* SPDX-License-Identifier: Apache-2.0 */
/*
 * addr.h - addresses and paths as values
 *
 * The core never sees a struct sockaddr.  An address is a plain value that can be
 * copied, compared and hashed; a path is where a datagram came from and where it
 * arrived, so that a server bound to the wildcard address answers from the address
 * the client used.
 *
 * Threads:  values only, nothing shared.
 */
#ifndef DTLSSHIM_ADDR_H
#define DTLSSHIM_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dtlsshim/cdefs.h"

DS_BEGIN_DECLS

/* Text of an address: "[ipv6%scope]:port" and its end */
#define DS_ADDR_TEXT 72

/**
 * struct ds_addr - one UDP address
 * @ip:		network byte order; an IPv4 address uses the first 4 bytes, the rest is 0
 * @scope:	interface index: of a link-local IPv6 address, or, in a local address,
 *		the interface a datagram arrived on; 0 = none
 * @port:	host byte order; 0 = any
 * @family:	4, 6, or 0 for "no address"
 *
 * There is no padding that could hold indeterminate bytes: two addresses are equal
 * if and only if their bytes are.
 */
struct ds_addr {
	uint8_t ip[16];
	uint32_t scope;
	uint16_t port;
	uint8_t family;
	uint8_t zero;
};

/**
 * struct ds_path - the two ends of a datagram
 * @local:	our end; family 0 where the front end does not know or care
 * @remote:	the peer's end
 */
struct ds_path {
	struct ds_addr local;
	struct ds_addr remote;
};

/* True if @a and @b are the same address, port and scope. */
bool ds_addr_equal(const struct ds_addr *a, const struct ds_addr *b);

/**
 * ds_addr_format() - write an address as text
 * @a:		address
 * @text:	out: "192.0.2.1:5684", "[2001:db8::1]:5684", "-" for no address
 *
 * Return: @text
 */
const char *ds_addr_format(const struct ds_addr *a, char text[DS_AT_LEAST(DS_ADDR_TEXT)]);

DS_END_DECLS

#endif
