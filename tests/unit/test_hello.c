/* SPDX-License-Identifier: Apache-2.0 */
/* test_hello.c - parsers of bytes that anybody can send */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

/* Parses a copy that ends where its memory ends, so that ASan sees overreads.  What @out points to
 * is gone afterwards. */
static bool parse(struct ds_hello *out, const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	bool ok;

	if (len > 0)
		memcpy(copy, p, len);
	ok = ds_hello_parse(out, copy, len, 0);
	free(copy);
	return ok;
}

/* A ClientHello message, whole. */
static void build(struct test_bytes *b, const struct test_hello *h)
{
	static struct test_bytes body;

	body.len = 0;
	test_put_hello(&body, h);
	b->len = 0;
	test_put_message(b, &(struct test_message){.type = DS_CLIENT_HELLO,
						   .body = body.data,
						   .len = body.len,
						   .fragment_len = body.len});
}

static void good(struct test_hello *h)
{
	static const uint8_t session_id[] = "0123456789abcdef0123456789abcdef";
	static const uint8_t cookie[] = "cookie";

	test_hello_init(h);
	h->session_id = session_id;
	h->session_id_len = 32;
	h->cookie = cookie;
	h->cookie_len = 6;
}

static bool parse_hello(const struct test_hello *h)
{
	static struct test_bytes b;
	struct ds_hello out;

	build(&b, h);
	return parse(&out, b.data, b.len);
}

/* ClientHello */

static void test_whole_hello_is_read(void **state)
{
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;
	const uint8_t *body;

	(void)state;
	good(&h);
	build(&b, &h);
	b.data[4] = 0x12; /* message_seq */
	b.data[5] = 0x34;
	body = b.data + 12;
	assert_true(ds_hello_parse(&out, b.data, b.len, 77));
	assert_true(out.complete);
	assert_int_equal(out.message_seq, 0x1234);
	assert_true(out.number == 77);
	assert_ptr_equal(out.params[0], body);
	assert_int_equal(out.params_len[0], 2 + 32 + 1 + 32);
	assert_int_equal(out.cookie_len, 6);
	assert_memory_equal(out.cookie, "cookie", 6);
	assert_ptr_equal(out.params[1], out.cookie + 6);
	assert_int_equal(out.params_len[1], 2 + h.suites_len + 1 + h.compression_len);
	assert_true(out.cid_offered);
}

static void test_truncated_hello_is_refused(void **state)
{
	struct test_bytes b, cut;
	struct test_hello h;
	struct ds_hello out;

	(void)state;
	good(&h);
	build(&b, &h);
	for (size_t len = 0; len < b.len; len++) {
		/* The datagram ends early */
		assert_false(parse(&out, b.data, len));
		/* The message ends early, and says so; only without extensions it may */
		if (len < 12)
			continue;
		memcpy(cut.data, b.data, len);
		cut.data[1] = cut.data[9] = 0;
		cut.data[2] = cut.data[10] = (uint8_t)((len - 12) >> 8);
		cut.data[3] = cut.data[11] = (uint8_t)(len - 12);
		assert_int_equal(parse(&out, cut.data, len), len == b.len - 2 - h.extensions_len);
	}
	assert_true(parse(&out, b.data, b.len));
}

static void test_malformed_hellos_are_refused(void **state)
{
	static const uint8_t junk[300] = {0};
	static const uint8_t only_deflate[] = {1}, many[17] = {1, 0};
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;

	(void)state;
	good(&h);
	build(&b, &h);
	/* B-41, B-42, B-43: lengths that pass the end */
	assert_false(parse(&out, b.data, 33));
	b.data[12 + 34] = 255;
	assert_false(parse(&out, b.data, b.len));
	build(&b, &h);
	b.data[12 + 67] = 255;
	assert_false(parse(&out, b.data, b.len));
	/* B-44: not a first fragment, whether it fits its message or not */
	build(&b, &h);
	b.data[8] = 1;
	assert_false(parse(&out, b.data, b.len));
	b.data[3]++;
	assert_false(parse(&out, b.data, b.len));
	/* B-45 */
	h.session_id = junk;
	h.session_id_len = 33;
	assert_false(parse_hello(&h));
	/* B-46 */
	good(&h);
	h.suites_len = 0;
	assert_false(parse_hello(&h));
	h.suites_len = 3;
	assert_false(parse_hello(&h));
	/* B-47 */
	good(&h);
	h.compression_len = 0;
	assert_false(parse_hello(&h));
	h.compression = only_deflate;
	h.compression_len = 1;
	assert_false(parse_hello(&h));
	h.compression = many;
	h.compression_len = sizeof(many);
	assert_true(parse_hello(&h));
	/* B-55: 1.2, and 1.0 which is refused with an alert */
	good(&h);
	h.version = 0x0303;
	assert_false(parse_hello(&h));
	h.version = 0x0000;
	assert_false(parse_hello(&h));
	h.version = 0xFEFF;
	assert_true(parse_hello(&h));
	h.version = 0xFEFC;
	assert_false(parse_hello(&h));
}

static void test_every_wrong_suites_length_is_refused(void **state)
{
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;
	size_t at;

	(void)state;
	good(&h);
	h.no_extensions = true;
	build(&b, &h);
	at = b.len - 2 - h.suites_len - 2;
	for (unsigned int n = 0; n < 65536; n++) {
		b.data[at] = (uint8_t)(n >> 8);
		b.data[at + 1] = (uint8_t)n;
		assert_int_equal(parse(&out, b.data, b.len), n == h.suites_len);
	}
}

static void test_extensions(void **state)
{
	static const uint8_t none[1], overrun[] = {0, 54, 0, 2, 0}, head[] = {0, 54, 0},
				      twice[] = {0, 54, 0, 1, 0, 0, 54, 0, 1, 0},
				      old[] = {0, 53, 0, 1, 0};
	static uint8_t many[500 * 4];
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;

	(void)state;
	good(&h);
	/* B-51 */
	h.no_extensions = true;
	build(&b, &h);
	assert_true(ds_hello_parse(&out, b.data, b.len, 0));
	assert_false(out.cid_offered);
	/* An empty block */
	h.no_extensions = false;
	h.extensions = none;
	h.extensions_len = 0;
	assert_true(parse_hello(&h));
	/* B-49 */
	h.extensions = overrun;
	h.extensions_len = sizeof(overrun);
	assert_false(parse_hello(&h));
	h.extensions = head;
	h.extensions_len = sizeof(head);
	assert_false(parse_hello(&h));
	/* B-50: Mbed TLS is to refuse repetitions */
	h.extensions = twice;
	h.extensions_len = sizeof(twice);
	build(&b, &h);
	assert_true(ds_hello_parse(&out, b.data, b.len, 0));
	assert_true(out.cid_offered);
	/* B-62: the number of a draft is not the CID */
	h.extensions = old;
	h.extensions_len = sizeof(old);
	build(&b, &h);
	assert_true(ds_hello_parse(&out, b.data, b.len, 0));
	assert_false(out.cid_offered);
	h.extensions = many;
	h.extensions_len = sizeof(many);
	assert_true(parse_hello(&h));
	/* Something behind the block */
	good(&h);
	h.no_extensions = true;
	build(&b, &h);
	test_put(&b, 3, 0);
	b.data[3] += 3;
	b.data[11] += 3;
	assert_false(parse(&out, b.data, b.len));
	/* B-48: one more or one less than there is */
	good(&h);
	build(&b, &h);
	for (int off = -1; off <= 1; off += 2) {
		size_t at = b.len - h.extensions_len - 1;

		b.data[at] = (uint8_t)(h.extensions_len + (size_t)off);
		assert_false(parse(&out, b.data, b.len));
	}
}

static void test_other_messages_are_no_hello(void **state)
{
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;

	(void)state;
	good(&h);
	build(&b, &h);
	for (unsigned int type = 0; type < 256; type++) {
		b.data[0] = (uint8_t)type;
		assert_int_equal(parse(&out, b.data, b.len), type == DS_CLIENT_HELLO);
	}
	/* Something behind the hello */
	b.data[0] = DS_CLIENT_HELLO;
	b.data[b.len] = 0;
	assert_false(parse(&out, b.data, b.len + 1));
	/* B-22 */
	b.data[1] = b.data[2] = b.data[3] = 0xFF;
	assert_true(parse(&out, b.data, b.len) && out.too_long);
}

static void test_first_fragment_must_hold_the_cookie(void **state)
{
	struct test_bytes b, whole;
	struct test_hello h;
	struct ds_hello out;
	size_t body;

	(void)state;
	good(&h);
	build(&whole, &h);
	body = whole.len - 12;
	for (size_t n = 0; n <= body; n++) {
		b.len = 0;
		test_put_message(&b, &(struct test_message){.type = DS_CLIENT_HELLO,
							    .body = whole.data + 12,
							    .len = body,
							    .fragment_len = n});
		if (n < 2 + 32 + 1 + 32 + 1 + 6) {
			assert_false(parse(&out, b.data, b.len));
			continue;
		}
		assert_true(ds_hello_parse(&out, b.data, b.len, 0));
		assert_int_equal(out.complete, n == body);
		assert_int_equal(out.cookie_len, 6);
		assert_int_equal(out.params_len[0], 67);
		if (n < body) {
			assert_int_equal(out.params_len[1], 0);
			assert_false(out.cid_offered);
		}
	}
}

static void test_random_changes_are_survived(void **state)
{
	struct test_bytes b;
	struct test_hello h;
	struct ds_hello out;
	uint64_t seed = 3;
	size_t len;

	(void)state;
	good(&h);
	for (int i = 0; i < 100000; i++) {
		build(&b, &h);
		for (uint64_t n = test_random(&seed) % 4; n > 0; n--)
			b.data[test_random(&seed) % b.len] = (uint8_t)test_random(&seed);
		len = test_random(&seed) % 4 ? b.len : test_random(&seed) % b.len;
		(void)parse(&out, b.data, len);
	}
}

/* The extension of the return routability check (RFC 9853, 3) */

/* On a copy that ends where its memory ends. */
static bool has_rrc(const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	bool has;

	if (len > 0)
		memcpy(copy, p, len);
	has = ds_hello_has_rrc(copy, len);
	free(copy);
	return has;
}

static bool hello_has_rrc(const uint8_t *extensions, size_t len)
{
	struct test_bytes b;
	struct test_hello h;

	good(&h);
	h.extensions = extensions;
	h.extensions_len = len;
	build(&b, &h);
	return has_rrc(b.data, b.len);
}

static void test_rrc_means_something_with_a_cid_and_without_content(void **state)
{
	static const uint8_t both[] = {0, 54, 0, 1, 0, 0, 61, 0, 0},
			     other_way[] = {0, 61, 0, 0, 0, 54, 0, 1, 0}, no_cid[] = {0, 61, 0, 0},
			     no_rrc[] = {0, 54, 0, 1, 0}, full[] = {0, 54, 0, 1, 0, 0, 61, 0, 1, 0},
			     cut[] = {0, 54, 0, 1, 0, 0, 61, 0};

	(void)state;
	assert_true(hello_has_rrc(both, sizeof(both)));
	assert_true(hello_has_rrc(other_way, sizeof(other_way)));
	assert_false(hello_has_rrc(no_cid, sizeof(no_cid)));
	assert_false(hello_has_rrc(no_rrc, sizeof(no_rrc)));
	assert_false(hello_has_rrc(full, sizeof(full)));
	assert_false(hello_has_rrc(cut, sizeof(cut)));
}

/* A ServerHello: version, random, session id, suite, method, then a block of extensions. */
static void build_server_hello(struct test_bytes *b, const uint8_t *extensions, size_t len)
{
	static struct test_bytes body;
	static const uint8_t random[32] = {1};

	body.len = b->len = 0;
	test_put(&body, 2, 0xFEFD);
	test_put_bytes(&body, random, sizeof(random));
	test_put_vector(&body, 1, random, sizeof(random));
	test_put(&body, 2, 0xC0A8);
	test_put(&body, 1, 0);
	if (extensions)
		test_put_vector(&body, 2, extensions, len);
	test_put_message(b, &(struct test_message){.type = DS_SERVER_HELLO,
						   .body = body.data,
						   .len = body.len,
						   .fragment_len = body.len});
}

static void check_added(struct test_bytes *b)
{
	static const uint8_t rrc[DS_HELLO_RRC] = {0, 61, 0, 0};
	struct ds_handshake_header before, after;
	uint8_t first[2048];
	size_t len = b->len;

	assert_true(ds_handshake_parse(&before, b->data, len));
	memcpy(first, b->data, len);
	assert_false(has_rrc(b->data, len));
	assert_int_equal(ds_hello_add_rrc(b->data, len, len + DS_HELLO_RRC - 1), 0);
	assert_memory_equal(first, b->data, len);
	assert_int_equal(ds_hello_add_rrc(b->data, len, len + DS_HELLO_RRC), len + DS_HELLO_RRC);
	assert_true(ds_handshake_parse(&after, b->data, len + DS_HELLO_RRC));
	assert_int_equal(after.len, before.len + DS_HELLO_RRC);
	assert_int_equal(after.fragment_len, after.len);
	assert_true(has_rrc(b->data, len + DS_HELLO_RRC));
	assert_memory_equal(b->data + len, rrc, DS_HELLO_RRC);
	/* Once is enough */
	assert_int_equal(ds_hello_add_rrc(b->data, len + DS_HELLO_RRC, sizeof(b->data)), 0);
	for (size_t cut = 0; cut < len + DS_HELLO_RRC; cut++)
		assert_false(has_rrc(b->data, cut));
}

static void test_rrc_is_added_to_hellos_with_a_cid(void **state)
{
	static const uint8_t cid[] = {0, 54, 0, 3, 2, 7, 7}, none[] = {0, 23, 0, 0};
	struct test_bytes b;
	struct test_hello h;

	(void)state;
	good(&h);
	build(&b, &h);
	check_added(&b);
	build_server_hello(&b, cid, sizeof(cid));
	check_added(&b);
	build_server_hello(&b, none, sizeof(none));
	assert_int_equal(ds_hello_add_rrc(b.data, b.len, sizeof(b.data)), 0);
	build_server_hello(&b, NULL, 0);
	assert_int_equal(ds_hello_add_rrc(b.data, b.len, sizeof(b.data)), 0);
	b.data[0] = DS_FINISHED;
	assert_int_equal(ds_hello_add_rrc(b.data, b.len, sizeof(b.data)), 0);
}

/* HelloVerifyRequest */

static void test_hello_verify_request_bytes(void **state)
{
	struct ds_hello hello = {.number = 0x0000010203040506, .message_seq = 0x0708};
	uint8_t out[DS_HVR_LEN(4)];
	static const uint8_t expected[] = {
		22,   0xFE, 0xFF, 0,   0,   1,	 2,   3, 4, 5, 6, 0, 19, /* record, RFC 6347, 4.1 */
		3,    0,    0,	  7,   7,   8,	 0,   0, 0, 0, 0, 7, /* message, RFC 6347, 4.2.2 */
		0xFE, 0xFF, 4,	  'c', 'o', 'o', 'k',		     /* body, RFC 6347, 4.2.1 */
	};

	(void)state;
	assert_int_equal(ds_hello_verify_request(out, &hello, (const uint8_t *)"cook", 4),
			 sizeof(expected));
	assert_memory_equal(out, expected, sizeof(expected));
}

static void test_answer_is_not_longer_than_the_question(void **state)
{
	struct test_bytes b;
	struct test_hello h;

	(void)state;
	/* The shortest hello there is, with one suite, and no extensions */
	test_hello_init(&h);
	h.suites_len = 2;
	h.no_extensions = true;
	build(&b, &h);
	assert_true(DS_HVR_LEN(32) <= 13 + b.len);
}

/* Handshake header */

static void test_handshake_header(void **state)
{
	uint8_t p[] = {20, 1, 2, 3, 4, 5, 0, 0, 6, 0, 0, 2, 'a', 'b', 'c'};
	struct ds_handshake_header h;

	(void)state;
	assert_true(ds_handshake_parse(&h, p, sizeof(p)));
	assert_int_equal(h.type, DS_FINISHED);
	assert_int_equal(h.len, 0x010203);
	assert_int_equal(h.message_seq, 0x0405);
	assert_int_equal(h.fragment_offset, 6);
	assert_int_equal(h.fragment_len, 2);
	assert_memory_equal(h.body, "ab", 2);
	/* B-21 */
	for (size_t len = 0; len < 14; len++)
		assert_false(ds_handshake_parse(&h, p, len));
	/* B-23 */
	p[1] = p[2] = 0;
	p[3] = 7;
	assert_false(ds_handshake_parse(&h, p, sizeof(p)));
	p[3] = 8;
	assert_true(ds_handshake_parse(&h, p, sizeof(p)));
	p[6] = 0xFF;
	assert_false(ds_handshake_parse(&h, p, sizeof(p)));
	/* B-24: an empty fragment of a message that is not empty */
	p[6] = 0;
	p[11] = 0;
	assert_false(ds_handshake_parse(&h, p, sizeof(p)));
	memset(p, 0, 12);
	assert_true(ds_handshake_parse(&h, p, 12));
}

static void test_the_session_id_of_a_server_hello_can_be_taken_out(void **state)
{
	struct test_bytes body = {.len = 0}, b = {.len = 0};
	struct test_message m = {.type = DS_SERVER_HELLO};
	uint8_t random[32], id[32], before[sizeof(b.data)];
	size_t len;

	(void)state;
	test_pattern(random, sizeof(random));
	test_pattern(id, sizeof(id));
	test_put(&body, 2, 0xFEFD);
	test_put_bytes(&body, random, sizeof(random));
	test_put_vector(&body, 1, id, sizeof(id));
	test_put(&body, 3, 0xC0A800);
	m.body = body.data;
	m.len = m.fragment_len = body.len;
	test_put_message(&b, &m);
	/* Cut anywhere, or of another type, it stays as it is */
	for (size_t n = 0; n < b.len; n++) {
		memcpy(before, b.data, b.len);
		assert_int_equal(ds_hello_drop_session_id(b.data, n), n);
		assert_memory_equal(before, b.data, b.len);
	}
	b.data[0] = DS_CLIENT_HELLO;
	assert_int_equal(ds_hello_drop_session_id(b.data, b.len), b.len);
	b.data[0] = DS_SERVER_HELLO;
	len = ds_hello_drop_session_id(b.data, b.len);
	assert_int_equal(len, b.len - sizeof(id));
	assert_int_equal(b.data[12 + 34], 0);
	assert_int_equal(b.data[3], len - 12);
	assert_int_equal(b.data[11], len - 12);
	assert_memory_equal(b.data + 12 + 35, "\xC0\xA8\0", 3);
	assert_int_equal(ds_hello_drop_session_id(b.data, len), len); /* once is enough */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_hello_is_read),
		cmocka_unit_test(test_truncated_hello_is_refused),
		cmocka_unit_test(test_malformed_hellos_are_refused),
		cmocka_unit_test(test_every_wrong_suites_length_is_refused),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_other_messages_are_no_hello),
		cmocka_unit_test(test_first_fragment_must_hold_the_cookie),
		cmocka_unit_test(test_random_changes_are_survived),
		cmocka_unit_test(test_rrc_means_something_with_a_cid_and_without_content),
		cmocka_unit_test(test_rrc_is_added_to_hellos_with_a_cid),
		cmocka_unit_test(test_hello_verify_request_bytes),
		cmocka_unit_test(test_answer_is_not_longer_than_the_question),
		cmocka_unit_test(test_handshake_header),
		cmocka_unit_test(test_the_session_id_of_a_server_hello_can_be_taken_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
