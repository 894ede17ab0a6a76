/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.c - a million devices that sleep
 *
 *	fleet --port PORT --keys CSV --clients N [--suite NAME] [--window N] [--pid PID]...
 *
 * Each device has an address of its own in 127.0.0.0/8.  It connects, has one message echoed, and
 * is from then on a record of some 70 bytes, so that the whole fleet fits beside its server.
 * Reads commands, one a line, and answers each with one JSON object:
 *
 *	connect FROM TO	devices FROM to TO - 1 connect
 *	hot N		N messages, by as many devices as the window is wide, again and again
 *	cold N		N messages, each by another device, in no order
 *	move N		the same from a port that is new for these devices
 *	first		the device that connected last asks until it is answered: when, on the
 *			monotonic clock
 *	last		the same for the one that connected first
 *
 * What is timed is the processor time of the processes named by --pid.  Like load.c it never
 * sleeps while it works.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/engine_impl.h"
#include "tests/bench/peer.h"
#include "tests/bench/wire.h"

#define LATE	   (300 * DS_MSEC) /* an answer that takes longer is asked for again */
#define AGAIN	   (2 * DS_MSEC)   /* between the questions of "first" */
#define STALLED	   (30 * DS_SECOND)
#define SIZE	   64 /* bytes of a message: device, filling */
#define PIDS	   8
#define WINDOW_MAX 1024
#define WIRES	   2
#define EXPANDED   8192 /* bytes; more than any cipher needs */
#define BLOCK_MAX  40	/* bytes of key block; what a slot keeps itself */
#define SERVER_CID 8
#define NOBODY	   UINT16_MAX
#define STEP	   2654435761ULL /* a prime: steps of it visit all devices, in no order */

/* A device, asleep. */
struct device {
	uint64_t tx_seq;
	uint8_t block[BLOCK_MAX], cid[SERVER_CID];
	uint8_t cid_len, wire;
	uint16_t place; /* in the window, or NOBODY */
};

/* One that is doing something; with an engine while it connects. */
struct active {
	struct ds_engine *engine;
	ds_session session;
	ds_time sent_at; /* 0: no message on the way */
	uint32_t device;
	bool used;
};

static struct {
	struct sockaddr_in server;
	const char *keys_file;
	uint32_t devices, window;
	uint16_t suite;
	clockid_t pids[PIDS];
	unsigned n_pids;
} opt = {.window = 64, .suite = 0x00A8};

static struct device *devices;
static struct bench_key *keys;
static struct active active[WINDOW_MAX];
static struct wire *wires[WIRES];
static struct ds_aead aead;
static uint8_t *expanded;
static struct ds_path path; /* to the server */
static ds_time now;
static uint64_t done, lost;

/* Places in the window */

static uint16_t take_place(uint32_t device)
{
	for (uint16_t i = 0; i < opt.window; i++) {
		if (active[i].used)
			continue;
		active[i] = (struct active){.used = true, .device = device};
		devices[device].place = i;
		return i;
	}
	return NOBODY;
}

static void leave(struct active *a)
{
	devices[a->device].place = NOBODY;
	a->used = false;
	done++;
}

/* Devices that connect */

static struct wire *wire_of(uint32_t device)
{
	return wires[devices[device].wire];
}

static void first_message(struct active *a)
{
	static const uint8_t hello[SIZE];
	struct ds_sealed out = {.buf = wire_room(wire_of(a->device)), .cap = WIRE_ROOM};

	if (ds_engine_seal(a->engine, a->session, hello, SIZE, &out, now))
		bench_die("device %u: no message after the handshake", a->device);
	wire_push(wire_of(a->device), a->device, out.len);
	a->sent_at = now;
}

static void drain(struct active *a)
{
	struct ds_path to;
	struct ds_event ev;
	struct ds_job *job;
	size_t len;

	do {
		job = ds_engine_job(a->engine, now);
		if (job) {
			ds_job_run(job);
			ds_engine_job_done(a->engine, job, now);
		}
		while (ds_engine_output(a->engine, &to, wire_room(wire_of(a->device)), WIRE_ROOM,
					&len))
			wire_push(wire_of(a->device), a->device, len);
		while (ds_engine_event(a->engine, &ev)) {
			if (ev.type != DS_EVENT_ESTABLISHED)
				bench_die("device %u: %s", a->device, ds_reason_text(ev.reason));
			a->session = ev.info.session;
			first_message(a);
		}
	} while (job);
}

static void connect_device(uint32_t i)
{
	struct active *a = &active[take_place(i)];

	a->engine = bench_client(&keys[i], NULL, 0, opt.suite);
	if (ds_engine_connect(a->engine, &path, now))
		bench_die("connect");
	drain(a);
}

/* What the device remembers. */
static void fall_asleep(struct active *a)
{
	const struct ds_slot *s = ds_table_get(&a->engine->table, a->session);
	struct device *d = &devices[a->device];

	d->tx_seq = s->tx_seq;
	d->cid_len = s->more->peer_cid_len;
	memcpy(d->block, ds_slot_block(s), BLOCK_MAX);
	memcpy(d->cid, ds_slot_peer_cid(s), d->cid_len);
	ds_engine_free(a->engine);
	a->engine = NULL;
	leave(a);
}

/* Devices that wake */

static struct ds_record_key key_of(const struct device *d, bool tx)
{
	const struct ds_suite *suite = ds_suite_find(opt.suite);
	struct ds_key_block k = ds_record_keys(suite, d->block);
	struct ds_record_key key = {.aead = &aead,
				    .suite = suite,
				    .iv = tx ? k.client_iv : k.server_iv,
				    .expanded = expanded};

	if (aead.ops->expand(&aead, suite, tx ? k.client_key : k.server_key, expanded))
		bench_die("expand");
	return key;
}

static void ask(struct active *a)
{
	struct device *d = &devices[a->device];
	struct ds_record_key key = key_of(d, true);
	uint8_t message[SIZE] = {0};
	struct ds_seal what = {.number = DS_EPOCH << 48 | d->tx_seq++,
			       .cid = d->cid,
			       .cid_len = d->cid_len,
			       .type = DS_APPDATA,
			       .data = message,
			       .len = SIZE};
	int len;

	memcpy(message, &a->device, sizeof(a->device));
	len = ds_record_seal(&key, &what, wire_room(wires[d->wire]), WIRE_ROOM);
	if (len < 0)
		bench_die("seal");
	wire_push(wires[d->wire], a->device, (size_t)len);
	a->sent_at = now;
}

/* True for the answer to what device @i asked. */
static bool is_answer(uint32_t i, uint8_t *data, size_t len)
{
	struct ds_record_key key = key_of(&devices[i], false);
	struct ds_opened o;
	struct ds_record r;

	return ds_record_parse(&r, data, len, 0) == DS_PARSE_OK && ds_record_epoch(&r) &&
	       !ds_record_open(&key, &r, &o) && o.type == DS_APPDATA && o.len == SIZE &&
	       !memcmp(o.data, &i, sizeof(i));
}

static void on_datagram(uint32_t i, uint8_t *data, size_t len)
{
	struct ds_input in = {.path = path, .data = data, .len = len};
	struct ds_message msg;
	struct active *a;
	bool answered = false;

	if (i >= opt.devices || devices[i].place == NOBODY)
		return; /* late */
	a = &active[devices[i].place];
	if (!a->engine) {
		if (is_answer(i, data, len))
			leave(a);
		return;
	}
	while (ds_engine_input(a->engine, &in, &msg, now) == DS_MESSAGE)
		answered = true;
	drain(a);
	if (answered)
		fall_asleep(a);
}

/* The loop */

static void look_after(struct active *a, ds_time late)
{
	if (!a->used)
		return;
	if (a->engine && ds_engine_deadline(a->engine) <= now) {
		ds_engine_tick(a->engine, now);
		drain(a);
	}
	if (!a->sent_at || now - a->sent_at < late)
		return;
	lost++;
	if (a->engine)
		first_message(a);
	else
		ask(a);
}

static void turn(ds_time late)
{
	static ds_time next_look;

	for (unsigned w = 0; w < WIRES; w++) {
		unsigned n = wire_receive(wires[w]);

		now = bench_now();
		for (unsigned k = 0; k < n; k++) {
			uint32_t i;
			size_t len;
			uint8_t *data = wire_datagram(wires[w], k, &i, &len);

			on_datagram(i, data, len);
		}
	}
	if (now >= next_look) {
		next_look = now + late / 8;
		for (uint32_t i = 0; i < opt.window; i++)
			look_after(&active[i], late);
	}
	for (unsigned w = 0; w < WIRES; w++)
		wire_flush(wires[w]);
}

static uint64_t cpu_time(void)
{
	struct timespec ts;
	uint64_t sum = 0;

	for (unsigned i = 0; i < opt.n_pids; i++) {
		if (clock_gettime(opt.pids[i], &ts))
			bench_die("processor time: %s", strerror(errno));
		sum += (uint64_t)ts.tv_sec * DS_SECOND + (uint64_t)ts.tv_nsec;
	}
	return sum;
}

/* Begins @n things, @begin(k) for k from 0, as the window allows, and waits for their end. */
static void work(uint32_t n, void (*begin)(uint32_t))
{
	ds_time start = bench_now(), moved = start;
	uint64_t cpu = cpu_time(), seen = 0;
	uint32_t begun = 0;

	for (now = start, done = lost = 0; done < n; turn(LATE)) {
		for (; begun < n && begun - done < opt.window; begun++)
			begin(begun);
		if (done != seen) {
			seen = done;
			moved = now;
		}
		if (now - moved > STALLED)
			bench_die("stalled at %llu of %u", (unsigned long long)done, n);
	}
	printf("{\"count\": %u, \"seconds\": %.3f, \"cpu_ns\": %llu, \"lost\": %llu}\n", n,
	       (double)(now - start) / DS_SECOND, (unsigned long long)(cpu_time() - cpu),
	       (unsigned long long)lost);
}

/* Commands */

static uint32_t base;  /* connect: the first device; otherwise how many woke before */
static uint32_t up_to; /* devices there are */

static void begin_connect(uint32_t k)
{
	connect_device(base + k);
}

static void begin_hot(uint32_t k)
{
	uint32_t i = k % opt.window;

	while (devices[i].place != NOBODY) /* the window is not in order */
		i = (i + 1) % opt.window;
	ask(&active[take_place(i)]);
}

static void begin_cold(uint32_t k)
{
	uint32_t i = (uint32_t)((base + k) * STEP % up_to);

	if (devices[i].place != NOBODY)
		bench_die("the window is too wide for so few devices");
	ask(&active[take_place(i)]);
}

static void begin_move(uint32_t k)
{
	uint32_t i = (uint32_t)((base + k) * STEP % up_to);

	devices[i].wire ^= 1;
	begin_cold(k);
}

static void ask_one(uint32_t device)
{
	now = bench_now();
	done = lost = 0;
	ask(&active[take_place(device)]);
	wire_flush(wire_of(device));
	while (!done)
		turn(AGAIN);
	printf("{\"at_ns\": %llu, \"asked\": %llu}\n", (unsigned long long)now,
	       (unsigned long long)lost + 1);
}

static uint32_t woke; /* devices that were chosen so far */

static void command(const char *line)
{
	unsigned a, b;

	if (sscanf(line, "connect %u %u", &a, &b) == 2 && a < b && b <= opt.devices) {
		base = a;
		work(b - a, begin_connect);
		up_to = b;
	} else if (sscanf(line, "hot %u", &a) == 1 && up_to >= opt.window) {
		work(a, begin_hot);
	} else if (sscanf(line, "cold %u", &a) == 1 && up_to > opt.window) {
		base = woke;
		woke += a;
		work(a, begin_cold);
	} else if (sscanf(line, "move %u", &a) == 1 && up_to > opt.window) {
		base = woke;
		woke += a;
		work(a, begin_move);
	} else if (!strcmp(line, "first\n") && up_to) {
		ask_one(up_to - 1);
	} else if (!strcmp(line, "last\n") && up_to) {
		ask_one(0);
	} else {
		bench_die("not understood: %s", line);
	}
	fflush(stdout);
}

/* Start */

static void usage(void)
{
	fputs("usage: fleet --port PORT --keys CSV --clients N [--suite NAME] [--window N] "
	      "[--pid PID]...\n",
	      stderr);
	exit(2);
}

static void set_option(int c)
{
	switch (c) {
	case 'p': opt.server.sin_port = htons((uint16_t)atoi(optarg)); break;
	case 'k': opt.keys_file = optarg; break;
	case 's': opt.suite = ds_suite_by_name(optarg); break;
	case 'n': opt.devices = (uint32_t)atol(optarg); break;
	case 'w': opt.window = (uint32_t)atol(optarg); break;
	case 'i':
		if (opt.n_pids == PIDS ||
		    clock_getcpuclockid(atoi(optarg), &opt.pids[opt.n_pids++]))
			bench_die("--pid %s: no such process", optarg);
		break;
	default: usage();
	}
}

static void setup(void)
{
	static struct ds_config cfg;

	devices = calloc(opt.devices, sizeof(*devices));
	keys = calloc(opt.devices, sizeof(*keys));
	expanded = aligned_alloc(64, EXPANDED);
	if (!devices || !keys || !expanded)
		bench_die("out of memory");
	if (bench_keys(opt.keys_file, keys, opt.devices) < opt.devices)
		bench_die("%s: fewer than %u keys", opt.keys_file, opt.devices);
	for (uint32_t i = 0; i < opt.devices; i++)
		devices[i].place = NOBODY;
	bench_config(&cfg, DS_CLIENT);
	if (ds_aead_setup(&aead, &cfg) || aead.ops->key_size(ds_suite_find(opt.suite)) > EXPANDED)
		bench_die("ciphers");
	opt.server.sin_family = AF_INET;
	opt.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	path.remote.family = 4;
	path.remote.port = ntohs(opt.server.sin_port);
	memcpy(path.remote.ip, &opt.server.sin_addr, 4);
	for (unsigned w = 0; w < WIRES; w++)
		wires[w] = wire_open(&opt.server);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{"port", 1, NULL, 'p'},	 {"keys", 1, NULL, 'k'}, {"clients", 1, NULL, 'n'},
		{"suite", 1, NULL, 's'}, {"pid", 1, NULL, 'i'},	 {"window", 1, NULL, 'w'},
		{NULL, 0, NULL, 0},
	};
	char line[64];
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0)
		set_option(c);
	if (optind != argc || !opt.server.sin_port || !opt.keys_file || !opt.devices ||
	    !opt.suite || !opt.window || opt.window > WINDOW_MAX ||
	    ds_key_block_len(ds_suite_find(opt.suite)) != BLOCK_MAX)
		usage();
	setup();
	while (fgets(line, sizeof(line), stdin))
		command(line);
	return 0;
}
