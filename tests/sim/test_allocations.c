/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_allocations.c - memory is short once, or for a while, at each allocation there is
 *
 * Each walk plays a scene as often as it has allocations: in the n-th play the n-th of them fails,
 * alone or with all after it.  Nothing may crash or leak, and once there is memory again the same peers
 * talk to each other.  Three allocators are walked: the server's, the client's, and that of Mbed TLS,
 * which both share.  A handshake with curves has thousands of allocations of the last kind, nearly all
 * for its numbers; of those a sample is walked, and all with DS_NIGHTLY.
 */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/platform.h>

#include "tests/sim/certificates.h"
#include "tests/sim/places.h"

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

/* The memory of Mbed TLS: only the counts of this world are used. */
static struct test_env library;

static void *library_calloc(size_t n, size_t size)
{
	void *p = test_alloc_fails(&library) ? NULL : calloc(n ? n : 1, size ? size : 1);

	library.live += p != NULL;
	return p;
}

static void library_free(void *p)
{
	library.live -= p != NULL;
	free(p);
}

static int setup(void **state)
{
	(void)state;
	test_env_init(&library);
	return mbedtls_platform_set_calloc_free(library_calloc, library_free);
}

static int teardown(void **state)
{
	(void)state;
	return mbedtls_platform_set_calloc_free(calloc, free);
}

/* Which allocation fails. */
enum whose { SERVER, CLIENT, LIBRARY };
static const char *const names[] = {"the server", "the client", "Mbed TLS"};
static struct {
	struct net *(*make)(void); /* the peers */
	enum whose whose;
	size_t k;
	bool once;
} walk;

/* The peers */

static struct net *with_psk(void)
{
	struct net *n = net_new();

	net_init_client(n, 0);
	n->clients[0].env.cfg.suites[0] = 0x00A8;
	return n;
}

static struct net *with_ecdhe_psk(void)
{
	struct net *n = with_psk();

	n->clients[0].env.cfg.suites[0] = 0xCCAC;
	return n;
}

static struct net *with_certificate(void)
{
	struct net *n = net_new();
	struct ds_config *client = &n->clients[0].env.cfg;

	net_init_client(n, 0);
	SET_PAIR(&n->server.env.cfg, server_ec);
	SET_PEM(&n->server.env.cfg, ca, ca_root);
	client->psk = false;
	SET_PEM(client, ca, ca_root);
	return n;
}

static struct net *with_mutual_certificates(void)
{
	struct net *n = with_certificate();

	SET_PAIR(&n->clients[0].env.cfg, device_chain);
	n->server.env.cfg.client_auth = DS_CLIENT_AUTH_REQUIRED;
	return n;
}

/* Begins client @i, or a handshake of it; there may be no memory for that. */
static void try_connect(struct net *n, size_t i)
{
	struct net_host *h = &n->clients[i];
	struct ds_path path = net_path(&h->addr, &n->server.addr);
	char why[DS_WHY_MAX];

	if (!h->engine && ds_engine_new(&h->engine, &h->env.cfg, n->now, why))
		return;
	(void)!ds_engine_connect(h->engine, &path, n->now);
	net_drain(n, h);
}

/* True if a message gets to the server and an answer comes back. */
static bool echo(struct net *n, size_t i)
{
	size_t to = n->server.n_messages, back = n->clients[i].n_messages;

	if (!net_client_session(n, i) || net_send(n, i, "ping", 4))
		return false;
	net_run_for(n, 0);
	if (n->server.n_messages == to || net_reply(n, n->server.messages[to].session, "pong", 4))
		return false;
	net_run_for(n, 0);
	return n->clients[i].n_messages > back;
}

static void fail_in(const char *what)
{
	fail_msg("allocation %zu of %s fails%s, and then there is memory again: %s", walk.k,
		 names[walk.whose], walk.once ? "" : " with all after it", what);
}

/* There is memory again: the client gets through, at worst with another handshake, after the time-out
 * of one that the server has given up. */
static void check_recovers(struct net *n)
{
	for (int tries = 0; tries < 8; tries++) {
		if (n->clients[0].engine && echo(n, 0))
			return;
		try_connect(n, 0);
		net_run_for(n, n->server.env.cfg.handshake_timeout / 5);
	}
	fail_in("they do not connect");
}

/* Walks */

static struct test_env *world(struct net *n)
{
	return walk.whose == SERVER   ? &n->server.env
	       : walk.whose == CLIENT ? &n->clients[0].env
				      : &library;
}

static void arm(struct net *n)
{
	world(n)->fail_alloc = world(n)->allocs + walk.k;
	world(n)->fail_once = walk.once;
}

/* True if the failure that was armed has happened. */
static bool disarm(struct net *n)
{
	struct test_env *env = world(n);
	bool used = env->allocs > env->fail_alloc;

	env->fail_alloc = TEST_NEVER;
	env->fail_once = false;
	return used;
}

/* The end of a scene: everything is given back. */
static void end(struct net *n)
{
	net_free(n);
	assert_int_equal(library.live, 0);
}

/* Plays @scene until nothing fails in it.  Every number for a while, then some: see the top. */
static void walk_through(enum whose whose, bool (*scene)(void))
{
	walk.whose = whose;
	for (int once = 0; once < 2; once++) {
		walk.once = once;
		walk.k = 0;
		while (scene())
			walk.k += walk.k < 32 || getenv("DS_NIGHTLY") ? 1
				  : TEST_SLOW			      ? walk.k / 4
								      : walk.k / 16;
		assert_true(walk.k > 0 || whose != SERVER);
	}
}

/* Scenes; true if an allocation has failed in it */

static bool handshake(void)
{
	struct net *n = walk.make();
	bool failed;

	net_start_server(n);
	arm(n);
	try_connect(n, 0);
	net_run_for(n, 3 * DS_SECOND);
	failed = disarm(n);
	check_recovers(n);
	net_connect(n, 1); /* and so does everybody else */
	net_run_for(n, 5 * DS_SECOND);
	assert_true(echo(n, 1));
	end(n);
	return failed;
}

static bool making(void)
{
	struct net *n = walk.make();
	char why[DS_WHY_MAX] = "";
	int err;

	arm(n);
	err = ds_engine_new(&n->server.engine, &n->server.env.cfg, n->now, why);
	disarm(n);
	if (err) {
		assert_int_equal(n->server.env.live, 0);
		assert_int_equal(library.live, 0);
		net_start_server(n);
	}
	check_recovers(n);
	end(n);
	return err != 0;
}

/* Messages that may be lost. */
static void speak(struct net *n)
{
	for (int i = 0; i < 4; i++) {
		(void)!net_send(n, 0, "moved", 5);
		net_run_for(n, DS_SECOND);
	}
}

/* A client with another address, whose session slept: its keys are expanded again. */
static bool rebinding(void)
{
	struct net *n = net_connected(1);
	ds_session s = net_server_session(n, 0);
	bool failed;

	net_run_for(n, 90 * DS_SECOND);
	n->clients[0].addr.port++;
	arm(n);
	speak(n);
	failed = disarm(n);
	speak(n);
	if (!echo(n, 0) || net_server_session(n, 0) != s)
		fail_in("the session is not used any more");
	end(n);
	return failed;
}

static bool restoring(void)
{
	static struct places places;
	struct net *n = net_new();
	bool failed;

	net_start_server(n);
	places_init(&places, n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_true(echo(n, 0));
	places_keep(&places, n);
	places_kill(&places, n);
	net_start_server(n);
	arm(n);
	places_take_back(&places, n);
	net_run_for(n, 10 * DS_SECOND);
	(void)!net_send(n, 0, "again", 5);
	net_run_for(n, DS_SECOND);
	failed = disarm(n);
	check_recovers(n);
	places_restart(&places, n); /* what is outside is good, too */
	net_run_for(n, 10 * DS_SECOND);
	assert_int_equal(net_stats(n)->store_restored, 1);
	assert_true(echo(n, 0));
	places_kill(&places, n);
	places_fini(&places);
	end(n);
	return failed;
}

/* Tests */

static void walk_handshakes(struct net *(*make)(void))
{
	walk.make = make;
	for (enum whose whose = SERVER; whose <= LIBRARY; whose++)
		walk_through(whose, handshake);
}

static void test_handshake_with_a_key(void **state)
{
	(void)state;
	walk_handshakes(with_psk);
}

static void test_handshake_with_a_key_and_curves(void **state)
{
	(void)state;
	walk_handshakes(with_ecdhe_psk);
}

static void test_handshake_with_a_certificate(void **state)
{
	(void)state;
	walk_handshakes(with_certificate);
}

static void test_handshake_with_two_certificates(void **state)
{
	(void)state;
	walk_handshakes(with_mutual_certificates);
}

static void test_making_an_engine(void **state)
{
	(void)state;
	walk.make = with_mutual_certificates;
	walk_through(SERVER, making);
	walk_through(LIBRARY, making);
}

static void test_rebinding(void **state)
{
	(void)state;
	walk_through(SERVER, rebinding);
	walk_through(CLIENT, rebinding);
	walk_through(LIBRARY, rebinding);
}

static void test_restoring(void **state)
{
	(void)state;
	walk_through(SERVER, restoring);
	walk_through(LIBRARY, restoring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake_with_a_key),
		cmocka_unit_test(test_handshake_with_a_key_and_curves),
		cmocka_unit_test(test_handshake_with_a_certificate),
		cmocka_unit_test(test_handshake_with_two_certificates),
		cmocka_unit_test(test_making_an_engine),
		cmocka_unit_test(test_rebinding),
		cmocka_unit_test(test_restoring),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
