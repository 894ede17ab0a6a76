/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allow.h - the networks whose plaintext a gateway takes
 *
 * A gateway lends its credentials to whoever may send to it, so nobody but this machine may unless
 * the operator says who.
 */
#ifndef PROXY_ALLOW_H
#define PROXY_ALLOW_H

#include "dtlsshim/addr.h"
#include "dtlsshim/config.h"
#include "dtlsshim/err.h"

#define PROXY_ALLOW_MAX 64 /* networks in a list */

struct proxy_allow {
	struct proxy_network {
		uint8_t ip[16], family, bits;
	} list[PROXY_ALLOW_MAX];
	unsigned n;
};

/**
 * proxy_allow_parse() - take the list of --allow-networks
 * @text:	"192.0.2.0/24,2001:db8::/32"; an address without / is itself alone; "any" is everybody;
 *		NULL = loopback addresses only
 *
 * Return: 0, or -1 with @why
 */
DS_MUST_CHECK
int proxy_allow_parse(struct proxy_allow *out, const char *text, char why[static DS_WHY_MAX]);

/* True if @from, whatever its port, is in one of the networks. */
bool proxy_allow_has(const struct proxy_allow *a, const struct ds_addr *from);

#endif
