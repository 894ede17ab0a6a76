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
#include <sys/eventfd.h>
#include <unistd.h>

#include "host/log.h"
#include "proxy/net.h"
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

int proxy_uplink_open(struct proxy_uplink *u, const char *connect, const struct ds_addr *to)
{
	u->connect = connect;
	u->to = *to;
	u->look_at = DS_TIME_NEVER;
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->asked, NULL);
	u->netlink = open_netlink();
	u->from = address_towards(to);
	u->news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return u->news < 0 ? -1 : 0;
}

/* The server's name */

bool proxy_uplink_has_name(const struct proxy_uplink *u)
{
	return u->connect[0] != '[' && u->connect[0] != ':' &&
	       u->connect[strspn(u->connect, "0123456789.:")];
}

static void resolve(struct proxy_uplink *u)
{
	union host_sockaddr sa;
	socklen_t len;
	char why[DS_WHY_MAX] = "";
	struct ds_addr answer = {0};

	if (!proxy_net_resolve(u->connect, &sa, &len, why))
		host_addr_from_sockaddr(&answer, &sa.sa, len);
	pthread_mutex_lock(&u->lock);
	u->answer = answer;
	memcpy(u->why, why, sizeof(u->why));
	u->found = true;
	u->wanted = false;
	pthread_mutex_unlock(&u->lock);
	eventfd_write(u->news, 1);
}

void *proxy_uplink_resolve(void *uplink)
{
	struct proxy_uplink *u = uplink;

	for (;;) {
		pthread_mutex_lock(&u->lock);
		while (!u->wanted)
			pthread_cond_wait(&u->asked, &u->lock);
		pthread_mutex_unlock(&u->lock);
		resolve(u);
	}
}

void proxy_uplink_ask(struct proxy_uplink *u, ds_time now)
{
	if (now < u->ask_at || !proxy_uplink_has_name(u))
		return;
	u->ask_at = now + ASK_EVERY;
	pthread_mutex_lock(&u->lock);
	u->wanted = true;
	pthread_cond_signal(&u->asked);
	pthread_mutex_unlock(&u->lock);
}

static void take_answer(struct proxy_uplink *u, ds_time now)
{
	static struct host_log_limit limit;
	char was[DS_ADDR_TEXT], is[DS_ADDR_TEXT], why[DS_WHY_MAX];
	struct ds_addr answer;
	bool found;

	pthread_mutex_lock(&u->lock);
	found = u->found;
	u->found = false;
	answer = u->answer;
	memcpy(why, u->why, sizeof(why));
	pthread_mutex_unlock(&u->lock);
	if (!found)
		return;
	if (*why) {
		host_log_limited(&limit, HOST_LOG_WARN,
				 "event=gateway_name_failed: %s; the address before stays", why);
	} else if (!ds_addr_equal(&answer, &u->to)) {
		host_log(HOST_LOG_INFO, "event=gateway_server_moved connect=%s addr=%s was=%s",
			 u->connect, ds_addr_format(&answer, is), ds_addr_format(&u->to, was));
		u->to = answer;
		u->look_at = now;
	}
}

/* Our address */

void proxy_uplink_read(struct proxy_uplink *u, ds_time now)
{
	char buf[8192];
	eventfd_t n;
	ssize_t r;

	if (!eventfd_read(u->news, &n))
		take_answer(u, now);
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
