/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key server of --psk-rest: what it is asked, and what is believed of its answers.  curl(1) asks
 * a server on the loopback interface that answers once.
 */
#include "tests/unit/host_support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct server {
	int fd;
	uint16_t port;
	const char *response; /* NULL = none, ever */
	char request[8192];
	pthread_t thread;
};

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd = accept(s->fd, NULL, NULL);
	size_t len = 0;
	ssize_t n;

	while (!strstr(s->request, "\r\n\r\n") &&
	       (n = read(fd, s->request + len, sizeof(s->request) - 1 - len)) > 0)
		len += (size_t)n;
	if (s->response)
		(void)!write(fd, s->response, strlen(s->response));
	else
		(void)!read(fd, s->request, 1); /* until the other side gives up */
	close(fd);
	return NULL;
}

static void start(struct server *s, const char *response)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);

	memset(s, 0, sizeof(*s));
	s->response = response;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->fd, (void *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s->fd, 1), 0);
	getsockname(s->fd, (void *)&a, &len);
	s->port = ntohs(a.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

struct query {
	const char *url; /* after http://127.0.0.1:port */
	const char *header, *name, *prefix, *identity;
};

/* --rest-headers-file of the next open_rest() */
static const char *header_file;

static int open_rest(struct host_keys **k, const char *url, const struct query *q, char *why)
{
	struct host_options o;
	int err;

	host_options_init(&o);
	o.psk_rest = strdup(url);
	o.rest_headers = q->header ? strdup(q->header) : NULL;
	o.id_query_key = q->name ? strdup(q->name) : NULL;
	o.id_query_val_prefix = q->prefix ? strdup(q->prefix) : NULL;
	o.rest_headers_file = test_path(header_file);
	o.psk_cmd_timeout = 2;
	err = host_keys_open(k, &o, why);
	host_options_free(&o);
	return err;
}

/* Whether a session of who asked last would end. */
static bool is_withdrawn;

/* Asks a server that answers @response; the key in hex, "" = unknown. */
static const char *ask(struct server *s, const char *response, const struct query *q)
{
	static char hex[2 * DS_PSK_MAX + 1];
	char url[256], why[DS_WHY_MAX];
	struct host_answer a;
	struct host_keys *k;
	struct host_key key;
	uint8_t identity[DS_IDENTITY_MAX];
	size_t len;

	start(s, response);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", s->port, q->url);
	if (open_rest(&k, url, q, why))
		fail_msg("%s", why);
	assert_int_equal(host_keys_find(k, (const uint8_t *)q->identity, strlen(q->identity), NULL,
					1, &key, test_now()),
			 HOST_KEY_PENDING);
	host_keys_recheck(k, (const uint8_t *)q->identity, strlen(q->identity), test_now());
	test_answer(k, &a);
	is_withdrawn = host_keys_removed(k, identity, &len);
	hex[0] = 0;
	for (size_t i = 0; a.result == HOST_KEY_FOUND && i < a.key.len; i++)
		sprintf(hex + 2 * i, "%02x", a.key.bytes[i]);
	host_keys_close(k);
	pthread_join(s->thread, NULL);
	close(s->fd);
	return hex;
}

#define OK "HTTP/1.0 200 OK\r\n\r\n"

static int setup(void **state)
{
	/* The machine's proxy is for the network, not for 127.0.0.1 */
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	if (test_dir_setup(state))
		return -1;
	/* Somebody's settings for curl are not ours */
	test_write(".curlrc", "user-agent = somebody's\n");
	return setenv("HOME", ".", 1);
}

/* Undoes the encoding of a query in place, whichever of its forms this curl uses. */
static void decode(char *text)
{
	char *to = text;
	unsigned byte;

	for (; *text; text++) {
		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			text += 2;
		} else {
			*to++ = *text == '+' ? ' ' : *text;
		}
	}
	*to = 0;
}

static void test_requests(void **state)
{
	static const struct {
		struct query q;
		const char *line, *header;
	} cases[] = {
		{{"/keys", NULL, NULL, NULL, "Kalle"}, "GET /keys?pskId=Kalle HTTP/1.1\r\n", NULL},
		{{"/keys", "Authorization:Bearer a\"b\\c", "id", "dev-", "1"},
		 "GET /keys?id=dev-1 HTTP/1.1\r\n",
		 "\r\nAuthorization:Bearer a\"b\\c\r\n"},
		{{"/keys?a=b", NULL, NULL, NULL, "x"}, "GET /keys?a=b&pskId=x HTTP/1.1\r\n", NULL},
		{{"/{a}[1-9]", NULL, NULL, NULL, "x"}, "GET /{a}[1-9]?pskId=x HTTP/1.1\r\n", NULL},
		{{"/k", NULL, NULL, NULL, "a b&c=d#e?f%\"\\'@/$(x)\xc3\xa4"},
		 "GET /k?pskId=a b&c=d#e?f%\"\\'@/$(x)\xc3\xa4 HTTP/1.1\r\n",
		 NULL},
		{{"/k", NULL, NULL, "@", "/etc/passwd"},
		 "GET /k?pskId=@/etc/passwd HTTP/1.1\r\n",
		 NULL},
	};
	static struct server s;
	char *value;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_string_equal(ask(&s, OK "deadBEEF\n", &cases[i].q), "deadbeef");
		assert_null(strstr(s.request, "somebody"));
		/* The identity is one value: nothing of it begins another */
		s.request[strcspn(s.request, "\r")] = 0;
		value = strrchr(s.request, '=');
		assert_non_null(value);
		assert_null(strchr(value, '&'));
		s.request[strlen(s.request)] = '\r';
		decode(s.request);
		if (strncmp(s.request, cases[i].line, strlen(cases[i].line)))
			fail_msg("asked: %s", s.request);
		if (cases[i].header)
			assert_non_null(strstr(s.request, cases[i].header));
	}
}

static void test_headers_from_a_file(void **state)
{
	static const struct query q = {.url = "/k", .identity = "a"};
	static const struct query both = {.url = "/k", .identity = "a", .header = "X-Too: c"};
	static struct server s;

	(void)state;
	header_file = "headers";
	test_write("headers", "Authorization: Bearer \"s3cret\"\n\r\nX-Two:b\r\n");
	assert_string_equal(ask(&s, OK "00ff", &q), "00ff");
	assert_non_null(strstr(s.request, "\r\nAuthorization: Bearer \"s3cret\"\r\n"));
	assert_non_null(strstr(s.request, "\r\nX-Two:b\r\n"));
	test_write("headers", "X-Two:b"); /* no end of line */
	assert_string_equal(ask(&s, OK "00ff", &both), "00ff");
	assert_non_null(strstr(s.request, "\r\nX-Two:b\r\n"));
	assert_non_null(strstr(s.request, "\r\nX-Too: c\r\n"));
	header_file = NULL;
}

static void test_header_files_that_cannot_be(void **state)
{
#define VAR "DTLSSHIM_REST_HEADERS_FILE (--rest-headers-file): "
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"a:b\nBearer s3cret\n",
		 VAR "headers:2: a header of the form Name:Value is expected in each line"},
		{"@/etc/passwd:x\n",
		 VAR "headers:1: a header of the form Name:Value is expected in each line"},
		{"\n\n", VAR "headers: no header in it"},
	};
	static const struct query q = {0};
	struct host_options o;
	struct host_keys *k;
	char why[DS_WHY_MAX];

	(void)state;
	header_file = "headers";
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		test_write("headers", cases[i].text);
		assert_int_equal(open_rest(&k, "http://x/", &q, why), -1);
		assert_string_equal(test_relative(why), cases[i].why);
	}
	header_file = "gone";
	assert_int_equal(open_rest(&k, "http://x/", &q, why), -1);
	assert_string_equal(test_relative(why), VAR "\"gone\": No such file or directory");
	header_file = "headers";
	test_write("headers", "a:b\n");
	chmod("headers", 0660);
	assert_int_equal(open_rest(&k, "http://x/", &q, why), -1);
	assert_non_null(strstr(why, "headers: mode 0660: group or others may change this file"));
	header_file = NULL;
	host_options_init(&o);
	o.rest_headers_file = strdup("headers");
	assert_int_equal(host_keys_open(&k, &o, why), -1);
	assert_non_null(strstr(why,
			       "DTLSSHIM_REST_HEADERS_FILE (--rest-headers-file) is for the key "
			       "server that DTLSSHIM_PSK_REST"));
	host_options_free(&o);
}

static void test_answers(void **state)
{
	static const struct query q = {.url = "/k", .identity = "a"};
	static const struct {
		const char *response, *key;
	} cases[] = {
		{OK "00ff", "00ff"},
		{OK, ""},
		{OK "not hex", ""},
		{"HTTP/1.0 404 Not Found\r\n\r\n00ff", ""},
		{"HTTP/1.0 500 Oops\r\n\r\n00ff", ""},
		{"HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n", ""},
		{"garbage", ""},
		{"", ""},
		{NULL, ""}, /* never answers: the time is up after two seconds */
	};
	static const struct {
		int status;
		bool withdrawn;
	} ends[] = {{200, false}, {404, true},	{410, true},  {401, false},
		    {403, false}, {500, false}, {503, false}, {302, false}};
	static struct server s;
	char response[64];

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++)
		assert_string_equal(ask(&s, cases[i].response, &q), cases[i].key);
	for (size_t i = 0; i < TEST_COUNT(ends); i++) {
		snprintf(response, sizeof(response), "HTTP/1.0 %d Why\r\n\r\n00ff", ends[i].status);
		ask(&s, response, &q);
		if (is_withdrawn != ends[i].withdrawn)
			fail_msg("%d", ends[i].status);
	}
	ask(&s, NULL, &q);
	assert_false(is_withdrawn);
}

static void test_options_that_cannot_be(void **state)
{
	static const struct {
		const char *url;
		struct query q;
		const char *why;
	} cases[] = {
		{"ftp://x/",
		 {0},
		 "DTLSSHIM_PSK_REST (--psk-rest): a URL that begins with http:// or "
		 "https:// is expected"},
		{"file:///etc/passwd",
		 {0},
		 "DTLSSHIM_PSK_REST (--psk-rest): a URL that begins with "
		 "http:// or https:// is expected"},
		{"http://x/\"\noutput = \"y",
		 {0},
		 "DTLSSHIM_PSK_REST (--psk-rest): a URL that begins "
		 "with http:// or https:// is expected"},
		{"http://x/",
		 {.header = "Bearer secret"},
		 "DTLSSHIM_REST_HEADERS (--rest-headers): one "
		 "header of the form Name:Value is expected"},
		{"http://x/",
		 {.header = ":x"},
		 "DTLSSHIM_REST_HEADERS (--rest-headers): one header of "
		 "the form Name:Value is expected"},
		{"http://x/",
		 {.header = "@/etc/x:y"},
		 "DTLSSHIM_REST_HEADERS (--rest-headers): one "
		 "header of the form Name:Value is expected"},
		{"http://x/",
		 {.header = "a:b\r\nc:d"},
		 "DTLSSHIM_REST_HEADERS (--rest-headers): one "
		 "header of the form Name:Value is expected"},
		{"http://x/",
		 {.prefix = "a\noutput = \"x"},
		 "DTLSSHIM_ID_QUERY_VAL_PREFIX "
		 "(--id-query-val-prefix): one line is expected"},
		{"http://x/",
		 {.name = "a=b"},
		 "DTLSSHIM_ID_QUERY_KEY (--id-query-key): letters and "
		 "digits are expected"},
		{"http://x/",
		 {.name = "a@b"},
		 "DTLSSHIM_ID_QUERY_KEY (--id-query-key): letters and "
		 "digits are expected"},
	};
	static char prefix[9000];
	struct host_keys *k;
	char why[DS_WHY_MAX], *path = strdup(getenv("PATH"));

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(cases); i++) {
		assert_int_equal(open_rest(&k, cases[i].url, &cases[i].q, why), -1);
		assert_string_equal(why, cases[i].why);
	}
	memset(prefix, 'p', sizeof(prefix) - 1);
	assert_int_equal(open_rest(&k, "http://x/", &(struct query){.prefix = prefix}, why), -1);
	assert_string_equal(why, "the options of the key server are too long");

	setenv("PATH", "/nonexistent", 1);
	test_write("cmd", "#!/bin/sh\n");
	assert_null(test_keys_why(NULL, "./cmd")); /* forget where curl was */
	assert_int_equal(open_rest(&k, "http://x/", &(struct query){0}, why), -1);
	assert_string_equal(
		why, "DTLSSHIM_PSK_REST (--psk-rest) needs curl: curl is not in PATH, or not "
		     "executable");
	setenv("PATH", path, 1);
	free(path);
}

/* As in EUB's dtls_proxy the key server is asked then, and nobody looks whether the command is there. */
static void test_command_and_server_at_once(void **state)
{
	struct host_options o;
	struct host_keys *k;
	char why[DS_WHY_MAX];

	(void)state;
	host_options_init(&o);
	o.psk_rest = strdup("http://x/");
	o.psk_cmd = strdup("./no-such-command");
	assert_int_equal(host_keys_open(&k, &o, why), 0);
	host_keys_close(k);
	host_options_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_headers_from_a_file),
		cmocka_unit_test(test_header_files_that_cannot_be),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_options_that_cannot_be),
		cmocka_unit_test(test_command_and_server_at_once),
	};

	/* curl is an optional companion: without it there is nothing to test */
	if (system("command -v curl >/dev/null"))
		return 0;
	return cmocka_run_group_tests(tests, setup, test_dir_teardown);
}
