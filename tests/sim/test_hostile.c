/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_hostile.c - altered and random datagrams against an engine in every state
 *
 * Whatever arrives: no crash (the sanitizer builds run this too), nothing delivered that nobody
 * sent, every datagram leaves a trace in a counter, and another client's session goes on.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/net.h"

/* Sum of all counters but rx_datagrams: what was done with what arrived. */
static uint64_t traces(struct net *n)
{
	const struct ds_stats *s = ds_engine_stats(n->server.engine);
	uint64_t sum = 0;

#define ADD(name, text) sum += s->name;
	DS_STATS_MAP(ADD)
#undef ADD
	return sum - s->rx_datagrams;
}

static struct net *with_witness(uint8_t cid_length)
{
	struct net *n = net_new();

	n->server.env.cfg.cid_length = cid_length;
	net_start_server(n);
	net_connect(n, 7);
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 7));
	return n;
}

/* The witness still talks, and nothing but its word has been delivered. */
static void check_witness(struct net *n)
{
	size_t before = n->server.n_messages;

	assert_int_equal(net_send(n, 7, "witness", 7), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, before + 1);
	assert_memory_equal(n->server.messages[before].head, "witness", 7);
	n->server.n_messages = 0;
	n->server.n_events = 0;
}

/* A recording of client 0: its handshake, one message, close_notify. */
struct recording {
	size_t n;
	size_t len[16];
	uint8_t data[16][512];
};

static void record(struct recording *r, uint8_t cid_length)
{
	struct net *n = with_witness(cid_length);
	size_t from = n->n_log;

	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	net_send(n, 0, "recorded", 8);
	net_run_for(n, 0);
	ds_engine_close(n->clients[0].engine, net_client_session(n, 0), n->now);
	net_drain(n, &n->clients[0]);
	r->n = 0;
	for (size_t i = from; i < n->n_log; i++) {
		if (!ds_addr_equal(&n->log[i].from, &n->clients[0].addr))
			continue;
		assert_true(n->log[i].len <= sizeof(r->data[0]));
		r->len[r->n] = n->log[i].len;
		memcpy(r->data[r->n++], n->log[i].data, n->log[i].len);
	}
	net_free(n);
	assert_int_equal(r->n, 5); /* two hellos, flight, message, close_notify */
}

static void attack(struct net *n, const struct ds_addr *from, const uint8_t *data, size_t len)
{
	uint64_t before = traces(n);

	net_inject(n, from, &n->server.addr, data, len);
	net_run_for(n, 0);
	assert_true(traces(n) > before);
	assert_int_equal(n->server.n_messages, 0);
	n->server.n_events = 0;
	if (!n->n_queue)
		net_forget_log(n);
}

/* The recorded client's world up to datagram @stage, then that datagram with each bit flipped. */
static void flip_every_bit(const struct recording *r, size_t stage, uint8_t cid_length)
{
	struct net *n = with_witness(cid_length);
	uint8_t bad[512];

	net_connect(n, 0);
	if (stage >= 3) {
		net_run_for(n, DS_SECOND);
		assert_true(net_established(n, 0));
	}
	n->n_queue = 0;
	for (size_t bit = 0; bit < r->len[stage] * 8; bit++) {
		memcpy(bad, r->data[stage], r->len[stage]);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		attack(n, &n->clients[0].addr, bad, r->len[stage]);
		n->clients[0].n_messages = 0;
		n->clients[0].n_events = 0;
	}
	check_witness(n);
	net_free(n);
}

static void test_recorded_flights_with_any_bit_flipped(void **state)
{
	struct recording r;

	(void)state;
	for (uint8_t cid = 0; cid <= 8; cid += 8) {
		record(&r, cid);
		for (size_t stage = 0; stage < r.n; stage++)
			flip_every_bit(&r, stage, cid);
	}
}

static void test_recorded_flights_cut_at_any_length(void **state)
{
	struct recording r;
	struct net *n;

	(void)state;
	record(&r, 8);
	n = with_witness(8);
	for (size_t stage = 0; stage < r.n; stage++)
		for (size_t len = 0; len < r.len[stage]; len++) {
			struct ds_addr from = net_addr(50, (uint16_t)(1000 + len));

			attack(n, &from, r.data[stage], len);
		}
	check_witness(n);
	net_free(n);
}

static void test_live_records_with_any_bit_flipped(void **state)
{
	(void)state;
	for (uint8_t cid = 0; cid <= 8; cid += 8) {
		struct net *n = with_witness(cid);
		uint8_t good[128], bad[128];
		size_t len;

		net_connect(n, 0);
		net_run_for(n, DS_SECOND);
		len = net_seal(n, &n->clients[0], net_client_session(n, 0), "genuine", 7, good,
			       sizeof(good));
		for (size_t bit = 0; bit < len * 8; bit++) {
			memcpy(bad, good, len);
			bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
			attack(n, &n->clients[0].addr, bad, len);
		}
		net_inject(n, &n->clients[0].addr, &n->server.addr, good, len);
		net_run_for(n, 0);
		assert_int_equal(n->server.n_messages, 1); /* and the window did not move */
		n->server.n_messages = 0;
		check_witness(n);
		net_free(n);
	}
}

/* Random headers around random bytes, some with the live CID or number. */
static size_t random_datagram(uint64_t *seed, const uint8_t *live, uint8_t *out)
{
	static const uint8_t types[] = {0, 19, 20, 21, 22, 22, 22, 23, 24, 25, 25, 25, 26, 64, 255};
	size_t len = test_random(seed) % 300;
	uint64_t r = test_random(seed);

	test_random_bytes(seed, out, len);
	if (len < 14 || (r & 7) == 0)
		return len;
	memcpy(out, live, 21 < len ? 21 : len);
	out[0] = types[r / 8 % sizeof(types)];
	if (r & 256)
		out[4] = (uint8_t)(r >> 9 & 1);
	if (r & 1024) {
		size_t at = out[0] == 25 ? 19 : 11;

		if (len > at + 2) {
			out[at] = (uint8_t)((len - at - 2) >> 8);
			out[at + 1] = (uint8_t)(len - at - 2);
		}
	}
	return len;
}

static void test_random_datagrams(void **state)
{
	struct net *n = with_witness(8);
	uint64_t seed = 4711;
	uint8_t live[128], bad[512];

	(void)state;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND);
	net_seal(n, &n->clients[0], net_client_session(n, 0), "live", 4, live, sizeof(live));
	for (int i = 0; i < 20000; i++) {
		size_t len = random_datagram(&seed, live, bad);
		struct ds_addr from = i & 1 ? n->clients[0].addr : net_addr(60, (uint16_t)i);

		attack(n, &from, bad, len);
	}
	check_witness(n);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_flights_with_any_bit_flipped),
		cmocka_unit_test(test_recorded_flights_cut_at_any_length),
		cmocka_unit_test(test_live_records_with_any_bit_flipped),
		cmocka_unit_test(test_random_datagrams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
