/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_limits.c - every limit just below, at and above it
 *
 * Nobody waits for 2^23 records: where a session has to be old, its counters are set.
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine_impl.h"
#include "core/rebind.h"
#include "tests/sim/net.h"

static struct net *with_suite(uint16_t suite)
{
	struct net *n = net_new();

	net_init_client(n, 0);
	n->clients[0].env.cfg.suites[0] = suite;
	n->server.env.cfg.rrc = DS_RRC_OFF; /* a peer that cannot be asked where it is */
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	assert_int_equal(net_send(n, 0, "x", 1), 0);
	net_run_for(n, 0);
	n->server.n_messages = 0;
	return n;
}

static struct ds_slot *slot(struct net *n)
{
	return ds_table_get(&n->server.engine->table, net_server_session(n, 0));
}

/* The session ended at a limit, its peer was told, and a new one can be had. */
static void check_renewal(struct net *n)
{
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_stats(n)->sessions_limit, 1);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason, DS_REASON_KEY_LIMIT);
	assert_int_equal(net_client_session(n, 0), 0);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(net_established(n, 0));
	net_free(n);
}

/* Keys: RFC 9147, 4.5.3 */

static void test_records_sealed_under_one_key(void **state)
{
	static const uint16_t suites[] = {0xC0A8, 0x00A8, 0xCCAB};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(suites); i++) {
		struct net *n = with_suite(suites[i]);
		ds_session s = net_server_session(n, 0);

		slot(n)->tx_seq = ds_suite_find(suites[i])->records - 1;
		assert_int_equal(net_reply(n, s, "last", 4), 0);
		net_run_for(n, 0);
		assert_int_equal(n->clients[0].n_messages, 1);
		assert_int_equal(net_reply(n, s, "one more", 8), DS_E_NOSESSION);
		net_run_for(n, 0);
		check_renewal(n);
	}
}

static void test_records_opened_under_one_key(void **state)
{
	static const uint16_t suites[] = {0xC0A8, 0x00A8};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(suites); i++) {
		struct net *n = with_suite(suites[i]);

		slot(n)->rx_count = (uint32_t)ds_suite_find(suites[i])->records - 2;
		net_send(n, 0, "last", 4);
		net_run_for(n, 0);
		assert_int_equal(n->server.n_messages, 1);
		net_send(n, 0, "one more", 8);
		net_run_for(n, 0);
		assert_int_equal(n->server.n_messages, 1);
		check_renewal(n);
	}
}

static void forge(struct net *n)
{
	uint8_t bad[256];
	size_t len = net_seal(n, &n->clients[0], net_client_session(n, 0), "forged", 6, bad,
			      sizeof(bad));

	bad[len - 1] ^= 1;
	net_inject(n, &n->clients[0].addr, &n->server.addr, bad, len);
	net_run_for(n, 0);
}

static void test_forgeries_under_one_key(void **state)
{
	(void)state;
	for (int gcm = 0; gcm < 2; gcm++) {
		struct net *n = with_suite(gcm ? 0x00A8 : 0xC0A8);

		/* The counter has 32 bits, and who cannot count further stops earlier. */
		slot(n)->failures = gcm ? UINT32_MAX - 2
					: (uint32_t)ds_suite_find(0xC0A8)->failures - 2;
		forge(n);
		assert_true(net_established(n, 0));
		forge(n);
		check_renewal(n);
	}
}

/* Unproven addresses: rebind.h */

static void test_budget_to_the_byte(void **state)
{
	static uint8_t data[2000];

	(void)state;
	for (int more = -1; more <= 1; more++) {
		struct net *n = with_suite(0xC0A8);
		ds_session s = net_server_session(n, 0);
		size_t budget,
			overhead = 13 + 8 + 8; /* the client has no CID: header, nonce, tag */
		size_t len;

		n->clients[0].addr.port++;
		net_send(n, 0, data, 100);
		net_run_for(n, 0);
		budget = DS_REBIND_FACTOR * n->log[n->n_log - 1].len;
		len = budget - overhead + (size_t)more;
		assert_int_equal(net_reply(n, s, data, len), more > 0 ? DS_E_BUDGET : 0);
		assert_int_equal(net_stats(n)->drop_budget, more > 0);
		if (more == 0)
			assert_int_equal(n->log[n->n_log - 1].len, budget);
		net_free(n);
	}
}

/* Speaks @records times from a new address, the last time @seconds after the first. */
static bool proves(int records, int seconds)
{
	struct net *n = with_suite(0xC0A8);
	bool proven;

	net_run(n, (n->now / DS_SECOND + 2) * DS_SECOND);
	n->clients[0].addr.port++;
	net_send(n, 0, "moved", 5);
	net_run_for(n, 0);
	for (int i = 0; i < records; i++) {
		if (i == records - 1)
			net_run_for(n, (ds_time)seconds * DS_SECOND);
		net_send(n, 0, "x", 1);
		net_run_for(n, 0);
	}
	proven = !(slot(n)->flags & DS_SLOT_UNPROVEN);
	net_free(n);
	return proven;
}

static void test_proof_takes_records_and_seconds(void **state)
{
	(void)state;
	for (int d = -1; d <= 1; d++) {
		assert_true(proves(DS_REBIND_PROOF + d, DS_REBIND_SECONDS) == (d >= 0));
		assert_true(proves(DS_REBIND_PROOF, DS_REBIND_SECONDS + d) == (d >= 0));
	}
}

static void test_address_is_kept_for_some_seconds_after_its_session_spoke(void **state)
{
	(void)state;
	for (int d = 0; d <= 2; d++) {
		struct net *n = with_suite(0xC0A8);
		struct ds_addr at;
		ds_session b;

		net_connect(n, 1);
		net_run(n, (n->now / DS_SECOND + 2) * DS_SECOND);
		net_send(n, 1, "b", 1);
		net_run_for(n, 0);
		b = net_server_session(n, 1);
		at = n->clients[1].addr;
		net_run_for(n, (ds_time)(DS_REBIND_HOLD + d) * DS_SECOND);
		n->clients[0].addr = at;
		net_send(n, 0, "a", 1);
		net_run_for(n, 0);
		assert_true((ds_engine_find(n->server.engine, &at) == b) == (d == 0));
		net_free(n);
	}
}

/* Tables and queues */

static void test_one_session_at_most(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.max_sessions = 1;
	net_start_server(n);
	for (size_t i = 0; i < 3; i++) {
		net_connect(n, i);
		net_run_for(n, DS_SECOND / 2);
		assert_int_equal(ds_engine_sessions(n->server.engine), 1);
		assert_true(net_established(n, i));
	}
	assert_int_equal(net_stats(n)->sessions_evicted, 2);
	net_free(n);
}

/* Connects client 0 from a new port each time, its former sessions forgotten on its side. */
static void connect_from(struct net *n, uint16_t port)
{
	net_init_client(n, 0);
	n->clients[0].addr.port = port;
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 10);
	ds_engine_free(n->clients[0].engine);
	n->clients[0].engine = NULL;
	n->server.n_events = n->clients[0].n_events = 0;
	if (!n->n_queue)
		net_forget_log(n);
}

static void test_more_devices_than_cids_of_one_byte(void **state)
{
	struct net *n = net_new();

	(void)state;
	n->server.env.cfg.cid_length = 1;
	n->server.env.cfg.max_sessions = 1000;
	n->server.env.cfg.one_per_identity = false;
	n->server.env.cfg.max_per_identity = 0;
	net_start_server(n);
	for (uint16_t i = 0; i < 300; i++)
		connect_from(n, (uint16_t)(1000 + i));
	assert_true(ds_engine_sessions(n->server.engine) > 200);
	assert_true(ds_engine_sessions(n->server.engine) <= 256);
	assert_true(net_stats(n)->drop_admission > 0);
	net_free(n);
}

static void test_cid_lengths(void **state)
{
	static const uint8_t lengths[] = {0, 1, 31, 32};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(lengths); i++) {
		struct net *n = net_new();

		net_init_client(n, 0);
		n->server.env.cfg.cid_length = lengths[i];
		n->clients[0].env.cfg.cid_length = lengths[TEST_COUNT(lengths) - 1 - i];
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 2);
		assert_int_equal(net_send(n, 0, "to", 2), 0);
		net_run_for(n, 0);
		assert_int_equal(n->server.n_messages, 1);
		assert_int_equal(net_reply(n, n->server.messages[0].session, "back", 4), 0);
		net_run_for(n, 0);
		assert_int_equal(n->clients[0].n_messages, 1);
		net_free(n);
	}
}

static void test_sessions_of_one_identity_are_closed_however_many(void **state)
{
	const uint16_t many = 3 * DS_EVENTS;
	struct net *n = net_new();
	size_t closed = 0;
	bool more;

	(void)state;
	n->server.env.cfg.one_per_identity = false;
	n->server.env.cfg.max_per_identity = 0;
	n->server.env.cfg.max_sessions = 1000;
	net_start_server(n);
	for (uint16_t i = 0; i < many; i++)
		connect_from(n, (uint16_t)(1000 + i));
	assert_int_equal(ds_engine_sessions(n->server.engine), many);
	do {
		more = ds_engine_close_identity(n->server.engine, (const uint8_t *)"dev0", 4,
						n->now);
		net_drain(n, &n->server);
		closed += n->server.n_events;
		n->server.n_events = 0;
	} while (more);
	assert_int_equal(closed, many);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_stats(n)->drop_queue, 0);
	net_free(n);
}

/* Gives the server a datagram from @port of client 0 without taking anything from it. */
static void deaf_input(struct net *n, uint16_t port, const void *bytes, size_t len)
{
	uint8_t data[512];
	struct ds_input in = {
		.path = net_path(&n->server.addr, &n->clients[0].addr), .data = data, .len = len};
	struct ds_message msg;

	memcpy(data, bytes, len);
	in.path.remote.port = port;
	while (ds_engine_input(n->server.engine, &in, &msg, n->now) == DS_MESSAGE)
		;
}

static void test_cookies_that_nobody_takes(void **state)
{
	(void)state;
	for (size_t d = 0; d < 3; d++) {
		struct net *n = net_new();

		net_start_server(n);
		net_connect(n, 0);
		n->n_queue = 0;
		for (size_t i = 0; i < DS_SMALL_OUT - 1 + d; i++)
			deaf_input(n, (uint16_t)(1000 + i), n->log[0].data, n->log[0].len);
		assert_int_equal(net_stats(n)->drop_queue, d == 2);
		net_drain(n, &n->server);
		assert_int_equal(n->n_queue, d == 0 ? DS_SMALL_OUT - 1 : DS_SMALL_OUT);
		net_run_for(n, 0);
		net_free(n);
	}
}

static void test_events_that_nobody_takes_stop_the_input(void **state)
{
	struct net *n = with_suite(0xC0A8);
	ds_session s = net_client_session(n, 0);
	const size_t room = DS_EVENTS - DS_EVENTS_RESERVE + 1;
	struct ds_event ev;
	uint8_t data[256];
	size_t events = 0, len;

	(void)state;
	for (size_t i = 0; i < room + 5; i++) { /* each is a move, and an event */
		len = net_seal(n, &n->clients[0], s, "moving", 6, data, sizeof(data));
		deaf_input(n, (uint16_t)(2000 + i), data, len);
		assert_int_equal(net_stats(n)->drop_busy, i < room ? 0 : i + 1 - room);
	}
	while (ds_engine_event(n->server.engine, &ev))
		events++;
	assert_int_equal(events, room);
	net_send(n, 0, "again", 5);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, 1);
	net_free(n);
}

static void test_key_lengths(void **state)
{
	static const size_t lengths[] = {0, 1, DS_PSK_MAX, DS_PSK_MAX + 1};
	static uint8_t key[DS_PSK_MAX + 1] = {1, 2, 3};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(lengths); i++) {
		size_t len = lengths[i];
		bool good = len > 0 && len <= DS_PSK_MAX;
		struct net *n = net_new();

		n->server.no_lookups = true;
		net_init_client(n, 0);
		memcpy(n->clients[0].env.cfg.psk_key, key, DS_PSK_MAX);
		n->clients[0].env.cfg.psk_key_len = good ? len : DS_PSK_MAX;
		net_start_server(n);
		net_connect(n, 0);
		net_run_for(n, DS_SECOND / 10);
		assert_int_equal(n->server.n_lookups, 1);
		ds_engine_lookup_done(n->server.engine, n->server.lookups[0].id, key, len, n->now);
		net_drain(n, &n->server);
		net_run_for(n, DS_SECOND / 10);
		assert_true(net_established(n, 0) == good);
		net_free(n);
	}
}

/* Configuration */

static void refused(void (*change)(struct ds_config *cfg))
{
	struct net *n = net_new();
	char why[DS_WHY_MAX] = "";

	change(&n->server.env.cfg);
	assert_int_equal(ds_engine_new(&n->server.engine, &n->server.env.cfg, n->now, why),
			 DS_E_CONFIG);
	assert_true(strlen(why) > 10);
	net_free(n);
}

#define CHANGE(name, assignment)                                                                   \
	static void name(struct ds_config *cfg)                                                    \
	{                                                                                          \
		assignment;                                                                        \
	}

CHANGE(long_cid, cfg->cid_length = DS_CID_MAX + 1)
CHANGE(small_mtu, cfg->mtu = 255)
CHANGE(no_sessions, cfg->max_sessions = 0)
CHANGE(many_sessions, cfg->max_sessions = (1U << 30) + 1)
CHANGE(no_handshakes, cfg->max_handshakes = 0)
CHANGE(many_handshakes, cfg->max_handshakes = (1U << 20) + 1)
CHANGE(no_credentials, cfg->psk = false)
CHANGE(unknown_suite, cfg->suites[0] = 0x1301)
CHANGE(no_timer, cfg->handshake_min = 0)
CHANGE(timer_backwards, cfg->handshake_max = cfg->handshake_min - 1)
CHANGE(long_identity, cfg->psk_identity_len = DS_IDENTITY_MAX + 1)
CHANGE(long_key, cfg->psk_key_len = DS_PSK_MAX + 1)

static void test_configurations_that_cannot_be(void **state)
{
	(void)state;
	refused(long_cid);
	refused(small_mtu);
	refused(no_sessions);
	refused(many_sessions);
	refused(no_handshakes);
	refused(many_handshakes);
	refused(no_credentials);
	refused(unknown_suite);
	refused(no_timer);
	refused(timer_backwards);
	refused(long_identity);
	refused(long_key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_sealed_under_one_key),
		cmocka_unit_test(test_records_opened_under_one_key),
		cmocka_unit_test(test_forgeries_under_one_key),
		cmocka_unit_test(test_budget_to_the_byte),
		cmocka_unit_test(test_proof_takes_records_and_seconds),
		cmocka_unit_test(test_address_is_kept_for_some_seconds_after_its_session_spoke),
		cmocka_unit_test(test_one_session_at_most),
		cmocka_unit_test(test_more_devices_than_cids_of_one_byte),
		cmocka_unit_test(test_cid_lengths),
		cmocka_unit_test(test_sessions_of_one_identity_are_closed_however_many),
		cmocka_unit_test(test_cookies_that_nobody_takes),
		cmocka_unit_test(test_events_that_nobody_takes_stop_the_input),
		cmocka_unit_test(test_key_lengths),
		cmocka_unit_test(test_configurations_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
