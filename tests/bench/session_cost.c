/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_cost.c - what a session costs the core, however many others there are
 *
 * session_cost SESSIONS: an engine on the product's own memory (host/arena.h) gets that many
 * sessions without handshakes and without any network.  Prints one JSON object: resident bytes a
 * session; nanoseconds to create, to find, to expire one, and for a message in and its answer,
 * with a session that just spoke and with one that slept; and the longest single call of those
 * that may have to grow something.  The longest call is processor time, so that what else the
 * machine does is not in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/engine_impl.h"
#include "host/arena.h"
#include "tests/bench/peer.h"

#define SUITE	 0x00A8 /* TLS_PSK_WITH_AES_128_GCM_SHA256 */
#define BATCH	 100U	/* messages measured at once */
#define BATCHES	 41U
#define SAMPLES	 (BATCH * BATCHES)
#define MESSAGE	 64
#define IDLE	 (1000 * DS_SECOND)
#define EXPANDED 4096 /* bytes; more than any cipher needs */

static struct ds_engine *engine;
static const uint8_t block[40] = "the same key block for everybody, alas.";
static struct ds_record_key client_key;
static uint8_t records[SAMPLES][256];
static size_t record_len[SAMPLES];
static uint32_t session_of[SAMPLES];
static uint32_t sessions;
static ds_time now;

static void *take(void *ctx, size_t size)
{
	(void)ctx;
	return host_arena_alloc(size);
}

static void give_back(void *ctx, void *p, size_t size)
{
	(void)ctx;
	host_arena_free(p, size);
}

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * DS_SECOND + (uint64_t)ts.tv_nsec;
}

static size_t resident(void)
{
	unsigned long total, pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%lu %lu", &total, &pages) != 2)
		bench_die("/proc/self/statm");
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static struct ds_path path_of(uint32_t i)
{
	struct ds_path p = {
		.remote = {.ip = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i},
			   .port = 40000,
			   .family = 4},
		.local = {.ip = {192, 0, 2, 1}, .port = 5684, .family = 4},
	};

	return p;
}

/* CIDs as good as random, and computable. */
static void cid_of(uint32_t i, uint8_t cid[8])
{
	uint64_t x = (i + 1) * 0x9e3779b97f4a7c15ULL;

	memcpy(cid, &x, 8);
}

static void create(uint32_t i)
{
	char identity[32];
	uint8_t cid[8];
	struct ds_new_session ns = {
		.tx_seq = DS_LINGER_SEQS + 1,
		.suite = ds_suite_find(SUITE),
		.block = block,
		.cid = cid,
		.rx_cid = true,
		.identity = (const uint8_t *)identity,
		.identity_len = (uint8_t)snprintf(identity, sizeof(identity), "bench%06u", i),
		.payload_max = DS_PAYLOAD_MAX,
		.path = path_of(i),
	};
	struct ds_slot *s;

	cid_of(i, cid);
	s = ds_table_insert(&engine->table, &ns, now);
	if (!s)
		bench_die("out of memory at session %u", i);
	ds_table_show(&engine->table, s);
}

/* The longest of @calls calls. */
static uint64_t longest(void (*call)(uint32_t), uint32_t calls)
{
	uint64_t worst = 0, before, took;

	for (uint32_t i = 0; i < calls; i++) {
		before = cpu_ns();
		call(i);
		took = cpu_ns() - before;
		if (took > worst)
			worst = took;
	}
	return worst;
}

static void tick(uint32_t i)
{
	struct ds_event ev;
	struct ds_path path;
	uint8_t buf[256];
	size_t len;

	(void)i;
	ds_engine_tick(engine, now);
	while (ds_engine_event(engine, &ev))
		;
	while (ds_engine_output(engine, &path, buf, sizeof(buf), &len))
		;
}

/* Messages */

/* Different ones, far from each other. */
static uint32_t scatter(uint32_t n)
{
	return (uint32_t)(((uint64_t)n * 2654435761U) % sessions);
}

static void prepare(uint32_t n, uint32_t session, uint64_t seq)
{
	static const uint8_t data[MESSAGE];
	uint8_t cid[8];
	struct ds_seal what = {.number = DS_EPOCH << 48 | seq,
			       .cid = cid,
			       .cid_len = 8,
			       .type = DS_APPDATA,
			       .data = data,
			       .len = sizeof(data)};
	int len;

	cid_of(session, cid);
	len = ds_record_seal(&client_key, &what, records[n], sizeof(records[n]));
	if (len < 0)
		bench_die("seal");
	record_len[n] = (size_t)len;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nanoseconds of @call, median over the batches of their means. */
static double typical(void (*call)(uint32_t), uint32_t first)
{
	double mean[BATCHES];

	for (uint32_t b = 0; b < BATCHES; b++) {
		uint64_t before = cpu_ns();

		for (uint32_t i = 0; i < BATCH; i++)
			call(first + b * BATCH + i);
		mean[b] = (double)(cpu_ns() - before) / BATCH;
	}
	qsort(mean, BATCHES, sizeof(mean[0]), by_size);
	return mean[BATCHES / 2];
}

/* A message in and one out. */
static void exchange(uint32_t n)
{
	static const uint8_t answer[MESSAGE];
	uint8_t buf[256];
	struct ds_input in = {.path = path_of(session_of[n % SAMPLES]),
			      .data = records[n % SAMPLES],
			      .len = record_len[n % SAMPLES]};
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	struct ds_message msg;

	if (ds_engine_input(engine, &in, &msg, now) != DS_MESSAGE ||
	    ds_engine_seal(engine, msg.session, answer, MESSAGE, &out, now))
		bench_die("session %u does not work", session_of[n % SAMPLES]);
}

static double messages(uint32_t first, uint32_t step)
{
	static uint64_t seq = DS_LINGER_SEQS;

	for (uint32_t i = 0; i < SAMPLES; i++) {
		session_of[i] = scatter(first + i * step);
		prepare(i, session_of[i], seq++);
	}
	return typical(exchange, 0);
}

static void find(uint32_t n)
{
	uint8_t cid[8];

	cid_of(scatter(n), cid);
	if (!ds_table_by_cid(&engine->table, cid))
		bench_die("session %u is lost", scatter(n));
}

static void setup(void)
{
	struct ds_config cfg;

	bench_config(&cfg, DS_SERVER);
	cfg.alloc = take;
	cfg.release = give_back;
	cfg.psk = true;
	cfg.max_sessions = sessions;
	cfg.idle = IDLE;
	engine = bench_engine(&cfg);
	now = bench_now();
	client_key.aead = &engine->aead;
	client_key.suite = ds_suite_find(SUITE);
	client_key.expanded = aligned_alloc(64, EXPANDED);
	client_key.iv = ds_record_keys(client_key.suite, block).client_iv;
	if (engine->aead.ops->key_size(client_key.suite) > EXPANDED ||
	    engine->aead.ops->expand(&engine->aead, client_key.suite,
				     ds_record_keys(client_key.suite, block).client_key,
				     client_key.expanded))
		bench_die("expand");
}

/* Time passes until everybody is gone; the longest call. */
static uint64_t expire_all(void)
{
	uint64_t worst = 0, took;

	now += IDLE + 2 * DS_SECOND;
	while (ds_engine_sessions(engine)) {
		took = longest(tick, 1);
		worst = took > worst ? took : worst;
	}
	return worst;
}

int main(int argc, char **argv)
{
	uint64_t before, worst;
	size_t memory;

	sessions = argc == 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	if (!sessions)
		bench_die("usage: session_cost SESSIONS");
	setup();
	memory = resident();
	before = cpu_ns();
	worst = longest(create, sessions);
	printf("{\"aead\": \"%s\", \"sessions\": %u", ds_engine_aead(engine), sessions);
	printf(", \"create_ns\": %.0f, \"longest_create_ns\": %llu",
	       (double)(cpu_ns() - before) / sessions, (unsigned long long)worst);
	printf(", \"resident\": %.1f", (double)(resident() - memory) / sessions);
	printf(", \"find_ns\": %.0f", typical(find, SAMPLES));
	messages(0, 1); /* fills the cache of expanded keys, for the first time */
	now += DS_SECOND * 100;
	printf(", \"cold_ns\": %.0f", messages(2 * SAMPLES, 1));
	printf(", \"hot_ns\": %.0f", messages(0, 0));
	before = cpu_ns();
	worst = expire_all();
	printf(", \"expire_ns\": %.0f, \"longest_tick_ns\": %llu}\n",
	       (double)(cpu_ns() - before) / sessions, (unsigned long long)worst);
	return 0;
}
