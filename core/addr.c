/* SPDX-License-Identifier: Apache-2.0 */
/* addr.c - addresses and paths as values */
#include "dtlsshim/addr.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

static_assert(sizeof(struct ds_addr) == 24, "no padding: equality is equality of bytes");

bool ds_addr_equal(const struct ds_addr *a, const struct ds_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

const char *ds_addr_format(const struct ds_addr *a, char text[static DS_ADDR_TEXT])
{
	char ip[INET6_ADDRSTRLEN], scope[12] = "";

	if (a->family == 4) {
		snprintf(text, DS_ADDR_TEXT, "%u.%u.%u.%u:%u", a->ip[0], a->ip[1], a->ip[2],
			 a->ip[3], a->port);
		return text;
	}
	/* Into a buffer of this size it cannot fail */
	if (a->family != 6 || inet_ntop(AF_INET6, a->ip, ip, sizeof(ip)) == NULL)
		return strcpy(text, "-");
	if (a->scope != 0)
		snprintf(scope, sizeof(scope), "%%%u", (unsigned int)a->scope);
	snprintf(text, DS_ADDR_TEXT, "[%s%s]:%u", ip, scope, a->port);
	return text;
}
