/* SPDX-License-Identifier: Apache-2.0 */
/* path_check.c - see path_check.h */
#include "core/path_check.h"

#include <string.h>

/* RFC 9853, 5.5: one second where the round trip time is not known.  A challenge that is lost must not
 * give the address away, so that the old one is asked twice within it. */
static const struct {
	ds_time pace;
	uint8_t tries;
} stages[] = {
	[DS_CHECK_NEW] = {DS_SECOND, DS_CHECK_TRIES},
	[DS_CHECK_OLD] = {DS_SECOND / 2, 2},
};

void ds_checks_init(struct ds_checks *checks)
{
	checks->n = 0;
	for (int i = 0; i < DS_CHECK_STAGES; i++)
		TAILQ_INIT(&checks->waiting[i]);
}

void ds_check_free(struct ds_checks *checks, const struct ds_config *cfg, struct ds_check *c)
{
	TAILQ_REMOVE(&checks->waiting[c->stage], c, order);
	checks->n--;
	cfg->release(cfg->ctx, c, sizeof(*c));
}

void ds_checks_fini(struct ds_checks *checks, const struct ds_config *cfg)
{
	for (int i = 0; i < DS_CHECK_STAGES; i++)
		while (!TAILQ_EMPTY(&checks->waiting[i]))
			ds_check_free(checks, cfg, TAILQ_FIRST(&checks->waiting[i]));
}

struct ds_check *ds_check_of(const struct ds_slot *s)
{
	const struct ds_slot_rrc *rrc = ds_slot_rrc(s);

	return rrc ? rrc->check : NULL;
}

struct ds_check *ds_check_new(struct ds_checks *checks, const struct ds_config *cfg,
			      struct ds_slot *s, ds_session session)
{
	struct ds_check *c = NULL;

	if (checks->n < DS_CHECKS_MAX)
		c = cfg->alloc(cfg->ctx, sizeof(*c));
	if (!c)
		return NULL;
	c->session = session;
	checks->n++;
	TAILQ_INSERT_TAIL(&checks->waiting[c->stage], c, order);
	ds_slot_rrc(s)->check = c;
	return c;
}

void ds_check_end(struct ds_checks *checks, const struct ds_config *cfg, struct ds_slot *s)
{
	struct ds_check *c = ds_check_of(s);

	if (!c)
		return;
	ds_slot_rrc(s)->check = NULL;
	ds_check_free(checks, cfg, c);
}

void ds_check_enter(struct ds_checks *checks, struct ds_check *c, enum ds_check_stage stage)
{
	TAILQ_REMOVE(&checks->waiting[c->stage], c, order);
	c->stage = stage;
	c->tried = 0;
	TAILQ_INSERT_TAIL(&checks->waiting[stage], c, order);
}

void ds_check_wait(struct ds_checks *checks, struct ds_check *c, ds_time now)
{
	TAILQ_REMOVE(&checks->waiting[c->stage], c, order);
	c->due = now + stages[c->stage].pace;
	TAILQ_INSERT_TAIL(&checks->waiting[c->stage], c, order);
}

bool ds_check_may_try(const struct ds_check *c)
{
	return c->tried < stages[c->stage].tries;
}

bool ds_check_knows(const struct ds_check *c, const uint8_t *cookie)
{
	for (int i = 0; i < c->tried; i++)
		if (memcmp(c->cookies[i], cookie, DS_CHECK_COOKIE) == 0)
			return true;
	return false;
}

struct ds_check *ds_checks_overdue(const struct ds_checks *checks, ds_time now)
{
	for (int i = 0; i < DS_CHECK_STAGES; i++) {
		struct ds_check *c = TAILQ_FIRST(&checks->waiting[i]);

		if (c && c->due <= now)
			return c;
	}
	return NULL;
}

ds_time ds_checks_deadline(const struct ds_checks *checks)
{
	ds_time at = DS_TIME_NEVER;

	for (int i = 0; i < DS_CHECK_STAGES; i++) {
		const struct ds_check *c = TAILQ_FIRST(&checks->waiting[i]);

		if (c && c->due < at)
			at = c->due;
	}
	return at;
}
