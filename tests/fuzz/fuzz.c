/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.c - see fuzz.h */
#include "tests/fuzz/fuzz.h"

static uint64_t server_seed;

const uint8_t fuzz_state_key[DS_STORE_KEY] = "fuzz";
const uint8_t fuzz_psk[16] = "fuzz";
void (*fuzz_sent)(const struct ds_path *path, const uint8_t *data, size_t len);

static void *fuzz_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return calloc(1, size ? size : 1);
}

static void fuzz_release(void *ctx, void *p, size_t size)
{
	(void)ctx;
	(void)size;
	free(p);
}

/* splitmix64 */
static int fuzz_random(void *ctx, uint8_t *buf, size_t len)
{
	uint64_t *seed = ctx;

	for (size_t i = 0; i < len; i++) {
		uint64_t z = *seed += 0x9E3779B97F4A7C15ULL;

		z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
		z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
		buf[i] = (uint8_t)(z ^ z >> 31);
	}
	return 0;
}

struct ds_config fuzz_cfg = {
	.ctx = &server_seed,
	.alloc = fuzz_alloc,
	.release = fuzz_release,
	.random = fuzz_random,
};

void fuzz_config(struct ds_config *cfg, uint64_t *seed)
{
	ds_config_init(cfg);
	cfg->ctx = seed;
	cfg->alloc = fuzz_alloc;
	cfg->release = fuzz_release;
	cfg->random = fuzz_random;
}

struct ds_engine *fuzz_engine(void)
{
	char why[DS_WHY_MAX];
	struct ds_engine *e;

	server_seed = 1;
	fuzz_config(&fuzz_cfg, &server_seed);
	fuzz_cfg.psk = true;
	fuzz_cfg.max_sessions = 8;
	fuzz_cfg.max_handshakes = 4;
	if (ds_engine_new(&e, &fuzz_cfg, FUZZ_NOW, why))
		abort();
	return e;
}

void fuzz_fill(const uint8_t **data, size_t *size, void *out, size_t len)
{
	size_t n = len < *size ? len : *size;

	memset(out, 0, len);
	if (n)
		memcpy(out, *data, n);
	*data += n;
	*size -= n;
}

static void drain(struct ds_engine *e, ds_time now)
{
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_message msg;
	struct ds_lookup l;
	struct ds_event ev;
	struct ds_path path;
	struct ds_job *job;
	size_t len;

	do {
		while (ds_engine_lookup(e, &l))
			ds_engine_lookup_done(e, l.id, fuzz_psk, sizeof(fuzz_psk), now);
		while (ds_engine_early(e, &msg, buf, sizeof(buf), now))
			continue;
		job = ds_engine_job(e, now);
		if (job) {
			ds_job_run(job);
			ds_engine_job_done(e, job, now);
		}
		while (ds_engine_output(e, &path, buf, sizeof(buf), &len))
			if (fuzz_sent)
				fuzz_sent(&path, buf, len);
		while (ds_engine_event(e, &ev))
			continue;
	} while (job);
}

static void receive(struct ds_engine *e, uint8_t from, const uint8_t *data, size_t len, ds_time now)
{
	static uint8_t buf[2048];
	struct ds_input in = {.data = buf, .len = len};
	struct ds_message msg;

	memcpy(buf, data, len);
	in.path.remote = (struct ds_addr){.ip = {10, 0, 0, from & 3}, .port = 7, .family = 4};
	in.path.local = (struct ds_addr){.ip = {10, 0, 0, 9}, .port = 5684, .family = 4};
	while (ds_engine_input(e, &in, &msg, now) == DS_MESSAGE)
		if (msg.clear) /* is answered, like a session's */
			(void)!ds_engine_clear(e, &msg.peer, &in.path, now);
}

/* Each step: address and kind, length of one or two bytes, bytes. */
void fuzz_live(struct ds_engine *e, const uint8_t *data, size_t size)
{
	static uint8_t buf[4096];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	ds_time now = FUZZ_NOW;

	while (size > 2) {
		uint8_t head[3] = {0};
		size_t len;

		fuzz_fill(&data, &size, head, *data & FUZZ_LONG ? 3 : 2);
		len = (head[1] | (size_t)head[2] << 8) & 0x7ff;
		len = len < size ? len : size;
		if (head[0] & 0x80) {
			now += head[1] * DS_SECOND;
			ds_engine_tick(e, now);
			len = 0;
		} else if (head[0] & 0x40) {
			(void)!ds_engine_seal(e, ds_engine_next(e, 0), data, len, &out, now);
		} else {
			receive(e, head[0], data, len, now);
		}
		drain(e, now);
		data += len;
		size -= len;
	}
}
