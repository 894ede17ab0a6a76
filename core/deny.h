/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deny.h - the list of peers that get no session
 *
 * The list is text, one entry a line:
 *
 *	id:IDENTITY		of a pre-shared key
 *	subject:NAME		of a certificate, as the log shows it ("C=SE, CN=device-1")
 *	serial:HEX		number of a certificate, whoever issued it; colons are allowed
 *
 * Identities and names may stand in quotes, with \xHH and a backslash before a quote or a backslash, as
 * the log shows them.  Empty lines, and lines that begin with '#', say nothing.
 *
 * Threads:  a list does not change; any thread may ask it.
 */
#ifndef CORE_DENY_H
#define CORE_DENY_H

#include "dtlsshim/engine.h"

#define DS_SERIAL_TAG 5 /* bytes that are kept of a certificate's serial number, as a hash */

struct ds_deny;

/**
 * struct ds_deny_peer - who is asked about
 * @identity:	of the key, or, with @by_cert, the certificate's subject
 * @serial:	with @by_cert: from ds_serial_tag()
 */
struct ds_deny_peer {
	const uint8_t *identity;
	size_t len;
	bool by_cert;
	const uint8_t *serial;
};

/* Makes a list from cfg's @deny.  0, DS_E_CONFIG with @why, DS_E_NOMEM. */
DS_MUST_CHECK
int ds_deny_new(struct ds_deny **out, const struct ds_config *cfg, char why[static DS_WHY_MAX]);
/* NULL is allowed. */
void ds_deny_free(struct ds_deny *d, const struct ds_config *cfg);
/* True if the peer is in the list; NULL is an empty list. */
bool ds_deny_has(const struct ds_deny *d, const struct ds_deny_peer *peer);

/* What is kept of a serial number. */
void ds_serial_tag(const uint8_t *serial, size_t len, uint8_t tag[static DS_SERIAL_TAG]);

#endif
