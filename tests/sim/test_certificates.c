/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_certificates.c - handshakes with certificates: who gets in, who does not, and under what name
 */
#include <string.h>

#include "tests/sim/certificates.h"
#include "tests/sim/net.h"
#include "tests/sim/places.h"

#define ECDSA	  0xC02B
#define RSA	  0xC02F
#define ECDSA	  0xC02B
#define PSK	  0x00A8
#define ECDHE_PSK 0xCCAC

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

/* A server with the ECDSA certificate and a client that trusts its authority; no pre-shared keys. */
static struct net *with_certificates(void)
{
	struct net *n = net_new();
	struct ds_config *server = &n->server.env.cfg, *client = &n->clients[0].env.cfg;

	server->psk = false;
	SET_PAIR(server, server_ec);
	SET_PEM(server, ca, ca_root);
	net_init_client(n, 0);
	client->psk = false;
	SET_PEM(client, ca, ca_root);
	return n;
}

static void run(struct net *n)
{
	net_start_server(n);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
}

static void check_echo(struct net *n)
{
	size_t to = n->server.n_messages, back = n->clients[0].n_messages;

	assert_int_equal(net_send(n, 0, "echo", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->server.n_messages, to + 1);
	assert_true(net_established(n, 0));
	assert_int_equal(net_reply(n, n->server.messages[to].session, "back", 4), 0);
	net_run_for(n, 0);
	assert_int_equal(n->clients[0].n_messages, back + 1);
}

/* The server refused the client's certificate, and nobody got a session. */
static void check_refused(struct net *n, enum ds_reason reason)
{
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_non_null(net_last_event(&n->server, DS_EVENT_FAILED));
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, reason);
	//A	assert_true(net_last_event(&n->server, DS_EVENT_FAILED)->alert != 0);
	net_run_for(n, 5 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->clients[0].engine), 0);
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
			 DS_REASON_PEER_ALERT);
}

/* The server's certificate */

static void test_ecdsa_server_with_every_suite_it_can_do(void **state)
{
	(void)state;
	for (size_t i = 0; ds_suite_at(i); i++) {
		const char *name = ds_suite_name(ds_suite_at(i));
		struct net *n;

		if (!strstr(name, "_ECDSA_"))
			continue;
		n = with_certificates();
		n->clients[0].env.cfg.suites[0] = ds_suite_at(i);
		run(n);
		check_echo(n);
		assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.suite,
				 ds_suite_at(i));
		net_free(n);
	}
}

/* The suite that a server with keys and a certificate and this client agree on. */
static uint16_t agreed(const uint16_t *servers, uint16_t first, uint16_t second)
{
	struct net *n = with_certificates();
	uint16_t id;

	n->server.env.cfg.psk = n->clients[0].env.cfg.psk = true;
	if (servers)
		memcpy(n->server.env.cfg.suites, servers, 2 * sizeof(*servers));
	n->clients[0].env.cfg.suites[0] = first;
	n->clients[0].env.cfg.suites[1] = second;
	run(n);
	check_echo(n);
	id = net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.suite;
	assert_true(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.anonymous ==
		    (id == ECDSA));
	net_free(n);
	return id;
}

static void test_the_clients_order_of_suites_decides_unless_the_server_names_its_own(void **state)
{
	static const uint16_t certificates_first[] = {ECDSA, PSK};

	(void)state;
	assert_int_equal(agreed(NULL, PSK, ECDSA), PSK);
	assert_int_equal(agreed(NULL, ECDSA, PSK), ECDSA);
	assert_int_equal(agreed(NULL, PSK, ECDHE_PSK), PSK);
	assert_int_equal(agreed(NULL, ECDHE_PSK, PSK), ECDHE_PSK);
	assert_int_equal(agreed(certificates_first, PSK, ECDSA), ECDSA);
}

static void test_rsa_server_uses_rsa_suites_only(void **state)
{
	struct net *n = with_certificates();

	(void)state;
	SET_PAIR(&n->server.env.cfg, server_rsa);
	run(n);
	check_echo(n);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.suite, RSA);
	net_free(n);
}

static void test_client_that_cannot_do_the_servers_key_is_told_no_suite(void **state)
{
	struct net *n = with_certificates();

	(void)state;
	n->clients[0].env.cfg.suites[0] = RSA;
	run(n);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, DS_REASON_NO_SUITE);
	assert_null(net_last_event(&n->clients[0], DS_EVENT_FAILED)); /* its alert is in clear */
	net_run_for(n, 6 * DS_SECOND);
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
			 DS_REASON_PEER_ALERT);
	net_free(n);
}

static void test_chain_of_certificates_in_small_datagrams(void **state)
{
	struct net *n = with_certificates();

	(void)state;
	n->server.env.cfg.mtu = n->clients[0].env.cfg.mtu = 256;
	SET_PAIR(&n->server.env.cfg, server_chain);
	SET_PAIR(&n->clients[0].env.cfg, device_chain);
	n->server.env.cfg.client_auth = DS_CLIENT_AUTH_REQUIRED;
	run(n);
	check_echo(n);
	for (size_t i = 0; i < n->n_log; i++)
		assert_true(n->log[i].len <= 256);
	net_free(n);
}

static enum net_fate drop_every_third(void *ctx, size_t i, bool to_server, const uint8_t *data,
				      size_t len)
{
	(void)ctx, (void)to_server, (void)data, (void)len;
	return i % 3 == 2 ? NET_DROP : NET_PASS;
}

static void test_chain_survives_loss(void **state)
{
	struct net *n = with_certificates();

	(void)state;
	n->server.env.cfg.mtu = n->clients[0].env.cfg.mtu = 512;
	SET_PAIR(&n->server.env.cfg, server_chain);
	n->rule = drop_every_third;
	run(n);
	net_run_for(n, 40 * DS_SECOND);
	n->rule = NULL;
	check_echo(n);
	net_free(n);
}

static void test_client_refuses_another_authority_or_name(void **state)
{
	static const char *const names[] = {"server.test", "other.test", NULL};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct net *n = with_certificates();

		if (i == 3)
			SET_PAIR(&n->server.env.cfg, server_other);
		else
			n->clients[0].env.cfg.server_name = names[i];
		run(n);
		assert_true(net_established(n, 0) == (i == 0 || i == 2));
		if (i == 1 || i == 3)
			assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
					 i == 1 ? DS_REASON_CERTIFICATE_NAME
						: DS_REASON_CERTIFICATE_ISSUER);
		net_free(n);
	}
}

/* The client's certificate */

struct pair {
	const char *cert, *key;
	size_t cert_len, key_len;
	enum ds_reason bad; /* NONE: it is good */
	const char *identity;
};

#define PAIR(name, bad, identity)                                                                  \
	{                                                                                          \
		cert_##name, key_##name, sizeof(cert_##name), sizeof(key_##name), DS_REASON_##bad, \
			identity                                                                   \
	}

static const struct pair devices[] = {
	PAIR(device, NONE, "CN=device-1"),
	PAIR(device_rsa, NONE, "CN=device-rsa"),
	PAIR(device_chain, NONE, "CN=device-chain"),
	PAIR(device_long, NONE, "sha256:"),
	PAIR(device_self, CERTIFICATE_ISSUER, NULL),
	PAIR(device_other, CERTIFICATE_ISSUER, NULL),
	PAIR(device_rogue, CERTIFICATE_ISSUER,
	     NULL), /* its issuer comes along, but nobody trusts that one */
	PAIR(device_stale, CERTIFICATE_DATE, NULL), /* only the one in between has expired */
	PAIR(device_expired, CERTIFICATE_DATE, NULL),
	PAIR(device_usage, CERTIFICATE_USAGE, NULL), /* may be a server only */
};

static void with_device(const struct pair *p, enum ds_client_auth auth)
{
	struct net *n = with_certificates();
	struct ds_config *cfg = &n->clients[0].env.cfg;
	const struct ds_session_info *info;

	cfg->cert = (const uint8_t *)p->cert, cfg->cert_len = p->cert_len;
	cfg->key = (const uint8_t *)p->key, cfg->key_len = p->key_len;
	n->server.env.cfg.client_auth = auth;
	run(n);
	if (p->bad && auth != DS_CLIENT_AUTH_NONE) {
		check_refused(n, p->bad);
		net_free(n);
		return;
	}
	check_echo(n);
	info = &net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info;
	assert_int_equal(info->by_cert, auth != DS_CLIENT_AUTH_NONE);
	if (info->by_cert)
		assert_memory_equal(info->identity, p->identity, strlen(p->identity));
	else
		assert_int_equal(info->identity_len, 0);
	net_free(n);
}

static void test_device_certificates_where_they_are_required(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(devices); i++)
		with_device(&devices[i], DS_CLIENT_AUTH_REQUIRED);
}

static void test_device_certificates_where_they_are_optional(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(devices); i++)
		with_device(&devices[i], DS_CLIENT_AUTH_OPTIONAL);
}

static void test_device_certificates_where_nobody_asks(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(devices); i++)
		with_device(&devices[i], DS_CLIENT_AUTH_NONE);
}

static void test_client_without_certificate(void **state)
{
	(void)state;
	for (int auth = DS_CLIENT_AUTH_NONE; auth <= DS_CLIENT_AUTH_REQUIRED; auth++) {
		struct net *n = with_certificates();

		n->server.env.cfg.client_auth = (enum ds_client_auth)auth;
		run(n);
		if (auth == DS_CLIENT_AUTH_REQUIRED)
			check_refused(n, DS_REASON_CERTIFICATE_MISSING);
		else
			check_echo(n);
		net_free(n);
	}
}

static void test_subject_and_psk_identity_of_the_same_text_are_two(void **state)
{
	struct net *n = with_certificates();
	static const char subject[] = "CN=device-1";

	(void)state;
	SET_PAIR(&n->clients[0].env.cfg, device);
	n->server.env.cfg.client_auth = DS_CLIENT_AUTH_REQUIRED;
	run(n);
	check_echo(n);
	assert_false(ds_engine_close_identity(n->server.engine, (const uint8_t *)subject,
					      sizeof(subject) - 1, n->now));
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	net_free(n);
}

/* The end of a certificate */

#define LAST_SECOND 4733510400 /* of the certificates, at the beginning of 2120 */

static struct {
	const struct net *net;
	int64_t at_zero; /* of the engine's clock */
} wall;

static int64_t read_wall(void *ctx)
{
	(void)ctx;
	return wall.at_zero + (int64_t)(wall.net->now / DS_SECOND);
}

/* A device with a session whose certificate is valid for @left seconds more. */
static struct net *with_certificate_that_ends(struct places *places, int64_t left)
{
	struct net *n = with_certificates();

	wall.net = n;
	wall.at_zero = LAST_SECOND - left - (int64_t)(n->now / DS_SECOND);
	n->server.env.cfg.wall = read_wall;
	n->server.env.cfg.client_auth = DS_CLIENT_AUTH_REQUIRED;
	SET_PAIR(&n->clients[0].env.cfg, device);
	net_start_server(n);
	if (places) {
		places_init(places, n);
		places->wall = wall.at_zero;
		ds_engine_store(n->server.engine, places->store, places->lines, places->room,
				places->wall);
	}
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	check_echo(n);
	return n;
}

static void check_ended(struct net *n)
{
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason,
			 DS_REASON_CERTIFICATE_ENDED);
}

static void test_a_session_ends_with_the_certificate(void **state)
{
	struct net *n = with_certificate_that_ends(NULL, 1000);

	(void)state;
	net_run_for(n, 995 * DS_SECOND);
	check_echo(n);
	net_run_for(n, 10 * DS_SECOND);
	check_ended(n);
	assert_false(net_established(n, 0)); /* it was told */
	net_free(n);
}

static void test_a_session_in_use_ends_with_the_certificate_at_once(void **state)
{
	struct net *n = with_certificate_that_ends(NULL, 1000);
	ds_session s = n->server.messages[0].session;

	(void)state;
	n->now += 1003 * DS_SECOND;
	assert_int_equal(net_reply(n, s, "x", 1), DS_E_NOSESSION);
	check_ended(n);
	net_free(n);
}

static void test_the_first_certificate_that_ends_is_the_first_session_that_does(void **state)
{
	struct net *n = with_certificate_that_ends(NULL, 100000);

	(void)state;
	net_run_for(n, 10 * DS_SECOND); /* the table was walked: nothing ends soon */
	wall.at_zero += 100000 - 500;
	net_init_client(n, 1);
	n->clients[1].env.cfg.psk = false;
	SET_PEM(&n->clients[1].env.cfg, ca, ca_root);
	SET_PAIR(&n->clients[1].env.cfg, device_two);
	net_connect(n, 1);
	net_run_for(n, 480 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 2);
	net_run_for(n, 20 * DS_SECOND);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason,
			 DS_REASON_CERTIFICATE_ENDED);
	net_free(n);
}

static void test_a_session_that_came_back_ends_with_the_certificate(void **state)
{
	static struct places places;
	struct net *n = with_certificate_that_ends(&places, 1000);

	(void)state;
	places_restart(&places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 1);
	check_echo(n);
	net_run_for(n, 995 * DS_SECOND);
	check_echo(n);
	net_run_for(n, 10 * DS_SECOND);
	check_ended(n);
	places_fini(&places);
	net_free(n);
}

static void test_a_session_whose_certificate_has_ended_does_not_come_back(void **state)
{
	static struct places places;
	struct net *n = with_certificate_that_ends(&places, 1000);

	(void)state;
	places_keep(&places, n);
	places_kill(&places, n);
	n->now += 1003 * DS_SECOND;
	places_start(&places, n);
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_int_equal(net_stats(n)->store_expired, 1);
	places_fini(&places);
	net_free(n);
}

/* Configuration */

static int try_config(struct net *n, char why[static DS_WHY_MAX])
{
	int err = ds_engine_new(&n->server.engine, &n->server.env.cfg, n->now, why);

	if (!err)
		assert_int_equal(why[0], 0);
	return err;
}

static void check_config(struct net *n, const char *about)
{
	char why[DS_WHY_MAX] = "";

	assert_int_equal(try_config(n, why), DS_E_CONFIG);
	if (!strstr(why, about))
		fail_msg("\"%s\" says nothing about \"%s\"", why, about);
	net_free(n);
}

static void test_credentials_that_do_not_fit_are_refused_at_the_start(void **state)
{
	static const char junk[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	struct net *n = with_certificates();

	(void)state;
	SET_PEM(&n->server.env.cfg, key, key_server_rsa);
	check_config(n, "does not belong");
	n = with_certificates();
	n->server.env.cfg.key = NULL;
	check_config(n, "without its private key");
	n = with_certificates();
	SET_PEM(&n->server.env.cfg, cert, junk);
	check_config(n, "certificate");
	n = with_certificates();
	SET_PEM(&n->server.env.cfg, ca, junk);
	check_config(n, "CA certificates");
	n = with_certificates();
	SET_PEM(&n->server.env.cfg, crl, junk);
	check_config(n, "revocation lists");
	n = with_certificates();
	SET_PEM(&n->server.env.cfg, crl, junk);
	n->server.env.cfg.ca = NULL;
	check_config(n, "without the CA");
	n = with_certificates();
	n->server.env.cfg.ca = NULL;
	n->server.env.cfg.client_auth = DS_CLIENT_AUTH_OPTIONAL;
	check_config(n, "no CA certificates");
	n = with_certificates();
	n->server.env.cfg.suites[0] = 0x00A8;
	check_config(n, "none of the cipher suites");
	n = with_certificates();
	n->server.env.cfg.suites[0] = RSA; /* and the certificate is ECDSA */
	check_config(n, "none of the cipher suites");
}

static void test_reload_takes_a_new_certificate_or_changes_nothing(void **state)
{
	struct net *n = with_certificates();
	struct ds_config next = n->server.env.cfg;
	char why[DS_WHY_MAX] = "";

	(void)state;
	run(n);
	check_echo(n);
	SET_PEM(&next, key, key_server_rsa);
	assert_int_equal(ds_engine_reload(n->server.engine, &next, why), DS_E_CONFIG);
	assert_true(why[0] != 0);
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.suite, ECDSA);
	SET_PAIR(&next, server_rsa);
	assert_int_equal(ds_engine_reload(n->server.engine, &next, why), 0);
	check_echo(n); /* a session keeps what it has */
	net_connect(n, 0);
	net_run_for(n, DS_SECOND / 2);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_ESTABLISHED)->info.suite, RSA);
	check_echo(n);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ecdsa_server_with_every_suite_it_can_do),
		cmocka_unit_test(
			test_the_clients_order_of_suites_decides_unless_the_server_names_its_own),
		cmocka_unit_test(test_rsa_server_uses_rsa_suites_only),
		cmocka_unit_test(test_client_that_cannot_do_the_servers_key_is_told_no_suite),
		cmocka_unit_test(test_chain_of_certificates_in_small_datagrams),
		cmocka_unit_test(test_chain_survives_loss),
		cmocka_unit_test(test_client_refuses_another_authority_or_name),
		cmocka_unit_test(test_device_certificates_where_they_are_required),
		cmocka_unit_test(test_device_certificates_where_they_are_optional),
		cmocka_unit_test(test_device_certificates_where_nobody_asks),
		cmocka_unit_test(test_client_without_certificate),
		cmocka_unit_test(test_subject_and_psk_identity_of_the_same_text_are_two),
		cmocka_unit_test(test_a_session_ends_with_the_certificate),
		cmocka_unit_test(test_a_session_in_use_ends_with_the_certificate_at_once),
		cmocka_unit_test(
			test_the_first_certificate_that_ends_is_the_first_session_that_does),
		cmocka_unit_test(test_a_session_that_came_back_ends_with_the_certificate),
		cmocka_unit_test(test_a_session_whose_certificate_has_ended_does_not_come_back),
		cmocka_unit_test(test_credentials_that_do_not_fit_are_refused_at_the_start),
		cmocka_unit_test(test_reload_takes_a_new_certificate_or_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
