/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options from the environment and from command lines: what they do, and what is said about those
 * that cannot be.
 */
#include "tests/unit/host_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dtlsshim/engine.h"
#include "host/log.h"
#include "host/options.h"
#include "host/options_table.h"
#include "host/plaintext.h"

static int take_env(struct host_options *o, enum host_front front, const char *variable, char *why)
{
	char copy[8192];
	char *env[] = {"HOME=/", copy, "DTLSSHIM=1", NULL};

	snprintf(copy, sizeof(copy), "%s", variable);
	host_options_init(o);
	why[0] = 0;
	return host_options_env(o, front, env, why);
}

struct refused {
	enum host_front front;
	const char *given; /* variable, or flags separated by blanks */
	const char *why;   /* the whole line */
};

static void test_env_refused(void **state)
{
	static const struct refused cases[] = {
		{HOST_SHIM, "DTLSSHIM_PSKCSV=x",
		 "DTLSSHIM_PSKCSV: there is no such variable; did you mean DTLSSHIM_PSK_CSV?"},
		{HOST_SHIM, "DTLSHIM_CA=x",
		 "the variable \"DTLSHIM_CA\" nearly begins with DTLSSHIM_; did you mean "
		 "DTLSSHIM_CA?"},
		{HOST_PROXY, "DTLS_SHIM_PSK_CVS=x",
		 "the variable \"DTLS_SHIM_PSK_CVS\" nearly begins with DTLSSHIM_; did you mean "
		 "DTLSSHIM_PSK_CSV?"},
		{HOST_TOOL, "dtlsshim_ca=x",
		 "the variable \"dtlsshim_ca\" nearly begins with DTLSSHIM_; did you mean "
		 "DTLSSHIM_CA?"},
		{HOST_SHIM, "DTLSSHIMCA=x",
		 "the variable \"DTLSSHIMCA\" nearly begins with DTLSSHIM_; did you mean "
		 "DTLSSHIM_CA?"},
		{HOST_SHIM, "DTSLSHIM_PORTS",
		 "the variable \"DTSLSHIM_PORTS\" nearly begins with DTLSSHIM_; did you mean "
		 "DTLSSHIM_PORTS?"},
		{HOST_SHIM, "DTLS_SHIM_WHATEVER=x",
		 "the variable \"DTLS_SHIM_WHATEVER\" nearly begins with DTLSSHIM_; rename or unset "
		 "it"},
		{HOST_SHIM, "DTLSHIM_\n=x",
		 "the variable \"DTLSHIM_\\x0a\" nearly begins with DTLSSHIM_; rename or unset it"},
		{HOST_SHIM, "DTLSSHIM_ROLE=client",
		 "DTLSSHIM_ROLE=client needs DTLSSHIM_PORTS: the ports of the servers the program "
		 "talks to"},
		{HOST_SHIM, "DTLSSHIM_ROLE=both",
		 "DTLSSHIM_ROLE=both needs DTLSSHIM_PORTS: the ports of the servers the program "
		 "talks to"},
		{HOST_SHIM, "DTLSSHIM_psk_csv=x",
		 "DTLSSHIM_psk_csv: there is no such variable; did you mean DTLSSHIM_PSK_CSV?"},
		{HOST_SHIM, "DTLSSHIM_SOMETHING_ELSE=x",
		 "DTLSSHIM_SOMETHING_ELSE: there is no such variable; unset it"},
		{HOST_SHIM, "DTLSSHIM_=x", "DTLSSHIM_: there is no such variable; unset it"},
		{HOST_SHIM, "DTLSSHIM_\nMTU=x",
		 "DTLSSHIM_\"\\x0aMTU\": there is no such variable; did you mean DTLSSHIM_MTU?"},
		{HOST_PROXY, "DTLSSHIM_PORTS=5684",
		 "DTLSSHIM_PORTS: dtlsproxy does not have this option; unset it"},
		{HOST_SHIM, "DTLSSHIM_BIND=:5684",
		 "DTLSSHIM_BIND: libdtlsshim.so does not have this option; unset it"},
		{HOST_SHIM, "DTLSSHIM_CA=", "DTLSSHIM_CA is empty; unset it, or set it to FILE"},
		{HOST_SHIM, "DTLSSHIM_PSK_CSV",
		 "DTLSSHIM_PSK_CSV is empty; unset it, or set it to FILE"},
		{HOST_SHIM, "DTLSSHIM_MTU=", "DTLSSHIM_MTU is empty; unset it, or set it to BYTES"},
		{HOST_SHIM, "DTLSSHIM_MTU=12x",
		 "DTLSSHIM_MTU=\"12x\": a whole number from 256 to 2048 is expected"},
		{HOST_SHIM, "DTLSSHIM_MTU=255",
		 "DTLSSHIM_MTU=\"255\": a whole number from 256 to 2048 is expected"},
		{HOST_SHIM, "DTLSSHIM_MTU=2049",
		 "DTLSSHIM_MTU=\"2049\": a whole number from 256 to 2048 is expected"},
		{HOST_SHIM, "DTLSSHIM_CID_LENGTH=33",
		 "DTLSSHIM_CID_LENGTH=\"33\": a whole number from 0 to 32 is expected"},
		{HOST_SHIM, "DTLSSHIM_CID_LENGTH=-1",
		 "DTLSSHIM_CID_LENGTH=\"-1\": a whole number from 0 to 32 is expected"},
		{HOST_SHIM, "DTLSSHIM_CID_LENGTH=0x8",
		 "DTLSSHIM_CID_LENGTH=\"0x8\": a whole number from 0 to 32 is expected"},
		{HOST_SHIM, "DTLSSHIM_CID_LENGTH= 8",
		 "DTLSSHIM_CID_LENGTH=\" 8\": a whole number from 0 to 32 is expected"},
		{HOST_SHIM, "DTLSSHIM_MAX_SESSIONS=1e6",
		 "DTLSSHIM_MAX_SESSIONS=\"1e6\": a whole number from 1 to 1073741824 is expected"},
		{HOST_SHIM, "DTLSSHIM_MAX_SESSIONS=18446744073709551617",
		 "DTLSSHIM_MAX_SESSIONS=\"18446744073709551617\": a whole number from 1 to "
		 "1073741824 is expected"},
		{HOST_SHIM, "DTLSSHIM_REQUIRE_EMS=maybe",
		 "DTLSSHIM_REQUIRE_EMS=\"maybe\": true, false or certificates is expected"},
		{HOST_SHIM, "DTLSSHIM_REBIND=sometimes",
		 "DTLSSHIM_REBIND=\"sometimes\": one of limit|immediate|never is expected"},
		{HOST_SHIM, "DTLSSHIM_REBIND=limit|never",
		 "DTLSSHIM_REBIND=\"limit|never\": one of limit|immediate|never is expected"},
		{HOST_SHIM, "DTLSSHIM_LOG=lim",
		 "DTLSSHIM_LOG=\"lim\": one of error|warn|info|debug is expected"},
		{HOST_SHIM, "DTLSSHIM_LOG=inf",
		 "DTLSSHIM_LOG=\"inf\": one of error|warn|info|debug is expected"},
		{HOST_SHIM, "DTLSSHIM_PORTS=0",
		 "DTLSSHIM_PORTS=\"0\": ports from 1 to 65535 are expected, like 5684 or 5683=5684"},
		{HOST_SHIM, "DTLSSHIM_PORTS=65536",
		 "DTLSSHIM_PORTS=\"65536\": ports from 1 to 65535 are expected, like 5684 or "
		 "5683=5684"},
		{HOST_SHIM, "DTLSSHIM_PORTS=5683,5684x",
		 "DTLSSHIM_PORTS=\"5684x\": ports from 1 to 65535 are expected, like 5684 or "
		 "5683=5684"},
		{HOST_SHIM, "DTLSSHIM_PORTS=5683,",
		 "DTLSSHIM_PORTS=\"\": ports from 1 to 65535 are expected, like 5684 or 5683=5684"},
		{HOST_SHIM, "DTLSSHIM_PORTS=5683=",
		 "DTLSSHIM_PORTS=\"5683=\": after = a port from 1 to 65535 is expected"},
		{HOST_SHIM, "DTLSSHIM_PORTS=5683=1=2",
		 "DTLSSHIM_PORTS=\"5683=1=2\": after = a port from 1 to 65535 is expected"},
		{HOST_SHIM, "DTLSSHIM_PORTS=5683,5683=1",
		 "DTLSSHIM_PORTS=\"5683=1\": the same port twice"},
		{HOST_SHIM, "DTLSSHIM_PORTS=1=5684,2=5684",
		 "DTLSSHIM_PORTS=\"2=5684\": the same port twice"},
		{HOST_SHIM, "DTLSSHIM_PORTS=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
		 "DTLSSHIM_PORTS=\"17\": too many ports"},
		{HOST_SHIM, "DTLSSHIM_CIPHERSUITES=TLS_RSA_WITH_AES_128_CBC_SHA",
		 "DTLSSHIM_CIPHERSUITES=\"TLS_RSA_WITH_AES_128_CBC_SHA\": not an AEAD cipher suite "
		 "this version has; names are IANA's, like TLS_PSK_WITH_AES_128_CCM_8"},
		{HOST_SHIM, "DTLSSHIM_CIPHERSUITES=,",
		 "DTLSSHIM_CIPHERSUITES=\"\": not an AEAD cipher suite this version has; names are "
		 "IANA's, like TLS_PSK_WITH_AES_128_CCM_8"},
		{HOST_SHIM,
		 "DTLSSHIM_CIPHERSUITES=TLS_PSK_WITH_AES_128_CCM_8,TLS_PSK_WITH_AES_128_CCM_8",
		 "DTLSSHIM_CIPHERSUITES=\"TLS_PSK_WITH_AES_128_CCM_8\": the same cipher suite twice"},
		{HOST_SHIM, "DTLSSHIM_PLAINTEXT=yes",
		 "DTLSSHIM_PLAINTEXT=\"yes\": deny, log or allow is expected, or PORT=deny, PORT=log "
		 "or PORT=allow"},
		{HOST_SHIM, "DTLSSHIM_PLAINTEXT=log,",
		 "DTLSSHIM_PLAINTEXT=\"\": deny, log or allow is expected, or PORT=deny, PORT=log or "
		 "PORT=allow"},
		{HOST_PROXY, "DTLSSHIM_PLAINTEXT=5684=allowed",
		 "DTLSSHIM_PLAINTEXT=\"5684=allowed\": deny, log or allow is expected, or PORT=deny, "
		 "PORT=log or PORT=allow"},
		{HOST_PROXY, "DTLSSHIM_PLAINTEXT=0=allow",
		 "DTLSSHIM_PLAINTEXT=\"0=allow\": before = a port from 1 to 65535 is expected"},
		{HOST_PROXY, "DTLSSHIM_PLAINTEXT=1=allow,1=log",
		 "DTLSSHIM_PLAINTEXT=\"1=log\": the same port twice"},
		{HOST_SHIM, "DTLSSHIM_MTU=\x1b[31m",
		 "DTLSSHIM_MTU=\"\\x1b[31m\": a whole number from 256 to 2048 is expected"},
	};
	struct host_options o;
	char why[DS_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_int_equal(take_env(&o, cases[i].front, cases[i].given, why), -1);
		assert_string_equal(why, cases[i].why);
		host_options_free(&o);
	}
}

static void check_rules(const char *given, enum ds_plaintext at_5684, enum ds_plaintext elsewhere,
			bool allowed)
{
	struct host_options o;
	char why[DS_WHY_MAX];

	assert_int_equal(take_env(&o, HOST_PROXY, given, why), 0);
	assert_int_equal(host_plaintext_at(&o, 5684), at_5684);
	assert_int_equal(host_plaintext_at(&o, 5683), elsewhere);
	assert_int_equal(host_plaintext_allowed(&o), allowed);
	host_options_free(&o);
}

static void test_each_port_has_its_rule_for_plaintext(void **state)
{
	(void)state;
	check_rules("OTHER=1", DS_PLAINTEXT_DENY, DS_PLAINTEXT_DENY, false);
	check_rules("DTLSSHIM_PLAINTEXT=log", DS_PLAINTEXT_LOG, DS_PLAINTEXT_LOG, false);
	check_rules("DTLSSHIM_PLAINTEXT=allow", DS_PLAINTEXT_ALLOW, DS_PLAINTEXT_ALLOW, true);
	check_rules("DTLSSHIM_PLAINTEXT=5684=allow", DS_PLAINTEXT_ALLOW, DS_PLAINTEXT_DENY, true);
	check_rules("DTLSSHIM_PLAINTEXT=5684=deny,allow", DS_PLAINTEXT_DENY, DS_PLAINTEXT_ALLOW,
		    true);
	check_rules("DTLSSHIM_PLAINTEXT=log,5684=deny", DS_PLAINTEXT_DENY, DS_PLAINTEXT_LOG, false);
}

/* Names of others, however alike. */
static void test_env_of_others(void **state)
{
	static const char *const names[] = {"PATH=/bin",
					    "LD_PRELOAD=x",
					    "DTLS_CA=x",
					    "TLS_CA=x",
					    "DTLSPROXY_CA=x",
					    "DTLS_PROXY_X=1",
					    "DTLSSHIM=x",
					    "LIBDTLSSHIM_X=x",
					    "MBEDTLS_KEY=x",
					    "SSHIM_CA=x",
					    "DTLS_SERVER_CA=x",
					    "DTLSSH=x",
					    "D=x",
					    "=x",
					    "",
					    "_=/usr/bin/env",
					    "OLD_DTLSSHIM_CA=DTLSHIM_CA"};
	struct host_options o;
	char why[DS_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (take_env(&o, HOST_SHIM, names[i], why))
			fail_msg("%s: %s", names[i], why);
		host_options_free(&o);
	}
}

static void test_env_long_values_are_cut(void **state)
{
	struct host_options o;
	char value[6000] = "DTLSSHIM_MTU=", why[DS_WHY_MAX];

	(void)state;
	memset(value + 13, '7', 5000);
	assert_int_equal(take_env(&o, HOST_SHIM, value, why), -1);
	assert_true(strlen(why) < 200);
	assert_non_null(strstr(why, "...: a whole number"));
	host_options_free(&o);
	memset(value + 9, 'A', 5000);
	assert_int_equal(take_env(&o, HOST_SHIM, value, why), -1);
	assert_true(strlen(why) < 200);
	host_options_free(&o);
}

static void test_env_values(void **state)
{
	char *env[] = {"DTLSSHIM_PSK_CSV=keys.csv",
		       "DTLSSHIM_PORTS=5684,5683=15684",
		       "DTLSSHIM_CID_LENGTH=0",
		       "DTLSSHIM_MTU=2048",
		       "DTLSSHIM_REBIND=never",
		       "DTLSSHIM_PEER_ADDRESS=stable",
		       "DTLSSHIM_IDLE_TIMEOUT=0",
		       "DTLSSHIM_CLIENT_AUTH=optional",
		       "DTLSSHIM_ROLE=both",
		       "DTLSSHIM_LOG=debug",
		       "DTLSSHIM_ONE_SESSION_PER_IDENTITY=off",
		       "DTLSSHIM_REQUIRE_EMS=FALSE",
		       "DTLSSHIM_CIPHERSUITES=tls_psk_with_aes_128_ccm_8,"
		       "TLS_PSK_WITH_AES_128_GCM_SHA256",
		       "DTLSSHIM_STATE=/x",
		       "DTLSSHIM_HELD=960:1234", /* not a user's: host/strict.h */
		       "PATH=/bin",
		       NULL};
	struct host_options o;
	char why[DS_WHY_MAX];

	(void)state;
	host_options_init(&o);
	assert_int_equal(host_options_env(&o, HOST_SHIM, env, why), 0);
	assert_string_equal(test_relative(o.psk_csv), "keys.csv");
	assert_int_equal(o.n_ports, 2);
	assert_int_equal(o.ports[0].program, 5684);
	assert_int_equal(o.ports[0].wire, 5684);
	assert_int_equal(o.ports[1].program, 5683);
	assert_int_equal(o.ports[1].wire, 15684);
	assert_int_equal(o.cid_length, 0);
	assert_int_equal(o.mtu, 2048);
	assert_int_equal(o.rebind, DS_REBIND_NEVER);
	assert_int_equal(o.peer_address, DS_PEER_STABLE);
	assert_int_equal(o.idle_timeout, 0);
	assert_int_equal(o.client_auth, DS_CLIENT_AUTH_OPTIONAL);
	assert_int_equal(o.role, HOST_ROLE_BOTH);
	assert_int_equal(o.log_level, HOST_LOG_DEBUG);
	assert_false(o.replace_identity);
	assert_false(o.require_ems);
	assert_int_equal(o.ciphersuites[0], 0xc0a8);
	assert_int_equal(o.ciphersuites[1], 0x00a8);
	assert_int_equal(o.ciphersuites[2], 0);
	assert_string_equal(o.state, "/x");
	host_options_free(&o);
}

/* Every word of a choice must stand for the number the code means by it. */
static void test_choices_follow_their_enums(void **state)
{
	static const struct {
		const char *given;
		size_t member;
		uint32_t value;
	} cases[] = {
#define CASE(text, name, number) {text, offsetof(struct host_options, name), number}
		CASE("DTLSSHIM_CLIENT_AUTH=none", client_auth, DS_CLIENT_AUTH_NONE),
		CASE("DTLSSHIM_CLIENT_AUTH=optional", client_auth, DS_CLIENT_AUTH_OPTIONAL),
		CASE("DTLSSHIM_CLIENT_AUTH=required", client_auth, DS_CLIENT_AUTH_REQUIRED),
		CASE("DTLSSHIM_ROLE=server", role, DS_SERVER),
		CASE("DTLSSHIM_REBIND=limit", rebind, DS_REBIND_LIMIT),
		CASE("DTLSSHIM_REBIND=immediate", rebind, DS_REBIND_IMMEDIATE),
		CASE("DTLSSHIM_REBIND=never", rebind, DS_REBIND_NEVER),
		CASE("DTLSSHIM_RRC=basic", rrc, DS_RRC_BASIC),
		CASE("DTLSSHIM_RRC=enhanced", rrc, DS_RRC_ENHANCED),
		CASE("DTLSSHIM_RRC=off", rrc, DS_RRC_OFF),
		CASE("DTLSSHIM_PEER_ADDRESS=current", peer_address, DS_PEER_CURRENT),
		CASE("DTLSSHIM_PEER_ADDRESS=stable", peer_address, DS_PEER_STABLE),
		CASE("DTLSSHIM_LOG=error", log_level, HOST_LOG_ERROR),
		CASE("DTLSSHIM_LOG=warn", log_level, HOST_LOG_WARN),
		CASE("DTLSSHIM_LOG=info", log_level, HOST_LOG_INFO),
		CASE("DTLSSHIM_LOG=debug", log_level, HOST_LOG_DEBUG),
		CASE("DTLSSHIM_REQUIRE_EMS=1", require_ems, 1),
		CASE("DTLSSHIM_REQUIRE_EMS=on", require_ems, 1),
		CASE("DTLSSHIM_REQUIRE_EMS=T", require_ems, 1),
		CASE("DTLSSHIM_REQUIRE_EMS=yes", require_ems, 1),
		CASE("DTLSSHIM_REQUIRE_EMS=0", require_ems, 0),
		CASE("DTLSSHIM_REQUIRE_EMS=no", require_ems, 0),
		CASE("DTLSSHIM_REQUIRE_EMS=f", require_ems, 0),
		CASE("DTLSSHIM_REQUIRE_EMS=Certificates", require_ems, 2),
#undef CASE
	};
	struct host_options o;
	char why[DS_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_int_equal(take_env(&o, HOST_SHIM, cases[i].given, why), 0);
		assert_int_equal(*(uint32_t *)(void *)((char *)&o + cases[i].member),
				 cases[i].value);
		host_options_free(&o);
	}
}

static void test_defaults(void **state)
{
	struct host_options o;

	(void)state;
	host_options_init(&o);
	assert_null(o.psk_csv);
	assert_string_equal(o.bind, ":4444");
	assert_string_equal(o.connect, "127.0.0.1:9999");
	assert_int_equal(o.client_auth, HOST_UNSET);
	assert_int_equal(o.role, DS_SERVER);
	assert_int_equal(o.n_ports, 0);
	assert_int_equal(o.cid_length, HOST_UNSET);
	assert_int_equal(o.mtu, 1232);
	assert_int_equal(o.rebind, DS_REBIND_LIMIT);
	assert_int_equal(o.rrc, DS_RRC_BASIC);
	assert_int_equal(o.peer_address, DS_PEER_CURRENT);
	assert_int_equal(o.max_sessions, 1000000);
	assert_int_equal(o.max_handshakes, 1024);
	assert_int_equal(o.max_age, 0);
	assert_int_equal(o.max_per_identity, 16);
	assert_int_equal(o.lookup_rate, 100);
	assert_int_equal(o.idle_timeout, 7 * 24 * 3600);
	assert_int_equal(o.handshake_timeout, HOST_UNSET);
	assert_int_equal(o.psk_cmd_timeout, 10);
	assert_true(o.replace_identity);
	assert_int_equal(o.require_ems, DS_EMS_CERTIFICATES);
	assert_int_equal(o.log_level, HOST_LOG_INFO);
	host_options_free(&o);
}

/* Splits @line at blanks ('_' stands for an empty word) and parses it. */
static int take_args(struct host_options *o, enum host_front front, const char *line, int *rest,
		     int *argc, char *why)
{
	static char copy[512], *argv[32];

	snprintf(copy, sizeof(copy), "program %s", line);
	*argc = 0;
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		argv[(*argc)++] = strcmp(w, "_") ? w : "";
	argv[*argc] = NULL;
	host_options_init(o);
	why[0] = 0;
	return host_options_args(o, front, *argc, argv, rest, why);
}

static void test_args_refused(void **state)
{
	static const struct refused cases[] = {
		{HOST_PROXY, "--psk-cvs x",
		 "--psk-cvs: there is no such flag; did you mean --psk-csv?"},
		{HOST_PROXY, "-psk-cvs=x",
		 "--psk-cvs: there is no such flag; did you mean --psk-csv?"},
		{HOST_PROXY, "--whatever", "--whatever: there is no such flag"},
		{HOST_PROXY, "---bind x", "---bind: there is no such flag; did you mean --bind?"},
		{HOST_PROXY, "--=x", "--: there is no such flag"},
		{HOST_PROXY, "--ports 5684", "--ports: there is no such flag"},
		{HOST_PROXY, "--bind", "--bind: a value is missing; [HOST]:PORT is expected"},
		{HOST_PROXY, "--bind=", "--bind is empty; [HOST]:PORT is expected"},
		{HOST_PROXY, "--ca _", "--ca is empty; FILE is expected"},
		{HOST_PROXY, "--require-ems=perhaps",
		 "--require-ems=\"perhaps\": true, false or certificates is expected"},
		{HOST_PROXY, "--require-ems false",
		 "--require-ems false: what is true or false takes its value with =: "
		 "--require-ems=false"},
		{HOST_SHIM, "-strict True x",
		 "--strict True: what is true or false takes its value with =: --strict=True"},
		{HOST_PROXY, "--mtu -5",
		 "--mtu=\"-5\": a whole number from 256 to 2048 is expected"},
		{HOST_PROXY, "--mtu", "--mtu: a value is missing; BYTES is expected"},
	};
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_int_equal(take_args(&o, cases[i].front, cases[i].given, &rest, &argc, why),
				 -1);
		assert_string_equal(why, cases[i].why);
		host_options_free(&o);
	}
}

/* The command lines of EUB's dtls_proxy, in every form Go's flag package takes. */
static void test_args_of_eub(void **state)
{
	static const char *const lines[] = {
		"--bind 0.0.0.0:5684 --connect 0.0.0.0:5683 --shell-kms-cmd ./lookup_psk --require-ems",
		"-bind 0.0.0.0:5684 -connect 0.0.0.0:5683 -shell-kms-cmd ./lookup_psk -require-ems",
		"--bind=0.0.0.0:5684 --connect=0.0.0.0:5683 --shell-kms-cmd=./lookup_psk "
		"--require-ems=true --psk-csv= --psk-rest _ --rest-headers= --id-query-key _ "
		"--id-query-val-prefix=",
		"-bind=x -bind=0.0.0.0:5684 -connect 0.0.0.0:5683 -psk-cmd ./lookup_psk "
		"-require-ems=1 --",
	};
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(lines); i++) {
		assert_int_equal(take_args(&o, HOST_PROXY, lines[i], &rest, &argc, why), 0);
		assert_int_equal(rest, argc);
		assert_string_equal(o.bind, "0.0.0.0:5684");
		assert_string_equal(o.connect, "0.0.0.0:5683");
		assert_string_equal(test_relative(o.psk_cmd), "./lookup_psk");
		assert_true(o.require_ems);
		assert_null(o.psk_csv);
		assert_null(o.psk_rest);
		host_options_free(&o);
	}
	assert_int_equal(take_args(&o, HOST_PROXY,
				   "--psk-rest http://x/y --rest-headers a:b --id-query-key id "
				   "--id-query-val-prefix p --require-ems=false --psk-csv k.csv",
				   &rest, &argc, why),
			 0);
	assert_string_equal(o.psk_rest, "http://x/y");
	assert_string_equal(o.rest_headers, "a:b");
	assert_string_equal(o.id_query_key, "id");
	assert_string_equal(o.id_query_val_prefix, "p");
	assert_string_equal(test_relative(o.psk_csv), "k.csv");
	assert_false(o.require_ems);
	host_options_free(&o);
}

/* A flag that is given again adds; the first one begins anew, whatever default and variable say. */
static void test_lists_add_up(void **state)
{
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)state;
	assert_int_equal(take_args(&o, HOST_PROXY, "--connect a:1", &rest, &argc, why), 0);
	assert_string_equal(o.connect, "a:1");
	host_options_free(&o);
	assert_int_equal(take_args(&o, HOST_PROXY,
				   "--connect a:1,b:2 -connect=c:3 --map d=e --map f=g", &rest,
				   &argc, why),
			 0);
	assert_string_equal(o.connect, "a:1,b:2,c:3");
	assert_string_equal(o.map, "d=e,f=g");
	assert_int_equal(host_option_given(&o, &o.connect), HOST_BY_FLAG);
	assert_int_equal(host_option_given(&o, &o.bind), HOST_BY_DEFAULT);
	host_options_free(&o);
	assert_int_equal(take_env(&o, HOST_PROXY, "DTLSSHIM_CONNECT=a:1", why), 0);
	assert_int_equal(host_option_given(&o, &o.connect), HOST_BY_VARIABLE);
	assert_string_equal(o.connect, "a:1");
	for (int i = 0; i < 2; i++) {
		char *argv[] = {"dtlsproxy", "--connect", "b:2", NULL};

		assert_int_equal(host_options_args(&o, HOST_PROXY, 3, argv, &rest, why), 0);
		assert_string_equal(o.connect, i ? "b:2,b:2" : "b:2");
	}
	host_options_free(&o);
}

static void test_args_end(void **state)
{
	static const struct {
		const char *line;
		int rest;
	} cases[] = {
		{"--mtu 300 server --mtu 5", 3},
		{"--mtu 300 -- --mtu", 4},
		{"- x", 1},
		{"x", 1},
		{"--require-ems falsely", 2},
		{"--require-ems -- false", 3},
		{"", 1},
	};
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_int_equal(take_args(&o, HOST_SHIM, cases[i].line, &rest, &argc, why), 0);
		assert_int_equal(rest, cases[i].rest);
		host_options_free(&o);
	}
}

/* What a child prints that does @work, and its exit status. */
static int output_of(void (*work)(void), char *text, size_t cap)
{
	int fds[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], 1);
		work();
		_exit(99);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + len, cap - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ask_help(void)
{
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)!take_args(&o, HOST_PROXY, "--mtu 300 --help", &rest, &argc, why);
}

static void ask_version(void)
{
	struct host_options o;
	char why[DS_WHY_MAX];
	int rest, argc;

	(void)!take_args(&o, HOST_PROXY, "-version", &rest, &argc, why);
}

static void test_help_and_version(void **state)
{
	static char text[32768];

	(void)state;
	assert_int_equal(output_of(ask_help, text, sizeof(text)), 0);
	assert_non_null(strstr(text, "\n  --psk-csv FILE"));
	assert_non_null(strstr(text, "(DTLSSHIM_MTU; default 1232)"));
	assert_null(strstr(text, "--ports"));
	assert_non_null(strstr(text, "\n  --require-ems[=true|false|certificates]"));
	assert_non_null(strstr(text, "value with = only: --flag, --flag=false.\n"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 90);
	assert_int_equal(output_of(ask_version, text, sizeof(text)), 0);
	assert_string_equal(text, "dtlsproxy " DS_VERSION "\n");
}

static void print_all(void)
{
	enum host_front all = (enum host_front)(HOST_SHIM | HOST_PROXY | HOST_TOOL);

	host_options_print(all, HOST_DOC_MARKDOWN);
	host_options_print(HOST_SHIM, HOST_DOC_MAN);
	host_options_print(HOST_PROXY, HOST_DOC_MAN);
}

static void test_documents_name_every_option(void **state)
{
	static char text[65536];
	char name[64];

	(void)state;
	assert_int_equal(output_of(print_all, text, sizeof(text)), 99);
	for (const struct option *opt = host_option_table; opt->name; opt++) {
		snprintf(name, sizeof(name), "| `DTLSSHIM_%s` |", opt->name);
		assert_non_null(strstr(text, name));
	}
	assert_non_null(strstr(text, "none\\|optional\\|required"));
	assert_non_null(strstr(text, ".BI DTLSSHIM_PORTS= "));
	assert_non_null(strstr(text, ".BI \\-\\-psk\\-csv"));
	assert_non_null(strstr(text, "| `--require-ems[=true\\|false\\|certificates]` |"));
	assert_non_null(strstr(text, ".BI \\-\\-require\\-ems[= true|false|certificates ]\n"));
	assert_non_null(strstr(text, ".BI DTLSSHIM_REQUIRE_EMS= true|false|certificates\n"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (*line == '|')
			assert_int_equal(line[strlen(line) - 1], '|'); /* not cut */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_env_values),
		cmocka_unit_test(test_choices_follow_their_enums),
		cmocka_unit_test(test_env_refused),
		cmocka_unit_test(test_each_port_has_its_rule_for_plaintext),
		cmocka_unit_test(test_env_of_others),
		cmocka_unit_test(test_env_long_values_are_cut),
		cmocka_unit_test(test_args_refused),
		cmocka_unit_test(test_args_of_eub),
		cmocka_unit_test(test_lists_add_up),
		cmocka_unit_test(test_args_end),
		cmocka_unit_test(test_help_and_version),
		cmocka_unit_test(test_documents_name_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
