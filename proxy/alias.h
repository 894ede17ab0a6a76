/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alias.h - what differs where the proxy is started as dtls_proxy, the name of EUB's
 */
#ifndef PROXY_ALIAS_H
#define PROXY_ALIAS_H

#include "host/options.h"

/* True if @name, argv[0], is dtls_proxy, wherever that lies. */
bool proxy_is_alias(const char *name);

/* Sets EUB's defaults; with no other argument (@argc is 1) also what the variables of its container say,
 * CONNECT_ARG, BIND_ARG, PSK_SHELL_ARG and PSK_REST_ARG.  An empty one is not there.  Comes before
 * everything else that sets options.  0 or -1 with @why. */
DS_MUST_CHECK
int proxy_alias_options(struct host_options *o, int argc, char why[static DS_WHY_MAX]);

#endif
