/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "host/sys.h"
#include "shim/calls/client.h"
#include "shim/base/fdtab.h"
#include "shim/socket/port_guard.h"
#include "shim/serve/lease.h"
#include "shim/base/preload_order.h"
#include "shim/base/procfd.h"
#include "shim/base/real.h"
#include "shim/base/shim.h"
#include "shim/socket/sock.h"

_Thread_local volatile bool shim_inside;
struct host_options shim_options;

/* What options can have wrong is found here, what files can have wrong when the first port is bound:
 * not the programs that the server starts, which may not read its keys, must end by that. */
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
	if (shim_client_init(why))
		host_die(1, "%s", why);
}

/* Not by the constructor: a program that protects nothing keeps its descriptors as they are. */
void shim_open_log(void)
{
	static bool done;
	int r;

	if (done)
		return;
	done = true;
	r = host_log_open((enum host_log_level)shim_options.log_level, shim_options.log_file);
	if (r)
		host_die(1, "cannot open the log file %s: errno %d",
			 shim_options.log_file ? shim_options.log_file : "(standard error)", -r);
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
	r = shim_fdtab_init();
	if (r)
		host_die(1, "cannot map the table of descriptors: errno %d", -r);
	shim_guard_init();
	shim_own_init();
	configure();
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
	/* What systemd, inetd or the program before this one left open, before anything is done
	 * with it */
	shim_each_fd(look_at, NULL);
}

__attribute__((destructor)) static void stop(void)
{
	if (shim_is_vforked() || !shim_enter())
		return;
	shim_endpoints_end();
	shim_leave();
}
