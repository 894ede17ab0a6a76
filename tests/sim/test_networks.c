/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_networks.c - handshakes over a network that loses, doubles, reorders, delays and cuts
 *
 * A patient client of DTLS sends a flight seven times in its two minutes.  Where three of ten datagrams
 * are lost, each way, about one handshake in a hundred loses all copies of a flight or all its answers,
 * and no implementation gets it through.  So two things are asked: once the network loses nothing any
 * more, the next copy is enough, whatever was lost before; and our own client, which gives up after half
 * a minute and begins anew, gets through while the network stays as it is.
 */
#include <stdlib.h>

#include "tests/sim/certificates.h"
#include "tests/sim/net.h"

#define PAYLOAD	 (512 - 28) /* of an MTU of 512, less the IPv4 and UDP headers */
#define PATIENCE (120 * DS_SECOND)
#define BAD	 (55 * DS_SECOND) /* a flight begun by then is sent again before the client gives up */
#define OURS	 (30 * DS_SECOND) /* a client's default, host/config_make.c */
#define IN_ALL	 (180 * DS_SECOND)

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

struct weather {
	struct net *net;
	uint64_t seed;
	ds_time until; /* no datagram is lost from then on */
};

static enum net_fate bad_luck(void *ctx, size_t i, bool to_server, const uint8_t *data, size_t len)
{
	struct weather *w = ctx;
	uint64_t lost = test_random(&w->seed) % 100, r = test_random(&w->seed) % 100;

	(void)i, (void)to_server, (void)data;
	assert_true(len <= PAYLOAD);
	w->net->late = test_random(&w->seed) % (2 * DS_SECOND);
	if (lost < 30 && w->net->now < w->until)
		return NET_DROP;
	return r < 15 ? NET_TWICE : r < 45 ? NET_LATE : NET_PASS;
}

static void use_certificates(struct ds_config *server, struct ds_config *client)
{
	server->psk = client->psk = false;
	server->client_auth = DS_CLIENT_AUTH_REQUIRED;
	SET_PAIR(server, server_chain);
	SET_PAIR(client, device_chain);
	SET_PEM(server, ca, ca_root);
	SET_PEM(client, ca, ca_root);
}

static struct net *bad_net(struct weather *w, uint64_t seed, bool certificates)
{
	struct net *n = net_new();
	struct ds_config *server = &n->server.env.cfg, *client = &n->clients[0].env.cfg;

	*w = (struct weather){.net = n, .seed = seed * 7919, .until = DS_TIME_NEVER};
	net_init_client(n, 0);
	server->mtu = client->mtu = PAYLOAD;
	server->cid_length = seed % 2 ? 8 : 0;
	if (certificates)
		use_certificates(server, client);
	n->delay = 600 * DS_MSEC;
	n->rule = bad_luck;
	n->ctx = w;
	net_start_server(n);
	return n;
}

/* One handshake of client 0, until both have a session or the client has given up. */
static bool attempt(struct net *n)
{
	size_t failed = net_count_events(&n->clients[0], DS_EVENT_FAILED);

	net_connect(n, 0);
	for (ds_time end = n->now + PATIENCE; n->now < end;) {
		net_run_for(n, DS_SECOND);
		if (net_established(n, 0))
			return true;
		if (net_count_events(&n->clients[0], DS_EVENT_FAILED) > failed)
			return false;
	}
	return false;
}

/* Nothing that is still under way ends the session or keeps a message from it. */
static void check_session(struct net *n)
{
	size_t before;

	n->rule = NULL;
	net_run_for(n, 10 * DS_SECOND);
	before = n->server.n_messages;
	assert_int_equal(net_send(n, 0, "hello", 5), 0);
	net_run_for(n, 2 * DS_SECOND);
	assert_int_equal(n->server.n_messages, before + 1);
	assert_int_equal(net_reply(n, n->server.messages[before].session, "back", 4), 0);
	net_run_for(n, 2 * DS_SECOND);
	assert_int_equal(n->clients[0].n_messages, 1);
}

/* Enough for 2000 seeds with pre-shared keys in CI. */
static uint64_t seeds(uint64_t count)
{
	return getenv("DS_NIGHTLY") ? 10 * count : TEST_SLOW ? count / 20 : count;
}

static void get_well(uint64_t count, bool certificates)
{
	for (uint64_t seed = 1; seed <= seeds(count); seed++) {
		struct weather w;
		struct net *n = bad_net(&w, seed, certificates);

		w.until = n->now + BAD;
		if (!attempt(n))
			fail_msg("seed %u: no session", (unsigned)seed);
		check_session(n);
		net_free(n);
	}
}

static void test_every_handshake_is_completed_once_the_network_is_well(void **state)
{
	(void)state;
	get_well(2000, false);
}

static void test_the_same_with_chains_of_certificates(void **state)
{
	(void)state;
	get_well(400, true);
}

/* Our client begins anew, as it does when its program sends again, until it has a session. */
static void connect_at_last(struct net *n, uint64_t seed)
{
	ds_time end = n->now + IN_ALL;

	n->clients[0].env.cfg.handshake_timeout = OURS;
	while (!attempt(n))
		if (n->now > end)
			fail_msg("seed %u: no session", (unsigned)seed);
}

static void test_our_client_gets_through_while_the_network_is_bad(void **state)
{
	(void)state;
	for (int certificates = 0; certificates < 2; certificates++) {
		for (uint64_t seed = 1; seed <= seeds(certificates ? 400 : 2000); seed++) {
			struct weather w;
			struct net *n = bad_net(&w, seed, certificates);

			connect_at_last(n, seed);
			check_session(n);
			net_free(n);
		}
	}
}

static void test_one_handshake_of_a_patient_client_is_enough_in_98_of_100(void **state)
{
	uint64_t count = seeds(2000), done = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= count; seed++) {
		struct weather w;
		struct net *n = bad_net(&w, seed, false);

		done += attempt(n);
		net_free(n);
	}
	assert_in_range(done, count - count / 50, count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_handshake_is_completed_once_the_network_is_well),
		cmocka_unit_test(test_the_same_with_chains_of_certificates),
		cmocka_unit_test(test_our_client_gets_through_while_the_network_is_bad),
		cmocka_unit_test(test_one_handshake_of_a_patient_client_is_enough_in_98_of_100),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
