/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: loading code. */
#include <dlfcn.h>

#include "host/log.h"
#include "shim/hooks/hook.h"
#include "shim/base/shim.h"

static void note(const char *file)
{
	static struct host_log_limit limit;

	host_log_limited(&limit, HOST_LOG_INFO, "event=deepbind_removed file=%s",
			 file ? file : "(program)");
}

/* With RTLD_DEEPBIND the plugin's calls would go past every hook.
 *
 * The last call must be a jump: libc looks at the return address to learn whose RUNPATH and $ORIGIN
 * count. */
#if defined(__GNUC__) && !defined(__clang__)
__attribute__((optimize("optimize-sibling-calls")))
#endif
SHIM_EXPORT void *
dlopen(const char *file, int mode)
{
	if (mode & RTLD_DEEPBIND && !shim_options.deepbind) {
		note(file);
		mode &= ~RTLD_DEEPBIND;
	}
	return real_dlopen(file, mode);
}
