/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h - IANA's names for the numbers of handshakes, for the log
 *
 * Of cipher suites also those that this version never speaks, but which clients offer.
 */
#ifndef HOST_NAMES_H
#define HOST_NAMES_H

#include <stdint.h>

#include "dtlsshim/engine.h"

#include "host/text.h"

/* Each adds the name of a number, or the number where it has no name here. */
void host_name_suite(struct host_text *t, uint16_t id);
void host_name_group(struct host_text *t, uint16_t id);
void host_name_version(struct host_text *t, uint16_t version);

/* What to do, in words that name our options; "" for DS_ADVICE_NONE. */
const char *host_advice(enum ds_advice advice);

/* The name of an alert's description (RFC 5246, 7.2), "unknown" if it has none. */
const char *host_name_alert(uint8_t description);

#endif
