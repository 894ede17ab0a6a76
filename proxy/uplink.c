/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uplink.c - see uplink.h
 *
 * A connected socket keeps the source address that it had when it was connected, also when that
 * address is gone or the route goes another way.  So whoever has sockets to the server compares
 * ->moves with what it was when they were opened, and opens them again.  What the address would be now
 * the kernel says best: a socket is connected and asked.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "proxy/uplink.h"

#define LOOK_DELAY (100 * DS_MSEC) /* routes change in bursts */
#define ASK_EVERY  (1 * DS_SECOND)

int proxy_uplink_socket(const struct ds_addr *to)
{
	int family = to->family == 4 ? AF_INET : AF_INET6, err;
	union host_sockaddr sa;
	socklen_t len = host_addr_to_sockaddr(to, family, &sa);
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || !connect(fd, &sa.sa, len))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* Our address towards @to, without a port; family 0 if there is no route. */
static struct ds_addr address_towards(const struct ds_addr *to)
{
	struct ds_addr from = {0};
	union host_sockaddr sa;
	socklen_t len = sizeof(sa);
	int fd = proxy_uplink_socket(to);

	if (fd >= 0 && !getsockname(fd, &sa.sa, &len))
		host_addr_from_sockaddr(&from, &sa.sa, len);
	if (fd >= 0)
		close(fd);
	from.port = 0;
	return from;
}

/* Hears of changes; where that is forbidden only errors of sockets tell. */
static int open_netlink(void)
{
	struct sockaddr_nl sa = {.nl_family = AF_NETLINK,
				 .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
					      RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
					      RTMGRP_IPV6_ROUTE};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && !bind(fd, (struct sockaddr *)&sa, sizeof(sa)))
		return fd;
	host_log(
		HOST_LOG_WARN,
		"event=gateway_blind call=rtnetlink: %s; that this machine gets another address is "
		"noticed only when sending fails",
		strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int proxy_uplink_open(struct proxy_uplink *u, char *connect, struct proxy_names *names,
		      char why[static DS_WHY_MAX])
{
	u->name.text = connect;
	u->names = names;
	if (proxy_net_resolve(connect, &u->name.now, &u->name.is_name, why))
		return -1;
	if (u->name.is_name)
		proxy_names_add(names, &u->name);
	u->to = u->name.now.addr[0];
	u->look_at = DS_TIME_NEVER;
	u->netlink = open_netlink();
	u->from = address_towards(&u->to);
	return 0;
}

/* The server's name */

void proxy_uplink_ask(struct proxy_uplink *u, ds_time now)
{
	if (now < u->ask_at || !u->name.is_name)
		return;
	u->ask_at = now + ASK_EVERY;
	proxy_names_ask(u->names);
}

void proxy_uplink_named(struct proxy_uplink *u, ds_time now)
{
	char was[DS_ADDR_TEXT], is[DS_ADDR_TEXT];

	/* Of several addresses the order may change with each answer; the server has not moved then */
	if (!proxy_names_take(u->names, &u->name) || proxy_addrs_have(&u->name.now, &u->to))
		return;
	host_log(HOST_LOG_INFO, "event=gateway_server_moved connect=%s addr=%s was=%s",
		 u->name.text, ds_addr_format(&u->name.now.addr[0], is),
		 ds_addr_format(&u->to, was));
	u->to = u->name.now.addr[0];
	u->look_at = now;
}

/* Our address */

void proxy_uplink_read(struct proxy_uplink *u, ds_time now)
{
	char buf[8192];
	ssize_t r;

	/* What changed does not matter; ENOBUFS: it was too much to be told */
	while ((r = recv(u->netlink, buf, sizeof(buf), MSG_DONTWAIT)) > 0 ||
	       (r < 0 && errno == ENOBUFS))
		if (u->look_at == DS_TIME_NEVER)
			u->look_at = now + LOOK_DELAY;
}

void proxy_uplink_work(struct proxy_uplink *u, ds_time now)
{
	char was[DS_ADDR_TEXT], is[DS_ADDR_TEXT];
	struct ds_addr from;

	if (now < u->look_at)
		return;
	u->look_at = DS_TIME_NEVER;
	from = address_towards(&u->to);
	if (!from.family || ds_addr_equal(&from, &u->from))
		return; /* a cable that is pulled comes back with the same address, or another */
	if (u->from.family) {
		u->moves++;
		host_log(HOST_LOG_INFO, "event=gateway_moved addr=%s was=%s",
			 ds_addr_format(&from, is), ds_addr_format(&u->from, was));
	}
	u->from = from;
}
