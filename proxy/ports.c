/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports.c - which ports the proxy serves
 *
 * Entries of --map are separated by commas like the backends in them, because a variable has to hold
 * several, too: what has a "=" begins a port, and what has none is one more backend of the port before.
 */
#include <stdlib.h>
#include <string.h>

#include "host/text.h"
#include "proxy/proxy.h"

static int add(struct proxy_ports *all, char *why)
{
	struct proxy *ports, *p;

	if (all->n == PROXY_PORTS_MAX)
		return host_why(why, "--map: more than %d ports", PROXY_PORTS_MAX);
	ports = realloc(all->port, (all->n + 1) * sizeof(*ports));
	if (!ports)
		return host_why(why, "out of memory");
	all->port = ports;
	p = &ports[all->n];
	memset(p, 0, sizeof(*p));
	p->opt = all->opt;
	p->index = all->n++;
	p->shared.on = p->opt.backend_header != HOST_HEADER_NONE &&
		       p->opt.backend_answers == HOST_ANSWERS_HEADER;
	return 0;
}

/* Characters of the entry at @text, up to the comma before the next one. */
static size_t entry_length(const char *text)
{
	size_t len = strcspn(text, ",");

	while (text[len]) {
		size_t item = strcspn(text + len + 1, ",");

		if (memchr(text + len + 1, '=', item))
			break;
		len += 1 + item;
	}
	return len;
}

static int add_map(struct proxy_ports *all, const char *text, size_t len, char *why)
{
	const char *equals = memchr(text, '=', len);
	struct proxy *p;

	if (!equals || equals == text || equals + 1 == text + len)
		return host_why(why, "--map \"%.*s\": [host]:port=host:port,... is expected",
				len < 80 ? (int)len : 80, text);
	if (add(all, why))
		return -1;
	p = &all->port[all->n - 1];
	p->map = strndup(text, len);
	p->opt.bind = strndup(text, (size_t)(equals - text));
	if (!p->map || !p->opt.bind)
		return host_why(why, "out of memory");
	p->opt.connect = p->map + (equals + 1 - text);
	return 0;
}

static bool has_pair(const struct host_options *o)
{
	return !o->map || host_option_given(o, &o->bind) != HOST_BY_DEFAULT ||
	       host_option_given(o, &o->connect) != HOST_BY_DEFAULT;
}

int proxy_ports_make(struct proxy_ports *all, char why[static DS_WHY_MAX])
{
	if (has_pair(&all->opt) && add(all, why))
		return -1;
	for (const char *text = all->opt.map; text;) {
		size_t len = entry_length(text);

		if (add_map(all, text, len, why))
			return -1;
		text = text[len] ? text + len + 1 : NULL;
	}
	for (unsigned i = 0; i < all->n; i++)
		all->port[i].all = all;
	return 0;
}
