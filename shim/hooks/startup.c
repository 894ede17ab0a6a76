/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/hooks/startup.h"

#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "host/log_queue.h"
#include "host/plaintext.h"
#include "host/sys.h"
#include "shim/base/preload_order.h"
#include "shim/base/procfd.h"
#include "shim/base/real.h"
#include "shim/base/shim.h"
#include "shim/calls/client.h"
#include "shim/calls/peer.h"
#include "shim/calls/recv.h"
#include "shim/calls/send.h"
#include "shim/calls/wait.h"
#include "shim/serve/guests.h"
#include "shim/serve/handover.h"
#include "shim/serve/lease.h"
#include "shim/serve/second_socket.h"
#include "shim/serve/service.h"
#include "shim/serve/threads.h"
#include "shim/serve/stranger.h"
#include "shim/socket/above.h"
#include "shim/socket/fdtab.h"
#include "shim/socket/port_guard.h"
#include "shim/socket/report.h"
#include "shim/socket/retired.h"

/* Mistakes in options end the program here, mistakes in the files that they name only at the first
 * bind() of a listed port.  A server may start programs that have its environment, bind nothing,
 * and have no right to read its keys; they must not end. */
static void configure(void)
{
	struct ds_config cfg;
	char why[DS_WHY_MAX];

	host_options_init(&shim_options);
	if (host_options_env(&shim_options, HOST_SHIM, environ, why))
		host_die(1, "%s", why);
	if (host_has_role(&shim_options, DS_SERVER) &&
	    host_config_make_as(&cfg, NULL, &shim_options, DS_SERVER, why))
		host_die(1, "%s", why);
	if (host_plaintext_share(&shim_options, why))
		host_die(1, "%s", why);
	if (shim_client_init(why))
		host_die(1, "%s", why);
}

static const struct shim_above above = {
	.prepare = shim_service_prepare,
	.arm = shim_service_arm,
	.disarm = shim_service_remove,
	.late = shim_service_late,
	.start = shim_service_start,
	.look = shim_service_look,
	.has_threads = shim_program_has_threads,
	.lease_make = shim_lease_make,
	.lease_take = shim_lease_take,
	.lease_drop = shim_lease_drop,
	.own = shim_own_endpoint,
	.share_wanted = shim_share_wanted,
	.share_leave = shim_share_leave,
	.stranger = shim_stranger,
	.bundle_make = shim_bundle_make,
	.served = shim_second_socket_note,
	.client_begins = shim_client_begins,
	.client_fini = shim_client_fini,
	.client_event = shim_client_event,
	.client_arrived = shim_client_arrived,
	.client_shown = shim_client_shown,
	.client_linger = shim_client_linger,
	.pump = shim_pump,
	.ensure = shim_ensure,
	.send_for_guest = shim_send_for_guest,
	.peer_find = shim_peer_find,
};

/* The functions by which each module with locks, descriptors or threads begins anew in a child. */
static shim_forked_fn *const forked[] = {
	shim_service_forked, shim_socks_forked, shim_endpoints_forked, shim_wait_forked,
	shim_bundle_forked,  shim_guard_forked, shim_share_forked,     shim_mailboxes_forked,
};

static void before_fork(void)
{
	if (shim_unlikely(atomic_load(&shim_n_fresh)))
		shim_fd_each_fresh(shim_mailbox_make);
}

void shim_init(void)
{
	static bool done;
	int r;

	if (shim_likely(done))
		return;
	done = true;
	host_log_note_stderr();
	shim_real_init();
	shim_above = &above;
	r = shim_fdtab_init();
	if (r)
		host_die(1, "cannot map the table of descriptors: errno %d", -r);
	shim_guard_init();
	shim_lease_init();
	shim_fork_init(forked, sizeof(forked) / sizeof(forked[0]), before_fork);
	configure();
	shim_report_begin();
}

static void look_at(void *ctx, int fd, const char *link)
{
	(void)ctx;
	if (!strncmp(link, "socket:", 7))
		shim_fd_probe(fd);
}

__attribute__((constructor)) static void start(void)
{
	shim_init();
	shim_preload_order_check();
	/* Descriptors that systemd, inetd or the program before this one left open are looked at
	 * before the program uses them */
	shim_each_fd(look_at, NULL);
}

__attribute__((destructor)) static void stop(void)
{
	if (shim_is_vforked())
		return;
	if (shim_enter()) {
		shim_endpoints_end();
		shim_leave();
	}
	host_log_end();
}
