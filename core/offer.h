/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offer.h - what a ClientHello offers, as the log tells it
 *
 * Pure functions of a parsed hello (hello.h).
 */
#ifndef CORE_OFFER_H
#define CORE_OFFER_H

#include "core/hello.h"
#include "dtlsshim/engine.h"

/* The version its sender wants: 1.2 if it can do that, else its highest.  Of a hello in pieces, the
 * one that stands in the first. */
uint16_t ds_hello_version(const struct ds_hello *h);
bool ds_hello_speaks_dtls12(const struct ds_hello *h);

/* True if its sender would take a certificate of ours (RFC 7250, 3). */
bool ds_hello_takes_x509(const struct ds_hello *h);

/* All of @out but ->common, for which one must know what we have. */
void ds_offer_fill(struct ds_offer *out, const struct ds_hello *h);

#endif
