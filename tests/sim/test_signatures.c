/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_signatures.c - many threads compute handshakes with certificates at the same time
 *
 * All handshakes of a server are at the same step, and each step of each is computed in a thread of
 * its own.  The server signs with its key, verifies the devices' certificates with the key of their
 * authority and, while that is done, takes new certificates.  The thread sanitizer's variant shows
 * whether anything of that is shared in a wrong way; in all variants nobody gets in with a signature
 * that two threads made together.
 */
#include <pthread.h>

#include "tests/sim/certificates.h"
#include "tests/sim/net.h"

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

#define STEPS 20 /* a handshake has fewer */

static struct net *new_net(void)
{
	struct net *n = net_new();
	struct ds_config *server = &n->server.env.cfg;

	test_share(server);
	server->psk = false;
	server->client_auth = DS_CLIENT_AUTH_REQUIRED;
	server->one_per_identity = false;
	SET_PEM(server, ca, ca_rsa);
	n->server.no_jobs = true; /* they are the threads' */
	return n;
}

static void begin(struct net *n)
{
	net_start_server(n);
	for (size_t i = 0; i < NET_CLIENTS; i++) {
		struct ds_config *client = &n->clients[i].env.cfg;

		net_init_client(n, i);
		client->psk = false;
		SET_PEM(client, ca, ca_root);
		SET_PAIR(client, device_of_rsa);
		net_connect(n, i);
	}
	net_run_for(n, 0);
}

static void *work(void *job)
{
	ds_job_run(job);
	return NULL;
}

/* One step of all handshakes; how many there were. */
static size_t step(struct net *n)
{
	struct ds_job *jobs[NET_CLIENTS];
	pthread_t threads[NET_CLIENTS];
	char why[DS_WHY_MAX];
	size_t count = 0;

	while (count < NET_CLIENTS && (jobs[count] = ds_engine_job(n->server.engine, n->now)))
		count++;
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, jobs[i]), 0);
	assert_int_equal(ds_engine_reload(n->server.engine, &n->server.env.cfg, why), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < count; i++)
		ds_engine_job_done(n->server.engine, jobs[i], n->now);
	net_drain(n, &n->server);
	net_run_for(n, 0);
	return count;
}

static void check_all_get_in(struct net *n)
{
	size_t most = 0;

	begin(n);
	for (int i = 0; i < STEPS; i++) {
		size_t count = step(n);

		most = count > most ? count : most;
	}
	assert_int_equal(most, NET_CLIENTS);
	for (size_t i = 0; i < NET_CLIENTS; i++)
		assert_true(net_established(n, i));
	net_free(n);
}

static void test_rsa_key_signs_in_many_threads(void **state)
{
	struct net *n = new_net();

	(void)state;
	SET_PAIR(&n->server.env.cfg, server_rsa);
	check_all_get_in(n);
}

static void test_ecdsa_key_signs_in_many_threads(void **state)
{
	struct net *n = new_net();

	(void)state;
	SET_PAIR(&n->server.env.cfg, server_ec);
	check_all_get_in(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rsa_key_signs_in_many_threads),
		cmocka_unit_test(test_ecdsa_key_signs_in_many_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
