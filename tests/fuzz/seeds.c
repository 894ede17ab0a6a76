/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seeds.c - writes what the fuzzers begin with: seeds DIRECTORY
 *
 * The seeds of the engine and store targets are recorded from engines of this very source at build
 * time, so that they never grow stale: a handshake's cookie and keys are good only as long as a server
 * draws its random numbers in the same order.  Seeds of the pair target are programs of events.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pair.h"

#include "core/engine_impl.h"
#include "core/store.h"

static const char *directory;

static struct {
	uint8_t data[65536];
	size_t len;
} input;

static void add(const void *data, size_t len)
{
	if (input.len + len > sizeof(input.data))
		abort();
	memcpy(input.data + input.len, data, len);
	input.len += len;
}

/* The input so far becomes a seed, and the next one begins. */
static void save(const char *target, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, target);
	(void)mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", directory, target, name);
	f = fopen(path, "wb");
	if (!f || fwrite(input.data, 1, input.len, f) != input.len || fclose(f)) {
		perror(path);
		exit(1);
	}
	input.len = 0;
}

/* A client that the engine of fuzz_live() hears: what it sends is recorded, too. */

static struct ds_engine *client, *server;
static struct ds_config client_cfg;
static const struct ds_addr client_addr = {.ip = {10, 0, 0, 1}, .port = 7, .family = 4};
static const struct ds_addr server_addr = {.ip = {10, 0, 0, 9}, .port = 5684, .family = 4};

/* What the server has sent, which the client gets after the step. */
static struct {
	size_t len;
	uint8_t data[2048];
} answers[16];
static unsigned n_answers;

static void answered(const struct ds_path *path, const uint8_t *data, size_t len)
{
	(void)path;
	if (n_answers == 16 || len > sizeof(answers[0].data))
		abort();
	memcpy(answers[n_answers].data, data, len);
	answers[n_answers++].len = len;
}

static void step(uint8_t kind, const void *data, size_t len)
{
	uint8_t head[3] = {(uint8_t)(kind | FUZZ_LONG), (uint8_t)len, (uint8_t)(len >> 8)};
	size_t at = input.len;

	add(head, sizeof(head));
	add(data, len);
	fuzz_live(server, input.data + at, input.len - at);
}

static void hear_answers(void)
{
	struct ds_message msg;

	for (unsigned i = 0; i < n_answers; i++) {
		struct ds_input in = {.path = {.local = client_addr, .remote = server_addr},
				      .data = answers[i].data,
				      .len = answers[i].len};

		while (ds_engine_input(client, &in, &msg, FUZZ_NOW) == DS_MESSAGE)
			continue;
	}
	n_answers = 0;
}

static void compute(void)
{
	struct ds_job *job;

	while ((job = ds_engine_job(client, FUZZ_NOW))) {
		ds_job_run(job);
		ds_engine_job_done(client, job, FUZZ_NOW);
	}
}

/* Client and server talk until nobody has anything to say. */
static void talk(void)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_event ev;
	struct ds_path path;
	size_t len;

	do {
		hear_answers();
		compute();
		while (ds_engine_output(client, &path, buf, sizeof(buf), &len))
			step(1, buf, len);
		while (ds_engine_event(client, &ev))
			continue;
	} while (n_answers);
}

static void say(const char *text)
{
	uint8_t buf[256];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};

	if (ds_engine_seal(client, ds_engine_next(client, 0), (const uint8_t *)text, strlen(text),
			   &out, FUZZ_NOW))
		abort();
	step(1, buf, out.len);
}

/* A server, and a session of a client with it. */
static void connect_with(uint16_t suite, uint8_t cid_length, uint64_t *seed)
{
	char why[DS_WHY_MAX];
	struct ds_path path = {.local = client_addr, .remote = server_addr};

	fuzz_config(&client_cfg, seed);
	client_cfg.role = DS_CLIENT;
	client_cfg.psk = true;
	client_cfg.psk_identity_len = 6;
	memcpy(client_cfg.psk_identity, "device", 6);
	client_cfg.psk_key_len = sizeof(fuzz_psk);
	memcpy(client_cfg.psk_key, fuzz_psk, sizeof(fuzz_psk));
	client_cfg.suites[0] = suite;
	client_cfg.cid_length = cid_length;
	if (ds_engine_new(&client, &client_cfg, FUZZ_NOW, why) ||
	    ds_engine_connect(client, &path, FUZZ_NOW))
		abort();
	talk();
	if (!ds_engine_sessions(client) || !ds_engine_sessions(server))
		abort();
}

static const struct {
	const char *name;
	uint16_t suite;
	uint8_t cid_length;
} handshakes[] = {{"ccm_8", 0xC0A8, 0}, {"gcm", 0x00A8, 4}, {"ecdhe_chacha", 0xCCAC, 0}};

static void engine_seeds(void)
{
	uint64_t seed = 99;

	for (size_t i = 0; i < 3; i++) {
		server = fuzz_engine();
		connect_with(handshakes[i].suite, handshakes[i].cid_length, &seed);
		say("hello");
		step(0x40 | 1, "an answer", 9);
		say("once more");
		ds_engine_close(client, ds_engine_next(client, 0), FUZZ_NOW);
		talk();
		ds_engine_free(client);
		ds_engine_free(server);
		save("engine", handshakes[i].name);
	}
}

/* A state file with one session, and a message that comes after the restart. */

static void open_images(struct ds_store *st, struct fuzz_store *file)
{
	struct ds_image opened;

	for (uint32_t i = 0; i < FUZZ_SLOTS; i++) {
		if (!ds_store_image_used(file->images[i]))
			continue;
		if (!ds_image_open(st, file->images[i], i + 1, &opened))
			abort();
		memcpy(file->images[i] + 36, opened.plain, DS_STORE_IMAGE - 36);
	}
	file->mode |= FUZZ_PLAIN;
}

static void store_seed(size_t how, uint8_t mode, const char *name)
{
	_Alignas(DS_STORE_LINE) uint8_t lines[FUZZ_SLOTS + 1][DS_STORE_LINE] = {{0}};
	uint8_t image[DS_STORE_IMAGE];
	struct fuzz_store file = {.mode = mode & ~FUZZ_PLAIN};
	struct ds_store_header h = {0};
	struct ds_store *st;
	uint64_t seed = 99;
	uint32_t slot;

	server = fuzz_engine();
	if (ds_store_new(&st, &fuzz_cfg, fuzz_state_key) ||
	    ds_store_header_seal(st, &h, file.header))
		abort();
	ds_engine_store(server, st, lines, FUZZ_SLOTS, FUZZ_WALL);
	connect_with(handshakes[how].suite, handshakes[how].cid_length, &seed);
	while (ds_engine_image(server, &slot, image))
		memcpy(file.images[slot - 1], image, sizeof(image));
	memcpy(file.lines, lines[1], sizeof(file.lines));
	if (mode & FUZZ_PLAIN)
		open_images(st, &file);
	input.len = 0;
	add(&file, sizeof(file));
	say("hello");
	step(0x40 | 1, "an answer", 9);
	ds_engine_free(client);
	ds_engine_free(server);
	ds_store_free(st);
	save("store", name);
}

static void store_seeds(void)
{
	store_seed(0, 0, "sealed");
	store_seed(0, FUZZ_PLAIN, "plain");
	store_seed(1, FUZZ_PLAIN | FUZZ_LEAP, "leap");
	store_seed(2, FUZZ_PLAIN | FUZZ_AGE, "long_keys");
}

/* Programs of events */

#define S PAIR_SERVER
#define E(...)                                                                                     \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define EVENTS	24
#define SETTLED E(PAIR_CONNECT, 0), E(PAIR_CONNECT, 1), E(PAIR_RUN)
#define ECHO                                                                                       \
	E(PAIR_SEND, 0, 9), E(PAIR_SEND, 1, 9), E(PAIR_RUN), E(PAIR_SEND, S),                      \
		E(PAIR_SEND, S | 0x10), E(PAIR_RUN)

/* clang-format off */
static const struct {
	const char *name;
	struct pair_setup setup;
	uint8_t events[EVENTS][3];
} programs[] = {
	{"echo", {.suite = 11}, {SETTLED, ECHO, E(PAIR_CLOSE, 0), E(PAIR_RUN), E(PAIR_CLOSE, S, 2)}},
	{"mutual", {.kinds = PAIR_MUTUAL | PAIR_MUTUAL << 2 | PAIR_AUTH(2)}, {SETTLED, ECHO}},
	{"certificate", {.kinds = PAIR_CERTIFICATE | PAIR_PSK << 2 | PAIR_SMALL_MTU},
		{SETTLED, ECHO, E(PAIR_RELOAD), E(PAIR_CONNECT, 0), E(PAIR_RUN)}},
	{"no_cid", {.suite = 8, .cid = 1 | PAIR_CLIENT_CID}, {SETTLED, ECHO, E(PAIR_REBIND, 0, 1), ECHO}},
	{"loss", {.suite = 11}, {SETTLED, E(PAIR_CONNECT, 0), E(PAIR_RUN, 2), E(PAIR_LOSE),
		E(PAIR_DEADLINE), E(PAIR_RUN, 2), E(PAIR_DUPLICATE), E(PAIR_LOSE), E(PAIR_PASS, 0, 60),
		E(PAIR_RUN), E(PAIR_PASS, 0, 255), ECHO}},
	{"rebind", {.suite = 11}, {SETTLED, ECHO, E(PAIR_PASS, 0, 90), E(PAIR_REBIND, 0, 1), ECHO,
		E(PAIR_REPLAY, 0, 99), E(PAIR_SEND, S, 200), E(PAIR_SEND, S, 200)}},
	{"path", {.suite = 11}, {SETTLED, ECHO, E(PAIR_REBIND, 0, 1), E(PAIR_SEND, 0, 9), E(PAIR_RUN),
		E(PAIR_SEND, 0, 9), E(PAIR_SPOOF, 0, 9), E(PAIR_RUN, 1), E(PAIR_LOSE), E(PAIR_DEADLINE, S),
		E(PAIR_LOSE), E(PAIR_DEADLINE, S), E(PAIR_LOSE), E(PAIR_DEADLINE, S), ECHO}},
	{"path_copied", {.suite = 11, .limits = PAIR_RRC(1)}, {SETTLED, E(PAIR_SEND, 0, 9),
		E(PAIR_RUN), E(PAIR_SEND, 0, 9), E(PAIR_SPOOF, 0, 9), E(PAIR_RUN), ECHO}},
	{"path_left", {.suite = 11, .limits = PAIR_RRC(1)}, {SETTLED, E(PAIR_SEND, 0, 9), E(PAIR_RUN),
		E(PAIR_REBIND, 0, 1), E(PAIR_SEND, 0, 9), E(PAIR_RUN), E(PAIR_DEADLINE, S), E(PAIR_RUN),
		E(PAIR_DEADLINE, S), E(PAIR_RUN), ECHO}},
	{"path_misuse", {.suite = 11}, {SETTLED, E(PAIR_MISUSE, 0, 0xf0), E(PAIR_MISUSE, 0, 0xf1),
		E(PAIR_MISUSE, 0, 0xf2), E(PAIR_MISUSE, 0, 0xf3), E(PAIR_MISUSE, 0, 0xf4), E(PAIR_RUN)}},
	{"stable", {.suite = 11, .behaves = PAIR_STABLE | PAIR_MANY | PAIR_IDLE | PAIR_MAX_AGE,
		.limits = PAIR_ONE_IDENTITY}, {SETTLED, E(PAIR_REBIND, 0, 1), ECHO, SETTLED, SETTLED,
		E(PAIR_PASS, 0, 255), ECHO}},
	{"kill", {.suite = 11, .limits = PAIR_STORE}, {SETTLED, ECHO, E(PAIR_RESTART, 0),
		E(PAIR_PASS, 0, 90), ECHO, E(PAIR_RESTART), E(PAIR_PASS, 0, 90), E(PAIR_REPLAY, 0, 99), E(PAIR_RESTART, 1), E(PAIR_RESTART, 4)}},
	{"parked", {.suite = 11, .limits = PAIR_STORE}, {E(PAIR_ROOM, 0, 8), SETTLED, ECHO,
		E(PAIR_RESTART, 2), ECHO, E(PAIR_REPLAY, 0, 99)}},
	{"forget", {.suite = 11, .limits = PAIR_STORE}, {SETTLED, E(PAIR_RESTART, 3), E(PAIR_PASS, 0, 90), ECHO}},
	{"attack", {.suite = 11}, {SETTLED, E(PAIR_SEND, 0, 9), E(PAIR_DUPLICATE), E(PAIR_CORRUPT, 0, 40),
		E(1), E(PAIR_FORGE, S, 1), E(PAIR_FORGE, S, 2), E(PAIR_SEND, 1, 9), E(PAIR_SPLICE, 0, 1),
		E(PAIR_RUN), E(PAIR_SEND, 0, 9), E(PAIR_SPOOF, 0, 1), E(PAIR_RUN)}},
	{"worn", {.suite = 11}, {SETTLED, E(PAIR_WEAR, S), E(PAIR_SEND, 0, 9), E(PAIR_CORRUPT, 0, 40), E(1),
		E(PAIR_RUN), ECHO, E(PAIR_WEAR, S, 1), ECHO, E(PAIR_WEAR, 0, 5), ECHO}},
	{"misuse", {.suite = 11}, {SETTLED, E(PAIR_MISUSE, 0, 0x10), E(PAIR_MISUSE, 0, 0x11),
		E(PAIR_MISUSE, 0, 0x89), E(PAIR_RUN), E(PAIR_MISUSE, 0, 0x09), E(PAIR_MISUSE, 1, 0x49), E(PAIR_RUN)}},
	{"held", {.suite = 11}, {E(PAIR_HOLD, S, 3), E(PAIR_CONNECT, 0), E(PAIR_RUN), E(PAIR_CONNECT, 1),
		E(PAIR_RUN), E(PAIR_HOLD, S, 1), E(PAIR_RUN), E(PAIR_HOLD, S), E(PAIR_RUN), ECHO}},
	{"crowd", {.suite = 11, .limits = PAIR_ONE_SESSION | PAIR_ONE_HANDSHAKE | PAIR_ONE_LOOKUP},
		{SETTLED, ECHO, SETTLED, E(PAIR_UNREACHABLE)}},
	{"answer", {.suite = 11, .behaves = PAIR_ANSWER}, {SETTLED, E(PAIR_SEND, 0, 9), E(PAIR_RESTART),
		E(PAIR_PASS, 0, 60), E(PAIR_RUN), E(PAIR_PASS, 0, 60), E(PAIR_RUN), ECHO}},
	{"ipv6", {.kinds = PAIR_IPV6, .suite = 11, .limits = PAIR_STORE}, {SETTLED, ECHO,
		E(PAIR_RESTART), E(PAIR_PASS, 0, 90), ECHO, E(PAIR_CLOSE, S, 1)}},
};
/* clang-format on */

static void pair_seeds(void)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		add(&programs[i].setup, sizeof(programs[i].setup));
		for (size_t k = 0; k < EVENTS; k++) {
			const uint8_t *event = programs[i].events[k];

			if (event[0] | event[1] | event[2])
				add(event, 3);
		}
		save("pair", programs[i].name);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIRECTORY\n");
		return 2;
	}
	directory = argv[1];
	(void)mkdir(directory, 0777);
	fuzz_sent = answered;
	engine_seeds();
	store_seeds();
	pair_seeds();
	return 0;
}
