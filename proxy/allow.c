/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allow.c - see allow.h
 *
 * A list of a few networks is searched from its beginning: that is a handful of comparisons a
 * datagram, and what a longer list would say belongs into the packet filter.  Bits behind the prefix
 * are refused, because "10.1.2.3/8" may have been meant as one address or as a network, and the two
 * differ by sixteen million hosts.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/text.h"
#include "proxy/allow.h"

#define LOOPBACK  "127.0.0.0/8,::1"
#define EVERYBODY "0.0.0.0/0,::/0"
#define ITEM_MAX  64 /* bytes of an item, end included */

static bool has_bit(const uint8_t *ip, unsigned bit)
{
	return ip[bit / 8] >> (7 - bit % 8) & 1;
}

/* The number behind the slash, at most @max; @max if there is none, -1 if it is no number. */
static int prefix(const char *slash, int max)
{
	int bits;

	if (!slash)
		return max;
	if (!slash[1] || strlen(slash + 1) > 3 || slash[1 + strspn(slash + 1, "0123456789")])
		return -1;
	bits = atoi(slash + 1);
	return bits <= max ? bits : -1;
}

/* NULL, or what is wrong with @item, which is changed. */
static const char *parse(struct proxy_network *out, char *item)
{
	char *slash = strchr(item, '/');
	bool v6 = strchr(item, ':');
	int bits = prefix(slash, v6 ? 128 : 32);

	if (slash)
		*slash = '\0';
	memset(out, 0, sizeof(*out));
	if (inet_pton(v6 ? AF_INET6 : AF_INET, item, out->ip) != 1)
		return "an address, or a network like 192.0.2.0/24 or 2001:db8::/32, is expected";
	if (bits < 0)
		return v6 ? "behind / a number from 0 to 128 is expected"
			  : "behind / a number from 0 to 32 is expected";
	for (int i = bits; i < (v6 ? 128 : 32); i++)
		if (has_bit(out->ip, (unsigned)i))
			return "the address has bits behind the prefix: is the network or the one "
			       "address meant?";
	out->family = v6 ? 6 : 4;
	out->bits = (uint8_t)bits;
	return NULL;
}

int proxy_allow_parse(struct proxy_allow *out, const char *text, char why[static DS_WHY_MAX])
{
	const char *trouble = NULL;
	char item[ITEM_MAX], shown[ITEM_MAX];
	size_t len;

	out->n = 0;
	text = !text ? LOOPBACK : strcmp(text, "any") ? text : EVERYBODY;
	for (;; text += len + 1) {
		len = strcspn(text, ",");
		snprintf(item, sizeof(item), "%.*s", (int)len, text);
		memcpy(shown, item, sizeof(shown));
		if (out->n == PROXY_ALLOW_MAX)
			trouble = "too many networks";
		else
			trouble = parse(&out->list[out->n], item);
		if (trouble)
			return host_why(why, "--allow-networks \"%s\": %s", shown, trouble);
		out->n++;
		if (!text[len])
			return 0;
	}
}

static bool matches(const struct proxy_network *n, const struct ds_addr *a)
{
	unsigned bytes = n->bits / 8, rest = n->bits % 8;

	return n->family == a->family && !memcmp(n->ip, a->ip, bytes) &&
	       (!rest || !((n->ip[bytes] ^ a->ip[bytes]) >> (8 - rest)));
}

bool proxy_allow_has(const struct proxy_allow *a, const struct ds_addr *from)
{
	for (unsigned i = 0; i < a->n; i++)
		if (matches(&a->list[i], from))
			return true;
	return false;
}
