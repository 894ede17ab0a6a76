/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_proxy_header.c - what a server makes of datagrams that are, or are nearly, the proxy's
 *
 * Every datagram lies at the end of a block of exactly its size, so that a sanitizer sees one byte
 * read too much.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dtlsshim/proxy_header.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4	  "\xc0\0\x02\x07\xc0\0\x02\x01\xd4\x31\x16\x34" /* 192.0.2.7:54321, 192.0.2.1:5684 */

/* As the proxy writes it: token, TLS, identity, and "hello". */
static const char good[] = SIGNATURE "\x21\x12\0\x38" V4 "\x05\0\x03"
				     "abc"
				     "\x20\0\x18\x01\0\0\0\x01\x21\0\x08"
				     "DTLSv1.2"
				     "\x23\0\x05"
				     "SUITE"
				     "\xe0\0\x05"
				     "Kalle"
				     "\xe2\0\0"
				     "hello";
#define GOOD	 (sizeof(good) - 1)
#define GOOD_END (GOOD - 5)

/* Parses a copy; what it says must lie in the datagram, and its values must come to an end. */
static int parse(enum ds_proxy_format format, const char *bytes, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);
	struct ds_proxy_value v, ssl;
	struct ds_proxy_header h;
	const uint8_t *rest;
	size_t left;
	int rc;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	rc = ds_proxy_parse(&h, format, n ? copy : copy + 1, n);
	if (rc) {
		assert_null(h.bytes);
		assert_null(h.payload);
	} else {
		assert_ptr_equal(h.bytes, copy);
		assert_ptr_equal(h.payload, copy + h.size);
		assert_int_equal(h.size + h.payload_size, n);
		assert_true(h.values_size <= h.size);
		assert_true(!h.family || h.destination + (h.family == 4 ? 4 : 16) <= h.payload);
		rest = h.values;
		left = h.values_size;
		while (ds_proxy_next(&rest, &left, &v))
			assert_true(v.data + v.size <= h.payload);
		assert_int_equal(left, 0);
		if (ds_proxy_ssl(&h, &ssl))
			while (ds_proxy_next(&ssl.data, &ssl.size, &v))
				assert_true(v.data + v.size <= h.payload);
	}
	free(copy);
	return rc;
}

static void test_a_good_header(void **state)
{
	struct ds_proxy_header h;
	struct ds_proxy_value v, ssl;

	(void)state;
	assert_int_equal(ds_proxy_parse(&h, DS_PROXY_V2, good, GOOD), DS_PROXY_OK);
	assert_int_equal(h.size, GOOD_END);
	assert_int_equal(h.family, 4);
	assert_memory_equal(h.source, "\xc0\0\x02\x07", 4);
	assert_memory_equal(h.destination, "\xc0\0\x02\x01", 4);
	assert_int_equal(h.source_port, 54321);
	assert_int_equal(h.destination_port, 5684);
	assert_int_equal(h.payload_size, 5);
	assert_memory_equal(h.payload, "hello", 5);
	assert_true(ds_proxy_find(&h, DS_PROXY_IDENTITY, &v));
	assert_int_equal(v.size, 5);
	assert_memory_equal(v.data, "Kalle", 5);
	assert_true(ds_proxy_find(&h, DS_PROXY_CID, &v));
	assert_int_equal(v.size, 0);
	assert_false(ds_proxy_find(&h, DS_PROXY_SUBJECT, &v));
	assert_true(ds_proxy_ssl(&h, &ssl));
	assert_int_equal(ssl.type, 0);
	assert_true(ds_proxy_find_in(ssl.data, ssl.size, DS_PROXY_SSL_CIPHER, &v));
	assert_memory_equal(v.data, "SUITE", 5);
}

/* A certificate counts only if the proxy says that it verified it. */
static void test_a_certificate_is_one_that_was_verified(void **state)
{
	static const struct {
		char client, verify;
		unsigned verified;
	} rows[] = {{1, 0, 0}, {1, 1, 0}, {7, 1, 0}, {7, 0, 1}, {3, 0, 1}};
	char datagram[GOOD];
	struct ds_proxy_header h;
	struct ds_proxy_value ssl;

	(void)state;
	memcpy(datagram, good, GOOD);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		datagram[16 + 12 + 6 + 3] = rows[i].client;
		datagram[16 + 12 + 6 + 7] = rows[i].verify;
		assert_int_equal(ds_proxy_parse(&h, DS_PROXY_V2, datagram, GOOD), DS_PROXY_OK);
		assert_true(ds_proxy_ssl(&h, &ssl));
		assert_int_equal(ssl.type, rows[i].verified);
	}
}

static void test_what_is_no_header(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		int error;
	} rows[] = {
#define ROW(bytes, error) {bytes, sizeof(bytes) - 1, error}
		ROW("", DS_PROXY_E_NONE),
		ROW("hello, this is plaintext", DS_PROXY_E_NONE),
		ROW("PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n", DS_PROXY_E_NONE),
		ROW("\r\n\r\n\0\r\nQUIT", DS_PROXY_E_NONE),
		ROW(SIGNATURE, DS_PROXY_E_SHORT),
		ROW(SIGNATURE "\x21\x12\0", DS_PROXY_E_SHORT),
		ROW(SIGNATURE "\x21\x12\0\x0d" V4, DS_PROXY_E_SHORT),
		ROW(SIGNATURE "\x21\x12\xff\xff" V4, DS_PROXY_E_SHORT),
		ROW(SIGNATURE "\x11\x12\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x31\x12\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x22\x12\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x11\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x31\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x12\0\x0b" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x22\0\x0c" V4, DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x12\0\x0d" V4 "\x05", DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x12\0\x0f" V4 "\x05\0\x01hello", DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x12\0\x12" V4 "\x04\0\0\x05\xff\xff", DS_PROXY_E_FORMAT),
		ROW(SIGNATURE "\x21\x12\0\x0c" V4, DS_PROXY_OK),
		ROW(SIGNATURE "\x21\x12\0\x0f" V4 "\x04\0\0", DS_PROXY_OK),
		ROW(SIGNATURE "\x21\0\0\0hello", DS_PROXY_OK),
		ROW(SIGNATURE "\x20\0\0\0", DS_PROXY_OK),
		ROW(SIGNATURE "\x20\x11\0\x0c" V4, DS_PROXY_OK),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(parse(DS_PROXY_V2, rows[i].bytes, rows[i].n), rows[i].error);
}

/* Cut at every place, and with every byte changed, it is a header or it is refused; nothing else is
 * read. */
static void test_cut_and_changed_everywhere(void **state)
{
	char datagram[GOOD];

	(void)state;
	for (size_t n = 0; n < GOOD_END; n++)
		assert_int_equal(parse(DS_PROXY_V2, good, n),
				 n < 12 ? DS_PROXY_E_NONE : DS_PROXY_E_SHORT);
	for (size_t i = 0; i < GOOD; i++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			memcpy(datagram, good, GOOD);
			datagram[i] = (char)byte;
			parse(DS_PROXY_V2, datagram, GOOD);
			parse(DS_PROXY_V2, datagram, GOOD_END);
		}
	}
}

static void test_the_simple_protocol(void **state)
{
	char d[DS_PROXY_SPP_SIZE + 2] = "\x56\xec";
	struct ds_proxy_header h;

	(void)state;
	d[2 + 15] = 7;
	d[18 + 15] = 1;
	memcpy(d + 34, "\xd4\x31\x16\x34", 4);
	d[38] = 'h';
	d[39] = 'i';
	assert_int_equal(ds_proxy_parse(&h, DS_PROXY_SPP, d, sizeof(d)), DS_PROXY_OK);
	assert_int_equal(h.family, 6);
	assert_ptr_equal(h.source, d + 2);
	assert_ptr_equal(h.destination, d + 18);
	assert_int_equal(h.source_port, 54321);
	assert_int_equal(h.destination_port, 5684);
	assert_int_equal(h.payload_size, 2);
	memset(d + 2 + 10, 0xff, 2);
	memset(d + 18 + 10, 0xff, 2);
	assert_int_equal(ds_proxy_parse(&h, DS_PROXY_SPP, d, sizeof(d)), DS_PROXY_OK);
	assert_int_equal(h.family, 4);
	assert_memory_equal(h.source, "\0\0\0\x07", 4);
	assert_memory_equal(h.destination, "\0\0\0\x01", 4);
	for (size_t n = 0; n <= sizeof(d); n++)
		assert_int_equal(parse(DS_PROXY_SPP, d, n), n < 2 ? DS_PROXY_E_NONE
							    : n < DS_PROXY_SPP_SIZE
								    ? DS_PROXY_E_SHORT
								    : DS_PROXY_OK);
	assert_int_equal(parse(DS_PROXY_SPP, good, GOOD), DS_PROXY_E_NONE);
	assert_int_equal(parse(DS_PROXY_V2, d, sizeof(d)), DS_PROXY_E_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_header),
		cmocka_unit_test(test_a_certificate_is_one_that_was_verified),
		cmocka_unit_test(test_what_is_no_header),
		cmocka_unit_test(test_cut_and_changed_everywhere),
		cmocka_unit_test(test_the_simple_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
