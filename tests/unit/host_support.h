/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_support.h - a directory, a log and key sources for the tests of host/
 */
#ifndef TESTS_UNIT_HOST_SUPPORT_H
#define TESTS_UNIT_HOST_SUPPORT_H

#include "tests/unit/support.h"

#include "host/endpoint.h"
#include "host/keys.h"
#include "host/log.h"

/* Of a group: a fresh directory becomes the current one, and the log goes to memory. */
int test_dir_setup(void **state);
int test_dir_teardown(void **state);

/* Writes @text to file @name, which is executable if it is called "cmd". */
void test_write(const char *name, const char *text);
/* The absolute path of @name, as options have it; NULL: NULL.  For free(). */
char *test_path(const char *name);
/* Takes the current directory out of what @text says of files; @text. */
char *test_relative(char *text);
/* Whether a line of the log since the last test_log_clear() contains @text. */
bool test_log_has(const char *text);
const char *test_log(void);
void test_log_clear(void);

/* The time a command of test_keys() has.  The clock of the tests runs with the real one, so it is
 * longer than a busy machine takes to start what a test starts. */
#define TEST_CMD_TIME (60 * DS_SECOND)

/* Key sources of a CSV file and a command (NULL = none). */
struct host_keys *test_keys(const char *csv, const char *cmd);
/* What opening says of them; NULL if it succeeds. */
const char *test_keys_why(const char *csv, const char *cmd);
/* The key of @identity in hex from the file, or "" if there is none, or "?" while it is pending. */
const char *test_key(struct host_keys *k, const char *identity);
/* The clock of these tests; test_pass() moves it, as if @time had passed while the sources work. */
ds_time test_now(void);
void test_pass(struct host_keys *k, ds_time time);
/* Passes half a minute; then @text must be in the log. */
void test_until_logged(struct host_keys *k, const char *text);
/* Waits in real time until there is an answer, and takes it. */
void test_answer(struct host_keys *k, struct host_answer *out);

#endif
