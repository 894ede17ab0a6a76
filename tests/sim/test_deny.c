/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_deny.c - peers that get no session, or have it no longer
 */
#include <stdio.h>
#include <string.h>

#include "tests/sim/certificates.h"
#include "tests/sim/net.h"
#include "tests/sim/places.h"

#define SET_PEM(cfg, member, pem)                                                                  \
	((cfg)->member = (const uint8_t *)(pem), (cfg)->member##_len = sizeof(pem))
#define SET_PAIR(cfg, name) (SET_PEM(cfg, cert, cert_##name), SET_PEM(cfg, key, key_##name))

#define DEVICE "subject:CN=device-1\n"

static void set_list(struct ds_config *cfg, const char *text)
{
	cfg->deny = (const uint8_t *)text;
	cfg->deny_len = strlen(text);
}

/* The list of a server that runs becomes @text. */
static void change_list(struct net *n, const char *text)
{
	char why[DS_WHY_MAX] = "";

	set_list(&n->server.env.cfg, text);
	if (ds_engine_reload(n->server.engine, &n->server.env.cfg, why))
		fail_msg("%s", why);
}

/* A server that asks for certificates, and a device that has one. */
static struct net *with_certificates(const char *list)
{
	struct net *n = net_new();
	struct ds_config *server = &n->server.env.cfg, *client = &n->clients[0].env.cfg;

	server->psk = false;
	SET_PAIR(server, server_ec);
	SET_PEM(server, ca, ca_root);
	server->client_auth = DS_CLIENT_AUTH_REQUIRED;
	if (list)
		set_list(server, list);
	net_init_client(n, 0);
	client->psk = false;
	SET_PEM(client, ca, ca_root);
	SET_PAIR(client, device);
	return n;
}

static void connect(struct net *n, size_t i)
{
	net_connect(n, i);
	net_run_for(n, DS_SECOND / 2);
}

static void check_failed(struct net *n, enum ds_reason reason)
{
	assert_int_equal(ds_engine_sessions(n->server.engine), 0);
	assert_non_null(net_last_event(&n->server, DS_EVENT_FAILED));
	assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->reason, reason);
}

static void check_closed(struct net *n, size_t left)
{
	assert_int_equal(ds_engine_sessions(n->server.engine), left);
	assert_int_equal(net_last_event(&n->server, DS_EVENT_CLOSED)->reason, DS_REASON_DENIED);
}

/* The number of the device's certificate, taken from its text. */
static const char *serial_entry(void)
{
	/* Base64 of 12 bytes before the number, and of its 20 bytes */
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static char text[128];
	const char *p = strchr(cert_device, '\n') + 1;
	uint8_t der[48];
	size_t n = 0, at;

	for (uint32_t bits = 0, have = 0; n < sizeof(der); p++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, *p) - digits);
		have += 6;
		if (have >= 8)
			der[n++] = (uint8_t)(bits >> (have -= 8));
	}
	/* Certificate, TBSCertificate: 4 or 3 bytes each; version: 5; then the number */
	at = (der[1] == 0x82 ? 4 : 3);
	at += (der[at + 1] == 0x82 ? 4 : der[at + 1] == 0x81 ? 3 : 2) + 5;
	assert_int_equal(der[at], 2);
	n = (size_t)snprintf(text, sizeof(text), "serial:");
	for (size_t i = 0; i < der[at + 1]; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%02X", i ? ":" : "",
				      der[at + 2 + i]);
	return text;
}

static void test_a_denied_certificate_gets_no_session(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct net *n = with_certificates(i % 2 ? serial_entry() : DEVICE);

		if (i > 1)
			n->server.env.cfg.client_auth = DS_CLIENT_AUTH_OPTIONAL;
		net_start_server(n);
		connect(n, 0);
		check_failed(n, DS_REASON_DENIED);
		net_run_for(n, 5 * DS_SECOND);
		assert_int_equal(ds_engine_sessions(n->clients[0].engine), 0);
		/* certificate_revoked, if Mbed TLS says why */
		assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason,
				 DS_REASON_PEER_ALERT);
		net_free(n);
	}
}

static void test_other_certificates_are_not_denied(void **state)
{
	struct net *n = with_certificates("id:CN=device-1\nsubject:CN=device-2\nserial:1234\n");

	(void)state;
	net_start_server(n);
	connect(n, 0);
	assert_true(net_established(n, 0));
	net_free(n);
}

static void test_a_client_denies_a_server(void **state)
{
	struct net *n = with_certificates(NULL);

	(void)state;
	set_list(&n->clients[0].env.cfg, "subject:CN=server\n");
	net_start_server(n);
	connect(n, 0);
	assert_int_equal(net_last_event(&n->clients[0], DS_EVENT_FAILED)->reason, DS_REASON_DENIED);
	net_free(n);
}

/* Its peer sees what the peer with an unknown identity sees. */
static void test_a_denied_identity_is_one_that_nobody_knows(void **state)
{
	struct net *denied = net_new(), *unknown = net_new();

	(void)state;
	set_list(&denied->server.env.cfg, "id:dev0\n");
	for (int i = 0; i < 2; i++) {
		struct net *n = i ? unknown : denied;

		net_start_server(n);
		net_init_client(n, 0);
		if (i)
			n->clients[0].env.cfg.psk_identity[0] = 'x';
		connect(n, 0);
		net_run_for(n, 60 * DS_SECOND);
		check_failed(n, i ? DS_REASON_PSK_UNKNOWN : DS_REASON_DENIED);
	}
	assert_int_equal(denied->n_log, unknown->n_log);
	assert_int_equal(net_stats(denied)->psk_unknown, 0);
	for (size_t i = 0; i < denied->n_log; i++)
		assert_int_equal(denied->log[i].len, unknown->log[i].len);
	net_free(denied);
	net_free(unknown);
}

static void test_sessions_of_peers_that_are_denied_end(void **state)
{
	struct net *n = net_connected(3);

	(void)state;
	change_list(n, "id:dev1\n");
	net_run_for(n, DS_SECOND);
	check_closed(n, 2);
	assert_true(net_established(n, 0) && net_established(n, 2));
	assert_int_equal(net_stats(n)->sessions_denied, 1);
	change_list(n, "");
	connect(n, 1);
	assert_true(net_established(n, 1));
	net_free(n);
}

static void test_sessions_of_certificates_that_are_denied_end(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct net *n = with_certificates(NULL);

		net_start_server(n);
		connect(n, 0);
		assert_true(net_established(n, 0));
		change_list(n, i ? serial_entry() : DEVICE);
		net_run_for(n, DS_SECOND);
		check_closed(n, 0);
		net_free(n);
	}
}

static void test_a_handshake_that_the_list_overtakes_fails(void **state)
{
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	net_init_client(n, 0);
	n->server.no_lookups = true;
	connect(n, 0);
	assert_int_equal(n->server.n_lookups, 1);
	change_list(n, "id:dev0\n");
	ds_engine_lookup_done(n->server.engine, n->server.lookups[0].id,
			      n->clients[0].env.cfg.psk_key, n->clients[0].env.cfg.psk_key_len,
			      n->now);
	net_drain(n, &n->server);
	net_run_for(n, DS_SECOND);
	check_failed(n, DS_REASON_DENIED);
	net_free(n);
}

static void test_an_engine_that_is_like_another_takes_its_list(void **state)
{
	struct net *n = net_connected(2);
	struct net_host base = {0};
	char why[DS_WHY_MAX];

	(void)state;
	set_list(&n->server.env.cfg, "id:dev1\n");
	assert_int_equal(ds_engine_new(&base.engine, &n->server.env.cfg, n->now, why), 0);
	ds_engine_reload_like(n->server.engine, base.engine);
	net_run_for(n, DS_SECOND);
	check_closed(n, 1);
	ds_engine_free(n->server.engine);
	n->server.engine = NULL;
	ds_engine_free(base.engine);
	net_free(n);
}

static void test_denied_peers_do_not_come_back(void **state)
{
	static const char *lists[] = {DEVICE, NULL, "subject:CN=device-2\n"};
	static struct places places;

	(void)state;
	lists[1] = serial_entry();
	for (size_t i = 0; i < TEST_COUNT(lists); i++) {
		struct net *n = with_certificates(NULL);
		bool denied = i < 2;

		net_start_server(n);
		places_init(&places, n);
		connect(n, 0);
		assert_true(net_established(n, 0));
		places_keep(&places, n);
		places_kill(&places, n);
		set_list(&n->server.env.cfg, lists[i]);
		places_start(&places, n);
		assert_int_equal(ds_engine_sessions(n->server.engine), denied ? 0 : 1);
		assert_int_equal(net_stats(n)->store_expired, denied ? 1 : 0);
		/* And the number came back with the session */
		if (!denied) {
			change_list(n, lists[1]);
			net_run_for(n, DS_SECOND);
			check_closed(n, 0);
		}
		places_fini(&places);
		net_free(n);
	}
}

static void test_a_list_with_a_mistake_changes_nothing(void **state)
{
	struct net *n = net_connected(1);
	char why[DS_WHY_MAX] = "";

	(void)state;
	change_list(n, "id:dev1\n");
	set_list(&n->server.env.cfg, "id:dev0\ndev2\n");
	assert_int_equal(ds_engine_reload(n->server.engine, &n->server.env.cfg, why), DS_E_CONFIG);
	assert_non_null(strstr(why, ":2: "));
	net_run_for(n, DS_SECOND);
	assert_true(net_established(n, 0));
	net_init_client(n, 1);
	connect(n, 1);
	assert_false(net_established(n, 1));
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_denied_certificate_gets_no_session),
		cmocka_unit_test(test_other_certificates_are_not_denied),
		cmocka_unit_test(test_a_client_denies_a_server),
		cmocka_unit_test(test_a_denied_identity_is_one_that_nobody_knows),
		cmocka_unit_test(test_sessions_of_peers_that_are_denied_end),
		cmocka_unit_test(test_sessions_of_certificates_that_are_denied_end),
		cmocka_unit_test(test_a_handshake_that_the_list_overtakes_fails),
		cmocka_unit_test(test_an_engine_that_is_like_another_takes_its_list),
		cmocka_unit_test(test_denied_peers_do_not_come_back),
		cmocka_unit_test(test_a_list_with_a_mistake_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
