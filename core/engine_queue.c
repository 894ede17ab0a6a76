/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_queue.c - what an engine has for its caller: datagrams to send, and events
 */
#include <string.h>

#include "core/engine_impl.h"
#include "dtlsshim/store.h"

struct ds_small *ds_engine_small(struct ds_engine *e, const struct ds_path *path)
{
	struct ds_small *s;

	if (e->small_count == DS_SMALL_OUT) {
		e->stats.drop_queue++;
		return NULL;
	}
	s = &e->small[(e->small_head + e->small_count++) % DS_SMALL_OUT];
	s->path = *path;
	s->len = 0;
	return s;
}

/* A small datagram that could not be filled has no length and is passed over. */
static bool take_small(struct ds_engine *e, struct ds_path *path, uint8_t *buf, size_t cap,
		       size_t *len)
{
	while (e->small_count) {
		const struct ds_small *s = &e->small[e->small_head];

		e->small_head = (e->small_head + 1) % DS_SMALL_OUT;
		e->small_count--;
		if (s->len && s->len <= cap) {
			*path = s->path;
			*len = s->len;
			memcpy(buf, s->data, s->len);
			return true;
		}
	}
	return false;
}

bool ds_engine_output(struct ds_engine *e, struct ds_path *path, uint8_t *buf, size_t cap,
		      size_t *len)
{
	struct ds_packet *p;

	if (take_small(e, path, buf, cap, len))
		return true;
	while (e->out_taken < e->out_held && (p = ds_queue_take(&e->out))) {
		bool fits = p->len <= cap;

		e->out_taken++;
		if (fits) {
			*path = p->path;
			*len = p->len;
			memcpy(buf, p->data, p->len);
		} else {
			e->stats.drop_queue++;
		}
		ds_packet_free(&e->cfg, p);
		if (fits)
			return true;
	}
	return false;
}

uint64_t ds_engine_queued(const struct ds_engine *e)
{
	return e->out_taken + e->out.count;
}

void ds_engine_hold(struct ds_engine *e, uint64_t from)
{
	e->out_held = from;
}

struct ds_event *ds_engine_push_event(struct ds_engine *e, enum ds_event_type type,
				      enum ds_reason reason)
{
	struct ds_event *ev;

	if (e->event_count == DS_EVENTS) {
		e->event_head = (e->event_head + 1) % DS_EVENTS;
		e->event_count--;
	}
	ev = &e->events[(e->event_head + e->event_count++) % DS_EVENTS];
	memset(ev, 0, sizeof(*ev));
	ev->type = type;
	ev->reason = reason;
	return ev;
}

bool ds_engine_event(struct ds_engine *e, struct ds_event *out)
{
	if (!e->event_count)
		return false;
	*out = e->events[e->event_head];
	e->event_head = (e->event_head + 1) % DS_EVENTS;
	e->event_count--;
	return true;
}
