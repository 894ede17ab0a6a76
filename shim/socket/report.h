/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h - what the shim and the process beside the program (`dtlsshim run`) tell each other
 *
 * The program's end of a pair of sockets, one open file of all processes below `dtlsshim run`
 * (host/strict.h).  Once something is protected this end is shut down for reading, which all of
 * them see at once: that is the flag that says so.
 *
 * The process that was started has run's process id, and nobody but itself can choose its exit
 * status.  So the process beside sends it a signal, and on_exit() looks at the flag.
 *
 * Threads:  any, inside the shim.
 */
#ifndef SHIM_SOCKET_REPORT_H
#define SHIM_SOCKET_REPORT_H

#include "shim/socket/sock.h"

extern atomic_int shim_report_fd; /* -1: there is none */

/* Makes the process that `dtlsshim run` became end with HOST_STRICT_STATUS when nothing was
 * protected: told so by HOST_STRICT_SIGNAL (a handler the program has for SIGTERM is called first),
 * or at exit(0) of a client.  After the options were read. */
void shim_report_begin(void);

/* @s is protected.  Of clients only the first of a process is reported. */
void shim_report_protected(const struct shim_sock *s, enum ds_role role);

/* @port is not listed, and was bound or is sent to in clear. */
void shim_report_clear(uint16_t port);

#endif
