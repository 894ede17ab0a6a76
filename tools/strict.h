/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strict.h - strict mode of `dtlsshim run`
 */
#ifndef TOOLS_STRICT_H
#define TOOLS_STRICT_H

#include "host/options.h"

/**
 * strict_begin() - hold the ports of @o, and leave a process behind that proves their protection
 *
 * The calling process is to become the program: descriptors and variable (host/strict.h) are
 * there for it.  The other process is not its child.  Ends the process with a line on
 * standard error if a port cannot be had.
 */
void strict_begin(const struct host_options *o);

/**
 * strict_prove() - the process beside the program
 * @reports:	where protected sockets are reported
 * @program:	pidfd of the process that was started
 * @o:		its options: when all ports in them are proved it is done
 *
 * Speaks to each reported socket: plaintext must get no answer, a ClientHello one of DTLS.  If
 * plaintext is answered the program is killed.  If none of the ports is bound in time the program is
 * ended with HOST_STRICT_STATUS.  If a client ends without a protected socket a line says so, and the
 * shim in it sees to the status.  Return: when there is nothing more to prove
 */
void strict_prove(int reports, int program, const struct host_options *o);

/* Prints one line on standard error. */
__attribute__((format(printf, 1, 2))) void strict_say(const char *fmt, ...);

#endif
