/* SPDX-License-Identifier: Apache-2.0 */
/*
 * startup.h - start and end of the shim in a process
 */
#ifndef SHIM_HOOKS_STARTUP_H
#define SHIM_HOOKS_STARTUP_H

/* Makes the shim ready: options, table, libc's functions.  Ends the process on an error in the
 * configuration.  The constructor calls it; bind() does, should it come earlier. */
void shim_init(void);

#endif
