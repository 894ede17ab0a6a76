/* SPDX-License-Identifier: Apache-2.0 */
/*
 * advice.h - what an operator can change after a handshake that failed
 *
 * A pure function.  Here is the decision only; the words, with the names of options, are the front ends'.
 */
#ifndef CORE_ADVICE_H
#define CORE_ADVICE_H

#include "dtlsshim/engine.h"

/**
 * struct ds_own - what this side has
 * @client:	it began the handshake
 * @psk, @cert: a pre-shared key or somebody to ask for one; a certificate of its own
 * @all_suites:	its suites are all that fit these, not those that somebody named
 */
struct ds_own {
	bool client, psk, cert, all_suites;
};

/* What to do about @ev, of type FAILED, whose reason, alert and offer are there. */
enum ds_advice ds_advise(const struct ds_event *ev, const struct ds_own *own);

#endif
