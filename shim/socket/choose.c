/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it works
 *
 * A socket is chosen by its port alone: at bind() by the port in the address, and where it came bound
 * already by the port it has.  Whether the program or the kernel picked that one is not recorded
 * anywhere, so with no ports listed those of the kernel's own range are left alone.
 */
#include "shim/socket/choose.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/socket/above.h"
#include "shim/socket/protect.h"

#define EPHEMERAL 32768 /* the first port of the kernel's own, unless told otherwise */

/* The wire port for @program; 0: not protected, -1: refused. */
static int wire_port(uint16_t program)
{
	const struct host_options *o = &shim_options;
	bool taken = false;

	for (uint32_t i = 0; i < o->n_ports; i++) {
		if (o->ports[i].program == program)
			return o->ports[i].wire;
		taken |= o->ports[i].wire == program;
	}
	if (taken) {
		host_log(HOST_LOG_ERROR,
			 "bind() to port %u refused: DTLSSHIM_PORTS uses it on the wire for "
			 "another port of the program",
			 program);
		return -1;
	}
	return o->n_ports ? 0 : program;
}

/* Without a system call: false if no socket could want this address protected. */
static bool may_protect(const struct sockaddr *sa, socklen_t len)
{
	const struct host_options *o = &shim_options;
	uint16_t port;

	if (!sa || len < sizeof(struct sockaddr_in))
		return false;
	port = ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
	for (uint32_t i = 0; i < o->n_ports; i++)
		if (o->ports[i].program == port || o->ports[i].wire == port)
			return true;
	return port && !o->n_ports &&
	       (sa->sa_family == AF_INET || sa->sa_family == AF_INET6 ||
		sa->sa_family == AF_UNSPEC);
}

int shim_udp_family(int fd)
{
	int family;

	if (host_socket_int(fd, SOL_SOCKET, SO_TYPE) != SOCK_DGRAM ||
	    host_socket_int(fd, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_UDP)
		return 0;
	family = host_socket_int(fd, SOL_SOCKET, SO_DOMAIN);
	return family == AF_INET || family == AF_INET6 ? family : 0;
}

/* 0 with @rq filled, SHIM_PASS, or a negative errno. */
int shim_choose(int fd, const struct sockaddr *sa, socklen_t len, struct shim_request *rq)
{
	int port;

	if (shim_options.role == HOST_ROLE_CLIENT || !may_protect(sa, len))
		return SHIM_PASS;
	memset(rq, 0, sizeof(*rq));
	rq->role = DS_SERVER;
	rq->family = shim_udp_family(fd);
	if (!rq->family)
		return SHIM_PASS;
	rq->len = len < sizeof(rq->sa) ? len : sizeof(rq->sa);
	memcpy(&rq->sa, sa, rq->len);
	/* The kernel takes AF_UNSPEC with the wildcard address for AF_INET */
	if (rq->family == AF_INET && rq->sa.sa.sa_family == AF_UNSPEC)
		rq->sa.sa.sa_family = AF_INET;
	if (rq->sa.sa.sa_family != rq->family || host_local_port(fd))
		return SHIM_PASS; /* bind() will say no */
	if (rq->family == AF_INET6 && rq->len < offsetof(struct sockaddr_in6, sin6_scope_id))
		return SHIM_PASS;
	rq->program = ntohs(rq->sa.in.sin_port); /* at the same place in sockaddr_in6 */
	if (!rq->program)
		return SHIM_PASS;
	port = wire_port(rq->program);
	if (port <= 0)
		return port ? -EADDRINUSE : SHIM_PASS;
	rq->wire = (uint16_t)port;
	rq->sa.in.sin_port = htons(rq->wire);
	return 0;
}

/* net.ipv4.ip_local_port_range, which IPv6 has too. */
static uint16_t first_ephemeral(void)
{
	char text[16] = "";
	long fd = host_sys6(SYS_openat, AT_FDCWD, "/proc/sys/net/ipv4/ip_local_port_range",
			    O_RDONLY | O_CLOEXEC, 0, 0, 0);
	long first;

	if (fd < 0)
		return EPHEMERAL;
	host_sys3(SYS_read, fd, text, sizeof(text) - 1);
	host_sys3(SYS_close, fd, 0, 0);
	first = strtol(text, NULL, 10);
	return first > 0 && first < 65536 ? (uint16_t)first : EPHEMERAL;
}

/* The same for a socket that was bound before we saw it: false if it is to be left alone. */
bool shim_choose_bound(int fd, struct shim_request *rq)
{
	const struct host_options *o = &shim_options;
	uint16_t port;

	memset(rq, 0, sizeof(*rq));
	rq->len = sizeof(rq->sa);
	rq->bound = true;
	rq->family = shim_udp_family(fd);
	if (!rq->family || host_sys3(SYS_getsockname, fd, &rq->sa, &rq->len))
		return false;
	port = ntohs(rq->sa.in.sin_port);
	rq->wire = rq->program = port;
	rq->role = shim_above->client_arrived(fd) ? DS_CLIENT : DS_SERVER;
	if (rq->role == DS_CLIENT)
		return true;
	if (!host_has_role(o, DS_SERVER))
		return false;
	for (uint32_t i = 0; i < o->n_ports; i++) {
		if (o->ports[i].wire == port)
			rq->program = o->ports[i].program;
		if (o->ports[i].wire == port || o->ports[i].program == port)
			return true;
	}
	/* It is not known whether the program or the kernel chose this port */
	return !o->n_ports && port && port < first_ephemeral();
}
