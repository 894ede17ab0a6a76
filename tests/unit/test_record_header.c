/* SPDX-License-Identifier: Apache-2.0 */
/* test_record_header.c - what stands before a record's content, and how a key block is cut */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/record_vectors.h"
#include "tests/unit/support.h"

static enum ds_parse parse(struct ds_record *r, uint8_t *wire, size_t len, size_t cid_len)
{
	/* From memory that ends where the datagram does */
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum ds_parse rc;

	memcpy(copy, wire, len);
	rc = ds_record_parse(r, copy, len, cid_len);
	free(copy);
	return rc;
}

static void test_header_is_read(void **state)
{
	struct test_bytes b = {.len = 0};
	struct ds_record r;

	(void)state;
	test_put_record(&b, &(struct test_record){.type = DS_TLS12_CID,
						  .epoch = 0x0102,
						  .seq = 0x030405060708,
						  .cid = "CONNECT",
						  .cid_len = 7,
						  .fragment = "fragment",
						  .len = 8});
	test_put_bytes(&b, "next", 4);
	assert_int_equal(ds_record_parse(&r, b.data, b.len, 7), DS_PARSE_OK);
	assert_int_equal(r.type, DS_TLS12_CID);
	assert_int_equal(r.version, 0xFEFD);
	assert_int_equal(ds_record_epoch(&r), 0x0102);
	assert_true(ds_record_seq(&r) == 0x030405060708);
	assert_int_equal(r.cid_len, 7);
	assert_memory_equal(r.cid, "CONNECT", 7);
	assert_int_equal(r.len, 8);
	assert_memory_equal(r.fragment, "fragment", 8);
	assert_memory_equal(b.data + r.total, "next", 4);
}

static void test_truncated_header_is_short(void **state)
{
	struct test_bytes b = {.len = 0};
	struct ds_record r;

	(void)state;
	test_put_record(&b,
			&(struct test_record){
				.type = DS_TLS12_CID, .epoch = 1, .cid = "12345678", .cid_len = 8});
	for (size_t len = 0; len < DS_RECORD_HEADER + 8; len++)
		assert_int_equal(parse(&r, b.data, len, 8), DS_PARSE_SHORT);
	assert_int_equal(parse(&r, b.data, b.len, 8), DS_PARSE_OK);
	b.data[0] = DS_APPDATA;
	memset(b.data + 11, 0, 2);
	for (size_t len = 0; len < DS_RECORD_HEADER; len++)
		assert_int_equal(parse(&r, b.data, len, 8), DS_PARSE_SHORT);
	assert_int_equal(parse(&r, b.data, DS_RECORD_HEADER, 8), DS_PARSE_OK);
}

static void test_types(void **state)
{
	struct test_bytes b = {.len = 0};
	struct ds_record r;

	(void)state;
	test_put_record(
		&b, &(struct test_record){.type = 0, .epoch = 1, .len = 8, .fragment = "01234567"});
	for (unsigned int type = 0; type < 256; type++) {
		bool known = (type >= 20 && type <= 23) || type == 27;

		b.data[0] = (uint8_t)type;
		assert_int_equal(parse(&r, b.data, b.len, 0), known ? DS_PARSE_OK : DS_PARSE_TYPE);
	}
	b.data[0] = DS_RRC; /* RFC 9853, 4: never in clear */
	b.data[4] = 0;
	assert_int_equal(parse(&r, b.data, b.len, 0), DS_PARSE_TYPE);
	b.data[4] = 1;
	b.data[0] = DS_TLS12_CID;
	b.data[11 + 1] = b.data[12 + 1] = 0;
	assert_int_equal(parse(&r, b.data, b.len, 1), DS_PARSE_OK);
}

static void test_versions(void **state)
{
	static const uint16_t wrong[] = {0x0000, 0x0303, 0x0301, 0xFEFC,
					 0xFEFE, 0xFFFF, 0xFDFE, 0x00FD};
	struct ds_record r;

	(void)state;
	for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
		struct test_bytes b = {.len = 0};

		test_put_record(&b, &(struct test_record){.type = 22, .version = wrong[i]});
		b.data[1] = (uint8_t)(wrong[i] >> 8);
		b.data[2] = (uint8_t)wrong[i];
		assert_int_equal(parse(&r, b.data, b.len, 0), DS_PARSE_VERSION);
	}
	for (uint16_t epoch = 0; epoch < 2; epoch++) {
		struct test_bytes b = {.len = 0};

		test_put_record(
			&b, &(struct test_record){.type = 22, .version = 0xFEFF, .epoch = epoch});
		assert_int_equal(parse(&r, b.data, b.len, 0),
				 epoch == 0 ? DS_PARSE_OK : DS_PARSE_VERSION);
		b.data[0] = DS_TLS12_CID;
		test_put(&b, 1, 0);
		assert_int_equal(parse(&r, b.data, b.len, 1), DS_PARSE_VERSION);
	}
}

static void test_lengths(void **state)
{
	struct test_bytes b = {.len = 0};
	static uint8_t big[DS_RECORD_HEADER + DS_PAYLOAD_MAX + 2049];
	struct ds_record r;

	(void)state;
	test_put_record(
		&b, &(struct test_record){.type = 23, .epoch = 1, .fragment = "12345", .len = 5});
	assert_int_equal(parse(&r, b.data, b.len - 1, 0), DS_PARSE_LENGTH);
	assert_int_equal(parse(&r, b.data, b.len, 0), DS_PARSE_OK);
	b.data[11] = b.data[12] = 0xFF;
	assert_int_equal(parse(&r, b.data, b.len, 0), DS_PARSE_LENGTH);
	b.data[11] = b.data[12] = 0;
	assert_int_equal(parse(&r, b.data, b.len, 0), DS_PARSE_OK);
	assert_int_equal(r.len, 0);
	assert_int_equal(r.total, DS_RECORD_HEADER);

	/* RFC 5246, 6.2.3: at most 2^14 + 2048 */
	memcpy(big, "\x17\xfe\xfd\0\1\0\0\0\0\0\7\x48\0", 13);
	assert_int_equal(parse(&r, big, sizeof(big), 0), DS_PARSE_OK);
	big[12] = 1;
	assert_int_equal(parse(&r, big, sizeof(big), 0), DS_PARSE_LENGTH);
}

/* Key block */

static void test_key_block_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEST_COUNT(kdf_vectors); i++) {
		const struct kdf_vector *v = &kdf_vectors[i];
		const struct ds_suite *s = ds_suite_find(v->suite);
		uint8_t block[DS_KEY_BLOCK_MAX];
		struct ds_key_block k;
		size_t len = 0;

		assert_non_null(s);
		len += test_hex(block + len, sizeof(block) - len, v->client_key);
		len += test_hex(block + len, sizeof(block) - len, v->server_key);
		len += test_hex(block + len, sizeof(block) - len, v->client_iv);
		len += test_hex(block + len, sizeof(block) - len, v->server_iv);
		assert_int_equal(ds_key_block_len(s), len);
		k = ds_record_keys(s, block);
		assert_ptr_equal(k.client_key, block);
		assert_ptr_equal(k.server_key, block + s->key_len);
		assert_ptr_equal(k.client_iv, block + 2 * s->key_len);
		assert_ptr_equal(k.server_iv, block + len - s->iv_len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_is_read),
		cmocka_unit_test(test_truncated_header_is_short),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_key_block_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
