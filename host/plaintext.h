/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plaintext.h - DTLSSHIM_PLAINTEXT: which ports take plaintext, and the memory of what has migrated
 *
 * The addresses that had a session (struct ds_engine, ds_engine_plaintext()) are one memory of all
 * engines of a process and of its children, whatever port they are at.  With a state file it is the
 * file FILE.migrated and outlives all of them; else it ends with the last.  Where no port allows
 * plaintext there is none.
 *
 * Errors:   one line in @why: the caller ends, or does not serve.
 */
#ifndef HOST_PLAINTEXT_H
#define HOST_PLAINTEXT_H

#include "dtlsshim/engine.h"
#include "host/options.h"

/* What the options say about wire port @port. */
enum ds_plaintext host_plaintext_at(const struct host_options *o, uint16_t port);
/* True if some port allows plaintext. */
bool host_plaintext_allowed(const struct host_options *o);

/* Checks that each port that is named is the wire side of one of @ports; @n 0: any port will do. */
DS_MUST_CHECK
int host_plaintext_check(const struct host_options *o, const struct host_port *ports, uint32_t n,
			 char why[static DS_WHY_MAX]);

/* Makes the memory that is no file, for a process that may fork before it serves.  While there is one
 * thread. */
DS_MUST_CHECK
int host_plaintext_share(const struct host_options *o, char why[static DS_WHY_MAX]);

/**
 * host_plaintext_begin() - give a server's engine its rule
 * @e:		without sessions
 * @port:	its wire port; 0 = not known yet, so that addresses are noted and everything is denied;
 *		then to be called again
 *
 * A port that allows plaintext is one line in the log, at level warn.
 */
DS_MUST_CHECK
int host_plaintext_begin(struct ds_engine *e, const struct host_options *o, uint16_t port,
			 char why[static DS_WHY_MAX]);

#endif
