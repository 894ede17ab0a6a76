/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server.c - the engine in a program: sends every message back to its peer
 *
 *	cc -D_GNU_SOURCE echo_server.c $(pkg-config --cflags --libs libdtlscore) -o echo_server
 *	./echo_server 5684 &
 *	dtlsshim nc --psk-identity Kalle --psk-key-file FILE 127.0.0.1 5684
 *
 * FILE holds deadbeefdeadbeef, the key of that device.  The engine never calls
 * the program, so everything is in one loop: wait, give it the datagram or the time, take what it has.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <dtlsshim/engine.h>

/* A device that connects again ends its older session: so each has an identity of its own. */
static const struct device {
	const char *name;
	uint8_t key[8];
} devices[] = {
	{"Kalle", {0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef}},
	{"Lotta", {0xfe, 0xed, 0xfa, 0xce, 0xfe, 0xed, 0xfa, 0xce}},
};

static void *zeroed(void *ctx, size_t size)
{
	(void)ctx;
	return calloc(1, size);
}

static void give_back(void *ctx, void *p, size_t size)
{
	(void)ctx, (void)size;
	free(p);
}

static int randomness(void *ctx, uint8_t *buf, size_t len)
{
	(void)ctx;
	for (ssize_t n; len; buf += n, len -= (size_t)n)
		if ((n = getrandom(buf, len, 0)) < 0)
			return -1;
	return 0;
}

static ds_time now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (ds_time)t.tv_sec * DS_SECOND + (ds_time)t.tv_nsec;
}

/* A datagram that cannot be sent is one that was lost on the way: DTLS repeats what must arrive. */
static void send_to(int fd, const struct ds_addr *to, const uint8_t *data, size_t len)
{
	struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(to->port)};

	memcpy(&peer.sin_addr, to->ip, sizeof(peer.sin_addr));
	sendto(fd, data, len, 0, (struct sockaddr *)&peer, sizeof(peer));
}

static void echo(int fd, struct ds_engine *e, const struct ds_message *msg)
{
	static uint8_t record[DS_DATAGRAM_MAX];
	struct ds_sealed out = {.buf = record, .cap = sizeof(record)};
	int err = ds_engine_seal(e, msg->session, msg->data, msg->len, &out, now());

	if (err)
		fprintf(stderr, "not answered: %s\n", ds_strerror(err));
	else
		send_to(fd, &out.path.remote, out.buf, out.len);
}

/* Whose identity is wanted; it may hold any bytes, so it is no string. */
static const struct device *find(const struct ds_lookup *want)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (want->identity_len == strlen(devices[i].name) &&
		    !memcmp(want->identity, devices[i].name, want->identity_len))
			return &devices[i];
	return NULL;
}

/* Takes all that the engine has for us.  What one answers may make more: a finished job makes a flight. */
static void drain(int fd, struct ds_engine *e)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_lookup want;
	struct ds_message msg;
	struct ds_event event;
	struct ds_path path;
	struct ds_job *job;
	size_t len;

	do {
		while (ds_engine_lookup(e, &want)) {
			const struct device *d = find(&want);

			ds_engine_lookup_done(e, want.id, d ? d->key : NULL, sizeof(d->key), now());
		}
		while ((job = ds_engine_job(e, now()))) {
			ds_job_run(job);
			ds_engine_job_done(e, job, now());
		}
		while (ds_engine_early(e, &msg, buf, sizeof(buf), now()))
			echo(fd, e, &msg);
	} while (ds_engine_waiting(e));
	while (ds_engine_output(e, &path, buf, sizeof(buf), &len))
		send_to(fd, &path.remote, buf, len);
	while (ds_engine_event(e, &event))
		if (event.type == DS_EVENT_FAILED)
			fprintf(stderr, "no session: %s\n", ds_reason_text(event.reason));
}

static void receive(int fd, struct ds_engine *e)
{
	static uint8_t buf[65536];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t n =
		recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	struct ds_input in = {.data = buf, .len = n > 0 ? (size_t)n : 0};
	struct ds_message msg;

	if (n <= 0)
		return;
	in.path.remote.family = 4;
	in.path.remote.port = ntohs(from.sin_port);
	memcpy(in.path.remote.ip, &from.sin_addr, sizeof(from.sin_addr));
	while (ds_engine_input(e, &in, &msg, now()) == DS_MESSAGE)
		echo(fd, e, &msg);
}

/* Milliseconds until the engine wants the time, rounded up; -1 = it waits for datagrams only. */
static int patience(const struct ds_engine *e)
{
	ds_time at = ds_engine_deadline(e), t = now();

	if (at == DS_TIME_NEVER)
		return -1;
	if (at <= t)
		return 0;
	return at - t > 1000 * DS_SECOND ? 1000000 : (int)((at - t + DS_MSEC - 1) / DS_MSEC);
}

int main(int argc, char **argv)
{
	struct sockaddr_in here = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	struct ds_engine *e;
	struct ds_config cfg;
	char why[DS_WHY_MAX];

	here.sin_port = htons((uint16_t)atoi(argc > 1 ? argv[1] : "5684"));
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ds_config_init(&cfg);
	cfg.psk = true;
	cfg.alloc = zeroed;
	cfg.release = give_back;
	cfg.random = randomness;
	if (ds_engine_new(&e, &cfg, now(), why)) {
		fprintf(stderr, "echo_server: %s\n", why);
		return 1;
	}
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here))) {
		perror("echo_server: bind");
		return 1;
	}
	while (poll(&wait, 1, patience(e)) >= 0) {
		receive(fd, e);
		ds_engine_tick(e, now());
		drain(fd, e);
	}
	perror("echo_server: poll");
	return 1;
}
