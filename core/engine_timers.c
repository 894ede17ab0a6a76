/* SPDX-License-Identifier: Apache-2.0 */
/* engine_timers.c - handshakes that have something to do because time has passed */
#include "core/engine_impl.h"

static void time_out(struct ds_engine *e, struct ds_handshake *h)
{
	if (h->state == DS_HS_LINGERING) {
		ds_engine_drop_handshake(e, h);
		return;
	}
	if (h->alert_at != DS_TIME_NEVER) {
		e->stats.handshakes_failed++;
		h->job.failure =
			(struct ds_tls_failure){.reason = DS_REASON_PEER_ALERT, .alert = h->alert};
		ds_engine_fail(e, h, DS_REASON_PEER_ALERT);
		return;
	}
	e->stats.handshakes_timeout++;
	ds_engine_fail(e, h,
		       h->job.wrong_key_at == DS_TIME_NEVER ? DS_REASON_TIMEOUT
							    : DS_REASON_PSK_WRONG);
}

static ds_time tick_list(struct ds_engine *e, struct ds_hs_list *l, ds_time now)
{
	struct ds_handshake *h = TAILQ_FIRST(l), *next;
	ds_time earliest = DS_TIME_NEVER, at;

	for (; h; h = next) {
		next = TAILQ_NEXT(h, order);
		if (h->busy)
			continue; /* it is looked at again when its job is back */
		at = ds_handshake_deadline(h);
		if (ds_handshake_end(h) <= now && e->event_count < DS_EVENTS / 2)
			time_out(e, h);
		else if (ds_handshake_end(h) > now && at <= now)
			ds_engine_want_job(e, h);
		else if (at < earliest)
			earliest = at; /* at once, when the events so far were taken */
	}
	return earliest;
}

void ds_engine_tick_handshakes(struct ds_engine *e, ds_time now)
{
	ds_time running = tick_list(e, &e->running, now);
	ds_time lingering = tick_list(e, &e->lingering, now);

	e->hs_deadline = running < lingering ? running : lingering;
}
