/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crowd.c - clients that arrive at a rate, whether or not the server keeps up
 *
 *	crowd --port N --rate N		arrivals a second, at equal distances
 *	crowd --port N --window N	N at a time; the next one arrives when one has finished
 *
 * Each client is another address, and as long as there are some in another network of 127.0.0.0/8.  It
 * does a full ECDHE-ECDSA handshake (cheap.h), says goodbye, and never comes back.  It repeats what is
 * not answered after a second, then after two and four; eight seconds later it gives up.
 *
 * Prints one JSON object: arrivals and completed handshakes, which are those whose Finished was
 * verified by both sides, within --seconds after --warm; percentiles of how long those took; how much
 * of its processor the program itself used, which never sleeps, and so should be all.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "dtlsshim/engine.h"
#include "tests/bench/cheap.h"
#include "tests/bench/hello.h"
#include "tests/bench/peer.h"
#include "tests/bench/wire.h"

#define NETS	    65024U /* of 256 addresses, 127.1.0.0 to 127.254.255.255 */
#define HOSTS	    250U   /* used of each */
#define CLIENTS_MAX (1U << 20)
#define COOKIE_MAX  32
#define TRIES	    4
#define TURN	    64 /* arrivals, or repetitions, between two looks at the socket */

static struct {
	struct sockaddr_in server;
	double rate;
	uint32_t window;
	ds_time warm, time;
} opt = {.warm = DS_SECOND, .time = DS_SECOND};

enum state { ASKS, HAS_COOKIE, ANSWERED, DONE };

struct client {
	TAILQ_ENTRY(client) in_waiting; /* unless DONE */
	ds_time born, next;		/* next: when it repeats its flight */
	struct cheap_answer *answer;	/* while ANSWERED */
	uint8_t cookie[COOKIE_MAX];
	uint8_t cookie_len, state, tries;
};

static struct client *clients;
/* Those that sent their flight once, twice, ...: all in such a list wait equally long, so its first one
 * is always the next. */
static TAILQ_HEAD(waiting, client) waiting[TRIES];
static uint32_t arrived, living;
static struct wire *wire;
static ds_time now, begin, end; /* begin to end is what counts */
static struct {
	uint64_t arrived, completed, gave_up;
} count;
static ds_time *took;

static bool counts(void)
{
	return now >= begin && now < end;
}

/* Addresses: each next client is in the next network. */

static uint32_t place_of(uint32_t i)
{
	return i % NETS * 256 + 1 + i / NETS;
}

static uint32_t client_at(uint32_t place)
{
	return (place % 256 - 1) * NETS + place / 256;
}

/* A client */

static size_t write_hello(uint32_t i, uint8_t *out)
{
	struct hello_offer curves = {.psk = false};
	const struct client *c = &clients[i];

	return hello_write(out, place_of(i), curves, c->cookie, c->cookie_len);
}

/* Sends its flight for the @tries + 1st time. */
static void send_flight(uint32_t i, unsigned tries)
{
	struct client *c = &clients[i];
	uint8_t *out = wire_room(wire);
	size_t len;

	if (c->state == ANSWERED) {
		len = c->answer->len;
		memcpy(out, c->answer->data, len);
	} else {
		len = write_hello(i, out);
	}
	wire_push(wire, place_of(i), len);
	c->tries = (uint8_t)tries;
	c->next = now + (DS_SECOND << tries);
	TAILQ_INSERT_TAIL(&waiting[tries], c, in_waiting);
}

static void wait_no_longer(struct client *c)
{
	TAILQ_REMOVE(&waiting[c->tries], c, in_waiting);
}

static void go_on(uint32_t i, enum state state)
{
	wait_no_longer(&clients[i]);
	clients[i].state = (uint8_t)state;
	send_flight(i, 0);
}

static void leave(struct client *c)
{
	wait_no_longer(c);
	free(c->answer);
	c->answer = NULL;
	c->state = DONE;
	living--;
}

static void arrive(void)
{
	uint32_t i = arrived++;

	if (i == CLIENTS_MAX || i == NETS * HOSTS)
		bench_die("too many clients");
	living++;
	count.arrived += counts();
	clients[i].born = now;
	send_flight(i, 0);
}

/* HelloVerifyRequest: records header, handshake header, version, and the cookie with its length. */
static void take_cookie(uint32_t i, const uint8_t *data, size_t len)
{
	struct client *c = &clients[i];

	if (len < 28 || data[0] != 22 || data[13] != 3 || data[27] != len - 28 ||
	    data[27] > COOKIE_MAX)
		return;
	c->cookie_len = data[27];
	memcpy(c->cookie, data + 28, c->cookie_len);
	go_on(i, HAS_COOKIE);
}

static void take_flight(uint32_t i, uint8_t *data, size_t len)
{
	struct client *c = &clients[i];
	uint8_t hello[HELLO_ROOM];
	struct cheap_answer answer;

	if (!cheap_answer(&answer, hello, write_hello(i, hello), data, len))
		return;
	c->answer = malloc(sizeof(answer));
	if (!c->answer)
		bench_die("out of memory");
	*c->answer = answer;
	go_on(i, ANSWERED);
}

static void take_finished(uint32_t i, uint8_t *data, size_t len)
{
	struct client *c = &clients[i];

	if (!cheap_is_finished(c->answer, data, len))
		return;
	wire_push(wire, place_of(i), cheap_goodbye(c->answer, wire_room(wire)));
	if (counts())
		took[count.completed++] = now - c->born;
	leave(c);
}

static void on_datagram(uint32_t place, uint8_t *data, size_t len)
{
	uint32_t i = client_at(place);

	if (i >= arrived)
		return;
	switch (clients[i].state) {
	case ASKS: take_cookie(i, data, len); break;
	case HAS_COOKIE: take_flight(i, data, len); break;
	case ANSWERED: take_finished(i, data, len); break;
	default: break;
	}
}

/* The loop */

/* The first client that has waited long enough repeats its flight, or gives up; false: there is none. */
static bool look_after(unsigned tries)
{
	struct client *c = TAILQ_FIRST(&waiting[tries]);

	if (!c || c->next > now)
		return false;
	if (tries + 1 == TRIES) {
		count.gave_up += counts();
		leave(c);
		return true;
	}
	wait_no_longer(c);
	send_flight((uint32_t)(c - clients), tries + 1);
	return true;
}

static void take_arrivals(ds_time start)
{
	uint64_t due = (uint64_t)((double)(now - start) * opt.rate / DS_SECOND);

	for (int n = 0; n < TURN && (opt.window ? living < opt.window : arrived < due); n++)
		arrive();
}

static void run(void)
{
	ds_time start = now = bench_now();

	begin = start + opt.warm;
	end = begin + opt.time;
	while (now < end) {
		unsigned n = wire_receive(wire);

		now = bench_now();
		for (unsigned k = 0; k < n; k++) {
			uint32_t place;
			size_t len;
			uint8_t *data = wire_datagram(wire, k, &place, &len);

			on_datagram(place, data, len);
		}
		take_arrivals(start);
		for (unsigned t = 0; t < TRIES; t++)
			for (n = 0; n < TURN && look_after(t); n++)
				;
		wire_flush(wire);
	}
}

/* The report */

static int by_time(const void *a, const void *b)
{
	ds_time x = *(const ds_time *)a, y = *(const ds_time *)b;

	return (x > y) - (x < y);
}

static double milliseconds(unsigned percent)
{
	uint64_t i = (count.completed - 1) * percent / 100;

	return count.completed ? (double)took[i] / DS_MSEC : 0;
}

static void report(void)
{
	double seconds = (double)opt.time / DS_SECOND;
	struct timespec cpu;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	qsort(took, count.completed, sizeof(*took), by_time);
	printf("{\"arrived\": %llu, \"completed\": %llu, \"gave_up\": %llu, \"rate\": %.1f",
	       (unsigned long long)count.arrived, (unsigned long long)count.completed,
	       (unsigned long long)count.gave_up, (double)count.completed / seconds);
	printf(", \"p50_ms\": %.1f, \"p99_ms\": %.1f, \"own_cpu\": %.3f}\n", milliseconds(50),
	       milliseconds(99),
	       ((double)cpu.tv_sec * 1e9 + (double)cpu.tv_nsec) / (double)(opt.warm + opt.time));
}

static ds_time seconds_of(const char *text)
{
	return (ds_time)(atof(text) * DS_SECOND);
}

static void usage(void)
{
	fputs("usage: crowd --port PORT --rate N|--window N [--seconds S] [--warm S]\n", stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"port", 1, NULL, 'p'},	   {"rate", 1, NULL, 'r'}, {"window", 1, NULL, 'w'},
		{"seconds", 1, NULL, 's'}, {"warm", 1, NULL, 'b'}, {NULL, 0, NULL, 0},
	};
	int c;

	opt.server.sin_family = AF_INET;
	opt.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': opt.server.sin_port = htons((uint16_t)atoi(optarg)); break;
		case 'r': opt.rate = atof(optarg); break;
		case 'w': opt.window = (uint32_t)atoi(optarg); break;
		case 's': opt.time = seconds_of(optarg); break;
		case 'b': opt.warm = seconds_of(optarg); break;
		default: usage();
		}
	}
	if (optind != argc || !opt.server.sin_port || (opt.rate > 0) == (opt.window > 0))
		usage();
	clients = calloc(CLIENTS_MAX, sizeof(*clients));
	took = calloc(CLIENTS_MAX, sizeof(*took));
	if (!clients || !took)
		bench_die("out of memory");
	for (unsigned t = 0; t < TRIES; t++)
		TAILQ_INIT(&waiting[t]);
	cheap_setup();
	wire = wire_open(&opt.server);
	run();
	report();
	return 0;
}
