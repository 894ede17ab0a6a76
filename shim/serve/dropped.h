/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dropped.h - a line in the log for what the kernel's filter dropped before anybody saw it
 *
 * The filter (filter.h) tells nobody who it was, and must not: that would cost a wake-up a datagram.
 * But the kernel counts, and to look at that count now and then is enough for an operator whose device
 * still speaks plaintext.
 */
#ifndef SHIM_SERVE_DROPPED_H
#define SHIM_SERVE_DROPPED_H

#include "dtlsshim/config.h"

/* Looks at the counts of all wires, once a second at most, and has one line a minute for each whose count
 * rose.  The service thread's, without locks. */
void shim_dropped_look(ds_time now);

#endif
