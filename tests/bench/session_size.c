/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_size.c - what the core itself holds for a session
 *
 * session_size SUITE CSV FROM TO: a server engine whose memory is counted takes clients without
 * any network.  Prints the bytes a session takes, from the growth between FROM and TO sessions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peer.h"

static struct ds_engine *server;
static struct ds_path server_path, client_path; /* as the client and as the server see it */
static const struct bench_key *key;		/* of the client that connects now */
static ds_time now;

static void give(struct ds_engine *to, const struct ds_path *path, uint8_t *data, size_t len)
{
	struct ds_input in = {.path = *path, .data = data, .len = len};
	struct ds_message msg;

	while (ds_engine_input(to, &in, &msg, now) == DS_MESSAGE)
		;
}

/* Everything @from has to do and to say; true if there was anything. */
static bool step(struct ds_engine *from, struct ds_engine *to, const struct ds_path *path)
{
	uint8_t buf[2048];
	struct ds_path ignored;
	struct ds_lookup l;
	struct ds_event ev;
	struct ds_job *job;
	bool any = false;
	size_t len;

	for (; ds_engine_lookup(from, &l); any = true)
		ds_engine_lookup_done(from, l.id, key->bytes, key->len, now);
	for (; (job = ds_engine_job(from, now)); any = true) {
		ds_job_run(job);
		ds_engine_job_done(from, job, now);
	}
	for (; ds_engine_output(from, &ignored, buf, sizeof(buf), &len); any = true)
		give(to, path, buf, len);
	while (ds_engine_event(from, &ev))
		;
	return any;
}

static void add_session(uint16_t suite, uint32_t i)
{
	struct ds_engine *client = bench_client(key, NULL, 0, suite);
	uint8_t buf[256];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	bool more = true;

	client_path.remote.ip[1] = (uint8_t)(i >> 16);
	client_path.remote.ip[2] = (uint8_t)(i >> 8);
	client_path.remote.ip[3] = (uint8_t)i;
	if (ds_engine_connect(client, &server_path, now))
		bench_die("connect");
	while (more) {
		more = step(client, server, &client_path);
		more |= step(server, client, &server_path);
	}
	/* The first message frees what could repeat the last flight. */
	if (ds_engine_seal(client, ds_engine_find(client, &server_path.remote),
			   (const uint8_t *)"x", 1, &out, now))
		bench_die("no session with client %u", i);
	give(server, &client_path, buf, out.len);
	ds_engine_free(client);
}

int main(int argc, char **argv)
{
	size_t from = argc == 5 ? strtoul(argv[3], NULL, 10) : 0;
	size_t to = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
	uint16_t suite = argc == 5 ? ds_suite_by_name(argv[1]) : 0;
	struct bench_key *keys = calloc(to + 1, sizeof(*keys));
	struct ds_config cfg;
	size_t before = 0;

	if (!suite || from >= to || !keys)
		bench_die("usage: session_size SUITE CSV FROM TO");
	if (bench_keys(argv[2], keys, to) < to)
		bench_die("%s: fewer than %zu keys", argv[2], to);
	bench_config(&cfg, DS_SERVER);
	cfg.psk = true;
	now = bench_now();
	server = bench_engine(&cfg);
	server_path.remote = (struct ds_addr){.ip = {192, 0, 2, 1}, .port = 5684, .family = 4};
	client_path.remote = (struct ds_addr){.ip = {10}, .port = 40000, .family = 4};
	client_path.local = server_path.remote;
	for (uint32_t i = 0; i < to; i++) {
		if (i == from)
			before = bench_memory();
		key = &keys[i];
		add_session(suite, i);
	}
	if (ds_engine_sessions(server) != to)
		bench_die("%zu sessions instead of %zu", ds_engine_sessions(server), to);
	printf("{\"sessions\": %zu, \"bytes\": %.1f, \"all\": %zu}\n", to - from,
	       (double)(bench_memory() - before) / (double)(to - from), bench_memory());
	return 0;
}
