/* SPDX-License-Identifier: Apache-2.0 */
/* unprotected.c - see unprotected.h */
#include "shim/calls/unprotected.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>

#include "host/log.h"
#include "shim/base/real.h"
#include "shim/socket/choose.h"
#include "shim/socket/report.h"

#define PORTS 65536

/* A set of ports, one bit each; pages that are not written to take no memory. */
struct ports {
	_Atomic uint64_t bits[PORTS / 64];
};

static struct ports bound, sent_to;

static bool has(const struct ports *p, uint16_t port)
{
	return atomic_load_explicit(&p->bits[port / 64], memory_order_relaxed) >> port % 64 & 1;
}

/* True for the first that adds @port. */
static bool add(struct ports *p, uint16_t port)
{
	uint64_t bit = 1ULL << port % 64;

	return !(atomic_fetch_or(&p->bits[port / 64], bit) & bit);
}

/* Before the log is open its level is not known to it. */
static bool is_wanted(void)
{
	return shim_options.log_level >= HOST_LOG_WARN;
}

/* The port that @sa names, 0 if none. */
static uint16_t named_port(const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_in in;

	if (!sa || len < sizeof(in))
		return 0;
	memcpy(&in, sa, sizeof(in)); /* sin6_port stands at the same place */
	if (in.sin_family != AF_INET && in.sin_family != AF_INET6 && in.sin_family != AF_UNSPEC)
		return 0;
	return ntohs(in.sin_port);
}

int shim_unprotected_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	int r = real_bind(fd, sa, len);
	uint16_t port;

	if (r || !host_has_role(&shim_options, DS_SERVER))
		return r;
	port = named_port(sa, len);
	if (!port || has(&bound, port) || !shim_udp_family(fd) || !add(&bound, port))
		return 0;
	shim_report_clear(port);
	if (is_wanted())
		host_log(HOST_LOG_WARN,
			 "event=unprotected port=%u: DTLSSHIM_PORTS does not list it, so it is "
			 "served in clear; add it to DTLSSHIM_PORTS (--ports) to protect it",
			 port);
	return 0;
}

void shim_unprotected_send(int fd, uint16_t port)
{
	static struct host_log_limit limit; /* a server in both roles answers any number of ports */

	if (!port || has(&sent_to, port) || !shim_udp_family(fd) || !add(&sent_to, port))
		return;
	if (shim_options.role == HOST_ROLE_CLIENT)
		shim_report_clear(port);
	if (is_wanted())
		host_log_limited(&limit, HOST_LOG_WARN,
				 "event=unprotected role=client port=%u: DTLSSHIM_PORTS does not "
				 "list it, so what is sent there goes in clear; add it to "
				 "DTLSSHIM_PORTS (--ports), or PROGRAM=WIRE if the server has "
				 "another port for DTLS",
				 port);
}
