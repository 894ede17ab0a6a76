/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/base/shim.h"

#include "host/log.h"

struct host_options shim_options;

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
		host_die(1, "DTLSSHIM_LOG_FILE: %s: %s",
			 shim_options.log_file ? shim_options.log_file : "(standard error)",
			 host_log_trouble(r));
}
