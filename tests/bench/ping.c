/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping.c - one client that has a message echoed every few milliseconds, in plaintext or by DTLS
 *
 * Prints one JSON object: microseconds until it was connected, messages sent and lost, and those each
 * echo took.  Before, when it is connected and then waits for a line on standard input:
 * "PORT CID", what somebody needs who wants to forge its records.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/peer.h"

#define ROOM	   2048
#define KEYS_MAX   16
#define PINGS_MAX  100000
#define CID_OFFSET 11 /* of a record's CID, behind type, version, epoch and number */
#define CID_TYPE   25
#define CID_LEN	   8 /* as servers choose it by default */
#define PATIENCE   (20 * DS_SECOND)
#define LAST_WAIT  (2 * DS_SECOND)

static struct {
	uint16_t port, suite;
	const char *keys, *ca;
	ds_time every, time;
	bool wait;
	unsigned key; /* which of the file's */
} opt = {.every = 2 * DS_MSEC, .time = DS_SECOND};

static int fd;
static struct ds_engine *engine;
static ds_session session;
static struct ds_path path;
static ds_time now, sent_at[PINGS_MAX], took[PINGS_MAX];
static uint32_t n_sent, n_heard;
static uint8_t last[ROOM]; /* datagram that was sent */

static void transmit(const uint8_t *data, size_t len)
{
	memcpy(last, data, len);
	if (send(fd, data, len, MSG_DONTWAIT) < 0 && errno != EAGAIN && errno != ECONNREFUSED)
		bench_die("send: %s", strerror(errno));
}

static void drain(void)
{
	uint8_t buf[ROOM];
	struct ds_path to;
	struct ds_event ev;
	struct ds_job *job;
	size_t len;

	do {
		job = ds_engine_job(engine, now);
		if (job) {
			ds_job_run(job);
			ds_engine_job_done(engine, job, now);
		}
		while (ds_engine_output(engine, &to, buf, sizeof(buf), &len))
			transmit(buf, len);
		while (ds_engine_event(engine, &ev)) {
			if (ev.type == DS_EVENT_ESTABLISHED)
				session = ev.info.session;
			else if (ev.type == DS_EVENT_FAILED)
				bench_die("handshake: %s", ds_reason_text(ev.reason));
		}
	} while (job);
}

static void heard(const uint8_t *data, size_t len)
{
	uint32_t i;

	if (len != sizeof(i))
		return;
	memcpy(&i, data, sizeof(i));
	if (i >= n_sent || took[i])
		return;
	took[i] = now - sent_at[i];
	n_heard++;
}

static void receive(void)
{
	uint8_t buf[ROOM];
	struct ds_message msg;
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) >= 0) {
		struct ds_input in = {.path = path, .data = buf, .len = (size_t)n};

		if (!engine) {
			heard(buf, (size_t)n);
			continue;
		}
		while (ds_engine_input(engine, &in, &msg, now) == DS_MESSAGE)
			heard(msg.data, msg.len);
		drain();
	}
}

/* What comes until @end. */
static void listen_until(ds_time end)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	now = bench_now();
	while (now < end) {
		ds_time left = end - now;
		struct timespec ts = {(time_t)(left / DS_SECOND), (long)(left % DS_SECOND)};

		ppoll(&p, 1, &ts, NULL);
		now = bench_now();
		receive();
		if (engine && ds_engine_deadline(engine) <= now) {
			ds_engine_tick(engine, now);
			drain();
		}
	}
}

static void ping(void)
{
	uint8_t buf[ROOM];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	uint32_t i = n_sent++;

	sent_at[i] = now;
	if (!engine) {
		transmit((const uint8_t *)&i, sizeof(i));
		return;
	}
	if (ds_engine_seal(engine, session, (const uint8_t *)&i, sizeof(i), &out, now))
		bench_die("the session is gone");
	transmit(buf, out.len);
}

static void open_socket(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);
	int on = 1;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	/* A second socket has our port, to forge our address: tests/bench/flood.c */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)))
		bench_die("socket: %s", strerror(errno));
	getsockname(fd, (struct sockaddr *)&a, &len);
	path.local = (struct ds_addr){.ip = {127, 0, 0, 1}, .port = ntohs(a.sin_port), .family = 4};
	a.sin_port = htons(opt.port);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		bench_die("connect: %s", strerror(errno));
	path.remote = path.local;
	path.remote.port = opt.port;
}

static ds_time connect_session(void)
{
	static struct bench_key keys[KEYS_MAX];
	uint8_t *ca = NULL;
	size_t ca_len = 0;
	ds_time start;

	if (!opt.keys && !opt.ca)
		return 0;
	if (opt.keys && bench_keys(opt.keys, keys, opt.key + 1) != opt.key + 1)
		bench_die("%s: no key", opt.keys);
	if (opt.ca)
		ca = bench_pem(opt.ca, &ca_len);
	start = now = bench_now();
	engine = bench_client(&keys[opt.key], ca, ca_len, opt.suite);
	if (ds_engine_connect(engine, &path, now))
		bench_die("connect");
	drain();
	while (!session && now < start + PATIENCE)
		listen_until(now + DS_MSEC);
	if (!session)
		bench_die("no session within %llu s", PATIENCE / DS_SECOND);
	return now - start;
}

/* Of a server that is known to answer. */
static void announce(void)
{
	char line[16];

	ping();
	listen_until(bench_now() + 100 * DS_MSEC);
	if (!n_heard)
		bench_die("no echo");
	printf("%u ", path.local.port);
	for (int i = 0; engine && last[0] == CID_TYPE && i < CID_LEN; i++)
		printf("%02x", last[CID_OFFSET + i]);
	printf("\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(1);
	n_sent = n_heard = 0;
	memset(took, 0, sizeof(took));
}

/* Microseconds that each message that was answered took. */
static void print_times(void)
{
	const char *comma = "";

	for (uint32_t i = 0; i < n_sent; i++)
		if (took[i]) {
			printf("%s%llu", comma, (unsigned long long)took[i] / 1000);
			comma = ", ";
		}
}

int main(int argc, char **argv)
{
	ds_time connected, next, end;
	int c;

	while ((c = getopt(argc, argv, "p:k:a:i:s:e:t:w")) != -1) {
		switch (c) {
		case 'p': opt.port = (uint16_t)atoi(optarg); break;
		case 'k': opt.keys = optarg; break;
		case 'a': opt.ca = optarg; break;
		case 'i': opt.key = (unsigned)atoi(optarg) % KEYS_MAX; break;
		case 's': opt.suite = ds_suite_by_name(optarg); break;
		case 'e': opt.every = (ds_time)atoi(optarg) * 1000; break;
		case 't': opt.time = (ds_time)(atof(optarg) * 1e9); break;
		case 'w': opt.wait = true; break;
		default: return 2;
		}
	}
	if (!opt.port || !opt.every || opt.time / opt.every >= PINGS_MAX) {
		fprintf(stderr,
			"usage: ping -p PORT [-k KEYS [-i N] | -a CA] [-s SUITE] [-e MICROSECONDS] "
			"[-t SECONDS] [-w]\n");
		return 2;
	}
	open_socket();
	connected = connect_session();
	if (opt.wait)
		announce();
	now = next = bench_now();
	for (end = now + opt.time; now < end; listen_until(next)) {
		ping();
		next += opt.every;
	}
	for (end = now + LAST_WAIT; n_heard < n_sent && now < end;)
		listen_until(now + 10 * DS_MSEC);
	printf("{\"connected_us\": %llu, \"sent\": %u, \"lost\": %u, \"us\": [",
	       (unsigned long long)connected / 1000, n_sent, n_sent - n_heard);
	print_times();
	printf("]}\n");
	return 0;
}
