/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_offers.c - hellos of which nothing can come: who sends one is told why, and so is the log
 *
 * The hellos are written byte by byte, for no library here would send them.
 */
#include <string.h>

#include "core/engine_impl.h"
#include "core/hello.h"
#include "tests/sim/certificates.h"
#include "tests/sim/net.h"

#define RECORD 13

/* A ClientHello as a datagram of one record. */
static size_t put_record(uint8_t *out, const struct test_hello *hello)
{
	struct test_bytes body = {.len = 0}, b = {.len = 0};

	test_put_hello(&body, hello);
	test_put(&b, 1, 22);
	test_put(&b, 2, 0xFEFD);
	test_put(&b, 8, hello->cookie_len ? 1 : 0);
	test_put(&b, 2, 12 + body.len);
	test_put(&b, 1, DS_CLIENT_HELLO);
	test_put(&b, 3, body.len);
	test_put(&b, 2, hello->cookie_len ? 1 : 0);
	test_put(&b, 3, 0);
	test_put(&b, 3, body.len);
	test_put_bytes(&b, body.data, body.len);
	memcpy(out, b.data, b.len);
	return b.len;
}

static void say(struct net *n, const struct ds_addr *from, const struct test_hello *hello)
{
	uint8_t datagram[2048];
	size_t len = put_record(datagram, hello);

	net_inject(n, from, &n->server.addr, datagram, len);
	net_run_for(n, 0);
}

/* Says hello with the cookie that it gets for the first one. */
static void say_with_cookie(struct net *n, const struct ds_addr *from, struct test_hello *hello)
{
	static uint8_t answer[2048];
	size_t len;

	say(n, from, hello);
	len = net_receive(n, from, answer, sizeof(answer));
	assert_true(len > RECORD + 15 && answer[RECORD] == DS_HELLO_VERIFY_REQUEST);
	hello->cookie = answer + RECORD + 15;
	hello->cookie_len = answer[RECORD + 14];
	say(n, from, hello);
}

static void check_alert(struct net *n, const struct ds_addr *from, uint8_t description)
{
	uint8_t alert[64];

	assert_int_equal(net_receive(n, from, alert, sizeof(alert)), RECORD + 2);
	assert_int_equal(alert[0], 21);
	assert_int_equal(alert[RECORD], 2);
	assert_int_equal(alert[RECORD + 1], description);
}

static const struct ds_event *failure(struct net *n, enum ds_reason reason)
{
	const struct ds_event *ev = net_last_event(&n->server, DS_EVENT_FAILED);

	assert_non_null(ev);
	assert_int_equal(ev->reason, reason);
	return ev;
}

static struct test_hello hello_of(const uint8_t *extensions, size_t len)
{
	struct test_hello h;

	test_hello_init(&h);
	h.extensions = extensions;
	h.extensions_len = len;
	return h;
}

static void test_a_client_without_dtls_1_2_is_told_at_once(void **state)
{
	static const uint8_t only_1_3[] = {0, 43, 0, 3, 2, 0xfe, 0xfc};
	static const uint8_t none[] = {0, 23, 0, 0};
	struct ds_addr at = net_addr(50, 50), other = net_addr(60, 60);
	struct test_hello hello = hello_of(only_1_3, sizeof(only_1_3));
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	say(n, &at, &hello);
	check_alert(n, &at, 70);
	assert_int_equal(failure(n, DS_REASON_VERSION)->offer.version, 0xFEFC);
	hello = hello_of(none, sizeof(none));
	hello.version = 0xFEFF;
	say(n, &other, &hello);
	check_alert(n, &other, 70);
	assert_int_equal(failure(n, DS_REASON_VERSION)->offer.version, 0xFEFF);
	assert_int_equal(net_stats(n)->drop_hello_version, 2);
	assert_int_equal(net_stats(n)->handshakes_started + net_stats(n)->hello_verify, 0);
	net_free(n);
}

static void test_a_client_with_dtls_1_2_and_1_3_gets_its_cookie(void **state)
{
	static const uint8_t both[] = {0, 43, 0, 5, 4, 0xfe, 0xfc, 0xfe, 0xfd};
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(both, sizeof(both));
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	say_with_cookie(n, &at, &hello);
	assert_int_equal(net_stats(n)->handshakes_started, 1);
	net_free(n);
}

static void test_strangers_cause_few_alerts_and_lines(void **state)
{
	static const uint8_t only_1_3[] = {0, 43, 0, 3, 2, 0xfe, 0xfc};
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(only_1_3, sizeof(only_1_3));
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	for (int i = 0; i < 200; i++)
		say(n, &at, &hello);
	assert_int_equal(net_stats(n)->drop_hello_version, 200);
	assert_int_equal(net_count_events(&n->server, DS_EVENT_FAILED), 4);
	net_free(n);
}

static void test_a_hello_that_is_too_long_has_its_reason(void **state)
{
	uint8_t first[RECORD + 12 + 100] = {
		22, 0xfe, 0xfd, 0,   0, 0, 0,	 0,   0,
		0,  0,	  0,	112, 1, 0, 0x17, 0xf5}; /* of 6133 bytes */
	struct ds_addr at = net_addr(50, 50);
	struct net *n = net_new();

	(void)state;
	net_start_server(n);
	first[RECORD + 11] = 100;
	net_inject(n, &at, &n->server.addr, first, sizeof(first));
	net_run_for(n, 0);
	check_alert(n, &at, 40);
	failure(n, DS_REASON_HELLO_LENGTH);
	assert_int_equal(net_stats(n)->drop_hello_length, 1);
	first[RECORD + 3] = 0xf4; /* one byte less is parsed, and has no cookie in that piece */
	net_inject(n, &at, &n->server.addr, first, sizeof(first));
	net_run_for(n, 0);
	assert_int_equal(net_stats(n)->drop_hello_length, 1);
	net_free(n);
}

static void test_a_failure_tells_what_was_offered(void **state)
{
	static const uint8_t suites[] = {0xC0, 0x23, 0x00, 0xAE};
	static const uint8_t extensions[] = {0, 10,  0,	  4,   0, 2, 0, 29, /* x25519 */
					     0, 0,   0,	  8,   0, 6, 0, 0,
					     3, 'a', 'b', 'c', /* the server's name */
					     0, 54,  0,	  1,   0};
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(extensions, sizeof(extensions));
	struct net *n = net_new();
	const struct ds_offer *o;

	(void)state;
	hello.suites = suites;
	hello.suites_len = sizeof(suites);
	net_start_server(n);
	say_with_cookie(n, &at, &hello);
	o = &failure(n, DS_REASON_NO_SUITE)->offer;
	assert_true(o->is_known);
	assert_int_equal(o->version, 0xFEFD);
	assert_int_equal(o->n_suites, 2);
	assert_int_equal(o->suites[0], 0xC023);
	assert_int_equal(o->suites[1], 0x00AE);
	assert_int_equal(o->common, 0);
	assert_int_equal(o->n_groups, 1);
	assert_int_equal(o->groups[0], 29);
	assert_true(o->cid && !o->ems);
	assert_int_equal(o->name_len, 3);
	assert_memory_equal(o->server_name, "abc", 3);
	net_free(n);
}

static void test_a_suite_without_a_curve_for_it_is_told_apart(void **state)
{
	static const uint8_t suites[] = {0xCC, 0xAC}; /* ECDHE_PSK */
	static const uint8_t extensions[] = {0, 10, 0, 4, 0, 2, 0, 19, 0, 23, 0, 0};
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(extensions, sizeof(extensions));
	struct net *n = net_new();

	(void)state;
	hello.suites = suites;
	hello.suites_len = sizeof(suites);
	net_start_server(n);
	say_with_cookie(n, &at, &hello);
	assert_int_equal(failure(n, DS_REASON_NO_GROUP)->offer.common, 1);
	net_free(n);
}

static void test_a_hostile_server_name_is_not_taken(void **state)
{
	static const uint8_t lies[][12] = {
		{0, 0, 0, 5, 0, 3, 0, 0xff, 0xff}, {0, 0, 0, 2, 0, 0}, {0, 0, 0, 5, 0, 3, 1, 0, 0}};
	static const size_t lengths[] = {9, 6, 9};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(lies); i++) {
		static const uint8_t suites[] = {0, 1};
		struct ds_addr at = net_addr(50, 50);
		struct test_hello hello = hello_of(lies[i], lengths[i]);
		struct net *n = net_new();

		hello.suites = suites;
		hello.suites_len = sizeof(suites);
		net_start_server(n);
		say_with_cookie(n, &at, &hello);
		assert_int_equal(net_last_event(&n->server, DS_EVENT_FAILED)->offer.name_len, 0);
		net_free(n);
	}
}

/* What the servers of the next test have */
enum { KEYS = 1, CERT = 2, ONE_SUITE = 4 };

#define X25519 0, 10, 0, 4, 0, 2, 0, 29
#define ALGS   0, 13, 0, 4, 0, 2, 4, 3
#define EMS    0, 23, 0, 0
#define RAW    0, 20, 0, 2, 1, 2

/* A client of which nothing can come, and what its failure says. */
static const struct advised {
	const char *who;
	unsigned server;
	uint8_t suites[6], extensions[40];
	size_t suites_len, extensions_len;
	enum ds_reason reason;
	uint8_t alert;
	enum ds_advice advice;
} advised[] = {
	{"CBC only",
	 KEYS,
	 {0, 0xAE, 0xC0, 0x23, 0, 0xFF},
	 {EMS},
	 6,
	 4,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_AEAD},
	{"EC J-PAKE only",
	 KEYS,
	 {0xC0, 0xFF},
	 {EMS},
	 2,
	 4,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_ECJPAKE},
	{"static RSA with GCM",
	 CERT,
	 {0, 0x9C, 0, 0x2F},
	 {EMS},
	 4,
	 4,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_KEY_EXCHANGE},
	{"a key, where there are none",
	 CERT,
	 {0, 0xAE, 0xC0, 0xA8},
	 {EMS},
	 4,
	 4,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_PSK_SOURCE},
	{"a certificate, where there is none",
	 KEYS,
	 {0xC0, 0x2B},
	 {X25519, ALGS, EMS},
	 2,
	 20,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_CERTIFICATE},
	{"RSA, where it is ECDSA",
	 CERT,
	 {0xC0, 0x2F},
	 {X25519, ALGS, EMS},
	 2,
	 20,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_KEY_KIND},
	{"a suite that the operator left out",
	 KEYS | ONE_SUITE,
	 {0xC0, 0xA8},
	 {EMS},
	 2,
	 4,
	 DS_REASON_NO_SUITE,
	 40,
	 DS_ADVICE_SUITES},
	{"raw public keys only",
	 CERT | KEYS,
	 {0xC0, 0xAE},
	 {X25519, ALGS, EMS, RAW},
	 2,
	 26,
	 DS_REASON_CERTIFICATE_TYPE,
	 43,
	 DS_ADVICE_X509},
	{"no curve",
	 KEYS,
	 {0xCC, 0xAC},
	 {0, 10, 0, 4, 0, 2, 0, 19, EMS},
	 2,
	 12,
	 DS_REASON_NO_GROUP,
	 40,
	 DS_ADVICE_GROUP},
	{"no extended master secret",
	 CERT,
	 {0xC0, 0x2B},
	 {0, 10, 0, 4, 0, 2, 0, 23, ALGS},
	 2,
	 16,
	 DS_REASON_NO_EMS,
	 40,
	 DS_ADVICE_EMS},
	{"DTLS 1.3 only",
	 KEYS,
	 {0x13, 1},
	 {0, 43, 0, 3, 2, 0xfe, 0xfc},
	 2,
	 7,
	 DS_REASON_VERSION,
	 70,
	 DS_ADVICE_VERSION},
};

static void check_advice(const struct advised *t)
{
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(t->extensions, t->extensions_len);
	struct net *n = net_new();
	struct ds_config *cfg = &n->server.env.cfg;
	const struct ds_event *ev;

	hello.suites = t->suites;
	hello.suites_len = t->suites_len;
	cfg->psk = t->server & KEYS;
	if (t->server & CERT) {
		cfg->cert = (const uint8_t *)cert_server_ec;
		cfg->cert_len = sizeof(cert_server_ec);
		cfg->key = (const uint8_t *)key_server_ec;
		cfg->key_len = sizeof(key_server_ec);
	}
	if (t->server & ONE_SUITE)
		cfg->suites[0] = 0x00A8;
	net_start_server(n);
	if (t->alert == 43 || t->alert == 70) /* told before a cookie */
		say(n, &at, &hello);
	else
		say_with_cookie(n, &at, &hello);
	check_alert(n, &at, t->alert);
	ev = failure(n, t->reason);
	assert_int_equal(ev->alert, t->alert);
	if (ev->advice != t->advice)
		fail_msg("%s: advice %d, not %d", t->who, (int)ev->advice, (int)t->advice);
	net_free(n);
}

static void test_a_failure_says_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(advised); i++)
		check_advice(&advised[i]);
}

/* Raw public keys matter only where a certificate would be shown. */
static void test_a_client_with_raw_public_keys_and_a_pre_shared_key_gets_in(void **state)
{
	static const uint8_t suites[] = {0xC0, 0xA8}, extensions[] = {RAW, EMS};
	struct ds_addr at = net_addr(50, 50);
	struct test_hello hello = hello_of(extensions, sizeof(extensions));
	struct net *n = net_new();

	(void)state;
	hello.suites = suites;
	hello.suites_len = sizeof(suites);
	net_start_server(n);
	say_with_cookie(n, &at, &hello);
	assert_int_equal(net_stats(n)->handshakes_started, 1);
	assert_int_equal(net_stats(n)->drop_hello_raw_key, 0);
	net_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_client_without_dtls_1_2_is_told_at_once),
		cmocka_unit_test(test_a_client_with_dtls_1_2_and_1_3_gets_its_cookie),
		cmocka_unit_test(test_strangers_cause_few_alerts_and_lines),
		cmocka_unit_test(test_a_hello_that_is_too_long_has_its_reason),
		cmocka_unit_test(test_a_failure_tells_what_was_offered),
		cmocka_unit_test(test_a_suite_without_a_curve_for_it_is_told_apart),
		cmocka_unit_test(test_a_hostile_server_name_is_not_taken),
		cmocka_unit_test(test_a_failure_says_what_to_do),
		cmocka_unit_test(test_a_client_with_raw_public_keys_and_a_pre_shared_key_gets_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
