/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: signal handlers.  Nothing happens to them; that they changed is noted, because whether an
 * interrupted receive goes on is the handler's SA_RESTART (wait.c). */
#include "shim/hooks/hook.h"
#include "shim/calls/wait.h"

SHIM_EXPORT int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	int r = real_sigaction(sig, act, old);

	shim_handlers_changed();
	return r;
}

SHIM_EXPORT int __sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	return sigaction(sig, act, old);
}

#define SIGNAL(name)                                                                               \
	SHIM_EXPORT sighandler_t name(int sig, sighandler_t handler)                               \
	{                                                                                          \
		sighandler_t old = real_##name(sig, handler);                                      \
                                                                                                   \
		shim_handlers_changed();                                                           \
		return old;                                                                        \
	}

SIGNAL(signal)
SIGNAL(bsd_signal)
SIGNAL(ssignal)
SIGNAL(sysv_signal)
SIGNAL(__sysv_signal)
SIGNAL(sigset)

SHIM_EXPORT int siginterrupt(int sig, int on)
{
	int r = real_siginterrupt(sig, on);

	shim_handlers_changed();
	return r;
}
