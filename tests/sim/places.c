/* SPDX-License-Identifier: Apache-2.0 */
/* places.c - see places.h */
#include "tests/sim/places.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t state_key[DS_STORE_KEY] = "the state key of the simulation";

void places_init(struct places *p, struct net *n)
{
	uint8_t sealed[DS_STORE_HEADER];

	memset(p, 0, sizeof(*p));
	p->room = PLACES;
	p->wall = 1700000000;
	memcpy(p->header.file_id, "file number one", 16);
	assert_int_equal(ds_store_new(&p->store, &n->server.env.cfg, state_key), 0);
	assert_int_equal(ds_store_header_seal(p->store, &p->header, sealed), 0);
	if (n->server.engine)
		ds_engine_store(n->server.engine, p->store, p->lines, p->room, p->wall);
}

void places_fini(struct places *p)
{
	ds_store_free(p->store);
}

void places_keep(struct places *p, struct net *n)
{
	uint8_t image[DS_STORE_IMAGE];
	uint32_t slot;

	while (ds_engine_image(n->server.engine, &slot, image)) {
		assert_in_range(slot, 1, p->room);
		memcpy(p->images[slot], image, sizeof(image));
	}
}

void places_kill(struct places *p, struct net *n)
{
	(void)p;
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
}

void places_start(struct places *p, struct net *n)
{
	net_start_server(n);
	places_take_back(p, n);
}

void places_begin(struct places *p, struct net *n)
{
	ds_engine_store(n->server.engine, p->store, p->lines, p->room, p->wall);
	ds_engine_keep(n->server.engine, p->room, p->order);
	p->next = 0;
}

bool places_take_some(struct places *p, struct net *n, uint32_t count)
{
	for (; count && p->next < p->room; count--) {
		uint32_t slot = p->order[p->next++];

		if (!ds_engine_restore(n->server.engine, slot, p->images[slot], &p->how, n->now))
			memset(p->images[slot], 0, DS_STORE_IMAGE);
	}
	if (p->next < p->room)
		return true;
	ds_engine_restored(n->server.engine);
	return false;
}

void places_take_back(struct places *p, struct net *n)
{
	places_begin(p, n);
	assert_false(places_take_some(p, n, p->room));
	if (!p->how.leap) /* after a reboot nobody is left who could answer late */
		ds_engine_inherit(n->server.engine, n->now);
	p->how.leap = false;
}

void places_replay(struct net *n)
{
	size_t end = n->n_log;

	for (size_t i = 0; i < end; i++)
		if (ds_addr_equal(&n->log[i].to, &n->server.addr))
			net_inject(n, &n->log[i].from, &n->log[i].to, n->log[i].data,
				   n->log[i].len);
	net_run_for(n, 0);
	while (n->n_log > end) /* what was replayed is no news */
		free(n->log[--n->n_log].data);
}
