/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log's thread: no line that was queued is lost or overtaken, whoever makes it never waits, and what
 * finds no room is counted at the place where it is missing.
 */
#include "tests/unit/host_support.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/log_queue.h"

#define LINES	    2000
#define PIPE_BYTES  4096
#define READ_BUFFER (1 << 20)

static int ends[2]; /* of a small pipe that is the log */

static void *write_lines(void *unused)
{
	return host_log_write(unused);
}

/* What systemd tells a service whose standard error is the journal: then lines have no time. */
static void end_in_the_journal(void)
{
	char stream[64];
	struct stat st;

	assert_int_equal(fstat(2, &st), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
}

/* The thread runs when a line is not written by its maker any more, so not while the pipe is full. */
static int set_up(void **state)
{
	sigset_t all, before;
	pthread_t thread;

	end_in_the_journal();
	if (test_dir_setup(state) || pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) < 0)
		return -1;
	host_log_set_fd(ends[1]);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, write_lines, NULL))
		return -1;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	while (!host_log_is_queued())
		sched_yield();
	return 0;
}

/* Reads until the text ends with @end. */
static const char *read_until(const char *end)
{
	static char text[READ_BUFFER];
	size_t len = 0;

	alarm(20);
	do {
		ssize_t n = read(ends[0], text + len, sizeof(text) - 1 - len);

		assert_true(n > 0);
		len += (size_t)n;
		text[len] = 0;
	} while (len < strlen(end) || strcmp(text + len - strlen(end), end) != 0);
	alarm(0);
	return text;
}

static void log_numbers(int n)
{
	for (int i = 0; i < n; i++)
		host_log(HOST_LOG_INFO, "n=%d", i);
}

/* Checks that lines n=@i, n=@i + 1... are there; the next that is not. */
static int count_numbers(const char **text, int i)
{
	char line[64];

	for (;; i++) {
		int len = snprintf(line, sizeof(line), "dtlsshim: info: n=%d\n", i);

		if (strncmp(*text, line, (size_t)len) != 0)
			return i;
		*text += len;
	}
}

/* The pipe takes some hundred lines; nobody reads, and then somebody does. */
static void test_nobody_waits_and_nothing_is_lost(void **state)
{
	const char *text;

	(void)state;
	alarm(20);
	log_numbers(LINES);
	host_log_flush(DS_MSEC); /* neither does this, beyond its time */
	alarm(0);
	text = read_until("n=1999\n");
	assert_int_equal(count_numbers(&text, 0), LINES);
	assert_string_equal(text, "");
}

static void test_what_finds_no_room_is_counted_where_it_is_missing(void **state)
{
	const char *text;
	int seen = 0;

	(void)state;
	log_numbers(100000);
	while (seen <
	       100000) { /* it may be full twice, if the thread takes the first half meanwhile */
		int had, lost = 0;

		text = read_until(": the log takes lines too slowly\n");
		for (; *text; text = strchr(text, '\n') + 1) {
			had = count_numbers(&text, seen);
			assert_true(had > seen);
			assert_int_equal(
				sscanf(text,
				       "dtlsshim: warn: event=log_full suppressed=%d:", &lost),
				1);
			seen = had + lost;
		}
	}
	assert_int_equal(seen, 100000);
	host_log(HOST_LOG_INFO, "after");
	assert_string_equal(read_until("after\n"), "dtlsshim: info: after\n");
}

/* A child has none of the parent's lines, and writes its own. */
static void test_a_child_writes_its_own_lines(void **state)
{
	int mine[2], status;
	char text[256];
	ssize_t n;
	pid_t pid;

	(void)state;
	log_numbers(LINES); /* more than the pipe takes */
	assert_int_equal(pipe(mine), 0);
	pid = fork();
	if (!pid) {
		host_log_forked();
		host_log_set_fd(mine[1]);
		host_log(HOST_LOG_INFO, "child");
		host_log_end();
		_exit(0);
	}
	close(mine[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	n = read(mine[0], text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	assert_string_equal(text, "dtlsshim: info: child\n");
	close(mine[0]);
	read_until("n=1999\n");
}

/* Handlers log in the middle of a line that is made. */
static void on_alarm(int sig)
{
	(void)sig;
	host_log(HOST_LOG_INFO, "handler");
}

static void test_handlers_may_log(void **state)
{
	struct sigaction act = {.sa_handler = on_alarm}, before;
	const char *text;
	int n = 0;

	(void)state;
	sigaction(SIGUSR1, &act, &before);
	for (int i = 0; i < 500; i++) {
		raise(SIGUSR1);
		host_log(HOST_LOG_INFO, "line");
	}
	sigaction(SIGUSR1, &before, NULL);
	host_log(HOST_LOG_INFO, "last");
	text = read_until("last\n");
	for (; (text = strstr(text, "handler")); text++)
		n++;
	assert_int_equal(n, 500);
}

static void *read_late(void *text)
{
	*(const char **)text = read_until("n=1999\n");
	return NULL;
}

/* The last test: no thread after it. */
static void test_an_end_waits_for_the_last_line(void **state)
{
	const char *text = NULL;
	pthread_t reader;

	(void)state;
	log_numbers(LINES);
	assert_int_equal(pthread_create(&reader, NULL, read_late, &text), 0);
	host_log_end();
	assert_false(host_log_is_queued());
	pthread_join(reader, NULL);
	assert_int_equal(count_numbers(&text, 0), LINES);
	host_log(HOST_LOG_INFO, "at once");
	assert_string_equal(read_until("at once\n"), "dtlsshim: info: at once\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_waits_and_nothing_is_lost),
		cmocka_unit_test(test_what_finds_no_room_is_counted_where_it_is_missing),
		cmocka_unit_test(test_a_child_writes_its_own_lines),
		cmocka_unit_test(test_handlers_may_log),
		cmocka_unit_test(test_an_end_waits_for_the_last_line),
	};

	return cmocka_run_group_tests(tests, set_up, test_dir_teardown);
}
