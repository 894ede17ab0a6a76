/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c - load generator for a UDP echo server, plain or behind DTLS
 *
 *	load echo	each client keeps one message on its way: echoes a second
 *	load handshakes	each client connects, closes, connects again: handshakes a second
 *	load idle	each client connects, has one message echoed and falls silent
 *
 * Prints one JSON object.  With --pid, the processor time that process used between the same two
 * instants as the counts.  It never sleeps: a generator that must be woken would charge the
 * server, whose send() does the waking.  Give it a processor of its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/peer.h"
#include "tests/bench/wire.h"

#define WARM_UP	    (200 * DS_MSEC)
#define LATE	    (200 * DS_MSEC) /* an echo that takes longer is lost */
#define SWEEP	    (20 * DS_MSEC)  /* between looks at the timers */
#define PIDS	    8
#define STALLED	    (20 * DS_SECOND)
#define HEADER	    8 /* bytes of a message: client, serial */
#define MESSAGE_MAX (WIRE_ROOM - DS_OVERHEAD_MAX)

enum mode { ECHO, HANDSHAKES, IDLE };

struct client {
	struct ds_engine *engine;
	ds_session session;
	ds_time sent_at;
	uint32_t serial; /* of the last message */
	bool waiting, done;
};

static struct {
	enum mode mode;
	bool plain;
	struct sockaddr_in server;
	uint32_t first, clients, window;
	size_t size;
	ds_time time;
	uint16_t suite;
	char *keys_file;
	uint8_t *ca;
	size_t ca_len;
	clockid_t pids[PIDS];
	unsigned n_pids;
} opt = {.clients = 1, .window = 64, .size = 64, .time = DS_SECOND};

static struct client *clients;
static struct bench_key *keys;
static struct wire *wire;
static ds_time now, next_sweep;
static struct ds_path path;		     /* to the server; our end is not known to the engine */
static uint32_t *ready, ready_head, n_ready; /* clients in the order of their turn */
static uint32_t opened, swept;		     /* clients so far; those before this one are done */
static uint32_t opening, in_flight;
static bool running; /* false while the clients are connecting */
static struct {
	uint64_t echoes, lost, handshakes, done;
} count;
static uint8_t message[MESSAGE_MAX];
static const char *aead = "none";

static void queue(uint32_t i)
{
	ready[(ready_head + n_ready++) % opt.clients] = i;
}

static uint32_t next_ready(void)
{
	uint32_t i = ready[ready_head];

	ready_head = (ready_head + 1) % opt.clients;
	n_ready--;
	return i;
}

/* Engines */

static void on_event(uint32_t i, const struct ds_event *ev)
{
	struct client *c = &clients[i];

	if (ev->type == DS_EVENT_ESTABLISHED) {
		c->session = ev->info.session;
		count.handshakes++;
		opening--;
		queue(i);
	} else if (ev->type == DS_EVENT_FAILED || ev->reason != DS_REASON_LOCAL) {
		bench_die("client %u: %s (library's code %d)", i, ds_reason_text(ev->reason),
			  ev->detail);
	}
}

static void drain(uint32_t i)
{
	struct ds_engine *e = clients[i].engine;
	struct ds_path to;
	struct ds_event ev;
	struct ds_job *job;
	size_t len;

	do {
		job = ds_engine_job(e, now);
		if (job) {
			ds_job_run(job);
			ds_engine_job_done(e, job, now);
		}
		while (ds_engine_output(e, &to, wire_room(wire), WIRE_ROOM, &len))
			wire_push(wire, opt.first + i, len);
		while (ds_engine_event(e, &ev))
			on_event(i, &ev);
	} while (job);
}

static void connect_client(uint32_t i)
{
	int err = ds_engine_connect(clients[i].engine, &path, now);

	if (err)
		bench_die("connect: %s", ds_strerror(err));
	opening++;
	drain(i);
}

static void open_client(uint32_t i)
{
	if (opt.plain) {
		queue(i);
		return;
	}
	clients[i].engine = bench_client(&keys[opt.first + i], opt.ca, opt.ca_len, opt.suite);
	aead = ds_engine_aead(clients[i].engine);
	connect_client(i);
}

static void close_client(uint32_t i)
{
	ds_engine_close(clients[i].engine, clients[i].session, now);
	drain(i);
}

/* Messages */

static void send_message(uint32_t i)
{
	struct client *c = &clients[i];
	struct ds_sealed out = {.buf = wire_room(wire), .cap = WIRE_ROOM, .len = opt.size};
	uint32_t header[2] = {i, ++c->serial};
	int err = 0;

	memcpy(message, header, HEADER);
	if (opt.plain)
		memcpy(out.buf, message, opt.size);
	else
		err = ds_engine_seal(c->engine, c->session, message, opt.size, &out, now);
	if (err)
		bench_die("client %u: send: %s", i, ds_strerror(err));
	wire_push(wire, opt.first + i, out.len);
	c->sent_at = now;
	c->waiting = true;
	in_flight++;
}

/* The echo of a message that was given up is ignored. */
static void on_message(uint32_t i, const uint8_t *data, size_t len)
{
	struct client *c = &clients[i];
	uint32_t header[2];

	if (len != opt.size)
		bench_die("client %u: sent %zu bytes, got %zu", i, opt.size, len);
	memcpy(header, data, HEADER);
	if (header[0] != i)
		bench_die("client %u got the echo of client %u", i, header[0]);
	if (!c->waiting || header[1] != c->serial)
		return;
	c->waiting = false;
	in_flight--;
	count.echoes++;
	if (opt.mode != IDLE) {
		queue(i);
		return;
	}
	c->done = true;
	count.done++;
}

static void on_datagram(uint32_t client, uint8_t *data, size_t len)
{
	struct ds_input in = {.path = path, .data = data, .len = len};
	uint32_t i = client - opt.first;
	struct ds_message msg;

	if (i >= opened || clients[i].done)
		return;
	if (opt.plain) {
		on_message(i, data, len);
		return;
	}
	while (ds_engine_input(clients[i].engine, &in, &msg, now) == DS_MESSAGE)
		on_message(i, msg.data, msg.len);
	drain(i);
	if (clients[i].done) { /* silently: the server keeps the session */
		ds_engine_free(clients[i].engine);
		clients[i].engine = NULL;
	}
}

/* The loop */

static void take_turns(void)
{
	while (opened < opt.clients && opening + in_flight < opt.window)
		open_client(opened++);
	while (running && n_ready && in_flight < opt.window) {
		uint32_t i = next_ready();

		if (opt.mode == HANDSHAKES) {
			close_client(i);
			connect_client(i);
		} else {
			send_message(i);
		}
	}
}

static void sweep(void)
{
	next_sweep = now + SWEEP;
	while (swept < opened && clients[swept].done)
		swept++;
	for (uint32_t i = swept; i < opened; i++) {
		struct client *c = &clients[i];

		if (c->engine && ds_engine_deadline(c->engine) <= now) {
			ds_engine_tick(c->engine, now);
			drain(i);
		}
		if (c->waiting && now - c->sent_at > LATE) {
			c->waiting = false;
			in_flight--;
			count.lost++;
			queue(i);
		}
	}
}

static void turn(void)
{
	unsigned n = wire_receive(wire);

	now = bench_now();
	for (unsigned i = 0; i < n; i++) {
		uint32_t client;
		size_t len;
		uint8_t *data = wire_datagram(wire, i, &client, &len);

		on_datagram(client, data, len);
	}
	take_turns();
	wire_flush(wire);
	if (now >= next_sweep)
		sweep();
}

static void run_for(ds_time ns)
{
	ds_time end = bench_now() + ns;

	do
		turn();
	while (now < end);
}

/* Until @what reaches @goal. */
static void run_until(const uint64_t *what, uint64_t goal)
{
	uint64_t before = *what;
	ds_time moved = bench_now();

	while (*what < goal) {
		turn();
		if (*what != before) {
			before = *what;
			moved = now;
		}
		if (now - moved > STALLED)
			bench_die("stalled at %llu of %llu: is the server there?",
				  (unsigned long long)before, (unsigned long long)goal);
	}
}

/* Goodbyes at a pace that leaves room in the server's socket buffer. */
static void close_all(void)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (uint32_t i = 0; i < opened; i++) {
		if (clients[i].engine)
			close_client(i);
		if (i % WIRE_BATCH == 0) {
			wire_flush(wire);
			nanosleep(&pause, NULL);
		}
	}
	wire_flush(wire);
}

/* The report */

static uint64_t cpu_time(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		bench_die("processor time: %s", strerror(errno));
	return (uint64_t)ts.tv_sec * DS_SECOND + (uint64_t)ts.tv_nsec;
}

static void measure(void)
{
	uint64_t cpu[PIDS] = {0}, own, begin;

	if (opt.mode == ECHO && !opt.plain)
		run_until(&count.handshakes, opt.clients);
	running = true;
	if (opt.mode != IDLE)
		run_for(WARM_UP);
	memset(&count, 0, sizeof(count));
	for (unsigned i = 0; i < opt.n_pids; i++)
		cpu[i] = cpu_time(opt.pids[i]);
	own = cpu_time(CLOCK_PROCESS_CPUTIME_ID);
	begin = bench_now();
	if (opt.mode == IDLE)
		run_until(&count.done, opt.clients);
	else
		run_for(opt.time);
	printf("{\"seconds\": %.6f, \"echoes\": %llu, \"lost\": %llu, \"handshakes\": %llu",
	       (double)(bench_now() - begin) / DS_SECOND, (unsigned long long)count.echoes,
	       (unsigned long long)count.lost, (unsigned long long)count.handshakes);
	printf(", \"aead\": \"%s\", \"own_cpu_ns\": %llu, \"cpu_ns\": [", aead,
	       (unsigned long long)(cpu_time(CLOCK_PROCESS_CPUTIME_ID) - own));
	for (unsigned i = 0; i < opt.n_pids; i++)
		printf("%s%llu", i ? ", " : "",
		       (unsigned long long)(cpu_time(opt.pids[i]) - cpu[i]));
	puts("]}");
}

/* Start */

static void usage(void)
{
	fputs("usage: load echo|handshakes|idle --port PORT [--plain] [--keys CSV] [--ca PEM]\n"
	      "            [--suite NAME] [--first N] [--clients N] [--window N] [--size BYTES]\n"
	      "            [--time SECONDS] [--pid PID]...\n",
	      stderr);
	exit(2);
}

static void add_pid(pid_t pid)
{
	if (opt.n_pids == PIDS)
		bench_die("--pid: at most %d", PIDS);
	if (clock_getcpuclockid(pid, &opt.pids[opt.n_pids++]))
		bench_die("--pid %d: no such process", (int)pid);
}

static void set_option(int c)
{
	switch (c) {
	case 'p': opt.server.sin_port = htons((uint16_t)atoi(optarg)); break;
	case 'P': opt.plain = true; break;
	case 'k': opt.keys_file = optarg; break;
	case 'a': opt.ca = bench_pem(optarg, &opt.ca_len); break;
	case 's':
		opt.suite = ds_suite_by_name(optarg);
		if (!opt.suite)
			bench_die("--suite %s: not known here", optarg);
		break;
	case 'f': opt.first = (uint32_t)atol(optarg); break;
	case 'n': opt.clients = (uint32_t)atol(optarg); break;
	case 'w': opt.window = (uint32_t)atol(optarg); break;
	case 'b': opt.size = (size_t)atol(optarg); break;
	case 't': opt.time = (ds_time)(atof(optarg) * DS_SECOND); break;
	case 'i': add_pid(atoi(optarg)); break;
	default: usage();
	}
}

static void read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{"port", 1, NULL, 'p'},	   {"plain", 0, NULL, 'P'},  {"keys", 1, NULL, 'k'},
		{"ca", 1, NULL, 'a'},	   {"suite", 1, NULL, 's'},  {"first", 1, NULL, 'f'},
		{"clients", 1, NULL, 'n'}, {"window", 1, NULL, 'w'}, {"size", 1, NULL, 'b'},
		{"time", 1, NULL, 't'},	   {"pid", 1, NULL, 'i'},    {NULL, 0, NULL, 0},
	};
	static const char *const modes[] = {"echo", "handshakes", "idle"};
	int c;

	opt.server.sin_family = AF_INET;
	opt.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0)
		set_option(c);
	if (optind + 1 != argc || !opt.server.sin_port || !opt.clients || !opt.window ||
	    opt.size < HEADER || opt.size > MESSAGE_MAX ||
	    (!opt.plain && !opt.keys_file && !opt.ca))
		usage();
	for (opt.mode = ECHO; strcmp(argv[optind], modes[opt.mode]); opt.mode++)
		if (opt.mode == IDLE)
			usage();
}

int main(int argc, char **argv)
{
	uint32_t n;

	read_options(argc, argv);
	n = opt.first + opt.clients;
	clients = calloc(opt.clients, sizeof(*clients));
	ready = calloc(opt.clients, sizeof(*ready));
	keys = calloc(n, sizeof(*keys));
	if (!clients || !ready || !keys)
		bench_die("out of memory");
	if (opt.keys_file && bench_keys(opt.keys_file, keys, n) < n)
		bench_die("%s: fewer than %u keys", opt.keys_file, n);
	path.remote.family = 4;
	path.remote.port = ntohs(opt.server.sin_port);
	memcpy(path.remote.ip, &opt.server.sin_addr, 4);
	memset(message, 'x', sizeof(message));
	wire = wire_open(&opt.server);
	measure();
	if (opt.mode != IDLE && !opt.plain)
		close_all();
	return 0;
}
