/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one line an event, whole, harmless whatever a stranger called himself, and limited where
 * a stranger decides how often.
 */
#include "tests/unit/host_support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/names.h"
#include "host/text.h"

/* The time of events when a log begins: long after those before. */
static ds_time start;

/* The log at @level into the file "log"; gives back what was written meanwhile. */
static void begin(enum host_log_level level)
{
	unlink("log");
	start += 3600 * DS_SECOND;
	assert_int_equal(host_log_open(level, "log"), 0);
}

/* Takes the times out of the lines of @text, which must be of now. */
static char *without_stamps(char *text)
{
	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		struct tm tm = {0};
		const char *end = strptime(line, "%Y-%m-%dT%H:%M:%S", &tm);

		assert_true(end && end[0] == '.' && end[4] == 'Z' && end[5] == ' ');
		assert_in_range(timegm(&tm), time(NULL) - 60, time(NULL));
		memmove(line, end + 6, strlen(end + 6) + 1);
	}
	return text;
}

static const char *written(void)
{
	static char text[65536];
	int fd = open("log", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = 0;
	return without_stamps(text);
}

static void test_levels_and_form(void **state)
{
	(void)state;
	begin(HOST_LOG_WARN);
	errno = 77;
	host_log(HOST_LOG_ERROR, "event=%s n=%d", "a", 1);
	host_log(HOST_LOG_WARN, "event=b");
	host_log(HOST_LOG_INFO, "event=c");
	host_log(HOST_LOG_DEBUG, "event=d");
	assert_int_equal(errno, 77);
	assert_string_equal(written(), "dtlsshim: error: event=a n=1\ndtlsshim: warn: event=b\n");
	assert_true(host_log_on(HOST_LOG_WARN));
	assert_false(host_log_on(HOST_LOG_INFO));
}

static void test_long_lines_are_cut(void **state)
{
	char text[5000];
	const char *line;

	(void)state;
	begin(HOST_LOG_INFO);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	host_log(HOST_LOG_INFO, "%s", text);
	host_log(HOST_LOG_INFO, "next");
	line = written();
	assert_true(strcspn(line, "\n") < 1024);
	assert_non_null(strstr(line, "xxx...\ndtlsshim: info: next\n"));
}

static void test_limit(void **state)
{
	static struct host_log_limit a, b;
	ds_time end;

	(void)state;
	begin(HOST_LOG_INFO);
	for (int i = 0; i < 100; i++) {
		host_log_limited(&a, HOST_LOG_WARN, "a%d", i);
		host_log_limited(&b, HOST_LOG_WARN, "b%d", i);
		host_log_limited(&b, HOST_LOG_DEBUG, "c%d", i);
	}
	assert_string_equal(written(), "dtlsshim: warn: a0\ndtlsshim: warn: b0\n");
	atomic_store(&a.next, 0); /* as if a second had passed */
	host_log_limited(&a, HOST_LOG_WARN, "a");
	end = host_now() + DS_SECOND;
	assert_true(atomic_load(&a.next) > host_now() && atomic_load(&a.next) <= end);
	assert_non_null(strstr(written(), "warn: a suppressed=99\n"));
}

static void test_debug_is_not_limited(void **state)
{
	static struct host_log_limit a;

	(void)state;
	begin(HOST_LOG_DEBUG);
	for (int i = 0; i < 3; i++)
		host_log_limited(&a, HOST_LOG_WARN, "a%d", i);
	assert_string_equal(written(),
			    "dtlsshim: warn: a0\ndtlsshim: warn: a1\ndtlsshim: warn: a2\n");
}

static struct ds_event event(enum ds_event_type type, enum ds_reason reason)
{
	struct ds_event ev = {.type = type, .reason = reason};

	ev.info.path.remote = (struct ds_addr){.ip = {192, 0, 2, 7}, .family = 4, .port = 41234};
	ev.old = (struct ds_addr){.ip = {192, 0, 2, 7}, .family = 4, .port = 40000};
	memcpy(ev.info.identity, "dev1", 4);
	ev.info.identity_len = 4;
	memcpy(ev.info.cid, "\x9f\x3a\x00\xff", 4);
	ev.info.cid_len = 4;
	ev.info.cid_used = true;
	ev.info.suite = 0xc0a8;
	return ev;
}

static void test_events(void **state)
{
	struct ds_event ev;

	(void)state;
	begin(HOST_LOG_INFO);
	ev = event(DS_EVENT_ESTABLISHED, DS_REASON_NONE);
	host_log_event(&ev, start);
	ev = event(DS_EVENT_REBOUND, DS_REASON_NONE);
	host_log_event(&ev, start);
	ev = event(DS_EVENT_REBOUND, DS_REASON_PATH_SILENT);
	host_log_event(&ev, start);
	ev = event(DS_EVENT_STAYED, DS_REASON_PATH_KEPT);
	host_log_event(&ev, start);
	ev = event(DS_EVENT_CLOSED, DS_REASON_IDLE);
	ev.info.by_cert = true;
	ev.info.cid_used = false;
	host_log_event(&ev, start);
	ev = event(DS_EVENT_FAILED, DS_REASON_PSK_UNKNOWN);
	ev.info.cid_len = 0;
	ev.info.suite = 0;
	ev.alert = 115;
	ev.detail = -0x7280;
	host_log_event(&ev, start);
	assert_string_equal(
		written(),
		"dtlsshim: info: event=established peer=192.0.2.7:41234 id=\"dev1\" cid=9f3a00ff "
		"suite=TLS_PSK_WITH_AES_128_CCM_8\n"
		"dtlsshim: info: event=rebind peer=192.0.2.7:41234 old=192.0.2.7:40000 id=\"dev1\" "
		"cid=9f3a00ff\n"
		"dtlsshim: info: event=rebind peer=192.0.2.7:41234 old=192.0.2.7:40000 id=\"dev1\" "
		"cid=9f3a00ff reason=path_silent (the new address did not answer the path check)\n"
		"dtlsshim: info: event=rebind_refused peer=192.0.2.7:41234 from=192.0.2.7:40000 "
		"id=\"dev1\" cid=9f3a00ff reason=path_kept (the peer is still at its address: were "
		"its records copied?)\n"
		"dtlsshim: info: event=closed peer=192.0.2.7:41234 cert=\"dev1\" reason=idle (idle too "
		"long)\n"
		"dtlsshim: warn: event=failed peer=192.0.2.7:41234 id=\"dev1\" reason=psk_unknown "
		"(unknown PSK identity) alert=115 (unknown_psk_identity) detail=-0x7280\n");
}

static void test_a_failure_says_what_the_client_offered(void **state)
{
	struct ds_event ev = event(DS_EVENT_FAILED, DS_REASON_NO_SUITE);
	const char *text;

	(void)state;
	begin(HOST_LOG_INFO);
	ev.info.suite = 0;
	ev.info.identity_len = ev.info.cid_len = 0;
	ev.offer = (struct ds_offer){
		.version = 0xFEFD,
		.is_known = true,
		.cid = true,
		.suites = {0xC023, 0xC0AE, 0xEEEE},
		.groups = {23, 29},
		.n_suites = 3,
		.n_groups = 2,
		.common = 1,
		.name_len = 4,
		.server_name = "a\"\nb",
	};
	host_log_event(&ev, start);
	assert_string_equal(written(),
			    "dtlsshim: warn: event=failed peer=192.0.2.7:41234 reason=no_suite (no "
			    "cipher suite in common) offered=DTLS1.2 ems=no peer_cid=yes "
			    "usable_suites=1 server_name=\"a\\\"\\x0ab\" groups=secp256r1,x25519 "
			    "suites=TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,"
			    "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,0xeeee\n");
	begin(HOST_LOG_DEBUG);
	ev.offer.n_suites = 1000; /* and a line holds so many names only */
	for (size_t i = 0; i < DS_OFFER_SUITES; i++)
		ev.offer.suites[i] = 0xC0AE;
	host_log_event(&ev, start);
	text = written();
	assert_true(strlen(text) < 1024);
	assert_non_null(strstr(text, "CCM_8,+9"));
}

static void test_a_failure_says_what_to_do(void **state)
{
	struct ds_event ev = event(DS_EVENT_FAILED, DS_REASON_NO_SUITE);

	(void)state;
	ev.info.suite = 0;
	ev.info.identity_len = ev.info.cid_len = 0;
	ev.alert = 40;
	ev.offer = (struct ds_offer){.version = 0xFEFD};
	for (int i = DS_ADVICE_NONE + 1; i < DS_ADVICES; i++) {
		char end[DS_WHY_MAX];

		begin(HOST_LOG_DEBUG);
		ev.advice = (enum ds_advice)i;
		host_log_event(&ev, start);
		snprintf(end, sizeof(end),
			 " alert=40 (handshake_failure) advice=\"%s\" offered=DTLS1.2",
			 host_advice(ev.advice));
		assert_true(strlen(host_advice(ev.advice)) > 20);
		assert_non_null(strstr(written(), end));
	}
	assert_string_equal(host_advice(DS_ADVICE_AEAD),
			    "the client offers CBC suites only, which are refused: enable an AEAD "
			    "suite (GCM, CCM, ChaCha20-Poly1305) in it");
	assert_string_equal(host_advice(DS_ADVICE_NONE), "");
}

static void test_failures_are_limited_by_reason(void **state)
{
	struct ds_event a = event(DS_EVENT_FAILED, DS_REASON_TIMEOUT);
	struct ds_event b = event(DS_EVENT_FAILED, DS_REASON_PSK_WRONG);
	const char *text;

	(void)state;
	begin(HOST_LOG_INFO);
	for (int i = 0; i < 50; i++)
		host_log_event(&a, start);
	host_log_event(&b, start);
	text = written();
	assert_non_null(strstr(text, "reason=timeout"));
	assert_null(strstr(strstr(text, "reason=timeout") + 1, "reason=timeout"));
	assert_non_null(strstr(text, "reason=psk_wrong"));
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

/* How many events the log tells of: lines with @what, and those left out. */
static size_t told(const char *what)
{
	const char *text = written();
	size_t n = count(text, what);

	for (; (text = strstr(text, "suppressed")); text++)
		n += strtoul(strchr(text, '=') + 1, NULL, 10);
	return n;
}

/* A log that owes no numbers. */
static void begin_clean(void)
{
	begin(HOST_LOG_INFO);
	host_log_stats(&(struct ds_stats){0});
	begin(HOST_LOG_INFO);
}

/* A device that moves with each of 100 records a second, for a minute, beside another. */
static void test_one_peer_has_some_lines_a_minute(void **state)
{
	struct ds_event mover = event(DS_EVENT_REBOUND, DS_REASON_NONE), other = mover;
	ds_time now;

	(void)state;
	begin_clean();
	now = start;
	mover.info.identity[3] = 'm';
	other.info.identity[3] = 'o';
	for (int i = 0; i < 6000; i++) {
		mover.info.path.remote.port++;
		mover.info.path.remote.ip[1]++;
		host_log_event(&mover, now += 10 * DS_MSEC);
	}
	assert_in_range(count(written(), "id=\"devm\""), 2, 12);
	host_log_event(&other, now);
	assert_int_equal(count(written(), "id=\"devo\""), 1);
	assert_int_equal(told("event=rebind"), 6001);
	/* The log of what nobody moved after tells it at the end */
	host_log_event(&mover, now);
	host_log_stats(&(struct ds_stats){0});
	assert_int_equal(told("event=rebind"), 6002);
	assert_non_null(strstr(written(), "event=stats suppressed_rebind=1\n"));
}

/* Without identity, or when a handshake fails, a network is one peer. */
static void test_strangers_have_some_lines_a_minute(void **state)
{
	struct ds_event come = event(DS_EVENT_ESTABLISHED, DS_REASON_NONE);
	struct ds_event fail = event(DS_EVENT_FAILED, DS_REASON_PROTOCOL);
	ds_time now = start;

	(void)state;
	begin_clean();
	come.info.identity_len = 0;
	for (int i = 0; i < 6000; i++) {
		come.info.path.remote.port++;
		come.info.path.remote.ip[3]++;
		memcpy(fail.info.identity, &i, sizeof(i));
		host_log_event(&come, now += 10 * DS_MSEC);
		host_log_event(&fail, now);
	}
	assert_in_range(count(written(), "event=established"), 2, 12);
	assert_in_range(count(written(), "event=failed"), 2, 12);
	fail.info.path.remote.ip[2]++;
	host_log_event(&fail, now + DS_SECOND);
	assert_non_null(strstr(written(), "peer=192.0.3.7:41234"));
	host_log_stats(&(struct ds_stats){0});
	assert_int_equal(told("event=established") + count(written(), "event=failed"), 12001);
}

/* As many identities as somebody likes, in a second. */
static void test_all_peers_have_some_lines(void **state)
{
	struct ds_event ev = event(DS_EVENT_CLOSED, DS_REASON_PEER_CLOSED);
	ds_time now = start;

	(void)state;
	begin_clean();
	for (int i = 0; i < 10000; i++) {
		memcpy(ev.info.identity, &i, sizeof(i));
		host_log_event(&ev, now + (ds_time)i * DS_SECOND / 10000);
	}
	assert_in_range(count(written(), "event=closed"), 100, 210);
	host_log_event(&ev, now + 2 * DS_SECOND);
	assert_int_equal(told("event=closed"), 10001);
}

static struct ds_event plaintext(enum ds_reason reason, uint8_t net)
{
	struct ds_event ev = {.type = DS_EVENT_PLAINTEXT, .reason = reason, .datagrams = 17};

	ev.info.path.remote = (struct ds_addr){.ip = {192, 0, net, 7}, .family = 4, .port = 41234};
	return ev;
}

static void test_plaintext_is_told_by_network(void **state)
{
	struct ds_event ev = plaintext(DS_REASON_PLAINTEXT_ALLOWED, 2);

	(void)state;
	begin(HOST_LOG_INFO);
	host_log_event(&ev, start);
	ev.reason = DS_REASON_PLAINTEXT_DENIED;
	ev.info.path.remote = (struct ds_addr){
		.ip = {0x20, 1, 0xd, 0xb8, 0, 5, 0, 6, [15] = 1}, .family = 6, .port = 1};
	host_log_event(&ev, start);
	assert_string_equal(
		written(),
		"dtlsshim: info: event=plaintext peer=192.0.2.7:41234 network=192.0.2.0/24 "
		"datagrams=17 reason=plaintext_allowed (no DTLS: passed on in clear)\n"
		"dtlsshim: warn: event=plaintext peer=[2001:db8:5:6::1]:1 network=2001:db8:5::/48 "
		"datagrams=17 reason=plaintext_denied (no DTLS: dropped)\n");
}

static void test_all_networks_have_some_lines_about_plaintext(void **state)
{
	struct ds_event ev;

	(void)state;
	begin(HOST_LOG_INFO);
	for (int i = 0; i < 1000; i++) {
		ev = plaintext(DS_REASON_PLAINTEXT_DENIED, (uint8_t)i);
		host_log_event(&ev, start + 1000 * DS_SECOND);
	}
	assert_int_equal(count(written(), "event=plaintext"), 200);
	host_log_event(&ev, start + 1001 * DS_SECOND);
	assert_non_null(strstr(written(), " suppressed=800\n"));
}

static void test_identities_cannot_forge_lines(void **state)
{
	static const char evil[] = "a\" reason=x\ndtlsshim: info: event=b\x1b[31m\\\x80\xff";
	struct ds_event ev = event(DS_EVENT_ESTABLISHED, DS_REASON_NONE);
	const char *text;

	(void)state;
	begin(HOST_LOG_INFO);
	memcpy(ev.info.identity, evil, sizeof(evil)); /* the end, too */
	ev.info.identity_len = sizeof(evil);
	host_log_event(&ev, start);
	text = written();
	assert_non_null(strstr(text, "id=\"a\\\" reason=x\\x0adtlsshim: info: "
				     "event=b\\x1b[31m\\\\\\x80\\xff\\x00\" cid="));
	assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
	memset(ev.info.identity, 0x80, DS_IDENTITY_MAX); /* the longest it can get fits */
	ev.info.identity_len = DS_IDENTITY_MAX;
	begin(HOST_LOG_INFO);
	host_log_event(&ev, start);
	assert_non_null(strstr(written(), "suite=TLS_PSK_WITH_AES_128_CCM_8\n"));
}

/* The reader of a pipe goes away: no SIGPIPE for a program that did not write to it. */
static void test_broken_pipe_kills_nobody(void **state)
{
	sigset_t pending, set;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	begin(HOST_LOG_INFO);
	close(host_log_fd());
	host_log_set_fd(fds[1]);
	close(fds[0]);
	host_log(HOST_LOG_INFO, "x");
	sigpending(&pending);
	assert_false(sigismember(&pending, SIGPIPE));
	/* One that was pending before is not eaten */
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGPIPE);
	host_log(HOST_LOG_INFO, "x");
	sigpending(&pending);
	assert_true(sigismember(&pending, SIGPIPE));
	signal(SIGPIPE, SIG_IGN); /* throws it away */
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	close(fds[1]);
	host_log(HOST_LOG_INFO, "into the void"); /* a closed descriptor is no trouble */
	host_log_set_fd(2);
}

static void test_full_pipe_stops_nobody(void **state)
{
	int fds[2];
	char page[4096] = {0};

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	while (write(fds[1], page, sizeof(page)) > 0)
		;
	assert_int_equal(fcntl(fds[1], F_SETFL, 0), 0);
	begin(HOST_LOG_INFO);
	close(host_log_fd());
	host_log_set_fd(fds[1]);
	alarm(5); /* instead of waiting for ever */
	host_log(HOST_LOG_INFO, "lost");
	alarm(0);
	host_log_set_fd(2);
	close(fds[0]);
	close(fds[1]);
}

static void test_opening(void **state)
{
	int fd;
	struct stat st;

	(void)state;
	begin(HOST_LOG_INFO);
	fd = host_log_fd();
	assert_true(fd > 100);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(stat("log", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	host_log(HOST_LOG_INFO, "first");
	/* Opened again, as for rotation: appends, and the old descriptor is closed */
	assert_int_equal(host_log_open(HOST_LOG_INFO, "log"), 0);
	host_log(HOST_LOG_INFO, "second");
	assert_string_equal(written(), "dtlsshim: info: first\ndtlsshim: info: second\n");
	assert_int_equal(host_log_open(HOST_LOG_INFO, "no/such/directory/log"), -ENOENT);
	host_log(HOST_LOG_INFO, "third"); /* the one before stays */
	assert_non_null(strstr(written(), "third"));
	assert_int_equal(symlink("other", "link"), 0);
	assert_int_equal(host_log_open(HOST_LOG_INFO, "link"), -ELOOP);
	assert_int_equal(access("other", F_OK), -1);
	assert_string_equal(host_log_trouble(-ELOOP),
			    "a symbolic link, which is not followed; name the file itself");
	assert_string_equal(host_log_trouble(-EACCES), "Permission denied");
}

static void test_die(void **state)
{
	int fds[2], status;
	char text[256];
	ssize_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], 2);
		host_die(3, "MTU=%d: too small", 5);
	}
	close(fds[1]);
	n = read(fds[0], text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	close(fds[0]);
	assert_string_equal(text, "dtlsshim: MTU=5: too small\n");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 3);
}

static void test_text(void **state)
{
	char buf[16];
	struct host_text t = host_text_start(buf, sizeof(buf));
	uint8_t bytes[4];

	(void)state;
	host_text_add(&t, "%s", "0123456789");
	host_text_add(&t, "%s", "abcde"); /* exactly full */
	assert_string_equal(buf, "0123456789abcde");
	host_text_add(&t, "f");
	assert_string_equal(buf, "0123456789ab...");
	host_text_quote(&t, "xyz", 3);
	assert_string_equal(buf, "0123456789ab...");

	assert_int_equal(host_hex_parse(bytes, 4, "00ffAb9F", 8), 4);
	assert_memory_equal(bytes, "\x00\xff\xab\x9f", 4);
	assert_int_equal(host_hex_parse(bytes, 4, "", 0), 0);
	assert_int_equal(host_hex_parse(bytes, 4, "0g", 2), -1);
	for (const char *c = "/:@G`g\x80 "; *c; c++)
		assert_int_equal(host_hex_parse(bytes, 4, (char[]){'0', *c}, 2), -1);
	assert_int_equal(host_hex_parse(bytes, 4, "000", 3), -2);
	assert_int_equal(host_hex_parse(bytes, 4, "0011223344", 10), -3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_and_form),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_debug_is_not_limited),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_a_failure_says_what_the_client_offered),
		cmocka_unit_test(test_a_failure_says_what_to_do),
		cmocka_unit_test(test_failures_are_limited_by_reason),
		cmocka_unit_test(test_one_peer_has_some_lines_a_minute),
		cmocka_unit_test(test_strangers_have_some_lines_a_minute),
		cmocka_unit_test(test_all_peers_have_some_lines),
		cmocka_unit_test(test_plaintext_is_told_by_network),
		cmocka_unit_test(test_all_networks_have_some_lines_about_plaintext),
		cmocka_unit_test(test_identities_cannot_forge_lines),
		cmocka_unit_test(test_broken_pipe_kills_nobody),
		cmocka_unit_test(test_full_pipe_stops_nobody),
		cmocka_unit_test(test_opening),
		cmocka_unit_test(test_die),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, test_dir_setup, test_dir_teardown);
}
