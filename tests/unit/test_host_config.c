/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From options to an engine's configuration: what is set, and what is said when that cannot be.
 */
#include "tests/unit/host_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/options.h"

#define PEM "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

/* Options from flags separated by blanks, as the shim has them. */
static struct host_options options(const char *flags)
{
	static char copy[1024], *argv[32];
	struct host_options o;
	char why[DS_WHY_MAX];
	int argc = 0, rest;

	snprintf(copy, sizeof(copy), "x %s", flags);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	host_options_init(&o);
	if (host_options_args(&o, HOST_SHIM, argc, argv, &rest, why))
		fail_msg("%s", why);
	return o;
}

static int files_setup(void **state)
{
	if (test_dir_setup(state))
		return -1;
	test_write("cert.pem", PEM);
	test_write("key.pem", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
	test_write("ca.pem", PEM PEM);
	test_write("cert.der", "0\x82\x01");
	test_write("empty", "");
	test_write("raw.pem", "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n");
	test_write("locked.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n");
	test_write("locked1.pem", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n");
	test_write("keys.csv", "me,0102\n");
	test_write("key.hex", "deadBEEF\n");
	test_write("long.hex",
		   "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
		   "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00");
	test_write("bad.hex", "dead beef");
	test_write("odd.hex", "dea");
	mkdir("directory", 0755);
	return symlink("key.hex", "link");
}

static void test_refused(void **state)
{
	static const struct {
		const char *flags, *why; /* the beginning of it */
	} cases[] = {
		{"", "no keys: set DTLSSHIM_PSK_CSV, DTLSSHIM_PSK_CMD or DTLSSHIM_PSK_REST"},
		{"--cert cert.pem",
		 "DTLSSHIM_CERT (--cert) is set but DTLSSHIM_KEY (--key) is not: give the file with"},
		{"--psk-csv k --key key.pem",
		 "DTLSSHIM_KEY (--key) is set but DTLSSHIM_CERT (--cert) is not: give the cert"},
		{"--psk-csv k --ca ca.pem",
		 "DTLSSHIM_CA (--ca) is set but DTLSSHIM_CERT (--cert) is not: clients are asked"},
		{"--cert cert.pem --key key.pem --client-auth required",
		 "DTLSSHIM_CLIENT_AUTH (--client-auth) needs DTLSSHIM_CA (--ca)"},
		{"--cert cert.pem --key key.pem --client-auth optional",
		 "DTLSSHIM_CLIENT_AUTH (--client-auth) needs DTLSSHIM_CA (--ca)"},
		{"--cert missing --key key.pem",
		 "DTLSSHIM_CERT (--cert): \"missing\": No such file or directory"},
		{"--cert cert.pem --key missing",
		 "DTLSSHIM_KEY (--key): \"missing\": No such file or directory"},
		{"--cert cert.pem --key key.pem --ca missing",
		 "DTLSSHIM_CA (--ca): \"missing\": No such file or directory"},
		{"--cert directory --key key.pem",
		 "DTLSSHIM_CERT (--cert): \"directory\": not a regular file"},
		{"--cert empty --key key.pem", "DTLSSHIM_CERT (--cert): empty is empty"},
		{"--cert raw.pem --key key.pem",
		 "DTLSSHIM_CERT (--cert): raw.pem holds a raw public key (RFC 7250)"},
		{"--cert cert.pem --key locked.pem",
		 "DTLSSHIM_KEY (--key): locked.pem is protected by a passphrase"},
		{"--cert cert.pem --key locked1.pem",
		 "DTLSSHIM_KEY (--key): locked1.pem is protected by a passphrase"},
		{"--psk-csv k --psk-identity me",
		 "DTLSSHIM_PSK_IDENTITY, _PSK_KEY_FILE and _SERVER_NAME are for DTLSSHIM_ROLE=client"},
		{"--role client", "no keys: a client needs DTLSSHIM_PSK_IDENTITY and"},
		{"--role client --psk-identity me",
		 "DTLSSHIM_PSK_IDENTITY and DTLSSHIM_PSK_KEY_FILE or DTLSSHIM_PSK_CSV "
		 "(--psk-identity, --psk-key-file, --psk-csv) belong together"},
		{"--role client --psk-csv keys.csv",
		 "DTLSSHIM_PSK_IDENTITY and DTLSSHIM_PSK_KEY_FILE or DTLSSHIM_PSK_CSV "},
		{"--role client --psk-csv keys.csv --psk-identity you",
		 "DTLSSHIM_PSK_IDENTITY (--psk-identity): \"you\" is not in keys.csv"},
		{"--role client --psk-csv missing.csv --psk-identity me",
		 "\"missing.csv\": No such file or directory"},
		{"--role client --ca ca.pem --psk-key-file key.hex",
		 "DTLSSHIM_PSK_IDENTITY and DTLSSHIM_PSK_KEY_FILE"},
		{"--role client --ca ca.pem",
		 "DTLSSHIM_CA (--ca) is set but DTLSSHIM_SERVER_NAME (--server-name) is not: give"},
		{"--role client --ca ca.pem --psk-identity me --psk-key-file key.hex",
		 "DTLSSHIM_CA (--ca) is set but DTLSSHIM_SERVER_NAME (--server-name) is not: give"},
		{"--psk-csv keys.csv --crl ca.pem",
		 "DTLSSHIM_CRL (--crl) is set but DTLSSHIM_CA (--ca)"},
		{"--psk-csv keys.csv --deny missing", "DTLSSHIM_DENY (--deny): "},
		{"--role client --psk-identity me --psk-key-file missing",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): \"missing\": No such file or directory"},
		{"--role client --psk-identity me --psk-key-file empty",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): empty: a key of 1 to 64 bytes in hex"},
		{"--role client --psk-identity me --psk-key-file long.hex",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): long.hex: a key of 1 to 64 bytes in hex"},
		{"--role client --psk-identity me --psk-key-file bad.hex",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): bad.hex: a key of 1 to 64 bytes in hex"},
		{"--role client --psk-identity me --psk-key-file odd.hex",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): odd.hex: a key of 1 to 64 bytes in hex"},
		{"--psk-csv k --keylog no/such/directory",
		 "DTLSSHIM_KEYLOG (--keylog): no/such/directory: No such file or directory"},
		{"--psk-csv k --keylog link", /* to a file of somebody's choice */
		 "DTLSSHIM_KEYLOG (--keylog): link: Too many levels of symbolic links"},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct host_options o = options(cases[i].flags);
		struct ds_config cfg;
		struct host_files files;
		char why[DS_WHY_MAX] = "";

		assert_int_equal(host_config_make(&cfg, &files, &o, why), -1);
		test_relative(why);
		if (strncmp(why, cases[i].why, strlen(cases[i].why)))
			fail_msg("%s: %s", cases[i].flags, why);
		assert_non_null(strpbrk(why, " "));
		assert_null(files.cert);
		assert_null(files.key);
		host_options_free(&o);
	}
}

static void test_identity_of_a_client_at_its_limit(void **state)
{
	char flags[256];
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	for (int len = 128; len <= 129; len++) {
		struct host_options o;

		snprintf(flags, sizeof(flags),
			 "--role client --psk-key-file key.hex --psk-identity %0*d", len, 7);
		o = options(flags);
		assert_int_equal(host_config_make(&cfg, &files, &o, why), len == 128 ? 0 : -1);
		host_options_free(&o);
	}
	assert_string_equal(why, "DTLSSHIM_PSK_IDENTITY (--psk-identity): 129 bytes, at most 128");
}

static void test_server(void **state)
{
	struct host_options o = options(
		"--psk-csv k --cert cert.pem --key key.pem --ca ca.pem --cid-length 5 --mtu 999 "
		"--rebind never --rrc enhanced --peer-address stable --max-sessions 7 --max-handshakes 8 "
		"--idle-timeout 9 --handshake-timeout 10 --one-session-per-identity=false "
		"--require-ems=false --ciphersuites TLS_PSK_WITH_AES_128_CCM_8");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];
	uint8_t a[32] = {0}, b[32] = {0};

	(void)state;
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_int_equal(cfg.role, DS_SERVER);
	assert_true(cfg.psk);
	assert_int_equal(cfg.client_auth, DS_CLIENT_AUTH_REQUIRED); /* since there is a CA */
	assert_int_equal(cfg.cert_len, sizeof(PEM));		    /* PEM counts its NUL */
	assert_int_equal(cfg.cert[cfg.cert_len - 1], 0);
	assert_int_equal(cfg.ca_len, 2 * sizeof(PEM) - 1);
	assert_int_equal(cfg.cid_length, 5);
	assert_int_equal(cfg.mtu, 999);
	assert_int_equal(cfg.rebind, DS_REBIND_NEVER);
	assert_int_equal(cfg.rrc, DS_RRC_ENHANCED);
	assert_int_equal(cfg.peer_address, DS_PEER_STABLE);
	assert_int_equal(cfg.max_sessions, 7);
	assert_int_equal(cfg.max_handshakes, 8);
	assert_int_equal(cfg.idle, 9 * DS_SECOND);
	assert_int_equal(cfg.handshake_timeout, 10 * DS_SECOND);
	assert_false(cfg.one_per_identity);
	assert_false(cfg.require_ems);
	assert_int_equal(cfg.suites[0], 0xc0a8);
	assert_int_equal(cfg.suites[1], 0);
	assert_null(cfg.keylog);
	assert_int_equal(cfg.random(cfg.ctx, a, sizeof(a)), 0);
	assert_int_equal(cfg.random(cfg.ctx, b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
	cfg.release(cfg.ctx, cfg.alloc(cfg.ctx, 100), 100);
	host_files_free(&files);
	host_options_free(&o);
}

static void test_client_auth_and_der(void **state)
{
	static const struct {
		const char *flags;
		enum ds_client_auth auth;
	} cases[] = {
		{"--cert cert.der --key key.pem", DS_CLIENT_AUTH_NONE},
		{"--cert cert.der --key key.pem --ca ca.pem", DS_CLIENT_AUTH_REQUIRED},
		{"--cert cert.der --key key.pem --ca ca.pem --client-auth none",
		 DS_CLIENT_AUTH_NONE},
		{"--cert cert.der --key key.pem --ca ca.pem --client-auth optional",
		 DS_CLIENT_AUTH_OPTIONAL},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct host_options o = options(cases[i].flags);
		struct ds_config cfg;
		struct host_files files;
		char why[DS_WHY_MAX];

		assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
		assert_int_equal(cfg.client_auth, cases[i].auth);
		assert_int_equal(cfg.handshake_timeout, 120 * DS_SECOND);
		assert_int_equal(cfg.cert_len, 3); /* DER has no NUL */
		assert_false(cfg.psk);
		host_files_free(&files);
		host_options_free(&o);
	}
}

static void test_client(void **state)
{
	struct host_options o = options("--role client --psk-identity me --psk-key-file key.hex "
					"--server-name example.org --ca ca.pem");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_int_equal(cfg.role, DS_CLIENT);
	assert_int_equal(cfg.handshake_timeout, 30 * DS_SECOND);
	assert_int_equal(cfg.psk_identity_len, 2);
	assert_memory_equal(cfg.psk_identity, "me", 2);
	assert_int_equal(cfg.psk_key_len, 4);
	assert_memory_equal(cfg.psk_key, "\xde\xad\xbe\xef", 4);
	assert_string_equal(cfg.server_name, "example.org");
	host_files_free(&files);
	host_options_free(&o);
}

static void test_client_of_any_server(void **state)
{
	struct host_options o = options("--role client --server-name any --ca ca.pem");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_null(cfg.server_name);
	assert_non_null(cfg.ca);
	host_files_free(&files);
	host_options_free(&o);
}

static void test_client_with_a_servers_file(void **state)
{
	struct host_options o = options("--role client --psk-identity me --psk-csv keys.csv");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_true(cfg.psk);
	assert_int_equal(cfg.psk_key_len, 2);
	assert_memory_equal(cfg.psk_key, "\x01\x02", 2);
	host_files_free(&files);
	host_options_free(&o);
}

static void test_open_private_key_is_warned_about(void **state)
{
	struct host_options o = options("--cert cert.pem --key key.pem");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	test_log_clear();
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_string_equal(test_log(), "");
	host_files_free(&files);
	chmod("key.pem", 0644);
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_true(test_log_has("warn: event=permissions file=key.pem mode=0644 others on this "
				 "machine can read this secret: chmod o= it"));
	host_files_free(&files);
	chmod("key.pem", 0600);
	host_options_free(&o);
}

static void test_secrets_that_others_may_write_are_refused(void **state)
{
	static const struct {
		const char *text, *file, *var;
	} cases[] = {
		{"--cert cert.pem --key key.pem", "key.pem", "DTLSSHIM_KEY (--key): "},
		{"--role client --psk-identity a --psk-key-file one.key", "one.key",
		 "DTLSSHIM_PSK_KEY_FILE (--psk-key-file): "},
	};
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];

	(void)state;
	test_write("one.key", "0102");
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct host_options o = options(cases[i].text);

		chmod(cases[i].file, 0620);
		assert_int_equal(host_config_make(&cfg, &files, &o, why), -1);
		assert_int_equal(strncmp(why, cases[i].var, strlen(cases[i].var)), 0);
		assert_non_null(strstr(why, "mode 0620: group or others may change this file"));
		chmod(cases[i].file, 0600);
		assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
		host_files_free(&files);
		host_options_free(&o);
	}
}

static void test_keylog(void **state)
{
	struct host_options o = options("--psk-csv k --keylog keys.log");
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX], text[64] = "";
	struct stat st;
	int fd;

	(void)state;
	test_log_clear();
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	assert_true(test_log_has("warn: event=keylog UNSAFE"));
	cfg.keylog(cfg.ctx, "CLIENT_RANDOM 00 11");
	/* Made again, as for a reload: the same file goes on */
	assert_int_equal(host_config_make(&cfg, &files, &o, why), 0);
	cfg.keylog(cfg.ctx, "CLIENT_RANDOM 22 33");
	assert_int_equal(stat("keys.log", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	fd = open("keys.log", O_RDONLY);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	assert_string_equal(text, "CLIENT_RANDOM 00 11\nCLIENT_RANDOM 22 33\n");
	host_options_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_identity_of_a_client_at_its_limit),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_client_auth_and_der),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_client_of_any_server),
		cmocka_unit_test(test_client_with_a_servers_file),
		cmocka_unit_test(test_open_private_key_is_warned_about),
		cmocka_unit_test(test_secrets_that_others_may_write_are_refused),
		cmocka_unit_test(test_keylog),
	};

	return cmocka_run_group_tests(tests, files_setup, test_dir_teardown);
}
