/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CSV file of keys: what is read, what is refused and in which words, and what happens when the
 * file changes under way.
 */
#include "tests/unit/host_support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/sys.h"

#define KEY16 "000102030405060708090a0b0c0d0e0f"

static void test_good_files(void **state)
{
	static const struct {
		const char *text, *identity, *key;
	} cases[] = {
		{"Kalle,deadbeefdeadbeef\n", "Kalle", "deadbeefdeadbeef"},
		{"Kalle,DEADbeef", "Kalle", "deadbeef"},
		{"Kalle,DEADbeef", "kalle", ""},
		{"a,01\r\nb,02\r\n", "b", "02"},
		{"a,01\rb,02\r", "b", "02"},
		{"\n\na,01\n\n\nb,02\n\n", "b", "02"},
		{"\xef\xbb\xbf"
		 "a,01\nb,02\n",
		 "a", "01"},
		{"a,01,note\nb,02,\n", "b", "02"},
		{"\"a,\"\"1\"\"\",\"01\"\nb,02\n", "a,\"1\"", "01"},
		{"\"a\nb\",01\n", "a\nb", "01"},
		{" a ,01\n", " a ", "01"},
		{" a ,01\n", "a", ""},
		{"#a,01\n", "#a", "01"},
		{"a,01\nb,02\na,03\n", "a", "03"},
		{"a,01\nb,02\na,03\n", "b", "02"},
		{"\xc3\xa4,01\n", "\xc3\xa4", "01"},
		{"\xff\xfe,01\n", "\xff\xfe", "01"},
		{"-rf,01\n", "-rf", "01"},
		{"$(touch x),01\n", "$(touch x)", "01"},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		struct host_keys *k;

		test_write("keys.csv", cases[i].text);
		k = test_keys("keys.csv", NULL);
		assert_string_equal(test_key(k, cases[i].identity), cases[i].key);
		assert_string_equal(test_key(k, "nobody"), "");
		host_keys_close(k);
	}
}

static void test_mistakes_name_file_and_line(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"a,0\n", "keys.csv:1: odd number of hex digits in the key"},
		{"a,01\nb,012\n", "keys.csv:2: odd number of hex digits in the key"},
		{"a,01\r\n\r\nb,xy\r\n",
		 "keys.csv:3: the key is not hexadecimal (identity,hexkey is expected in every line; no "
		 "header, no spaces)"},
		{"a,01\rb,xy\r",
		 "keys.csv:2: the key is not hexadecimal (identity,hexkey is expected in every line; no "
		 "header, no spaces)"},
		{"identity,key\na,01\n",
		 "keys.csv:1: the key is not hexadecimal (identity,hexkey is expected in every line; no "
		 "header, no spaces)"},
		{"a, 01\n",
		 "keys.csv:1: the key is not hexadecimal (identity,hexkey is expected in every line; no "
		 "header, no spaces)"},
		{"a,0x01\n",
		 "keys.csv:1: the key is not hexadecimal (identity,hexkey is expected in every line; no "
		 "header, no spaces)"},
		{"a,\n", "keys.csv:1: empty key"},
		{"a,\"\"\n", "keys.csv:1: empty key"},
		{",01\n", "keys.csv:1: empty identity"},
		{"a\n", "keys.csv:1: no key: identity,hexkey is expected"},
		{"a;01\n", "keys.csv:1: no key: identity,hexkey is expected"},
		{" \n", "keys.csv:1: no key: identity,hexkey is expected"},
		{"a,01\nb,02,x\n", "keys.csv:2: not as many fields as in the first line"},
		{"a,01,x\nb,02\n", "keys.csv:2: not as many fields as in the first line"},
		{"a,01\nb\n", "keys.csv:2: no key: identity,hexkey is expected"},
		{"a,01\n\"b,02\nc,03\n", "keys.csv:3: a quote is not closed"},
		{"a,01\nb\"b,02\n", "keys.csv:2: quote in the wrong place"},
		{"a,01\n\"b\"b,02\n", "keys.csv:2: quote in the wrong place"},
		/* 65 bytes */
		{"a," KEY16 KEY16 KEY16 KEY16 "00\n", "keys.csv:1: key of more than 64 bytes"},
	};

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		const char *why;

		test_write("keys.csv", cases[i].text);
		why = test_keys_why("keys.csv", NULL);
		assert_non_null(why);
		assert_string_equal(why, cases[i].why);
	}
}

static void test_lengths_at_their_limits(void **state)
{
	static const struct {
		size_t identity, key;
		const char *why;
	} cases[] = {
		{128, 64, NULL},
		{1, 1, NULL},
		{129, 1, "keys.csv:1: identity of more than 128 bytes"},
		{65000, 1, "keys.csv:1: identity of more than 128 bytes"},
		{65535, 1, "keys.csv:1: identity of more than 128 bytes"},
		{70000, 1, "keys.csv:1: field of more than 64 kB"},
		{1, 65, "keys.csv:1: key of more than 64 bytes"},
	};
	static char text[80000];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		const char *why;

		memset(text, 'i', cases[i].identity);
		text[cases[i].identity] = ',';
		memset(text + cases[i].identity + 1, 'a', 2 * cases[i].key);
		text[cases[i].identity + 1 + 2 * cases[i].key] = 0;
		test_write("keys.csv", text);
		why = test_keys_why("keys.csv", NULL);
		if (cases[i].why)
			assert_string_equal(why, cases[i].why);
		else
			assert_null(why);
	}
}

/* GnuTLS once cut identities at a NUL: then "dev1\0x" is dev1. */
static void test_nul_bytes_are_refused(void **state)
{
	int fd = open("keys.csv", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)state;
	assert_int_equal(write(fd, "dev1\0x,01\n", 10), 10);
	close(fd);
	assert_string_equal(test_keys_why("keys.csv", NULL),
			    "keys.csv:1: NUL byte in the identity");
	fd = open("keys.csv", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, "dev1,01\0\n", 9), 9);
	close(fd);
	assert_non_null(strstr(test_keys_why("keys.csv", NULL), "keys.csv:1: the key is not hex"));
}

static void test_identity_is_compared_with_its_length(void **state)
{
	struct host_keys *k;
	struct host_key key;

	(void)state;
	test_write("keys.csv", "dev1,01\n");
	k = test_keys("keys.csv", NULL);
	assert_int_equal(host_keys_find(k, (const uint8_t *)"dev1", 4, NULL, 0, &key, 1),
			 HOST_KEY_FOUND);
	assert_int_equal(host_keys_find(k, (const uint8_t *)"dev1\0x", 6, NULL, 0, &key, 1),
			 HOST_KEY_UNKNOWN);
	assert_int_equal(host_keys_find(k, (const uint8_t *)"dev1\0", 5, NULL, 0, &key, 1),
			 HOST_KEY_UNKNOWN);
	assert_int_equal(host_keys_find(k, (const uint8_t *)"", 0, NULL, 0, &key, 1),
			 HOST_KEY_UNKNOWN);
	host_keys_close(k);
}

static void test_files_that_are_none(void **state)
{
	(void)state;
	unlink("keys.csv");
	assert_non_null(
		strstr(test_keys_why("keys.csv", NULL), "\"keys.csv\": No such file or directory"));
	mkdir("directory", 0755);
	assert_non_null(strstr(test_keys_why("directory", NULL), "not a regular file"));
	mkfifo("fifo", 0600);
	assert_non_null(strstr(test_keys_why("fifo", NULL), "not a regular file"));
	assert_non_null(strstr(test_keys_why("/dev/null", NULL), "not a regular file"));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_non_null(strstr(test_keys_why("loop", NULL), "Too many levels of symbolic links"));
}

static void test_warnings_at_the_start(void **state)
{
	struct host_keys *k;

	(void)state;
	test_log_clear();
	test_write("keys.csv", "a,01\nb," KEY16 "\nc,02\na,03\n");
	chmod("keys.csv", 0644);
	k = test_keys("keys.csv", NULL);
	assert_true(test_log_has("warn: event=permissions file=keys.csv mode=0644 others on this "
				 "machine can read this secret: chmod o= it"));
	assert_true(test_log_has("warn: event=keys_short file=keys.csv line=1 keys=3 "));
	assert_true(test_log_has("warn: event=keys_twice file=keys.csv line=4 identities=1 "));
	assert_true(test_log_has("info: event=keys_loaded file=keys.csv keys=3\n"));
	host_keys_close(k);

	test_log_clear();
	test_write("empty.csv", "\n\n");
	k = test_keys("empty.csv", NULL);
	assert_true(test_log_has("warn: event=keys_none file=empty.csv holds no keys yet"));
	host_keys_close(k);
}

/* Whoever may write the file says who is let in. */
static void test_file_that_others_may_write(void **state)
{
	static const mode_t modes[] = {0620, 0602, 0664};
	struct host_keys *k;
	char why[DS_WHY_MAX];

	(void)state;
	test_write("keys.csv", "a," KEY16 "\n");
	for (size_t i = 0; i < TEST_COUNT(modes); i++) {
		chmod("keys.csv", modes[i]);
		assert_non_null(
			strstr(test_keys_why("keys.csv", NULL),
			       "group or others may change this file, and with it who is let "
			       "in; chmod go-w"));
	}
	/* Nor is it read again when it became one */
	chmod("keys.csv", 0640);
	k = test_keys("keys.csv", NULL);
	test_write("keys.csv", "b," KEY16 "\n");
	chmod("keys.csv", 0660);
	assert_int_equal(host_keys_reload(k, why), -1);
	assert_non_null(strstr(why, "keys.csv: mode 0660: "));
	assert_string_equal(test_key(k, "a"), KEY16);
	assert_string_equal(test_key(k, "b"), "");
	host_keys_close(k);
}

/* A link in a directory that others may write is followed if we, root or the directory's owner made it;
 * one in a directory that they may not is the administrator's. */
static void test_links_of_strangers(void **state)
{
	const char *why;

	(void)state;
	if (geteuid())
		skip(); /* only root makes links of others */
	test_write("keys.csv", "a," KEY16 "\n");
	assert_int_equal(mkdir("open", 0777) | chmod("open", 01777), 0);
	assert_int_equal(symlink("../keys.csv", "open/link"), 0);
	assert_int_equal(symlink("link", "open/again"), 0);
	assert_null(test_keys_why("open/again", NULL));
	assert_int_equal(lchown("open/link", 12345, 12345), 0);
	for (int i = 0; i < 2; i++) {
		why = test_keys_why(i ? "open/again" : "open/link", NULL);
		assert_non_null(why);
		assert_non_null(strstr(why, "a symbolic link of another user, in a directory that "
					    "others may write, is not followed"));
	}
	assert_int_equal(chown("open", 12345, 12345), 0);
	assert_null(test_keys_why("open/link", NULL));
	assert_int_equal(chown("open", 0, 0) | chmod("open", 0755), 0);
	assert_null(test_keys_why("open/link", NULL));
}

/* Reloading */

static void replace(const char *text)
{
	test_write("keys.new", text);
	assert_int_equal(rename("keys.new", "keys.csv"), 0);
}

static struct host_keys *begin(const char *text)
{
	struct host_keys *k;

	unlink("keys.csv");
	test_write("keys.csv", text);
	k = test_keys("keys.csv", NULL);
	test_log_clear();
	return k;
}

/* All removed identities, in brackets. */
static const char *removed(struct host_keys *k)
{
	static char text[1024];
	uint8_t identity[DS_IDENTITY_MAX];
	size_t len, n = 0;

	text[0] = 0;
	while (host_keys_removed(k, identity, &len))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "[%.*s]", (int)len,
				      (const char *)identity);
	return text;
}

static void test_reload_by_rename(void **state)
{
	struct host_keys *k = begin("a,01\nb,02\n");

	(void)state;
	assert_string_equal(removed(k), "");
	replace("b,02\nc,03\n");
	test_until_logged(k, "event=keys_loaded file=keys.csv keys=2 before=2");
	assert_string_equal(test_key(k, "a"), "");
	assert_string_equal(test_key(k, "b"), "02");
	assert_string_equal(test_key(k, "c"), "03");
	assert_string_equal(removed(k), "[a]");
	assert_string_equal(removed(k), "");

	test_log_clear();
	replace("b,04\n");
	test_until_logged(k, "keys=1 before=2");
	assert_non_null(strstr(removed(k), "[b]")); /* the key changed */
	host_keys_close(k);
}

static void test_reload_in_place(void **state)
{
	struct host_keys *k = begin("a,01\n");

	(void)state;
	test_write("keys.csv", "a,02\n");
	test_until_logged(k, "event=keys_loaded");
	assert_string_equal(test_key(k, "a"), "02");
	host_keys_close(k);
}

/* As Kubernetes does it: the file is a link through a directory link that is renamed over. */
static void test_reload_by_symlink_switch(void **state)
{
	struct host_keys *k;

	(void)state;
	assert_int_equal(mkdir("v1", 0755) | mkdir("v2", 0755), 0);
	test_write("v1/k.csv", "a,01\n");
	test_write("v2/k.csv", "a,02\n");
	assert_int_equal(symlink("v1", "data") | symlink("data/k.csv", "linked.csv"), 0);
	k = test_keys("linked.csv", NULL);
	test_log_clear();
	assert_int_equal(symlink("v2", "data.new") | rename("data.new", "data"), 0);
	test_until_logged(k, "event=keys_loaded");
	assert_string_equal(test_key(k, "a"), "02");
	/* And written in place behind the links, in a directory nobody watches */
	test_log_clear();
	test_write("v2/k.csv", "a,03\n");
	test_until_logged(k, "event=keys_loaded");
	assert_string_equal(test_key(k, "a"), "03");
	host_keys_close(k);
}

static void test_mistakes_keep_the_old_keys(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"a,02\nb,0\n",
		 "keys.csv:2: odd number of hex digits in the key; the keys read before "
		 "stay in use"},
		{"", "keys.csv: no keys in it; the keys read before stay in use"},
		{"\n", "keys.csv: no keys in it; the keys read before stay in use"},
		{"a,02\nb,0203",
		 "keys.csv: the last line has no end, as if it were still written; the "
		 "keys read before stay in use"},
	};
	struct host_keys *k = begin("a,01\n");

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		replace(cases[i].text);
		test_until_logged(k, cases[i].why);
		assert_string_equal(test_key(k, "a"), "01");
		assert_string_equal(removed(k), "");
	}
	replace("a,05\n");
	test_until_logged(k, "event=keys_loaded");
	assert_string_equal(test_key(k, "a"), "05");
	host_keys_close(k);
}

static void test_deleted_file_keeps_the_old_keys(void **state)
{
	struct host_keys *k = begin("a,01\n");

	(void)state;
	unlink("keys.csv");
	test_until_logged(k, "No such file or directory; the keys read before stay in use");
	assert_string_equal(test_key(k, "a"), "01");
	test_write("keys.csv", "a,02\n");
	test_until_logged(k, "event=keys_loaded");
	assert_string_equal(test_key(k, "a"), "02");
	host_keys_close(k);
}

/* A writer that empties the file and then writes in bits, each of which is a good file. */
static void test_slow_writer_is_waited_for(void **state)
{
	struct host_keys *k = begin("a,01\nb,02\n");
	int fd = open("keys.csv", O_WRONLY | O_TRUNC);

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(dprintf(fd, "c%d,01\n", i), 6);
		test_pass(k, 5 * DS_SECOND);
		assert_string_equal(test_key(k, "a"), "01");
		assert_string_equal(test_key(k, "c0"), "");
	}
	close(fd);
	test_until_logged(k, "event=keys_loaded file=keys.csv keys=3 ");
	assert_false(test_log_has("keys_kept"));
	assert_string_equal(removed(k)[0] ? "some" : "", "some");
	host_keys_close(k);
}

static void test_touch_is_no_change(void **state)
{
	struct host_keys *k = begin("a,01\n");

	(void)state;
	replace("a,01\n");
	test_pass(k, 60 * DS_SECOND);
	assert_string_equal(test_log(), "");
	host_keys_close(k);
}

static void test_reload_on_demand(void **state)
{
	struct host_keys *k = begin("a,01\n");
	char why[DS_WHY_MAX];

	(void)state;
	replace("a,02"); /* who asks for it means it */
	assert_int_equal(host_keys_reload(k, why), 0);
	assert_string_equal(test_key(k, "a"), "02");
	replace("a,0\n");
	assert_int_equal(host_keys_reload(k, why), -1);
	assert_string_equal(test_relative(why), "keys.csv:1: odd number of hex digits in the key");
	replace("");
	assert_int_equal(host_keys_reload(k, why), -1);
	assert_string_equal(test_relative(why), "keys.csv: no keys in it");
	unlink("keys.csv");
	assert_int_equal(host_keys_reload(k, why), -1);
	assert_string_equal(test_key(k, "a"), "02");
	host_keys_close(k);
}

static void test_two_reloads_before_anybody_asks(void **state)
{
	struct host_keys *k = begin("a,01\nb,02\n");
	char why[DS_WHY_MAX];

	(void)state;
	replace("b,02\nc,03\n");
	assert_int_equal(host_keys_reload(k, why), 0);
	replace("a,01\nd,04\n");
	assert_int_equal(host_keys_reload(k, why), 0);
	/* a is back with the same key; b and c are gone, b for both older files */
	assert_null(strstr(removed(k), "[a]"));
	host_keys_close(k);
}

/* Keys do not survive a fork, but the file is found again: from another directory, and when the
 * path leads nowhere any more. */
static void test_forked_child_opens_again(void **state)
{
	struct host_keys *k = begin("a,01\n");
	char *path = test_path("keys.csv");
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		bool ok;

		host_arena_reset();
		ok = !chdir("/") && (k = test_keys(path, NULL)) && !strcmp(test_key(k, "a"), "01");
		_exit(ok ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);

	pid = fork();
	if (!pid) {
		bool ok;

		host_arena_reset();
		unlink("keys.csv");
		ok = (k = test_keys("keys.csv", NULL)) && !strcmp(test_key(k, "a"), "01");
		_exit(ok ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* In this process a missing file is missing */
	host_keys_close(k);
	assert_non_null(test_keys_why("keys.csv", NULL));
	free(path);
}

/* As chronyd or dnsmasq do: read the configuration, fork, give up root and the root directory. */
static void test_child_in_a_cage_follows_the_file(void **state)
{
	struct host_keys *k;
	char *path;
	int status;
	pid_t pid;

	(void)state;
	if (geteuid())
		skip();
	k = begin("a,01\n");
	path = test_path("keys.csv");
	mkdir("cage", 0755);
	pid = fork();
	if (!pid) {
		host_arena_reset();
		if (chroot("cage") || chdir("/"))
			_exit(1);
		k = test_keys(path, NULL);
		if (strcmp(test_key(k, "a"), "01"))
			_exit(2);
		/* The parent, or an operator, replaces the file outside */
		kill(getpid(), SIGSTOP);
		test_until_logged(k, "keys.csv keys=2 before=1");
		_exit(strcmp(test_key(k, "b"), "02") ? 3 : 0);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	replace("a,01\nb,02\n");
	kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	host_keys_close(k);
	free(path);
}

static int kept;

static void count_kept(int fd, bool keep)
{
	assert_true(fd >= 3);
	kept += keep ? 1 : -1;
}

static void test_descriptors_are_announced_and_closed(void **state)
{
	struct host_keys *k;
	int before;

	(void)state;
	test_write("other.csv", "a,01\n");
	k = test_keys("other.csv", NULL);
	host_keys_close(k);
	host_fd_watch_set(count_kept);
	k = test_keys("other.csv", NULL);
	before = kept;
	assert_true(before >= 2); /* epoll and inotify at least */
	host_keys_close(k);
	assert_int_equal(kept, 0);
	host_fd_watch_set(NULL);
}

static void test_many_keys(void **state)
{
	enum { LINES = 100000 };
	char *text = malloc(LINES * 64), *p = text, identity[32];
	struct host_keys *k;
	ds_time begin_at;

	(void)state;
	for (int i = 0; i < LINES; i++)
		p += sprintf(p, "device-%08d,%032x\n", i, i + 1);
	test_write("keys.csv", text);
	free(text);
	begin_at = host_now();
	k = test_keys("keys.csv", NULL);
	assert_true(host_now() - begin_at < 5 * DS_SECOND);
	for (int i = 0; i < LINES; i += 997) {
		char want[33];

		sprintf(identity, "device-%08d", i);
		sprintf(want, "%032x", i + 1);
		assert_string_equal(test_key(k, identity), want);
	}
	assert_string_equal(test_key(k, "device-00100000"), "");
	host_keys_close(k);
}

/* Opens a file of some megabytes, whose last line is @last, as a server with a state file does. */
static struct host_keys *begin_large(const char *last, char *why)
{
	enum { LINES = 100000 };
	char *text = malloc(LINES * 64), *p = text;
	struct host_keys *k = NULL;
	struct host_options o;

	for (int i = 0; i < LINES; i++)
		p += sprintf(p, "device-%08d,%032x\n", i, i + 1);
	strcpy(p, last);
	test_write("keys.csv", text);
	free(text);
	host_options_init(&o);
	o.psk_csv = test_path("keys.csv");
	o.state = strdup("x.state");
	assert_int_equal(host_keys_begin(&k, &o, why), 0);
	host_options_free(&o);
	return k;
}

/* Works as a loop does; @turns: how often it was called. */
static void read_all(struct host_keys *k, int *turns)
{
	for (*turns = 0; !host_keys_are_read(k); ++*turns) {
		assert_true(host_keys_deadline(k) <= test_now());
		host_keys_work(k, test_now());
	}
}

static void test_large_file_is_read_in_turns_beside_serving(void **state)
{
	char why[DS_WHY_MAX];
	struct host_keys *k;
	int turns;

	(void)state;
	test_log_clear();
	k = begin_large("last,02\n", why);
	assert_false(host_keys_are_read(k));
	assert_false(test_log_has("keys_loaded"));
	read_all(k, &turns);
	assert_true(turns > 1);
	assert_true(test_log_has("event=keys_loaded file=keys.csv keys=100001\n"));
	assert_string_equal(test_key(k, "last"), "02");
	assert_string_equal(removed(k), "");

	/* So is one that changed, while the keys of before are in use */
	test_log_clear();
	replace("last,03\n");
	test_until_logged(k, "keys=1 before=100001");
	assert_string_equal(test_key(k, "last"), "03");
	host_keys_close(k);

	k = begin_large("last,02\n", why); /* the end of the process comes first */
	host_keys_close(k);
}

static void test_file_that_changes_while_it_is_read(void **state)
{
	char why[DS_WHY_MAX];
	struct host_keys *k;
	int turns;

	(void)state;
	k = begin_large("last,02\n", why);
	replace("last,03\n");
	read_all(k, &turns);
	assert_string_equal(test_key(k, "last"), "02");
	test_until_logged(k, "keys=1 before=100001");
	assert_string_equal(test_key(k, "last"), "03");
	host_keys_close(k);

	k = begin_large("last,02\n", why);
	replace("last,04\n");
	assert_int_equal(host_keys_reload(k, why), 0); /* who asks gets what is there now */
	assert_true(host_keys_are_read(k));
	assert_string_equal(test_key(k, "last"), "04");
	host_keys_close(k);
}

static void test_mistake_at_the_end_of_a_large_file_ends_the_process(void **state)
{
	char why[DS_WHY_MAX], said[DS_WHY_MAX] = {0};
	struct host_keys *k;
	int status, turns, fd;
	pid_t pid;

	(void)state;
	test_log_clear();
	pid = fork();
	if (!pid) {
		host_arena_reset();
		if (!freopen("said", "w", stderr))
			_exit(2);
		k = begin_large("last,0\n", why);
		read_all(k, &turns);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_false(test_log_has("keys_loaded"));
	fd = open("said", O_RDONLY);
	assert_true(read(fd, said, sizeof(said) - 1) > 0);
	close(fd);
	assert_string_equal(test_relative(said),
			    "dtlsshim: keys.csv:100001: odd number of hex digits in the key\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_mistakes_name_file_and_line),
		cmocka_unit_test(test_lengths_at_their_limits),
		cmocka_unit_test(test_nul_bytes_are_refused),
		cmocka_unit_test(test_identity_is_compared_with_its_length),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_warnings_at_the_start),
		cmocka_unit_test(test_file_that_others_may_write),
		cmocka_unit_test(test_links_of_strangers),
		cmocka_unit_test(test_reload_by_rename),
		cmocka_unit_test(test_reload_in_place),
		cmocka_unit_test(test_reload_by_symlink_switch),
		cmocka_unit_test(test_mistakes_keep_the_old_keys),
		cmocka_unit_test(test_deleted_file_keeps_the_old_keys),
		cmocka_unit_test(test_slow_writer_is_waited_for),
		cmocka_unit_test(test_touch_is_no_change),
		cmocka_unit_test(test_reload_on_demand),
		cmocka_unit_test(test_two_reloads_before_anybody_asks),
		cmocka_unit_test(test_forked_child_opens_again),
		cmocka_unit_test(test_child_in_a_cage_follows_the_file),
		cmocka_unit_test(test_descriptors_are_announced_and_closed),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_large_file_is_read_in_turns_beside_serving),
		cmocka_unit_test(test_file_that_changes_while_it_is_read),
		cmocka_unit_test(test_mistake_at_the_end_of_a_large_file_ends_the_process),
	};

	return cmocka_run_group_tests(tests, test_dir_setup, test_dir_teardown);
}
