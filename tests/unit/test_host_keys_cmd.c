/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key command: what it is given, what is believed of what it prints, and that no way of
 * misbehaving, of the command or of whoever chooses the identities, costs more than one answer.
 */
#include "tests/unit/host_support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SH "#!/bin/sh\n"

static enum host_keys_result ask(struct host_keys *k, const char *identity, void *tag, uint64_t id)
{
	struct host_key key;

	return host_keys_find(k, (const uint8_t *)identity, strlen(identity), tag, id, &key,
			      test_now());
}

/* The key in hex that @script answers for @identity; "" = unknown. */
static const char *key_of(const char *script, const char *identity)
{
	static char hex[2 * DS_PSK_MAX + 1];
	struct host_answer a;
	struct host_keys *k;

	test_log_clear();
	test_write("cmd", script);
	k = test_keys(NULL, "./cmd");
	hex[0] = 0;
	if (ask(k, identity, k, 7) == HOST_KEY_PENDING) {
		test_answer(k, &a);
		assert_ptr_equal(a.tag, k);
		assert_int_equal(a.id, 7);
		for (size_t i = 0; a.result == HOST_KEY_FOUND && i < a.key.len; i++)
			sprintf(hex + 2 * i, "%02x", a.key.bytes[i]);
	}
	host_keys_close(k);
	return hex;
}

static void test_outputs(void **state)
{
	static const struct {
		const char *script, *key, *log;
	} cases[] = {
		/* EUB's sample */
		{SH "if [ \"$1\" = Kalle ]; then echo -n deadbeefdeadbeef; exit 0; fi; exit 1\n",
		 "deadbeefdeadbeef", "id=\"Kalle\" result=found"},
		{SH "echo DEADbeef", "deadbeef", NULL},
		{SH "printf ' \\t0102\\r\\n\\n'", "0102", NULL},
		{SH "printf '%064d%064d' 0 1", "", NULL}, /* below: 64 bytes */
		{SH "printf '%0128d' 0; printf 00", "", "result=bad_output"},
		{SH "exit 1", "", "id=\"Kalle\" result=unknown"},
		{SH "echo 0102; exit 1", "", "result=unknown"},
		{SH "exit 2", "", "id=\"Kalle\" result=failed"},
		{SH "echo 0102; kill -9 $$", "", "result=failed"},
		{SH "exit 0", "", "result=bad_output"},
		{SH "echo 0102 >&2", "", "result=bad_output"},
		{SH "echo 010", "", "result=bad_output"},
		{SH "echo 0x0102", "", "result=bad_output"},
		{SH "echo 01 02", "", "result=bad_output"},
		{SH "printf '01\\n02\\n'", "", "result=bad_output"},
		{SH "echo 3q2+7w==", "", "result=bad_output"},
		{SH "printf '0102\\0'", "", "result=bad_output"},
		{SH "printf '\\0'", "", "result=bad_output"},
		{SH "printf '01%4094s' ''", "01", NULL},	    /* 4096 bytes */
		{SH "printf '01%4095s' ''", "", "result=too_much"}, /* one more */
		{SH "exec yes", "", "result=too_much"},
		{SH "exec cat /dev/zero", "", "result=too_much"},
		{"no shebang\n", "", "cmd: Exec format error"},
	};
	char big[131];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		const char *key = key_of(cases[i].script, "Kalle");

		if (i == 3) {
			memset(big, '0', 128);
			big[127] = '1';
			big[128] = 0;
			assert_string_equal(key, big);
		} else {
			assert_string_equal(key, cases[i].key);
		}
		if (cases[i].log && !test_log_has(cases[i].log))
			fail_msg("case %zu: %s", i, test_log());
	}
}

/* Keys must not stand in a log, at any level. */
static void test_keys_are_not_logged(void **state)
{
	(void)state;
	assert_string_equal(key_of(SH "echo 5ec2e75ec2e7", "a"), "5ec2e75ec2e7");
	assert_false(test_log_has("5ec2e7"));
	assert_string_equal(key_of(SH "echo 5ec2e75ec2e7x", "a"), "");
	assert_false(test_log_has("5ec2e7"));
}

static void test_identity_is_data(void **state)
{
	/* Answers the length of its one argument, if that is what the variable says too */
	static const char script[] = SH "[ $# = 1 ] || exit 1\n"
					"want=$(printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n')\n"
					"[ \"$want\" = \"$DTLSSHIM_IDENTITY\" ] || exit 1\n"
					"printf %04x ${#DTLSSHIM_IDENTITY}\n";
	static const struct {
		const char *identity, *key;
	} cases[] = {
		{"$(touch x)", "0014"},
		{"`touch x`", "0012"},
		{"a;touch x", "0012"},
		{"a b  c", "000c"},
		{"*", "0002"},
		{"\"'\\", "0006"},
		{"\xff\x80\xc3", "0006"},
		{"a-b", "0006"},
		/* Refused: options, control bytes */
		{"-rf", ""},
		{"-", ""},
		{"a\nb", ""},
		{"a\tb", ""},
		{"\x1b[31m", ""},
		{"a\x7f", ""},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++)
		assert_string_equal(key_of(script, cases[i].identity), cases[i].key);
	assert_true(test_log_has("result=refused"));
	assert_int_equal(access("x", F_OK), -1);
}

static void test_refused_identities_start_nothing(void **state)
{
	struct host_keys *k;
	struct host_key key;
	static const uint8_t nul[] = {'a', 0, 'b'};

	(void)state;
	test_write("cmd", SH "touch started; echo 01");
	k = test_keys(NULL, "./cmd");
	assert_int_equal(host_keys_find(k, nul, 3, NULL, 0, &key, test_now()), HOST_KEY_UNKNOWN);
	assert_int_equal(host_keys_find(k, nul, 0, NULL, 0, &key, test_now()), HOST_KEY_UNKNOWN);
	assert_int_equal(ask(k, "-x", NULL, 0), HOST_KEY_UNKNOWN);
	host_keys_close(k);
	assert_int_equal(access("started", F_OK), -1);
}

static void test_a_crowd_starts_nothing(void **state)
{
	struct ds_lookup want = {.id = 1, .identity_len = 4, .identity = "dev2", .crowded = true};
	struct host_keys *k;
	struct host_key key;

	(void)state;
	test_write("cmd", SH "touch started; echo 01");
	test_write("keys.csv", "dev1,0102\n");
	k = test_keys("keys.csv", "./cmd");
	assert_int_equal(host_keys_serve(k, &want, k, &key, test_now()), HOST_KEY_UNKNOWN);
	want.identity[3] = '1'; /* what is at hand they get */
	assert_int_equal(host_keys_serve(k, &want, k, &key, test_now()), HOST_KEY_FOUND);
	assert_int_equal(key.len, 2);
	host_keys_close(k);
	assert_int_equal(access("started", F_OK), -1);
}

static void test_surroundings(void **state)
{
	static const char script[] = SH
		"[ -z \"$LD_PRELOAD$DTLSSHIM_PSK_CMD$DTLSSHIM_LOG\" ] || exit 1\n"
		"[ \"$KEEP\" = me ] || exit 2\n"
		"[ -z \"$(cat)\" ] || exit 3\n"
		"[ ! -e /proc/$$/fd/77 ] || exit 4\n"
		"[ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] || exit 5\n"
		"grep -q 'SigIgn:.*0000000$' /proc/self/status || exit 7\n"
		"echo 01\n";
	sigset_t set, before;

	(void)state;
	setenv("LD_PRELOAD", "", 1);
	setenv("DTLSSHIM_PSK_CMD", "x", 1);
	setenv("DTLSSHIM_LOG", "x", 1);
	setenv("KEEP", "me", 1);
	assert_int_equal(dup2(1, 77), 77);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	signal(SIGPIPE, SIG_IGN);
	assert_string_equal(key_of(script, "a"), "01");
	/* A shell unblocks signals for itself; sed, given a file to read as identity, does not */
	assert_string_equal(key_of("#!/bin/sed -nf\ns/^SigBlk:\\s*0*$/02/p\n", "/proc/self/status"),
			    "02");
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(77);
	unsetenv("LD_PRELOAD");
	unsetenv("DTLSSHIM_PSK_CMD");
	unsetenv("DTLSSHIM_LOG");
}

/* A program without standard descriptors: pipes then get the numbers 0 to 2. */
static void test_without_standard_descriptors(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		close(0);
		close(1);
		close(2);
		_exit(strcmp(key_of(SH "cat; echo 01; echo oops >&2", "a"), "01") ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A FIFO whose other end the command and its children hold: closed when all are dead. */
static int open_leash(void)
{
	int fd;

	unlink("leash");
	assert_int_equal(mkfifo("leash", 0600), 0);
	fd = open("leash", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* Waits until somebody took the leash. */
static void wait_for_leash(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;

	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_int_equal(read(fd, &c, 1), 1);
}

static void assert_all_dead(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;

	do {
		assert_int_equal(poll(&p, 1, 10000), 1);
	} while (read(fd, &c, 1) == 1);
	close(fd);
}

#define LEASH "exec 9>leash; printf x >&9; "

static void test_hung_commands_are_killed_as_a_group(void **state)
{
	static const char *const scripts[] = {
		SH LEASH "exec sleep 60",
		SH LEASH "sleep 60",			/* a child of the command */
		SH LEASH "echo 01; exec >&-; sleep 60", /* closes its output */
		SH LEASH "trap '' TERM INT HUP; echo 01; sleep 60; sleep 60",
		SH LEASH "sleep 60 & sleep 60 & wait",
		SH LEASH "while sleep 60; do printf 0; done", /* slow bytes */
	};
	struct host_answer a;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(scripts); i++) {
		int leash = open_leash();
		struct host_keys *k;

		test_log_clear();
		test_write("cmd", scripts[i]);
		k = test_keys(NULL, "./cmd");
		assert_int_equal(ask(k, "a", NULL, 1), HOST_KEY_PENDING);
		wait_for_leash(leash);
		test_pass(k, TEST_CMD_TIME / 2);
		assert_false(host_keys_answer(k, &a));
		test_pass(k, TEST_CMD_TIME);
		assert_true(host_keys_answer(k, &a));
		assert_int_equal(a.result, HOST_KEY_FAILED);
		assert_true(test_log_has("result=timeout"));
		assert_all_dead(leash);
		/* Late words of a dead command are no answer */
		test_pass(k, DS_SECOND);
		assert_false(host_keys_answer(k, &a));
		host_keys_close(k);
	}
}

/* A daemon that keeps the pipe open does not delay the answer, and does not stay. */
static void test_daemon_with_the_pipe(void **state)
{
	int leash = open_leash();

	(void)state;
	assert_string_equal(key_of(SH LEASH "sleep 60 & echo 0102", "a"), "0102");
	assert_all_dead(leash);
	leash = open_leash();
	assert_string_equal(key_of(SH LEASH "sleep 60 & exit 1", "a"), "");
	assert_all_dead(leash);
	/* One that left the group lives on, but nobody waits for it */
	leash = open_leash();
	assert_string_equal(key_of(SH LEASH "setsid sh -c 'echo $$ >pid; exec sleep 60' & "
					    "while ! [ -s pid ]; do :; done; echo 0304",
				   "a"),
			    "0304");
	assert_int_equal(system("kill -9 $(cat pid)"), 0);
	assert_all_dead(leash);
}

static void test_closing_ends_what_runs(void **state)
{
	int leash = open_leash();
	struct host_keys *k;

	(void)state;
	test_write("cmd", SH LEASH "sleep 60");
	k = test_keys(NULL, "./cmd");
	assert_int_equal(ask(k, "a", NULL, 1), HOST_KEY_PENDING);
	wait_for_leash(leash);
	host_keys_close(k);
	assert_all_dead(leash);
	/* Reaped, too */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static size_t lines_of(const char *name)
{
	char c;
	size_t n = 0;
	int fd = open(name, O_RDONLY);

	while (fd >= 0 && read(fd, &c, 1) == 1)
		n += c == '\n';
	close(fd);
	return n;
}

static void test_single_flight_and_memory(void **state)
{
	int tags[3];
	struct host_answer a;
	struct host_keys *k;

	(void)state;
	unlink("runs");
	test_write("cmd", SH "echo \"$1\" >>runs; [ \"$1\" = good ] && echo 01");
	k = test_keys(NULL, "./cmd");
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask(k, "good", &tags[i], (uint64_t)i), HOST_KEY_PENDING);
	for (int i = 0; i < 3; i++) {
		test_answer(k, &a);
		assert_ptr_equal(a.tag, &tags[i]);
		assert_int_equal(a.id, i);
		assert_int_equal(a.result, HOST_KEY_FOUND);
	}
	assert_int_equal(lines_of("runs"), 1);
	/* A key is asked for every time */
	assert_int_equal(ask(k, "good", tags, 4), HOST_KEY_PENDING);
	test_answer(k, &a);
	assert_int_equal(a.result, HOST_KEY_FOUND);
	assert_int_equal(lines_of("runs"), 2);
	/* An unknown identity is remembered for five seconds */
	assert_int_equal(ask(k, "bad", tags, 5), HOST_KEY_PENDING);
	test_answer(k, &a);
	assert_int_equal(a.result, HOST_KEY_UNKNOWN);
	assert_int_equal(ask(k, "bad", tags, 6), HOST_KEY_UNKNOWN);
	test_pass(k, 1 * DS_SECOND);
	assert_int_equal(ask(k, "bad", tags, 7), HOST_KEY_UNKNOWN);
	assert_int_equal(lines_of("runs"), 3);
	test_pass(k, 5 * DS_SECOND);
	assert_int_equal(ask(k, "bad", tags, 8), HOST_KEY_PENDING);
	test_answer(k, &a);
	assert_int_equal(lines_of("runs"), 4);
	host_keys_close(k);
}

static void test_file_comes_first(void **state)
{
	struct host_answer a;
	struct host_keys *k;

	(void)state;
	unlink("runs");
	test_write("cmd", SH "echo x >>runs; echo 02");
	test_write("keys.csv", "a,01\n");
	k = test_keys("keys.csv", "./cmd");
	assert_string_equal(test_key(k, "a"), "01");
	assert_int_equal(lines_of("runs"), 0);
	assert_string_equal(test_key(k, "b"), "?");
	test_answer(k, &a);
	assert_int_equal(a.result, HOST_KEY_FOUND);
	assert_int_equal(a.key.bytes[0], 2);
	host_keys_close(k);
}

static void test_flood_of_identities(void **state)
{
	enum { RUNS = 32, QUEUE = 512 }; /* one network's half */
	struct host_keys *k;
	char identity[16];
	int leash = open_leash();

	(void)state;
	test_log_clear();
	unlink("runs");
	test_write("cmd", SH "exec 9>leash; echo x >>runs; printf x >&9; exec sleep 60");
	k = test_keys(NULL, "./cmd");
	for (int i = 0; i < RUNS + QUEUE; i++) {
		snprintf(identity, sizeof(identity), "dev%d", i);
		assert_int_equal(ask(k, identity, NULL, (uint64_t)i), HOST_KEY_PENDING);
	}
	assert_int_equal(ask(k, "one more", NULL, 0), HOST_KEY_FAILED);
	assert_true(test_log_has("result=busy"));
	/* Who asks for what is on its way already needs no room */
	assert_int_equal(ask(k, "dev0", NULL, 9999), HOST_KEY_PENDING);
	for (int i = 0; i < RUNS; i++)
		wait_for_leash(leash);
	assert_int_equal(lines_of("runs"), RUNS);
	test_pass(k, TEST_CMD_TIME / 2); /* nobody's time is up: nothing else starts */
	assert_int_equal(lines_of("runs"), RUNS);
	host_keys_close(k);
	assert_all_dead(leash);
}

static enum host_keys_result ask_from(struct host_keys *k, uint64_t network, const char *identity)
{
	struct ds_lookup want = {.id = network, .network = network};
	struct host_key key;

	want.identity_len = strlen(identity);
	memcpy(want.identity, identity, want.identity_len);
	return host_keys_serve(k, &want, NULL, &key, test_now());
}

/* Strangers who know an identity for which the command hangs stop their own network at most. */
static void test_networks_that_make_it_hang_do_not_stop_another(void **state)
{
	enum { EACH = 600 };
	struct host_answer a;
	struct host_keys *k;
	char identity[32];

	(void)state;
	test_write("cmd", SH "case $1 in hang*) exec sleep 60;; esac; echo 0102");
	k = test_keys(NULL, "./cmd");
	for (uint64_t network = 1; network <= 4; network++) {
		for (int i = 0; i < EACH; i++) {
			snprintf(identity, sizeof(identity), "hang%d.%d", (int)network, i);
			ask_from(k, network, identity);
		}
	}
	for (uint64_t network = 5; network <= 6; network++) {
		snprintf(identity, sizeof(identity), "good%d", (int)network);
		assert_int_equal(ask_from(k, network, identity), HOST_KEY_PENDING);
		test_answer(k, &a);
		assert_int_equal(a.id, network);
		assert_int_equal(a.result, HOST_KEY_FOUND);
	}
	host_keys_close(k);
}

/* Nor do they stop a device whose identity they know and ask for before it does. */
static void test_identity_that_a_stranger_asked_for(void **state)
{
	enum { EACH = 40 };
	struct host_answer a;
	struct host_keys *k;
	char identity[32];

	(void)state;
	test_write("cmd", SH "case $1 in hang*) exec sleep 60;; esac; echo 0102");
	k = test_keys(NULL, "./cmd");
	for (int i = 0; i < EACH; i++) {
		snprintf(identity, sizeof(identity), "hang%d", i);
		assert_int_equal(ask_from(k, 1, identity), HOST_KEY_PENDING);
	}
	assert_int_equal(ask_from(k, 1, "victim"), HOST_KEY_PENDING);
	assert_int_equal(ask_from(k, 2, "victim"), HOST_KEY_PENDING);
	for (uint64_t network = 1; network <= 2; network++) {
		test_answer(k, &a);
		assert_int_equal(a.id, network);
		assert_int_equal(a.result, HOST_KEY_FOUND);
	}
	host_keys_close(k);
}

/* Whether the source was asked again for @identity and now has no key for it. */
static bool is_withdrawn(struct host_keys *k, const char *identity)
{
	uint8_t id[DS_IDENTITY_MAX];
	struct host_answer a;
	size_t len;

	host_keys_recheck(k, (const uint8_t *)identity, strlen(identity), test_now());
	if (ask(k, identity, NULL, 0) == HOST_KEY_PENDING)
		test_answer(k, &a);
	if (!host_keys_removed(k, id, &len))
		return false;
	assert_int_equal(len, strlen(identity));
	assert_memory_equal(id, identity, len);
	assert_false(host_keys_removed(k, id, &len));
	return true;
}

/* Sessions end because the source says so, not because it is out of order. */
static void test_recheck_believes_what_is_certain(void **state)
{
	static const struct {
		const char *identity;
		bool ends;
	} cases[] = {
		{"there", false},   {"gone", true},	{"broken", false}, {"killed", false},
		{"no key", false},  {"missing", false}, {"chatty", false}, {"in file", false},
		{"-option", false}, {"gone", true}, /* remembered as unknown by now */
	};
	struct host_keys *k;

	(void)state;
	unlink("runs");
	test_write("cmd", SH "echo \"$1\" >>runs; case $1 in there) echo 01;; gone) exit 1;; "
			     "broken) exit 2;; killed) kill -9 $$;; missing) exec ./nowhere;; "
			     "chatty) exec yes;; 'in file') exit 1;; esac");
	test_write("keys.csv", "in file,02\n");
	k = test_keys("keys.csv", "./cmd");
	for (size_t i = 0; i < TEST_COUNT(cases); i++)
		if (is_withdrawn(k, cases[i].identity) != cases[i].ends)
			fail_msg("%s", cases[i].identity);
	assert_int_equal(lines_of("runs"), 7); /* the file was enough, and memory */
	host_keys_close(k);
}

/* The same where the shell has to tell how a command ended. */
static void test_recheck_through_the_shell(void **state)
{
	struct host_keys *k;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	test_write("cmd", SH "case $1 in there) echo 01;; gone) exit 1;; *) kill -9 $$;; esac");
	k = test_keys(NULL, "./cmd");
	assert_false(is_withdrawn(k, "there"));
	assert_true(is_withdrawn(k, "gone"));
	assert_false(is_withdrawn(k, "killed"));
	host_keys_close(k);
	signal(SIGCHLD, SIG_DFL);
}

/* Few at a time, and none of it in the share of a network; who asks in vain ends no session. */
static void test_recheck_has_a_share_of_its_own(void **state)
{
	struct host_answer a;
	struct host_keys *k;
	char identity[32];
	uint8_t id[DS_IDENTITY_MAX];
	size_t len;

	(void)state;
	test_write("cmd", SH "case $1 in hang*) exec sleep 60;; esac; exit 1");
	test_write("keys.csv", "hang1,01\nhang2,01\nhang3,01\nhang4,01\n");
	k = test_keys("keys.csv", "./cmd");
	for (int i = 1; i <= 4; i++) { /* what the file has is not asked for */
		snprintf(identity, sizeof(identity), "hang%d", i);
		host_keys_recheck(k, (const uint8_t *)identity, strlen(identity), test_now());
	}
	for (int i = 10; i < 50; i++) {
		snprintf(identity, sizeof(identity), "hang%d", i);
		assert_int_equal(ask_from(k, 1, identity), HOST_KEY_PENDING);
	}
	/* What the network asked for before us does not wait for the network's turn */
	assert_int_equal(ask_from(k, 1, "gone"), HOST_KEY_PENDING);
	host_keys_recheck(k, (const uint8_t *)"gone", 4, test_now());
	test_answer(k, &a);
	assert_true(host_keys_removed(k, id, &len));
	for (int i = 0; i < 4; i++) {
		assert_true(host_keys_may_recheck(k));
		snprintf(identity, sizeof(identity), "hanging%d", i);
		host_keys_recheck(k, (const uint8_t *)identity, strlen(identity), test_now());
	}
	assert_false(host_keys_may_recheck(k));
	host_keys_forget(k, NULL); /* the network's: their answers would stop the clock */
	test_pass(k, 2 * TEST_CMD_TIME);
	assert_true(host_keys_may_recheck(k));
	assert_false(host_keys_removed(k, id, &len));
	host_keys_close(k);
}

static void test_rounds(void **state)
{
	struct host_keys *k;

	(void)state;
	test_write("cmd", SH "exit 1");
	test_write("keys.csv", "a,01\n");
	k = test_keys(NULL, "./cmd");
	assert_int_equal(host_keys_round(k), 0);
	test_pass(k, 3600 * DS_SECOND); /* an hour, by default */
	assert_in_range(host_keys_round(k), HOST_KEY_ROUNDS - 1, HOST_KEY_ROUNDS);
	host_keys_close(k);
	k = test_keys("keys.csv", NULL); /* nothing to ask */
	test_pass(k, 3600 * DS_SECOND);
	assert_int_equal(host_keys_round(k), 0);
	assert_false(host_keys_may_recheck(k));
	host_keys_close(k);
}

/* When runs end, those in the queue start, in order. */
static void test_queue_moves_on(void **state)
{
	struct host_answer a;
	struct host_keys *k;
	char identity[16];
	bool seen[50] = {false};

	(void)state;
	test_write("cmd", SH "echo 01");
	k = test_keys(NULL, "./cmd");
	for (int i = 0; i < 50; i++) {
		snprintf(identity, sizeof(identity), "dev%d", i);
		assert_int_equal(ask(k, identity, NULL, (uint64_t)i), HOST_KEY_PENDING);
	}
	for (int i = 0; i < 50; i++) {
		test_answer(k, &a);
		assert_int_equal(a.result, HOST_KEY_FOUND);
		assert_true(a.id < 50 && !seen[a.id]);
		seen[a.id] = true;
	}
	host_keys_close(k);
}

static void test_forget(void **state)
{
	int here, gone;
	struct host_answer a;
	struct host_keys *k;

	(void)state;
	test_write("cmd", SH "echo 01");
	k = test_keys(NULL, "./cmd");
	assert_int_equal(ask(k, "a", &gone, 1), HOST_KEY_PENDING);
	assert_int_equal(ask(k, "a", &here, 2), HOST_KEY_PENDING);
	assert_int_equal(ask(k, "a", &gone, 3), HOST_KEY_PENDING);
	assert_int_equal(ask(k, "b", &gone, 4), HOST_KEY_PENDING);
	host_keys_forget(k, &gone);
	test_answer(k, &a);
	assert_ptr_equal(a.tag, &here);
	/* Answers that lie ready, too */
	assert_int_equal(ask(k, "a", &gone, 5), HOST_KEY_PENDING);
	assert_int_equal(ask(k, "a", &here, 6), HOST_KEY_PENDING);
	while (host_keys_deadline(k))
		test_pass(k, 0);
	host_keys_forget(k, &gone);
	assert_true(host_keys_answer(k, &a));
	assert_int_equal(a.id, 6);
	assert_false(host_keys_answer(k, &a));
	host_keys_close(k);
}

/* A host program that lets the kernel reap its children, or reaps them itself. */
static void reap_all(int signal)
{
	int saved = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = saved;
}

static void test_programs_that_take_every_exit_status(void **state)
{
	static void (*const handlers[])(int) = {SIG_IGN, reap_all};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(handlers); i++) {
		struct sigaction sa = {.sa_handler = handlers[i], .sa_flags = SA_RESTART};
		struct host_answer a;
		struct host_keys *k;

		test_log_clear();
		sigaction(SIGCHLD, &sa, NULL);
		test_write("cmd", SH "echo 0102; [ \"$1\" = '$(good)' ]");
		k = test_keys(NULL, "./cmd");
		for (int round = 0; round < 3; round++) {
			assert_int_equal(ask(k, "$(good)", NULL, 1), HOST_KEY_PENDING);
			test_answer(k, &a);
			assert_int_equal(a.result, HOST_KEY_FOUND);
			assert_int_equal(a.key.len, 2);
			assert_int_equal(a.key.bytes[1], 2);
		}
		/* Prints a key and fails: not to be believed */
		assert_int_equal(ask(k, "bad", NULL, 1), HOST_KEY_PENDING);
		test_answer(k, &a);
		assert_int_equal(a.result, HOST_KEY_UNKNOWN);
		assert_true(test_log_has("is run through /bin/sh"));
		host_keys_close(k);
		signal(SIGCHLD, SIG_DFL);
	}
}

static void test_commands_that_cannot_be(void **state)
{
	static const struct {
		const char *cmd, *why;
	} cases[] = {
		{"./missing",
		 "DTLSSHIM_PSK_CMD (--psk-cmd): ./missing: No such file or directory (one "
		 "program, without arguments)"},
		{"./plain", "DTLSSHIM_PSK_CMD (--psk-cmd): ./plain is not an executable file; "
			    "chmod +x?"},
		{"./somewhere",
		 "DTLSSHIM_PSK_CMD (--psk-cmd): ./somewhere is not an executable file; "
		 "chmod +x?"},
		{"./cmd with arguments",
		 "DTLSSHIM_PSK_CMD (--psk-cmd): ./cmd with arguments: No such "
		 "file or directory (one program, without arguments)"},
		{"no-such-program",
		 "DTLSSHIM_PSK_CMD (--psk-cmd): no-such-program is not in PATH, or "
		 "not executable"},
		/* Not found in the current directory, even if PATH says so */
		{"cmd", "DTLSSHIM_PSK_CMD (--psk-cmd): cmd is not in PATH, or not executable"},
	};
	char *path = strdup(getenv("PATH"));

	(void)state;
	test_write("cmd", SH "echo 01");
	test_write("plain", "echo 01");
	mkdir("somewhere", 0755);
	setenv("PATH", ".::/nonexistent", 1);
	for (size_t i = 0; i < TEST_COUNT(cases); i++)
		assert_string_equal(test_keys_why(NULL, cases[i].cmd), cases[i].why);
	setenv("PATH", path, 1);
	free(path);
	assert_null(test_keys_why(NULL, "true"));
}

/* Gone or broken after the start: unknown, and said in the log. */
static void test_command_that_went_away(void **state)
{
	struct host_answer a;
	struct host_keys *k;

	(void)state;
	test_log_clear();
	test_write("cmd", SH "echo 01");
	k = test_keys(NULL, "./cmd");
	unlink("cmd");
	assert_int_equal(ask(k, "a", NULL, 1), HOST_KEY_PENDING);
	assert_int_equal(host_keys_deadline(k), 0);
	test_answer(k, &a);
	assert_int_equal(a.result, HOST_KEY_FAILED);
	assert_true(test_log_has("/cmd: No such file or directory"));
	host_keys_close(k);
}

static size_t open_descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 2048; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_nothing_leaks(void **state)
{
	size_t before = open_descriptors();

	(void)state;
	assert_string_equal(key_of(SH "echo 01", "a"), "01");
	assert_string_equal(key_of(SH "exec yes", "a"), "");
	assert_string_equal(key_of("no shebang", "a"), "");
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_keys_are_not_logged),
		cmocka_unit_test(test_identity_is_data),
		cmocka_unit_test(test_refused_identities_start_nothing),
		cmocka_unit_test(test_a_crowd_starts_nothing),
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_without_standard_descriptors),
		cmocka_unit_test(test_hung_commands_are_killed_as_a_group),
		cmocka_unit_test(test_daemon_with_the_pipe),
		cmocka_unit_test(test_closing_ends_what_runs),
		cmocka_unit_test(test_single_flight_and_memory),
		cmocka_unit_test(test_file_comes_first),
		cmocka_unit_test(test_flood_of_identities),
		cmocka_unit_test(test_networks_that_make_it_hang_do_not_stop_another),
		cmocka_unit_test(test_identity_that_a_stranger_asked_for),
		cmocka_unit_test(test_recheck_believes_what_is_certain),
		cmocka_unit_test(test_recheck_through_the_shell),
		cmocka_unit_test(test_recheck_has_a_share_of_its_own),
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_queue_moves_on),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_programs_that_take_every_exit_status),
		cmocka_unit_test(test_commands_that_cannot_be),
		cmocka_unit_test(test_command_that_went_away),
		cmocka_unit_test(test_nothing_leaks),
	};

	return cmocka_run_group_tests(tests, test_dir_setup, test_dir_teardown);
}
