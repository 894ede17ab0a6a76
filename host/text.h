/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h - building a line in a fixed buffer
 *
 * Always terminated; what does not fit is cut and the line then ends in "...".  Text from
 * outside goes through host_text_quote(), so that no value can forge a log line or reach a
 * terminal as a control sequence.
 */
#ifndef HOST_TEXT_H
#define HOST_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct host_text {
	char *buf;
	size_t cap, len; /* bytes at buf; characters so far, the end not counted */
};

/* An empty text in @buf, @cap > 3 bytes. */
struct host_text host_text_start(char *buf, size_t cap);
__attribute__((format(printf, 2, 3))) void host_text_add(struct host_text *t, const char *fmt, ...);
/* Adds @len bytes in double quotes; what is not printable ASCII as \xNN. */
void host_text_quote(struct host_text *t, const void *bytes, size_t len);
void host_text_hex(struct host_text *t, const uint8_t *bytes, size_t len);

/* Fills @why, a buffer of DS_WHY_MAX bytes.
 * Return: -1, so that a function can end with it */
__attribute__((format(printf, 2, 3))) int host_why(char *why, const char *fmt, ...);

/* Bytes of a hex text of @len characters in any case, written to @out (at most @cap bytes); -1 if a
 * character is no hex digit, -2 if the length is odd, -3 if it does not fit.  Says nothing about
 * the content: it may be a key. */
long host_hex_parse(uint8_t *out, size_t cap, const char *text, size_t len);

#endif
