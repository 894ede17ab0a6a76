/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path_check.h - path checks that run (RFC 9853): whose they are, and which of them is due next
 *
 * Checks are few and short, so they are no part of a session, which has a pointer to its own.  What is
 * asked, and what follows from an answer, is engine_path.c's.
 *
 * Memory:   one small block a check, DS_CHECKS_MAX at the same time.
 * Threads:  under the engine's lock.
 */
#ifndef CORE_PATH_CHECK_H
#define CORE_PATH_CHECK_H

#include <sys/queue.h>

#include "core/session.h"

#define DS_CHECKS_MAX	4096
#define DS_CHECK_COOKIE 8 /* bytes; RFC 9853, 4 */
#define DS_CHECK_TRIES	3 /* challenges, the most of any stage */

/* Which address is asked: the one that a session moved to, or the one that it might leave. */
enum ds_check_stage { DS_CHECK_NEW, DS_CHECK_OLD, DS_CHECK_STAGES };

/**
 * struct ds_check - one that runs
 * @other:	OLD: where the newest record came from; NEW: where the session goes back to, and whether
 *		that was @proven; family 0 = nowhere
 * @bytes:	OLD: what came from there
 * @cookies:	of the challenges of this stage, @tried of them
 */
struct ds_check {
	TAILQ_ENTRY(ds_check) order;
	ds_session session;
	enum ds_check_stage stage;
	struct ds_path other;
	bool proven;
	uint8_t tried;
	size_t bytes;
	ds_time due;
	uint8_t cookies[DS_CHECK_TRIES][DS_CHECK_COOKIE];
};

/* Those of an engine.  All of a stage are due after the same time, so that a queue has them in order. */
struct ds_checks {
	TAILQ_HEAD(ds_check_list, ds_check) waiting[DS_CHECK_STAGES];
	uint32_t n;
};

void ds_checks_init(struct ds_checks *checks);
void ds_checks_fini(struct ds_checks *checks, const struct ds_config *cfg);

/* The one that runs for @s, or NULL. */
struct ds_check *ds_check_of(const struct ds_slot *s);
/* A new one for @s, called @session, which has none; NULL = no room.  Ask at once. */
struct ds_check *ds_check_new(struct ds_checks *checks, const struct ds_config *cfg,
			      struct ds_slot *s, ds_session session);
/* Ends the one of @s, if there is one. */
void ds_check_end(struct ds_checks *checks, const struct ds_config *cfg, struct ds_slot *s);
/* Ends @c, whose session is gone. */
void ds_check_free(struct ds_checks *checks, const struct ds_config *cfg, struct ds_check *c);

/* @stage begins, with no cookies. */
void ds_check_enter(struct ds_checks *checks, struct ds_check *c, enum ds_check_stage stage);
/* An answer is awaited from @now on. */
void ds_check_wait(struct ds_checks *checks, struct ds_check *c, ds_time now);
/* True if one more challenge may be sent in this stage. */
bool ds_check_may_try(const struct ds_check *c);
/* True if @cookie is that of a challenge of this stage. */
bool ds_check_knows(const struct ds_check *c, const uint8_t *cookie);

/* One whose answer is overdue, or NULL; and when the first will be. */
struct ds_check *ds_checks_overdue(const struct ds_checks *checks, ds_time now);
ds_time ds_checks_deadline(const struct ds_checks *checks);

#endif
