/* SPDX-License-Identifier: Apache-2.0 */
/* support.c - what the unit tests share */
#include "tests/unit/support.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "dtlsshim/err.h"

/* Memory */

/* In front of each block, so that a wrong size at release is seen; keeps malloc's alignment. */
struct block {
	size_t size;
	size_t guard;
};

bool test_alloc_fails(struct test_env *env)
{
	size_t n = env->allocs++;

	return env->fail_once ? n == env->fail_alloc : n >= env->fail_alloc;
}

static void *env_alloc(void *ctx, size_t size)
{
	struct test_env *env = ctx;
	struct block *b;

	if (test_alloc_fails(env))
		return NULL;
	b = calloc(1, sizeof(*b) + size);
	assert_non_null(b);
	b->size = size;
	env->live++;
	env->live_bytes += size;
	return b + 1;
}

static void env_release(void *ctx, void *p, size_t size)
{
	struct test_env *env = ctx;
	struct block *b = (struct block *)p - 1;

	assert_int_equal(b->size, size);
	if (env->secret != NULL)
		assert_null(memmem(p, size, env->secret, env->secret_len));
	env->live--;
	env->live_bytes -= size;
	free(b);
}

/* Randomness: splitmix64, for tests that can be repeated. */

uint64_t test_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15ULL;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
	return z ^ z >> 31;
}

void test_random_bytes(uint64_t *seed, uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)test_random(seed);
}

static int env_random(void *ctx, uint8_t *buf, size_t len)
{
	struct test_env *env = ctx;

	if (env->randoms++ >= env->fail_random)
		return -1;
	test_random_bytes(&env->seed, buf, len);
	return 0;
}

void test_pattern(uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)(i * 7 + 3);
}

void test_env_init(struct test_env *env)
{
	*env = (struct test_env){
		.now = 1,
		.seed = 1,
		.fail_alloc = TEST_NEVER,
		.fail_random = TEST_NEVER,
	};
	ds_config_init(&env->cfg);
	env->cfg.ctx = env;
	env->cfg.alloc = env_alloc;
	env->cfg.release = env_release;
	env->cfg.random = env_random;
}

void test_env_fini(struct test_env *env)
{
	assert_int_equal(env->live, 0);
	assert_int_equal(env->live_bytes, 0);
}

/* The nonce oracle: an open hash table of what was sealed under which (key, nonce). */

#define PREFIX 64 /* bytes before the true expanded key, which keeps its alignment */

struct sealed {
	XXH128_hash_t key_nonce;
	uint64_t content;
};

static struct {
	struct sealed *table;
	size_t slots, used;
} oracle;

/* The ciphers behind the oracle: an engine may have two sets. */
static struct oracle_set {
	const struct ds_aead_ops *inner;
	struct ds_aead_ops ops;
} sets[2];

static const struct ds_aead_ops *inner(const struct ds_aead *a)
{
	return a->ops == &sets[0].ops ? sets[0].inner : sets[1].inner;
}

static void *inner_key(void *expanded)
{
	return (uint8_t *)expanded + PREFIX;
}

static size_t key_size(const struct oracle_set *set, const struct ds_suite *suite)
{
	size_t size = set->inner->key_size(suite);

	return size > 0 ? PREFIX + size : 0;
}

/* These two are not told which set they belong to. */
static size_t key_size_0(const struct ds_suite *suite)
{
	return key_size(&sets[0], suite);
}

static size_t key_size_1(const struct ds_suite *suite)
{
	return key_size(&sets[1], suite);
}

static void wipe_0(const struct ds_suite *suite, void *expanded)
{
	sets[0].inner->wipe(suite, inner_key(expanded));
	memset(expanded, 0, PREFIX);
}

static void wipe_1(const struct ds_suite *suite, void *expanded)
{
	sets[1].inner->wipe(suite, inner_key(expanded));
	memset(expanded, 0, PREFIX);
}

static int oracle_expand(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key,
			 void *expanded)
{
	XXH128_hash_t id = XXH3_128bits_withSeed(key, suite->key_len, (XXH64_hash_t)suite->alg);

	assert_int_equal((uintptr_t)expanded % 64, 0);
	memcpy(expanded, &id, sizeof(id));
	return inner(a)->expand(a, suite, key, inner_key(expanded));
}

static struct sealed *oracle_slot(struct sealed *table, size_t slots, XXH128_hash_t id)
{
	size_t i = (size_t)id.low64 & (slots - 1);

	while ((table[i].key_nonce.low64 | table[i].key_nonce.high64) != 0 &&
	       !XXH128_isEqual(table[i].key_nonce, id))
		i = (i + 1) & (slots - 1);
	return &table[i];
}

static void oracle_grow(void)
{
	size_t slots = oracle.slots > 0 ? 2 * oracle.slots : 1024;
	struct sealed *table = calloc(slots, sizeof(*table));

	assert_non_null(table);
	for (size_t i = 0; i < oracle.slots; i++) {
		struct sealed *s = &oracle.table[i];

		if ((s->key_nonce.low64 | s->key_nonce.high64) != 0)
			*oracle_slot(table, slots, s->key_nonce) = *s;
	}
	free(oracle.table);
	oracle.table = table;
	oracle.slots = slots;
}

static void oracle_note(const void *expanded, const uint8_t *nonce, uint64_t content)
{
	uint8_t id[sizeof(XXH128_hash_t) + 12];
	XXH128_hash_t key_nonce;
	struct sealed *s;

	memcpy(id, expanded, sizeof(XXH128_hash_t));
	memcpy(id + sizeof(XXH128_hash_t), nonce, 12);
	key_nonce = XXH3_128bits(id, sizeof(id));
	if (2 * oracle.used >= oracle.slots)
		oracle_grow();
	s = oracle_slot(oracle.table, oracle.slots, key_nonce);
	if (!XXH128_isEqual(s->key_nonce, key_nonce)) {
		*s = (struct sealed){key_nonce, content};
		oracle.used++;
	} else if (s->content != content) {
		fprintf(stderr, "nonce oracle: one key and nonce sealed two different records\n");
		abort();
	}
}

static int oracle_seal(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		       const struct ds_aead_op *op, uint8_t *tag)
{
	oracle_note(expanded, op->nonce,
		    XXH3_64bits_withSeed(op->in, op->len, XXH3_64bits(op->aad, op->aad_len)));
	return inner(a)->seal(a, suite, inner_key(expanded), op, tag);
}

static int oracle_open(struct ds_aead *a, const struct ds_suite *suite, void *expanded,
		       const struct ds_aead_op *op, const uint8_t *tag)
{
	return inner(a)->open(a, suite, inner_key(expanded), op, tag);
}

void test_oracle_attach(struct ds_aead *a)
{
	struct oracle_set *set = &sets[0];

	if (a->ops == &sets[0].ops || a->ops == &sets[1].ops)
		return;
	if (set->inner != NULL && set->inner != a->ops)
		set = &sets[1];
	assert_true(set->inner == NULL || set->inner == a->ops);
	set->inner = a->ops;
	set->ops = (struct ds_aead_ops){
		.name = a->ops->name,
		.key_size = set == sets ? key_size_0 : key_size_1,
		.expand = oracle_expand,
		.wipe = set == sets ? wipe_0 : wipe_1,
		.seal = oracle_seal,
		.open = oracle_open,
	};
	a->ops = &set->ops;
}

void test_oracle_reset(void)
{
	free(oracle.table);
	oracle.table = NULL;
	oracle.slots = oracle.used = 0;
}

size_t test_oracle_seals(void)
{
	return oracle.used;
}

/* Linked with --wrap, every engine gets the oracle; without, nobody calls these. */
int __wrap_ds_aead_setup(struct ds_aead *a, const struct ds_config *cfg);
int __real_ds_aead_setup(struct ds_aead *a, const struct ds_config *cfg) __attribute__((weak));
void __wrap_ds_aead_setup_portable(struct ds_aead *a, const struct ds_config *cfg);
void __real_ds_aead_setup_portable(struct ds_aead *a, const struct ds_config *cfg)
	__attribute__((weak));

int __wrap_ds_aead_setup(struct ds_aead *a, const struct ds_config *cfg)
{
	int rc = __real_ds_aead_setup(a, cfg);

	if (rc == 0)
		test_oracle_attach(a);
	return rc;
}

void __wrap_ds_aead_setup_portable(struct ds_aead *a, const struct ds_config *cfg)
{
	__real_ds_aead_setup_portable(a, cfg);
	test_oracle_attach(a);
}

/* Builders */

void test_put(struct test_bytes *b, unsigned int width, uint64_t v)
{
	assert_true(b->len + width <= sizeof(b->data));
	for (unsigned int i = 0; i < width; i++)
		b->data[b->len++] = (uint8_t)(v >> 8 * (width - 1 - i));
}

void test_put_bytes(struct test_bytes *b, const void *p, size_t len)
{
	assert_true(b->len + len <= sizeof(b->data));
	if (len > 0)
		memcpy(b->data + b->len, p, len);
	b->len += len;
}

void test_put_vector(struct test_bytes *b, unsigned int width, const void *p, size_t len)
{
	test_put(b, width, len);
	test_put_bytes(b, p, len);
}

size_t test_hex(uint8_t *out, size_t cap, const char *hex)
{
	size_t len = 0;

	for (; hex[0] != 0; hex += 2) {
		unsigned int byte;

		assert_true(len < cap);
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		out[len++] = (uint8_t)byte;
	}
	return len;
}

void test_put_record(struct test_bytes *b, const struct test_record *r)
{
	test_put(b, 1, r->type);
	test_put(b, 2, r->version != 0 ? r->version : 0xFEFD);
	test_put(b, 2, r->epoch);
	test_put(b, 6, r->seq);
	test_put_bytes(b, r->cid, r->cid_len);
	test_put_vector(b, 2, r->fragment, r->len);
}

void test_put_message(struct test_bytes *b, const struct test_message *m)
{
	test_put(b, 1, m->type);
	test_put(b, 3, m->len);
	test_put(b, 2, m->message_seq);
	test_put(b, 3, m->offset);
	test_put_vector(b, 3, m->body + m->offset, m->fragment_len);
}

void test_hello_init(struct test_hello *h)
{
	static const uint8_t suites[] = {0xC0, 0xA8, 0x00, 0xA8, 0x00, 0xFF};
	static const uint8_t compression[] = {0};
	/* extended_master_secret, connection_id of length zero */
	static const uint8_t extensions[] = {0, 23, 0, 0, 0, 54, 0, 1, 0};

	*h = (struct test_hello){
		.version = 0xFEFD,
		.suites = suites,
		.suites_len = sizeof(suites),
		.compression = compression,
		.compression_len = sizeof(compression),
		.extensions = extensions,
		.extensions_len = sizeof(extensions),
	};
	test_pattern(h->random, sizeof(h->random));
}

void test_put_hello(struct test_bytes *b, const struct test_hello *h)
{
	test_put(b, 2, h->version);
	test_put_bytes(b, h->random, sizeof(h->random));
	test_put_vector(b, 1, h->session_id, h->session_id_len);
	test_put_vector(b, 1, h->cookie, h->cookie_len);
	test_put_vector(b, 2, h->suites, h->suites_len);
	test_put_vector(b, 1, h->compression, h->compression_len);
	if (!h->no_extensions)
		test_put_vector(b, 2, h->extensions, h->extensions_len);
}

/* Memory and randomness that threads may share */

static void *shared_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return calloc(1, size);
}

static void shared_release(void *ctx, void *p, size_t size)
{
	(void)ctx, (void)size;
	free(p);
}

static int shared_random(void *ctx, uint8_t *buf, size_t len)
{
	static _Atomic uint64_t calls;
	uint64_t seed = atomic_fetch_add(&calls, 1) << 20;

	(void)ctx;
	test_random_bytes(&seed, buf, len);
	return 0;
}

void test_share(struct ds_config *cfg)
{
	cfg->alloc = shared_alloc;
	cfg->release = shared_release;
	cfg->random = shared_random;
}
