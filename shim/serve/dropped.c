/* SPDX-License-Identifier: Apache-2.0 */
/* dropped.c - see dropped.h */
#include "shim/serve/dropped.h"

#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/socket/sock.h"

#define LOOK  DS_SECOND
#define PAUSE (60 * DS_SECOND) /* between two lines about a socket */

/* Datagrams that the kernel had for the wire of @s and did not keep. */
static uint32_t count(const struct shim_sock *s)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(info);

	host_sys6(SYS_getsockopt, s->wire, SOL_SOCKET, SO_MEMINFO, info, &len, 0);
	return info[SK_MEMINFO_DROPS];
}

static void look(struct shim_sock *s, ds_time now)
{
	uint32_t drops = count(s);

	if (drops == s->drops || now < s->drops_due)
		return;
	host_log(HOST_LOG_WARN,
		 "event=plaintext port=%u dropped=%u: datagrams that are no DTLS, or for which the "
		 "receive buffer had no room; --plaintext log says from which networks",
		 s->wire_port, drops - s->drops);
	s->drops = drops;
	s->drops_due = now + PAUSE;
}

void shim_dropped_look(ds_time now)
{
	static ds_time next;
	struct shim_sock *s;
	bool end;

	if (now < next)
		return;
	next = now + LOOK;
	for (uint32_t i = 0; s = shim_sock_at(i, &end), !end; i++) {
		if (!s)
			continue;
		if (s->life == SHIM_SERVED && s->ep->role == DS_SERVER && shim_owned(s->ep))
			look(s, now);
		shim_put(s);
	}
}
