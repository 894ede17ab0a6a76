/* SPDX-License-Identifier: Apache-2.0 */
/* peer.c - engines for measuring, and the keys of their clients */
#include "tests/bench/peer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define PEM_MAX (1 << 16)

static size_t held; /* bytes */

void bench_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("load: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

ds_time bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ds_time)ts.tv_sec * DS_SECOND + (ds_time)ts.tv_nsec;
}

static size_t unhex(uint8_t *out, const char *hex)
{
	size_t n = 0;

	while (n < DS_PSK_MAX && sscanf(hex + 2 * n, "%2hhx", &out[n]) == 1)
		n++;
	return n;
}

size_t bench_keys(const char *file, struct bench_key *keys, size_t n)
{
	char hex[2 * DS_PSK_MAX + 1];
	FILE *f = fopen(file, "re");
	size_t i = 0;

	if (!f)
		bench_die("%s: %s", file, strerror(errno));
	for (; i < n && fscanf(f, " %31[^,],%128s", keys[i].identity, hex) == 2; i++)
		keys[i].len = unhex(keys[i].bytes, hex);
	fclose(f);
	return i;
}

uint8_t *bench_pem(const char *file, size_t *len)
{
	FILE *f = fopen(file, "re");
	uint8_t *pem = calloc(1, PEM_MAX);

	if (!f || !pem)
		bench_die("%s: %s", file, strerror(errno));
	*len = fread(pem, 1, PEM_MAX - 1, f) + 1;
	fclose(f);
	return pem;
}

static void *take(void *ctx, size_t size)
{
	(void)ctx;
	held += size;
	return calloc(1, size ? size : 1);
}

static void give_back(void *ctx, void *p, size_t size)
{
	(void)ctx;
	held -= p ? size : 0;
	free(p);
}

static int fill(void *ctx, uint8_t *buf, size_t len)
{
	(void)ctx;
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -1;
}

size_t bench_memory(void)
{
	return held;
}

void bench_config(struct ds_config *cfg, enum ds_role role)
{
	ds_config_init(cfg);
	cfg->role = role;
	cfg->alloc = take;
	cfg->release = give_back;
	cfg->random = fill;
}

struct ds_engine *bench_engine(const struct ds_config *cfg)
{
	char why[DS_WHY_MAX] = "";
	struct ds_engine *e;

	if (ds_engine_new(&e, cfg, bench_now(), why))
		bench_die("%s", why);
	return e;
}

struct ds_engine *bench_client(const struct bench_key *key, const uint8_t *ca, size_t ca_len,
			       uint16_t suite)
{
	struct ds_config cfg;

	bench_config(&cfg, DS_CLIENT);
	cfg.cid_length = 0;
	cfg.max_sessions = cfg.max_handshakes = 2;
	cfg.handshake_min = 500 * DS_MSEC;
	cfg.handshake_timeout = 20 * DS_SECOND;
	cfg.suites[0] = suite;
	if (ca) {
		cfg.ca = ca;
		cfg.ca_len = ca_len;
	} else {
		cfg.psk = true;
		cfg.psk_identity_len = strlen(key->identity);
		memcpy(cfg.psk_identity, key->identity, cfg.psk_identity_len);
		memcpy(cfg.psk_key, key->bytes, key->len);
		cfg.psk_key_len = key->len;
	}
	return bench_engine(&cfg);
}
