/* SPDX-License-Identifier: Apache-2.0 */
/* preload_order.h - whether the program's calls come to us although another library comes first */
#ifndef SHIM_BASE_PRELOAD_ORDER_H
#define SHIM_BASE_PRELOAD_ORDER_H

#include <stdbool.h>

/* The hook of bind() was called with one of our own descriptors; only the check below reads it. */
extern bool shim_bind_met_hidden;

/* Ends the process with a line if another library's send() or the like stands before ours and does
 * not lead to it.  Leaves errno alone.  For the constructor, before any other thread runs, after
 * shim_init(); it may run the constructors of the libraries before us. */
void shim_preload_order_check(void);

#endif
