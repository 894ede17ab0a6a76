/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server and two clients with all of host/ around them, and a network of three queues between them:
 * keys from the file and from the command reach the handshakes that wait for them, keys that are gone
 * end their sessions, and a budget bounds what is computed at a time.
 */
#include "tests/unit/host_support.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/arena.h"
#include "host/jobs.h"
#include "host/options.h"
#include "host/state_impl.h"
#include "host/sys.h"

struct datagram {
	struct ds_path path; /* as its receiver sees it */
	size_t len;
	uint8_t data[2048];
};

struct side {
	struct host_endpoint ep;
	struct ds_path path;
	struct datagram inbox[64];
	size_t in, out;
	struct ds_event last;
	size_t established, failed, closed;
};

static struct side server, client, second;
static struct host_keys *keys;

static void send_over(struct host_endpoint *ep, const struct ds_path *path, const void *buf,
		      size_t len)
{
	bool from_server = ep->user == &server,
	     to_second = path->remote.port == second.path.local.port;
	struct side *to = !from_server ? &server : to_second ? &second : &client;
	struct datagram *d = &to->inbox[to->in++ % 64];

	d->path.local = path->remote;
	d->path.remote = path->local;
	assert_true(len <= sizeof(d->data) && to->in - to->out <= 64);
	memcpy(d->data, buf, len);
	d->len = len;
}

static void note(struct host_endpoint *ep, const struct ds_event *ev)
{
	struct side *s = ep->user;

	s->last = *ev;
	s->established += ev->type == DS_EVENT_ESTABLISHED;
	s->failed += ev->type == DS_EVENT_FAILED;
	s->closed += ev->type == DS_EVENT_CLOSED;
}

/* Randomness that comes when @wanted threads ask for it at the same time, and late if they do not. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t more;
	unsigned wanted, asking;
	bool late;
	int (*random)(void *ctx, uint8_t *buf, size_t len);
} meeting = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static int meet(void *ctx, uint8_t *buf, size_t len)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	pthread_mutex_lock(&meeting.lock);
	meeting.asking++;
	pthread_cond_broadcast(&meeting.more);
	while (meeting.asking < meeting.wanted && !meeting.late)
		meeting.late = pthread_cond_timedwait(&meeting.more, &meeting.lock, &until) != 0;
	pthread_mutex_unlock(&meeting.lock);
	return meeting.random(ctx, buf, len);
}

static void make_side(struct side *s, const char *flags)
{
	static char copy[512], *argv[16];
	struct host_options o;
	struct ds_config cfg;
	struct host_files files;
	char why[DS_WHY_MAX];
	int argc = 0, rest;

	snprintf(copy, sizeof(copy), "x %s", flags);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	host_options_init(&o);
	if (host_options_args(&o, HOST_SHIM, argc, argv, &rest, why) ||
	    host_config_make(&cfg, &files, &o, why))
		fail_msg("%s", why);
	meeting.random = cfg.random;
	cfg.random = s == &server ? meet : cfg.random;
	memset(s, 0, sizeof(*s));
	pthread_mutex_init(&s->ep.lock, NULL);
	if (ds_engine_new(&s->ep.engine, &cfg, host_now(), why))
		fail_msg("%s", why);
	s->ep.user = s;
	s->ep.send = send_over;
	s->ep.event = note;
	s->path.local = s->path.remote = (struct ds_addr){.ip = {127, 0, 0, 1}, .family = 4};
	s->path.local.port = s == &server ? 5684 : s == &client ? 40000 : 40001;
	s->path.remote.port = s == &server ? 40000 : 5684;
	host_files_free(&files);
	host_options_free(&o);
}

/* Everything in the inbox into the engine; how many messages came out, the last in @text. */
static size_t take(struct side *s, char *text)
{
	struct ds_message msg;
	size_t n = 0;

	pthread_mutex_lock(&s->ep.lock);
	while (s->out != s->in) {
		struct datagram *d = &s->inbox[s->out++ % 64];
		struct ds_input in = {.path = d->path, .data = d->data, .len = d->len};

		while (ds_engine_input(s->ep.engine, &in, &msg, host_now()) == DS_MESSAGE) {
			memcpy(text, msg.data, msg.len);
			text[msg.len] = 0;
			n++;
		}
		host_endpoint_flush(&s->ep);
	}
	pthread_mutex_unlock(&s->ep.lock);
	return n;
}

/* Until nobody has anything to say. */
static void settle(void)
{
	char text[2048];
	size_t seen;

	do {
		seen = client.in + server.in;
		take(&client, text);
		host_endpoint_serve(&client.ep, NULL, NULL, 0);
		take(&server, text);
		host_endpoint_serve(&server.ep, keys, NULL, 0);
	} while (seen != client.in + server.in);
}

static void say(struct side *s, const char *message)
{
	struct ds_sealed out;
	uint8_t buf[2048];

	pthread_mutex_lock(&s->ep.lock);
	out.buf = buf;
	out.cap = sizeof(buf);
	assert_int_equal(ds_engine_seal(s->ep.engine, ds_engine_find(s->ep.engine, &s->path.remote),
					(const uint8_t *)message, strlen(message), &out,
					host_now()),
			 0);
	send_over(&s->ep, &out.path, buf, out.len);
	pthread_mutex_unlock(&s->ep.lock);
}

static void begin(const char *csv, const char *cmd, const char *key)
{
	test_log_clear();
	test_write("keys.csv", csv);
	test_write("cmd", cmd ? cmd : "");
	test_write("key.hex", key);
	keys = test_keys("keys.csv", cmd ? "./cmd" : NULL);
	make_side(&server, "--psk-csv keys.csv");
	make_side(&client, "--role client --psk-identity dev1 --psk-key-file key.hex");
	assert_int_equal(ds_engine_connect(client.ep.engine, &client.path, host_now()), 0);
	settle();
}

static void end(void)
{
	ds_engine_free(server.ep.engine);
	ds_engine_free(client.ep.engine);
	host_keys_close(keys);
}

static void assert_session_works(void)
{
	char text[2048];

	assert_int_equal(server.established, 1);
	assert_int_equal(client.established, 1);
	say(&client, "question");
	assert_int_equal(take(&server, text), 1);
	assert_string_equal(text, "question");
	say(&server, "answer");
	assert_int_equal(take(&client, text), 1);
	assert_string_equal(text, "answer");
}

static void test_key_from_the_file(void **state)
{
	(void)state;
	begin("dev1,00112233445566778899aabbccddeeff\n", NULL, "00112233445566778899aabbccddeeff");
	assert_session_works();
	assert_true(test_log_has("event=established peer=127.0.0.1:40000 id=\"dev1\" cid="));
	end();
}

static void test_key_from_the_command(void **state)
{
	struct host_endpoint *eps[] = {&server.ep};
	ds_time until = host_now() + 10 * DS_SECOND;
	bool waits = false;

	(void)state;
	begin("", "#!/bin/sh\n[ \"$1\" = dev1 ] && echo 0102030405060708\n", "0102030405060708");
	assert_int_equal(server.established, 0); /* waits for its key, and only it */
	while (!waits && host_now() < until) {
		host_keys_work(keys, host_now());
		host_endpoint_answers(keys, eps, 1);
		waits = ds_engine_waiting(server.ep.engine);
	}
	assert_true(waits); /* the key is there, and nothing was computed without a budget */
	settle();
	assert_session_works();
	end();
}

static void test_answer_to_an_endpoint_that_is_gone(void **state)
{
	struct host_endpoint *eps[] = {&client.ep};
	struct host_answer a;
	ds_time until = host_now() + 10 * DS_SECOND;

	(void)state;
	begin("", "#!/bin/sh\necho 01; touch done\n", "01");
	while (access("done", F_OK) && host_now() < until)
		host_keys_work(keys, host_now());
	while (host_keys_deadline(keys) && host_now() < until)
		host_keys_work(keys, host_now());
	host_endpoint_answers(keys, eps, 1); /* taken, for nobody */
	assert_false(host_keys_answer(keys, &a));
	assert_int_equal(server.established, 0);
	end();
}

static void test_unknown_identity_and_wrong_key(void **state)
{
	(void)state;
	/* No difference that the client could see; later both fail (tests/sim) */
	begin("dev2,01\n", NULL, "01");
	assert_int_equal(server.established + client.established, 0);
	assert_int_equal(server.failed + client.failed, 0);
	end();
	begin("dev1,02\n", NULL, "01");
	assert_int_equal(server.established + client.established, 0);
	assert_int_equal(server.failed + client.failed, 0);
	end();
}

static void test_removed_key_ends_its_session(void **state)
{
	uint32_t order[1];
	struct host_state restoring = {.order = order};
	struct host_endpoint *eps[] = {&client.ep, &server.ep};
	char why[DS_WHY_MAX];

	(void)state;
	begin("dev1,0011\ndev2,01\n", NULL, "0011");
	assert_session_works();
	test_write("keys.csv", "dev1,0011\ndev3,01\n"); /* others' keys change nothing */
	assert_int_equal(host_keys_reload(keys, why), 0);
	host_endpoint_answers(keys, eps, 2);
	assert_int_equal(server.closed, 0);
	test_write("keys.csv", "dev1,0012\n");
	assert_int_equal(host_keys_reload(keys, why), 0);
	server.ep.state = &restoring; /* the session may still be in the file */
	host_endpoint_answers(keys, eps, 2);
	assert_int_equal(server.closed, 0);
	server.ep.state = NULL;
	host_endpoint_answers(keys, eps, 2);
	assert_int_equal(server.closed, 1);
	assert_int_equal(server.last.reason, DS_REASON_KEY_REMOVED);
	settle();
	assert_int_equal(client.closed, 1); /* told by close_notify */
	assert_int_equal(client.last.reason, DS_REASON_PEER_CLOSED);
	end();
}

/* Asks for the keys of sessions until the server has @closed sessions ended, in real time. */
static void recheck_until_closed(size_t closed)
{
	struct host_endpoint *eps[] = {&client.ep, &server.ep};
	ds_time until = host_now() + 10 * DS_SECOND;

	while (server.closed < closed && host_now() < until) {
		struct pollfd p = {.fd = host_keys_fd(keys), .events = POLLIN};

		host_endpoint_answers(keys, eps, 2);
		poll(&p, 1, 10);
		host_keys_work(keys, host_now());
	}
	assert_int_equal(server.closed, closed);
}

static size_t times_asked(void)
{
	struct stat st;

	return stat("asked", &st) ? 0 : (size_t)st.st_size;
}

/* A session has its turn once an hour, and ends when the command does not know its key any more. */
static void test_withdrawn_key_ends_its_session(void **state)
{
	struct host_endpoint *eps[] = {&client.ep, &server.ep};
	ds_time until = host_now() + 10 * DS_SECOND;

	(void)state;
	unlink("asked");
	unlink("gone");
	begin("other,00\n",
	      "#!/bin/sh\nprintf x >>asked; [ -e gone ] && exit 1; echo 0102030405060708\n",
	      "0102030405060708");
	while (!server.established && host_now() < until) {
		host_keys_work(keys, host_now());
		host_endpoint_answers(keys, eps, 2);
		settle();
	}
	assert_session_works();
	assert_int_equal(times_asked(), 1);
	test_write("gone", "");
	test_pass(keys, 3000 * DS_SECOND);
	host_endpoint_answers(keys, eps, 2);
	assert_int_equal(server.ep.rechecked, 0); /* not yet */
	test_pass(keys, 700 * DS_SECOND);
	recheck_until_closed(1);
	assert_int_equal(times_asked(), 2);
	assert_int_equal(server.last.reason, DS_REASON_KEY_REMOVED);
	settle();
	assert_int_equal(client.closed, 1); /* told by close_notify */
	end();
}

static void test_flush_tells_whether_to_serve(void **state)
{
	char text[2048];
	bool more;

	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	assert_session_works();
	end();
	make_side(&server, "--psk-csv keys.csv");
	make_side(&client, "--role client --psk-identity dev1 --psk-key-file key.hex");
	keys = NULL;
	pthread_mutex_lock(&server.ep.lock);
	assert_false(host_endpoint_flush(&server.ep)); /* nobody there */
	pthread_mutex_unlock(&server.ep.lock);
	assert_int_equal(ds_engine_connect(client.ep.engine, &client.path, host_now()), 0);
	pthread_mutex_lock(&client.ep.lock);
	more = host_endpoint_flush(&client.ep);
	pthread_mutex_unlock(&client.ep.lock);
	assert_true(more); /* a handshake to begin */
	/* Without key sources every identity is unknown, and nothing waits for an answer */
	settle();
	assert_int_equal(take(&client, text), 0);
	assert_int_equal(server.established, 0);
	assert_false(ds_engine_waiting(server.ep.engine));
	end();
}

/* A client that has sent its hello with the cookie, so that the server has a handshake to compute. */
static void knock_with(struct side *s, const char *suites)
{
	char text[2048], flags[256];

	snprintf(flags, sizeof(flags), "--role client --psk-identity dev1 --psk-key-file key.hex%s",
		 suites);
	make_side(s, flags);
	assert_int_equal(ds_engine_connect(s->ep.engine, &s->path, host_now()), 0);
	host_endpoint_serve(&s->ep, NULL, NULL, 0);
	take(&server, text);
	take(s, text);
	host_endpoint_serve(&s->ep, NULL, NULL, 0);
	take(&server, text);
	s->out = s->in;
}

static void knock(struct side *s)
{
	knock_with(s, "");
}

static void test_budget(void **state)
{
	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	ds_engine_free(client.ep.engine);
	knock(&client);
	knock(&second);
	/* The shortest budget there is: one handshake, and the other one is left */
	assert_true(host_endpoint_serve(&server.ep, keys, NULL, 1));
	assert_true(client.in > client.out);
	assert_int_equal(second.in, second.out);
	assert_false(host_endpoint_serve(&server.ep, keys, NULL, 1));
	assert_true(second.in > second.out);
	ds_engine_free(second.ep.engine);
	end();
}

static void test_no_budget(void **state)
{
	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	ds_engine_free(client.ep.engine);
	knock(&client);
	knock(&second);
	assert_false(host_endpoint_serve(&server.ep, keys, NULL, 0));
	assert_true(client.in > client.out);
	assert_true(second.in > second.out);
	ds_engine_free(second.ep.engine);
	end();
}

static void test_long_handshakes_are_computed_by_a_thread_of_their_own(void **state)
{
	struct pollfd p = {.events = POLLIN};
	struct host_jobs jobs;
	pthread_t thread;

	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	ds_engine_free(client.ep.engine);
	knock(&client); /* with curves */
	knock_with(&second, " --ciphersuites TLS_PSK_WITH_AES_128_GCM_SHA256");
	assert_int_equal(host_jobs_open(&jobs, 1), 0);
	assert_false(host_endpoint_serve(&server.ep, keys, &jobs, 0));
	assert_int_equal(client.in, client.out);
	assert_true(second.in > second.out);
	assert_int_equal(pthread_create(&thread, NULL, host_jobs_work, &jobs), 0);
	p.fd = jobs.evfd;
	assert_int_equal(poll(&p, 1, 20000), 1);
	host_endpoint_jobs_back(&jobs);
	assert_true(client.in > client.out);
	host_jobs_stop(&jobs);
	pthread_join(thread, NULL);
	host_fd_drop(jobs.evfd);
	ds_engine_free(second.ep.engine);
	end();
}

/* Two handshakes are computed at the same time: neither is done before the other has begun. */
static void test_the_threads_of_the_pool_compute_at_the_same_time(void **state)
{
	struct pollfd p = {.events = POLLIN};
	struct host_jobs jobs;
	pthread_t threads[2];

	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	ds_engine_free(client.ep.engine);
	knock(&client);
	knock(&second);
	assert_int_equal(host_jobs_open(&jobs, 2), 0);
	meeting.asking = 0;
	meeting.wanted = 2;
	assert_false(host_endpoint_serve(&server.ep, keys, &jobs, 0));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, host_jobs_work, &jobs), 0);
	p.fd = jobs.evfd;
	while (client.in == client.out || second.in == second.out) {
		assert_int_equal(poll(&p, 1, 40000), 1);
		host_endpoint_jobs_back(&jobs);
	}
	assert_false(meeting.late);
	meeting.wanted = 0;
	host_jobs_stop(&jobs);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	host_fd_drop(jobs.evfd);
	ds_engine_free(second.ep.engine);
	end();
}

static void test_number_of_threads_of_the_pool(void **state)
{
	struct host_options o;
	cpu_set_t before, one;
	unsigned all;

	(void)state;
	host_options_init(&o);
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	all = (unsigned)CPU_COUNT(&before);
	assert_int_equal(host_jobs_wanted(&o), all == 1		   ? 1
					       : all > DS_JOBS_MAX ? DS_JOBS_MAX
								   : all - 1);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
		if (CPU_ISSET(i, &before))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(host_jobs_wanted(&o), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
	o.handshake_threads = 7;
	assert_int_equal(host_jobs_wanted(&o), 7);
	host_options_free(&o);
}

static void test_without_room_for_long_handshakes_the_caller_need_not_come_back(void **state)
{
	struct host_job back;
	struct host_jobs jobs;

	(void)state;
	begin("dev1,0011\n", NULL, "0011");
	ds_engine_free(client.ep.engine);
	knock(&client);
	knock(&second);
	assert_int_equal(host_jobs_open(&jobs, 1), 0); /* nobody computes */
	host_jobs_give(&jobs, NULL, NULL);
	assert_null(host_jobs_last(&jobs));
	assert_false(host_endpoint_serve(&server.ep, keys, &jobs, 0));
	assert_false(host_jobs_have_room(&jobs));
	assert_ptr_equal(host_jobs_last(&jobs), &server.ep);
	assert_true(server.ep.wants_room);
	assert_true(ds_engine_waiting(server.ep.engine));
	assert_false(host_jobs_take(&jobs, &back));
	ds_job_run(jobs.todo[1].job);
	ds_engine_job_done(server.ep.engine, jobs.todo[1].job, host_now());
	host_fd_drop(jobs.evfd);
	ds_engine_free(second.ep.engine);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_from_the_file),
		cmocka_unit_test(test_key_from_the_command),
		cmocka_unit_test(test_answer_to_an_endpoint_that_is_gone),
		cmocka_unit_test(test_unknown_identity_and_wrong_key),
		cmocka_unit_test(test_removed_key_ends_its_session),
		cmocka_unit_test(test_withdrawn_key_ends_its_session),
		cmocka_unit_test(test_flush_tells_whether_to_serve),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_long_handshakes_are_computed_by_a_thread_of_their_own),
		cmocka_unit_test(test_the_threads_of_the_pool_compute_at_the_same_time),
		cmocka_unit_test(test_number_of_threads_of_the_pool),
		cmocka_unit_test(
			test_without_room_for_long_handshakes_the_caller_need_not_come_back),
		cmocka_unit_test(test_no_budget),
	};

	return cmocka_run_group_tests(tests, test_dir_setup, test_dir_teardown);
}
