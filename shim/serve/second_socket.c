/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/serve/second_socket.h"

#include "host/log.h"
#include "host/sys.h"
#include "host/udp.h"
#include "shim/serve/lease.h"
#include "shim/serve/rendezvous.h"
#include "shim/socket/choose.h"
#include "shim/socket/facade.h"
#include "shim/socket/retired.h"

_Atomic uint64_t shim_second_socket_name;

static atomic_uint noted_in; /* the process that the name was noted in */

void shim_second_socket_note(int near)
{
	uint64_t name;

	if (!shim_facade_leads_to(near, &name))
		return;
	atomic_store(&noted_in, shim_generation());
	atomic_store(&shim_second_socket_name, name);
}

/* 1, 0, or -1: it cannot be found out.  Few sends go to an address with a session, so
 * the kernel is asked for the kind of the sending socket only then. */
static int has_session_with(int fd, const struct ds_addr *peer)
{
	if (shim_has_session(peer))
		return shim_udp_family(fd) != 0;
	/* Nobody of the family has served yet */
	if (shim_second_socket_name == shim_meeting_name() && !shim_family_served())
		return 0;
	/* If this process protected the socket itself and serves it, no other process has sessions */
	if (atomic_load(&noted_in) == shim_generation() && shim_serves_all())
		return 0;
	return shim_udp_family(fd) ? shim_rendezvous_ask_session(shim_second_socket_name, peer) : 0;
}

int shim_second_socket_check_slow(int fd, const struct sockaddr *sa, socklen_t len)
{
	static struct host_log_limit limit;
	char text[DS_ADDR_TEXT];
	struct ds_addr peer;
	int found;

	if (shim_options.clear_answers || shim_is_bad(sa) ||
	    !host_addr_from_sockaddr(&peer, sa, len) || !shim_enter())
		return 0;
	found = has_session_with(fd, &peer);
	shim_leave();
	if (!found)
		return 0;
	host_log_limited(
		&limit, HOST_LOG_WARN,
		"event=clear_answer_refused peer=%s fd=%d: %s; what an unprotected socket sends "
		"there would leave in clear (DTLSSHIM_CLEAR_ANSWERS=true allows it)",
		ds_addr_format(&peer, text), fd,
		found > 0 ? "this peer has a session with a protected port"
			  : "the process that serves the port does not say whether this peer has "
			    "a session");
	return -EPERM;
}
