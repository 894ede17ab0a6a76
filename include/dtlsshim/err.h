/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - what a core function can answer
 *
 * Hostile or lost input is never an error: it is a verdict and a counter (stats.h).
 * Errors are for the caller's own requests.
 */
#ifndef DTLSSHIM_ERR_H
#define DTLSSHIM_ERR_H

#include "dtlsshim/cdefs.h"

DS_BEGIN_DECLS

#define DS_MUST_CHECK __attribute__((warn_unused_result))

/* Name, text.  The errno a front end shows for each is the front end's affair. */
#define DS_ERR_MAP(X)                                                                              \
	X(DS_E_NOMEM, "out of memory")                                                             \
	X(DS_E_CONFIG, "bad configuration")                                                        \
	X(DS_E_NOSESSION, "no session with this peer")                                             \
	X(DS_E_TOOBIG, "message does not fit one record")                                          \
	X(DS_E_SPACE, "buffer too small")                                                          \
	X(DS_E_BUDGET, "held back: the peer's new address is not proven yet")                      \
	X(DS_E_FULL, "too many handshakes")                                                        \
	X(DS_E_CRYPTO, "cryptographic library error")                                              \
	X(DS_E_RANDOM, "random number source failed")

enum ds_err {
	DS_OK = 0,
#define DS_ERR_NEGATIVE(name, text) name##_POSITIVE,
	DS_ERR_ZERO_POSITIVE = 0,
	DS_ERR_MAP(DS_ERR_NEGATIVE)
#undef DS_ERR_NEGATIVE
#define DS_ERR_NAME(name, text) name = -name##_POSITIVE,
		DS_ERR_MAP(DS_ERR_NAME)
#undef DS_ERR_NAME
};

/* Text of an error, never NULL. */
const char *ds_strerror(int err);

DS_END_DECLS

#endif
