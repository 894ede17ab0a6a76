/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/host_support.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE (10 * DS_SECOND)

/* How far the clock of the tests is ahead of the real one */
static ds_time skew;

static char dir[] = "/tmp/dtlsshim-unit-XXXXXX";
static int log_fd;

int test_dir_setup(void **state)
{
	(void)state;
	umask(022);
	if (!mkdtemp(dir) || chdir(dir))
		return -1;
	log_fd = memfd_create("log", MFD_CLOEXEC);
	if (host_log_open(HOST_LOG_DEBUG, NULL))
		return -1;
	host_log_set_fd(log_fd);
	return 0;
}

int test_dir_teardown(void **state)
{
	char command[sizeof(dir) + 16];

	(void)state;
	host_log_set_fd(2);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return chdir("/") || system(command);
}

void test_write(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, strcmp(name, "cmd") ? 0600 : 0700), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

char *test_relative(char *text)
{
	char cwd[PATH_MAX], *at;
	size_t len;

	assert_non_null(getcwd(cwd, sizeof(cwd) - 1));
	strcat(cwd, "/");
	len = strlen(cwd);
	while ((at = strstr(text, cwd)))
		memmove(at, at + len, strlen(at + len) + 1);
	return text;
}

const char *test_log(void)
{
	static char text[65536];
	ssize_t n = pread(log_fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = 0;
	return test_relative(text);
}

bool test_log_has(const char *text)
{
	return strstr(test_log(), text);
}

void test_log_clear(void)
{
	assert_int_equal(ftruncate(log_fd, 0), 0);
	lseek(log_fd, 0, SEEK_SET);
}

char *test_path(const char *name)
{
	char cwd[PATH_MAX], *path = NULL;

	if (name && *name != '/' && getcwd(cwd, sizeof(cwd)))
		assert_true(asprintf(&path, "%s/%s", cwd, name) > 0);
	else if (name)
		path = strdup(name);
	return path;
}

static int open_keys(struct host_keys **k, const char *csv, const char *cmd, char *why)
{
	struct host_options o;
	int err;

	host_options_init(&o);
	o.psk_csv = test_path(csv);
	o.psk_cmd = cmd && strchr(cmd, '/') ? test_path(cmd) : cmd ? strdup(cmd) : NULL;
	o.psk_cmd_timeout = TEST_CMD_TIME / DS_SECOND;
	err = host_keys_open(k, &o, why);
	host_options_free(&o);
	return err;
}

struct host_keys *test_keys(const char *csv, const char *cmd)
{
	char why[DS_WHY_MAX] = "";
	struct host_keys *k = NULL;

	if (open_keys(&k, csv, cmd, why))
		fail_msg("%s", why);
	return k;
}

const char *test_keys_why(const char *csv, const char *cmd)
{
	static char why[DS_WHY_MAX];
	struct host_keys *k = NULL;

	why[0] = 0;
	if (open_keys(&k, csv, cmd, why))
		return test_relative(why);
	host_keys_close(k);
	return NULL;
}

ds_time test_now(void)
{
	return host_now() + skew;
}

const char *test_key(struct host_keys *k, const char *identity)
{
	static char hex[2 * DS_PSK_MAX + 1];
	struct host_key key;

	hex[0] = 0;
	switch (host_keys_find(k, (const uint8_t *)identity, strlen(identity), NULL, 0, &key,
			       test_now())) {
	case HOST_KEY_FAILED:
	case HOST_KEY_UNKNOWN: return "";
	case HOST_KEY_PENDING: return "?";
	case HOST_KEY_FOUND: break;
	}
	for (size_t i = 0; i < key.len; i++)
		snprintf(hex + 2 * i, 3, "%02x", key.bytes[i]);
	return hex;
}

void test_pass(struct host_keys *k, ds_time time)
{
	ds_time end = test_now() + time;

	host_keys_work(k, test_now());
	/* 0 = an answer lies ready, which only the test can take */
	while (host_keys_deadline(k) <= end && host_keys_deadline(k)) {
		if (host_keys_deadline(k) > test_now())
			skew += host_keys_deadline(k) - test_now();
		host_keys_work(k, test_now());
	}
	if (end > test_now())
		skew += end - test_now();
}

void test_until_logged(struct host_keys *k, const char *text)
{
	test_pass(k, 30 * DS_SECOND);
	if (!test_log_has(text))
		fail_msg("not logged: %s; but: %s", text, test_log());
}

void test_answer(struct host_keys *k, struct host_answer *out)
{
	struct pollfd p = {.fd = host_keys_fd(k), .events = POLLIN};
	ds_time end = test_now() + PATIENCE;

	while (!host_keys_answer(k, out)) {
		ds_time now = test_now(), at = host_keys_deadline(k);

		if (now > end)
			fail_msg("no answer; log: %s", test_log());
		at = at < end ? at : end;
		poll(&p, 1, at <= now ? 0 : (int)((at - now) / DS_MSEC) + 1);
		host_keys_work(k, test_now());
	}
}
