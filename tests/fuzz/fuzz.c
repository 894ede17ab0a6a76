/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.c - see fuzz.h */
#include "tests/fuzz/fuzz.h"

static uint64_t counter;

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

static int fuzz_random(void *ctx, uint8_t *buf, size_t len)
{
	(void)ctx;
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)((++counter * 0x9E3779B97F4A7C15ULL) >> 56);
	return 0;
}

struct ds_config fuzz_cfg = {.alloc = fuzz_alloc, .release = fuzz_release, .random = fuzz_random};

struct ds_engine *fuzz_engine(void)
{
	char why[DS_WHY_MAX];
	struct ds_engine *e;

	counter = 0;
	ds_config_init(&fuzz_cfg);
	fuzz_cfg.alloc = fuzz_alloc;
	fuzz_cfg.release = fuzz_release;
	fuzz_cfg.random = fuzz_random;
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

const uint8_t *fuzz_take(const uint8_t **data, size_t *size, size_t len)
{
	static uint8_t bytes[64];

	fuzz_fill(data, size, bytes, len);
	return bytes;
}

static void drain(struct ds_engine *e, ds_time now)
{
	static const uint8_t psk[16] = "fuzz";
	static uint8_t buf[DS_DATAGRAM_MAX];
	struct ds_message msg;
	struct ds_lookup l;
	struct ds_event ev;
	struct ds_path path;
	struct ds_job *job;
	size_t len;

	do {
		while (ds_engine_output(e, &path, buf, sizeof(buf), &len))
			continue;
		while (ds_engine_event(e, &ev))
			continue;
		while (ds_engine_lookup(e, &l))
			ds_engine_lookup_done(e, l.id, psk, sizeof(psk), now);
		while (ds_engine_early(e, &msg, buf, sizeof(buf), now))
			continue;
		job = ds_engine_job(e, now);
		if (job) {
			ds_job_run(job);
			ds_engine_job_done(e, job, now);
		}
	} while (job);
}

static void receive(struct ds_engine *e, const uint8_t *head, const uint8_t *data, size_t len,
		    ds_time now)
{
	static uint8_t buf[2048];
	struct ds_input in = {.data = buf, .len = len};
	struct ds_message msg;

	memcpy(buf, data, len);
	in.path.remote = (struct ds_addr){.ip = {10, 0, 0, head[0] & 3}, .port = 7, .family = 4};
	in.path.local = (struct ds_addr){.ip = {10, 0, 0, 9}, .port = 5684, .family = 4};
	while (ds_engine_input(e, &in, &msg, now) == DS_MESSAGE)
		continue;
}

/* Each step: address and kind, length, bytes. */
void fuzz_live(struct ds_engine *e, const uint8_t *data, size_t size)
{
	static uint8_t buf[2048];
	struct ds_sealed out = {.buf = buf, .cap = sizeof(buf)};
	ds_time now = FUZZ_NOW;

	while (size > 2) {
		uint8_t head[2];
		size_t len;

		fuzz_fill(&data, &size, head, 2);
		len = head[1] < size ? head[1] : size;
		if (head[0] & 0x80) {
			now += head[1] * DS_SECOND;
			ds_engine_tick(e, now);
			len = 0;
		} else if (head[0] & 0x40) {
			(void)!ds_engine_seal(e, ds_engine_next(e, 0), data, len, &out, now);
		} else {
			receive(e, head, data, len, now);
		}
		drain(e, now);
		data += len;
		size -= len;
	}
}
