/* SPDX-License-Identifier: Apache-2.0 */
/* test_aead.c - both sets of ciphers give the same bytes and refuse the same forgeries */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dtlsshim/err.h"
#include "tests/unit/support.h"

#define LEN_MAX 16384

struct world {
	struct test_env env;
	struct ds_aead best, portable;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	test_env_init(&w->env);
	assert_int_equal(ds_aead_setup(&w->best, &w->env.cfg), 0);
	ds_aead_setup_portable(&w->portable, &w->env.cfg);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	ds_aead_fini(&w->best);
	ds_aead_fini(&w->portable);
	test_env_fini(&w->env);
	free(w);
	return 0;
}

static void *expand(struct ds_aead *a, const struct ds_suite *suite, const uint8_t *key)
{
	size_t size = a->ops->key_size(suite);
	void *k;

	assert_true(size > 0);
	k = aligned_alloc(64, (size + 63) & ~(size_t)63);
	assert_non_null(k);
	memset(k, 0xA5, size);
	assert_int_equal(a->ops->expand(a, suite, key, k), 0);
	return k;
}

static void forget(struct ds_aead *a, const struct ds_suite *suite, void *k)
{
	a->ops->wipe(suite, k);
	free(k);
}

static void compare(struct world *w, const struct ds_suite *suite, size_t len, size_t aad_len)
{
	static uint8_t in[LEN_MAX], a[LEN_MAX + 16], b[LEN_MAX + 16];
	uint8_t key[DS_KEY_MAX], nonce[12], aad[64];
	void *ka, *kb;

	test_random_bytes(&w->env.seed, key, sizeof(key));
	test_random_bytes(&w->env.seed, nonce, sizeof(nonce));
	test_random_bytes(&w->env.seed, aad, sizeof(aad));
	test_pattern(in, len);
	ka = expand(&w->best, suite, key);
	kb = expand(&w->portable, suite, key);

	/* One from one buffer to another, one in place */
	assert_int_equal(w->best.ops->seal(&w->best, suite, ka,
					   &(struct ds_aead_op){nonce, aad, aad_len, in, len, a},
					   a + len),
			 0);
	memcpy(b, in, len);
	assert_int_equal(w->portable.ops->seal(&w->portable, suite, kb,
					       &(struct ds_aead_op){nonce, aad, aad_len, b, len, b},
					       b + len),
			 0);
	assert_memory_equal(a, b, len + suite->tag_len);

	assert_int_equal(w->best.ops->open(&w->best, suite, ka,
					   &(struct ds_aead_op){nonce, aad, aad_len, b, len, b},
					   b + len),
			 0);
	assert_memory_equal(b, in, len);
	assert_int_equal(w->portable.ops->open(&w->portable, suite, kb,
					       &(struct ds_aead_op){nonce, aad, aad_len, a, len, b},
					       a + len),
			 0);
	assert_memory_equal(b, in, len);
	forget(&w->best, suite, ka);
	forget(&w->portable, suite, kb);
}

static const struct ds_suite state_file = {.alg = DS_AES_GCM, .key_len = 32, .tag_len = 16};

static void test_both_sets_agree(void **state)
{
	static const size_t lens[] = {0,  1,  2,  15,  16,  17,	  31,	32,   33,
				      63, 64, 65, 127, 255, 1000, 1400, 4097, LEN_MAX};
	/* 13: no CID; 24, 31, 55: CIDs of 1, 8, 32 bytes; 46 and 47: about IPsec-MB's limit */
	static const size_t aads[] = {13, 24, 31, 46, 47, 55};

	for (size_t s = 0; ds_suite_at(s) != 0; s++) {
		for (size_t i = 0; i < TEST_COUNT(lens) * TEST_COUNT(aads); i++)
			compare(*state, ds_suite_find(ds_suite_at(s)), lens[i / TEST_COUNT(aads)],
				aads[i % TEST_COUNT(aads)]);
	}
	/* That of state files, which outlive the machine's processor */
	for (size_t i = 0; i < TEST_COUNT(lens); i++)
		compare(*state, &state_file, lens[i], 44);
}

/* Opens with one bit of one input changed; the output must hold nothing of the plaintext. */
static void forge(struct ds_aead *a, const struct ds_suite *suite, size_t cid, uint64_t *seed)
{
	uint8_t nonce[12] = {1}, aad[64] = {2}, in[32], sealed[32], tag[16], out[32];
	uint8_t key[DS_KEY_MAX];
	size_t aad_len = 23 + cid;
	struct {
		uint8_t *at;
		size_t len;
	} parts[] = {{nonce, 12}, {aad, aad_len}, {sealed, 32}, {tag, suite->tag_len}};
	void *k;

	test_random_bytes(seed, key, sizeof(key));
	k = expand(a, suite, key);
	memset(in, 'P', sizeof(in));
	assert_int_equal(a->ops->seal(a, suite, k,
				      &(struct ds_aead_op){nonce, aad, aad_len, in, 32, sealed},
				      tag),
			 0);
	for (size_t p = 0; p < TEST_COUNT(parts); p++) {
		for (size_t bit = 0; bit < 8 * parts[p].len; bit++) {
			parts[p].at[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_int_equal(a->ops->open(a, suite, k,
						      &(struct ds_aead_op){nonce, aad, aad_len,
									   sealed, 32, out},
						      tag),
					 DS_E_CRYPTO);
			assert_null(memmem(out, sizeof(out), "PP", 2));
			parts[p].at[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
	assert_int_equal(a->ops->open(a, suite, k,
				      &(struct ds_aead_op){nonce, aad, aad_len, sealed, 32, out},
				      tag),
			 0);
	forget(a, suite, k);
}

static void test_forgeries_are_refused(void **state)
{
	struct world *w = *state;

	for (size_t s = 0; ds_suite_at(s) != 0; s++) {
		for (size_t cid = 8; cid <= 32; cid += 24) {
			forge(&w->best, ds_suite_find(ds_suite_at(s)), cid, &w->env.seed);
			forge(&w->portable, ds_suite_find(ds_suite_at(s)), cid, &w->env.seed);
		}
	}
}

static void check_wiped(struct ds_aead *a, const struct ds_suite *suite)
{
	uint8_t key[DS_KEY_MAX];
	size_t size = a->ops->key_size(suite);
	uint8_t *k;

	memset(key, 0x5A, sizeof(key));
	k = expand(a, suite, key);
	a->ops->wipe(suite, k);
	assert_null(memmem(k, size, key, suite->key_len));
	/* Whatever an algorithm makes of a key: not more than a few bytes of bookkeeping stay */
	for (size_t i = 0, other = 0; i < size; i++) {
		other += k[i] != 0;
		assert_true(other < 32);
	}
	free(k);
}

static void test_wiped_keys_are_gone(void **state)
{
	struct world *w = *state;

	for (size_t s = 0; ds_suite_at(s) != 0; s++) {
		check_wiped(&w->best, ds_suite_find(ds_suite_at(s)));
		check_wiped(&w->portable, ds_suite_find(ds_suite_at(s)));
	}
}

static void test_memory_for_ciphers_may_be_short(void **state)
{
	struct test_env env;
	struct ds_aead a;
	int rc;

	(void)state;
	test_env_init(&env);
	env.fail_alloc = 0;
	rc = ds_aead_setup(&a, &env.cfg);
	assert_true(rc == DS_E_NOMEM || (rc == 0 && env.allocs == 0));
	if (rc == 0)
		ds_aead_fini(&a);
	test_env_fini(&env);
}

static void test_names(void **state)
{
	struct world *w = *state;

	assert_string_equal(w->portable.ops->name, "mbedtls");
#ifdef DS_HAVE_IPSECMB
	print_message("ciphers here: %s\n", w->best.ops->name);
#else
	assert_string_equal(w->best.ops->name, "mbedtls");
#endif
}

/* The oracle itself: a test that cannot fail proves nothing */

static void seal_twice(struct ds_aead *a, const char *second)
{
	const struct ds_suite *suite = ds_suite_find(0x00A8);
	uint8_t key[DS_KEY_MAX] = {1}, nonce[12] = {2}, aad[13] = {3}, out[8], tag[16];
	void *k;

	test_oracle_attach(a);
	k = expand(a, suite, key);
	assert_int_equal(a->ops->seal(a, suite, k,
				      &(struct ds_aead_op){nonce, aad, sizeof(aad),
							   (const uint8_t *)"first", 5, out},
				      tag),
			 0);
	assert_int_equal(a->ops->seal(a, suite, k,
				      &(struct ds_aead_op){nonce, aad, sizeof(aad),
							   (const uint8_t *)second, 5, out},
				      tag),
			 0);
	forget(a, suite, k);
}

static void test_oracle_lets_a_repetition_pass(void **state)
{
	struct world *w = *state;

	test_oracle_reset();
	seal_twice(&w->portable, "first");
	assert_int_equal(test_oracle_seals(), 1);
	test_oracle_reset();
}

static void test_oracle_aborts_on_a_reused_nonce(void **state)
{
	struct world *w = *state;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		seal_twice(&w->portable, "other");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_sets_agree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forgeries_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wiped_keys_are_gone, setup, teardown),
		cmocka_unit_test(test_memory_for_ciphers_may_be_short),
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_oracle_lets_a_repetition_pass, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_oracle_aborts_on_a_reused_nonce, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
