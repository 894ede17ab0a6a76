/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alias.c - see alias.h
 *
 * Whoever replaces EUB's dtls_proxy changes a file, not a command line: the flags are the same in any case,
 * and by this name also the one default that would refuse devices that were served before.
 */
#include "proxy/alias.h"

#include <stdlib.h>
#include <string.h>

#include "host/options_table.h"
#include "host/text.h"

bool proxy_is_alias(const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;

	return name && !strcmp(slash ? slash + 1 : name, "dtls_proxy");
}

static int set(struct host_options *o, const char *flag, const char *from, const char *value,
	       char *why)
{
	const struct option *opt = host_option_find(flag, strlen(flag), HOST_PROXY);

	return opt ? host_option_set(o, opt, from, value, why)
		   : host_why(why, "%s: there is no option %s", from, flag);
}

int proxy_alias_options(struct host_options *o, int argc, char why[static DS_WHY_MAX])
{
	static const char *const variables[][2] = {{"CONNECT_ARG", "connect"},
						   {"BIND_ARG", "bind"},
						   {"PSK_SHELL_ARG", "psk-cmd"},
						   {"PSK_REST_ARG", "psk-rest"}};

	if (set(o, "require-ems", "dtls_proxy", "false", why))
		return -1;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables) && argc == 1; i++) {
		const char *value = getenv(variables[i][0]);

		if (value && *value && set(o, variables[i][1], variables[i][0], value, why))
			return -1;
	}
	return 0;
}
